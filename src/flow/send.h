/* send.h: runs a program on a link: how many, how fast, how long; and says what came of it. */
#ifndef FLOW_SEND_H
#define FLOW_SEND_H

#include "base/clock.h"
#include "base/text.h"
#include "link/link.h"

#include <signal.h>

struct err;

/* Frames handed to the link at once: many enough to be cheap, few enough that a stop or the end of
 * the duration is seen within a millisecond. */
#define SEND_CHUNK 256U

struct send_config {
	uint64_t count; /* frames; 0 without end */
	struct text_rate rate;
	uint64_t interval_ns;		   /* between frames, instead of rate; 0 for none */
	uint64_t duration_ns;		   /* stop after; 0 for no limit */
	const volatile sig_atomic_t *stop; /* a signal handler sets it; may be NULL */
	const struct clock *clock;
	/* Where the program's frames are made as the run goes: called before frames first to first
	 * + count - 1 are, count at most SEND_CHUNK; those before first are done with. NULL: they
	 * stand. */
	int (*prepare)(void *context, uint64_t first, uint64_t count, struct err *err);
	void *prepare_context;
	/* Called about every 100 ms with what was done so far; may be NULL. */
	void (*progress)(void *context, const struct link_stats *stats, uint64_t elapsed_ns);
	void *context;
};

struct send_report {
	uint64_t asked;		 /* frames; 0 when without end */
	struct link_stats stats; /* of this run, also on a link that ran before */
	uint64_t not_tried;	 /* of those asked, after an error that ended the run: then asked =
				    sent + failed + not_tried; 0 after a signal or the duration */
	uint64_t elapsed_ns;
	bool stopped; /* by the signal */
};

/*
 * Sends on an absolute schedule: frame N is due at start + N / rate (plus the gaps before it),
 * whatever the frames before it cost. A run with a duration lasts that long, unless its count is
 * reached. Always fills *ret. 0 when the run came to its end, also with frames refused; the link's
 * negative errno and *err when it could not go on.
 */
int send_run(struct link *link, const struct patch_program *program,
	const struct send_config *config, struct send_report *ret, struct err *err);

#endif
