/* The generators of a frame, in the order of its fields. */
#include "frame/maker.h"

#include "base/arena.h"
#include "base/random.h"

#include <errno.h>
#include <string.h>

/* ---- plain fields ---- */

static bool table(struct maker *m, const struct vary_field *field, unsigned int word,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	uint64_t *values = arena_alloc(m->arena, vary->count * sizeof(*values));
	bool varies = false;

	for (unsigned int i = 0; i < vary->count; i++) {
		values[i] = maker_word(field, &vary->values[i], word);
		varies |= values[i] != values[0];
	}
	*ret = (struct patch_generator){
		.name = field->name,
		.source = PATCH_TABLE,
		.table = values,
		.count = vary->count,
		.divisor = maker_divisor(m, vary),
	};
	return varies;
}

/* One word of a field; false where it is constant. */
static bool make_word(struct maker *m, const struct vary_field *field, unsigned int word,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	uint64_t first = maker_word(field, &vary->first, word);
	uint64_t last = maker_word(field, &vary->last, word);

	if (vary->kind == VARY_LIST)
		return table(m, field, word, ret);
	*ret = maker_range(m, vary, field->name, first, last);
	if (word)
		ret->key = random_derive(ret->key, word);
	return first != last;
}

/* The bits that vary: of a payload that is stretched, those of the longest one. */
static size_t widest(const struct vary_plan *plan, const struct vary_part *part)
{
	const struct vary_field *field = part->of;
	const struct spec_vary *vary = field->value->vary;
	const struct wire_value *value = vary->kind == VARY_LIST ? &vary->values[0] : &vary->first;
	size_t width =
		vary->part ? vary->high - vary->low + 1 : wire_value_width(field->field, value);

	for (unsigned int i = 0; vary_is_stretched(plan, field) && i < plan->size_count; i++)
		if (plan->sizes[i] * 8ULL > width)
			width = plan->sizes[i] * 8ULL;
	return width;
}

/* Words beyond those of the value are random as all of it is. */
static bool make_stretched_word(struct maker *m, const struct vary_field *field, unsigned int word,
	struct patch_generator *ret)
{
	*ret = maker_range(m, field->value->vary, field->name, 0, UINT64_MAX);
	ret->key = random_derive(ret->key, word);
	return true;
}

static void make_plain(struct maker *m, struct vary_part *part)
{
	const struct vary_field *field = part->of;
	bool stretched = vary_is_stretched(m->plan, field);
	size_t width = widest(m->plan, part);

	part->word_count = vary_word_count(width);
	part->generators = arena_alloc(m->arena, part->word_count * sizeof(*part->generators));
	for (unsigned int i = 0; i < part->word_count; i++) {
		struct patch_generator g;
		bool varies = stretched ? make_stretched_word(m, field, i, &g)
					: make_word(m, field, i, &g);

		g.width = width - i * 64ULL < 64 ? (unsigned int)(width - i * 64ULL) : 64;
		part->generators[i] = varies ? maker_add(m, &g) : VARY_NO_GENERATOR;
	}
}

/* ---- all ---- */

static int check_cycle(struct maker *m, const struct vary_field *field)
{
	if (!field->value->vary->cycle || m->started)
		return 0;
	err_input(m->err, NULL,
		"each: cycle waits until a field before it has had all its values; there is none "
		"that counts, shuffles or lists");
	return vary_refuse(field, m->err);
}

static void note_period(struct maker *m, const struct vary_field *field, unsigned int before)
{
	const struct patch_generator *g = &m->generators[before];

	if (field->value->vary->kind == VARY_RANDOM || field->value->vary->kind == VARY_CLOCK)
		return; /* never wraps */
	m->started = true;
	/* A field of one value has no generator, and wraps each turn. */
	m->period = before < m->count ? maker_saturating(g->count, g->divisor)
				      : maker_divisor(m, field->value->vary);
}

static int check_stretched(
	const struct vary_plan *plan, const struct vary_field *field, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	size_t width = vary->first.length * 8;
	bool full = vary->kind == VARY_RANDOM && !vary->part;

	if (!vary_is_stretched(plan, field))
		return 0;
	for (unsigned int i = 0; full && i < vary_word_count(width); i++) {
		uint64_t ones = width - i * 64 < 64 ? (1ULL << (width - i * 64)) - 1 : UINT64_MAX;

		full = !vary_word(field->field, &vary->first, i) &&
		       vary_word(field->field, &vary->last, i) == ones;
	}
	if (full)
		return 0;
	err_input(err, NULL,
		"a payload that varies can only be brought to a size when all of it is random; put "
		"what varies into a payload layer before the last");
	return vary_refuse(field, err);
}

static unsigned int most_generators(const struct vary_plan *plan)
{
	unsigned int count = 1; /* the size */

	for (unsigned int i = 0; i < plan->fields.count; i++)
		count += vary_word_count(widest(plan, &plan->parts[i])) + 1;
	return count;
}

static int make_field(struct maker *m, unsigned int index)
{
	struct vary_part *part = &m->plan->parts[index];
	unsigned int before = m->count;
	int status;

	if (part->source != (int)index)
		return 0; /* of a field that is the same as another: that one's */
	status = check_cycle(m, part->of);
	if (!status && part->chosen)
		status = maker_choice(m, part);
	else if (!status)
		make_plain(m, part);
	if (!status)
		note_period(m, part->of, before);
	return status;
}

int vary_generators(struct arena *arena, struct vary_plan *plan, const char *name, uint64_t seed,
	struct patch_varying *ret, struct err *err)
{
	struct maker m = { .arena = arena,
		.plan = plan,
		.frame = name,
		.seed = seed,
		.images = 1,
		.period = 1,
		.err = err };
	int status = 0;

	vary_decide_shapes(plan);
	for (unsigned int i = 0; !status && i < plan->fields.count; i++)
		status = check_stretched(plan, &plan->fields.fields[i], err);
	if (status)
		return status;
	m.generators = arena_alloc(arena, most_generators(plan) * sizeof(*m.generators));
	m.choices = arena_alloc(arena, (plan->fields.count + 1) * sizeof(*m.choices));
	for (unsigned int i = 0; !status && i < plan->fields.count; i++)
		status = make_field(&m, i);
	if (!status)
		status = maker_sizes(&m);
	if (status)
		return status;
	ret->generators = m.generators;
	ret->generator_count = m.count;
	ret->choices = m.choices;
	ret->choice_count = m.choice_count;
	ret->image_count = m.images;
	return 0;
}
