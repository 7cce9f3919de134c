/* Reads IPv4 and IPv6 headers, and finds what they carry: a transport, a tunnel, a quote. */
#include "match/answer_packet.h"

#define IPV4_OCTETS    20
#define IPV6_OCTETS    40
#define EXTENSIONS_MAX 16
#define PORT_VXLAN     4789
#define PORT_GENEVE    6081
#define PORT_GTPU      2152
#define PORT_MPLS      6635
#define GTPU_G_PDU     255
#define GRE_CHECKSUM   0x8000
#define GRE_ROUTING    0x4000
#define GRE_KEY	       0x2000
#define GRE_SEQUENCE   0x1000
#define GRE_VERSION    7

/* IPv6 extension headers, and AH, which stands in both. */
enum extension {
	EXT_HOP_BY_HOP = 0,
	EXT_ROUTING = 43,
	EXT_FRAGMENT = 44,
	EXT_AH = 51,
	EXT_DESTINATION = 60,
	EXT_MOBILITY = 135,
};

/* RFC 791 3.1: a source route that is not used up ends in where the packet is to go. */
static void read_route_ipv4(const uint8_t *octets, struct answer_packet *packet)
{
	uint32_t at = packet->at + IPV4_OCTETS;

	while (at < packet->upper && octets[at]) {
		uint32_t length = 1;

		if (octets[at] != 1) {
			if (packet->upper - at < 2 || octets[at + 1] < 2)
				return;
			length = octets[at + 1];
		}
		if (length > packet->upper - at)
			return;
		if ((octets[at] == 131 || octets[at] == 137) && length >= 7 &&
			octets[at + 2] < length)
			packet->dst = at + length - 4;
		at += length;
	}
}

/* RFC 8200 4.4: type 0 ends in the last address; RFC 8754: type 4 begins with it; RFC 6275: type 2
 * has one. */
static void read_route_ipv6(
	const uint8_t *octets, uint32_t at, uint32_t length, struct answer_packet *packet)
{
	if (!octets[at + 3] || length < 24)
		return;
	if (octets[at + 2] == 0)
		packet->dst = at + 8 + (length - 8) / 16 * 16 - 16;
	else if (octets[at + 2] == 4 || octets[at + 2] == 2)
		packet->dst = at + 8;
}

/* Octets of the extension header, whose first 8 are there; 0: it is none. */
static uint32_t extension_octets(uint8_t protocol, const uint8_t *header)
{
	switch (protocol) {
	case EXT_FRAGMENT:
		return 8;
	case EXT_AH:
		return (header[1] + 2U) * 4;
	case EXT_HOP_BY_HOP:
	case EXT_ROUTING:
	case EXT_DESTINATION:
	case EXT_MOBILITY:
		return (header[1] + 1U) * 8;
	default:
		return 0;
	}
}

static void pass_extensions(const uint8_t *octets, struct answer_packet *packet)
{
	for (unsigned int i = 0; i < EXTENSIONS_MAX && packet->end - packet->upper >= 8; i++) {
		const uint8_t *header = octets + packet->upper;
		uint32_t length = extension_octets(packet->protocol, header);

		if (!length || (packet->net == ANSWER_NET_IPV4 && packet->protocol != EXT_AH))
			return;
		if (length > packet->end - packet->upper)
			return;
		if (packet->protocol == EXT_ROUTING)
			read_route_ipv6(octets, packet->upper, length, packet);
		if (packet->protocol == EXT_FRAGMENT) {
			uint16_t word = bytes_get_be16(header + 2);

			packet->fragment = (word & 0xfff9) != 0;
			packet->has_upper = word < 8;
		}
		packet->protocol = header[0];
		packet->upper += length;
		if (!packet->has_upper)
			return;
	}
}

/* The packet ends where its length says, if the octets reach that far. */
static void set_end(struct answer_packet *packet, uint32_t length)
{
	packet->cut = length > packet->end - packet->at;
	if (!packet->cut)
		packet->end = packet->at + length;
}

static struct answer_packet *read_ipv4(struct answer_reader *reader)
{
	const uint8_t *header = reader->frame->octets + reader->at;
	uint32_t there = reader->end - reader->at;
	uint32_t header_octets;
	struct answer_packet *packet;
	uint16_t length;
	uint16_t word;

	if (there < IPV4_OCTETS)
		return NULL;
	header_octets = (header[0] & 15U) * 4;
	length = bytes_get_be16(header + 2);
	if (header_octets < IPV4_OCTETS || header_octets > there)
		return NULL;
	packet = answer_packet_new(reader, ANSWER_NET_IPV4);
	/* A length of 0 is of a frame that a device is yet to cut in pieces. */
	if (length >= header_octets)
		set_end(packet, length);
	word = bytes_get_be16(header + 6);
	packet->type = 0x0800;
	packet->protocol = header[9];
	packet->address_octets = 4;
	packet->src = reader->at + 12;
	packet->dst = reader->at + 16;
	packet->upper = reader->at + header_octets;
	packet->fragment = (word & 0x3fff) != 0;
	packet->has_upper = (word & 0x1fff) == 0;
	if (header_octets > IPV4_OCTETS)
		read_route_ipv4(reader->frame->octets, packet);
	return packet;
}

static struct answer_packet *read_ipv6(struct answer_reader *reader)
{
	const uint8_t *header = reader->frame->octets + reader->at;
	struct answer_packet *packet;
	uint16_t length;

	if (reader->end - reader->at < IPV6_OCTETS)
		return NULL;
	packet = answer_packet_new(reader, ANSWER_NET_IPV6);
	length = bytes_get_be16(header + 4);
	/* RFC 2675: 0 is a jumbogram's. */
	if (length)
		set_end(packet, IPV6_OCTETS + length);
	packet->type = 0x86dd;
	packet->protocol = header[6];
	packet->address_octets = 16;
	packet->src = reader->at + 8;
	packet->dst = reader->at + 24;
	packet->upper = reader->at + IPV6_OCTETS;
	packet->has_upper = true;
	return packet;
}

static enum answer_next into(struct answer_reader *reader, uint8_t tunnel, uint32_t id, uint32_t at)
{
	reader->tunnel = tunnel;
	reader->tunnel_id = id;
	reader->at = at;
	return ANSWER_NEXT_IP;
}

/* RFC 2784, RFC 2890. Version 1 is PPTP's. */
static enum answer_next read_gre(struct answer_reader *reader, const uint8_t *gre)
{
	uint32_t there = reader->end - reader->at;
	uint32_t length = 4;
	uint32_t key = 0;
	uint16_t flags;

	if (there < 4)
		return ANSWER_NEXT_NOTHING;
	flags = bytes_get_be16(gre);
	if (flags & (GRE_ROUTING | GRE_VERSION))
		return ANSWER_NEXT_NOTHING;
	length += (flags & GRE_CHECKSUM ? 4U : 0U) + (flags & GRE_KEY ? 4U : 0U) +
		  (flags & GRE_SEQUENCE ? 4U : 0U);
	if (there < length)
		return ANSWER_NEXT_NOTHING;
	if (flags & GRE_KEY)
		key = bytes_get_be32(gre + (flags & GRE_CHECKSUM ? 8 : 4));
	into(reader, ANSWER_TUNNEL_GRE, key, reader->at + length);
	return answer_read_typed(reader, bytes_get_be16(gre + 2));
}

/* 3GPP TS 29.281 5.1. The endpoint ids of the two directions differ. */
static enum answer_next read_gtpu(struct answer_reader *reader, const uint8_t *gtp)
{
	uint32_t there = reader->end - reader->at;
	uint32_t length = 8;

	if (there < 8 || gtp[0] >> 4 != 3 || gtp[1] != GTPU_G_PDU)
		return ANSWER_NEXT_NOTHING;
	if (gtp[0] & 7) {
		uint8_t next;

		length = 12;
		if (there < length)
			return ANSWER_NEXT_NOTHING;
		next = gtp[0] & 4 ? gtp[11] : 0;
		for (unsigned int i = 0; next && i < EXTENSIONS_MAX; i++) {
			uint32_t octets = length < there ? gtp[length] * 4U : 0;

			if (!octets || octets > there - length)
				return ANSWER_NEXT_NOTHING;
			length += octets;
			next = gtp[length - 1];
		}
	}
	return into(reader, ANSWER_TUNNEL_GTPU, 0, reader->at + length);
}

static enum answer_next read_udp(struct answer_reader *reader, const uint8_t *udp)
{
	const uint8_t *header = udp + 8;

	if (reader->end - reader->at <= 16)
		return ANSWER_NEXT_NOTHING;
	switch (bytes_get_be16(udp + 2)) {
	case PORT_VXLAN: /* RFC 7348 5 */
		into(reader, ANSWER_TUNNEL_VXLAN, bytes_get_be32(header + 4) >> 8, reader->at + 16);
		return ANSWER_NEXT_ETHERNET;
	case PORT_GENEVE: { /* RFC 8926 3.4 */
		uint32_t length = 16 + (header[0] & 0x3fU) * 4;

		if (length >= reader->end - reader->at)
			return ANSWER_NEXT_NOTHING;
		into(reader, ANSWER_TUNNEL_GENEVE, bytes_get_be32(header + 4) >> 8,
			reader->at + length);
		return answer_read_typed(reader, bytes_get_be16(header + 2));
	}
	case PORT_GTPU:
		into(reader, 0, 0, reader->at + 8);
		return read_gtpu(reader, header);
	case PORT_MPLS: /* RFC 7510 */
		into(reader, ANSWER_TUNNEL_IP, 0, reader->at + 8);
		return answer_read_labels(reader);
	default:
		return ANSWER_NEXT_NOTHING;
	}
}

/* RFC 4884 4, 5.1: where extensions follow, the quote's length stands before it, in words of 4
 * octets, of 8 in ICMPv6. */
static enum answer_next read_quote(struct answer_reader *reader, const struct answer_packet *packet)
{
	const uint8_t *icmp = reader->frame->octets + packet->upper;
	bool is_ipv6 = packet->protocol == ANSWER_ICMPV6;
	uint32_t length = is_ipv6 ? icmp[4] * 8U : icmp[5] * 4U;
	bool extends = is_ipv6 ? icmp[0] == 1 || icmp[0] == 3
			       : icmp[0] == 3 || icmp[0] == 11 || icmp[0] == 12;

	if (reader->quoting)
		return ANSWER_NEXT_NOTHING;
	reader->quoting = true;
	reader->vlans = 1;
	reader->has_mac = false;
	into(reader, ANSWER_TUNNEL_NONE, 0, packet->upper + 8);
	if (extends && length && length < reader->end - reader->at)
		reader->end = reader->at + length;
	return ANSWER_NEXT_IP;
}

bool answer_is_error(const struct answer_frame *frame, const struct answer_packet *packet)
{
	uint8_t type;

	if (!answer_is_ip(packet) || answer_upper_octets(packet) < 8)
		return false;
	type = frame->octets[packet->upper];
	if (packet->protocol == ANSWER_ICMP)
		return (type >= 3 && type <= 5) || type == 11 || type == 12;
	return packet->protocol == ANSWER_ICMPV6 && type >= 1 && type < 128;
}

enum answer_next answer_read_tunnel(
	struct answer_reader *reader, const struct answer_packet *packet)
{
	const uint8_t *upper = reader->frame->octets + packet->upper;

	reader->at = packet->upper;
	reader->end = packet->end;
	reader->vlans = 1;
	reader->has_mac = false;
	switch (packet->protocol) {
	case ANSWER_ICMP:
	case ANSWER_ICMPV6:
		return answer_is_error(reader->frame, packet) ? read_quote(reader, packet)
							      : ANSWER_NEXT_NOTHING;
	case ANSWER_UDP:
		return read_udp(reader, upper);
	case ANSWER_GRE:
		return read_gre(reader, upper);
	case ANSWER_IPIP:
	case ANSWER_6IN4:
		return into(reader, ANSWER_TUNNEL_IP, 0, packet->upper);
	case ANSWER_MPLS:
		into(reader, ANSWER_TUNNEL_IP, 0, packet->upper);
		return answer_read_labels(reader);
	default:
		return ANSWER_NEXT_NOTHING;
	}
}

enum answer_next answer_read_ip(struct answer_reader *reader)
{
	struct answer_packet *packet = NULL;

	if (reader->at >= reader->end)
		return ANSWER_NEXT_NOTHING;
	switch (reader->frame->octets[reader->at] >> 4) {
	case 4:
		packet = read_ipv4(reader);
		break;
	case 6:
		packet = read_ipv6(reader);
		break;
	default:
		break;
	}
	if (!packet)
		return ANSWER_NEXT_NOTHING;
	if (packet->net == ANSWER_NET_IPV6 || packet->protocol == EXT_AH)
		pass_extensions(reader->frame->octets, packet);
	return packet->has_upper ? answer_read_tunnel(reader, packet) : ANSWER_NEXT_NOTHING;
}

/* A broadcast to a subnet, whose length nobody knows here, ends in ones and goes to a group's MAC;
 * what goes there to another address is one host's all the same. */
bool answer_to_group(const struct answer_frame *frame, const struct answer_packet *packet)
{
	const uint8_t *dst = frame->octets + packet->dst;

	switch (packet->net) {
	case ANSWER_NET_IPV4:
		if (packet->has_mac && frame->octets[packet->mac] & 1 && (dst[3] & 3) == 3)
			return true;
		return dst[0] >= 224 && (dst[0] < 240 || bytes_get_be32(dst) == 0xffffffff);
	case ANSWER_NET_IPV6:
		return dst[0] == 0xff;
	case ANSWER_NET_LINK:
		return dst[0] & 1;
	default:
		return false;
	}
}
