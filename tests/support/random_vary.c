/* Makes values of a spec vary at random. */
#include "random_vary.h"

#include "random.h"

#include "base/arena.h"
#include "base/bytes.h"

#include <string.h>

struct varier {
	struct arena *arena;
	uint64_t *state;
	struct frame_spec *spec;
};

static uint64_t below(struct varier *v, uint64_t bound)
{
	return support_random_below(v->state, bound);
}

static uint64_t ones(unsigned int bits)
{
	return bits >= 64 ? UINT64_MAX : (1ULL << bits) - 1;
}

/* ---- values ---- */

static struct wire_value octets_value(struct varier *v, size_t length)
{
	uint8_t *octets = arena_alloc(v->arena, length);

	support_random_octets(v->state, octets, length);
	return (struct wire_value){ .octets = octets, .length = length };
}

static struct wire_value number_value(struct varier *v, unsigned int bits)
{
	/* The ends and small numbers are where things go wrong. */
	uint64_t number = below(v, 4) ? support_random(v->state) : below(v, 3) - 1;

	return (struct wire_value){ .number = number & ones(bits) };
}

/* A last for this first: near by for the most part. */
static struct wire_value after(
	struct varier *v, const struct wire_value *first, unsigned int bits, bool number)
{
	uint64_t span = below(v, 3) ? below(v, 40) : support_random(v->state) >> below(v, 64);
	size_t tail = first->length < 8 ? first->length : 8;
	uint64_t low = first->number;
	struct wire_value last = *first;
	uint8_t *octets;

	if (!number) {
		bits = (unsigned int)tail * 8;
		low = bytes_get_bits(first->octets + first->length - tail, 0, bits);
	}
	if (span > ones(bits) - low)
		span = ones(bits) - low;
	last.number = low + span;
	if (!number) {
		octets = arena_copy(v->arena, first->octets, first->length);
		bytes_put_bits(octets + first->length - tail, 0, bits, low + span);
		last = (struct wire_value){ .octets = octets, .length = first->length };
	}
	return last;
}

/* ---- kinds ---- */

static void vary_range(struct varier *v, struct spec_vary *vary, unsigned int bits, size_t length)
{
	bool number = !length;

	vary->first = number ? number_value(v, bits) : octets_value(v, length);
	vary->last = after(v, &vary->first, bits, number);
	vary->step = below(v, 2) ? 1 : 1 + below(v, 50);
	if (vary->kind == VARY_DEC) {
		struct wire_value swap = vary->first;

		vary->first = vary->last;
		vary->last = swap;
	}
	if (vary->kind == VARY_RANDOM && length > 8) {
		vary->first.octets = arena_alloc(v->arena, length);
		vary->last.octets = memset(arena_alloc(v->arena, length), 0xff, length);
	}
}

static void vary_list(struct varier *v, struct spec_vary *vary, unsigned int bits, size_t length)
{
	unsigned int count = 1 + (unsigned int)below(v, 5);
	struct wire_value *values = arena_alloc(v->arena, count * sizeof(*values));

	for (unsigned int i = 0; i < count; i++)
		values[i] = length ? octets_value(v, length) : number_value(v, bits);
	vary->values = values;
	vary->count = count;
}

static void vary_same(struct varier *v, struct spec_vary *vary)
{
	vary->same_layer = (unsigned int)below(v, v->spec->count);
	vary->same_field =
		(unsigned int)below(v, v->spec->layers[vary->same_layer].header.type->count);
}

/* length 0: a number of bits bits. */
static void vary_value(struct varier *v, struct spec_vary *vary, unsigned int bits, size_t length)
{
	static const enum vary_kind kinds[] = { VARY_INC, VARY_INC, VARY_DEC, VARY_RANDOM,
		VARY_RANDOM, VARY_SHUFFLE, VARY_LIST, VARY_SAME_AS };

	vary->kind = kinds[below(v, sizeof(kinds) / sizeof(kinds[0]))];
	vary->cycle = !below(v, 6);
	if (vary->kind == VARY_SAME_AS)
		vary_same(v, vary);
	else if (vary->kind == VARY_LIST)
		vary_list(v, vary, bits, length);
	else
		vary_range(v, vary, bits, length);
}

/* ---- fields ---- */

static void vary_field(struct varier *v, const struct wire_field *field, struct spec_value *value)
{
	struct spec_vary *vary = arena_alloc(v->arena, sizeof(*vary));
	bool number = wire_is_number(field);
	size_t length = number ? 0 : field->width / 8;
	unsigned int bits = field->width;

	if (!number && !length)
		length = value->state == SPEC_GIVEN && value->value.length ? value->value.length
									   : 1 + below(v, 24);
	if (!number)
		bits = (unsigned int)length * 8;
	if (below(v, 4)) {
		vary_value(v, vary, bits, length);
	} else {
		vary->part = true;
		vary->low = (unsigned int)below(v, bits);
		vary->high = vary->low +
			     (unsigned int)below(v, bits - vary->low < 64 ? bits - vary->low : 64);
		if (value->state != SPEC_GIVEN)
			value->value = number ? number_value(v, bits) : octets_value(v, length);
		vary_value(v, vary, vary->high - vary->low + 1, 0);
	}
	value->state = SPEC_VARIES;
	value->vary = vary;
}

/* A value of the record, or of an item in one of its lists; NULL where it found none. */
static void vary_record(struct varier *v, struct spec_record *record)
{
	unsigned int row = (unsigned int)below(v, record->type->count);
	struct spec_value *value = &record->values[row];

	if (record->type->fields[row].kind != WIRE_LIST) {
		if (value->state != SPEC_VARIES)
			vary_field(v, &record->type->fields[row], value);
		return;
	}
	if (value->count)
		vary_record(v, &value->items[below(v, value->count)]);
}

void support_random_vary(
	struct arena *arena, uint64_t *state, unsigned int count, struct frame_spec *spec)
{
	struct varier v = { .arena = arena, .state = state, .spec = spec };

	for (unsigned int i = 1 + (unsigned int)below(&v, count); i-- && spec->count;)
		vary_record(&v, &spec->layers[below(&v, spec->count)].header);
}
