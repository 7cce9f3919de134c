/* Values that vary from frame to frame: {inc: 1..9, step: 2}, {list: [80, 443]}, {same-as: ..}. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* The generators come first, in the order of enum vary_kind. */
enum key { KEY_STEP = VARY_SAME_AS + 1, KEY_EACH, KEY_VALUE, KEY_BITS, KEY_COUNT };

static const char *const names[KEY_COUNT] = {
	[VARY_INC] = "inc",
	[VARY_DEC] = "dec",
	[VARY_RANDOM] = "random",
	[VARY_SHUFFLE] = "shuffle",
	[VARY_LIST] = "list",
	[VARY_SAME_AS] = "same-as",
	[KEY_STEP] = "step",
	[KEY_EACH] = "each",
	[KEY_VALUE] = "value",
	[KEY_BITS] = "bits",
};

static const struct keys keys = KEYS(names, "key", "a value that varies");

const char *varying_kind_name(enum vary_kind kind)
{
	return names[kind];
}

bool varying_is_form(const struct node *node)
{
	return keys_any(names, VARY_SAME_AS + 1, node);
}

/* ---- the keys ---- */

/* The one generator that the mapping has; what cannot stand beside it is an error. */
static int kind_of(const struct path *path, const struct node *node,
	const struct node *const *members, enum vary_kind *ret, struct err *err)
{
	unsigned int kind = KEY_COUNT;

	for (unsigned int i = 0; i <= VARY_SAME_AS; i++) {
		if (!members[i])
			continue;
		if (kind != KEY_COUNT)
			return path_error(err, &members[i]->key_at, path,
				"%s and %s exclude each other", names[kind], names[i]);
		kind = i;
	}
	if (kind == KEY_COUNT)
		return path_error(err, &node->at, path,
			"how it varies is wanted: inc, dec, random, shuffle, list or same-as");
	if (members[KEY_STEP] && kind != VARY_INC && kind != VARY_DEC)
		return path_error(err, &members[KEY_STEP]->key_at, path,
			"step goes with inc or dec, not with %s", names[kind]);
	if (members[KEY_EACH] && kind == VARY_SAME_AS)
		return path_error(err, &members[KEY_EACH]->key_at, path,
			"same-as follows the other field: each does not go with it");
	*ret = (enum vary_kind)kind;
	return 0;
}

static int step_read(struct reader *reader, const struct path *outer, const struct node *node,
	struct spec_vary *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_STEP] };
	int status;

	ret->step = 1;
	if (!node)
		return 0;
	status = scalar_read_number(reader, &path, node, UINT64_MAX, "", &ret->step, err);
	if (!status && !ret->step)
		return path_error(
			err, &node->at, &path, "0 never leaves the first value: at least 1");
	return status;
}

static int each_read(struct reader *reader, const struct path *outer, const struct node *node,
	struct spec_vary *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_EACH] };
	const char *text;
	int status;

	if (!node)
		return 0;
	status = scalar_read_line(reader, &path, node, &text, err);
	if (status)
		return status;
	ret->cycle = !strcmp(text, "cycle");
	if (!ret->cycle && strcmp(text, "frame") != 0)
		return path_error(err, &node->at, &path,
			"\"%s\" is neither frame nor cycle (when the varying field before wraps)",
			text);
	return 0;
}

/* ---- what it varies over ---- */

int place_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	int status = field_value_read(reader, path, place->field, node, ret, err);

	if (!status && place->max && ret->value.number > place->max)
		return path_error(err, &node->at, path, "%s is too much (at most %" PRIu64 "%s)",
			node->text, place->max, " octets");
	return status;
}

static int items_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, struct spec_vary *ret, bool *placeholder, struct err *err)
{
	const struct node *child = node->children;
	struct wire_value *values;

	if (node->kind != NODE_SEQUENCE)
		return path_error(err, &node->at, path, "a list is wanted: [VALUE, ...], not %s",
			node_kind_name(node->kind));
	if (!node->count)
		return path_error(err, &node->at, path, "the list is empty: at least one value");
	values = arena_alloc(reader->arena, node->count * sizeof(*values));
	for (unsigned int i = 0; i < node->count; i++, child = child->next) {
		struct spec_value value = { 0 };
		int status;

		if (node_is_empty(child))
			return path_error(err, &child->at, path, "a value is left out");
		status = place_read(reader, path, place, child, &value, err);
		if (status)
			return status;
		values[i] = value.value;
		*placeholder |= value.placeholder;
	}
	ret->values = values;
	ret->count = node->count;
	return 0;
}

/* Fills what the generator goes through. */
static int generator_read(struct reader *reader, const struct path *outer,
	const struct place *place, const struct node *node, struct spec_vary *ret,
	bool *placeholder, struct err *err)
{
	const struct path path = { outer, names[ret->kind] };
	struct place counted = *place;
	struct range range = { 0 };
	struct wire_field octets;
	int status;

	if (ret->kind == VARY_SAME_AS)
		return 0; /* all layers have to be read first */
	if (ret->kind == VARY_LIST)
		return items_read(reader, &path, place, node, ret, placeholder, err);
	if (place->field->kind == WIRE_STRING || place->field->kind == WIRE_NAME)
		return path_error(err, &node->key_at, outer,
			"text varies by {list: [...]}, not by %s", names[ret->kind]);
	octets = *place->field; /* the ends of a payload's range are hex */
	octets.text = false;
	counted.field = &octets;
	status = range_read(reader, &path, &counted, node, ret->kind, &range, err);
	if (status)
		return status;
	ret->first = range.first;
	ret->last = range.last;
	*placeholder |= range.placeholder;
	return 0;
}

/* ---- a part of a field ---- */

/* LOW..HIGH, or one bit, of so many. */
static int bits_read(struct reader *reader, const struct path *outer, const struct node *node,
	size_t width, struct spec_vary *ret, struct err *err)
{
	const struct path path = { outer, names[KEY_BITS] };
	const struct wire_field bit = { .name = "bits", .kind = WIRE_UINT, .width = 32 };
	const struct place place = { .field = &bit };
	struct range range = { 0 };
	uint64_t one = 0;
	int status;

	if (node->kind == NODE_SCALAR && node->plain && !strchr(node->text, '.') &&
		node->text[0] != '$') {
		status = scalar_read_number(reader, &path, node, UINT32_MAX, "", &one, err);
		range.first.number = range.last.number = one;
	} else {
		status = range_read(reader, &path, &place, node, VARY_RANDOM, &range, err);
	}
	if (status)
		return status;
	if (range.last.number >= width)
		return path_error(err, &node->at, &path,
			"bit %" PRIu64 " is outside: the value has bits 0 to %zu",
			range.last.number, width - 1);
	if (range.last.number - range.first.number >= 64)
		return path_error(err, &node->at, &path,
			"%" PRIu64 " bits are too many (at most 64)",
			range.last.number - range.first.number + 1);
	ret->part = true;
	ret->low = (unsigned int)range.first.number;
	ret->high = (unsigned int)range.last.number;
	return 0;
}

/* value: and bits:, which go together. */
static int part_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *const *members, struct spec_vary *vary, struct spec_value *ret,
	struct err *err)
{
	const struct path inner = { path, names[KEY_VALUE] };
	const struct node *value = members[KEY_VALUE];
	const struct node *bits = members[KEY_BITS];
	size_t width;
	int status;

	if (!value && !bits)
		return 0;
	if (!bits)
		return path_error(err, &value->key_at, path,
			"value is of what does not vary: say which bits do, `bits: LOW..HIGH`");
	if (!value)
		return path_error(err, &bits->key_at, path,
			"bits are of a value: say what the others are, `value: VALUE`");
	if (field->kind == WIRE_NAME || field->kind == WIRE_STRING)
		return path_error(
			err, &bits->key_at, path, "text has no bits that vary: {list: [...]}");
	status = field_value_read(reader, &inner, field, value, ret, err);
	if (status)
		return status;
	width = field->width ? field->width : ret->value.length * 8;
	if (!width)
		return path_error(err, &value->at, &inner, "no octets have no bits that vary");
	return bits_read(reader, path, bits, width, vary, err);
}

/* ---- fields ---- */

/* The value that conditions look at: the first. */
static void first_store(const struct spec_vary *vary, struct spec_value *ret)
{
	if (vary->part || vary->kind == VARY_SAME_AS)
		return;
	ret->value = vary->kind == VARY_LIST ? vary->values[0] : vary->first;
}

int varying_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	const struct node *members[KEY_COUNT];
	struct spec_vary *vary = arena_alloc(reader->arena, sizeof(*vary));
	struct spec_value value = { .at = node->at };
	struct wire_field bits = { .kind = WIRE_UINT };
	struct place place = { .field = field };
	int status = keys_pick(&keys, node, members, err);

	if (!status)
		status = kind_of(path, node, members, &vary->kind, err);
	if (!status)
		status = part_read(reader, path, field, members, vary, &value, err);
	if (!status && vary->part) {
		bits.name = field->name;
		bits.width = (uint16_t)(vary->high - vary->low + 1);
		place.field = &bits;
	}
	if (!status)
		status = generator_read(
			reader, path, &place, members[vary->kind], vary, &value.placeholder, err);
	if (!status)
		status = step_read(reader, path, members[KEY_STEP], vary, err);
	if (!status)
		status = each_read(reader, path, members[KEY_EACH], vary, err);
	if (status)
		return status;
	vary->at = node->at;
	first_store(vary, &value);
	value.state = SPEC_VARIES;
	value.vary = vary;
	*ret = value;
	return varying_note(reader, path, field, members[vary->kind], vary, ret, err);
}

/* ---- sizes ---- */

/* A size that stays the same, as one that varies. */
static int size_fixed_read(struct reader *reader, const struct path *path, const struct node *node,
	uint64_t max, struct spec_vary *ret, struct err *err)
{
	uint64_t size = 0;
	int status = scalar_read_number(reader, path, node, max, " octets", &size, err);

	if (status)
		return status;
	*ret = (struct spec_vary){ .kind = VARY_INC,
		.step = 1,
		.first.number = size,
		.last.number = size,
		.at = node->at };
	return 0;
}

int varying_size_read(struct reader *reader, const struct path *path, const struct node *node,
	uint64_t max, struct spec_vary *ret, struct err *err)
{
	static const struct wire_field octets = { .name = "size", .kind = WIRE_UINT, .width = 64 };
	const struct place place = { .field = &octets, .max = max };
	const struct node *members[KEY_COUNT];
	struct spec_vary vary = { .at = node->at };
	bool placeholder = false;
	int status;

	if (node->kind != NODE_MAPPING)
		return size_fixed_read(reader, path, node, max, ret, err);
	status = keys_pick(&keys, node, members, err);
	if (!status)
		status = kind_of(path, node, members, &vary.kind, err);
	for (unsigned int i = VARY_SAME_AS; i < KEY_COUNT && !status; i++)
		if (members[i] && i != KEY_STEP)
			status = path_error(err, &members[i]->key_at, path,
				"%s does not go with a size: inc, dec, random, shuffle or list",
				names[i]);
	if (!status)
		status = generator_read(
			reader, path, &place, members[vary.kind], &vary, &placeholder, err);
	if (!status)
		status = step_read(reader, path, members[KEY_STEP], &vary, err);
	if (!status)
		*ret = vary;
	return status;
}
