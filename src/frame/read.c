/* Reads octets as records: headers, lists, items. Nothing outside the octets is touched. */
#include "frame/internal.h"

#include "base/arena.h"
#include "base/bytes.h"

#include <string.h>

/* ---- items ---- */

/* Items in reading. */
struct items {
	struct view_record *rows;
	unsigned int count;
	unsigned int room;
};

static struct view_record *items_add(struct reader *r, struct items *items)
{
	if (items->count == items->room) {
		struct view_record *rows;

		items->room = items->room ? items->room * 2 : 4;
		rows = arena_alloc(r->arena, items->room * sizeof(*rows));
		if (items->count)
			memcpy(rows, items->rows, items->count * sizeof(*rows));
		items->rows = rows;
	}
	return &items->rows[items->count++];
}

static void read_raw(struct reader *r, uint32_t start, uint32_t end, struct view_record *ret)
{
	read_record(r, &wire_raw_item, NULL, start, end, ret);
}

/* The record that the octets at start ask for; NULL where not even that can be read. */
static const struct wire_record *item_type(
	const struct reader *r, const struct wire_list *list, uint32_t start, uint32_t limit)
{
	const struct wire_record *type;
	struct wire_value id;
	/* The id alone, as a row. */
	const struct wire_field field = { .kind = WIRE_UINT, .width = list->id_width };

	if (!list->id_width)
		return list->items[0];
	if (limit - start < (list->id_bit + list->id_width + 7U) / 8)
		return NULL;
	wire_value_get(&field, r->octets, (size_t)start * 8 + list->id_bit, list->id_width, &id);
	type = list_item(list, id.number);
	return type ? type : list->other;
}

/* One item; the octets up to limit as they stand where they are none. Returns where it ends. */
static uint32_t read_item(struct reader *r, const struct wire_list *list, uint32_t start,
	uint32_t limit, struct view_record *ret)
{
	const struct wire_record *type = item_type(r, list, start, limit);

	if (type && read_record(r, type, list, start, limit, ret) && ret->length)
		return start + ret->length;
	if (type && list->other && read_record(r, list->other, list, start, limit, ret) &&
		ret->length)
		return start + ret->length;
	read_raw(r, start, limit, ret);
	return limit;
}

/*
 * Passes over the zeros that fill the item up. An item with other octets behind it, or with too few
 * of them, is raw with them: the zeros are not said, so they have to be such as a builder puts.
 * Returns where the next item begins.
 */
static uint32_t read_item_pad(struct reader *r, uint32_t align, bool outer_pads, uint32_t end,
	uint32_t limit, struct view_record *item)
{
	uint32_t gap = gap_to(align, item->length);
	uint32_t there = gap < limit - end ? gap : limit - end;

	if (!gap || item->type == &wire_raw_item || (end == limit && outer_pads))
		return end;
	// cppcheck-suppress knownConditionTrueFalse; there is less where the limit cuts the padding
	if (there < gap || !bytes_are_zero(r->octets + end, there))
		read_raw(r, item->offset, end + there, item);
	return end + there;
}

/* What bounds a list. */
struct bounds {
	uint32_t limit;
	bool exact;	/* a length says so, and not just the end of what is there */
	uint64_t items; /* at most */
};

/* Returns where the list ends. */
static uint32_t read_list(struct reader *r, const struct wire_list *outer, uint32_t start,
	const struct bounds *bounds, struct view_field *row)
{
	const struct wire_list *list = row->field->list;
	bool outer_pads = outer && outer->item_align;
	uint32_t limit = bounds->limit;
	struct items items = { 0 };

	while (start < limit && items.count < bounds->items) {
		struct view_record *item = items_add(r, &items);
		bool ended;

		start = read_item(r, list, start, limit, item);
		start = read_item_pad(r, list->item_align, outer_pads, start, limit, item);
		ended = list->end && item->type == list->end;
		if (ended && !bounds->exact)
			break;
		if (!ended || start == limit ||
			(fills_with_ends(list) && bytes_are_zero(r->octets + start, limit - start)))
			continue;
		read_raw(r, start, limit, items_add(r, &items));
		start = limit;
	}
	row->items = items.rows;
	row->count = items.count;
	return start;
}

/* ---- fields ---- */

/* The field does not fit before limit: by the record's own length, or by what is there. */
static bool fail_short(struct reader *r, const struct view_record *record,
	const struct wire_field *field, uint32_t limit)
{
	const struct view_field *length = record_length_field(record);
	struct wire_value value;

	if (length) {
		wire_value_get(length->field, r->octets, length->bit, length->width, &value);
		r->failure = arena_printf(r->arena, "%s: %s of %u is too small for a header",
			record->type->name, length->field->name, (unsigned int)value.number);
	} else {
		r->failure = arena_printf(r->arena, "%s: %u octets are too few for %s",
			record->type->name, limit - record->offset, field->name);
	}
	return false;
}

/* What a length says goes beyond what is there. */
static bool fail_long(struct reader *r, const struct view_record *record,
	const struct view_field *row, int64_t octets, uint32_t there)
{
	r->failure = arena_printf(r->arena, "%s: %s says %lld octets, %u are there",
		record->type->name, row->field->name, (long long)octets, there);
	return false;
}

static int64_t number_of(const struct reader *r, const struct view_field *row)
{
	struct wire_value value;

	wire_value_get(row->field, r->octets, row->bit, row->width, &value);
	return (int64_t)value.number;
}

/* Reads what the record's own length says, and moves *limit there. */
static bool read_length(struct reader *r, const struct view_record *record,
	const struct view_field *row, uint32_t *limit)
{
	const struct wire_field *field = row->field;
	uint32_t read = (row->bit + row->width + 7) / 8;
	uint32_t start = field->length.span == WIRE_SPAN_REST ? read : record->offset;
	int64_t octets = length_decode(&field->length, (uint64_t)number_of(r, row));

	if (start + octets < read) {
		r->failure = arena_printf(r->arena, "%s: %s of %u is too small for a header",
			record->type->name, field->name, (unsigned int)number_of(r, row));
		return false;
	}
	if (start + octets > *limit)
		return fail_long(r, record, row, octets, *limit - start);
	*limit = (uint32_t)(start + octets);
	return true;
}

/* Where a list or octets without a width end: by the row that counts them, else at limit. */
static bool bounds_of(struct reader *r, const struct view_record *record,
	const struct view_field *row, uint32_t limit, struct bounds *ret)
{
	const struct view_field *counter = field_counter(record, row->field);
	uint32_t start = row->bit / 8;
	int64_t count;

	*ret = (struct bounds){ limit, record_length_field(record) != NULL, UINT64_MAX };
	if (!counter)
		return true;
	if (counter->field->rule == WIRE_COUNT) {
		count = number_of(r, counter) - counter->field->length.bias;
		ret->items = count > 0 ? (uint64_t)count : 0;
		return true;
	}
	count = length_decode(&counter->field->length, (uint64_t)number_of(r, counter));
	if (count < 0 || count > limit - start)
		return fail_long(r, record, counter, count, limit - start);
	ret->limit = start + (uint32_t)count;
	ret->exact = true;
	return true;
}

/* A field that is as long as its octets say. */
static bool read_open_field(struct reader *r, const struct view_record *record,
	const struct wire_list *list, struct view_field *row, uint32_t limit)
{
	const struct wire_field *field = row->field;
	uint32_t start = row->bit / 8;
	struct bounds bounds;
	uint32_t end;

	if (field->kind == WIRE_NAME || field->kind == WIRE_STRING) {
		end = start + (uint32_t)wire_value_extent(field, r->octets + start, limit - start);
		if (end == start) {
			r->failure = arena_printf(
				r->arena, "%s: %s does not end", record->type->name, field->name);
			return false;
		}
	} else if (!bounds_of(r, record, row, limit, &bounds)) {
		return false;
	} else if (field->kind == WIRE_LIST) {
		end = read_list(r, list, start, &bounds, row);
	} else {
		end = bounds.limit;
	}
	row->width = (end - start) * 8;
	return true;
}

static bool read_field(struct reader *r, const struct view_record *record,
	const struct wire_list *list, struct view_field *row, uint32_t *limit)
{
	const struct wire_field *field = row->field;

	if (!field->width)
		return read_open_field(r, record, list, row, *limit);
	row->width = field->width;
	if ((row->bit + row->width + 7) / 8 > *limit)
		return fail_short(r, record, field, *limit);
	if (field->rule == WIRE_LENGTH &&
		(field->length.span == WIRE_SPAN_RECORD || field->length.span == WIRE_SPAN_REST))
		return read_length(r, record, row, limit);
	return true;
}

/* ---- records ---- */

/* Whether the row is there, by the rows that are read; false where those do not tell. */
static bool is_sure(
	const struct reader *r, const struct view_record *record, const struct wire_field *field)
{
	if (!field->when)
		return true;
	return view_field_find(record, field->when->field) &&
	       field_present(field, record, r->octets);
}

/* Whether there is room for the rows that begin with this optional one. */
static bool group_fits(
	const struct reader *r, const struct view_record *record, unsigned int first, uint32_t bits)
{
	const struct wire_record *type = record->type;
	uint32_t least = 0;

	for (unsigned int i = first; i < type->count; i++) {
		if (i > first && type->fields[i].optional)
			break;
		if (is_sure(r, record, &type->fields[i]))
			least += type->fields[i].width;
	}
	return bits && bits >= least;
}

bool read_record(struct reader *r, const struct wire_record *type, const struct wire_list *list,
	uint32_t start, uint32_t limit, struct view_record *ret)
{
	uint32_t bit = start * 8;

	*ret = (struct view_record){
		.type = type,
		.offset = start,
		.fields = arena_alloc(r->arena, type->count * sizeof(*ret->fields)),
	};
	for (unsigned int i = 0; i < type->count; i++) {
		struct view_field *row = &ret->fields[ret->count];

		if (type->fields[i].optional && !group_fits(r, ret, i, limit * 8 - bit))
			break;
		if (!field_present(&type->fields[i], ret, r->octets))
			continue;
		row->field = &type->fields[i];
		row->bit = bit;
		if (!read_field(r, ret, list, row, &limit))
			return false;
		bit += row->width;
		ret->count++;
	}
	ret->length = (bit + 7) / 8 - start;
	if (record_length_field(ret) && start + ret->length != limit) {
		r->failure =
			arena_printf(r->arena, "%s: its length says %u octets, its fields have %u",
				type->name, limit - start, ret->length);
		return false;
	}
	return true;
}
