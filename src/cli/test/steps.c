/* The steps of a script, for --dry-run. */
#include "cli/test/outcome.h"

#include "base/arena.h"
#include "exchange/send.h"
#include "frame/build.h"
#include "match/pattern.h"

#include <string.h>

struct printing {
	const struct script *script;
	const struct render_style *style;
	struct buffer *out;
	int indent;
};

/* ---- frames ---- */

static int put_frame(void *context, const struct script_step *step, const uint8_t *octets,
	uint32_t length, bool own_fcs, struct err *err)
{
	struct printing *printing = context;
	struct frame_view view;
	struct arena arena;

	(void)step, (void)own_fcs, (void)err;
	arena_init(&arena);
	frame_dissect(&arena, &wire_eth, octets, length, DISSECT_FCS_ABSENT, &view);
	buffer_printf(printing->out, "%*s", printing->indent + 10, "");
	render_line(&view, printing->style, printing->out);
	buffer_printf(printing->out, "\n");
	arena_fini(&arena);
	return 0;
}

static void put_send(struct printing *printing, const struct script_step *step)
{
	const struct exchange_sending sending = {
		.step = step, .send = put_frame, .context = printing
	};
	struct arena arena;
	struct err err = { 0 };

	arena_init(&arena);
	if (exchange_send(&arena, &sending, &err))
		buffer_printf(printing->out, "%*s%s\n", printing->indent + 10, "", err.text);
	arena_fini(&arena);
}

/* ---- patterns ---- */

static void put_record(const struct spec_record *record, struct buffer *out)
{
	bool any = false;

	buffer_printf(out, "%s", record->type->name);
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];
		const struct wire_field *field = &record->type->fields[i];

		bool exactly = value->want && value->want->kind == SPEC_WANT_EXACTLY;

		if (value->state == SPEC_AUTO)
			continue;
		buffer_printf(out, "%s%s=", any ? ", " : "(", field->name);
		any = true;
		if (!value->items || !value->count || (value->want && !exactly)) {
			pattern_wanted_put(field, value, NULL, out);
			continue;
		}
		for (unsigned int j = 0; j < value->count; j++) {
			buffer_printf(out, "%s", j ? ", " : exactly ? "exactly [" : "[");
			put_record(&value->items[j], out);
		}
		buffer_printf(out, "]");
	}
	buffer_printf(out, "%s", any ? ")" : "");
}

static void put_pattern(struct printing *printing, const struct script_step *step)
{
	const struct frame_spec *spec = step->frames;

	buffer_printf(printing->out, "%*s", printing->indent + 10, "");
	for (unsigned int i = 0; i < spec->count; i++) {
		buffer_printf(printing->out, "%s", i ? "/" : "");
		put_record(&spec->layers[i].header, printing->out);
	}
	buffer_printf(printing->out, "\n");
}

/* ---- steps ---- */

static void put_heading(struct printing *printing, const struct script_step *step)
{
	struct buffer *out = printing->out;

	buffer_printf(out, "%*s%s%4u%s  %s", printing->indent, "", printing->style->dim,
		step->number, printing->style->reset, script_kind_name(step->kind));
	if (step->kind == SCRIPT_REPEAT)
		buffer_printf(out, " %u times", step->times);
	if (step->kind <= SCRIPT_EXPECT_NONE && *printing->script->ports[step->port].name)
		buffer_printf(out, " on %s", printing->script->ports[step->port].name);
	if (step->kind == SCRIPT_WAIT)
		buffer_printf(out, " ");
	else if (step->kind == SCRIPT_EXPECT || step->kind == SCRIPT_EXPECT_NONE)
		buffer_printf(out, " within ");
	if (step->kind == SCRIPT_WAIT || step->kind == SCRIPT_EXPECT ||
		step->kind == SCRIPT_EXPECT_NONE)
		outcome_time_put(step->ns, out);
	if (step->not_before_ns) {
		buffer_printf(out, ", not before ");
		outcome_time_put(step->not_before_ns, out);
	}
	if (step->name)
		buffer_printf(out, ": %s", step->name);
	buffer_printf(out, "\n");
}

static void put_steps(
	struct printing *printing, const struct script_step *steps, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		put_heading(printing, &steps[i]);
		if (steps[i].kind == SCRIPT_SEND)
			put_send(printing, &steps[i]);
		else if (steps[i].kind != SCRIPT_WAIT && steps[i].kind != SCRIPT_REPEAT)
			put_pattern(printing, &steps[i]);
		printing->indent += 4;
		put_steps(printing, steps[i].steps, steps[i].step_count);
		printing->indent -= 4;
	}
}

void outcome_steps(
	const struct outcome *outcome, const struct render_style *style, struct buffer *out)
{
	struct printing printing = { &outcome->script, style, out, 0 };
	const struct script *script = &outcome->script;

	buffer_printf(out, "%s%s%s\n", style->strong, script->name, style->reset);
	if (script->about)
		buffer_printf(out, "  %s\n", script->about);
	put_steps(&printing, script->steps, script->step_count);
}
