/* The options of the command capture. */
#include "cli/capture/options.h"

#include <string.h>

enum {
	KEY_READ = 'r',
	KEY_ROTATE = 0x100,
	KEY_SNAPLEN,
	KEY_DIRECTION,
	KEY_PROMISCUOUS,
	KEY_FCS,
	KEY_JSON
};

static const char *const directions[] = { "both", "in", "out" };

const struct choice capture_choices[] = {
	{ "direction", directions, sizeof(directions) / sizeof(directions[0]) },
	{ NULL, NULL, 0 },
};

/* clang-format off */
static const struct argp_option option_rows[] = {
	{ "read", KEY_READ, "FILE", 0, "read a pcap or pcapng file instead of an interface; - is standard input", 0 },
	{ "write", 'w', "FILE", 0, "keep the frames in a pcap file, pcapng where it ends in .pcapng; printed then only with -v or -x", 0 },
	{ "rotate", KEY_ROTATE, "LIMIT", 0, "begin a new file after 100MB or 60s: out.pcap becomes out-00001.pcap, ...", 0 },
	{ "count", 'n', "N", 0, "stop after N frames; 0, the default, is endless", 0 },
	{ "duration", 'd', "TIME", 0, "stop after it: 10s", 0 },
	{ "hex", 'x', NULL, 0, "print each frame's octets", 0 },
	{ "snaplen", KEY_SNAPLEN, "N", 0, "keep at most N octets of a frame", 0 },
	{ "direction", KEY_DIRECTION, "WHICH", 0, "in, out or both (the default)", 0 },
	{ "promiscuous", KEY_PROMISCUOUS, NULL, 0, "take frames for other stations, too", 0 },
	{ "fcs", KEY_FCS, NULL, 0, "the frames end in their FCS (see scripts/nic-setup.sh IF raw-fcs)", 0 },
	/* Refused by its own words: else it would be taken for an abbreviation of --jsonl. */
	{ "json", KEY_JSON, NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ 0 },
};

/* "60s" is a time and "100MB" a size: by the last letter. */
static struct capture_rotation rotation_parse(struct argp_state *state, const char *text)
{
	struct capture_rotation rotation = { 0 };
	size_t length = strlen(text);

	if (length && strchr("smh", text[length - 1]))
		rotation.duration_ns = common_duration(state, "--rotate", text);
	else
		rotation.octets = common_size(state, "--rotate", text);
	if (!rotation.duration_ns && !rotation.octets)
		argp_error(state, "--rotate %s: must be more than 0", text);
	return rotation;
}

static void check(struct argp_state *state, const struct capture_options *capture)
{
	const struct common *common = &capture->common;
	bool rotates = capture->rotation.octets || capture->rotation.duration_ns;

	if (!common->interface == !capture->read)
		argp_error(state, "needs -i IF to capture on, or --read FILE: one of them");
	if (rotates && (!capture->write || !strcmp(capture->write, "-")))
		argp_error(state, "--rotate needs -w FILE");
	if (capture->write && !strcmp(capture->write, "-") &&
		(common->jsonl || common->verbose || capture->hexdump))
		argp_error(
			state, "-w - is the capture file on standard output: print nothing there");
	if (capture->read && capture->live_only)
		argp_error(state, "--direction, --promiscuous, --snaplen and -d are for -i IF");
}

static error_t parse_live(
	int key, char *arg, struct argp_state *state, struct capture_options *capture)
{
	uint64_t number;

	switch (key) {
	case 'd':
		capture->duration_ns = common_duration(state, "--duration", arg);
		if (!capture->duration_ns)
			argp_error(state, "--duration %s: must be more than 0", arg);
		break;
	case KEY_SNAPLEN:
		number = common_number(state, "--snaplen", arg);
		if (!number || number > PCAPFILE_FRAME_MAX)
			argp_error(state, "--snaplen %s: must be 1 to %u", arg, PCAPFILE_FRAME_MAX);
		capture->snaplen = (unsigned int)number;
		break;
	case KEY_DIRECTION:
		capture->direction = (enum capture_direction)common_choice(state, "--direction",
			arg, directions, sizeof(directions) / sizeof(directions[0]));
		break;
	case KEY_PROMISCUOUS:
		capture->promiscuous = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	capture->live_only = true;
	return 0;
}

/* The filter's words, with blanks between them. */
static const char *filter_join(struct argp_state *state, struct capture_options *capture)
{
	struct buffer filter = { 0 };
	const char *joined;

	for (int i = state->next; i < state->argc; i++)
		buffer_printf(&filter, "%s%s", i > state->next ? " " : "", state->argv[i]);
	joined = arena_strndup(&capture->common.arena, buffer_text(&filter), filter.length);
	buffer_fini(&filter);
	return joined;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct capture_options *capture = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 3, &capture->common);
		return 0;
	case KEY_READ:
		capture->read = arg;
		return 0;
	case 'w':
		capture->write = arg;
		return 0;
	case KEY_ROTATE:
		capture->rotation = rotation_parse(state, arg);
		return 0;
	case 'n':
		capture->count = common_number(state, "--count", arg);
		return 0;
	case 'x':
		capture->hexdump = true;
		return 0;
	case KEY_FCS:
		capture->fcs = true;
		return 0;
	case KEY_JSON:
		argp_error(state, "a capture streams: use --jsonl, one object a line");
		return 0;
	case ARGP_KEY_ARGS:
		capture->filter = filter_join(state, capture);
		return 0;
	case ARGP_KEY_END:
		check(state, capture);
		return 0;
	default:
		return parse_live(key, arg, state, capture);
	}
}

const struct argp capture_argp = {
	.options = option_rows,
	.parser = parse,
	.args_doc = "[FILTER...]",
	.doc = "Capture frames and print one line each: the time of day and what it is. FILTER is "
	       "that of pcap-filter(7): udp port 53."
	       "\v-v prints every field, -x the octets. At the end: what was received, and what "
	       "was dropped for want of room.",
	.children = children,
};
