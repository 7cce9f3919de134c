/*
 * spec_text.h: frame specs in one line, for tests that do not go through templates:
 *
 *	eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/ipv4(ttl=3)/tcp(options=[mss(value=1460)
 *nop])
 *
 * Values are as templates write them, payloads in hex; "auto" and "bad" are what they are there.
 */
#ifndef SUPPORT_SPEC_TEXT_H
#define SUPPORT_SPEC_TEXT_H

#include "frame/build.h"

/* All of *ret is the arena's; padding and FCS are automatic. A text that is wrong ends the test. */
void support_spec(struct arena *arena, const char *text, struct frame_spec *ret);

/* The frame of that text, padded so; one that cannot be built ends the test. */
void support_build(
	struct arena *arena, const char *text, enum spec_pad_mode pad, struct frame_view *ret);

#endif
