/* A stack of the kernel's own sockets: no frames of ours, no privileges. */
#include "stack/kernel.h"

#include "base/err.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS_MAX 64

static int kernel_open(
	struct socket **ret, struct stack *stack, enum socket_kind kind, struct err *err)
{
	struct kernel_socket *socket;

	if (kernel_socket_new(&socket, stack, kind) < 0)
		return err_system(err, ENOMEM, "cannot open a socket");
	*ret = &socket->base;
	return 0;
}

/* How a connect went. */
static void connected(struct kernel_socket *socket)
{
	socklen_t length = sizeof(socket->error);
	int error = 0;

	socket->connecting = false;
	if (getsockopt(socket->fd, SOL_SOCKET, SO_ERROR, &error, &length))
		error = errno;
	socket->error = -error;
}

static void take_event(struct kernel_socket *socket, uint32_t events)
{
	if (events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR))
		socket->readable = true;
	if (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) {
		if (socket->connecting)
			connected(socket);
		socket->writable = true;
	}
	socket_news(&socket->base);
}

static int kernel_wait(struct stack *base, int timeout_ms, struct err *err)
{
	struct kernel_stack *stack = (struct kernel_stack *)base;
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(stack->epoll, events, EVENTS_MAX, timeout_ms);
	int i;

	if (count < 0 && errno != EINTR)
		return err_system(err, errno, "cannot wait for sockets");
	for (i = 0; i < count; i++) {
		uint64_t ignored;

		if (events[i].data.ptr)
			take_event(events[i].data.ptr, events[i].events);
		else if (read(stack->wake, &ignored, sizeof(ignored)) < 0)
			continue; /* somebody else's wait took it */
	}
	return 0;
}

static size_t kernel_descriptors(
	const struct stack *base, struct pollfd *ret, size_t max, int *ret_timeout_ms)
{
	*ret_timeout_ms = -1;
	if (!max)
		return 0;
	*ret = (struct pollfd){ .fd = ((const struct kernel_stack *)base)->epoll,
		.events = POLLIN };
	return 1;
}

static void kernel_wake(struct stack *base)
{
	const uint64_t one = 1;

	/* EAGAIN: it is full of wake-ups already. */
	if (write(((struct kernel_stack *)base)->wake, &one, sizeof(one)) < 0)
		return;
}

/* The kernel counts its own. */
static void kernel_counters(struct stack *base, struct stack_counters *ret)
{
	(void)base;
	memset(ret, 0, sizeof(*ret));
}

/* Nor does a connection need us to end. */
static size_t kernel_ending(const struct stack *base)
{
	(void)base;
	return 0;
}

static int kernel_close(struct stack *base, struct err *err)
{
	struct kernel_stack *stack = (struct kernel_stack *)base;

	(void)err;
	if (stack->wake >= 0)
		close(stack->wake);
	if (stack->epoll >= 0)
		close(stack->epoll);
	free(stack);
	return 0;
}

static const struct stack_ops kernel_ops = {
	.name = "kernel",
	.close = kernel_close,
	.wait = kernel_wait,
	.descriptors = kernel_descriptors,
	.wake = kernel_wake,
	.counters = kernel_counters,
	.ending = kernel_ending,
	.open = kernel_open,
};

static int check(const struct stack_config *config, struct err *err)
{
	const char *what = config->source || config->source_mac ? "addresses of our own"
			   : config->wrap			? "outer layers"
			   : config->mischief			? "faults on purpose"
			   : config->record			? "a record of frames"
			   : config->trace			? "a trace of frames"
								: NULL;

	if (what)
		return err_input(
			err, NULL, "the kernel's sockets have no %s: leave out --kernel", what);
	return 0;
}

int stack_kernel_open(struct stack **ret, const struct stack_config *config, struct err *err)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct kernel_stack *stack;
	int rc = check(config, err);

	if (rc < 0)
		return rc;
	stack = calloc(1, sizeof(*stack));
	if (!stack)
		return err_system(err, ENOMEM, "cannot open sockets");
	stack_init(&stack->base, &kernel_ops);
	stack->interface = config->interface;
	stack->epoll = epoll_create1(EPOLL_CLOEXEC);
	stack->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (stack->epoll < 0 || stack->wake < 0 ||
		epoll_ctl(stack->epoll, EPOLL_CTL_ADD, stack->wake, &event)) {
		rc = err_system(err, errno, "cannot open sockets");
		kernel_close(&stack->base, NULL);
		return rc;
	}
	*ret = &stack->base;
	return 0;
}
