/* Responders: patterns of requests, and their answers. */
#include "template/frame_reader.h"

#include "base/arena.h"

#include <errno.h>
#include <string.h>

#define RULES_MAX 4096U

enum part { PART_NAME, PART_REQUEST, PART_ANSWER, PART_COUNT };

static const char *const part_names[PART_COUNT] = { "name", "request", "answer" };
static const struct keys part_keys = KEYS(part_names, "key", "a rule");

enum side { SIDE_LAYERS, SIDE_PAD, SIDE_COUNT };

static const char *const side_names[SIDE_COUNT] = { "layers", "pad" };
static const struct keys request_keys = {
	.names = side_names, .count = 1, .what = "key", .where = "a request"
};
static const struct keys answer_keys = {
	.names = side_names, .count = 2, .what = "key", .where = "an answer"
};

bool responder_is(const struct node *const *top)
{
	return top[TOP_REQUEST] || top[TOP_ANSWER] || top[TOP_RULES];
}

/* A request or an answer: {layers: [...]}. */
static int side_read(struct reader *reader, const struct keys *keys, const struct node *node,
	const char *name, struct frame_spec *ret, struct err *err)
{
	const struct node *members[SIDE_COUNT] = { NULL };
	struct frame_nodes nodes = { 0 };
	struct frames frames = { 0 };
	int status;

	if (node->kind != NODE_MAPPING)
		return err_input(err, &node->at, "%s is {layers: [...]}, not %s", keys->where,
			node_kind_name(node->kind));
	status = keys_pick(keys, node, members, err);
	if (status)
		return status;
	if (!members[SIDE_LAYERS])
		return err_input(err, &node->at, "%s wants layers:", keys->where);
	nodes.layers = members[SIDE_LAYERS];
	nodes.pad = members[SIDE_PAD];
	status = includes_read(reader, reader->scopes, nodes.layers, err);
	if (!status)
		status = frame_read(reader, &nodes, name, &frames, err);
	if (!status)
		*ret = frames.specs[0];
	return status;
}

/* The first value that varies; NULL: none does. */
static const struct spec_value *varying_in(const struct spec_record *record)
{
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];
		const struct spec_value *found = NULL;

		if (value->state == SPEC_VARIES)
			return value;
		for (unsigned int j = 0; j < value->count && !found; j++)
			found = varying_in(&value->items[j]);
		if (found)
			return found;
	}
	return NULL;
}

/* What goes through values from frame to frame has no place here. */
static int fixed_check(const struct frame_spec *spec, const char *where, struct err *err)
{
	const struct spec_value *varying = NULL;

	for (unsigned int i = 0; i < spec->count && !varying; i++)
		varying = varying_in(&spec->layers[i].header);
	if (varying)
		return err_input(err, &varying->at,
			"%s has no values that vary; those of the request have names: $NAME",
			where);
	if (spec->size.mode != SPEC_SIZE_OWN)
		return err_input(err, &spec->at, "%s has no size that varies", where);
	return 0;
}

static int rule_read(struct reader *reader, const struct node *const *members,
	const struct node *node, const char *name, struct template_rule *ret, struct err *err)
{
	const struct path path = { .name = "name" };
	struct captures captures = { 0 };
	struct template_rule rule = { .name = name };
	int status = 0;

	if (!members[PART_REQUEST] || !members[PART_ANSWER])
		return err_input(err, &node->at, "a rule has a request: and an answer:");
	if (members[PART_NAME])
		status = scalar_read_line(reader, &path, members[PART_NAME], &rule.name, err);
	reader->captures = &captures;
	reader->pattern = true;
	if (!status)
		status = side_read(reader, &request_keys, members[PART_REQUEST], rule.name,
			&rule.request, err);
	reader->pattern = false;
	if (!status)
		status = fixed_check(&rule.request, request_keys.where, err);
	if (!status)
		status = side_read(
			reader, &answer_keys, members[PART_ANSWER], rule.name, &rule.answer, err);
	if (!status)
		status = fixed_check(&rule.answer, answer_keys.where, err);
	reader->captures = NULL;
	if (!status)
		*ret = rule;
	return status;
}

static int rules_read(struct reader *reader, const struct node *list, const char *name,
	struct template *ret, struct err *err)
{
	const struct node *child = list->children;
	int status = 0;

	if (list->kind != NODE_SEQUENCE || !list->count)
		return err_input(err, &list->at,
			"rules: a list is wanted, `- {name: ..., request: ..., answer: ...}` each");
	if (list->count > RULES_MAX)
		return err_input(err, &list->at, "%u rules are too many (at most %u)", list->count,
			RULES_MAX);
	ret->rules = arena_alloc(reader->arena, list->count * sizeof(*ret->rules));
	for (unsigned int i = 0; i < list->count && !status; i++, child = child->next) {
		const struct node *members[PART_COUNT];

		if (child->kind != NODE_MAPPING)
			return err_input(err, &child->at,
				"a rule is {name: ..., request: ..., answer: ...}, not %s",
				node_kind_name(child->kind));
		status = keys_pick(&part_keys, child, members, err);
		if (!status)
			status = rule_read(reader, members, child,
				arena_printf(reader->arena, "%s-%u", name, i + 1), &ret->rules[i],
				err);
	}
	ret->rule_count = list->count;
	return status;
}

int responder_rules_read(struct reader *reader, const struct node *const *top, const char *name,
	struct template *ret, struct err *err)
{
	static const enum top others[] = { TOP_LAYERS, TOP_FRAMES, TOP_PAD, TOP_FCS, TOP_SIZE,
		TOP_FRAGMENT };
	const struct node *first = top[TOP_REQUEST] ? top[TOP_REQUEST] : top[TOP_ANSWER];
	const struct node *members[PART_COUNT] = { NULL, top[TOP_REQUEST], top[TOP_ANSWER] };
	struct template template = *ret;
	int status;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (top[others[i]])
			return err_input(err, &top[others[i]]->key_at,
				"%s is of a frame: a responder has a request: and an answer:, each "
				"with layers:",
				top[others[i]]->key);
	if (top[TOP_RULES] && first)
		return err_input(err, &first->key_at, "rules: stands alone: %s is of one of them",
			first->key);
	if (top[TOP_TABLES] && top[TOP_TABLES]->kind != NODE_MAPPING)
		return err_input(err, &top[TOP_TABLES]->at,
			"tables: {NAME: {KEY: VALUE, ...}, ...} is wanted");
	reader->tables = top[TOP_TABLES];
	if (top[TOP_RULES]) {
		status = rules_read(reader, top[TOP_RULES], name, &template, err);
	} else {
		template.rules = arena_alloc(reader->arena, sizeof(*template.rules));
		template.rule_count = 1;
		status = rule_read(reader, members, first, name, template.rules, err);
	}
	if (!status)
		*ret = template;
	return status;
}
