/* Walks a pattern's layers beside those of a frame. */
#include "match/pattern_internal.h"

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

	walk_heading(walk, wanted->header.type, PATTERN_SAME);
	walk_value(walk, wanted->header.type, &wanted->header.values[0], &actual);
}

static void layer_missing(struct walk *walk, const struct spec_layer *wanted)
{
	walk_heading(walk, wanted->header.type, PATTERN_MISSING);
	walk_missing(walk, &wanted->header, NULL);
}

static void layer_added(
	struct walk *walk, const struct view_layer *layer, enum pattern_verdict verdict)
{
	const struct wire_record *record = layer->header.type;

	walk_heading(walk, record, verdict);
	for (unsigned int i = 0; i < layer->header.count && walk->arena; i++) {
		const struct view_field *field = &layer->header.fields[i];
		struct pattern_row row = { .record = record, .field = field->field, .there = true };

		row.items = field->count;
		if (field->field->kind != WIRE_LIST)
			row.value = view_value(walk->view, field);
		row.check = field->check;
		row.right = field->expected;
		walk_row(walk, &row);
	}
}

static void layer_walk(
	struct walk *walk, const struct spec_layer *wanted, const struct view_layer *actual)
{
	walk_heading(walk, wanted->header.type, PATTERN_SAME);
	walk_record(walk, &wanted->header, &actual->header);
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
	while (index < pattern->count && !walk_is_over(walk)) {
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
