/* `- include: NAME`: the layers of another template, with the variables that they see. */
#include "template/reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

#define INCLUDES_MAX 256 /* of a template, with all that these include */

const char include_key[] = "include";

static const struct path include_path = { .name = include_key };

/* ---- which file ---- */

static bool has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name);
	size_t end = strlen(ending);

	return length > end && !strcmp(name + length - end, ending);
}

static int nothing_named(const struct node *node, struct err *err)
{
	return path_error(err, &node->at, &include_path,
		"a template is wanted: `- include: NAME`, or a path such as ./base.yaml");
}

/* A path as it stands in this text, or a bare name that somebody else finds. */
static int path_find(struct reader *reader, const struct scope *scope, const struct node *node,
	const char **ret, struct err *err)
{
	const struct finder *finder = reader->options->finder;
	const char *name;
	int status = scalar_read_literal(reader, &include_path, node, &name, err);

	if (status)
		return status;
	if (!*name)
		return nothing_named(node, err);
	if (node->plain && *name == '$')
		return path_error(err, &node->at, &include_path,
			"a template's name has no variables; quote one that begins with $");
	if (strchr(name, '/') || has_ending(name, ".yaml") || has_ending(name, ".yml")) {
		*ret = file_beside(reader->arena, scope->file, name);
		return 0;
	}
	if (!finder)
		return path_error(err, &node->at, &include_path,
			"no installed template \"%s\": a path has a / or ends in .yaml", name);
	status = finder->find(finder->context, reader->arena, name, ret, err);
	return status ? path_locate(err, &node->at, &include_path) : 0;
}

/* ---- bounds ---- */

static int check_bounds(const struct reader *reader, const struct scope *scope,
	const struct node *node, struct err *err)
{
	unsigned int count = 0;

	if (scope->depth == TEMPLATE_INCLUDE_MAX)
		return path_error(err, &node->at, &include_path,
			"templates include each other too deeply (at most %d levels)",
			TEMPLATE_INCLUDE_MAX);
	for (const struct scope *s = reader->scopes; s; s = s->next)
		count++;
	if (count > INCLUDES_MAX)
		return path_error(err, &node->at, &include_path,
			"too many templates are included (at most %d)", INCLUDES_MAX);
	return 0;
}

/* The file may have several names, so it is told by what it is. */
static int check_circle(const struct scope *scope, const struct node *node, const struct file *file,
	struct err *err)
{
	for (const struct scope *s = scope; s->outer; s = s->outer)
		if (s->device == file->device && s->inode == file->inode)
			return path_error(err, &node->at, &include_path, "%s includes itself%s%s",
				s->file, s == scope ? "" : ", by way of ",
				s == scope ? "" : scope->file);
	return 0;
}

/* ---- reading ---- */

static const struct scope *find_inner(const struct scope *scope, const struct node *node)
{
	const struct scope *inner = scope->inner;

	while (inner &&
		(strlen(inner->name) != node->length || strcmp(inner->name, node->text) != 0))
		inner = inner->beside;
	return inner;
}

static void scope_add(struct reader *reader, struct scope *outer, struct scope *scope)
{
	struct scope *last = reader->scopes;

	while (last->next)
		last = last->next;
	last->next = scope;
	scope->beside = outer->inner;
	outer->inner = scope;
}

/* The file's layers and variables, and what it includes itself. */
static int scope_read(struct reader *reader, struct scope *scope, const struct node *text_node,
	const struct file *file, struct err *err)
{
	const struct node_source source = {
		.file = scope->file, .text = file->octets, .length = file->length, .places = true
	};
	const struct node *top[TOP_COUNT];
	int status = top_read(reader, &source, top, err);

	if (status)
		return status;
	if (!top[TOP_LAYERS])
		return path_error(err, &text_node->at, &include_path,
			"%s has frames: one with layers can be included", scope->file);
	scope->layers = top[TOP_LAYERS];
	status = variables_read(reader, scope, top[TOP_VARS], err);
	return status ? status : includes_read(reader, scope, scope->layers, err);
}

static int include_read(
	struct reader *reader, struct scope *outer, const struct node *node, struct err *err)
{
	const struct file_limit limit = { TEMPLATE_SIZE_MAX - reader->included,
		"all templates together may have" };
	struct scope *scope = arena_alloc(reader->arena, sizeof(*scope));
	struct file file = { 0 };
	const char *path = "";
	int status = path_find(reader, outer, node, &path, err);

	if (!status)
		status = check_bounds(reader, outer, node, err);
	if (!status)
		status = file_read(reader, &include_path, node, path, &limit, &file, err);
	if (!status)
		status = check_circle(outer, node, &file, err);
	if (status)
		return status;
	reader->included += file.length;
	*scope = (struct scope){
		.outer = outer,
		.name = node->text,
		.file = arena_strndup(reader->arena, path, strlen(path)),
		.depth = outer->depth + 1,
		.device = file.device,
		.inode = file.inode,
	};
	scope_add(reader, outer, scope);
	return scope_read(reader, scope, node, &file, err);
}

/* What stands after include:, NULL where the item is something else. */
static const struct node *included(const struct node *item)
{
	if (item->kind != NODE_MAPPING || !item->children)
		return NULL;
	return strcmp(item->children->key, include_key) ? NULL : item->children;
}

/* One item of a list of layers. */
static int item_read(
	struct reader *reader, struct scope *scope, const struct node *item, struct err *err)
{
	const struct node *node = included(item);

	if (item->kind == NODE_SCALAR && item->plain && !strcmp(item->text, include_key))
		return nothing_named(item, err);
	if (!node)
		return 0;
	if (node->next)
		return err_input(err, &node->next->key_at,
			"an include stands alone: begin \"%s\" with \"- \"", node->next->key);
	if (node->kind == NODE_SCALAR && find_inner(scope, node))
		return 0;
	return include_read(reader, scope, node, err);
}

int includes_read(
	struct reader *reader, struct scope *scope, const struct node *layers, struct err *err)
{
	int status = 0;

	if (layers->kind != NODE_SEQUENCE)
		return 0; /* which is refused where the layers are read */
	for (const struct node *item = layers->children; item && !status; item = item->next)
		status = item_read(reader, scope, item, err);
	return status;
}

const struct scope *include_find(const struct scope *scope, const struct node *item)
{
	const struct node *node = included(item);

	return node ? find_inner(scope, node) : NULL;
}
