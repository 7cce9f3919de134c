/* What a field may hold in a frame that is waited for: any, 1..64, [0, 1], {not: 0}, {set: syn},
 * {prefix: "GET "}, {exactly: [mss, wscale]}. */
#include "template/value_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

enum key { KEY_NOT, KEY_SET, KEY_CLEAR, KEY_PREFIX, KEY_EXACTLY, KEY_COUNT };

static const char *const names[KEY_COUNT] = { "not", "set", "clear", "prefix", "exactly" };
static const struct keys keys = KEYS(names, "key", "a value that is waited for");

static bool is_text(const struct wire_field *field)
{
	return field->kind == WIRE_STRING || field->kind == WIRE_NAME || field->text;
}

static bool is_word(const struct node *node, const char *word)
{
	return node->kind == NODE_SCALAR && node->plain && !strcmp(node->text, word);
}

/* 1..9, or for addresses a prefix. */
static bool is_range(const struct wire_field *field, const struct node *node)
{
	if (node->kind != NODE_SCALAR || !node->plain || is_text(field) ||
		strlen(node->text) != node->length)
		return false;
	if ((field->kind == WIRE_IPV4 || field->kind == WIRE_IPV6) && strchr(node->text, '/'))
		return true;
	return strstr(node->text, "..");
}

bool want_is_form(const struct node *node)
{
	return keys_any(names, KEY_COUNT, node);
}

bool want_is(const struct wire_field *field, const struct node *node)
{
	if (is_word(node, "any") || (field->rule != WIRE_FIXED && is_word(node, "auto")))
		return true;
	if (field->kind == WIRE_LIST)
		return want_is_form(node);
	return node->kind == NODE_SEQUENCE || want_is_form(node) || varying_is_form(node) ||
	       is_range(field, node);
}

/* ---- one of several ---- */

/* A value, or a range of them. */
static int item_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_range *ret, struct err *err)
{
	const struct place place = { .field = field, .held = true };
	struct spec_value value = { 0 };
	struct range range = { 0 };
	int status;

	if (node_is_empty(node))
		return path_error(err, &node->at, path, "a value is left out");
	if (is_range(field, node)) {
		status = range_read(reader, path, &place, node, VARY_RANDOM, &range, err);
		*ret = (struct spec_range){ range.first, range.last };
		return status;
	}
	status = field_value_read(reader, path, field, node, &value, err);
	*ret = (struct spec_range){ value.value, value.value };
	return status;
}

static int items_read(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *node, struct spec_want *ret,
	struct err *err)
{
	bool list = node->kind == NODE_SEQUENCE;
	const struct node *child = list ? node->children : node;
	unsigned int count = list ? node->count : 1;
	struct spec_range *ranges = arena_alloc(reader->arena, count * sizeof(*ranges));

	if (!count)
		return path_error(err, &node->at, path, "the list is empty: at least one value");
	for (unsigned int i = 0; i < count; i++, child = child->next) {
		int status = item_read(reader, path, field, child, &ranges[i], err);

		if (status)
			return status;
	}
	ret->kind = SPEC_WANT_ONE_OF;
	ret->ranges = ranges;
	ret->count = count;
	return 0;
}

/* ---- forms ---- */

static int bits_read(struct reader *reader, const struct path *outer,
	const struct wire_field *field, const struct node *const *members, struct spec_want *ret,
	struct err *err)
{
	uint64_t *const bits[] = { &ret->set, &ret->clear };

	ret->kind = SPEC_WANT_BITS;
	for (enum key key = KEY_SET; key <= KEY_CLEAR; key++) {
		const struct path path = { outer, names[key] };
		struct spec_value value = { 0 };
		int status = 0;

		if (!members[key])
			continue;
		if (!wire_is_number(field))
			return path_error(err, &members[key]->key_at, outer,
				"only a number has bits that are set or clear");
		status = field_value_read(reader, &path, field, members[key], &value, err);
		if (status)
			return status;
		*bits[key - KEY_SET] = value.value.number;
	}
	if (!(ret->set & ret->clear))
		return 0;
	return path_error(
		err, &members[KEY_CLEAR]->at, outer, "a bit cannot be both set and clear");
}

static int prefix_read(struct reader *reader, const struct path *outer,
	const struct wire_field *field, const struct node *node, struct spec_want *want,
	struct spec_value *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_PREFIX] };
	struct wire_field open = *field;

	if (field->kind != WIRE_BYTES && field->kind != WIRE_STRING)
		return path_error(err, &node->key_at, outer,
			"prefix is of octets such as a payload's: a range is FIRST..LAST");
	open.width = 0; /* fewer than the field has */
	want->kind = SPEC_WANT_PREFIX;
	return field_value_read(reader, &path, &open, node, ret, err);
}

static int exactly_read(struct reader *reader, const struct path *outer,
	const struct wire_field *field, const struct node *const *members, struct spec_want *want,
	struct spec_value *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_EXACTLY] };
	const struct node *node = members[KEY_EXACTLY];

	if (!node)
		return path_error(err, &ret->at, outer,
			"of a list the items are wanted: [...], or {exactly: [...]} for no others");
	if (field->kind != WIRE_LIST)
		return path_error(err, &node->key_at, outer,
			"exactly is of a list such as options: a value stands alone");
	if (node->kind != NODE_SEQUENCE)
		return path_error(err, &node->at, &path, "a list is wanted: [...]");
	want->kind = SPEC_WANT_EXACTLY;
	return list_read(reader, &path, field, node, ret, err);
}

static int form_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_want *want, struct spec_value *ret, struct err *err)
{
	const struct path inner = { path, names[KEY_NOT] };
	const struct node *members[KEY_COUNT];
	int status = keys_pick(&keys, node, members, err);

	if (status)
		return status;
	if (node->count > 1 && !(node->count == 2 && members[KEY_SET] && members[KEY_CLEAR]))
		return path_error(err, &node->children->next->key_at, path,
			"only set and clear stand beside each other");
	if (members[KEY_EXACTLY] || field->kind == WIRE_LIST)
		return exactly_read(reader, path, field, members, want, ret, err);
	if (members[KEY_PREFIX])
		return prefix_read(reader, path, field, members[KEY_PREFIX], want, ret, err);
	if (!members[KEY_NOT])
		return bits_read(reader, path, field, members, want, err);
	want->except = true;
	return items_read(reader, &inner, field, members[KEY_NOT], want, err);
}

int want_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	struct spec_want *want = arena_alloc(reader->arena, sizeof(*want));
	struct spec_value value = { .at = node->at };
	int status = 0;

	if (varying_is_form(node))
		return path_error(err, &node->at, path,
			"what is waited for does not vary: 1..9 is any of these, [1, 9] either");
	if (is_word(node, "any"))
		want->kind = SPEC_WANT_ANY;
	else if (is_word(node, "auto"))
		want->kind = SPEC_WANT_RIGHT;
	else if (node->kind == NODE_MAPPING)
		status = form_read(reader, path, field, node, want, &value, err);
	else
		status = items_read(reader, path, field, node, want, err);
	if (status)
		return status;
	value.state = SPEC_GIVEN;
	value.want = want;
	*ret = value;
	return 0;
}
