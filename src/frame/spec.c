/* Makes frame specs: records and layers with every value automatic, and values set from text. */
#include "frame/spec.h"

#include "base/arena.h"

#include <string.h>

void spec_record_init(
	struct spec_record *record, struct arena *arena, const struct wire_record *type)
{
	*record = (struct spec_record){
		.type = type,
		.values = arena_alloc(arena, type->count * sizeof(*record->values)),
	};
}

struct spec_layer *spec_layer_add(
	struct frame_spec *spec, struct arena *arena, const struct wire_protocol *protocol)
{
	/* Layers are few, and an arena has no realloc: the array is copied each time. */
	struct spec_layer *layers = arena_alloc(arena, (spec->count + 1) * sizeof(*layers));
	struct spec_layer *layer = &layers[spec->count];

	if (spec->count)
		memcpy(layers, spec->layers, spec->count * sizeof(*layers));
	layer->protocol = protocol;
	spec_record_init(&layer->header, arena, &protocol->header);
	spec->layers = layers;
	spec->count++;
	return layer;
}

int spec_layer_set(struct spec_layer *layer, struct arena *arena, const char *field,
	const char *text, struct err *err)
{
	const struct wire_record *type = &layer->protocol->header;
	int index = wire_field_find(type, field);
	struct spec_value value = { .state = SPEC_GIVEN };
	const struct wire_field *row;
	int status;

	if (index < 0)
		return err_input(err, NULL, "no field \"%s\" in %s", field, type->name);
	row = &type->fields[index];
	if (!strcmp(text, "auto")) {
		value.state = SPEC_AUTO;
	} else if (!strcmp(text, "bad") && row->rule == WIRE_CHECKSUM) {
		value.state = SPEC_BAD;
	} else {
		status = wire_value_parse(arena, row, text, &value.value, err);
		if (status) {
			err_locate(err, NULL, arena_printf(arena, "%s.%s", type->name, field));
			return status;
		}
	}
	layer->header.values[index] = value;
	return 0;
}
