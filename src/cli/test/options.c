/* The options of the command test. */
#include "cli/test/options.h"

#include <string.h>

enum { KEY_FORMAT = 0x100, KEY_TAP, KEY_JUNIT, KEY_DRY_RUN };

static const char *const formats[] = { "human", "tap", "junit" };

const struct choice test_choices[] = {
	{ "format", formats, sizeof(formats) / sizeof(formats[0]) },
	{ NULL, NULL, 0 },
};

/* clang-format off */
static const struct argp_option option_rows[] = {
	{ "format", KEY_FORMAT, "FORMAT", 0, "human (the default), tap or junit (XML)", 0 },
	{ "tap", KEY_TAP, NULL, 0, "the same as --format tap", 0 },
	{ "junit", KEY_JUNIT, "FILE", 0, "write JUnit XML to FILE, whatever is printed", 0 },
	{ "write", 'w', "FILE", 0, "keep all frames, sent and arrived, in a pcap file, pcapng where it ends in .pcapng", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "read the scripts, build their frames and print the steps; send nothing", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_define, 0, NULL, 0 },
	{ &common_argp_seed, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ 0 },
};

static void check(struct argp_state *state, const struct test_options *test)
{
	const struct common *common = &test->common;

	if (!test->script_count)
		argp_error(state, "wants a SCRIPT: a file, - for standard input, or a name that "
				  "`pktsmith list --tests' shows");
	if ((common->json || common->jsonl) && test->format != TEST_HUMAN)
		argp_error(state, "--format and --json exclude each other");
	if (test->junit && !strcmp(test->junit, "-"))
		argp_error(state, "--junit -: --format junit prints it");
	if (test->write && !strcmp(test->write, "-"))
		argp_error(state, "-w -: standard output is the report's; give a FILE");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct test_options *test = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 6, &test->common);
		return 0;
	case KEY_FORMAT:
		test->format = (enum test_format)common_choice(
			state, "--format", arg, formats, sizeof(formats) / sizeof(formats[0]));
		return 0;
	case KEY_TAP:
		test->format = TEST_TAP;
		return 0;
	case KEY_JUNIT:
		test->junit = arg;
		return 0;
	case 'w':
		test->write = arg;
		return 0;
	case KEY_DRY_RUN:
		test->dry_run = true;
		return 0;
	case ARGP_KEY_ARGS:
		test->scripts = state->argv + state->next;
		test->script_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_END:
		check(state, test);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp test_argp = {
	.options = option_rows,
	.parser = parse,
	.args_doc = "SCRIPT...",
	.doc = "Play exchange scripts: send frames, and see whether what is expected comes of "
	       "them. "
	       "`interface: lab' in a script makes a wire with the kernel's stack at its other "
	       "end, "
	       "which is gone afterwards; else it is played on an interface that is there."
	       "\vExamples:\n"
	       "  pktsmith test ping                       one of `pktsmith list --tests'\n"
	       "  pktsmith test my/*.yaml --junit out.xml  in CI\n"
	       "  pktsmith test dhcp.yaml -i eth1 -v       against a device under test\n"
	       "  pktsmith test --dry-run syn.yaml         what it would do, without privileges\n\n"
	       "Exit status: 0 all passed, 1 one failed, 2 a script is wrong, 3 the system "
	       "refused.",
	.children = children,
};
