/* What each kind of packet asks for, or gives: one row a topic. */
#include "match/answer_claim.h"

#define BOTH	  (ANSWER_LOCAL | ANSWER_REMOTE)
#define PORTS	  (ANSWER_LOCAL_PORT | ANSWER_REMOTE_PORT)
#define ARP_PROBE 0 /* the sender's address, RFC 5227 2.1.1 */

enum arp_op { ARP_REQUEST = 1, ARP_REPLY = 2 };

/* clang-format off */
const struct answer_topic_row answer_topics[ANSWER_TOPICS] = {
	[ANSWER_TOPIC_LINK] = { .parts = BOTH, .open_parts = ANSWER_LOCAL, .what = "frame" },
	[ANSWER_TOPIC_ARP] = { .parts = BOTH, .open_parts = ANSWER_REMOTE,
		.check = answer_check_arp, .what = "ARP reply" },
	[ANSWER_TOPIC_IP] = { .parts = BOTH, .open_parts = ANSWER_LOCAL, .what = "packet" },
	[ANSWER_TOPIC_ECHO] = { .parts = BOTH, .open_parts = ANSWER_LOCAL,
		.check = answer_check_echo },
	[ANSWER_TOPIC_ROUTER] = { .what = "router advertisement" },
	[ANSWER_TOPIC_NEIGHBOUR] = { .parts = ANSWER_LOCAL,
		.check = answer_check_neighbour, .what = "neighbour advertisement" },
	[ANSWER_TOPIC_PORTS] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS,
		.what = "datagram" },
	[ANSWER_TOPIC_NUMBERED] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS,
		.check = answer_check_numbered },
	[ANSWER_TOPIC_DHCP] = { .check = answer_check_numbered },
	[ANSWER_TOPIC_TCP] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS, .loose = true,
		.check = answer_check_tcp },
};
/* clang-format on */

uint64_t answer_mix_octets(uint64_t seed, const uint8_t *octets, size_t length)
{
	uint64_t hash = answer_mix(seed, length);
	uint64_t word;

	for (; length >= sizeof(word); length -= sizeof(word), octets += sizeof(word)) {
		memcpy(&word, octets, sizeof(word));
		hash = answer_mix(hash, word);
	}
	word = 0;
	memcpy(&word, octets, length);
	return length ? answer_mix(hash, word) : hash;
}

static uint16_t arp_op(const struct answer_frame *frame, const struct answer_packet *packet)
{
	return bytes_get_be16(frame->octets + packet->at + 6);
}

static void arp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	if (arp_op(frame, packet) != ARP_REQUEST)
		return;
	ret->topic = ANSWER_TOPIC_ARP;
	ret->open = bytes_get_be32(frame->octets + packet->src) == ARP_PROBE;
}

static void ip_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	ret->open = answer_to_group(frame, packet);
	switch (packet->protocol) {
	case ANSWER_ICMP:
	case ANSWER_ICMPV6:
		answer_icmp_asked(frame, packet, ret);
		break;
	case ANSWER_TCP:
		if (packet->has_upper)
			answer_tcp_asked(frame, packet, ret);
		break;
	case ANSWER_UDP:
	case ANSWER_UDPLITE:
	case ANSWER_DCCP:
	case ANSWER_SCTP:
		if (answer_has_ports(packet))
			answer_udp_asked(frame, packet, ret);
		break;
	default:
		ret->topic = packet->has_upper ? ANSWER_TOPIC_IP : ANSWER_TOPIC_NONE;
		break;
	}
}

void answer_claim_asked(const struct answer_frame *request, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	*ret = (struct answer_claim){ 0 };
	switch (packet->net) {
	case ANSWER_NET_LINK:
		ret->topic = ANSWER_TOPIC_LINK;
		ret->open = answer_to_group(request, packet);
		break;
	case ANSWER_NET_ARP:
		arp_asked(request, packet, ret);
		break;
	default:
		ip_asked(request, packet, ret);
		break;
	}
}

static unsigned int ip_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	unsigned int count = 0;

	if (!packet->has_upper)
		return 0;
	switch (packet->protocol) {
	case ANSWER_ICMP:
	case ANSWER_ICMPV6:
		return answer_icmp_given(frame, packet, ret) ? 1 : 0;
	case ANSWER_TCP:
		answer_tcp_given(frame, packet, ret);
		return ret->topic != ANSWER_TOPIC_NONE ? 1 : 0;
	case ANSWER_UDP:
	case ANSWER_UDPLITE:
	case ANSWER_DCCP:
	case ANSWER_SCTP:
		if (!answer_has_ports(packet))
			return 0;
		count = answer_udp_given(frame, packet, &ret[0]) ? 1 : 0;
		ret[count++].topic = ANSWER_TOPIC_PORTS;
		return count;
	default:
		ret->topic = ANSWER_TOPIC_IP;
		return 1;
	}
}

unsigned int answer_claims_given(const struct answer_frame *received,
	const struct answer_packet *packet, struct answer_claim ret[ANSWER_CLAIMS])
{
	for (unsigned int i = 0; i < ANSWER_CLAIMS; i++)
		ret[i] = (struct answer_claim){ 0 };
	switch (packet->net) {
	case ANSWER_NET_LINK:
		ret->topic = ANSWER_TOPIC_LINK;
		return 1;
	case ANSWER_NET_ARP:
		ret->topic = ANSWER_TOPIC_ARP;
		return 1;
	default:
		return ip_given(received, packet, ret);
	}
}

/* RFC 826; RFC 5227 2.1.1: who probes for an address takes whatever comes from it, also a request.
 */
void answer_check_arp(struct answer_pair *pair)
{
	uint16_t op = arp_op(pair->received, pair->given);

	if (op != ARP_REPLY && !pair->claim->open) {
		answer_unrelated(pair);
		return;
	}
	pair->verdict->what = op == ARP_REPLY ? "ARP reply" : "ARP request of its owner";
}
