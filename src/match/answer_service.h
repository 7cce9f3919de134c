/*
 * answer_service.h: protocols whose requests hold a number that comes back in the answer: those
 * above UDP, by the server's port, and those right above Ethernet, by the EtherType. Internal to
 * src/match.
 */
#ifndef MATCH_ANSWER_SERVICE_H
#define MATCH_ANSWER_SERVICE_H

#include "match/answer_claim.h"

/* The octets of a message. */
struct answer_message {
	const uint8_t *octets;
	uint32_t length;
	bool given; /* it was received: is it an answer? */
};

/* Puts the numbers of a request, or of an answer, into *ret, of which the first is the narrowest;
 * false: it is none. */
typedef bool answer_message_read(const struct answer_message *message, struct answer_claim *ret);

answer_message_read answer_read_dns, answer_read_mdns, answer_read_nbns, answer_read_ntp,
	answer_read_dhcp, answer_read_dhcpv6, answer_read_snmp, answer_read_radius,
	answer_read_tftp, answer_read_ssdp, answer_read_gtpu, answer_read_ptp, answer_read_pppoe,
	answer_read_ppp, answer_read_cfm, answer_read_rarp;

/* The number that people know the message by. */
static inline void answer_show(struct answer_claim *claim, uint64_t number, unsigned int octets)
{
	claim->shown = number;
	claim->shown_octets = (uint8_t)octets;
}

/* It, and nothing else, is the claim's number. */
static inline bool answer_claim_number(
	struct answer_claim *claim, uint64_t number, unsigned int octets)
{
	claim->number[claim->numbers++] = number;
	answer_show(claim, number, octets);
	return true;
}

#endif
