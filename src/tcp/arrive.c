/* Data and FIN of a segment (RFC 9293 3.10.7.4, seventh and eighth): put in order, acknowledged,
 * reported by SACK. */
#include <errno.h>
#include <string.h>

#include "tcp/connection.h"

enum { QUICK_AFTER_A_HOLE = 16, YOUNG = 64, DUPLICATES_AT_ONCE = 3 };

/* RFC 2018 4: the block that changed last comes first, then those that changed before it. */
static void note_recent(struct tcp_receiving *receive, uint32_t number)
{
	const struct range *range = ranges_find(&receive->later, number);
	unsigned int kept = 1;
	uint32_t recent[4] = { number };

	for (unsigned int i = 0; i < receive->recent_count && kept < 4; i++) {
		uint32_t old = receive->recent[i];

		if (range && !seq_before(old, range->left) && seq_before(old, range->right))
			continue;
		recent[kept++] = old;
	}
	memcpy(receive->recent, recent, sizeof(recent));
	receive->recent_count = kept;
}

static bool has_blocks(const struct tcp *tcp)
{
	return tcp->sack &&
	       (tcp->receive.later.count || tcp->receive.twice.left != tcp->receive.twice.right);
}

unsigned int arrive_blocks(const struct tcp *tcp, unsigned int most, struct tcp_block *ret)
{
	const struct tcp_receiving *receive = &tcp->receive;
	unsigned int count = 0;

	if (!has_blocks(tcp))
		return 0;
	if (receive->twice.left != receive->twice.right)
		ret[count++] = receive->twice;
	for (unsigned int i = 0; i < receive->recent_count && count < most; i++) {
		const struct range *range = ranges_find(&receive->later, receive->recent[i]);

		if (range)
			ret[count++] = (struct tcp_block){ range->left, range->right };
	}
	return count;
}

/* RFC 2883: what came twice is reported once. */
static void note_twice(struct tcp *tcp, uint32_t left, uint32_t right)
{
	tcp->receive.twice = (struct tcp_block){ left, right };
	tcp->receive.ack_due = true;
	tcp->stats.duplicates_in++;
}

/* RFC 5681 4.2: at once what fills or leaves a hole; else each second segment, or after a while. */
static void acknowledge(struct tcp *tcp, bool at_once, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;

	if (at_once)
		receive->quick = QUICK_AFTER_A_HOLE;
	if (receive->quick) {
		receive->quick--;
		receive->ack_due = true;
	} else if (receive->unacked >= 2 * receive->segment || !tcp->config.delayed_ack_ns) {
		receive->ack_due = true;
	} else if (tcp->timer[TIMER_DELAYED_ACK] == TCP_NEVER) {
		timer_set(tcp, TIMER_DELAYED_ACK, now + tcp->config.delayed_ack_ns);
	}
}

/* What the next ACK cannot leave out, since the one after it has no room for it or no memory of it
 * (RFC 2018 3, 2883 4): more blocks than an ACK has, octets that came twice. */
static bool says_what_the_next_will_not(const struct tcp_receiving *receive)
{
	return receive->later.count > 2 || receive->twice.left != receive->twice.right;
}

/*
 * RFC 5681 4.2: each segment out of order a duplicate ACK, and each second one of those in order.
 * But when these have come together, ACKs one after the other say no more than the last, and cost
 * both sides a packet each; the kernel does not send them either where a device merges segments, or
 * its socket is busy (stretch ACKs, RFC 2525 2.13). Only a young connection's peer has them all,
 * since it may count them to open its window (RFC 5681 3.1).
 *
 * Of duplicates, too, SACK says in the last what all before it said, once there were as many as
 * start a recovery (RFC 6675 5): Linux as a receiver holds back those past the third likewise.
 */
bool tcp_answers_at_once(const struct tcp *tcp)
{
	const struct tcp_receiving *receive = &tcp->receive;

	if (!receive->ack_due)
		return false;
	if (receive->later.count && (!tcp->sack || receive->again < DUPLICATES_AT_ONCE ||
					    says_what_the_next_will_not(receive)))
		return true;
	return tcp->stats.octets_in < YOUNG * receive->segment;
}

/* False: there is no memory, or there are too many holes; the peer sends it again. */
static bool store(struct tcp *tcp, uint32_t seq, const uint8_t *data, size_t length)
{
	struct tcp_receiving *receive = &tcp->receive;
	size_t offset = receive->ring.used + (seq - receive->nxt);
	uint32_t end = seq + (uint32_t)length;

	if (!ring_reserve(&receive->ring, offset + length))
		return false;
	if (seq != receive->nxt && !ranges_add(&receive->later, seq, end))
		return false;
	ring_write(&receive->ring, offset, data, length);
	return true;
}

static void store_in_order(struct tcp *tcp, uint32_t end, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;
	bool hole = receive->later.count;
	size_t length;

	end = ranges_join(&receive->later, end);
	length = end - receive->nxt;
	ring_extend(&receive->ring, length);
	receive->nxt = end;
	receive->unacked += length;
	tcp->stats.octets_in += length;
	acknowledge(tcp, hole, now);
}

static void take_data(
	struct tcp *tcp, uint32_t seq, const uint8_t *data, size_t length, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;
	uint32_t end = seq + (uint32_t)length;
	const struct range *known;

	receive->segment = size_max(receive->segment, size_min(length, tcp->config.mss));
	if (seq_before(seq, receive->nxt)) {
		note_twice(tcp, seq, seq_min(end, receive->nxt));
		if (!seq_after(end, receive->nxt))
			return;
		data += receive->nxt - seq;
		seq = receive->nxt;
	}
	/* RFC 9293 3.10.7.4, first: what lies past the window is cut off. */
	end = seq_min(end, receive->edge);
	if (!seq_before(seq, end)) {
		receive->ack_due = true;
		return;
	}
	known = ranges_find(&receive->later, seq);
	if (known && !seq_after(end, known->right)) {
		note_twice(tcp, seq, end);
		note_recent(receive, seq);
		return;
	}
	if (!store(tcp, seq, data, end - seq)) {
		receive->ack_due = true;
		return;
	}
	if (seq == receive->nxt) {
		store_in_order(tcp, end, now);
		return;
	}
	tcp->stats.out_of_order_in++;
	note_recent(receive, seq);
	acknowledge(tcp, true, now);
}

/* Eighth, check the FIN bit. */
static void take_fin(struct tcp *tcp, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;

	receive->nxt++;
	receive->ended = true;
	receive->ack_due = true;
	/* What a peer sent behind its FIN it cannot mean: it is neither given out nor told by SACK.
	 */
	ranges_fini(&receive->later);
	/* It may have come at the window's very edge. */
	receive->edge = seq_max(receive->edge, receive->nxt);
	switch (tcp->state) {
	case TCP_ESTABLISHED:
		tcp->state = TCP_CLOSE_WAIT;
		break;
	case TCP_FIN_WAIT_1: /* our FIN is not acknowledged: acknowledge.c was here before */
		tcp->state = TCP_CLOSING;
		break;
	case TCP_FIN_WAIT_2:
		tcp->state = TCP_TIME_WAIT;
		timers_time_wait(tcp, now);
		break;
	default:
		break;
	}
}

void arrive_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_receiving *receive = &tcp->receive;
	uint32_t end = in->seq + (uint32_t)in->length;

	if (receive->ended) /* RFC 9293 3.10.7.4: nothing comes after a FIN */
		return;
	if (receive->deaf && in->length && seq_after(end, receive->nxt)) {
		tcp_reset(tcp, ECONNRESET);
		return;
	}
	if (receive->fin_seen && seq_after(end, receive->fin))
		return; /* it contradicts itself */
	if (in->length)
		take_data(tcp, in->seq, in->data[0].octets, in->length, now);
	if (in->flags & TCP_FIN && !receive->fin_seen && !seq_after(end, receive->edge) &&
		!seq_before(end, receive->nxt)) {
		receive->fin_seen = true;
		receive->fin = end;
		receive->ack_due = true;
	}
	if (receive->fin_seen && receive->nxt == receive->fin)
		take_fin(tcp, now);
}
