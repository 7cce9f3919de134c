/* Counts numbers in cells whose width grows with the number. */
#include "base/histogram.h"

#include <math.h>

#define HALF (1U << (HISTOGRAM_EXACT_BITS - 1)) /* cells an octave */

const struct histogram_share histogram_shares[HISTOGRAM_SHARES] = {
	{ "min", 0, false },
	{ "p50", 0.5, false },
	{ "p90", 0.9, false },
	{ "p99", 0.99, false },
	{ "p999", 0.999, true },
	{ "max", 1, false },
};

/* How far a number is shifted to have HISTOGRAM_EXACT_BITS bits. */
static unsigned int shift_of(uint64_t number)
{
	unsigned int bits = number ? 64 - (unsigned int)__builtin_clzll(number) : 0;

	return bits > HISTOGRAM_EXACT_BITS ? bits - HISTOGRAM_EXACT_BITS : 0;
}

/* A number above the exact ones is its octave and its upper HISTOGRAM_EXACT_BITS bits, of which the
 * first is always set. */
static unsigned int cell_of(uint64_t number)
{
	unsigned int shift = shift_of(number);

	return shift * HALF + (unsigned int)(number >> shift);
}

static uint64_t highest_of(unsigned int cell)
{
	unsigned int shift = cell < 2 * HALF ? 0 : cell / HALF - 1;
	uint64_t upper = cell - shift * HALF;

	return (upper << shift) + ((1ULL << shift) - 1);
}

void histogram_add(struct histogram *histogram, uint64_t number, uint64_t times)
{
	if (!times)
		return;
	if (!histogram->count || number < histogram->min)
		histogram->min = number;
	if (number > histogram->max)
		histogram->max = number;
	histogram->count += times;
	histogram->sum += (double)number * (double)times;
	histogram->cells[cell_of(number)] += times;
}

void histogram_merge(struct histogram *into, const struct histogram *from)
{
	if (!from->count)
		return;
	if (!into->count || from->min < into->min)
		into->min = from->min;
	if (from->max > into->max)
		into->max = from->max;
	into->count += from->count;
	into->sum += from->sum;
	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++)
		into->cells[i] += from->cells[i];
}

uint64_t histogram_quantile(const struct histogram *histogram, double share)
{
	double wanted = ceil(share * (double)histogram->count);
	uint64_t below = 0;

	if (wanted < 1)
		return histogram->min;
	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++) {
		uint64_t highest;

		below += histogram->cells[i];
		if ((double)below < wanted)
			continue;
		highest = highest_of(i);
		return highest < histogram->max ? highest : histogram->max;
	}
	return histogram->max;
}

void histogram_cell(unsigned int cell, uint64_t *ret_lowest, uint64_t *ret_highest)
{
	*ret_lowest = cell ? highest_of(cell - 1) + 1 : 0;
	*ret_highest = highest_of(cell);
}

double histogram_mean(const struct histogram *histogram)
{
	return histogram->count ? histogram->sum / (double)histogram->count : 0;
}
