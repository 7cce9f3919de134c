/* pktsmith show: builds frames and prints them, without privileges. */
#include "cli/show/show.h"

#include <string.h>
#include <unistd.h>

static const char *const format_names[] = { "tree", "hex", "raw", "json", "yaml", "c", "rfc", "svg",
	"expression", "program", "ebpf" };

/* ---- options ---- */

enum { KEY_FIRST = 0x100 };

const struct choice cmd_show_choices[] = {
	{ "format", format_names, sizeof(format_names) / sizeof(format_names[0]) },
	{ NULL, NULL, 0 },
};

static const struct argp_option options[] = {
	{ "format", 'f', "FORMAT", 0,
		"tree (the default), hex, raw, json, yaml, c, rfc (as RFCs draw headers; with -v "
		"also the values), svg (a picture), "
		"expression (a line for -e), program (what varies, and how) or ebpf (the same as "
		"instructions for the kernel)",
		0 },
	{ "count", 'n', "N", 0,
		"the first N frames of the run that send would make, with what changed marked; "
		"at most 10000 (convert -n writes any number)",
		0 },
	{ "first", KEY_FIRST, "INDEX", 0,
		"from the frame at INDEX of the run on (0 is its first); one frame unless -n is "
		"given",
		0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &common_argp_templates, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &fuzz_argp, 0, NULL, 0 },
	{ 0 },
};

/* --json and --jsonl are a format, and so exclude another. */
static void take_json(struct show *show, struct argp_state *state)
{
	if (!show->common.json && !show->common.jsonl)
		return;
	if (show->format_given && show->format != SHOW_JSON)
		argp_error(state, "--json and --format %s exclude each other",
			format_names[show->format]);
	show->format = SHOW_JSON;
}

static void check_run(struct show *show, struct argp_state *state)
{
	bool of_templates = show->format == SHOW_YAML || show->format == SHOW_EXPRESSION ||
			    show->format == SHOW_PROGRAM || show->format == SHOW_EBPF;

	if ((show->fuzz.on || show->first_given) && of_templates)
		argp_error(state,
			"--format %s is of the templates: %s is about the frames of a run",
			format_names[show->format], show->fuzz.on ? "--fuzz" : "--first");
	if (show->first_given && !show->frames)
		show->frames = 1;
	if (show->first > UINT64_MAX - show->frames)
		argp_error(state, "--first and -n: no run has that many frames");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct show *show = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &show->common);
		fuzz_child(state, children, &show->fuzz);
		return 0;
	case 'f':
		show->format_given = true;
		show->format = (enum show_format)common_choice(state, "--format", arg, format_names,
			sizeof(format_names) / sizeof(format_names[0]));
		return 0;
	case 'n':
		show->frames = common_number(state, "-n", arg);
		if (!show->frames)
			argp_error(state, "-n 0: wants at least 1");
		return 0;
	case KEY_FIRST:
		show->first = common_number(state, "--first", arg);
		show->first_given = true;
		return 0;
	case ARGP_KEY_END:
		take_json(show, state);
		check_run(show, state);
		return 0;
	case ARGP_KEY_NO_ARGS:
		common_want_template(state, &show->common);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_show_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TEMPLATE...",
	.doc = "Build the frames of templates and print them. Sends nothing, and needs no "
	       "privilege."
	       "\vOn a colour terminal a tree has each field's octets beside it. svg puts all "
	       "frames in one document. Without -i, what depends on an interface is a placeholder, "
	       "and marked so.",
	.children = children,
};

/* ---- building ---- */

static int build_all(struct show *show, const struct resolver *resolver, struct shown_list *list,
	struct err *err)
{
	struct show_range range = { show->first, show->frames, NULL };
	int error = fuzz_prepare(&show->common, &show->fuzz, err);

	if (!error)
		error = common_templates(
			&show->common, resolver, &list->templates, &list->template_count, err);
	if (show->fuzz.on)
		range.fuzz = &show->fuzz.config;
	return error ? error : show_build(&show->common, list, &range, err);
}

/* ---- the run ---- */

static int show_templates(struct show *show, struct buffer *out, struct err *err)
{
	struct shown_list list = { 0 };
	struct interface interface;
	struct resolver resolver;
	int error;

	if (show->format == SHOW_RAW && isatty(STDOUT_FILENO))
		return err_input(err, NULL,
			"raw octets are not for a terminal; send them to a file or a pipe, or use "
			"--format hex");
	if (show->format == SHOW_YAML &&
		show->common.template_count + (show->common.expression_count > 0) > 1)
		return err_input(err, NULL, "--format yaml writes one template at a time");
	error = common_resolver(&show->common, &interface, &resolver, err);
	if (!error)
		error = build_all(show, &resolver, &list, err);
	if (!error)
		error = show_print(show, &list, out, err);
	return error;
}

int cmd_show(int argc, char **argv)
{
	struct show show = { .format = SHOW_TREE };
	struct buffer out = { 0 };
	struct err err = { 0 };
	int status;

	common_init(&show.common);
	show.common.responders = true;
	argp_parse(&cmd_show_argp, argc, argv, 0, NULL, &show);
	status = show_templates(&show, &out, &err) ? cli_fail(&err) : cli_print(&out);
	buffer_fini(&out);
	common_fini(&show.common);
	return status;
}
