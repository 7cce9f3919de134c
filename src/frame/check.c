/* Holds lengths, counts and next-layer numbers against what they should be. */
#include "frame/internal.h"

#include <string.h>

static uint64_t number_of(const struct frame_view *view, const struct view_field *row)
{
	return view_value(view, row).number;
}

/* ---- expectations ---- */

static int64_t expected_items(const struct view_record *record, const struct view_field *row)
{
	const struct view_field *list = view_field_find(record, row->field->of);

	return (list ? (int64_t)list->count : 0) + row->field->length.bias;
}

int64_t expected_count(const struct frame_view *view, const struct view_layer *layer,
	const struct view_record *record, const struct view_field *row)
{
	const struct wire_length *length = &row->field->length;
	uint32_t octets;

	if (row->field->rule == WIRE_COUNT)
		return expected_items(record, row);
	if (!wire_spans_payload(length))
		return length_encode(length, counted_octets(record, row));
	octets = view->pad_offset - layer->header.offset;
	if (length->span == WIRE_SPAN_PAYLOAD)
		octets -= layer->header.length;
	return length_encode(length, octets);
}

/* ---- rows ---- */

static void check_checksum(
	const struct frame_view *view, unsigned int index, struct view_field *row)
{
	uint64_t expected = 0;

	row->check = checksum_verdict(view, index, row);
	if (expected_checksum(view, index, row, &expected))
		row->expected = expected;
}

/* part: what follows is a fragment, or cut short in an error message that quotes it. */
static void check_count(const struct frame_view *view, const struct view_layer *layer,
	const struct view_record *record, struct view_field *row, bool part)
{
	int64_t expected = expected_count(view, layer, record, row);
	uint64_t value = number_of(view, row);
	bool outside = row->field->rule != WIRE_COUNT && wire_spans_payload(&row->field->length);

	row->expected = (uint64_t)expected;
	if (value == row->expected)
		row->check = VIEW_RIGHT;
	else if (part && outside && value > row->expected)
		row->check = VIEW_UNCHECKED; /* the rest of what it counts is elsewhere */
	else
		row->check = VIEW_WRONG;
}

/* Whether one of the layer's numbers names the protocol: a source port will do. */
static bool names_next(
	const struct frame_view *view, unsigned int index, const struct wire_protocol *next)
{
	const struct view_layer *layer = &view->layers[index];
	unsigned int ip = ip_below(view, index);

	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];

		if (leads_on(row->field) &&
			protocol_named(row->field, number_of(view, row), ip) == next)
			return true;
	}
	return false;
}

/* Only a layer that has a number in the space can be named wrongly. Where several numbers name it,
 * the first is the automatic one, and there is nothing to hold another against. */
static void check_next(
	const struct frame_view *view, unsigned int index, struct view_field *row, bool part)
{
	const struct view_layer *layer = &view->layers[index];
	const struct wire_protocol *next =
		index + 1 < view->count ? view->layers[index + 1].protocol : NULL;

	row->check = VIEW_UNCHECKED;
	if (next_is_length(row->field, next)) {
		check_count(view, layer, &layer->header, row, part);
		return;
	}
	if (!next || !wire_protocol_number(next, row->field->space, &row->expected))
		return;
	if (number_of(view, row) == row->expected)
		row->check = VIEW_RIGHT;
	else if (!names_next(view, index, next))
		row->check = VIEW_WRONG;
}

static void check_record(
	const struct frame_view *view, unsigned int index, struct view_record *record, bool part)
{
	for (unsigned int i = 0; i < record->count; i++) {
		struct view_field *row = &record->fields[i];

		switch (row->field->rule) {
		case WIRE_FIXED:
			break;
		case WIRE_LENGTH:
		case WIRE_COUNT:
			check_count(view, &view->layers[index], record, row, part);
			break;
		case WIRE_CHECKSUM:
			check_checksum(view, index, row);
			break;
		case WIRE_NEXT:
			check_next(view, index, row, part);
			break;
		}
		for (unsigned int j = 0; j < row->count; j++)
			check_record(view, index, &row->items[j], part);
	}
}

/* The layer is an error message, and what follows is the packet that it quotes. */
static bool quotes(const struct frame_view *view, const struct view_layer *layer)
{
	for (unsigned int i = 0; i < layer->header.count; i++) {
		const struct view_field *row = &layer->header.fields[i];
		enum wire_space space = row->field->space;

		if ((space == WIRE_ICMP_TYPE || space == WIRE_ICMPV6_TYPE) &&
			wire_protocol_next(space, number_of(view, row)))
			return true;
	}
	return false;
}

static void check_fcs(struct frame_view *view)
{
	crc32_fcs(view->octets, view->length, view->fcs_expected);
	if (view->fcs != VIEW_FCS_NONE)
		view->fcs = memcmp(view->fcs_octets, view->fcs_expected, FCS_LENGTH)
				    ? VIEW_FCS_WRONG
				    : VIEW_FCS_RIGHT;
}

void view_check(struct frame_view *view)
{
	bool quoted = false;

	view_bound(view);
	for (unsigned int i = 0; i < view->count; i++) {
		check_record(
			view, i, &view->layers[i].header, quoted || layer_in_fragment(view, i));
		quoted = quoted || quotes(view, &view->layers[i]);
	}
	check_fcs(view);
}
