/* Tells what respond would answer, answers, and answered. */
#include "cli/respond/respond.h"

#include "cli/numbers.h"
#include "cli/transmit/transmit.h"
#include "frame/build.h"
#include "respond/program.h"
#include "respond/turn.h"

#include <stdio.h>
#include <string.h>

uint64_t respond_answers(const struct responding *r)
{
	return r->sent.sent + r->turned - r->turned_lost;
}

/* ---- what it would do ---- */

static const char *echo_text(enum respond_echo echo)
{
	return echo == RESPOND_ECHO_SWAP ? "every frame, with its MACs swapped"
					 : "every frame, as received";
}

void respond_put_plan(const struct responding *r, struct buffer *out)
{
	if (r->options->echo)
		buffer_printf(out, "answers    %s\n", echo_text(r->options->echo));
	for (unsigned int i = 0; i < r->rule_count; i++) {
		const struct respond_program *program;
		const char *why = "";

		program = responder_program(r->responder, i, &why);
		if (program)
			buffer_printf(out, "rule       %s: compiled\n", r->rules[i].name);
		else
			buffer_printf(out, "rule       %s: by dissecting each frame (%s)\n",
				r->rules[i].name, why);
		if (program && r->options->common.verbose)
			respond_program_describe(program, out);
	}
}

static struct json *rules_json(const struct responding *r)
{
	struct json *rules = json_array();

	for (unsigned int i = 0; i < r->rule_count; i++) {
		struct json *rule = json_object();
		const char *why = "";

		json_set(rule, "name", json_text(r->rules[i].name));
		json_set(rule, "compiled",
			json_bool(responder_program(r->responder, i, &why) != NULL));
		if (!responder_program(r->responder, i, NULL))
			json_set(rule, "why", json_text(why));
		if (r->per_rule)
			json_set(rule, "answers", json_number(r->per_rule[i]));
		json_add(rules, rule);
	}
	return rules;
}

struct json *respond_plan_json(const struct responding *r)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("plan"));
	json_set(json, "rules", rules_json(r));
	return json;
}

void respond_put_turn(const struct responding *r, struct buffer *out)
{
	const char *why;
	unsigned int count = turn_rules(r->turn, &why);

	buffer_printf(
		out, "backend    xdp: the kernel answers by %u of %u rules", count, r->rule_count);
	if (count < r->rule_count)
		buffer_printf(out, ", packet sockets by those from %s on (%s)",
			r->rules[count].name, why);
	if (turn_generic(r->turn))
		buffer_printf(out, "; not in the driver: %s", turn_generic(r->turn));
	buffer_printf(out, "\n");
}

/* ---- each frame ---- */

static void put_frame(
	struct responding *r, const char *what, const uint8_t *octets, uint32_t length)
{
	struct frame_view view;

	arena_reset(&r->scratch);
	frame_dissect(&r->scratch, &wire_eth, octets, length, DISSECT_FCS_ABSENT, &view);
	buffer_printf(&r->out, "%s ", what);
	render_line(&view, r->style, &r->out);
	buffer_printf(&r->out, "\n");
}

static struct json *hex_json(const uint8_t *octets, uint32_t length)
{
	struct buffer hex = { 0 };
	struct json *json;

	for (uint32_t i = 0; i < length; i++)
		buffer_printf(&hex, "%02x", octets[i]);
	json = json_text(buffer_text(&hex));
	buffer_fini(&hex);
	return json;
}

/* Requests come until the program sees that the last answer was given. */
static const char *held_by(const struct responding *r)
{
	if (!r->options->count)
		return "the rate";
	return r->options->rate > 0 ? "the rate or -n" : "-n";
}

static void put_object(struct responding *r, const struct respond_seen *seen)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("request"));
	json_set(json, "time_ns", json_number(seen->request->time_ns));
	json_set(json, "verdict", json_text(respond_verdict_keys[seen->verdict]));
	json_set(json, "request", hex_json(seen->request->octets, seen->request->captured));
	if (seen->verdict == RESPOND_ANSWERED) {
		json_set(json, "held_back", json_bool(seen->held_back));
		if (r->rule_count)
			json_set(json, "rule", json_text(r->rules[seen->rule].name));
		json_set(json, "answer", hex_json(seen->answer, seen->answer_length));
	}
	json_print(json, false, &r->out);
}

void respond_put_seen(struct responding *r, const struct respond_seen *seen)
{
	if (r->options->common.jsonl) {
		put_object(r, seen);
		return;
	}
	put_frame(r, "<", seen->request->octets, seen->request->captured);
	if (seen->verdict != RESPOND_ANSWERED)
		buffer_printf(&r->out, "  %s\n", respond_verdict_texts[seen->verdict]);
	else if (seen->held_back)
		buffer_printf(&r->out, "  held back by %s\n", held_by(r));
	else
		put_frame(r, ">", seen->answer, seen->answer_length);
}

/* ---- what came of it ---- */

static void put_rules(const struct responding *r, struct buffer *out)
{
	for (unsigned int i = 0; r->rule_count > 1 && i < r->rule_count; i++) {
		if (!r->per_rule[i])
			continue;
		buffer_printf(out, "           %s ", r->rules[i].name);
		numbers_put(out, r->per_rule[i]);
		buffer_printf(out, "\n");
	}
}

static void put_refused(const struct responding *r, struct buffer *out)
{
	for (int i = RESPOND_ANSWERED + 1; i < RESPOND_VERDICTS; i++) {
		if (!r->counts.verdicts[i])
			continue;
		buffer_printf(out, "refused    ");
		numbers_put(out, r->counts.verdicts[i]);
		buffer_printf(out, " %s\n", respond_verdict_texts[i]);
	}
	if (r->counts.held_back) {
		buffer_printf(out, "refused    ");
		numbers_put(out, r->counts.held_back);
		buffer_printf(out, " held back by %s\n", held_by(r));
	}
	if (r->captured.dropped) {
		buffer_printf(out, "lost       ");
		numbers_put_count(out, r->captured.dropped, "frame");
		buffer_printf(out, " that came too fast to be looked at\n");
	}
	if (r->turned_lost) {
		buffer_printf(out, "not sent   ");
		numbers_put(out, r->turned_lost);
		buffer_printf(
			out, ": turned around, but not counted as sent by %s\n", r->interface.name);
	}
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && r->sent.errors[i].error; i++) {
		buffer_printf(out, "not sent   ");
		numbers_put(out, r->sent.errors[i].count);
		buffer_printf(out, ": %s\n", strerror(r->sent.errors[i].error));
	}
}

void respond_put_report(const struct responding *r, struct buffer *out)
{
	uint64_t answers = respond_answers(r);

	buffer_printf(out, "received   ");
	numbers_put_count(out, r->counts.received + r->turned, "frame");
	buffer_printf(out, " in %.3f s\nanswered   ", numbers_seconds(r->counts.elapsed_ns));
	numbers_put(out, answers);
	if (answers > 1) {
		buffer_printf(out, ", ");
		numbers_put_scaled(
			out, numbers_per_second(answers, r->counts.elapsed_ns), "answers/s");
	}
	buffer_printf(out, "\n");
	put_rules(r, out);
	put_refused(r, out);
	if (r->turn) {
		buffer_printf(out, "backend    xdp: ");
		numbers_put(out, r->turned);
		buffer_printf(out, " turned around in the %s, ",
			turn_generic(r->turn) ? "kernel" : "driver");
		numbers_put(out, r->sent.sent);
		buffer_printf(out, " by packet sockets\n");
	}
	if (r->options->write && strcmp(r->options->write, "-") != 0)
		buffer_printf(out, "file       %s holds the answers\n", r->options->write);
}

struct json *respond_report_json(const struct responding *r)
{
	struct json *json = json_object();
	uint64_t answers = respond_answers(r);

	json_set(json, "type", json_text("report"));
	json_set(json, "frames_received", json_number(r->counts.received + r->turned));
	json_set(json, "answers_sent", json_number(answers));
	for (int i = RESPOND_ANSWERED + 1; i < RESPOND_VERDICTS; i++)
		json_set(json, respond_verdict_keys[i], json_number(r->counts.verdicts[i]));
	json_set(json, "held_back", json_number(r->counts.held_back));
	json_set(json, "frames_failed", json_number(r->sent.failed + r->turned_lost));
	json_set(json, "dropped_by_kernel", json_number(r->captured.dropped));
	json_set(json, "seconds", json_real(numbers_seconds(r->counts.elapsed_ns)));
	json_set(json, "answers_per_second",
		json_real(numbers_per_second(answers, r->counts.elapsed_ns)));
	json_set(json, "backend", json_text(r->turn ? "xdp" : "packet"));
	if (r->turn)
		json_set(json, "in_driver", json_bool(!turn_generic(r->turn)));
	json_set(json, "turned_around", json_number(r->turned));
	json_set(json, "errors", transmit_errors_json(&r->sent));
	json_set(json, "rules", rules_json(r));
	return json;
}
