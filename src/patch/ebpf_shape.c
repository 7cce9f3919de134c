/* Shapes: images that differ in octets, length and bases alone, so that the same instructions make
 * them. */
#include "patch/ebpf_emission.h"

static bool same_touches(const struct patch_image *a, const struct patch_touches *of_a,
	const struct patch_image *b, const struct patch_touches *of_b)
{
	if (of_a->count != of_b->count)
		return false;
	for (uint32_t i = 0; i < of_a->count; i++) {
		const struct patch_touch *x = &a->touches[of_a->first + i];
		const struct patch_touch *y = &b->touches[of_b->first + i];

		if (x->sum != y->sum || x->left != y->left)
			return false;
	}
	return true;
}

static bool same_write(const struct patch_image *a, const struct patch_image *b, unsigned int index)
{
	const struct patch_write *x = &a->writes[index];
	const struct patch_write *y = &b->writes[index];

	return x->bit == y->bit && x->width == y->width && x->shift == y->shift &&
	       x->generator == y->generator && same_touches(a, &x->touches, b, &y->touches);
}

static bool same_sum(const struct patch_image *a, const struct patch_image *b, unsigned int index)
{
	const struct patch_sum *x = &a->sums[index];
	const struct patch_sum *y = &b->sums[index];

	return x->kind == y->kind && x->offset == y->offset && x->start == y->start &&
	       x->end == y->end && x->bad == y->bad && x->has_pseudo == y->has_pseudo &&
	       same_touches(a, &x->touches, b, &y->touches);
}

static bool same_shape(const struct patch_varying *varying, const struct patch_image *a,
	const struct patch_image *b)
{
	if (a->write_count != b->write_count || a->sum_count != b->sum_count)
		return false;
	if (varying->fcs != PATCH_FCS_FIXED && a->length != b->length)
		return false;
	for (unsigned int i = 0; i < a->write_count; i++)
		if (!same_write(a, b, i))
			return false;
	for (unsigned int i = 0; i < a->sum_count; i++)
		if (!same_sum(a, b, i))
			return false;
	return true;
}

void ebpf_find_shapes(
	struct arena *arena, struct frame_place *place, const struct patch_varying *varying)
{
	place->shapes = arena_alloc(arena, varying->image_count * sizeof(*place->shapes));
	place->firsts = arena_alloc(arena, varying->image_count * sizeof(*place->firsts));
	for (unsigned int i = 0; i < varying->image_count; i++) {
		unsigned int shape = 0;

		while (shape < place->shape_count &&
			!same_shape(varying, &varying->images[place->firsts[shape]],
				&varying->images[i]))
			shape++;
		if (shape == place->shape_count)
			place->firsts[place->shape_count++] = i;
		place->shapes[i] = shape;
	}
}
