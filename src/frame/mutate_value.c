/* Chooses wrong values for a field, by its kind. */
#include "frame/mutate_value.h"

#include "base/arena.h"
#include "base/random.h"

#include <string.h>

/* An overlong value is at most this many octets longer. */
#define GROWTH_MAX 512

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

uint64_t mutate_draw(struct mutate_draw *draw, uint64_t count)
{
	return random_scale(random_at(draw->key, draw->drawn++), count);
}

/* ---- numbers ---- */

static uint64_t most_of(uint32_t width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static uint64_t boundary(struct mutate_draw *draw, uint32_t width)
{
	uint64_t most = most_of(width);
	uint64_t high = most - most / 2; /* the highest bit alone */
	const uint64_t values[] = { 0, 1, most, most - 1, high, high - 1 };

	return values[mutate_draw(draw, COUNT_OF(values))];
}

static uint64_t near(struct mutate_draw *draw, uint64_t right)
{
	return mutate_draw(draw, 2) ? right + 1 : right - 1;
}

/* What a parser may trust too much: a little off, far off, none at all. */
static uint64_t wrong_count(struct mutate_draw *draw, uint32_t width, uint64_t right)
{
	switch (mutate_draw(draw, 5)) {
	case 0:
		return boundary(draw, width);
	case 1:
		return right * 2;
	case 2:
		return right / 2;
	case 3:
		return random_at(draw->key, draw->drawn++);
	default:
		return near(draw, right);
	}
}

static uint64_t wrong_checksum(struct mutate_draw *draw, uint32_t width, uint64_t right)
{
	switch (mutate_draw(draw, 4)) {
	case 0:
		return ~right;
	case 1:
		return boundary(draw, width);
	case 2:
		return random_at(draw->key, draw->drawn++);
	default:
		return near(draw, right);
	}
}

static enum mutate_kind wrong_number(struct mutate_draw *draw, const struct wire_field *field,
	uint32_t width, uint64_t right, uint64_t *ret)
{
	switch (field->rule) {
	case WIRE_LENGTH:
		*ret = wrong_count(draw, width, right);
		return MUTATE_LENGTH;
	case WIRE_COUNT:
		*ret = wrong_count(draw, width, right);
		return MUTATE_COUNT;
	case WIRE_CHECKSUM:
		*ret = wrong_checksum(draw, width, right);
		return MUTATE_CHECKSUM;
	case WIRE_FIXED:
	case WIRE_NEXT:
		break;
	}
	if (field->kind == WIRE_FLAGS && mutate_draw(draw, 2)) {
		*ret = right ^ UINT64_C(1) << mutate_draw(draw, width);
		return MUTATE_FLAG;
	}
	switch (mutate_draw(draw, 3)) {
	case 0:
		*ret = boundary(draw, width);
		return MUTATE_BOUNDARY;
	case 1:
		*ret = near(draw, right);
		return MUTATE_NEAR;
	default:
		*ret = random_at(draw->key, draw->drawn++);
		return MUTATE_RANDOM;
	}
}

/* ---- octets ---- */

static uint8_t *random_octets(struct arena *arena, struct mutate_draw *draw, size_t length)
{
	uint8_t *octets = arena_alloc(arena, length);

	for (size_t i = 0; i < length; i++)
		octets[i] = (uint8_t)mutate_draw(draw, 256);
	return octets;
}

/* Addresses that stand for something else than one host. */
static const uint8_t macs[][6] = {
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, { 0 },
	{ 0x01, 0x00, 0x5e, 0, 0, 1 },	     /* IPv4 multicast */
	{ 0x33, 0x33, 0, 0, 0, 1 },	     /* IPv6 multicast */
	{ 0x01, 0x80, 0xc2, 0, 0, 0 },	     /* bridges keep it */
	{ 0x03, 0xff, 0xff, 0xff, 0xff, 1 }, /* a group of somebody's own */
};

static const uint8_t ipv4_addresses[][4] = {
	{ 0, 0, 0, 0 }, { 255, 255, 255, 255 }, { 127, 0, 0, 1 }, { 224, 0, 0, 1 },
	{ 239, 255, 255, 255 }, { 169, 254, 0, 1 }, { 240, 0, 0, 1 }, /* reserved */
};

static const uint8_t ipv6_addresses[][16] = {
	{ 0 },
	{ [15] = 1 },
	{ 0xff, 0x02, [15] = 1 },
	{ 0xff, 0x0e, [15] = 1 },
	{ 0xfe, 0x80, [15] = 1 },
	{ [10] = 0xff, 0xff, 127, 0, 0, 1 }, /* IPv4-mapped loopback */
	{ 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff },
};

static enum mutate_kind wrong_address(struct arena *arena, struct mutate_draw *draw,
	const uint8_t *table, size_t rows, size_t length, struct wire_value *ret)
{
	*ret = (struct wire_value){ .length = length };
	if (!mutate_draw(draw, 4)) {
		ret->octets = random_octets(arena, draw, length);
		return MUTATE_RANDOM;
	}
	ret->octets = table + length * mutate_draw(draw, rows);
	return MUTATE_SPECIAL;
}

static enum mutate_kind overlong(struct arena *arena, struct mutate_draw *draw,
	const struct wire_value *right, uint32_t room, struct wire_value *ret)
{
	size_t more = 1 + mutate_draw(draw, room < GROWTH_MAX ? room : GROWTH_MAX);
	uint8_t *octets = random_octets(arena, draw, right->length + more);

	if (right->length)
		memcpy(octets, right->octets, right->length);
	*ret = (struct wire_value){ .octets = octets, .length = right->length + more };
	return MUTATE_OVERLONG;
}

/* A run of zeros somewhere in it. */
static enum mutate_kind zeros(struct arena *arena, struct mutate_draw *draw,
	const struct wire_value *right, struct wire_value *ret)
{
	uint8_t *octets = arena_copy(arena, right->octets, right->length);
	size_t first = mutate_draw(draw, right->length);

	memset(octets + first, 0, 1 + mutate_draw(draw, right->length - first));
	*ret = (struct wire_value){ .octets = octets, .length = right->length };
	return MUTATE_ZEROS;
}

static enum mutate_kind wrong_octets(struct arena *arena, struct mutate_draw *draw,
	const struct wire_field *field, const struct wire_value *right, uint32_t room,
	struct wire_value *ret)
{
	bool fixed = field->width != 0;

	if (!fixed && room && (!right->length || !mutate_draw(draw, 4)))
		return overlong(arena, draw, right, room, ret);
	if (!right->length) {
		*ret = *right;
		return MUTATE_TRUNCATED;
	}
	if (!fixed && !mutate_draw(draw, 3)) {
		*ret = (struct wire_value){ .octets = right->octets,
			.length = mutate_draw(draw, right->length) };
		return MUTATE_TRUNCATED;
	}
	if (mutate_draw(draw, 2))
		return zeros(arena, draw, right, ret);
	*ret = (struct wire_value){ .octets = random_octets(arena, draw, right->length),
		.length = right->length };
	return MUTATE_RANDOM;
}

enum mutate_kind mutate_value(struct arena *arena, struct mutate_draw *draw,
	const struct wire_field *field, uint32_t width, const struct wire_value *right,
	uint32_t room, struct wire_value *ret)
{
	enum mutate_kind kind;

	switch (field->kind) {
	case WIRE_MAC:
		return wrong_address(arena, draw, macs[0], COUNT_OF(macs), sizeof(macs[0]), ret);
	case WIRE_IPV4:
		return wrong_address(arena, draw, ipv4_addresses[0], COUNT_OF(ipv4_addresses),
			sizeof(ipv4_addresses[0]), ret);
	case WIRE_IPV6:
		return wrong_address(arena, draw, ipv6_addresses[0], COUNT_OF(ipv6_addresses),
			sizeof(ipv6_addresses[0]), ret);
	case WIRE_UINT:
	case WIRE_FLAGS:
		*ret = (struct wire_value){ 0 };
		kind = wrong_number(draw, field, width, right->number, &ret->number);
		ret->number &= most_of(width);
		return kind;
	case WIRE_NAME:
	case WIRE_STRING:
	case WIRE_BYTES:
	case WIRE_LIST: /* the caller's: it has items, no value */
		break;
	}
	return wrong_octets(arena, draw, field, right, room, ret);
}
