/* Round-trip time and the retransmission timeout (RFC 6298), and the timestamp clock (RFC 7323). */
#include "tcp/connection.h"

/* RFC 6298 2.1 and 2.4; 2: the clock's granularity. The least round trip is measured anew from time
 * to time. */
#define TIMEOUT_FIRST TCP_SECOND

/* RFC 6298 2.5: the least that may be. By 5.7 and Karn's rule what was sent again does not take a
 * backoff away, nor does Linux: without timestamps one may last over many losses, though all goes
 * on. Twice as much would leave a single retransmission to the user timeout (180 s), where RFC 9293
 * 3.8.3 (b) has three before anything is given up. */
#define TIMEOUT_MOST (60 * TCP_SECOND)

#define GRANULARITY 1000ULL
#define LEAST_LASTS (300 * TCP_SECOND)

static uint64_t time_clamp(uint64_t value, uint64_t least, uint64_t most)
{
	if (value < least)
		return least;
	return value > most ? most : value;
}

void rtt_init(struct tcp *tcp)
{
	tcp->rtt.timeout = time_clamp(TIMEOUT_FIRST, tcp->config.rto_min_ns, TIMEOUT_MOST);
}

static void rtt_least(struct tcp_rtt *rtt, uint64_t sample, uint64_t now)
{
	if (rtt->least && sample > rtt->least && now - rtt->least_at < LEAST_LASTS)
		return;
	rtt->least = sample;
	rtt->least_at = now;
}

void rtt_sample(struct tcp *tcp, uint64_t sample, uint64_t now)
{
	struct tcp_rtt *rtt = &tcp->rtt;
	uint64_t apart, spread;

	rtt_least(rtt, sample, now);
	if (!rtt->smoothed) { /* 2.2 */
		rtt->smoothed = sample;
		rtt->variation = sample / 2;
	} else { /* 2.3: alpha is 1/8, beta 1/4 */
		apart = rtt->smoothed > sample ? rtt->smoothed - sample : sample - rtt->smoothed;
		rtt->variation += apart / 4 - rtt->variation / 4;
		rtt->smoothed += sample / 8 - rtt->smoothed / 8;
	}
	spread = 4 * rtt->variation;
	rtt->timeout = time_clamp(rtt->smoothed + (spread > GRANULARITY ? spread : GRANULARITY),
		tcp->config.rto_min_ns, TIMEOUT_MOST);
	rtt->backoff = 0; /* 5.7 */
}

uint64_t rtt_timeout(const struct tcp *tcp)
{
	uint64_t timeout = tcp->rtt.timeout;

	for (unsigned int i = 0; i < tcp->rtt.backoff && timeout < TIMEOUT_MOST; i++)
		timeout *= 2;
	return timeout < TIMEOUT_MOST ? timeout : TIMEOUT_MOST;
}

/* RFC 7323 5.4: a tick of 1 ms to 1 s; 7.1: from a start that the peer cannot guess. */
uint32_t rtt_timestamp(const struct tcp *tcp, uint64_t now)
{
	return (uint32_t)(now / TCP_MILLISECOND) + tcp->config.timestamp_offset;
}
