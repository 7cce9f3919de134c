/* The frame of one fragment of a datagram. */
#include "frame/fragment_make.h"

#include "base/arena.h"

#include <string.h>

#define COPIED	  0x80 /* of an option's type: stands in every fragment, RFC 791 3.1 */
#define MORE_IPV4 1U

uint64_t fragment_number(const struct split *split, unsigned int layer, const char *name)
{
	const struct view_field *field = view_field_find(&split->view.layers[layer].header, name);

	return field ? view_value(&split->view, field).number : 0;
}

static struct spec_value *spec_of_name(const struct spec_record *record, const char *name)
{
	return &record->values[wire_field_find(record->type, name)];
}

static void give(struct spec_record *record, const char *name, uint64_t number)
{
	struct spec_value *value = spec_of_name(record, name);

	*value = (struct spec_value){
		.state = SPEC_GIVEN, .value = { .number = number }, .at = value->at
	};
}

static void copy_record(
	struct arena *arena, const struct spec_record *record, struct spec_record *ret)
{
	*ret = *record;
	ret->values =
		arena_copy(arena, record->values, record->type->count * sizeof(*record->values));
}

static uint64_t option_type(const struct wire_list *list, const struct spec_record *item)
{
	int row = wire_item_id(list, item->type);

	if (row < 0) /* raw: its first octet */
		return item->values[0].value.length ? item->values[0].value.octets[0] : 0;
	if (item->values[row].state == SPEC_GIVEN)
		return item->values[row].value.number;
	return item->type->id;
}

/* Later fragments have only the options that say so. */
static void drop_options(struct arena *arena, struct spec_record *header)
{
	int row = wire_field_find(header->type, "options");
	struct spec_value *value = &header->values[row];
	struct spec_record *items = arena_alloc(arena, value->count * sizeof(*items));
	unsigned int count = 0;

	for (unsigned int i = 0; i < value->count; i++)
		if (option_type(header->type->fields[row].list, &value->items[i]) & COPIED)
			items[count++] = value->items[i];
	value->items = items;
	value->count = count;
}

/* The IPv4 header of the fragment that begins so many octets after the first. */
static void make_ipv4(
	const struct split *split, uint32_t offset, bool more, struct spec_record *header)
{
	if (spec_of_name(header, "id")->state != SPEC_VARIES)
		give(header, "id", fragment_number(split, split->last, "id"));
	give(header, "flags", split->flags | (more ? MORE_IPV4 : 0));
	give(header, "frag-offset",
		fragment_number(split, split->last, "frag-offset") + offset / FRAGMENT_UNIT);
	give(header, "protocol", fragment_number(split, split->last, "protocol"));
	if (offset)
		drop_options(split->arena, header);
}

/* The fragment header. */
static void make_ipv6(
	const struct split *split, uint32_t offset, bool more, struct frame_spec *frame)
{
	struct spec_layer *layer =
		spec_layer_add(frame, split->arena, wire_protocol_find("fragment"));

	give(&layer->header, "next-header", fragment_number(split, split->last, "next-header"));
	give(&layer->header, "frag-offset", offset / FRAGMENT_UNIT);
	give(&layer->header, "more", more);
	give(&layer->header, "id", split->how->id);
}

/* What it takes to let its octets vary as those of the datagram. */
static const struct spec_fragment *fragment_of(const struct split *split, uint32_t offset)
{
	struct spec_fragment *fragment;

	if (!split->varies)
		return NULL;
	fragment = arena_alloc(split->arena, sizeof(*fragment));
	*fragment = (struct spec_fragment){ split->spec, split->how, split->start + offset };
	return fragment;
}

void fragment_make(
	const struct split *split, uint32_t offset, uint32_t length, struct frame_spec *ret)
{
	bool more = split->start + offset + length < split->end;
	struct frame_spec frame = *split->spec;
	struct spec_layer *payload;

	frame.count = split->last + 1;
	frame.layers =
		arena_copy(split->arena, split->spec->layers, frame.count * sizeof(*frame.layers));
	frame.size = (struct spec_size){ 0 };
	frame.weight = 1;
	frame.fragment = fragment_of(split, offset);
	frame.split = true;
	if (split->v4) {
		struct spec_record *header = &frame.layers[split->last].header;

		copy_record(split->arena, &split->spec->layers[split->last].header, header);
		make_ipv4(split, offset, more, header);
	} else {
		make_ipv6(split, offset, more, &frame);
	}
	payload = spec_layer_add(&frame, split->arena, &wire_payload);
	payload->header.values[0] = (struct spec_value){
		.state = SPEC_GIVEN,
		.value = { .octets = split->view.octets + split->start + offset, .length = length },
	};
	*ret = frame;
}
