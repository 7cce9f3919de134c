/* Tells what came of a measurement. */
#include "cli/measure/course.h"

#include "cli/live.h"
#include "cli/numbers.h"
#include "cli/page.h"
#include "render/bars.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Streams that a table shows; the rest is for --json. */
#define STREAMS_SHOWN 32U

int measure_judge(const struct measure_options *options, const struct measure_figures *figures)
{
	if (measure_is_clean(figures, options->allowed_loss))
		return EXIT_DONE;
	/* What it dropped may be what is missing. */
	return figures->dropped && figures->all.lost ? EXIT_REFUSED : EXIT_ANSWER_NO;
}

/* ---- for people ---- */

static void put_share(struct buffer *out, uint64_t part, uint64_t all)
{
	if (part && all && all != MEASURE_UNKNOWN)
		buffer_printf(out, " (%.4g %%)", 100 * (double)part / (double)all);
}

static void put_row(struct buffer *out, const char *word, const struct measure_row *row)
{
	if (!row->count)
		return;
	buffer_printf(out, "%-10s mean ", word);
	numbers_put_time(out, row->mean);
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++) {
		buffer_printf(out, ", %s ", histogram_shares[i].name);
		numbers_put_time(out, (double)row->at[i]);
	}
	buffer_printf(out, "\n");
}

/* RFC 5481 4.2: above the smallest. */
static void put_variation(struct buffer *out, const struct measure_figures *figures)
{
	const struct measure_row *row = &figures->all.latency;

	if (!row->count)
		return;
	buffer_printf(out, "variation ");
	for (unsigned int i = 1; i < HISTOGRAM_SHARES; i++) {
		buffer_printf(out, "%s %s ", i > 1 ? "," : "", histogram_shares[i].name);
		numbers_put_time(out, (double)(row->at[i] - row->at[0]));
	}
	buffer_printf(out, " above the smallest");
	if (figures->looks & MEASURE_JITTER) {
		buffer_printf(out, "; jitter ");
		numbers_put_time(out, figures->all.counts.jitter_ns);
		buffer_printf(out, " (RFC 3550)");
	}
	buffer_printf(out, "\n");
}

static void put_line(
	struct buffer *out, const struct render_style *style, const char *word, uint64_t count)
{
	buffer_printf(out, "%-10s %s", word, count ? style->bad : "");
	numbers_put(out, count);
	buffer_printf(out, "%s", count ? style->reset : "");
}

static void put_reordered(
	struct buffer *out, const struct render_style *style, const struct measure_figures *figures)
{
	const struct measure_stream *counts = &figures->all.counts;

	put_line(out, style, "reordered", counts->reordered);
	put_share(out, counts->reordered, counts->unique);
	if (counts->reordered && (figures->looks & MEASURE_EXTENTS))
		buffer_printf(
			out, ", by %llu frames at most", (unsigned long long)counts->extent_max);
	if (counts->reordered && (figures->looks & MEASURE_LATE))
		buffer_printf(out, "; %llu behind three later ones or more",
			(unsigned long long)counts->late_by_three);
	buffer_printf(out, "\n");
}

static void put_counts(
	struct buffer *out, const struct render_style *style, const struct measure_figures *figures)
{
	const struct measure_figure *all = &figures->all;

	put_line(out, style, "lost", all->lost);
	put_share(out, all->lost, all->sent);
	buffer_printf(
		out, "%s\n", all->sent == MEASURE_UNKNOWN ? ", as far as the sequences tell" : "");
	put_line(out, style, "duplicated", all->counts.duplicates);
	put_share(out, all->counts.duplicates, all->counts.unique);
	buffer_printf(out, "\n");
	put_reordered(out, style, figures);
	if (figures->looks & MEASURE_CORRUPTION) {
		put_line(out, style, "corrupted", all->counts.corrupted);
		put_share(out, all->counts.corrupted, all->counts.received);
		if (all->counts.rewritten) {
			buffer_printf(out, "; ");
			numbers_put(out, all->counts.rewritten);
			buffer_printf(out, " with another link header or TTL, as routers do");
		}
		buffer_printf(out, "\n");
	} else {
		buffer_printf(out, "corrupted  not looked at by this engine\n");
	}
}

static void put_note(struct buffer *out, uint64_t count, const char *noun, const char *what)
{
	if (!count)
		return;
	buffer_printf(out, "note       ");
	numbers_put_count(out, count, noun);
	buffer_printf(out, " %s\n", what);
}

/* What frames were held against. */
static void put_templates(struct buffer *out, const struct measure_figures *figures)
{
	const struct measure_stream *counts = &figures->all.counts;

	if (figures->difference && *figures->difference)
		buffer_printf(out, "note       the first that was corrupted: %s%s\n",
			figures->difference,
			counts->corrupted == counts->received
				? "; all were: is the sender's template another one?"
				: "");
	if (figures->unknown && *figures->unknown)
		buffer_printf(out,
			"note       %s: taken as they came, as they are the sender's interface's; "
			"give them to hold frames against them\n",
			figures->unknown);
}

static void put_notes(struct buffer *out, const struct measure_figures *figures)
{
	put_note(out, figures->all.counts.batched, "frame",
		"left in one batch with the one before, and say its time: their latency counts the "
		"wait in the batch");
	put_note(out, figures->damaged, "frame", "came with a signature that none of ours has");
	put_note(out, figures->all.counts.unchecked, "frame",
		"had no checksum that tells whether they changed");
	put_note(out, figures->all.counts.stale, "frame", "came too late to be told from copies");
	put_note(out, figures->dropped, "frame",
		"dropped by the receiver itself: they count as lost, if they were ours");
	put_templates(out, figures);
	if (figures->relative)
		buffer_printf(out, "note       the clocks are not the same: latencies are above "
				   "the smallest\n");
	if (figures->sample > 1)
		buffer_printf(
			out, "note       the latency is of one frame in %u\n", figures->sample);
}

static void put_streams(struct buffer *out, const struct measure_figures *figures)
{
	unsigned int shown = 0;

	if (figures->stream_count < 2)
		return;
	buffer_printf(out, "\n%6s %12s %12s %8s %8s %8s %8s  %-10s %-10s %s\n", "stream", "sent",
		"received", "lost", "copies", "late", "corrupt", "p50", "p99", "name");
	for (unsigned int i = 0; i < figures->stream_count && shown < STREAMS_SHOWN; i++) {
		const struct measure_figure *stream = &figures->streams[i];
		const struct measure_stream *c = &stream->counts;
		struct buffer p50 = { 0 }, p99 = { 0 };

		if (!c->received && (!stream->sent || stream->sent == MEASURE_UNKNOWN))
			continue;
		shown++;
		if (stream->latency.count) {
			numbers_put_time(&p50, (double)stream->latency.at[1]);
			numbers_put_time(&p99, (double)stream->latency.at[3]);
		}
		buffer_printf(out, "%6u ", i);
		if (stream->sent == MEASURE_UNKNOWN)
			buffer_printf(out, "%12s", "?");
		else
			buffer_printf(out, "%12llu", (unsigned long long)stream->sent);
		buffer_printf(out, " %12llu %8llu %8llu %8llu %8llu  %-10s %-10s %s\n",
			(unsigned long long)c->received, (unsigned long long)stream->lost,
			(unsigned long long)c->duplicates, (unsigned long long)c->reordered,
			(unsigned long long)c->corrupted, buffer_text(&p50), buffer_text(&p99),
			stream->name ? stream->name : "");
		buffer_fini(&p50);
		buffer_fini(&p99);
	}
}

/* How it is distributed, as bars. */
static void put_latency(struct buffer *out, const struct measure_figures *figures)
{
	const struct measure_detail *detail = figures->all.detail;

	if (!detail || detail->latency.count < 2)
		return;
	buffer_printf(
		out, "\n    latency%*s\n", (int)cli_columns(STDOUT_FILENO) - 11, "frames   up to");
	render_histogram(&detail->latency, cli_columns(STDOUT_FILENO), cli_utf8(), out);
}

void measure_put_figures(struct buffer *out, const struct measure_options *options,
	const struct measure_figures *figures)
{
	const struct render_style *style = cli_style(&options->send.common);
	const struct measure_figure *all = &figures->all;
	uint64_t ns = all->counts.last_ns - all->counts.first_ns;

	buffer_printf(out, "received   ");
	numbers_put_count(out, all->counts.received, "frame");
	if (all->counts.received > 1 && ns) {
		buffer_printf(out, ", ");
		numbers_put_scaled(
			out, numbers_per_second(all->counts.received - 1, ns), "frames/s");
	}
	if (figures->engine)
		buffer_printf(out, " (%s%s%s)", figures->engine, figures->engine_why ? ", " : "",
			figures->engine_why ? figures->engine_why : "");
	buffer_printf(out, "\n");
	put_counts(out, style, figures);
	put_row(out, "latency", &all->latency);
	put_variation(out, figures);
	put_row(out, "arrivals", &all->gaps);
	put_notes(out, figures);
	put_streams(out, figures);
	put_latency(out, figures);
}

static void put_human(struct buffer *out, const struct measure_run *run)
{
	if (run->options->mode != MEASURE_RECEIVE)
		transmit_put_report(out, &run->transmit, &run->outcome);
	if (run->received)
		measure_put_figures(out, run->options, &run->figures);
	if (run->received && run->figures.all.counts.reordered &&
		run->options->send.transmit.threads > 1)
		buffer_printf(out,
			"note       frames of %u threads overtake each other before they leave: "
			"what is reordered may be so from the start\n",
			run->options->send.transmit.threads);
	if (run->received && run->result.way && !strcmp(run->result.way, "generic"))
		buffer_printf(out,
			"note       the driver of %s runs no XDP program: received in "
			"the generic way, which is slower\n",
			run->options->rx);
}

/* ---- for programs ---- */

static struct json *sender_json(const struct measure_run *run)
{
	struct json *json = json_object();

	transmit_set_report(json, &run->transmit, &run->outcome);
	if (run->outcome.gaps.count)
		json_set(json, "gap_cells", measure_cells_json(&run->outcome.gaps));
	json_set(json, "boot_id", json_text(measure_boot_id(&run->options->send.common.arena)));
	return json;
}

static struct json *receiver_json(const struct measure_run *run)
{
	const struct measure_options *options = run->options;
	struct json *json = json_object();

	json_set(json, "interface", json_text(options->rx));
	json_set(json, "engine", json_text(run->engine->name));
	json_set(json, "engine_why", run->engine_why ? json_text(run->engine_why) : json_null());
	if (run->result.way)
		json_set(json, "way", json_text(run->result.way));
	if (run->figures.unknown && *run->figures.unknown)
		json_set(json, "taken_as_they_came", json_text(run->figures.unknown));
	if (run->figures.difference && *run->figures.difference)
		json_set(json, "first_corrupted", json_text(run->figures.difference));
	json_set(json, "boot_id", json_text(measure_boot_id(&run->options->send.common.arena)));
	return json;
}

/* What left, of a sender alone. */
static void set_sent(struct json *json, const struct measure_run *run)
{
	struct json *streams = json_array();

	json_set(json, "sent", json_number(run->outcome.report.stats.sent));
	for (unsigned int i = 0; i < run->plan.program.count; i++) {
		struct json *stream = json_object();

		json_set(stream, "stream", json_number(i));
		json_set(stream, "name", json_text(run->names[i] ? run->names[i] : ""));
		json_set(stream, "sent", json_number(run->sent[i]));
		json_add(streams, stream);
	}
	json_set(json, "streams", streams);
}

static struct json *report_json(const struct measure_run *run)
{
	static const char *const roles[] = { "both", "send", "receive" };
	struct measure_course course;
	struct json *json = json_object();

	json_set(json, "type", json_text("report"));
	json_set(json, "role", json_text(roles[run->options->mode]));
	if (run->received)
		measure_set_figures(json, &run->figures);
	else
		set_sent(json, run);
	json_set(json, "seconds", json_real(numbers_seconds(run->seconds_ns)));
	measure_course_make(&run->options->send.common.arena, run, &course);
	measure_course_set(json, &course, &run->figures);
	if (run->received)
		json_set(json, "receiver", receiver_json(run));
	if (run->options->mode != MEASURE_RECEIVE)
		json_set(json, "sender", sender_json(run));
	if (run->failure.kind != ERR_NONE)
		json_set(json, "error", json_text(run->failure.text));
	return json;
}

int measure_report_print(const struct measure_run *run)
{
	const struct common *common = &run->options->send.common;
	struct buffer out = { 0 };
	int status;

	if (common->json || common->jsonl)
		json_print(report_json(run), common->json, &out);
	else if (!common->quiet)
		put_human(&out, run);
	status = page_takes_stdout(run->options->page) ? EXIT_DONE : cli_print(&out);
	buffer_fini(&out);
	return status;
}
