/* The frame check sequence of IEEE 802.3. */
#include "wire/crc32.h"

#include <libdeflate.h>

void crc32_fcs(const uint8_t *octets, size_t length, uint8_t fcs[FCS_LENGTH])
{
	uint32_t crc = libdeflate_crc32(0, octets, length);

	/* The reflected CRC goes out lowest bit first, so its lowest octet stands first. */
	for (unsigned int i = 0; i < FCS_LENGTH; i++)
		fcs[i] = (uint8_t)(crc >> 8 * i);
}
