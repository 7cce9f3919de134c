/* The layers of a frame. */
#include "template/frame_reader.h"
#include "template/value_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

/* `- eth`, or `- eth: {...}`. */
static int layer_name(const struct node *node, struct layer *ret, struct err *err)
{
	const struct node *member = node->children;
	const char *name = node_name(node);

	ret->at = member && name ? member->key_at : node->at;
	if (!name)
		return err_input(err, &node->at,
			"a layer is `- PROTOCOL` or `- PROTOCOL: {FIELD: VALUE, ...}`");
	ret->protocol = wire_protocol_find(name);
	ret->body = member;
	if (!ret->protocol)
		return layers_unknown(name, &ret->at, !member && !node->plain, err);
	if (member && member->next)
		return err_input(err, &member->next->key_at,
			"one layer each: begin \"%s\" with \"- \", or indent it to be a field",
			member->next->key);
	if (member && node_is_empty(member))
		return err_input(err, &ret->at,
			"\"%s\" has no value; write `- %s` where all its fields are automatic",
			name, name);
	return 0;
}

static int layer_members(const struct reader *reader, const struct layer *layer,
	const struct node **members, struct err *err)
{
	const struct wire_record *type = &layer->protocol->header;
	const struct node *body = layer->body;
	bool text = type->count && type->fields[0].text;

	if (!body)
		return 0;
	if (body->kind == NODE_MAPPING &&
		(!text || !body->count || wire_field_find(type, body->children->key) >= 0))
		return record_pick(reader, type, body, members, err);
	if (text && body->kind != NODE_SEQUENCE) {
		members[0] = body;
		return 0;
	}
	return err_input(err, &body->at, "%s: %s, not %s", type->name,
		text ? "text in quotes, or {hex: ...} is wanted"
		     : "fields with values are wanted: {FIELD: VALUE, ...}, or (FIELD=VALUE, ...) "
		       "in an expression",
		node_kind_name(body->kind));
}

/* Counts from 1 among the layers of one protocol. */
static unsigned int nth_of(const struct layer *layers, unsigned int index)
{
	unsigned int nth = 1;

	for (unsigned int i = 0; i < index; i++)
		nth += layers[i].protocol == layers[index].protocol;
	return nth;
}

static int layer_read(struct reader *reader, const struct layer *layers, unsigned int index,
	const struct wire_protocol *next, struct spec_layer *ret, struct err *err)
{
	const struct layer *layer = &layers[index];
	const struct wire_record *type = &layer->protocol->header;
	const struct path path = { .name = type->name };
	const struct rows_of of = { .next = next, .pattern = reader->pattern };
	const struct node **members = arena_alloc(reader->arena, type->count * sizeof(*members));
	int status = layer_members(reader, layer, members, err);

	if (status)
		return status;
	sets_apply(reader, layer->protocol, nth_of(layers, index), members);
	ret->protocol = layer->protocol;
	status = record_new(reader, type, &layer->at, &ret->header, err);
	if (!status)
		status = record_read(reader, &path, &of, members, &ret->header, err);
	return status;
}

/* The outermost layer of the protocol, or with NULL of any IP; NULL where there is none. */
static const struct spec_layer *outermost(
	const struct frame_spec *spec, const struct wire_protocol *protocol)
{
	for (unsigned int i = 0; i < spec->count; i++) {
		const struct wire_protocol *p = spec->layers[i].protocol;

		if (protocol ? p == protocol : p->ip)
			return &spec->layers[i];
	}
	return NULL;
}

/* What $hop.mac asks the way to. */
static void destination_find(struct reader *reader, const struct frame_spec *spec)
{
	const struct spec_layer *layer = outermost(spec, NULL);
	const char *name = "dst";
	struct wire_value value = { 0 };
	const struct spec_value *given;
	int row;

	if (!layer) {
		layer = outermost(spec, wire_protocol_find("arp"));
		name = "tpa";
	}
	row = layer ? wire_field_find(layer->header.type, name) : -1;
	if (row >= 0) {
		const struct wire_field *field = &layer->header.type->fields[row];

		given = &layer->header.values[row];
		/* Of a destination that varies, the first shows the way. */
		if (given->state == SPEC_GIVEN || given->state == SPEC_VARIES)
			value = given->value;
		else if (field->preset && field->preset[0] != '$')
			wire_value_parse(reader->arena, field, field->preset, &value, NULL);
	}
	reader->has_destination = true;
	reader->destination = value.octets;
	reader->destination_length = value.length;
}

/* The list under layers: of this text, in order, with what it includes in its place. */
static int layers_collect(struct reader *reader, const struct scope *scope, const struct node *node,
	struct layers *layers, struct err *err)
{
	if (node->kind != NODE_SEQUENCE || !node->count)
		return err_input(err, &node->at,
			"layers: a list is wanted, `- PROTOCOL: {FIELD: VALUE, ...}` a line");
	if (node->count > LAYERS_MAX)
		return err_input(err, &node->at, "%u layers are too many (at most %d)", node->count,
			LAYERS_MAX);
	for (const struct node *child = node->children; child; child = child->next) {
		const struct scope *included = include_find(scope, child);
		struct layer layer;
		int status;

		if (included) {
			status = layers_collect(reader, included, included->layers, layers, err);
		} else {
			status = layer_name(child, &layer, err);
			if (!status)
				status = layers_put(reader, layers, layers->count, &layer, err);
		}
		if (status)
			return status;
	}
	return 0;
}

static int layers_fields_read(struct reader *reader, const struct layers *layers,
	struct frame_spec *spec, struct err *err)
{
	int status = 0;

	for (unsigned int i = 0; i < layers->count && !status; i++)
		status = layer_read(reader, layers->rows, i,
			i + 1 < layers->count ? layers->rows[i + 1].protocol : NULL,
			&spec->layers[i], err);
	return status;
}

int layers_read(
	struct reader *reader, const struct node *node, struct frame_spec *ret, struct err *err)
{
	struct frame_spec spec = *ret;
	struct layers layers = { 0 };
	int status = layers_collect(reader, scope_of(reader, node), node, &layers, err);

	if (!status && reader->options->complete)
		status = layers_complete(reader, &layers, err);
	if (status)
		return status;
	spec.layers = arena_alloc(reader->arena, layers.count * sizeof(*spec.layers));
	spec.count = layers.count;
	reader->has_destination = false;
	reader->pending = NULL;
	varying_begin(reader);
	status = layers_fields_read(reader, &layers, &spec, err);
	if (!status)
		status = layers_added_check(&layers, &spec, err);
	if (status)
		return status;
	destination_find(reader, &spec);
	status = record_read_pending(reader, err);
	if (!status)
		status = varying_check(reader, &spec, err);
	if (!status)
		*ret = spec;
	return status;
}
