/* The checksums of an image, and which octets each adds up. */
#include "frame/place.h"

#include "base/arena.h"

static void region_add(struct placed_sum *sum, uint32_t offset, uint32_t end)
{
	sum->regions[sum->region_count++] = (struct region){ .offset = offset, .end = end };
}

static void add_pseudo(struct placed_sum *sum, const struct coverage *coverage)
{
	uint32_t length = coverage->length;

	region_add(sum, coverage->src, coverage->src + coverage->address_length);
	region_add(sum, coverage->dst, coverage->dst + coverage->address_length);
	sum->constant = coverage->protocol + (uint64_t)(length >> 16) + (length & 0xffff);
}

/* As sum.c adds them up. */
static void add_covered(
	struct placed_sum *sum, const struct coverage *coverage, const struct view_field *row)
{
	uint32_t end = (row->bit + row->width) / 8;
	uint32_t last = coverage->end - coverage->cisco_last;
	bool before = coverage->skip >= coverage->offset && coverage->skip_end <= row->bit / 8;
	bool after = coverage->skip >= end && coverage->skip_end <= coverage->end;

	if (coverage->skip_end > coverage->skip && (before || after)) {
		region_add(sum, coverage->offset, coverage->skip);
		region_add(sum, coverage->skip_end, last);
	} else {
		region_add(sum, coverage->offset, last);
	}
	if (coverage->cisco_last) {
		region_add(sum, last, coverage->end);
		sum->regions[sum->region_count - 1].cisco_last = true;
	}
}

/* Appends the checksum in this row, that of its pseudo header before it; returns how many. */
static unsigned int add_sum(struct arena *arena, const struct frame_view *view, unsigned int layer,
	const struct view_field *row, bool bad, struct placed_sum *ret)
{
	struct placed_sum sum = { 0 };
	struct coverage coverage;
	unsigned int count = 0;

	if (!checksum_coverage(view, layer, row, &coverage))
		return 0; /* stays zero, without a pseudo header */
	sum.sum.bad = bad;
	sum.sum.offset = row->bit / 8;
	sum.sum.name = arena_printf(
		arena, "%s.%s", view->layers[layer].header.type->name, row->field->name);
	if (bad && coverage.address_length) {
		struct placed_sum pseudo = { .sum = { .kind = PATCH_SUM_PSEUDO,
						     .offset = sum.sum.offset,
						     .name = sum.sum.name } };

		add_pseudo(&pseudo, &coverage);
		ret[count++] = pseudo;
		sum.sum.has_pseudo = true;
	}
	if (row->field->sum == WIRE_SUM_UDP)
		sum.sum.kind = PATCH_SUM_UDP;
	if (row->field->sum == WIRE_SUM_CRC32C)
		sum.sum.kind = PATCH_SUM_CRC32C;
	sum.sum.start = coverage.offset;
	sum.sum.end = coverage.end;
	add_covered(&sum, &coverage, row);
	if (coverage.address_length)
		add_pseudo(&sum, &coverage);
	ret[count++] = sum;
	return count;
}

static unsigned int checksum_rows(const struct frame_view *view)
{
	unsigned int rows = 0;

	for (unsigned int i = 0; i < view->count; i++)
		for (unsigned int j = 0; j < view->layers[i].header.count; j++)
			rows += view->layers[i].header.fields[j].field->rule == WIRE_CHECKSUM;
	return rows;
}

unsigned int place_sums(struct arena *arena, const struct frame_spec *settled,
	const struct frame_view *view, struct placed_sum **ret)
{
	struct placed_sum *sums = arena_alloc(arena, 2UL * checksum_rows(view) * sizeof(*sums));
	unsigned int count = 0;

	for (unsigned int i = view->count; i-- > 0;) {
		const struct view_record *header = &view->layers[i].header;
		const struct spec_record *spec = &settled->layers[i].header;

		for (unsigned int j = 0; j < header->count; j++) {
			const struct view_field *row = &header->fields[j];
			enum spec_state state;

			if (row->field->rule != WIRE_CHECKSUM)
				continue;
			state = spec_value_of(spec, (unsigned int)(row->field - spec->type->fields))
					->state;
			if (state != SPEC_GIVEN)
				count += add_sum(
					arena, view, i, row, state == SPEC_BAD, &sums[count]);
		}
	}
	*ret = sums;
	return count;
}
