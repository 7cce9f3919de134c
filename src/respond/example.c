/* A frame that a pattern fits, made up. */
#include "respond/example.h"

#include "base/arena.h"

#include <string.h>

/* A header that is being filled, or an item in it. */
struct filling {
	struct arena *arena;
	struct pattern_value *values;
	const struct wire_protocol *next; /* the layer that follows; NULL at the end */
};

static struct wire_value octets_of(struct arena *arena, const void *octets, size_t length)
{
	if (!length)
		return (struct wire_value){ 0 };
	return (struct wire_value){ .octets = arena_copy(arena, octets, length), .length = length };
}

/* A value that reads as what it is; a port as one of what follows. */
static struct wire_value plain(const struct filling *f, const struct wire_field *field)
{
	static const uint8_t mac[] = { 2, 0, 0, 0, 0, 2 };
	static const uint8_t ipv4[] = { 192, 0, 2, 2 };
	static const uint8_t ipv6[] = { 0x20, 1, 0x0d, 0xb8, [15] = 2 };
	static const uint8_t name[] = "\7example";
	static const char payload[] = "payload";
	struct arena *arena = f->arena;
	struct wire_value value = { 0 };

	switch (field->kind) {
	case WIRE_MAC:
		return octets_of(arena, mac, sizeof(mac));
	case WIRE_IPV4:
		return octets_of(arena, ipv4, sizeof(ipv4));
	case WIRE_IPV6:
		return octets_of(arena, ipv6, sizeof(ipv6));
	case WIRE_NAME:
		return octets_of(arena, name, sizeof(name));
	case WIRE_BYTES:
		value.length = field->width / 8U;
		value.octets = arena_alloc(arena, value.length);
		return value.length ? value : octets_of(arena, payload, sizeof(payload) - 1);
	case WIRE_STRING:
		return octets_of(arena, payload, sizeof(payload) - 1);
	case WIRE_UINT:
	case WIRE_FLAGS:
		if (!wire_is_port(field) || !f->next ||
			!wire_protocol_number(f->next, field->space, &value.number))
			wire_value_preset(arena, field, &value);
		return value;
	case WIRE_LIST:
	default:
		return value;
	}
}

/* The first of a range; of a prefix the address after, which may be a host's. */
static struct wire_value first_of(struct arena *arena, const struct wire_field *field,
	const struct wire_value *first, const struct wire_value *last)
{
	struct wire_value value = *first;
	uint8_t *octets;

	if ((field->kind != WIRE_IPV4 && field->kind != WIRE_IPV6) ||
		wire_value_equal(field, first, last))
		return value;
	octets = arena_copy(arena, value.octets, value.length);
	octets[value.length - 1] |= 1;
	value.octets = octets;
	return value;
}

static void name_set(struct pattern_value *name, const struct wire_value *value)
{
	buffer_clear(&name->octets);
	name->known = true;
	name->number = value->number;
	if (value->length)
		buffer_put(&name->octets, value->octets, value->length);
}

static struct wire_value taken(
	const struct filling *f, const struct wire_field *field, const struct spec_capture *capture)
{
	struct pattern_value *name = capture->name ? &f->values[capture->index] : NULL;
	struct wire_value value;

	if (name && name->known) {
		value = octets_of(f->arena, name->octets.data, name->octets.length);
		value.number = name->number + capture->plus;
		return value;
	}
	if (capture->table)
		value = capture->table->keys[0];
	else if (capture->ranged)
		value = first_of(f->arena, field, &capture->first_value, &capture->last_value);
	else
		value = plain(f, field);
	if (name)
		name_set(name, &value);
	return value;
}

static void wanted(
	const struct filling *f, const struct wire_field *field, struct spec_value *value)
{
	const struct spec_want *want = value->want;

	value->want = NULL;
	switch (want->kind) {
	case SPEC_WANT_ANY:
		value->value = plain(f, field);
		break;
	case SPEC_WANT_RIGHT:
		value->state = SPEC_AUTO;
		break;
	case SPEC_WANT_ONE_OF:
		value->value = want->except ? plain(f, field)
					    : first_of(f->arena, field, &want->ranges[0].first,
						      &want->ranges[0].last);
		break;
	case SPEC_WANT_BITS:
		value->value.number = want->set;
		break;
	case SPEC_WANT_PREFIX:
	case SPEC_WANT_EXACTLY:
		break;
	}
}

static void fill_record(const struct filling *f, struct spec_record *record)
{
	const struct wire_record *type = record->type;

	record->values =
		arena_copy(f->arena, record->values, type->count * sizeof(*record->values));
	for (unsigned int i = 0; i < type->count; i++) {
		const struct wire_field *field = &type->fields[i];
		struct spec_value *value = &record->values[i];
		bool unknown = field->required || (field->preset && field->preset[0] == '$');

		value->placeholder |= value->state == SPEC_TAKEN;
		if (value->state == SPEC_TAKEN)
			value->value = taken(f, field, value->capture);
		else if (value->state == SPEC_AUTO && unknown)
			value->value = plain(f, field);
		if (value->state == SPEC_TAKEN || (value->state == SPEC_AUTO && unknown))
			value->state = SPEC_GIVEN;
		else if (value->state == SPEC_GIVEN && value->want)
			wanted(f, field, value);
		if (value->count)
			value->items = arena_copy(
				f->arena, value->items, value->count * sizeof(*value->items));
		for (unsigned int j = 0; j < value->count; j++)
			fill_record(f, &value->items[j]);
	}
}

void respond_example_request(struct arena *arena, const struct frame_spec *pattern,
	struct pattern_value *values, struct frame_spec *ret)
{
	*ret = *pattern;
	ret->layers = arena_copy(arena, pattern->layers, pattern->count * sizeof(*ret->layers));
	for (unsigned int i = 0; i < ret->count; i++) {
		const struct filling filling = {
			.arena = arena,
			.values = values,
			.next = i + 1 < ret->count ? ret->layers[i + 1].protocol : NULL,
		};

		fill_record(&filling, &ret->layers[i].header);
	}
}

int respond_example(struct arena *arena, const struct respond_rule *rule,
	struct frame_spec *ret_request, struct frame_spec *ret_answer, struct err *err)
{
	struct pattern_value *values = arena_alloc(arena, SPEC_CAPTURES_MAX * sizeof(*values));
	int r;

	respond_example_request(arena, rule->request, values, ret_request);
	r = pattern_fill(arena, rule->answer, values, ret_answer, err);
	pattern_values_fini(values, SPEC_CAPTURES_MAX);
	ret_request->name = arena_printf(arena, "%s request", rule->name);
	ret_answer->name = arena_printf(arena, "%s answer", rule->name);
	return r;
}
