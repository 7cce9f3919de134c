/* maker.h: the generators of a frame in the making: those of plain fields (generators.c), and those
 * that choose (choices.c), which goes by itself. */
#ifndef FRAME_MAKER_H
#define FRAME_MAKER_H

#include "frame/plan.h"

struct maker {
	struct arena *arena;
	struct vary_plan *plan;
	const char *frame;
	uint64_t seed;
	struct patch_generator *generators;
	struct patch_choice *choices;
	unsigned int count, choice_count;
	uint32_t images;
	/* Of the last field that wraps: what `each: cycle` waits for. */
	bool started;
	uint64_t period; /* turns of the frame; saturated */
	struct err *err;
};

/* How many steps from one number to another; 0 is 2^64. */
uint64_t maker_steps(const struct spec_vary *vary, uint64_t first, uint64_t last);

/* a * b, where an a of 0 is 2^64; UINT64_MAX where it is more. */
uint64_t maker_saturating(uint64_t a, uint64_t b);

uint64_t maker_divisor(struct maker *m, const struct spec_vary *vary);

/* A generator of numbers from first to last, as the kind says. */
struct patch_generator maker_range(struct maker *m, const struct spec_vary *vary, const char *name,
	uint64_t first, uint64_t last);

/* Returns its index. */
uint32_t maker_add(struct maker *m, const struct patch_generator *generator);

/* What the field's words are made of: its own values, or a part's numbers. */
uint64_t maker_word(
	const struct vary_field *field, const struct wire_value *value, unsigned int word);

/* ---- choices.c ---- */

/* The generator and the values of a field that chooses the image. */
int maker_choice(struct maker *m, struct vary_part *part);

/* That of the sizes, where there are several. */
int maker_sizes(struct maker *m);

#endif
