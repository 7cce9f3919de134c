/* Walks a record of a pattern, a layer's header or an item of a list, beside that of a frame. */
#include "match/pattern_internal.h"

#include "base/arena.h"

#include <string.h>

/* ---- rows ---- */

static bool is_difference(enum pattern_verdict verdict)
{
	return verdict == PATTERN_DIFFERS || verdict == PATTERN_MISSING || verdict == PATTERN_ADDED;
}

void walk_row(struct walk *walk, const struct pattern_row *row)
{
	struct pattern_comparison *out = walk->out;

	walk->differs |= is_difference(row->verdict);
	if (!walk->arena)
		return;
	if (out->count == walk->room) {
		unsigned int room = walk->room ? 2 * walk->room : 32;
		struct pattern_row *rows = arena_alloc(walk->arena, room * sizeof(*rows));

		if (out->count)
			memcpy(rows, out->rows, out->count * sizeof(*rows));
		out->rows = rows;
		walk->room = room;
	}
	out->rows[out->count] = *row;
	out->rows[out->count++].depth = walk->depth;
	out->differing += is_difference(row->verdict);
	out->same += row->verdict == PATTERN_SAME || row->verdict == PATTERN_TAKEN;
}

void walk_heading(struct walk *walk, const struct wire_record *record, enum pattern_verdict verdict)
{
	walk_row(walk, &(struct pattern_row){ .record = record, .verdict = verdict });
}

bool walk_is_over(const struct walk *walk)
{
	return walk->differs && !walk->arena;
}

/* ---- one field ---- */

static enum pattern_verdict capture_verdict(
	struct walk *walk, const struct spec_value *wanted, const struct actual *actual)
{
	const struct spec_capture *capture = wanted->capture;
	const struct wire_value *named = NULL;
	struct wire_value value;

	if (capture->name && walk->values[capture->index].known) {
		value = pattern_value_of(&walk->values[capture->index]);
		named = &value;
	}
	for (unsigned int i = 0; capture->name && !named && i < walk->taken_count; i++)
		if (walk->taken[i].name == capture->index)
			named = &walk->taken[i].actual.value;
	if (!value_fits(wanted, named, actual))
		return PATTERN_DIFFERS;
	if (!capture->name || named)
		return PATTERN_SAME;
	walk->taken[walk->taken_count++] = (struct taken){ capture->index, *actual };
	return PATTERN_TAKEN;
}

/* wanted may be NULL: nothing is given. */
static enum pattern_verdict verdict_of(
	struct walk *walk, const struct spec_value *wanted, const struct actual *actual)
{
	if (!wanted || !is_wanted(wanted)) {
		if (actual->field->rule == WIRE_FIXED || walk->quoted)
			return PATTERN_FREE;
		return actual->check == VIEW_WRONG ? PATTERN_DIFFERS : PATTERN_SAME;
	}
	if (wanted->state == SPEC_TAKEN)
		return capture_verdict(walk, wanted, actual);
	return value_fits(wanted, NULL, actual) ? PATTERN_SAME : PATTERN_DIFFERS;
}

void walk_value(struct walk *walk, const struct wire_record *record,
	const struct spec_value *wanted, const struct actual *actual)
{
	walk_row(walk, &(struct pattern_row){
			       .verdict = verdict_of(walk, wanted, actual),
			       .record = record,
			       .field = actual->field,
			       .wanted = wanted,
			       .there = true,
			       .value = actual->value,
			       .check = actual->check,
			       .right = actual->right,
		       });
}

static struct actual actual_of(const struct frame_view *view, const struct view_field *field)
{
	return (struct actual){
		.field = field->field,
		.width = field->width,
		.value = view_value(view, field),
		.check = field->check,
		.right = field->expected,
	};
}

/* ---- records ---- */

/* The next item of this kind from index on; count where there is none. */
static unsigned int item_find(
	const struct view_field *list, unsigned int index, const struct wire_record *type)
{
	while (index < list->count && list->items[index].type != type)
		index++;
	return index;
}

/* Whether a list may have other items than those given. */
static bool is_open(const struct spec_value *wanted)
{
	return wanted->count && !wanted->want;
}

/* The items given are there in this order, with others among them or alone. */
static void items_walk(
	struct walk *walk, const struct spec_value *wanted, const struct view_field *actual)
{
	enum pattern_verdict others = is_open(wanted) ? PATTERN_FREE : PATTERN_ADDED;
	unsigned int next = 0;

	walk->depth++;
	for (unsigned int i = 0; i < wanted->count && !walk_is_over(walk); i++) {
		const struct spec_record *item = &wanted->items[i];
		unsigned int found = item_find(actual, next, item->type);

		if (found == actual->count) {
			walk_heading(walk, item->type, PATTERN_MISSING);
			continue;
		}
		for (; next < found; next++)
			walk_heading(walk, actual->items[next].type, others);
		walk_heading(walk, item->type, PATTERN_SAME);
		walk_record(walk, item, &actual->items[found]);
		next = found + 1;
	}
	for (; next < actual->count; next++)
		walk_heading(walk, actual->items[next].type, others);
	walk->depth--;
}

static void list_walk(struct walk *walk, const struct wire_record *record,
	const struct spec_value *wanted, const struct view_field *actual)
{
	bool given = wanted && is_wanted(wanted) &&
		     (!wanted->want || wanted->want->kind == SPEC_WANT_EXACTLY);

	walk_row(walk, &(struct pattern_row){ .verdict = given ? PATTERN_SAME : PATTERN_FREE,
			       .record = record,
			       .field = actual->field,
			       .wanted = wanted,
			       .there = true,
			       .items = actual->count });
	if (given)
		items_walk(walk, wanted, actual);
}

/* What is given for a field of this name: it may stand in several rows under exclusive conditions.
 */
static const struct spec_value *wanted_of(const struct spec_record *record, const char *name)
{
	for (unsigned int i = 0; i < record->type->count; i++)
		if (is_wanted(&record->values[i]) && !strcmp(record->type->fields[i].name, name))
			return &record->values[i];
	return NULL;
}

void walk_missing(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual)
{
	const struct wire_record *type = wanted->type;

	for (unsigned int i = 0; i < type->count && !walk_is_over(walk); i++) {
		const struct spec_value *value = &wanted->values[i];
		const struct wire_field *field = &type->fields[i];
		bool empty = field->kind == WIRE_LIST && !value->count;

		if (!is_wanted(value) || empty || (actual && view_field_find(actual, field->name)))
			continue;
		walk_row(walk, &(struct pattern_row){ .verdict = PATTERN_MISSING,
				       .record = type,
				       .field = field,
				       .wanted = value });
	}
}

void walk_record(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual)
{
	for (unsigned int i = 0; i < actual->count && !walk_is_over(walk); i++) {
		const struct view_field *field = &actual->fields[i];
		const struct spec_value *value = wanted_of(wanted, field->field->name);
		struct actual held;

		if (field->field->kind == WIRE_LIST) {
			list_walk(walk, wanted->type, value, field);
			continue;
		}
		held = actual_of(walk->view, field);
		walk_value(walk, wanted->type, value, &held);
	}
	walk_missing(walk, wanted, actual);
}
