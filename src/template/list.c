/* Lists of records: options, blocks, addresses. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define NAMES_MAX 64 /* considered for "did you mean" */

/* The kinds of items that a list has, all of them in turn; NULL after the last. */
static const struct wire_record *item_at(const struct wire_list *list, unsigned int index)
{
	unsigned int i = 0;

	while (i < index && list->items[i])
		i++;
	if (list->items[i])
		return list->items[i];
	index -= i;
	if (list->other && !index--)
		return list->other;
	return index ? NULL : &wire_raw_item;
}

static const struct wire_record *item_find(const struct wire_list *list, const char *name)
{
	const struct wire_record *item;

	for (unsigned int i = 0; (item = item_at(list, i)); i++)
		if (!strcmp(item->name, name))
			return item;
	return NULL;
}

static int item_unknown(const struct path *path, const struct wire_list *list, const char *name,
	const struct position *at, struct err *err)
{
	const struct wire_record *item;
	const char *names[NAMES_MAX];
	const char *colon = strchr(name, ':');
	unsigned int count = 0;

	for (unsigned int i = 0; count < NAMES_MAX && (item = item_at(list, i)); i++)
		names[count++] = item->name;
	path_error(err, at, path, "no item \"%s\" in this list", name);
	if (colon && colon[1])
		err_hint(err, "; did you mean `%.*s: %s`?", (int)(colon - name), name, colon + 1);
	else
		keys_suggest(names, count, name, err);
	return -EINVAL;
}

/* An item as it is written: its record, and the node of its value (NULL: all automatic). */
struct item {
	const struct wire_record *type;
	const struct node *value;
};

/* `name`, or `name: VALUE`. */
static int item_named(const struct path *path, const struct wire_list *list,
	const struct node *node, struct item *ret, struct err *err)
{
	const struct node *member = node->children;
	const char *name = node_name(node);
	const struct position *at = member && name ? &member->key_at : &node->at;
	const struct keys none = { 0 };

	if (!name)
		return path_error(err, at, path, "an item is NAME or NAME: VALUE");
	if (member && node_is_empty(member))
		return keys_no_value(&none, NULL, member, err);
	if (member && member->next)
		return path_error(err, &member->next->key_at, path,
			"one item each: write [%s: ..., %s: ...] without braces around both", name,
			member->next->key);
	ret->type = item_find(list, name);
	ret->value = member;
	return ret->type ? 0 : item_unknown(path, list, name, at, err);
}

/* Whether the mapping is one value of the item: {raw: {text: ..}}, {mss: {inc: 500..1460}}. */
static bool is_value(const struct wire_record *type, int row, const struct node *value)
{
	if (row < 0 || type->fields[row].kind == WIRE_LIST || !value->children ||
		wire_field_find(type, value->children->key) >= 0)
		return false;
	return varying_is_form(value) || capture_is_form(value) || want_is_form(value) ||
	       ((type->fields[row].kind == WIRE_BYTES || type->fields[row].kind == WIRE_STRING) &&
		       octets_is_form(value));
}

/* An item's members by its value. */
static int item_members(const struct reader *reader, const struct path *path,
	const struct wire_list *list, const struct item *item, const struct node **members,
	struct err *err)
{
	int row;

	if (!item->value)
		return 0;
	row = rows_meant(item->type, list, item->value->kind == NODE_SEQUENCE);
	if (item->value->kind == NODE_MAPPING && !is_value(item->type, row, item->value))
		return record_pick(reader, item->type, item->value, members, err);
	if (row < 0 && rows_meant(item->type, list, false) < 0)
		return path_error(err, &item->value->at, path, "%s has no value: write it alone",
			item->type->name);
	if (row < 0)
		return path_error(err, &item->value->at, path,
			"one value is wanted, or {FIELD: VALUE, ...}, not a list");
	members[wire_field_find(item->type, item->type->fields[row].name)] = item->value;
	return 0;
}

/* Whether the item has a name: in a list without ids only raw octets have one. */
static bool is_named(const struct wire_list *list, const struct node *node)
{
	if (list->id_width)
		return true;
	return node->kind == NODE_MAPPING && node->children &&
	       !strcmp(node->children->key, wire_raw_item.name) &&
	       wire_field_find(list->items[0], wire_raw_item.name) < 0;
}

static int item_read(struct reader *reader, const struct path *path, const struct wire_list *list,
	const struct node *node, struct spec_record *ret, struct err *err)
{
	const struct rows_of of = { .list = list, .pattern = reader->pattern };
	struct path inner = { .outer = path };
	struct item item = { .type = list->items[0], .value = node };
	const struct node **members;
	int status = 0;

	if (node_is_empty(node))
		return path_error(err, &node->at, path, "an item is left out");
	if (is_named(list, node)) {
		status = item_named(path, list, node, &item, err);
		if (status)
			return status;
		inner.name = item.type->name;
	}
	members = arena_alloc(reader->arena, item.type->count * sizeof(*members));
	status = item_members(reader, &inner, list, &item, members, err);
	if (!status)
		status = record_new(reader, item.type, &node->at, ret, err);
	if (!status)
		status = record_read(reader, &inner, &of, members, ret, err);
	return status;
}

/* A scalar in a list's place: only auto. */
static int list_auto(
	struct reader *reader, const struct path *path, const struct node *node, struct err *err)
{
	const char *text;
	int status = scalar_read_line(reader, path, node, &text, err);

	if (status || !strcmp(text, "auto"))
		return status;
	return path_error(err, &node->at, path, "a list is wanted: [%s]", text);
}

int list_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err)
{
	const struct node *child = node->children;
	struct spec_record *items;

	if (node->kind == NODE_SCALAR)
		return list_auto(reader, path, node, err);
	if (node->kind == NODE_MAPPING)
		return path_error(err, &node->at, path, "a list is wanted: [...], not {...}");
	if (node->count > FRAME_LENGTH_MAX)
		return path_error(err, &node->at, path,
			"%u items are more than a frame holds (at most %d octets)", node->count,
			FRAME_LENGTH_MAX);
	items = arena_alloc(reader->arena, node->count * sizeof(*items));
	for (unsigned int i = 0; i < node->count; i++, child = child->next) {
		int status = item_read(reader, path, field->list, child, &items[i], err);

		if (status)
			return status;
	}
	ret->state = SPEC_GIVEN;
	ret->items = items;
	ret->count = node->count;
	return 0;
}
