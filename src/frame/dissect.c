/* Reads octets as layers. What cannot be read is a payload; nothing outside the octets is touched.
 */
#include "frame/internal.h"

#include "base/arena.h"

#include <string.h>

#define ETH_LENGTH 14

struct reader {
	struct arena *arena;
	const uint8_t *octets;
	struct frame_view *view;
	unsigned int room;   /* for layers */
	const char *failure; /* why the record in hand cannot be read, the arena's */
};

/* ---- records ---- */

static bool read_record(struct reader *r, const struct wire_record *type, uint32_t start,
	uint32_t limit, struct view_record *ret);

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
	if (limit - start < (list->id_width + 7U) / 8)
		return NULL;
	wire_value_get(&field, r->octets, (size_t)start * 8, list->id_width, &id);
	type = list_item(list, id.number);
	return type ? type : list->other;
}

/* One item; the octets up to limit as they stand where they are none. Returns where it ends. */
static uint32_t read_item(struct reader *r, const struct wire_list *list, uint32_t start,
	uint32_t limit, struct view_record *ret)
{
	const struct wire_record *type = item_type(r, list, start, limit);

	if (type && read_record(r, type, start, limit, ret) && ret->length)
		return start + ret->length;
	if (type && list->other && read_record(r, list->other, start, limit, ret))
		return start + ret->length;
	read_record(r, &wire_raw_item, start, limit, ret);
	return limit;
}

static bool all_zero(const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (octets[i])
			return false;
	return true;
}

static void read_list(struct reader *r, uint32_t start, uint32_t limit, struct view_field *row)
{
	const struct wire_list *list = row->field->list;
	struct items items = { 0 };

	while (start < limit) {
		struct view_record *item = items_add(r, &items);

		start = read_item(r, list, start, limit, item);
		if (!list->has_end || item->type != list_item(list, 0))
			continue;
		if (start < limit && !all_zero(r->octets + start, limit - start)) {
			read_record(r, &wire_raw_item, start, limit, items_add(r, &items));
			break;
		}
	}
	row->items = items.rows;
	row->count = items.count;
}

/* The field does not fit before limit: by the record's own length, or by what is there. */
static void fail_short(struct reader *r, const struct view_record *record,
	const struct wire_field *field, uint32_t limit)
{
	const struct view_field *length = record_length_field(record);

	if (length)
		r->failure = arena_printf(r->arena, "%s: %s of %u is too small for a header",
			record->type->name, length->field->name,
			(unsigned int)view_value(r->view, length).number);
	else
		r->failure = arena_printf(r->arena, "%s: %u octets are too few for %s",
			record->type->name, limit - record->offset, field->name);
}

/* Reads what the record's own length says, and moves *limit there. */
static bool read_length(struct reader *r, const struct view_record *record,
	const struct view_field *row, uint32_t *limit)
{
	const struct wire_field *field = row->field;
	uint32_t read = (row->bit + row->width + 7) / 8;
	struct wire_value value;
	int64_t end;

	wire_value_get(field, r->octets, row->bit, row->width, &value);
	end = record->offset + length_decode(&field->length, value.number);
	if (end < read) {
		r->failure = arena_printf(r->arena, "%s: %s of %u is too small for a header",
			record->type->name, field->name, (unsigned int)value.number);
		return false;
	}
	if (end > *limit) {
		r->failure = arena_printf(r->arena, "%s: %s says %u octets, %u are there",
			record->type->name, field->name, (unsigned int)(end - record->offset),
			*limit - record->offset);
		return false;
	}
	*limit = (uint32_t)end;
	return true;
}

static bool read_field(
	struct reader *r, const struct view_record *record, struct view_field *row, uint32_t *limit)
{
	const struct wire_field *field = row->field;

	row->width = field->width ? field->width : *limit * 8 - row->bit;
	if ((row->bit + row->width + 7) / 8 > *limit) {
		fail_short(r, record, field, *limit);
		return false;
	}
	if (field->kind == WIRE_LIST)
		read_list(r, row->bit / 8, *limit, row);
	if (field->rule == WIRE_LENGTH && field->length.span == WIRE_SPAN_RECORD)
		return read_length(r, record, row, limit);
	return true;
}

/*
 * Reads octets from start on as a record: as long as its own length says, else as its fields, else
 * up to limit. False, and r->failure says why, where it does not fit; *ret is undefined then.
 */
static bool read_record(struct reader *r, const struct wire_record *type, uint32_t start,
	uint32_t limit, struct view_record *ret)
{
	uint32_t bit = start * 8;

	*ret = (struct view_record){
		.type = type,
		.offset = start,
		.fields = arena_alloc(r->arena, type->count * sizeof(*ret->fields)),
	};
	for (unsigned int i = 0; i < type->count; i++) {
		struct view_field *row = &ret->fields[ret->count];

		if (!field_present(&type->fields[i], ret, r->octets))
			continue;
		row->field = &type->fields[i];
		row->bit = bit;
		if (!read_field(r, ret, row, &limit))
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

/* ---- layers ---- */

static struct view_layer *layer_add(struct reader *r)
{
	struct frame_view *view = r->view;

	if (view->count == r->room) {
		struct view_layer *layers;

		r->room = r->room ? r->room * 2 : 8;
		layers = arena_alloc(r->arena, r->room * sizeof(*layers));
		if (view->count)
			memcpy(layers, view->layers, view->count * sizeof(*layers));
		view->layers = layers;
	}
	return &view->layers[view->count++];
}

static void add_payload(struct reader *r, uint32_t start, uint32_t end)
{
	struct view_layer *layer = layer_add(r);

	layer->protocol = &wire_payload;
	layer->end = end;
	read_record(r, &wire_payload.header, start, end, &layer->header);
}

/* Whether the row's number says which layer follows. Rows that are not built so say it too: the
 * types of ICMP messages that quote a packet, and source ports. */
static bool leads_on(const struct wire_field *field)
{
	return field->space != WIRE_SPACE_NONE;
}

/* The protocol that the layer says follows; NULL where it says none that we know. */
static const struct wire_protocol *next_of(const struct reader *r, const struct view_layer *layer)
{
	const struct wire_protocol *next = NULL;
	bool first;

	/* Only the first fragment holds the header of what follows. */
	if (layer_is_fragment(r->octets, layer, &first) && !first)
		return NULL;
	for (unsigned int i = 0; i < layer->header.count && !next; i++) {
		const struct view_field *row = &layer->header.fields[i];
		struct wire_value value;

		if (!leads_on(row->field))
			continue;
		wire_value_get(row->field, r->octets, row->bit, row->width, &value);
		next = wire_protocol_next(row->field->space, value.number);
	}
	return next;
}

/* Whether octets may follow the layer as its payload. */
static bool has_payload(const struct view_layer *layer)
{
	for (unsigned int i = 0; i < layer->header.count; i++)
		if (leads_on(layer->header.fields[i].field))
			return true;
	return false;
}

static bool inside_ip(const struct frame_view *view)
{
	for (unsigned int i = 0; i < view->count; i++)
		if (view->layers[i].protocol->ip)
			return true;
	return false;
}

/* One layer from start on; false where it cannot be read. One whose length cannot be is read, and
 * r->view->fault says that nothing known follows. */
static bool read_layer(
	struct reader *r, const struct wire_protocol *protocol, uint32_t start, uint32_t limit)
{
	struct view_layer layer = { .protocol = protocol };
	struct bound bound;

	if (!read_record(r, &protocol->header, start, limit, &layer.header)) {
		r->view->fault = r->failure;
		return false;
	}
	bound = layer_bound(r->octets, &layer, limit);
	if (bound.claim == CLAIM_BELOW)
		r->view->fault = arena_printf(r->arena,
			"%s: %s of %u is below its header's %u octets", protocol->header.name,
			bound.field->field->name,
			(unsigned int)view_value(r->view, bound.field).number, layer.header.length);
	layer.end = bound.end;
	*layer_add(r) = layer;
	return true;
}

/*
 * Reads layers from the outside in, each within the end of the one around it. Returns where the
 * last header ends; *ret_payload says whether octets behind it are a payload, not padding.
 */
static uint32_t read_layers(
	struct reader *r, const struct wire_protocol *first, uint32_t length, bool *ret_payload)
{
	const struct wire_protocol *protocol = first;
	const struct view_layer *layer = NULL;
	uint32_t start = 0;
	uint32_t limit = length;

	while (protocol && start < limit && read_layer(r, protocol, start, limit)) {
		layer = &r->view->layers[r->view->count - 1];
		start = layer->header.offset + layer->header.length;
		limit = layer->end;
		protocol = r->view->fault ? NULL : next_of(r, layer);
	}
	*ret_payload = protocol || inside_ip(r->view) || (layer && has_payload(layer));
	return start;
}

/* The index of the outermost IP layer; view->count where there is none. */
static unsigned int outermost_ip(const struct frame_view *view)
{
	unsigned int i = 0;

	while (i < view->count && !view->layers[i].protocol->ip)
		i++;
	return i;
}

/*
 * Octets that a layer holds behind what it carries are a payload too. What is behind the outermost
 * IP layer, or a layer that carries nothing, is padding.
 */
static uint32_t read_trailers(struct reader *r, uint32_t start)
{
	unsigned int outermost = outermost_ip(r->view);

	for (unsigned int i = r->view->count; i-- > outermost;) {
		uint32_t end = r->view->layers[i].end;

		if (end <= start)
			continue;
		add_payload(r, start, end);
		start = end;
	}
	return start;
}

/* ---- FCS ---- */

static bool has_fcs(const struct wire_protocol *first, const uint8_t *octets, size_t length,
	enum dissect_fcs fcs)
{
	uint8_t right[FCS_LENGTH];

	if (fcs == DISSECT_FCS_ABSENT || length < FCS_LENGTH)
		return false;
	if (fcs == DISSECT_FCS_PRESENT)
		return true;
	if (first != &wire_eth || length < ETH_LENGTH + FCS_LENGTH)
		return false;
	crc32_fcs(octets, length - FCS_LENGTH, right);
	return !memcmp(octets + length - FCS_LENGTH, right, FCS_LENGTH);
}

void frame_dissect(struct arena *arena, const struct wire_protocol *first, const uint8_t *octets,
	size_t length, enum dissect_fcs fcs, struct frame_view *ret)
{
	struct reader r = { .arena = arena, .octets = octets, .view = ret };
	bool payload;
	uint32_t end;

	*ret = (struct frame_view){ .octets = octets, .length = (uint32_t)length };
	if (has_fcs(first, octets, length, fcs)) {
		ret->length -= FCS_LENGTH;
		ret->fcs = VIEW_FCS_RIGHT; /* view_check tells */
		memcpy(ret->fcs_octets, octets + ret->length, FCS_LENGTH);
	}
	end = read_layers(&r, first, ret->length, &payload);
	if (payload) {
		uint32_t limit = ret->count ? ret->layers[ret->count - 1].end : ret->length;

		if (end < limit)
			add_payload(&r, end, limit);
		end = limit;
	}
	end = read_trailers(&r, end);
	ret->pad_offset = end;
	ret->pad_length = ret->length - end;
	view_check(ret);
}
