/* Reads YAML events into a tree with positions. */
#include "template/node.h"

#include "base/arena.h"
#include "template/syntax.h"
#include "template/template.h"

#include <stdlib.h>
#include <string.h>

/* A template of the largest size holds fewer where it means something; this bounds the memory. */
#define NODES_MAX (1U << 20)

struct events {
	yaml_parser_t parser;
	struct arena *arena;
	const struct node_source *source;
	unsigned int nodes;
	size_t offset;	  /* octets, of the character */
	size_t character; /* up to which the source was walked */
	struct err *err;
};

static struct position place(const struct events *events, const yaml_mark_t *mark)
{
	struct position at = { .file = events->source->file };

	if (events->source->places) {
		at.line = (unsigned int)mark->line + 1;
		at.column = (unsigned int)mark->column + 1;
	}
	return at;
}

static int event_next(struct events *events, yaml_event_t *event)
{
	if (!yaml_parser_parse(&events->parser, event))
		return syntax_error(&events->parser, events->source, events->err);
	return 0;
}

/* Where a mark stands in the source's octets: marks count characters and only go forward. */
static const uint8_t *source_at(struct events *events, const yaml_mark_t *mark)
{
	const struct node_source *source = events->source;

	while (events->offset < source->length && events->character < mark->index) {
		do
			events->offset++;
		while (events->offset < source->length &&
			(source->text[events->offset] & 0xc0) == 0x80);
		events->character++;
	}
	return source->text + events->offset;
}

/*
 * "\xff" is a character in YAML, which UTF-8 writes as two octets: not what anyone who forges
 * frames means.
 */
static int check_escapes(struct events *events, const yaml_event_t *event)
{
	const uint8_t *p = source_at(events, &event->start_mark);
	const uint8_t *end = source_at(events, &event->end_mark);
	struct position at = place(events, &event->start_mark);

	for (; p + 2 < end; p++) {
		if (*p != '\\')
			continue;
		p++;
		if (*p == 'x' && !(p[1] >= '0' && p[1] <= '7'))
			return err_input(events->err, &at,
				"\\x%c%c is two octets in UTF-8: use hex for octets above \\x7f",
				p[1], p[2]);
	}
	return 0;
}

static const char *anchor_of(const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL;

	if (event->type == YAML_SCALAR_EVENT)
		anchor = event->data.scalar.anchor;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		anchor = event->data.sequence_start.anchor;
	else if (event->type == YAML_MAPPING_START_EVENT)
		anchor = event->data.mapping_start.anchor;
	return (const char *)anchor;
}

static bool has_tag(const yaml_event_t *event)
{
	if (event->type == YAML_SCALAR_EVENT)
		return event->data.scalar.tag;
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return event->data.sequence_start.tag;
	return event->type == YAML_MAPPING_START_EVENT && event->data.mapping_start.tag;
}

static int event_check(struct events *events, const yaml_event_t *event, unsigned int depth)
{
	struct position at = place(events, &event->start_mark);
	bool opens =
		event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;

	if (event->type == YAML_ALIAS_EVENT)
		return err_input(events->err, &at,
			"alias *%s: templates have no aliases; use vars and $name",
			(const char *)event->data.alias.anchor);
	if (anchor_of(event))
		return err_input(events->err, &at,
			"anchor &%s: templates have no anchors; use vars and $name",
			anchor_of(event));
	if (has_tag(event))
		return err_input(events->err, &at,
			"a tag: templates have none, a value is typed by its field");
	if (opens && depth > TEMPLATE_DEPTH_MAX)
		return err_input(events->err, &at, "nested too deeply (at most %d levels)",
			TEMPLATE_DEPTH_MAX);
	if (++events->nodes > NODES_MAX)
		return err_input(
			events->err, &at, "too many values (at most %u in a template)", NODES_MAX);
	return 0;
}

/* *ret is NULL for an event that ends a collection. */
static int node_new(struct events *events, const yaml_event_t *event, struct node **ret)
{
	struct node *node = NULL;

	if (event->type == YAML_SCALAR_EVENT || event->type == YAML_SEQUENCE_START_EVENT ||
		event->type == YAML_MAPPING_START_EVENT) {
		node = arena_alloc(events->arena, sizeof(*node));
		node->at = place(events, &event->start_mark);
		node->kind =
			event->type == YAML_SEQUENCE_START_EVENT ? NODE_SEQUENCE : NODE_MAPPING;
	}
	*ret = node;
	if (event->type != YAML_SCALAR_EVENT)
		return 0;
	node->kind = NODE_SCALAR;
	node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	node->length = event->data.scalar.length;
	node->text =
		arena_strndup(events->arena, (const char *)event->data.scalar.value, node->length);
	if (event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		return check_escapes(events, event);
	return 0;
}

static int key_check(const struct node *key, struct err *err)
{
	if (key->kind != NODE_SCALAR)
		return err_input(
			err, &key->at, "%s where a key is wanted", node_kind_name(key->kind));
	if (!key->length)
		return err_input(err, &key->at, "a key is empty");
	for (size_t i = 0; i < key->length; i++)
		if ((uint8_t)key->text[i] < ' ' || key->text[i] == 0x7f)
			return err_input(err, &key->at, "control character 0x%02x in a key",
				(unsigned int)(uint8_t)key->text[i]);
	return 0;
}

static int children_read(struct events *events, struct node *parent, unsigned int depth);

/* Reads a whole node; *ret is NULL at the end of the collection in which it was looked for. */
static int node_next(struct events *events, unsigned int depth, struct node **ret)
{
	yaml_event_t event;
	int status = event_next(events, &event);

	if (status)
		return status;
	status = event_check(events, &event, depth);
	if (!status)
		status = node_new(events, &event, ret);
	yaml_event_delete(&event);
	if (!status && *ret && (*ret)->kind != NODE_SCALAR)
		status = children_read(events, *ret, depth + 1);
	return status;
}

static int children_read(struct events *events, struct node *parent, unsigned int depth)
{
	struct node **tail = &parent->children;

	for (;;) {
		struct node *key = NULL;
		struct node *child = NULL;
		int status = 0;

		if (parent->kind == NODE_MAPPING) {
			status = node_next(events, depth, &key);
			if (status || !key)
				return status;
			status = key_check(key, events->err);
		}
		if (!status)
			status = node_next(events, depth, &child);
		if (status || !child)
			return status;
		if (key) {
			child->key = key->text;
			child->key_at = key->at;
		}
		*tail = child;
		tail = &child->next;
		parent->count++;
	}
}

/* The next event, which is wanted to be of this type; *ret says whether it is, *at where. */
static int event_is(struct events *events, yaml_event_type_t type, bool *ret, struct position *at)
{
	yaml_event_t event;
	int status = event_next(events, &event);

	if (status)
		return status;
	*ret = event.type == type;
	*at = place(events, &event.start_mark);
	yaml_event_delete(&event);
	return 0;
}

static int document_read(struct events *events, struct node **ret)
{
	struct position at;
	bool is;
	int status = event_is(events, YAML_STREAM_START_EVENT, &is, &at);

	if (!status)
		status = event_is(events, YAML_DOCUMENT_START_EVENT, &is, &at);
	if (status)
		return status;
	if (!is) {
		*ret = node_plain(events->arena, &at, "");
		return 0;
	}
	status = node_next(events, 1, ret);
	if (!status)
		status = event_is(events, YAML_DOCUMENT_END_EVENT, &is, &at);
	if (!status)
		status = event_is(events, YAML_STREAM_END_EVENT, &is, &at);
	if (!status && !is)
		return err_input(events->err, &at,
			"a second document: a template is one; several frames go under frames:");
	return status;
}

int node_parse(struct arena *arena, const struct node_source *source, const struct node **ret,
	struct err *err)
{
	struct events events = { .arena = arena, .source = source, .err = err };
	struct node *root;
	int status = syntax_check_encoding(source, err);

	if (status)
		return status;
	if (!yaml_parser_initialize(&events.parser))
		abort(); /* out of memory, as arena_alloc does */
	yaml_parser_set_encoding(&events.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&events.parser, source->text, source->length);
	status = document_read(&events, &root);
	yaml_parser_delete(&events.parser);
	if (!status)
		*ret = root;
	return status;
}

struct node *node_plain(struct arena *arena, const struct position *at, const char *text)
{
	struct node *node = arena_alloc(arena, sizeof(*node));

	*node = (struct node){
		.kind = NODE_SCALAR,
		.at = *at,
		.text = text,
		.length = strlen(text),
		.plain = true,
	};
	return node;
}

const char *node_name(const struct node *node)
{
	if (node->kind == NODE_MAPPING && node->children)
		return node->children->key;
	if (node->kind != NODE_SCALAR || !node->length || strlen(node->text) != node->length)
		return NULL;
	return node->text;
}

const char *node_kind_name(enum node_kind kind)
{
	static const char *const names[] = {
		[NODE_SCALAR] = "one value",
		[NODE_SEQUENCE] = "a list",
		[NODE_MAPPING] = "a mapping",
	};

	return names[kind];
}
