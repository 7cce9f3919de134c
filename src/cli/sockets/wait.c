/* The wait for sockets and descriptors. */
#include "cli/sockets/sockets.h"

#include "base/clock.h"

#include <sched.h>

/* A peer on the same link answers within some 10 us, and to be woken costs as much again: whoever
 * has just moved octets looks for so long whether more come, and lets others run meanwhile. */
#define SPIN_NS 50000U

int sockets_poll(struct pollfd *fds, size_t count, int timeout_ms)
{
	uint64_t end = clock_system.now(NULL) + SPIN_NS;
	int ready = poll(fds, count, 0);

	while (!ready && timeout_ms && clock_system.now(NULL) < end) {
		sched_yield();
		ready = poll(fds, count, 0);
	}
	return ready || !timeout_ms ? ready : poll(fds, count, timeout_ms);
}
