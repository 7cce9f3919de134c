/* parser.h: what reads the text of an expression, up to its words; for expression.c. */
#ifndef TEMPLATE_PARSER_H
#define TEMPLATE_PARSER_H

#include "template/node.h"

struct arena;

struct parser {
	struct arena *arena;
	const char *text; /* what is left */
	struct position at;
	unsigned int depth; /* of brackets */
	unsigned int nodes;
	struct err *err;
};

/* Passes over the character that stands here; over blanks. */
void parser_advance(struct parser *parser);
void parser_skip(struct parser *parser);

/* Passes over the mark, where it stands here, and the blanks behind it. */
bool parser_take(struct parser *parser, char mark);

/* Says what stands here where something else is wanted. Returns NULL, which a failed parse is. */
struct node *parser_unexpected(struct parser *parser, const char *wanted);

/* A word: within brackets it may have a '/', which else stands between layers. A string in quotes.
 * Both return NULL with *err where there is none, and pass over the blanks behind it. */
struct node *parser_word(struct parser *parser, const char *wanted);
struct node *parser_string(struct parser *parser);

/* ---- nodes ---- */

struct node *parser_node(struct parser *parser, enum node_kind kind, const struct position *at);

/* The children of a node while they are found. */
struct children {
	struct node *node;
	struct node **tail;
};

struct children children_of(struct node *node);
void child_add(struct children *children, struct node *child);

/* The node becomes the value of the key that name is. */
void node_set_key(struct node *node, const struct node *name);

/* {NAME: VALUE} */
struct node *parser_pair(struct parser *parser, const struct node *name, struct node *value);

#endif
