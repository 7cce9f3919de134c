/* Tables of a responder: what a name of the request stands for in the answer. */
#include "template/value_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

#define TABLE_MAX 65536U
#define KNOWN_MAX 6 /* tables that an error names */

static int find(struct reader *reader, const struct path *path, const struct node *name,
	const struct node **ret, struct err *err)
{
	const char *known[KNOWN_MAX];
	unsigned int count = 0;
	const char *text;
	int status = scalar_read_literal(reader, path, name, &text, err);

	if (status)
		return status;
	for (const struct node *n = reader->tables ? reader->tables->children : NULL; n;
		n = n->next) {
		if (!strcmp(n->key, text)) {
			*ret = n;
			return 0;
		}
		if (count < KNOWN_MAX)
			known[count++] = n->key;
	}
	path_error(err, &name->at, path, "no table \"%s\" under tables:", text);
	keys_suggest(known, count, text, err);
	return -EINVAL;
}

/* The keys of all rows, or what stands beside them. */
static int column_read(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *rows, bool keys,
	const struct wire_value **ret, struct err *err)
{
	struct wire_value *values = arena_alloc(reader->arena, (rows->count + 1) * sizeof(*values));
	unsigned int count = 0;

	for (const struct node *n = rows->children; n; n = n->next) {
		const struct node *node = keys ? node_plain(reader->arena, &n->key_at, n->key) : n;
		struct spec_value value = { 0 };
		int status = field_value_read(reader, path, field, node, &value, err);

		if (status)
			return status;
		values[count++] = value.value;
	}
	*ret = values;
	return 0;
}

int table_read(struct reader *reader, const struct path *path, const struct wire_field *key_field,
	const struct node *name, const struct node **ret_rows, struct spec_table **ret,
	struct err *err)
{
	struct spec_table *table = arena_alloc(reader->arena, sizeof(*table));
	const struct node *rows;
	int status = find(reader, path, name, &rows, err);

	if (status)
		return status;
	if (rows->kind != NODE_MAPPING || !rows->count)
		return path_error(err, &rows->at, path, "a table is {KEY: VALUE, ...}");
	if (rows->count > TABLE_MAX)
		return path_error(err, &rows->at, path, "%u rows are too many (at most %u)",
			rows->count, TABLE_MAX);
	table->key_field = key_field;
	table->count = rows->count;
	status = column_read(reader, path, key_field, rows, true, &table->keys, err);
	if (status)
		return status;
	*ret_rows = rows;
	*ret = table;
	return 0;
}

int table_read_values(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *rows, const struct wire_value **ret,
	struct err *err)
{
	return column_read(reader, path, field, rows, false, ret, err);
}
