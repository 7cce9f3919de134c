/* ICMP and ICMPv6: messages that come in pairs, and discovery of neighbours and routers. */
#include "match/answer_claim.h"

enum icmp_type {
	ICMP_ROUTER_ADVERTISEMENT = 9,
	ICMP_ROUTER_SOLICITATION = 10,
	ICMP_TIMESTAMP = 13,
	ICMPV6_ROUTER_SOLICITATION = 133,
	ICMPV6_ROUTER_ADVERTISEMENT = 134,
	ICMPV6_NEIGHBOUR_SOLICITATION = 135,
	ICMPV6_NEIGHBOUR_ADVERTISEMENT = 136,
};

/* RFC 792, RFC 950, RFC 8335, RFC 4443: request and reply with an id and a sequence number. */
struct pair_row {
	uint8_t protocol, request, reply;
	uint8_t seq_octets; /* RFC 8335: the octet after it is the reply's */
	bool echoes;	    /* what follows comes back unchanged */
	const char *what;
};

/* clang-format off */
static const struct pair_row pairs[] = {
	{ ANSWER_ICMP, 8, 0, 2, true, "echo reply" },
	{ ANSWER_ICMPV6, 128, 129, 2, true, "echo reply" },
	{ ANSWER_ICMP, 13, 14, 2, false, "timestamp reply" },
	{ ANSWER_ICMP, 15, 16, 2, false, "information reply" },
	{ ANSWER_ICMP, 17, 18, 2, false, "mask reply" },
	{ ANSWER_ICMP, 42, 43, 1, false, "extended echo reply" },
	{ ANSWER_ICMPV6, 160, 161, 1, false, "extended echo reply" },
};
/* clang-format on */

#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

static const struct pair_row *find_pair(uint8_t protocol, uint8_t type, bool given)
{
	for (unsigned int i = 0; i < PAIRS; i++)
		if (pairs[i].protocol == protocol &&
			(given ? pairs[i].reply : pairs[i].request) == type)
			return &pairs[i];
	return NULL;
}

static uint16_t seq_of(const struct pair_row *row, const uint8_t *icmp)
{
	return row->seq_octets == 2 ? bytes_get_be16(icmp + 6) : icmp[6];
}

static void claim_pair(const struct pair_row *row, const uint8_t *icmp, struct answer_claim *ret)
{
	ret->topic = ANSWER_TOPIC_ECHO;
	ret->numbers = 1;
	ret->number[0] = (uint64_t)row->request << 32 | (uint32_t)bytes_get_be16(icmp + 4) << 16 |
			 seq_of(row, icmp);
}

/* RFC 4861 7.2.3: the target is in the answer as in the request. */
static void claim_target(const uint8_t *icmp, struct answer_claim *ret)
{
	ret->topic = ANSWER_TOPIC_NEIGHBOUR;
	ret->numbers = 1;
	ret->number[0] = answer_mix_octets(1, icmp + 8, 16);
}

void answer_icmp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	const uint8_t *icmp = frame->octets + packet->upper;
	const struct pair_row *row;
	uint32_t there = answer_upper_octets(packet);

	if (there < 8)
		return;
	row = find_pair(packet->protocol, icmp[0], false);
	if (row) {
		claim_pair(row, icmp, ret);
	} else if (packet->protocol == ANSWER_ICMP) {
		if (icmp[0] == ICMP_ROUTER_SOLICITATION)
			ret->topic = ANSWER_TOPIC_ROUTER;
	} else if (icmp[0] == ICMPV6_ROUTER_SOLICITATION) {
		ret->topic = ANSWER_TOPIC_ROUTER;
	} else if (icmp[0] == ICMPV6_NEIGHBOUR_SOLICITATION && there >= 24) {
		claim_target(icmp, ret);
		/* RFC 4861 7.2.4: who has no address yet is answered at all nodes' one. */
		ret->open = packet->net == ANSWER_NET_IPV6 &&
			    bytes_are_zero(frame->octets + packet->src, 16);
	}
}

void answer_icmp_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	const uint8_t *icmp = frame->octets + packet->upper;
	const struct pair_row *row;
	uint32_t there = answer_upper_octets(packet);

	if (there < 8)
		return;
	row = find_pair(packet->protocol, icmp[0], true);
	if (row)
		claim_pair(row, icmp, ret);
	else if (packet->protocol == ANSWER_ICMP ? icmp[0] == ICMP_ROUTER_ADVERTISEMENT
						 : icmp[0] == ICMPV6_ROUTER_ADVERTISEMENT)
		ret->topic = ANSWER_TOPIC_ROUTER;
	else if (packet->protocol == ANSWER_ICMPV6 && icmp[0] == ICMPV6_NEIGHBOUR_ADVERTISEMENT &&
		 there >= 24)
		claim_target(icmp, ret);
}

/* The type that answers, with a header that is there. */
static bool is_type(struct answer_pair *pair, uint8_t type, uint32_t octets)
{
	if (answer_upper_octets(pair->given) >= octets && answer_given(pair)[0] == type)
		return true;
	answer_unrelated(pair);
	return false;
}

/* As far as both reach. RFC 792: the data received must be returned. */
static void check_payload(struct answer_pair *pair)
{
	const uint8_t *sent = answer_asked(pair) + 8;
	const uint8_t *came = answer_given(pair) + 8;
	uint32_t sent_octets = answer_upper_octets(pair->asked) - 8;
	uint32_t came_octets = answer_upper_octets(pair->given) - 8;
	uint32_t both = sent_octets < came_octets ? sent_octets : came_octets;

	for (uint32_t i = memcmp(sent, came, both) ? 0 : both; i < both; i++)
		if (sent[i] != came[i]) {
			answer_wrong(pair, ANSWER_OTHER_PAYLOAD, answer_number(i, 0),
				answer_number(sent[i], 1));
			return;
		}
	if (!pair->asked->cut && !pair->given->cut && !pair->asked->fragment &&
		!pair->given->fragment)
		answer_want(pair, ANSWER_OTHER_LENGTH, 0, came_octets, sent_octets);
}

void answer_check_echo(struct answer_pair *pair)
{
	const uint8_t *sent = answer_asked(pair);
	const struct pair_row *row = find_pair(pair->asked->protocol, sent[0], false);
	const uint8_t *came = answer_given(pair);

	if (!is_type(pair, row->reply, 8))
		return;
	pair->verdict->what = row->what;
	answer_want(pair, ANSWER_OTHER_ID, 2, bytes_get_be16(came + 4), bytes_get_be16(sent + 4));
	answer_want(pair, ANSWER_OTHER_SEQ, 0, seq_of(row, came), seq_of(row, sent));
	if (row->echoes)
		check_payload(pair);
	if (row->request == ICMP_TIMESTAMP && row->protocol == ANSWER_ICMP &&
		answer_upper_octets(pair->asked) >= 12 && answer_upper_octets(pair->given) >= 12)
		answer_want(pair, ANSWER_OTHER_TIME, 4, bytes_get_be32(came + 8),
			bytes_get_be32(sent + 8));
}

void answer_check_router(struct answer_pair *pair)
{
	is_type(pair,
		pair->given->protocol == ANSWER_ICMP ? ICMP_ROUTER_ADVERTISEMENT
						     : ICMPV6_ROUTER_ADVERTISEMENT,
		8);
}

void answer_check_neighbour(struct answer_pair *pair)
{
	if (is_type(pair, ICMPV6_NEIGHBOUR_ADVERTISEMENT, 24))
		answer_want_address(pair, ANSWER_OTHER_TARGET, answer_given(pair) + 8,
			answer_asked(pair) + 8, 16);
}
