/*
 * node.h: the YAML of a template as a tree with positions. Structure alone: what a scalar means is
 * for whoever takes it.
 */
#ifndef TEMPLATE_NODE_H
#define TEMPLATE_NODE_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

enum node_kind { NODE_SCALAR, NODE_SEQUENCE, NODE_MAPPING };

struct node {
	enum node_kind kind;
	struct position at;
	const char *text; /* of a scalar: length octets of UTF-8, '\0' after them and maybe among
			     them */
	size_t length;
	bool plain;	 /* a scalar without quotes: $name expands, auto is a state */
	const char *key; /* of a mapping's member: printable, not empty */
	struct position key_at;
	struct node *children; /* of a sequence or mapping, in the order of the text */
	struct node *next;     /* sibling */
	unsigned int count;    /* of the children */
};

struct node_source {
	const char *file; /* borrowed by every position */
	const uint8_t *text;
	size_t length;
	bool places; /* positions have line and column; false for a value of the command line */
};

/*
 * Reads one YAML document. Anchors, aliases, tags, a second document, a depth over
 * TEMPLATE_DEPTH_MAX, text that is not UTF-8 and an absurd number of values are refused with
 * -EINVAL and *err. An empty document is an empty plain scalar. Everything in *ret is the arena's.
 */
int node_parse(struct arena *arena, const struct node_source *source, const struct node **ret,
	struct err *err);

/* A plain scalar, as read and from the command line. text is borrowed. */
struct node *node_plain(struct arena *arena, const struct position *at, const char *text);

/* What stands after "key:" when nothing does. */
static inline bool node_is_empty(const struct node *node)
{
	return node->kind == NODE_SCALAR && node->plain && !node->length;
}

/* What `NAME` and `NAME: VALUE` name, NULL where the node is neither. VALUE is node->children. */
const char *node_name(const struct node *node);

/* "a list", "a mapping", "one value": for messages. */
const char *node_kind_name(enum node_kind kind);

#endif
