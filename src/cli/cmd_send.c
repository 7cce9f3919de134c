/* pktsmith send: puts the frames of templates on the wire, or into a file, and says what left. */
#include "cli/send.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How long the interface's counters may lag behind what the kernel took: frames wait in a queue,
 * and some drivers read their hardware's counters only now and then. */
#define COUNTERS_TIMEOUT_NS 1000000000U
#define COUNTERS_PAUSE_NS   5000000U

/* ---- options ---- */

enum {
	KEY_INTERVAL = 0x100,
	KEY_FCS,
	KEY_DRY_RUN,
	KEY_QDISC_BYPASS,
	KEY_VERIFY,
	KEY_RX,
	KEY_RX_NETNS,
};

static const char *const fcs_requests[] = { "default", "nic", "replace", "append" };

/* clang-format off */
static const struct argp_option options[] = {
	{ "count", 'n', "N", 0, "frames, over all templates; one pass through them unless given; 0 is endless", 0 },
	{ "rate", 'r', "RATE", 0, "10kpps, 100Mbps, 1Gbps-wire or max (the default)", 0 },
	{ "interval", KEY_INTERVAL, "TIME", 0, "from one frame to the next, instead of -r: 10ms", 0 },
	{ "duration", 'd', "TIME", 0, "stop after it: 10s; without -n the templates repeat until then", 0 },
	{ "fcs", KEY_FCS, "WAY", 0, "nic: the device appends its own; replace: ours goes out instead; append: "
		"four octets after the payload. Default: by each template's fcs", 0 },
	{ "write", 'w', "FILE", 0, "keep a copy of what was sent in a pcap file; without -i, send into the file only", 0 },
	{ "verify", KEY_VERIFY, NULL, 0, "send each frame once, and compare what arrives on --rx", 0 },
	{ "rx", KEY_RX, "[NS/]IF", 0, "the interface to verify on, in the network namespace NS", 0 },
	{ "rx-netns", KEY_RX_NETNS, "NS", 0, "the same namespace, said apart", 0 },
	{ "dry-run", KEY_DRY_RUN, NULL, 0, "do all but the sending", 0 },
	{ "qdisc-bypass", KEY_QDISC_BYPASS, NULL, 0, "faster; unseen by local sniffers, dropped when the device is busy", 0 },
	{ 0 },
};
/* clang-format on */

static const struct argp_child children[] = {
	{ &common_argp_interface, 0, NULL, 0 },
	{ &common_argp_template, 0, NULL, 0 },
	{ &common_argp_output, 0, NULL, 0 },
	{ 0 },
};

static void check_paced(struct argp_state *state, const struct send_options *send)
{
	bool endless = send->counted ? send->count == 0 : send->duration_ns > 0;

	if (send->rated && send->interval_ns)
		argp_error(state, "--interval and --rate both say how fast: give one of them");
	if (endless && !send->rated && !send->interval_ns)
		argp_error(state,
			"%s sends without end: say how fast with -r (10kpps, 100Mbps, max)",
			send->counted ? "-n 0" : "-d without -n");
}

static void check_verify(struct argp_state *state, const struct send_options *send)
{
	if (send->verify && !send->rx)
		argp_error(state, "--verify needs --rx IF: the interface where the frames arrive");
	if (send->rx && !send->verify)
		argp_error(state, "--rx is for --verify");
	if (send->rx_netns && (!send->rx || strchr(send->rx, '/')))
		argp_error(state, "--rx-netns goes with --rx IF; --rx NS/IF says both");
	if (send->verify &&
		(send->counted || send->rated || send->interval_ns || send->duration_ns))
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
	if (common->json && common->jsonl)
		argp_error(state, "--json and --jsonl exclude each other");
	if (send->write && !strcmp(send->write, "-") && (common->json || common->jsonl))
		argp_error(state, "-w - and --json both want standard output");
	if (common->with_fcs && !send->write)
		argp_error(state, "--with-fcs is about the file of -w; --fcs is about the wire");
	if (common->with_fcs && !common->interface &&
		(send->fcs == FCS_REQUEST_NIC || send->fcs == FCS_REQUEST_APPEND))
		argp_error(state, "--with-fcs puts the FCS into the file, --fcs %s does not",
			fcs_requests[send->fcs]);
	check_paced(state, send);
	check_verify(state, send);
}

static error_t parse_pace(int key, char *arg, struct argp_state *state, struct send_options *send)
{
	switch (key) {
	case 'n':
		send->count = common_number(state, "--count", arg);
		send->counted = true;
		return 0;
	case 'r':
		send->rate = common_rate(state, "--rate", arg);
		send->rated = true;
		return 0;
	case KEY_INTERVAL:
		send->interval_ns = common_duration(state, "--interval", arg);
		if (!send->interval_ns)
			argp_error(state,
				"--interval %s: must be more than 0; -r max is as fast as "
				"it goes",
				arg);
		return 0;
	case 'd':
		send->duration_ns = common_duration(state, "--duration", arg);
		if (!send->duration_ns)
			argp_error(state, "--duration %s: must be more than 0", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct send_options *send = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		common_children(state, 3, &send->common);
		return 0;
	case KEY_FCS:
		send->fcs = (enum fcs_request)common_choice(state, "--fcs", arg, fcs_requests,
			sizeof(fcs_requests) / sizeof(fcs_requests[0]));
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
	case KEY_DRY_RUN:
		send->dry_run = true;
		return 0;
	case KEY_QDISC_BYPASS:
		send->qdisc_bypass = true;
		return 0;
	case ARGP_KEY_ARGS:
		send->templates = state->argv + state->next;
		send->template_count = (size_t)(state->argc - state->next);
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "wants a TEMPLATE: a file, `-', or a name of `pktsmith list'");
		return 0;
	case ARGP_KEY_END:
		check(state, send);
		return 0;
	default:
		return parse_pace(key, arg, state, send);
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.args_doc = "TEMPLATE...",
	.doc = "Send the frames of templates on an interface, in turn, and tell what truly left."
	       "\vExit status: 0 all left; 1 some did not (link down, over the MTU, interface "
	       "removed), or --verify found more changed than a link explains; 2 the command line "
	       "or a template is wrong; 3 the system refused.",
	.children = children,
};

/* ---- sending ---- */

/* What the command holds open. */
struct sending {
	struct send_options *options;
	const struct send_plan *plan;
	struct link *link;
	struct capture *capture;
};

static int open_file(struct sending *s, struct err *err)
{
	return link_file_open(&s->link, s->options->write, s->plan->own_fcs, err);
}

static int open_interface(struct sending *s, struct err *err)
{
	struct link_packet_config config = { .qdisc_bypass = s->options->qdisc_bypass };
	const struct send_options *send = s->options;
	bool own_fcs = s->plan->own_fcs;
	struct link *recorder;
	int rc;

	if (send->common.with_fcs && !own_fcs)
		return err_input(err, NULL,
			"--with-fcs: a record of what the device finishes has no FCS; with --fcs "
			"replace, or without -i, it has");
	rc = link_packet_open(&s->link, s->plan->interface, &config, err);
	if (rc < 0 || !send->write)
		return rc;
	rc = link_record_open(&recorder, s->link, send->write, own_fcs, err);
	if (rc == 0)
		s->link = recorder;
	return rc;
}

/* Everything that needs a privilege; then the privileges go. */
static int open_all(struct sending *s, struct err *err)
{
	int rc = 0;

	/* Armed before the first frame is sent. */
	if (s->options->verify)
		rc = send_receiver_open(&s->capture, s->options, err);
	if (rc == 0)
		rc = s->plan->interface ? open_interface(s, err) : open_file(s, err);
	return rc < 0 ? rc : cli_drop_privileges(0, err);
}

/* Says of an error of the link what it means for the user. */
static void explain(const struct send_plan *plan, int rc, struct err *err)
{
	struct interface now;
	struct err gone;

	if (!plan->interface || (rc != -ENETDOWN && rc != -ENXIO && rc != -ENODEV))
		return;
	if (interface_read(plan->interface->name, &now, &gone) == -ENODEV ||
		now.index != plan->interface->index)
		err_result(err, "%s was removed while sending", plan->interface->name);
	else if (send_interface_check(&now, &gone) < 0)
		*err = gone;
	else
		err_result(err, "%s went down while sending", plan->interface->name);
}

/* The counters, once they hold all that was sent or had the time to. */
static void read_counters(const struct send_plan *plan, struct send_outcome *outcome)
{
	uint64_t at = clock_system.now(NULL);
	uint64_t deadline = at + COUNTERS_TIMEOUT_NS;

	while (outcome->counters_known) {
		struct interface_counters *after = &outcome->after;

		if (interface_counters_read(plan->interface->index, after, NULL) < 0)
			outcome->counters_known = false;
		if (!send_uncounted(outcome) || at >= deadline)
			return;
		clock_system.sleep_until(NULL, at + COUNTERS_PAUSE_NS);
		at = clock_system.now(NULL);
	}
}

static int run(struct sending *s, struct send_outcome *outcome, struct err *err)
{
	const struct send_options *send = s->options;
	struct send_progress progress = { .options = send };
	struct send_config config = {
		.count = s->plan->asked,
		.rate = send->rate,
		.interval_ns = send->interval_ns,
		.duration_ns = send->duration_ns,
		.stop = &cli_stop,
		.clock = &clock_system,
		.progress = send_progress_show,
		.context = &progress,
	};
	struct err closing;
	int rc, closed;

	outcome->backend = s->plan->interface ? "packet" : "file";
	if (s->plan->interface)
		outcome->counters_known = interface_counters_read(s->plan->interface->index,
						  &outcome->before, NULL) == 0;
	if (send->verify)
		rc = send_verify(s->options, s->plan, s->link, s->capture, outcome, err);
	else
		rc = send_run(s->link, &s->plan->program, &config, &outcome->report, err);
	send_progress_clear(&progress);
	closed = link_close(s->link, &closing);
	s->link = NULL;
	if (rc == 0 && closed < 0) {
		*err = closing;
		rc = closed;
	}
	read_counters(s->plan, outcome);
	return rc;
}

/* Names each frame that was too long for the interface, where that is why some were refused. */
static bool tell_oversize(const struct send_plan *plan)
{
	struct err err;
	bool some = false;

	for (unsigned int i = 0; i < plan->program.count; i++) {
		if (!send_oversize(plan->interface, &plan->frames[i], &err))
			continue;
		cli_fail(&err);
		some = true;
	}
	return some;
}

static bool was_oversize(const struct link_stats *stats)
{
	for (unsigned int i = 0; i < LINK_ERRORS_MAX && stats->errors[i].error; i++)
		if (stats->errors[i].error == EMSGSIZE)
			return true;
	return false;
}

static int judge(const struct sending *s, const struct send_outcome *outcome)
{
	const struct send_report *report = &outcome->report;
	bool cut_short = report->stopped && report->asked > report->stats.queued;

	if (s->plan->interface && was_oversize(&report->stats))
		tell_oversize(s->plan);
	if (outcome->failure)
		return cli_fail(outcome->failure);
	if (outcome->verified && !send_verify_holds(s->plan, outcome->verified))
		return EXIT_ANSWER_NO;
	if (report->stats.failed || cut_short || send_uncounted(outcome))
		return EXIT_ANSWER_NO;
	return EXIT_DONE;
}

static int dry_run(const struct sending *s)
{
	struct send_outcome outcome = { .backend = s->plan->interface ? "packet" : "file" };
	int status = send_report_print(s->options, s->plan, &outcome);
	struct err err;

	if (status != EXIT_DONE || !s->plan->interface)
		return status;
	if (send_interface_check(s->plan->interface, &err) < 0)
		return cli_fail(&err);
	return tell_oversize(s->plan) ? EXIT_ANSWER_NO : EXIT_DONE;
}

/* Where the interface is down, that is why a next hop or the device could not be asked. */
static int plan_failed(const struct interface *interface, struct err *err)
{
	struct err down;

	if (interface && err->kind != ERR_INPUT && send_interface_check(interface, &down) < 0)
		*err = down;
	return cli_fail(err);
}

static int send_all(struct sending *s, struct err *err)
{
	struct send_outcome outcome = { 0 };
	int rc, status, verdict;

	rc = open_all(s, err);
	if (rc < 0)
		return cli_fail(err);
	cli_catch_signals();
	rc = run(s, &outcome, err);
	if (rc < 0) {
		explain(s->plan, rc, err);
		outcome.failure = err;
	}
	status = send_report_print(s->options, s->plan, &outcome);
	verdict = judge(s, &outcome);
	return verdict ? verdict : status;
}

static void show_frames(const struct send_options *send, const struct send_plan *plan)
{
	struct buffer out = { 0 };

	for (unsigned int i = 0; i < plan->program.count; i++)
		render_tree(plan->frames[i].name, &plan->views[i], cli_style(&send->common), &out);
	cli_print(&out);
	buffer_fini(&out);
}

static int send_command(struct send_options *send)
{
	struct sending s = { .options = send };
	struct interface interface;
	struct send_plan plan;
	struct err err = { 0 };
	bool on_wire = send->common.interface;
	int status;

	if (on_wire && interface_read(send->common.interface, &interface, &err) < 0)
		return cli_fail(&err);
	if (send_plan(send, on_wire ? &interface : NULL, &plan, &err) < 0)
		return plan_failed(on_wire ? &interface : NULL, &err);
	s.plan = &plan;
	if (plan.placeholders && !send->common.quiet)
		fprintf(stderr,
			"pktsmith: without -i, addresses of the interface are placeholders\n");
	if (send->common.verbose && !send->common.json && !send->common.jsonl)
		show_frames(send, &plan);
	if (send->dry_run)
		return dry_run(&s);
	status = send_all(&s, &err);
	capture_close(s.capture);
	link_close(s.link, NULL);
	return status;
}

int cmd_send(int argc, char **argv)
{
	struct send_options send = { .rate = { .unit = TEXT_RATE_MAX } };
	int status;

	common_init(&send.common);
	argp_parse(&argp, argc, argv, 0, NULL, &send);
	status = send_command(&send);
	common_fini(&send.common);
	return status;
}
