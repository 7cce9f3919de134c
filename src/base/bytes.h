/* bytes.h: big-endian and bit-wise access to octets. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint16_t bytes_get_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t bytes_get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void bytes_put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void bytes_put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/*
 * An unsigned number of width bits (1 to 64) that starts bit bits after p; bit 0 is the highest bit
 * of the first octet, as RFCs draw it. Touches only the octets that hold the number; bytes_put_bits
 * keeps the bits around it.
 */
uint64_t bytes_get_bits(const uint8_t *p, size_t bit, unsigned int width);
void bytes_put_bits(uint8_t *p, size_t bit, unsigned int width, uint64_t value);

bool bytes_are_zero(const uint8_t *p, size_t length); /* all of them; so are no octets */

#endif
