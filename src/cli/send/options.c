/* The options of the command send. */
#include "cli/send/send.h"

#include <string.h>

enum {
	KEY_VERIFY = 0x100,
	KEY_RX,
	KEY_RX_NETNS,
};

const struct choice send_choices[] = {
	{ "fcs", send_fcs_requests, SEND_FCS_REQUESTS },
	{ "gap", send_gaps, SEND_GAPS },
	{ NULL, NULL, 0 },
};

/* clang-format off */
static const struct argp_option options[] = {
	{ "count", 'n', "N", 0, "frames, over all templates; one pass through them unless given; 0 is endless", 0 },
	{ "rate", 'r', "RATE", 0, "10kpps, 100Mbps (the octets without FCS), 1Gbps-wire (with preamble, FCS and gap) or max, "
		"the default; 1kpps..100kpps/10s climbs, and is the duration too where none is given", 0 },
	{ "interval", SEND_KEY_INTERVAL, "TIME", 0, "from one frame to the next, instead of -r: 10ms", 0 },
	{ "gap", SEND_KEY_GAP, "SHAPE", 0, "cbr: even gaps; poisson: random ones of that mean, by --seed; burst:N: N frames at once, "
		"then the time that they take at the rate", 0 },
	{ "duration", 'd', "TIME", 0, "stop after it: 10s; without -n the templates repeat until then", 0 },
	{ "fcs", SEND_KEY_FCS, "WAY", 0, "nic: the device appends its own; replace: ours goes out instead; append: "
		"four octets after the payload. Default: by each template's fcs", 0 },
	{ "write", 'w', "FILE", 0, "keep a copy of what was sent in a pcap file, pcapng where it ends in .pcapng; without -i, send into the file only", 0 },
	{ "verify", KEY_VERIFY, NULL, 0, "send each frame once, and compare what arrives on --rx", 0 },
	{ "rx", KEY_RX, "[NS/]IF", 0, "the interface to verify on, in the network namespace NS", 0 },
	{ "rx-netns", KEY_RX_NETNS, "NS", 0, "the same namespace, said apart", 0 },
	{ "dry-run", SEND_KEY_DRY_RUN, NULL, 0, "do all but the sending", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_templates, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ &transmit_argp, 0, NULL, 0 },
	{ &fuzz_argp, 0, NULL, 0 },
	{ 0 },
};

static void check_threads(struct argp_state *state, const struct send_options *send)
{
	unsigned int threads = send->transmit.threads;

	if (threads > 1 && send->fuzz.on)
		argp_error(state,
			"--threads %u: --fuzz makes its frames one after the other: it "
			"goes with one thread",
			threads);
	if (threads > 1 && send->verify)
		argp_error(
			state, "--threads %u: --verify sends each frame once, in order", threads);
}

static void check_verify(struct argp_state *state, const struct send_options *send)
{
	if (send->verify && !send->rx)
		argp_error(state, "--verify needs --rx IF: the interface where the frames arrive");
	if (send->verify && send->fuzz.on)
		argp_error(state, "--verify holds frames against what was meant: not with --fuzz");
	if (send->rx && !send->verify)
		argp_error(state, "--rx is for --verify");
	if (send->rx_netns && (!send->rx || strchr(send->rx, '/')))
		argp_error(state, "--rx-netns goes with --rx IF; --rx NS/IF says both");
	if (send->verify &&
		(send->counted || send->rated || send->pace.interval_ns || send->duration_ns))
		argp_error(state, "--verify sends each frame once: it goes with none of -n, -r, "
				  "-d, --interval");
	if (send->verify && !send->common.interface)
		argp_error(state, "--verify needs -i IF: the interface to send on");
}

static void check(struct argp_state *state, const struct send_options *send)
{
	const struct common *common = &send->common;

	if (!common->interface && !send->write)
		argp_error(state, "needs -i IF to send on (there is no default), or -w FILE to "
				  "send into a file");
	if (send->write && !strcmp(send->write, "-") && (common->json || common->jsonl))
		argp_error(state, "-w - and --json both want standard output");
	if (common->with_fcs && !send->write)
		argp_error(state, "--with-fcs is about the file of -w; --fcs is about the wire");
	if (common->with_fcs && (!common->interface || send->transmit.to_file) &&
		(send->fcs == FCS_REQUEST_NIC || send->fcs == FCS_REQUEST_APPEND))
		argp_error(state, "--with-fcs puts the FCS into the file, --fcs %s does not",
			send_fcs_requests[send->fcs]);
	transmit_check_end(state, &send->transmit, common->interface, send->write,
		send->counted && !send->count && !send->duration_ns);
	transmit_check(state, &send->transmit, common->interface, send->write);
	send_check_pace(state, send);
	check_threads(state, send);
	check_verify(state, send);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct send_options *send = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &send->common);
		fuzz_child(state, children, &send->fuzz);
		transmit_child(state, children, &send->transmit);
		return 0;
	case 'w':
		send->write = arg;
		return 0;
	case KEY_VERIFY:
		send->verify = true;
		return 0;
	case KEY_RX:
		send->rx = arg;
		return 0;
	case KEY_RX_NETNS:
		send->rx_netns = arg;
		return 0;
	case ARGP_KEY_NO_ARGS:
		common_want_template(state, &send->common);
		return 0;
	case ARGP_KEY_END:
		check(state, send);
		return 0;
	default:
		return send_take_pace(key, arg, state, send);
	}
}

const struct argp send_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TEMPLATE...",
	.doc = "Send the frames of templates on an interface, in turn, and tell what truly left."
	       "\vExit status: 0 all left; 1 some did not (link down, over the MTU, interface "
	       "removed), or --verify found more changed than a link explains; 2 the command line "
	       "or a template is wrong; 3 the system refused.",
	.children = children,
};
