/* pktsmith probe: sends the frames of templates, and tells what answered them and how long it took.
 */
#include "cli/numbers.h"
#include "cli/probe/page.h"

#include "cli/transmit/transmit.h"

#include <errno.h>
#include <math.h>
#include <unistd.h>

#define TIMEOUT_NS 1000000000U

/* So few that a millisecond in the kernel would hold up those that wait for their place. */
#define AT_ONCE_FEW 1024U

/* A run that is over sooner shows nothing meanwhile. */
#define SHOWN_FROM_NS 500000000U

static bool stands(const struct probe_plan *plan, const struct probe_options *options,
	const struct probe_report *report)
{
	if (options->until_answered)
		return report->answers > 0;
	if (plan->shape == PROBE_TRACE)
		return report->reached;
	/* An end that was asked for and not come to. */
	if (report->stopped && plan->count && (report->probes < plan->count || report->waiting))
		return false;
	/* What a signal did not let answer is no loss. */
	return report->probes > 0 && report->answers + report->waiting == report->probes &&
	       !report->refused;
}

/* Nothing is sent where nothing would leave; nor waited for, where all would be lost. */
static int failed(const struct interface *interface, struct err *err)
{
	struct interface now;
	struct err why;

	if (interface_read(interface->name, &now, &why) == -ENODEV)
		err_result(err, "%s was removed while probing", interface->name);
	else if (transmit_interface_check(&now, &why) < 0)
		*err = why;
	return cli_fail(err);
}

static enum probe_until until(const struct probe_plan *plan, const struct probe_options *options)
{
	if (options->until_answered)
		return PROBE_UNTIL_ANSWERED;
	return plan->shape == PROBE_TRACE ? PROBE_UNTIL_REACHED : PROBE_UNTIL_SENT;
}

/* ---- what is shown meanwhile ---- */

struct watching {
	const struct probe_plan *plan;
	struct live live;
	uint64_t seen_probes, seen_answers, seen_ns;
	double seen_rtt; /* sum */
};

static void track(struct watching *w, const struct probe_report *report, uint64_t elapsed_ns)
{
	uint64_t answers = report->rtt.count - w->seen_answers;
	double rate = numbers_per_second(report->probes - w->seen_probes, elapsed_ns - w->seen_ns);
	double lost = report->probes ? (double)report->lost / (double)report->probes : 0;
	double rtt = answers ? (report->rtt.sum - w->seen_rtt) / (double)answers : NAN;
	struct buffer now = { 0 };

	numbers_put_scaled(&now, rate, "probes/s");
	live_track(&w->live, "rate", rate, buffer_text(&now));
	buffer_clear(&now);
	buffer_printf(&now, "%.3g %%", 100 * lost);
	live_track(&w->live, "lost", lost, buffer_text(&now));
	buffer_clear(&now);
	if (answers)
		numbers_put_time(&now, rtt);
	live_track(&w->live, "RTT", rtt, buffer_text(&now));
	buffer_fini(&now);
	w->seen_probes = report->probes;
	w->seen_answers = report->rtt.count;
	w->seen_rtt = report->rtt.sum;
	w->seen_ns = elapsed_ns;
}

static void show(void *context, const struct probe_report *report, uint64_t elapsed_ns)
{
	struct watching *w = context;
	struct buffer line = { 0 };

	track(w, report, elapsed_ns);
	if (elapsed_ns < SHOWN_FROM_NS)
		return;
	numbers_put(&line, report->probes);
	if (w->plan->count) {
		buffer_printf(&line, " of ");
		numbers_put(&line, w->plan->count);
	}
	buffer_printf(&line, " probes, ");
	numbers_put(&line, report->answers);
	buffer_printf(&line, " answered, ");
	numbers_put(&line, report->lost);
	buffer_printf(&line, " lost, %.1f s", numbers_seconds(elapsed_ns));
	live_show(&w->live, buffer_text(&line));
	buffer_fini(&line);
}

/* Where each probe has a line on the same terminal, these are what is shown. */
static void watching_init(struct watching *w, const struct probe_tell *tell)
{
	const struct probe_options *options = tell->options;

	*w = (struct watching){ .plan = tell->plan };
	live_init(&w->live, &options->send.common);
	if (isatty(STDOUT_FILENO) && !options->summary)
		w->live.on = false;
}

/* Runs, and tells as it runs. */
static int run(struct probe_tell *tell, const struct probe_wire *wire, struct probe_live *live,
	struct probe_outcome *outcome, struct err *err)
{
	const struct probe_options *options = tell->options;
	const struct probe_plan *plan = tell->plan;
	struct probe_events events;
	struct watching watching;
	struct probe_config config = {
		.program = &plan->frames.program,
		.wire = wire,
		.count = plan->count,
		.pace = plan->pace,
		.timeout_ns = options->timeout_ns,
		.retries = options->retries,
		.at_once = plan->at_once,
		.until = until(plan, options),
		.stop = &cli_stop,
		.clock = &clock_system,
		.events = &events,
		.progress = show,
		.context = &watching,
	};
	int rc;

	watching_init(&watching, tell);
	probe_tell_events(tell, &events);
	rc = probe_run(&config, &outcome->report, err);
	live_clear(&watching.live);
	probe_live_stats(live, &outcome->live);
	if (rc < 0)
		outcome->failure = err;
	return rc;
}

/* Names each frame that is too long for the interface, which is why some were refused. */
static void tell_oversize(const struct probe_plan *plan)
{
	struct err err;

	for (unsigned int i = 0; i < plan->frames.program.count; i++)
		if (send_oversize(plan->frames.interface, &plan->frames.frames[i], &err))
			cli_fail(&err);
}

/* What needs a privilege; then the privileges go. */
static int open_all(const struct probe_options *options, const struct interface *interface,
	const struct probe_plan *plan, struct probe_live **ret, struct probe_wire *ret_wire,
	struct err *err)
{
	const struct probe_live_config config = {
		.interface = interface,
		.program = &plan->frames.program,
		.stamps = plan->stamps,
		.immediate = plan->at_once && plan->at_once <= AT_ONCE_FEW,
	};
	int rc = transmit_interface_check(interface, err);

	if (rc == 0)
		rc = probe_live_open(ret, &config, ret_wire, err);
	if (rc == 0)
		rc = page_open(options->page, options->report, "pktsmith probe", err);
	return rc ? rc : cli_drop_privileges(page_privileges(options->page), err);
}

static int probe_all(struct probe_options *options, const struct interface *interface,
	const struct probe_plan *plan, struct err *err)
{
	struct probe_outcome outcome = { 0 };
	struct probe_tell tell = { 0 };
	struct probe_live *live = NULL;
	struct probe_page shown = { .page = options->page, .shape = plan->shape };
	struct err unwritten = { 0 };
	struct probe_wire wire;
	int rc, closed, status;

	rc = open_all(options, interface, plan, &live, &wire, err);
	if (rc == 0)
		rc = probe_tell_init(&tell, options, plan, err);
	if (rc) {
		probe_live_close(live);
		probe_tell_fini(&tell, NULL);
		return cli_fail(err);
	}
	tell.page = options->page->open ? &shown : NULL;
	cli_catch_signals();
	rc = run(&tell, &wire, live, &outcome, err);
	status = probe_tell_report(&tell, &outcome);
	if (probe_page_write(&shown, plan, interface, &outcome,
		    stands(plan, options, &outcome.report), &unwritten) < 0)
		status = cli_fail(&unwritten);
	probe_page_fini(&shown);
	closed = probe_tell_fini(&tell, rc < 0 ? NULL : err);
	probe_live_close(live);
	if (rc < 0)
		return tell.unprinted ? status : failed(interface, err);
	if (closed < 0)
		return cli_fail(err);
	if (outcome.report.refused)
		tell_oversize(plan);
	if (status)
		return status;
	return stands(plan, options, &outcome.report) ? EXIT_DONE : EXIT_ANSWER_NO;
}

static int probe_command(struct probe_options *options)
{
	struct interface interface;
	struct probe_plan plan;
	struct err err = { 0 }, down;

	if (interface_read(options->send.common.interface, &interface, &err) < 0)
		return cli_fail(&err);
	if (probe_plan(options, &interface, &plan, &err) < 0) {
		/* Where the interface is down, that is why a next hop could not be asked. */
		if (err.kind != ERR_INPUT && transmit_interface_check(&interface, &down) < 0)
			err = down;
		return cli_fail(&err);
	}
	return probe_all(options, &interface, &plan, &err);
}

int cmd_probe(int argc, char **argv)
{
	struct page page;
	struct probe_options options = { .page = &page, .timeout_ns = TIMEOUT_NS, .stamps = -1 };
	int status;

	options.send.pace.rate.from.unit = TEXT_RATE_MAX;
	common_init(&options.send.common);
	transmit_options_init(&options.send.transmit);
	page_init(&page, argc, argv);
	argp_parse(&probe_argp, argc, argv, 0, NULL, &options);
	status = probe_command(&options);
	page_fini(&page);
	common_fini(&options.send.common);
	return status;
}
