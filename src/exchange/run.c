/* Plays a script: what is sent, and its steps in turn. */
#include "exchange/run_internal.h"

#include "exchange/answer.h"
#include "exchange/send.h"
#include "frame/build.h"

#include <errno.h>
#include <string.h>

uint64_t run_now(const struct run *run)
{
	return run->world->now(run->world->context) - run->start;
}

uint64_t run_after(uint64_t then, uint64_t ns)
{
	const uint64_t most = UINT64_MAX / 4;

	return then + (ns < most ? ns : most);
}

bool run_stopped(const struct run *run)
{
	return run->world->stopped && run->world->stopped(run->world->context);
}

/* ---- what happened ---- */

static int event_add(struct run *run, const struct exchange_event *event, struct err *err)
{
	if (run->count == EXCHANGE_FRAMES_MAX || event->length > EXCHANGE_OCTETS_MAX - run->octets)
		return err_result(err, "%s: more frames than a script may have (%u, or %u MiB)",
			run->script->file, EXCHANGE_FRAMES_MAX, EXCHANGE_OCTETS_MAX >> 20);
	if (run->count == run->room) {
		unsigned int room = run->room ? 2 * run->room : 64;
		struct exchange_event *events = arena_alloc(run->arena, room * sizeof(*events));

		if (run->count)
			memcpy(events, run->events, run->count * sizeof(*events));
		run->events = events;
		run->room = room;
	}
	run->events[run->count] = *event;
	run->events[run->count++].octets = arena_copy(run->arena, event->octets, event->length);
	run->octets += event->length;
	return 0;
}

void run_dissect(struct run *run, const struct exchange_event *event, struct frame_view *ret)
{
	arena_reset(&run->scratch);
	frame_dissect(
		&run->scratch, &wire_eth, event->octets, event->length, DISSECT_FCS_ABSENT, ret);
}

static int send_octets(
	struct run *run, const struct exchange_event *event, bool own_fcs, struct err *err)
{
	int r = event_add(run, event, err);

	return r ? r
		 : run->world->send(run->world->context, event->port, event->octets, event->length,
			   own_fcs, err);
}

/* Who asks for an address is answered at once, whatever the step. */
static int answer(
	struct run *run, unsigned int port, const struct exchange_event *event, struct err *err)
{
	const struct exchange_world *world = run->world;
	const uint8_t *mac = world->mac ? world->mac(world->context, port) : NULL;
	struct exchange_event reply = {
		.kind = EXCHANGE_SENT, .fate = EXCHANGE_ANSWER, .port = port
	};
	struct frame_view view;

	if (!mac || run->script->quiet)
		return 0;
	run_dissect(run, event, &view);
	if (!answer_make(&run->scratch, &view, mac, &reply.octets, &reply.length))
		return 0;
	reply.time_ns = run_now(run);
	return send_octets(run, &reply, false, err);
}

int run_receive(struct run *run, uint64_t deadline, struct err *err)
{
	const struct exchange_world *world = run->world;
	struct exchange_frame frame;
	struct exchange_event event;
	int r = world->receive(world->context, run->start + deadline, &frame, err);

	if (r <= 0)
		return r;
	event = (struct exchange_event){
		.kind = EXCHANGE_ARRIVED,
		.port = frame.port,
		.time_ns = frame.time_ns > run->start ? frame.time_ns - run->start : 0,
		.octets = frame.octets,
		.length = frame.length,
	};
	r = event_add(run, &event, err);
	if (!r)
		r = answer(run, frame.port, &run->events[run->count - 1], err);
	return r ? r : 1;
}

int run_fail(struct run *run, const struct script_step *step, enum exchange_verdict verdict,
	uint64_t begun)
{
	run->out->verdict = verdict;
	run->out->failed = step;
	run->out->turn = run->turn;
	run->out->begun_ns = begun;
	run->out->ended_ns = run_now(run);
	return 0;
}

/* ---- wait ---- */

static int wait_for(struct run *run, const struct script_step *step, struct err *err)
{
	const uint64_t begun = run_now(run);
	const uint64_t deadline = run_after(begun, step->ns);

	while (run_now(run) < deadline) {
		int r;

		if (run_stopped(run))
			return run_fail(run, step, EXCHANGE_STOPPED, begun);
		r = run_receive(run, deadline, err);
		if (r < 0)
			return r;
	}
	return 0;
}

/* ---- send ---- */

static int send_one(void *context, const struct script_step *step, const uint8_t *octets,
	uint32_t length, bool own_fcs, struct err *err)
{
	struct run *run = context;
	const struct exchange_event event = {
		.kind = EXCHANGE_SENT,
		.step = step,
		.port = step->port,
		.time_ns = run_now(run),
		.octets = octets,
		.length = length,
	};

	return send_octets(run, &event, own_fcs, err);
}

static int send_frames(struct run *run, const struct script_step *step, struct err *err)
{
	const struct exchange_sending sending = {
		.step = step,
		.values = run->out->values,
		.seed = run->seed,
		.turn = run->turns[step->number - 1]++,
		.send = send_one,
		.context = run,
	};
	struct arena arena;
	int r;

	arena_init(&arena);
	r = exchange_send(&arena, &sending, &run->out->err);
	arena_fini(&arena);
	if (r && run->out->err.kind == ERR_INPUT)
		return run_fail(run, step, EXCHANGE_UNSENT, run_now(run));
	if (r && err)
		*err = run->out->err;
	return r;
}

/* ---- steps ---- */

static int steps_run(
	struct run *run, const struct script_step *steps, unsigned int count, struct err *err);

/* Names that begin in the steps are forgotten at each turn's start. */
static int repeat(struct run *run, const struct script_step *step, struct err *err)
{
	const unsigned int outer = run->turn;
	int r = 0;

	for (unsigned int i = 0; i < step->times && !r && !run->out->verdict; i++) {
		for (unsigned int name = step->first_name; name < step->end_name; name++)
			run->out->values[name].known = false;
		run->turn = i + 1;
		r = steps_run(run, step->steps, step->step_count, err);
	}
	run->turn = outer;
	return r;
}

static int step_run(struct run *run, const struct script_step *step, struct err *err)
{
	if (run_stopped(run))
		return run_fail(run, step, EXCHANGE_STOPPED, run_now(run));
	switch (step->kind) {
	case SCRIPT_SEND:
		return send_frames(run, step, err);
	case SCRIPT_EXPECT:
		return run_expect(run, step, err);
	case SCRIPT_EXPECT_NONE:
		return run_expect_none(run, step, err);
	case SCRIPT_WAIT:
		return wait_for(run, step, err);
	case SCRIPT_REPEAT:
		return repeat(run, step, err);
	}
	return -EINVAL;
}

static int steps_run(
	struct run *run, const struct script_step *steps, unsigned int count, struct err *err)
{
	int r = 0;

	for (unsigned int i = 0; i < count && !r && !run->out->verdict; i++)
		r = step_run(run, &steps[i], err);
	return r;
}

/* Strict: what came behind the last that was expected is a failure too. */
static void rest_check(struct run *run)
{
	for (unsigned int port = 0; port < run->script->port_count; port++) {
		unsigned int next = run->next[port];

		for (; run_waits(run, port, UINT64_MAX, &next); next++) {
			if (run_is_background(run, next))
				continue;
			run->events[next].fate = EXCHANGE_UNWANTED;
			run->out->nearest = (int)next;
			run_fail(run, NULL, EXCHANGE_UNEXPECTED, run_now(run));
			return;
		}
	}
}

int exchange_run(struct arena *arena, const struct script *script,
	const struct exchange_world *world, uint64_t seed, struct exchange_result *ret,
	struct err *err)
{
	struct run run = {
		.arena = arena,
		.script = script,
		.world = world,
		.out = ret,
		.start = world->now(world->context),
		.seed = seed,
	};
	int r;

	*ret = (struct exchange_result){ .nearest = -1, .value_count = script->name_count };
	ret->values = arena_alloc(arena, script->name_count * sizeof(*ret->values));
	run.turns = arena_alloc(arena, script->step_total * sizeof(*run.turns));
	arena_init(&run.scratch);
	r = steps_run(&run, script->steps, script->step_count, err);
	if (!r && !ret->verdict && script->strict)
		rest_check(&run);
	arena_fini(&run.scratch);
	ret->ns = run_now(&run);
	ret->events = run.events;
	ret->event_count = run.count;
	return r;
}

void exchange_result_fini(struct exchange_result *result)
{
	pattern_values_fini(result->values, result->value_count);
}
