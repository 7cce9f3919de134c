/* JSON values, over json-c. */
#include "render/json.h"
#include "render/json_c.h"
#include "render/utf8.h"

#include "base/buffer.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json *wrap(struct json_c_object *object)
{
	if (!object)
		abort(); /* out of memory, as arena.h has it */
	return (struct json *)object;
}

static struct json_c_object *unwrap(struct json *json)
{
	return (struct json_c_object *)json;
}

struct json *json_object(void)
{
	return wrap(json_object_new_object());
}

struct json *json_array(void)
{
	return wrap(json_object_new_array());
}

struct json *json_number(uint64_t value)
{
	return wrap(json_object_new_uint64(value));
}

/* The shortest text that reads back as the same number; JSON has no infinity. */
struct json *json_real(double value)
{
	char text[32];
	int digits;

	if (!isfinite(value))
		return json_null();
	for (digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return wrap(json_object_new_double_s(value, text));
}

/* Where p stands: one that would be taken for the sign of an octet that is no UTF-8. */
static bool is_sign(const unsigned char *p)
{
	size_t length = strlen(UTF8_REPLACEMENT);

	return !strncmp((const char *)p, UTF8_REPLACEMENT, length) && isxdigit(p[length]) &&
	       isxdigit(p[length + 1]);
}

static void put_signs(struct buffer *clean, const unsigned char *p, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_printf(clean, UTF8_REPLACEMENT "%02x", p[i]);
}

/* What is no UTF-8 is replaced. utf8_length stops at a '\0': buffer.h has one behind its octets. */
static void put_clean(
	struct buffer *clean, const unsigned char *p, const unsigned char *end, bool exact)
{
	while (p < end) {
		size_t length = *p ? utf8_length(p) : 1;
		size_t taken = length ? length : 1;

		if (exact && (!length || is_sign(p)))
			put_signs(clean, p, taken);
		else if (length)
			buffer_put(clean, p, length);
		else
			buffer_put(clean, UTF8_REPLACEMENT, strlen(UTF8_REPLACEMENT));
		p += taken;
	}
}

static struct json *text_of(const void *text, size_t length, bool exact)
{
	struct buffer ended = { 0 };
	struct buffer clean = { 0 };
	struct json *json;

	buffer_put(&ended, text, length);
	put_clean(&clean, ended.data, ended.data + ended.length, exact);
	json = wrap(json_object_new_string_len(buffer_text(&clean), (int)clean.length));
	buffer_fini(&ended);
	buffer_fini(&clean);
	return json;
}

struct json *json_octets(const void *octets, size_t length)
{
	return text_of(octets, length, true);
}

struct json *json_text(const char *text)
{
	return text_of(text, strlen(text), false);
}

struct json *json_bool(bool value)
{
	return wrap(json_object_new_boolean(value));
}

struct json *json_null(void)
{
	return NULL; /* what json-c has for it */
}

void json_set(struct json *object, const char *key, struct json *value)
{
	if (json_object_object_add(unwrap(object), key, unwrap(value)))
		abort();
}

void json_add(struct json *array, struct json *value)
{
	if (json_object_array_add(unwrap(array), unwrap(value)))
		abort();
}

/* json-c's readers take what is not const. */
static struct json_c_object *peek(const struct json *json)
{
	return (struct json_c_object *)(uintptr_t)json;
}

const struct json *json_get(const struct json *object, const char *key)
{
	struct json_c_object *value;

	if (!json_object_is_type(peek(object), json_type_object) ||
		!json_object_object_get_ex(peek(object), key, &value))
		return NULL;
	return (const struct json *)value;
}

const struct json *json_at(const struct json *array, size_t index)
{
	if (index >= json_length(array))
		return NULL;
	return (const struct json *)json_object_array_get_idx(peek(array), index);
}

size_t json_length(const struct json *array)
{
	return json_object_is_type(peek(array), json_type_array)
		       ? json_object_array_length(peek(array))
		       : 0;
}

uint64_t json_to_number(const struct json *json, uint64_t other)
{
	struct json_c_object *value = peek(json);

	if (!json_object_is_type(value, json_type_int) ||
		(json_object_get_int64(value) < 0 && !json_object_get_uint64(value)))
		return other;
	return json_object_get_uint64(value);
}

double json_to_real(const struct json *json, double other)
{
	struct json_c_object *value = peek(json);

	if (!json_object_is_type(value, json_type_double) &&
		!json_object_is_type(value, json_type_int))
		return other;
	return json_object_get_double(value);
}

const char *json_to_text(const struct json *json, const char *other)
{
	struct json_c_object *value = peek(json);

	return json_object_is_type(value, json_type_string) ? json_object_get_string(value) : other;
}

bool json_to_bool(const struct json *json, bool other)
{
	struct json_c_object *value = peek(json);

	return json_object_is_type(value, json_type_boolean) ? json_object_get_boolean(value)
							     : other;
}

struct json *json_copy(const struct json *json)
{
	return wrap(json_object_get(peek(json)));
}

struct json *json_typed(const char *type, struct json *object)
{
	struct json_object_iterator at = json_object_iter_begin(unwrap(object));
	const struct json_object_iterator end = json_object_iter_end(unwrap(object));
	struct json *typed = json_object();

	json_set(typed, "type", json_text(type));
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
		json_object_object_add(unwrap(typed), json_object_iter_peek_name(&at),
			json_object_get(json_object_iter_peek_value(&at)));
	json_object_put(unwrap(object));
	return typed;
}

void json_print(struct json *json, bool indent, struct buffer *out)
{
	int flags = JSON_C_TO_STRING_NOSLASHESCAPE |
		    (indent ? JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED : 0);

	buffer_printf(out, "%s\n", json_object_to_json_string_ext(unwrap(json), flags));
	json_object_put(unwrap(json));
}

void json_free(struct json *json)
{
	json_object_put(unwrap(json));
}
