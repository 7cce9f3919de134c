/* schema.h: what the files that write the JSON Schema of templates share. */
#ifndef RENDER_SCHEMA_H
#define RENDER_SCHEMA_H

#include "base/arena.h"
#include "base/buffer.h"
#include "render/json.h"
#include "wire/wire.h"

/* A definition of a list, and which it is. */
struct schema_list {
	const struct wire_list *list;
	const char *name;
};

struct schema {
	struct arena arena;
	struct json *definitions;
	struct buffer names; /* const char *[]: of the definitions so far */
	struct buffer lists; /* struct schema_list[] */
};

/* Whether the definition is still to be made; from now on it is not. name is kept. */
bool schema_is_new(struct schema *schema, const char *name);
void schema_define(struct schema *schema, const char *name, struct json *value);

/* {"$ref": "#/definitions/NAME"} */
struct json *schema_ref(struct schema *schema, const char *name);

/* {"type": "string", "pattern": "^(?:PATTERN)$"} */
struct json *schema_pattern(struct schema *schema, const char *pattern);

/* [...] and {KEY: [...]} of the values up to NULL, which is given. */
struct json *schema_array_of(struct json *const *values);
struct json *schema_key_of(const char *key, struct json *array);
#define schema_array(...)   schema_array_of((struct json *[]){ __VA_ARGS__ })
#define schema_of(key, ...) schema_key_of((key), schema_array(__VA_ARGS__))

/* ["a", "b"] of the words up to NULL, which is given. */
struct json *schema_words_of(const char *const *words);
#define schema_words(...) schema_words_of((const char *const[]){ __VA_ARGS__ })

/* An object that has only these properties. */
struct json *schema_object(struct json *properties);

/* An object with exactly one of these: {mss: 1460}. */
struct json *schema_one_member(struct json *properties);

/* A list of layers, each as one of these properties, or by its name alone where names has it. */
struct json *schema_layer_list(
	struct json *properties, struct json *names, const char *description);

/* {"not": {"required": [KEY]}} */
struct json *schema_not_required(const char *key);

/* The same value, with a description. */
struct json *schema_described(struct json *json, const char *description);

/* ---- schema_value.c ---- */

/* A number up to max, as YAML's integer or as text; or a variable. */
struct json *schema_number(struct schema *schema, uint64_t max);
struct json *schema_integer(uint64_t max); /* as an integer alone */
const char *schema_number_pattern(struct schema *schema, uint64_t max);

/* The value of a field as a scalar. */
struct json *schema_scalar(struct schema *schema, const struct wire_field *field);

/* What a value looks like, names left out; NULL where anything goes. */
const char *schema_value_pattern(struct schema *schema, const struct wire_field *field);

/* "mac", "bytes-4", "number-65535": what definitions of such values are called by. */
const char *schema_shape_name(struct schema *schema, const struct wire_field *field);

bool schema_has_names(const struct wire_field *field);

/* Text, which YAML may take for a number or a boolean. */
struct json *schema_any_text(void);

/* ---- schema_octets.c ---- */

/* By a form such as {hex: ..}; NULL where the field has no octets. */
struct json *schema_octets(struct schema *schema, const struct wire_field *field);

/* Octets that do not vary: padding. */
struct json *schema_octets_fixed(struct schema *schema);

/* ---- schema_varying.c ---- */

/* NULL where it cannot vary. */
struct json *schema_varying(struct schema *schema, const struct wire_field *field);

/* A size that may vary, up to max. */
struct json *schema_size(struct schema *schema, uint64_t max);

/* ---- schema_frame.c: what stands beside the layers ---- */

struct json *schema_line(const char *description);
struct json *schema_vars(void);
struct json *schema_fcs(struct schema *schema);
struct json *schema_pad(struct schema *schema);
struct json *schema_frame_size(struct schema *schema);
struct json *schema_fragment(struct schema *schema);
struct json *schema_gap(struct schema *schema);
struct json *schema_positive(struct schema *schema, uint64_t max); /* a number from 1 */

/* "$name", of a variable. */
extern const char schema_variable[];

/* ---- schema_respond.c ---- */

/* The definition "named-layers": layers whose fields may be anything, names among it. */
void schema_put_named_layers(struct schema *schema);

/* request, answer, rules and tables, beside what a template has. */
void schema_put_responder(struct schema *schema, struct json *properties);
struct json *schema_rules_alone(void); /* without request and answer */

#endif
