/* A field's value in a frame: taken from it and put into it. */
#include "wire/wire.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "wire/domain.h"

#include <string.h>

size_t wire_value_width(const struct wire_field *field, const struct wire_value *value)
{
	if (field->width)
		return field->width;
	return (value->length + (field->kind == WIRE_STRING)) * 8;
}

size_t wire_value_extent(const struct wire_field *field, const uint8_t *octets, size_t length)
{
	const uint8_t *end;

	if (field->kind == WIRE_NAME)
		return domain_extent(octets, length);
	end = memchr(octets, 0, length);
	return end ? (size_t)(end - octets) + 1 : 0;
}

/* Octets that are the value's: a STRING's zero is not. */
static size_t value_length(const struct wire_field *field, size_t width)
{
	return width / 8 - (field->kind == WIRE_STRING);
}

void wire_value_get(const struct wire_field *field, const uint8_t *octets, size_t bit, size_t width,
	struct wire_value *ret)
{
	if (wire_is_number(field))
		*ret = (struct wire_value){ .number = bytes_get_bits(
						    octets, bit, (unsigned int)width) };
	else /* an empty frame's octets may be NULL, to which not even 0 can be added */
		*ret = (struct wire_value){ .octets = bit < 8 ? octets : octets + bit / 8,
			.length = value_length(field, width) };
}

void wire_value_put(const struct wire_field *field, uint8_t *octets, size_t bit, size_t width,
	const struct wire_value *value)
{
	if (wire_is_number(field)) {
		bytes_put_bits(octets, bit, (unsigned int)width, value->number);
		return;
	}
	if (value_length(field, width))
		memcpy(octets + bit / 8, value->octets, value_length(field, width));
	if (field->kind == WIRE_STRING)
		octets[(bit + width) / 8 - 1] = 0;
}

int wire_value_preset(struct arena *arena, const struct wire_field *field, struct wire_value *ret)
{
	size_t length = wire_is_number(field) ? 0 : field->width / 8U;

	if (field->preset && wire_is_text(field)) {
		length = strlen(field->preset);
		*ret = (struct wire_value){ .octets = arena_copy(arena, field->preset, length),
			.length = length };
		return 0;
	}
	if (field->preset)
		return wire_value_parse(arena, field, field->preset, ret, NULL);
	if (field->kind == WIRE_NAME)
		length = 1; /* the root */
	*ret = (struct wire_value){ .octets = length ? arena_alloc(arena, length) : NULL,
		.length = length };
	return 0;
}

bool wire_value_equal(
	const struct wire_field *field, const struct wire_value *a, const struct wire_value *b)
{
	if (wire_is_number(field))
		return a->number == b->number;
	return a->length == b->length && (!a->length || !memcmp(a->octets, b->octets, a->length));
}
