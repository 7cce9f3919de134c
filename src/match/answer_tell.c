/* Verdicts in words. */
#include "match/answer_claim.h"

#include "base/buffer.h"

#include <arpa/inet.h>

const char *const answer_reason_names[ANSWER_REASONS] = {
	[ANSWER_RIGHT] = "none",
	[ANSWER_OTHER_ADDRESS] = "address",
	[ANSWER_OTHER_RECEIVER] = "receiver",
	[ANSWER_OTHER_PORT] = "port",
	[ANSWER_OTHER_TARGET] = "target",
	[ANSWER_OTHER_VLAN] = "vlan",
	[ANSWER_OTHER_TUNNEL] = "tunnel",
	[ANSWER_OTHER_ID] = "id",
	[ANSWER_OTHER_SEQ] = "seq",
	[ANSWER_OTHER_QUESTION] = "question",
	[ANSWER_OTHER_CLIENT] = "client",
	[ANSWER_OTHER_TIME] = "time",
	[ANSWER_OTHER_TAG] = "tag",
	[ANSWER_OTHER_TYPE] = "type",
	[ANSWER_ACK_SHORT] = "ack-short",
	[ANSWER_ACK_BEYOND] = "ack-beyond",
	[ANSWER_NO_ACK] = "no-ack",
	[ANSWER_NO_SYN] = "no-syn",
	[ANSWER_RESET_SEQ] = "reset-seq",
	[ANSWER_OTHER_LENGTH] = "length",
	[ANSWER_OTHER_PAYLOAD] = "payload",
	[ANSWER_BAD_CHECKSUM] = "checksum",
	[ANSWER_REDIRECT] = "redirect",
	[ANSWER_QUENCH] = "quench",
};

/* %G got, %W wanted, %D the difference, %F who sent it. */
static const char *const sentences[ANSWER_REASONS] = {
	[ANSWER_OTHER_ADDRESS] = "a reply came from %G, not %W",
	[ANSWER_OTHER_RECEIVER] = "a reply went to %G, not %W",
	[ANSWER_OTHER_PORT] = "a reply came from port %G, not %W",
	[ANSWER_OTHER_TARGET] = "a reply speaks of %G, not %W",
	[ANSWER_OTHER_VLAN] = "it came in %G, not %W",
	[ANSWER_OTHER_TUNNEL] = "it came in tunnel %G, not %W",
	[ANSWER_OTHER_ID] = "the id is %G, not %W",
	[ANSWER_OTHER_SEQ] = "the sequence number is %G, not %W",
	[ANSWER_OTHER_QUESTION] = "a reply answers another question",
	[ANSWER_OTHER_CLIENT] = "a reply is to another client",
	[ANSWER_OTHER_TIME] = "the time given back is %G, not %W",
	[ANSWER_OTHER_TAG] = "the verification tag is %G, not %W",
	[ANSWER_OTHER_TYPE] = "the type is %G, not %W",
	[ANSWER_ACK_SHORT] = "ack is %D short",
	[ANSWER_ACK_BEYOND] = "ack is %D beyond what was sent",
	[ANSWER_NO_ACK] = "a segment came that acknowledges nothing",
	[ANSWER_NO_SYN] = "an ACK came, neither SYN nor RST: that connection is open already",
	[ANSWER_RESET_SEQ] = "the RST's seq is %G, not %W, the ack that was sent",
	[ANSWER_OTHER_LENGTH] = "%G octets of payload came back, not %W",
	[ANSWER_OTHER_PAYLOAD] = "the payload differs at octet %G",
	[ANSWER_BAD_CHECKSUM] = "the checksum is wrong: %G, %W would be right",
	[ANSWER_REDIRECT] = "%F redirects to %G",
	[ANSWER_QUENCH] = "%F asks for fewer packets",
};

/* The same of what an error quotes. */
static const char *const quoted[ANSWER_REASONS] = {
	[ANSWER_OTHER_RECEIVER] = "it went to %G, not %W",
	[ANSWER_OTHER_PORT] = "the quoted packet is to port %G, not %W",
	[ANSWER_OTHER_ID] = "the quoted id is %G, not %W",
	[ANSWER_OTHER_SEQ] = "the quoted sequence number is %G, not %W",
};

/* "VLAN 10", "VLAN 3.10", "no VLAN" */
static void tell_vlans(uint64_t vlans, struct buffer *out)
{
	unsigned int tags = 0;

	while (tags < 4 && vlans >> 13 * (tags + 1))
		tags++;
	buffer_printf(out, tags ? "VLAN" : "no VLAN");
	for (unsigned int i = tags; i--;)
		buffer_printf(out, "%c%u", i + 1 == tags ? ' ' : '.',
			(unsigned int)(vlans >> 13 * i) & 0xfff);
}

void answer_tell_value(const struct answer_value *value, struct buffer *out)
{
	char text[INET6_ADDRSTRLEN];
	const uint8_t *octets = value->address;

	switch (value->kind) {
	case ANSWER_VALUE_DECIMAL:
		buffer_printf(out, "%llu", (unsigned long long)value->number);
		break;
	case ANSWER_VALUE_HEX:
		buffer_printf(
			out, "0x%0*llx", value->length * 2, (unsigned long long)value->number);
		break;
	case ANSWER_VALUE_ADDRESS:
		if (value->length == 6)
			buffer_printf(out, "%02x:%02x:%02x:%02x:%02x:%02x", octets[0], octets[1],
				octets[2], octets[3], octets[4], octets[5]);
		else if (inet_ntop(value->length == 4 ? AF_INET : AF_INET6, octets, text,
				 sizeof(text)))
			buffer_printf(out, "%s", text);
		break;
	case ANSWER_VALUE_VLANS:
		tell_vlans(value->number, out);
		break;
	default:
		break;
	}
}

static uint32_t difference(const struct answer_verdict *verdict)
{
	uint32_t got = (uint32_t)verdict->got.number;
	uint32_t wanted = (uint32_t)verdict->wanted.number;

	return verdict->reason == ANSWER_ACK_SHORT ? wanted - got : got - wanted;
}

static void tell_error(const struct answer_verdict *verdict, struct buffer *out)
{
	buffer_printf(out, "%s from ", verdict->what);
	answer_tell_value(&verdict->from, out);
}

static void tell_near(const struct answer_verdict *verdict, struct buffer *out)
{
	const char *p = sentences[verdict->reason];

	if (verdict->is_error && verdict->reason != ANSWER_REDIRECT &&
		verdict->reason != ANSWER_QUENCH) {
		tell_error(verdict, out);
		buffer_printf(out, ": ");
		if (quoted[verdict->reason])
			p = quoted[verdict->reason];
	}
	for (; p && *p; p++) {
		if (*p != '%') {
			buffer_put(out, p, 1);
			continue;
		}
		switch (*++p) {
		case 'G':
			answer_tell_value(&verdict->got, out);
			break;
		case 'W':
			answer_tell_value(&verdict->wanted, out);
			break;
		case 'D':
			buffer_printf(out, "%u", difference(verdict));
			break;
		default:
			answer_tell_value(&verdict->from, out);
			break;
		}
	}
}

void answer_tell(const struct answer_verdict *verdict, struct buffer *out)
{
	switch (verdict->kind) {
	case ANSWER_NEAR:
		tell_near(verdict, out);
		break;
	case ANSWER_ERROR:
		tell_error(verdict, out);
		break;
	case ANSWER_REPLY:
		buffer_printf(out, "%s", verdict->what);
		break;
	default:
		buffer_printf(out, "no answer");
		break;
	}
}
