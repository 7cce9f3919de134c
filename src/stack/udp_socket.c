/* UDP sockets over frames of our own. */
#include "stack/udp_flow.h"

#include "base/bytes.h"
#include "base/err.h"
#include "stack/wrap.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define SEGMENTS_MAX 64 /* the kernel's UDP_MAX_SEGMENTS, as it long was */

static ssize_t udp_receive(
	struct socket *base, void *data, size_t size, struct stack_address *ret_from)
{
	struct udp_socket *socket = udp_of(base);
	struct udp_datagram *datagram = socket->queue;
	ssize_t r;

	if (!datagram)
		return -EAGAIN;
	socket->queue = datagram->next;
	if (!socket->queue)
		socket->queue_end = &socket->queue;
	socket->queued -= datagram->length + UDP_OVERHEAD;
	if (ret_from)
		*ret_from = datagram->from;
	memcpy(data, datagram->octets, datagram->length < size ? datagram->length : size);
	r = datagram->error ? -datagram->error : (ssize_t)datagram->length;
	if (datagram->error)
		socket->error = 0; /* said once */
	free(datagram);
	return r;
}

/* ---- Names. */

static void tuple_set(struct udp_socket *socket)
{
	const struct stack_address *peer = socket->connected ? &socket->peer : NULL;

	socket->entry.tuple = tuple_of(socket->local.length, socket->local.octets,
		socket->local.port, peer ? peer->octets : NULL, peer ? peer->port : 0);
}

static int bind_to(struct udp_socket *socket, const struct stack_address *local, struct err *err)
{
	struct stack_address taken = *local;
	int r;

	if (socket->bound)
		return err_system(err, EINVAL, "the socket is bound already");
	r = stack_guard_open(&socket->guard, socket->udp->stack, IPPROTO_UDP, &taken, err);
	if (r)
		return r;
	socket->local = taken;
	tuple_set(socket);
	r = tuple_add(&socket->udp->sockets, &socket->entry);
	if (r) {
		stack_guard_close(socket->guard);
		socket->guard = NULL;
		return err_system(err, EADDRINUSE, "cannot take UDP port %u", local->port);
	}
	socket->bound = true;
	return 0;
}

static int udp_bind(struct socket *base, const struct stack_address *local, struct err *err)
{
	return bind_to(udp_of(base), local, err);
}

static bool is_same(const struct stack_address *a, const struct stack_address *b)
{
	return a->length == b->length && a->scope == b->scope &&
	       !memcmp(a->octets, b->octets, a->length);
}

int udp_route(struct udp_socket *socket, const struct stack_address *peer, struct err *err)
{
	const uint8_t *source =
		socket->bound && socket->local.length == peer->length ? socket->local.octets : NULL;
	struct stack_route *route;
	int r;

	if (socket->route && is_same(&socket->route_to, peer))
		return 0;
	if (socket->bound && socket->local.length && socket->local.length != peer->length)
		return err_system(err, EAFNOSUPPORT, "the socket is bound to the other IP version");
	r = stack_route_get(&route, socket->udp->stack, peer, source, err);
	if (r)
		return r;
	stack_route_put(socket->route);
	socket->route = route;
	socket->route_to = *peer;
	return 0;
}

/* A socket that sends before it is bound has the route's address and a free port. */
static int bind_for(struct udp_socket *socket, struct err *err)
{
	const struct stack_route *route = socket->route;
	struct stack_address local = { .length = route->address_length };

	if (socket->bound)
		return 0;
	memcpy(local.octets, route->source, route->address_length);
	local.scope = socket->route_to.scope;
	return bind_to(socket, &local, err);
}

static int udp_connect(struct socket *base, const struct stack_address *peer, struct err *err)
{
	struct udp_socket *socket = udp_of(base);
	const struct tuple_entry *other;
	struct tuple tuple;
	int r = udp_route(socket, peer, err);

	if (!r)
		r = bind_for(socket, err);
	if (r)
		return r;
	stack_route_introduce(socket->route);
	tuple = tuple_of(
		peer->length, socket->route->source, socket->local.port, peer->octets, peer->port);
	other = tuple_find(&socket->udp->sockets, &tuple);
	if (other && other != &socket->entry)
		return err_system(err, EADDRINUSE, "a socket with these ends");
	tuple_remove(&socket->udp->sockets, &socket->entry);
	socket->connected = true;
	socket->peer = *peer;
	memcpy(socket->local.octets, socket->route->source, sizeof(socket->local.octets));
	socket->local.length = peer->length;
	socket->entry.tuple = tuple;
	tuple_add(&socket->udp->sockets, &socket->entry); /* there is none */
	return 0;
}

/* ---- Out. */

/* Small data is copied and leaves with others; long data leaves before the call returns. */
static const void *keep(struct udp *udp, const void *data, size_t length)
{
	if (length > UDP_SMALL)
		return data;
	if (udp->small_used == UDP_SMALL_COUNT) {
		user_flush(udp->stack);
		udp->small_used = 0;
	}
	memcpy(udp->small[udp->small_used], data, length);
	return udp->small[udp->small_used++];
}

static void put_given(const struct wrap_given *given, struct stack_output *output, uint8_t *header)
{
	if (given->has_length) {
		bytes_put_be16(header + 4, given->length);
		output->covered = given->length;
	}
	bytes_put_be16(header + 6, given->checksum);
	output->has_checksum = given->has_checksum;
	output->bad_checksum |= given->bad_checksum;
}

int udp_put(struct udp_socket *socket, const struct iovec *data, uint16_t segment, uint16_t port,
	bool bad_checksum)
{
	struct udp *udp = socket->udp;
	const struct stack_wrap *wrap = user_config(udp->stack)->wrap;
	const void *kept = keep(udp, data->iov_base, data->iov_len);
	uint8_t header[UDP_HEADER];
	struct stack_output output = {
		.protocol = IPPROTO_UDP,
		.fragment = true,
		.bad_checksum = bad_checksum,
		.segment_size = segment,
		.header = header,
		.header_length = sizeof(header),
		.data = { { (void *)(uintptr_t)kept, data->iov_len } },
	};
	int r;

	bytes_put_be16(header, socket->local.port);
	bytes_put_be16(header + 2, port);
	bytes_put_be16(header + 4, (uint16_t)(data->iov_len + UDP_HEADER));
	bytes_put_be16(header + 6, 0);
	if (wrap)
		put_given(&wrap->given, &output, header);
	r = stack_output(udp->stack, socket->route, &output);
	if (kept == data->iov_base) {
		user_flush(udp->stack);
		udp->small_used = 0;
	}
	return r;
}

static int send_one(struct udp_socket *socket, const uint8_t *data, size_t length,
	const struct stack_address *peer)
{
	const struct iovec one = { (void *)(uintptr_t)data, length };

	if (user_config(socket->udp->stack)->mischief)
		return udp_put_faulty(socket, &one, peer);
	return udp_put(socket, &one, 0, peer->port, false);
}

static ssize_t send_each(struct udp_socket *socket, const uint8_t *data, size_t length,
	uint16_t segment, const struct stack_address *peer)
{
	size_t done = 0;

	while (done < length) {
		size_t part = length - done < segment ? length - done : segment;
		int r = send_one(socket, data + done, part, peer);

		if (r)
			return done ? (ssize_t)done : r;
		done += part;
	}
	return (ssize_t)done;
}

/* Where the way takes super-frames, a segment is no fragmented datagram itself, and no fault
 * befalls one alone. */
static bool may_go_as_one(const struct udp_socket *socket, size_t length, uint16_t segment)
{
	return !user_config(socket->udp->stack)->mischief &&
	       length + UDP_HEADER <= socket->route->burst &&
	       stack_route_header(socket->route) + UDP_HEADER + segment <= socket->route->mtu;
}

static ssize_t udp_send(struct socket *base, const void *data, size_t length, uint16_t segment,
	const struct stack_address *to)
{
	struct udp_socket *socket = udp_of(base);
	const struct stack_address *peer = to ? to : &socket->peer;
	const struct iovec all = { (void *)(uintptr_t)data, length };
	struct err err;
	int r;

	if (!to && !socket->connected)
		return -EDESTADDRREQ;
	if (length > STACK_DATAGRAM_MAX || (segment && length > (size_t)segment * SEGMENTS_MAX))
		return -EMSGSIZE;
	r = udp_route(socket, peer, &err);
	if (!r)
		r = bind_for(socket, &err);
	if (r)
		return r;
	if (!segment || length <= segment)
		r = send_one(socket, data, length, peer);
	else if (may_go_as_one(socket, length, segment))
		r = udp_put(socket, &all, segment, peer->port, false);
	else
		return send_each(socket, data, length, segment, peer);
	return r ? r : (ssize_t)length;
}

/* ---- The rest of a socket. */

static unsigned int udp_events(const struct socket *base)
{
	const struct udp_socket *socket = (const struct udp_socket *)base;

	return SOCKET_WRITABLE | (socket->queue ? SOCKET_READABLE : 0U) |
	       (socket->error ? SOCKET_FAILED : 0U);
}

static int udp_last_error(const struct socket *base)
{
	return ((const struct udp_socket *)base)->error;
}

static void udp_local(const struct socket *base, struct stack_address *ret)
{
	*ret = ((const struct udp_socket *)base)->local;
}

static void udp_peer(const struct socket *base, struct stack_address *ret)
{
	const struct udp_socket *socket = (const struct udp_socket *)base;

	*ret = socket->connected ? socket->peer : (struct stack_address){ 0 };
}

static void udp_close(struct socket *base)
{
	struct udp_socket *socket = udp_of(base);

	while (socket->queue) {
		struct udp_datagram *datagram = socket->queue;

		socket->queue = datagram->next;
		free(datagram);
	}
	if (socket->bound)
		tuple_remove(&socket->udp->sockets, &socket->entry);
	udp_release_held(socket->udp);
	/* What it sent last may stand in the batch, and refers to the route. */
	user_flush(socket->udp->stack);
	stack_route_put(socket->route);
	stack_guard_close(socket->guard);
	socket_unlink(base);
	free(socket);
}

static const struct socket_ops udp_ops = {
	.bind = udp_bind,
	.connect = udp_connect,
	.send = udp_send,
	.receive = udp_receive,
	.close = udp_close,
	.events = udp_events,
	.error = udp_last_error,
	.local = udp_local,
	.peer = udp_peer,
};

int udp_socket_new(struct socket **ret, void *state, struct err *err)
{
	struct udp *udp = state;
	struct udp_socket *socket = calloc(1, sizeof(*socket));

	if (!socket)
		return err_system(err, ENOMEM, "no memory for a socket");
	socket_init(&socket->base, (struct stack *)udp->stack, &udp_ops);
	socket->udp = udp;
	socket->queue_end = &socket->queue;
	*ret = &socket->base;
	return 0;
}
