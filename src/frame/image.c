/* The values of the images that a frame is chosen from. */
#include "frame/plan.h"

#include "base/arena.h"

/* The value of a field when the image is chosen by this one; the rest is as it is at first. */
static void choose_value(struct arena *arena, const struct vary_part *part,
	const struct wire_value *chosen, struct wire_value *value)
{
	const struct vary_field *field = part->of;
	const struct spec_vary *vary = field->value->vary;
	size_t width = wire_value_width(field->field, value);
	uint64_t *words;

	if (!vary->part) {
		*value = *chosen;
		return;
	}
	words = arena_alloc(arena, (vary_word_count(width) + 1) * sizeof(*words));
	for (unsigned int i = 0; i < vary_word_count(width); i++)
		words[i] = vary_word(field->field, value, i);
	vary_set_bits(words, vary->low, vary->high, chosen->number);
	*value = vary_value(arena, field->field, width, words);
}

/* The spec of image number `image`. */
void vary_plan_image(struct arena *arena, const struct vary_plan *plan, unsigned int image,
	struct frame_spec *ret)
{
	unsigned int count = plan->fields.count;
	struct wire_value *values = arena_alloc(arena, (count + 1) * sizeof(*values));
	uint32_t size = plan->size_first;

	for (unsigned int i = 0; i < count; i++) {
		const struct vary_part *part = &plan->parts[i];

		values[i] = plan->first[i];
		if (part->chosen && part->source == (int)i)
			choose_value(arena, part,
				&part->choices[image / part->stride % part->choice_count],
				&values[i]);
	}
	if (plan->size_stride)
		size = plan->sizes[image / plan->size_stride % plan->size_count];
	vary_plan_settle(arena, plan, values, size, ret);
}
