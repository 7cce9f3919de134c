/* pktsmith send: puts the frames of templates on the wire, or into a file, and says what left. */
#include "cli/send/send.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* What the command holds open. */
struct sending {
	struct send_options *options;
	const struct send_plan *plan;
	struct transmit transmit;
	struct capture *capture;
	struct send_fuzz *fuzz; /* NULL without --fuzz */
};

/* What is to leave, and how. */
static void prepare_transmit(struct sending *s)
{
	const struct send_options *send = s->options;
	const struct send_plan *plan = s->plan;
	struct transmit *transmit = &s->transmit;

	*transmit = (struct transmit){
		.options = &send->transmit,
		.interface = plan->interface,
		.write = send->write,
		.own_fcs = plan->own_fcs,
		.program = &plan->program,
		.config = {
			.count = send->verify ? plan->program.count : plan->asked,
			.pace = send->pace,
			.duration_ns = plan->duration_ns,
			.stop = &cli_stop,
			.clock = &clock_system,
		},
	};
	transmit->config.pace.seed = send->common.seed;
	if (plan->fcs.frames[FCS_REPLACE])
		transmit->need |= LINK_CAN_FCS;
	if (s->fuzz) {
		transmit->need |= LINK_CAN_PREPARE;
		transmit->program = send_fuzz_program(s->fuzz);
		transmit->config.prepare = send_fuzz_prepare;
		transmit->config.prepare_context = s->fuzz;
	}
}

/* Everything that needs a privilege; then the privileges go. */
static int open_all(struct sending *s, struct err *err)
{
	const struct send_options *send = s->options;
	int rc = 0;

	if (s->plan->interface && send->common.with_fcs && !s->plan->own_fcs)
		return err_input(err, NULL,
			"--with-fcs: a record of what the device finishes has no FCS; with --fcs "
			"replace, or without -i, it has");
	/* Armed before the first frame is sent. */
	if (send->verify)
		rc = send_receiver_open(&s->capture, send, err);
	if (rc == 0)
		rc = transmit_open(&s->transmit, err);
	return rc < 0 ? rc : cli_drop_privileges(0, err);
}

static int run(struct sending *s, struct send_outcome *outcome, struct err *err)
{
	struct transmit *transmit = &s->transmit;
	struct transmit_outcome *done = &outcome->transmit;
	int rc;

	transmit_begin(transmit, done);
	if (s->options->verify)
		rc = send_verify(
			s->options, s->plan, transmit->ways[0].links[0], s->capture, outcome, err);
	else
		rc = transmit_run(transmit, &s->options->common, done, err);
	if (s->fuzz)
		outcome->mutations = send_fuzz_count(s->fuzz, done->report.stats.queued);
	return transmit_end(transmit, rc, done, err);
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
	const struct transmit_outcome *done = &outcome->transmit;

	if (s->plan->interface && was_oversize(&done->report.stats))
		tell_oversize(s->plan);
	if (done->failure)
		return cli_fail(done->failure);
	if (outcome->verified && !send_verify_holds(s->plan, outcome->verified))
		return EXIT_ANSWER_NO;
	return transmit_judge(done);
}

static int dry_run(const struct sending *s)
{
	struct send_outcome outcome = { 0 };
	struct err err;
	int status;

	outcome.transmit.report.asked = s->plan->asked;
	outcome.transmit.backend = transmit_first_choice(&s->transmit);
	status = send_report_print(s->options, s->plan, &s->transmit, &outcome);
	if (status != EXIT_DONE || !s->plan->interface)
		return status;
	if (transmit_interface_check(s->plan->interface, &err) < 0)
		return cli_fail(&err);
	return tell_oversize(s->plan) ? EXIT_ANSWER_NO : EXIT_DONE;
}

/* Where the interface is down, that is why a next hop or the device could not be asked. */
static int plan_failed(const struct interface *interface, struct err *err)
{
	struct err down;

	if (interface && err->kind != ERR_INPUT && transmit_interface_check(interface, &down) < 0)
		*err = down;
	return cli_fail(err);
}

static int send_all(struct sending *s, struct err *err)
{
	struct send_outcome outcome = { 0 };
	int status, verdict;

	if (open_all(s, err) < 0)
		return cli_fail(err);
	cli_catch_signals();
	run(s, &outcome, err);
	status = send_report_print(s->options, s->plan, &s->transmit, &outcome);
	verdict = judge(s, &outcome);
	transmit_outcome_fini(&outcome.transmit);
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
	if (send->fuzz.on && !send->dry_run && send_fuzz_open(&s.fuzz, send, &plan, &err) < 0)
		return cli_fail(&err);
	prepare_transmit(&s);
	status = send->dry_run ? dry_run(&s) : send_all(&s, &err);
	capture_close(s.capture);
	transmit_close(&s.transmit, NULL);
	send_fuzz_close(s.fuzz);
	return status;
}

int cmd_send(int argc, char **argv)
{
	struct send_options send = { .pace.rate.from.unit = TEXT_RATE_MAX };
	int status;

	common_init(&send.common);
	transmit_options_init(&send.transmit);
	argp_parse(&send_argp, argc, argv, 0, NULL, &send);
	status = send_command(&send);
	common_fini(&send.common);
	return status;
}
