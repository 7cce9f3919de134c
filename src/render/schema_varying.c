/* The JSON Schema of values that vary. */
#include "render/schema.h"

#include "frame/spec.h"

#include <inttypes.h>
#include <string.h>

#define RANGE_OCTETS 8 /* of a field of bytes whose values count as numbers */

/* FIRST..LAST of these values; of addresses a prefix, too; or a variable for all of it. */
static struct json *range(struct schema *schema, const char *end, const char *prefix)
{
	end = arena_printf(&schema->arena, "(?:%s|%s)", end, schema_variable);
	return schema_pattern(
		schema, arena_printf(&schema->arena, "%s *\\.\\. *%s|%s%s", end, end,
				*prefix ? arena_printf(&schema->arena, "%s/%s|", end, prefix) : "",
				schema_variable));
}

static struct json *list_of(struct json *items)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("array"));
	json_set(json, "minItems", json_number(1));
	json_set(json, "items", items);
	return json;
}

static const char *const ranges[] = { "inc", "dec", "random", "shuffle", NULL };

/* The ranges and the list of one shape of values. */
static struct json *generators(
	struct schema *schema, const char *end, const char *prefix, struct json *items)
{
	struct json *properties = json_object();
	struct json *json = json_object();

	for (unsigned int i = 0; ranges[i] && end; i++)
		json_set(properties, ranges[i], range(schema, end, prefix));
	json_set(properties, "list", list_of(items));
	json_set(json, "properties", properties);
	return json;
}

/* {"required": ["inc"]}, for each of the words up to NULL. */
static struct json *one_of(const char *const *words, const char *last)
{
	struct json *array = json_array();

	for (; *words; words++)
		json_add(array, schema_of("required", json_text(*words), NULL));
	json_add(array, schema_of("required", json_text("list"), NULL));
	if (last)
		json_add(array, schema_of("required", json_text(last), NULL));
	return array;
}

static struct json *step_dependency(void)
{
	return schema_of("anyOf", schema_of("required", json_text("inc"), NULL),
		schema_of("required", json_text("dec"), NULL), NULL);
}

static struct json *step(struct schema *schema)
{
	struct json *least = json_object();
	struct json *positive = json_object();

	json_set(least, "type", json_text("integer"));
	json_set(least, "minimum", json_number(1));
	json_set(positive, "type", json_text("string"));
	json_set(positive, "pattern",
		json_text(arena_printf(&schema->arena, "^(?:%s|%s)$",
			schema_number_pattern(schema, UINT64_MAX), schema_variable)));
	return schema_described(schema_of("anyOf", least, positive, NULL),
		"how far inc and dec go from one frame to the next; 1 unless given");
}

static struct json *range_properties(void)
{
	static const char *const helps[] = {
		"FIRST..LAST upwards, then FIRST again",
		"FIRST..LAST downwards, then FIRST again",
		"any of FIRST..LAST, drawn for each frame",
		"each of FIRST..LAST once, in random order",
	};
	struct json *properties = json_object();

	for (unsigned int i = 0; ranges[i]; i++)
		json_set(properties, ranges[i], schema_described(json_object(), helps[i]));
	json_set(properties, "list", schema_described(json_object(), "these values in turn"));
	return properties;
}

/* A value that does not vary. */
static struct json *fixed(struct schema *schema, const struct wire_field *field)
{
	if (field->kind != WIRE_BYTES)
		return schema_scalar(schema, field);
	/* Padding defines these. */
	return schema_of(
		"anyOf", schema_scalar(schema, field), schema_ref(schema, "octets-fixed"), NULL);
}

static bool has_parts(const struct wire_field *field)
{
	return field->width || field->kind == WIRE_BYTES;
}

/* value: and bits:, for a part of a field. */
static void set_part(struct schema *schema, const struct wire_field *field, struct json *properties,
	struct json *dependencies)
{
	uint64_t last = (field->width ? field->width : FRAME_LENGTH_MAX * 8ULL) - 1;

	json_set(properties, "value", fixed(schema, field));
	json_set(properties, "bits",
		schema_described(
			schema_of("anyOf", schema_integer(last),
				range(schema, schema_number_pattern(schema, last), ""), NULL),
			"LOW..HIGH, the bits that vary; bit 0 is the lowest"));
	json_set(dependencies, "value", schema_words("bits", NULL));
	json_set(dependencies, "bits", schema_words("value", NULL));
}

/* LAYER.FIELD, of the fields that have a fixed width; LAYER[2].FIELD. */
static struct json *field_names(struct schema *schema)
{
	struct json *names, *json;

	if (!schema_is_new(schema, "field"))
		return schema_ref(schema, "field");
	names = json_array();
	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		const struct wire_record *header = &(*p)->header;

		for (unsigned int i = 0; i < header->count; i++)
			if (header->fields[i].width &&
				wire_field_find(header, header->fields[i].name) == (int)i)
				json_add(names, json_text(arena_printf(&schema->arena, "%s.%s",
							header->name, header->fields[i].name)));
	}
	json = json_object();
	json_set(json, "enum", names);
	json = schema_of("anyOf", json,
		schema_pattern(schema, "[A-Za-z0-9-]+\\[[1-9][0-9]*\\]\\.[A-Za-z0-9-]+"), NULL);
	schema_define(schema, "field",
		schema_described(
			json, "LAYER.FIELD that it follows; LAYER[2] is the second of two"));
	return schema_ref(schema, "field");
}

/* The values of a list: as the field's own, and names where it has them. */
static struct json *items(struct schema *schema, const struct wire_field *field)
{
	if (field->kind == WIRE_FLAGS || !schema_has_names(field))
		return fixed(schema, field);
	return schema_of("anyOf", schema_scalar(schema, field),
		schema_pattern(schema, "(?!auto$|bad$)[A-Za-z][A-Za-z0-9_.+/-]*"), NULL);
}

/* What the ends of its ranges look like; NULL where it has no ranges. */
static const char *end_pattern(struct schema *schema, const struct wire_field *field)
{
	const char *pattern = schema_value_pattern(schema, field);

	if (field->kind == WIRE_BYTES && field->width > RANGE_OCTETS * 8)
		return NULL;
	if (field->kind == WIRE_BYTES && field->text)
		return "(?:0[xX])?(?:[0-9A-Fa-f]{2}[ :-]*)+";
	if (pattern && schema_has_names(field))
		return arena_printf(&schema->arena, "%s|[A-Za-z][A-Za-z0-9_+/|-]*", pattern);
	return pattern;
}

static const char *prefix_pattern(const struct wire_field *field)
{
	if (field->kind == WIRE_IPV4)
		return "(?:[12]?[0-9]|3[0-2])";
	return field->kind == WIRE_IPV6 ? "(?:6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-8])" : "";
}

/* With bits: the ranges are of numbers, else of the field's own values. */
static void set_generators(struct schema *schema, const struct wire_field *field, struct json *json)
{
	struct json *own = generators(
		schema, end_pattern(schema, field), prefix_pattern(field), items(schema, field));

	if (!has_parts(field)) {
		json_set(json, "allOf", schema_array(own, NULL));
		return;
	}
	json_set(json, "if", schema_of("required", json_text("bits"), NULL));
	json_set(json, "then",
		generators(schema, schema_number_pattern(schema, UINT64_MAX), "",
			schema_number(schema, UINT64_MAX)));
	json_set(json, "else", own);
}

static struct json *varying(struct schema *schema, const struct wire_field *field)
{
	bool ranged = end_pattern(schema, field) != NULL;
	struct json *properties = ranged ? range_properties() : json_object();
	struct json *dependencies = json_object();
	struct json *json = schema_object(properties);

	if (!ranged)
		json_set(properties, "list",
			schema_described(json_object(), "these values in turn"));
	if (ranged) {
		json_set(properties, "step", step(schema));
		json_set(dependencies, "step", step_dependency());
	}
	if (field->width)
		json_set(properties, "same-as", field_names(schema));
	if (has_parts(field))
		set_part(schema, field, properties, dependencies);
	json_set(properties, "each",
		schema_described(schema_of("enum", json_text("frame"), json_text("cycle"), NULL),
			"frame, or cycle: it steps when the varying field before it wraps"));
	json_set(dependencies, "each", schema_not_required("same-as"));
	json_set(json, "dependencies", dependencies);
	json_set(json, "oneOf",
		one_of(ranged ? ranges : ranges + 4, field->width ? "same-as" : NULL));
	set_generators(schema, field, json);
	return json;
}

struct json *schema_varying(struct schema *schema, const struct wire_field *field)
{
	const char *name =
		arena_printf(&schema->arena, "varying-%s%s", schema_shape_name(schema, field),
			field->kind == WIRE_FLAGS && field->names ? "-flags"
			: schema_has_names(field)		  ? "-named"
								  : "");

	if (field->kind == WIRE_FLAGS && field->names) /* its list has names of its own */
		return varying(schema, field);
	if (schema_is_new(schema, name))
		schema_define(schema, name, varying(schema, field));
	return schema_ref(schema, name);
}

/* ---- sizes ---- */

struct json *schema_size(struct schema *schema, uint64_t max)
{
	const char *name = arena_printf(&schema->arena, "size-%" PRIu64, max);
	struct json *properties, *dependencies, *json;

	if (!schema_is_new(schema, name))
		return schema_ref(schema, name);
	properties = range_properties();
	dependencies = json_object();
	json = schema_object(properties);
	json_set(properties, "step", step(schema));
	json_set(dependencies, "step", step_dependency());
	json_set(json, "dependencies", dependencies);
	json_set(json, "oneOf", one_of(ranges, NULL));
	json_set(json, "allOf",
		schema_array(generators(schema, schema_number_pattern(schema, max), "",
				     schema_number(schema, max)),
			NULL));
	schema_define(schema, name, schema_of("anyOf", schema_number(schema, max), json, NULL));
	return schema_ref(schema, name);
}
