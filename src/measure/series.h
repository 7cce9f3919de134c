/* series.h: what came in each stretch of time. Bounded: when it is full, stretches are joined two
 * by two. */
#ifndef MEASURE_SERIES_H
#define MEASURE_SERIES_H

#include "measure/engine.h"

#define SERIES_POINTS	   1024U
#define SERIES_INTERVAL_NS 100000000U /* of a stretch, at first */

struct series_point {
	uint64_t received, unique, duplicates, reordered, corrupted, due; /* within it */
	uint64_t sent; /* within it, where the sender is here */
};

/* Zeroed memory is an empty one. */
struct series {
	uint64_t start_ns; /* the clock's time at its beginning */
	uint64_t interval_ns;
	unsigned int count; /* points, but for the last all of a whole interval */
	struct series_point points[SERIES_POINTS];
	struct measure_totals seen;
	uint64_t seen_sent;
};

/* The totals as they are now, and so many frames sent; times do not go back. */
void series_take(
	struct series *series, uint64_t now_ns, const struct measure_totals *totals, uint64_t sent);

#endif
