/* Loss by time rather than by count, and probes of the tail (RACK-TLP, RFC 8985). */
#include "tcp/connection.h"

enum { FACTOR_MOST = 20, FACTOR_LASTS = 16 };

/*
 * RFC 8985 7.2 adds 200 ms where one segment is in flight, for the peer's delayed ACK: here what
 * common peers take, so that the probe comes before the timeout. The slack is for a peer, or this
 * program, that does not get its processor at once.
 */
#define PEER_DELAYS_ACK (50 * TCP_MILLISECOND)
#define TAIL_SLACK	(1 * TCP_MILLISECOND)

bool rack_used(const struct tcp *tcp)
{
	return tcp->sack && tcp->config.tail_probe;
}

/* 6.2 steps 2 to 4: how wide the window for reordering is. */
void rack_delivered(struct tcp *tcp, struct tcp_news *news)
{
	struct tcp_rack *rack = &tcp->rack;

	if (news->sent &&
		(news->sent > rack->sent ||
			(news->sent == rack->sent && seq_after(news->right, rack->right)))) {
		rack->sent = news->sent;
		rack->right = news->right;
		rack->rtt = news->now - news->sent;
	}
	if (news->reordered)
		rack->reordered = true;
	/* At most one step a round trip. */
	if (news->twice && !seq_before(tcp->send.una, rack->round)) {
		rack->round = tcp->send.nxt;
		rack->factor += rack->factor < FACTOR_MOST;
		rack->persist = FACTOR_LASTS;
	}
}

static uint64_t reorder_window(const struct tcp *tcp)
{
	uint64_t window = tcp->rack.factor * (tcp->rtt.least / 4);

	if (!tcp->rack.reordered && (tcp->recovery.phase != PHASE_OPEN ||
					    tcp->send.records.sacked >= 3 * (size_t)tcp->send.mss))
		return 0;
	return window < tcp->rtt.smoothed ? window : tcp->rtt.smoothed;
}

static bool sent_before(const struct record *record, const struct tcp_rack *rack)
{
	return record->sent < rack->sent ||
	       (record->sent == rack->sent && seq_before(record->right, rack->right));
}

/* 6.2 step 5: what was sent before something that has arrived, and long enough ago, is lost. */
size_t rack_detect(struct tcp *tcp, uint64_t now)
{
	struct records *records = &tcp->send.records;
	uint64_t window = reorder_window(tcp), due, next = TCP_NEVER;
	size_t lost = 0;

	for (size_t i = 0; i < records->count; i++) {
		const struct record *record = records_get(records, i);

		if (record->flags & (RECORD_SACKED | RECORD_LOST))
			continue;
		if (!sent_before(record, &tcp->rack)) {
			/* What follows one that was sent once was sent later. */
			if (!(record->flags & RECORD_RESENT))
				break;
			continue;
		}
		due = record->sent + tcp->rack.rtt + window;
		if (due <= now) {
			lost += record->right - record->left;
			records_mark(records, i, record->flags | RECORD_LOST);
		} else if (due < next) {
			next = due;
		}
	}
	timer_set(tcp, TIMER_REORDER, next);
	return lost;
}

/* 7.2: after new data was sent, or acknowledged. */
void rack_tail_arm(struct tcp *tcp, uint64_t now)
{
	const struct records *records = &tcp->send.records;
	size_t out = tcp->send.nxt - tcp->send.una;
	uint64_t wait;

	timer_stop(tcp, TIMER_TAIL);
	if (!rack_used(tcp) || !records->count || records->sacked || tcp->rack.tail_sent ||
		tcp->recovery.phase != PHASE_OPEN || !tcp->rtt.smoothed || !tcp->send.window)
		return;
	wait = 2 * tcp->rtt.smoothed + TAIL_SLACK;
	if (out <= tcp->send.mss)
		wait += PEER_DELAYS_ACK;
	if (now + wait < tcp->timer[TIMER_RETRANSMIT])
		timer_set(tcp, TIMER_TAIL, now + wait);
}

/* 7.4.2, TLP_process_ack. True: the probe made good a loss, to which the window has to answer. */
bool rack_tail_ack(struct tcp *tcp, const struct tcp_news *news)
{
	struct tcp_rack *rack = &tcp->rack;
	bool beyond = seq_after(tcp->send.una, rack->tail_end);

	if (!rack->tail_sent || seq_before(tcp->send.una, rack->tail_end))
		return false;
	/* Until more is acknowledged, word may come that the probe was not needed. */
	if (rack->tail_resent && !news->twice && !beyond && !news->duplicate)
		return false;
	rack->tail_sent = false;
	return rack->tail_resent && !news->twice && beyond;
}
