/* mutate_value.h: wrong values for a field, by its kind. */
#ifndef FRAME_MUTATE_VALUE_H
#define FRAME_MUTATE_VALUE_H

#include "frame/mutate.h"

/* A stream of random numbers. */
struct mutate_draw {
	uint64_t key;
	uint64_t drawn;
};

/* 0 to count - 1. */
uint64_t mutate_draw(struct mutate_draw *draw, uint64_t count);

/*
 * A value for a field whose right one, of width bits, is given; it may turn out the same. room is
 * how many octets a value without fixed width may grow by. Octets are the arena's.
 */
enum mutate_kind mutate_value(struct arena *arena, struct mutate_draw *draw,
	const struct wire_field *field, uint32_t width, const struct wire_value *right,
	uint32_t room, struct wire_value *ret);

#endif
