/* crc32c.h: the checksum of SCTP, RFC 9260 appendix A. */
#ifndef WIRE_CRC32C_H
#define WIRE_CRC32C_H

#include <stddef.h>
#include <stdint.h>

/* Goes on with a CRC over more octets. Start with 0; pieces may be cut anywhere. */
uint32_t crc32c(uint32_t crc, const uint8_t *octets, size_t length);

/* The same on any processor. */
uint32_t crc32c_by_table(uint32_t crc, const uint8_t *octets, size_t length);

/* The number that stands in a frame, high octet first: RFC 9260 sends the CRC's low octet first. */
static inline uint32_t crc32c_field(uint32_t crc)
{
	return __builtin_bswap32(crc);
}

#endif
