/*
 * histogram.h: counts of numbers from 0 to 2^64 - 1 in cells no wider than 1 % of the numbers in
 * them: gaps, latencies. Adding costs a few nanoseconds, and never allocates.
 */
#ifndef BASE_HISTOGRAM_H
#define BASE_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

/* Below 2^HISTOGRAM_EXACT_BITS each number has a cell of its own; from there on each octave has
 * half as many cells, of equal width: at most 1/128 of the number. */
#define HISTOGRAM_EXACT_BITS 8
#define HISTOGRAM_CELLS	     ((64 - HISTOGRAM_EXACT_BITS + 2) << (HISTOGRAM_EXACT_BITS - 1))

/* Caller's storage, 58 KiB: zeroed memory is an empty one. */
struct histogram {
	uint64_t count;
	uint64_t min, max; /* exact; 0 while empty */
	double sum;
	uint64_t cells[HISTOGRAM_CELLS];
};

/* Adds the number `times` times. */
void histogram_add(struct histogram *histogram, uint64_t number, uint64_t times);
void histogram_merge(struct histogram *into, const struct histogram *from);

/*
 * The number that at least `share` (0 to 1) of all are not above: min at 0, max at 1, else right to
 * 1 %: the highest of its cell, and at most max. 0 while empty.
 */
uint64_t histogram_quantile(const struct histogram *histogram, double share);

/* What is told of a distribution: min, p50, p90, p99, p999, max. */
#define HISTOGRAM_SHARES 6U
struct histogram_share {
	const char *name;
	double share;
	bool fine; /* wants thousands of them: not told of round trips */
};
extern const struct histogram_share histogram_shares[HISTOGRAM_SHARES];

/* The numbers that a cell counts, both ends included. */
void histogram_cell(unsigned int cell, uint64_t *ret_lowest, uint64_t *ret_highest);

double histogram_mean(const struct histogram *histogram); /* 0 while empty */

#endif
