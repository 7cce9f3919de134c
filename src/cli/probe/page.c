/* What came of probes, as a page. */
#include "cli/probe/page.h"

#include "cli/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows of the table of what was found; hops of a path. */
#define ROWS_MAX 1000U
#define HOPS_MAX 64U

#define COLUMNS 4U

/* Makes room for the probe of this number: as it was not answered, NAN. False where the page has
 * had enough: a dot a probe is for a sweep, not for days. */
static bool has_place(struct probe_page *p, uint64_t number)
{
	size_t room = p->room ? p->room : 1024;

	if (number >= PROBE_PAGE_MAX)
		return false;
	while (room <= number)
		room *= 2;
	if (room > p->room) {
		double *longer = realloc(p->rtt, room * sizeof(*longer));

		if (!longer)
			abort();
		p->rtt = longer;
		for (size_t i = p->room; i < room; i++)
			p->rtt[i] = NAN;
		p->room = room;
	}
	if (number >= p->count)
		p->count = (size_t)number + 1;
	return true;
}

static void put_row(struct probe_page *p, uint64_t number, const struct probe_target *target,
	const char *state, const char *what, const char *rtt)
{
	struct page *page = p->page;
	struct buffer whom = { 0 };
	const char **cells;

	if (!p->cells)
		p->cells = arena_alloc(&page->arena, ROWS_MAX * COLUMNS * sizeof(*p->cells));
	if (p->rows == ROWS_MAX)
		return;
	cells = p->cells + p->rows++ * COLUMNS;
	buffer_printf(&whom, "%s%s%s", buffer_text(&target->text), target->varies.length ? " " : "",
		buffer_text(&target->varies));
	cells[0] = page_count(page, number + 1);
	cells[1] = page_keep(page, &whom);
	cells[2] = state ? arena_printf(&page->arena, "%s: %s", state, what) : what;
	cells[3] = rtt;
}

/* Of a path the number is the hop. */
static void put_hop(struct probe_page *p, const struct probe_answer *answer, const char *what)
{
	struct page *page = p->page;
	struct buffer from = { 0 };

	if (p->shape != PROBE_TRACE || answer->number >= HOPS_MAX)
		return;
	if (!p->hops)
		p->hops = arena_alloc(&page->arena, HOPS_MAX * sizeof(*p->hops));
	answer_tell_value(&answer->verdict->from, &from);
	p->hops[answer->number] = (struct chart_hop){
		.from = page_keep(page, &from),
		.rtt_ns = answer->timed ? (double)answer->rtt_ns : -1,
		.what = what,
	};
}

void probe_page_answer(
	struct probe_page *p, const struct probe_target *target, const struct probe_answer *answer)
{
	struct buffer text = { 0 };
	const char *what;

	if (!p->page->open || answer->duplicate || answer->late || !has_place(p, answer->number))
		return;
	p->rtt[answer->number] = answer->timed ? (double)answer->rtt_ns : -1;
	if (p->rows == ROWS_MAX && p->shape != PROBE_TRACE)
		return;
	answer_tell(answer->verdict, &text);
	what = page_keep(p->page, &text);
	put_row(p, answer->number, target, probe_port_state(target, answer->verdict), what,
		answer->timed ? page_time(p->page, (double)answer->rtt_ns) : "");
	put_hop(p, answer, what);
}

void probe_page_lost(struct probe_page *p, const struct probe_target *target, uint64_t number)
{
	if (!p->page->open || !has_place(p, number))
		return;
	/* Of a large sweep what was found is what matters. */
	if (p->shape != PROBE_SWEEP || p->rows < ROWS_MAX / 2)
		put_row(p, number, target, probe_port_state(target, NULL), "no answer", "");
}

/* ---- the page ---- */

static void put_figures(struct page *page, const struct probe_report *report)
{
	const struct histogram *rtt = &report->rtt;

	page_put_figure(page, true, "probes", page_count(page, report->probes), "sent");
	page_put_figure(page, true, "answered", page_count(page, report->answers),
		report->errors ? arena_printf(&page->arena, "%s of them by an error",
					 page_count(page, report->errors))
			       : page_share(page, report->answers, report->probes));
	page_put_figure(page, true, "lost", page_count(page, report->lost),
		page_share(page, report->lost, report->probes));
	if (rtt->count)
		page_put_figure(page, true, "round trip p50",
			page_time(page, (double)histogram_quantile(rtt, 0.5)),
			arena_printf(&page->arena, "p99 %s",
				page_time(page, (double)histogram_quantile(rtt, 0.99))));
	page_put_figure(page, false, "took", page_time(page, (double)report->elapsed_ns),
		report->stopped ? "stopped by a signal" : NULL);
	if (rtt->count) {
		page_put_figure(
			page, false, "round trip, least", page_time(page, (double)rtt->min), NULL);
		page_put_figure(page, false, "round trip, mean",
			page_time(page, histogram_mean(rtt)), NULL);
		page_put_figure(
			page, false, "round trip, most", page_time(page, (double)rtt->max), NULL);
	}
	if (report->parts)
		page_put_figure(page, false, "fragments", page_count(page, report->parts),
			"frames beside, the rest of the probes' datagrams");
	if (report->again)
		page_put_figure(page, false, "sent again", page_count(page, report->again),
			"frames, for want of an answer");
	if (report->waiting)
		page_put_figure(page, false, "not waited for to the end",
			page_count(page, report->waiting), NULL);
	if (report->duplicates)
		page_put_figure(page, false, "duplicates", page_count(page, report->duplicates),
			"answers that came again");
	if (report->late)
		page_put_figure(page, false, "too late", page_count(page, report->late), "answers");
	if (report->untimed)
		page_put_figure(page, false, "untimed", page_count(page, report->untimed),
			"answers: nobody knows to which of several sendings");
	if (report->near)
		page_put_figure(page, false, "near misses", page_count(page, report->near),
			"frames that nearly were answers");
}

static void put_verdict(struct page *page, const struct probe_outcome *outcome, bool stands)
{
	const struct probe_report *report = &outcome->report;

	page->report.verdict = stands && !outcome->failure ? REPORT_GOOD : REPORT_BAD;
	if (outcome->failure)
		page->report.verdict_text = arena_strndup(
			&page->arena, outcome->failure->text, strlen(outcome->failure->text));
	else
		page->report.verdict_text =
			arena_printf(&page->arena, "%s of %s probes answered%s.",
				page_count(page, report->answers), page_count(page, report->probes),
				report->reached ? "; the end reached" : "");
}

static void put_charts(struct probe_page *p, const struct probe_report *report)
{
	struct page *page = p->page;
	const struct chart_sample sample = { "round trip", &report->rtt };

	if (p->count > 1) {
		chart_replies(
			page_chart(page), &page->arena, "Round trips by probe", p->rtt, p->count);
		page->charts[page->report.chart_count - 1].note =
			report->probes > p->count ? "The first of them." : NULL;
	}
	if (report->rtt.count < 2)
		return;
	chart_distribution(
		page_chart(page), &page->arena, "Round trips", "round trip", &sample, 1, true);
	page->charts[page->report.chart_count - 1].y =
		(struct chart_axis){ .title = "answers", .noun = "answers" };
	chart_percentiles(page_chart(page), &page->arena, "Round trips by percentile", "round trip",
		&sample, 1);
	page->charts[page->report.chart_count - 1].x.title = "share of answers";
}

static void put_path(struct probe_page *p, const struct probe_plan *plan)
{
	size_t count = p->count;

	if (!p->hops)
		return;
	if (count > HOPS_MAX)
		count = HOPS_MAX;
	for (size_t i = 0; i < count; i++)
		p->hops[i].hop = probe_hop(plan, i);
	p->page->report.hops = p->hops;
	p->page->report.hop_count = count;
}

static void put_table(struct probe_page *p, const struct probe_report *report)
{
	static const char *const heads[COLUMNS] = { "probe", "asked", "answer", "round trip" };

	if (!p->rows)
		return;
	*page_table(p->page) = (struct report_table){
		.title = "Probes",
		.note = report->probes > p->rows ? "Not all of them: --jsonl has them all." : NULL,
		.heads = heads,
		.columns = COLUMNS,
		.cells = p->cells,
		.rows = p->rows,
		.numbers = 1U << 0 | 1U << 3,
	};
}

int probe_page_write(struct probe_page *p, const struct probe_plan *plan,
	const struct interface *interface, const struct probe_outcome *outcome, bool stands,
	struct err *err)
{
	struct page *page = p->page;
	const struct patch_program *program = &plan->frames.program;

	if (!page->open)
		return 0;
	page->report.title = program->frames[0].name ? program->frames[0].name : "probe";
	page_put_interface(page, "sent on", interface);
	put_verdict(page, outcome, stands);
	put_figures(page, &outcome->report);
	if (plan->shape == PROBE_TRACE)
		put_path(p, plan);
	else
		put_charts(p, &outcome->report);
	put_table(p, &outcome->report);
	page_put_frames(page, program);
	return page_write(page, err);
}

void probe_page_fini(struct probe_page *p)
{
	free(p->rtt);
}
