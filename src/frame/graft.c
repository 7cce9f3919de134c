/*
 * Makes what varies in a datagram vary in one of its fragments: what is written within the fragment
 * is written there; what is written elsewhere only changes the checksums that stand in it.
 */
#include "frame/graft.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

#define NONE UINT32_MAX

struct graft {
	struct arena *arena;
	const struct graft_from *from;
	const struct patch_image *whole;
	uint32_t *sums;	      /* of each sum of the whole: its index in the fragment, or NONE */
	uint32_t *generators; /* the same of its generators */
	uint32_t spare;	      /* octets: where a checksum stands that is stored last of all */
	bool written;	      /* something within the fragment is */
	struct patch_varying *varying;
	struct patch_image *image;
	unsigned int write_room, sum_room, touch_room, generator_room;
	unsigned int touch_count;
};

/* Room for one more element at the end of an array that an arena holds; what it had is copied. */
static void *grown(
	struct arena *arena, const void *array, unsigned int count, unsigned int *room, size_t size)
{
	void *copy;

	*room = *room > count ? *room : 2 * count + 16;
	copy = arena_alloc(arena, *room * size);
	if (count)
		memcpy(copy, array, count * size);
	return copy;
}

#define GROW(g, array, count, room)                                                               \
	do {                                                                                      \
		if ((count) >= (room))                                                            \
			(array) = grown((g)->arena, (array), (count), &(room), sizeof(*(array))); \
	} while (0)

/* ---- sums ---- */

static uint32_t width_of(const struct patch_sum *sum)
{
	return sum->kind == PATCH_SUM_CRC32C ? 4 : 2;
}

static bool is_within(const struct graft *g, uint32_t offset, uint32_t length)
{
	return offset >= g->from->start && offset + length <= g->from->start + g->from->length;
}

/* Whether one of the sums that are touched stands in the fragment, or touches one that does. */
static bool touches_kept(const struct graft *g, const struct patch_touches *touches)
{
	for (uint32_t i = 0; i < touches->count; i++)
		if (g->sums[g->whole->touches[touches->first + i].sum] != NONE)
			return true;
	return false;
}

static int check_sum(const struct graft *g, const struct patch_sum *sum, struct err *err)
{
	uint32_t end = g->from->start + g->from->length;
	uint32_t sum_end = sum->offset + width_of(sum);

	if (sum->kind == PATCH_SUM_CRC32C)
		return err_input(err, g->from->at,
			"fragment: what varies changes %s, a CRC over octets of other fragments",
			sum->name);
	if (sum->offset < end && sum_end > g->from->start &&
		!is_within(g, sum->offset, width_of(sum)))
		return err_input(err, g->from->at,
			"fragment: what varies changes %s, which stands in two fragments",
			sum->name);
	return 0;
}

/* Marks the sums that the fragment needs, from the outer ones on, which the inner ones touch. */
static int choose_sums(struct graft *g, struct err *err)
{
	const struct patch_image *whole = g->whole;
	unsigned int kept = 0;

	g->spare = NONE;
	for (unsigned int i = whole->sum_count; i-- > 0;) {
		const struct patch_sum *sum = &whole->sums[i];
		bool within = is_within(g, sum->offset, width_of(sum));
		int status = check_sum(g, sum, err);

		if (status)
			return status;
		g->sums[i] = NONE;
		/* The one of a pseudo header goes with the next. */
		if (sum->kind == PATCH_SUM_PSEUDO ? g->sums[i + 1] == NONE
						  : !within && !touches_kept(g, &sum->touches))
			continue;
		if (within && g->spare == NONE)
			g->spare = sum->offset - g->from->start + g->from->to;
		g->sums[i] = kept++;
	}
	/* They were counted from the last on. */
	for (unsigned int i = 0; i < whole->sum_count; i++)
		if (g->sums[i] != NONE)
			g->sums[i] = g->image->sum_count + kept - 1 - g->sums[i];
	return 0;
}

/* The touches of those that are kept; left more bits to the left. */
static struct patch_touches add_touches(
	struct graft *g, const struct patch_touches *touches, uint32_t left)
{
	struct patch_touches ret = { .first = g->touch_count };

	for (uint32_t i = 0; i < touches->count; i++) {
		const struct patch_touch *touch = &g->whole->touches[touches->first + i];
		struct patch_touch *array = (struct patch_touch *)(uintptr_t)g->image->touches;

		if (g->sums[touch->sum] == NONE)
			continue;
		GROW(g, array, g->touch_count, g->touch_room);
		array[g->touch_count++] = (struct patch_touch){
			.sum = (uint16_t)g->sums[touch->sum],
			.left = (uint16_t)((touch->left + left) % 16),
		};
		g->image->touches = array;
		ret.count++;
	}
	return ret;
}

static void add_sums(struct graft *g)
{
	for (unsigned int i = 0; i < g->whole->sum_count; i++) {
		struct patch_sum *sums = (struct patch_sum *)(uintptr_t)g->image->sums;
		struct patch_sum sum = g->whole->sums[i];

		if (g->sums[i] == NONE)
			continue;
		sum.touches = add_touches(g, &sum.touches, 0);
		/* One of another fragment is only needed for the ones after it. */
		sum.offset = is_within(g, sum.offset, width_of(&sum))
				     ? sum.offset - g->from->start + g->from->to
				     : g->spare;
		GROW(g, sums, g->image->sum_count, g->sum_room);
		sums[g->image->sum_count++] = sum;
		g->image->sums = sums;
	}
}

/* ---- writes ---- */

static uint32_t generator_of(struct graft *g, uint32_t index)
{
	struct patch_generator *generators =
		(struct patch_generator *)(uintptr_t)g->varying->generators;

	if (g->generators[index] != NONE)
		return g->generators[index];
	GROW(g, generators, g->varying->generator_count, g->generator_room);
	g->generators[index] = g->varying->generator_count;
	generators[g->varying->generator_count++] = g->from->varying->generators[index];
	g->varying->generators = generators;
	return g->generators[index];
}

/* Of a write the bits from `bit` on, which go to bit `to` of the fragment. */
static void add_write(
	struct graft *g, const struct patch_write *write, uint32_t bit, uint32_t width, uint32_t to)
{
	struct patch_write *writes = (struct patch_write *)(uintptr_t)g->image->writes;
	uint32_t after = write->bit + write->width - (bit + width);

	GROW(g, writes, g->image->write_count, g->write_room);
	g->image->writes = writes;
	writes[g->image->write_count++] = (struct patch_write){
		.bit = to,
		.width = (uint16_t)width,
		.shift = (uint16_t)(write->shift + after),
		.generator = generator_of(g, write->generator),
		.touches = add_touches(g, &write->touches, after),
	};
}

/* Bits of a write outside of the fragment: for its checksums' sake they are written over one that
 * is stored later, so many as fit at once. */
static void add_outside(
	struct graft *g, const struct patch_write *write, uint32_t bit, uint32_t end)
{
	if (!touches_kept(g, &write->touches))
		return;
	while (bit < end) {
		uint32_t width = end - bit < 16 ? end - bit : 16;

		end -= width;
		add_write(g, write, end, width, g->spare * 8);
	}
}

static uint32_t clamp(uint32_t bit, uint32_t low, uint32_t high)
{
	return bit < low ? low : bit > high ? high : bit;
}

/* What stands before the fragment, in it, and behind it. */
static void add_parts(struct graft *g, const struct patch_write *write)
{
	uint32_t end = write->bit + write->width;
	uint32_t first = clamp(g->from->start * 8, write->bit, end);
	uint32_t last = clamp((g->from->start + g->from->length) * 8, write->bit, end);

	add_outside(g, write, write->bit, first);
	if (first < last) {
		add_write(g, write, first, last - first,
			first - g->from->start * 8 + g->from->to * 8);
		g->written = true;
	}
	add_outside(g, write, last, end);
}

/* ---- all ---- */

static uint32_t *none_of(struct arena *arena, unsigned int count)
{
	uint32_t *array = arena_alloc(arena, count * sizeof(*array));

	for (unsigned int i = 0; i < count; i++)
		array[i] = NONE;
	return array;
}

int frame_graft(struct arena *arena, const struct graft_from *from, struct patch_varying *varying,
	struct patch_image *image, bool *ret_written, struct err *err)
{
	struct patch_varying grafted = *varying;
	struct patch_image result = *image;
	struct graft g = {
		.arena = arena,
		.from = from,
		.whole = &from->varying->images[0],
		.varying = &grafted,
		.image = &result,
	};
	int status;

	/* The touches of a fragment's own header come first. */
	for (unsigned int i = 0; i < image->write_count; i++)
		g.touch_count += image->writes[i].touches.count;
	for (unsigned int i = 0; i < image->sum_count; i++)
		g.touch_count += image->sums[i].touches.count;
	g.sums = none_of(arena, g.whole->sum_count);
	g.generators = none_of(arena, from->varying->generator_count);
	status = choose_sums(&g, err);
	if (status)
		return status;
	for (unsigned int i = 0; i < g.whole->write_count; i++)
		add_parts(&g, &g.whole->writes[i]);
	add_sums(&g);
	*varying = grafted;
	*image = result;
	*ret_written = g.written;
	return 0;
}
