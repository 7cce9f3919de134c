/* Tells what came of sending: while it runs, and at its end. */
#include "cli/send.h"

#include "cli/numbers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A shorter run is told in microseconds. */
#define SHORT_NS 10000000U

uint64_t send_failed(const struct send_plan *plan, const struct send_outcome *outcome)
{
	const struct send_report *report = &outcome->report;

	return outcome->failure && plan->asked ? plan->asked - report->stats.sent
					       : report->stats.failed;
}

/* ---- the interface's own count ---- */

static uint64_t counted_frames(const struct send_outcome *outcome)
{
	return outcome->after.tx_packets - outcome->before.tx_packets;
}

uint64_t send_uncounted(const struct send_outcome *outcome)
{
	uint64_t counted = counted_frames(outcome);
	uint64_t sent = outcome->report.stats.sent;

	return outcome->counters_known && counted < sent ? sent - counted : 0;
}

static void put_interface(
	struct buffer *out, const struct send_plan *plan, const struct send_outcome *outcome)
{
	const char *name = plan->interface->name;
	uint64_t counted = counted_frames(outcome);
	uint64_t sent = outcome->report.stats.sent;
	uint64_t dropped = outcome->after.tx_dropped - outcome->before.tx_dropped;
	uint64_t errors = outcome->after.tx_errors - outcome->before.tx_errors;

	if (!outcome->counters_known) {
		buffer_printf(out, "interface  %s's own count cannot be read any more\n", name);
		return;
	}
	buffer_printf(out, "interface  %s counted ", name);
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
		buffer_printf(out, " of those that the kernel took did not leave");
	}
	if (dropped)
		buffer_printf(out, "; dropped %llu", (unsigned long long)dropped);
	if (errors)
		buffer_printf(out, "; errors %llu", (unsigned long long)errors);
	buffer_printf(out, "\n");
}

/* ---- the report ---- */

static void put_sent(
	struct buffer *out, const struct send_plan *plan, const struct send_outcome *outcome)
{
	const struct link_stats *stats = &outcome->report.stats;
	uint64_t ns = outcome->report.elapsed_ns;

	buffer_printf(out, "sent       ");
	numbers_put(out, stats->sent);
	if (plan->asked) {
		buffer_printf(out, " of ");
		numbers_put(out, plan->asked);
	}
	buffer_printf(out, " frame%s, ", (plan->asked ? plan->asked : stats->sent) == 1 ? "" : "s");
	numbers_put_count(out, stats->bytes, "octet");
	if (ns < SHORT_NS)
		buffer_printf(out, ", in %.0f us", (double)ns / 1000);
	else
		buffer_printf(out, ", in %.3f s", numbers_seconds(ns));
	buffer_printf(out, " (%s)%s\n", outcome->backend,
		outcome->report.stopped ? ", stopped by a signal" : "");
	/* One frame has no rate. */
	if (stats->sent > 1) {
		buffer_printf(out, "rate       ");
		numbers_put_scaled(out, numbers_per_second(stats->sent, ns), "frames/s");
		buffer_printf(out, ", ");
		numbers_put_scaled(out, numbers_per_second(stats->bytes * 8, ns), "bit/s");
		buffer_printf(out, "\n");
	}
}

static void put_refused(
	struct buffer *out, const struct send_plan *plan, const struct send_outcome *outcome)
{
	const struct send_report *report = &outcome->report;

	for (unsigned int i = 0; i < LINK_ERRORS_MAX && report->stats.errors[i].error; i++) {
		int error = report->stats.errors[i].error;

		buffer_printf(out, "refused    ");
		numbers_put_count(out, report->stats.errors[i].count, "frame");
		buffer_printf(out, ": %s (%s)\n", strerrorname_np(error), strerror(error));
	}
	if (report->not_tried) {
		buffer_printf(out, "not tried  ");
		numbers_put_count(out, report->not_tried, "frame");
		buffer_printf(out, "\n");
	}
	if (report->stopped && plan->asked > report->stats.queued) {
		buffer_printf(out, "not tried  ");
		numbers_put_count(out, plan->asked - report->stats.queued, "frame");
		buffer_printf(out, ", for the signal\n");
	}
}

/* What became of the FCS at the receiver. */
static void put_fcs_seen(
	struct buffer *out, const struct send_plan *plan, const struct verify_result *results)
{
	uint64_t arrived = 0;
	uint64_t with_fcs = 0;

	for (unsigned int i = 0; i < plan->program.count; i++) {
		arrived += results[i].arrived != NULL;
		with_fcs += results[i].arrived && results[i].arrived->fcs != VIEW_FCS_NONE;
	}
	if (!arrived)
		return;
	if (plan->fcs.frames[FCS_APPEND])
		buffer_printf(out, "; they arrive as the last of the frame");
	else if (with_fcs)
		buffer_printf(out, "; %llu of %llu arrived with one", (unsigned long long)with_fcs,
			(unsigned long long)arrived);
	else if (fcs_has_wire(&plan->device))
		buffer_printf(out, "; none arrived: a receiving device takes it off");
}

static void put_mutations(struct buffer *out, const struct send_mutations *mutations)
{
	buffer_printf(out, "mutated    ");
	numbers_put_count(out, mutations->frames, "frame");
	for (int kind = 0, told = 0; kind < MUTATE_KINDS; kind++) {
		if (!mutations->kinds[kind])
			continue;
		buffer_printf(out, "%s%s ", told++ ? ", " : ": ", mutate_kind_names[kind]);
		numbers_put(out, mutations->kinds[kind]);
	}
	buffer_printf(out, "\n");
}

static void put_human(struct buffer *out, const struct send_options *options,
	const struct send_plan *plan, const struct send_outcome *outcome)
{
	if (options->dry_run) {
		buffer_printf(out, "dry run    nothing is sent; it would be ");
		if (plan->asked) {
			numbers_put_count(out, plan->asked, "frame");
			buffer_printf(out, "\n");
		} else {
			buffer_printf(out, "frames without end\n");
		}
	} else {
		put_sent(out, plan, outcome);
		put_refused(out, plan, outcome);
		if (plan->interface)
			put_interface(out, plan, outcome);
		if (outcome->mutations)
			put_mutations(out, outcome->mutations);
	}
	buffer_printf(out, "FCS        ");
	fcs_tell(&plan->fcs, &plan->device, out);
	if (outcome->verified)
		put_fcs_seen(out, plan, outcome->verified);
	buffer_printf(out, "\n");
	if (options->write && !options->dry_run && strcmp(options->write, "-") != 0)
		buffer_printf(
			out, "file       %s holds the frames that were sent\n", options->write);
}

static const char *way_name(const struct fcs_summary *fcs)
{
	const char *name = "mixed";
	unsigned int used = 0;

	for (int way = 0; way < FCS_WAYS; way++) {
		if (!fcs->frames[way])
			continue;
		name = fcs_way_names[way];
		used++;
	}
	return used == 1 ? name : "mixed";
}

static struct json *errors_json(const struct link_stats *stats)
{
	struct json *errors = json_object();

	for (unsigned int i = 0; i < LINK_ERRORS_MAX && stats->errors[i].error; i++)
		json_set(errors, strerrorname_np(stats->errors[i].error),
			json_number(stats->errors[i].count));
	return errors;
}

static struct json *verified_json(const struct send_plan *plan, const struct verify_result *results)
{
	struct json *frames = json_array();

	for (unsigned int i = 0; i < plan->program.count; i++) {
		struct json *frame = json_object();
		struct json *differences = json_array();

		json_set(frame, "name", json_text(results[i].name));
		json_set(frame, "outcome", json_text(verify_outcome_names[results[i].outcome]));
		for (unsigned int j = 0; j < results[i].count; j++) {
			struct json *difference = json_object();

			json_set(difference, "text", json_text(results[i].diffs[j].text));
			json_set(difference, "explained", json_bool(results[i].diffs[j].explained));
			json_add(differences, difference);
		}
		json_set(frame, "differences", differences);
		json_add(frames, frame);
	}
	return frames;
}

static struct json *mutations_json(const struct send_mutations *mutations)
{
	struct json *kinds = json_object();

	for (int kind = 0; kind < MUTATE_KINDS; kind++)
		if (mutations->kinds[kind])
			json_set(kinds, mutate_kind_names[kind],
				json_number(mutations->kinds[kind]));
	return kinds;
}

static void set_interface(
	struct json *json, const struct send_plan *plan, const struct send_outcome *outcome)
{
	json_set(json, "interface", json_text(plan->interface->name));
	if (!outcome->counters_known)
		return;
	json_set(json, "interface_frames", json_number(counted_frames(outcome)));
	json_set(json, "interface_bytes",
		json_number(outcome->after.tx_bytes - outcome->before.tx_bytes));
	json_set(json, "interface_dropped",
		json_number(outcome->after.tx_dropped - outcome->before.tx_dropped));
}

static struct json *report_json(const struct send_options *options, const struct send_plan *plan,
	const struct send_outcome *outcome)
{
	const struct link_stats *stats = &outcome->report.stats;
	uint64_t ns = outcome->report.elapsed_ns;
	struct json *json = json_object();
	struct buffer sentence = { 0 };

	if (options->common.jsonl)
		json_set(json, "type", json_text("report"));
	if (options->dry_run)
		json_set(json, "dry_run", json_bool(true));
	json_set(json, "frames_asked", plan->asked ? json_number(plan->asked) : json_null());
	json_set(json, "frames_sent", json_number(stats->sent));
	json_set(json, "frames_failed", json_number(send_failed(plan, outcome)));
	json_set(json, "bytes_sent", json_number(stats->bytes));
	json_set(json, "seconds", json_real(numbers_seconds(ns)));
	json_set(json, "frames_per_second", json_real(numbers_per_second(stats->sent, ns)));
	json_set(json, "bits_per_second", json_real(numbers_per_second(stats->bytes * 8, ns)));
	json_set(json, "backend", json_text(outcome->backend));
	json_set(json, "fcs", json_text(way_name(&plan->fcs)));
	fcs_tell(&plan->fcs, &plan->device, &sentence);
	json_set(json, "fcs_text", json_text(buffer_text(&sentence)));
	buffer_fini(&sentence);
	json_set(json, "errors", errors_json(stats));
	if (plan->interface)
		set_interface(json, plan, outcome);
	if (outcome->mutations) {
		json_set(json, "frames_mutated", json_number(outcome->mutations->frames));
		json_set(json, "mutations", mutations_json(outcome->mutations));
	}
	json_set(json, "stopped", json_bool(outcome->report.stopped));
	if (outcome->failure)
		json_set(json, "error", json_text(outcome->failure->text));
	if (outcome->verified)
		json_set(json, "frames", verified_json(plan, outcome->verified));
	return json;
}

/* The octets as they were handed over, and the FCS that the frame was to have. */
static void put_comparison(struct buffer *out, const struct render_style *style,
	const struct frame_view *asked, const struct verify_result *result)
{
	struct frame_view left = *result->sent;

	left.fcs = asked->fcs;
	memcpy(left.fcs_octets, asked->fcs_octets, sizeof(left.fcs_octets));
	buffer_printf(out, "\n");
	render_compare(&left, result->arrived, style, out);
	buffer_printf(out, "\n");
	render_hexdump(result->arrived->octets, result->arrived->length, style, out);
	buffer_printf(out, "\n");
}

static void put_verified(struct buffer *out, const struct send_options *options,
	const struct send_plan *plan, const struct verify_result *results)
{
	const struct render_style *style = cli_style(&options->common);

	for (unsigned int i = 0; i < plan->program.count; i++) {
		const struct verify_result *result = &results[i];
		const char *color = result->outcome <= VERIFY_EXPLAINED ? style->good : style->bad;

		buffer_printf(out, "%s%-9s%s  %s", color, verify_outcome_names[result->outcome],
			style->reset, result->name);
		if (result->outcome == VERIFY_DROPPED)
			buffer_printf(out, ": nothing like it arrived on %s", options->rx);
		buffer_printf(out, "\n");
		for (unsigned int j = 0; j < result->count; j++)
			buffer_printf(out, "           %s%s\n", result->diffs[j].text,
				result->diffs[j].explained ? " (any link may do that)" : "");
		if (result->arrived && options->common.verbose)
			put_comparison(out, style, &plan->views[i], result);
	}
}

int send_report_print(const struct send_options *options, const struct send_plan *plan,
	const struct send_outcome *outcome)
{
	const struct common *common = &options->common;
	struct buffer out = { 0 };
	int status = EXIT_DONE;

	if (common->json || common->jsonl)
		json_print(report_json(options, plan, outcome), common->json, &out);
	else if (outcome->verified)
		put_verified(&out, options, plan, outcome->verified);
	if (!common->json && !common->jsonl && !common->quiet)
		put_human(&out, options, plan, outcome);
	if (options->write && !strcmp(options->write, "-"))
		/* Standard output is the capture file. */
		fputs(buffer_text(&out), stderr);
	else
		status = cli_print(&out);
	buffer_fini(&out);
	return status;
}
