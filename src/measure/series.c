/* What came in each stretch of time. */
#include "measure/series.h"

#include <string.h>

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
		if (i % 2)
			add(&series->points[i / 2], &series->points[i]);
		else
			series->points[i / 2] = series->points[i];
	}
	memset(series->points + half, 0, (SERIES_POINTS - half) * sizeof(series->points[0]));
	series->count = half;
	series->interval_ns *= 2;
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
		series->start_ns = now_ns;
	}
	while ((at = (now_ns - series->start_ns) / series->interval_ns) >= SERIES_POINTS) {
		series->count = SERIES_POINTS;
		join(series);
	}
	series->count = (unsigned int)at + 1;
	add(&series->points[at], &change);
	series->seen = *totals;
	series->seen_sent = sent;
}
