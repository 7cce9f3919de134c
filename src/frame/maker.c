/* Generators of numbers, as the kinds of varying values say. */
#include "frame/maker.h"

#include "base/arena.h"
#include "base/random.h"

static uint64_t key_of(const struct maker *m, const char *name)
{
	return random_key(m->seed, arena_printf(m->arena, "%s/%s", m->frame, name));
}

/* How many steps from one number to another; 0 is 2^64. */
uint64_t maker_steps(const struct spec_vary *vary, uint64_t first, uint64_t last)
{
	uint64_t distance = vary->kind == VARY_DEC ? first - last : last - first;
	bool counts = vary->kind == VARY_INC || vary->kind == VARY_DEC;

	return distance / (counts ? vary->step : 1) + 1;
}

uint64_t maker_divisor(struct maker *m, const struct spec_vary *vary)
{
	return vary->cycle ? m->period : 1;
}

uint64_t maker_saturating(uint64_t a, uint64_t b)
{
	uint64_t product;

	/* A count of 0 is 2^64. */
	return !a || __builtin_mul_overflow(a, b, &product) ? UINT64_MAX : product;
}

/* A generator of numbers from first to last, as the kind says. */
struct patch_generator maker_range(struct maker *m, const struct spec_vary *vary, const char *name,
	uint64_t first, uint64_t last)
{
	struct patch_generator g = {
		.name = name,
		.first = first,
		.step = 1,
		.count = maker_steps(vary, first, last),
		.divisor = maker_divisor(m, vary),
	};

	switch (vary->kind) {
	case VARY_DEC:
		g.step = -vary->step;
		break;
	case VARY_INC:
		g.step = vary->step;
		break;
	case VARY_RANDOM:
		g.source = PATCH_RANDOM;
		g.key = key_of(m, name);
		break;
	case VARY_SHUFFLE:
		g.source = PATCH_SHUFFLE;
		g.key = key_of(m, name);
		g.root = random_root(g.count);
		break;
	case VARY_CLOCK:
		g.source = PATCH_CLOCK;
		g.count = 0;
		g.divisor = vary->step;
		break;
	case VARY_LIST:
	case VARY_SAME_AS:
		break;
	}
	return g;
}

uint32_t maker_add(struct maker *m, const struct patch_generator *generator)
{
	m->generators[m->count] = *generator;
	return m->count++;
}

/* What the field's words are made of: its own values, or a part's numbers. */
uint64_t maker_word(
	const struct vary_field *field, const struct wire_value *value, unsigned int word)
{
	if (field->value->vary->part)
		return word ? 0 : value->number;
	return vary_word(field->field, value, word);
}
