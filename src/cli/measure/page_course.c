/* The course of a measurement on its page: rates, losses, latencies and faults over time. */
#include "cli/measure/page.h"

#include "cli/numbers.h"
#include "cli/page.h"

#include <math.h>

/* The lines of a course that is drawn, as long as there is something to draw. */
struct drawn {
	const struct measure_course *course;
	const struct measure_stretch *stretches;
	size_t count;
	double *lost; /* shares, NAN where nothing was due */
};

/*
 * A frame is due when it comes, or when a later one overtakes it; one that is due and comes late
 * was not lost: so of what is missing the least that ever will be is what was lost until there.
 */
static void fill_lost(const struct drawn *drawn)
{
	double missing = 0, least = INFINITY, before = 0;

	for (size_t i = 0; i < drawn->count; i++) {
		const struct measure_stretch *stretch = &drawn->stretches[i];

		missing += (double)stretch->due - (double)stretch->unique;
		drawn->lost[i] = missing;
	}
	for (size_t i = drawn->count; i-- > 0;) {
		least = fmin(least, drawn->lost[i]);
		drawn->lost[i] = least;
	}
	for (size_t i = 0; i < drawn->count; i++) {
		uint64_t due = drawn->stretches[i].due;
		double lost = drawn->lost[i] - before;

		before += lost;
		drawn->lost[i] = due ? lost / (double)due : NAN;
	}
}

/* Behind the last frame that came none is overtaken: all was lost that was sent. */
static void fill_end(const struct drawn *drawn)
{
	size_t i = drawn->count;

	while (i && !drawn->stretches[i - 1].due)
		i--;
	for (; i < drawn->count; i++)
		if (drawn->stretches[i].sent >= 1)
			drawn->lost[i] = 1;
}

/* The last stretch in which something was sent or came, and one. */
static size_t length_of(const struct measure_course *course)
{
	const struct measure_stretch *stretches = course->stretches;
	size_t count = course->count;

	while (count && stretches[count - 1].sent < 1 && !stretches[count - 1].received)
		count--;
	return count;
}

static void put_rates(struct page *page, const struct drawn *drawn)
{
	uint64_t interval_ns = drawn->course->interval_ns;
	double *leaving = arena_alloc(&page->arena, drawn->count * sizeof(*leaving));
	double *coming = arena_alloc(&page->arena, drawn->count * sizeof(*coming));
	const struct chart_track tracks[] = { { "received", coming }, { "sent", leaving } };
	const struct chart_axis axis = { .title = "frames/s", .noun = "frames/s" };
	double seconds = numbers_seconds(interval_ns);

	for (size_t i = 0; i < drawn->count; i++) {
		leaving[i] = drawn->stretches[i].sent / seconds;
		coming[i] = (double)drawn->stretches[i].received / seconds;
	}
	/* The last stretch is not a whole one. */
	chart_over_time(page_chart(page), &page->arena, "Rate over time", &axis, interval_ns,
		tracks, drawn->course->sender ? 2 : 1, drawn->count - 1);
}

static void put_losses(struct page *page, const struct drawn *drawn)
{
	const struct chart_track track = { "lost", drawn->lost };
	const struct chart_axis axis = { .title = "frames lost", .unit = CHART_SHARE };

	chart_over_time(page_chart(page), &page->arena, "Loss over time", &axis,
		drawn->course->interval_ns, &track, 1, drawn->count);
}

/* The largest that is so many times the least median is drawn on a logarithmic axis. */
#define STEEP 20

static void put_latencies(
	struct page *page, const struct drawn *drawn, const struct measure_figures *figures)
{
	size_t count = drawn->count;
	double *values = arena_alloc(&page->arena, 3 * count * sizeof(*values));
	const struct chart_track tracks[] = { { "median", values }, { "p99", values + count },
		{ "max", values + 2 * count } };
	struct chart_axis axis = { .title = "latency", .unit = CHART_NS };
	double least = INFINITY, most = -INFINITY, zero = (double)figures->least_ns;
	struct chart *chart;

	for (size_t i = 0; i < count; i++) {
		const struct series_latency *latency = &drawn->stretches[i].latency;
		bool some = latency->count > 0;

		values[i] = some ? (double)latency->p50 - zero : NAN;
		values[count + i] = some ? (double)latency->p99 - zero : NAN;
		values[2 * count + i] = some ? (double)latency->max - zero : NAN;
		least = fmin(least, values[i]);
		most = fmax(most, values[2 * count + i]);
	}
	if (!(most >= least))
		return;
	axis.log = least > 0 && most > STEEP * least;
	chart = page_chart(page);
	chart_over_time(chart, &page->arena, "Latency over time", &axis, drawn->course->interval_ns,
		tracks, 3, count);
	chart->note = figures->relative ? "Above the smallest: the clocks of sender and receiver "
					  "are not the same."
					: NULL;
}

static void put_faults(struct page *page, const struct drawn *drawn)
{
	size_t count = drawn->count;
	double *values = arena_alloc(&page->arena, 3 * count * sizeof(*values));
	struct chart_track tracks[] = { { "duplicated", values }, { "reordered", values + count },
		{ "corrupted", values + 2 * count } };
	const struct chart_axis axis = { .title = "frames", .noun = "frames" };
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		const struct measure_stretch *stretch = &drawn->stretches[i];

		values[i] = (double)stretch->duplicates;
		values[count + i] = (double)stretch->reordered;
		values[2 * count + i] = (double)stretch->corrupted;
		sum += values[i] + values[count + i] + values[2 * count + i];
	}
	if (sum > 0)
		chart_over_time(page_chart(page), &page->arena,
			"Duplicated, reordered and corrupted over time", &axis,
			drawn->course->interval_ns, tracks, 3, count);
}

void measure_page_course(struct page *page, const struct measure_course *course,
	const struct measure_figures *figures)
{
	struct drawn drawn = {
		.course = course, .stretches = course->stretches, .count = length_of(course)
	};

	/* A run that was over at once has no course. */
	if (drawn.count < 3)
		return;
	drawn.lost = arena_alloc(&page->arena, drawn.count * sizeof(*drawn.lost));
	fill_lost(&drawn);
	fill_end(&drawn);
	put_rates(page, &drawn);
	put_losses(page, &drawn);
	put_latencies(page, &drawn, figures);
	put_faults(page, &drawn);
}
