/* Generators of what changes the frame's shape: they choose among images, which are built for each
 * value beforehand. */
#include "frame/maker.h"

#include "base/arena.h"

/* ---- fields ---- */

static int too_many_images(struct maker *m, uint64_t count)
{
	return err_input(m->err, NULL,
		"changes the frame's shape, which is built for each value beforehand, and makes "
		"%llu shapes (at most %u): give fewer values, by a larger step or a list",
		(unsigned long long)count, VARY_IMAGES_MAX);
}

/* Numbers the images by one more digit. false where there are too many. */
static bool add_choice(struct maker *m, const char *name, struct patch_generator *g,
	uint64_t values, unsigned int *stride)
{
	uint64_t images = maker_saturating(values, m->images);

	if (images > VARY_IMAGES_MAX) {
		too_many_images(m, images);
		return false;
	}
	*stride = m->images;
	g->width = 16;
	m->choices[m->choice_count++] = (struct patch_choice){
		.generator = maker_add(m, g), .stride = m->images, .name = name
	};
	m->images = (uint32_t)images;
	return true;
}

static bool same_value(
	const struct vary_field *field, const struct wire_value *a, const struct wire_value *b)
{
	if (field->value->vary->part)
		return a->number == b->number;
	return wire_value_equal(field->field, a, b);
}

/* The list's values, each once; *ret is a generator of their indices. */
static void distinct_values(struct maker *m, const struct vary_field *field, struct vary_part *part,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	struct wire_value *values = arena_alloc(m->arena, vary->count * sizeof(*values));
	uint64_t *indices = arena_alloc(m->arena, vary->count * sizeof(*indices));
	unsigned int count = 0;

	for (unsigned int i = 0; i < vary->count; i++) {
		unsigned int j = 0;

		while (j < count && !same_value(field, &values[j], &vary->values[i]))
			j++;
		if (j == count)
			values[count++] = vary->values[i];
		indices[i] = j;
	}
	part->choices = values;
	part->choice_count = count;
	*ret = (struct patch_generator){
		.name = field->name,
		.source = PATCH_TABLE,
		.table = indices,
		.count = vary->count,
		.divisor = maker_divisor(m, vary),
	};
}

/* The range's values; *ret is a generator of their indices. */
static void range_values(struct maker *m, const struct vary_field *field, struct vary_part *part,
	struct patch_generator *ret)
{
	const struct spec_vary *vary = field->value->vary;
	size_t width = wire_value_width(field->field, &vary->first);
	struct wire_value *values = arena_alloc(m->arena, part->choice_count * sizeof(*values));
	unsigned int words = vary_word_count(width);
	uint64_t *number = arena_alloc(m->arena, (words + 1) * sizeof(*number));

	*ret = maker_range(m, vary, field->name, maker_word(field, &vary->first, 0),
		maker_word(field, &vary->last, 0));
	for (unsigned int i = 0; i < words; i++)
		number[i] = maker_word(field, &vary->first, i);
	for (unsigned int i = 0; i < part->choice_count; i++) {
		if (vary->part)
			values[i].number = number[0];
		else
			values[i] = vary_value(m->arena, field->field, width, number);
		number[0] += ret->step;
	}
	part->choices = values;
	ret->first = 0;
	ret->step = 1;
}

/* The words above the lowest do not vary in so few values. */
static uint64_t count_values(const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;
	unsigned int words =
		vary->part ? 1 : vary_word_count(wire_value_width(field->field, &vary->first));

	for (unsigned int i = 1; i < words; i++)
		if (maker_word(field, &vary->first, i) != maker_word(field, &vary->last, i))
			return 0;
	return maker_steps(
		vary, maker_word(field, &vary->first, 0), maker_word(field, &vary->last, 0));
}

int maker_choice(struct maker *m, struct vary_part *part)
{
	const struct vary_field *field = part->of;
	struct patch_generator g;
	uint64_t count;

	if (field->value->vary->kind == VARY_LIST) {
		distinct_values(m, field, part, &g);
	} else {
		count = count_values(field);
		if (!count || count > VARY_IMAGES_MAX) {
			too_many_images(m, count ? count : UINT64_MAX);
			return vary_refuse(field, m->err);
		}
		part->choice_count = (unsigned int)count;
		range_values(m, field, part, &g);
	}
	if (add_choice(m, field->name, &g, part->choice_count, &part->stride))
		return 0;
	return vary_refuse(field, m->err);
}

/* ---- sizes ---- */

/* Sizes, each once: the frame is built once for each. */
int maker_sizes(struct maker *m)
{
	const struct frame_spec *spec = m->plan->spec;
	const struct spec_vary *vary = &spec->size.vary;
	struct vary_plan *plan = m->plan;
	struct patch_generator g;
	uint64_t *indices;
	unsigned int count = 0;

	if (plan->size_count < 2)
		return 0;
	indices = arena_alloc(m->arena, plan->size_count * sizeof(*indices));
	g = maker_range(m, vary, "size", 0, plan->size_count - 1U);
	g.step = 1;
	g.count = plan->size_count;
	if (vary->kind == VARY_LIST) {
		g.source = PATCH_TABLE;
		g.table = indices;
	}
	for (unsigned int i = 0; i < plan->size_count; i++) {
		unsigned int j = vary->kind == VARY_LIST ? 0 : count;

		while (j < count && plan->sizes[j] != plan->sizes[i])
			j++;
		if (j == count)
			plan->sizes[count++] = plan->sizes[i];
		indices[i] = j;
	}
	plan->size_count = count;
	if (add_choice(m, "size", &g, count, &plan->size_stride))
		return 0;
	return err_locate(m->err, vary->at.file ? &vary->at : &spec->at, "size");
}
