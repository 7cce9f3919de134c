/* A segment arrives (RFC 9293 3.10.7): is it for us, does it reset or confuse us; the rest is in
 * acknowledge.c and arrive.c. */
#include <errno.h>

#include "tcp/connection.h"

/* RFC 7323 5.5: a timestamp that is older than this says nothing any more. */
#define TS_RECENT_LASTS (24ULL * 24 * 3600 * TCP_SECOND)

static uint32_t space(const struct tcp_segment *in)
{
	return (uint32_t)in->length + !!(in->flags & TCP_SYN) + !!(in->flags & TCP_FIN);
}

static bool within(const struct tcp *tcp, uint32_t seq)
{
	return !seq_before(seq, tcp->receive.nxt) && seq_before(seq, tcp->receive.edge);
}

/* 3.4, the four cases of acceptability. */
static bool acceptable(const struct tcp *tcp, const struct tcp_segment *in)
{
	uint32_t length = space(in);

	if (!length)
		return in->seq == tcp->receive.nxt || within(tcp, in->seq);
	return within(tcp, in->seq) || within(tcp, in->seq + length - 1) ||
	       (seq_before(in->seq, tcp->receive.nxt) &&
		       seq_after(in->seq + length, tcp->receive.edge) &&
		       tcp->receive.nxt != tcp->receive.edge);
}

/* RFC 7323 5.3: an old duplicate, or a segment without the timestamp that was agreed on. */
static bool outdated(const struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	if (!tcp->timestamps || in->flags & TCP_RST)
		return false;
	if (!in->has_timestamps)
		return true;
	return seq_before(in->tsval, tcp->receive.ts_recent) &&
	       now - tcp->receive.ts_recent_at < TS_RECENT_LASTS;
}

/* RFC 7323 4.3 (2). */
static void take_timestamp(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;

	if (!tcp->timestamps || !in->has_timestamps || seq_after(in->seq, receive->last_ack))
		return;
	receive->ts_recent = in->tsval;
	receive->ts_recent_at = now;
}

/* First: what is not acceptable is answered with an ACK and dropped. */
static void unacceptable(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	uint32_t end = in->seq + (uint32_t)in->length;

	tcp->stats.unacceptable_in++;
	if (in->flags & TCP_RST)
		return;
	/* The FIN came again: our ACK of it was lost (TIME-WAIT). */
	if (tcp->state == TCP_TIME_WAIT && in->flags & TCP_FIN)
		timers_time_wait(tcp, now);
	if (!space(in) || in->flags & TCP_SYN) {
		challenge_ack(tcp, now);
		return;
	}
	tcp->receive.ack_due = true;
	if (in->length && !seq_after(end, tcp->receive.nxt) && !outdated(tcp, in, now)) {
		tcp->receive.twice = (struct tcp_block){ in->seq, end };
		tcp->stats.duplicates_in++;
	}
}

/* Second; RFC 5961 3.2: only the very next number resets, any other in the window may be a guess.
 */
static void reset(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	if (in->seq != tcp->receive.nxt) {
		challenge_ack(tcp, now);
		return;
	}
	switch (tcp->state) {
	case TCP_SYN_RECEIVED:
		tcp_finish(tcp, tcp->passive ? ECONNRESET : ECONNREFUSED);
		break;
	case TCP_CLOSING:
	case TCP_LAST_ACK:
	case TCP_TIME_WAIT:
		tcp_finish(tcp, 0);
		break;
	default:
		tcp_finish(tcp, ECONNRESET);
		break;
	}
}

/* Fifth, in SYN-RECEIVED. */
static bool establish(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	if (!(in->flags & TCP_ACK))
		return false;
	if (in->ack != tcp->send.nxt) {
		tcp_answer_reset(tcp, in->ack);
		return false;
	}
	opening_done(tcp, in, now);
	return true;
}

/* The fifth to the eighth. */
static void accepted(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	if (tcp->state == TCP_SYN_RECEIVED && !establish(tcp, in, now))
		return;
	if (!(in->flags & TCP_ACK) || !acknowledge_input(tcp, in, now))
		return;
	arrive_input(tcp, in, now); /* urgent data is data (RFC 6093) */
	timers_alive(tcp, now);
}

/* The SYN of the peer comes again, or with its ACK where both opened at the same time. */
static void syn_again(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_segment rest = *in;

	if (!(in->flags & TCP_ACK)) {
		tcp->send.syn_due = true;
		return;
	}
	rest.seq++;
	rest.flags &= (uint8_t)~TCP_SYN;
	/* RFC 7323 2.2: the window of a SYN is not scaled. */
	rest.window = (uint16_t)(in->window >> tcp->send.scale);
	tcp->receive.ack_due = true;
	accepted(tcp, &rest, now);
}

static void synchronized(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	bool shut = tcp->receive.edge == tcp->receive.nxt && in->seq == tcp->receive.nxt;

	if (outdated(tcp, in, now)) {
		/* RFC 7323 3.2: without its timestamp it is dropped in silence. */
		if (in->has_timestamps)
			unacceptable(tcp, in, now);
		return;
	}
	/* 3.10.7.4, first: with the window shut, ACKs and RSTs are taken all the same; arrive.c
	 * cuts the data. */
	if (!acceptable(tcp, in) && !shut) {
		unacceptable(tcp, in, now);
		return;
	}
	take_timestamp(tcp, in, now);
	if (in->flags & TCP_RST) {
		reset(tcp, in, now);
		return;
	}
	/* Fourth; RFC 5961 4.2: who really has forgotten us answers the ACK with a RST. */
	if (in->flags & TCP_SYN && tcp->state == TCP_SYN_RECEIVED && tcp->passive) {
		tcp_finish(tcp, ECONNRESET); /* back to the listener, which says nothing */
		return;
	}
	if (in->flags & TCP_SYN) {
		challenge_ack(tcp, now);
		return;
	}
	accepted(tcp, in, now);
}

void tcp_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	tcp->stats.segments_in++;
	switch (tcp->state) {
	case TCP_CLOSED:
	case TCP_LISTEN:
		return;
	case TCP_SYN_SENT:
		opening_input(tcp, in, now);
		return;
	case TCP_SYN_RECEIVED:
		if (in->flags & TCP_SYN && !(in->flags & TCP_RST) && in->seq == tcp->receive.irs) {
			syn_again(tcp, in, now);
			return;
		}
		break;
	default:
		break;
	}
	synchronized(tcp, in, now);
}
