/* The JSON Schema of what stands beside a frame's layers. */
#include "render/schema.h"

#include "frame/spec.h"

#include <limits.h>

struct json *schema_line(const char *description)
{
	struct json *json = json_object();

	json_set(json, "type", schema_words("string", "number", "boolean", NULL));
	return schema_described(json, description);
}

struct json *schema_vars(void)
{
	struct json *value = json_object();
	struct json *names = json_object();
	struct json *json = json_object();

	json_set(value, "type", schema_words("string", "number", "boolean", "null", NULL));
	json_set(names, "pattern", json_text("^[A-Za-z_][A-Za-z0-9_-]*$"));
	json_set(json, "type", json_text("object"));
	json_set(json, "propertyNames", names);
	json_set(json, "additionalProperties", value);
	return schema_described(json,
		"names for values: $NAME stands for them; -D NAME=VALUE gives "
		"another");
}

struct json *schema_fcs(struct schema *schema)
{
	static const struct wire_field octets = { .kind = WIRE_BYTES, .width = 32 };

	return schema_described(schema_of("anyOf",
					schema_of("enum", json_text("auto"), json_text("bad"),
						json_text("none"), NULL),
					schema_scalar(schema, &octets), NULL),
		"the frame check sequence: auto, bad, none, or four octets in wire order");
}

struct json *schema_pad(struct schema *schema)
{
	return schema_described(
		schema_of("anyOf", schema_of("enum", json_text("auto"), json_text("none"), NULL),
			schema_number(schema, FRAME_LENGTH_MAX), schema_octets_fixed(schema), NULL),
		"auto: to 60 octets; none: a runt stays one; or so many octets, or these");
}

struct json *schema_positive(struct schema *schema, uint64_t max)
{
	struct json *zero = json_object();
	struct json *json = json_object();

	json_set(zero, "const", json_number(0));
	json_set(json, "allOf", schema_array(schema_number(schema, max), NULL));
	json_set(json, "not", zero);
	return json;
}

/* {imix: [[7, 64], [4, 594], [1, 1518]]} */
static struct json *mix(struct schema *schema)
{
	struct json *part = json_object();
	struct json *parts = json_object();
	struct json *properties = json_object();

	json_set(part, "type", json_text("array"));
	json_set(part, "items",
		schema_array(schema_positive(schema, UINT16_MAX + 1),
			schema_number(schema, FRAME_LENGTH_MAX + FCS_LENGTH), NULL));
	json_set(part, "minItems", json_number(2));
	json_set(part, "maxItems", json_number(2));
	json_set(parts, "type", json_text("array"));
	json_set(parts, "items", part);
	json_set(parts, "minItems", json_number(1));
	json_set(properties, "imix", schema_described(parts, "[[WEIGHT, SIZE], ...]"));
	return schema_one_member(properties);
}

struct json *schema_frame_size(struct schema *schema)
{
	return schema_described(
		schema_of("anyOf", schema_of("enum", json_text("imix"), NULL),
			schema_size(schema, FRAME_LENGTH_MAX + FCS_LENGTH), mix(schema), NULL),
		"octets of the whole frame with its FCS: the payload is stretched or cut to it");
}

struct json *schema_gap(struct schema *schema)
{
	struct json *seconds = json_object();

	json_set(seconds, "type", json_text("number"));
	json_set(seconds, "minimum", json_number(0));
	return schema_described(
		schema_of("anyOf", seconds,
			schema_pattern(schema, "[0-9]+(?:\\.[0-9]+)?(?:s|ms|us|ns|m|h)?"),
			schema_pattern(schema, schema_variable), NULL),
		"the time from this frame to the next: 10ms");
}

/* Octets in eights. */
static struct json *eights(struct schema *schema)
{
	struct json *json = json_object();

	json_set(json, "allOf", schema_array(schema_number(schema, FRAME_LENGTH_MAX), NULL));
	json_set(json, "multipleOf", json_number(8));
	return json;
}

static struct json *word(struct schema *schema, struct json *words)
{
	return schema_of("anyOf", words, schema_pattern(schema, schema_variable), NULL);
}

struct json *schema_fragment(struct schema *schema)
{
	struct json *properties = json_object();
	struct json *json = schema_object(properties);
	struct json *both = json_object();

	json_set(properties, "mtu",
		schema_described(
			schema_number(schema, FRAME_LENGTH_MAX), "octets of an IP packet at most"));
	json_set(properties, "overlap",
		schema_described(
			eights(schema), "octets that a fragment repeats of the one before"));
	json_set(properties, "gap",
		schema_described(eights(schema), "octets left out between two fragments"));
	json_set(properties, "order",
		word(schema, schema_of("enum", json_text("forward"), json_text("reverse"),
				     json_text("shuffle"), NULL)));
	json_set(properties, "df", word(schema, schema_of("enum", json_text("keep"), NULL)));
	json_set(properties, "id", schema_number(schema, UINT32_MAX));
	json_set(both, "required", schema_words("overlap", "gap", NULL));
	json_set(json, "required", schema_words("mtu", NULL));
	json_set(json, "not", both);
	return schema_described(json, "splits the frame's IP datagram: {mtu: 576}");
}
