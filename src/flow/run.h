/* run.h: one call of send_run_ways, of which each file of send has its part. Internal to src/flow.
 */
#ifndef FLOW_RUN_H
#define FLOW_RUN_H

#include "flow/worker.h"

#include <pthread.h>

struct run {
	struct worker_run shared;
	struct worker *workers;
	unsigned int threads;
	struct link_stats stats; /* of the ways that are done with */
	uint64_t progress_at;
	pthread_mutex_t lock;
	pthread_cond_t done_changed;
	unsigned int done; /* workers, under the lock */
};

/* Tells progress where it is time to; context is the struct run. */
void send_tick(void *context, uint64_t at);

/* Lets each worker work in a thread of its own, until all return. */
int send_in_threads(struct run *run, struct err *err);

/* Goes on with the run on these links, until stage_end. */
int send_work_on(struct run *run, struct link *const *links, uint64_t stage_end, struct err *err);

/* Counts what the links did for good, once all of it has left, and lets go of them. */
int send_settle(struct run *run, struct err *err);

/* Tries ways while there is something to gain. *ret is the one to go on with. */
int send_choose(struct run *run, struct send_way *ways, unsigned int count, unsigned int *ret,
	enum send_why *ret_why, struct err *err);

#endif
