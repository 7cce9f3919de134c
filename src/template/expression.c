/* Reads the text of an expression into a tree with positions. */
#include "template/expression.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/quote.h"
#include "template/template.h"

#include <errno.h>
#include <string.h>

#define NODES_MAX (1U << 20) /* as in a template */

struct parser {
	struct arena *arena;
	const char *text; /* what is left */
	struct position at;
	unsigned int depth; /* of brackets */
	unsigned int nodes;
	struct err *err;
};

/* ---- characters ---- */

static void advance(struct parser *parser)
{
	char c = *parser->text++;

	if (c == '\n') {
		parser->at.line++;
		parser->at.column = 1;
	} else if ((*parser->text & 0xc0) != 0x80) { /* columns count characters */
		parser->at.column++;
	}
}

static void skip_blanks(struct parser *parser)
{
	while (*parser->text && strchr(" \t\r\n", *parser->text))
		advance(parser);
}

/* Passes over the mark, where it stands here, and the blanks behind it. */
static bool take(struct parser *parser, char mark)
{
	if (*parser->text != mark)
		return false;
	advance(parser);
	skip_blanks(parser);
	return true;
}

/* Says what stands here where something else is wanted. Returns NULL, which a failed parse is. */
static struct node *unexpected(struct parser *parser, const char *wanted)
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

static struct node *node_make(struct parser *parser, enum node_kind kind, const struct position *at)
{
	struct node *node = arena_alloc(parser->arena, sizeof(*node));

	node->kind = kind;
	node->at = *at;
	return node;
}

/* The children of a node while they are found. */
struct children {
	struct node *node;
	struct node **tail;
};

static struct children children_of(struct node *node)
{
	return (struct children){ node, &node->children };
}

static void child_add(struct children *children, struct node *child)
{
	*children->tail = child;
	children->tail = &child->next;
	children->node->count++;
}

static void key_set(struct node *node, const struct node *name)
{
	node->key = name->text;
	node->key_at = name->at;
}

/* {NAME: VALUE} */
static struct node *pair_make(struct parser *parser, const struct node *name, struct node *value)
{
	struct node *pair = node_make(parser, NODE_MAPPING, &name->at);
	struct children children = children_of(pair);

	key_set(value, name);
	child_add(&children, value);
	return pair;
}

/* ---- words and strings ---- */

/* A word: within brackets it may have a '/', which else stands between layers. */
static struct node *word_parse(struct parser *parser, const char *wanted)
{
	const char *start = parser->text;
	struct position at = parser->at;
	struct node *node;

	while (quote_is_expression_char(*parser->text) && (*parser->text != '/' || parser->depth))
		advance(parser);
	if (parser->text == start)
		return unexpected(parser, wanted);
	if (++parser->nodes > NODES_MAX) {
		err_input(parser->err, &at, "too many values (at most %u)", NODES_MAX);
		return NULL;
	}
	node = node_plain(parser->arena, &at,
		arena_strndup(parser->arena, start, (size_t)(parser->text - start)));
	skip_blanks(parser);
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

	advance(parser);
	found = *parser->text ? strchr(from, *parser->text) : NULL;
	if (found) {
		buffer_put(out, &to[found - from], 1);
		advance(parser);
		return true;
	}
	if (*parser->text != 'x') {
		err_input(parser->err, &at,
			"unknown escape: \\n, \\r, \\t, \\0, \\\", \\\\ and \\x00 to \\x7f are "
			"known");
		return false;
	}
	advance(parser);
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
	advance(parser);
	advance(parser);
	return true;
}

static struct node *string_parse(struct parser *parser)
{
	const struct position at = parser->at;
	struct buffer text = { 0 };
	struct node *node = NULL;
	bool good = true;

	advance(parser);
	while (*parser->text && *parser->text != '"' && good) {
		if (*parser->text == '\\') {
			good = escape_parse(parser, &text);
			continue;
		}
		buffer_put(&text, parser->text, 1);
		advance(parser);
	}
	if (good && !*parser->text) {
		err_input(parser->err, &at, "the quotes are not closed");
	} else if (good) {
		advance(parser);
		skip_blanks(parser);
		node = node_make(parser, NODE_SCALAR, &at);
		node->text = arena_strndup(parser->arena, buffer_text(&text), text.length);
		node->length = text.length;
	}
	buffer_fini(&text);
	return node;
}

/* ---- values ---- */

/* What stands in the brackets of a call: values, then KEY=VALUE. */
struct arguments {
	struct node *values; /* a sequence */
	struct node *named;  /* a mapping */
};

static struct node *value_parse(struct parser *parser);

static bool bracket_open(struct parser *parser)
{
	advance(parser);
	if (++parser->depth > TEMPLATE_DEPTH_MAX) {
		err_input(parser->err, &parser->at, "nested too deeply (at most %d levels)",
			TEMPLATE_DEPTH_MAX);
		return false;
	}
	skip_blanks(parser);
	return true;
}

/* The bracket that ends what bracket_open began; '/' stands between layers again behind the last.
 */
static bool bracket_close(struct parser *parser, char bracket, const char *wanted)
{
	if (*parser->text != bracket) {
		unexpected(parser, wanted);
		return false;
	}
	parser->depth--;
	advance(parser);
	skip_blanks(parser);
	return true;
}

/* VALUE, or KEY=VALUE, which has a key. */
static struct node *argument_parse(struct parser *parser)
{
	struct node *name = value_parse(parser);
	struct node *value;

	if (!name || *parser->text != '=')
		return name;
	if (name->kind != NODE_SCALAR || !name->plain)
		return unexpected(parser, "a comma");
	take(parser, '=');
	value = value_parse(parser);
	if (value)
		key_set(value, name);
	return value;
}

static bool arguments_parse(struct parser *parser, struct arguments *ret)
{
	struct children values;
	struct children named;

	ret->values = node_make(parser, NODE_SEQUENCE, &parser->at);
	ret->named = node_make(parser, NODE_MAPPING, &parser->at);
	values = children_of(ret->values);
	named = children_of(ret->named);
	if (!bracket_open(parser))
		return false;
	if (*parser->text == ')')
		return bracket_close(parser, ')', "");
	do {
		struct node *node = argument_parse(parser);

		if (!node)
			return false;
		if (!node->key && ret->named->count) {
			err_input(parser->err, &node->at,
				"a value without a name stands before KEY=VALUE");
			return false;
		}
		child_add(node->key ? &named : &values, node);
	} while (take(parser, ','));
	return bracket_close(parser, ')', "a comma or )");
}

/* Whether the one value in brackets is the first of a list. */
static bool takes_list(const struct node *name)
{
	return !strcmp(name->text, "list") || !strcmp(name->text, "imix");
}

/*
 * NAME(VALUE, KEY=VALUE, ...) is {NAME: VALUE, KEY: VALUE, ...}, with more values {NAME: [...],
 * ...}; NAME(KEY=VALUE, ...) is {NAME: {KEY: VALUE, ...}}.
 */
static struct node *call_make(
	struct parser *parser, const struct node *name, const struct arguments *arguments)
{
	struct node *values = arguments->values;
	struct node *first = values->children;
	struct node *call;

	if (!first && !takes_list(name))
		return pair_make(parser, name, arguments->named);
	if (first && !first->next && !takes_list(name))
		values = first;
	call = pair_make(parser, name, values);
	values->next = arguments->named->children;
	call->count += arguments->named->count;
	return call;
}

/* [VALUE, KEY=VALUE, ...]: KEY=VALUE is an item of its own. */
static struct node *sequence_parse(struct parser *parser)
{
	struct node *sequence = node_make(parser, NODE_SEQUENCE, &parser->at);
	struct children children = children_of(sequence);

	if (!bracket_open(parser))
		return NULL;
	if (*parser->text == ']')
		return bracket_close(parser, ']', "") ? sequence : NULL;
	do {
		struct node *node = argument_parse(parser);

		if (!node)
			return NULL;
		if (node->key) {
			const struct node name = { .text = node->key, .at = node->key_at };

			node = pair_make(parser, &name, node);
		}
		child_add(&children, node);
	} while (take(parser, ','));
	return bracket_close(parser, ']', "a comma or ]") ? sequence : NULL;
}

/* (KEY=VALUE, ...): an item without a name. */
static struct node *fields_parse(struct parser *parser)
{
	const struct position at = parser->at;
	struct arguments arguments;

	if (!arguments_parse(parser, &arguments))
		return NULL;
	if (!arguments.values->count)
		return arguments.named;
	err_input(parser->err, &at, "(KEY=VALUE, ...) is wanted");
	return NULL;
}

static struct node *value_parse(struct parser *parser)
{
	struct arguments arguments;
	struct node *name;

	if (*parser->text == '"')
		return string_parse(parser);
	if (*parser->text == '[')
		return sequence_parse(parser);
	if (*parser->text == '(')
		return fields_parse(parser);
	name = word_parse(parser, "a value");
	if (!name || *parser->text != '(')
		return name;
	return arguments_parse(parser, &arguments) ? call_make(parser, name, &arguments) : NULL;
}

/* ---- layers ---- */

/* Forms of octets, fixed or varying, which stand for a payload of them. */
static bool is_payload(const struct node *name)
{
	static const char *const forms[] = { "text", "hex", "base64", "file", "fill", "pattern",
		"random-bytes", "inc", "dec", "random", "shuffle", "list", "same-as", "value" };

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		if (!strcmp(forms[i], name->text))
			return true;
	return false;
}

static struct node *payload_make(struct parser *parser, struct node *value)
{
	const struct node name = { .text = "payload", .at = value->at };

	return pair_make(parser, &name, value);
}

/* NAME(...): a layer, or octets. */
static struct node *layer_call_parse(struct parser *parser, const struct node *name)
{
	struct arguments arguments;
	const struct node *value;

	if (!arguments_parse(parser, &arguments))
		return NULL;
	if (is_payload(name))
		return payload_make(parser, call_make(parser, name, &arguments));
	value = arguments.values->children;
	if (!value || (!value->next && !arguments.named->count))
		return call_make(parser, name, &arguments);
	err_input(parser->err, &value->at, "FIELD=VALUE is wanted in the brackets of a layer");
	return NULL;
}

static struct node *layer_parse(struct parser *parser)
{
	struct node *node;

	if (*parser->text == '"') {
		node = string_parse(parser);
		return node ? payload_make(parser, node) : NULL;
	}
	node = word_parse(parser, "a layer");
	if (!node || *parser->text != '(')
		return node;
	return layer_call_parse(parser, node);
}

static bool is_frame(const char *text)
{
	return !strncmp(text, "frame", 5) && (text[5] == ' ' || text[5] == '(');
}

/* frame(KEY=VALUE, ...)/ in front of the layers: what stands beside them in a template. */
static struct node *frame_parse(struct parser *parser)
{
	struct arguments arguments;

	if (!is_frame(parser->text))
		return node_make(parser, NODE_MAPPING, &parser->at);
	if (!word_parse(parser, "frame"))
		return NULL;
	if (*parser->text != '(')
		return unexpected(parser, "(");
	if (!arguments_parse(parser, &arguments))
		return NULL;
	if (arguments.values->count) {
		err_input(parser->err, &arguments.values->children->at,
			"KEY=VALUE is wanted in the brackets of frame");
		return NULL;
	}
	return take(parser, '/') ? arguments.named : unexpected(parser, "/ and a layer");
}

/* All layers, to the end of the text. */
static struct node *layers_parse(struct parser *parser)
{
	struct node *layers = node_make(parser, NODE_SEQUENCE, &parser->at);
	struct children children = children_of(layers);

	do {
		struct node *layer = layer_parse(parser);

		if (!layer)
			return NULL;
		child_add(&children, layer);
	} while (take(parser, '/'));
	return *parser->text ? unexpected(parser, "/ or the end") : layers;
}

int expression_parse(struct arena *arena, const char *file, const char *text,
	const struct node **ret, struct err *err)
{
	struct parser parser = { .arena = arena, .text = text, .at = { file, 1, 1 }, .err = err };
	const struct node name = { .text = "layers", .at = parser.at };
	struct node *layers = NULL;
	struct node *frame;

	skip_blanks(&parser);
	frame = frame_parse(&parser);
	if (frame)
		layers = layers_parse(&parser);
	if (!layers)
		return -EINVAL;
	key_set(layers, &name);
	layers->next = frame->children;
	frame->children = layers;
	frame->count++;
	*ret = frame;
	return 0;
}
