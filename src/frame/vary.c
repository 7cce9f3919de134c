/* Finds what varies in a spec, and puts values in its place. */
#include "frame/vary.h"

#include "base/arena.h"
#include "frame/internal.h"
#include "frame/plan.h"
#include "wire/signature.h"

#include <errno.h>
#include <string.h>

/* ---- finding ---- */

struct finder {
	struct arena *arena;
	const struct frame_spec *spec;
	struct vary_fields *found;
	unsigned int layer;
};

static unsigned int count_record(const struct spec_record *record)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];

		count += value->state == SPEC_VARIES;
		for (unsigned int j = 0; j < value->count; j++)
			count += count_record(&value->items[j]);
	}
	return count;
}

static void find_in(struct finder *f, const struct spec_record *record,
	const struct wire_list *list, const char *path)
{
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];
		const struct wire_field *field = &record->type->fields[i];
		const char *name;

		if (value->state != SPEC_VARIES && !value->count)
			continue;
		name = arena_printf(f->arena, "%s.%s", path, field->name);
		if (value->state == SPEC_VARIES)
			f->found->fields[f->found->count++] = (struct vary_field){
				.value = value,
				.field = field,
				.record = record,
				.list = list,
				.layer = f->layer,
				.row = i,
				.name = name,
			};
		for (unsigned int j = 0; j < value->count; j++)
			find_in(f, &value->items[j], field->list,
				arena_printf(f->arena, "%s[%u]", name, j + 1));
	}
}

/* "vlan", "vlan[2]". */
static const char *layer_name(
	struct arena *arena, const struct frame_spec *spec, unsigned int index)
{
	const struct wire_protocol *protocol = spec->layers[index].protocol;
	unsigned int nth = 1;

	for (unsigned int i = 0; i < index; i++)
		nth += spec->layers[i].protocol == protocol;
	return nth == 1 ? protocol->header.name
			: arena_printf(arena, "%s[%u]", protocol->header.name, nth);
}

static void find_all(struct arena *arena, const struct frame_spec *spec, struct vary_fields *ret)
{
	struct finder finder = { .arena = arena, .spec = spec, .found = ret };
	unsigned int count = 0;

	for (unsigned int i = 0; i < spec->count; i++)
		count += count_record(&spec->layers[i].header);
	*ret = (struct vary_fields){ arena_alloc(arena, count * sizeof(*ret->fields)), 0 };
	for (unsigned int i = 0; count && i < spec->count; i++) {
		finder.layer = i;
		find_in(&finder, &spec->layers[i].header, NULL, layer_name(arena, spec, i));
	}
}

int vary_collect(struct arena *arena, const struct frame_spec *spec, struct vary_fields *ret,
	struct err *err)
{
	struct vary_fields found;

	find_all(arena, spec, &found);
	for (unsigned int i = 0; i < found.count; i++) {
		int status = vary_check(&found.fields[i], err);

		if (status)
			return status;
	}
	*ret = found;
	return 0;
}

/* ---- places ---- */

/* Lists of a view begin with the spec's items; what fills them up comes after. */
static const struct view_field **locate_in(const struct spec_record *record,
	const struct view_record *view, const struct view_field **ret)
{
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];
		const struct view_field *row = NULL;

		if (value->state != SPEC_VARIES && !value->count)
			continue;
		if (view)
			row = view_field_find(view, record->type->fields[i].name);
		if (value->state == SPEC_VARIES)
			*ret++ = row;
		for (unsigned int j = 0; j < value->count; j++)
			ret = locate_in(&value->items[j],
				row && j < row->count ? &row->items[j] : NULL, ret);
	}
	return ret;
}

void vary_locate(
	const struct frame_spec *spec, const struct frame_view *view, const struct view_field **ret)
{
	for (unsigned int i = 0; i < spec->count; i++)
		ret = locate_in(&spec->layers[i].header, &view->layers[i].header, ret);
}

/* ---- settling ---- */

static const struct wire_value *settle_record(
	struct arena *arena, struct spec_record *record, const struct wire_value *values)
{
	struct spec_value *copy;

	if (!count_record(record))
		return values;
	copy = arena_copy(arena, record->values, record->type->count * sizeof(*copy));
	record->values = copy;
	for (unsigned int i = 0; i < record->type->count; i++) {
		struct spec_value *value = &copy[i];

		if (value->state == SPEC_VARIES) {
			value->state = SPEC_GIVEN;
			value->vary = NULL;
			value->value = *values++;
		}
		if (!value->count)
			continue;
		value->items =
			arena_copy(arena, value->items, value->count * sizeof(*value->items));
		for (unsigned int j = 0; j < value->count; j++)
			values = settle_record(arena, &value->items[j], values);
	}
	return values;
}

/* The payload's octets, repeated or cut to size. */
static struct wire_value stretch(struct arena *arena, const struct wire_value *value, uint32_t size)
{
	uint8_t *octets = arena_alloc(arena, size);

	for (uint32_t i = 0; value->length && i < size; i++)
		octets[i] = value->octets[i % value->length];
	return (struct wire_value){ .octets = octets, .length = size };
}

unsigned int vary_payload_layer(const struct frame_spec *spec)
{
	unsigned int count = spec->count;

	if (count && wire_is_signature(spec->layers[count - 1].protocol))
		return count - 2; /* one has a payload before it, see sign.h */
	return count ? count - 1 : 0;
}

static void settle_size(struct arena *arena, uint32_t size, struct frame_spec *spec)
{
	unsigned int index = vary_payload_layer(spec);
	struct spec_layer *last;
	struct spec_value *data;

	if (index >= spec->count || spec->layers[index].protocol != &wire_payload) {
		spec_layer_add(spec, arena, &wire_payload);
		index = spec->count - 1;
	}
	last = &spec->layers[index];
	data = arena_copy(arena, last->header.values,
		wire_payload.header.count * sizeof(*last->header.values));
	last->header.values = data;
	data->state = SPEC_GIVEN;
	data->value = stretch(arena, &data->value, size);
}

void vary_settle(struct arena *arena, const struct frame_spec *spec,
	const struct wire_value *values, uint32_t size, struct frame_spec *ret)
{
	*ret = *spec;
	ret->size = (struct spec_size){ .mode = SPEC_SIZE_OWN };
	ret->layers = arena_copy(arena, spec->layers, spec->count * sizeof(*spec->layers));
	for (unsigned int i = 0; i < spec->count; i++)
		values = settle_record(arena, &ret->layers[i].header, values);
	if (size != VARY_SIZE_OWN)
		settle_size(arena, size, ret);
}
