/* The wait for sockets and descriptors. */
#include "cli/sockets/sockets.h"

#include "base/clock.h"
#include "base/err.h"

#include <errno.h>
#include <sched.h>

/* A peer on the same link answers within some 10 us, and to be woken costs as much again: whoever
 * has just moved octets looks for so long whether more come, and lets others run meanwhile. */
#define SPIN_NS 50000U

/* true: one is ready. */
static bool look(struct pollfd *fds, size_t count)
{
	return count && poll(fds, count, 0) > 0;
}

/* Until something is there that may be of interest. 1: there is; 0: not yet; -errno. */
static int spin(struct stack *stack, struct pollfd *fds, size_t count, struct err *err)
{
	uint64_t frames = stack_frames(stack), end = 0, now;

	for (;;) {
		int rc = stack_wait(stack, 0, err);

		if (rc < 0)
			return rc;
		/* What came or went may have made room, of which there is news only for who met
		 * -EAGAIN. */
		if (look(fds, count) || rc || stack_frames(stack) != frames)
			return 1;
		now = clock_system.now(NULL);
		if (!end)
			end = now + SPIN_NS;
		if (now >= end)
			return 0;
		sched_yield();
	}
}

int sockets_wait(
	struct stack *stack, struct pollfd *fds, size_t count, int timeout_ms, struct err *err)
{
	struct pollfd *own = fds + SOCKETS_STACK_FDS;
	size_t stack_count, i;
	int stack_ms, rc;

	for (i = SOCKETS_STACK_FDS; i < count; i++)
		fds[i].revents = 0;
	rc = spin(stack, own, count - SOCKETS_STACK_FDS, err);
	if (rc)
		return rc < 0 ? rc : 0;
	stack_count = stack_descriptors(stack, fds, SOCKETS_STACK_FDS, &stack_ms);
	for (i = stack_count; i < SOCKETS_STACK_FDS; i++)
		fds[i] = (struct pollfd){ .fd = -1 }; /* which poll passes over */
	if (stack_ms < 0 || stack_ms > timeout_ms)
		stack_ms = timeout_ms;
	if (poll(fds, count, stack_ms) < 0 && errno != EINTR)
		return err_system(err, errno, "cannot wait");
	rc = stack_wait(stack, 0, err);
	return rc < 0 ? rc : 0;
}
