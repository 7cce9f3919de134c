/* Charts of rates and shares: over time, by the size of frames, by probe. */
#include "render/chart_kinds.h"

#include "base/arena.h"

#include <math.h>

/* How much of a name's place on the axis its bar takes, to either side. */
#define BAR_HALF   0.34
#define LEVEL_HALF 0.42

void chart_over_time(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_axis *y, uint64_t interval_ns, const struct chart_track *tracks,
	size_t track_count, size_t count)
{
	struct chart_series *series = arena_alloc(arena, track_count * sizeof(*series));

	*ret = (struct chart){ .title = title,
		.x = { .title = "time",
			.unit = CHART_NS,
			.high = (double)interval_ns * (double)count },
		.y = *y,
		.series = series,
		.series_count = track_count,
		.wide = true };
	for (size_t i = 0; i < track_count; i++) {
		struct chart_point *points = arena_alloc(arena, count * sizeof(*points));

		for (size_t j = 0; j < count; j++)
			points[j] =
				(struct chart_point){ .x = (double)interval_ns * ((double)j + 0.5),
					.y = tracks[i].values[j] };
		series[i] = (struct chart_series){ tracks[i].name, CHART_LINE, points, count };
	}
}

static void fill_by_name(struct chart_series *series, struct arena *arena, const double *values,
	size_t count, double half)
{
	struct chart_point *points = arena_alloc(arena, count * sizeof(*points));

	for (size_t i = 0; i < count; i++)
		if (!isnan(values[i]))
			points[series->count++] = (struct chart_point){
				.x = (double)i - half, .end = (double)i + half, .y = values[i]
			};
	series->points = points;
}

void chart_by_name(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_axis *x, const struct chart_axis *y, const char *what,
	const double *values, const char *limit, const double *most)
{
	struct chart_series *series = arena_alloc(arena, 2 * sizeof(*series));

	*ret = (struct chart){
		.title = title, .x = *x, .y = *y, .series = series, .series_count = most ? 2 : 1
	};
	series[0] = (struct chart_series){ .name = what, .look = CHART_BARS };
	fill_by_name(&series[0], arena, values, x->name_count, BAR_HALF);
	if (!most)
		return;
	series[1] = (struct chart_series){ .name = limit, .look = CHART_LEVELS };
	fill_by_name(&series[1], arena, most, x->name_count, LEVEL_HALF);
}

void chart_spans(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_axis *x, const struct chart_axis *y, const struct chart_span *spans)
{
	struct chart_series *series = arena_alloc(arena, sizeof(*series));
	struct chart_point *points = arena_alloc(arena, x->name_count * sizeof(*points));

	*ret = (struct chart){
		.title = title, .x = *x, .y = *y, .series = series, .series_count = 1
	};
	*series = (struct chart_series){ .name = y->title, .look = CHART_SPANS, .points = points };
	for (size_t i = 0; i < x->name_count; i++)
		if (!isnan(spans[i].mean))
			points[series->count++] = (struct chart_point){ (double)i, spans[i].min,
				spans[i].max, spans[i].mean };
}

void chart_loss_by_rate(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_losses *losses, size_t count)
{
	struct chart_series *series = arena_alloc(arena, count * sizeof(*series));

	*ret = (struct chart){ .title = title,
		.x = { .title = "rate offered, of the maximum", .unit = CHART_SHARE, .high = 1 },
		.y = { .title = "frames lost", .unit = CHART_SHARE },
		.series = series,
		.series_count = count };
	for (size_t i = 0; i < count; i++) {
		struct chart_point *points = arena_alloc(arena, losses[i].count * sizeof(*points));

		for (size_t j = 0; j < losses[i].count; j++)
			points[j] = (struct chart_point){ .x = losses[i].points[j].rate,
				.y = losses[i].points[j].loss };
		series[i] = (struct chart_series){ losses[i].name, CHART_LINE, points,
			losses[i].count };
	}
}

void chart_replies(struct chart *ret, struct arena *arena, const char *title, const double *rtt_ns,
	size_t count)
{
	struct chart_series *series = arena_alloc(arena, 2 * sizeof(*series));
	struct chart_point *points = arena_alloc(arena, count * sizeof(*points));
	size_t answered = 0, missed = 0;
	double low = INFINITY, high = 0;

	/* Those with a time at the front, those without an answer behind them; both in order. */
	for (size_t i = 0; i < count; i++)
		answered += rtt_ns[i] >= 0 ? 1 : 0;
	for (size_t i = 0, at = 0; i < count; i++) {
		const struct chart_point point = { .x = (double)i + 1, .y = rtt_ns[i] };

		if (isnan(rtt_ns[i]))
			points[answered + missed++] = point;
		if (!(rtt_ns[i] >= 0))
			continue;
		points[at++] = point;
		low = fmin(low, rtt_ns[i]);
		high = fmax(high, rtt_ns[i]);
	}
	series[0] = (struct chart_series){ "round trip", CHART_DOTS, points, answered };
	series[1] = (struct chart_series){ "no answer", CHART_MISSES, points + answered, missed };
	*ret = (struct chart){ .title = title,
		.x = { .title = "probe", .low = 0.5, .high = (double)count + 0.5 },
		.y = { .title = "round trip", .unit = CHART_NS, .log = high > 50 * low },
		.series = series,
		.series_count = missed ? 2 : 1,
		.wide = true };
}
