/* pktsmith show: builds frames and prints them, without privileges. */
#include "cli/show.h"
#include "patch/ebpf.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum format {
	FORMAT_TREE,
	FORMAT_HEX,
	FORMAT_RAW,
	FORMAT_JSON,
	FORMAT_YAML,
	FORMAT_C,
	FORMAT_RFC,
	FORMAT_SVG,
	FORMAT_EXPRESSION,
	FORMAT_PROGRAM,
	FORMAT_EBPF,
};

static const char *const format_names[] = { "tree", "hex", "raw", "json", "yaml", "c", "rfc", "svg",
	"expression", "program", "ebpf" };

struct show {
	struct common common;
	enum format format;
	bool format_given;
	uint64_t frames; /* -n; 0: each frame of the templates once */
	uint64_t first;	 /* index of the run */
	bool first_given;
	struct fuzz_options fuzz;
	char **templates;
	size_t count;
};

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
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_template, 0, NULL, 0 },
	{ &common_argp_seed, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &fuzz_argp, 0, NULL, 0 },
	{ 0 },
};

/* --json and --jsonl are a format, and so exclude another. */
static void take_json(struct show *show, struct argp_state *state)
{
	if (!show->common.json && !show->common.jsonl)
		return;
	if (show->format_given && show->format != FORMAT_JSON)
		argp_error(state, "--json and --format %s exclude each other",
			format_names[show->format]);
	show->format = FORMAT_JSON;
}

static void check_run(struct show *show, struct argp_state *state)
{
	bool of_templates = show->format == FORMAT_YAML || show->format == FORMAT_EXPRESSION ||
			    show->format == FORMAT_PROGRAM || show->format == FORMAT_EBPF;

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
		common_children(state, 6, &show->common);
		fuzz_child(state, children, &show->fuzz);
		return 0;
	case 'f':
		show->format_given = true;
		show->format = (enum format)common_choice(state, "--format", arg, format_names,
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
	case ARGP_KEY_ARGS:
		show->templates = state->argv + state->next;
		show->count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		if (!show->common.expression_count)
			argp_error(state, "wants a TEMPLATE: a file, `-', or a name of `pktsmith "
					  "list'; or -e "
					  "EXPRESSION");
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
		error = common_templates(&show->common, show->templates, show->count, resolver,
			&list->templates, &list->template_count, err);
	if (show->fuzz.on)
		range.fuzz = &show->fuzz.config;
	return error ? error : show_build(&show->common, list, &range, err);
}

/* ---- printing ---- */

/* The frame's octets, its FCS after them where asked for; one is there unless `fcs: none`. */
static void put_octets(const struct shown *frame, bool with_fcs, struct buffer *out)
{
	buffer_put(out, frame->view.octets, frame->view.length);
	if (with_fcs && frame->view.fcs != VIEW_FCS_NONE)
		buffer_put(out, frame->view.fcs_octets, FCS_LENGTH);
}

static void put_hex(const struct shown *frame, bool with_fcs, struct buffer *out)
{
	struct buffer octets = { 0 };

	put_octets(frame, with_fcs, &octets);
	render_hex(octets.data, octets.length, out);
	buffer_fini(&octets);
}

static struct json *frame_json(const struct show *show, const struct shown *frame)
{
	struct json *json = render_frame_json(frame->name, &frame->view);
	struct json *mutations;

	if (!show->fuzz.on)
		return json;
	mutations = json_array();
	for (unsigned int i = 0; i < frame->mutated.count; i++) {
		const struct mutation *mutation = &frame->mutated.mutations[i];
		struct json *one = json_object();

		json_set(one, "kind", json_text(mutate_kind_names[mutation->kind]));
		json_set(one, "text", json_text(mutation->text));
		json_add(mutations, one);
	}
	json_set(json, "mutations", mutations);
	return json;
}

static void put_json(const struct show *show, const struct shown_list *list, struct buffer *out)
{
	struct json *document;
	struct json *frames;
	size_t i;

	if (show->common.jsonl) {
		for (i = 0; i < list->count; i++)
			json_print(json_typed("frame", frame_json(show, &list->frames[i])), false,
				out);
		return;
	}
	document = json_object();
	frames = json_array();
	for (i = 0; i < list->count; i++)
		json_add(frames, frame_json(show, &list->frames[i]));
	json_set(document, "frames", frames);
	json_print(document, true, out);
}

/* Parts a frame from the one before it. */
static void put_rule(size_t index, const struct render_style *style, struct buffer *out)
{
	static const char rule[] =
		"------------------------------------------------------------------------";

	if (index)
		buffer_printf(out, "\n%s%s%s\n\n", style->dim, rule, style->reset);
}

/* What --fuzz did to it, a line each. */
static void put_mutations(
	const struct shown *frame, const struct render_style *style, struct buffer *out)
{
	for (unsigned int i = 0; i < frame->mutated.count; i++)
		buffer_printf(out, "%s%smutated%s %s\n", i ? "" : "\n", style->bad, style->reset,
			frame->mutated.mutations[i].text);
}

static void put_trees(const struct show *show, const struct shown_list *list, struct buffer *out)
{
	const struct render_style *style = cli_style(&show->common);
	bool placeholder = false;
	size_t i;

	for (i = 0; i < list->count; i++) {
		put_rule(i, style, out);
		render_tree(list->frames[i].name, &list->frames[i].view, style, out);
		put_mutations(&list->frames[i], style, out);
		placeholder |= list->frames[i].placeholder;
	}
	if (placeholder && !show->common.quiet)
		buffer_printf(out,
			"\n%sA placeholder stands for what an interface knows; -i IF puts that "
			"in.%s\n",
			style->dim, style->reset);
}

static void put_rfc(const struct show *show, const struct shown_list *list, struct buffer *out)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		put_rule(i, &render_plain, out);
		render_rfc(list->frames[i].unique, &list->frames[i].view, show->common.verbose > 0,
			out);
	}
}

static void put_svg(struct show *show, const struct shown_list *list, struct buffer *out)
{
	struct render_named *frames =
		arena_alloc(&show->common.arena, list->count * sizeof(*frames));
	size_t i;

	for (i = 0; i < list->count; i++)
		frames[i] = (struct render_named){ list->frames[i].unique, &list->frames[i].view };
	render_svg(frames, list->count, out);
}

static bool is_taken(const char *const *names, size_t count, const char *name)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* An identifier that none of names[count] is: a number tells it from its namesakes. */
static const char *identifier(
	struct arena *arena, const char *const *names, size_t count, const char *name)
{
	struct buffer text = { 0 };
	const char *first;
	const char *unique;
	unsigned int number = 1;

	render_c_name(name ? name : "frame", &text);
	first = arena_strndup(arena, buffer_text(&text), text.length);
	buffer_fini(&text);
	for (unique = first; is_taken(names, count, unique);)
		unique = arena_printf(arena, "%s_%u", first, ++number);
	return unique;
}

static void put_c(struct show *show, const struct shown_list *list, struct buffer *out)
{
	struct arena *arena = &show->common.arena;
	const char **names = arena_alloc(arena, list->count * sizeof(*names));
	size_t i;

	for (i = 0; i < list->count; i++) {
		if (i)
			buffer_printf(out, "\n");
		names[i] = identifier(arena, names, i, list->frames[i].unique);
		render_c(names[i], &list->frames[i].view, show->common.with_fcs, out);
	}
}

static void put_expressions(const struct shown_list *list, struct buffer *out)
{
	for (size_t i = 0; i < list->template_count; i++) {
		for (unsigned int j = 0; j < list->templates[i].count; j++) {
			if (template_is_rest(&list->templates[i], j))
				continue;
			expression_write(&list->templates[i].frames[j], out);
			buffer_printf(out, "\n");
		}
	}
}

static int put_ebpf(const struct shown_list *list, struct buffer *out, struct err *err)
{
	struct patch_ebpf ebpf;
	int rc = patch_ebpf_compile(&ebpf, &list->compiled.program, PATCH_EBPF_PASS, err);

	if (rc < 0)
		return rc;
	patch_ebpf_describe(&ebpf, out);
	patch_ebpf_fini(&ebpf);
	return 0;
}

static int put_all(
	struct show *show, const struct shown_list *list, struct buffer *out, struct err *err)
{
	const bool with_fcs = show->common.with_fcs;
	size_t i;

	switch (show->format) {
	case FORMAT_TREE:
		put_trees(show, list, out);
		break;
	case FORMAT_JSON:
		put_json(show, list, out);
		break;
	case FORMAT_YAML:
		template_write(&list->templates[0], out);
		break;
	case FORMAT_EXPRESSION:
		put_expressions(list, out);
		break;
	case FORMAT_HEX:
		for (i = 0; i < list->count; i++)
			put_hex(&list->frames[i], with_fcs, out);
		break;
	case FORMAT_RAW:
		for (i = 0; i < list->count; i++)
			put_octets(&list->frames[i], with_fcs, out);
		break;
	case FORMAT_C:
		put_c(show, list, out);
		break;
	case FORMAT_RFC:
		put_rfc(show, list, out);
		break;
	case FORMAT_SVG:
		put_svg(show, list, out);
		break;
	case FORMAT_PROGRAM:
		patch_program_describe(&list->compiled.program, out);
		break;
	case FORMAT_EBPF:
		return put_ebpf(list, out, err);
	}
	return 0;
}

static int show_templates(struct show *show, struct buffer *out, struct err *err)
{
	struct shown_list list = { 0 };
	struct interface interface;
	struct resolver resolver = resolver_placeholder;
	int error = 0;

	if (show->format == FORMAT_RAW && isatty(STDOUT_FILENO))
		return err_input(err, NULL,
			"raw octets are not for a terminal; send them to a file or a pipe, or use "
			"--format hex");
	if (show->format == FORMAT_YAML && show->count + (show->common.expression_count > 0) > 1)
		return err_input(err, NULL, "--format yaml writes one template at a time");
	if (show->common.interface) {
		error = interface_read(show->common.interface, &interface, err);
		resolver = (struct resolver){ cli_resolve_known, &interface };
	}
	if (!error)
		error = build_all(show, &resolver, &list, err);
	if (!error)
		error = put_all(show, &list, out, err);
	return error;
}

int cmd_show(int argc, char **argv)
{
	struct show show = { .format = FORMAT_TREE };
	struct buffer out = { 0 };
	struct err err = { 0 };
	int status;

	common_init(&show.common);
	argp_parse(&cmd_show_argp, argc, argv, 0, NULL, &show);
	status = show_templates(&show, &out, &err) ? cli_fail(&err) : cli_print(&out);
	buffer_fini(&out);
	common_fini(&show.common);
	return status;
}
