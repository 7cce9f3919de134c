/* Finds the packets of a frame: under tags and labels, in tunnels, in what an ICMP error quotes. */
#include "base/bytes.h"
#include "match/answer_packet.h"

#define ETHERNET_OCTETS 14
#define TAGS_MAX	4
#define LABELS_MAX	16

enum ethertype {
	TYPE_LENGTH_MAX = 1500, /* up to here it is a length, and LLC follows */
	TYPE_IPV4 = 0x0800,
	TYPE_ARP = 0x0806,
	TYPE_BRIDGED = 0x6558, /* RFC 1701: Ethernet in GRE */
	TYPE_VLAN = 0x8100,
	TYPE_IPV6 = 0x86dd,
	TYPE_MPLS = 0x8847,
	TYPE_MPLS_UPSTREAM = 0x8848,
	TYPE_PPPOE = 0x8864,
	TYPE_SVLAN = 0x88a8,
	TYPE_SVLAN_OLD = 0x9100,
};

static bool room(const struct answer_reader *reader)
{
	const struct answer_frame *frame = reader->frame;

	return reader->quoting ? frame->count < frame->quoted + ANSWER_DEPTH
			       : frame->count < ANSWER_DEPTH;
}

struct answer_packet *answer_packet_new(struct answer_reader *reader, enum answer_net net)
{
	struct answer_frame *frame = reader->frame;
	struct answer_packet *packet = &frame->packets[frame->count++];

	*packet = (struct answer_packet){
		.net = (uint8_t)net,
		.tunnel = reader->tunnel,
		.tunnel_id = reader->tunnel_id,
		.vlans = reader->vlans,
		.mac = reader->mac,
		.has_mac = reader->has_mac,
		.at = reader->at,
		.upper = reader->at,
		.end = reader->end,
	};
	if (!reader->quoting)
		frame->quoted = frame->count;
	return packet;
}

/* Passes over tags; one with id 0 has only a priority, and is no VLAN (IEEE 802.1Q 6.8). */
static uint16_t read_tags(struct answer_reader *reader)
{
	const uint8_t *octets = reader->frame->octets;
	uint16_t type = bytes_get_be16(octets + reader->at - 2);

	for (unsigned int tags = 0; tags < TAGS_MAX && reader->end - reader->at >= 4; tags++) {
		uint16_t id = bytes_get_be16(octets + reader->at) & 0xfff;

		if (type != TYPE_VLAN && type != TYPE_SVLAN && type != TYPE_SVLAN_OLD)
			break;
		if (id)
			reader->vlans =
				reader->vlans << 13 | (uint64_t)(type != TYPE_VLAN) << 12 | id;
		type = bytes_get_be16(octets + reader->at + 2);
		reader->at += 4;
	}
	return type;
}

enum answer_next answer_read_labels(struct answer_reader *reader)
{
	const uint8_t *octets = reader->frame->octets;

	for (unsigned int labels = 0; labels < LABELS_MAX && reader->end - reader->at > 4;
		labels++) {
		bool bottom = octets[reader->at + 2] & 1;

		reader->at += 4;
		if (bottom)
			return octets[reader->at] >> 4 == 4 || octets[reader->at] >> 4 == 6
				       ? ANSWER_NEXT_IP
				       : ANSWER_NEXT_NOTHING;
	}
	return ANSWER_NEXT_NOTHING;
}

enum answer_next answer_read_typed(struct answer_reader *reader, uint16_t type)
{
	switch (type) {
	case TYPE_IPV4:
	case TYPE_IPV6:
		return ANSWER_NEXT_IP;
	case TYPE_BRIDGED:
		return ANSWER_NEXT_ETHERNET;
	case TYPE_MPLS:
	case TYPE_MPLS_UPSTREAM:
		return answer_read_labels(reader);
	default:
		return ANSWER_NEXT_NOTHING;
	}
}

static void read_link(struct answer_reader *reader, uint16_t type)
{
	struct answer_packet *packet = answer_packet_new(reader, ANSWER_NET_LINK);

	packet->type = type;
	packet->dst = packet->mac;
	packet->src = packet->mac + 6;
	packet->address_octets = 6;
	packet->has_upper = true;
}

/* Addresses other than MACs and IPv4's are left to the comparison of MACs. */
static void read_arp(struct answer_reader *reader)
{
	const uint8_t *arp = reader->frame->octets + reader->at;
	struct answer_packet *packet;

	if (reader->end - reader->at < 28 || arp[4] != 6 || arp[5] != 4) {
		read_link(reader, TYPE_ARP);
		return;
	}
	packet = answer_packet_new(reader, ANSWER_NET_ARP);
	packet->type = TYPE_ARP;
	packet->src = reader->at + 14;
	packet->dst = reader->at + 24;
	packet->address_octets = 4;
	packet->has_upper = true;
}

/* RFC 2516 4: six octets, then the PPP protocol, RFC 1661. */
static enum answer_next read_pppoe(struct answer_reader *reader)
{
	const uint8_t *octets = reader->frame->octets + reader->at;
	uint16_t protocol;

	read_link(reader, TYPE_PPPOE);
	if (reader->end - reader->at <= 8)
		return ANSWER_NEXT_NOTHING;
	protocol = bytes_get_be16(octets + 6);
	if (protocol != 0x0021 && protocol != 0x0057)
		return ANSWER_NEXT_NOTHING;
	reader->tunnel = ANSWER_TUNNEL_PPPOE;
	reader->tunnel_id = bytes_get_be16(octets + 2);
	reader->vlans = 1;
	reader->has_mac = false;
	reader->at += 8;
	return ANSWER_NEXT_IP;
}

/* RFC 1042: an EtherType behind LLC; anything else is LLC's. */
static uint16_t read_llc(struct answer_reader *reader, uint16_t length)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 3, 0, 0, 0 };
	const uint8_t *octets = reader->frame->octets + reader->at;

	if (reader->end - reader->at > length)
		reader->end = reader->at + length;
	if (reader->end - reader->at < 8 || memcmp(octets, snap, sizeof(snap)) != 0)
		return 0;
	reader->at += 8;
	return bytes_get_be16(octets + 6);
}

static enum answer_next read_ethernet(struct answer_reader *reader)
{
	enum answer_next next;
	uint32_t start;
	uint16_t type;

	if (reader->end - reader->at < ETHERNET_OCTETS)
		return ANSWER_NEXT_NOTHING;
	reader->mac = reader->at;
	reader->has_mac = true;
	reader->vlans = 1;
	reader->at += ETHERNET_OCTETS;
	type = read_tags(reader);
	if (type <= TYPE_LENGTH_MAX)
		type = read_llc(reader, type);
	if (type == TYPE_ARP) {
		read_arp(reader);
		return ANSWER_NEXT_NOTHING;
	}
	if (type == TYPE_PPPOE)
		return read_pppoe(reader);
	start = reader->at;
	next = type == TYPE_BRIDGED ? ANSWER_NEXT_NOTHING : answer_read_typed(reader, type);
	if (next == ANSWER_NEXT_NOTHING) {
		reader->at = start;
		read_link(reader, type);
	}
	return next;
}

void answer_read(const uint8_t *octets, size_t length, struct answer_frame *ret)
{
	struct answer_reader reader = { .frame = ret, .vlans = 1 };
	enum answer_next next = ANSWER_NEXT_ETHERNET;

	ret->octets = octets;
	ret->length = length < ANSWER_LENGTH_MAX ? (uint32_t)length : ANSWER_LENGTH_MAX;
	ret->count = 0;
	ret->quoted = 0;
	reader.end = ret->length;
	while (next != ANSWER_NEXT_NOTHING && room(&reader))
		next = next == ANSWER_NEXT_ETHERNET ? read_ethernet(&reader)
						    : answer_read_ip(&reader);
}
