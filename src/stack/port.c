/* Local ports: reserved with the kernel for its addresses, in a table of ours for our own. */
#include "stack/ground.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIRST_FREE 49152U /* RFC 6335 6: dynamic ports */

/* So many packets come before the kernel is spared the next ones: it takes 10 to 20 ms to begin. */
#define DROP_AFTER 32768U

/* From so many guards on we choose free ports ourselves: once half of its range is held, the kernel
 * looks at thousands for each. So many of those that are not ours may be somebody else's. */
#define CHOOSE_FROM 4096U
#define TRIES	    64U

struct stack_guard {
	struct stack_guard *next; /* of the same port */
	struct user_stack *stack;
	unsigned int references;
	int fd; /* the kernel's; -1 of an own address */
	uint8_t protocol;
	struct stack_address local;
	unsigned int heard; /* packets with data */
	int drop;	    /* what drop_end of the outside takes; below 0: nothing */
};

static bool is_any(const struct stack_address *local)
{
	return !local->length || ip_is_zero(local->octets, local->length);
}

static bool holds(
	const struct stack_guard *guard, uint8_t protocol, const uint8_t *address, size_t length)
{
	if (guard->protocol != protocol)
		return false;
	if (!guard->local.length)
		return true;
	return guard->local.length == length &&
	       (is_any(&guard->local) || !memcmp(guard->local.octets, address, length));
}

bool port_is_ours(const struct user_stack *stack, uint8_t protocol, const uint8_t *address,
	size_t length, uint16_t port)
{
	const struct stack_guard *guard = stack->guards[port];

	while (guard && !holds(guard, protocol, address, length))
		guard = guard->next;
	return guard;
}

bool port_is_own(const struct user_stack *stack, uint8_t protocol, uint16_t port)
{
	uint8_t address[16];

	for (unsigned int i = 0; stack->guards[port] && i < stack->own.count; i++) {
		own_address(stack, i, address);
		if (port_is_ours(stack, protocol, address, stack->own.length, port))
			return true;
	}
	return false;
}

static bool is_taken(const struct user_stack *stack, uint8_t protocol,
	const struct stack_address *local, uint16_t port)
{
	return is_any(local) ? port_is_own(stack, protocol, port)
			     : port_is_ours(stack, protocol, local->octets, local->length, port);
}

/* An own address has no kernel to ask for a free port. */
static int own_port(
	struct user_stack *stack, uint8_t protocol, struct stack_address *local, struct err *err)
{
	bool any = is_any(local);

	if (local->length && (local->length != stack->own.length ||
				     (!any && !own_has(stack, local->octets, local->length))))
		return err_system(err, EADDRNOTAVAIL, "not the address of --source-ip");
	local->length = stack->own.length;
	if (any && stack->own.count == 1)
		memcpy(local->octets, stack->own.address, sizeof(local->octets));
	if (local->port)
		return is_taken(stack, protocol, local, local->port)
			       ? err_system(err, EADDRINUSE, "port %u", local->port)
			       : 0;
	for (unsigned int i = 0; i < GROUND_PORTS - FIRST_FREE; i++) {
		uint16_t port =
			(uint16_t)(FIRST_FREE + user_random(stack) % (GROUND_PORTS - FIRST_FREE));

		if (is_taken(stack, protocol, local, port))
			continue;
		local->port = port;
		return 0;
	}
	return err_system(err, EADDRINUSE, "no free port");
}

/* Of the kernel's port. */
static int guard_it(struct stack_guard *guard, struct stack_address *local, struct err *err)
{
	struct outside *outside = guard->stack->outside;
	int fd = outside->ops->guard(outside, guard->protocol, is_any(local) ? NULL : local->octets,
		local->length, local->scope, &local->port, err);

	if (fd < 0)
		return fd;
	guard->fd = fd;
	return 0;
}

static bool knows_ports(struct user_stack *stack)
{
	const struct outside_ops *ops = stack->outside->ops;

	if (stack->guard_count < CHOOSE_FROM || !ops->ports)
		return false;
	if (stack->ports)
		return true;
	stack->ports = malloc(OUTSIDE_PORTS / 8);
	if (!stack->ports || ops->ports(stack->outside, stack->ports)) {
		free(stack->ports);
		stack->ports = NULL;
	}
	return stack->ports;
}

/* As far as we know. */
static bool may_be_free(
	const struct stack_guard *asks, const struct stack_address *local, unsigned int port)
{
	const struct stack_guard *guard = asks->stack->guards[port];

	if (!(asks->stack->ports[port / 8] >> port % 8 & 1))
		return false;
	while (guard && !(guard->protocol == asks->protocol &&
				(is_any(local) || holds(guard, asks->protocol, local->octets,
							  local->length))))
		guard = guard->next;
	return !guard;
}

/* RFC 6056 3.3.1: at random, then on to the next. */
static int choose(struct stack_guard *guard, struct stack_address *local, struct err *err)
{
	struct user_stack *stack = guard->stack;

	for (unsigned int i = 0; i < TRIES; i++) {
		unsigned int port = (unsigned int)(user_random(stack) % GROUND_PORTS);
		unsigned int left = GROUND_PORTS;
		int r;

		while (left && !may_be_free(guard, local, port)) {
			port = (port + 1) % GROUND_PORTS;
			left--;
		}
		if (!left)
			break;
		local->port = (uint16_t)port;
		r = guard_it(guard, local, err);
		if (r != -EADDRINUSE)
			return r;
	}
	local->port = 0;
	return err_system(err, EADDRINUSE, "no free port");
}

static int reserve(struct stack_guard *guard, struct stack_address *local, struct err *err)
{
	struct user_stack *stack = guard->stack;

	if (stack->own.on)
		return own_port(stack, guard->protocol, local, err);
	if (!local->port && knows_ports(stack))
		return choose(guard, local, err);
	return guard_it(guard, local, err);
}

int stack_guard_open(struct stack_guard **ret, struct user_stack *stack, uint8_t protocol,
	struct stack_address *local, struct err *err)
{
	struct stack_guard *guard = calloc(1, sizeof(*guard));
	int r;

	if (!guard)
		return err_system(err, ENOMEM, "no memory for a port");
	*guard = (struct stack_guard){
		.stack = stack, .references = 1, .fd = -1, .protocol = protocol, .drop = -1
	};
	r = reserve(guard, local, err);
	if (r) {
		free(guard);
		return r;
	}
	guard->local = *local;
	guard->next = stack->guards[local->port];
	stack->guards[local->port] = guard;
	stack->guard_count++;
	*ret = guard;
	return 0;
}

struct stack_guard *stack_guard_share(struct stack_guard *guard)
{
	guard->references++;
	return guard;
}

/* Within outer layers it would not be found. */
void stack_guard_heard(struct stack_guard *guard, const struct stack_packet *packet)
{
	struct outside *outside = guard->stack->outside;

	if (guard->fd < 0 || packet->wrapped || !outside->ops->drop)
		return;
	if (guard->heard == DROP_AFTER || ++guard->heard < DROP_AFTER)
		return;
	guard->drop = outside->ops->drop(outside, packet->interface, packet->destination,
		packet->address_length, guard->local.port);
}

void stack_guard_close(struct stack_guard *guard)
{
	struct stack_guard **at;

	if (!guard || --guard->references)
		return;
	at = &guard->stack->guards[guard->local.port];
	while (*at != guard)
		at = &(*at)->next;
	*at = guard->next;
	guard->stack->guard_count--;
	if (guard->drop >= 0)
		guard->stack->outside->ops->drop_end(guard->stack->outside, guard->drop);
	if (guard->fd >= 0)
		close(guard->fd);
	free(guard);
}
