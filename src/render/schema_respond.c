/* The JSON Schema of responders: layers whose values may be names of what arrives. */
#include "render/schema.h"

#include "base/arena.h"

/* A protocol's fields, each with any value: what may be taken from where, a schema cannot say. */
static struct json *named_fields(const struct wire_record *header)
{
	struct json *properties = json_object();

	for (unsigned int i = 0; i < header->count; i++) {
		const struct wire_field *field = &header->fields[i];

		if (wire_field_find(header, field->name) != (int)i)
			continue;
		json_set(properties, field->name,
			schema_described(json_object(), field->help ? field->help : field->name));
	}
	return schema_object(properties);
}

static struct json *named_layers(void)
{
	struct json *properties = json_object();
	struct json *names = json_array();

	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		const struct wire_record *header = &(*p)->header;
		bool is_text = header->count && header->fields[0].text;
		struct json *layer = is_text ? json_object() : named_fields(header);

		json_set(properties, header->name, schema_described(layer, (*p)->title));
		json_add(names, json_text(header->name));
	}
	json_set(properties, "include", schema_line("the layers of another template"));
	return schema_layer_list(properties, names,
		"layers, in which $NAME stands for what arrives; in a "
		"request {in: RANGE, as: NAME}, too");
}

static struct json *side(struct schema *schema, const char *about, bool pad)
{
	struct json *properties = json_object();
	struct json *json = schema_object(properties);

	json_set(properties, "layers", schema_ref(schema, "named-layers"));
	if (pad)
		json_set(properties, "pad", schema_pad(schema));
	json_set(json, "required", schema_words("layers", NULL));
	return schema_described(json, about);
}

static void put_sides(struct schema *schema, struct json *properties)
{
	json_set(properties, "request",
		side(schema, "a pattern: what is answered; what is left out may be anything",
			false));
	json_set(properties, "answer",
		side(schema, "what is answered, with names of the request in it", true));
}

static struct json *rules(struct schema *schema)
{
	struct json *properties = json_object();
	struct json *rule = schema_object(properties);
	struct json *json = json_object();

	json_set(properties, "name", schema_line("the rule's name"));
	put_sides(schema, properties);
	json_set(rule, "required", schema_words("request", "answer", NULL));
	json_set(json, "type", json_text("array"));
	json_set(json, "minItems", json_number(1));
	json_set(json, "items", rule);
	return schema_described(json, "requests and their answers: the first that fits answers");
}

static struct json *tables(void)
{
	struct json *table = json_object();
	struct json *json = json_object();

	json_set(table, "type", json_text("object"));
	json_set(table, "additionalProperties", schema_any_text());
	json_set(table, "minProperties", json_number(1));
	json_set(json, "type", json_text("object"));
	json_set(json, "additionalProperties", table);
	return schema_described(
		json, "for {key-of: TABLE, as: NAME} and {value-of: TABLE, at: $NAME}");
}

void schema_put_named_layers(struct schema *schema)
{
	schema_is_new(schema, "named-layers");
	schema_define(schema, "named-layers", named_layers());
}

void schema_put_responder(struct schema *schema, struct json *properties)
{
	schema_put_named_layers(schema);
	put_sides(schema, properties);
	json_set(properties, "rules", rules(schema));
	json_set(properties, "tables", tables());
}

struct json *schema_rules_alone(void)
{
	struct json *json = schema_of("required", json_text("rules"), NULL);

	json_set(json, "allOf",
		schema_array(schema_not_required("request"), schema_not_required("answer"), NULL));
	return json;
}
