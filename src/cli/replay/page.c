/* What became of a capture that was sent again, as a page. */
#include "cli/replay/replay.h"

#include "cli/numbers.h"
#include "cli/page.h"

#include <string.h>

/* Of a longer run the first so many gaps: they are counted one by one. */
#define GAPS_MAX 20000000U

/* The gaps that the frames were to have; false where their times were not known before. */
static bool asked_gaps(const struct replay_options *options, const struct transmit *transmit,
	uint64_t frames, struct histogram *ret)
{
	struct pace pace;
	uint64_t before;

	if (options->stream)
		return false;
	pace_init(&pace, &transmit->config.pace, transmit->program, false);
	before = pace_due(&pace);
	for (uint64_t i = 1; i < frames && i < GAPS_MAX; i++) {
		uint64_t due;

		pace_advance(&pace);
		due = pace_due(&pace);
		histogram_add(ret, due - before, 1);
		before = due;
	}
	return ret->count > 0;
}

static void put_verdict(struct page *page, const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	struct buffer text = { 0 };
	bool good = !outcome->failure && !transmit_judge(outcome);

	page->report.verdict = good ? REPORT_GOOD : REPORT_BAD;
	numbers_put(&text, report->stats.sent);
	if (report->asked && !good) {
		buffer_printf(&text, " of ");
		numbers_put(&text, report->asked);
	}
	buffer_printf(&text, " frame%s left", report->stats.sent == 1 && good ? "" : "s");
	if (outcome->failure)
		buffer_printf(&text, ": %s", outcome->failure->text);
	else if (report->stopped)
		buffer_printf(&text, "; stopped by a signal");
	else if (transmit_uncounted(outcome))
		buffer_printf(&text, ", and the interface has counted fewer");
	else
		buffer_printf(&text, ".");
	page->report.verdict_text = page_keep(page, &text);
}

static void put_title(
	struct page *page, const struct replay_options *options, const struct replay_counts *counts)
{
	const char *slash = strrchr(options->file, '/');
	struct buffer text = { 0 };

	page->report.title = !strcmp(options->file, "-") ? "standard input"
			     : slash			 ? slash + 1
							 : options->file;
	numbers_put_count(&text, counts->frames, "frame");
	buffer_printf(
		&text, ", %.6g s from the first to the last", numbers_seconds(counts->span_ns));
	if (options->rated)
		buffer_printf(&text, "; sent at a rate of its own");
	else if (options->config.speed != 1)
		buffer_printf(&text, "; sent at %g times its speed", options->config.speed);
	page->report.about = page_keep(page, &text);
}

void replay_page(struct page *page, const struct replay_options *options,
	const struct replay_counts *counts, const struct transmit *transmit,
	const struct transmit_outcome *outcome)
{
	struct histogram *asked = arena_alloc(&page->arena, sizeof(*asked));
	const struct chart_sample gaps[] = { { "achieved", &outcome->gaps }, { "asked", asked } };

	put_title(page, options, counts);
	put_verdict(page, outcome);
	page_put_sent(page, transmit, outcome);
	if (outcome->gaps.count)
		page_put_gaps(page, gaps,
			asked_gaps(options, transmit, outcome->report.stats.queued, asked) ? 2 : 1);
	page_put_rates(page, outcome);
	if (counts->rewritten)
		page_put_figure(page, false, "frames changed", page_count(page, counts->rewritten),
			"by --set, --map or --fix-checksums");
	if (counts->cut)
		page_put_figure(page, false, "cut by a snap length", page_count(page, counts->cut),
			options->config.cut == REPLAY_CUT_SEND ? "sent as they are" : "left out");
	/* One that streams has its last frames there, or none. */
	if (!options->stream)
		page_put_frames(page, transmit->program);
}
