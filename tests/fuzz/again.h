/* again.h: a frame that is built, written and read again has to come out the same. */
#ifndef TESTS_FUZZ_AGAIN_H
#define TESTS_FUZZ_AGAIN_H

#include "base/arena.h"
#include "frame/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void __attribute__((noreturn)) broken(const char *what, const char *why, const char *text)
{
	fprintf(stderr, "%s: %s\n%s\n", what, why, text);
	abort();
}

/* text is what was written. */
static void again_is_the_same(struct arena *arena, const struct frame_spec *first,
	const struct frame_spec *again, const char *text)
{
	struct frame_view a;
	struct frame_view b;
	struct err err = { 0 };
	int built = frame_build(arena, first, &a, &err);

	if (frame_build(arena, again, &b, &err) != built)
		broken("builds only once", err.text, text);
	if (built)
		return;
	if (a.length != b.length || (a.length && memcmp(a.octets, b.octets, a.length)))
		broken("octets", "not the same", text);
	if (a.fcs != b.fcs || memcmp(a.fcs_octets, b.fcs_octets, sizeof(a.fcs_octets)))
		broken("FCS", "not the same", text);
}

#endif
