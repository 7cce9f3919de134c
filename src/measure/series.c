/* What came in each stretch of time. */
#include "measure/series.h"

#include <string.h>

/* What a point holds of latencies becomes the scratch's, with what there is. */
static void keep_scratch(struct series *series, struct series_point *point)
{
	cells_unpack(&point->latency, &series->scratch);
	/* In vain, it keeps what it has. */
	(void)cells_pack(&point->latency, &series->scratch);
	memset(&series->scratch, 0, sizeof(series->scratch));
}

static void add(struct series_point *into, const struct series_point *point)
{
	into->received += point->received;
	into->unique += point->unique;
	into->duplicates += point->duplicates;
	into->reordered += point->reordered;
	into->corrupted += point->corrupted;
	into->due += point->due;
	into->sent += point->sent;
}

static void join(struct series *series)
{
	unsigned int half = (series->count + 1) / 2;

	for (unsigned int i = 0; i < series->count; i++) {
		if (i % 2) {
			add(&series->points[i / 2], &series->points[i]);
			cells_unpack(&series->points[i].latency, &series->scratch);
			keep_scratch(series, &series->points[i / 2]);
			cells_fini(&series->points[i].latency);
		} else {
			series->points[i / 2] = series->points[i];
		}
	}
	memset(series->points + half, 0, (SERIES_POINTS - half) * sizeof(series->points[0]));
	series->count = half;
	series->interval_ns *= 2;
}

static uint64_t stretch_at(const struct series *series, uint64_t ns)
{
	return (ns - series->start_ns) / series->interval_ns;
}

void series_take(
	struct series *series, uint64_t now_ns, const struct measure_totals *totals, uint64_t sent)
{
	const struct measure_totals *seen = &series->seen;
	struct series_point change = {
		.received = totals->received - seen->received,
		.unique = totals->unique - seen->unique,
		.duplicates = totals->duplicates - seen->duplicates,
		.reordered = totals->reordered - seen->reordered,
		.corrupted = totals->corrupted - seen->corrupted,
		.due = totals->due - seen->due,
		.sent = sent - series->seen_sent,
	};
	uint64_t at;

	if (!series->interval_ns) {
		series->interval_ns = SERIES_INTERVAL_NS;
		series->start_ns = series->looked_ns = now_ns;
	}
	while ((at = stretch_at(series, series->looked_ns)) >= SERIES_POINTS) {
		series->count = SERIES_POINTS;
		join(series);
	}
	series->count = (unsigned int)at + 1;
	add(&series->points[at], &change);
	series->seen = *totals;
	series->seen_sent = sent;
	series->looked_ns = now_ns;
}

void series_fini(struct series *series)
{
	for (unsigned int i = 0; i < series->count; i++)
		cells_fini(&series->points[i].latency);
}

/* ---- latencies ---- */

bool series_turns(const struct series *series)
{
	return series->count && stretch_at(series, series->looked_ns) >= series->count;
}

void series_take_latencies(struct series *series, const struct histogram *all)
{
	struct histogram *seen = &series->seen_latencies;

	if (!series->count || all->count == seen->count)
		return;
	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++) {
		uint64_t lowest, highest;

		if (all->cells[i] == seen->cells[i])
			continue;
		histogram_cell(i, &lowest, &highest);
		histogram_add(&series->scratch, highest, all->cells[i] - seen->cells[i]);
	}
	*seen = *all;
	keep_scratch(series, &series->points[series->count - 1]);
}

static uint64_t at_most(uint64_t ns, uint64_t most)
{
	return ns < most ? ns : most;
}

void series_latency(
	struct series *series, unsigned int point, uint64_t most, struct series_latency *ret)
{
	struct histogram *sum = &series->scratch;

	cells_unpack(&series->points[point].latency, sum);
	*ret = (struct series_latency){
		.count = sum->count,
		.p50 = at_most(histogram_quantile(sum, 0.5), most),
		.p99 = at_most(histogram_quantile(sum, 0.99), most),
		.max = at_most(sum->max, most),
	};
	memset(sum, 0, sizeof(*sum));
}
