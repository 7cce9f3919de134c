/* CRC32c (Castagnoli): by the processor's instruction where it has one. */
#include "wire/crc32c.h"

#include <string.h>

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t by_instruction(
	uint32_t crc, const uint8_t *octets, size_t length)
{
	uint64_t wide = crc;
	uint64_t word;

	for (; length >= sizeof(word); length -= sizeof(word), octets += sizeof(word)) {
		memcpy(&word, octets, sizeof(word));
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	while (length--)
		crc = __builtin_ia32_crc32qi(crc, *octets++);
	return crc;
}
#endif

/* What four bits at the low end come to: the polynomial 0x1edc6f41, bits reversed. */
static const uint32_t table[16] = {
	0x00000000,
	0x105ec76f,
	0x20bd8ede,
	0x30e349b1,
	0x417b1dbc,
	0x5125dad3,
	0x61c69362,
	0x7198540d,
	0x82f63b78,
	0x92a8fc17,
	0xa24bb5a6,
	0xb21572c9,
	0xc38d26c4,
	0xd3d3e1ab,
	0xe330a81a,
	0xf36e6f75,
};

uint32_t crc32c_by_table(uint32_t crc, const uint8_t *octets, size_t length)
{
	crc = ~crc;
	while (length--) {
		crc ^= *octets++;
		crc = table[crc & 15] ^ crc >> 4;
		crc = table[crc & 15] ^ crc >> 4;
	}
	return ~crc;
}

uint32_t crc32c(uint32_t crc, const uint8_t *octets, size_t length)
{
#if defined(__x86_64__)
	if (__builtin_cpu_supports("sse4.2"))
		return ~by_instruction(~crc, octets, length);
#endif
	return crc32c_by_table(crc, octets, length);
}
