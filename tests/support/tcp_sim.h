/* tcp_sim.h: two TCP engines over a link that loses, repeats, reorders and delays, in virtual time.
 */
#ifndef SUPPORT_TCP_SIM_H
#define SUPPORT_TCP_SIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tcp/tcp.h"

/* What one end's user does. */
struct support_tcp_user {
	size_t to_send;		/* octets, then the end */
	size_t write_most;	/* at once */
	size_t read_most;	/* at once */
	uint64_t read_pause_ns; /* between two reads; 0: as soon as there is something */
	bool waits;		/* sends nothing until the other has ended */
	size_t lent;		/* lends so many octets, which are sent again and again; 0: none */
};

struct support_tcp_link {
	double loss, repeat, reorder; /* of the segments; corruption is loss */
	uint64_t delay_ns, reorder_ns;
	uint64_t bits_per_second; /* 0: no limit */
	size_t queue; /* octets that wait for the limit, at most; what comes then is lost */
	bool whole;   /* long segments pass whole, as between offloads */
};

struct support_tcp_sim {
	uint64_t seed;
	bool both_open;	   /* at the same time */
	uint64_t bound_ns; /* of virtual time */
	struct tcp_config config[2];
	struct support_tcp_user user[2];
	struct support_tcp_link link[2]; /* from 0, from 1 */
};

struct support_tcp_result {
	uint64_t elapsed_ns, data_ns; /* data_ns: when the last octet was read */
	int error[2];
	size_t received[2]; /* by 0, by 1 */
	struct tcp_stats stats[2];
	const char *broken; /* an invariant, or the bound; NULL: all is well */
};

void support_tcp_sim_run(const struct support_tcp_sim *sim, struct support_tcp_result *ret);

/* Everything about a run drawn from its seed. */
void support_tcp_sim_draw(struct support_tcp_sim *sim, uint64_t seed);

/* What must hold in a connection after each event; NULL: it does. */
const char *support_tcp_invariant(const struct tcp *tcp);

#endif
