/* The words and strings of an expression, and the nodes of the tree that is made of them. */
#include "template/parser.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/quote.h"

#include <errno.h>
#include <string.h>

#define NODES_MAX (1U << 20) /* as in a template */

/* ---- characters ---- */

void parser_advance(struct parser *parser)
{
	char c = *parser->text++;

	if (c == '\n') {
		parser->at.line++;
		parser->at.column = 1;
	} else if ((*parser->text & 0xc0) != 0x80) { /* columns count characters */
		parser->at.column++;
	}
}

void parser_skip(struct parser *parser)
{
	while (*parser->text && strchr(" \t\r\n", *parser->text))
		parser_advance(parser);
}

bool parser_take(struct parser *parser, char mark)
{
	if (*parser->text != mark)
		return false;
	parser_advance(parser);
	parser_skip(parser);
	return true;
}

struct node *parser_unexpected(struct parser *parser, const char *wanted)
{
	if (!*parser->text)
		err_input(
			parser->err, &parser->at, "the expression ends where %s is wanted", wanted);
	else
		err_input(
			parser->err, &parser->at, "'%c' where %s is wanted", *parser->text, wanted);
	return NULL;
}

/* ---- nodes ---- */

struct node *parser_node(struct parser *parser, enum node_kind kind, const struct position *at)
{
	struct node *node = arena_alloc(parser->arena, sizeof(*node));

	node->kind = kind;
	node->at = *at;
	return node;
}

struct children children_of(struct node *node)
{
	return (struct children){ node, &node->children };
}

void child_add(struct children *children, struct node *child)
{
	*children->tail = child;
	children->tail = &child->next;
	children->node->count++;
}

void node_set_key(struct node *node, const struct node *name)
{
	node->key = name->text;
	node->key_at = name->at;
}

struct node *parser_pair(struct parser *parser, const struct node *name, struct node *value)
{
	struct node *pair = parser_node(parser, NODE_MAPPING, &name->at);
	struct children children = children_of(pair);

	node_set_key(value, name);
	child_add(&children, value);
	return pair;
}

/* ---- words and strings ---- */

struct node *parser_word(struct parser *parser, const char *wanted)
{
	const char *start = parser->text;
	struct position at = parser->at;
	struct node *node;

	while (quote_is_expression_char(*parser->text) && (*parser->text != '/' || parser->depth))
		parser_advance(parser);
	if (parser->text == start)
		return parser_unexpected(parser, wanted);
	if (++parser->nodes > NODES_MAX) {
		err_input(parser->err, &at, "too many values (at most %u)", NODES_MAX);
		return NULL;
	}
	node = node_plain(parser->arena, &at,
		arena_strndup(parser->arena, start, (size_t)(parser->text - start)));
	parser_skip(parser);
	return node;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c | 0x20) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* \n, \r, \t, \0, \", \\ and \x00 to \x7f. */
static bool escape_parse(struct parser *parser, struct buffer *out)
{
	static const char from[] = "nrt0\"\\";
	static const char to[] = "\n\r\t\0\"\\";
	const struct position at = parser->at;
	const char *found;
	int high, low;

	parser_advance(parser);
	found = *parser->text ? strchr(from, *parser->text) : NULL;
	if (found) {
		buffer_put(out, &to[found - from], 1);
		parser_advance(parser);
		return true;
	}
	if (*parser->text != 'x') {
		err_input(parser->err, &at,
			"unknown escape: \\n, \\r, \\t, \\0, \\\", \\\\ and \\x00 to \\x7f are "
			"known");
		return false;
	}
	parser_advance(parser);
	high = hex_digit(parser->text[0]);
	low = high < 0 ? -1 : hex_digit(parser->text[1]);
	if (low < 0) {
		err_input(parser->err, &at, "\\x wants two hex digits");
		return false;
	}
	if (high > 7) {
		err_input(parser->err, &at,
			"\\x%c%c is two octets in UTF-8: use hex(...) for octets above \\x7f",
			parser->text[0], parser->text[1]);
		return false;
	}
	buffer_put(out, &(uint8_t){ (uint8_t)(high << 4 | low) }, 1);
	parser_advance(parser);
	parser_advance(parser);
	return true;
}

struct node *parser_string(struct parser *parser)
{
	const struct position at = parser->at;
	struct buffer text = { 0 };
	struct node *node = NULL;
	bool good = true;

	parser_advance(parser);
	while (*parser->text && *parser->text != '"' && good) {
		if (*parser->text == '\\') {
			good = escape_parse(parser, &text);
			continue;
		}
		buffer_put(&text, parser->text, 1);
		parser_advance(parser);
	}
	if (good && !*parser->text) {
		err_input(parser->err, &at, "the quotes are not closed");
	} else if (good) {
		parser_advance(parser);
		parser_skip(parser);
		node = parser_node(parser, NODE_SCALAR, &at);
		node->text = arena_strndup(parser->arena, buffer_text(&text), text.length);
		node->length = text.length;
	}
	buffer_fini(&text);
	return node;
}
