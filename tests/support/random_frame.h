/* random_frame.h: frame specs that are the same for the same seed, for tests of properties. */
#ifndef SUPPORT_RANDOM_FRAME_H
#define SUPPORT_RANDOM_FRAME_H

#include "frame/spec.h"

enum support_frame_style {
	/* Random layers, values and options, each value given or automatic, such that the frame's
	 * octets say again what it was built of: lengths and next-layer numbers are right. */
	SUPPORT_FRAME_CONSISTENT,
	/* The same, with lengths, numbers and raw list items at random too. */
	SUPPORT_FRAME_WILD,
};

/* All of *ret is the arena's. *state is the seed at first, see support_random. */
void support_random_frame(struct arena *arena, uint64_t *state, enum support_frame_style style,
	struct frame_spec *ret);

/* Specs that programs make do not answer for the interface: gives what is a preset of it. */
void support_resolve_presets(struct arena *arena, struct frame_spec *spec);

#endif
