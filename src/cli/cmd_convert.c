/* pktsmith convert: frames from one kind of file to another. */
#include "cli/convert.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_FROM = 0x200, KEY_TO, KEY_FCS, KEY_SPLIT };

const char *const convert_names[CONVERT_FORMATS] = {
	[CONVERT_YAML] = "yaml",
	[CONVERT_PCAP] = "pcap",
	[CONVERT_PCAPNG] = "pcapng",
	[CONVERT_HEX] = "hex",
	[CONVERT_RAW] = "raw",
};

/* clang-format off */
static const struct {
	const char *ending;
	enum convert_format format;
} endings[] = {
	{ ".yaml",   CONVERT_YAML },
	{ ".yml",    CONVERT_YAML },
	{ ".pcap",   CONVERT_PCAP },
	{ ".cap",    CONVERT_PCAP },
	{ ".pcapng", CONVERT_PCAPNG },
	{ ".hex",    CONVERT_HEX },
	{ ".raw",    CONVERT_RAW },
	{ ".bin",    CONVERT_RAW },
};
/* clang-format on */

/* ---- options ---- */

static const char *const written[] = { "yaml", "pcap", "hex", "raw" }; /* what OUT can be */

const struct choice cmd_convert_choices[] = {
	{ "from", convert_names, CONVERT_FORMATS },
	{ "to", written, sizeof(written) / sizeof(written[0]) },
	{ NULL, NULL, 0 },
};

static const struct argp_option options[] = {
	{ "from", KEY_FROM, "FORMAT", 0,
		"what IN is, whatever its name: yaml, pcap, pcapng, hex, raw", 0 },
	{ "to", KEY_TO, "FORMAT", 0, "what OUT is to be: yaml, pcap, hex, raw", 0 },
	{ "fcs", KEY_FCS, NULL, 0, "the frames of IN end with their FCS", 0 },
	{ "split", KEY_SPLIT, NULL, 0, "write a template a frame: OUT-1.yaml, OUT-2.yaml, ...", 0 },
	{ 0 },
};

static const struct argp_child children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_template, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
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
		common_children(state, 4, &convert->common);
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
	.doc = "Convert frames between templates (.yaml), captures (.pcap, .cap; .pcapng is read), "
	       "hex "
	       "text (.hex, a frame a line) and raw octets (.raw, .bin, one frame)."
	       "\vA captured frame becomes a template that builds the same octets. The FCS is left "
	       "out, "
	       "unless --with-fcs asks for it. OUT appears when it is complete.",
	.children = children,
};

/* ---- formats ---- */

/* By the name's ending; CONVERT_FORMATS where it tells nothing. */
static enum convert_format format_of(const char *name)
{
	size_t length = strlen(name);
	size_t i;

	for (i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t ending = strlen(endings[i].ending);

		if (length > ending && !strcasecmp(name + length - ending, endings[i].ending))
			return endings[i].format;
	}
	return CONVERT_FORMATS;
}

static int unknown_format(const char *name, const char *option, struct err *err)
{
	if (!strcmp(name, "-"))
		return err_input(err, NULL, "`-' does not tell what it is; say %s FORMAT", option);
	return err_input(err, NULL,
		"%s: the ending tells no format (.yaml, .pcap, .hex, .raw, ...); say %s FORMAT",
		name, option);
}

static int choose_formats(struct convert *convert, struct err *err)
{
	if (convert->from == CONVERT_FORMATS)
		convert->from = format_of(convert->in);
	if (convert->to == CONVERT_FORMATS)
		convert->to = format_of(convert->out);
	/* A bare word that is no file is the name of an installed template. */
	if (convert->from == CONVERT_FORMATS && strcmp(convert->in, "-") != 0 &&
		!strchr(convert->in, '/') && access(convert->in, F_OK))
		convert->from = CONVERT_YAML;
	if (convert->from == CONVERT_FORMATS)
		return unknown_format(convert->in, "--from", err);
	if (convert->to == CONVERT_FORMATS)
		return unknown_format(convert->out, "--to", err);
	return 0;
}

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return !stat(a, &x) && !stat(b, &y) && S_ISREG(x.st_mode) && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int check_usage(const struct convert *convert, struct err *err)
{
	const struct common *common = &convert->common;

	if (convert->to == CONVERT_PCAPNG)
		return err_input(err, NULL,
			"pcapng is read, not written; write .pcap, then: editcap -F pcapng IN.pcap "
			"OUT.pcapng");
	if (convert->from == CONVERT_YAML && convert->to == CONVERT_YAML)
		return err_input(err, NULL,
			"IN and OUT are both templates; `pktsmith show --format yaml' writes one "
			"with its values filled in");
	if (convert->from != CONVERT_YAML &&
		(common->define_count || common->set_count || common->interface))
		return err_input(err, NULL, "-D, -s and -i are for templates, and %s is %s",
			convert->in, convert_names[convert->from]);
	if (convert->split && (convert->to != CONVERT_YAML || !strcmp(convert->out, "-")))
		return err_input(
			err, NULL, "--split writes templates: OUT is a name such as out.yaml");
	if (same_file(convert->in, convert->out))
		return err_input(err, NULL, "IN and OUT are the same file: %s", convert->in);
	if (convert->to != CONVERT_HEX && convert->to != CONVERT_YAML &&
		!strcmp(convert->out, "-") && isatty(STDOUT_FILENO))
		return err_input(err, NULL, "%s is not for a terminal; give OUT a name",
			convert_names[convert->to]);
	return 0;
}

/* ---- the run ---- */

struct totals {
	uint64_t frames;
	uint64_t cut; /* of them, by a snap length */
	bool placeholder;
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
	return status ? status : convert_sink_finish(sink, err);
}

static int convert_all(struct convert *convert, struct totals *totals, struct err *err)
{
	struct convert_source *source = NULL;
	struct convert_sink *sink = NULL;
	int error;

	error = choose_formats(convert, err);
	if (!error)
		error = check_usage(convert, err);
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
	if (totals->cut && convert->to != CONVERT_PCAP)
		fprintf(stderr,
			"pktsmith: note: %" PRIu64
			" of the frames were cut when they were captured, "
			"and stay cut\n",
			totals->cut);
}

static void put_report(
	const struct convert *convert, const struct totals *totals, struct buffer *out)
{
	struct json *json;

	if (!convert->common.json && !convert->common.jsonl) {
		buffer_printf(out, "%s: %" PRIu64 " frame%s\n", convert->out, totals->frames,
			totals->frames == 1 ? "" : "s");
		return;
	}
	json = json_object();
	json_set(json, "type", json_text("report"));
	json_set(json, "in", json_text(convert->in));
	json_set(json, "out", json_text(convert->out));
	json_set(json, "frames", json_number(totals->frames));
	json_set(json, "frames_cut", json_number(totals->cut));
	json_set(json, "placeholders", json_bool(totals->placeholder));
	json_print(json, convert->common.json, out);
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
