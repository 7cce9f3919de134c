/* generator.h: a number that changes from one turn of a frame to the next. */
#ifndef PATCH_GENERATOR_H
#define PATCH_GENERATOR_H

#include "base/clock.h"
#include "base/random.h"

#include <stdint.h>

enum patch_source {
	PATCH_COUNT,   /* first + step * place */
	PATCH_RANDOM,  /* first + a random number below count, by turn */
	PATCH_SHUFFLE, /* first + a permutation of place, another one in each round */
	PATCH_TABLE,   /* table[place] */
	PATCH_CLOCK,   /* CLOCK_REALTIME in nanoseconds, when the frame is made: no function of the
			  turn. count is 0 */
};

/* turn = the frame's turn / divisor; place = turn modulo count; round = turn / count. */
struct patch_generator {
	const char *name; /* the field: "udp.sport" */
	enum patch_source source;
	unsigned int width; /* bits of its numbers, for people */
	uint64_t first;
	uint64_t step;	  /* modulo 2^64: a step down is a large number */
	uint64_t count;	  /* 0 is 2^64 */
	uint64_t divisor; /* at least 1: how many of the frame's turns it stands still */
	uint64_t key;	  /* of RANDOM and SHUFFLE, see random.h */
	uint64_t root;	  /* random_root(count), of SHUFFLE */
	const uint64_t *table;
};

/* Where a generator is, so that the next number costs no division. Zeroed memory is none yet. */
struct patch_cursor {
	uint64_t value;
	uint64_t turn, place, round;
	uint64_t still; /* of the frame's turns, since value changed */
};

/* To the number of the frame's turn. */
void patch_generator_seek(
	const struct patch_generator *generator, uint64_t turn, struct patch_cursor *cursor);

/* The number of the frame's turn. */
uint64_t patch_generator_at(const struct patch_generator *generator, uint64_t turn);

/* ---- inline, for the hot loop ---- */

static inline void patch_generator_evaluate(
	const struct patch_generator *g, struct patch_cursor *cursor)
{
	switch (g->source) {
	case PATCH_COUNT:
		cursor->value = g->first + g->step * cursor->place;
		break;
	case PATCH_RANDOM:
		cursor->value = g->first + random_scale(random_at(g->key, cursor->turn), g->count);
		break;
	case PATCH_SHUFFLE:
		cursor->value = g->first + random_permute(random_derive(g->key, cursor->round),
						   g->root, g->count, cursor->place);
		break;
	case PATCH_TABLE:
		cursor->value = g->table[cursor->place];
		break;
	case PATCH_CLOCK:
		cursor->value = clock_wall();
		break;
	}
}

/* On to the number of the frame's next turn. */
static inline void patch_generator_next(
	const struct patch_generator *g, struct patch_cursor *cursor)
{
	if (++cursor->still < g->divisor)
		return;
	cursor->still = 0;
	cursor->turn++;
	if (++cursor->place == g->count) {
		cursor->place = 0;
		cursor->round++;
	}
	patch_generator_evaluate(g, cursor);
}

#endif
