/* world.h: what stands around a stack in memory: one Ethernet interface, no kernel, no real wait.
 * The frames are the test's own. */
#ifndef SUPPORT_WORLD_H
#define SUPPORT_WORLD_H

#include "base/clock.h"
#include "stack/outside.h"
#include "stack/socket.h"

#include <stdint.h>

enum { SUPPORT_INDEX = 7 }; /* the interface's */

/* First in a struct of the test's, which its ops come back to by a cast. */
struct support_world {
	struct outside outside;
	struct outside_ops ops;
	struct clock clock; /* each look takes 100 ms, so that waits end without anybody waiting */
	uint64_t now;
	uint32_t mtu; /* [1500] */
};

/* own: the test's receive and send, and route, neighbour and check where it has some; else all
 * destinations are on the link, and no MAC is known. Its close frees nothing: the world is the
 * test's. */
void support_world_init(struct support_world *world, const struct outside_ops *own);

/* The same with a stack in it, at an address of its own; the test closes it. */
struct stack *support_world_stack(struct support_world *world, const struct outside_ops *own,
	const struct stack_address *source, const uint8_t mac[6]);

#endif
