/* Lays out the layers of a spec by the tables: octets, and the rows that say what stands where. */
#include "frame/encoder.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <string.h>

static const uint8_t zeros[8];

/* Room for width bits from bit on, counted from the frame's start. */
static int reserve(struct encoder *e, const struct site *site, const struct wire_field *field,
	const struct position *at, size_t bit, size_t width)
{
	size_t length = (bit + width + 7) / 8;

	if (length > FRAME_LENGTH_MAX) {
		err_input(e->err, NULL, "makes the frame %zu octets long (at most %d)", length,
			FRAME_LENGTH_MAX);
		return encoder_fail(e, site, field->name, at);
	}
	if (length > e->octets->length)
		buffer_put_zeros(e->octets, length - e->octets->length);
	return 0;
}

/* ---- lists ---- */

static int put_record(struct encoder *e, struct site *site);

static bool list_takes(const struct wire_list *list, const struct wire_record *type)
{
	if (type == &wire_raw_item || type == list->other)
		return true;
	for (const struct wire_record *const *item = list->items; *item; item++)
		if (*item == type)
			return true;
	return false;
}

/* Items that fill a gap of at most 7 octets. */
static unsigned int fill_count(const struct wire_list *list, uint32_t gap)
{
	return fills_with_ends(list) ? gap : gap > 0;
}

/* One item of padding: its octets, and the row that carries them where it has one. */
static void fill_item(
	struct encoder *e, const struct wire_list *list, uint32_t gap, struct spec_record *ret)
{
	const struct wire_record *type = &wire_raw_item;
	size_t length = gap;

	if (list->padn) {
		type = gap > 1 ? list->padn : list->pad1;
		length = gap > 1 ? gap - 2 : 0;
	} else if (fills_with_ends(list)) {
		type = list->end;
		length = 0;
	}
	spec_record_init(ret, e->arena, type);
	if (length)
		ret->values[type->count - 1] = (struct spec_value){
			.state = SPEC_GIVEN,
			.value = { .octets = zeros, .length = length },
		};
}

static int put_item(struct encoder *e, struct site *outer, const struct path *list_path,
	const struct wire_list *list, const struct spec_record *spec, struct view_record *ret,
	unsigned int index)
{
	struct site site = {
		.spec = spec,
		.list = list,
		.record = ret,
		.path = { list_path, NULL, index },
	};

	if (list_takes(list, spec->type))
		return put_record(e, &site);
	err_input(e->err, NULL, "%s cannot stand in this list", spec->type->name);
	return encoder_fail(e, outer, list_path->name, &spec->at);
}

/*
 * Zeros behind an item, which its length does not count. The last item of a list in an item that is
 * padded itself goes without; so do raw octets, which say all that is there.
 */
static int pad_item(struct encoder *e, const struct site *site, const struct wire_field *field,
	const struct view_record *item, bool last)
{
	bool outer_pads = site->list && site->list->item_align;
	uint32_t end = (uint32_t)e->octets->length;
	uint32_t gap = gap_to(field->list->item_align, end - item->offset);

	if ((last && outer_pads) || item->type == &wire_raw_item)
		return 0;
	return reserve(e, site, field, NULL, (size_t)end * 8, (size_t)gap * 8);
}

/* Items that fill the record up to its alignment. */
static int put_fill(struct encoder *e, struct site *site, const struct wire_field *field,
	struct view_field *row)
{
	const struct path path = { &site->path, field->name, 0 };
	const struct view_field *counter = field_counter(site->record, field);
	uint32_t gap =
		align_gap(site->record->type, (uint32_t)e->octets->length - site->record->offset);
	unsigned int fill = fill_count(field->list, gap);

	/* A list that says how many items it has is not given more. */
	if (counter && counter->field->rule == WIRE_COUNT)
		return 0;
	for (unsigned int i = 0; i < fill; i++) {
		struct spec_record spec;
		int status;

		fill_item(e, field->list, gap, &spec);
		status = put_item(e, site, &path, field->list, &spec, &row->items[row->count],
			row->count + 1);
		if (status)
			return status;
		row->count++;
	}
	return 0;
}

static int put_list(struct encoder *e, struct site *site, const struct wire_field *field,
	const struct spec_value *given, struct view_field *row)
{
	const struct path path = { &site->path, field->name, 0 };
	int status;

	row->items = arena_alloc(e->arena, (given->count + sizeof(zeros)) * sizeof(*row->items));
	for (unsigned int i = 0; i < given->count; i++) {
		struct view_record *item = &row->items[i];

		status = put_item(e, site, &path, field->list, &given->items[i], item, i + 1);
		if (!status)
			status = pad_item(e, site, field, item, i + 1 == given->count);
		if (status)
			return status;
	}
	row->count = given->count;
	status = put_fill(e, site, field, row);
	row->width = (uint32_t)e->octets->length * 8 - row->bit;
	return status;
}

/* ---- records ---- */

/* The octets that the record's own length counts in, where it has one. */
static uint32_t record_unit(const struct view_record *record)
{
	const struct view_field *row = record_length_field(record);

	return row ? row->field->length.unit : 1;
}

/* Octets at a record's end that nobody gave are as many zeros as its length wants. */
static void fill_octets(
	const struct site *site, const struct view_field *row, struct wire_value *value)
{
	uint32_t unit = record_unit(site->record);
	uint32_t before = row->bit / 8 - site->record->offset;

	if (row->field->kind != WIRE_BYTES || row->field->width || value->length ||
		field_counter(site->record, row->field))
		return;
	value->length = (unit - before % unit) % unit;
	value->octets = zeros;
}

static int put_field(struct encoder *e, struct site *site, unsigned int index, uint32_t bit)
{
	const struct wire_field *field = &site->spec->type->fields[index];
	const struct spec_value *given = spec_value_of(site->spec, index);
	struct view_field *row = &site->record->fields[site->record->count];
	struct wire_value value;
	int status;

	*row = (struct view_field){
		.field = field,
		.bit = bit,
		.width = field->width,
		.automatic = given->state == SPEC_AUTO,
		.placeholder = given->placeholder,
	};
	site->record->count++;
	if (field->kind == WIRE_LIST)
		return put_list(e, site, field, given, row);
	status = encoder_value(e, site, field, given, &value);
	if (status)
		return status;
	if (row->automatic)
		fill_octets(site, row, &value);
	row->width = (uint32_t)wire_value_width(field, &value);
	status = reserve(e, site, field, &given->at, bit, row->width);
	if (status)
		return status;
	wire_value_put(field, e->octets->data, bit, row->width, &value);
	return 0;
}

/* A value that is given for a row that is not there would be lost in silence. */
static int refuse_absent(struct encoder *e, const struct site *site, unsigned int index)
{
	const struct spec_value *given = &site->spec->values[index];
	const struct wire_field *field = &site->spec->type->fields[index];
	const struct view_field *by;
	struct buffer text = { 0 };
	struct wire_value value;

	if (given->state == SPEC_AUTO || view_field_find(site->record, field->name))
		return 0;
	by = view_field_find(site->record, field->when->field);
	if (by) {
		wire_value_get(by->field, e->octets->data, by->bit, by->width, &value);
		wire_value_format(by->field, &value, &text);
		err_input(e->err, NULL, "there is no such field when %s is %s", by->field->name,
			buffer_text(&text));
		buffer_fini(&text);
	} else {
		err_input(e->err, NULL, "there is no such field without %s", field->when->field);
	}
	return encoder_fail(e, site, field->name, &given->at);
}

/* Whether something is given for a row from this one on. */
static bool any_given(const struct spec_record *spec, unsigned int first)
{
	for (unsigned int i = first; i < spec->type->count; i++)
		if (spec_value_of(spec, i)->state != SPEC_AUTO)
			return true;
	return false;
}

static int put_record(struct encoder *e, struct site *site)
{
	const struct wire_record *type = site->spec->type;
	struct view_record *record = site->record;
	uint32_t bit = (uint32_t)e->octets->length * 8;
	int status;

	*record = (struct view_record){
		.type = type,
		.offset = bit / 8,
		.fields = arena_alloc(e->arena, type->count * sizeof(*record->fields)),
	};
	for (unsigned int i = 0; i < type->count; i++) {
		if (type->fields[i].optional && !any_given(site->spec, i))
			break;
		if (!field_present(&type->fields[i], record, e->octets->data))
			continue;
		status = put_field(e, site, i, bit);
		if (status)
			return status;
		bit += record->fields[record->count - 1].width;
	}
	for (unsigned int i = 0; i < type->count; i++) {
		if (!type->fields[i].when)
			continue;
		status = refuse_absent(e, site, i);
		if (status)
			return status;
	}
	record->length = (uint32_t)e->octets->length - record->offset;
	return encoder_counts(e, site);
}

/* ---- layers ---- */

int frame_encode(struct arena *arena, const struct frame_spec *spec, struct buffer *octets,
	struct frame_view *ret, struct err *err)
{
	struct encoder e = { arena, octets, spec, err };
	struct frame_view view = {
		.layers = arena_alloc(arena, spec->count * sizeof(*view.layers)),
		.count = spec->count,
	};
	int status;

	for (unsigned int i = 0; i < spec->count; i++) {
		const struct spec_layer *layer = &spec->layers[i];
		struct site site = {
			.spec = &layer->header,
			.protocol = layer->protocol,
			.next = i + 1 < spec->count ? layer[1].protocol : NULL,
			.record = &view.layers[i].header,
			.path = { NULL, layer->header.type->name, 0 },
		};

		view.layers[i].protocol = layer->protocol;
		status = put_record(&e, &site);
		if (status)
			return status;
	}
	view.length = view.pad_offset = (uint32_t)octets->length;
	for (unsigned int i = 0; i < spec->count; i++) {
		status = encoder_payload_lengths(&e, &spec->layers[i], &view, i);
		if (status)
			return status;
	}
	view.octets = octets->data;
	*ret = view;
	return 0;
}
