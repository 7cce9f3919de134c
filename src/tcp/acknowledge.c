/* The acknowledgment field of a segment (RFC 9293 3.10.7.4, fifth): what the peer has, and its
 * window. */
#include "tcp/connection.h"

/* The octets of the stream, without the numbers of SYN and FIN, that leave the buffer. */
static size_t take_away(struct tcp *tcp, uint32_t ack)
{
	struct tcp_sending *send = &tcp->send;
	size_t octets = size_min(ack - send->una, send->ring.used);

	ring_drop(&send->ring, octets);
	if (!send->ring.used)
		send->ring.head = 0; /* the same memory again, which is in the cache */
	tcp->stats.octets_out += octets;
	send->una = ack;
	tcp->soft_error = 0; /* the peer is in reach */
	return octets;
}

static void closing(struct tcp *tcp, uint64_t now)
{
	switch (tcp->state) {
	case TCP_FIN_WAIT_1:
		tcp->state = TCP_FIN_WAIT_2;
		if (tcp->receive.deaf)
			timer_set(tcp, TIMER_TIME_WAIT, now + tcp->config.time_wait_ns);
		break;
	case TCP_CLOSING:
		tcp->state = TCP_TIME_WAIT;
		timers_time_wait(tcp, now);
		break;
	case TCP_LAST_ACK:
		tcp_finish(tcp, 0);
		break;
	default:
		break;
	}
}

static void take_window(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_sending *send = &tcp->send;
	uint32_t window = (uint32_t)in->window << send->scale;

	if (seq_before(in->seq, send->wl1) ||
		(in->seq == send->wl1 && seq_before(in->ack, send->wl2)))
		return;
	send->wl1 = in->seq;
	send->wl2 = in->ack;
	if (!window && send->window)
		tcp->stats.zero_windows_in++;
	if (window && !send->window) {
		/* It opened: the window's probe, if the peer threw it away, goes at once. */
		tcp->rtt.backoff = 0;
		scoreboard_lose_first(tcp);
		timers_retransmit(tcp, now);
		if (!send->records.count)
			timer_stop(tcp, TIMER_RETRANSMIT);
	}
	send->window = window;
	if (window > send->window_max)
		send->window_max = window;
}

/* RFC 6298 5.2 and 5.3. */
static void restart(struct tcp *tcp, uint64_t now)
{
	tcp->send.progress = now;
	if (tcp->send.records.count)
		timers_retransmit(tcp, now);
	else
		timer_stop(tcp, TIMER_RETRANSMIT);
	rack_tail_arm(tcp, now);
}

/* RFC 7323 4.1: where all was sent twice, the timestamp tells which one came. */
static uint64_t echoed(const struct tcp *tcp, const struct tcp_news *news)
{
	uint32_t ticks = rtt_timestamp(tcp, news->now) - news->tsecr;

	if (!news->has_tsecr || !news->advanced || ticks > INT32_MAX)
		return 0;
	return ticks ? ticks * TCP_MILLISECOND : TCP_MILLISECOND / 2;
}

static struct tcp_news gather(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_news news = {
		.now = now,
		.tsecr = in->tsecr,
		.has_tsecr = tcp->timestamps && in->has_timestamps && in->tsecr,
		.advanced = seq_after(in->ack, tcp->send.una),
	};

	/* RFC 5681 2: something is out, no data, no new number, no new window. What answers the
	 * probe of a shut window looks the same, and is none. */
	news.duplicate = tcp->send.records.count && tcp->send.window && !in->length &&
			 !(in->flags & (TCP_SYN | TCP_FIN)) && in->ack == tcp->send.una &&
			 (uint32_t)in->window << tcp->send.scale == tcp->send.window;
	if (tcp->sack)
		scoreboard_sacks(tcp, in, &news);
	if (news.advanced) {
		scoreboard_acked(tcp, in->ack, &news);
		news.acked = take_away(tcp, in->ack);
	}
	if (!news.rtt)
		news.rtt = echoed(tcp, &news);
	return news;
}

bool acknowledge_input(struct tcp *tcp, const struct tcp_segment *in, uint64_t now)
{
	struct tcp_sending *send = &tcp->send;
	struct tcp_news news;

	/* RFC 5961 5.2, which is stricter than 3.10.7.4. */
	if (seq_after(in->ack, send->nxt) || seq_before(in->ack, send->una - send->window_max)) {
		challenge_ack(tcp, now);
		return false;
	}
	if (seq_before(in->ack, send->una))
		return true;
	news = gather(tcp, in, now);
	tcp->rtt.sample = news.rtt;
	if (news.rtt)
		rtt_sample(tcp, news.rtt, now);
	recovery_news(tcp, &news);
	if (news.advanced)
		restart(tcp, now);
	take_window(tcp, in, now);
	/* RFC 9293 3.8.6.1: a shut window may stay so, as long as the peer answers; RFC 6429: and
	 * as long as somebody here waits for it. */
	if (!send->window && !tcp->receive.deaf)
		send->progress = now;
	if (send->fin_sent && send->una == send->nxt)
		closing(tcp, now);
	return tcp->state != TCP_CLOSED;
}
