/* Makes random frame specs from the tables. */
#include "random_frame.h"

#include "random.h"

#include "base/arena.h"

#include <string.h>

#define NESTING_MAX 3	/* IP layers */
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

#define LENGTH_802_3_MAX 1500

/* A number that names no protocol in the row's space; up to 1500 an ethertype is a length. */
static uint64_t unbound_number(struct maker *m, const struct wire_field *field)
{
	uint64_t number;

	do
		number = any_number(m, field);
	while (wire_protocol_next(field->space, number) ||
		(field->space == WIRE_ETHERTYPE && number <= LENGTH_802_3_MAX));
	return number;
}

static void give_any(struct maker *m, const struct wire_field *field, struct spec_value *value)
{
	if (!wire_is_number(field))
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
	if (field->preset)
		wire_value_parse(m->arena, field, field->preset, &preset, NULL);
	return preset.number;
}

static bool is_present(struct maker *m, const struct record *record, const struct wire_field *field)
{
	const struct wire_when *when = field->when;

	if (!when)
		return true;
	return wire_when_holds(when, number_of(m, record, when->field));
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

static void make_list(struct maker *m, struct record *record, const struct wire_field *field,
	struct spec_value *value)
{
	const struct wire_list *list = field->list;
	unsigned int count = (unsigned int)below(m, 6);
	struct spec_record *items = arena_alloc(m->arena, count * sizeof(*items));

	for (unsigned int i = 0; i < count; i++) {
		const struct wire_record *type = any_item(m, list);
		size_t left = record->room - record->bits / 8;
		size_t length = make_record(m, type, list, left, &items[value->count]);

		if (length > left)
			continue;
		record->bits += length * 8;
		value->state = SPEC_GIVEN;
		value->items = items;
		value->count++;
		/* What is behind the end is no item. */
		if (list->has_end && type == list->items[0] && !wild(m, 2))
			break;
	}
}

/* The octets that the record's own length counts in, where its lists are not filled up to more. */
static size_t unit_of(const struct wire_record *type)
{
	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].rule == WIRE_LENGTH &&
			type->fields[i].length.span == WIRE_SPAN_RECORD)
			return type->fields[i].length.unit;
	return 1;
}

/* Octets to the record's end, such that its length can say where that is. */
static void make_octets(struct maker *m, struct record *record, struct spec_value *value)
{
	size_t unit = unit_of(record->spec->type);
	size_t gap = (unit - record->bits / 8 % unit) % unit;
	size_t length = gap + unit * below(m, 24 / unit);

	if (one_in(m, 3) || record->bits / 8 + length > record->room) {
		record->bits += gap * 8;
		return;
	}
	give_octets(m, value, length);
	record->bits += length * 8;
}

static bool is_id(const struct record *record, const struct wire_field *field)
{
	return record->list && record->list->id_width && field == record->spec->type->fields;
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

static void make_value(struct maker *m, struct record *record, const struct wire_field *field,
	struct spec_value *value)
{
	if (is_id(record, field))
		make_id(m, record, field, value);
	else if (field->kind == WIRE_LIST)
		make_list(m, record, field, value);
	else if (field->kind == WIRE_BYTES && !field->width)
		make_octets(m, record, value);
	else if (field->rule == WIRE_CHECKSUM && one_in(m, 8))
		value->state = SPEC_BAD;
	else if (field->rule == WIRE_CHECKSUM ? one_in(m, 8)
		 : field->rule == WIRE_LENGTH || field->rule == WIRE_NEXT
			 ? wild(m, 12)
			 : has_to_be_given(field) || one_in(m, 2))
		give_any(m, field, value);
	record->bits += field->width;
}

/* Returns the record's length in octets; more than room where it did not fit. Values that were
 * given before stay. */
static size_t fill_record(struct maker *m, struct record *record)
{
	const struct wire_record *type = record->spec->type;

	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];

		if (!is_present(m, record, field))
			continue;
		if (record->spec->values[i].state != SPEC_AUTO)
			record->bits += field->width;
		else
			make_value(m, record, field, &record->spec->values[i]);
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

		if (field->rule == WIRE_LENGTH && field->length.span == WIRE_SPAN_RECORD &&
			(max_of(field) + 1) * field->length.unit < RECORD_MAX)
			return max_of(field) * field->length.unit;
	}
	return RECORD_MAX;
}

static struct spec_value *value_named(struct spec_layer *layer, const char *name)
{
	return &layer->header.values[wire_field_find(layer->header.type, name)];
}

static struct spec_layer *add_layer(struct maker *m, const char *name)
{
	return spec_layer_add(m->spec, m->arena, wire_protocol_find(name));
}

/* Returns whether the header goes on to the end of what is around it: nothing can follow. */
static bool fill_layer(struct maker *m, struct spec_layer *layer)
{
	const struct wire_record *type = layer->header.type;
	struct record record = { .spec = &layer->header, .room = header_room(type) };

	fill_record(m, &record);
	for (unsigned int i = 0; i < type->count; i++)
		if (!type->fields[i].width && is_present(m, &record, &type->fields[i]))
			return unit_of(type) == 1;
	return false;
}

/* What names the next layer is given where no layer follows that it could name. */
static void end_chain(struct maker *m)
{
	struct spec_layer *layer = &m->spec->layers[m->spec->count - 1];
	const struct wire_record *type = layer->header.type;

	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].rule == WIRE_NEXT && (!type->fields[i].preset || one_in(m, 2)))
			give_any(m, &type->fields[i], &layer->header.values[i]);
}

/* Up to room octets of payload, or none. */
static void add_payload(struct maker *m, size_t room)
{
	end_chain(m);
	if (!one_in(m, 4))
		give_octets(m, add_layer(m, "payload")->header.values, 1 + below(m, room));
}

static void add_ip(struct maker *m, const char *name);

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
		add_ip(m, quoted->header.name);
	else
		add_payload(m, 200);
}

/* What follows an IP header and its extensions. */
static void add_transport(struct maker *m, bool v6)
{
	switch (below(m, m->nesting < NESTING_MAX ? 8 : 6)) {
	case 0:
	case 1:
		fill_layer(m, add_layer(m, "udp"));
		add_payload(m, 200);
		break;
	case 2:
	case 3:
		fill_layer(m, add_layer(m, "tcp"));
		add_payload(m, 200);
		break;
	case 4:
		add_icmp(m, v6 ? "icmpv6" : "icmp");
		break;
	case 5:
		add_payload(m, 200);
		break;
	default:
		add_ip(m, one_in(m, 2) ? "ipv4" : "ipv6");
		break;
	}
}

/* Returns whether the packet is no first fragment, which carries no header. */
static bool add_extensions(struct maker *m)
{
	static const char *const names[] = { "hopopts", "routing", "dstopts", "fragment" };
	unsigned int count = (unsigned int)below(m, 4);

	for (unsigned int i = 0; i < count; i++) {
		const char *name = names[below(m, 4)];
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
	struct spec_layer *layer = add_layer(m, name);
	bool v6 = !strcmp(name, "ipv6");
	bool later_fragment;

	m->nesting++;
	if (!v6 && !one_in(m, 8))
		give_number(value_named(layer, "frag-offset"), 0);
	fill_layer(m, layer);
	if (v6)
		later_fragment = add_extensions(m);
	else
		later_fragment = value_named(layer, "frag-offset")->value.number;
	if (later_fragment)
		add_payload(m, 200);
	else
		add_transport(m, v6);
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
		fill_layer(&m, add_layer(&m, "arp"));
		break;
	case 1:
		/* Nothing says where a bare payload ends and padding begins. */
		ret->pad.mode = SPEC_PAD_NONE;
		add_payload(&m, 1500);
		break;
	default:
		add_ip(&m, one_in(&m, 2) ? "ipv4" : "ipv6");
		break;
	}
}
