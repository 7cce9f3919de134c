/* Where in an image the generators write, and which of its checksums follow. */
#include "frame/plan.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/place.h"
#include "wire/checksum.h"

#include <string.h>

struct placer {
	struct arena *arena;
	const struct vary_plan *plan;
	const struct frame_view *view;
	const struct view_field **rows; /* of what varies */
	struct patch_write *writes;
	unsigned int write_count, write_room;
	struct placed_sum *sums;
	unsigned int sum_count;
	struct patch_touch *touches;
	unsigned int touch_count, touch_room;
	uint8_t *blank; /* the octets with zeros for all that is written */
};

/* Makes room for one more element in an array that an arena holds. */
static void *grow(
	struct arena *arena, void *array, unsigned int count, unsigned int *room, size_t size)
{
	void *grown;

	if (count < *room)
		return array;
	*room = *room ? 2 * *room : 16;
	grown = arena_alloc(arena, *room * size);
	if (count)
		memcpy(grown, array, count * size);
	return grown;
}

/* ---- writes ---- */

static void add_write(
	struct placer *p, uint32_t bit, uint32_t width, uint32_t shift, uint32_t generator)
{
	p->writes = grow(p->arena, p->writes, p->write_count, &p->write_room, sizeof(*p->writes));
	p->writes[p->write_count++] = (struct patch_write){
		.bit = bit,
		.width = (uint16_t)width,
		.shift = (uint16_t)shift,
		.generator = generator,
	};
}

/* The nearer of edge and found, where that is within the bits. */
static uint32_t nearer(uint32_t edge, uint32_t found, uint32_t bit, uint32_t width)
{
	return found > bit && found < bit + width && (!edge || found < edge) ? found : edge;
}

/* The first bit within these where a region begins or ends; 0 where none does. */
static uint32_t edge_within(const struct placer *p, uint32_t bit, uint32_t width)
{
	uint32_t edge = 0;

	for (unsigned int i = 0; i < p->sum_count; i++)
		for (unsigned int j = 0; j < p->sums[i].region_count; j++) {
			edge = nearer(edge, p->sums[i].regions[j].offset * 8, bit, width);
			edge = nearer(edge, p->sums[i].regions[j].end * 8, bit, width);
		}
	return edge;
}

/* A sum covers all of a write or nothing of it: cut where it does not. */
static void add_writes(
	struct placer *p, uint32_t bit, uint32_t width, uint32_t shift, uint32_t generator)
{
	uint32_t edge;

	while ((edge = edge_within(p, bit, width))) {
		uint32_t rest = bit + width - edge;

		add_write(p, bit, edge - bit, shift + rest, generator);
		bit = edge;
		width = rest;
	}
	add_write(p, bit, width, shift, generator);
}

/* A run of bits of a value, from its lowest bit on. */
struct run {
	unsigned int from, count;
};

/* Where a run of the root's bits is in a field that follows it, itself or by way of others; false
 * where it has no room for any of it. */
static bool follow_run(const struct placer *p, unsigned int index, struct run *run)
{
	const struct vary_part *part = &p->plan->parts[index];
	unsigned int low = 0;
	unsigned int room = p->rows[index]->width;

	if (part->follows >= 0) {
		if (!follow_run(p, (unsigned int)part->follows, run))
			return false;
		room = vary_bits(part->of, room, &low);
	}
	if (run->from >= room)
		return false;
	if (run->count > room - run->from)
		run->count = room - run->from;
	run->from += low;
	return true;
}

static void place_word(struct placer *p, unsigned int index, struct run run, uint32_t generator)
{
	const struct view_field *row = p->rows[index];

	if (follow_run(p, index, &run))
		add_writes(
			p, row->bit + row->width - run.from - run.count, run.count, 0, generator);
}

static void place_field(struct placer *p, unsigned int index)
{
	const struct vary_part *part = &p->plan->parts[index];
	const struct vary_part *source;
	unsigned int low, width;

	if (part->source < 0 || part->chosen)
		return;
	source = &p->plan->parts[part->source];
	width = vary_bits(source->of, UINT32_MAX, &low);
	for (unsigned int i = 0; i < source->word_count; i++) {
		struct run run = { low + i * 64, width - i * 64 < 64 ? width - i * 64 : 64 };

		if (source->generators[i] != VARY_NO_GENERATOR)
			place_word(p, index, run, source->generators[i]);
	}
}

/* Cisco's sum takes the highest bit of an odd last octet for a sign: a difference of values is no
 * difference of sums then. */
static const struct placed_sum *sum_of_sign(const struct placer *p, const struct patch_write *write)
{
	for (unsigned int i = 0; i < p->sum_count; i++) {
		const struct placed_sum *sum = &p->sums[i];

		for (unsigned int j = 0; j < sum->region_count; j++)
			if (sum->regions[j].cisco_last &&
				write->bit <= sum->regions[j].offset * 8 &&
				write->bit + write->width > sum->regions[j].offset * 8)
				return sum;
	}
	return NULL;
}

static int check_signs(
	const struct placer *p, const struct vary_field *field, unsigned int first, struct err *err)
{
	for (unsigned int i = first; i < p->write_count; i++) {
		const struct placed_sum *sum = sum_of_sign(p, &p->writes[i]);

		if (!sum)
			continue;
		err_input(err, NULL,
			"is the last of an odd number of octets in %s, which does not add its "
			"highest bit: vary bits 0..6 of it, or have an octet more",
			sum->sum.name);
		return vary_refuse(field, err);
	}
	return 0;
}

static int find_writes(struct placer *p, struct err *err)
{
	unsigned int count = p->plan->fields.count;

	p->rows = arena_alloc(p->arena, (count + 1) * sizeof(const struct view_field *));
	vary_locate(p->plan->spec, p->view, p->rows);
	for (unsigned int i = 0; i < count; i++) {
		int status = vary_meet(&p->plan->fields.fields[i], p->rows[i], err);

		if (status)
			return status;
	}
	for (unsigned int i = 0; i < count; i++) {
		unsigned int first = p->write_count;
		int status;

		place_field(p, i);
		status = check_signs(p, &p->plan->fields.fields[i], first, err);
		if (status)
			return status;
	}
	return 0;
}

/* ---- touches ---- */

static void touch_region(struct placer *p, unsigned int sum, const struct region *region,
	uint32_t bit, uint32_t width, struct patch_touches *ret)
{
	uint32_t end = bit + width;
	uint32_t past = region->cisco_last ? 8 : 0; /* the low half of its word */

	if (bit < region->offset * 8 || end > region->end * 8)
		return;
	p->touches =
		grow(p->arena, p->touches, p->touch_count, &p->touch_room, sizeof(*p->touches));
	p->touches[p->touch_count++] = (struct patch_touch){
		.sum = (uint16_t)sum,
		.left = (uint16_t)((16 - (end - region->offset * 8 + past) % 16) % 16),
	};
	p->sums[sum].used = true;
	ret->count++;
}

/* The sums from `from` on that cover the bits. */
static struct patch_touches touch_sums(
	struct placer *p, unsigned int from, uint32_t bit, uint32_t width)
{
	struct patch_touches touches = { .first = p->touch_count };

	for (unsigned int i = from; i < p->sum_count; i++)
		for (unsigned int j = 0; j < p->sums[i].region_count; j++)
			touch_region(p, i, &p->sums[i].regions[j], bit, width, &touches);
	return touches;
}

static uint32_t sum_width(const struct patch_sum *sum)
{
	return sum->kind == PATCH_SUM_CRC32C ? 32 : 16;
}

static void find_touches(struct placer *p)
{
	for (unsigned int i = 0; i < p->write_count; i++)
		p->writes[i].touches = touch_sums(p, 0, p->writes[i].bit, p->writes[i].width);
	for (unsigned int i = 0; i < p->sum_count; i++) {
		struct placed_sum *sum = &p->sums[i];

		/* The sum of a pseudo header goes with the one that looks at it. */
		if (sum->sum.kind == PATCH_SUM_PSEUDO)
			sum->used = sum->used || p->sums[i + 1].used;
		else if (sum->used)
			sum->sum.touches =
				touch_sums(p, i + 1, sum->sum.offset * 8, sum_width(&sum->sum));
	}
}

/* ---- bases ---- */

static void blank_all(struct placer *p)
{
	p->blank = arena_copy(p->arena, p->view->octets, p->view->length);
	for (unsigned int i = 0; i < p->write_count; i++)
		bytes_put_bits(p->blank, p->writes[i].bit, p->writes[i].width, 0);
	for (unsigned int i = 0; i < p->sum_count; i++)
		if (p->sums[i].used && p->sums[i].sum.kind != PATCH_SUM_PSEUDO)
			bytes_put_bits(
				p->blank + p->sums[i].sum.offset, 0, sum_width(&p->sums[i].sum), 0);
}

static uint16_t base_of(const struct placer *p, const struct placed_sum *sum)
{
	uint64_t total = sum->constant;

	for (unsigned int i = 0; i < sum->region_count; i++) {
		const struct region *region = &sum->regions[i];

		if (region->cisco_last)
			total += checksum_cisco_last(p->blank[region->offset]);
		else
			total = checksum_add(
				total, p->blank + region->offset, region->end - region->offset);
	}
	return checksum_fold(total);
}

/* Those that vary, renumbered. */
static void keep_used(struct placer *p, struct patch_image *ret)
{
	struct patch_sum *sums = arena_alloc(p->arena, p->sum_count * sizeof(*sums));
	unsigned int count = 0;

	for (unsigned int i = 0; i < p->sum_count; i++) {
		if (!p->sums[i].used)
			continue;
		p->sums[i].index = count;
		sums[count] = p->sums[i].sum;
		sums[count++].base = base_of(p, &p->sums[i]);
	}
	for (unsigned int i = 0; i < p->touch_count; i++)
		p->touches[i].sum = (uint16_t)p->sums[p->touches[i].sum].index;
	ret->sums = sums;
	ret->sum_count = count;
}

int vary_place(struct arena *arena, const struct vary_plan *plan, const struct frame_spec *settled,
	const struct frame_view *view, struct patch_image *ret, struct err *err)
{
	struct placer p = { .arena = arena, .plan = plan, .view = view };
	int status;

	p.sum_count = place_sums(arena, settled, view, &p.sums);
	status = find_writes(&p, err);
	if (status)
		return status;
	find_touches(&p);
	blank_all(&p);
	keep_used(&p, ret);
	ret->writes = p.writes;
	ret->write_count = p.write_count;
	ret->touches = p.touches;
	return 0;
}
