/* congestion.h: how the congestion window grows and shrinks: one table an algorithm. */
#ifndef TCP_CONGESTION_H
#define TCP_CONGESTION_H

#include <stddef.h>
#include <stdint.h>

struct tcp;

struct congestion_ops {
	const char *name;
	/* So many octets were acknowledged while the window was in use, outside of fast recovery.
	 */
	void (*acked)(struct tcp *tcp, size_t octets, uint64_t now);
	/* Segments were lost, or a timeout struck: the new ssthresh. */
	size_t (*reduced)(struct tcp *tcp);
	/* The reduction was not needed: cwnd and ssthresh are as before. */
	void (*undone)(struct tcp *tcp);
};

extern const struct congestion_ops congestion_reno, congestion_cubic;

/* RFC 6928 2. */
size_t congestion_initial(const struct tcp *tcp);
/* RFC 5681 3.1: so much is in flight, without what limited transmit added. */
size_t congestion_flight(const struct tcp *tcp);
/* Slow start; what of octets it left over for congestion avoidance. */
size_t congestion_slow_start(struct tcp *tcp, size_t octets);
/* hystart.c: how much of it slow start may grow by. */
size_t hystart_growth(struct tcp *tcp, size_t octets);

#endif
