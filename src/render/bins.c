/* Counts a histogram's fine cells in coarser ranges with round ends. */
#include "render/bins.h"

#include <math.h>

/* Once the largest is so many times the least, ranges of one width show nothing of the small. */
#define LOG_FROM 8

/* Round numbers of a decade, from fine to coarse. */
static const double twelve[] = { 1, 1.2, 1.5, 1.8, 2.2, 2.7, 3.3, 3.9, 4.7, 5.6, 6.8, 8.2 };
static const double six[] = { 1, 1.5, 2, 3, 5, 7 };
static const double three[] = { 1, 2, 5 };
static const double one[] = { 1 };

static const struct decade {
	const double *at;
	size_t count;
} decades[] = { { twelve, 12 }, { six, 6 }, { three, 3 }, { one, 1 } };

#define DECADES (sizeof(decades) / sizeof(decades[0]))

bool bins_want_log(uint64_t low, uint64_t high)
{
	return (double)high >= LOG_FROM * (low > 1 ? (double)low : 1) && high > 2 * LOG_FROM;
}

/* The round numbers of the kind around low to high; 0 where they are more than `wanted` ranges. */
static size_t round_edges(
	const struct decade *decade, double low, double high, size_t wanted, double *edges)
{
	double power = pow(10, floor(log10(low > 1 ? low : 1)));
	size_t count = 0;

	if (low < 1)
		edges[count++] = 0;
	for (size_t i = 0;; i++) {
		double edge = power * decade->at[i % decade->count];

		if (i % decade->count == decade->count - 1)
			power *= 10;
		if (edge != floor(edge))
			continue;
		if (count && edges[0] > 0 && edge <= low)
			count = 0;
		edges[count++] = edge;
		if (edge > high)
			return count - 1;
		if (count > wanted)
			return 0;
	}
}

/* As many ranges as `wanted`, fewer where they would be narrower than 1. */
static size_t ratio_edges(double low, double high, size_t wanted, double *edges)
{
	double least = low > 1 ? low : 1;
	double ratio = (high + 1) / least;
	size_t count = 0;

	edges[count++] = floor(low);
	for (size_t i = 1; i < wanted; i++) {
		double edge = floor(least * pow(ratio, (double)i / (double)wanted));

		if (edge > edges[count - 1])
			edges[count++] = edge;
	}
	edges[count] = high + 1;
	return count;
}

static size_t even_edges(double low, double high, size_t wanted, double *edges)
{
	static const double steps[] = { 1, 2, 2.5, 5, 10 };
	/* The cells are this wide at most. */
	double least = fmax(fmax(1, high / (1U << (HISTOGRAM_EXACT_BITS - 1))),
		(high + 1 - low) / (double)wanted);
	double power = pow(10, floor(log10(least) + 1e-9)), width = 0, first;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		width = power * steps[i];
		if (width >= least * (1 - 1e-9) && width == floor(width))
			break;
	}
	first = width * floor(low / width);
	do {
		edges[count] = first + (double)count * width;
		count++;
	} while (edges[count - 1] <= high);
	return count - 1;
}

size_t bins_edges(uint64_t low, uint64_t high, enum bins_kind kind, size_t wanted, double *edges)
{
	wanted = wanted > BINS_MAX ? BINS_MAX : wanted;
	if (kind == BINS_RATIO)
		return ratio_edges((double)low, (double)high, wanted, edges);
	for (size_t i = 0; kind == BINS_ROUND && i < DECADES; i++) {
		size_t count = round_edges(&decades[i], (double)low, (double)high, wanted, edges);

		if (count)
			return count;
	}
	/* One range more than asked for, where low lies within the first. */
	return even_edges((double)low, (double)high, wanted - 1, edges);
}

/* How many numbers are below x. */
static double below(const struct histogram *histogram, double x)
{
	double sum = 0;

	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++) {
		uint64_t lowest, highest;
		double low, high;

		if (!histogram->cells[i])
			continue;
		histogram_cell(i, &lowest, &highest);
		low = (double)(lowest < histogram->min ? histogram->min : lowest);
		high = (double)(highest > histogram->max ? histogram->max : highest) + 1;
		if (high <= x)
			sum += (double)histogram->cells[i];
		else if (low < x)
			sum += (double)histogram->cells[i] * (x - low) / (high - low);
	}
	return sum;
}

void bins_fill(
	const struct histogram *histogram, const double *edges, size_t count, struct bin *bins)
{
	double before = 0;

	for (size_t i = 0; i < count; i++) {
		/* What is beyond the last edge, and by rounding never counted, is in its range. */
		double after = i + 1 == count ? (double)histogram->count
					      : round(below(histogram, edges[i + 1]));

		after = fmax(after, before);
		bins[i] = (struct bin){ edges[i], edges[i + 1], (uint64_t)(after - before) };
		before = after;
	}
}
