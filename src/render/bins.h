/* bins.h: a histogram's numbers in few ranges, as many as a picture has room for; for render's own
 * files. */
#ifndef RENDER_BINS_H
#define RENDER_BINS_H

#include "base/histogram.h"

#include <stdbool.h>
#include <stddef.h>

#define BINS_MAX 64

struct bin {
	double low, high; /* low <= number < high */
	uint64_t count;
};

/* Whether numbers from low to high want ranges that grow with them. */
bool bins_want_log(uint64_t low, uint64_t high);

enum bins_kind {
	BINS_EVEN,  /* all as wide, at round numbers */
	BINS_RATIO, /* each wider than the one before by the same factor */
	BINS_ROUND, /* about so, at round numbers */
};

/*
 * The edges of at most `wanted` ranges (20 or more) that hold low to high; all are whole numbers,
 * and none is narrower than the histogram's cells. edges[BINS_MAX + 1]; returns the number of
 * ranges, at least 1.
 */
size_t bins_edges(uint64_t low, uint64_t high, enum bins_kind kind, size_t wanted, double *edges);

/* What lies between the edges: bins[count]. A cell that an edge parts is taken to be even. */
void bins_fill(
	const struct histogram *histogram, const double *edges, size_t count, struct bin *bins);

#endif
