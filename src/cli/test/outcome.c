/* Why a script failed, and what happened when, for people. */
#include "cli/test/outcome.h"

#include "base/arena.h"
#include "frame/build.h"

#include <inttypes.h>
#include <string.h>

#define SECOND_NS      1000000000U
#define MILLISECOND_NS 1000000U
#define EVENTS_SHOWN   64U /* of a time line: the last ones */

const char *outcome_name(const struct outcome *outcome)
{
	return outcome->was_read ? outcome->script.name : outcome->file;
}

void outcome_time_put(uint64_t ns, struct buffer *out)
{
	if (ns >= 10 * (uint64_t)SECOND_NS || (ns && ns % SECOND_NS == 0))
		buffer_printf(out, "%.6g s", (double)ns / SECOND_NS);
	else
		buffer_printf(out, "%.6g ms", (double)ns / MILLISECOND_NS);
}

/* ---- the reason ---- */

static void put_place(const struct outcome *outcome, struct buffer *out)
{
	const struct exchange_result *result = &outcome->result;
	const struct script_step *step = result->failed;

	if (!step) {
		buffer_printf(out, "%s: at the end: ", outcome->script.file);
		return;
	}
	buffer_printf(out, "%s:%u:%u: step %u, %s", step->at.file, step->at.line, step->at.column,
		step->number, script_kind_name(step->kind));
	if (step->name)
		buffer_printf(out, " \"%s\"", step->name);
	if (result->turn)
		buffer_printf(out, ", turn %u", result->turn);
	buffer_printf(out, ": ");
}

static void put_early(const struct exchange_result *result, struct buffer *out)
{
	uint64_t came = result->events[result->nearest].time_ns;

	buffer_printf(out, "the frame came ");
	outcome_time_put(came > result->begun_ns ? came - result->begun_ns : 0, out);
	buffer_printf(out, " after the step began, not before ");
	outcome_time_put(result->failed->not_before_ns, out);
	buffer_printf(out, " as it is to");
}

static void put_missed(const struct exchange_result *result, struct buffer *out)
{
	buffer_printf(out, "nothing that fits came within ");
	outcome_time_put(result->failed->ns, out);
}

void outcome_reason(const struct outcome *outcome, struct buffer *out)
{
	const struct exchange_result *result = &outcome->result;

	if (!outcome->was_played) {
		buffer_printf(out, "%s", outcome->err.text);
		return;
	}
	if (result->verdict == EXCHANGE_UNSENT) {
		buffer_printf(out, "%s", result->err.text);
		return;
	}
	if (result->verdict == EXCHANGE_PASS)
		return;
	put_place(outcome, out);
	switch (result->verdict) {
	case EXCHANGE_MISSED:
		put_missed(result, out);
		break;
	case EXCHANGE_FORBIDDEN:
		buffer_printf(out, "a frame came that is not to come");
		break;
	case EXCHANGE_EARLY:
		put_early(result, out);
		break;
	case EXCHANGE_UNEXPECTED:
		buffer_printf(out, "a frame came that nothing expects, which strict forbids");
		break;
	case EXCHANGE_STOPPED:
		buffer_printf(out, "stopped by a signal");
		break;
	case EXCHANGE_PASS:
	case EXCHANGE_UNSENT:
		break;
	}
}

/* ---- the time line ---- */

static const char *fate_text(const struct exchange_event *event)
{
	switch (event->fate) {
	case EXCHANGE_TAKEN:
		return "as expected";
	case EXCHANGE_PASSED:
		return "passed over";
	case EXCHANGE_UNWANTED:
		return "this one";
	case EXCHANGE_ANSWER:
		return "answered for the script";
	case EXCHANGE_WAITING:
		break;
	}
	return event->kind == EXCHANGE_SENT ? "" : "not looked at";
}

static void put_event(const struct outcome *outcome, const struct exchange_event *event,
	const struct render_style *style, struct buffer *out)
{
	const struct script_port *port = &outcome->script.ports[event->port];
	const char *fate = fate_text(event);
	struct frame_view view;
	struct arena arena;

	arena_init(&arena);
	frame_dissect(&arena, &wire_eth, event->octets, event->length, DISSECT_FCS_ABSENT, &view);
	buffer_printf(out, "  %12.3f ms  %s", (double)event->time_ns / MILLISECOND_NS,
		event->kind == EXCHANGE_SENT ? "sent   " : "arrived");
	if (event->step)
		buffer_printf(out, "  step %-3u", event->step->number);
	else
		buffer_printf(out, "          ");
	if (*port->name)
		buffer_printf(out, " %s", port->name);
	buffer_printf(out, "  ");
	render_line(&view, style, out);
	if (*fate)
		buffer_printf(out, "  %s(%s)%s", style->dim, fate, style->reset);
	buffer_printf(out, "\n");
	arena_fini(&arena);
}

static void put_timeline(
	const struct outcome *outcome, const struct render_style *style, struct buffer *out)
{
	const struct exchange_result *result = &outcome->result;
	unsigned int first =
		result->event_count > EVENTS_SHOWN ? result->event_count - EVENTS_SHOWN : 0;

	buffer_printf(out, "  %stime line%s\n", style->dim, style->reset);
	if (first)
		buffer_printf(out, "  ... %u frames before\n", first);
	for (unsigned int i = first; i < result->event_count; i++)
		put_event(outcome, &result->events[i], style, out);
	if (result->verdict == EXCHANGE_PASS)
		return;
	buffer_printf(out, "  %12.3f ms  %sfailed%s\n", (double)result->ended_ns / MILLISECOND_NS,
		style->bad, style->reset);
}

/* ---- all of it ---- */

static void put_nearest(
	const struct outcome *outcome, const struct render_style *style, struct buffer *out)
{
	const struct exchange_result *result = &outcome->result;

	if (result->nearest < 0)
		return;
	buffer_printf(out, "  %sthe %sframe, at %.3f ms, against what is %s%s\n", style->dim,
		result->verdict == EXCHANGE_MISSED ? "nearest " : "",
		(double)result->events[result->nearest].time_ns / MILLISECOND_NS,
		result->verdict == EXCHANGE_FORBIDDEN ? "forbidden" : "expected", style->reset);
	outcome_compare(outcome, style, out);
}

void outcome_details(const struct outcome *outcome, const struct render_style *style, bool all,
	struct buffer *out)
{
	const struct exchange_result *result = &outcome->result;

	if (!outcome->was_played || (result->verdict == EXCHANGE_PASS && !all))
		return;
	if (result->verdict != EXCHANGE_PASS && result->comparison.count)
		put_nearest(outcome, style, out);
	put_timeline(outcome, style, out);
}

void outcome_human(const struct outcome *outcome, const struct render_style *style, bool verbose,
	struct buffer *out)
{
	bool passed = outcome->status == EXIT_DONE;

	buffer_printf(out, "%s%s%s  %s", passed ? style->good : style->bad,
		passed							   ? "PASS"
		: outcome->was_played && outcome->status == EXIT_ANSWER_NO ? "FAIL"
									   : "ERROR",
		style->reset, outcome_name(outcome));
	if (outcome->was_played) {
		buffer_printf(out, " %s(", style->dim);
		outcome_time_put(outcome->result.ns, out);
		buffer_printf(out, ")%s", style->reset);
	}
	buffer_printf(out, "\n");
	if (!passed) {
		buffer_printf(out, "  ");
		outcome_reason(outcome, out);
		buffer_printf(out, "\n");
	}
	outcome_details(outcome, style, verbose, out);
}
