/* $NAME+NUMBER and $NAME-NUMBER: of names of frames, and of variables. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

size_t sum_name_length(const char *text)
{
	size_t length = 0;

	if (!isalpha((unsigned char)*text) && *text != '_')
		return 0;
	while (isalnum((unsigned char)text[length]) || text[length] == '_' || text[length] == '-')
		length++;
	return length;
}

static bool is_known(const struct reader *reader, const struct node *node, const char *name)
{
	return variables_know(reader, node, name) || capture_knows(reader, name);
}

/* The length of the name before -NUMBER; 0 where it is none. */
static size_t less_length(const struct reader *reader, const struct node *node, const char *name)
{
	const char *minus = strrchr(name, '-');
	size_t length = minus ? (size_t)(minus - name) : 0;

	if (!length || !isdigit((unsigned char)minus[1]) || is_known(reader, node, name))
		return 0;
	return is_known(reader, node, arena_strndup(reader->arena, name, length)) ? length : 0;
}

bool sum_split(const struct reader *reader, const struct node *node, const char **ret_name,
	const char **ret_more)
{
	const char *text = node->text;
	size_t length, less;

	if (node->kind != NODE_SCALAR || !node->plain || text[0] != '$' ||
		strlen(text) != node->length)
		return false;
	text++;
	length = sum_name_length(text);
	if (!length || (text[length] && text[length] != '+'))
		return false;
	less = text[length] ? 0 : less_length(reader, node, text);
	length = less ? less : length;
	*ret_name = arena_strndup(reader->arena, text, length);
	*ret_more = text[length] ? text + length : NULL;
	return true;
}

int sum_number(const struct path *path, const struct wire_field *field, const struct node *node,
	const char *more, uint64_t *ret, struct err *err)
{
	uint64_t number = 0;

	if (!wire_is_number(field))
		return path_error(err, &node->at, path, "%s",
			*more == '-' ? "from octets no number can be taken"
				     : "to octets no number can be added");
	if (text_number(more + 1, &number, err))
		return path_locate(err, &node->at, path);
	*ret = *more == '-' ? 0 - number : number;
	return 0;
}

bool sum_is(const struct reader *reader, const struct node *node)
{
	const char *name, *more;

	return sum_split(reader, node, &name, &more) && more && variables_know(reader, node, name);
}

int sum_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	struct spec_value value = { .at = node->at };
	const char *name, *more;
	uint64_t plus = 0;
	int status;

	if (!sum_split(reader, node, &name, &more) || !more)
		return path_error(err, &node->at, path, "$NAME+NUMBER is wanted");
	status = sum_number(path, field, node, more, &plus, err);
	if (!status)
		status = field_value_read(reader, path, field,
			node_plain(
				reader->arena, &node->at, arena_printf(reader->arena, "$%s", name)),
			&value, err);
	if (status)
		return status;
	value.value.number += plus;
	if (field->width < 64)
		value.value.number &= (UINT64_C(1) << field->width) - 1;
	*ret = value;
	return 0;
}
