/* Where the next frame of a capture file ends: draft-ietf-opsawg-pcap and -pcapng. */
#include "link/saverecord.h"

#include <byteswap.h>
#include <string.h>

#define RECORD_MAX  (16U << 20) /* libpcap's own limit of a pcapng block */
#define PCAP_HEADER 16U
#define BLOCK_MIN   12U

static uint32_t get32(const uint8_t *octets, bool swapped)
{
	uint32_t v;

	memcpy(&v, octets, sizeof(v));
	return swapped ? bswap_32(v) : v;
}

static size_t pcap_wants(const struct saverecord *record, const uint8_t *octets, size_t length)
{
	uint32_t captured;

	if (length < PCAP_HEADER)
		return PCAP_HEADER;
	captured = get32(octets + 8, record->swapped);
	return captured > RECORD_MAX ? PCAP_HEADER : PCAP_HEADER + captured;
}

static bool is_packet(uint32_t type)
{
	enum { PACKET = 2, SIMPLE_PACKET = 3, ENHANCED_PACKET = 6 };

	return type == PACKET || type == SIMPLE_PACKET || type == ENHANCED_PACKET;
}

static size_t pcapng_wants(struct saverecord *record, const uint8_t *octets, size_t length)
{
	const uint32_t section = 0x0a0d0d0a; /* reads the same both ways */
	const uint32_t byte_order = 0x1a2b3c4d;
	bool swapped = record->swapped;

	for (size_t at = 0;;) {
		uint32_t type, whole;

		if (length < at + BLOCK_MIN)
			return at + BLOCK_MIN;
		type = get32(octets + at, swapped);
		if (type == section)
			swapped = get32(octets + at + 8, false) == bswap_32(byte_order);
		whole = get32(octets + at + 4, swapped);
		if (whole < BLOCK_MIN || whole % 4 || whole > RECORD_MAX)
			return at + BLOCK_MIN;
		at += whole;
		if (length < at)
			return at;
		if (is_packet(type)) {
			record->swapped = swapped;
			return at;
		}
	}
}

size_t saverecord_wants(struct saverecord *record, const uint8_t *octets, size_t length)
{
	switch (record->kind) {
	case SAVERECORD_PCAP:
		return pcap_wants(record, octets, length);
	case SAVERECORD_PCAPNG:
		return pcapng_wants(record, octets, length);
	default:
		return 1;
	}
}
