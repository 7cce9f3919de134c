/* JSON values as Python's json.dumps writes them, over json-c. */
#include "render/json.h"
#include "render/json_c.h"
#include "render/utf8.h"

#include "base/buffer.h"

#define INDENT 4

struct writer {
	struct buffer *out;
	bool indent;
};

/* The number of a UTF-8 sequence of this many octets; U+FFFD for 0, which is none. */
static unsigned int decode(const unsigned char *p, size_t length)
{
	unsigned int code = p[0] & (0x7fU >> length);
	size_t i;

	if (!length)
		return 0xfffd;
	for (i = 1; i < length; i++)
		code = code << 6 | (p[i] & 0x3fU);
	return code;
}

/* RFC 8259 7: two escapes for what is above U+FFFF. */
static void put_escape(struct buffer *out, unsigned int code)
{
	if (code < 0x10000)
		buffer_printf(out, "\\u%04x", code);
	else
		buffer_printf(out, "\\u%04x\\u%04x", 0xd800 + ((code - 0x10000) >> 10),
			0xdc00 + ((code - 0x10000) & 0x3ff));
}

/* json-c escapes what must be; here the rest of what is not ASCII. */
static void put_ascii(struct buffer *out, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		size_t length = 0;

		while (p[length] && p[length] < 0x80)
			length++;
		buffer_put(out, p, length);
		p += length;
		if (*p) {
			length = utf8_length(p);
			put_escape(out, decode(p, length));
			p += length ? length : 1;
		}
	}
}

static void put_scalar(struct writer *writer, struct json_c_object *value)
{
	put_ascii(writer->out, json_object_to_json_string_ext(value,
				       JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
}

static void put_key(struct writer *writer, const char *key)
{
	struct json_c_object *text = json_object_new_string(key);

	put_scalar(writer, text);
	buffer_put(writer->out, ": ", 2);
	json_object_put(text);
}

/* Before an item, number index of its object or array. */
static void put_separator(struct writer *writer, size_t index, unsigned int depth)
{
	if (writer->indent)
		buffer_printf(writer->out, "%s\n%*s", index ? "," : "", (int)depth * INDENT, "");
	else if (index)
		buffer_put(writer->out, ", ", 2);
}

static void put_close(struct writer *writer, size_t count, unsigned int depth, char bracket)
{
	if (writer->indent && count)
		buffer_printf(writer->out, "\n%*s", (int)depth * INDENT, "");
	buffer_put(writer->out, &bracket, 1);
}

static void put_value(struct writer *writer, struct json_c_object *value, unsigned int depth);

static void put_object(struct writer *writer, struct json_c_object *object, unsigned int depth)
{
	struct json_object_iterator at = json_object_iter_begin(object);
	struct json_object_iterator end = json_object_iter_end(object);
	size_t count = 0;

	buffer_put(writer->out, "{", 1);
	for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at)) {
		put_separator(writer, count++, depth + 1);
		put_key(writer, json_object_iter_peek_name(&at));
		put_value(writer, json_object_iter_peek_value(&at), depth + 1);
	}
	put_close(writer, count, depth, '}');
}

static void put_array(struct writer *writer, struct json_c_object *array, unsigned int depth)
{
	size_t count = json_object_array_length(array);
	size_t i;

	buffer_put(writer->out, "[", 1);
	for (i = 0; i < count; i++) {
		put_separator(writer, i, depth + 1);
		put_value(writer, json_object_array_get_idx(array, i), depth + 1);
	}
	put_close(writer, count, depth, ']');
}

/* As deep as the value is: what is read (json_reader.h) has a bound. */
static void put_value(struct writer *writer, struct json_c_object *value, unsigned int depth)
{
	if (json_object_is_type(value, json_type_object))
		put_object(writer, value, depth);
	else if (json_object_is_type(value, json_type_array))
		put_array(writer, value, depth);
	else
		put_scalar(writer, value);
}

void json_dumps(const struct json *json, bool indent, struct buffer *out)
{
	struct writer writer = { .out = out, .indent = indent };

	put_value(&writer, (struct json_c_object *)json, 0);
}
