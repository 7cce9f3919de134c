/* RFC 9438: the window as a cubic function of the time since the last loss. */
#include "tcp/congestion.h"
#include "tcp/connection.h"

/* RFC 9438 4.6 and 5: window in segments, time in seconds. */
static const double cubic_c = 0.4, cubic_beta = 0.7;

/*
 * Linux has the curve in whole segments, by a clock of 4 ms: until that has ticked after a loss,
 * its window grows by a segment for as many acknowledged as it had at first. On a path of some
 * microseconds with losses that is all the time, and who keeps to 4.3 there gets two thirds of what
 * Linux's senders take; on one of milliseconds it is nothing.
 */
#define CUBIC_TICK (4 * TCP_MILLISECOND)

/* By Newton's method: no library for one function. x is at least 0. */
static double cube_root(double x)
{
	double root = x > 1 ? x : 1;

	for (int i = 0; i < 200; i++) {
		double next = (2 * root + x / (root * root)) / 3;

		if (next >= root)
			break;
		root = next;
	}
	return root;
}

/* 4.2: where the curve starts, and how long until it is at w_max again. */
static void cubic_begin(struct tcp *tcp, double cwnd, uint64_t now)
{
	struct tcp_cubic *cubic = &tcp->cubic;

	cubic->epoch = now;
	cubic->w_begin = cwnd;
	cubic->w_est = cwnd;
	if (cwnd >= cubic->w_max) {
		cubic->w_max = cwnd;
		cubic->k = 0;
		return;
	}
	cubic->k = cube_root((cubic->w_max - cwnd) / cubic_c);
}

static double cubic_window(const struct tcp_cubic *cubic, double seconds)
{
	double past = seconds - cubic->k;

	return cubic_c * past * past * past + cubic->w_max;
}

static double clamp(double x, double low, double high)
{
	if (x < low)
		return low;
	return x > high ? high : x;
}

static void cubic_acked(struct tcp *tcp, size_t octets, uint64_t now)
{
	struct tcp_cubic *cubic = &tcp->cubic;
	double mss = tcp->send.mss, cwnd, acked, seconds, target, alpha, least;

	octets = congestion_slow_start(tcp, octets);
	if (!octets)
		return;
	cwnd = (double)tcp->recovery.cwnd / mss;
	acked = (double)octets / mss;
	if (!cubic->epoch)
		cubic_begin(tcp, cwnd, now);
	seconds = (double)(now - cubic->epoch) / 1e9;
	/* 4.3: what Reno with this beta would have. */
	alpha = cubic->w_est >= cubic->w_prior ? 1 : 3 * (1 - cubic_beta) / (1 + cubic_beta);
	cubic->w_est += alpha * acked / cwnd;
	/* 4.4 and 4.5: a round trip ahead, at most half as much again. */
	least = now / CUBIC_TICK == cubic->epoch / CUBIC_TICK ? cwnd + cwnd / cubic->w_begin : cwnd;
	target = clamp(
		cubic_window(cubic, seconds + (double)tcp->rtt.smoothed / 1e9), least, 1.5 * cwnd);
	cwnd += (target - cwnd) / cwnd * acked;
	if (cubic_window(cubic, seconds) < cubic->w_est && cwnd < cubic->w_est)
		cwnd = cubic->w_est;
	tcp->recovery.cwnd = (size_t)(cwnd * mss + 0.5);
}

static size_t cubic_reduced(struct tcp *tcp)
{
	struct tcp_cubic *cubic = &tcp->cubic;
	size_t flight = congestion_flight(tcp), mss = tcp->send.mss;
	double cwnd = (double)flight / (double)mss;

	/* 4.7: who loses before it was back at w_max leaves room for others. */
	cubic->w_prior = (double)tcp->recovery.cwnd / (double)mss;
	cubic->w_max = cwnd < cubic->w_max ? cwnd * (1 + cubic_beta) / 2 : cwnd;
	cubic->epoch = 0;
	return size_max((size_t)((double)flight * cubic_beta), 2 * mss);
}

static void cubic_undone(struct tcp *tcp)
{
	tcp->cubic.epoch = 0;
	tcp->cubic.w_max = 0;
}

const struct congestion_ops congestion_cubic = {
	.name = "cubic",
	.acked = cubic_acked,
	.reduced = cubic_reduced,
	.undone = cubic_undone,
};
