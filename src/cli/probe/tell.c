/* Tells of probes as they are answered or lost: the lines of the table, the objects of JSON, the
 * frames of the file. */
#include "cli/probe/page.h"

#include <stdio.h>
#include <string.h>

/* A run of no more probes tells of those that were lost where they stand in the table; a longer one
 * lists them at its end, so many at most. */
#define LOST_IN_TABLE 64U
#define LIST_MOST     20U

/* Of --json, which is to end some time. */
#define DOCUMENT_MOST 1000U

#define FLUSH_AT 32768U

/* ---- pieces ---- */

void probe_put_time(struct buffer *out, uint64_t ns)
{
	if (ns < 10000000000U)
		buffer_printf(out, "%.3f ms", (double)ns / 1e6);
	else
		buffer_printf(out, "%.3f s", (double)ns / 1e9);
}

static int flush(struct probe_tell *tell, size_t from, struct err *err)
{
	if (tell->out.length < from)
		return 0;
	if (!cli_print(&tell->out))
		return 0;
	/* Which it has told, where it is worth a word. */
	tell->unprinted = true;
	return err_system(err, EPIPE, "cannot print");
}

static bool is_json(const struct probe_tell *tell)
{
	return tell->options->send.common.json || tell->options->send.common.jsonl;
}

/* Whether there is a line, or an object, for each probe. */
static bool is_listed(const struct probe_tell *tell)
{
	const struct common *common = &tell->options->send.common;

	return !tell->options->summary && (is_json(tell) || !common->quiet);
}

static bool loses_in_table(const struct probe_tell *tell)
{
	return tell->options->send.common.verbose || tell->plan->shape != PROBE_SWEEP ||
	       (tell->plan->count && tell->plan->count <= LOST_IN_TABLE);
}

static void value_text(const struct answer_value *value, struct buffer *out)
{
	buffer_clear(out);
	answer_tell_value(value, out);
}

/* The MAC of who sent it, which is what ARP is about. */
static void put_mac(struct buffer *out, const struct probe_answer *answer)
{
	const uint8_t *mac = answer->octets + 6;

	if (answer->length >= 12)
		buffer_printf(out, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
			mac[4], mac[5]);
}

static bool speaks_of_mac(const struct answer_verdict *verdict)
{
	return !strncmp(verdict->what, "ARP", 3) || !strncmp(verdict->what, "neighbour", 9);
}

/* ---- JSON ---- */

static void set_buffer(struct json *json, const char *key, const struct buffer *text)
{
	if (text->length)
		json_set(json, key, json_text(buffer_text(text)));
}

static struct json *reply_json(struct probe_tell *tell, const struct probe_answer *answer)
{
	const struct probe_target *target = probe_target_of(&tell->targets, answer->number);
	const struct answer_verdict *verdict = answer->verdict;
	struct json *json = json_object();
	struct buffer text = { 0 };
	const char *state = probe_port_state(target, verdict);

	json_set(json, "probe", json_number(answer->number + 1));
	set_buffer(json, "target", &target->text);
	set_buffer(json, "varies", &target->varies);
	json_set(json, "kind", json_text(verdict->kind == ANSWER_ERROR ? "error" : "reply"));
	answer_tell(verdict, &text);
	set_buffer(json, "answer", &text);
	value_text(&verdict->from, &text);
	set_buffer(json, "from", &text);
	buffer_clear(&text);
	put_mac(&text, answer);
	set_buffer(json, "mac", &text);
	if (state)
		json_set(json, "state", json_text(state));
	json_set(json, "rtt_ns", answer->timed ? json_number(answer->rtt_ns) : json_null());
	json_set(json, "time_ns", json_number(answer->time_ns));
	json_set(json, "length", json_number(answer->length));
	if (verdict->ttl)
		json_set(json, "ttl", json_number(verdict->ttl));
	json_set(json, "sendings", json_number(answer->sendings));
	if (answer->duplicate)
		json_set(json, "duplicate", json_bool(true));
	if (answer->late)
		json_set(json, "late", json_bool(true));
	buffer_fini(&text);
	return json;
}

void probe_tell_begin(struct probe_tell *tell)
{
	if (!tell->begun)
		buffer_printf(&tell->out, "{\n  \"replies\":[");
	tell->begun = true;
}

/* A document is written as it grows, so that a million of replies take no memory. */
static void put_reply(struct probe_tell *tell, struct json *json)
{
	if (tell->options->send.common.jsonl) {
		json_print(json_typed("reply", json), false, &tell->out);
		return;
	}
	probe_tell_begin(tell);
	buffer_printf(&tell->out, "%s\n    ", tell->replies++ ? "," : "");
	json_print(json, false, &tell->out);
	tell->out.length--; /* the line's end */
}

/* Into a list of the document's end, as it has room. */
static void put_later(struct probe_tell *tell, const char *type, struct json *json,
	struct buffer *list, uint64_t *count)
{
	if (tell->options->send.common.jsonl) {
		json_print(json_typed(type, json), false, &tell->out);
		return;
	}
	if (*count == DOCUMENT_MOST) {
		json_free(json);
		return;
	}
	buffer_printf(list, "%s\n    ", (*count)++ ? "," : "");
	json_print(json, false, list);
	list->length--;
}

static struct json *near_json(struct probe_tell *tell, const struct probe_answer *answer)
{
	const struct probe_target *target = probe_target_of(&tell->targets, answer->number);
	struct json *json = json_object();
	struct buffer text = { 0 };

	json_set(json, "probe", json_number(answer->number + 1));
	set_buffer(json, "target", &target->text);
	json_set(json, "reason", json_text(answer_reason_names[answer->verdict->reason]));
	answer_tell(answer->verdict, &text);
	set_buffer(json, "text", &text);
	value_text(&answer->verdict->from, &text);
	set_buffer(json, "from", &text);
	buffer_fini(&text);
	return json;
}

static struct json *lost_json(struct probe_tell *tell, uint64_t number)
{
	const struct probe_target *target = probe_target_of(&tell->targets, number);
	struct json *json = json_object();
	const char *state = probe_port_state(target, NULL);

	json_set(json, "probe", json_number(number + 1));
	set_buffer(json, "target", &target->text);
	set_buffer(json, "varies", &target->varies);
	if (state)
		json_set(json, "state", json_text(state));
	return json;
}

/* ---- the table ---- */

/* "   3  10.0.0.2:80 ttl=3       open      SYN-ACK                    " */
static void put_row(struct probe_tell *tell, uint64_t number, const struct probe_target *target,
	const char *state, const char *color, const char *answer)
{
	const struct render_style *style = cli_style(&tell->options->send.common);
	struct buffer whom = { 0 };

	buffer_printf(&whom, "%s%s%s", buffer_text(&target->text), target->varies.length ? " " : "",
		buffer_text(&target->varies));
	buffer_printf(
		&tell->out, "%6llu  %-24s  ", (unsigned long long)number + 1, buffer_text(&whom));
	if (target->port == PROBE_SYN || state)
		buffer_printf(&tell->out, "%-8s  ", state ? state : "");
	buffer_printf(&tell->out, "%s%-44s%s", color, answer, *color ? style->reset : "");
	buffer_fini(&whom);
}

static void put_answer(struct probe_tell *tell, const struct probe_answer *answer)
{
	const struct render_style *style = cli_style(&tell->options->send.common);
	const struct probe_target *target = probe_target_of(&tell->targets, answer->number);
	const struct answer_verdict *verdict = answer->verdict;
	struct buffer text = { 0 };
	const char *color = verdict->kind == ANSWER_REPLY ? style->good : style->bad;

	answer_tell(verdict, &text);
	if (speaks_of_mac(verdict)) {
		buffer_printf(&text, ": ");
		put_mac(&text, answer);
	}
	put_row(tell, answer->number, target, probe_port_state(target, verdict), color,
		buffer_text(&text));
	if (answer->timed)
		buffer_printf(&tell->out, " %11.3f ms", (double)answer->rtt_ns / 1e6);
	if (answer->sendings > 1)
		buffer_printf(&tell->out, "  after %u sendings", answer->sendings);
	if (answer->duplicate)
		buffer_printf(&tell->out, "  duplicate");
	if (answer->late)
		buffer_printf(&tell->out, "  too late");
	buffer_printf(&tell->out, "\n");
	buffer_fini(&text);
}

static void put_no_answer(struct probe_tell *tell, uint64_t number)
{
	const struct render_style *style = cli_style(&tell->options->send.common);
	const struct probe_target *target = probe_target_of(&tell->targets, number);

	put_row(tell, number, target, probe_port_state(target, NULL), style->dim, "no answer");
	while (tell->out.length && tell->out.data[tell->out.length - 1] == ' ')
		tell->out.length--;
	buffer_printf(&tell->out, "\n");
}

/* ---- events ---- */

static int write_frame(struct probe_tell *tell, uint64_t time_ns, const uint8_t *octets,
	uint32_t length, struct err *err)
{
	if (!tell->file)
		return 0;
	return pcapfile_write(tell->file, time_ns, octets, length, length, err);
}

static int on_sent(void *context, const struct probe_sent *sent, struct err *err)
{
	return write_frame(context, sent->time_ns, sent->octets, sent->length, err);
}

static int on_answer(void *context, const struct probe_answer *answer, struct err *err)
{
	struct probe_tell *tell = context;
	int rc = write_frame(tell, answer->time_ns, answer->octets, answer->length, err);

	if (rc == 0 && tell->page)
		probe_page_answer(
			tell->page, probe_target_of(&tell->targets, answer->number), answer);
	if (rc < 0 || !is_listed(tell))
		return rc;
	if (is_json(tell))
		put_reply(tell, reply_json(tell, answer));
	else
		put_answer(tell, answer);
	return flush(tell, tell->plan->stamps == STAMP_PROGRAM ? FLUSH_AT : 1, err);
}

static int on_near(void *context, const struct probe_answer *answer, struct err *err)
{
	struct probe_tell *tell = context;
	const struct common *common = &tell->options->send.common;

	if (is_json(tell)) {
		put_later(tell, "near_miss", near_json(tell, answer), &tell->near, &tell->nears);
		return flush(tell, FLUSH_AT, err);
	}
	if (common->quiet || tell->nears >= LIST_MOST)
		return 0;
	buffer_printf(&tell->near, "%s%llu: ", tell->nears++ ? "\n           " : "",
		(unsigned long long)answer->number + 1);
	answer_tell(answer->verdict, &tell->near);
	return 0;
}

static int on_lost(void *context, uint64_t number, struct err *err)
{
	struct probe_tell *tell = context;
	const struct common *common = &tell->options->send.common;

	if (tell->page)
		probe_page_lost(tell->page, probe_target_of(&tell->targets, number), number);
	if (is_json(tell)) {
		if (!tell->options->summary)
			put_later(tell, "lost", lost_json(tell, number), &tell->lost, &tell->losts);
		return flush(tell, FLUSH_AT, err);
	}
	if (common->quiet)
		return 0;
	if (is_listed(tell) && loses_in_table(tell)) {
		put_no_answer(tell, number);
		return flush(tell, 1, err);
	}
	if (tell->losts >= LIST_MOST)
		return 0;
	buffer_printf(&tell->lost, "%s%s", tell->losts++ ? ", " : "",
		buffer_text(&probe_target_of(&tell->targets, number)->text));
	return 0;
}

void probe_tell_events(struct probe_tell *tell, struct probe_events *ret)
{
	*ret = (struct probe_events){
		.sent = tell->file ? on_sent : NULL,
		.answer = on_answer,
		.near = on_near,
		.lost = on_lost,
		.context = tell,
	};
}

int probe_tell_init(struct probe_tell *tell, const struct probe_options *options,
	const struct probe_plan *plan, struct err *err)
{
	int rc;

	*tell = (struct probe_tell){ .options = options, .plan = plan };
	rc = probe_targets_init(&tell->targets, plan, err);
	if (rc == 0 && options->send.write)
		rc = pcapfile_create(&tell->file, options->send.write, false, err);
	return rc;
}

int probe_tell_fini(struct probe_tell *tell, struct err *err)
{
	int rc = pcapfile_close(tell->file, err);

	probe_targets_fini(&tell->targets);
	buffer_fini(&tell->out);
	buffer_fini(&tell->near);
	buffer_fini(&tell->lost);
	return rc;
}
