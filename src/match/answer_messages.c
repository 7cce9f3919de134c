/* Messages above UDP that hold a number which comes back. */
#include "match/answer_service.h"

/* RFC 5905 7.3: the client's transmit timestamp comes back as the origin. */
bool answer_read_ntp(const struct answer_message *message, struct answer_claim *ret)
{
	const uint8_t *time = message->octets + (message->given ? 24 : 40);
	uint8_t mode;

	if (message->length < 48)
		return false;
	mode = message->octets[0] & 7;
	if (message->given ? mode != 4 && mode != 2 : mode != 3 && mode != 1)
		return false;
	return answer_claim_number(
		ret, (uint64_t)bytes_get_be32(time) << 32 | bytes_get_be32(time + 4), 8);
}

/* RFC 2131 2: op, and 16 octets of the client's hardware address. */
bool answer_read_dhcp(const struct answer_message *message, struct answer_claim *ret)
{
	uint32_t id;

	if (message->length < 44 || message->octets[0] != (message->given ? 2 : 1))
		return false;
	id = bytes_get_be32(message->octets + 4);
	answer_claim_number(ret, answer_mix_octets(id, message->octets + 28, 16), 0);
	answer_show(ret, id, 4);
	return true;
}

/* RFC 8415 8, 9: a transaction id; of a relay the peer's address. */
bool answer_read_dhcpv6(const struct answer_message *message, struct answer_claim *ret)
{
	/* by the message's type: solicit, request, confirm, renew, rebind, release, decline,
	 * information-request; advertise, reply */
	static const uint32_t asks =
		1U << 1 | 1U << 3 | 1U << 4 | 1U << 5 | 1U << 6 | 1U << 8 | 1U << 9 | 1U << 11;
	static const uint32_t gives = 1U << 2 | 1U << 7;
	uint8_t type;

	if (message->length < 4)
		return false;
	type = message->octets[0];
	if (type == (message->given ? 13 : 12) && message->length >= 34)
		return answer_claim_number(ret, answer_mix_octets(12, message->octets + 2, 32), 8);
	if (type > 11 || !((message->given ? gives : asks) >> type & 1))
		return false;
	return answer_claim_number(ret, bytes_get_be32(message->octets) & 0xffffff, 3);
}

/* RFC 2865 4, RFC 2866 4, RFC 5176 3: an octet; the authenticator takes the secret to check. */
bool answer_read_radius(const struct answer_message *message, struct answer_claim *ret)
{
	static const uint8_t asks[] = { 1, 4, 12, 40, 43 };
	static const uint8_t gives[] = { 2, 3, 5, 11, 41, 42, 44, 45 };

	if (message->length < 20 ||
		!(message->given ? memchr(gives, message->octets[0], sizeof(gives))
				 : memchr(asks, message->octets[0], sizeof(asks))))
		return false;
	return answer_claim_number(ret, message->octets[1], 1);
}

/* RFC 1350 4: the server takes a new port. Data or an option's acknowledgement answers a read. */
bool answer_read_tftp(const struct answer_message *message, struct answer_claim *ret)
{
	enum { READ = 1, WRITE, DATA, ACK, ERROR, OPTIONS };

	if (message->length < 4 || message->octets[0])
		return false;
	switch (message->octets[1]) {
	case READ:
	case WRITE:
		if (message->given)
			return false;
		return answer_claim_number(ret, message->octets[1] + 2U, 0);
	case DATA:
	case ACK:
		if (!message->given || bytes_get_be16(message->octets + 2) > 1)
			return false;
		return answer_claim_number(ret, message->octets[1], 0);
	case ERROR:
	case OPTIONS:
		if (!message->given)
			return false;
		answer_claim_number(ret, DATA, 0);
		ret->number[ret->numbers++] = ACK;
		return true;
	default:
		return false;
	}
}

/* UPnP Device Architecture 1.3. */
bool answer_read_ssdp(const struct answer_message *message, struct answer_claim *ret)
{
	static const char ask[] = "M-SEARCH ";
	static const char give[] = "HTTP/1.1 200";
	const char *begin = message->given ? give : ask;

	return message->length >= strlen(begin) && !memcmp(message->octets, begin, strlen(begin)) &&
	       answer_claim_number(ret, 1, 0);
}

/* 3GPP TS 29.281 7.2: echo request and response. */
bool answer_read_gtpu(const struct answer_message *message, struct answer_claim *ret)
{
	if (message->length < 12 || message->octets[0] >> 4 != 3 ||
		message->octets[1] != (message->given ? 2 : 1))
		return false;
	return answer_claim_number(ret, bytes_get_be16(message->octets + 8), 0);
}

/* IEEE 1588 13.6 to 13.11: who asked, and the sequence number, for a delay request and that of a
 * peer. */
bool answer_read_ptp(const struct answer_message *message, struct answer_claim *ret)
{
	enum { DELAY = 1, PEER_DELAY = 2, PEER_RESPONSE = 3, DELAY_RESPONSE = 9 };
	const uint8_t *who = message->octets + (message->given ? 44 : 20);
	uint8_t type;

	if (message->length < (message->given ? 54U : 44U))
		return false;
	type = message->octets[0] & 15;
	if (message->given)
		type = type == DELAY_RESPONSE ? DELAY : type == PEER_RESPONSE ? PEER_DELAY : 0;
	if (type != DELAY && type != PEER_DELAY)
		return false;
	ret->number[ret->numbers++] =
		answer_mix(answer_mix_octets(type, who, 10), bytes_get_be16(message->octets + 30));
	answer_show(ret, bytes_get_be16(message->octets + 30), 0);
	return true;
}

/* ---- SNMP ---- */

/* X.690 8.1: the tag of the element at *at, and its contents; *at goes into it. 0: there is none
 * that is whole. */
static uint8_t enter(const struct answer_message *snmp, uint32_t *at, uint32_t *ret_length)
{
	uint32_t place = *at;
	uint8_t tag;

	if (place >= snmp->length || snmp->length - place < 2)
		return 0;
	tag = snmp->octets[place];
	*ret_length = snmp->octets[place + 1];
	place += 2;
	if (*ret_length >= 0x80) {
		uint32_t octets = *ret_length & 0x7f;

		*ret_length = 0;
		if (octets > 3 || octets > snmp->length - place)
			return 0;
		for (; octets; octets--)
			*ret_length = *ret_length << 8 | snmp->octets[place++];
	}
	if (*ret_length > snmp->length - place)
		return 0;
	*at = place;
	return tag;
}

static bool enter_integer(const struct answer_message *snmp, uint32_t *at, uint32_t *ret)
{
	uint32_t length;

	if (enter(snmp, at, &length) != 2 || length > 5)
		return false;
	*ret = 0;
	for (; length; length--)
		*ret = *ret << 8 | snmp->octets[(*at)++];
	return true;
}

/* RFC 3416 3: the request's id; RFC 3412 6: version 3's message id, as the rest may be encrypted.
 */
bool answer_read_snmp(const struct answer_message *message, struct answer_claim *ret)
{
	enum { SEQUENCE = 0x30, OCTETS = 4, GET = 0xa0, RESPONSE = 0xa2, INFORM = 0xa6 };
	uint32_t at = 0;
	uint32_t length;
	uint32_t version;
	uint32_t id;
	uint8_t tag;

	if (enter(message, &at, &length) != SEQUENCE || !enter_integer(message, &at, &version))
		return false;
	tag = enter(message, &at, &length);
	if (tag == OCTETS && version < 3) {
		at += length;
		tag = enter(message, &at, &length);
		if (tag < GET || tag > INFORM || (tag == RESPONSE) != message->given)
			return false;
	} else if (tag != SEQUENCE) {
		return false;
	}
	return enter_integer(message, &at, &id) && answer_claim_number(ret, id, 0);
}
