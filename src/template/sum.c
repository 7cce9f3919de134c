/* $NAME+NUMBER, where NAME is a variable. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <string.h>

/* The length of $NAME in the text; 0 where it is not wholly $NAME+NUMBER. */
static size_t name_length(const struct node *node)
{
	const char *plus = node->kind == NODE_SCALAR && node->plain && node->text[0] == '$'
				   ? strchr(node->text, '+')
				   : NULL;

	if (!plus || strlen(node->text) != node->length)
		return 0;
	return (size_t)(plus - node->text);
}

bool sum_is(const struct reader *reader, const struct node *node)
{
	size_t length = name_length(node);

	return length > 1 && variables_know(reader, node,
				     arena_strndup(reader->arena, node->text + 1, length - 1));
}

int sum_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	size_t length = name_length(node);
	const char *name = arena_strndup(reader->arena, node->text, length);
	struct spec_value value = { .at = node->at };
	uint64_t plus = 0;
	int status;

	if (!wire_is_number(field))
		return path_error(err, &node->at, path, "to octets no number can be added");
	if (text_number(node->text + length + 1, &plus, err))
		return path_locate(err, &node->at, path);
	status = field_value_read(
		reader, path, field, node_plain(reader->arena, &node->at, name), &value, err);
	if (status)
		return status;
	value.value.number += plus;
	if (field->width < 64)
		value.value.number &= (UINT64_C(1) << field->width) - 1;
	*ret = value;
	return 0;
}
