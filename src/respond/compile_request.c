/* A pattern as compares at fixed places. */
#include "respond/compile.h"

#include "base/bytes.h"
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

static bool word_of(struct compiler *c, const struct view_field *row, struct respond_word *ret)
{
	return respond_word_make(row->bit, row->width, c->program->need, ret) ||
	       respond_cannot(c, "%s is wider than 64 bits", row->field->name);
}

/* ---- compares ---- */

static struct respond_check *check_add(struct compiler *c, const struct respond_word *word,
	uint64_t low, uint64_t high, enum respond_verdict verdict)
{
	struct respond_check *check = ROW_ADD(c, check, checks);

	*check = (struct respond_check){
		.word = *word, .low = low, .high = high, .verdict = verdict
	};
	return check;
}

static bool check_number(struct compiler *c, const struct view_field *row, uint64_t low,
	uint64_t high, enum respond_verdict verdict)
{
	struct respond_word word;

	if (!word_of(c, row, &word))
		return false;
	check_add(c, &word, low, high, verdict);
	return true;
}

/* Octets as they are, in eights. */
static void check_octets(struct compiler *c, uint32_t bit, const uint8_t *octets, uint32_t width)
{
	for (uint32_t at = 0; at < width; at += 64) {
		uint32_t part = width - at < 64 ? width - at : 64;
		uint64_t value = bytes_get_bits(octets, at, part);
		struct respond_word word;

		if (respond_word_make(bit + at, part, c->program->need, &word))
			check_add(c, &word, value, value, RESPOND_OTHER);
	}
}

/* Octets from first to last: up to 64 bits, or a prefix. */
static bool check_range(struct compiler *c, const struct view_field *row,
	const struct wire_value *first, const struct wire_value *last)
{
	uint32_t same = 0;

	if (wire_is_number(row->field))
		return check_number(c, row, first->number, last->number, RESPOND_OTHER);
	if (row->width <= 64)
		return check_number(c, row, bytes_get_bits(first->octets, 0, row->width),
			bytes_get_bits(last->octets, 0, row->width), RESPOND_OTHER);
	while (same < row->width &&
		bytes_get_bits(first->octets, same, 1) == bytes_get_bits(last->octets, same, 1))
		same++;
	for (uint32_t bit = same; bit < row->width; bit++)
		if (bytes_get_bits(first->octets, bit, 1) || !bytes_get_bits(last->octets, bit, 1))
			return respond_cannot(
				c, "%s is in a range that is no prefix", row->field->name);
	check_octets(c, row->bit, first->octets, same);
	return true;
}

static bool check_want(
	struct compiler *c, const struct view_field *row, const struct spec_want *want)
{
	struct respond_word word;

	if (want->kind == SPEC_WANT_ANY)
		return true;
	if (want->kind == SPEC_WANT_ONE_OF && want->count == 1 && !want->except)
		return check_range(c, row, &want->ranges[0].first, &want->ranges[0].last);
	if (want->kind != SPEC_WANT_BITS)
		return respond_cannot(c, "%s is one of several", row->field->name);
	if (!word_of(c, row, &word))
		return false;
	word.mask = (want->set | want->clear) << word.shift >> word.shift;
	check_add(c, &word, want->set, want->set, RESPOND_OTHER);
	return true;
}

/* The value of a name that another field of the request has. */
static bool check_same(
	struct compiler *c, const struct view_field *row, const struct spec_capture *capture)
{
	const struct respond_source *source = &c->sources[capture->index];
	uint32_t need = c->program->need;

	if (source->kind != SOURCE_BITS)
		return respond_cannot(c, "%s is held against a payload", row->field->name);
	if (wire_is_number(row->field)) {
		struct respond_same same = { .plus = capture->plus };

		if (!respond_word_make(source->bit, source->width, need, &same.first) ||
			!word_of(c, row, &same.second))
			return false;
		*ROW_ADD(c, same, sames) = same;
		return true;
	}
	if (source->width != row->width)
		return respond_cannot(c, "%s differs in length", row->field->name);
	for (uint32_t at = 0; at < row->width; at += 64) {
		uint32_t part = row->width - at < 64 ? row->width - at : 64;
		struct respond_same same = { 0 };

		if (!respond_word_make(source->bit + at, part, need, &same.first) ||
			!respond_word_make(row->bit + at, part, need, &same.second))
			return respond_cannot(c, "%s is unaligned", row->field->name);
		*ROW_ADD(c, same, sames) = same;
	}
	return true;
}

static bool check_taken(
	struct compiler *c, const struct view_field *row, const struct spec_capture *capture)
{
	if (capture->table)
		return respond_cannot(c, "%s is looked up in a table", row->field->name);
	if (capture->ranged && !check_range(c, row, &capture->first_value, &capture->last_value))
		return false;
	if (!capture->name)
		return true;
	if (!capture->first)
		return check_same(c, row, capture);
	c->sources[capture->index] = (struct respond_source){ SOURCE_BITS, row->bit, row->width };
	return true;
}

static bool check_given(
	struct compiler *c, const struct view_field *row, const struct wire_value *value)
{
	if (wire_is_number(row->field))
		return check_number(c, row, value->number, value->number, RESPOND_OTHER);
	if (value->length * 8 != row->width)
		return respond_cannot(c, "%s has a length of its own", row->field->name);
	check_octets(c, row->bit, value->octets, row->width);
	return true;
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
	if (!word_of(c, row, &word))
		return false;
	check_add(c, &word, number, number, RESPOND_OTHER);
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

	if (!word_of(c, row, &word))
		return false;
	if (place->closed) {
		check_add(c, &word, number, number, RESPOND_OTHER)->unsure = true;
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
	if (!word_of(c, row, &bound.word))
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
	if (!check_number(c, row, 0, 0, RESPOND_FRAGMENT) || !word_of(c, flags, &word))
		return false;
	for (const struct wire_name *name = flags->field->names; name && name->name; name++) {
		if (strcmp(name->name, "mf") != 0)
			continue;
		word.mask = name->value;
		check_add(c, &word, 0, 0, RESPOND_FRAGMENT);
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
	if (value->state == SPEC_TAKEN)
		return check_taken(c, row, value->capture);
	if (value->want)
		return check_want(c, row, value->want);
	return check_given(c, row, &value->value);
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
