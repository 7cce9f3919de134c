/* Values as numbers of 64 bits, and back. */
#include "frame/vary.h"

#include "base/arena.h"
#include "base/bytes.h"

uint64_t vary_word(
	const struct wire_field *field, const struct wire_value *value, unsigned int word)
{
	size_t end, length;

	if (wire_is_number(field))
		return word ? 0 : value->number;
	if ((size_t)word * 8 >= value->length)
		return 0;
	end = value->length - (size_t)word * 8;
	length = end < 8 ? end : 8;
	return bytes_get_bits(value->octets + end - length, 0, (unsigned int)length * 8);
}

struct wire_value vary_value(
	struct arena *arena, const struct wire_field *field, size_t width, const uint64_t *words)
{
	size_t end = width / 8;
	uint8_t *octets;

	if (wire_is_number(field))
		return (struct wire_value){ .number = words[0] };
	octets = arena_alloc(arena, end);
	for (unsigned int i = 0; end; i++) {
		size_t length = end < 8 ? end : 8;

		end -= length;
		bytes_put_bits(octets + end, 0, (unsigned int)length * 8, words[i]);
	}
	return (struct wire_value){ .octets = octets, .length = width / 8 };
}

void vary_set_bits(uint64_t *words, unsigned int low, unsigned int high, uint64_t number)
{
	for (unsigned int bit = low; bit <= high; bit++) {
		uint64_t mask = 1ULL << bit % 64;

		if (number >> (bit - low) & 1)
			words[bit / 64] |= mask;
		else
			words[bit / 64] &= ~mask;
	}
}
