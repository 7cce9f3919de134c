/* The services, one row each, and how a claim and a check come of a row. */
#include "match/answer_service.h"

#define UDP_OCTETS 8

enum space { SPACE_PORT, SPACE_ETHERTYPE };

struct service {
	uint8_t space;
	uint16_t number;
	uint8_t topic;
	bool elsewhere; /* an answer may come from another port, and is known by what it holds */
	answer_message_read *read;
	enum answer_reason reason; /* another number comes back; RIGHT: that is no near miss */
	enum answer_reason rest;   /* the number that people know, and not what is beside it */
	const char *what;
};

/* clang-format off */
static const struct service services[] = {
	{ SPACE_PORT, 53, ANSWER_TOPIC_NUMBERED, false, answer_read_dns, ANSWER_OTHER_ID, ANSWER_OTHER_QUESTION, "DNS response" },
	{ SPACE_PORT, 67, ANSWER_TOPIC_FREE, false, answer_read_dhcp, ANSWER_OTHER_ID, ANSWER_OTHER_CLIENT, "DHCP reply" },
	{ SPACE_PORT, 69, ANSWER_TOPIC_OTHER_PORT, true, answer_read_tftp, ANSWER_OTHER_TYPE, ANSWER_RIGHT, "TFTP reply" },
	{ SPACE_PORT, 123, ANSWER_TOPIC_NUMBERED, false, answer_read_ntp, ANSWER_OTHER_TIME, ANSWER_RIGHT, "NTP response" },
	{ SPACE_PORT, 137, ANSWER_TOPIC_NUMBERED, false, answer_read_nbns, ANSWER_OTHER_ID, ANSWER_RIGHT, "NBNS response" },
	{ SPACE_PORT, 161, ANSWER_TOPIC_NUMBERED, false, answer_read_snmp, ANSWER_OTHER_ID, ANSWER_RIGHT, "SNMP response" },
	{ SPACE_PORT, 319, ANSWER_TOPIC_FREE, false, answer_read_ptp, ANSWER_OTHER_SEQ, ANSWER_OTHER_CLIENT, "PTP response" },
	{ SPACE_PORT, 320, ANSWER_TOPIC_FREE, false, answer_read_ptp, ANSWER_OTHER_SEQ, ANSWER_OTHER_CLIENT, "PTP response" },
	{ SPACE_PORT, 547, ANSWER_TOPIC_NUMBERED, false, answer_read_dhcpv6, ANSWER_OTHER_ID, ANSWER_RIGHT, "DHCPv6 reply" },
	{ SPACE_PORT, 1645, ANSWER_TOPIC_NUMBERED, false, answer_read_radius, ANSWER_OTHER_ID, ANSWER_RIGHT, "RADIUS response" },
	{ SPACE_PORT, 1646, ANSWER_TOPIC_NUMBERED, false, answer_read_radius, ANSWER_OTHER_ID, ANSWER_RIGHT, "RADIUS response" },
	{ SPACE_PORT, 1812, ANSWER_TOPIC_NUMBERED, false, answer_read_radius, ANSWER_OTHER_ID, ANSWER_RIGHT, "RADIUS response" },
	{ SPACE_PORT, 1813, ANSWER_TOPIC_NUMBERED, false, answer_read_radius, ANSWER_OTHER_ID, ANSWER_RIGHT, "RADIUS response" },
	{ SPACE_PORT, 1900, ANSWER_TOPIC_ANYBODY, true, answer_read_ssdp, ANSWER_OTHER_TYPE, ANSWER_RIGHT, "SSDP response" },
	{ SPACE_PORT, 2152, ANSWER_TOPIC_NUMBERED, false, answer_read_gtpu, ANSWER_OTHER_SEQ, ANSWER_RIGHT, "GTP echo response" },
	{ SPACE_PORT, 3799, ANSWER_TOPIC_NUMBERED, false, answer_read_radius, ANSWER_OTHER_ID, ANSWER_RIGHT, "RADIUS response" },
	{ SPACE_PORT, 5353, ANSWER_TOPIC_FREE, false, answer_read_mdns, ANSWER_OTHER_QUESTION, ANSWER_OTHER_QUESTION, "mDNS response" },
	{ SPACE_PORT, 5355, ANSWER_TOPIC_NUMBERED, false, answer_read_dns, ANSWER_OTHER_ID, ANSWER_OTHER_QUESTION, "LLMNR response" },
	{ SPACE_ETHERTYPE, 0x8035, ANSWER_TOPIC_FREE, false, answer_read_rarp, ANSWER_OTHER_TARGET, ANSWER_RIGHT, "RARP reply" },
	{ SPACE_ETHERTYPE, 0x8863, ANSWER_TOPIC_LINK_NUMBERED, false, answer_read_pppoe, ANSWER_RIGHT, ANSWER_OTHER_CLIENT, "PPPoE reply" },
	{ SPACE_ETHERTYPE, 0x8864, ANSWER_TOPIC_LINK_NUMBERED, false, answer_read_ppp, ANSWER_OTHER_ID, ANSWER_RIGHT, "PPP reply" },
	{ SPACE_ETHERTYPE, 0x8902, ANSWER_TOPIC_LINK_NUMBERED, false, answer_read_cfm, ANSWER_OTHER_ID, ANSWER_RIGHT, "CFM reply" },
	{ SPACE_ETHERTYPE, 0x88f7, ANSWER_TOPIC_FREE, false, answer_read_ptp, ANSWER_OTHER_SEQ, ANSWER_OTHER_CLIENT, "PTP response" },
};
/* clang-format on */

#define SERVICES (sizeof(services) / sizeof(services[0]))

static bool is_udp(const struct answer_packet *packet)
{
	return packet->protocol == ANSWER_UDP && answer_has_ports(packet);
}

/* Of the server's port: where a request went, where an answer came from. */
static const struct service *find_service(
	const struct answer_frame *frame, const struct answer_packet *packet, bool given)
{
	enum space space = SPACE_ETHERTYPE;
	uint16_t number = packet->type;

	if (packet->net != ANSWER_NET_LINK) {
		if (!is_udp(packet))
			return NULL;
		space = SPACE_PORT;
		number = bytes_get_be16(frame->octets + packet->upper + (given ? 0 : 2));
	}
	for (unsigned int i = 0; i < SERVICES; i++)
		if (services[i].number == number && services[i].space == space)
			return &services[i];
	return NULL;
}

static bool read_message(const struct service *service, const struct answer_frame *frame,
	const struct answer_packet *packet, bool given, struct answer_claim *ret)
{
	uint32_t header = service->space == SPACE_PORT ? UDP_OCTETS : 0;
	uint32_t there = answer_upper_octets(packet);
	struct answer_message message = { frame->octets + packet->upper + header, there - header,
		given };
	struct answer_claim claim = { .open = ret->open };

	if (there < header || !service->read(&message, &claim))
		return false;
	claim.topic = service->topic;
	*ret = claim;
	return true;
}

void answer_service_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	const struct service *service = find_service(frame, packet, false);

	if (service)
		read_message(service, frame, packet, false, ret);
}

unsigned int answer_services_given(const struct answer_frame *frame,
	const struct answer_packet *packet, struct answer_claim *ret)
{
	const struct service *service = find_service(frame, packet, true);
	unsigned int count = 0;

	if (service && read_message(service, frame, packet, true, &ret[0]))
		count++;
	if (!is_udp(packet))
		return count;
	for (unsigned int i = 0; i < SERVICES; i++)
		if (services[i].elsewhere && &services[i] != service && count + 1 < ANSWER_CLAIMS &&
			read_message(&services[i], frame, packet, true, &ret[count]))
			count++;
	return count;
}

static bool shares_number(const struct answer_claim *a, const struct answer_claim *b)
{
	for (unsigned int i = 0; i < a->numbers; i++)
		for (unsigned int j = 0; j < b->numbers; j++)
			if (a->number[i] == b->number[j])
				return true;
	return false;
}

/* Where the topic leaves ports open, the answer is from one of the service's all the same. The
 * message was read: there are ports. */
static void check_port(struct answer_pair *pair, const struct service *service)
{
	const struct service *from = find_service(pair->received, pair->given, true);

	if (service->topic == ANSWER_TOPIC_FREE && service->space == SPACE_PORT &&
		(!from || from->read != service->read))
		answer_want(pair, ANSWER_OTHER_PORT, 0, bytes_get_be16(answer_given(pair)),
			bytes_get_be16(answer_asked(pair) + 2));
}

/* A request that the service reads, and any answer: which is not the service's where it came from
 * another port. */
void answer_check_numbered(struct answer_pair *pair)
{
	const struct answer_claim *asked = pair->claim;
	const struct service *service = find_service(pair->request, pair->asked, false);
	enum answer_reason reason = service->reason;
	struct answer_claim given = { 0 };

	pair->verdict->what = service->what;
	if (read_message(service, pair->received, pair->given, true, &given)) {
		check_port(pair, service);
		if (shares_number(asked, &given))
			return;
		if (asked->shown == given.shown)
			reason = service->rest;
	} else {
		reason = ANSWER_RIGHT;
	}
	if (reason == ANSWER_RIGHT)
		answer_unrelated(pair);
	else
		answer_wrong(pair, reason, answer_number(given.shown, given.shown_octets),
			answer_number(asked->shown, asked->shown_octets));
}
