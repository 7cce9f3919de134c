/* The options of the command respond. */
#include "cli/respond/respond.h"

#include <string.h>

enum { KEY_ECHO = 0x100, KEY_BACKEND, KEY_TIMEOUT, KEY_DRY_RUN };

static const char *const backends[] = { "auto", "packet", "xdp" };
static const char *const echoes[] = { "same", "swap" };

const struct choice respond_choices[] = {
	{ "backend", backends, sizeof(backends) / sizeof(backends[0]) },
	{ "echo", echoes, sizeof(echoes) / sizeof(echoes[0]) },
	{ NULL, NULL, 0 },
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "echo", KEY_ECHO, "HOW", OPTION_ARG_OPTIONAL, "instead of templates: return each frame as received (same, the default), or with its MACs swapped (swap), as a switch wants it; wants -r", 0 },
	{ "count", 'n', "N", 0, "end after N answers; without it there is no end", 0 },
	{ "duration", 'd', "TIME", 0, "end after it: 10s", 0 },
	{ "timeout", KEY_TIMEOUT, "TIME", 0, "end after so long without an answer", 0 },
	{ "rate", 'r', "RATE", 0, "answer at most so many frames a second (10kpps), or max: the rest is counted and not answered", 0 },
	{ "backend", KEY_BACKEND, "NAME", 0, "packet (the default, auto, too) takes and sends frames by packet sockets; xdp has the driver turn them around, where the template allows", 0 },
	{ "write", 'w', "FILE", 0, "keep the answers that were sent in a pcap file; by packet sockets alone", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "say what would be answered, and how; answers nothing", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_templates, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ 0 },
};

static void take_rate(struct argp_state *state, struct respond_options *respond, const char *arg)
{
	const struct text_rate rate = common_rate(state, "-r", arg);

	respond->rated = true;
	respond->unlimited = rate.unit == TEXT_RATE_MAX;
	if (respond->unlimited)
		return;
	if (rate.unit != TEXT_RATE_FRAMES)
		argp_error(
			state, "-r %s: a rate of answers is wanted, such as 10kpps, or max", arg);
	respond->rate = rate.value;
}

static void check(struct argp_state *state, const struct respond_options *respond)
{
	const struct common *common = &respond->common;

	if (!common->interface && !respond->dry_run)
		argp_error(state, "needs -i IF: the interface on which it answers");
	if (common->expression_count)
		argp_error(state, "-e is a frame to send; a responder is a file with a request and "
				  "an answer");
	if (respond->echo && common->template_count)
		argp_error(state, "--echo answers every frame: it goes without templates");
	if (!respond->echo && !common->template_count)
		argp_error(state, "wants a TEMPLATE: a responder's file, or a name that `pktsmith "
				  "list respond' shows; or --echo");
	if (respond->echo && !respond->rated)
		argp_error(state, "--echo wants -r RATE: two that echo send a frame to and fro "
				  "without an end, as fast as they can (-r max allows it)");
	if (respond->write && !strcmp(respond->write, "-") &&
		(common->json || common->jsonl || common->verbose))
		argp_error(state, "-w - wants standard output, and so do --json, --jsonl and -v");
	if (common->with_fcs)
		argp_error(state, "--with-fcs: the device makes the FCS of an answer; it is for "
				  "send");
	if (respond->backend == RESPOND_XDP && respond->echo)
		argp_error(state, "--echo is done by packet sockets: it does not go with "
				  "--backend xdp");
	if (respond->backend == RESPOND_XDP && respond->write)
		argp_error(state, "-w keeps what packet sockets send: it does not go with "
				  "--backend xdp");
	if (respond->backend == RESPOND_XDP && respond->rate > 0)
		argp_error(state, "-r counts frames one by one: it does not go with --backend xdp");
}

static uint64_t positive(struct argp_state *state, const char *option, uint64_t value)
{
	if (!value)
		argp_error(state, "%s: must be more than 0", option);
	return value;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct respond_options *respond = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &respond->common);
		return 0;
	case ARGP_KEY_END:
		check(state, respond);
		return 0;
	case KEY_ECHO:
		respond->echo = RESPOND_ECHO_SAME;
		if (arg)
			respond->echo += common_choice(
				state, "--echo", arg, echoes, sizeof(echoes) / sizeof(echoes[0]));
		return 0;
	case KEY_BACKEND:
		respond->backend = (enum respond_backend)common_choice(
			state, "--backend", arg, backends, sizeof(backends) / sizeof(backends[0]));
		return 0;
	case 'n':
		respond->count = positive(state, "-n", common_number(state, "-n", arg));
		return 0;
	case 'd':
		respond->duration_ns =
			positive(state, "--duration", common_duration(state, "--duration", arg));
		return 0;
	case KEY_TIMEOUT:
		respond->timeout_ns =
			positive(state, "--timeout", common_duration(state, "--timeout", arg));
		return 0;
	case 'r':
		take_rate(state, respond, arg);
		return 0;
	case 'w':
		respond->write = arg;
		return 0;
	case KEY_DRY_RUN:
		respond->dry_run = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp respond_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TEMPLATE... -i IF\n--echo -r RATE -i IF",
	.doc = "Answer the frames that arrive, as responders say: a pattern of the request, and "
	       "the "
	       "answer made of it. The first rule that fits answers."
	       "\vExamples:\n"
	       "  pktsmith respond arp-prefix ping-echo -i veth0 -D prefix=10.9.0.0/24\n"
	       "  pktsmith respond dns-list -i veth0 -n 1 -v\n"
	       "  pktsmith respond --echo=swap -r 10kpps -i veth0\n\n"
	       "The kernel goes on to answer for its own addresses. Frames from a group's MAC, or "
	       "from one that answers come from, are never answered. Exit status 1 says that fewer "
	       "than -n answers were sent, that --timeout passed without one, or that some could "
	       "not be sent.",
	.children = children,
};
