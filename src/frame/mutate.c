/* Makes a frame wrong on purpose: draws what to change, changes its spec, and builds it again. */
#include "frame/mutate_choose.h"

#include "frame/compile.h"
#include "frame/internal.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/random.h"

#include <string.h>

/* Draws for one mutation: some change nothing (a random number may be the right one), or make a
 * frame that cannot be (a header that nothing before it names). */
#define ATTEMPTS 64

/* Longer values are told by their length. */
#define TOLD_OCTETS 16

#define MUTATE_KIND_NAME(kind, name) [kind] = (name),
const char *const mutate_kind_names[MUTATE_KINDS] = { MUTATE_KINDS_LIST(MUTATE_KIND_NAME) };

/* ---- building ---- */

static void take(struct mutator *m, const struct frame_view *view)
{
	m->view = *view;
	frame_put_fcs(m->fcs, &m->view);
}

/* The frame of the spec, where there is one, it has a length that can be sent, and it is another
 * than before. */
static bool build(struct mutator *m)
{
	struct frame_view view;

	if (frame_build_settled(m->arena, &m->spec, &view, NULL))
		return false;
	if (view.length < MUTATE_LENGTH_MIN || view.length > m->length_max)
		return false;
	if (view.length == m->view.length && !memcmp(view.octets, m->view.octets, view.length))
		return false;
	take(m, &view);
	return true;
}

/* ---- values ---- */

static void tell_value(
	const struct wire_field *field, const struct wire_value *value, struct buffer *out)
{
	if (!wire_is_number(field) && value->length > TOLD_OCTETS)
		buffer_printf(out, "%zu octets", value->length);
	else if (!wire_is_number(field) && !value->length)
		buffer_printf(out, "nothing");
	else
		wire_value_format(field, value, out);
}

static const char *tell(struct arena *arena, const char *path, const struct wire_field *field,
	const struct wire_value *before, const struct wire_value *after, enum mutate_kind kind)
{
	struct buffer text = { 0 };
	const char *told;

	buffer_printf(&text, "%s: ", path);
	tell_value(field, before, &text);
	buffer_printf(&text, " -> ");
	tell_value(field, after, &text);
	buffer_printf(&text, " (%s)", mutate_kind_names[kind]);
	told = arena_strndup(arena, buffer_text(&text), text.length);
	buffer_fini(&text);
	return told;
}

/* A field that others depend on took another value: what is given for rows that then are not there
 * is an error, so that all of them are left to themselves. */
static bool release_dependents(struct spec_record *record, const char *name)
{
	bool some = false;

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct wire_when *when = record->type->fields[i].when;

		if (!when || strcmp(when->field, name) != 0)
			continue;
		record->values[i] = (struct spec_value){ .state = SPEC_AUTO };
		some = true;
	}
	return some;
}

static bool mutate_row(struct mutator *m, const struct choice *choice, struct mutation *ret)
{
	const struct view_field *row = choice->row;
	const struct wire_field *field = row->field;
	struct wire_value before = view_value(&m->view, row);
	uint32_t room = m->length_max > m->view.length ? m->length_max - m->view.length : 0;
	struct spec_value *value = &choice->record->values[field - choice->record->type->fields];

	*value = (struct spec_value){ .state = SPEC_GIVEN };
	ret->kind =
		mutate_value(m->arena, &m->draw, field, row->width, &before, room, &value->value);
	ret->text = tell(m->arena, choice->path, field, &before, &value->value, ret->kind);
	return build(m) || (release_dependents(choice->record, field->name) && build(m));
}

/* ---- lists ---- */

static bool mutate_list(struct mutator *m, const struct choice *choice, struct mutation *ret)
{
	const struct wire_field *field = choice->row->field;
	struct spec_value *value = &choice->record->values[field - choice->record->type->fields];
	unsigned int count = value->count;
	struct spec_record *items;
	unsigned int at;

	if (!count)
		return false;
	at = (unsigned int)mutate_draw(&m->draw, count);
	items = arena_alloc(m->arena, (count + 1) * sizeof(*items));
	memcpy(items, value->items, count * sizeof(*items));
	switch (mutate_draw(&m->draw, 3)) {
	case 0:
		ret->kind = MUTATE_ITEM_DUPLICATED;
		memmove(items + at + 1, items + at, (count - at) * sizeof(*items));
		value->count++;
		break;
	case 1:
		if (at + 1 == count)
			return false;
		ret->kind = MUTATE_ITEM_SWAPPED;
		items[at] = value->items[at + 1];
		items[at + 1] = value->items[at];
		break;
	default:
		ret->kind = MUTATE_ITEM_REMOVED;
		memmove(items + at, items + at + 1, (count - at - 1) * sizeof(*items));
		value->count--;
		break;
	}
	value->items = items;
	if (!value->count)
		value->state = SPEC_AUTO;
	ret->text = arena_printf(m->arena, "%s[%u]: %s of %u (%s)", choice->path, at + 1,
		choice->row->items[at].type->name, count, mutate_kind_names[ret->kind]);
	return build(m);
}

/* ---- layers ---- */

/* The numbers that name next layers stay as they are in the frame. */
static void give_next(struct mutator *m)
{
	for (unsigned int i = 0; i < m->view.count && i < m->spec.count; i++) {
		const struct view_record *header = &m->view.layers[i].header;

		for (unsigned int j = 0; j < header->count; j++) {
			const struct view_field *row = &header->fields[j];
			struct spec_value *value =
				&m->spec.layers[i].header.values[row->field - header->type->fields];

			if (row->field->rule != WIRE_NEXT && !wire_is_port(row->field))
				continue;
			*value = (struct spec_value){ .state = SPEC_GIVEN,
				.value = view_value(&m->view, row) };
		}
	}
}

static bool mutate_order(struct mutator *m, unsigned int at, bool duplicate, struct mutation *ret)
{
	unsigned int count = m->spec.count;
	struct spec_layer *layers = arena_alloc(m->arena, (count + 1) * sizeof(*layers));
	const char *path = mutate_layer_path(m->arena, &m->view, at);

	if (!duplicate && at + 1 >= count)
		return false;
	/* Half of them lie about what follows; where the tables cannot name it, all do. */
	if (mutate_draw(&m->draw, 2))
		give_next(m);
	memcpy(layers, m->spec.layers, count * sizeof(*layers));
	if (duplicate) {
		memmove(layers + at + 1, layers + at, (count - at) * sizeof(*layers));
		m->spec.count++;
		ret->kind = MUTATE_LAYER_DUPLICATED;
		ret->text = arena_printf(m->arena, "%s (%s)", path, mutate_kind_names[ret->kind]);
	} else {
		layers[at] = m->spec.layers[at + 1];
		layers[at + 1] = m->spec.layers[at];
		ret->kind = MUTATE_LAYER_SWAPPED;
		ret->text = arena_printf(m->arena, "%s and %s (%s)", path,
			mutate_layer_path(m->arena, &m->view, at + 1),
			mutate_kind_names[ret->kind]);
	}
	m->spec.layers = layers;
	return build(m);
}

/* The frame ends within the layer's header or what it carries; nothing else changes. */
static bool mutate_cut(struct mutator *m, unsigned int at, struct mutation *ret)
{
	uint32_t first = m->view.layers[at].header.offset + 1;
	uint32_t length = m->view.length;
	struct frame_view view;
	uint32_t cut;

	if (first < MUTATE_LENGTH_MIN)
		first = MUTATE_LENGTH_MIN;
	if (first >= length)
		return false;
	cut = first + (uint32_t)mutate_draw(&m->draw, length - first);
	frame_dissect(m->arena, &wire_eth, m->view.octets, cut, DISSECT_FCS_ABSENT, &view);
	ret->kind = MUTATE_CUT;
	ret->text = arena_printf(m->arena, "frame: %u -> %u octets, in %s (%s)", length, cut,
		mutate_layer_path(m->arena, &m->view, at), mutate_kind_names[ret->kind]);
	take(m, &view);
	return true;
}

static bool mutate_layer(struct mutator *m, unsigned int at, struct mutation *ret)
{
	switch (mutate_draw(&m->draw, 3)) {
	case 0:
		return mutate_cut(m, at, ret);
	case 1:
		return mutate_order(m, at, true, ret);
	default:
		return mutate_order(m, at, false, ret);
	}
}

/* ---- all ---- */

static bool mutate_once(struct mutator *m, struct mutation *ret)
{
	for (unsigned int i = 0; i < ATTEMPTS; i++) {
		struct choice choice;
		bool done;

		frame_respec(m->arena, &m->view, &m->spec);
		if (!mutate_choose(m, &choice))
			return false;
		if (!choice.row)
			done = mutate_layer(m, choice.layer, ret);
		else if (choice.row->field->kind == WIRE_LIST)
			done = mutate_list(m, &choice, ret);
		else
			done = mutate_row(m, &choice, ret);
		if (done)
			return true;
	}
	return false;
}

void frame_mutate(struct arena *arena, const struct mutate_config *config,
	const struct frame_view *base, const struct spec_fcs *fcs, uint64_t index,
	struct mutated *ret)
{
	struct mutator m = { .arena = arena, .config = config, .fcs = fcs, .view = *base };

	m.draw.key = random_derive(random_key(config->seed, "mutate"), index);
	m.length_max = base->length > MUTATE_LENGTH_MAX ? base->length : MUTATE_LENGTH_MAX;
	*ret = (struct mutated){ 0 };
	ret->mutations = arena_alloc(arena, config->count * sizeof(*ret->mutations));
	while (ret->count < config->count && mutate_once(&m, &ret->mutations[ret->count]))
		ret->count++;
	if (ret->count)
		frame_mark_changed(&m.view, base);
	ret->view = m.view;
}
