/* checksum.h: the internet checksum, RFC 1071. */
#ifndef WIRE_CHECKSUM_H
#define WIRE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The running sum of 16-bit big-endian words; an odd last octet counts as if a zero followed, so
 * only the last piece may be odd. Start with 0. Holds 2^32 octets without overflow.
 */
uint64_t checksum_add(uint64_t sum, const uint8_t *octets, size_t length);

/* Folded to 16 bits, not inverted: what a device that finishes the checksum wants to find. Only a
 * sum of 0 is 0. Inline, as every frame that varies ends with it. */
static inline uint16_t checksum_fold(uint64_t sum)
{
	sum = (sum & 0xffffffff) + (sum >> 32); /* 33 bits */
	sum = (sum & 0xffff) + (sum >> 16);	/* 18 */
	sum = (sum & 0xffff) + (sum >> 16);	/* 17 */
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}

/* Folded and inverted: the checksum field. */
static inline uint16_t checksum_finish(uint64_t sum)
{
	return (uint16_t)~checksum_fold(sum);
}

/* What the last of an odd number of octets adds to Cisco's sum: it is the low half of its word, as
 * a signed number, and one less where that is negative. */
uint16_t checksum_cisco_last(uint8_t octet);

/*
 * A wrong checksum, the same each time for the right one: none that a receiver takes for it (0 and
 * ffff are equal in ones' complement), for none at all (UDP's 0), or for one that a device is yet
 * to finish: the folded sum of the pseudo header.
 */
uint64_t checksum_bad(uint64_t right, bool has_pseudo, uint16_t pseudo);

/* The pseudo header of RFC 9293 3.1 and RFC 8200 8.1: address_length is 4 or 16, length that of the
 * upper layer in octets. */
uint64_t checksum_pseudo(const uint8_t *src, const uint8_t *dst, size_t address_length,
	uint8_t protocol, uint32_t length);

#endif
