/* HyStart++ (RFC 9406): slow start ends when round trips grow, before the path's queue is full. */
#include "tcp/congestion.h"
#include "tcp/connection.h"

/* 4.3. */
#define THRESH_LEAST (4 * TCP_MILLISECOND)
#define THRESH_MOST  (16 * TCP_MILLISECOND)
enum { THRESH_DIVISOR = 8, SAMPLES = 8, GROWTH_DIVISOR = 4, ROUNDS = 5 };

static void round_begins(struct tcp *tcp)
{
	struct tcp_hystart *hystart = &tcp->hystart;

	hystart->end = tcp->send.nxt;
	hystart->last = hystart->current;
	hystart->current = 0;
	hystart->samples = 0;
	/* So many rounds of conservative slow start, and the growth was no accident. */
	if (hystart->baseline && ++hystart->rounds > ROUNDS)
		tcp->recovery.ssthresh = tcp->recovery.cwnd;
}

static uint64_t threshold(uint64_t last)
{
	uint64_t part = last / THRESH_DIVISOR;

	if (part < THRESH_LEAST)
		return THRESH_LEAST;
	return part < THRESH_MOST ? part : THRESH_MOST;
}

static void round_trip(struct tcp_hystart *hystart, uint64_t rtt)
{
	if (!hystart->current || rtt < hystart->current)
		hystart->current = rtt;
	if (++hystart->samples < SAMPLES)
		return;
	if (hystart->baseline) {
		if (hystart->current < hystart->baseline)
			hystart->baseline = 0; /* it was an accident */
	} else if (hystart->last && hystart->current >= hystart->last + threshold(hystart->last)) {
		hystart->baseline = hystart->current;
		hystart->rounds = 0;
	}
}

/* 4.2: only in the first slow start, while nothing is known of the path. */
size_t hystart_growth(struct tcp *tcp, size_t octets)
{
	struct tcp_hystart *hystart = &tcp->hystart;

	if (tcp->stats.recoveries || tcp->stats.timeouts)
		return octets;
	if (tcp->rtt.sample)
		round_trip(hystart, tcp->rtt.sample);
	if (!seq_before(tcp->send.una, hystart->end))
		round_begins(tcp);
	return hystart->baseline ? octets / GROWTH_DIVISOR : octets;
}
