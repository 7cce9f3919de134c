/* Charts of durations: how they are distributed, and what share stays below each. */
#include "render/chart_kinds.h"
#include "render/bins.h"
#include "render/chart_scale.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <math.h>
#include <string.h>

#define BINS 56
#define FEW  12

/* Of a percentile curve. */
#define PER_DECADE   20
#define QUANTILE_MAX 1e5 /* 99.999 % */

/* A curve whose end is so many times its middle is drawn on a logarithmic axis. */
#define STEEP 20

static struct chart_series *series_of(
	struct chart *chart, struct arena *arena, const struct chart_sample *samples, size_t count)
{
	struct chart_series *series = arena_alloc(arena, count * sizeof(*series));

	for (size_t i = 0; i < count; i++)
		series[i].name = samples[i].name;
	chart->series = series;
	chart->series_count = count;
	return series;
}

/* The least and the most of all samples; false where there are none. */
static bool range_of(
	const struct chart_sample *samples, size_t count, uint64_t *low, uint64_t *high)
{
	bool any = false;

	for (size_t i = 0; i < count; i++) {
		const struct histogram *histogram = samples[i].histogram;

		if (!histogram->count)
			continue;
		*low = !any || histogram->min < *low ? histogram->min : *low;
		*high = !any || histogram->max > *high ? histogram->max : *high;
		any = true;
	}
	return any;
}

static char *text_of(struct arena *arena, const char *before, double ns)
{
	struct buffer text = { 0 };
	char *copy;

	chart_put_value(&text, CHART_NS, NULL, ns);
	copy = arena_printf(arena, "%s %s", before, buffer_text(&text));
	buffer_fini(&text);
	return copy;
}

/* ---- how often ---- */

static void mark_quantiles(
	struct chart *chart, struct arena *arena, const struct histogram *histogram)
{
	static const struct {
		const char *name;
		double share;
	} marks[] = { { "p50", 0.5 }, { "p99", 0.99 }, { "max", 1 } };
	size_t count = sizeof(marks) / sizeof(marks[0]);
	struct chart_line *lines = arena_alloc(arena, count * sizeof(*lines));

	/* Where all are equal, one says it. */
	if (!histogram->count || histogram->min == histogram->max)
		return;
	for (size_t i = 0; i < count; i++) {
		double at = (double)histogram_quantile(histogram, marks[i].share);

		/* Of few samples the p99 is the largest. */
		if (at < (double)histogram->max || i + 1 == count)
			lines[chart->line_count++] =
				(struct chart_line){ at, text_of(arena, marks[i].name, at) };
	}
	chart->lines = lines;
}

static void fill_bars(struct chart_series *series, struct arena *arena,
	const struct histogram *histogram, const double *edges, size_t count)
{
	struct chart_point *points = arena_alloc(arena, count * sizeof(*points));
	struct bin bins[BINS_MAX];

	bins_fill(histogram, edges, count, bins);
	for (size_t i = 0; i < count; i++) {
		/* Ranges that hold nothing are left out. */
		if (bins[i].count)
			points[series->count++] = (struct chart_point){
				.x = bins[i].low, .end = bins[i].high, .y = (double)bins[i].count
			};
	}
	series->points = points;
}

/* The axis is as long as the ranges; a few of them, as of numbers that are all equal, are drawn no
 * wider than many would be. */
static void set_range(struct chart_axis *axis, const double *edges, size_t count)
{
	double pad =
		count < FEW && !axis->log ? (edges[1] - edges[0]) * (double)(FEW - count) / 2 : 0;

	axis->low = edges[0] > pad ? edges[0] - pad : 0;
	axis->high = edges[count] + pad;
}

void chart_distribution(struct chart *ret, struct arena *arena, const char *title, const char *what,
	const struct chart_sample *samples, size_t count, bool marks)
{
	struct chart_series *series;
	double edges[BINS_MAX + 1];
	uint64_t low = 0, high = 0;
	size_t ranges;

	*ret = (struct chart){ .title = title };
	series = series_of(ret, arena, samples, count);
	if (!range_of(samples, count, &low, &high))
		return;
	ret->x = (struct chart_axis){
		.title = what, .unit = CHART_NS, .log = bins_want_log(low, high)
	};
	ret->y = (struct chart_axis){ .title = "frames", .noun = "frames" };
	ranges = bins_edges(low, high, ret->x.log ? BINS_RATIO : BINS_EVEN, BINS, edges);
	set_range(&ret->x, edges, ranges);
	for (size_t i = 0; i < count; i++) {
		series[i].look = i ? CHART_STEPS : CHART_BARS;
		if (samples[i].histogram->count)
			fill_bars(&series[i], arena, samples[i].histogram, edges, ranges);
	}
	if (marks)
		mark_quantiles(ret, arena, samples[0].histogram);
}

/* ---- what share ---- */

/* How far to the right so many samples tell: of 1,000 the last is beyond 99.9 %. */
static double last_of(const struct histogram *histogram)
{
	double count = (double)histogram->count;

	return count < 2 ? 2 : count > QUANTILE_MAX ? QUANTILE_MAX : count;
}

static void fill_curve(
	struct chart_series *series, struct arena *arena, const struct histogram *histogram)
{
	double last = last_of(histogram);
	size_t steps = (size_t)ceil(log10(last) * PER_DECADE);
	struct chart_point *points = arena_alloc(arena, (steps + 1) * sizeof(*points));

	for (size_t i = 0; i <= steps; i++) {
		double x = i < steps ? pow(10, (double)i / PER_DECADE) : last;

		points[i] = (struct chart_point){ .x = x,
			.y = (double)histogram_quantile(histogram, 1 - 1 / x) };
	}
	series->points = points;
	series->count = steps + 1;
}

void chart_percentiles(struct chart *ret, struct arena *arena, const char *title, const char *what,
	const struct chart_sample *samples, size_t count)
{
	struct chart_series *series;
	uint64_t low = 0, high = 0;

	*ret = (struct chart){ .title = title };
	series = series_of(ret, arena, samples, count);
	if (!range_of(samples, count, &low, &high))
		return;
	ret->x = (struct chart_axis){
		.title = "share of frames", .unit = CHART_QUANTILE, .log = true
	};
	ret->y = (struct chart_axis){ .title = what, .unit = CHART_NS };
	for (size_t i = 0; i < count; i++) {
		const struct histogram *histogram = samples[i].histogram;

		series[i].look = CHART_LINE;
		if (!histogram->count)
			continue;
		fill_curve(&series[i], arena, histogram);
		if ((double)histogram->max >
			STEEP * ((double)histogram_quantile(histogram, 0.5) + 1))
			ret->y.log = true;
	}
}
