/* Big-endian and bit-wise access to octets. */
#include "base/bytes.h"

uint64_t bytes_get_bits(const uint8_t *p, size_t bit, unsigned int width)
{
	uint64_t value = 0;

	while (width > 0) {
		unsigned int room = 8 - (unsigned int)(bit % 8);
		unsigned int take = width < room ? width : room;
		unsigned int octet = p[bit / 8] >> (room - take) & ((1U << take) - 1);

		value = value << take | octet;
		bit += take;
		width -= take;
	}
	return value;
}

void bytes_put_bits(uint8_t *p, size_t bit, unsigned int width, uint64_t value)
{
	while (width > 0) {
		unsigned int room = 8 - (unsigned int)(bit % 8);
		unsigned int take = width < room ? width : room;
		unsigned int mask = ((1U << take) - 1) << (room - take);
		unsigned int octet =
			(unsigned int)(value >> (width - take)) << (room - take) & mask;

		p[bit / 8] = (uint8_t)((p[bit / 8] & ~mask) | octet);
		bit += take;
		width -= take;
	}
}

bool bytes_are_zero(const uint8_t *p, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (p[i])
			return false;
	return true;
}
