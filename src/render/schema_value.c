/* The JSON Schema of values: numbers, addresses, octets, and those that vary. */
#include "render/schema.h"

#include "frame/spec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char schema_variable[] =
	"\\$(?:if\\.(?:mac|ipv4|ipv6|mtu)|hop\\.mac|[A-Za-z_][A-Za-z0-9_-]*)";

#define OCTET	     "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
#define IPV4	     "(?:" OCTET "\\.){3}" OCTET
#define GROUP	     "[0-9A-Fa-f]{1,4}"
#define HEX_OCTET    "[0-9A-Fa-f]{1,2}"
#define RANGE_OCTETS 8 /* of a field of bytes whose values count as numbers */

static const char mac[] =
	"(?:" HEX_OCTET "(?::" HEX_OCTET "){5}|" HEX_OCTET "(?:-" HEX_OCTET "){5})";

/* Every place of "::", and the last 32 bits as IPv4. */
static const char ipv6[] =
	"(?:(?:" GROUP ":){7}(?:" GROUP "|:)|(?:" GROUP ":){6}(?:" IPV4 "|:" GROUP "|:)"
	"|(?:" GROUP ":){5}(?::" IPV4 "|(?::" GROUP "){1,2}|:)"
	"|(?:" GROUP ":){4}(?:(?::" GROUP ")?:" IPV4 "|(?::" GROUP "){1,3}|:)"
	"|(?:" GROUP ":){3}(?:(?::" GROUP "){0,2}:" IPV4 "|(?::" GROUP "){1,4}|:)"
	"|(?:" GROUP ":){2}(?:(?::" GROUP "){0,3}:" IPV4 "|(?::" GROUP "){1,5}|:)"
	"|" GROUP ":(?:(?::" GROUP "){0,4}:" IPV4 "|(?::" GROUP "){1,6}|:)"
	"|:(?:(?::" GROUP "){0,5}:" IPV4 "|(?::" GROUP "){1,7}|:))";

/* ---- numbers ---- */

static unsigned int bits_of(uint64_t max)
{
	unsigned int bits = 1;

	while (bits < 64 && max >> bits)
		bits++;
	return bits;
}

/* Decimal numbers up to max: fewer digits, the same digits up to one that is lower, or max. */
static void put_decimal(uint64_t max, struct buffer *out)
{
	char digits[24];
	int count = snprintf(digits, sizeof(digits), "%" PRIu64, max);

	buffer_printf(out, "0*(?:%s", digits);
	if (count > 1)
		buffer_printf(out, "|[0-9]{1,%d}", count - 1);
	for (int i = 0; i < count; i++) {
		int lowest = i || count == 1 ? '0' : '1';

		if (digits[i] > lowest)
			buffer_printf(out, "|%.*s[%c-%c][0-9]{%d}", i, digits, lowest,
				digits[i] - 1, count - i - 1);
	}
	buffer_printf(out, ")");
}

/* In hexadecimal and binary up to the bits that max has. */
static const char *number_pattern(struct schema *schema, uint64_t max)
{
	static const char *const first[] = { "", "[01]?", "[0-3]?", "[0-7]?" };
	unsigned int bits = bits_of(max);
	struct buffer text = { 0 };
	const char *kept;

	buffer_printf(&text, "(?:0[xX](?=[^. ])0*%s[0-9A-Fa-f]{0,%u}|0[bB]0*[01]{1,%u}|",
		first[bits % 4], bits / 4, bits);
	put_decimal(max, &text);
	buffer_printf(&text, ")");
	kept = arena_strndup(&schema->arena, buffer_text(&text), text.length);
	buffer_fini(&text);
	return kept;
}

static uint64_t field_max(const struct wire_field *field)
{
	return field->width >= 64 ? UINT64_MAX : (1ULL << field->width) - 1;
}

static struct json *integer(uint64_t max)
{
	struct json *json = json_object();

	json_set(json, "type", json_text("integer"));
	json_set(json, "minimum", json_number(0));
	json_set(json, "maximum", json_number(max));
	return json;
}

struct json *schema_number(struct schema *schema, uint64_t max)
{
	const char *name = arena_printf(&schema->arena, "number-%" PRIu64, max);

	if (schema_is_new(schema, name))
		schema_define(schema, name,
			schema_of("anyOf", integer(max),
				schema_pattern(schema,
					arena_printf(&schema->arena, "%s|%s",
						number_pattern(schema, max), schema_variable)),
				NULL));
	return schema_ref(schema, name);
}

/* ---- scalars ---- */

/* A name as a pattern. */
static void put_literal(const char *name, struct buffer *out)
{
	for (; *name; name++)
		buffer_printf(out, "%s%c", strchr("^$\\.*+?()[]{}|/", *name) ? "\\" : "", *name);
}

/* What one value of the field looks like, without its names; NULL where it is any text. */
static const char *value_pattern(struct schema *schema, const struct wire_field *field)
{
	switch (field->kind) {
	case WIRE_UINT:
	case WIRE_FLAGS:
		return number_pattern(schema, field_max(field));
	case WIRE_MAC:
		return mac;
	case WIRE_IPV4:
		return IPV4;
	case WIRE_IPV6:
		return ipv6;
	case WIRE_BYTES:
		if (field->text)
			return NULL;
		if (field->width)
			return arena_printf(&schema->arena,
				"(?:0[xX])?(?:[0-9A-Fa-f]{2}[ :-]*){%u}", field->width / 8U);
		return "(?:0[xX])?(?:[0-9A-Fa-f]{2}[ :-]*)*";
	case WIRE_NAME:
	case WIRE_STRING:
	case WIRE_LIST:
	default:
		return NULL;
	}
}

/* "mac", "bytes-4", "number-65535": what its definitions are called by. */
static const char *shape_name(struct schema *schema, const struct wire_field *field)
{
	switch (field->kind) {
	case WIRE_UINT:
	case WIRE_FLAGS:
		return arena_printf(&schema->arena, "number-%" PRIu64, field_max(field));
	case WIRE_MAC:
		return "mac";
	case WIRE_IPV4:
		return "ipv4";
	case WIRE_IPV6:
		return "ipv6";
	case WIRE_BYTES:
		if (!field->text && field->width)
			return arena_printf(&schema->arena, "bytes-%u", field->width / 8U);
		return field->text ? "text" : "bytes";
	case WIRE_NAME:
	case WIRE_STRING:
	case WIRE_LIST:
	default:
		return "text";
	}
}

/* YAML takes digits for numbers and yes-words for booleans; the field takes their text. */
static struct json *any_text(void)
{
	struct json *json = json_object();

	json_set(json, "type", schema_words("string", "number", "boolean", NULL));
	return json;
}

static struct json *octets_of_digits(struct schema *schema, const char *pattern)
{
	struct json *number = json_object();

	json_set(number, "type", json_text("number"));
	json_set(number, "minimum", json_number(0));
	return schema_of("anyOf", number,
		schema_pattern(
			schema, arena_printf(&schema->arena, "%s|%s", pattern, schema_variable)),
		NULL);
}

static bool has_names(const struct wire_field *field)
{
	return wire_is_number(field) && (field->names || field->space != WIRE_SPACE_NONE);
}

/* Names of bits, or numbers, joined by '|'. */
static struct json *flags(struct schema *schema, const struct wire_field *field)
{
	struct buffer item = { 0 };
	struct json *json;

	buffer_printf(&item, "(?:%s", number_pattern(schema, field_max(field)));
	for (const struct wire_name *name = field->names; name && name->name; name++) {
		buffer_printf(&item, "|");
		put_literal(name->name, &item);
	}
	buffer_printf(&item, ")");
	json = schema_pattern(schema, arena_printf(&schema->arena, "%s(?: *\\| *%s)*",
					      buffer_text(&item), buffer_text(&item)));
	buffer_fini(&item);
	return schema_of("anyOf", schema_number(schema, field_max(field)), json, NULL);
}

struct json *schema_scalar(struct schema *schema, const struct wire_field *field)
{
	const char *pattern = value_pattern(schema, field);
	const char *name = shape_name(schema, field);

	if (field->kind == WIRE_FLAGS && field->names)
		return flags(schema, field);
	if (wire_is_number(field))
		return schema_number(schema, field_max(field));
	if (!schema_is_new(schema, name))
		return schema_ref(schema, name);
	if (!pattern)
		schema_define(schema, name, any_text());
	else if (field->kind == WIRE_BYTES)
		schema_define(schema, name, octets_of_digits(schema, pattern));
	else
		schema_define(schema, name,
			schema_pattern(schema,
				arena_printf(&schema->arena, "%s|%s", pattern, schema_variable)));
	return schema_ref(schema, name);
}

/* ---- values that vary ---- */

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
			number_pattern(schema, UINT64_MAX), schema_variable)));
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

static struct json *not_required(const char *key)
{
	struct json *json = json_object();

	json_set(json, "not", schema_of("required", json_text(key), NULL));
	return json;
}

/* value: and bits:, for a part of a field of fixed width. */
static void set_part(struct schema *schema, const struct wire_field *field, struct json *properties,
	struct json *dependencies)
{
	json_set(properties, "value", schema_scalar(schema, field));
	json_set(properties, "bits",
		schema_described(
			schema_of("anyOf", integer(field->width - 1U),
				range(schema, number_pattern(schema, field->width - 1U), ""), NULL),
			"LOW..HIGH, the bits that vary; bit 0 is the lowest"));
	json_set(dependencies, "value", schema_words("bits", NULL));
	json_set(dependencies, "bits", schema_words("value", NULL));
}

/* LAYER.FIELD, of the fields that have a fixed width; LAYER[2].FIELD. */
static struct json *field_names(struct schema *schema)
{
	struct json *names = json_array();
	struct json *json;

	if (!schema_is_new(schema, "field"))
		return schema_ref(schema, "field");
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
	if (field->kind == WIRE_FLAGS || !has_names(field))
		return schema_scalar(schema, field);
	return schema_of("anyOf", schema_scalar(schema, field),
		schema_pattern(schema, "(?!auto$|bad$)[A-Za-z][A-Za-z0-9_.+/-]*"), NULL);
}

/* What the ends of its ranges look like; NULL where it has no ranges. */
static const char *end_pattern(struct schema *schema, const struct wire_field *field)
{
	const char *pattern = value_pattern(schema, field);

	if (field->kind == WIRE_BYTES && field->width > RANGE_OCTETS * 8)
		return NULL;
	if (pattern && has_names(field))
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

	if (!field->width) {
		json_set(json, "allOf", schema_array(own, NULL));
		return;
	}
	json_set(json, "if", schema_of("required", json_text("bits"), NULL));
	json_set(json, "then",
		generators(schema, number_pattern(schema, UINT64_MAX), "",
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
	if (field->width) {
		json_set(properties, "same-as", field_names(schema));
		set_part(schema, field, properties, dependencies);
	}
	json_set(properties, "each",
		schema_described(schema_of("enum", json_text("frame"), json_text("cycle"), NULL),
			"frame, or cycle: it steps when the varying field before it wraps"));
	json_set(dependencies, "each", not_required("same-as"));
	json_set(json, "dependencies", dependencies);
	json_set(json, "oneOf",
		one_of(ranged ? ranges : ranges + 4, field->width ? "same-as" : NULL));
	set_generators(schema, field, json);
	return json;
}

struct json *schema_varying(struct schema *schema, const struct wire_field *field)
{
	const char *name = arena_printf(&schema->arena, "varying-%s%s", shape_name(schema, field),
		field->kind == WIRE_FLAGS && field->names ? "-flags"
		: has_names(field)			  ? "-named"
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
		schema_array(generators(schema, number_pattern(schema, max), "",
				     schema_number(schema, max)),
			NULL));
	schema_define(schema, name, schema_of("anyOf", schema_number(schema, max), json, NULL));
	return schema_ref(schema, name);
}

/* ---- octets ---- */

static const struct wire_field octets_field = { .kind = WIRE_BYTES };

enum octets { OCTETS_FIXED, OCTETS_FIELD, OCTETS_PAYLOAD, OCTETS_KINDS };

static struct json *octets_properties(struct schema *schema, enum octets kind)
{
	struct json *size = kind == OCTETS_PAYLOAD ? schema_size(schema, FRAME_LENGTH_MAX)
						   : schema_number(schema, FRAME_LENGTH_MAX);
	struct json *properties = json_object();
	struct json *digits = json_object();

	json_set(digits, "type", schema_words("number", "boolean", NULL));
	json_set(properties, "text", schema_described(any_text(), "text, in quotes"));
	json_set(properties, "hex", schema_scalar(schema, &octets_field));
	json_set(properties, "base64",
		schema_of("anyOf", digits,
			schema_pattern(schema, "[A-Za-z0-9+/\\s]*(?:=\\s*){0,2}"),
			schema_pattern(schema, schema_variable), NULL));
	json_set(properties, "file",
		schema_described(any_text(), "the octets of a file beside the template"));
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
	json_set(dependencies, "size", not_required("random-bytes"));
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
