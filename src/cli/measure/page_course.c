/* The course of a measurement on its page: rates, losses and faults over time. */
#include "cli/measure/page.h"

#include "cli/numbers.h"
#include "cli/page.h"

#include <math.h>

/* What of a run was due, and what of it was lost, in each stretch of time. */
struct course {
	const struct series *series;
	size_t count;
	double *sent, *lost; /* frames; shares, NAN where nothing was due */
};

/*
 * A frame is due when it comes, or when a later one overtakes it; one that is due and comes late
 * was not lost: so of what is missing the least that ever will be is what was lost until there.
 */
static void fill_lost(const struct course *course)
{
	const struct series_point *points = course->series->points;
	double missing = 0, least = INFINITY, before = 0;

	for (size_t i = 0; i < course->count; i++) {
		missing += (double)points[i].due - (double)points[i].unique;
		course->lost[i] = missing;
	}
	for (size_t i = course->count; i-- > 0;) {
		least = fmin(least, course->lost[i]);
		course->lost[i] = least;
	}
	for (size_t i = 0; i < course->count; i++) {
		double lost = course->lost[i] - before;

		before += lost;
		course->lost[i] = points[i].due ? lost / (double)points[i].due : NAN;
	}
}

/* Behind the last frame that came none is overtaken: all was lost that was sent. */
static void fill_end(const struct course *course)
{
	size_t i = course->count;

	while (i && !course->series->points[i - 1].due)
		i--;
	for (; i < course->count; i++)
		if (course->sent[i] >= 1)
			course->lost[i] = 1;
}

/* The last stretch in which something was sent or came, and one. */
static size_t length_of(const struct course *course)
{
	size_t count = course->series->count;

	while (count && course->sent[count - 1] < 1 && !course->series->points[count - 1].received)
		count--;
	return count;
}

/* The sender began when the receiver did. */
static void course_init(struct page *page, const struct measure_run *run, struct course *ret)
{
	const struct series *series = measure_receiver_series(run->receiver);

	*ret = (struct course){ .series = series,
		.sent = arena_alloc(&page->arena, (series->count + 1) * sizeof(*ret->sent)),
		.lost = arena_alloc(&page->arena, (series->count + 1) * sizeof(*ret->lost)) };
	for (size_t i = 0; i < series->count; i++)
		ret->sent[i] = timeline_sum(&run->outcome.frames, i * series->interval_ns,
			(i + 1) * series->interval_ns);
	ret->count = length_of(ret);
	fill_lost(ret);
	fill_end(ret);
}

static void put_rates(struct page *page, const struct course *course, bool sender)
{
	const struct series *series = course->series;
	double *leaving = arena_alloc(&page->arena, course->count * sizeof(*leaving));
	double *coming = arena_alloc(&page->arena, course->count * sizeof(*coming));
	const struct chart_track tracks[] = { { "received", coming }, { "sent", leaving } };
	const struct chart_axis axis = { .title = "frames/s", .noun = "frames/s" };
	double seconds = numbers_seconds(series->interval_ns);

	for (size_t i = 0; i < course->count; i++) {
		leaving[i] = course->sent[i] / seconds;
		coming[i] = (double)series->points[i].received / seconds;
	}
	/* The last stretch is not a whole one. */
	chart_over_time(page_chart(page), &page->arena, "Rate over time", &axis,
		series->interval_ns, tracks, sender ? 2 : 1, course->count - 1);
}

static void put_losses(struct page *page, const struct course *course)
{
	const struct chart_track track = { "lost", course->lost };
	const struct chart_axis axis = { .title = "frames lost", .unit = CHART_SHARE };

	chart_over_time(page_chart(page), &page->arena, "Loss over time", &axis,
		course->series->interval_ns, &track, 1, course->count);
}

static void put_faults(struct page *page, const struct course *course)
{
	const struct series *series = course->series;
	size_t count = course->count;
	double *values = arena_alloc(&page->arena, 3 * count * sizeof(*values));
	struct chart_track tracks[] = { { "duplicated", values }, { "reordered", values + count },
		{ "corrupted", values + 2 * count } };
	const struct chart_axis axis = { .title = "frames", .noun = "frames" };
	double sum = 0;

	for (size_t i = 0; i < count; i++) {
		const struct series_point *point = &series->points[i];

		values[i] = (double)point->duplicates;
		values[count + i] = (double)point->reordered;
		values[2 * count + i] = (double)point->corrupted;
		sum += values[i] + values[count + i] + values[2 * count + i];
	}
	if (sum > 0)
		chart_over_time(page_chart(page), &page->arena,
			"Duplicated, reordered and corrupted over time", &axis, series->interval_ns,
			tracks, 3, count);
}

void measure_page_course(struct page *page, const struct measure_run *run)
{
	struct course course;

	course_init(page, run, &course);
	/* A run that was over at once has no course. */
	if (course.count < 3)
		return;
	put_rates(page, &course, run->options->mode != MEASURE_RECEIVE);
	put_losses(page, &course);
	put_faults(page, &course);
}
