/* The benchmarks of RFC 2544 as a page: curves by frame size, and their table. */
#include "cli/measure/page.h"

#include "cli/page.h"

#include <math.h>
#include <string.h>

#define COLUMNS_MAX 8U

static const char *percent(struct page *page, double share, int decimals)
{
	return arena_printf(&page->arena, "%.*f %%", decimals, 100 * share);
}

static struct chart_axis sizes_of(struct page *page, const struct rfc2544 *b)
{
	const char **names = arena_alloc(&page->arena, b->done * sizeof(*names));

	for (unsigned int i = 0; i < b->done; i++)
		names[i] = arena_printf(&page->arena, "%u", b->rows[i].size);
	return (struct chart_axis){ .title = "frame size in octets, with FCS",
		.unit = CHART_NAMES,
		.names = names,
		.name_count = b->done };
}

/* A table of so many rows, whose cells are to be filled. */
static const char **begin_table(
	struct page *page, const char *title, const char *const *heads, size_t columns, size_t rows)
{
	const char **cells = arena_alloc(&page->arena, rows * columns * sizeof(*cells));

	*page_table(page) = (struct report_table){
		.title = title,
		.heads = heads,
		.columns = columns,
		.cells = cells,
		.rows = rows,
		.numbers = 0xff,
	};
	return cells;
}

/* ---- throughput, latency ---- */

static void put_rates(struct page *page, const struct rfc2544 *b)
{
	const struct chart_axis x = sizes_of(page, b);
	const struct chart_axis frames = { .title = "frames/s", .noun = "frames/s" };
	const struct chart_axis bits = { .title = "bit/s on the medium", .noun = "bit/s" };
	const char *limit = b->options->max_rate.unit == TEXT_RATE_MAX
				    ? "as fast as the sender goes"
				    : "the medium's maximum";
	double *found = arena_alloc(&page->arena, 4 * b->done * sizeof(*found));
	double *most = found + b->done, *found_bits = most + b->done,
	       *most_bits = found_bits + b->done;

	for (unsigned int i = 0; i < b->done; i++) {
		double frame = rfc2544_frames(1, b->rows[i].size);

		found[i] = b->rows[i].found;
		most[i] = b->rows[i].max;
		found_bits[i] = found[i] / frame;
		most_bits[i] = most[i] / frame;
	}
	chart_by_name(page_chart(page), &page->arena, "Throughput in frames", &x, &frames,
		"without loss", found, limit, most);
	chart_by_name(page_chart(page), &page->arena, "Throughput in bits", &x, &bits,
		"without loss", found_bits, limit, most_bits);
}

static void put_latencies(struct page *page, const struct rfc2544 *b)
{
	const struct chart_axis x = sizes_of(page, b);
	struct chart_axis y = { .title = "latency", .unit = CHART_NS };
	struct chart_span *spans = arena_alloc(&page->arena, b->done * sizeof(*spans));

	for (unsigned int i = 0; i < b->done; i++) {
		const struct measure_row *latency = &b->rows[i].best.latency;

		spans[i] = (struct chart_span){ .mean = NAN };
		if (!latency->count)
			continue;
		spans[i] = (struct chart_span){ (double)latency->at[0], latency->mean,
			(double)latency->at[HISTOGRAM_SHARES - 1] };
		y.log |= spans[i].max > 20 * spans[i].mean;
	}
	chart_spans(page_chart(page), &page->arena, "Latency at the throughput: least, mean, most",
		&x, &y, spans);
	page->charts[page->report.chart_count - 1].wide = true;
}

static void put_throughput_table(struct page *page, const struct rfc2544 *b)
{
	static const char *const heads[] = { "size", "throughput", "on the medium",
		"of the maximum", "trials", "mean latency", "p50", "p99" };
	const char **cells = begin_table(page, "By frame size", heads, COLUMNS_MAX, b->done);

	for (unsigned int i = 0; i < b->done; i++, cells += COLUMNS_MAX) {
		const struct rfc2544_row *row = &b->rows[i];
		const struct measure_row *latency = &row->best.latency;

		cells[0] = page_count(page, row->size);
		cells[1] = page_scaled(page, row->found, "frames/s");
		cells[2] = page_scaled(page, row->found / rfc2544_frames(1, row->size), "bit/s");
		cells[3] = percent(page, row->max > 0 ? row->found / row->max : 0, 2);
		cells[4] = page_count(page, row->trials);
		if (!latency->count || row->found <= 0)
			continue;
		cells[5] = page_time(page, latency->mean);
		cells[6] = page_time(page, (double)latency->at[1]);
		cells[7] = page_time(page, (double)latency->at[3]);
	}
}

static void put_throughput(struct page *page, const struct rfc2544 *b)
{
	put_rates(page, b);
	put_latencies(page, b);
	put_throughput_table(page, b);
}

/* ---- loss ---- */

static double share_of(const struct rfc2544_trial *trial)
{
	return trial->sent ? (double)trial->lost / (double)trial->sent : 0;
}

static size_t put_loss_rows(
	struct page *page, const struct rfc2544_row *row, const char **cells, size_t columns)
{
	for (unsigned int j = 0; j < row->trials; j++, cells += columns) {
		const struct rfc2544_trial *trial = &row->steps[j];

		cells[0] = page_count(page, row->size);
		cells[1] = percent(page, trial->tenths / 10.0, 0);
		cells[2] = page_scaled(page, trial->offered, "frames/s");
		cells[3] = page_count(page, trial->sent);
		cells[4] = page_count(page, trial->lost);
		cells[5] = percent(page, share_of(trial), 4);
	}
	return row->trials;
}

static void put_loss(struct page *page, const struct rfc2544 *b)
{
	static const char *const heads[] = { "size", "of the maximum", "offered", "sent", "lost",
		"loss" };
	struct chart_losses *losses = arena_alloc(&page->arena, b->done * sizeof(*losses));
	size_t columns = sizeof(heads) / sizeof(heads[0]), rows = 0;
	const char **cells;

	for (unsigned int i = 0; i < b->done; i++) {
		const struct rfc2544_row *row = &b->rows[i];
		struct chart_loss *points =
			arena_alloc(&page->arena, row->trials * sizeof(*points));

		/* The trials go down, the axis up. */
		for (unsigned int j = 0; j < row->trials; j++)
			points[row->trials - 1 - j] =
				(struct chart_loss){ row->steps[j].tenths / 10.0,
					share_of(&row->steps[j]) };
		losses[i] =
			(struct chart_losses){ arena_printf(&page->arena, "%u octets", row->size),
				points, row->trials };
		rows += row->trials;
	}
	chart_loss_by_rate(page_chart(page), &page->arena, "Loss by rate", losses, b->done);
	page->charts[page->report.chart_count - 1].wide = true;
	cells = begin_table(page, "Trials", heads, columns, rows);
	for (unsigned int i = 0; i < b->done; i++)
		cells += columns * put_loss_rows(page, &b->rows[i], cells, columns);
}

/* ---- bursts ---- */

static void put_bursts(struct page *page, const struct rfc2544 *b)
{
	static const char *const heads[] = { "size", "frames", "time", "rate", "trials" };
	size_t columns = sizeof(heads) / sizeof(heads[0]);
	const struct chart_axis x = sizes_of(page, b);
	const struct chart_axis y = { .title = "frames", .noun = "frames" };
	const char **cells = begin_table(page, "By frame size", heads, columns, b->done);
	double *found = arena_alloc(&page->arena, b->done * sizeof(*found));

	for (unsigned int i = 0; i < b->done; i++, cells += columns) {
		const struct rfc2544_row *row = &b->rows[i];

		found[i] = row->found;
		cells[0] = page_count(page, row->size);
		cells[1] = page_count(page, (uint64_t)row->found);
		cells[2] = page_time(page, (double)row->best.seconds_ns);
		cells[3] = page_scaled(page, row->best.offered, "frames/s");
		cells[4] = page_count(page, row->trials);
	}
	chart_by_name(page_chart(page), &page->arena, "Back-to-back frames without loss", &x, &y,
		"frames", found, NULL, NULL);
	page->charts[page->report.chart_count - 1].wide = true;
}

/* ---- the page ---- */

static void put_verdict(struct page *page, const struct rfc2544 *b)
{
	bool found = b->done > 0;

	for (unsigned int i = 0; i < b->done; i++)
		found &= !strcmp(b->options->benchmark, "loss") || b->rows[i].found > 0;
	page->report.verdict = found && !b->receiver_dropped ? REPORT_NONE : REPORT_BAD;
	if (b->receiver_dropped)
		page->report.verdict_text =
			"In some trials the receiver itself dropped frames: what they found is its "
			"own limit, and not that of what is measured.";
	else if (!found)
		page->report.verdict_text = "For some sizes no trial came through whole.";
}

int rfc2544_page(const struct rfc2544 *b, struct err *err)
{
	const struct measure_options *options = b->options;
	struct page *page = options->page;

	if (!page->open)
		return 0;
	page->report.title = arena_printf(&page->arena, "RFC 2544: %s", options->benchmark);
	page->report.about = arena_printf(
		&page->arena, "trials of %s", page_time(page, (double)options->trial_ns));
	page_put_interface(page, "sent on", &b->run.interface);
	measure_page_received(
		page, options->rx, b->run.engine ? b->run.engine->name : "?", b->run.engine_why);
	put_verdict(page, b);
	if (!strcmp(options->benchmark, "loss"))
		put_loss(page, b);
	else if (!strcmp(options->benchmark, "back-to-back"))
		put_bursts(page, b);
	else
		put_throughput(page, b);
	/* Those of the last size. */
	if (b->run.names)
		page_put_frames(page, &b->run.plan.program);
	return page_write(page, err);
}
