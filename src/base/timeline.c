/* Amounts over time. */
#include "base/timeline.h"

#include <string.h>

static void join(struct timeline *timeline)
{
	size_t i;

	for (i = 0; i < TIMELINE_POINTS / 2; i++)
		timeline->points[i] = timeline->points[2 * i] + timeline->points[2 * i + 1];
	memset(&timeline->points[i], 0, sizeof(timeline->points[0]) * (TIMELINE_POINTS - i));
	timeline->interval_ns *= 2;
}

void timeline_take(struct timeline *timeline, uint64_t until_ns, double amount)
{
	uint64_t from = timeline->end_ns, at = from;

	if (!timeline->interval_ns)
		timeline->interval_ns = TIMELINE_INTERVAL_NS;
	while (until_ns > timeline->interval_ns * TIMELINE_POINTS)
		join(timeline);
	while (at < until_ns) {
		size_t point = (size_t)(at / timeline->interval_ns);
		uint64_t end = (point + 1) * timeline->interval_ns;

		end = end < until_ns ? end : until_ns;
		timeline->points[point] += amount * (double)(end - at) / (double)(until_ns - from);
		timeline->count = point + 1;
		at = end;
	}
	timeline->end_ns = at;
}

double timeline_sum(const struct timeline *timeline, uint64_t from_ns, uint64_t to_ns)
{
	double sum = 0;

	for (size_t i = 0; i < timeline->count; i++) {
		uint64_t from = i * timeline->interval_ns, to = from + timeline->interval_ns;
		uint64_t start = from > from_ns ? from : from_ns, end;

		to = to < timeline->end_ns ? to : timeline->end_ns;
		end = to < to_ns ? to : to_ns;
		if (start < end)
			sum += timeline->points[i] * (double)(end - start) / (double)(to - from);
	}
	return sum;
}

double timeline_rate(const struct timeline *timeline, size_t i)
{
	uint64_t from = i * timeline->interval_ns;
	uint64_t ns = timeline->end_ns - from;

	if (ns > timeline->interval_ns)
		ns = timeline->interval_ns;
	return ns ? timeline->points[i] * 1e9 / (double)ns : 0;
}
