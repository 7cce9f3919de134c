/* The options of the command probe. */
#include "cli/probe/probe.h"

#include "cli/page.h"

#include <string.h>

enum {
	KEY_TIMEOUT = 0x100,
	KEY_RETRIES,
	KEY_AT_ONCE,
	KEY_UNTIL_ANSWERED,
	KEY_SUMMARY,
	KEY_REPORT,
	KEY_STAMPS,
};

#define RETRIES_MAX 1000U

/* clang-format off */
static const struct argp_option options[] = {
	{ "count", 'n', "N", 0, "probes, over all templates; 0 is endless. Unless given: one pass through them, or as many as the "
		"addresses, ports, TTLs and VLANs that vary take to come round", 0 },
	{ "rate", 'r', "RATE", 0, "10kpps, 100Mbps or max. Unless given: 10 a second, 1,000 where each probe asks another target, "
		"and with a TTL that counts up (a trace) the next hop once the one before has answered or was given up", 0 },
	{ "interval", SEND_KEY_INTERVAL, "TIME", 0, "from one probe to the next, instead of -r: 10ms", 0 },
	{ "timeout", KEY_TIMEOUT, "TIME", 0, "how long an answer may take, 1s unless given", 0 },
	{ "retries", KEY_RETRIES, "N", 0, "send the very same frame again, so often, when the timeout is over", 0 },
	{ "until-answered", KEY_UNTIL_ANSWERED, NULL, 0, "probe again and again, after each timeout, until one answer came", 0 },
	{ "at-once", KEY_AT_ONCE, "N", 0, "wait for so many probes at a time at most, and send no more meanwhile", 0 },
	{ "write", 'w', "FILE", 0, "keep the probes and their answers in a pcap file, pcapng where it ends in .pcapng", 0 },
	{ "report", KEY_REPORT, "FILE", 0, "write a page of HTML: what was answered, the round trips by probe and how they are distributed, a trace's path", 0 },
	{ "summary", KEY_SUMMARY, NULL, 0, "count alone: no line, and no reply in JSON, for each probe", 0 },
	{ "stamps", KEY_STAMPS, "WHOSE", 0, "whose time stamps frames that leave have. hardware: the device's, where it is set to make "
		"them; kernel: the driver's; queue: the kernel's before its queueing discipline; program: taken before the system call, as "
		"ping does. Unless given: the first of them that there is, above 20,000 probes a second the last", 0 },
	{ 0 },
};
/* clang-format on */

const char *const probe_stamp_names[PROBE_STAMPS] = {
	[STAMP_PROGRAM] = "program",
	[STAMP_QUEUE] = "queue",
	[STAMP_KERNEL] = "kernel",
	[STAMP_HARDWARE] = "hardware",
};

const struct choice probe_choices[] = {
	{ "stamps", probe_stamp_names, PROBE_STAMPS },
	{ NULL, NULL, 0 },
};

static const struct argp_child children[] = {
	{ &common_argp_templates, 0, NULL, 0 },
	{ &common_argp_verbose, 0, NULL, 0 },
	{ 0 },
};

static void check(struct argp_state *state, const struct probe_options *options_)
{
	const struct send_options *send = &options_->send;
	const struct common *common = &send->common;

	if (!common->interface)
		argp_error(state, "needs -i IF to probe by: there is no default");
	if (send->write && !strcmp(send->write, "-"))
		argp_error(state, "-w -: standard output is the table's; give a FILE");
	page_check(state, options_->report, NULL, common->json || common->jsonl);
	if (common->with_fcs)
		argp_error(state, "--with-fcs: what arrives has no FCS to compare; it is for send");
	if (send->rated && send->pace.interval_ns)
		argp_error(state, "--interval and --rate both say how fast: give one of them");
}

static error_t parse_waits(int key, char *arg, struct argp_state *state, struct probe_options *p)
{
	uint64_t number;

	switch (key) {
	case KEY_TIMEOUT:
		p->timeout_ns = common_duration(state, "--timeout", arg);
		if (!p->timeout_ns)
			argp_error(state, "--timeout %s: must be more than 0", arg);
		return 0;
	case KEY_RETRIES:
		number = common_number(state, "--retries", arg);
		if (number > RETRIES_MAX)
			argp_error(state, "--retries %s: at most %u", arg, RETRIES_MAX);
		p->retries = (unsigned int)number;
		return 0;
	case KEY_AT_ONCE:
		p->at_once = common_number(state, "--at-once", arg);
		if (!p->at_once)
			argp_error(state, "--at-once 0: at least 1");
		return 0;
	case KEY_UNTIL_ANSWERED:
		p->until_answered = true;
		return 0;
	default:
		return send_take_pace(key, arg, state, &p->send);
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct probe_options *p = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 2, &p->send.common);
		return 0;
	case 'w':
		p->send.write = arg;
		return 0;
	case KEY_STAMPS:
		p->stamps =
			(int)common_choice(state, "--stamps", arg, probe_stamp_names, PROBE_STAMPS);
		return 0;
	case KEY_SUMMARY:
		p->summary = true;
		return 0;
	case KEY_REPORT:
		p->report = arg;
		/* Standard output is the page's then. */
		p->send.common.quiet |= !strcmp(arg, "-");
		return 0;
	case ARGP_KEY_NO_ARGS:
		common_want_template(state, &p->send.common);
		return 0;
	case ARGP_KEY_END:
		check(state, p);
		return 0;
	default:
		return parse_waits(key, arg, state, p);
	}
}

const struct argp probe_argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TEMPLATE...",
	.doc = "Send the frames of templates as probes, give each answer to its own probe, and "
	       "tell the "
	       "round trip times, what was lost, and answers that nearly were ones."
	       "\vExamples:\n"
	       "  pktsmith probe ping -D target=10.0.0.2 -i eth1 -n 5\n"
	       "  pktsmith probe arp-scan -D range=10.0.0.0/24 -i eth1\n"
	       "  pktsmith probe syn-scan -D target=10.0.0.2 -i eth1\n"
	       "  pktsmith probe traceroute -D target=10.9.0.1 -i eth1\n"
	       "\n"
	       "Exit status: 0 every probe was answered, be it by an ICMP error (a trace: its end "
	       "was "
	       "reached; --until-answered: one answer came); 1 some were not, or did not leave; 2 "
	       "the "
	       "command line or a template is wrong; 3 the system refused.",
	.children = children,
};
