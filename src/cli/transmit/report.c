/* Tells what left: the lines for people, and the keys of JSON, that all commands that send share.
 */
#include "cli/transmit/transmit.h"

#include "cli/numbers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define ETH_HEADER 14U

static uint64_t counted_frames(const struct transmit_outcome *outcome)
{
	return outcome->after.tx_packets - outcome->before.tx_packets;
}

/* ---- for people ---- */

static void put_interface(
	struct buffer *out, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	const char *name = transmit->interface->name;
	const char *second = transmit->second ? transmit->second->name : "";
	const char *and = transmit->second ? " and " : "";
	uint64_t counted = counted_frames(outcome);
	uint64_t sent = outcome->report.stats.sent;
	uint64_t dropped = outcome->after.tx_dropped - outcome->before.tx_dropped;
	uint64_t errors = outcome->after.tx_errors - outcome->before.tx_errors;

	if (!outcome->counters_known) {
		buffer_printf(out, "interface  %s%s%s's own count cannot be read any more\n", name,
			and, second);
		return;
	}
	buffer_printf(out, "interface  %s%s%s counted ", name, and, second);
	numbers_put_count(out, counted, "frame");
	if (counted == sent) {
		buffer_printf(out, ", the same");
	} else if (counted > sent) {
		buffer_printf(out, ": ");
		numbers_put(out, counted - sent);
		buffer_printf(out, " more than ours; others send there too");
	} else {
		buffer_printf(out, ": ");
		numbers_put(out, sent - counted);
		buffer_printf(out, " of those that the kernel took %s",
			outcome->held ? "have not left yet" : "did not leave");
	}
	if (dropped)
		buffer_printf(out, "; dropped %llu", (unsigned long long)dropped);
	if (errors)
		buffer_printf(out, "; errors %llu", (unsigned long long)errors);
	buffer_printf(out, "\n");
}

static void put_sent(
	struct buffer *out, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	const struct link_stats *stats = &report->stats;
	uint64_t ns = report->elapsed_ns;

	buffer_printf(out, "sent       ");
	numbers_put(out, stats->sent);
	if (report->asked) {
		buffer_printf(out, " of ");
		numbers_put(out, report->asked);
	}
	buffer_printf(
		out, " frame%s, ", (report->asked ? report->asked : stats->sent) == 1 ? "" : "s");
	numbers_put_count(out, stats->bytes, "octet");
	buffer_printf(out, ", ");
	numbers_put_elapsed(out, ns);
	buffer_printf(out, " (%s", outcome->backend);
	if (transmit->options->threads > 1)
		buffer_printf(out, ", %u threads", transmit->options->threads);
	buffer_printf(out, ")%s\n", report->stopped ? ", stopped by a signal" : "");
	/* One frame has no rate. */
	if (stats->sent > 1) {
		buffer_printf(out, "rate       ");
		numbers_put_scaled(out, numbers_per_second(stats->sent, ns), "frames/s");
		buffer_printf(out, ", ");
		numbers_put_scaled(out, numbers_per_second(stats->bytes * 8, ns), "bit/s");
		buffer_printf(out, "\n");
	}
}

static void put_gaps(struct buffer *out, const struct histogram *gaps)
{
	if (!gaps->count)
		return;
	buffer_printf(out, "gaps       mean ");
	numbers_put_time(out, histogram_mean(gaps));
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++) {
		buffer_printf(out, ", %s ", histogram_shares[i].name);
		numbers_put_time(out, (double)histogram_quantile(gaps, histogram_shares[i].share));
	}
	buffer_printf(out, "\n");
}

/* Whether some frame is, or may be, shorter than its header: what EINVAL stands for then. */
static bool lacks_header(const struct transmit *transmit)
{
	const struct patch_program *program = transmit->program;

	for (unsigned int i = 0; i < program->count; i++)
		if (patch_frame_shortest(&program->frames[i]) < ETH_HEADER)
			return true;
	return transmit->config.prepare;
}

static void put_refused(
	struct buffer *out, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	const struct link_stats *stats = &report->stats;

	for (unsigned int i = 0; i < LINK_ERRORS_MAX && stats->errors[i].error; i++) {
		int error = stats->errors[i].error;

		buffer_printf(out, "refused    ");
		numbers_put_count(out, stats->errors[i].count, "frame");
		buffer_printf(out, ": %s (%s)%s\n", strerrorname_np(error), strerror(error),
			error == EINVAL && lacks_header(transmit)
				? ", of fewer than 14 octets: the Ethernet header"
				: "");
	}
	if (stats->queued > stats->sent + stats->failed) {
		buffer_printf(out, "in doubt   ");
		numbers_put_count(out, stats->queued - stats->sent - stats->failed, "frame");
		buffer_printf(out, ": queued, and never said to have left\n");
	}
	if (report->not_tried) {
		buffer_printf(out, "not tried  ");
		numbers_put_count(out, report->not_tried, "frame");
		buffer_printf(out, "\n");
	}
	if (report->stopped && report->asked > stats->queued) {
		buffer_printf(out, "not tried  ");
		numbers_put_count(out, report->asked - stats->queued, "frame");
		buffer_printf(out, ", for the signal\n");
	}
}

void transmit_put_report(
	struct buffer *out, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	put_sent(out, transmit, outcome);
	put_gaps(out, &outcome->gaps);
	put_refused(out, transmit, outcome);
	if (transmit->interface)
		put_interface(out, transmit, outcome);
	if (outcome->why.length && transmit->narrow != TRANSMIT_SHORT)
		buffer_printf(
			out, "backend    %s: %s\n", outcome->backend, buffer_text(&outcome->why));
}

/* ---- for programs ---- */

struct json *transmit_errors_json(const struct link_stats *stats)
{
	struct json *errors = json_object();

	for (unsigned int i = 0; i < LINK_ERRORS_MAX && stats->errors[i].error; i++)
		json_set(errors, strerrorname_np(stats->errors[i].error),
			json_number(stats->errors[i].count));
	return errors;
}

static struct json *gaps_json(const struct histogram *gaps)
{
	struct json *json = json_object();

	json_set(json, "count", json_number(gaps->count));
	json_set(json, "mean", json_real(histogram_mean(gaps)));
	for (unsigned int i = 0; i < HISTOGRAM_SHARES; i++)
		json_set(json, histogram_shares[i].name,
			json_number(histogram_quantile(gaps, histogram_shares[i].share)));
	return json;
}

static struct json *trials_json(const struct transmit *transmit)
{
	struct json *trials = json_array();

	for (unsigned int i = 0; i < TRANSMIT_WAYS_MAX; i++) {
		const struct send_way *way = &transmit->tried[i];
		struct json *trial;

		if (!way->tried_ns)
			continue;
		trial = json_object();
		json_set(trial, "backend", json_text(transmit->ways[i].name));
		json_set(trial, "frames_sent", json_number(way->tried_frames));
		json_set(trial, "seconds", json_real(numbers_seconds(way->tried_ns)));
		json_add(trials, trial);
	}
	return trials;
}

static void set_interface(
	struct json *json, const char *name, const struct transmit_outcome *outcome)
{
	json_set(json, "interface", json_text(name));
	if (!outcome->counters_known)
		return;
	json_set(json, "interface_frames", json_number(counted_frames(outcome)));
	json_set(json, "interface_bytes",
		json_number(outcome->after.tx_bytes - outcome->before.tx_bytes));
	json_set(json, "interface_dropped",
		json_number(outcome->after.tx_dropped - outcome->before.tx_dropped));
}

void transmit_set_report(
	struct json *json, const struct transmit *transmit, const struct transmit_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	const struct link_stats *stats = &report->stats;
	uint64_t ns = report->elapsed_ns;

	json_set(json, "frames_asked", report->asked ? json_number(report->asked) : json_null());
	json_set(json, "frames_sent", json_number(stats->sent));
	json_set(json, "frames_failed", json_number(transmit_failed(outcome)));
	json_set(json, "frames_queued", json_number(stats->queued));
	json_set(json, "bytes_sent", json_number(stats->bytes));
	json_set(json, "seconds", json_real(numbers_seconds(ns)));
	json_set(json, "frames_per_second", json_real(numbers_per_second(stats->sent, ns)));
	json_set(json, "bits_per_second", json_real(numbers_per_second(stats->bytes * 8, ns)));
	json_set(json, "backend", json_text(outcome->backend));
	if (outcome->why.length) {
		json_set(json, "backend_why", json_text(buffer_text(&outcome->why)));
		json_set(json, "backend_trials", trials_json(transmit));
	}
	json_set(json, "threads", json_number(transmit->options->threads));
	json_set(json, "gap_ns", outcome->gaps.count ? gaps_json(&outcome->gaps) : json_null());
	json_set(json, "errors", transmit_errors_json(stats));
	if (transmit->interface)
		set_interface(json, transmit->interface->name, outcome);
	if (transmit->second)
		json_set(json, "second_interface", json_text(transmit->second->name));
	json_set(json, "stopped", json_bool(report->stopped));
	if (outcome->failure)
		json_set(json, "error", json_text(outcome->failure->text));
}
