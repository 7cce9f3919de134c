/* What a template's reader would ask of an interface. */
#include "random_frame.h"

#include <stdlib.h>

static const char *placeholder(const struct wire_field *field)
{
	if (field->kind == WIRE_MAC)
		return "02:00:00:00:00:01";
	return field->kind == WIRE_IPV4 ? "192.0.2.1" : "2001:db8::1";
}

void support_resolve_presets(struct arena *arena, struct frame_spec *spec)
{
	for (unsigned int i = 0; i < spec->count; i++) {
		struct spec_record *header = &spec->layers[i].header;

		for (unsigned int j = 0; j < header->type->count; j++) {
			const struct wire_field *field = &header->type->fields[j];
			struct spec_value *value = &header->values[j];

			if (value->state != SPEC_AUTO || !field->preset || field->preset[0] != '$')
				continue;
			value->state = SPEC_GIVEN;
			if (wire_value_parse(arena, field, placeholder(field), &value->value, NULL))
				abort();
		}
	}
}
