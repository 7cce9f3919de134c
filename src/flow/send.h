/*
 * send.h: runs a program on links: how many, how fast, how long, on how many threads; and says what
 * came of it.
 */
#ifndef FLOW_SEND_H
#define FLOW_SEND_H

#include "base/clock.h"
#include "flow/pace.h"
#include "link/link.h"

#include <signal.h>

struct err;
struct histogram;

/* Frames handed to the link at once: many enough to be cheap, few enough that a stop or the end of
 * the duration is seen within a millisecond. Threads share a run out in chunks of so many. */
#define SEND_CHUNK 256U

#define SEND_THREADS_MAX 64U

struct send_config {
	uint64_t count; /* frames; 0 without end */
	struct pace_config pace;
	uint64_t duration_ns;		   /* stop after; 0 for no limit */
	const volatile sig_atomic_t *stop; /* a signal handler sets it; may be NULL */
	const struct clock *clock;
	/* Where the program's frames are made as the run goes, on one thread: called before frames
	 * first to first + count - 1 are, count at most SEND_CHUNK and not beyond a multiple of it;
	 * those before first are done with. Returns how many of them stand now, and in *ret_gap_ns
	 * (0 before) the pause before the first of them, besides the gap of the one before. 0: no
	 * more will, and the run ends; -EAGAIN: none does yet, which it may find out for some
	 * milliseconds. While the first one is waited for its schedule does not begin. NULL: all
	 * stand. */
	int (*prepare)(void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns,
		struct err *err);
	void *prepare_context;
	/* Called about every 100 ms, in the caller's thread, with what was done so far (of the
	 * errors only their sum); may be NULL. */
	void (*progress)(void *context, const struct link_stats *stats, uint64_t elapsed_ns);
	void *context;
	/* Takes the gaps between frames as they were handed over, in nanoseconds, where the run is
	 * paced; may be NULL. Frames of one batch share its time evenly. With threads, the gaps
	 * within a chunk. */
	struct histogram *gaps;
};

/* One of the ways in which a run may leave. */
struct send_way {
	struct link *const *links; /* one a thread */
	bool reserve; /* tried only where none before it keeps the rate; not without a rate */
	/* Filled, where it was tried: the frames that it sent then, and the time that took. */
	uint64_t tried_frames, tried_ns;
};

/* Why a way was taken. */
enum send_why {
	SEND_ONLY,    /* there was no other */
	SEND_SHORT,   /* the first one: the run is too short for a choice to pay */
	SEND_KEEPS,   /* the first one that keeps the rate */
	SEND_FASTEST, /* of those that were tried */
};

struct send_report {
	uint64_t asked;		 /* frames; 0 when without end */
	struct link_stats stats; /* of this run, also on a link that ran before; of all threads */
	uint64_t not_tried;	 /* of those asked, after an error that ended the run: then asked =
				    queued + not_tried; 0 after a signal or the duration */
	uint64_t elapsed_ns;
	bool stopped;	  /* by the signal */
	unsigned int way; /* that ran to the end */
	enum send_why why;
};

/*
 * Sends on an absolute schedule: frame N is due at start + N / rate (plus the gaps before it),
 * whatever the frames before it cost. A run with a duration lasts that long, unless its count is
 * reached. Always fills *ret. 0 when the run came to its end, also with frames refused; the link's
 * negative errno and *err when it could not go on.
 */
int send_run(struct link *link, const struct patch_program *program,
	const struct send_config *config, struct send_report *ret, struct err *err);

/*
 * The same on so many threads (the caller's alone for 1), each pinned to a processor and with a
 * link of its own: each takes the next chunk of the run when it is done with one, so that the
 * frames that leave are those that one thread would send, though not in one order. The first error
 * ends all. With several ways, the first frames of the run are sent on one after the other, and the
 * rest on the best of them; none is sent twice, and none that was not asked for. More than one
 * thread goes without prepare.
 */
int send_run_ways(struct send_way *ways, unsigned int way_count, unsigned int threads,
	const struct patch_program *program, const struct send_config *config,
	struct send_report *ret, struct err *err);

#endif
