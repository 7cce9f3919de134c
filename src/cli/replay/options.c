/* The options of the command replay. */
#include "cli/replay/replay.h"

#include "cli/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	KEY_SPEED = 0x100,
	KEY_LOOP,
	KEY_LIMIT,
	KEY_FILTER,
	KEY_MAP,
	KEY_FIX_CHECKSUMS,
	KEY_SERVER_INTERFACE,
	KEY_CLIENT,
	KEY_CUT,
	KEY_FCS,
	KEY_FILE_FCS,
	KEY_STREAM,
	KEY_GAP,
	KEY_REPORT,
	KEY_DRY_RUN,
};

static const char *const cuts[] = { "refuse", "send", "skip" };

const struct choice replay_choices[] = {
	{ "cut", cuts, sizeof(cuts) / sizeof(cuts[0]) },
	{ "fcs", fcs_way_names, FCS_WAYS },
	{ NULL, NULL, 0 },
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "speed", KEY_SPEED, "FACTOR", 0, "the capture's times so much faster: 2x, 0.5x; 1x is the default", 0 },
	{ "rate", 'r', "RATE", 0, "instead of the capture's times: 10kpps, 100Mbps, 1Gbps-wire, 1kpps..100kpps/10s, or max", 0 },
	{ "gap", KEY_GAP, "KIND", 0, "of -r: cbr (the default), poisson or burst:N", 0 },
	{ "loop", KEY_LOOP, "N", 0, "N passes through the file; 0 is endless", 0 },
	{ "limit", KEY_LIMIT, "N", 0, "the first N frames of the file", 0 },
	{ "filter", KEY_FILTER, "FILTER", 0, "only these frames of the file: pcap-filter(7)", 0 },
	{ "count", 'n', "N", 0, "stop after N frames, of all passes", 0 },
	{ "duration", 'd', "TIME", 0, "stop after it: 10s", 0 },
	{ "set", 's', "LAYER.FIELD=VALUE", 0, "give the field this value in every frame that has it", 0 },
	{ "map", KEY_MAP, "FROM=TO", 0, "change ports, MACs, addresses or prefixes wherever they stand: 10.0.0.0/8=192.168.0.0/8, 80=8080", 0 },
	{ "fix-checksums", KEY_FIX_CHECKSUMS, NULL, 0, "make wrong and unfinished checksums right, too", 0 },
	{ "server-interface", KEY_SERVER_INTERFACE, "IF", 0, "frames that --client does not take leave here", 0 },
	{ "client", KEY_CLIENT, "FILTER", 0, "which frames are the client's, and leave by -i: pcap-filter(7)", 0 },
	{ "cut", KEY_CUT, "WHAT", 0, "frames cut by a snap length: refuse (the default), send what is there, or skip", 0 },
	{ "fcs", KEY_FCS, "WAY", 0, "nic: the device appends its own (the default); replace: the file's goes out instead, or the right one "
		"where it has none; append: four octets after the payload", 0 },
	{ "file-fcs", KEY_FILE_FCS, NULL, 0, "the file's frames end in their FCS, though it does not say so", 0 },
	{ "stream", KEY_STREAM, NULL, 0, "read the file as it goes, instead of into memory before", 0 },
	{ "write", 'w', "FILE", 0, "keep a copy of what was sent in a pcap file, pcapng where it ends in .pcapng; without -i, replay into the file only", 0 },
	{ "report", KEY_REPORT, "FILE", 0, "write a page of HTML: what left, rates over time, the gaps asked for and achieved", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "do all but the sending", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_seed, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ &common_argp_json, 0, NULL, 0 },
	{ &transmit_argp, 0, NULL, 0 },
	{ 0 },
};

static double speed_read(struct argp_state *state, const char *text)
{
	char *end;
	double speed = strtod(text, &end);

	if (end == text || (*end && strcmp(end, "x") != 0) || !isfinite(speed) || speed <= 0)
		argp_error(state,
			"--speed %s: wants a factor above 0, as in 2x or 0.5x; -r max is as fast "
			"as it goes",
			text);
	return speed;
}

static const char **append(
	struct common *common, const char **list, size_t *count, const char *text)
{
	const char **longer = arena_alloc(&common->arena, (*count + 1) * sizeof(*longer));

	if (*count)
		memcpy(longer, list, *count * sizeof(*longer));
	longer[(*count)++] = text;
	return longer;
}

static void check_sides(struct argp_state *state, const struct replay_options *replay)
{
	if (!replay->server_interface != !replay->client)
		argp_error(state, "--server-interface and --client go together: which frames leave "
				  "by -i, and where the others do");
	if (replay->server_interface && !replay->common.interface)
		argp_error(state, "--server-interface needs -i IF: the client's side");
	if (replay->server_interface && replay->transmit.threads > 1)
		argp_error(state, "--server-interface keeps the order of both sides: it goes with "
				  "one thread");
}

static void check(struct argp_state *state, const struct replay_options *replay)
{
	const struct common *common = &replay->common;

	if (!common->interface && !replay->write)
		argp_error(state, "needs -i IF to send on (there is no default), or -w FILE to "
				  "replay into a file");
	if (replay->write && !strcmp(replay->write, "-") && (common->json || common->jsonl))
		argp_error(state, "-w - and --json both want standard output");
	page_check(state, replay->report, replay->write, common->json || common->jsonl);
	if (replay->rated && replay->config.speed != 1)
		argp_error(state, "--speed and --rate both say how fast: give one of them");
	if (replay->gapped && !replay->rated)
		argp_error(state, "--gap spreads the frames of a rate: give -r");
	if (!replay->file)
		argp_error(state, "wants a FILE: a capture, or `-'");
	else if (!strcmp(replay->file, "-") && replay->config.loops != 1)
		argp_error(state, "--loop: standard input can be read but once");
	if (replay->stream && replay->transmit.threads > 1)
		argp_error(state, "--stream reads in order: it goes with one thread");
	check_sides(state, replay);
	transmit_check_end(state, &replay->transmit, common->interface, replay->write,
		!replay->config.loops && !replay->counted && !replay->duration_ns);
	transmit_check(state, &replay->transmit, common->interface, replay->write);
}

/* Which frames of the file, and what is changed in them. */
static error_t parse_frames(int key, char *arg, struct argp_state *state)
{
	struct replay_options *replay = state->input;
	struct common *common = &replay->common;

	switch (key) {
	case KEY_LIMIT:
		replay->config.limit = common_number(state, "--limit", arg);
		if (!replay->config.limit)
			argp_error(state, "--limit 0: at least 1 frame");
		return 0;
	case KEY_FILTER:
		replay->config.filter = arg;
		return 0;
	case 's':
		common->sets = append(common, common->sets, &common->set_count, arg);
		return 0;
	case KEY_MAP:
		replay->maps = append(common, replay->maps, &replay->map_count, arg);
		return 0;
	case KEY_FIX_CHECKSUMS:
		replay->config.repair = true;
		return 0;
	case KEY_CUT:
		replay->config.cut = (enum replay_cut)common_choice(
			state, "--cut", arg, cuts, sizeof(cuts) / sizeof(cuts[0]));
		return 0;
	case KEY_FCS:
		replay->config.fcs =
			(enum fcs_way)common_choice(state, "--fcs", arg, fcs_way_names, FCS_WAYS);
		return 0;
	case KEY_FILE_FCS:
		replay->config.in_fcs = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* How fast and how long. */
static error_t parse_pace(int key, char *arg, struct argp_state *state)
{
	struct replay_options *replay = state->input;

	switch (key) {
	case KEY_SPEED:
		replay->config.speed = speed_read(state, arg);
		return 0;
	case 'r':
		replay->pace.rate = transmit_ramp(state, "--rate", arg);
		replay->rated = true;
		return 0;
	case KEY_GAP:
		transmit_gap(state, arg, &replay->pace);
		replay->gapped = true;
		return 0;
	case KEY_LOOP:
		replay->config.loops = common_number(state, "--loop", arg);
		return 0;
	case 'n':
		replay->count = common_number(state, "--count", arg);
		if (!replay->count)
			argp_error(state, "--count 0: at least 1 frame; --loop 0 is endless");
		replay->counted = true;
		return 0;
	case 'd':
		replay->duration_ns = common_duration(state, "--duration", arg);
		if (!replay->duration_ns)
			argp_error(state, "--duration %s: must be more than 0", arg);
		return 0;
	default:
		return parse_frames(key, arg, state);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct replay_options *replay = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 4, &replay->common);
		transmit_child(state, children, &replay->transmit);
		return 0;
	case KEY_SERVER_INTERFACE:
		replay->server_interface = arg;
		return 0;
	case KEY_CLIENT:
		replay->client = arg;
		return 0;
	case KEY_STREAM:
		replay->stream = true;
		return 0;
	case 'w':
		replay->write = arg;
		return 0;
	case KEY_REPORT:
		replay->report = arg;
		return 0;
	case KEY_DRY_RUN:
		replay->dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		if (replay->file)
			argp_error(state, "one FILE at a time: mergecap(1) makes one of several");
		replay->file = arg;
		return 0;
	case ARGP_KEY_END:
		check(state, replay);
		return 0;
	default:
		return parse_pace(key, arg, state);
	}
}

const struct argp replay_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "FILE",
	.doc = "Send the frames of a capture file again, with the times between them, and tell "
	       "what "
	       "truly left. FILE is pcap or pcapng, also packed by gzip or zstd."
	       "\vExit status: 0 all left; 1 some did not (link down, over the MTU, interface "
	       "removed); 2 the command line or the file is wrong; 3 the system refused.",
	.children = children,
};
