/* The text of a scalar: variables and the interface's facts put in. */
#include "template/reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define FACT_SIZE  128
#define OCTETS_MAX (256U << 20) /* of all values together */

int scalar_charge(struct reader *reader, const struct position *at, size_t length, struct err *err)
{
	if (length > OCTETS_MAX - reader->octets)
		return err_input(err, at, "too many octets (at most %u MiB in all frames)",
			OCTETS_MAX >> 20);
	reader->octets += length;
	return 0;
}

static int fact_read(const struct reader *reader, const struct path *path, const struct node *node,
	const char *fact, struct scalar *ret, struct err *err)
{
	const struct resolver *resolver = reader->options->resolver;
	struct scalar scalar = { .plain = true };
	char text[FACT_SIZE];
	int status;

	if (!strcmp(fact, "hop.mac") && !reader->has_destination) {
		scalar.hop = true;
		*ret = scalar;
		return 0;
	}
	status = resolver->resolve(resolver->context, fact, reader->destination,
		reader->destination_length, text, sizeof(text), &scalar.placeholder, err);
	if (status) {
		path_locate(err, &node->at, path);
		return status;
	}
	scalar.length = strlen(text);
	scalar.text = arena_strndup(reader->arena, text, scalar.length);
	*ret = scalar;
	return 0;
}

int scalar_read(struct reader *reader, const struct path *path, const struct node *node,
	struct scalar *ret, struct err *err)
{
	const struct node *value;
	const char *fact;
	int status;

	if (node->kind != NODE_SCALAR)
		return path_error(err, &node->at, path, "one value is wanted, not %s",
			node_kind_name(node->kind));
	status = variables_expand(reader, node, &value, &fact, err);
	if (status)
		return status;
	if (fact)
		return fact_read(reader, path, node, fact, ret, err);
	*ret = (struct scalar){
		.text = value->text, .length = value->length, .plain = value->plain
	};
	return 0;
}

int scalar_line(struct reader *reader, const struct path *path, const struct node *node,
	const struct scalar *scalar, const char **ret, struct err *err)
{
	size_t start = 0;
	size_t length = scalar->length;
	char *line;

	if (scalar->hop)
		return path_error(err, &node->at, path, "$hop.mac can only be a field's value");
	if (scalar_charge(reader, &node->at, length, err))
		return -EINVAL;
	line = arena_strndup(reader->arena, scalar->text, length);
	for (size_t i = 0; i < length; i++) {
		if (line[i] == '\n' || line[i] == '\r' || line[i] == '\t')
			line[i] = ' ';
		if ((uint8_t)line[i] < ' ' || line[i] == 0x7f)
			return path_error(err, &node->at, path,
				"control character 0x%02x in a value",
				(unsigned int)(uint8_t)line[i]);
	}
	while (length && line[length - 1] == ' ')
		line[--length] = '\0';
	while (line[start] == ' ')
		start++;
	*ret = line + start;
	return 0;
}

int scalar_read_line(struct reader *reader, const struct path *path, const struct node *node,
	const char **ret, struct err *err)
{
	struct scalar scalar;
	int status = scalar_read(reader, path, node, &scalar, err);

	return status ? status : scalar_line(reader, path, node, &scalar, ret, err);
}

int scalar_read_literal(struct reader *reader, const struct path *path, const struct node *node,
	const char **ret, struct err *err)
{
	struct scalar scalar;

	if (node->kind != NODE_SCALAR)
		return path_error(err, &node->at, path, "one value is wanted, not %s",
			node_kind_name(node->kind));
	scalar = (struct scalar){ .text = node->text, .length = node->length };
	return scalar_line(reader, path, node, &scalar, ret, err);
}

int scalar_read_number(struct reader *reader, const struct path *path, const struct node *node,
	uint64_t max, const char *unit, uint64_t *ret, struct err *err)
{
	uint64_t number = 0;
	const char *text;
	int status = scalar_read_line(reader, path, node, &text, err);

	if (status)
		return status;
	status = text_number(text, &number, err);
	if (status == -ERANGE || number > max)
		return path_error(err, &node->at, path, "%s is too much (at most %" PRIu64 "%s)",
			text, max, unit);
	if (status)
		return path_locate(err, &node->at, path);
	*ret = number;
	return 0;
}
