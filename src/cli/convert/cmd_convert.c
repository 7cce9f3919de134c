/* pktsmith convert: frames from one kind of file to another. */
#include "cli/convert/convert.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_FROM = 0x200, KEY_TO, KEY_FCS, KEY_SPLIT };

/* ---- options ---- */

const struct choice cmd_convert_choices[] = {
	{ "from", convert_names, CONVERT_FORMATS },
	{ "to", convert_names, CONVERT_FORMATS },
	{ NULL, NULL, 0 },
};

static const struct argp_option options[] = {
	{ "from", KEY_FROM, "FORMAT", 0,
		"what IN is, whatever its name: yaml, pcap, pcapng, hex, raw", 0 },
	{ "to", KEY_TO, "FORMAT", 0, "what OUT is to be, whatever its name", 0 },
	{ "fcs", KEY_FCS, NULL, 0, "the frames of IN end with their FCS", 0 },
	{ "count", 'n', "N", 0,
		"the first N frames of the run that send would make of a template whose values "
		"vary; else each of its frames is written once",
		0 },
	{ "split", KEY_SPLIT, NULL, 0, "write a template a frame: OUT-1.yaml, OUT-2.yaml, ...", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &common_argp_templates, 0, NULL, 0 },
	{ 0 },
};

static enum convert_format format_option(
	struct argp_state *state, const char *option, const char *arg)
{
	return (enum convert_format)common_choice(
		state, option, arg, convert_names, CONVERT_FORMATS);
}

static error_t take_argument(struct convert *convert, char *arg, struct argp_state *state)
{
	if (convert->out)
		argp_error(state, "wants IN and OUT, no more");
	else if (convert->in)
		convert->out = arg;
	else
		convert->in = arg;
	return 0;
}

/* -e stands in the place of IN. */
static void take_expressions(struct convert *convert, const struct argp_state *state)
{
	if (!convert->common.expression_count)
		return;
	if (convert->out)
		argp_error(state, "-e stands in the place of IN: give OUT alone");
	convert->out = convert->in;
	convert->in = "-e";
	convert->from = CONVERT_YAML;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct convert *convert = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 1, &convert->common);
		return 0;
	case KEY_FROM:
		convert->from = format_option(state, "--from", arg);
		return 0;
	case KEY_TO:
		convert->to = format_option(state, "--to", arg);
		return 0;
	case KEY_FCS:
		convert->in_fcs = true;
		return 0;
	case 'n':
		convert->count = common_number(state, "-n", arg);
		if (!convert->count)
			argp_error(state, "-n 0: wants at least 1");
		return 0;
	case KEY_SPLIT:
		convert->split = true;
		return 0;
	case ARGP_KEY_ARG:
		return take_argument(convert, arg, state);
	case ARGP_KEY_END:
		take_expressions(convert, state);
		if (!convert->out)
			argp_error(
				state, "wants IN and OUT: two files, or `-' with --from or --to");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp cmd_convert_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "IN OUT",
	.doc = "Convert frames between templates (.yaml), captures (.pcap, .cap, .pcapng; read "
	       "also when packed: .gz, .zst), hex text (.hex, a frame a line) and raw octets "
	       "(.raw, .bin, one frame)."
	       "\vA captured frame becomes a template that builds the same octets. The FCS is left "
	       "out, unless --with-fcs asks for it. A capture is known by its first octets where "
	       "the name of IN does not tell. OUT appears when it is complete.",
	.children = children,
};

/* ---- the run ---- */

struct totals {
	uint64_t frames;
	uint64_t cut; /* of them, by a snap length */
	bool placeholder, varies;
};

static int run(struct convert_source *source, struct convert_sink *sink, struct totals *totals,
	struct err *err)
{
	struct convert_frame frame;
	int status;

	while (!cli_stop && (status = convert_source_next(source, &frame, err)) > 0) {
		status = convert_sink_put(sink, &frame, err);
		if (status)
			return status;
		totals->frames++;
		totals->cut += frame.missing > 0;
	}
	if (cli_stop)
		return err_result(err, "stopped by a signal; nothing was written");
	totals->placeholder = convert_source_placeholder(source);
	totals->varies = convert_source_varies(source);
	return status ? status : convert_sink_finish(sink, err);
}

static int convert_all(struct convert *convert, struct totals *totals, struct err *err)
{
	struct convert_source *source = NULL;
	struct convert_sink *sink = NULL;
	int error;

	error = convert_check(convert, err);
	if (error)
		return error;
	cli_catch_signals();
	error = convert_source_open(&source, convert, err);
	if (!error)
		error = convert_sink_open(&sink, convert, err);
	if (!error)
		error = run(source, sink, totals, err);
	convert_sink_close(sink);
	convert_source_close(source);
	return error;
}

/* ---- the report ---- */

static void put_notes(const struct convert *convert, const struct totals *totals)
{
	if (totals->placeholder)
		fprintf(stderr, "pktsmith: note: some values stand for an interface's; -i IF puts "
				"those in\n");
	if (totals->varies && !convert->count)
		fprintf(stderr,
			"pktsmith: note: values vary from frame to frame: each frame was written "
			"once, as it is first; -n N writes N frames of the run\n");
	if (totals->cut && convert->to != CONVERT_PCAP && convert->to != CONVERT_PCAPNG)
		fprintf(stderr,
			"pktsmith: note: %" PRIu64 " of the frames %s cut when captured, and "
			"stay%s cut\n",
			totals->cut, totals->cut == 1 ? "was" : "were",
			totals->cut == 1 ? "s" : "");
}

/* The name of the first or last file that was written; to be freed. */
static char *file_name(const struct convert *convert, uint64_t number)
{
	char *name =
		convert->split ? convert_split_name(convert->out, number) : strdup(convert->out);

	if (!name)
		abort();
	return name;
}

static void put_report(
	const struct convert *convert, const struct totals *totals, struct buffer *out)
{
	uint64_t files = convert->split ? totals->frames : 1;
	char *first = file_name(convert, 1);
	char *last = file_name(convert, files);
	struct json *json;

	if (!convert->common.json && !convert->common.jsonl) {
		buffer_printf(out, "%s%s%s: %" PRIu64 " frame%s\n", first, files > 1 ? " to " : "",
			files > 1 ? last : "", totals->frames, totals->frames == 1 ? "" : "s");
	} else {
		json = json_object();
		json_set(json, "type", json_text("report"));
		json_set(json, "in", json_text(convert->in));
		json_set(json, "out", json_text(convert->out));
		json_set(json, "files", json_number(files));
		json_set(json, "first_file", json_text(first));
		json_set(json, "last_file", json_text(last));
		json_set(json, "frames_written", json_number(totals->frames));
		json_set(json, "frames_cut", json_number(totals->cut));
		json_set(json, "has_placeholders", json_bool(totals->placeholder));
		json_set(json, "values_vary", json_bool(totals->varies));
		json_print(json, convert->common.json, out);
	}
	free(first);
	free(last);
}

/* Where the frames go to standard output, nothing else does. */
static int report(const struct convert *convert, const struct totals *totals)
{
	bool json = convert->common.json || convert->common.jsonl;
	struct buffer out = { 0 };
	int status = EXIT_DONE;

	if (!convert->common.quiet)
		put_notes(convert, totals);
	if ((json || !convert->common.quiet) && strcmp(convert->out, "-") != 0) {
		put_report(convert, totals, &out);
		status = cli_print(&out);
		buffer_fini(&out);
	}
	return status;
}

int cmd_convert(int argc, char **argv)
{
	struct convert convert = { .from = CONVERT_FORMATS, .to = CONVERT_FORMATS };
	struct totals totals = { 0 };
	struct err err = { 0 };
	int status;

	common_init(&convert.common);
	argp_parse(&cmd_convert_argp, argc, argv, 0, NULL, &convert);
	if (convert_all(&convert, &totals, &err))
		status = cli_fail(&err);
	else
		status = report(&convert, &totals);
	common_fini(&convert.common);
	return status;
}
