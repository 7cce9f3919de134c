/* TCP, RFC 9293: what acknowledges a segment, and what resets it. */
#include "match/answer_claim.h"

#define TCP_OCTETS 20

enum tcp_flag { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

struct segment {
	uint32_t seq, ack;
	uint32_t length; /* of sequence space */
	uint8_t flags;
};

static bool read_segment(
	const struct answer_frame *frame, const struct answer_packet *packet, struct segment *ret)
{
	const uint8_t *tcp = frame->octets + packet->upper;
	uint32_t there = answer_upper_octets(packet);
	uint32_t header;

	if (there < TCP_OCTETS)
		return false;
	header = (tcp[12] >> 4) * 4U;
	ret->seq = bytes_get_be32(tcp + 4);
	ret->ack = bytes_get_be32(tcp + 8);
	ret->flags = tcp[13];
	ret->length = (header >= TCP_OCTETS && header <= there ? there - header : 0) +
		      (ret->flags & TCP_SYN ? 1 : 0) + (ret->flags & TCP_FIN ? 1 : 0);
	return true;
}

/* A RST that acknowledges nothing is known by its seq, RFC 9293 3.10.7.1. */
static uint64_t reset_number(uint32_t seq)
{
	return 1ULL << 32 | seq;
}

void answer_tcp_asked(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	struct segment segment;

	if (!read_segment(frame, packet, &segment) || segment.flags & TCP_RST)
		return;
	ret->topic = ANSWER_TOPIC_TCP;
	ret->number[ret->numbers++] = segment.seq + segment.length;
	if (segment.flags & TCP_ACK)
		ret->number[ret->numbers++] = reset_number(segment.ack);
}

void answer_tcp_given(const struct answer_frame *frame, const struct answer_packet *packet,
	struct answer_claim *ret)
{
	struct segment segment;

	if (!read_segment(frame, packet, &segment))
		return;
	ret->topic = ANSWER_TOPIC_TCP;
	if (segment.flags & TCP_ACK)
		ret->number[ret->numbers++] = segment.ack;
	else if (segment.flags & TCP_RST)
		ret->number[ret->numbers++] = reset_number(segment.seq);
}

static const char *name_of(const struct segment *segment)
{
	if (segment->flags & TCP_RST)
		return "RST";
	if (segment->flags & TCP_SYN)
		return segment->flags & TCP_ACK ? "SYN-ACK" : "SYN";
	return segment->flags & TCP_FIN ? "FIN-ACK" : "ACK";
}

/*
 * Some of what the segment holds has to be acknowledged, but a RST may come instead of that. One
 * that holds nothing has seq itself acknowledged; or, as a keep-alive is a number behind, the next.
 */
static void check_ack(
	struct answer_pair *pair, const struct segment *sent, const struct segment *came)
{
	uint32_t first = sent->seq;
	uint32_t last = sent->seq + (sent->length ? sent->length : 1);

	if (sent->flags & TCP_SYN || (sent->length && !(came->flags & TCP_RST)))
		first++;
	if ((int32_t)(came->ack - first) < 0)
		answer_want(pair, ANSWER_ACK_SHORT, 0, came->ack, first);
	else if ((int32_t)(came->ack - last) > 0)
		answer_want(pair, ANSWER_ACK_BEYOND, 0, came->ack, last);
}

void answer_check_tcp(struct answer_pair *pair)
{
	struct segment sent;
	struct segment came;

	if (!read_segment(pair->request, pair->asked, &sent) ||
		!read_segment(pair->received, pair->given, &came)) {
		answer_unrelated(pair);
		return;
	}
	pair->verdict->what = name_of(&came);
	if (came.flags & TCP_ACK)
		check_ack(pair, &sent, &came);
	else if (came.flags & TCP_RST && sent.flags & TCP_ACK)
		answer_want(pair, ANSWER_RESET_SEQ, 0, came.seq, sent.ack);
	else
		answer_wrong(pair, ANSWER_NO_ACK, answer_number(0, 0), answer_number(0, 0));
	/* RFC 5961 4: a connection that is there has a SYN acknowledged as anything else. */
	if (sent.flags & TCP_SYN && !(sent.flags & TCP_ACK) && !(came.flags & (TCP_SYN | TCP_RST)))
		answer_wrong(pair, ANSWER_NO_SYN, answer_number(0, 0), answer_number(0, 0));
}
