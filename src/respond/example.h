/* example.h: a frame that a pattern fits, for those who want to see where its fields stand. */
#ifndef RESPOND_EXAMPLE_H
#define RESPOND_EXAMPLE_H

#include "match/pattern.h"
#include "respond/respond.h"

/* The arena's; names without a value have theirs then, values[SPEC_CAPTURES_MAX]. */
void respond_example_request(struct arena *arena, const struct frame_spec *pattern,
	struct pattern_value *values, struct frame_spec *ret);

#endif
