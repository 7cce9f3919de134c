/* How the octets of pcap and pcapng files lie. */
#include "link/pcaplayout.h"

#include "link/pcapfile.h"

#include <string.h>

#define LINKTYPE_ETHERNET 1U
#define FCS_LENGTH	  4U
#define SECOND		  1000000000U

/* ---- pcap ---- */

#define MAGIC_NANOSECONDS 0xa1b23c4dU
#define FCS_OCTETS_4	  0x24000000U /* bit 26: the length is given; bits 28 to 31: in 16-bit units */

struct pcap_start {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t reserved[2];
	uint32_t snaplen;
	uint32_t link_type;
};

struct pcap_head {
	uint32_t seconds, nanoseconds;
	uint32_t captured, length;
};

static size_t pcap_start(uint8_t *to, bool with_fcs)
{
	const struct pcap_start start = {
		.magic = MAGIC_NANOSECONDS,
		.major = 2,
		.minor = 4,
		.snaplen = PCAPFILE_FRAME_MAX,
		.link_type = LINKTYPE_ETHERNET | (with_fcs ? FCS_OCTETS_4 : 0),
	};

	memcpy(to, &start, sizeof(start));
	return sizeof(start);
}

static size_t pcap_size(uint32_t captured)
{
	return sizeof(struct pcap_head) + captured;
}

static void pcap_put(uint8_t *to, const struct pcaplayout_frame *frame)
{
	const struct pcap_head head = {
		.seconds = (uint32_t)(frame->time_ns / SECOND),
		.nanoseconds = (uint32_t)(frame->time_ns % SECOND),
		.captured = frame->captured,
		.length = frame->length,
	};

	memcpy(to, &head, sizeof(head));
	memcpy(to + sizeof(head), frame->octets, frame->captured);
}

static size_t pcap_size_of(const uint8_t *at)
{
	struct pcap_head head;

	memcpy(&head, at, sizeof(head));
	return pcap_size(head.captured);
}

const struct pcaplayout pcaplayout_pcap = { pcap_start, pcap_size, pcap_put, pcap_size_of };

/* ---- pcapng ---- */

enum { BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6 };
enum { OPTION_TIME_RESOLUTION = 9, OPTION_FCS_LENGTH = 13 };

#define BYTE_ORDER_MAGIC 0x1a2b3c4dU
#define NANOSECONDS	 9U /* ten to the minus so many */

/* Blocks end with their size as they have it behind their type. */
struct section {
	uint32_t type, size;
	uint32_t byte_order;
	uint16_t major, minor;
	uint32_t length[2]; /* all ones: not told */
	uint32_t size_again;
};

/* Of one octet; padded to four. */
struct option {
	uint16_t code, length;
	uint8_t value, padding[3];
};

/* The list of options ends with one of all zeros. An FCS of no octets is told too: where nothing
 * is, readers guess whether a trailer is one. */
struct interface_block {
	uint32_t type, size;
	uint16_t link_type, reserved;
	uint32_t snaplen;
	struct option options[2];
	uint32_t end;
	uint32_t size_again;
};

struct packet_head {
	uint32_t type, size;
	uint32_t interface;
	uint32_t time_high, time_low;
	uint32_t captured, length;
};

static size_t pcapng_start(uint8_t *to, bool with_fcs)
{
	const struct section section = {
		.type = BLOCK_SECTION,
		.size = sizeof(section),
		.byte_order = BYTE_ORDER_MAGIC,
		.major = 1,
		.length = { UINT32_MAX, UINT32_MAX },
		.size_again = sizeof(section),
	};
	const struct interface_block interface = {
		.type = BLOCK_INTERFACE,
		.size = sizeof(interface),
		.link_type = LINKTYPE_ETHERNET,
		.snaplen = PCAPFILE_FRAME_MAX,
		.options = {
			{ OPTION_TIME_RESOLUTION, 1, NANOSECONDS, { 0 } },
			{ OPTION_FCS_LENGTH, 1, with_fcs ? FCS_LENGTH : 0, { 0 } },
		},
		.size_again = sizeof(interface),
	};

	memcpy(to, &section, sizeof(section));
	memcpy(to + sizeof(section), &interface, sizeof(interface));
	return sizeof(section) + sizeof(interface);
}

static size_t padded(uint32_t length)
{
	return ((size_t)length + 3) / 4 * 4;
}

static size_t pcapng_size(uint32_t captured)
{
	return sizeof(struct packet_head) + padded(captured) + sizeof(uint32_t);
}

static void pcapng_put(uint8_t *to, const struct pcaplayout_frame *frame)
{
	const struct packet_head head = {
		.type = BLOCK_PACKET,
		.size = (uint32_t)pcapng_size(frame->captured),
		.time_high = (uint32_t)(frame->time_ns >> 32),
		.time_low = (uint32_t)frame->time_ns,
		.captured = frame->captured,
		.length = frame->length,
	};
	uint8_t *end = to + head.size - sizeof(head.size);

	memcpy(to, &head, sizeof(head));
	memcpy(to + sizeof(head), frame->octets, frame->captured);
	memset(to + sizeof(head) + frame->captured, 0, padded(frame->captured) - frame->captured);
	memcpy(end, &head.size, sizeof(head.size));
}

static size_t pcapng_size_of(const uint8_t *at)
{
	uint32_t size;

	memcpy(&size, at + sizeof(uint32_t), sizeof(size));
	return size;
}

const struct pcaplayout pcaplayout_pcapng = { pcapng_start, pcapng_size, pcapng_put,
	pcapng_size_of };
