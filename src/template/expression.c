/* Reads the text of an expression into a tree with positions. */
#include "template/expression.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "template/quote.h"
#include "template/template.h"

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

/* What stands here where something else is wanted. */
static int unexpected(struct parser *parser, const char *wanted)
{
	if (!*parser->text)
		return err_input(
			parser->err, &parser->at, "the expression ends where %s is wanted", wanted);
	return err_input(
		parser->err, &parser->at, "'%c' where %s is wanted", *parser->text, wanted);
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
static int word_parse(struct parser *parser, const char *wanted, struct node **ret)
{
	const char *start = parser->text;
	struct position at = parser->at;

	while (quote_is_expression_char(*parser->text) && (*parser->text != '/' || parser->depth))
		advance(parser);
	if (parser->text == start)
		return unexpected(parser, wanted);
	if (++parser->nodes > NODES_MAX)
		return err_input(parser->err, &at, "too many values (at most %u)", NODES_MAX);
	*ret = node_plain(parser->arena, &at,
		arena_strndup(parser->arena, start, (size_t)(parser->text - start)));
	skip_blanks(parser);
	return 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c | 0x20) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* \n, \r, \t, \0, \", \\ and \x00 to \x7f. */
static int escape_parse(struct parser *parser, struct buffer *out)
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
		return 0;
	}
	if (*parser->text != 'x')
		return err_input(parser->err, &at,
			"unknown escape: \\n, \\r, \\t, \\0, \\\", \\\\ and \\x00 to \\x7f are "
			"known");
	advance(parser);
	high = hex_digit(parser->text[0]);
	low = high < 0 ? -1 : hex_digit(parser->text[1]);
	if (low < 0)
		return err_input(parser->err, &at, "\\x wants two hex digits");
	if (high > 7)
		return err_input(parser->err, &at,
			"\\x%c%c is two octets in UTF-8: use hex(...) for octets above \\x7f",
			parser->text[0], parser->text[1]);
	buffer_put(out, &(uint8_t){ (uint8_t)(high << 4 | low) }, 1);
	advance(parser);
	advance(parser);
	return 0;
}

static int string_parse(struct parser *parser, struct node **ret)
{
	const struct position at = parser->at;
	struct buffer text = { 0 };
	struct node *node;
	int status = 0;

	advance(parser);
	while (*parser->text && *parser->text != '"' && !status) {
		if (*parser->text == '\\') {
			status = escape_parse(parser, &text);
			continue;
		}
		buffer_put(&text, parser->text, 1);
		advance(parser);
	}
	if (!status && !*parser->text)
		status = err_input(parser->err, &at, "the quotes are not closed");
	if (!status) {
		advance(parser);
		skip_blanks(parser);
		node = node_make(parser, NODE_SCALAR, &at);
		node->text = arena_strndup(parser->arena, buffer_text(&text), text.length);
		node->length = text.length;
		*ret = node;
	}
	buffer_fini(&text);
	return status;
}

/* ---- values ---- */

/* What stands in the brackets of a call: values, then KEY=VALUE. */
struct arguments {
	struct node *values; /* a sequence */
	struct node *named;  /* a mapping */
};

static int value_parse(struct parser *parser, struct node **ret);

static int bracket_open(struct parser *parser)
{
	advance(parser);
	if (++parser->depth > TEMPLATE_DEPTH_MAX)
		return err_input(parser->err, &parser->at, "nested too deeply (at most %d levels)",
			TEMPLATE_DEPTH_MAX);
	skip_blanks(parser);
	return 0;
}

/* The bracket that ends what bracket_open began; '/' stands between layers again behind the last.
 */
static int bracket_close(struct parser *parser, char bracket, const char *wanted)
{
	if (*parser->text != bracket)
		return unexpected(parser, wanted);
	parser->depth--;
	advance(parser);
	skip_blanks(parser);
	return 0;
}

/* VALUE, or KEY=VALUE, which has a key. */
static int argument_parse(struct parser *parser, struct node **ret)
{
	struct node *name;
	int status = value_parse(parser, &name);

	if (status || *parser->text != '=') {
		*ret = name;
		return status;
	}
	if (name->kind != NODE_SCALAR || !name->plain)
		return unexpected(parser, "a comma");
	take(parser, '=');
	status = value_parse(parser, ret);
	if (!status)
		key_set(*ret, name);
	return status;
}

static int arguments_parse(struct parser *parser, struct arguments *ret)
{
	struct arguments arguments = {
		.values = node_make(parser, NODE_SEQUENCE, &parser->at),
		.named = node_make(parser, NODE_MAPPING, &parser->at),
	};
	struct children values = children_of(arguments.values);
	struct children named = children_of(arguments.named);
	int status = bracket_open(parser);

	if (!status && *parser->text != ')') {
		do {
			struct node *node = NULL;

			status = argument_parse(parser, &node);
			if (!status && !node->key && arguments.named->count)
				return err_input(parser->err, &node->at,
					"a value without a name stands before KEY=VALUE");
			if (!status)
				child_add(node->key ? &named : &values, node);
		} while (!status && take(parser, ','));
	}
	if (!status)
		status = bracket_close(parser, ')', "a comma or )");
	if (!status)
		*ret = arguments;
	return status;
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
	struct node *call;

	if (!values->count && !takes_list(name))
		return pair_make(parser, name, arguments->named);
	if (values->count == 1 && !takes_list(name))
		values = values->children;
	call = pair_make(parser, name, values);
	values->next = arguments->named->children;
	call->count += arguments->named->count;
	return call;
}

/* [VALUE, KEY=VALUE, ...]: KEY=VALUE is an item of its own. */
static int sequence_parse(struct parser *parser, struct node **ret)
{
	struct node *sequence = node_make(parser, NODE_SEQUENCE, &parser->at);
	struct children children = children_of(sequence);
	int status = bracket_open(parser);

	if (!status && *parser->text != ']') {
		do {
			struct node *node = NULL;

			status = argument_parse(parser, &node);
			if (!status && node->key) {
				const struct node name = { .text = node->key, .at = node->key_at };

				node = pair_make(parser, &name, node);
			}
			if (!status)
				child_add(&children, node);
		} while (!status && take(parser, ','));
	}
	if (!status)
		status = bracket_close(parser, ']', "a comma or ]");
	if (!status)
		*ret = sequence;
	return status;
}

static int value_parse(struct parser *parser, struct node **ret)
{
	struct arguments arguments;
	struct node *name;
	int status;

	if (*parser->text == '"')
		return string_parse(parser, ret);
	if (*parser->text == '[')
		return sequence_parse(parser, ret);
	if (*parser->text == '(') {
		const struct position at = parser->at;

		status = arguments_parse(parser, &arguments);
		if (!status && arguments.values->count)
			return err_input(parser->err, &at, "(KEY=VALUE, ...) is wanted");
		if (!status)
			*ret = arguments.named;
		return status;
	}
	status = word_parse(parser, "a value", &name);
	if (!status && *parser->text == '(') {
		status = arguments_parse(parser, &arguments);
		if (!status)
			name = call_make(parser, name, &arguments);
	}
	if (!status)
		*ret = name;
	return status;
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
static int layer_call_parse(struct parser *parser, const struct node *name, struct node **ret)
{
	struct arguments arguments;
	struct node *value;
	int status = arguments_parse(parser, &arguments);

	if (status)
		return status;
	if (is_payload(name)) {
		*ret = payload_make(parser, call_make(parser, name, &arguments));
		return 0;
	}
	value = arguments.values->children;
	if (value && (value->next || arguments.named->count))
		return err_input(parser->err, &value->at,
			"FIELD=VALUE is wanted in the brackets of a layer");
	*ret = call_make(parser, name, &arguments);
	return 0;
}

static int layer_parse(struct parser *parser, struct node **ret)
{
	struct node *node;
	int status;

	if (*parser->text == '"') {
		status = string_parse(parser, &node);
		if (!status)
			*ret = payload_make(parser, node);
		return status;
	}
	status = word_parse(parser, "a layer", &node);
	if (status || *parser->text != '(') {
		*ret = node;
		return status;
	}
	return layer_call_parse(parser, node, ret);
}

/* frame(KEY=VALUE, ...)/ in front of the layers: what stands beside them in a template. */
static int frame_parse(struct parser *parser, struct node **ret)
{
	struct arguments arguments;
	struct node *name;
	int status;

	*ret = node_make(parser, NODE_MAPPING, &parser->at);
	if (strncmp(parser->text, "frame", 5) != 0 || !strchr(" (", parser->text[5]) ||
		!parser->text[5])
		return 0;
	status = word_parse(parser, "frame", &name);
	if (!status && *parser->text != '(')
		return unexpected(parser, "(");
	if (!status)
		status = arguments_parse(parser, &arguments);
	if (status)
		return status;
	if (arguments.values->count)
		return err_input(parser->err, &arguments.values->children->at,
			"KEY=VALUE is wanted in the brackets of frame");
	*ret = arguments.named;
	return take(parser, '/') ? 0 : unexpected(parser, "/ and a layer");
}

int expression_parse(struct arena *arena, const char *file, const char *text,
	const struct node **ret, struct err *err)
{
	struct parser parser = { .arena = arena, .text = text, .at = { file, 1, 1 }, .err = err };
	const struct node name = { .text = "layers", .at = parser.at };
	struct node *frame;
	struct node *layers;
	struct children children;
	int status;

	skip_blanks(&parser);
	status = frame_parse(&parser, &frame);
	layers = node_make(&parser, NODE_SEQUENCE, &parser.at);
	children = children_of(layers);
	if (status)
		return status;
	do {
		struct node *layer = NULL;

		status = layer_parse(&parser, &layer);
		if (!status)
			child_add(&children, layer);
	} while (!status && take(&parser, '/'));
	if (!status && *parser.text)
		status = unexpected(&parser, "/ or the end");
	if (status)
		return status;
	key_set(layers, &name);
	layers->next = frame->children;
	frame->children = layers;
	frame->count++;
	*ret = frame;
	return 0;
}
