/* figures.h: a measurement in plain numbers: what was sent against what came, and what is told of
 * distributions. */
#ifndef MEASURE_FIGURES_H
#define MEASURE_FIGURES_H

#include "measure/result.h"
#include "patch/program.h"

struct measure_row {
	uint64_t count; /* 0: nothing was measured, and the rest is 0 */
	double mean;
	uint64_t at[HISTOGRAM_SHARES]; /* histogram_shares */
};

#define MEASURE_UNKNOWN UINT64_MAX

/* Of a stream, or of all. */
struct measure_figure {
	const char *name; /* of the frame; NULL: not known, or of all */
	uint64_t sent;	  /* that left; MEASURE_UNKNOWN without a sender */
	uint64_t lost;	  /* of these the ones that did not come even once; without a sender, as far
			     as the sequences tell */
	struct measure_stream counts;
	struct measure_row latency, gaps, extents;
	/* What the rows are of; NULL: not known, and of a stream without distributions of its own
	 * the rows are not, either. Borrowed from the result, or the arena's. */
	const struct measure_detail *detail;
};

struct measure_figures {
	const char *engine;	/* that received; NULL: not known */
	const char *engine_why; /* NULL: not known, or asked for */
	const char *unknown;	/* see measure_check_unknown; NULL: nothing was held against it */
	const char *difference; /* see measure_check_difference; NULL likewise */
	unsigned int looks;	/* enum measure_looks */
	unsigned int sample;
	uint64_t damaged, foreign, dropped; /* see measure_result */
	bool relative;	   /* the clocks are not the same: latencies are above the smallest, */
	uint64_t least_ns; /* which counts as so much in the details */
	int64_t shift_ns;
	struct measure_figure all;
	struct measure_figure *streams;
	unsigned int stream_count;
};

struct arena;

/*
 * sent[i] is what left of stream i, of which there are as many as the result has; NULL: not known.
 * names[i] or names may be NULL. All of *ret is the arena's; names and the result are borrowed.
 */
void measure_figures_make(struct arena *arena, const struct measure_result *result,
	const uint64_t *sent, const char *const *names, struct measure_figures *ret);

/* What was sent of stream i becomes known, and of all. */
void measure_figures_sent(struct measure_figures *figures, const uint64_t *sent);

/* Streams from this one on had no frame, as far as is known. */
unsigned int measure_figures_seen(const struct measure_figures *figures);

/* Latencies become what they are above the smallest of all. */
void measure_figures_relative(struct measure_figures *figures);

/* How many of the run's first `count` frames are of each of the program's. sent has room for as
 * many as the program has. */
void measure_sent(const struct patch_program *program, uint64_t count, uint64_t *sent);

/* Whether all came once, in order, as it was sent; but for a share of loss, 0 to 1. */
bool measure_is_clean(const struct measure_figures *figures, double allowed_loss);

#endif
