/* series.h: what came in each stretch of time. Bounded: when it is full, stretches are joined two
 * by two. */
#ifndef MEASURE_SERIES_H
#define MEASURE_SERIES_H

#include "base/cells.h"
#include "measure/engine.h"

#define SERIES_POINTS	   1024U
#define SERIES_INTERVAL_NS 100000000U /* of a stretch, at first */

struct series_point {
	uint64_t received, unique, duplicates, reordered, corrupted, due; /* within it */
	uint64_t sent; /* within it, where the sender is here */
	struct cells latency;
};

/* Zeroed memory is an empty one; series_fini frees what it holds. */
struct series {
	uint64_t start_ns;  /* the clock's time at its beginning */
	uint64_t looked_ns; /* when totals were taken last */
	uint64_t interval_ns;
	unsigned int count; /* points, but for the last all of a whole interval */
	struct series_point points[SERIES_POINTS];
	struct measure_totals seen;
	uint64_t seen_sent;
	struct histogram seen_latencies;
	struct histogram scratch;
};

void series_fini(struct series *series);

/* The totals as they are now, and so many frames sent; times do not go back. What is new is of the
 * stretch in which they were taken before. */
void series_take(
	struct series *series, uint64_t now_ns, const struct measure_totals *totals, uint64_t sent);

/* Whether the last stretch is over, with the totals that were taken now. */
bool series_turns(const struct series *series);

/* All latencies until now: the new ones are the last stretch's. Without memory it has none. */
void series_take_latencies(struct series *series, const struct histogram *all);

/* Of a stretch, each right to 1 %; all 0 where there was none. */
struct series_latency {
	uint64_t count, p50, p99, max;
};

/* most: no latency was longer. Not for two threads at once. */
void series_latency(
	struct series *series, unsigned int point, uint64_t most, struct series_latency *ret);

#endif
