/* Walks a pattern's layers and fields beside those of a frame. */
#include "match/pattern.h"

#include "base/arena.h"
#include "match/pattern_internal.h"

#include <string.h>

/* A name that takes its value from this frame, should it match. */
struct taken {
	unsigned int name; /* spec_capture.index: each at most once */
	struct actual actual;
};

struct walk {
	const struct frame_view *view;
	const struct pattern_value *values;
	struct arena
		*arena; /* of the rows; NULL: none are made, and the first difference ends it */
	struct pattern_comparison *out;
	unsigned int room;
	unsigned int depth;
	bool quoted; /* an ICMP error stands before this layer */
	bool differs;
	struct taken taken[SPEC_CAPTURES_MAX];
	unsigned int taken_count;
};

/* ---- rows ---- */

static bool is_difference(enum pattern_verdict verdict)
{
	return verdict == PATTERN_DIFFERS || verdict == PATTERN_MISSING || verdict == PATTERN_ADDED;
}

static void row_add(struct walk *walk, const struct pattern_row *row)
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

static void record_row(
	struct walk *walk, const struct wire_record *record, enum pattern_verdict verdict)
{
	row_add(walk, &(struct pattern_row){ .record = record, .verdict = verdict });
}

/* Whether the walk is over: without rows the first difference says all. */
static bool is_over(const struct walk *walk)
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

static void value_row(struct walk *walk, const struct wire_record *record,
	const struct spec_value *wanted, const struct actual *actual)
{
	row_add(walk, &(struct pattern_row){
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

static void record_walk(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual);

/* The next item of this kind from index on; count where there is none. */
static unsigned int item_find(
	const struct view_field *list, unsigned int index, const struct wire_record *type)
{
	while (index < list->count && list->items[index].type != type)
		index++;
	return index;
}

/* The items given are there in this order, with others among them. */
static void items_walk(
	struct walk *walk, const struct spec_value *wanted, const struct view_field *actual)
{
	unsigned int next = 0;

	walk->depth++;
	for (unsigned int i = 0; i < wanted->count && !is_over(walk); i++) {
		const struct spec_record *item = &wanted->items[i];
		unsigned int found = item_find(actual, next, item->type);

		if (found == actual->count) {
			record_row(walk, item->type, PATTERN_MISSING);
			continue;
		}
		for (; next < found; next++)
			record_row(walk, actual->items[next].type, PATTERN_FREE);
		record_row(walk, item->type, PATTERN_SAME);
		record_walk(walk, item, &actual->items[found]);
		next = found + 1;
	}
	for (; next < actual->count; next++)
		record_row(walk, actual->items[next].type,
			wanted->count ? PATTERN_FREE : PATTERN_ADDED);
	walk->depth--;
}

static void list_walk(struct walk *walk, const struct wire_record *record,
	const struct spec_value *wanted, const struct view_field *actual)
{
	bool given = wanted && is_wanted(wanted) && !wanted->want;

	row_add(walk, &(struct pattern_row){ .verdict = given ? PATTERN_SAME : PATTERN_FREE,
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

/* The fields that are wanted and not there. */
static void missing_walk(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual)
{
	const struct wire_record *type = wanted->type;

	for (unsigned int i = 0; i < type->count && !is_over(walk); i++) {
		const struct spec_value *value = &wanted->values[i];
		const struct wire_field *field = &type->fields[i];
		bool empty = field->kind == WIRE_LIST && !value->count;

		if (!is_wanted(value) || empty || (actual && view_field_find(actual, field->name)))
			continue;
		row_add(walk, &(struct pattern_row){ .verdict = PATTERN_MISSING,
				      .record = type,
				      .field = field,
				      .wanted = value });
	}
}

static void record_walk(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual)
{
	for (unsigned int i = 0; i < actual->count && !is_over(walk); i++) {
		const struct view_field *field = &actual->fields[i];
		const struct spec_value *value = wanted_of(wanted, field->field->name);
		const struct actual held = field->field->kind == WIRE_LIST
						   ? (struct actual){ 0 }
						   : actual_of(walk->view, field);

		if (field->field->kind == WIRE_LIST)
			list_walk(walk, wanted->type, value, field);
		else
			value_row(walk, wanted->type, value, &held);
	}
	missing_walk(walk, wanted, actual);
}

/* ---- layers ---- */

/* The layer is an ICMP message: what follows it, it quotes. */
static bool is_icmp(const struct view_layer *layer)
{
	for (unsigned int i = 0; i < layer->header.count; i++) {
		enum wire_space space = layer->header.fields[i].field->space;

		if (space == WIRE_ICMP_TYPE || space == WIRE_ICMPV6_TYPE)
			return true;
	}
	return false;
}

/* Where the pattern begins in the frame; its count where nowhere. */
static unsigned int first_layer(const struct frame_spec *pattern, const struct frame_view *view)
{
	const struct wire_protocol *protocol = pattern->layers[0].protocol;

	if (protocol == &wire_eth || protocol == &wire_payload)
		return 0;
	for (unsigned int i = 0; i < view->count; i++) {
		if (view->layers[i].protocol == protocol)
			return i;
		if (is_icmp(&view->layers[i]))
			break;
	}
	return view->count;
}

/* All octets behind the layer before: a payload is one, whatever protocol it was read as. */
static void payload_walk(struct walk *walk, const struct spec_layer *wanted, unsigned int index)
{
	const struct frame_view *view = walk->view;
	const struct view_layer *before = index ? &view->layers[index - 1] : NULL;
	uint32_t start = before ? before->header.offset + before->header.length : 0;
	uint32_t limit = before ? before->end : view->length;
	uint32_t end = limit > start ? limit : start;
	const struct actual actual = {
		.field = &wire_payload.header.fields[0],
		.width = (end - start) * 8,
		.value = { .octets = view->octets + start, .length = end - start },
	};

	record_row(walk, wanted->header.type, PATTERN_SAME);
	value_row(walk, wanted->header.type, &wanted->header.values[0], &actual);
}

static void layer_missing(struct walk *walk, const struct spec_layer *wanted)
{
	record_row(walk, wanted->header.type, PATTERN_MISSING);
	missing_walk(walk, &wanted->header, NULL);
}

static void layer_added(
	struct walk *walk, const struct view_layer *layer, enum pattern_verdict verdict)
{
	const struct wire_record *record = layer->header.type;

	record_row(walk, record, verdict);
	for (unsigned int i = 0; i < layer->header.count && walk->arena; i++) {
		const struct view_field *field = &layer->header.fields[i];
		struct pattern_row row = { .record = record, .field = field->field, .there = true };

		row.items = field->count;
		if (field->field->kind != WIRE_LIST)
			row.value = view_value(walk->view, field);
		row.check = field->check;
		row.right = field->expected;
		row_add(walk, &row);
	}
}

static void layer_walk(
	struct walk *walk, const struct spec_layer *wanted, const struct view_layer *actual)
{
	record_row(walk, wanted->header.type, PATTERN_SAME);
	record_walk(walk, &wanted->header, &actual->header);
	walk->quoted |= is_icmp(actual);
}

static const struct wire_protocol *protocol_at(const struct frame_view *view, unsigned int index)
{
	return index < view->count ? view->layers[index].protocol : NULL;
}

/* Layers that do not agree: one that is missing, added, or another in its place. Returns how many
 * of the frame's are done with. */
static unsigned int layers_disagree(struct walk *walk, const struct frame_spec *pattern,
	unsigned int index, unsigned int at, bool *ret_missing)
{
	const struct frame_view *view = walk->view;
	const struct wire_protocol *wanted = pattern->layers[index].protocol;
	bool missing = at >= view->count ||
		       (index + 1 < pattern->count &&
			       pattern->layers[index + 1].protocol == view->layers[at].protocol);

	*ret_missing = missing || protocol_at(view, at + 1) != wanted;
	if (*ret_missing)
		layer_missing(walk, &pattern->layers[index]);
	if (missing)
		return 0;
	layer_added(walk, &view->layers[at], PATTERN_ADDED);
	walk->quoted |= is_icmp(&view->layers[at]);
	return 1;
}

/* A payload stands behind any layer, be it an empty one. */
static bool is_payload(
	const struct spec_layer *wanted, const struct frame_view *view, unsigned int at)
{
	return wanted->protocol == &wire_payload && at <= view->count && (at || view->count);
}

static void layers_walk(struct walk *walk, const struct frame_spec *pattern)
{
	const struct frame_view *view = walk->view;
	unsigned int at = first_layer(pattern, view);
	unsigned int index = 0;

	for (unsigned int i = 0; i < at && at < view->count; i++)
		layer_added(walk, &view->layers[i], PATTERN_FREE);
	while (index < pattern->count && !is_over(walk)) {
		const struct spec_layer *wanted = &pattern->layers[index];
		bool done = true;

		if (is_payload(wanted, view, at)) {
			payload_walk(walk, wanted, at);
			at = view->count;
		} else if (wanted->protocol == protocol_at(view, at)) {
			layer_walk(walk, wanted, &view->layers[at++]);
		} else {
			at += layers_disagree(walk, pattern, index, at, &done);
		}
		index += done;
	}
	for (; at < view->count && walk->arena; at++)
		layer_added(walk, &view->layers[at], PATTERN_FREE);
}

/* ---- the whole ---- */

static void take(const struct walk *walk, struct pattern_value *values)
{
	for (unsigned int i = 0; i < walk->taken_count; i++) {
		const struct actual *actual = &walk->taken[i].actual;
		struct pattern_value *value = &values[walk->taken[i].name];

		value->known = true;
		value->number = actual->value.number;
		buffer_clear(&value->octets);
		if (!wire_is_number(actual->field) && actual->value.length)
			buffer_put(&value->octets, actual->value.octets, actual->value.length);
	}
}

bool pattern_match(const struct frame_spec *pattern, const struct frame_view *view,
	struct pattern_value *values)
{
	struct walk walk;

	/* Not all of it: the array of names is long, and this runs for each frame. */
	walk.view = view;
	walk.values = values;
	walk.arena = NULL;
	walk.out = NULL;
	walk.room = walk.depth = walk.taken_count = 0;
	walk.quoted = walk.differs = false;
	if (pattern->count)
		layers_walk(&walk, pattern);
	if (walk.differs)
		return false;
	take(&walk, values);
	return true;
}

void pattern_compare(struct arena *arena, const struct frame_spec *pattern,
	const struct frame_view *view, const struct pattern_value *values,
	struct pattern_comparison *ret)
{
	struct pattern_comparison comparison = { 0 };
	struct walk walk = { .view = view, .values = values, .arena = arena, .out = &comparison };

	if (pattern->count)
		layers_walk(&walk, pattern);
	*ret = comparison;
}

void pattern_values_fini(struct pattern_value *values, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		buffer_fini(&values[i].octets);
}
