/* Names for what the fields of a frame that arrives hold: $NAME, {in: RANGE, as: NAME}. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/random.h"
#include "base/text.h"

#include <string.h>

enum key { KEY_IN, KEY_AS, KEY_KEY_OF, KEY_VALUE_OF, KEY_AT, KEY_HASH, KEY_COUNT };

static const char *const names[KEY_COUNT] = { "in", "as", "key-of", "value-of", "at", "hash" };
static const struct keys keys = KEYS(names, "key", "a value that is taken from a frame");

bool capture_is_form(const struct node *node)
{
	return keys_any(names, KEY_COUNT, node);
}

/* ---- names ---- */

static struct capture_name *find(const struct captures *captures, const char *name)
{
	for (unsigned int i = 0; i < captures->count; i++)
		if (!strcmp(captures->rows[i].name, name))
			return &captures->rows[i];
	return NULL;
}

bool capture_knows(const struct reader *reader, const char *name)
{
	return reader->captures && find(reader->captures, name);
}

bool capture_is_name(const struct reader *reader, const struct node *node)
{
	const char *name, *plus;

	if (!sum_split(reader, node, &name, &plus) || variables_know(reader, node, name))
		return false;
	return reader->pattern || find(reader->captures, name);
}

static int name_add(struct reader *reader, const struct path *path, const struct wire_field *field,
	const char *name, const struct position *at, struct err *err)
{
	struct captures *captures = reader->captures;

	if (captures->count == SPEC_CAPTURES_MAX)
		return path_error(
			err, at, path, "too many names are taken (at most %d)", SPEC_CAPTURES_MAX);
	if (captures->count == captures->capacity) {
		unsigned int capacity = captures->capacity ? 2 * captures->capacity : 16;
		struct capture_name *rows = arena_alloc(reader->arena, capacity * sizeof(*rows));

		if (captures->count)
			memcpy(rows, captures->rows, captures->count * sizeof(*rows));
		captures->rows = rows;
		captures->capacity = capacity;
	}
	captures->rows[captures->count++] =
		(struct capture_name){ .name = name, .field = field, .at = *at };
	return 0;
}

/* Whether what one field holds is a value of the other. */
static int fits(const struct path *path, const struct wire_field *field,
	const struct capture_name *taken, const struct position *at, struct err *err)
{
	bool number = wire_is_number(field);

	if (number != wire_is_number(taken->field))
		return path_error(err, at, path, "$%s was taken from %s, which holds %s",
			taken->name, taken->field->name,
			number ? "octets and no number" : "a number");
	if (number && field->width < taken->field->width)
		return path_error(err, at, path,
			"$%s was taken from %s, which has %u bits, and this field has %u",
			taken->name, taken->field->name, taken->field->width, field->width);
	if (!number && field->width && taken->field->width && field->width != taken->field->width)
		return path_error(err, at, path,
			"$%s was taken from %s, which has %u octets, and this field has %u",
			taken->name, taken->field->name, taken->field->width / 8U,
			field->width / 8U);
	return 0;
}

/* The name, which a pattern may make. */
static int name_use(struct reader *reader, const struct path *path, const struct wire_field *field,
	const char *name, const struct position *at, struct spec_capture *ret, struct err *err)
{
	const struct capture_name *taken = find(reader->captures, name);

	ret->name = name;
	ret->index =
		taken ? (unsigned int)(taken - reader->captures->rows) : reader->captures->count;
	if (taken)
		return fits(path, field, taken, at, err);
	ret->first = true;
	return name_add(reader, path, field, name, at, err);
}

static int plus_read(const struct path *path, const struct wire_field *field,
	const struct node *node, const char *text, struct spec_capture *ret, struct err *err)
{
	if (ret->first)
		return path_error(err, &node->at, path,
			"$%s has no value yet, to which something could be added", ret->name);
	return sum_number(path, field, node, text, &ret->plus, err);
}

static int name_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_capture *ret, struct err *err)
{
	const char *name, *plus;
	int status;

	if (!sum_split(reader, node, &name, &plus))
		return path_error(err, &node->at, path, "$NAME is wanted");
	status = name_use(reader, path, field, name, &node->at, ret, err);
	if (!status && plus)
		status = plus_read(path, field, node, plus, ret, err);
	return status;
}

/* ---- {in: .., as: ..} ---- */

static int in_read(struct reader *reader, const struct path *outer, const struct wire_field *field,
	const struct node *node, struct spec_capture *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_IN] };
	const struct place place = { .field = field, .held = true };
	struct range range = { 0 };
	int status;

	if (field->kind == WIRE_NAME || field->kind == WIRE_STRING || field->text)
		return path_error(err, &node->key_at, outer, "text has no range");
	status = range_read(reader, &path, &place, node, VARY_RANDOM, &range, err);
	if (status)
		return status;
	ret->ranged = true;
	ret->first_value = range.first;
	ret->last_value = range.last;
	return 0;
}

static int as_read(struct reader *reader, const struct path *outer, const struct wire_field *field,
	const struct node *node, struct spec_capture *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_AS] };
	const char *name;
	int status = scalar_read_literal(reader, &path, node, &name, err);

	if (status)
		return status;
	if (name[0] == '$')
		return path_error(
			err, &node->at, &path, "a name is wanted, without $: %s", name + 1);
	if (!*name || name[sum_name_length(name)])
		return path_error(
			err, &node->at, &path, "\"%s\" is no name: letters, digits, - and _", name);
	if (variables_know(reader, node, name))
		return path_error(
			err, &node->at, &path, "%s is a variable, which has its value", name);
	return name_use(reader, &path, field, name, &node->at, ret, err);
}

/* ---- {hash: [$NAME, ..]} ---- */

static int hash_read(struct reader *reader, const struct path *outer,
	const struct wire_field *field, const struct node *node, struct spec_capture *ret,
	struct err *err)
{
	const struct path path = { outer, names[KEY_HASH] };
	struct spec_hashed *rows = arena_alloc(reader->arena, (node->count + 1) * sizeof(*rows));
	struct spec_hash *hash = arena_alloc(reader->arena, sizeof(*hash));
	const struct capture_name *taken = NULL;
	const char *name, *plus;

	if (!wire_is_number(field))
		return path_error(
			err, &node->at, &path, "a hash is a number, and %s is none", field->name);
	if (node->kind != NODE_SEQUENCE || !node->count)
		return path_error(err, &node->at, &path, "a list of names is wanted: [$NAME, ...]");
	for (const struct node *child = node->children; child; child = child->next) {
		if (sum_split(reader, child, &name, &plus) && !plus)
			taken = find(reader->captures, name);
		if (!taken)
			return path_error(err, &child->at, &path,
				"a name that was taken from the request is wanted");
		rows[hash->count++] =
			(struct spec_hashed){ (unsigned int)(taken - reader->captures->rows),
				taken->field };
		taken = NULL;
	}
	hash->key = random_derive(reader->options->seed, ret->at.line);
	hash->rows = rows;
	ret->hash = hash;
	return 0;
}

/* ---- {key-of: TABLE, as: NAME}, {value-of: TABLE, at: $NAME} ---- */

static int key_of_read(struct reader *reader, const struct path *outer,
	const struct wire_field *field, const struct node *node, struct spec_capture *ret,
	struct err *err)
{
	const struct path path = { outer, names[KEY_KEY_OF] };
	const struct node *rows;
	struct spec_table *table;
	int status = table_read(reader, &path, field, node, &rows, &table, err);

	if (!status)
		ret->table = table;
	return status;
}

static int value_of_read(struct reader *reader, const struct path *outer,
	const struct wire_field *field, const struct node *const *members, struct spec_capture *ret,
	struct err *err)
{
	const struct path path = { outer, names[KEY_VALUE_OF] };
	const struct path at_path = { outer, names[KEY_AT] };
	const struct capture_name *taken;
	const char *name, *plus;
	const struct node *rows;
	struct spec_table *table;
	int status;

	if (!members[KEY_AT])
		return path_error(err, &members[KEY_VALUE_OF]->key_at, outer,
			"which row is wanted: {value-of: TABLE, at: $NAME}");
	if (!sum_split(reader, members[KEY_AT], &name, &plus) || plus)
		return path_error(err, &members[KEY_AT]->at, &at_path, "$NAME is wanted");
	taken = find(reader->captures, name);
	if (!taken)
		return path_error(err, &members[KEY_AT]->at, &at_path,
			"$%s was not taken from the request", name);
	status = table_read(reader, &path, taken->field, members[KEY_VALUE_OF], &rows, &table, err);
	if (!status)
		status = table_read_values(reader, &path, field, rows, &table->values, err);
	if (status)
		return status;
	ret->name = name;
	ret->index = (unsigned int)(taken - reader->captures->rows);
	ret->table = table;
	return 0;
}

static int form_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_capture *ret, struct err *err)
{
	const struct node *members[KEY_COUNT];
	int status = keys_pick(&keys, node, members, err);

	if (status)
		return status;
	for (unsigned int i = 0; i < KEY_COUNT; i++) {
		bool of_pattern = i == KEY_IN || i == KEY_AS || i == KEY_KEY_OF;

		if (!members[i] || of_pattern == reader->pattern)
			continue;
		return path_error(err, &members[i]->key_at, path,
			of_pattern ? "%s is of a pattern, of what arrives; here $NAME stands for "
				     "the value"
				   : "%s is of an answer, and not of a pattern",
			names[i]);
	}
	if (members[KEY_HASH])
		return hash_read(reader, path, field, members[KEY_HASH], ret, err);
	if (!reader->pattern && !members[KEY_VALUE_OF])
		return path_error(err, &members[KEY_AT]->key_at, path,
			"at goes with value-of: {value-of: TABLE, at: $NAME}");
	if (!reader->pattern)
		return value_of_read(reader, path, field, members, ret, err);
	if (members[KEY_KEY_OF])
		status = key_of_read(reader, path, field, members[KEY_KEY_OF], ret, err);
	if (!status && members[KEY_IN])
		status = in_read(reader, path, field, members[KEY_IN], ret, err);
	if (!status && members[KEY_AS])
		status = as_read(reader, path, field, members[KEY_AS], ret, err);
	return status;
}

int capture_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	struct spec_capture *capture = arena_alloc(reader->arena, sizeof(*capture));
	int status;

	capture->at = node->at;
	if (node->kind == NODE_MAPPING)
		status = form_read(reader, path, field, node, capture, err);
	else
		status = name_read(reader, path, field, node, capture, err);
	if (status)
		return status;
	ret->state = SPEC_TAKEN;
	ret->capture = capture;
	return 0;
}
