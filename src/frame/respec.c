/* Makes a spec of a view: the one that builds the view's octets again, as short as it can be. */
#include "frame/internal.h"

#include "base/arena.h"
#include "base/bytes.h"

#include <string.h>

/* How much is left out. */
enum detail {
	DETAIL_SHORT,	/* what comes right by itself is automatic */
	DETAIL_ALL,	/* every value is given */
	DETAIL_PAYLOAD, /* the Ethernet header and octets behind it */
	DETAIL_OCTETS,	/* octets alone */
	DETAIL_COUNT,
};

struct respec {
	struct arena *arena;
	const struct frame_view *view;
	enum detail detail;
};

/* ---- values ---- */

/* Whether the row's value is the one that it gets when left out. */
static bool comes_by_itself(
	const struct respec *r, const struct view_field *row, const struct automatic_of *of)
{
	struct wire_value value = view_value(r->view, row);
	struct wire_value automatic;

	if (r->detail != DETAIL_SHORT)
		return false;
	switch (row->field->rule) {
	case WIRE_LENGTH:
	case WIRE_COUNT:
	case WIRE_CHECKSUM:
		return row->check == VIEW_RIGHT && row->expected == value.number;
	case WIRE_NEXT:
		if (next_is_length(row->field, of->next))
			return row->check == VIEW_RIGHT;
		break;
	case WIRE_FIXED:
		break;
	}
	return field_automatic(r->arena, row->field, of, &automatic) == AUTOMATIC_OK &&
	       wire_value_equal(row->field, &value, &automatic);
}

/* ---- lists ---- */

static void respec_record(const struct respec *r, const struct view_record *record,
	const struct automatic_of *of, struct spec_record *ret);

static uint32_t items_length(const struct view_field *row, unsigned int first)
{
	uint32_t length = 0;

	for (unsigned int i = first; i < row->count; i++)
		length += row->items[i].length;
	return length;
}

/* Whether the item is such as the builder puts to fill a list up. */
static bool is_fill(
	const struct respec *r, const struct wire_list *list, const struct view_record *item)
{
	const uint8_t *octets = r->view->octets + item->offset;

	/* Behind its type and length. */
	if (list->padn && item->type == list->padn)
		return bytes_are_zero(octets + 2, item->length - 2);
	if (list->padn)
		return item->type == list->pad1;
	if (fills_with_ends(list))
		return item->type == list->end;
	return item->type == &wire_raw_item && bytes_are_zero(octets, item->length);
}

/*
 * How many of the list's items have to be given: those at the end that the builder puts there to
 * fill the record up are left out.
 */
static unsigned int items_given(
	const struct respec *r, const struct view_record *record, const struct view_field *row)
{
	const struct wire_list *list = row->field->list;
	const struct view_field *counter = field_counter(record, row->field);
	unsigned int first = row->count;

	if (r->detail != DETAIL_SHORT || !record->type->align ||
		(counter && counter->field->rule == WIRE_COUNT))
		return row->count;
	while (first && is_fill(r, list, &row->items[first - 1]) &&
		(first == row->count || fills_with_ends(list)))
		first--;
	for (; first < row->count; first++) {
		uint32_t fill = items_length(row, first);

		if (align_gap(record->type, record->length - fill) == fill)
			break;
	}
	return first;
}

static void respec_list(const struct respec *r, const struct view_record *record,
	const struct view_field *row, struct spec_value *ret)
{
	ret->count = items_given(r, record, row);
	if (!ret->count)
		return;
	ret->state = SPEC_GIVEN;
	ret->items = arena_alloc(r->arena, ret->count * sizeof(*ret->items));
	for (unsigned int i = 0; i < ret->count; i++) {
		const struct automatic_of of = { .type = row->items[i].type,
			.list = row->field->list };

		respec_record(r, &row->items[i], &of, &ret->items[i]);
	}
}

/* ---- records and layers ---- */

/* Optional rows are there only when one of them is given: the last of them that are there must not
 * all come by themselves. */
static void give_optional(
	const struct respec *r, const struct view_record *record, struct spec_record *spec)
{
	const struct view_field *first = NULL; /* of the last such rows that are there */
	unsigned int row;

	for (unsigned int i = 0; i < record->count; i++)
		if (record->fields[i].field->optional)
			first = &record->fields[i];
	if (!first)
		return;
	row = (unsigned int)(first->field - record->type->fields);
	for (unsigned int i = row; i < record->type->count; i++)
		if (spec->values[i].state != SPEC_AUTO)
			return;
	if (first->field->kind == WIRE_LIST)
		return;
	spec->values[row].state = SPEC_GIVEN;
	spec->values[row].value = view_value(r->view, first);
}

static void respec_record(const struct respec *r, const struct view_record *record,
	const struct automatic_of *of, struct spec_record *ret)
{
	spec_record_init(ret, r->arena, record->type);
	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *row = &record->fields[i];
		struct spec_value *value = &ret->values[row->field - record->type->fields];

		if (row->field->kind == WIRE_LIST) {
			respec_list(r, record, row, value);
		} else if (!comes_by_itself(r, row, of)) {
			value->state = SPEC_GIVEN;
			value->value = view_value(r->view, row);
		}
	}
	give_optional(r, record, ret);
}

static void add_layer(const struct respec *r, unsigned int index, struct frame_spec *spec)
{
	const struct frame_view *view = r->view;
	const struct view_layer *layer = &view->layers[index];
	const struct automatic_of of = {
		.type = &layer->protocol->header,
		.protocol = layer->protocol,
		.next = index + 1 < view->count ? view->layers[index + 1].protocol : NULL,
	};

	respec_record(
		r, &layer->header, &of, &spec_layer_add(spec, r->arena, layer->protocol)->header);
}

static void add_octets(const struct respec *r, uint32_t start, struct frame_spec *spec)
{
	struct spec_layer *layer;

	if (start == r->view->length)
		return;
	layer = spec_layer_add(spec, r->arena, &wire_payload);
	layer->header.values[0] = (struct spec_value){
		.state = SPEC_GIVEN,
		.value = { .octets = r->view->octets + start, .length = r->view->length - start },
	};
}

/* ---- padding and FCS ---- */

static void respec_pad(const struct frame_view *view, enum detail detail, struct spec_pad *ret)
{
	const uint8_t *octets = view->octets + view->pad_offset;
	bool zero = true;

	*ret = (struct spec_pad){ .mode = SPEC_PAD_NONE };
	if (detail == DETAIL_PAYLOAD || detail == DETAIL_OCTETS)
		return;
	for (uint32_t i = 0; i < view->pad_length; i++)
		zero = zero && !octets[i];
	if (!zero)
		*ret = (struct spec_pad){ SPEC_PAD_OCTETS, octets, view->pad_length };
	else if (view->pad_length ? view->length == 60 : view->length >= 60)
		ret->mode = SPEC_PAD_AUTO;
	else if (view->pad_length)
		*ret = (struct spec_pad){ .mode = SPEC_PAD_COUNT, .length = view->pad_length };
}

/* No FCS seen says nothing about the one that is sent. */
static void respec_fcs(const struct frame_view *view, struct spec_fcs *ret)
{
	*ret = (struct spec_fcs){ .mode = SPEC_FCS_AUTO };
	if (view->fcs != VIEW_FCS_WRONG)
		return;
	ret->mode = SPEC_FCS_GIVEN;
	memcpy(ret->octets, view->fcs_octets, FCS_LENGTH);
}

/* ---- all ---- */

static void respec(const struct respec *r, struct frame_spec *ret)
{
	const struct frame_view *view = r->view;
	bool eth = view->count && view->layers[0].protocol == &wire_eth;

	*ret = (struct frame_spec){ 0 };
	if (r->detail == DETAIL_SHORT || r->detail == DETAIL_ALL) {
		for (unsigned int i = 0; i < view->count; i++)
			add_layer(r, i, ret);
	} else if (r->detail == DETAIL_PAYLOAD && eth) {
		add_layer(r, 0, ret);
		add_octets(r, view->layers[0].header.length, ret);
	} else {
		add_octets(r, 0, ret);
	}
	respec_pad(view, r->detail, &ret->pad);
	respec_fcs(view, &ret->fcs);
}

static bool builds_again(const struct frame_spec *spec, const struct frame_view *view)
{
	struct arena arena;
	struct frame_view built;
	bool equal;

	arena_init(&arena);
	equal = !frame_build(&arena, spec, &built, NULL) && built.length == view->length &&
		(!view->length || !memcmp(built.octets, view->octets, view->length)) &&
		(view->fcs == VIEW_FCS_NONE ||
			!memcmp(built.fcs_octets, view->fcs_octets, FCS_LENGTH));
	arena_fini(&arena);
	return equal;
}

void frame_respec(struct arena *arena, const struct frame_view *view, struct frame_spec *ret)
{
	struct respec r = { .arena = arena, .view = view };

	for (r.detail = DETAIL_SHORT; r.detail < DETAIL_COUNT; r.detail++) {
		respec(&r, ret);
		if (builds_again(ret, view))
			break;
	}
}
