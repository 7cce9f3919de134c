/* The loop: frames in, timers, frames out, and the wait for more. */
#include "stack/ground.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#define MILLISECOND 1000000UL
#define CHECK_NS    1000000000UL /* how long the loss of the interface may stay unseen */

/* Then timers and output have their turn: an ACK for many small segments costs both sides as much
 * as one for few, and super-frames are many octets soon. */
#define RECEIVES_A_ROUND 16
#define OCTETS_A_ROUND	 (1U << 20)

/* true: there may be more. *octets grows by what came. */
static bool take_input(struct user_stack *stack, size_t *octets)
{
	struct outside_frame frames[OUTSIDE_RECEIVE_MAX];
	struct err err;
	int count;

	user_flush(stack);
	count = stack->outside->ops->receive(stack->outside, frames, &err);
	if (count < 0) {
		ground_fail(stack, &err);
		return false;
	}
	for (int i = 0; i < count; i++) {
		*octets += frames[i].length;
		ground_input(stack, &frames[i]);
	}
	return count == OUTSIDE_RECEIVE_MAX;
}

static void run_timers(struct user_stack *stack)
{
	hops_run(stack);
	stack->counters.reassembly_failed += reassembly_expire(stack->reassembly, stack->now);
	for (unsigned int i = 0; i < stack->spoken_count; i++)
		stack->spoken[i].protocol->run(stack->spoken[i].state, stack->now);
}

static bool may_go(const struct user_stack *stack)
{
	return stack->only && stack->outside->ops->check;
}

/* Of one that is gone who only listens would not learn otherwise. One whose MTU is lower now takes
 * no more what fitted, and nobody says so of a super-frame. */
static void look_at_interfaces(struct user_stack *stack)
{
	struct err err;

	if (stack->now < stack->check_at)
		return;
	stack->check_at = stack->now + CHECK_NS;
	if (may_go(stack) && stack->outside->ops->check(stack->outside, &err))
		ground_fail(stack, &err);
	ground_look_at_interfaces(stack);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t next_deadline(const struct user_stack *stack)
{
	uint64_t deadline = earlier(hops_deadline(stack), reassembly_deadline(stack->reassembly));

	if (may_go(stack))
		deadline = earlier(deadline, stack->check_at);
	for (unsigned int i = 0; i < stack->spoken_count; i++)
		deadline = earlier(
			deadline, stack->spoken[i].protocol->deadline(stack->spoken[i].state));
	return deadline;
}

/* Whole milliseconds until then, rounded up, so that a timer is due when the wait ends; -1: never.
 */
static int milliseconds_until(const struct user_stack *stack, uint64_t deadline)
{
	uint64_t now = stack->clock->now(stack->clock->context);

	if (deadline == UINT64_MAX)
		return -1;
	if (deadline <= now)
		return 0;
	deadline = (deadline - now + MILLISECOND - 1) / MILLISECOND;
	return deadline > INT32_MAX ? INT32_MAX : (int)deadline;
}

static void work(struct user_stack *stack)
{
	size_t octets = 0;

	ground_look_at_clock(stack);
	for (int i = 0; i < RECEIVES_A_ROUND && octets < OCTETS_A_ROUND; i++)
		if (!take_input(stack, &octets))
			break;
	run_timers(stack);
	look_at_interfaces(stack);
	user_flush(stack);
}

/* Sleeps until a frame, a wake or the deadline; true: it was woken, or a signal came. */
static bool sleep_for_input(struct user_stack *stack, uint64_t deadline)
{
	struct pollfd fds[2] = {
		{ .fd = stack->outside->ops->descriptor(stack->outside), .events = POLLIN },
		{ .fd = stack->wake, .events = POLLIN },
	};
	uint64_t count;
	int ready = poll(fds, 2, milliseconds_until(stack, deadline));

	if (ready < 0)
		return true;
	if (!(fds[1].revents & POLLIN))
		return false;
	return read(stack->wake, &count, sizeof(count)) >= 0;
}

static int failure(const struct user_stack *stack, struct err *err)
{
	if (stack->failure.kind == ERR_NONE)
		return 0;
	if (err)
		*err = stack->failure;
	return -EIO;
}

int ground_wait(struct stack *base, int timeout_ms, struct err *err)
{
	struct user_stack *stack = (struct user_stack *)base;
	uint64_t end = UINT64_MAX;
	bool woken = false;

	work(stack);
	if (timeout_ms >= 0)
		end = stack->now + (uint64_t)timeout_ms * MILLISECOND;
	while (!base->events && !woken && stack->now < end && stack->failure.kind == ERR_NONE) {
		woken = sleep_for_input(stack, earlier(end, next_deadline(stack)));
		work(stack);
	}
	return failure(stack, err);
}

void ground_listen(struct user_stack *stack, uint64_t deadline)
{
	size_t ignored = 0;

	do {
		sleep_for_input(stack, deadline);
		ground_look_at_clock(stack);
		take_input(stack, &ignored);
	} while (stack->now < deadline && stack->failure.kind == ERR_NONE);
}

size_t ground_descriptors(
	const struct stack *base, struct pollfd *ret, size_t max, int *ret_timeout_ms)
{
	const struct user_stack *stack = (const struct user_stack *)base;
	const struct pollfd fds[2] = {
		{ .fd = stack->outside->ops->descriptor(stack->outside), .events = POLLIN },
		{ .fd = stack->wake, .events = POLLIN },
	};
	size_t count = max < 2 ? max : 2;

	memcpy(ret, fds, count * sizeof(*ret));
	*ret_timeout_ms = milliseconds_until(stack, next_deadline(stack));
	return count;
}

void ground_wake(struct stack *base)
{
	uint64_t one = 1;

	/* Only full can it fail, and then it wakes all the same. */
	if (write(((struct user_stack *)base)->wake, &one, sizeof(one)) < 0)
		return;
}
