/*
 * TCP sockets over frames of our own: finds the connection of a segment, and gives each its timer,
 * its addresses and its end. What TCP is stands in src/tcp.
 */
#include "stack/user.h"

#include "base/bytes.h"
#include "base/err.h"
#include "stack/mischief.h"
#include "stack/tuple.h"
#include "stack/wheel.h"
#include "stack/wrap.h"
#include "tcp/tcp.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define TCP_HEADER 20
#define MSS_MIN	   64U
/* Connections of a listener whose handshake is not done: beyond, the oldest goes. */
#define OPENING_MAX 4096U

struct tcp_socket;

/* A list in order of coming. */
struct waiting {
	struct tcp_socket *first, **last;
	size_t count;
};

struct protocol {
	struct user_stack *stack;
	struct tuple_table sockets; /* connections and listeners */
	struct wheel wheel;
	uint8_t secret[16];	    /* of initial sequence numbers, RFC 6528 */
	struct tcp_socket *touched; /* the engine has been called: to be asked for output */
	struct tcp_socket *ended; /* nothing is left of them: to be freed at the end of the round */
	struct tcp_socket *alone; /* closed by their user, not yet by the peer */
};

struct tcp_socket {
	struct socket base;
	struct tuple_entry entry;
	struct wheel_entry timer;
	struct protocol *protocol;
	bool bound, entered; /* entered: it is in the table */
	struct stack_guard *guard;
	struct stack_address local, peer;
	struct stack_route *route;
	struct tcp *tcp;   /* of a connection */
	unsigned int told; /* the events that its user knows of */
	bool is_touched, is_ended, is_alone;
	struct tcp_socket *touched_next, *ended_next;
	struct tcp_socket *alone_next, **alone_link;

	/* A listener's. */
	bool listening;
	size_t backlog;
	struct waiting opening, ready;
	/* Of a connection that nobody accepted yet. */
	struct tcp_socket *listener;
	struct waiting *in; /* which of the listener's lists */
	struct tcp_socket *waiting_next, **waiting_link;
};

static struct tcp_socket *tcp_of(struct socket *socket)
{
	return (struct tcp_socket *)socket;
}

static const struct tcp_socket *tcp_of_const(const struct socket *socket)
{
	return (const struct tcp_socket *)socket;
}

static struct tcp_socket *of_entry(struct tuple_entry *entry)
{
	return entry ? (struct tcp_socket *)(void *)((uint8_t *)entry -
						     offsetof(struct tcp_socket, entry))
		     : NULL;
}

static struct tcp_socket *of_timer(struct wheel_entry *entry)
{
	return (struct tcp_socket *)(void *)((uint8_t *)entry - offsetof(struct tcp_socket, timer));
}

/* ---- lists ---- */

static void waiting_add(struct waiting *list, struct tcp_socket *socket)
{
	socket->waiting_next = NULL;
	socket->waiting_link = list->last;
	*list->last = socket;
	list->last = &socket->waiting_next;
	list->count++;
	socket->in = list;
}

static void waiting_remove(struct tcp_socket *socket)
{
	if (!socket->in)
		return;
	*socket->waiting_link = socket->waiting_next;
	if (socket->waiting_next)
		socket->waiting_next->waiting_link = socket->waiting_link;
	else
		socket->in->last = socket->waiting_link;
	socket->in->count--;
	socket->in = NULL;
}

/* The engine was called: it may have something to send, its timer may be another. */
static void touch(struct tcp_socket *socket)
{
	if (socket->is_touched)
		return;
	socket->is_touched = true;
	socket->touched_next = socket->protocol->touched;
	socket->protocol->touched = socket;
}

/* Its user left: the connection ends by itself. */
static void leave_alone(struct tcp_socket *socket)
{
	socket->is_alone = true;
	socket->alone_next = socket->protocol->alone;
	socket->alone_link = &socket->protocol->alone;
	if (socket->alone_next)
		socket->alone_next->alone_link = &socket->alone_next;
	socket->protocol->alone = socket;
}

/* Nothing is left to do: it is freed when nothing in the ground refers to it. */
static void end(struct tcp_socket *socket)
{
	if (socket->is_ended)
		return;
	socket->is_ended = true;
	socket->ended_next = socket->protocol->ended;
	socket->protocol->ended = socket;
	wheel_cancel(&socket->timer);
	if (socket->entered)
		tuple_remove(&socket->protocol->sockets, &socket->entry);
	socket->entered = false;
	waiting_remove(socket);
}

static void release(struct tcp_socket *socket)
{
	if (socket->is_alone) {
		*socket->alone_link = socket->alone_next;
		if (socket->alone_next)
			socket->alone_next->alone_link = socket->alone_link;
	}
	socket_unlink(&socket->base);
	tcp_free(socket->tcp);
	stack_route_put(socket->route);
	stack_guard_close(socket->guard);
	free(socket);
}

static void release_ended(struct protocol *protocol)
{
	while (protocol->ended) {
		struct tcp_socket *socket = protocol->ended;

		protocol->ended = socket->ended_next;
		release(socket);
	}
}

/* ---- events ---- */

/* So much of the buffer is to be free before its user is asked for more: not for every octet. */
static bool has_room(const struct tcp *tcp)
{
	size_t space = tcp_send_space(tcp);

	return space && space >= tcp_send_queued(tcp) / 2;
}

static unsigned int connection_events(const struct tcp *tcp)
{
	enum tcp_state state = tcp_state(tcp);
	unsigned int events = 0;

	if (tcp_receive_ready(tcp))
		events |= SOCKET_READABLE;
	if (tcp_receive_ended(tcp))
		events |= SOCKET_READABLE | SOCKET_ENDED;
	if (state == TCP_CLOSED && tcp_error(tcp))
		events |= SOCKET_READABLE | SOCKET_WRITABLE | SOCKET_FAILED;
	if (state >= TCP_ESTABLISHED && has_room(tcp))
		events |= SOCKET_WRITABLE;
	return events;
}

static unsigned int tcp_socket_events(const struct socket *base)
{
	const struct tcp_socket *socket = tcp_of_const(base);

	if (socket->listening)
		return socket->ready.count ? SOCKET_READABLE : 0;
	return socket->tcp ? connection_events(socket->tcp) : 0;
}

/* Tells the user what is new since a call of theirs met -EAGAIN. */
static void tell(struct tcp_socket *socket)
{
	unsigned int events;

	if (socket->is_alone || socket->listener)
		return;
	events = tcp_socket_events(&socket->base);
	if (events & ~socket->told)
		socket_news(&socket->base);
	socket->told |= events;
}

/* ---- out ---- */

static void send_as_it_is(void *context, const struct tcp_segment *segment, bool bad_checksum)
{
	struct tcp_socket *socket = context;
	uint8_t header[TCP_HEADER_MAX];
	const struct stack_output output = {
		.protocol = IPPROTO_TCP,
		.bad_checksum = bad_checksum,
		.segment_size =
			(uint16_t)(segment->length > segment->segment_size ? segment->segment_size
									   : 0),
		.header = header,
		.header_length =
			tcp_segment_write(segment, socket->local.port, socket->peer.port, header),
		.data = { { (void *)(uintptr_t)segment->data[0].octets, segment->data[0].length },
			{ (void *)(uintptr_t)segment->data[1].octets, segment->data[1].length } },
	};

	if (user_config(socket->protocol->stack)->wrap)
		stack_wrap_tcp(user_config(socket->protocol->stack)->wrap, header);
	/* What is not sent now is sent again: the engine has counted it as lost on the way. */
	stack_output(socket->protocol->stack, socket->route, &output);
}

static void send_segment(struct tcp_socket *socket, const struct tcp_segment *segment)
{
	struct stack_mischief *mischief = user_config(socket->protocol->stack)->mischief;

	if (mischief)
		mischief_commit(mischief, segment, send_as_it_is, socket);
	else
		send_as_it_is(socket, segment, false);
}

/* The largest segment that the path takes, as tcp.h has it: without options. */
static uint16_t mss_of(const struct stack_route *route)
{
	size_t headers = stack_route_header(route) + TCP_HEADER;
	size_t mss = route->mtu > headers ? route->mtu - headers : 0;

	if (mss < MSS_MIN)
		mss = MSS_MIN;
	return (uint16_t)(mss > UINT16_MAX - TCP_HEADER ? UINT16_MAX - TCP_HEADER : mss);
}

static bool is_done(const struct tcp_socket *socket)
{
	return socket->tcp && tcp_state(socket->tcp) == TCP_CLOSED;
}

static void flush(struct tcp_socket *socket, uint64_t now)
{
	struct tcp_segment segment;

	while (tcp_output(socket->tcp, &segment, now))
		send_segment(socket, &segment);
	wheel_set(&socket->protocol->wheel, &socket->timer, tcp_next_timer(socket->tcp));
	tell(socket);
	if (is_done(socket) && (socket->is_alone || (socket->listener && tcp_error(socket->tcp) &&
							    !tcp_receive_ready(socket->tcp))))
		end(socket);
}

/* The answer to a segment that is for nobody. Sent by a route of the moment. */
static void refuse(
	struct protocol *protocol, const struct stack_packet *packet, const struct tcp_segment *in)
{
	struct stack_address peer = { .length = packet->address_length };
	struct tcp_segment reset;
	uint8_t header[TCP_HEADER_MAX];
	struct stack_route *route;
	struct stack_output output = { .protocol = IPPROTO_TCP, .header = header };

	if (!packet->unicast || !tcp_refuse(in, &reset))
		return;
	memcpy(peer.octets, packet->source, packet->address_length);
	if (packet->source[0] == 0xfe)
		peer.scope = (uint32_t)packet->interface;
	if (stack_route_get(&route, protocol->stack, &peer, packet->destination, NULL))
		return;
	output.header_length = tcp_segment_write(
		&reset, bytes_get_be16(packet->octets + 2), bytes_get_be16(packet->octets), header);
	stack_output(protocol->stack, route, &output);
	user_flush(protocol->stack);
	stack_route_put(route);
}

/* ---- connections ---- */

static const struct socket_ops tcp_socket_ops;

static struct tcp_socket *socket_new(struct protocol *protocol)
{
	struct tcp_socket *socket = calloc(1, sizeof(*socket));

	if (!socket)
		return NULL;
	socket_init(&socket->base, (struct stack *)protocol->stack, &tcp_socket_ops);
	socket->protocol = protocol;
	socket->opening.last = &socket->opening.first;
	socket->ready.last = &socket->ready.first;
	return socket;
}

/* Sequence numbers and timestamps that a stranger cannot guess: RFC 6528 3, RFC 7323 7.1. */
static uint32_t secret_of(const struct tcp_socket *socket, bool ports, uint64_t now)
{
	struct tuple tuple = socket->entry.tuple;

	if (!ports) {
		tuple.local_port = 0;
		tuple.remote_port = 0;
	}
	return tcp_isn(socket->protocol->secret, &tuple, sizeof(tuple), now);
}

static struct tcp_config config_of(const struct tcp_socket *socket)
{
	const struct stack_route *route = socket->route;
	struct tcp_config config;

	tcp_config_init(&config);
	config.mss = mss_of(route);
	/* Faults befall segments, not bursts. */
	if (route->burst > TCP_HEADER_MAX && !user_config(socket->protocol->stack)->mischief)
		config.burst = route->burst - TCP_HEADER_MAX;
	config.nodelay = true; /* whoever gives octets to a tool wants them out */
	config.timestamp_offset = secret_of(socket, false, 0);
	return config;
}

/* In the table under both ends. */
static int enter(struct tcp_socket *socket)
{
	int r;

	socket->entry.tuple = tuple_of(socket->peer.length, socket->local.octets,
		socket->local.port, socket->peer.octets, socket->peer.port);
	r = tuple_add(&socket->protocol->sockets, &socket->entry);
	socket->entered = r == 0;
	return r;
}

static void abandon(struct tcp_socket *socket)
{
	tcp_abort(socket->tcp, user_now(socket->protocol->stack));
	leave_alone(socket);
	socket->listener = NULL;
	waiting_remove(socket);
	socket_unlink(&socket->base);
	touch(socket);
}

/* A connection that the peer opens. */
static int child_init(struct tcp_socket *child, struct tcp_socket *listener,
	const struct stack_packet *packet, const struct tcp_segment *syn)
{
	uint64_t now = user_now(child->protocol->stack);
	struct tcp_config config;
	int r;

	child->local = (struct stack_address){ .length = packet->address_length };
	memcpy(child->local.octets, packet->destination, packet->address_length);
	child->local.port = listener->local.port;
	child->peer = (struct stack_address){ .length = packet->address_length };
	memcpy(child->peer.octets, packet->source, packet->address_length);
	child->peer.port = bytes_get_be16(packet->octets);
	if (packet->address_length == 16 && packet->source[0] == 0xfe) {
		child->peer.scope = (uint32_t)packet->interface;
		child->local.scope = child->peer.scope;
	}
	r = stack_route_get(
		&child->route, child->protocol->stack, &child->peer, packet->destination, NULL);
	if (!r)
		r = enter(child);
	if (r)
		return r;
	config = config_of(child);
	r = tcp_accept(&child->tcp, &config, syn, secret_of(child, true, now), now);
	if (r)
		return r;
	child->guard = stack_guard_share(listener->guard);
	child->bound = true;
	return 0;
}

static void open_child(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *syn)
{
	struct tcp_socket *child;

	if (!packet->unicast || listener->ready.count >= listener->backlog)
		return;
	/* RFC 4987 3.4: a flood of SYNs pushes out its own. */
	if (listener->opening.count >= OPENING_MAX)
		abandon(listener->opening.first);
	child = socket_new(listener->protocol);
	if (!child)
		return;
	/* It is nobody's until it is accepted. */
	socket_unlink(&child->base);
	if (child_init(child, listener, packet, syn)) {
		end(child);
		return;
	}
	child->listener = listener;
	waiting_add(&listener->opening, child);
	touch(child);
}

/* The handshake is done: it may be accepted. */
static void look_after_child(struct tcp_socket *child)
{
	struct tcp_socket *listener = child->listener;

	if (!listener || child->in != &listener->opening || tcp_state(child->tcp) < TCP_ESTABLISHED)
		return;
	waiting_remove(child);
	waiting_add(&listener->ready, child);
	listener->told &= ~(unsigned int)SOCKET_READABLE;
	tell(listener);
}

/* ---- in ---- */

static void to_listener(struct protocol *protocol, struct tcp_socket *listener,
	const struct stack_packet *packet, const struct tcp_segment *segment)
{
	switch (listener ? tcp_listen(segment) : TCP_REFUSE) {
	case TCP_ACCEPT:
		open_child(listener, packet, segment);
		break;
	case TCP_REFUSE:
		refuse(protocol, packet, segment);
		break;
	case TCP_IGNORE:
		break;
	}
}

static void input(void *state, const struct stack_packet *packet)
{
	struct protocol *protocol = state;
	struct tuple tuple = tuple_of(packet->address_length, packet->destination,
		bytes_get_be16(packet->octets + 2), packet->source, bytes_get_be16(packet->octets));
	struct tcp_socket *socket;
	struct tcp_segment segment;

	if (tcp_segment_read(packet->octets, packet->length, &segment))
		return;
	socket = of_entry(tuple_match(&protocol->sockets, &tuple));
	if (socket && socket->tcp && tcp_state(socket->tcp) == TCP_TIME_WAIT &&
		tcp_reusable(socket->tcp, &segment)) {
		struct tuple_entry *entry = tuple_listener(&protocol->sockets, &tuple);

		if (entry && socket->is_alone) {
			end(socket);
			socket = of_entry(entry);
		}
	}
	if (!socket || !socket->tcp) {
		to_listener(protocol, socket, packet, &segment);
		return;
	}
	tcp_input(socket->tcp, &segment, user_now(protocol->stack));
	look_after_child(socket);
	touch(socket);
}

static bool error(void *state, const struct stack_error *told)
{
	struct protocol *protocol = state;
	struct tuple tuple = tuple_of(told->address_length, told->source, told->source_port,
		told->destination, told->destination_port);
	struct tcp_socket *socket = of_entry(tuple_find(&protocol->sockets, &tuple));

	if (!socket || !socket->tcp || is_done(socket))
		return false;
	if (told->error == EMSGSIZE) {
		size_t headers = stack_route_header(socket->route) + TCP_HEADER;
		size_t mss = told->mtu > headers + MSS_MIN ? told->mtu - headers : MSS_MIN;

		tcp_mtu(socket->tcp, told->sequence,
			(uint16_t)(mss > UINT16_MAX ? UINT16_MAX : mss), user_now(protocol->stack));
	} else {
		tcp_unreachable(socket->tcp, told->sequence, told->error, told->hard);
	}
	touch(socket);
	return true;
}

static uint64_t deadline(const void *state)
{
	const struct protocol *protocol = state;

	return protocol->touched || protocol->ended ? 0 : wheel_next(&protocol->wheel);
}

static void run(void *state, uint64_t now)
{
	struct protocol *protocol = state;
	struct wheel_entry *entry;

	while ((entry = wheel_take(&protocol->wheel, now)))
		touch(of_timer(entry));
	while (protocol->touched) {
		struct tcp_socket *socket = protocol->touched;

		protocol->touched = socket->touched_next;
		socket->is_touched = false;
		if (!socket->is_ended)
			flush(socket, now);
	}
	if (!protocol->ended)
		return;
	/* What they sent last refers to their routes. */
	user_flush(protocol->stack);
	release_ended(protocol);
}

/* TIME-WAIT is no reason to stay: all that was to be said is said. */
static size_t ending(const void *state)
{
	const struct protocol *protocol = state;
	const struct tcp_socket *socket;
	size_t count = protocol->touched != NULL;

	for (socket = protocol->alone; socket; socket = socket->alone_next)
		count += tcp_state(socket->tcp) != TCP_TIME_WAIT && !is_done(socket);
	return count;
}

/* ---- calls ---- */

static int tcp_socket_bind(struct socket *base, const struct stack_address *local, struct err *err)
{
	struct tcp_socket *socket = tcp_of(base);
	struct stack_address taken = *local;
	int r;

	if (socket->bound)
		return err_system(err, EINVAL, "the socket is bound already");
	r = stack_guard_open(&socket->guard, socket->protocol->stack, IPPROTO_TCP, &taken, err);
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
	socket->peer = *peer;
	if (enter(socket))
		return err_system(err, EADDRINUSE, "a connection with these ends");
	config = config_of(socket);
	r = tcp_connect(&socket->tcp, &config, secret_of(socket, true, now), now);
	if (r)
		return err_system(err, -r, "no connection");
	touch(socket);
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
	waiting_remove(socket);
	socket->listener = NULL;
	socket_init(&socket->base, base->stack, &tcp_socket_ops);
	*ret_peer = socket->peer;
	*ret = &socket->base;
	tell(socket);
	return 0;
}

/* What a call on it meets once the connection is over, or before it is. */
static int not_now(struct tcp_socket *socket, unsigned int event)
{
	if (!socket->tcp)
		return -ENOTCONN;
	if (is_done(socket) && tcp_error(socket->tcp))
		return -tcp_error(socket->tcp);
	socket->told &= ~event;
	return -EAGAIN;
}

static bool may_send(enum tcp_state state)
{
	return state == TCP_SYN_SENT || state == TCP_SYN_RECEIVED || state == TCP_ESTABLISHED ||
	       state == TCP_CLOSE_WAIT;
}

static ssize_t tcp_socket_send(struct socket *base, const void *data, size_t length,
	uint16_t segment, const struct stack_address *to)
{
	struct tcp_socket *socket = tcp_of(base);
	size_t sent;

	if (segment || to)
		return -EOPNOTSUPP;
	if (!socket->tcp || (is_done(socket) && tcp_error(socket->tcp)))
		return not_now(socket, SOCKET_WRITABLE);
	if (!may_send(tcp_state(socket->tcp)))
		return -EPIPE;
	/* The engine may move its buffer: what it gave out must have left. */
	user_flush(socket->protocol->stack);
	sent = tcp_send(socket->tcp, data, length);
	if (!sent && length)
		return not_now(socket, SOCKET_WRITABLE);
	touch(socket);
	return (ssize_t)sent;
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
		touch(socket);
		return (ssize_t)got;
	}
	if (!size || tcp_receive_ended(socket->tcp))
		return 0;
	if (is_done(socket) && !tcp_error(socket->tcp))
		return 0;
	return not_now(socket, SOCKET_READABLE);
}

static int tcp_socket_shutdown(struct socket *base)
{
	struct tcp_socket *socket = tcp_of(base);

	if (!socket->tcp)
		return -ENOTCONN;
	tcp_shutdown(socket->tcp, user_now(socket->protocol->stack));
	touch(socket);
	return 0;
}

static void tcp_socket_abort(struct socket *base)
{
	struct tcp_socket *socket = tcp_of(base);

	if (!socket->tcp)
		return;
	tcp_abort(socket->tcp, user_now(socket->protocol->stack));
	touch(socket);
}

static void close_listener(struct tcp_socket *listener)
{
	while (listener->opening.first)
		abandon(listener->opening.first);
	while (listener->ready.first)
		abandon(listener->ready.first);
}

static void tcp_socket_close(struct socket *base)
{
	struct tcp_socket *socket = tcp_of(base);

	close_listener(socket);
	socket_unlink(base);
	if (!socket->tcp) {
		end(socket);
		return;
	}
	tcp_close(socket->tcp, user_now(socket->protocol->stack));
	leave_alone(socket);
	touch(socket);
}

static int tcp_socket_error(const struct socket *base)
{
	const struct tcp_socket *socket = tcp_of_const(base);

	return is_done(socket) ? -tcp_error(socket->tcp) : 0;
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

static const struct socket_ops tcp_socket_ops = {
	.bind = tcp_socket_bind,
	.connect = tcp_socket_connect,
	.listen = tcp_socket_listen,
	.accept = tcp_socket_accept,
	.send = tcp_socket_send,
	.receive = tcp_socket_receive,
	.shutdown = tcp_socket_shutdown,
	.abort = tcp_socket_abort,
	.close = tcp_socket_close,
	.events = tcp_socket_events,
	.error = tcp_socket_error,
	.local = tcp_socket_local,
	.peer = tcp_socket_peer,
	.tcp_stats = tcp_socket_stats,
};

/* ---- the protocol ---- */

static int protocol_socket(struct socket **ret, void *state, struct err *err)
{
	struct tcp_socket *socket = socket_new(state);

	if (!socket)
		return err_system(err, ENOMEM, "no memory for a socket");
	*ret = &socket->base;
	return 0;
}

static int protocol_open(void **ret_state, struct user_stack *stack, struct err *err)
{
	struct protocol *protocol = calloc(1, sizeof(*protocol));
	uint64_t drawn[2] = { user_random(stack), user_random(stack) };

	if (!protocol || tuple_table_init(&protocol->sockets, user_random(stack))) {
		free(protocol);
		return err_system(err, ENOMEM, "no memory for TCP");
	}
	protocol->stack = stack;
	memcpy(protocol->secret, drawn, sizeof(protocol->secret));
	wheel_init(&protocol->wheel, user_now(stack));
	*ret_state = protocol;
	return 0;
}

static void protocol_close(void *state)
{
	struct protocol *protocol = state;
	struct tcp_socket *socket, *next;

	release_ended(protocol);
	for (socket = protocol->alone; socket; socket = next) {
		next = socket->alone_next;
		release(socket);
	}
	tuple_table_fini(&protocol->sockets);
	free(protocol);
}

const struct stack_protocol stack_tcp = {
	.number = IPPROTO_TCP,
	.kind = SOCKET_TCP,
	.open = protocol_open,
	.close = protocol_close,
	.socket = protocol_socket,
	.input = input,
	.error = error,
	.deadline = deadline,
	.run = run,
	.ending = ending,
};
