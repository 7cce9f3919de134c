/* The JSON Schema of octets: {hex: ..}, {file: ..}, {fill: .., size: ..}. */
#include "render/schema.h"

#include "frame/spec.h"

static const struct wire_field octets_field = { .kind = WIRE_BYTES };

enum octets { OCTETS_FIXED, OCTETS_FIELD, OCTETS_PAYLOAD, OCTETS_KINDS };

static struct json *octets_properties(struct schema *schema, enum octets kind)
{
	struct json *size = kind == OCTETS_PAYLOAD ? schema_size(schema, FRAME_LENGTH_MAX)
						   : schema_number(schema, FRAME_LENGTH_MAX);
	struct json *properties = json_object();
	struct json *digits = json_object();

	json_set(digits, "type", schema_words("number", "boolean", NULL));
	json_set(properties, "text", schema_described(schema_any_text(), "text, in quotes"));
	json_set(properties, "hex", schema_scalar(schema, &octets_field));
	json_set(properties, "base64",
		schema_of("anyOf", digits,
			schema_pattern(schema, "[A-Za-z0-9+/\\s]*(?:=\\s*){0,2}"),
			schema_pattern(schema, schema_variable), NULL));
	json_set(properties, "file",
		schema_described(schema_any_text(), "the octets of a file beside the template"));
	json_set(properties, "fill", schema_number(schema, UINT8_MAX));
	json_set(properties, "pattern",
		schema_of("anyOf", schema_of("enum", json_text("inc"), NULL),
			schema_pattern(schema, schema_variable), NULL));
	json_set(properties, "size", size);
	if (kind != OCTETS_FIXED)
		json_set(properties, "random-bytes",
			kind == OCTETS_PAYLOAD ? schema_size(schema, FRAME_LENGTH_MAX)
					       : schema_number(schema, FRAME_LENGTH_MAX));
	return properties;
}

static struct json *octets(struct schema *schema, enum octets kind)
{
	static const char *const names[OCTETS_KINDS] = { "octets-fixed", "octets",
		"octets-payload" };
	static const char *const forms[] = { "text", "hex", "base64", "file", "fill", "pattern" };
	struct json *one, *dependencies, *json;

	if (!schema_is_new(schema, names[kind]))
		return schema_ref(schema, names[kind]);
	one = json_array();
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		json_add(one, schema_of("required", json_text(forms[i]), NULL));
	if (kind != OCTETS_FIXED)
		json_add(one, schema_of("required", json_text("random-bytes"), NULL));
	dependencies = json_object();
	json_set(dependencies, "fill", schema_words("size", NULL));
	json_set(dependencies, "pattern", schema_words("size", NULL));
	json_set(dependencies, "size", schema_not_required("random-bytes"));
	json = schema_object(octets_properties(schema, kind));
	json_set(json, "oneOf", one);
	json_set(json, "dependencies", dependencies);
	schema_define(schema, names[kind], json);
	return schema_ref(schema, names[kind]);
}

struct json *schema_octets(struct schema *schema, const struct wire_field *field)
{
	if (field->kind == WIRE_STRING)
		return octets(schema, OCTETS_FIXED);
	if (field->kind != WIRE_BYTES)
		return NULL;
	return octets(schema, field->text ? OCTETS_PAYLOAD : OCTETS_FIELD);
}

struct json *schema_octets_fixed(struct schema *schema)
{
	return octets(schema, OCTETS_FIXED);
}
