/* What each kind of packet asks for, or gives: one row a topic. */
#include "match/answer_claim.h"

#define BOTH  (ANSWER_LOCAL | ANSWER_REMOTE)
#define PORTS (ANSWER_LOCAL_PORT | ANSWER_REMOTE_PORT)

/* clang-format off */
const struct answer_topic_row answer_topics[ANSWER_TOPICS] = {
	[ANSWER_TOPIC_LINK] = { .parts = BOTH, .open_parts = ANSWER_LOCAL,
		.check = answer_check_link, .what = "frame" },
	[ANSWER_TOPIC_ARP] = { .parts = BOTH, .open_parts = ANSWER_REMOTE,
		.check = answer_check_arp, .what = "ARP reply" },
	[ANSWER_TOPIC_IP] = { .parts = BOTH, .open_parts = ANSWER_LOCAL, .what = "packet" },
	[ANSWER_TOPIC_ECHO] = { .parts = BOTH, .open_parts = ANSWER_LOCAL,
		.check = answer_check_echo },
	[ANSWER_TOPIC_ROUTER] = { .check = answer_check_router, .what = "router advertisement" },
	[ANSWER_TOPIC_NEIGHBOUR] = { .parts = ANSWER_LOCAL,
		.check = answer_check_neighbour, .what = "neighbour advertisement" },
	[ANSWER_TOPIC_PORTS] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS,
		.what = "datagram" },
	[ANSWER_TOPIC_NUMBERED] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS,
		.check = answer_check_numbered },
	[ANSWER_TOPIC_OTHER_PORT] = { .parts = BOTH | ANSWER_LOCAL_PORT,
		.open_parts = ANSWER_LOCAL | ANSWER_LOCAL_PORT, .check = answer_check_numbered },
	[ANSWER_TOPIC_ANYBODY] = { .parts = ANSWER_LOCAL | ANSWER_LOCAL_PORT,
		.open_parts = ANSWER_LOCAL | ANSWER_LOCAL_PORT, .check = answer_check_numbered },
	[ANSWER_TOPIC_FREE] = { .check = answer_check_numbered },
	[ANSWER_TOPIC_LINK_NUMBERED] = { .parts = BOTH, .open_parts = ANSWER_LOCAL,
		.check = answer_check_numbered },
	[ANSWER_TOPIC_TCP] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS, .loose = true,
		.check = answer_check_tcp },
	[ANSWER_TOPIC_SCTP] = { .parts = BOTH | PORTS, .open_parts = ANSWER_LOCAL | PORTS, .loose = true,
		.check = answer_check_sctp },
	[ANSWER_TOPIC_MEMBERSHIP] = { .check = answer_check_membership, .what = "membership report" },
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

static void ip_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	ret->open = answer_to_group(frame, packet);
	if (!packet->has_upper)
		return;
	switch (packet->protocol) {
	case ANSWER_ICMP:
		answer_icmp_asked(frame, packet, ret);
		break;
	case ANSWER_ICMPV6:
		answer_icmp_asked(frame, packet, ret);
		if (ret->topic == ANSWER_TOPIC_NONE)
			answer_igmp_asked(frame, packet, ret);
		break;
	case ANSWER_IGMP:
		answer_igmp_asked(frame, packet, ret);
		break;
	case ANSWER_TCP:
		answer_tcp_asked(frame, packet, ret);
		break;
	case ANSWER_SCTP:
		answer_sctp_asked(frame, packet, ret);
		break;
	case ANSWER_UDP:
	case ANSWER_UDPLITE:
	case ANSWER_DCCP:
		answer_service_asked(frame, packet, ret);
		if (ret->topic == ANSWER_TOPIC_NONE && answer_has_ports(packet))
			ret->topic = ANSWER_TOPIC_PORTS;
		break;
	default:
		ret->topic = ANSWER_TOPIC_IP;
		break;
	}
}

void answer_claim_asked(const struct answer_frame *request, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	*ret = (struct answer_claim){ 0 };
	switch (packet->net) {
	case ANSWER_NET_LINK:
		ret->open = answer_to_group(request, packet);
		answer_service_asked(request, packet, ret);
		if (ret->topic == ANSWER_TOPIC_NONE)
			ret->topic = ANSWER_TOPIC_LINK;
		break;
	case ANSWER_NET_ARP:
		answer_arp_asked(request, packet, ret);
		break;
	default:
		ip_asked(request, packet, ret);
		break;
	}
}

static unsigned int ip_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	unsigned int count;

	if (!packet->has_upper)
		return 0;
	switch (packet->protocol) {
	case ANSWER_ICMP:
		answer_icmp_given(frame, packet, ret);
		break;
	case ANSWER_ICMPV6:
		answer_icmp_given(frame, packet, ret);
		if (ret->topic == ANSWER_TOPIC_NONE)
			answer_igmp_given(frame, packet, ret);
		break;
	case ANSWER_IGMP:
		answer_igmp_given(frame, packet, ret);
		break;
	case ANSWER_TCP:
		answer_tcp_given(frame, packet, ret);
		break;
	case ANSWER_SCTP:
		answer_sctp_given(frame, packet, ret);
		break;
	case ANSWER_UDP:
	case ANSWER_UDPLITE:
	case ANSWER_DCCP:
		if (!answer_has_ports(packet))
			return 0;
		count = answer_services_given(frame, packet, ret);
		ret[count].topic = ANSWER_TOPIC_PORTS;
		return count + 1;
	default:
		ret->topic = ANSWER_TOPIC_IP;
		break;
	}
	return ret->topic != ANSWER_TOPIC_NONE ? 1 : 0;
}

unsigned int answer_claims_given(const struct answer_frame *received,
	const struct answer_packet *packet, struct answer_claim ret[ANSWER_CLAIMS])
{
	unsigned int count;

	for (unsigned int i = 0; i < ANSWER_CLAIMS; i++)
		ret[i] = (struct answer_claim){ 0 };
	switch (packet->net) {
	case ANSWER_NET_LINK:
		count = answer_services_given(received, packet, ret);
		ret[count].topic = ANSWER_TOPIC_LINK;
		return count + 1;
	case ANSWER_NET_ARP:
		ret->topic = ANSWER_TOPIC_ARP;
		return 1;
	default:
		return ip_given(received, packet, ret);
	}
}
