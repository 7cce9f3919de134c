/* vars: and -D: names for values. */
#include "template/reader.h"

#include "base/arena.h"
#include "base/text.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#define VARIABLES_MAX 256

struct variable {
	const char *name;
	struct position at;
	const struct node *value; /* NULL until -D gives it */
};

/* What a template may ask of the machine. */
static const char *const facts[] = { "if.mac", "if.ipv4", "if.ipv6", "if.mtu", "hop.mac" };

#define FACT_COUNT (sizeof(facts) / sizeof(facts[0]))

/* A letter or _, then letters, digits, _ and -. */
static bool is_name(const char *text)
{
	if (!isalpha((unsigned char)*text) && *text != '_')
		return false;
	for (; *text; text++)
		if (!isalnum((unsigned char)*text) && *text != '_' && *text != '-')
			return false;
	return true;
}

static struct variable *find(const struct reader *reader, const char *name, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(reader->variables[i].name, name))
			return &reader->variables[i];
	return NULL;
}

static int variable_add(struct reader *reader, const struct node *member, struct err *err)
{
	const struct variable *first = find(reader, member->key, reader->variable_count);

	if (!is_name(member->key))
		return err_input(err, &member->key_at,
			"\"%s\" is no name for a variable: letters, digits, - and _", member->key);
	if (first)
		return err_input(err, &member->key_at, "\"%s\" stands twice (first in line %u)",
			member->key, first->at.line);
	if (member->kind != NODE_SCALAR)
		return err_input(err, &member->at, "a variable is one value, not %s",
			node_kind_name(member->kind));
	reader->variables[reader->variable_count++] = (struct variable){
		.name = member->key,
		.at = member->key_at,
		.value = node_is_empty(member) ? NULL : member,
	};
	return 0;
}

static void suggest(const struct reader *reader, const char *name, unsigned int count, bool all,
	struct err *err)
{
	const char *names[VARIABLES_MAX + FACT_COUNT];
	unsigned int length = 0;

	for (; length < count; length++)
		names[length] = reader->variables[length].name;
	for (unsigned int i = 0; all && i < FACT_COUNT; i++)
		names[length++] = facts[i];
	keys_suggest(names, length, name, err);
}

/* One -D NAME=VALUE. */
static int define(struct reader *reader, const struct template_define *option, struct err *err)
{
	struct variable *variable = find(reader, option->name, reader->variable_count);
	struct position at = path_of_option(reader->arena, "-D",
		arena_printf(reader->arena, "%s=%s", option->name, option->value));

	if (!variable) {
		err_input(err, &at, "no variable \"%s\" in vars of %s", option->name, reader->file);
		suggest(reader, option->name, reader->variable_count, false, err);
		return -EINVAL;
	}
	variable->value = node_plain(reader->arena, &at, option->value);
	return 0;
}

int variables_read(struct reader *reader, const struct node *node, struct err *err)
{
	int status = 0;

	if (node && node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "vars: {NAME: VALUE, ...} is wanted, not %s",
			node_kind_name(node->kind));
	if (node && node->count > VARIABLES_MAX)
		return err_input(err, &node->at, "%u variables are too many (at most %d)",
			node->count, VARIABLES_MAX);
	reader->variables =
		arena_alloc(reader->arena, (node ? node->count : 0) * sizeof(*reader->variables));
	for (const struct node *n = node ? node->children : NULL; n && !status; n = n->next)
		status = variable_add(reader, n, err);
	for (size_t i = 0; i < reader->options->define_count && !status; i++)
		status = define(reader, &reader->options->defines[i], err);
	for (unsigned int i = 0; i < reader->variable_count && !status; i++)
		if (!reader->variables[i].value)
			status = err_input(err, &reader->variables[i].at,
				"variable \"%s\" has no value: give it with -D %s=VALUE",
				reader->variables[i].name, reader->variables[i].name);
	return status;
}

static const char *fact_find(const char *name)
{
	for (size_t i = 0; i < FACT_COUNT; i++)
		if (!strcmp(facts[i], name))
			return facts[i];
	return NULL;
}

static bool is_reference(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->plain && node->text[0] == '$' && node->text[1];
}

static int unknown(
	const struct reader *reader, const struct node *node, unsigned int count, struct err *err)
{
	const char *name = node->text + 1;

	if (find(reader, name, reader->variable_count))
		return err_input(err, &node->at,
			"$%s stands further down: a value sees the variables before it", name);
	if (!is_name(name) && !strchr(name, '.'))
		return err_input(err, &node->at,
			"\"%s\" is no variable, which is $NAME alone; quote text that begins with "
			"$",
			node->text);
	err_input(err, &node->at, "no variable \"%s\"", name);
	suggest(reader, name, count, true, err);
	return -EINVAL;
}

int variables_expand(const struct reader *reader, const struct node *node, const struct node **ret,
	const char **fact, struct err *err)
{
	/* A variable's value sees only the variables before it, so that none can loop. */
	unsigned int count = reader->variable_count;

	while (is_reference(node)) {
		const struct variable *variable = find(reader, node->text + 1, count);

		*fact = fact_find(node->text + 1);
		if (*fact)
			goto done;
		if (!variable)
			return unknown(reader, node, count, err);
		node = variable->value;
		count = (unsigned int)(variable - reader->variables);
	}
	*fact = NULL;
done:
	*ret = node;
	return 0;
}
