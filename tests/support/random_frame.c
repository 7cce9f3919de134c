/* Makes random frame specs from the tables. */
#include "random_frame.h"

#include "random.h"

#include "base/arena.h"

#include <string.h>

#define NESTING_MAX 3	/* IP layers */
#define LAYERS_MAX  12	/* from then on only what has to follow does */
#define RECORD_MAX  256 /* octets, but for payloads */

struct maker {
	struct arena *arena;
	uint64_t *state;
	enum support_frame_style style;
	struct frame_spec *spec;
	unsigned int nesting;
};

static uint64_t below(struct maker *m, uint64_t bound)
{
	return support_random_below(m->state, bound);
}

static bool one_in(struct maker *m, uint64_t n)
{
	return below(m, n) == 0;
}

static bool wild(struct maker *m, uint64_t n)
{
	return m->style == SUPPORT_FRAME_WILD && one_in(m, n);
}

/* ---- values ---- */

static void give_number(struct spec_value *value, uint64_t number)
{
	value->state = SPEC_GIVEN;
	value->value = (struct wire_value){ .number = number };
}

static void give_octets(struct maker *m, struct spec_value *value, size_t length)
{
	uint8_t *octets = arena_alloc(m->arena, length);

	support_random_octets(m->state, octets, length);
	value->state = SPEC_GIVEN;
	value->value = (struct wire_value){ .octets = octets, .length = length };
}

static uint64_t max_of(const struct wire_field *field)
{
	return field->width >= 64 ? UINT64_MAX : (1ULL << field->width) - 1;
}

static uint64_t any_number(struct maker *m, const struct wire_field *field)
{
	return support_random(m->state) & max_of(field);
}

/* What the number names: a protocol, or a length (IEEE 802.3), which LLC follows. */
static bool names_something(const struct wire_field *field, uint64_t number)
{
	return wire_protocol_next(field->space, number) ||
	       (field->length.unit && number <= WIRE_NUMBER_LENGTH_MAX);
}

/* A number that names no protocol in the row's space. */
static uint64_t unbound_number(struct maker *m, const struct wire_field *field)
{
	uint64_t number;

	do
		number = any_number(m, field);
	while (names_something(field, number));
	return number;
}

/* One to three labels, and the root or a pointer. */
static void give_name(struct maker *m, struct spec_value *value)
{
	unsigned int labels = (unsigned int)below(m, 4);
	bool pointer = one_in(m, 3);
	uint8_t octets[3 * 12 + 2];
	size_t length = 0;

	for (unsigned int i = 0; i < labels; i++) {
		octets[length] = (uint8_t)(1 + below(m, 11));
		support_random_octets(m->state, octets + length + 1, octets[length]);
		length += octets[length] + 1U;
	}
	if (pointer)
		octets[length++] = (uint8_t)(0xc0 | below(m, 64));
	octets[length++] = pointer ? (uint8_t)below(m, 256) : 0;
	value->state = SPEC_GIVEN;
	value->value = (struct wire_value){ .octets = arena_copy(m->arena, octets, length),
		.length = length };
}

/* Octets that are not zero. */
static void give_string(struct maker *m, struct spec_value *value)
{
	size_t length = below(m, 12);
	uint8_t *octets = arena_alloc(m->arena, length);

	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)(1 + below(m, 255));
	value->state = SPEC_GIVEN;
	value->value = (struct wire_value){ .octets = octets, .length = length };
}

static void give_any(struct maker *m, const struct wire_field *field, struct spec_value *value)
{
	if (field->kind == WIRE_NAME)
		give_name(m, value);
	else if (field->kind == WIRE_STRING)
		give_string(m, value);
	else if (!wire_is_number(field))
		give_octets(m, value, field->width / 8);
	else if (field->space != WIRE_SPACE_NONE)
		give_number(value, unbound_number(m, field));
	else
		give_number(value, any_number(m, field));
}

static bool has_to_be_given(const struct wire_field *field)
{
	return field->required || (field->preset && field->preset[0] == '$');
}

/* ---- records ---- */

/* A record in the making. */
struct record {
	struct spec_record *spec;
	const struct wire_list *list; /* it is an item of; NULL: a header */
	size_t bits;
	size_t room; /* octets that it may have */
};

/* What the row of this name comes to: rows that others depend on are given or have a preset. */
static uint64_t number_of(struct maker *m, const struct record *record, const char *name)
{
	int row = wire_field_find(record->spec->type, name);
	const struct spec_value *value = &record->spec->values[row];
	const struct wire_field *field = &record->spec->type->fields[row];
	struct wire_value preset = { 0 };

	if (value->state == SPEC_GIVEN)
		return value->value.number;
	if (row == wire_item_id(record->list, record->spec->type))
		return record->spec->type->id;
	if (field->preset)
		wire_value_parse(m->arena, field, field->preset, &preset, NULL);
	return preset.number;
}

static bool is_present(struct maker *m, const struct record *record, const struct wire_field *field)
{
	const struct wire_when *when = field->when;
	const struct wire_record *type = record->spec->type;

	if (!when)
		return true;
	for (unsigned int i = 0; i < type->count; i++)
		if (!strcmp(type->fields[i].name, when->field) &&
			is_present(m, record, &type->fields[i]))
			return wire_when_holds(when, number_of(m, record, when->field));
	return when->unless;
}

static size_t make_record(struct maker *m, const struct wire_record *type,
	const struct wire_list *list, size_t room, struct spec_record *ret);

static const struct wire_record *any_item(struct maker *m, const struct wire_list *list)
{
	unsigned int count = 0;
	uint64_t chosen;

	while (list->items[count])
		count++;
	chosen = below(m, count + (list->other ? 1 : 0));
	if (wild(m, 8))
		return &wire_raw_item;
	return chosen < count ? list->items[chosen] : list->other;
}

/* The row that counts this one's octets or items; NULL: none does. */
static const struct wire_field *counter_of(
	const struct wire_record *type, const struct wire_field *field)
{
	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *row = &type->fields[i];

		if ((row->rule == WIRE_COUNT || row->rule == WIRE_LENGTH) && row->of &&
			!strcmp(row->of, field->name))
			return row;
	}
	return NULL;
}

/* The row that says where the record ends; NULL: none does. */
static const struct wire_field *length_of(const struct wire_record *type)
{
	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *row = &type->fields[i];

		if (row->rule == WIRE_LENGTH && (row->length.span == WIRE_SPAN_RECORD ||
							row->length.span == WIRE_SPAN_REST))
			return row;
	}
	return NULL;
}

/* Whether the row goes on to the end of what is around its record. */
static bool is_open(const struct wire_record *type, const struct wire_field *field)
{
	return !field->width && (field->kind == WIRE_LIST || field->kind == WIRE_BYTES) &&
	       !counter_of(type, field) && !length_of(type);
}

static bool add_item(struct maker *m, struct record *record, const struct wire_list *list,
	const struct wire_record *type, struct spec_value *value)
{
	size_t left = record->room - record->bits / 8;
	size_t length = make_record(m, type, list, left, &value->items[value->count]);
	size_t align = list->item_align ? list->item_align : 1;

	length += (align - length % align) % align;
	if (!length || length > left)
		return false;
	record->bits += length * 8;
	value->state = SPEC_GIVEN;
	value->count++;
	return true;
}

static void make_list(struct maker *m, struct record *record, const struct wire_field *field,
	struct spec_value *value)
{
	const struct wire_list *list = field->list;
	const struct wire_field *counter = counter_of(record->spec->type, field);
	unsigned int count = (unsigned int)below(m, 6);
	const struct wire_record *type = NULL;

	/* A count that begins below zero, the index of the last item, wants one. */
	if (counter && counter->rule == WIRE_COUNT && counter->length.bias < 0)
		count++;
	value->items = arena_alloc(m->arena, (count + 1) * sizeof(*value->items));
	for (unsigned int i = 0; i < count; i++) {
		type = any_item(m, list);
		if (!add_item(m, record, list, type, value))
			continue;
		/* What is behind the end is no item. */
		if (list->end && type == list->end && !wild(m, 2))
			return;
	}
	/* Else padding of the frame would be read as more of it. */
	if (list->end && is_open(record->spec->type, field))
		add_item(m, record, list, list->end, value);
}

/* The octets that a row without a width is counted in. */
static size_t unit_of(const struct wire_record *type, const struct wire_field *field)
{
	const struct wire_field *row = counter_of(type, field);

	if (!row)
		row = length_of(type);
	return row && row->length.unit ? row->length.unit : 1;
}

/* Octets such that what counts them can say how many they are. */
static void make_octets(struct maker *m, struct record *record, const struct wire_field *field,
	struct spec_value *value)
{
	size_t unit = unit_of(record->spec->type, field);
	bool counted = counter_of(record->spec->type, field);
	size_t gap = counted ? 0 : (unit - record->bits / 8 % unit) % unit;
	size_t length = gap + unit * below(m, 24 / unit);

	if (one_in(m, 3) || !length || record->bits / 8 + length > record->room) {
		struct wire_value preset = { 0 };

		wire_value_preset(m->arena, field, &preset);
		record->bits += (preset.length ? preset.length : gap) * 8;
		return;
	}
	give_octets(m, value, length);
	record->bits += length * 8;
}

static bool is_id(const struct record *record, const struct wire_field *field)
{
	int id = wire_item_id(record->list, record->spec->type);

	return id >= 0 && field == &record->spec->type->fields[id];
}

static void make_id(struct maker *m, const struct record *record, const struct wire_field *field,
	struct spec_value *value)
{
	const struct wire_list *list = record->list;
	uint64_t number;
	bool known;

	if (record->spec->type != list->other)
		return;
	do {
		number = any_number(m, field);
		known = false;
		for (const struct wire_record *const *item = list->items; *item; item++)
			known = known || (*item)->id == number;
	} while (known);
	give_number(value, number);
}

/* Whether a row of this rule is given: those that are computed only where the frame may be wrong.
 */
static bool is_given(struct maker *m, const struct wire_field *field)
{
	switch (field->rule) {
	case WIRE_CHECKSUM:
		return one_in(m, 8);
	case WIRE_LENGTH:
	case WIRE_COUNT:
	case WIRE_NEXT:
		return wild(m, 12);
	case WIRE_FIXED:
	default:
		return field->optional || has_to_be_given(field) || one_in(m, 2);
	}
}

/* A value that a condition of the record is about, one of them as likely as the other; false where
 * none looks at the row. At random, most would hold for hardly any frame. */
static bool give_telling(struct maker *m, const struct wire_record *type,
	const struct wire_field *field, struct spec_value *value)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_when *when = type->fields[i].when;

		if (!when || strcmp(when->field, field->name) != 0)
			continue;
		for (unsigned int k = 0; k < when->count; k++)
			if (one_in(m, ++count))
				give_number(value, when->values[k]);
	}
	return count;
}

static void make_value(struct maker *m, struct record *record, const struct wire_field *field,
	struct spec_value *value)
{
	if (is_id(record, field))
		make_id(m, record, field, value);
	else if (field->kind == WIRE_LIST)
		make_list(m, record, field, value);
	else if (field->kind == WIRE_BYTES && !field->width)
		make_octets(m, record, field, value);
	else if (field->rule == WIRE_CHECKSUM && one_in(m, 8))
		value->state = SPEC_BAD;
	else if (field->rule == WIRE_FIXED && field->space == WIRE_SPACE_NONE && one_in(m, 2) &&
		 give_telling(m, record->spec->type, field, value))
		; /* that will do */
	else if (is_given(m, field))
		give_any(m, field, value);
	if (field->width)
		record->bits += field->width;
	else if (field->kind == WIRE_NAME || field->kind == WIRE_STRING)
		record->bits +=
			value->state == SPEC_GIVEN ? wire_value_width(field, &value->value) : 8;
}

/* Returns the record's length in octets; more than room where it did not fit. Values that were
 * given before stay. */
static size_t fill_record(struct maker *m, struct record *record)
{
	const struct wire_record *type = record->spec->type;

	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];

		if (field->optional && one_in(m, 2))
			break;
		if (!is_present(m, record, field))
			continue;
		if (record->spec->values[i].state != SPEC_AUTO)
			record->bits += field->width;
		else
			make_value(m, record, field, &record->spec->values[i]);
		/* An optional row with nothing in it is not there. */
		if (field->optional && record->spec->values[i].state == SPEC_AUTO)
			break;
	}
	return record->bits / 8;
}

static size_t make_record(struct maker *m, const struct wire_record *type,
	const struct wire_list *list, size_t room, struct spec_record *ret)
{
	struct record record = { .spec = ret, .list = list, .room = room };

	spec_record_init(ret, m->arena, type);
	return fill_record(m, &record);
}

/* ---- layers ---- */

/* Octets that a header may have: as many as its own length can say. */
static size_t header_room(const struct wire_record *type)
{
	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];

		if (field->rule == WIRE_LENGTH && !wire_spans_payload(&field->length) &&
			(max_of(field) + 1) * field->length.unit < RECORD_MAX)
			return max_of(field) * field->length.unit;
	}
	return RECORD_MAX;
}

static struct spec_value *value_named(struct spec_layer *layer, const char *name)
{
	return &layer->header.values[wire_field_find(layer->header.type, name)];
}

static struct spec_layer *last_layer(struct maker *m)
{
	return &m->spec->layers[m->spec->count - 1];
}

static struct spec_layer *add_layer(struct maker *m, const char *name)
{
	return spec_layer_add(m->spec, m->arena, wire_protocol_find(name));
}

/* Returns whether the header goes on to the end of what is around it, or would if more octets were
 * there: nothing can follow. */
static bool fill_layer(struct maker *m, struct spec_layer *layer)
{
	const struct wire_record *type = layer->header.type;
	struct record record = { .spec = &layer->header, .room = header_room(type) };

	/* A header of nothing, a text or a list alone, would not be read as one. */
	do
		fill_record(m, &record);
	while (!record.bits);
	for (unsigned int i = 0; i < type->count; i++)
		if ((is_open(type, &type->fields[i]) || type->fields[i].optional) &&
			is_present(m, &record, &type->fields[i]))
			return true;
	return false;
}

/* What names the next layer is given where no layer follows that it could name. */
static void end_chain(struct maker *m)
{
	struct spec_layer *layer = last_layer(m);
	const struct wire_record *type = layer->header.type;
	const struct record record = { .spec = &layer->header };

	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];
		struct spec_value *value = &layer->header.values[i];

		if (field->space == WIRE_SPACE_NONE || value->state != SPEC_AUTO ||
			!is_present(m, &record, field))
			continue;
		if ((field->rule == WIRE_NEXT && !field->preset) ||
			names_something(field, number_of(m, &record, field->name)) || one_in(m, 2))
			give_any(m, field, value);
	}
}

/* Up to room octets of payload, or none. */
static void add_payload(struct maker *m, size_t room)
{
	const struct wire_protocol *protocol = last_layer(m)->protocol;
	struct spec_value *value;

	end_chain(m);
	if (one_in(m, 4))
		return;
	value = add_layer(m, "payload")->header.values;
	give_octets(m, value, 1 + below(m, room));
	if (protocol->guess_ip) /* such that it is taken for none */
		*(uint8_t *)value->value.octets &= 0x0f;
}

static void add_protocol(struct maker *m, const struct wire_protocol *protocol);
static void add_next(struct maker *m, size_t room);

/* An error message quotes a packet. */
static void add_icmp(struct maker *m, const char *name)
{
	struct spec_layer *layer = add_layer(m, name);
	const struct wire_field *type = &layer->header.type->fields[0];
	const struct wire_protocol *quoted;
	unsigned int names = 0;
	uint64_t number;

	while (type->names[names].name)
		names++;
	do {
		number = one_in(m, 4) ? any_number(m, type) : type->names[below(m, names)].value;
		quoted = wire_protocol_next(type->space, number);
	} while (quoted && m->nesting == NESTING_MAX);
	give_number(&layer->header.values[0], number);
	if (fill_layer(m, layer))
		return;
	if (quoted)
		add_protocol(m, quoted);
	else
		add_payload(m, 200);
}

/* ---- what follows ---- */

/* Whether the layer's numbers can name the protocol. */
static bool can_name(
	struct maker *m, const struct spec_layer *layer, const struct wire_protocol *protocol)
{
	struct spec_record header = layer->header;
	const struct record record = { .spec = &header };

	for (unsigned int i = 0; i < header.type->count; i++) {
		const struct wire_field *field = &header.type->fields[i];
		uint64_t number;

		if (field->rule == WIRE_NEXT && header.values[i].state == SPEC_AUTO &&
			is_present(m, &record, field) &&
			wire_protocol_number(protocol, field->space, &number) &&
			(number != WIRE_NUMBER_LENGTH || field->length.unit))
			return true;
	}
	return false;
}

/* Whether a number of the protocol names another one over the IP layer that is below. */
static bool is_another_here(struct maker *m, const struct wire_protocol *protocol)
{
	unsigned int ip = 0;
	uint64_t number;

	for (unsigned int i = m->spec->count; i-- > 0 && !ip;)
		ip = wire_ip_version(m->spec->layers[i].protocol);
	return wire_protocol_number(protocol, WIRE_IP_PROTOCOL, &number) &&
	       wire_protocol_over(WIRE_IP_PROTOCOL, number, ip) != protocol;
}

/* Whether the protocol may stand behind the last layer of this frame. */
static bool may_follow(struct maker *m, const struct wire_protocol *protocol)
{
	const struct spec_layer *layer = last_layer(m);
	bool v6 = layer->protocol->ip_extension || !strcmp(layer->header.type->name, "ipv6");

	if (protocol->ip_extension || protocol == &wire_payload ||
		!strcmp(protocol->header.name, v6 ? "icmp" : "icmpv6"))
		return false;
	if ((protocol->ip && m->nesting == NESTING_MAX) || is_another_here(m, protocol))
		return false;
	return can_name(m, layer, protocol) || (layer->protocol->guess_ip && protocol->ip);
}

/* Any of the protocols that may, each as likely as the other; NULL where there is none. */
static const struct wire_protocol *any_follower(struct maker *m)
{
	const struct wire_protocol *chosen = NULL;
	unsigned int count = 0;

	for (const struct wire_protocol *const *p = wire_protocols; *p; p++)
		if (may_follow(m, *p) && one_in(m, ++count))
			chosen = *p;
	return chosen;
}

static void add_ip(struct maker *m, const char *name);

static bool has_space(const struct wire_record *type)
{
	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].space != WIRE_SPACE_NONE)
			return true;
	return false;
}

static void add_protocol(struct maker *m, const struct wire_protocol *protocol)
{
	const char *name = protocol->header.name;
	struct spec_layer *layer;

	if (protocol->ip) {
		add_ip(m, name);
		return;
	}
	if (!strcmp(name, "icmp") || !strcmp(name, "icmpv6")) {
		add_icmp(m, name);
		return;
	}
	layer = add_layer(m, name);
	/* What a reader knows by its first octets has those of its presets. */
	if (!protocol->begins && fill_layer(m, layer))
		return;
	if (protocol->next)
		add_protocol(m, protocol->next);
	else if (has_space(&protocol->header) || protocol->guess_ip)
		add_next(m, 200);
}

/* A layer that the last one can name, or up to room octets of payload. */
static void add_next(struct maker *m, size_t room)
{
	const struct wire_protocol *next = NULL;

	if (m->spec->count < LAYERS_MAX && !one_in(m, 4))
		next = any_follower(m);
	if (next)
		add_protocol(m, next);
	else
		add_payload(m, room);
}

/* Returns whether the packet is no first fragment, which carries no header. */
static bool add_extensions(struct maker *m)
{
	static const char *const names[] = { "hopopts", "routing", "dstopts", "ah", "fragment" };
	unsigned int count = (unsigned int)below(m, 4);

	for (unsigned int i = 0; i < count; i++) {
		const char *name = names[below(m, sizeof(names) / sizeof(names[0]))];
		struct spec_layer *layer = add_layer(m, name);

		if (!strcmp(name, "fragment") && one_in(m, 2))
			give_number(value_named(layer, "frag-offset"), 0);
		fill_layer(m, layer);
		if (!strcmp(name, "fragment") && value_named(layer, "frag-offset")->value.number)
			return true;
	}
	return false;
}

static void add_ip(struct maker *m, const char *name)
{
	bool guessed = m->spec->count && last_layer(m)->protocol->guess_ip;
	struct spec_layer *layer = add_layer(m, name);
	bool v6 = !strcmp(name, "ipv6");
	bool later_fragment;

	m->nesting++;
	/* A reader guesses what it is by its version. */
	if (m->spec->count > 1 && layer[-1].protocol->guess_ip)
		give_number(value_named(layer, "version"), v6 ? 6 : 4);
	if (!v6 && !one_in(m, 8))
		give_number(value_named(layer, "frag-offset"), 0);
	fill_layer(m, layer);
	if (guessed) /* by its version */
		*value_named(layer, "version") = (struct spec_value){ 0 };
	if (v6)
		later_fragment = add_extensions(m);
	else
		later_fragment = value_named(layer, "frag-offset")->value.number;
	if (later_fragment)
		add_payload(m, 200);
	else
		add_next(m, 200);
}

static void add_tags(struct maker *m)
{
	static const char *const names[] = { "vlan", "svlan" };

	for (unsigned int i = 0; i < 3 && one_in(m, 3); i++)
		fill_layer(m, add_layer(m, names[below(m, 2)]));
}

static void make_pad(struct maker *m, struct spec_pad *pad)
{
	size_t length = 1 + below(m, 50);
	uint8_t *octets = arena_alloc(m->arena, length);

	support_random_octets(m->state, octets, length);
	*pad = (struct spec_pad){ (enum spec_pad_mode)below(m, SPEC_PAD_OCTETS + 1), octets,
		length };
}

static void make_fcs(struct maker *m, struct spec_fcs *fcs)
{
	fcs->mode = (enum spec_fcs_mode)below(m, SPEC_FCS_GIVEN + 1);
	support_random_octets(m->state, fcs->octets, sizeof(fcs->octets));
}

/* Whether a layer says where its payload ends, so that padding behind it can be told from it. */
static bool is_bounded(struct maker *m)
{
	for (unsigned int i = 0; i < m->spec->count; i++) {
		const struct wire_protocol *protocol = m->spec->layers[i].protocol;
		uint64_t number;

		if (protocol->ip || (wire_protocol_number(protocol, WIRE_ETHERTYPE, &number) &&
					    number == WIRE_NUMBER_LENGTH))
			return true;
		for (unsigned int j = 0; j < protocol->header.count; j++)
			if (protocol->header.fields[j].rule == WIRE_LENGTH &&
				wire_spans_payload(&protocol->header.fields[j].length))
				return true;
	}
	return false;
}

void support_random_frame(struct arena *arena, uint64_t *state, enum support_frame_style style,
	struct frame_spec *ret)
{
	struct maker m = { .arena = arena, .state = state, .style = style, .spec = ret };

	*ret = (struct frame_spec){ .name = "random" };
	fill_layer(&m, add_layer(&m, "eth"));
	add_tags(&m);
	make_pad(&m, &ret->pad);
	make_fcs(&m, &ret->fcs);
	switch (below(&m, 8)) {
	case 0:
		add_payload(&m, 1500);
		break;
	case 1:
	case 2:
	case 3:
		add_next(&m, 1500);
		break;
	default:
		add_ip(&m, one_in(&m, 2) ? "ipv4" : "ipv6");
		break;
	}
	/* Nothing says where a bare payload ends and padding begins. */
	if (!is_bounded(&m))
		ret->pad.mode = SPEC_PAD_NONE;
}
