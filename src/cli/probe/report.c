/* Tells what came of all probes. */
#include "cli/probe/probe.h"

#include "cli/live.h"
#include "cli/numbers.h"
#include "render/bars.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Fewer round trips are seen in the table as they are. */
#define DISTRIBUTED 20U

static const char *const stamp_words[] = {
	[STAMP_PROGRAM] = "sent: this program, before the system call; received: the kernel",
	[STAMP_QUEUE] = "sent: the kernel, before its queue; received: the kernel",
	[STAMP_KERNEL] = "sent: the kernel's driver; received: the kernel",
	[STAMP_HARDWARE] = "sent and received: the device",
};

static double percent(uint64_t part, uint64_t whole)
{
	return whole ? (double)part * 100 / (double)whole : 0;
}

/* Waiting still, when the run was ended. */
static uint64_t unanswered(const struct probe_report *report)
{
	return report->probes - report->answers;
}

/* ---- for people ---- */

static void put_number(struct buffer *out, uint64_t number, const char *what)
{
	buffer_printf(out, ", ");
	numbers_put(out, number);
	buffer_printf(out, " %s", what);
}

static void put_probes(struct buffer *out, const struct probe_report *report)
{
	buffer_printf(out, "probes     ");
	numbers_put(out, report->probes);
	buffer_printf(out, " sent");
	put_number(out, report->answers, "answered");
	if (report->errors)
		put_number(out, report->errors, "of them by an error");
	put_number(out, report->lost, "lost");
	if (report->lost)
		buffer_printf(out, " (%.1f %%)", percent(report->lost, report->probes));
	if (report->waiting)
		put_number(out, report->waiting, "not waited for to the end");
	if (report->refused)
		put_number(out, report->refused, "refused by the interface");
	buffer_printf(out, ", ");
	numbers_put_elapsed(out, report->elapsed_ns);
	if (report->probes >= 1000) {
		buffer_printf(out, ": ");
		numbers_put_scaled(
			out, numbers_per_second(report->probes, report->elapsed_ns), "probes/s");
	}
	buffer_printf(out, "\n");
	if (report->parts) {
		buffer_printf(out, "fragments  ");
		numbers_put_count(out, report->parts, "frame");
		buffer_printf(out, " beside, the rest of the probes' datagrams\n");
	}
	if (report->again) {
		buffer_printf(out, "again      ");
		numbers_put_count(out, report->again, "frame");
		buffer_printf(out, " sent again for want of an answer\n");
	}
}

static void put_times(struct buffer *out, const struct probe_report *report)
{
	if (report->rtt.count) {
		buffer_printf(out, "RTT        ");
		for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++) {
			const struct histogram_share *row = &histogram_shares[i];

			if (row->fine)
				continue;
			buffer_printf(out, "%s%s ", i ? ", " : "", row->name);
			probe_put_time(out, histogram_quantile(&report->rtt, row->share));
		}
		buffer_printf(out, "\n");
	}
	if (report->untimed) {
		buffer_printf(out, "untimed    ");
		numbers_put_count(out, report->untimed, "answer");
		buffer_printf(
			out, ": nobody knows to which of several sendings, or by which clock\n");
	}
}

static void put_extra(struct buffer *out, const struct probe_report *report)
{
	if (report->duplicates || report->late) {
		buffer_printf(out, "besides    ");
		numbers_put_count(out, report->duplicates, "duplicate");
		put_number(out, report->late, "too late");
		buffer_printf(out, "\n");
	}
	if (report->alike) {
		buffer_printf(out, "alike      ");
		numbers_put(out, report->alike);
		buffer_printf(out,
			" probes asked just as one before: an answer counts for the one that "
			"waited "
			"longest; let a field vary (icmp.seq: {inc: 1..65535}) to tell them "
			"apart\n");
	}
	if (report->unanswerable) {
		buffer_printf(out, "unanswered ");
		numbers_put_count(out, report->unanswerable, "probe");
		buffer_printf(
			out, " nothing can be an answer to: an error message, or no header\n");
	}
}

/* Which of the probes they would have answered nobody knows. */
static void put_lacking(struct buffer *out, const struct probe_report *report)
{
	if (!report->lacking)
		return;
	buffer_printf(out, "in part    ");
	numbers_put_count(out, report->lacking, "datagram");
	buffer_printf(
		out, " came in fragments, and not all of them: an answer may be among them\n");
}

static void put_refused(struct buffer *out, const struct link_stats *link)
{
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && link->errors[i].error; i++)
		buffer_printf(out, "refused    %llu: %s\n",
			(unsigned long long)link->errors[i].count, strerror(link->errors[i].error));
}

/* A count of what was lost is only as good as the capture. */
static void put_dropped(struct buffer *out, const struct probe_live_stats *live)
{
	if (!live->receiver.dropped)
		return;
	buffer_printf(out, "dropped    ");
	numbers_put_count(out, live->receiver.dropped, "frame");
	buffer_printf(
		out, " dropped by the capture, for want of room: answers may be among them\n");
}

static void put_lists(
	struct buffer *out, const struct probe_tell *tell, const struct probe_report *report)
{
	if (tell->lost.length) {
		buffer_printf(out, "lost       %s", buffer_text(&tell->lost));
		if (report->lost > tell->losts)
			put_number(out, report->lost - tell->losts, "more");
		buffer_printf(out, "\n");
	}
	/* Where all was answered, what others do is of no matter. */
	if (tell->near.length && (unanswered(report) || tell->options->send.common.verbose)) {
		buffer_printf(out, "near       %s", buffer_text(&tell->near));
		if (report->near > tell->nears)
			buffer_printf(out, "\n           and %llu more",
				(unsigned long long)(report->near - tell->nears));
		buffer_printf(out, "\n");
	}
}

/* Of many, how they are distributed. */
static void put_distribution(struct buffer *out, const struct probe_report *report)
{
	unsigned int columns = cli_columns(STDOUT_FILENO);

	if (report->rtt.count < DISTRIBUTED)
		return;
	buffer_printf(out, "\n        RTT%*s\n", (int)columns - 11, "answers   up to");
	render_histogram(&report->rtt, columns, cli_utf8(), out);
	buffer_printf(out, "\n");
}

static void put_human(struct probe_tell *tell, const struct probe_outcome *outcome)
{
	const struct probe_report *report = &outcome->report;
	struct buffer *out = &tell->out;

	put_probes(out, report);
	put_times(out, report);
	put_extra(out, report);
	put_refused(out, &outcome->live.link);
	if (unanswered(report))
		put_lacking(out, report);
	put_dropped(out, &outcome->live);
	put_lists(out, tell, report);
	put_distribution(out, report);
	if (report->rtt.count)
		buffer_printf(out, "stamps     %s\n", stamp_words[tell->plan->stamps]);
	if (outcome->live.unstamped)
		buffer_printf(out, "unstamped  %llu frames, by the program alone\n",
			(unsigned long long)outcome->live.unstamped);
	if (tell->options->send.common.verbose)
		buffer_printf(out, "memory     %.0f octets a probe\n", report->cost);
	if (tell->plan->frames.random)
		buffer_printf(out, "seed       %llu\n",
			(unsigned long long)tell->options->send.common.seed);
	if (tell->file)
		buffer_printf(out, "file       %s holds the probes and their answers\n",
			tell->options->send.write);
}

/* ---- for programs ---- */

static struct json *stamps_json(const struct probe_tell *tell)
{
	enum stamp_source source = tell->plan->stamps;
	struct json *json = json_object();

	json_set(json, "sent", json_text(probe_stamp_names[source]));
	json_set(json, "received",
		json_text(probe_stamp_names[source == STAMP_HARDWARE ? STAMP_HARDWARE
								     : STAMP_KERNEL]));
	return json;
}

/* By the words of their errors. */
static struct json *refusals_json(const struct link_stats *link)
{
	struct json *json = json_object();

	for (unsigned int i = 0; i < LINK_ERRORS_MAX && link->errors[i].error; i++)
		json_set(json, strerror(link->errors[i].error), json_number(link->errors[i].count));
	return json;
}

static struct json *report_json(const struct probe_tell *tell, const struct probe_outcome *outcome)
{
	const struct probe_report *report = &outcome->report;
	struct json *json = json_object();
	const struct {
		const char *key;
		uint64_t value;
	} numbers[] = {
		{ "probes_sent", report->probes },
		{ "frames_sent", report->frames },
		{ "frames_in_parts", report->parts },
		{ "frames_refused", report->refused },
		{ "answers", report->answers },
		{ "errors", report->errors },
		{ "lost", report->lost },
		{ "waiting", report->waiting },
		{ "duplicates", report->duplicates },
		{ "late", report->late },
		{ "untimed", report->untimed },
		{ "alike", report->alike },
		{ "unanswerable", report->unanswerable },
		{ "near_miss_count", report->near },
		{ "frames_received", report->received },
		{ "datagrams_incomplete", report->lacking },
		{ "frames_dropped", outcome->live.receiver.dropped },
		{ "unstamped", outcome->live.unstamped },
		{ "bytes_a_probe", (uint64_t)report->cost },
	};

	json_set(json, "type", json_text("report"));
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		json_set(json, numbers[i].key, json_number(numbers[i].value));
	json_set(json, "rtt_ns", cli_times_json(&report->rtt));
	json_set(json, "stamps", stamps_json(tell));
	json_set(json, "seconds", json_real(numbers_seconds(report->elapsed_ns)));
	json_set(json, "probes_per_second",
		json_real(numbers_per_second(report->probes, report->elapsed_ns)));
	json_set(json, "stopped", json_bool(report->stopped));
	if (tell->plan->shape == PROBE_TRACE)
		json_set(json, "reached", json_bool(report->reached));
	if (tell->plan->frames.random)
		json_set(json, "seed", json_number(tell->options->send.common.seed));
	json_set(json, "refusals", refusals_json(&outcome->live.link));
	if (outcome->failure)
		json_set(json, "error", json_text(outcome->failure->text));
	return json;
}

static void put_list(struct buffer *out, const char *key, const struct buffer *list)
{
	buffer_printf(
		out, "  \"%s\":[%s%s],\n", key, buffer_text(list), list->length ? "\n  " : "");
}

/* The end of the document that has grown. */
static void put_document(struct probe_tell *tell, struct json *report)
{
	struct buffer text = { 0 };

	probe_tell_begin(tell);
	buffer_printf(&tell->out, "%s],\n", tell->replies ? "\n  " : "");
	put_list(&tell->out, "near_misses", &tell->near);
	put_list(&tell->out, "lost_probes", &tell->lost);
	json_print(report, true, &text);
	/* Behind its opening brace and line's end. */
	buffer_printf(&tell->out, "%s", buffer_text(&text) + 2);
	buffer_fini(&text);
}

int probe_tell_report(struct probe_tell *tell, const struct probe_outcome *outcome)
{
	const struct common *common = &tell->options->send.common;

	if (tell->unprinted)
		return EXIT_REFUSED;
	if (common->jsonl)
		json_print(report_json(tell, outcome), false, &tell->out);
	else if (common->json)
		put_document(tell, report_json(tell, outcome));
	else if (!common->quiet)
		put_human(tell, outcome);
	return cli_print(&tell->out);
}
