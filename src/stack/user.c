/* The stack over frames of our own: its beginning and end, and what all its parts share. */
#include "stack/user.h"

#include "base/random.h"
#include "link/pcapfile.h"
#include "stack/ground.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

static const struct stack_protocol *const protocols[GROUND_PROTOCOLS] = { &stack_udp, &stack_tcp };

static struct user_stack *user_of(struct stack *stack)
{
	return (struct user_stack *)stack;
}

uint64_t user_now(const struct user_stack *stack)
{
	return stack->now;
}

uint64_t user_random(struct user_stack *stack)
{
	return random_at(stack->key, stack->drawn++);
}

const struct stack_config *user_config(const struct user_stack *stack)
{
	return &stack->config;
}

const uint8_t *user_own_address(const struct user_stack *stack, uint8_t length)
{
	return stack->own.on && stack->own.length == length ? stack->own.address : NULL;
}

struct stack_address stack_packet_sender(const struct stack_packet *packet, uint16_t port)
{
	struct stack_address sender = { .length = packet->address_length, .port = port };

	memcpy(sender.octets, packet->source, packet->address_length);
	if (ip_is_link_local(packet->source, packet->address_length))
		sender.scope = (uint32_t)packet->interface;
	return sender;
}

void ground_look_at_clock(struct user_stack *stack)
{
	stack->now = stack->clock->now(stack->clock->context);
}

void ground_fail(struct user_stack *stack, const struct err *err)
{
	if (stack->failure.kind == ERR_NONE)
		stack->failure = *err;
}

/* One that was down may be up by now, and pointers to what is known of it are out: in its place. */
static void look_again(struct user_stack *stack, struct interface *known)
{
	struct interface now;
	struct err err;

	if (!(known->flags & IFF_UP) &&
		!stack->outside->ops->interface(stack->outside, known->index, &now, &err))
		*known = now;
}

const struct interface *ground_interface(struct user_stack *stack, int index, struct err *err)
{
	struct interface_entry *entry = stack->interfaces;

	while (entry && entry->interface.index != index)
		entry = entry->next;
	if (entry) {
		look_again(stack, &entry->interface);
		return &entry->interface;
	}
	entry = calloc(1, sizeof(*entry));
	if (!entry) {
		err_system(err, ENOMEM, "no memory for the facts of an interface");
		return NULL;
	}
	if (stack->outside->ops->interface(stack->outside, index, &entry->interface, err)) {
		free(entry);
		return NULL;
	}
	entry->next = stack->interfaces;
	stack->interfaces = entry;
	return &entry->interface;
}

void ground_look_at_interfaces(struct user_stack *stack)
{
	struct interface_entry *entry;

	for (entry = stack->interfaces; entry; entry = entry->next) {
		struct interface *known = &entry->interface, now;
		struct err err;

		if (stack->outside->ops->interface(stack->outside, known->index, &now, &err) ||
			now.mtu == known->mtu)
			continue;
		known->mtu = now.mtu;
		routes_fit(stack, known);
	}
}

const struct spoken *ground_protocol(const struct user_stack *stack, uint8_t number)
{
	for (unsigned int i = 0; i < stack->spoken_count; i++)
		if (stack->spoken[i].protocol->number == number)
			return &stack->spoken[i];
	return NULL;
}

bool ground_tell(struct user_stack *stack, uint8_t protocol, const struct stack_error *error)
{
	const struct spoken *spoken = ground_protocol(stack, protocol);

	return spoken && spoken->protocol->error(spoken->state, error);
}

static void user_counters(struct stack *base, struct stack_counters *ret)
{
	struct user_stack *stack = user_of(base);

	*ret = stack->counters;
	ret->frames_out -= stack->failures.count;
	ret->send_failures = stack->failures.count;
	ret->send_error = stack->failures.error;
	ret->frames_dropped = stack->outside->ops->dropped(stack->outside);
}

static uint64_t user_frames(const struct stack *base)
{
	const struct user_stack *stack = (const struct user_stack *)base;

	return stack->counters.frames_in + stack->counters.frames_out;
}

/* What waits for a MAC is yet to leave, too. */
static size_t user_ending(const struct stack *base)
{
	const struct user_stack *stack = (const struct user_stack *)base;
	size_t count = stack->hops.pending + stack->batch.count;

	for (unsigned int i = 0; i < stack->spoken_count; i++)
		count += stack->spoken[i].protocol->ending(stack->spoken[i].state);
	return count;
}

static void user_silent_hop(const struct stack *base, struct stack_address *ret)
{
	*ret = ((const struct user_stack *)base)->silent;
}

static size_t user_unacknowledged(const struct stack *base, uint64_t *ret_lost)
{
	const struct user_stack *stack = (const struct user_stack *)base;
	size_t octets = 0;

	for (unsigned int i = 0; i < stack->spoken_count; i++) {
		const struct spoken *spoken = &stack->spoken[i];

		if (spoken->protocol->unacknowledged)
			octets += spoken->protocol->unacknowledged(spoken->state, ret_lost);
	}
	return octets;
}

static int user_socket(
	struct socket **ret, struct stack *base, enum socket_kind kind, struct err *err)
{
	struct user_stack *stack = user_of(base);

	for (unsigned int i = 0; i < stack->spoken_count; i++)
		if (stack->spoken[i].protocol->kind == kind)
			return stack->spoken[i].protocol->socket(ret, stack->spoken[i].state, err);
	return err_system(err, EPROTONOSUPPORT, "no sockets of this kind");
}

/* ---- Its beginning and end. */

static int user_close(struct stack *base, struct err *err)
{
	struct user_stack *stack = user_of(base);
	int r;

	if (stack->routes.buckets)
		user_flush(stack);
	for (unsigned int i = 0; i < stack->spoken_count; i++)
		stack->spoken[i].protocol->close(stack->spoken[i].state);
	hops_free(stack);
	tuple_table_fini(&stack->routes);
	while (stack->interfaces) {
		struct interface_entry *entry = stack->interfaces;

		stack->interfaces = entry->next;
		free(entry);
	}
	reassembly_free(stack->reassembly);
	free(stack->lower.indexes);
	r = pcapfile_close(stack->record, err);
	stack->outside->ops->close(stack->outside);
	if (stack->wake >= 0)
		close(stack->wake);
	free(stack->guards);
	free(stack->ports);
	free(stack->scratch);
	free(stack);
	return r;
}

static const struct stack_ops user_ops = {
	.name = "user",
	.close = user_close,
	.wait = ground_wait,
	.descriptors = ground_descriptors,
	.wake = ground_wake,
	.counters = user_counters,
	.frames = user_frames,
	.ending = user_ending,
	.silent_hop = user_silent_hop,
	.unacknowledged = user_unacknowledged,
	.open = user_socket,
};

static int draw_seed(const struct stack_config *config, uint64_t *ret, struct err *err)
{
	*ret = config->seed;
	if (!config->seed && getrandom(ret, sizeof(*ret), 0) != sizeof(*ret))
		return err_system(err, errno, "no random numbers");
	return 0;
}

static int allocate(struct user_stack *stack)
{
	int r;

	/* The pages of ports that nobody uses are never touched. */
	stack->guards = calloc(GROUND_PORTS, sizeof(struct stack_guard *));
	stack->scratch = malloc(GROUND_SCRATCH);
	stack->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!stack->guards || !stack->scratch)
		return -ENOMEM;
	if (stack->wake < 0)
		return -errno;
	r = reassembly_new(&stack->reassembly);
	return r ? r : tuple_table_init(&stack->routes, user_random(stack));
}

static int open_protocols(struct user_stack *stack, struct err *err)
{
	for (unsigned int i = 0; i < GROUND_PROTOCOLS; i++) {
		struct spoken *spoken = &stack->spoken[i];
		int r = protocols[i]->open(&spoken->state, stack, err);

		if (r)
			return r;
		spoken->protocol = protocols[i];
		stack->spoken_count++;
	}
	return 0;
}

static int open_all(struct user_stack *stack, const struct stack_config *config, struct err *err)
{
	uint64_t seed;
	int r = draw_seed(config, &seed, err);

	if (r)
		return r;
	stack->key = random_key(seed, "stack");
	stack->ip_id = (uint32_t)user_random(stack);
	r = allocate(stack);
	if (r)
		return err_system(err, -r, "no memory for a stack");
	ground_look_at_clock(stack);
	if (config->record)
		r = pcapfile_create(&stack->record, config->record, false, err);
	if (!r)
		r = open_protocols(stack, err);
	return r ? r : own_open(stack, err);
}

int user_open(struct stack **ret, const struct stack_config *config, struct outside *outside,
	int interface, struct err *err)
{
	struct user_stack *stack = calloc(1, sizeof(*stack));
	int r;

	if (!stack) {
		outside->ops->close(outside);
		return err_system(err, ENOMEM, "no memory for a stack");
	}
	stack_init(&stack->base, &user_ops);
	stack->config = *config;
	stack->clock = config->clock ? config->clock : &clock_system;
	stack->outside = outside;
	hops_init(&stack->hops);
	stack->wake = -1;
	stack->only = interface;
	r = open_all(stack, config, err);
	if (r) {
		user_close(&stack->base, NULL);
		return r;
	}
	*ret = &stack->base;
	return 0;
}

int stack_open(struct stack **ret, const struct stack_config *config, struct err *err)
{
	struct outside_config how = { .plain = config->wrap != NULL, .guards = !config->source };
	struct interface interface;
	struct outside *outside;
	int r;

	if (config->wrap && !config->interface)
		return err_input(
			err, NULL, "outer layers want the interface that they leave by (-i)");
	if (config->source && !config->interface)
		return err_input(err, NULL, "--source-ip wants the interface that it is on (-i)");
	if (config->interface) {
		r = interface_read(config->interface, &interface, err);
		if (r)
			return r;
		how.interface = interface.index;
	}
	r = outside_open(&outside, &how, err);
	return r ? r : user_open(ret, config, outside, how.interface, err);
}
