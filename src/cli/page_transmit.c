/* What left, in a page: figures, rates over time, gaps. */
#include "cli/page.h"

#include "cli/numbers.h"

#include <string.h>

static void put_figures(
	struct page *page, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	const struct link_stats *stats = &report->stats;
	uint64_t failed = transmit_failed(outcome);
	const char *of = report->asked ? arena_printf(&page->arena, "of %s frames",
						 page_count(page, report->asked))
				       : "frames";

	page_put_figure(page, true, "sent", page_count(page, stats->sent), of);
	page_put_figure(page, true, "took", page_time(page, (double)report->elapsed_ns),
		report->stopped ? "stopped by a signal" : NULL);
	if (stats->sent > 1)
		page_put_figure(page, true, "frames a second",
			page_scaled(page, numbers_per_second(stats->sent, report->elapsed_ns), ""),
			page_scaled(page, numbers_per_second(stats->bytes * 8, report->elapsed_ns),
				"bit/s"));
	page_put_figure(page, failed > 0, "not sent", page_count(page, failed),
		failed ? page_share(page, failed, report->asked) : NULL);
	page_put_figure(page, false, "octets sent", page_count(page, stats->bytes), NULL);
	page_put_figure(page, false, "backend", outcome->backend,
		outcome->why.length ? arena_strndup(&page->arena, buffer_text(&outcome->why),
					      outcome->why.length)
				    : NULL);
	if (transmit->options->threads > 1)
		page_put_figure(
			page, false, "threads", page_count(page, transmit->options->threads), NULL);
	if (outcome->counters_known)
		page_put_figure(page, false, "counted by the interface",
			page_count(page, outcome->after.tx_packets - outcome->before.tx_packets),
			"frames, of others too where others send there");
}

static void put_refused(struct page *page, const struct link_stats *stats)
{
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && stats->errors[i].error; i++)
		page_put_figure(page, false, "refused", page_count(page, stats->errors[i].count),
			strerror(stats->errors[i].error));
}

static void put_rate(struct page *page, const char *title, const char *unit, double factor,
	const struct timeline *timeline)
{
	double *values = arena_alloc(&page->arena, timeline->count * sizeof(*values));
	const struct chart_track track = { "sent", values };
	const struct chart_axis axis = { .title = unit, .noun = unit };

	for (size_t i = 0; i < timeline->count; i++)
		values[i] = factor * timeline_rate(timeline, i);
	chart_over_time(page_chart(page), &page->arena, title, &axis, timeline->interval_ns, &track,
		1, timeline->count);
}

void page_put_gaps(struct page *page, const struct chart_sample *samples, size_t count)
{
	chart_distribution(page_chart(page), &page->arena, "Gaps between frames", "gap", samples,
		count, count == 1);
	chart_percentiles(
		page_chart(page), &page->arena, "Gaps by percentile", "gap", samples, count);
	for (size_t i = 0; i < count; i++) {
		const struct histogram *histogram = samples[i].histogram;

		page_put_figure(page, false,
			arena_printf(&page->arena, "gap %s, mean", samples[i].name),
			page_time(page, histogram_mean(histogram)),
			arena_printf(&page->arena, "min %s, p50 %s, p99 %s, p99.9 %s, max %s",
				page_time(page, (double)histogram->min),
				page_time(page, (double)histogram_quantile(histogram, 0.5)),
				page_time(page, (double)histogram_quantile(histogram, 0.99)),
				page_time(page, (double)histogram_quantile(histogram, 0.999)),
				page_time(page, (double)histogram->max)));
	}
}

void page_put_sent(
	struct page *page, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	put_figures(page, transmit, outcome);
	put_refused(page, &outcome->report.stats);
}

void page_put_rates(struct page *page, const struct transmit_outcome *outcome)
{
	/* A run that was over at once has no course. */
	if (outcome->frames.count < 2)
		return;
	put_rate(page, "Frames sent over time", "frames/s", 1, &outcome->frames);
	put_rate(page, "Bits sent over time", "bit/s", 8, &outcome->octets);
}
