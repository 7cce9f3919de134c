/* Draws what of a frame is made wrong: a layer, a field, an item of a list. */
#include "frame/mutate_choose.h"

#include "frame/internal.h"

#include "base/arena.h"

#include <string.h>

static bool is_target(
	const struct mutator *m, const struct wire_protocol *protocol, const char *field)
{
	const struct mutate_config *config = m->config;

	for (unsigned int i = 0; i < config->target_count; i++) {
		const struct mutate_target *target = &config->targets[i];

		if (target->protocol != protocol)
			continue;
		if (!target->field || (field && !strcmp(target->field, field)))
			return true;
	}
	return !config->target_count;
}

/* Each of those offered is chosen with the same chance. */
static void offer(struct mutator *m, struct choice *choice, const struct choice *offered)
{
	uint64_t seen = choice->seen + 1;

	if (!mutate_draw(&m->draw, seen))
		*choice = *offered;
	choice->seen = seen;
}

/* The rows of a record, and of its items. protocol is that of a header, NULL for an item of what
 * was chosen already. */
static void offer_record(struct mutator *m, struct choice *choice, const struct choice *at,
	const struct view_record *record, const struct wire_protocol *protocol)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *row = &record->fields[i];
		const struct spec_value *value =
			&at->record->values[row->field - record->type->fields];
		struct choice offered = *at;

		if (protocol && !is_target(m, protocol, row->field->name))
			continue;
		offered.row = row;
		offered.path = arena_printf(m->arena, "%s.%s", at->path, row->field->name);
		offer(m, choice, &offered);
		for (unsigned int j = 0; j < row->count && j < value->count; j++) {
			struct choice item = offered;

			item.record = &value->items[j];
			item.path = arena_printf(m->arena, "%s[%u]", offered.path, j + 1);
			offer_record(m, choice, &item, &row->items[j], NULL);
		}
	}
}

const char *mutate_layer_path(
	struct arena *arena, const struct frame_view *view, unsigned int layer)
{
	const struct wire_protocol *protocol = view->layers[layer].protocol;
	unsigned int nth = 1;

	for (unsigned int i = 0; i < layer; i++)
		nth += view->layers[i].protocol == protocol;
	return nth > 1 ? arena_printf(arena, "%s[%u]", protocol->header.name, nth)
		       : protocol->header.name;
}

bool mutate_choose(struct mutator *m, struct choice *ret)
{
	*ret = (struct choice){ 0 };
	for (unsigned int i = 0; i < m->view.count; i++) {
		const struct view_layer *layer = &m->view.layers[i];
		struct choice at = { .layer = i };

		/* A spec that says the frame in octets has other layers than its view. */
		if (i >= m->spec.count || m->spec.layers[i].protocol != layer->protocol)
			break;
		at.record = &m->spec.layers[i].header;
		at.path = mutate_layer_path(m->arena, &m->view, i);
		if (is_target(m, layer->protocol, NULL))
			offer(m, ret, &at);
		offer_record(m, ret, &at, &layer->header, layer->protocol);
	}
	return ret->seen > 0;
}
