/* A pattern as compares at fixed places: its layers, and what is computed in them. */
#include "respond/compile.h"

#include "frame/build.h"
#include "frame/cover.h"
#include "respond/example.h"

#include <string.h>

/* A layer of the pattern, and the same in a frame that the pattern fits. */
struct place {
	const struct frame_view *view;
	const struct spec_layer *spec;
	const struct view_layer *layer;
	unsigned int index;
	bool last;			  /* of the pattern, but for a payload */
	bool closed;			  /* where it ends matters: a layer or a payload follows */
	const struct wire_protocol *next; /* NULL at the end */
};

static const char *name_of(const struct place *place)
{
	return place->spec->protocol->header.name;
}

/* ---- what is computed ---- */

/* How many protocols' worth of numbers the layer has in the space. */
static unsigned int numbers_in(const struct wire_protocol *protocol, enum wire_space space)
{
	unsigned int count = 0;

	for (const struct wire_bind *bind = protocol->binds; bind && bind->space; bind++)
		count += bind->space == space;
	return count;
}

static bool check_next(struct compiler *c, const struct place *place, const struct view_field *row)
{
	enum wire_space space = row->field->space;
	struct respond_word word;
	uint64_t number;

	if (!place->next || !wire_protocol_number(place->next, space, &number))
		return true;
	if (numbers_in(place->next, space) != 1)
		return respond_cannot(
			c, "%s is named by several numbers", place->next->header.name);
	if (!respond_word_of(c, row, &word))
		return false;
	respond_check_add(c, &word, number, number, RESPOND_OTHER);
	return true;
}

/* The length of a header: of one that something follows, as it is without options. */
static bool check_header(
	struct compiler *c, const struct place *place, const struct view_field *row)
{
	const struct wire_length *length = &row->field->length;
	uint64_t number = view_value(place->view, row).number;
	const struct view_record *header = &place->layer->header;
	struct respond_word word;

	if (!respond_word_of(c, row, &word))
		return false;
	if (place->closed) {
		respond_check_add(c, &word, number, number, RESPOND_OTHER)->unsure = true;
		return true;
	}
	*ROW_ADD(c, tail, tails) = (struct respond_tail){
		.word = word,
		.base = (uint32_t)((int64_t)header->offset - (int64_t)length->bias * length->unit),
		.unit = length->unit,
		.least = header->offset + header->length,
	};
	return true;
}

static bool check_length(
	struct compiler *c, const struct place *place, const struct view_field *row)
{
	const struct wire_length *length = &row->field->length;
	const struct view_record *header = &place->layer->header;
	struct respond_bound bound = { .base = header->offset };

	if (length->span == WIRE_SPAN_RECORD)
		return check_header(c, place, row);
	if (!wire_spans_payload(length) || length->unit != 1 || length->bias)
		return respond_cannot(c, "%s.%s", name_of(place), row->field->name);
	if (!respond_word_of(c, row, &bound.word))
		return false;
	if (length->span == WIRE_SPAN_PAYLOAD)
		bound.base += header->length;
	*ROW_ADD(c, bound, bounds) = bound;
	return true;
}

static bool check_sum(struct compiler *c, const struct place *place, const struct view_field *row)
{
	struct respond_sum sum;

	if (!respond_sum_make(c, place->view, place->index, row, &sum))
		return false;
	*ROW_ADD(c, sum, verified) = sum;
	return true;
}

static bool check_computed(
	struct compiler *c, const struct place *place, const struct view_field *row)
{
	switch (row->field->rule) {
	case WIRE_FIXED:
		return true;
	case WIRE_NEXT:
		return check_next(c, place, row);
	case WIRE_LENGTH:
		return check_length(c, place, row);
	case WIRE_CHECKSUM:
		return check_sum(c, place, row);
	case WIRE_COUNT:
	default:
		return respond_cannot(c, "%s.%s", name_of(place), row->field->name);
	}
}

/* ---- fragments ---- */

static bool is_asked(const struct spec_record *record, const char *name)
{
	int row = wire_field_find(record->type, name);

	return row >= 0 && record->values[row].state != SPEC_AUTO;
}

static bool check_fragment(
	struct compiler *c, const struct place *place, const struct view_field *row)
{
	const struct view_field *flags = view_field_find(&place->layer->header, "flags");
	struct respond_word word;

	if (strcmp(row->field->name, "frag-offset") != 0)
		return true;
	if (!flags || is_asked(&place->spec->header, "flags") ||
		is_asked(&place->spec->header, "frag-offset"))
		return respond_cannot(c, "it asks for fragments");
	if (!respond_word_of(c, row, &word))
		return false;
	respond_check_add(c, &word, 0, 0, RESPOND_FRAGMENT);
	if (!respond_word_of(c, flags, &word))
		return false;
	for (const struct wire_name *name = flags->field->names; name && name->name; name++) {
		if (strcmp(name->name, "mf") != 0)
			continue;
		word.mask = name->value;
		respond_check_add(c, &word, 0, 0, RESPOND_FRAGMENT);
	}
	return true;
}

/* ---- layers ---- */

static bool check_row(struct compiler *c, const struct place *place, const struct view_field *row)
{
	const struct spec_record *header = &place->spec->header;
	unsigned int index = (unsigned int)(row->field - header->type->fields);
	const struct spec_value *value = spec_value_of(header, index);
	bool computed = row->field->rule == WIRE_CHECKSUM || row->field->rule == WIRE_LENGTH;

	if (row->field->kind == WIRE_LIST) {
		if (value->state != SPEC_AUTO)
			return respond_cannot(
				c, "%s.%s is looked into", name_of(place), row->field->name);
		return true;
	}
	if (!row->field->width)
		return respond_cannot(
			c, "%s.%s is as long as it says", name_of(place), row->field->name);
	if (value->state == SPEC_AUTO || (value->want && value->want->kind == SPEC_WANT_RIGHT))
		return check_computed(c, place, row) && check_fragment(c, place, row);
	if (computed)
		return respond_cannot(c, "%s.%s is given", name_of(place), row->field->name);
	return respond_compile_value(c, row, value);
}

/* Whether the conditions of the row hold, by the fields that are given. */
static bool may_be_there(const struct place *place, const struct wire_field *field)
{
	const struct view_field *other;

	if (!field->when)
		return true;
	other = view_field_find(&place->layer->header, field->when->field);
	return !other || wire_when_holds(field->when, view_value(place->view, other).number);
}

/* Whether its fields stand where they do in every frame that the pattern fits. */
static bool is_rigid(struct compiler *c, const struct place *place)
{
	const struct wire_record *type = place->spec->header.type;

	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];
		const struct spec_value *value = spec_value_of(&place->spec->header, i);
		bool fixed = value->state == SPEC_GIVEN && !value->want;

		if (field->optional && may_be_there(place, field))
			return respond_cannot(c, "%s.%s may be left out", type->name, field->name);
		if (respond_decides(type, field->name) && !fixed)
			return respond_cannot(c,
				"%s.%s is free, and decides which fields there are", type->name,
				field->name);
	}
	for (unsigned int i = 0; i + 1 < place->layer->header.count; i++)
		if (place->layer->header.fields[i].field->kind == WIRE_LIST)
			return respond_cannot(c, "%s.%s is as long as it says", type->name,
				place->layer->header.fields[i].field->name);
	return true;
}

/* A list at the header's end, which no length of the header bounds, reaches to the frame's end. */
static bool has_open_list(const struct place *place)
{
	const struct view_record *header = &place->layer->header;
	bool list = false;

	for (unsigned int i = 0; i < header->count; i++) {
		const struct view_field *row = &header->fields[i];

		list |= row->field->kind == WIRE_LIST;
		if (row->field->rule == WIRE_LENGTH && row->field->length.span == WIRE_SPAN_RECORD)
			return false;
	}
	return list;
}

static bool check_layer(struct compiler *c, const struct place *place)
{
	const struct view_record *header = &place->layer->header;

	if (place->layer->protocol != place->spec->protocol)
		return respond_cannot(c, "an example of it reads as something else");
	if (!is_rigid(c, place))
		return false;
	if (place->closed && has_open_list(place))
		return respond_cannot(c, "%s ends in a list", name_of(place));
	for (unsigned int i = 0; i < header->count; i++)
		if (!check_row(c, place, &header->fields[i]))
			return false;
	return true;
}

static bool check_payload(struct compiler *c, const struct spec_value *payload)
{
	const struct spec_capture *capture = payload->capture;

	if (payload->state == SPEC_AUTO)
		return true;
	if (payload->state != SPEC_TAKEN || capture->ranged || capture->table)
		return respond_cannot(c, "the payload is looked into");
	if (!capture->name)
		return true;
	if (!capture->first)
		return respond_cannot(c, "the payload is held against another field");
	c->sources[capture->index].kind = SOURCE_PAYLOAD;
	return true;
}

/* Layers of which nothing but their own rows says what follows, and whose rows are all that there
 * is to know. */
static bool is_plain(const struct wire_protocol *protocol)
{
	static const char *const names[] = { "eth", "vlan", "svlan", "arp", "ipv4", "ipv6", "udp",
		"tcp", "icmp", "icmpv6" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], protocol->header.name))
			return true;
	return false;
}

static bool check_plain(struct compiler *c, const struct frame_spec *spec)
{
	if (!spec->count || spec->layers[0].protocol != &wire_eth)
		return respond_cannot(c, "it does not begin with eth");
	for (unsigned int i = 0; i < spec->count; i++) {
		const char *name = spec->layers[i].protocol->header.name;

		if (!is_plain(spec->layers[i].protocol))
			return respond_cannot(c, "%s", name);
		if (i + 1 < spec->count && !strncmp(name, "icmp", 4))
			return respond_cannot(c, "what an ICMP error quotes");
	}
	return true;
}

bool respond_compile_request(struct compiler *c)
{
	const struct spec_value *payload;
	struct frame_spec stripped, example;
	struct frame_view view;

	respond_strip(c->rule->request, &stripped, &payload);
	if (!check_plain(c, &stripped))
		return false;
	respond_example_request(c->arena, &stripped, c->values, &example);
	if (frame_build(c->arena, &example, &view, NULL) || view.count != stripped.count)
		return respond_cannot(c, "no example of it can be built");
	c->program->need = view.pad_offset;
	c->program->payload = view.pad_offset;
	for (unsigned int i = 0; i < view.count; i++) {
		bool last = i + 1 == view.count;
		const struct place place = {
			.view = &view,
			.spec = &stripped.layers[i],
			.layer = &view.layers[i],
			.index = i,
			.last = last,
			.closed = !last || (payload && payload->state != SPEC_AUTO),
			.next = last ? NULL : stripped.layers[i + 1].protocol,
		};

		if (!check_layer(c, &place))
			return false;
	}
	return !payload || check_payload(c, payload);
}
