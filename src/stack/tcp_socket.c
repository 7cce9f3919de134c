/* The calls on TCP sockets over frames of our own. */
#include "stack/tcp_flow.h"

#include "base/err.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

static int tcp_socket_bind(struct socket *base, const struct stack_address *local, struct err *err)
{
	struct tcp_socket *socket = tcp_of(base);
	struct stack_address taken = *local;
	int r;

	if (socket->bound)
		return err_system(err, EINVAL, "the socket is bound already");
	r = stack_guard_open(&socket->guard, socket->protocol->stack, IPPROTO_TCP, &taken, err);
	if (r == -EADDRINUSE || r == -EMFILE) {
		flow_leave_time_wait(socket->protocol, local->port);
		taken = *local;
		r = stack_guard_open(
			&socket->guard, socket->protocol->stack, IPPROTO_TCP, &taken, err);
	}
	if (r)
		return r;
	socket->local = taken;
	socket->bound = true;
	return 0;
}

static int tcp_socket_listen(struct socket *base, int backlog, struct err *err)
{
	struct tcp_socket *socket = tcp_of(base);

	if (!socket->bound || socket->tcp)
		return err_system(err, EINVAL, "only a bound socket can listen");
	socket->backlog = backlog > 0 ? (size_t)backlog : 1;
	if (socket->listening)
		return 0;
	socket->entry.tuple =
		tuple_of(socket->local.length, socket->local.octets, socket->local.port, NULL, 0);
	if (tuple_add(&socket->protocol->sockets, &socket->entry))
		return err_system(err, EADDRINUSE, "port %u", socket->local.port);
	socket->entered = true;
	socket->listening = true;
	return 0;
}

/* The route's source is ours, unless one was bound. */
static int find_way(struct tcp_socket *socket, const struct stack_address *peer, struct err *err)
{
	const struct stack_address *bound = socket->bound ? &socket->local : NULL;
	struct stack_address local = { .length = peer->length, .scope = peer->scope };
	int r;

	if (bound && bound->length && bound->length != peer->length)
		return err_system(err, EAFNOSUPPORT, "the socket is bound to the other IP version");
	r = stack_route_get(&socket->route, socket->protocol->stack, peer,
		bound && bound->length ? bound->octets : NULL, err);
	if (r)
		return r;
	stack_route_introduce(socket->route);
	memcpy(local.octets, socket->route->source, sizeof(local.octets));
	if (!bound)
		return tcp_socket_bind(&socket->base, &local, err);
	local.port = bound->port;
	socket->local = local;
	return 0;
}

static int tcp_socket_connect(
	struct socket *base, const struct stack_address *peer, struct err *err)
{
	struct tcp_socket *socket = tcp_of(base);
	uint64_t now = user_now(socket->protocol->stack);
	struct tcp_config config;
	int r;

	if (socket->tcp || socket->listening)
		return err_system(err, EISCONN, "the socket is in use");
	r = find_way(socket, peer, err);
	if (r)
		return r;
	/* RFC 1122 4.2.3.10. */
	if (socket->route->broadcast)
		return err_system(
			err, ENETUNREACH, "TCP has one peer, and this is an address of many");
	socket->peer = *peer;
	if (flow_enter(socket))
		return err_system(err, EADDRINUSE, "a connection with these ends");
	config = flow_config(socket);
	r = tcp_connect(&socket->tcp, &config, flow_isn(socket, now), now);
	if (r)
		return err_system(err, -r, "no connection");
	flow_touch(socket);
	return 0;
}

static int tcp_socket_accept(
	struct socket *base, struct socket **ret, struct stack_address *ret_peer)
{
	struct tcp_socket *listener = tcp_of(base);
	struct tcp_socket *socket = listener->ready.first;

	if (!listener->listening)
		return -EINVAL;
	if (!socket) {
		listener->told &= ~(unsigned int)SOCKET_READABLE;
		return -EAGAIN;
	}
	flow_unqueue(socket);
	socket->listener = NULL;
	socket_init(&socket->base, base->stack, &tcp_socket_ops);
	*ret_peer = socket->peer;
	*ret = &socket->base;
	flow_tell(socket);
	return 0;
}

/* What a call on it meets once the connection is over, or before it is. */
static int not_now(struct tcp_socket *socket, unsigned int event)
{
	if (!socket->tcp)
		return -ENOTCONN;
	if (flow_is_done(socket) && tcp_error(socket->tcp))
		return -tcp_error(socket->tcp);
	socket->told &= ~event;
	return -EAGAIN;
}

static bool may_send(enum tcp_state state)
{
	return state == TCP_SYN_SENT || state == TCP_SYN_RECEIVED || state == TCP_ESTABLISHED ||
	       state == TCP_CLOSE_WAIT;
}

/* 0, and the engine's buffer may be written to; -errno. */
static int prepare_send(struct tcp_socket *socket, bool more)
{
	if (!socket->tcp || (flow_is_done(socket) && tcp_error(socket->tcp)))
		return not_now(socket, SOCKET_WRITABLE);
	if (!may_send(tcp_state(socket->tcp)))
		return -EPIPE;
	/* The engine may move its buffer: what it gave out must have left. */
	user_flush(socket->protocol->stack);
	flow_share(socket, more);
	return 0;
}

static ssize_t tcp_socket_send(struct socket *base, const void *data, size_t length,
	uint16_t segment, const struct stack_address *to)
{
	struct tcp_socket *socket = tcp_of(base);
	size_t sent;
	int rc;

	if (segment || to)
		return -EOPNOTSUPP;
	rc = prepare_send(socket, length > 0);
	if (rc < 0)
		return rc;
	sent = tcp_send(socket->tcp, data, length);
	if (!sent && length)
		return not_now(socket, SOCKET_WRITABLE);
	flow_touch(socket);
	return (ssize_t)sent;
}

static ssize_t tcp_socket_send_from(struct socket *base, int fd, int *ret_error)
{
	struct tcp_socket *socket = tcp_of(base);
	uint8_t *room;
	size_t size;
	ssize_t got;
	int rc = prepare_send(socket, true);

	if (rc < 0)
		return rc;
	room = tcp_send_reserve(socket->tcp, &size);
	if (!room)
		return not_now(socket, SOCKET_WRITABLE);
	got = read(fd, room, size);
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	if (got <= 0) {
		*ret_error = got ? errno : 0;
		return 0;
	}
	tcp_send_commit(socket->tcp, (size_t)got);
	flow_touch(socket);
	return got;
}

static ssize_t tcp_socket_send_lent(
	struct socket *base, const void *octets, size_t room, size_t length)
{
	struct tcp_socket *socket = tcp_of(base);
	int rc = prepare_send(socket, false);

	if (rc < 0)
		return rc;
	if (!tcp_send_lent(socket->tcp, octets, room, length))
		return not_now(socket, SOCKET_WRITABLE);
	flow_touch(socket);
	return (ssize_t)length;
}

/* 0: the peer ended; or what not_now says. */
static int none_came(struct tcp_socket *socket)
{
	if (tcp_receive_ended(socket->tcp) || (flow_is_done(socket) && !tcp_error(socket->tcp)))
		return 0;
	return not_now(socket, SOCKET_READABLE);
}

static ssize_t tcp_socket_receive(
	struct socket *base, void *data, size_t size, struct stack_address *ret_from)
{
	struct tcp_socket *socket = tcp_of(base);
	size_t got;

	if (!socket->tcp)
		return -ENOTCONN;
	if (ret_from)
		*ret_from = socket->peer;
	got = tcp_receive(socket->tcp, data, size);
	if (got) {
		flow_touch(socket);
		return (ssize_t)got;
	}
	return size ? none_came(socket) : 0;
}

static ssize_t tcp_socket_receive_to(struct socket *base, int fd, size_t most, int *ret_error)
{
	struct tcp_socket *socket = tcp_of(base);
	const uint8_t *octets;
	size_t length;
	ssize_t written;

	if (!socket->tcp)
		return -ENOTCONN;
	octets = tcp_receive_peek(socket->tcp, &length);
	if (!octets)
		return none_came(socket);
	written = write(fd, octets, length < most ? length : most);
	if (written < 0) {
		*ret_error = errno;
		return -EAGAIN;
	}
	tcp_receive_done(socket->tcp, (size_t)written);
	flow_touch(socket);
	return written;
}

static int tcp_socket_shutdown(struct socket *base)
{
	struct tcp_socket *socket = tcp_of(base);

	if (!socket->tcp)
		return -ENOTCONN;
	tcp_shutdown(socket->tcp, user_now(socket->protocol->stack));
	flow_touch(socket);
	return 0;
}

static void tcp_socket_abort(struct socket *base)
{
	struct tcp_socket *socket = tcp_of(base);

	if (!socket->tcp)
		return;
	tcp_abort(socket->tcp, user_now(socket->protocol->stack));
	flow_touch(socket);
}

static void close_listener(struct tcp_socket *listener)
{
	while (listener->opening.first)
		flow_abandon(listener->opening.first);
	while (listener->ready.first)
		flow_abandon(listener->ready.first);
}

static void tcp_socket_close(struct socket *base)
{
	struct tcp_socket *socket = tcp_of(base);

	close_listener(socket);
	socket_unlink(base);
	if (!socket->tcp) {
		flow_end(socket);
		return;
	}
	flow_leave_alone(socket);
	tcp_close(socket->tcp, user_now(socket->protocol->stack));
	flow_touch(socket);
}

static int tcp_socket_error(const struct socket *base)
{
	const struct tcp_socket *socket = tcp_of_const(base);

	return flow_is_done(socket) ? -tcp_error(socket->tcp) : 0;
}

static void tcp_socket_local(const struct socket *base, struct stack_address *ret)
{
	*ret = tcp_of_const(base)->local;
}

static void tcp_socket_peer(const struct socket *base, struct stack_address *ret)
{
	*ret = tcp_of_const(base)->peer;
}

static int tcp_socket_stats(const struct socket *base, struct tcp_stats *ret)
{
	const struct tcp_socket *socket = tcp_of_const(base);

	if (!socket->tcp)
		return -ENOTCONN;
	tcp_stats(socket->tcp, ret);
	return 0;
}

const struct socket_ops tcp_socket_ops = {
	.bind = tcp_socket_bind,
	.connect = tcp_socket_connect,
	.listen = tcp_socket_listen,
	.accept = tcp_socket_accept,
	.send = tcp_socket_send,
	.send_from = tcp_socket_send_from,
	.send_lent = tcp_socket_send_lent,
	.receive = tcp_socket_receive,
	.receive_to = tcp_socket_receive_to,
	.shutdown = tcp_socket_shutdown,
	.abort = tcp_socket_abort,
	.close = tcp_socket_close,
	.events = flow_events,
	.error = tcp_socket_error,
	.local = tcp_socket_local,
	.peer = tcp_socket_peer,
	.tcp_stats = tcp_socket_stats,
};
