/* What came of scripts for programs: TAP, JUnit's XML, JSON. */
#include "cli/test/outcome.h"

#include "frame/build.h"
#include "render/utf8.h"

#include <string.h>

#define SECOND_NS 1000000000U

/* ---- TAP ---- */

/* In a description a # would begin a directive. */
static void put_description(const char *text, struct buffer *out)
{
	for (; *text; text++) {
		if (*text == '#' || *text == '\\')
			buffer_printf(out, "\\");
		buffer_put(out, (unsigned char)*text < ' ' ? " " : text, 1);
	}
}

/* Each line with "# " before it. */
static void put_comment(const struct buffer *text, struct buffer *out)
{
	const char *line = buffer_text(text);

	while (*line) {
		size_t length = strcspn(line, "\n");

		buffer_printf(out, "# %.*s\n", (int)length, line);
		line += length + (line[length] == '\n');
	}
}

void outcome_tap(const struct outcome *outcome, size_t number, struct buffer *out)
{
	struct buffer text = { 0 };

	buffer_printf(out, "%sok %zu - ", outcome->status ? "not " : "", number);
	put_description(outcome_name(outcome), out);
	buffer_printf(out, "\n");
	if (outcome->status) {
		outcome_reason(outcome, &text);
		buffer_printf(&text, "\n");
		outcome_details(outcome, &render_plain, false, &text);
		put_comment(&text, out);
	}
	buffer_fini(&text);
}

/* ---- JUnit ---- */

/* XML 1.0 2.2 has no other control characters, whichever way they are written. */
static void put_xml(const char *text, struct buffer *out)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		size_t length = utf8_length(p);

		if (*p == '&')
			buffer_printf(out, "&amp;");
		else if (*p == '<')
			buffer_printf(out, "&lt;");
		else if (*p == '>')
			buffer_printf(out, "&gt;");
		else if (*p == '"')
			buffer_printf(out, "&quot;");
		else if (*p == '\n')
			buffer_printf(out, "&#10;");
		else if (*p == '\t')
			buffer_printf(out, "&#9;");
		else if (!length || *p < ' ' || *p == 0x7f ||
			 (length == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe))
			buffer_printf(out, UTF8_REPLACEMENT);
		else
			buffer_put(out, p, length);
		p += length ? length : 1;
	}
}

static void put_attribute(const char *name, const char *value, struct buffer *out)
{
	buffer_printf(out, " %s=\"", name);
	put_xml(value, out);
	buffer_printf(out, "\"");
}

static uint64_t ns_of(const struct outcome *outcome)
{
	return outcome->was_played ? outcome->result.ns : 0;
}

static void put_case(const struct outcome *outcome, struct buffer *out)
{
	const char *element = outcome->status == EXIT_ANSWER_NO ? "failure" : "error";
	struct buffer text = { 0 };

	buffer_printf(out, "    <testcase");
	put_attribute("classname", outcome->file, out);
	put_attribute("name", outcome_name(outcome), out);
	buffer_printf(out, " time=\"%.6f\"", (double)ns_of(outcome) / SECOND_NS);
	if (!outcome->status) {
		buffer_printf(out, "/>\n");
		return;
	}
	outcome_reason(outcome, &text);
	buffer_printf(out, ">\n      <%s", element);
	put_attribute("message", buffer_text(&text), out);
	buffer_printf(out, ">");
	buffer_printf(&text, "\n");
	outcome_details(outcome, &render_plain, false, &text);
	put_xml(buffer_text(&text), out);
	buffer_printf(out, "</%s>\n    </testcase>\n", element);
	buffer_fini(&text);
}

static size_t count_status(const struct outcomes *outcomes, bool failed)
{
	size_t count = 0;

	for (size_t i = 0; i < outcomes->count; i++)
		if (outcomes->rows[i].status)
			count += (outcomes->rows[i].status == EXIT_ANSWER_NO) == failed;
	return count;
}

void outcomes_junit(const struct outcomes *outcomes, struct buffer *out)
{
	struct buffer counts = { 0 };

	buffer_printf(&counts, "tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"%.6f\"",
		outcomes->count, count_status(outcomes, true), count_status(outcomes, false),
		(double)outcomes->ns / SECOND_NS);
	buffer_printf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites %s>\n"
		"  <testsuite name=\"pktsmith test\" %s>\n",
		buffer_text(&counts), buffer_text(&counts));
	for (size_t i = 0; i < outcomes->count; i++)
		put_case(&outcomes->rows[i], out);
	buffer_printf(out, "  </testsuite>\n</testsuites>\n");
	buffer_fini(&counts);
}

/* ---- JSON ---- */

static struct json *text_json(struct buffer *text)
{
	struct json *json = json_text(buffer_text(text));

	buffer_fini(text);
	return json;
}

static struct json *step_json(const struct exchange_result *result)
{
	const struct script_step *step = result->failed;
	struct json *json = json_object();

	json_set(json, "number", json_number(step->number));
	json_set(json, "kind", json_text(script_kind_name(step->kind)));
	if (step->name)
		json_set(json, "name", json_text(step->name));
	json_set(json, "line", json_number(step->at.line));
	json_set(json, "column", json_number(step->at.column));
	if (result->turn)
		json_set(json, "turn", json_number(result->turn));
	return json;
}

static struct json *row_json(const struct outcome *outcome, const struct pattern_row *row)
{
	static const char *const verdicts[] = { "free", "same", "taken", "differs", "missing",
		"added" };
	struct json *json = json_object();
	struct buffer text = { 0 };

	json_set(json, "layer", json_text(row->record->name));
	if (row->field)
		json_set(json, "field", json_text(row->field->name));
	json_set(json, "verdict", json_text(verdicts[row->verdict]));
	if (row->field && row->wanted && row->wanted->state != SPEC_AUTO) {
		pattern_wanted_put(row->field, row->wanted, outcome->result.values, &text);
		json_set(json, "expected", text_json(&text));
	}
	if (row->there && row->field && row->field->kind != WIRE_LIST) {
		text = (struct buffer){ 0 };
		wire_value_format(row->field, &row->value, &text);
		json_set(json, "actual", text_json(&text));
	}
	return json;
}

static struct json *event_json(const struct outcome *outcome, const struct exchange_event *event)
{
	static const char *const fates[] = { "waiting", "expected", "passed", "unwanted",
		"answer" };
	const char *port = outcome->script.ports[event->port].name;
	struct json *json = json_object();
	struct buffer text = { 0 };

	json_set(json, "time_ns", json_number(event->time_ns));
	json_set(json, "kind", json_text(event->kind == EXCHANGE_SENT ? "sent" : "arrived"));
	if (event->kind == EXCHANGE_ARRIVED || event->fate != EXCHANGE_WAITING)
		json_set(json, "fate", json_text(fates[event->fate]));
	if (event->step)
		json_set(json, "step", json_number(event->step->number));
	if (*port)
		json_set(json, "on", json_text(port));
	for (uint32_t i = 0; i < event->length; i++)
		buffer_printf(&text, "%02x", event->octets[i]);
	json_set(json, "hex", text_json(&text));
	return json;
}

static void result_json(const struct outcome *outcome, struct json *json)
{
	static const char *const reasons[] = { "pass", "missed", "forbidden", "early", "unexpected",
		"unsent", "stopped" };
	const struct exchange_result *result = &outcome->result;
	struct json *list = json_array();

	json_set(json, "seconds", json_real((double)result->ns / SECOND_NS));
	json_set(json, "verdict", json_text(reasons[result->verdict]));
	if (result->failed)
		json_set(json, "step", step_json(result));
	for (unsigned int i = 0; i < result->comparison.count; i++)
		json_add(list, row_json(outcome, &result->comparison.rows[i]));
	if (result->verdict != EXCHANGE_PASS)
		json_set(json, "fields", list);
	else
		json_free(list);
	list = json_array();
	for (unsigned int i = 0; i < result->event_count; i++)
		json_add(list, event_json(outcome, &result->events[i]));
	json_set(json, "timeline", list);
}

struct json *outcome_json(const struct outcome *outcome)
{
	struct json *json = json_object();
	struct buffer text = { 0 };

	json_set(json, "file", json_text(outcome->file));
	json_set(json, "name", json_text(outcome_name(outcome)));
	json_set(json, "passed", json_bool(!outcome->status));
	if (outcome->status) {
		outcome_reason(outcome, &text);
		json_set(json, "reason", text_json(&text));
	}
	if (outcome->was_played)
		result_json(outcome, json);
	return json;
}

static void counts_json(const struct outcomes *outcomes, struct json *json)
{
	size_t failed = count_status(outcomes, true);
	size_t errors = count_status(outcomes, false);

	json_set(json, "passed", json_number(outcomes->count - failed - errors));
	json_set(json, "failed", json_number(failed));
	json_set(json, "errors", json_number(errors));
	json_set(json, "seconds", json_real((double)outcomes->ns / SECOND_NS));
}

struct json *outcomes_json(const struct outcomes *outcomes)
{
	struct json *json = json_object();
	struct json *list = json_array();

	for (size_t i = 0; i < outcomes->count; i++)
		json_add(list, outcome_json(&outcomes->rows[i]));
	json_set(json, "scripts", list);
	counts_json(outcomes, json);
	return json;
}

struct json *outcomes_report_json(const struct outcomes *outcomes)
{
	struct json *json = json_object();

	counts_json(outcomes, json);
	return json_typed("report", json);
}
