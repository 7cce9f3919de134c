/* What is right above Ethernet: ARP, and messages with a number which comes back. */
#include "match/answer_service.h"

enum arp_op { ARP_REQUEST = 1, ARP_REPLY = 2 };

static uint16_t arp_op(const struct answer_frame *frame, const struct answer_packet *packet)
{
	return bytes_get_be16(frame->octets + packet->at + 6);
}

/* RFC 5227 2.1.1: who has no address yet probes for one. */
void answer_arp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	if (arp_op(frame, packet) != ARP_REQUEST)
		return;
	ret->topic = ANSWER_TOPIC_ARP;
	ret->open = bytes_get_be32(frame->octets + packet->src) == 0;
}

/* RFC 826; RFC 5227 2.1.1: who probes for an address takes whatever comes from it, also a request.
 */
void answer_check_arp(struct answer_pair *pair)
{
	uint16_t op = arp_op(pair->received, pair->given);

	if (op != ARP_REPLY && !pair->claim->open)
		answer_unrelated(pair);
	else if (op != ARP_REPLY)
		pair->verdict->what = "ARP request of its owner";
}

/* IEEE 802.2 5.4.1: the service access points change places, and the answer to a command is marked
 * as a response. */
void answer_check_link(struct answer_pair *pair)
{
	const uint8_t *sent = answer_asked(pair);
	const uint8_t *came = answer_given(pair);

	if (pair->asked->type)
		return;
	if (answer_upper_octets(pair->asked) < 3 || answer_upper_octets(pair->given) < 3 ||
		sent[0] != (came[1] & 0xfe) || (sent[1] & 0xfe) != came[0])
		answer_unrelated(pair);
}

/* RFC 903: whose address is asked for. */
bool answer_read_rarp(const struct answer_message *message, struct answer_claim *ret)
{
	if (message->length < 28 || bytes_get_be16(message->octets + 6) != (message->given ? 4 : 3))
		return false;
	return answer_claim_number(ret,
		(uint64_t)bytes_get_be16(message->octets + 18) << 32 |
			bytes_get_be32(message->octets + 20),
		6);
}

/* RFC 2516 5, appendix A: PADI and PADO, PADR and PADS; Host-Uniq comes back. */
bool answer_read_pppoe(const struct answer_message *message, struct answer_claim *ret)
{
	enum { PADI = 0x09, PADO = 0x07, PADR = 0x19, PADS = 0x65, HOST_UNIQ = 0x0103 };
	uint32_t end;
	uint32_t at = 6;
	uint8_t code;

	if (message->length < 6)
		return false;
	code = message->octets[1];
	if (message->given)
		code = code == PADO ? PADI : code == PADS ? PADR : 0;
	if (code != PADI && code != PADR)
		return false;
	end = 6U + bytes_get_be16(message->octets + 4);
	if (end > message->length)
		end = message->length;
	answer_claim_number(ret, code, 0);
	while (end - at >= 4) {
		uint32_t length = bytes_get_be16(message->octets + at + 2);

		if (length > end - at - 4)
			break;
		if (bytes_get_be16(message->octets + at) == HOST_UNIQ)
			ret->number[0] = answer_mix_octets(code, message->octets + at + 4, length);
		at += 4 + length;
	}
	return true;
}

/* RFC 1661 5, RFC 1994 4, RFC 1334 2.2: within a session, the identifier comes back. */
bool answer_read_ppp(const struct answer_message *message, struct answer_claim *ret)
{
	/* Codes that ask, and those that answer, of control protocols, PAP and CHAP. */
	static const uint32_t control[2] = { 1U << 1 | 1U << 5 | 1U << 9,
		1U << 2 | 1U << 3 | 1U << 4 | 1U << 6 | 1U << 10 };
	static const uint32_t pap[2] = { 1U << 1, 1U << 2 | 1U << 3 };
	static const uint32_t chap[2] = { 1U << 1 | 1U << 2, 1U << 2 | 1U << 3 | 1U << 4 };
	const uint32_t *codes = control;
	uint16_t protocol;
	uint8_t code;

	if (message->length < 12)
		return false;
	protocol = bytes_get_be16(message->octets + 6);
	code = message->octets[8];
	if (protocol == 0xc023)
		codes = pap;
	else if (protocol == 0xc223)
		codes = chap;
	else if ((protocol & 0xc000) != 0xc000 && (protocol & 0xc000) != 0x8000)
		return false;
	if (code > 31 || !(codes[message->given] >> code & 1))
		return false;
	ret->number[ret->numbers++] = (uint64_t)bytes_get_be16(message->octets + 2) << 32 |
				      (uint32_t)protocol << 8 | message->octets[9];
	answer_show(ret, message->octets[9], 0);
	return true;
}

/* IEEE 802.1Q 21.7 to 21.9, Y.1731 9: loopback, link trace, loss and delay; the transaction's id.
 */
bool answer_read_cfm(const struct answer_message *message, struct answer_claim *ret)
{
	static const uint8_t asks[] = { 3, 5, 43, 47 };
	uint8_t code;

	if (message->length < 8)
		return false;
	code = (uint8_t)(message->octets[1] + message->given);
	if (!memchr(asks, code, sizeof(asks)))
		return false;
	/* Of loss and delay only times stand there, which do not come back alike. */
	if (code > 5)
		return answer_claim_number(ret, code, 0);
	ret->number[ret->numbers++] = (uint64_t)code << 32 | bytes_get_be32(message->octets + 4);
	answer_show(ret, bytes_get_be32(message->octets + 4), 4);
	return true;
}
