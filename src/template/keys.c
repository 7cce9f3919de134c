/* Takes a mapping apart by the keys that it may have. */
#include "template/keys.h"

#include "base/arena.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

#define NAMES_SHOWN 16

void keys_suggest(const char *const *names, unsigned int count, const char *word, struct err *err)
{
	const char *near = text_nearest(word, names, count);

	if (near) {
		err_hint(err, "; did you mean \"%s\"?", near);
		return;
	}
	for (unsigned int i = 0; i < count && i < NAMES_SHOWN; i++)
		err_hint(err, "%s%s", i ? ", " : "; known: ", names[i]);
	if (count > NAMES_SHOWN)
		err_hint(err, ", ...");
}

static int keys_find(const struct keys *keys, const char *name)
{
	for (unsigned int i = 0; i < keys->count; i++)
		if (!strcmp(keys->names[i], name))
			return (int)i;
	return -1;
}

bool keys_any(const char *const *names, unsigned int count, const struct node *node)
{
	const struct keys keys = { .names = names, .count = count };

	if (node->kind != NODE_MAPPING)
		return false;
	for (const struct node *member = node->children; member; member = member->next)
		if (keys_find(&keys, member->key) >= 0)
			return true;
	return false;
}

/* Whether word names a bit of the field that the member gives. */
static bool is_flag_of(const struct keys *keys, const struct node *member, const char *word)
{
	int row = keys->record ? wire_field_find(keys->record, member->key) : -1;
	const struct wire_name *name = row >= 0 ? keys->record->fields[row].names : NULL;

	if (!name || keys->record->fields[row].kind != WIRE_FLAGS)
		return false;
	while (name->name && strcmp(name->name, word) != 0)
		name++;
	return name->name;
}

/* Whether a value is fit to be quoted in a hint. */
static bool is_shown(const struct node *node)
{
	return node && node->kind == NODE_SCALAR && node->plain && node->length < 60 &&
	       !memchr(node->text, '\n', node->length);
}

int keys_no_value(const struct keys *keys, const struct node *before, const struct node *member,
	struct err *err)
{
	const char *key = member->key;
	const char *colon = strchr(key, ':');

	err_input(err, &member->key_at, "\"%s\" has no value", key);
	if (colon && !colon[1]) /* YAML took the last colon of "fe80::" for its own */
		err_hint(err, "; quote a value that ends with a colon: \"%s:\"", key);
	else if (colon && colon > key)
		err_hint(err, "; did you mean `%.*s: %s`?", (int)(colon - key), key, colon + 1);
	else if (is_shown(before) && is_flag_of(keys, before, key))
		err_hint(err, "; did you mean `%s: %s|%s`?", before->key, before->text, key);
	else if (keys_find(keys, key) >= 0)
		err_hint(err, "; leave it out, or give one after a colon and a blank");
	else if (is_shown(before))
		err_hint(err, "; quote a value that holds a comma: `%s: \"%s, %s\"`", before->key,
			before->text, key);
	return -EINVAL;
}

static int unknown(const struct keys *keys, const struct node *member, struct err *err)
{
	err_input(err, &member->key_at, "no %s \"%s\" in %s", keys->what, member->key, keys->where);
	keys_suggest(keys->names, keys->count, member->key, err);
	return -EINVAL;
}

int keys_twice(const struct node *member, const struct position *first, struct err *err)
{
	bool line = first->line != member->key_at.line;

	return err_input(err, &member->key_at, "\"%s\" stands twice (first in %s %u)", member->key,
		line ? "line" : "column", line ? first->line : first->column);
}

int keys_pick(const struct keys *keys, const struct node *mapping, const struct node **members,
	struct err *err)
{
	const struct node *before = NULL;

	memset(members, 0, keys->count * sizeof(members[0]));
	for (const struct node *member = mapping->children; member; member = member->next) {
		int index = keys_find(keys, member->key);

		if (node_is_empty(member))
			return keys_no_value(keys, before, member, err);
		if (index < 0)
			return unknown(keys, member, err);
		if (members[index])
			return keys_twice(member, &members[index]->key_at, err);
		members[index] = member;
		before = member;
	}
	return 0;
}
