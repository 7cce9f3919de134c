/* Reads the text of an expression into a tree with positions. */
#include "template/expression.h"

#include "base/arena.h"
#include "template/parser.h"
#include "template/template.h"

#include <errno.h>
#include <string.h>

/* ---- values ---- */

/* What stands in the brackets of a call: values, then KEY=VALUE. */
struct arguments {
	struct node *values; /* a sequence */
	struct node *named;  /* a mapping */
};

static struct node *value_parse(struct parser *parser);

static bool bracket_open(struct parser *parser)
{
	parser_advance(parser);
	if (++parser->depth > TEMPLATE_DEPTH_MAX) {
		err_input(parser->err, &parser->at, "nested too deeply (at most %d levels)",
			TEMPLATE_DEPTH_MAX);
		return false;
	}
	parser_skip(parser);
	return true;
}

/* The bracket that ends what bracket_open began; '/' stands between layers again behind the last.
 */
static bool bracket_close(struct parser *parser, char bracket, const char *wanted)
{
	if (*parser->text != bracket) {
		parser_unexpected(parser, wanted);
		return false;
	}
	parser->depth--;
	parser_advance(parser);
	parser_skip(parser);
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
		return parser_unexpected(parser, "a comma");
	parser_take(parser, '=');
	value = value_parse(parser);
	if (value)
		node_set_key(value, name);
	return value;
}

static bool arguments_parse(struct parser *parser, struct arguments *ret)
{
	struct children values;
	struct children named;

	ret->values = parser_node(parser, NODE_SEQUENCE, &parser->at);
	ret->named = parser_node(parser, NODE_MAPPING, &parser->at);
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
	} while (parser_take(parser, ','));
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
		return parser_pair(parser, name, arguments->named);
	if (first && !first->next && !takes_list(name))
		values = first;
	call = parser_pair(parser, name, values);
	values->next = arguments->named->children;
	call->count += arguments->named->count;
	return call;
}

/* [VALUE, KEY=VALUE, ...]: KEY=VALUE is an item of its own. */
static struct node *sequence_parse(struct parser *parser)
{
	struct node *sequence = parser_node(parser, NODE_SEQUENCE, &parser->at);
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

			node = parser_pair(parser, &name, node);
		}
		child_add(&children, node);
	} while (parser_take(parser, ','));
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
		return parser_string(parser);
	if (*parser->text == '[')
		return sequence_parse(parser);
	if (*parser->text == '(')
		return fields_parse(parser);
	name = parser_word(parser, "a value");
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

	return parser_pair(parser, &name, value);
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
		node = parser_string(parser);
		return node ? payload_make(parser, node) : NULL;
	}
	node = parser_word(parser, "a layer");
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
		return parser_node(parser, NODE_MAPPING, &parser->at);
	if (!parser_word(parser, "frame"))
		return NULL;
	if (*parser->text != '(')
		return parser_unexpected(parser, "(");
	if (!arguments_parse(parser, &arguments))
		return NULL;
	if (arguments.values->count) {
		err_input(parser->err, &arguments.values->children->at,
			"KEY=VALUE is wanted in the brackets of frame");
		return NULL;
	}
	return parser_take(parser, '/') ? arguments.named
					: parser_unexpected(parser, "/ and a layer");
}

/* All layers, to the end of the text. */
static struct node *layers_parse(struct parser *parser)
{
	struct node *layers = parser_node(parser, NODE_SEQUENCE, &parser->at);
	struct children children = children_of(layers);

	do {
		struct node *layer = layer_parse(parser);

		if (!layer)
			return NULL;
		child_add(&children, layer);
	} while (parser_take(parser, '/'));
	return *parser->text ? parser_unexpected(parser, "/ or the end") : layers;
}

int expression_parse(struct arena *arena, const char *file, const char *text,
	const struct node **ret, struct err *err)
{
	struct parser parser = { .arena = arena, .text = text, .at = { file, 1, 1 }, .err = err };
	const struct node name = { .text = "layers", .at = parser.at };
	struct node *layers = NULL;
	struct node *frame;

	parser_skip(&parser);
	frame = frame_parse(&parser);
	if (frame)
		layers = layers_parse(&parser);
	if (!layers)
		return -EINVAL;
	node_set_key(layers, &name);
	layers->next = frame->children;
	frame->children = layers;
	frame->count++;
	*ret = frame;
	return 0;
}
