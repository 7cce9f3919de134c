/* loop.h: takes frames from a capture, and sends the answers on a link. */
#ifndef RESPOND_LOOP_H
#define RESPOND_LOOP_H

#include "base/clock.h"
#include "link/capture.h"
#include "link/link.h"
#include "respond/respond.h"

#include <signal.h>

struct err;

/* A frame that came, and what became of it. */
struct respond_seen {
	const struct capture_frame *request;
	enum respond_verdict verdict;
	bool held_back;	   /* it would have been answered, but for the rate or `may` */
	unsigned int rule; /* of an answer */
	const uint8_t *answer;
	uint32_t answer_length;
};

struct respond_loop {
	struct capture *capture; /* incoming frames alone */
	struct link *link;	 /* takes frames that change from one run to the next */
	struct responder *responder;
	const struct clock *clock;
	const volatile sig_atomic_t *stop; /* may be NULL */
	uint64_t count;			   /* answers, then it ends; 0: any number */
	uint64_t duration_ns, timeout_ns;  /* in all, and without an answer; 0: no limit */
	double rate;			   /* answers a second at most; 0: no limit */
	/* Called with each frame, its answer not yet sent; may be NULL. */
	void (*seen)(void *context, const struct respond_seen *seen);
	/* Called about five times a second. Returns how many frames others answered so far, which
	 * count for count and timeout_ns; may be NULL. */
	uint64_t (*tick)(void *context);
	/* Whether one more may be answered, where others answer as well; may be NULL. */
	bool (*may)(void *context);
	void *context;
};

struct respond_counts {
	uint64_t received;
	uint64_t verdicts[RESPOND_VERDICTS]; /* those held back are among the answered */
	uint64_t held_back;
	uint64_t elapsed_ns;
	bool stopped;	/* by the signal */
	bool timed_out; /* nothing was answered for so long */
};

/*
 * Until one of the limits is reached, or the signal. per_rule[rules] counts answers; always fills
 * *ret. Negative errno with *err where the interface cannot go on. What was sent is told by the
 * link's stats.
 */
int respond_loop_run(const struct respond_loop *loop, uint64_t *per_rule,
	struct respond_counts *ret, struct err *err);

#endif
