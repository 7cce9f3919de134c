/* What the files that make the schema build it of. */
#include "render/schema.h"

#include <string.h>

bool schema_is_new(struct schema *schema, const char *name)
{
	const char **names = (const char **)schema->names.data;
	size_t count = schema->names.length / sizeof(*names);

	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return false;
	buffer_put(&schema->names, &name, sizeof(name));
	return true;
}

void schema_define(struct schema *schema, const char *name, struct json *value)
{
	json_set(schema->definitions, name, value);
}

struct json *schema_ref(struct schema *schema, const char *name)
{
	struct json *json = json_object();

	json_set(json, "$ref", json_text(arena_printf(&schema->arena, "#/definitions/%s", name)));
	return json;
}

struct json *schema_pattern(struct schema *schema, const char *pattern)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("string"));
	json_set(json, "pattern", json_text(arena_printf(&schema->arena, "^(?:%s)$", pattern)));
	return json;
}

struct json *schema_array_of(struct json *const *values)
{
	struct json *array = json_array();

	for (; *values; values++)
		json_add(array, *values);
	return array;
}

struct json *schema_key_of(const char *key, struct json *array)
{
	struct json *json = json_object();

	json_set(json, key, array);
	return json;
}

struct json *schema_words_of(const char *const *words)
{
	struct json *array = json_array();

	for (; *words; words++)
		json_add(array, json_text(*words));
	return array;
}

struct json *schema_object(struct json *properties)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("object"));
	json_set(json, "properties", properties);
	json_set(json, "additionalProperties", json_bool(false));
	return json;
}

struct json *schema_described(struct json *json, const char *description)
{
	json_set(json, "description", json_text(description));
	return json;
}

/* An object with the name of one item, as {mss: 1460}. */
struct json *schema_one_member(struct json *properties)
{
	struct json *json = schema_object(properties);

	json_set(json, "minProperties", json_number(1));
	json_set(json, "maxProperties", json_number(1));
	return json;
}

struct json *schema_layer_list(struct json *properties, struct json *names, const char *description)
{
	struct json *bare = json_object();
	struct json *json = json_object();

	json_set(bare, "enum", names);
	json_set(json, "type", json_text("array"));
	json_set(json, "minItems", json_number(1));
	json_set(json, "items", schema_of("anyOf", schema_one_member(properties), bare, NULL));
	return schema_described(json, description);
}

struct json *schema_not_required(const char *key)
{
	struct json *json = json_object();

	json_set(json, "not", schema_of("required", json_text(key), NULL));
	return json;
}
