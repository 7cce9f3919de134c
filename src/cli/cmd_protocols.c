/* pktsmith protocols: every protocol and field, from the tables. */
#include "cli/cli.h"

#include <string.h>

struct protocols {
	struct common common;
	unsigned int format;
	const char *name; /* PROTOCOL or PROTOCOL.FIELD; NULL for all */
};

enum { FORMAT_TEXT, FORMAT_MAN, FORMAT_MD, FORMATS };

static const char *const format_names[FORMATS] = { "text", "man", "md" };

const struct choice cmd_protocols_choices[] = {
	{ "format", format_names, FORMATS },
	{ NULL, NULL, 0 },
};

static const struct argp_option options[] = {
	{ "format", 'f', "FORMAT", 0,
		"text (the default), man: a section of a manual page, or md: the "
		"reference manual in Markdown",
		0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct protocols *protocols = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &protocols->common);
		return 0;
	case 'f':
		protocols->format =
			(unsigned int)common_choice(state, "--format", arg, format_names, FORMATS);
		return 0;
	case ARGP_KEY_ARG:
		if (protocols->name)
			argp_error(state, "wants one NAME or NAME.FIELD");
		protocols->name = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_protocols_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "[NAME[.FIELD]]",
	.doc = "Print the protocols that templates may use; with NAME one protocol's fields; with "
	       "NAME.FIELD one field, and the names its values have.",
	.children = children,
};

/* The hint of a name that is not known: the one that may be meant, or what lists them all. */
static void hint(struct err *err, const char *near, const char *of)
{
	if (near)
		err_hint(err, "; did you mean \"%s\"?", near);
	else
		err_hint(err, "; `pktsmith protocols%s%s' lists them", *of ? " " : "", of);
}

static const struct wire_protocol *find_protocol(const char *name, struct err *err)
{
	const struct wire_protocol *protocol = wire_protocol_find(name);

	if (protocol)
		return protocol;
	err_input(err, NULL, "no protocol \"%s\"", name);
	hint(err, wire_protocol_near(name), "");
	return NULL;
}

static const struct wire_field *find_field(
	const struct wire_protocol *protocol, const char *name, struct err *err)
{
	const struct wire_record *header = &protocol->header;
	int index = wire_field_find(header, name);

	if (index >= 0)
		return &header->fields[index];
	err_input(err, NULL, "no field \"%s\" in %s", name, header->name);
	hint(err, wire_field_near(header, name), header->name);
	return NULL;
}

static void put_all_json(const struct protocols *protocols, struct buffer *out)
{
	struct json *document;
	struct json *array;
	size_t i;

	if (protocols->common.jsonl) {
		for (i = 0; wire_protocols[i]; i++)
			json_print(json_typed("protocol", render_protocol_json(wire_protocols[i])),
				false, out);
		return;
	}
	document = json_object();
	array = json_array();
	for (i = 0; wire_protocols[i]; i++)
		json_add(array, render_protocol_json(wire_protocols[i]));
	json_set(document, "protocols", array);
	json_print(document, true, out);
}

static void put_all(const struct protocols *protocols, struct buffer *out)
{
	if (protocols->format == FORMAT_MAN)
		render_protocols_man(out);
	else if (protocols->format == FORMAT_MD)
		render_protocols_md(out);
	else if (protocols->common.json || protocols->common.jsonl)
		put_all_json(protocols, out);
	else
		render_protocols(cli_style(&protocols->common), out);
}

static void put_one_json(const struct protocols *protocols, const struct wire_protocol *protocol,
	const struct wire_field *field, struct buffer *out)
{
	struct json *json = field ? render_field_json(&protocol->header, field)
				  : render_protocol_json(protocol);

	if (protocols->common.jsonl)
		json = json_typed(field ? "field" : "protocol", json);
	json_print(json, protocols->common.json, out);
}

static int put_one(struct protocols *protocols, struct buffer *out, struct err *err)
{
	const char *dot = strchr(protocols->name, '.');
	size_t length = dot ? (size_t)(dot - protocols->name) : strlen(protocols->name);
	const struct wire_protocol *protocol;
	const struct wire_field *field = NULL;
	struct arena *arena = &protocols->common.arena;

	if (protocols->format != FORMAT_TEXT)
		return err_input(err, NULL, "--format %s is of all protocols; leave out \"%s\"",
			format_names[protocols->format], protocols->name);
	protocol = find_protocol(arena_strndup(arena, protocols->name, length), err);
	if (!protocol)
		return -1;
	if (dot) {
		field = find_field(protocol, dot + 1, err);
		if (!field)
			return -1;
	}
	if (!protocols->common.json && !protocols->common.jsonl)
		render_protocol(protocol, field, cli_style(&protocols->common), out);
	else
		put_one_json(protocols, protocol, field, out);
	return 0;
}

int cmd_protocols(int argc, char **argv)
{
	struct protocols protocols = { 0 };
	struct buffer out = { 0 };
	struct err err = { 0 };
	int status = 0;

	common_init(&protocols.common);
	argp_parse(&cmd_protocols_argp, argc, argv, 0, NULL, &protocols);
	if (!protocols.name)
		put_all(&protocols, &out);
	else if (put_one(&protocols, &out, &err))
		status = cli_fail(&err);
	if (!status)
		status = cli_print(&out);
	buffer_fini(&out);
	common_fini(&protocols.common);
	return status;
}
