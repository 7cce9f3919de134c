/* worker.h: one thread's part in a run: takes chunks of it, waits until frames are due, and hands
 * them to its link. Internal to src/flow. */
#ifndef FLOW_WORKER_H
#define FLOW_WORKER_H

#include "base/err.h"
#include "base/histogram.h"
#include "flow/send.h"

#include <stdatomic.h>

/* How often progress is told, and the longest that a stop is not seen. */
#define WORKER_TICK_NS 100000000U

/* What the threads of a run share. */
struct worker_run {
	const struct patch_program *program;
	const struct send_config *config;
	uint64_t start;
	uint64_t end;	       /* of the duration; UINT64_MAX for none */
	uint64_t stage_end;    /* the workers return then, to go on later; UINT64_MAX for never */
	_Atomic uint64_t next; /* the first frame that no worker has taken */
	atomic_bool halt;      /* one of them failed */
	atomic_bool stopped;   /* one of them saw the signal */
};

struct worker {
	struct worker_run *run;
	struct link *link;
	/* Called now and then from this thread, for progress; NULL where another one tells it. */
	void (*tick)(void *context, uint64_t at);
	void *tick_context;
	struct pace next;	/* the frame that it hands over next, */
	uint64_t taken_end;	/* which is one of its chunk until then */
	struct histogram *gaps; /* NULL: not wanted */
	bool waited;		/* a frame was not made yet when it was asked for */
	uint64_t shared_until;	/* it sleeps more than it would, for others want its processor */
	uint64_t gap_start;	/* when the frame before was handed over; 0: by another thread */
	/* What its link has done since the run began, for others to look at meanwhile. */
	struct link_stats before;
	_Atomic uint64_t sent, failed, bytes;
	int rc;
	struct err err;
};

void worker_init(struct worker *worker, struct worker_run *run);

/* Takes the first chunk, for its frames to be made before the clock runs. */
int worker_prepare(struct worker *worker);

/* Sends until the run, its stage or its duration is over, a signal came or something failed: then
 * worker->rc is the negative errno and worker->err says why. */
void worker_work(struct worker *worker);

uint64_t worker_now(const struct worker_run *run);

#endif
