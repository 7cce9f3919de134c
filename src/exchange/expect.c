/* Waits for frames that are to come, or not to. */
#include "exchange/run_internal.h"

#include "exchange/answer.h"
#include "frame/build.h"

/* ---- the nearest ---- */

static void nearest_is(struct run *run, const struct script_step *step, unsigned int index)
{
	struct exchange_result *out = run->out;

	out->nearest = (int)index;
	run->events[index].step = step;
	frame_dissect(run->arena, &wire_eth, run->events[index].octets, run->events[index].length,
		DISSECT_FCS_ABSENT, &out->nearest_view);
	pattern_compare(
		run->arena, step->frames, &out->nearest_view, out->values, &out->comparison);
}

/* Of the frames from first on, that which differs least; of equal ones the last. */
static void nearest_find(struct run *run, const struct script_step *step, unsigned int first)
{
	unsigned int least = 0;
	unsigned int same = 0;
	int nearest = -1;

	for (unsigned int i = first; i < run->count; i++) {
		struct pattern_comparison comparison;
		struct frame_view view;

		if (run->events[i].kind != EXCHANGE_ARRIVED || run->events[i].port != step->port ||
			run->events[i].fate == EXCHANGE_TAKEN)
			continue;
		run_dissect(run, &run->events[i], &view);
		pattern_compare(&run->scratch, step->frames, &view, run->out->values, &comparison);
		if (!comparison.same) /* it has nothing of what is expected */
			continue;
		if (nearest >= 0 &&
			(comparison.differing > least ||
				(comparison.differing == least && comparison.same < same)))
			continue;
		least = comparison.differing;
		same = comparison.same;
		nearest = (int)i;
	}
	if (nearest >= 0)
		nearest_is(run, step, (unsigned int)nearest);
}

/* ---- expect ---- */

static bool fits(struct run *run, const struct script_step *step, unsigned int index)
{
	struct frame_view view;

	run_dissect(run, &run->events[index], &view);
	return pattern_match(step->frames, &view, run->out->values);
}

bool run_is_background(struct run *run, unsigned int index)
{
	struct frame_view view;

	run_dissect(run, &run->events[index], &view);
	return answer_is_background(&view);
}

bool run_waits(const struct run *run, unsigned int port, uint64_t deadline, unsigned int *index)
{
	for (; *index < run->count; (*index)++) {
		const struct exchange_event *event = &run->events[*index];

		if (event->kind == EXCHANGE_ARRIVED && event->port == port)
			return event->time_ns <= deadline;
	}
	return false;
}

/* A frame that is not the one. With strict it is a failure: 1. */
static int pass_over(
	struct run *run, const struct script_step *step, unsigned int index, uint64_t begun)
{
	run->events[index].fate = EXCHANGE_PASSED;
	if (!run->script->strict || run_is_background(run, index))
		return 0;
	run->events[index].fate = EXCHANGE_UNWANTED;
	nearest_is(run, step, index);
	run_fail(run, step, EXCHANGE_UNEXPECTED, begun);
	return 1;
}

/* 1: the step is done with, be it that it failed. */
static int expect_look(struct run *run, const struct script_step *step, uint64_t begun,
	uint64_t deadline, unsigned int *next)
{
	for (; run_waits(run, step->port, deadline, next); (*next)++) {
		struct exchange_event *event = &run->events[*next];

		if (!fits(run, step, *next)) {
			if (pass_over(run, step, *next, begun))
				return 1;
			continue;
		}
		event->fate = EXCHANGE_TAKEN;
		event->step = step;
		if (step->not_before_ns && event->time_ns < run_after(begun, step->not_before_ns)) {
			event->fate = EXCHANGE_UNWANTED;
			nearest_is(run, step, *next);
			run_fail(run, step, EXCHANGE_EARLY, begun);
		}
		(*next)++;
		return 1;
	}
	return 0;
}

/* Whether the last frame that arrived did so after the deadline: those that come now are late too.
 */
static bool is_late(const struct run *run, uint64_t deadline)
{
	for (unsigned int i = run->count; i-- > 0;)
		if (run->events[i].kind == EXCHANGE_ARRIVED)
			return run->events[i].time_ns > deadline;
	return false;
}

/* What a step does with the frames that wait from *next on and came before the deadline: 1 where it
 * is done with. */
typedef int look(struct run *run, const struct script_step *step, uint64_t begun, uint64_t deadline,
	unsigned int *next);

/* Has all frames looked at until the step's time is over: 0 then, 1 once it is done with. */
static int watch(struct run *run, const struct script_step *step, look *look_at, uint64_t begun,
	unsigned int *next, struct err *err)
{
	const uint64_t deadline = run_after(begun, step->ns);

	for (;;) {
		bool last = run_now(run) >= deadline;
		int r;

		if (look_at(run, step, begun, deadline, next))
			return 1;
		if (run_stopped(run)) {
			run_fail(run, step, EXCHANGE_STOPPED, begun);
			return 1;
		}
		r = run_receive(run, deadline, err);
		if (r < 0)
			return r;
		if (last && (!r || is_late(run, deadline)))
			return 0;
	}
}

int run_expect(struct run *run, const struct script_step *step, struct err *err)
{
	const uint64_t begun = run_now(run);
	unsigned int *next = &run->next[step->port];
	const unsigned int first = *next;
	int r = watch(run, step, expect_look, begun, next, err);

	if (r)
		return r < 0 ? r : 0;
	nearest_find(run, step, first);
	return run_fail(run, step, EXCHANGE_MISSED, begun);
}

/* ---- expect-none ---- */

static int forbid_look(struct run *run, const struct script_step *step, uint64_t begun,
	uint64_t deadline, unsigned int *next)
{
	for (; run_waits(run, step->port, deadline, next); (*next)++) {
		if (!fits(run, step, *next))
			continue;
		run->events[*next].fate = EXCHANGE_UNWANTED;
		nearest_is(run, step, *next);
		run_fail(run, step, EXCHANGE_FORBIDDEN, begun);
		return 1;
	}
	return 0;
}

/* Frames that wait stay there for the next expect. */
int run_expect_none(struct run *run, const struct script_step *step, struct err *err)
{
	unsigned int next = run->next[step->port];
	int r = watch(run, step, forbid_look, run_now(run), &next, err);

	return r < 0 ? r : 0;
}
