/* RFC 5681: slow start, congestion avoidance, half the flight at a loss. */
#include "tcp/congestion.h"
#include "tcp/connection.h"

size_t congestion_initial(const struct tcp *tcp)
{
	size_t mss = tcp->send.mss;

	return size_min(10 * mss, size_max(2 * mss, 14600));
}

/*
 * Not of this moment: ACKs are taken several at a time, and what those before this one acknowledged
 * was not yet replaced. The path had it all.
 */
size_t congestion_flight(const struct tcp *tcp)
{
	size_t flight = size_max(tcp->recovery.flight, tcp->send.nxt - tcp->send.una);

	return size_min(flight, tcp->recovery.cwnd);
}

/*
 * RFC 5681 3.1 grows by at most one segment an ACK, against peers that split their ACKs. Here it is
 * by the octets acknowledged (RFC 3465), all of them: receivers that merge segments acknowledge 64
 * KB at once, and splitting ACKs gains nothing.
 */
size_t congestion_slow_start(struct tcp *tcp, size_t octets)
{
	struct tcp_recovery *recovery = &tcp->recovery;
	size_t part;

	if (recovery->cwnd >= recovery->ssthresh)
		return octets;
	octets = hystart_growth(tcp, octets);
	if (recovery->cwnd >= recovery->ssthresh)
		return 0;
	part = size_min(octets, recovery->ssthresh - recovery->cwnd);
	recovery->cwnd += part;
	return octets - part;
}

/* RFC 5681 3.1: one segment for each window acknowledged. */
static void reno_acked(struct tcp *tcp, size_t octets, uint64_t now)
{
	struct tcp_recovery *recovery = &tcp->recovery;

	(void)now;
	recovery->grown += congestion_slow_start(tcp, octets);
	while (recovery->grown >= recovery->cwnd) {
		recovery->grown -= recovery->cwnd;
		recovery->cwnd += tcp->send.mss;
	}
}

/* RFC 5681 3.1 (4). */
static size_t reno_reduced(struct tcp *tcp)
{
	tcp->recovery.grown = 0;
	return size_max(congestion_flight(tcp) / 2, 2 * (size_t)tcp->send.mss);
}

static void reno_undone(struct tcp *tcp)
{
	tcp->recovery.grown = 0;
}

const struct congestion_ops congestion_reno = {
	.name = "reno",
	.acked = reno_acked,
	.reduced = reno_reduced,
	.undone = reno_undone,
};
