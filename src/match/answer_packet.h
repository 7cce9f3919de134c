/* answer_packet.h: reading the packets of a frame, and what their headers say. Internal to
 * src/match. */
#ifndef MATCH_ANSWER_PACKET_H
#define MATCH_ANSWER_PACKET_H

#include "base/bytes.h"
#include "match/answer.h"

#include <string.h>

enum answer_protocol {
	ANSWER_ICMP = 1,
	ANSWER_IGMP = 2,
	ANSWER_IPIP = 4,
	ANSWER_TCP = 6,
	ANSWER_UDP = 17,
	ANSWER_DCCP = 33,
	ANSWER_6IN4 = 41,
	ANSWER_GRE = 47,
	ANSWER_ICMPV6 = 58,
	ANSWER_SCTP = 132,
	ANSWER_UDPLITE = 136,
	ANSWER_MPLS = 137,
};

enum answer_next { ANSWER_NEXT_NOTHING, ANSWER_NEXT_ETHERNET, ANSWER_NEXT_IP };

/* What is yet to be read of a frame, and what was seen above the next packet. */
struct answer_reader {
	struct answer_frame *frame;
	uint32_t at, end;
	uint64_t vlans;
	uint32_t mac;
	uint32_t tunnel_id;
	uint8_t tunnel;
	bool has_mac;
	bool quoting; /* within what an ICMP error quotes */
};

/* Of what the reader has seen; there is room for it. */
struct answer_packet *answer_packet_new(struct answer_reader *reader, enum answer_net net);

/* Each reads a packet, or finds none, and says what comes next. */
enum answer_next answer_read_ip(struct answer_reader *reader);
enum answer_next answer_read_typed(struct answer_reader *reader, uint16_t type);
enum answer_next answer_read_labels(struct answer_reader *reader);

/* What the packet, whose transport header is there, carries; or a quote. */
enum answer_next answer_read_tunnel(
	struct answer_reader *reader, const struct answer_packet *packet);

static inline bool answer_is_ip(const struct answer_packet *packet)
{
	return packet->net >= ANSWER_NET_IPV4;
}

/* Octets of the transport header and on. */
static inline uint32_t answer_upper_octets(const struct answer_packet *packet)
{
	return packet->has_upper ? packet->end - packet->upper : 0;
}

/* Both ports are there. */
static inline bool answer_has_ports(const struct answer_packet *packet)
{
	if (!answer_is_ip(packet) || answer_upper_octets(packet) < 4)
		return false;
	return packet->protocol == ANSWER_UDP || packet->protocol == ANSWER_TCP ||
	       packet->protocol == ANSWER_SCTP || packet->protocol == ANSWER_UDPLITE ||
	       packet->protocol == ANSWER_DCCP;
}

/* Whether it is a message that quotes a packet: RFC 792, RFC 4443 2.1. */
bool answer_is_error(const struct answer_frame *frame, const struct answer_packet *packet);

/* The packet that is not a tunnel's, nor quoted: frame->count is not 0. */
static inline const struct answer_packet *answer_innermost(const struct answer_frame *frame)
{
	return &frame->packets[frame->quoted - 1];
}

/* Whether more than one can receive it, by its address and the MAC under it. */
bool answer_to_group(const struct answer_frame *frame, const struct answer_packet *packet);

#endif
