/* UDP: the services whose requests hold a number that comes back in the answer. */
#include "match/answer_claim.h"

#define UDP_OCTETS 8

/* The octets of a datagram, without its header. */
struct payload {
	const uint8_t *octets;
	uint32_t length;
};

/* Ports are the server's. Reads a request, or an answer; false: it is none. */
struct service {
	uint16_t port;
	uint8_t topic;
	bool (*read)(struct payload payload, bool given, struct answer_claim *ret);
	enum answer_reason reason; /* another number comes back */
	const char *what;
};

static void claim_number(struct answer_claim *ret, uint64_t number, unsigned int octets)
{
	ret->number[ret->numbers++] = number;
	ret->shown = number;
	ret->shown_octets = (uint8_t)octets;
}

/* RFC 1035 4.1.2: the first question, its letters alike; 0 where there is none. */
static uint64_t question_of(struct payload dns)
{
	uint64_t hash = 1;
	uint32_t at = 12;

	if (!bytes_get_be16(dns.octets + 4))
		return 0;
	while (at < dns.length && dns.octets[at] && dns.octets[at] < 64) {
		for (uint32_t left = dns.octets[at] + 1U; left; left--, at++) {
			if (at >= dns.length)
				return 0;
			hash = answer_mix(hash, dns.octets[at] >= 'A' && dns.octets[at] <= 'Z'
							? dns.octets[at] + 32U
							: dns.octets[at]);
		}
	}
	if (dns.length - at < 5 || dns.octets[at])
		return 0;
	return answer_mix(hash, bytes_get_be32(dns.octets + at + 1));
}

/* A server may answer without the question, where it cannot read it. */
static bool read_dns(struct payload dns, bool given, struct answer_claim *ret)
{
	uint64_t question;
	uint16_t id;

	if (dns.length < 12 || (dns.octets[2] >> 7) != given)
		return false;
	id = bytes_get_be16(dns.octets);
	question = question_of(dns);
	if (question)
		ret->number[ret->numbers++] = answer_mix(question, id);
	if (!question || !given)
		ret->number[ret->numbers++] = id;
	ret->shown = id;
	ret->shown_octets = 2;
	return true;
}

/* RFC 5905 7.3: the client's transmit timestamp comes back as the origin. */
static bool read_ntp(struct payload ntp, bool given, struct answer_claim *ret)
{
	const uint8_t *time = ntp.octets + (given ? 24 : 40);
	uint8_t mode;

	if (ntp.length < 48)
		return false;
	mode = ntp.octets[0] & 7;
	if (given ? mode != 4 && mode != 2 : mode != 3 && mode != 1)
		return false;
	claim_number(ret, (uint64_t)bytes_get_be32(time) << 32 | bytes_get_be32(time + 4), 8);
	return true;
}

/* RFC 2131 2: op, and 16 octets of the client's hardware address. */
static bool read_dhcp(struct payload dhcp, bool given, struct answer_claim *ret)
{
	uint32_t id;

	if (dhcp.length < 44 || dhcp.octets[0] != (given ? 2 : 1))
		return false;
	id = bytes_get_be32(dhcp.octets + 4);
	ret->number[ret->numbers++] = answer_mix_octets(id, dhcp.octets + 28, 16);
	ret->shown = id;
	ret->shown_octets = 4;
	return true;
}

/* clang-format off */
static const struct service services[] = {
	{ 53, ANSWER_TOPIC_NUMBERED, read_dns, ANSWER_OTHER_ID, "DNS response" },
	{ 123, ANSWER_TOPIC_NUMBERED, read_ntp, ANSWER_OTHER_TIME, "NTP response" },
	{ 67, ANSWER_TOPIC_DHCP, read_dhcp, ANSWER_OTHER_ID, "DHCP reply" },
};
/* clang-format on */

static const struct service *find_service(const struct answer_packet *packet, uint16_t port)
{
	if (packet->protocol != ANSWER_UDP)
		return NULL;
	for (unsigned int i = 0; i < sizeof(services) / sizeof(services[0]); i++)
		if (services[i].port == port)
			return &services[i];
	return NULL;
}

static struct payload payload_of(
	const struct answer_frame *frame, const struct answer_packet *packet)
{
	uint32_t there = answer_upper_octets(packet);

	if (there < UDP_OCTETS)
		return (struct payload){ 0 };
	return (struct payload){ frame->octets + packet->upper + UDP_OCTETS, there - UDP_OCTETS };
}

static bool read_service(const struct service *service, const struct answer_frame *frame,
	const struct answer_packet *packet, bool given, struct answer_claim *ret)
{
	if (!service || !service->read(payload_of(frame, packet), given, ret))
		return false;
	ret->topic = service->topic;
	return true;
}

void answer_udp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	uint16_t port = bytes_get_be16(frame->octets + packet->upper + 2);

	if (!read_service(find_service(packet, port), frame, packet, false, ret))
		ret->topic = ANSWER_TOPIC_PORTS;
}

bool answer_udp_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	uint16_t port = bytes_get_be16(frame->octets + packet->upper);

	return read_service(find_service(packet, port), frame, packet, true, ret);
}

static bool shares_number(const struct answer_claim *a, const struct answer_claim *b)
{
	for (unsigned int i = 0; i < a->numbers; i++)
		for (unsigned int j = 0; j < b->numbers; j++)
			if (a->number[i] == b->number[j])
				return true;
	return false;
}

void answer_check_numbered(struct answer_pair *pair)
{
	const struct answer_claim *asked = pair->claim;
	const struct service *service =
		find_service(pair->asked, bytes_get_be16(answer_asked(pair) + 2));
	struct answer_claim given = { 0 };

	pair->verdict->what = service->what;
	if (!read_service(service, pair->received, pair->given, true, &given))
		answer_unrelated(pair);
	else if (!shares_number(asked, &given))
		answer_wrong(pair,
			asked->shown == given.shown ? ANSWER_OTHER_QUESTION : service->reason,
			answer_number(given.shown, given.shown_octets),
			answer_number(asked->shown, asked->shown_octets));
}
