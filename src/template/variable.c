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
	const struct scope *scope;
	const struct node *value;     /* NULL until -D gives it */
	const struct variable *outer; /* of a template that includes this one: its value counts */
};

/* What a template may ask of the machine. */
static const char *const facts[] = { "if.mac", "if.ipv4", "if.ipv6", "if.mtu", "hop.mac",
	"peer.mac", "peer.ipv4", "peer.ipv6" };

#define FACT_COUNT  (sizeof(facts) / sizeof(facts[0]))
#define FACTS_OF_IF 5 /* the first ones: the others are of a script's lab */

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

const struct scope *scope_of(const struct reader *reader, const struct node *node)
{
	for (const struct scope *scope = reader->scopes; scope; scope = scope->next)
		if (scope->file == node->at.file)
			return scope;
	return reader->scopes;
}

static struct variable *find(const struct scope *scope, const char *name, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		if (!strcmp(scope->variables[i].name, name))
			return &scope->variables[i];
	return NULL;
}

static struct variable *find_any(const struct scope *scope, const char *name)
{
	return find(scope, name, scope->variable_count);
}

/* Of the templates that include this one, the nearest that has a variable of this name. */
static const struct variable *find_outer(const struct scope *scope, const char *name)
{
	const struct variable *found = NULL;

	for (scope = scope->outer; scope && !found; scope = scope->outer)
		found = find_any(scope, name);
	return found;
}

static int variable_add(struct scope *scope, const struct node *member, struct err *err)
{
	const struct variable *first = find_any(scope, member->key);

	if (!is_name(member->key))
		return err_input(err, &member->key_at,
			"\"%s\" is no name for a variable: letters, digits, - and _", member->key);
	if (first)
		return keys_twice(member, &first->at, err);
	if (member->kind != NODE_SCALAR)
		return err_input(err, &member->at, "a variable is one value, not %s",
			node_kind_name(member->kind));
	scope->variables[scope->variable_count++] = (struct variable){
		.name = member->key,
		.at = member->key_at,
		.scope = scope,
		.value = node_is_empty(member) ? NULL : member,
		.outer = find_outer(scope, member->key),
	};
	return 0;
}

static size_t fact_count(const struct reader *reader)
{
	return reader->has_peer ? FACT_COUNT : FACTS_OF_IF;
}

/* The names that a value may mean: with all the captures and facts too. */
static void suggest(const struct reader *reader, const struct scope *scope, const char *name,
	unsigned int count, bool all, struct err *err)
{
	const struct captures *captures = all ? reader->captures : NULL;
	const char *names[VARIABLES_MAX + SPEC_CAPTURES_MAX + FACT_COUNT];
	unsigned int length = 0;

	for (; length < count; length++)
		names[length] = scope->variables[length].name;
	for (unsigned int i = 0; captures && i < captures->count; i++)
		names[length++] = captures->rows[i].name;
	for (unsigned int i = 0; all && i < fact_count(reader); i++)
		names[length++] = facts[i];
	keys_suggest(names, length, name, err);
}

static struct position option_place(struct arena *arena, const struct template_define *option)
{
	return path_of_option(
		arena, "-D", arena_printf(arena, "%s=%s", option->name, option->value));
}

/* One -D NAME=VALUE, where the text has the variable. */
static void define(
	struct reader *reader, const struct scope *scope, const struct template_define *option)
{
	struct variable *variable = find_any(scope, option->name);
	struct position at;

	if (!variable)
		return;
	at = option_place(reader->arena, option);
	variable->value = node_plain(reader->arena, &at, option->value);
	variable->outer = NULL;
}

int variables_read(
	struct reader *reader, struct scope *scope, const struct node *node, struct err *err)
{
	int status = 0;

	if (node && node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "vars: {NAME: VALUE, ...} is wanted, not %s",
			node_kind_name(node->kind));
	if (node && node->count > VARIABLES_MAX)
		return err_input(err, &node->at, "%u variables are too many (at most %d)",
			node->count, VARIABLES_MAX);
	scope->variables =
		arena_alloc(reader->arena, (node ? node->count : 0) * sizeof(*scope->variables));
	for (const struct node *n = node ? node->children : NULL; n && !status; n = n->next)
		status = variable_add(scope, n, err);
	for (size_t i = 0; i < reader->options->define_count && !status; i++)
		define(reader, scope, &reader->options->defines[i]);
	return status;
}

/* -EINVAL where a -D is of no variable. */
static int define_check(const struct reader *reader, size_t index, struct err *err)
{
	const struct template_define *option = &reader->options->defines[index];
	bool *used = reader->options->defines_used;
	const struct scope *template = reader->scopes; /* there is always one */
	const struct scope *scope = template;
	struct position at;

	do {
		if (find_any(scope, option->name)) {
			if (used)
				used[index] = true;
			return 0;
		}
		scope = scope->next;
	} while (scope);
	if (used)
		return 0;
	at = option_place(reader->arena, option);
	err_input(err, &at, "no variable \"%s\" in vars of %s", option->name, reader->file);
	suggest(reader, template, option->name, template->variable_count, false, err);
	return -EINVAL;
}

static int values_check(const struct scope *scope, struct err *err)
{
	for (unsigned int i = 0; i < scope->variable_count; i++) {
		const struct variable *variable = &scope->variables[i];

		if (!variable->value && !variable->outer)
			return err_input(err, &variable->at,
				"variable \"%s\" has no value: give it with -D %s=VALUE",
				variable->name, variable->name);
	}
	return 0;
}

int variables_check_values(const struct reader *reader, struct err *err)
{
	int status = 0;

	for (const struct scope *scope = reader->scopes; scope && !status; scope = scope->next)
		status = values_check(scope, err);
	return status;
}

int variables_check(const struct reader *reader, struct err *err)
{
	int status = 0;

	for (size_t i = 0; i < reader->options->define_count && !status; i++)
		status = define_check(reader, i, err);
	return status ? status : variables_check_values(reader, err);
}

static const char *fact_find(const struct reader *reader, const char *name)
{
	for (size_t i = 0; i < fact_count(reader); i++)
		if (!strcmp(facts[i], name))
			return facts[i];
	return NULL;
}

bool variables_know(const struct reader *reader, const struct node *node, const char *name)
{
	return fact_find(reader, name) || find_any(scope_of(reader, node), name);
}

static bool is_reference(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->plain && node->text[0] == '$' && node->text[1];
}

static int unknown(const struct reader *reader, const struct scope *scope, const struct node *node,
	unsigned int count, struct err *err)
{
	const char *name = node->text + 1;

	if (find_any(scope, name))
		return err_input(err, &node->at,
			"$%s stands further down: a value sees the variables before it", name);
	if (!is_name(name) && !strchr(name, '.'))
		return err_input(err, &node->at,
			"\"%s\" is no variable, which is $NAME alone; quote text that begins with "
			"$",
			node->text);
	err_input(err, &node->at, "no variable \"%s\"", name);
	suggest(reader, scope, name, count, true, err);
	return -EINVAL;
}

int variables_expand(const struct reader *reader, const struct node *node, const struct node **ret,
	const char **fact, struct err *err)
{
	const struct scope *scope = scope_of(reader, node);
	/* A variable's value sees only the variables before it, and one that an outer template
	 * gives only those of that one, so that none can loop. */
	unsigned int count = scope->variable_count;

	while (is_reference(node)) {
		const struct variable *variable = find(scope, node->text + 1, count);

		*fact = fact_find(reader, node->text + 1);
		if (*fact)
			goto done;
		if (!variable)
			return unknown(reader, scope, node, count, err);
		while (variable->outer)
			variable = variable->outer;
		node = variable->value;
		scope = variable->scope;
		count = (unsigned int)(variable - scope->variables);
	}
	*fact = NULL;
done:
	*ret = node;
	return 0;
}
