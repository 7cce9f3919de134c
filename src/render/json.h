/* json.h: JSON values to print; exact 64-bit numbers, and text that may hold any octets comes out
 * as valid UTF-8. */
#ifndef RENDER_JSON_H
#define RENDER_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer;
struct json;

struct json *json_object(void);
struct json *json_array(void);
struct json *json_number(uint64_t value);
struct json *json_real(double value);
struct json *json_text(const char *text);
/* May hold '\0'. An octet that is no UTF-8 stands there as U+FFFD and two lower-case digits, and so
 * do those of a U+FFFD before two digits: other octets are another text. */
struct json *json_octets(const void *octets, size_t length);
struct json *json_bool(bool value);
struct json *json_null(void);

/* Put value into the object or array, which owns it from then on. Keys keep the order they were put
 * in. */
void json_set(struct json *object, const char *key, struct json *value);
void json_add(struct json *array, struct json *value);

/* What a value that was read holds; borrowed. NULL where json is NULL, no object or has no such
 * key; where it is no array, or has fewer. */
const struct json *json_get(const struct json *object, const char *key);
const struct json *json_at(const struct json *array, size_t index);
size_t json_length(const struct json *array); /* 0 of what is none */

/* The value, or `other` where json is NULL or no such: a whole number from 0 on, any number, a
 * text, a truth. */
uint64_t json_to_number(const struct json *json, uint64_t other);
double json_to_real(const struct json *json, double other);
const char *json_to_text(const struct json *json, const char *other);
bool json_to_bool(const struct json *json, bool other);

/* The same value once more, to be put elsewhere or freed; not to be changed. */
struct json *json_copy(const struct json *json);

/* The same object with a "type" before its other keys, as lines of --jsonl have it; takes object.
 */
struct json *json_typed(const char *type, struct json *object);

/* Appends one line, or with indent several, and '\n'; frees json. */
void json_print(struct json *json, bool indent, struct buffer *out);

/* Frees json; NULL is harmless. */
void json_free(struct json *json);

/*
 * The same octets as Python's json.dumps(value), or with indent as json.dumps(value, indent=4):
 * ASCII alone, so that no terminal takes a part of a text for a command of its own. No '\n' at the
 * end; json stays.
 */
void json_dumps(const struct json *json, bool indent, struct buffer *out);

#endif
