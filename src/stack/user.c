/* The stack over frames of our own: its loop, and what all its parts share. */
#include "stack/user.h"

#include "base/random.h"
#include "link/pcapfile.h"
#include "stack/ground.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <unistd.h>

#define PORTS		 65536U
#define SCRATCH		 (128U * 1024U)
#define MILLISECOND	 1000000UL
#define RECEIVES_A_ROUND 4 /* then timers and output have their turn */

static const struct stack_protocol *const protocols[PROTOCOLS] = { &stack_udp, &stack_tcp };

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

static void look_at_clock(struct user_stack *stack)
{
	stack->now = stack->clock->now(stack->clock->context);
}

void ground_fail(struct user_stack *stack, const struct err *err)
{
	if (stack->failure.kind == ERR_NONE)
		stack->failure = *err;
}

const struct interface *ground_interface(struct user_stack *stack, int index, struct err *err)
{
	struct interface_entry *entry = stack->interfaces;

	while (entry && entry->interface.index != index)
		entry = entry->next;
	if (entry)
		return &entry->interface;
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

/* ---- The record and the trace. */

static void see(
	struct user_stack *stack, bool out, int interface, const uint8_t *octets, size_t length)
{
	struct err err;

	if (stack->config.trace) {
		const struct stack_trace trace = { out, stack->now, interface, octets, length };

		stack->config.trace(stack->config.trace_context, &trace);
	}
	if (stack->record && pcapfile_write(stack->record, clock_wall(), octets, (uint32_t)length,
				     (uint32_t)length, &err))
		ground_fail(stack, &err);
}

static bool is_watched(const struct user_stack *stack)
{
	return stack->config.trace || stack->record;
}

void ground_seen(struct user_stack *stack, const struct outside_message *message)
{
	size_t length = 0;

	if (!is_watched(stack))
		return;
	if (message->loopback) { /* as lo has it */
		memset(stack->scratch, 0, ETH_HEADER);
		stack->scratch[12] = message->address_length == 4 ? 0x08 : 0x86;
		stack->scratch[13] = message->address_length == 4 ? 0x00 : 0xdd;
		length = ETH_HEADER;
	}
	for (unsigned int i = 0; i < message->count; i++) {
		const struct iovec *part = &message->parts[i];

		if (part->iov_len > SCRATCH - length)
			return;
		memcpy(stack->scratch + length, part->iov_base, part->iov_len);
		length += part->iov_len;
	}
	see(stack, true, message->interface, stack->scratch, length);
}

void ground_heard(struct user_stack *stack, const struct outside_frame *frame)
{
	if (is_watched(stack))
		see(stack, false, frame->interface, frame->octets, frame->length);
}

bool ground_tell(struct user_stack *stack, uint8_t protocol, const struct stack_error *error)
{
	for (int i = 0; i < PROTOCOLS; i++)
		if (stack->protocols[i].protocol &&
			stack->protocols[i].protocol->number == protocol)
			return stack->protocols[i].protocol->error(
				stack->protocols[i].state, error);
	return false;
}

/* ---- The loop. */

/* true: there may be more. */
static bool take_input(struct user_stack *stack)
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
	for (int i = 0; i < count; i++)
		ground_input(stack, &frames[i]);
	return count == OUTSIDE_RECEIVE_MAX;
}

static void run_timers(struct user_stack *stack)
{
	hops_run(stack);
	stack->counters.reassembly_failed += reassembly_expire(stack->reassembly, stack->now);
	for (int i = 0; i < PROTOCOLS; i++)
		if (stack->protocols[i].protocol)
			stack->protocols[i].protocol->run(stack->protocols[i].state, stack->now);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t next_deadline(const struct user_stack *stack)
{
	uint64_t deadline = earlier(hops_deadline(stack), reassembly_deadline(stack->reassembly));

	for (int i = 0; i < PROTOCOLS; i++)
		if (stack->protocols[i].protocol)
			deadline = earlier(deadline,
				stack->protocols[i].protocol->deadline(stack->protocols[i].state));
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
	look_at_clock(stack);
	for (int i = 0; i < RECEIVES_A_ROUND && take_input(stack); i++)
		;
	run_timers(stack);
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

static int user_wait(struct stack *base, int timeout_ms, struct err *err)
{
	struct user_stack *stack = user_of(base);
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
	do {
		sleep_for_input(stack, deadline);
		look_at_clock(stack);
		take_input(stack);
	} while (stack->now < deadline && stack->failure.kind == ERR_NONE);
}

static size_t user_descriptors(
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

static void user_wake(struct stack *base)
{
	uint64_t one = 1;

	/* Only full can it fail, and then it wakes all the same. */
	if (write(user_of(base)->wake, &one, sizeof(one)) < 0)
		return;
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

/* What waits for a MAC is yet to leave, too. */
static size_t user_ending(const struct stack *base)
{
	const struct user_stack *stack = (const struct user_stack *)base;
	size_t count = stack->hops.pending + stack->batch.count;

	for (int i = 0; i < PROTOCOLS; i++)
		if (stack->protocols[i].protocol)
			count += stack->protocols[i].protocol->ending(stack->protocols[i].state);
	return count;
}

static int user_socket(
	struct socket **ret, struct stack *base, enum socket_kind kind, struct err *err)
{
	struct user_stack *stack = user_of(base);

	for (int i = 0; i < PROTOCOLS; i++)
		if (stack->protocols[i].protocol && stack->protocols[i].protocol->kind == kind)
			return stack->protocols[i].protocol->socket(
				ret, stack->protocols[i].state, err);
	return err_system(err, EPROTONOSUPPORT, "no sockets of this kind");
}

/* ---- Its beginning and end. */

static int user_close(struct stack *base, struct err *err)
{
	struct user_stack *stack = user_of(base);
	int r;

	if (stack->routes.buckets)
		user_flush(stack);
	for (int i = 0; i < PROTOCOLS; i++)
		if (stack->protocols[i].protocol)
			stack->protocols[i].protocol->close(stack->protocols[i].state);
	hops_free(stack);
	tuple_table_fini(&stack->routes);
	while (stack->interfaces) {
		struct interface_entry *entry = stack->interfaces;

		stack->interfaces = entry->next;
		free(entry);
	}
	reassembly_free(stack->reassembly);
	r = pcapfile_close(stack->record, err);
	stack->outside->ops->close(stack->outside);
	if (stack->wake >= 0)
		close(stack->wake);
	free(stack->guards);
	free(stack->scratch);
	free(stack);
	return r;
}

static const struct stack_ops user_ops = {
	.name = "user",
	.close = user_close,
	.wait = user_wait,
	.descriptors = user_descriptors,
	.wake = user_wake,
	.counters = user_counters,
	.ending = user_ending,
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
	stack->guards = calloc(PORTS, sizeof(struct stack_guard *));
	stack->scratch = malloc(SCRATCH);
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
	for (int i = 0; i < PROTOCOLS; i++) {
		int r;

		if (!protocols[i])
			continue;
		r = protocols[i]->open(&stack->protocols[i].state, stack, err);
		if (r)
			return r;
		stack->protocols[i].protocol = protocols[i];
	}
	return 0;
}

static void take_source(struct user_stack *stack, const struct stack_config *config)
{
	uint64_t drawn = user_random(stack);

	stack->own.on = true;
	stack->own.length = config->source->length;
	memcpy(stack->own.address, config->source->octets, sizeof(stack->own.address));
	if (config->source_mac) {
		memcpy(stack->own.mac, config->source_mac, sizeof(stack->own.mac));
		return;
	}
	memcpy(stack->own.mac, &drawn, sizeof(stack->own.mac));
	stack->own.mac[0] = 0x02; /* locally administered, one device's: IEEE 802 8.4 */
}

static int open_own(struct user_stack *stack, struct err *err)
{
	const struct outside_ops *ops = stack->outside->ops;
	uint8_t group[6];
	int r;

	if (address_look_up(stack, stack->own.address, stack->own.length)->local)
		return err_input(err, NULL,
			"--source-ip is an address of this host; leave it "
			"out, and the kernel is kept silent");
	r = ops->join(stack->outside, stack->only, stack->own.mac, err);
	resolution_group_mac(stack->own.address, group);
	if (!r && stack->own.length == 16)
		r = ops->join(stack->outside, stack->only, group, err);
	return r ? r : own_claim(stack, err);
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
	look_at_clock(stack);
	if (config->record)
		r = pcapfile_create(&stack->record, config->record, false, err);
	if (!r)
		r = open_protocols(stack, err);
	if (!r && config->source) {
		take_source(stack, config);
		r = open_own(stack, err);
	}
	return r;
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
	struct outside_config how = { .plain = config->wrap != NULL };
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
