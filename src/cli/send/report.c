/* Tells what came of sending: what transmit tells, the FCS, mutations, and what --verify found. */
#include "cli/send/send.h"

#include "cli/numbers.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

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
	const struct send_plan *plan, const struct transmit *transmit,
	const struct send_outcome *outcome)
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
		transmit_put_report(out, transmit, &outcome->transmit);
		if (outcome->mutations)
			put_mutations(out, outcome->mutations);
	}
	if (plan->random)
		buffer_printf(out, "seed       %llu\n", (unsigned long long)options->common.seed);
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

static struct json *report_json(const struct send_options *options, const struct send_plan *plan,
	const struct transmit *transmit, const struct send_outcome *outcome)
{
	struct json *json = json_object();
	struct buffer sentence = { 0 };

	json_set(json, "type", json_text("report"));
	if (options->dry_run)
		json_set(json, "dry_run", json_bool(true));
	transmit_set_report(json, transmit, &outcome->transmit);
	json_set(json, "fcs", json_text(way_name(&plan->fcs)));
	fcs_tell(&plan->fcs, &plan->device, &sentence);
	json_set(json, "fcs_text", json_text(buffer_text(&sentence)));
	buffer_fini(&sentence);
	if (plan->random)
		json_set(json, "seed", json_number(options->common.seed));
	if (outcome->mutations) {
		json_set(json, "frames_mutated", json_number(outcome->mutations->frames));
		json_set(json, "mutation_counts", mutations_json(outcome->mutations));
	}
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
	const struct transmit *transmit, const struct send_outcome *outcome)
{
	const struct common *common = &options->common;
	struct buffer out = { 0 };
	int status = EXIT_DONE;

	if (common->json || common->jsonl)
		json_print(report_json(options, plan, transmit, outcome), common->json, &out);
	else if (outcome->verified)
		put_verified(&out, options, plan, outcome->verified);
	if (!common->json && !common->jsonl && !common->quiet)
		put_human(&out, options, plan, transmit, outcome);
	if (options->write && !strcmp(options->write, "-"))
		/* Standard output is the capture file. */
		fputs(buffer_text(&out), stderr);
	else
		status = cli_print(&out);
	buffer_fini(&out);
	return status;
}
