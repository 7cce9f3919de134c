/* One measurement: what sends and what receives, at the same time. */
#include "cli/measure/measure.h"

#include "cli/netns.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- namespaces ---- */

static int go_there(struct measure_run *run, const char *netns, struct err *err)
{
	run->home = -1;
	return netns ? netns_enter(netns, &run->home, err) : 0;
}

static int come_back(struct measure_run *run, struct err *err)
{
	int home = run->home;

	run->home = -1;
	return home >= 0 ? netns_leave(home, err) : 0;
}

/* ---- the plan ---- */

static void name_streams(struct measure_run *run)
{
	struct arena *arena = &run->options->send.common.arena;
	unsigned int count = run->plan.program.count;

	run->sent = arena_alloc(arena, count * sizeof(*run->sent));
	run->most = arena_alloc(arena, count * sizeof(*run->most));
	run->names = arena_alloc(arena, count * sizeof(*run->names));
	for (unsigned int i = 0; i < count; i++)
		run->names[i] = run->plan.frames[i].name;
}

/* Where the interface is down, that is why a next hop or the device could not be asked. */
static void explain_plan(const struct measure_run *run, struct err *err)
{
	struct err down;

	if (err->kind != ERR_INPUT && transmit_interface_check(&run->interface, &down) < 0)
		*err = down;
}

static int plan_here(struct measure_run *run, const char *interface, struct err *err)
{
	int rc = interface_read(interface, &run->interface, err);

	if (rc < 0)
		return rc;
	rc = send_plan(&run->options->send, &run->interface, &run->plan, err);
	if (rc < 0)
		explain_plan(run, err);
	else
		name_streams(run);
	return rc;
}

int measure_run_plan(struct measure_run *run, struct err *err)
{
	struct measure_options *options = run->options;
	bool receives = options->mode == MEASURE_RECEIVE;
	int rc = go_there(run, receives ? options->rx_netns : options->tx_netns, err);
	int back;

	if (rc < 0)
		return rc;
	options->send.sign = true;
	/* Another process may not know which ones have a time of their own. */
	options->send.stamp_every = options->mode == MEASURE_SEND || receives ? 1 : options->sample;
	/* Who only receives asks nobody for addresses, and has not the sender's own. */
	options->send.dry_run |= receives;
	options->send.elsewhere = receives;
	rc = plan_here(run, receives ? options->rx : options->tx, err);
	back = come_back(run, rc < 0 ? NULL : err);
	return rc < 0 ? rc : back;
}

/* ---- opening ---- */

static void prepare_transmit(struct measure_run *run)
{
	struct measure_options *options = run->options;
	const struct send_plan *plan = &run->plan;

	run->transmit = (struct transmit){
		.options = &options->send.transmit,
		.interface = &run->interface,
		.own_fcs = plan->own_fcs,
		.program = &plan->program,
		.config = {
			.count = plan->asked,
			.pace = options->send.pace,
			.duration_ns = plan->duration_ns,
			.stop = &cli_stop,
			.clock = &clock_system,
		},
	};
	run->transmit.config.pace.seed = options->send.common.seed;
	if (plan->fcs.frames[FCS_REPLACE])
		run->transmit.need |= LINK_CAN_FCS;
}

static struct measure_receiver_config configure(struct measure_run *run)
{
	const struct measure_options *options = run->options;
	bool alone = options->mode == MEASURE_RECEIVE;
	bool known = run->names;

	return (struct measure_receiver_config){
		.receive = {
			.interface = options->rx,
			.streams = known ? run->plan.program.count : options->streams,
			/* An endless run's frames have all sequences. */
			.sent = !alone && run->plan.asked ? run->most : NULL,
			.check = run->check,
			.sample = options->sample,
			/* A frame's destination is whatever its template says. */
			.promiscuous = true,
			.same_clock = !alone || options->same_clock,
		},
		.wait_ns = !alone || options->waited ? options->wait_ns : 0,
		.alone = alone,
		.expected = alone && options->send.counted ? options->send.count : 0,
		.stop = &cli_stop,
	};
}

static int open_receiver_here(struct measure_run *run, struct err *err)
{
	struct measure_receiver_config config = configure(run);
	struct interface interface;
	int rc = interface_read(run->options->rx, &interface, err);

	if (rc == 0)
		rc = transmit_interface_check(&interface, err);
	if (rc < 0)
		return rc;
	if (measure_check_new(&run->check, run->names ? &run->plan.program : NULL,
		    run->options->send.elsewhere ? run->plan.views : NULL))
		return err_system(err, ENOMEM, "cannot make the frames once more");
	config.receive.check = run->check;
	return measure_engine_choose(run, &config, err);
}

static int open_receiver(struct measure_run *run, struct err *err)
{
	int rc = go_there(run, run->options->rx_netns, err);
	int back;

	if (rc < 0)
		return rc;
	if (run->names && run->plan.asked)
		measure_sent(&run->plan.program, run->plan.asked, run->most);
	rc = open_receiver_here(run, err);
	back = come_back(run, rc < 0 ? NULL : err);
	return rc < 0 ? rc : back;
}

int measure_run_open(struct measure_run *run, struct err *err)
{
	enum measure_mode mode = run->options->mode;
	int rc = 0;

	/* Armed before the first frame is sent. */
	if (mode != MEASURE_SEND)
		rc = open_receiver(run, err);
	if (rc < 0 || mode == MEASURE_RECEIVE)
		return rc;
	prepare_transmit(run);
	rc = go_there(run, run->options->tx_netns, err);
	return rc < 0 ? rc : transmit_open(&run->transmit, err);
}

/* ---- running ---- */

static int send_all(struct measure_run *run)
{
	struct transmit *transmit = &run->transmit;
	int rc;

	if (run->receiver) {
		transmit->watch = measure_watch;
		transmit->watch_context = run;
	}
	transmit_begin(transmit, &run->outcome);
	rc = transmit_run(transmit, &run->options->send.common, &run->outcome, &run->err);
	rc = transmit_end(transmit, rc, &run->outcome, &run->err);
	run->seconds_ns = run->outcome.report.elapsed_ns;
	measure_sent(&run->plan.program, run->outcome.report.stats.queued, run->sent);
	return rc;
}

/* Frames that the link took and the device refused may be of any stream. */
static void count_refused(struct measure_run *run)
{
	struct measure_figure *all = &run->figures.all;
	uint64_t left = run->outcome.report.stats.sent;
	uint64_t came = all->counts.unique + all->counts.stale;

	if (left >= all->sent)
		return;
	all->sent = left;
	all->lost = left > came ? left - came : 0;
}

static int receive_all(struct measure_run *run)
{
	bool alone = run->options->mode == MEASURE_RECEIVE;
	unsigned int streams = run->names ? run->plan.program.count : run->options->streams;
	int rc = measure_result_init(&run->result, streams);

	if (rc < 0)
		return err_system(&run->failure, -rc, "cannot keep the counts");
	if (alone)
		measure_watch_alone(run);
	rc = measure_receiver_finish(run->receiver, &run->result, &run->failure);
	run->received = true;
	measure_figures_make(&run->options->send.common.arena, &run->result,
		alone ? NULL : run->sent, run->names, &run->figures);
	run->figures.engine = run->engine->name;
	run->figures.engine_why = run->engine_why;
	/* The other engines make no frame again. */
	if (run->engine == &measure_engine_pcap) {
		run->figures.unknown = measure_check_unknown(run->check);
		run->figures.difference = measure_check_difference(run->check);
	}
	if (alone)
		run->seconds_ns =
			run->figures.all.counts.last_ns - run->figures.all.counts.first_ns;
	else
		count_refused(run);
	return rc;
}

int measure_run_go(struct measure_run *run)
{
	int rc = 0, sending = 0;

	run->seen_received = run->seen_ns = run->least_ns = 0;
	if (run->receiver)
		rc = measure_receiver_start(run->receiver, &run->failure);
	if (rc < 0)
		return rc;
	if (run->options->mode != MEASURE_RECEIVE)
		sending = send_all(run);
	if (run->receiver && run->options->mode != MEASURE_RECEIVE)
		measure_receiver_expect(run->receiver, run->outcome.report.stats.sent);
	if (run->receiver)
		rc = receive_all(run);
	return sending < 0 ? sending : rc;
}

void measure_run_close(struct measure_run *run)
{
	transmit_close(&run->transmit, NULL);
	measure_receiver_close(run->receiver);
	measure_check_free(run->check);
	measure_result_fini(&run->result);
	transmit_outcome_fini(&run->outcome);
	come_back(run, NULL);
	run->receiver = NULL;
	run->check = NULL;
}
