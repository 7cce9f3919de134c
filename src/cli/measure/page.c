/* What a measurement found, as a page. */
#include "cli/measure/page.h"

#include "cli/page.h"

#include <string.h>

/* Streams with a row of the table. */
#define ROWS_MAX 256U

static const char unshared[] = "The clocks of sender and receiver are not the same: times are "
			       "right but for a constant, which is unknown.";

/* ---- figures ---- */

static void put_share(struct page *page, bool main, const char *name, uint64_t part, uint64_t all)
{
	page_put_figure(page, main, name, page_count(page, part),
		part && all != MEASURE_UNKNOWN ? page_share(page, part, all) : NULL);
}

static void put_row(struct page *page, const char *name, const struct measure_row *row)
{
	if (!row->count)
		return;
	page_put_figure(page, false, arena_printf(&page->arena, "%s, mean", name),
		page_time(page, row->mean), NULL);
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++)
		page_put_figure(page, false,
			arena_printf(&page->arena, "%s, %s", name, histogram_shares[i].name),
			page_time(page, (double)row->at[i]), NULL);
}

static void put_counts(struct page *page, const struct measure_figures *figures)
{
	const struct measure_figure *all = &figures->all;
	const struct measure_stream *counts = &all->counts;

	page_put_figure(page, true, "received", page_count(page, counts->received), "frames");
	put_share(page, true, "lost", all->lost, all->sent);
	put_share(page, counts->duplicates > 0, "duplicated", counts->duplicates, counts->unique);
	put_share(page, counts->reordered > 0, "reordered", counts->reordered, counts->unique);
	if (figures->looks & MEASURE_CORRUPTION)
		put_share(page, counts->corrupted > 0, "corrupted", counts->corrupted,
			counts->received);
	else
		page_put_figure(page, false, "corrupted", "?", "not looked at by this engine");
	if (all->latency.count)
		page_put_figure(page, true, "latency p50",
			page_time(page, (double)all->latency.at[1]),
			arena_printf(&page->arena, "p99 %s",
				page_time(page, (double)all->latency.at[3])));
	if (counts->reordered && (figures->looks & MEASURE_EXTENTS))
		page_put_figure(page, false, "reordered by at most",
			page_count(page, counts->extent_max), "frames (RFC 4737)");
	if (figures->dropped)
		page_put_figure(page, true, "dropped by the receiver",
			page_count(page, figures->dropped),
			"they count as lost, if they were ours");
	if (figures->damaged)
		page_put_figure(page, false, "with a signature of none of ours",
			page_count(page, figures->damaged), NULL);
}

static void put_times(struct page *page, const struct measure_figures *figures)
{
	put_row(page, "latency", &figures->all.latency);
	if (figures->looks & MEASURE_JITTER)
		page_put_figure(page, false, "jitter",
			page_time(page, figures->all.counts.jitter_ns), "RFC 3550, 6.4.1");
	put_row(page, "gap between arrivals", &figures->all.gaps);
	if (figures->relative)
		page_put_figure(
			page, false, "clocks", "not the same", "latencies are above the smallest");
	if (figures->sample > 1)
		page_put_figure(page, false, "latency taken of",
			arena_printf(&page->arena, "1 in %u", figures->sample), "frames");
}

static void put_cells(struct page *page, const struct measure_figure *stream, unsigned int index,
	const char **cells)
{
	const struct measure_stream *counts = &stream->counts;
	const struct measure_row *latency = &stream->latency;

	cells[0] = page_count(page, index);
	cells[1] = stream->name;
	cells[2] = stream->sent == MEASURE_UNKNOWN ? "?" : page_count(page, stream->sent);
	cells[3] = page_count(page, counts->received);
	cells[4] = page_count(page, stream->lost);
	cells[5] = page_count(page, counts->duplicates);
	cells[6] = page_count(page, counts->reordered);
	cells[7] = page_count(page, counts->corrupted);
	cells[8] = latency->count ? page_time(page, (double)latency->at[1]) : "";
	cells[9] = latency->count ? page_time(page, (double)latency->at[3]) : "";
}

static void put_streams(struct page *page, const struct measure_figures *figures)
{
	static const char *const heads[] = { "stream", "frame", "sent", "received", "lost",
		"duplicated", "reordered", "corrupted", "p50", "p99" };
	size_t columns = sizeof(heads) / sizeof(heads[0]), rows = 0;
	const char **cells;

	if (figures->stream_count < 2)
		return;
	cells = arena_alloc(&page->arena, ROWS_MAX * columns * sizeof(*cells));
	for (unsigned int i = 0; i < figures->stream_count && rows < ROWS_MAX; i++) {
		const struct measure_figure *stream = &figures->streams[i];

		if (stream->counts.received || (stream->sent && stream->sent != MEASURE_UNKNOWN))
			put_cells(page, stream, i, cells + rows++ * columns);
	}
	*page_table(page) = (struct report_table){
		.title = "Streams",
		.note = figures->stream_count > ROWS_MAX ? "The first of them; --json has them all."
							 : NULL,
		.heads = heads,
		.columns = columns,
		.cells = cells,
		.rows = rows,
		.numbers = 0x3fd,
	};
}

/* ---- charts ---- */

/* How many streams have a curve of their own: each, or none. */
static unsigned int curves_of(const struct measure_figures *figures)
{
	unsigned int seen = measure_figures_seen(figures);

	if (seen < 2 || seen > MEASURE_CURVES_MAX)
		return 0;
	for (unsigned int i = 0; i < seen; i++)
		if (!figures->streams[i].detail)
			return 0;
	return seen;
}

static void put_latency(struct page *page, const struct measure_figures *figures)
{
	const struct histogram *latency = &figures->all.detail->latency;
	const struct chart_sample all = { "all", latency };
	unsigned int curves = curves_of(figures), count = curves ? curves : 1;
	struct chart_sample *samples = arena_alloc(&page->arena, count * sizeof(*samples));
	struct chart *chart;

	if (!latency->count)
		return;
	samples[0] = all;
	for (unsigned int i = 0; i < curves; i++) {
		const struct measure_figure *stream = &figures->streams[i];

		samples[i] = (struct chart_sample){
			stream->name ? arena_printf(&page->arena, "%u: %s", i, stream->name)
				     : arena_printf(&page->arena, "stream %u", i),
			&stream->detail->latency
		};
	}
	chart = page_chart(page);
	chart_distribution(chart, &page->arena, "Latency", "latency", &all, 1, true);
	chart->note = figures->relative ? unshared : NULL;
	chart_percentiles(
		page_chart(page), &page->arena, "Latency by percentile", "latency", samples, count);
}

/* Of frames that came, that left, or both. */
static void put_gaps(
	struct page *page, const struct histogram *at_arrival, const struct histogram *when_sent)
{
	struct chart_sample samples[2];
	size_t count = 0;

	if (at_arrival && at_arrival->count)
		samples[count++] = (struct chart_sample){ "at arrival", at_arrival };
	if (when_sent->count)
		samples[count++] = (struct chart_sample){ "when sent", when_sent };
	if (count)
		page_put_gaps(page, samples, count);
}

static void put_findings(struct page *page, const struct measure_findings *findings)
{
	const struct measure_figures *figures = findings->figures;
	const struct measure_detail *detail = figures->all.detail;

	put_counts(page, figures);
	put_times(page, figures);
	put_streams(page, figures);
	if (detail)
		put_latency(page, figures);
	put_gaps(page, detail ? &detail->gaps : NULL, findings->sent_gaps);
	measure_page_course(page, findings->course, figures);
}

/* ---- the page ---- */

static void put_verdict(struct page *page, const struct measure_run *run)
{
	const struct measure_figure *all = &run->figures.all;
	int verdict = run->received ? measure_judge(run->options, &run->figures)
				    : transmit_judge(&run->outcome);
	const struct err *failure = run->outcome.failure	    ? run->outcome.failure
				    : run->failure.kind != ERR_NONE ? &run->failure
								    : NULL;

	page->report.verdict = verdict || failure ? REPORT_BAD : REPORT_GOOD;
	if (failure)
		page->report.verdict_text =
			arena_strndup(&page->arena, failure->text, strlen(failure->text));
	else if (!run->received)
		page->report.verdict_text = verdict ? "Not all frames left." : "All frames left.";
	else if (verdict == EXIT_REFUSED)
		page->report.verdict_text =
			"The receiver itself dropped frames: what is missing cannot be told from "
			"loss.";
	else if (verdict)
		page->report.verdict_text = arena_printf(&page->arena,
			"Of %s frames %s were lost, %s came twice, %s out of order, %s changed.",
			page_count(page,
				all->sent == MEASURE_UNKNOWN ? all->counts.received : all->sent),
			page_count(page, all->lost), page_count(page, all->counts.duplicates),
			page_count(page, all->counts.reordered),
			page_count(page, all->counts.corrupted));
	else
		page->report.verdict_text =
			all->lost ? "Frames were lost, but no more than allowed."
				  : "All frames came once, in order and unchanged.";
}

void measure_page_received(
	struct page *page, const char *interface, const char *engine, const char *why)
{
	page_put_environment(page, "received on",
		arena_printf(&page->arena, "%s, engine %s%s%s", interface, engine, why ? ", " : "",
			why ? why : ""));
}

static void put_names(struct page *page, const struct measure_run *run)
{
	const struct measure_options *options = run->options;
	const char *name = run->names && run->plan.program.count ? run->names[0] : NULL;
	unsigned int more = run->names ? run->plan.program.count - 1 : 0;

	page->report.title =
		more   ? arena_printf(&page->arena, "%s and %u more", name ? name : "frame", more)
		: name ? name
		       : "frames received";
	if (options->mode != MEASURE_RECEIVE)
		page_put_interface(page, "sent on", &run->interface);
	if (options->tx_netns)
		page_put_environment(page, "in namespace", options->tx_netns);
	if (options->mode == MEASURE_SEND)
		return;
	measure_page_received(page, options->rx, run->engine->name, run->engine_why);
	if (options->rx_netns)
		page_put_environment(page, "in namespace", options->rx_netns);
}

int measure_page(const struct measure_run *run, struct err *err)
{
	struct page *page = run->options->page;
	struct measure_course course;
	const struct measure_findings findings = { &run->figures, &course, &run->outcome.gaps };

	if (!page->open)
		return 0;
	put_names(page, run);
	put_verdict(page, run);
	if (run->options->mode != MEASURE_RECEIVE)
		page_put_sent(page, &run->transmit, &run->outcome);
	if (run->received) {
		measure_course_make(&page->arena, run, &course);
		put_findings(page, &findings);
	} else {
		put_gaps(page, NULL, &run->outcome.gaps);
		page_put_rates(page, &run->outcome);
	}
	if (run->names)
		page_put_frames(page, &run->plan.program);
	return page_write(page, err);
}

static void put_receiver(struct page *page, const struct json *received)
{
	const struct json *receiver = json_get(received, "receiver");
	const char *interface = json_to_text(json_get(receiver, "interface"), NULL);
	const char *engine = json_to_text(json_get(receiver, "engine"), "?");
	const char *why = json_to_text(json_get(receiver, "engine_why"), NULL);

	if (interface)
		measure_page_received(page, interface, engine, why);
}

int measure_page_merged(struct page *page, const struct measure_options *options,
	const struct measure_findings *findings, const struct json *received, struct err *err)
{
	const struct measure_figures *figures = findings->figures;
	int verdict = measure_judge(options, figures);

	if (!page->open)
		return 0;
	page->report.title = "two reports, put together";
	page->report.verdict = verdict ? REPORT_BAD : REPORT_GOOD;
	page->report.verdict_text = verdict ? "Not all frames came once, in order and unchanged."
					    : "All frames came once, in order and unchanged.";
	put_receiver(page, received);
	if (figures->all.sent != MEASURE_UNKNOWN)
		page_put_figure(page, true, "sent", page_count(page, figures->all.sent), "frames");
	put_findings(page, findings);
	return page_write(page, err);
}
