/* Lays out the layers of a spec by the tables: octets, and the rows that say what stands where. */
#include "frame/encoder.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const uint8_t zeros[8];

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

/* Items that octets of zero, or PadN, fill a gap of at most 7 octets with. */
static unsigned int fill_count(const struct wire_list *list, uint32_t gap)
{
	return list->fill == WIRE_FILL_ZERO && list->has_end ? gap : gap > 0;
}

/* One item of padding: its octets, and the row that carries them where it has one. */
static void fill_item(
	struct encoder *e, const struct wire_list *list, uint32_t gap, struct spec_record *ret)
{
	const struct wire_record *type = &wire_raw_item;
	size_t length = gap;

	if (list->fill == WIRE_FILL_PADN) {
		type = list_item(list, gap > 1); /* RFC 8200 4.2: Pad1 is 0, PadN is 1 */
		length = gap > 1 ? gap - 2 : 0;
	} else if (list->has_end) {
		type = list_item(list, 0);
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

static int put_list(struct encoder *e, struct site *site, const struct wire_field *field,
	const struct spec_value *given, struct view_field *ret)
{
	const struct path path = { &site->path, field->name, 0 };
	struct view_record *items;
	uint32_t gap;
	unsigned int fill;
	int status;

	items = arena_alloc(e->arena, (given->count + sizeof(zeros)) * sizeof(*items));
	for (unsigned int i = 0; i < given->count; i++) {
		status = put_item(e, site, &path, field->list, &given->items[i], &items[i], i + 1);
		if (status)
			return status;
	}
	gap = align_gap(site->record->type, (uint32_t)e->octets->length - site->record->offset);
	fill = fill_count(field->list, gap);
	for (unsigned int i = given->count; i < given->count + fill; i++) {
		struct spec_record spec;

		fill_item(e, field->list, gap, &spec);
		status = put_item(e, site, &path, field->list, &spec, &items[i], i + 1);
		if (status)
			return status;
	}
	ret->items = items;
	ret->count = given->count + fill;
	ret->width = (uint32_t)e->octets->length * 8 - ret->bit;
	return 0;
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

	if (row->field->kind != WIRE_BYTES || row->field->width)
		return;
	value->length = (unit - before % unit) % unit;
	value->octets = zeros;
}

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

static int put_field(struct encoder *e, struct site *site, unsigned int index, uint32_t bit)
{
	const struct wire_field *field = &site->spec->type->fields[index];
	const struct spec_value *given = encoder_given(site->spec, index);
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
	if (!field->width)
		row->width = (uint32_t)value.length * 8;
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

/* The row that made the record as long as it is, for messages: the last that has no fixed width. */
static unsigned int longest_row(const struct spec_record *spec)
{
	unsigned int found = 0;

	for (unsigned int i = 0; i < spec->type->count; i++)
		if (!spec->type->fields[i].width && encoder_given(spec, i)->state != SPEC_AUTO)
			found = i;
	return found;
}

/* Writes the record's own length, once it is known. */
static int put_record_length(struct encoder *e, const struct site *site)
{
	const struct view_field *row = record_length_field(site->record);
	uint32_t octets = site->record->length;
	const struct wire_length *length;
	unsigned int culprit;
	int64_t most;

	if (!row || !row->automatic)
		return 0;
	length = &row->field->length;
	most = length_decode(length, field_max(row->field));
	if (octets <= most && octets % length->unit == 0) {
		struct wire_value value = { .number = (uint64_t)length_encode(length, octets) };

		wire_value_put(row->field, e->octets->data, row->bit, row->width, &value);
		return 0;
	}
	culprit = longest_row(site->spec);
	if (octets > most)
		err_input(e->err, NULL, "makes %s %u octets long; its %s can say at most %" PRId64,
			site->spec->type->name, octets, row->field->name, most);
	else
		err_input(e->err, NULL,
			"makes %s %u octets long; its %s counts units of %u: give %s, or fill it "
			"up",
			site->spec->type->name, octets, row->field->name, length->unit,
			row->field->name);
	return encoder_fail(
		e, site, site->spec->type->fields[culprit].name, &site->spec->values[culprit].at);
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
	return put_record_length(e, site);
}

/* ---- layers ---- */

/* Writes the automatic lengths of what follows a header, once the last layer is laid out. */
static int put_payload_lengths(struct encoder *e, const struct spec_layer *spec,
	const struct frame_view *view, const struct view_layer *layer)
{
	struct site site = { .spec = &spec->header, .path = { NULL, spec->header.type->name, 0 } };

	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];
		const struct wire_field *field = row->field;
		struct wire_value value;
		int64_t number;

		if (field->rule != WIRE_LENGTH || field->length.span == WIRE_SPAN_RECORD ||
			!row->automatic)
			continue;
		number = expected_length(view, layer, &layer->header, field);
		if (number < 0 || (uint64_t)number > field_max(field)) {
			err_input(e->err, NULL,
				"%" PRId64 " does not fit in %u bits (at most %" PRIu64
				"); give %s, or a shorter payload",
				number, field->width, field_max(field), field->name);
			return encoder_fail(e, &site, field->name, NULL);
		}
		value = (struct wire_value){ .number = (uint64_t)number };
		wire_value_put(field, e->octets->data, row->bit, row->width, &value);
	}
	return 0;
}

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
		status = put_payload_lengths(&e, &spec->layers[i], &view, &view.layers[i]);
		if (status)
			return status;
	}
	view.octets = octets->data;
	*ret = view;
	return 0;
}
