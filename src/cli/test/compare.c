/* What was expected beside what came, a line a field. */
#include "cli/test/outcome.h"

#include "match/pattern.h"

#include <inttypes.h>
#include <string.h>

#define NAME_WIDTH  18
#define VALUE_WIDTH 34 /* longer values are cut */

/* At most so many octets of it; padded where something follows. */
static void put_cut(const struct buffer *text, bool pad, struct buffer *out)
{
	if (text->length > VALUE_WIDTH)
		buffer_printf(out, "%.*s...", VALUE_WIDTH - 3, buffer_text(text));
	else
		buffer_printf(out, "%-*s", pad ? VALUE_WIDTH : 0, buffer_text(text));
}

static void wanted_text(
	const struct outcome *outcome, const struct pattern_row *row, struct buffer *out)
{
	const struct spec_value *wanted = row->wanted;

	if (wanted && wanted->state != SPEC_AUTO)
		pattern_wanted_put(row->field, wanted, outcome->result.values, out);
	else if (row->verdict == PATTERN_DIFFERS && row->check == VIEW_WRONG)
		wire_value_format(row->field, &(struct wire_value){ .number = row->right }, out);
	else if (row->verdict == PATTERN_SAME)
		buffer_printf(out, "right");
	else
		buffer_printf(out, "any");
}

static void actual_text(const struct pattern_row *row, struct buffer *out)
{
	if (!row->there) {
		buffer_printf(out, "not there");
		return;
	}
	if (row->field->kind == WIRE_LIST) {
		buffer_printf(out, "%u item%s", row->items, row->items == 1 ? "" : "s");
		return;
	}
	wire_value_format(row->field, &row->value, out);
	if (row->check == VIEW_OFFLOADED)
		buffer_printf(out, " (left to the device)");
	else if (row->check == VIEW_WRONG)
		buffer_printf(out, " (wrong)");
}

static bool is_bad(enum pattern_verdict verdict)
{
	return verdict == PATTERN_DIFFERS || verdict == PATTERN_MISSING || verdict == PATTERN_ADDED;
}

static const char *color_of(enum pattern_verdict verdict, const struct render_style *style)
{
	if (is_bad(verdict))
		return style->bad;
	return verdict == PATTERN_FREE ? style->dim : style->good;
}

static void put_heading(
	const struct pattern_row *row, const struct render_style *style, struct buffer *out)
{
	buffer_printf(out, "  %s %*s%s%s%s", is_bad(row->verdict) ? "*" : " ", 2 * (int)row->depth,
		"", style->layer, row->record->name, style->reset);
	if (row->verdict == PATTERN_MISSING)
		buffer_printf(out, "  %sexpected, and not there%s", style->bad, style->reset);
	if (row->verdict == PATTERN_ADDED)
		buffer_printf(out, "  %snot expected here%s", style->bad, style->reset);
	buffer_printf(out, "\n");
}

static void put_field(const struct outcome *outcome, const struct pattern_row *row,
	const struct render_style *style, struct buffer *out)
{
	int indent = 2 + 2 * (int)row->depth;
	struct buffer wanted = { 0 };
	struct buffer actual = { 0 };

	wanted_text(outcome, row, &wanted);
	actual_text(row, &actual);
	buffer_printf(out, "  %s %*s%-*s ", is_bad(row->verdict) ? "*" : " ", indent, "",
		NAME_WIDTH - indent, row->field->name);
	put_cut(&wanted, true, out);
	buffer_printf(out, "  %s", color_of(row->verdict, style));
	put_cut(&actual, false, out);
	buffer_printf(out, "%s\n", style->reset);
	buffer_fini(&wanted);
	buffer_fini(&actual);
}

/* Whether a layer or item is free as a whole: its heading says that much. */
static bool is_free(const struct pattern_row *rows, unsigned int count, unsigned int heading)
{
	return heading < count && rows[heading].verdict == PATTERN_FREE;
}

void outcome_compare(
	const struct outcome *outcome, const struct render_style *style, struct buffer *out)
{
	const struct pattern_comparison *comparison = &outcome->result.comparison;
	unsigned int heading = 0;

	buffer_printf(out, "    %s%-*s %-*s  actual%s\n", style->dim, NAME_WIDTH, "", VALUE_WIDTH,
		"expected", style->reset);
	for (unsigned int i = 0; i < comparison->count; i++) {
		const struct pattern_row *row = &comparison->rows[i];

		if (!row->field) {
			heading = i;
			put_heading(row, style, out);
		} else if (!is_free(comparison->rows, comparison->count, heading)) {
			put_field(outcome, row, style, out);
		}
	}
}
