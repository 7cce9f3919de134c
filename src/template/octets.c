/* Octets as a template says them: {text: ..}, {hex: ..}, {base64: ..}, {file: ..}, {fill: .., size:
 * ..}, {random-bytes: N}. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

enum key {
	KEY_TEXT,
	KEY_HEX,
	KEY_BASE64,
	KEY_FILE,
	KEY_FILL,
	KEY_PATTERN,
	KEY_RANDOM,
	KEY_SIZE,
	KEY_COUNT
};

static const char *const names[KEY_COUNT] = {
	[KEY_TEXT] = "text",
	[KEY_HEX] = "hex",
	[KEY_BASE64] = "base64",
	[KEY_FILE] = "file",
	[KEY_FILL] = "fill",
	[KEY_PATTERN] = "pattern",
	[KEY_RANDOM] = "random-bytes",
	[KEY_SIZE] = "size",
};

static const struct keys keys = KEYS(names, "key", "octets");

static int too_many(
	const struct path *path, const struct node *node, uint64_t length, struct err *err)
{
	return path_error(err, &node->at, path,
		"%llu octets are more than a frame holds (at most %d)", (unsigned long long)length,
		FRAME_LENGTH_MAX);
}

static int text_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err)
{
	struct scalar scalar;
	int status = scalar_read(reader, path, node, &scalar, err);

	if (status)
		return status;
	if (scalar.hop)
		return path_error(err, &node->at, path, "$hop.mac can only be a field's value");
	if (scalar.length > FRAME_LENGTH_MAX)
		return too_many(path, node, scalar.length, err);
	*ret = (struct wire_value){ .octets = (const uint8_t *)scalar.text,
		.length = scalar.length };
	return 0;
}

static int hex_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err)
{
	const char *text;
	int status = scalar_read_line(reader, path, node, &text, err);

	if (status)
		return status;
	status = text_hex(reader->arena, text, FRAME_LENGTH_MAX, &ret->octets, &ret->length, err);
	return status ? path_locate(err, &node->at, path) : 0;
}

/* RFC 4648 4; -1 where c is none of the 64. */
static int base64_digit(char c)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Blanks are passed over; false where text is no base64. octets has room for 3 in 4 characters. */
static bool base64_decode(const char *text, uint8_t *octets, size_t *ret_length)
{
	uint32_t bits = 0;
	size_t digits = 0;
	size_t padding = 0;
	size_t length = 0;

	for (; *text; text++) {
		int digit = base64_digit(*text);

		if (*text == ' ')
			continue;
		if (*text == '=') {
			padding++;
			continue;
		}
		if (digit < 0 || padding)
			return false;
		bits = bits << 6 | (uint32_t)digit;
		if (++digits % 4 != 1) /* three of four digits complete an octet */
			octets[length++] = (uint8_t)(bits >> (4 - digits % 4) % 4 * 2);
	}
	*ret_length = length;
	return digits % 4 != 1 && (!padding || (padding < 3 && (digits + padding) % 4 == 0));
}

static int base64_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err)
{
	const char *text;
	uint8_t *octets;
	size_t length;
	int status = scalar_read_line(reader, path, node, &text, err);

	if (status)
		return status;
	octets = arena_alloc(reader->arena, strlen(text) / 4 * 3 + 3);
	if (!base64_decode(text, octets, &length))
		return path_error(err, &node->at, path,
			"not base64: letters, digits, + and /, = at the end, whole octets");
	if (length > FRAME_LENGTH_MAX)
		return too_many(path, node, length, err);
	*ret = (struct wire_value){ .octets = octets, .length = length };
	return 0;
}

static int file_octets_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err)
{
	static const struct file_limit limit = { FRAME_LENGTH_MAX, "a frame holds" };
	struct file file = { 0 };
	const char *name;
	int status = scalar_read_line(reader, path, node, &name, err);

	if (status)
		return status;
	name = file_beside(reader->arena, scope_of(reader, node)->file, name);
	status = file_read(reader, path, node, name, &limit, &file, err);
	if (!status)
		*ret = (struct wire_value){ .octets = file.octets, .length = file.length };
	return status;
}

/* One octet, to be repeated. */
static int fill_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err)
{
	uint8_t *octets = arena_alloc(reader->arena, 1);
	uint64_t fill = 0;
	int status = scalar_read_number(reader, path, node, UINT8_MAX, ", an octet", &fill, err);

	if (status)
		return status;
	octets[0] = (uint8_t)fill;
	*ret = (struct wire_value){ .octets = octets, .length = 1 };
	return 0;
}

/* inc: 00 01 02 ... ff, to be repeated */
static int pattern_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err)
{
	const char *text;
	uint8_t *octets;
	int status = scalar_read_line(reader, path, node, &text, err);

	if (status)
		return status;
	if (strcmp(text, "inc") != 0)
		return path_error(err, &node->at, path,
			"no pattern \"%s\": inc counts from 00 to ff and again", text);
	octets = arena_alloc(reader->arena, 256);
	for (unsigned int i = 0; i < 256; i++)
		octets[i] = (uint8_t)i;
	*ret = (struct wire_value){ .octets = octets, .length = 256 };
	return 0;
}

typedef int form_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err);

static form_read *const forms[KEY_RANDOM] = {
	[KEY_TEXT] = text_read,
	[KEY_HEX] = hex_read,
	[KEY_BASE64] = base64_read,
	[KEY_FILE] = file_octets_read,
	[KEY_FILL] = fill_read,
	[KEY_PATTERN] = pattern_read,
};

bool octets_is_form(const struct node *node)
{
	if (node->kind != NODE_MAPPING || !node->children)
		return false;
	for (unsigned int i = 0; i < KEY_COUNT; i++)
		if (!strcmp(names[i], node->children->key))
			return true;
	return false;
}

/* The one form that the mapping has; others beside it are an error. */
static int form_of(const struct node *const *members, const struct path *path,
	const struct node *node, enum key *ret, struct err *err)
{
	enum key form = KEY_COUNT;

	for (enum key i = 0; i < KEY_SIZE; i++) {
		if (!members[i])
			continue;
		if (form != KEY_COUNT)
			return path_error(err, &members[i]->key_at, path,
				"%s and %s exclude each other", names[form], names[i]);
		form = i;
	}
	if (form == KEY_COUNT)
		return path_error(err, &node->at, path,
			"octets are wanted: text, hex, base64, file, fill, pattern or "
			"random-bytes");
	if (form == KEY_RANDOM && members[KEY_SIZE])
		return path_error(err, &members[KEY_SIZE]->key_at, path,
			"random-bytes says how many itself: `random-bytes: {random: 46..1500}`");
	if ((form == KEY_FILL || form == KEY_PATTERN) && !members[KEY_SIZE])
		return path_error(err, &members[form]->key_at, path,
			"%s wants a size beside it: `size: N`", names[form]);
	*ret = form;
	return 0;
}

/* So many octets: the value again and again. */
static struct wire_value repeated(
	struct arena *arena, const struct wire_value *value, uint64_t size)
{
	uint8_t *octets = arena_alloc(arena, size);

	for (uint64_t i = 0; i < size; i++)
		octets[i] = value->octets[i % value->length];
	return (struct wire_value){ .octets = octets, .length = size };
}

/* What size: or random-bytes: says. */
static int octets_size_read(struct reader *reader, const struct path *path, const struct node *node,
	struct octets *ret, struct err *err)
{
	int status = varying_size_read(reader, path, node, FRAME_LENGTH_MAX, &ret->size, err);

	if (status)
		return status;
	ret->varies = node->kind == NODE_MAPPING;
	if (ret->random && !ret->varies && !ret->size.first.number)
		return path_error(err, &node->at, path, "0 octets are nothing to draw: at least 1");
	if (ret->random) /* where the size varies, one octet stands for all */
		ret->value.length = ret->varies ? 1 : ret->size.first.number;
	else if (!ret->value.length)
		return path_error(err, &node->at, path, "there are no octets to repeat");
	else if (!ret->varies)
		ret->value = repeated(reader->arena, &ret->value, ret->size.first.number);
	return 0;
}

int octets_read(struct reader *reader, const struct path *path, const struct node *node,
	struct octets *ret, struct err *err)
{
	const struct node *members[KEY_COUNT];
	struct path key = { .outer = path };
	struct octets octets = { 0 };
	enum key form = KEY_COUNT;
	int status = keys_pick(&keys, node, members, err);

	if (!status)
		status = form_of(members, path, node, &form, err);
	if (status)
		return status;
	key.name = names[form];
	octets.random = form == KEY_RANDOM;
	if (!octets.random)
		status = forms[form](reader, &key, members[form], &octets.value, err);
	if (!status && octets.random)
		status = octets_size_read(reader, &key, members[form], &octets, err);
	key.name = names[KEY_SIZE];
	if (!status && members[KEY_SIZE])
		status = octets_size_read(reader, &key, members[KEY_SIZE], &octets, err);
	if (!status)
		*ret = octets;
	return status;
}
