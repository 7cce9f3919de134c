/* pktsmith send: puts the frames of templates on the wire, or into a file, and says what left. */
#include "cli/send.h"

#include "link/backends.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How long the interface's counters may lag behind what the kernel took: frames wait in a queue,
 * and some drivers read their hardware's counters only now and then. */
#define COUNTERS_TIMEOUT_NS 1000000000U
#define COUNTERS_PAUSE_NS   5000000U

/* What the command holds open. */
struct sending {
	struct send_options *options;
	const struct send_plan *plan;
	struct link *link;
	struct capture *capture;
	struct send_fuzz *fuzz; /* NULL without --fuzz */
};

static int open_file(struct sending *s, struct err *err)
{
	return link_file_open(&s->link, s->options->write, s->plan->own_fcs, err);
}

static int open_interface(struct sending *s, struct err *err)
{
	struct link_config config = link_config_plain(s->plan->interface);
	const struct send_options *send = s->options;
	bool own_fcs = s->plan->own_fcs;
	struct link *recorder;
	int rc;

	if (send->common.with_fcs && !own_fcs)
		return err_input(err, NULL,
			"--with-fcs: a record of what the device finishes has no FCS; with --fcs "
			"replace, or without -i, it has");
	config.qdisc_bypass = send->qdisc_bypass;
	rc = link_backends[0].open(&s->link, &config, &s->plan->program, err);
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
		.pace = { .rate = { send->rate, send->rate, 0 }, .interval_ns = send->interval_ns },
		.duration_ns = send->duration_ns,
		.stop = &cli_stop,
		.clock = &clock_system,
		.progress = send_progress_show,
		.context = &progress,
	};
	const struct patch_program *program = &s->plan->program;
	struct err closing;
	int rc, closed;

	if (s->fuzz) {
		config.prepare = send_fuzz_prepare;
		config.prepare_context = s->fuzz;
		program = send_fuzz_program(s->fuzz);
	}
	outcome->backend = s->plan->interface ? "packet" : "file";
	if (s->plan->interface)
		outcome->counters_known = interface_counters_read(s->plan->interface->index,
						  &outcome->before, NULL) == 0;
	if (send->verify)
		rc = send_verify(s->options, s->plan, s->link, s->capture, outcome, err);
	else
		rc = send_run(s->link, program, &config, &outcome->report, err);
	send_progress_clear(&progress);
	if (s->fuzz)
		outcome->mutations = send_fuzz_count(s->fuzz, outcome->report.stats.queued);
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
	if (send->fuzz.on)
		buffer_printf(&out,
			"\nThe frames as they were meant, before --fuzz changes them: show "
			"--fuzz prints them changed.\n");
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
	/* With --verify the report sets them beside what arrived. */
	if (send->common.verbose && !send->verify && !send->common.json && !send->common.jsonl)
		show_frames(send, &plan);
	if (send->dry_run)
		return dry_run(&s);
	if (send->fuzz.on && send_fuzz_open(&s.fuzz, send, &plan, &err) < 0)
		return cli_fail(&err);
	status = send_all(&s, &err);
	capture_close(s.capture);
	link_close(s.link, NULL);
	send_fuzz_close(s.fuzz);
	return status;
}

int cmd_send(int argc, char **argv)
{
	struct send_options send = { .rate = { .unit = TEXT_RATE_MAX } };
	int status;

	common_init(&send.common);
	argp_parse(&send_argp, argc, argv, 0, NULL, &send);
	status = send_command(&send);
	common_fini(&send.common);
	return status;
}
