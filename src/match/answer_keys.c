/* The keys of a frame: what it has in common with its answers, each as one number. */
#include "match/answer_claim.h"

enum key_kind { KEY_ANSWER = 1, KEY_QUOTE, KEY_QUOTE_WHOLE, KEY_QUOTE_ID, KEY_FAMILY, KEY_TOPIC };

/* Whose part a packet's sender has in the conversation. */
struct parties {
	uint64_t local, remote;
	uint16_t local_port, remote_port;
};

static uint64_t address_word(
	const struct answer_frame *frame, const struct answer_packet *packet, uint32_t at)
{
	const uint8_t *octets = frame->octets + at;

	switch (packet->address_octets) {
	case 4:
		return bytes_get_be32(octets);
	case 6:
		return (uint64_t)bytes_get_be16(octets) << 32 | bytes_get_be32(octets + 2);
	default: {
		uint64_t words[2];

		memcpy(words, octets, sizeof(words));
		return answer_mix(words[0], words[1]);
	}
	}
}

static struct parties parties_of(
	const struct answer_frame *frame, const struct answer_packet *packet, bool given)
{
	struct parties ret = { 0 };
	uint64_t src = address_word(frame, packet, packet->src);
	uint64_t dst = address_word(frame, packet, packet->dst);
	uint16_t sport = 0;
	uint16_t dport = 0;

	if (answer_has_ports(packet)) {
		sport = bytes_get_be16(frame->octets + packet->upper);
		dport = bytes_get_be16(frame->octets + packet->upper + 2);
	}
	ret.local = given ? dst : src;
	ret.remote = given ? src : dst;
	ret.local_port = given ? dport : sport;
	ret.remote_port = given ? sport : dport;
	return ret;
}

/* What tells protocols apart. */
static uint64_t family_of(const struct answer_packet *packet)
{
	return (uint64_t)packet->net << 32 | (uint32_t)packet->protocol << 16 |
	       (answer_is_ip(packet) ? 0 : packet->type);
}

static uint64_t parts_key(uint64_t seed, unsigned int parts, const struct parties *parties)
{
	uint64_t ports = 0;

	if (parts & ANSWER_LOCAL)
		seed = answer_mix(seed, parties->local);
	if (parts & ANSWER_REMOTE)
		seed = answer_mix(seed, parties->remote);
	if (parts & ANSWER_LOCAL_PORT)
		ports |= 1U << 16 | parties->local_port;
	if (parts & ANSWER_REMOTE_PORT)
		ports |= (1ULL << 16 | parties->remote_port) << 32;
	return answer_mix(seed ^ parts, ports);
}

/* The tunnels and VLANs around packets[index]; open: whatever the peers' addresses. */
static uint64_t around(const struct answer_frame *frame, unsigned int index, bool given, bool open)
{
	uint64_t hash = frame->packets[0].vlans;

	for (unsigned int i = 0; i < index; i++) {
		const struct answer_packet *inner = &frame->packets[i + 1];
		struct parties parties = parties_of(frame, &frame->packets[i], given);

		hash = answer_mix(hash, (uint64_t)inner->tunnel << 32 | inner->tunnel_id);
		hash = answer_mix(hash, inner->vlans);
		hash = parts_key(
			hash, open ? ANSWER_LOCAL : ANSWER_LOCAL | ANSWER_REMOTE, &parties);
	}
	return hash;
}

static void put_answer(struct answer_keys *keys, uint64_t key)
{
	for (unsigned int i = 0; i < keys->answers; i++)
		if (keys->answer[i] == key)
			return;
	if (keys->answers < ANSWER_KEYS)
		keys->answer[keys->answers++] = key;
}

static void put_near(struct answer_keys *keys, uint64_t key)
{
	for (unsigned int i = 0; i < keys->nears; i++)
		if (keys->near[i] == key)
			return;
	if (keys->nears < ANSWER_NEAR_KEYS)
		keys->near[keys->nears++] = key;
}

static uint64_t topic_seed(const struct answer_packet *packet, unsigned int topic)
{
	return answer_mix(family_of(packet), (uint64_t)topic << 8 | KEY_TOPIC);
}

static void put_claim(struct answer_keys *keys, const struct answer_packet *packet,
	const struct answer_claim *claim, uint64_t outer, unsigned int parts,
	const struct parties *parties)
{
	uint64_t key = parts_key(
		answer_mix(topic_seed(packet, claim->topic), outer ^ KEY_ANSWER), parts, parties);

	for (unsigned int i = 0; i < claim->numbers; i++)
		put_answer(keys, answer_mix(key, claim->number[i]));
	if (!claim->numbers || answer_topics[claim->topic].loose)
		put_answer(keys, key);
}

/*
 * What a near miss has in common: all but the peer's port and the number, or all but its address;
 * where addresses do not matter at all, our port. An answer in another VLAN or tunnel has that too.
 */
static void put_near_claim(struct answer_keys *keys, const struct answer_packet *packet,
	const struct answer_claim *claim, unsigned int parts, const struct parties *parties)
{
	uint64_t topic = topic_seed(packet, claim->topic);
	/* From another port an answer does not look like the service's. */
	uint64_t family = answer_mix(family_of(packet), KEY_FAMILY);
	uint64_t key;

	if (parts & ANSWER_LOCAL)
		put_near(keys,
			parts_key(family, parts & ~(unsigned int)ANSWER_REMOTE_PORT, parties));
	else
		put_near(keys, topic);
	if (!(parts & ANSWER_LOCAL) || claim->topic == ANSWER_TOPIC_PORTS)
		put_near(keys, parts_key(family, ANSWER_LOCAL_PORT, parties));
	key = parts_key(topic, parts & ~(unsigned int)ANSWER_REMOTE, parties);
	put_near(keys, claim->numbers ? answer_mix(key, claim->number[0]) : key);
}

/* The first octets of a transport header that come back in a quote: those that no router or
 * translator changes, or all eight. */
static uint64_t quote_word(
	const struct answer_frame *frame, const struct answer_packet *packet, bool all)
{
	const uint8_t *upper = frame->octets + packet->upper;
	uint32_t there = packet->end - packet->upper;
	uint64_t word = 0;

	if (there > 8)
		there = 8;
	if (!all && there == 8 && packet->has_upper) {
		if (packet->protocol == ANSWER_ICMP || packet->protocol == ANSWER_ICMPV6)
			return (uint64_t)bytes_get_be16(upper) << 32 | bytes_get_be32(upper + 4);
		if (packet->protocol == ANSWER_UDP || packet->protocol == ANSWER_UDPLITE)
			there = 4;
	}
	memcpy(&word, upper, there);
	return word;
}

static uint64_t quote_key(const struct answer_frame *frame, const struct answer_packet *packet,
	uint64_t outer, enum key_kind kind)
{
	struct parties parties = parties_of(frame, packet, false);
	uint64_t key = answer_mix(answer_mix(family_of(packet), outer), kind);

	key = parts_key(key, ANSWER_LOCAL | ANSWER_REMOTE, &parties);
	if (kind == KEY_QUOTE_ID && packet->net == ANSWER_NET_IPV4)
		key = answer_mix(key, bytes_get_be16(frame->octets + packet->at + 4));
	return answer_mix(key, quote_word(frame, packet, kind == KEY_QUOTE_ID));
}

/*
 * Of the packets from first to the one before end, as an error of somebody on the way of the first
 * quotes them. All of them where they reach so far, then the first alone with its id, and without.
 */
static void put_quotes(struct answer_keys *keys, const struct answer_frame *frame,
	unsigned int first, unsigned int end, uint64_t outer)
{
	uint64_t whole = outer;

	if (end - first > 1) {
		for (unsigned int i = first; i < end; i++)
			whole = quote_key(frame, &frame->packets[i], whole, KEY_QUOTE_WHOLE);
		put_answer(keys, whole);
	}
	put_answer(keys, quote_key(frame, &frame->packets[first], outer, KEY_QUOTE_ID));
	put_answer(keys, quote_key(frame, &frame->packets[first], outer, KEY_QUOTE));
}

void answer_keys_asked(const struct answer_frame *request, struct answer_keys *ret)
{
	const struct answer_packet *packet;
	struct answer_claim claim;
	struct parties parties;
	bool open = false;

	ret->answers = 0;
	ret->nears = 0;
	if (!request->count)
		return;
	packet = answer_innermost(request);
	for (unsigned int i = 0; i + 1 < request->quoted; i++)
		open |= answer_to_group(request, &request->packets[i]);
	answer_claim_asked(request, packet, &claim);
	if (claim.topic != ANSWER_TOPIC_NONE) {
		const struct answer_topic_row *row = &answer_topics[claim.topic];
		unsigned int parts = open || claim.open ? row->open_parts : row->parts;

		open |= claim.open;
		parties = parties_of(request, packet, false);
		put_claim(ret, packet, &claim, around(request, request->quoted - 1U, false, open),
			parts, &parties);
		put_near_claim(ret, packet, &claim, parts, &parties);
	}
	if (request->quoted < request->count)
		return;
	for (unsigned int i = 0; i < request->quoted; i++)
		if (answer_is_ip(&request->packets[i]))
			put_quotes(
				ret, request, i, request->quoted, around(request, i, false, true));
}

static void put_given(struct answer_keys *ret, const struct answer_frame *received, bool near)
{
	const struct answer_packet *packet = answer_innermost(received);
	struct parties parties = parties_of(received, packet, true);
	struct answer_claim claims[ANSWER_CLAIMS];
	unsigned int count = answer_claims_given(received, packet, claims);

	for (unsigned int open = 0; open < 2; open++) {
		uint64_t outer = around(received, received->quoted - 1U, true, open);

		for (unsigned int i = 0; i < count; i++) {
			const struct answer_topic_row *row = &answer_topics[claims[i].topic];
			unsigned int parts = open ? row->open_parts : row->parts;

			if (near)
				put_near_claim(ret, packet, &claims[i], parts, &parties);
			else
				put_claim(ret, packet, &claims[i], outer, parts, &parties);
		}
	}
}

void answer_keys_got(const struct answer_frame *received, struct answer_keys *ret)
{
	ret->answers = 0;
	ret->nears = 0;
	if (!received->count)
		return;
	if (received->quoted == received->count)
		put_given(ret, received, false);
	else
		put_quotes(ret, received, received->quoted, received->count,
			around(received, received->quoted - 1U, true, true));
}

void answer_keys_missed(const struct answer_frame *received, struct answer_keys *ret)
{
	const struct answer_packet *quoted;
	struct parties parties;

	ret->nears = 0;
	if (!received->count)
		return;
	if (received->quoted == received->count) {
		put_given(ret, received, true);
		return;
	}
	quoted = &received->packets[received->count - 1];
	parties = parties_of(received, quoted, false);
	put_near(ret, parts_key(answer_mix(family_of(quoted), KEY_FAMILY),
			      ANSWER_LOCAL | ANSWER_REMOTE |
				      (answer_has_ports(quoted) ? ANSWER_LOCAL_PORT : 0),
			      &parties));
}
