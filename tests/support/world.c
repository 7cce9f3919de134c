/* An interface in memory, for a stack. */
#include "stack/user.h"
#include "base/err.h"
#include "world.h"

#include <errno.h>
#include <net/if_arp.h>

static int world_descriptor(const struct outside *outside)
{
	(void)outside;
	return -1;
}

static int world_interface(
	struct outside *outside, int index, struct interface *ret, struct err *err)
{
	(void)err;
	*ret = (struct interface){ .name = "memory",
		.index = index,
		.flags = IFF_UP,
		.mtu = ((const struct support_world *)outside)->mtu,
		.arp_type = ARPHRD_ETHER,
		.has_mac = true };
	return 0;
}

static int world_route(struct outside *outside, int index, const uint8_t *destination,
	size_t length, struct interface_route *ret, struct err *err)
{
	(void)outside;
	(void)destination;
	(void)length;
	(void)err;
	*ret = (struct interface_route){ .index = index ? index : SUPPORT_INDEX };
	return 0;
}

static int world_neighbour(struct outside *outside, const struct interface *interface,
	const uint8_t *hop, size_t length, uint8_t ret_mac[6])
{
	(void)outside;
	(void)interface;
	(void)hop;
	(void)length;
	(void)ret_mac;
	return -ENOENT;
}

static int world_join(struct outside *outside, int interface, const uint8_t mac[6], struct err *err)
{
	(void)outside;
	(void)interface;
	(void)mac;
	(void)err;
	return 0;
}

static uint64_t world_dropped(struct outside *outside)
{
	(void)outside;
	return 0;
}

/* It is the test's. */
static void world_close(struct outside *outside)
{
	(void)outside;
}

static uint64_t world_now(void *context)
{
	return ((struct support_world *)context)->now += 100000000;
}

void support_world_init(struct support_world *world, const struct outside_ops *own)
{
	*world = (struct support_world){
		.outside = { &world->ops },
		.ops = { .receive = own->receive,
			.send = own->send,
			.descriptor = world_descriptor,
			.interface = world_interface,
			.route = own->route ? own->route : world_route,
			.neighbour = own->neighbour ? own->neighbour : world_neighbour,
			.join = world_join,
			.check = own->check,
			.dropped = world_dropped,
			.close = world_close },
		.clock = { .now = world_now, .context = world },
		.mtu = 1500,
	};
}

struct stack *support_world_stack(struct support_world *world, const struct outside_ops *own,
	const struct stack_address *source, const uint8_t mac[6])
{
	const struct stack_config config = {
		.source = source, .source_mac = mac, .clock = &world->clock, .seed = 1
	};
	struct stack *stack = NULL;
	struct err err = { 0 };

	support_world_init(world, own);
	return user_open(&stack, &config, &world->outside, SUPPORT_INDEX, &err) ? NULL : stack;
}
