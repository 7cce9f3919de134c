/* The public calls: hands them to the ops of the stack or socket, and keeps the list of events. */
#include "stack/internal.h"
#include "flow/ip.h"

#include <errno.h>
#include <string.h>

void stack_init(struct stack *stack, const struct stack_ops *ops)
{
	*stack = (struct stack){ .ops = ops };
	stack->events_end = &stack->events;
}

void socket_init(struct socket *socket, struct stack *stack, const struct socket_ops *ops)
{
	*socket = (struct socket){ .ops = ops, .stack = stack, .next = stack->sockets };
	if (socket->next)
		socket->next->link = &socket->next;
	socket->link = &stack->sockets;
	stack->sockets = socket;
}

static void news_drop(struct socket *socket)
{
	struct stack *stack = socket->stack;

	if (!socket->event_link)
		return;
	*socket->event_link = socket->event_next;
	if (socket->event_next)
		socket->event_next->event_link = socket->event_link;
	else
		stack->events_end = socket->event_link;
	socket->event_next = NULL;
	socket->event_link = NULL;
}

void socket_unlink(struct socket *socket)
{
	if (!socket->link)
		return;
	news_drop(socket);
	*socket->link = socket->next;
	if (socket->next)
		socket->next->link = socket->link;
	socket->next = NULL;
	socket->link = NULL;
}

void socket_news(struct socket *socket)
{
	struct stack *stack = socket->stack;

	if (socket->event_link || !socket->link)
		return;
	socket->event_link = stack->events_end;
	*stack->events_end = socket;
	stack->events_end = &socket->event_next;
}

struct socket *stack_next_event(struct stack *stack)
{
	struct socket *socket = stack->events;

	if (socket)
		news_drop(socket);
	return socket;
}

int stack_wait(struct stack *stack, int timeout_ms, struct err *err)
{
	int r = stack->ops->wait(stack, stack->events ? 0 : timeout_ms, err);

	return r < 0 ? r : stack->events != NULL;
}

int stack_close(struct stack *stack, struct err *err)
{
	if (!stack)
		return 0;
	while (stack->sockets)
		socket_close(stack->sockets);
	return stack->ops->close(stack, err);
}

size_t stack_descriptors(
	const struct stack *stack, struct pollfd *ret, size_t max, int *ret_timeout_ms)
{
	size_t count = stack->ops->descriptors(stack, ret, max, ret_timeout_ms);

	if (stack->events)
		*ret_timeout_ms = 0;
	return count;
}

void stack_wake(struct stack *stack)
{
	stack->ops->wake(stack);
}

void stack_counters(struct stack *stack, struct stack_counters *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (stack->ops->counters)
		stack->ops->counters(stack, ret);
}

uint64_t stack_frames(const struct stack *stack)
{
	return stack->ops->frames ? stack->ops->frames(stack) : 0;
}

size_t stack_ending(const struct stack *stack)
{
	return stack->ops->ending ? stack->ops->ending(stack) : 0;
}

void stack_silent_hop(const struct stack *stack, struct stack_address *ret)
{
	*ret = (struct stack_address){ 0 };
	if (stack->ops->silent_hop)
		stack->ops->silent_hop(stack, ret);
}

size_t stack_unacknowledged(const struct stack *stack, uint64_t *ret_lost)
{
	*ret_lost = 0;
	return stack->ops->unacknowledged ? stack->ops->unacknowledged(stack, ret_lost) : 0;
}

int socket_open(struct socket **ret, struct stack *stack, enum socket_kind kind, struct err *err)
{
	return stack->ops->open(ret, stack, kind, err);
}

int socket_bind(struct socket *socket, const struct stack_address *local, struct err *err)
{
	return socket->ops->bind(socket, local, err);
}

/* Nobody can be sent anything at 0.0.0.0 or ::, which to a kernel say this host: who listens says
 * that it is there. */
static struct stack_address reachable(const struct stack_address *peer)
{
	struct stack_address at = *peer;

	if (!at.length || !ip_is_zero(at.octets, at.length))
		return at;
	if (at.length == 4)
		at.octets[0] = 127;
	at.octets[at.length - 1] = 1;
	return at;
}

int socket_connect(struct socket *socket, const struct stack_address *peer, struct err *err)
{
	const struct stack_address at = reachable(peer);

	return socket->ops->connect(socket, &at, err);
}

int socket_listen(struct socket *socket, int backlog, struct err *err)
{
	return socket->ops->listen ? socket->ops->listen(socket, backlog, err) : -EOPNOTSUPP;
}

int socket_accept(struct socket *listener, struct socket **ret, struct stack_address *ret_peer)
{
	return listener->ops->accept ? listener->ops->accept(listener, ret, ret_peer) : -EOPNOTSUPP;
}

ssize_t socket_send(struct socket *socket, const void *data, size_t length)
{
	return socket->ops->send(socket, data, length, 0, NULL);
}

ssize_t socket_send_from(struct socket *socket, int fd, int *ret_error)
{
	*ret_error = 0;
	return socket->ops->send_from ? socket->ops->send_from(socket, fd, ret_error) : -EOPNOTSUPP;
}

ssize_t socket_send_lent(struct socket *socket, const void *octets, size_t room, size_t length)
{
	return socket->ops->send_lent ? socket->ops->send_lent(socket, octets, room, length)
				      : -EOPNOTSUPP;
}

ssize_t socket_send_to(
	struct socket *socket, const void *data, size_t length, const struct stack_address *peer)
{
	return socket->ops->send(socket, data, length, 0, peer);
}

ssize_t socket_send_segments(struct socket *socket, const void *data, size_t length,
	uint16_t segment, const struct stack_address *peer)
{
	return socket->ops->send(socket, data, length, segment, peer);
}

ssize_t socket_receive(struct socket *socket, void *data, size_t size)
{
	return socket->ops->receive(socket, data, size, NULL);
}

ssize_t socket_receive_to(struct socket *socket, int fd, size_t most, int *ret_error)
{
	*ret_error = 0;
	return socket->ops->receive_to ? socket->ops->receive_to(socket, fd, most, ret_error)
				       : -EOPNOTSUPP;
}

ssize_t socket_receive_from(
	struct socket *socket, void *data, size_t size, struct stack_address *ret_peer)
{
	return socket->ops->receive(socket, data, size, ret_peer);
}

int socket_shutdown(struct socket *socket)
{
	return socket->ops->shutdown ? socket->ops->shutdown(socket) : -EOPNOTSUPP;
}

void socket_close(struct socket *socket)
{
	if (socket)
		socket->ops->close(socket);
}

void socket_abort(struct socket *socket)
{
	if (socket->ops->abort)
		socket->ops->abort(socket);
	socket_close(socket);
}

unsigned int socket_events(const struct socket *socket)
{
	return socket->ops->events(socket);
}

int socket_error(const struct socket *socket)
{
	return socket->ops->error(socket);
}

void socket_local(const struct socket *socket, struct stack_address *ret)
{
	socket->ops->local(socket, ret);
}

void socket_peer(const struct socket *socket, struct stack_address *ret)
{
	socket->ops->peer(socket, ret);
}

void socket_context_set(struct socket *socket, void *context)
{
	socket->context = context;
}

void *socket_context(const struct socket *socket)
{
	return socket->context;
}

int socket_tcp_stats(const struct socket *socket, struct tcp_stats *ret)
{
	return socket->ops->tcp_stats ? socket->ops->tcp_stats(socket, ret) : -EOPNOTSUPP;
}

int socket_move(struct socket *socket, struct stack *to, struct err *err)
{
	return socket->ops->move ? socket->ops->move(socket, to, err) : -EOPNOTSUPP;
}
