/* Holds a received frame against a request: envelope, topic, checksums; or the quote of an error.
 */
#include "match/answer_claim.h"

struct answer_value answer_number(uint64_t number, unsigned int hex_octets)
{
	return (struct answer_value){
		.kind = hex_octets ? ANSWER_VALUE_HEX : ANSWER_VALUE_DECIMAL,
		.length = (uint8_t)hex_octets,
		.number = number,
	};
}

struct answer_value answer_address(const uint8_t *octets, unsigned int length)
{
	struct answer_value ret = { .kind = ANSWER_VALUE_ADDRESS, .length = (uint8_t)length };

	memcpy(ret.address, octets, length);
	return ret;
}

void answer_wrong(struct answer_pair *pair, enum answer_reason reason, struct answer_value got,
	struct answer_value wanted)
{
	if (pair->wrong++)
		return;
	pair->verdict->reason = reason;
	pair->verdict->got = got;
	pair->verdict->wanted = wanted;
}

void answer_unrelated(struct answer_pair *pair)
{
	pair->wrong += 2;
}

void answer_want(struct answer_pair *pair, enum answer_reason reason, unsigned int octets,
	uint64_t got, uint64_t wanted)
{
	if (got != wanted)
		answer_wrong(
			pair, reason, answer_number(got, octets), answer_number(wanted, octets));
}

void answer_want_address(struct answer_pair *pair, enum answer_reason reason, const uint8_t *got,
	const uint8_t *wanted, unsigned int octets)
{
	if (memcmp(got, wanted, octets) != 0)
		answer_wrong(
			pair, reason, answer_address(got, octets), answer_address(wanted, octets));
}

static void want_vlans(struct answer_pair *pair, uint64_t got, uint64_t wanted)
{
	struct answer_value values[2] = { answer_number(got, 0), answer_number(wanted, 0) };

	values[0].kind = ANSWER_VALUE_VLANS;
	values[1].kind = ANSWER_VALUE_VLANS;
	if (got != wanted)
		answer_wrong(pair, ANSWER_OTHER_VLAN, values[0], values[1]);
}

static void check_around(struct answer_pair *pair, const struct answer_packet *asked,
	const struct answer_packet *given)
{
	if (asked->net != given->net || asked->tunnel != given->tunnel ||
		asked->protocol != given->protocol || asked->type != given->type ||
		asked->address_octets != given->address_octets) {
		answer_unrelated(pair);
		return;
	}
	want_vlans(pair, given->vlans, asked->vlans);
	answer_want(pair, ANSWER_OTHER_TUNNEL, 0, given->tunnel_id, asked->tunnel_id);
}

static void check_parties(struct answer_pair *pair, const struct answer_packet *asked,
	const struct answer_packet *given, unsigned int parts)
{
	const uint8_t *sent = pair->request->octets;
	const uint8_t *came = pair->received->octets;

	if (parts & ANSWER_LOCAL)
		answer_want_address(pair, ANSWER_OTHER_RECEIVER, came + given->dst,
			sent + asked->src, asked->address_octets);
	if (parts & ANSWER_REMOTE)
		answer_want_address(pair, ANSWER_OTHER_ADDRESS, came + given->src,
			sent + asked->dst, asked->address_octets);
	if (!(parts & (ANSWER_LOCAL_PORT | ANSWER_REMOTE_PORT)))
		return;
	if (!answer_has_ports(given) ||
		bytes_get_be16(came + given->upper + 2) != bytes_get_be16(sent + asked->upper))
		answer_unrelated(pair);
	else if (parts & ANSWER_REMOTE_PORT)
		answer_want(pair, ANSWER_OTHER_PORT, 0, bytes_get_be16(came + given->upper),
			bytes_get_be16(sent + asked->upper + 2));
}

/* The tunnels around packets[count]. */
static void check_outer(struct answer_pair *pair, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		const struct answer_packet *asked = &pair->request->packets[i];
		const struct answer_packet *given = &pair->received->packets[i];

		check_around(pair, asked, given);
		if (pair->wrong > 1)
			return;
		check_parties(pair, asked, given,
			answer_to_group(pair->request, asked) ? ANSWER_LOCAL
							      : ANSWER_LOCAL | ANSWER_REMOTE);
		answer_check_sums(pair, given);
	}
}

static void check_reply(struct answer_pair *pair)
{
	const struct answer_topic_row *row = &answer_topics[pair->claim->topic];

	pair->verdict->what = row->what;
	if (pair->claim->topic == ANSWER_TOPIC_NONE ||
		pair->request->quoted != pair->received->quoted) {
		answer_unrelated(pair);
		return;
	}
	check_outer(pair, pair->request->quoted - 1U);
	if (pair->wrong > 1)
		return;
	check_around(pair, pair->asked, pair->given);
	if (pair->wrong > 1 || !pair->given->has_upper) {
		answer_unrelated(pair);
		return;
	}
	check_parties(
		pair, pair->asked, pair->given, pair->claim->open ? row->open_parts : row->parts);
	if (pair->wrong < 2 && row->check)
		row->check(pair);
	if (pair->wrong < 2)
		answer_check_sums(pair, pair->given);
}

/* ---- errors ---- */

/* What identifies a packet of each transport among those of the same addresses, in its first 8
 * octets. */
static void check_quoted_upper(struct answer_pair *pair, const struct answer_packet *asked,
	const struct answer_packet *quoted)
{
	const uint8_t *sent = pair->request->octets + asked->upper;
	const uint8_t *came = pair->received->octets + quoted->upper;
	uint32_t sent_octets = asked->end - asked->upper;
	uint32_t came_octets = quoted->end - quoted->upper;
	bool ids_differ = asked->net == ANSWER_NET_IPV4 &&
			  memcmp(pair->request->octets + asked->at + 4,
				  pair->received->octets + quoted->at + 4, 2) != 0;
	uint32_t both = sent_octets < came_octets ? sent_octets : came_octets;

	if (both > 8)
		both = 8;
	if (sent_octets != came_octets && both < 8) {
		answer_unrelated(pair);
		return;
	}
	switch (both == 8 && asked->has_upper ? asked->protocol : 0) {
	case ANSWER_ICMP:
	case ANSWER_ICMPV6:
		if (memcmp(sent, came, 2) != 0)
			answer_unrelated(pair);
		answer_want(pair, ANSWER_OTHER_ID, 2, bytes_get_be16(came + 4),
			bytes_get_be16(sent + 4));
		answer_want(pair, ANSWER_OTHER_SEQ, 0, bytes_get_be16(came + 6),
			bytes_get_be16(sent + 6));
		break;
	case ANSWER_UDP:
	case ANSWER_UDPLITE:
		if (memcmp(sent, came, 2) != 0)
			answer_unrelated(pair);
		answer_want(pair, ANSWER_OTHER_PORT, 0, bytes_get_be16(came + 2),
			bytes_get_be16(sent + 2));
		/* Translators change a checksum, and some routers ids; not both in one. */
		if (ids_differ && memcmp(sent + 4, came + 4, 4) != 0)
			answer_unrelated(pair);
		break;
	case ANSWER_TCP:
		if (memcmp(sent, came, 2) != 0)
			answer_unrelated(pair);
		answer_want(pair, ANSWER_OTHER_PORT, 0, bytes_get_be16(came + 2),
			bytes_get_be16(sent + 2));
		answer_want(pair, ANSWER_OTHER_SEQ, 0, bytes_get_be32(came + 4),
			bytes_get_be32(sent + 4));
		break;
	default:
		if (memcmp(sent, came, both) != 0)
			answer_unrelated(pair);
		break;
	}
}

static void check_quoted(struct answer_pair *pair, const struct answer_packet *asked,
	const struct answer_packet *quoted)
{
	const uint8_t *sent = pair->request->octets;
	const uint8_t *came = pair->received->octets;

	if (asked->net != quoted->net || asked->protocol != quoted->protocol ||
		asked->has_upper != quoted->has_upper ||
		asked->address_octets != quoted->address_octets ||
		memcmp(sent + asked->src, came + quoted->src, asked->address_octets) != 0 ||
		memcmp(sent + asked->dst, came + quoted->dst, asked->address_octets) != 0) {
		answer_unrelated(pair);
		return;
	}
	check_quoted_upper(pair, asked, quoted);
}

/* A redirect, and a source quench, are not the end: the packet went on. */
static void check_notice(struct answer_pair *pair, const uint8_t *icmp)
{
	if (pair->given->protocol != ANSWER_ICMP)
		return;
	if (icmp[0] == 5)
		answer_wrong(pair, ANSWER_REDIRECT, answer_address(icmp + 4, 4),
			answer_address(icmp + 4, 4));
	else if (icmp[0] == 4)
		answer_wrong(pair, ANSWER_QUENCH, answer_number(0, 0), answer_number(0, 0));
}

/* It goes to whom the packet came from, the same way. */
static void check_error_around(struct answer_pair *pair, const struct answer_packet *asked)
{
	const struct answer_packet *given = pair->given;

	if (asked->net != given->net || asked->tunnel != given->tunnel) {
		answer_unrelated(pair);
		return;
	}
	answer_want_address(pair, ANSWER_OTHER_RECEIVER, pair->received->octets + given->dst,
		pair->request->octets + asked->src, asked->address_octets);
	want_vlans(pair, given->vlans, asked->vlans);
	answer_want(pair, ANSWER_OTHER_TUNNEL, 0, given->tunnel_id, asked->tunnel_id);
}

static void check_error(struct answer_pair *pair)
{
	const struct answer_frame *received = pair->received;
	unsigned int level = received->quoted - 1U;
	const uint8_t *icmp = answer_given(pair);

	if (level >= pair->request->quoted) {
		answer_unrelated(pair);
		return;
	}
	check_outer(pair, level);
	check_error_around(pair, &pair->request->packets[level]);
	for (unsigned int i = received->quoted, j = level;
		i < received->count && j < pair->request->quoted && pair->wrong < 2; i++, j++)
		check_quoted(pair, &pair->request->packets[j], &received->packets[i]);
	if (pair->wrong > 1)
		return;
	answer_check_sums(pair, pair->given);
	check_notice(pair, icmp);
	pair->verdict->is_error = true;
	pair->verdict->type = icmp[0];
	pair->verdict->code = icmp[1];
	pair->verdict->is_ipv6 = pair->given->protocol == ANSWER_ICMPV6;
	pair->verdict->what = answer_error_name(pair->verdict->is_ipv6, icmp[0], icmp[1]);
}

static void set_sender(const struct answer_frame *received, const struct answer_packet *packet,
	struct answer_verdict *ret)
{
	const uint8_t *octets = received->octets;

	ret->from = answer_address(octets + packet->src, packet->address_octets);
	if (packet->net == ANSWER_NET_ARP)
		ret->hardware = answer_address(octets + packet->at + 8, 6);
	else if (received->packets[0].has_mac)
		ret->hardware = answer_address(octets + received->packets[0].mac + 6, 6);
	if (answer_is_ip(packet))
		ret->ttl = octets[packet->at + (packet->net == ANSWER_NET_IPV4 ? 8 : 7)];
}

void answer_check(const struct answer_frame *request, const struct answer_frame *received,
	struct answer_verdict *ret)
{
	struct answer_claim claim;
	struct answer_pair pair = {
		.request = request, .received = received, .claim = &claim, .verdict = ret
	};
	bool is_error = received->quoted < received->count;

	*ret = (struct answer_verdict){ 0 };
	if (!request->count || request->quoted < request->count || !received->count)
		return;
	pair.asked = answer_innermost(request);
	pair.given = answer_innermost(received);
	answer_claim_asked(request, pair.asked, &claim);
	set_sender(received, pair.given, ret);
	if (is_error)
		check_error(&pair);
	else
		check_reply(&pair);
	if (pair.wrong > 1)
		*ret = (struct answer_verdict){ 0 };
	else if (pair.wrong)
		ret->kind = ANSWER_NEAR;
	else
		ret->kind = is_error ? ANSWER_ERROR : ANSWER_REPLY;
}
