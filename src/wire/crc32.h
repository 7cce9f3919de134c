/* crc32.h: the frame check sequence of IEEE 802.3 clause 3.2.9. */
#ifndef WIRE_CRC32_H
#define WIRE_CRC32_H

#include <stddef.h>
#include <stdint.h>

#define FCS_LENGTH 4

/* The FCS of a frame from its destination MAC to the end of its padding, as four octets in wire
 * order. */
void crc32_fcs(const uint8_t *octets, size_t length, uint8_t fcs[FCS_LENGTH]);

#endif
