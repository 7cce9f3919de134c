/* The JSON Schema of values as scalars: numbers, names, addresses. */
#include "render/schema.h"

#include "frame/spec.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char schema_variable[] = "\\$(?:if\\.(?:mac|ipv4|ipv6|mtu)|hop\\.mac|[A-Za-z_][A-Za-z0-9_-]*("
			       "?:\\+[0-9][0-9A-Za-z]*)?)";

#define OCTET	  "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
#define IPV4	  "(?:" OCTET "\\.){3}" OCTET
#define GROUP	  "[0-9A-Fa-f]{1,4}"
#define HEX_OCTET "[0-9A-Fa-f]{1,2}"

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
const char *schema_number_pattern(struct schema *schema, uint64_t max)
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

struct json *schema_integer(uint64_t max)
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
			schema_of("anyOf", schema_integer(max),
				schema_pattern(schema, arena_printf(&schema->arena, "%s|%s",
							       schema_number_pattern(schema, max),
							       schema_variable)),
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
const char *schema_value_pattern(struct schema *schema, const struct wire_field *field)
{
	switch (field->kind) {
	case WIRE_UINT:
	case WIRE_FLAGS:
		return schema_number_pattern(schema, field_max(field));
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
const char *schema_shape_name(struct schema *schema, const struct wire_field *field)
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
struct json *schema_any_text(void)
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

bool schema_has_names(const struct wire_field *field)
{
	return wire_is_number(field) && (field->names || field->space != WIRE_SPACE_NONE);
}

/* Names of bits, or numbers, joined by '|'. */
static struct json *flags(struct schema *schema, const struct wire_field *field)
{
	struct buffer item = { 0 };
	struct json *json;

	buffer_printf(&item, "(?:%s", schema_number_pattern(schema, field_max(field)));
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
	const char *pattern = schema_value_pattern(schema, field);
	const char *name = schema_shape_name(schema, field);

	if (field->kind == WIRE_FLAGS && field->names)
		return flags(schema, field);
	if (wire_is_number(field))
		return schema_number(schema, field_max(field));
	if (!schema_is_new(schema, name))
		return schema_ref(schema, name);
	if (!pattern)
		schema_define(schema, name, schema_any_text());
	else if (field->kind == WIRE_BYTES)
		schema_define(schema, name, octets_of_digits(schema, pattern));
	else
		schema_define(schema, name,
			schema_pattern(schema,
				arena_printf(&schema->arena, "%s|%s", pattern, schema_variable)));
	return schema_ref(schema, name);
}
