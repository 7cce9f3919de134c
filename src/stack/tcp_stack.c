/* TCP among the protocols of a stack: finds whom a segment is for, answers those for nobody. */
#include "stack/tcp_flow.h"

#include "base/bytes.h"
#include "base/err.h"
#include "stack/wrap.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

/* Octets that are sent before input has its turn again: a thousand connections that send all they
 * may at once have more answers than there is room for, and hear of their losses late. */
#define OCTETS_A_ROUND (1U << 20)

/* The answer to a segment that is for nobody. Sent by a route of the moment: by the way that the
 * segment came, where that is known, for there may be a flood of them from anywhere. */
static void refuse(
	struct protocol *protocol, const struct stack_packet *packet, const struct tcp_segment *in)
{
	const struct stack_address peer = stack_packet_sender(packet, 0);
	struct tcp_segment reset;
	uint8_t header[TCP_HEADER_MAX];
	struct stack_route *found = NULL, *route;
	struct stack_output output = { .protocol = IPPROTO_TCP, .header = header };

	if (!packet->unicast || !tcp_refuse(in, &reset) ||
		stack_packet_is_from_broadcast(protocol->stack, packet))
		return;
	route = stack_route_back(protocol->stack, packet);
	if (!route && stack_route_get(&found, protocol->stack, &peer, packet->destination, NULL))
		return;
	if (!route)
		route = found;
	output.header_length = tcp_segment_write(
		&reset, bytes_get_be16(packet->octets + 2), bytes_get_be16(packet->octets), header);
	stack_output(protocol->stack, route, &output);
	if (found) /* the frame refers to it */
		user_flush(protocol->stack);
	stack_route_put(found);
}

/* Sequence numbers and timestamps that a stranger cannot guess: RFC 6528 3, RFC 7323 7.1. */
uint32_t flow_secret(const struct tcp_socket *socket, bool ports, uint64_t now)
{
	struct tuple tuple = socket->entry.tuple;

	if (!ports) {
		tuple.local_port = 0;
		tuple.remote_port = 0;
	}
	return tcp_isn(socket->protocol->secret, &tuple, sizeof(tuple), now);
}

uint32_t flow_isn(const struct tcp_socket *socket, uint64_t now)
{
	const struct stack_wrap *wrap = user_config(socket->protocol->stack)->wrap;

	return wrap && wrap->given.has_isn ? wrap->given.isn : flow_secret(socket, true, now);
}

/* The handshake is done: it may be accepted. */
static void look_after_child(struct tcp_socket *child)
{
	struct tcp_socket *listener = child->listener;

	if (!listener || child->in != &listener->opening || tcp_state(child->tcp) < TCP_ESTABLISHED)
		return;
	flow_unqueue(child);
	flow_queue(&listener->ready, child);
	listener->told &= ~(unsigned int)SOCKET_READABLE;
	flow_tell(listener);
}

/* ---- in ---- */

/* The connection that a segment goes on with: NULL where that was all. */
static struct tcp_socket *to_listener(struct protocol *protocol, struct tcp_socket *listener,
	const struct stack_packet *packet, const struct tcp_segment *segment)
{
	switch (listener ? tcp_listen(segment) : TCP_REFUSE) {
	case TCP_ACCEPT:
		opening_syn(listener, packet, segment);
		break;
	case TCP_REFUSE:
		if (listener && opening_is_answered(listener, packet, segment))
			return opening_ack(listener, packet, segment);
		refuse(protocol, packet, segment);
		break;
	case TCP_IGNORE:
		break;
	}
	return NULL;
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
			flow_end(socket);
			socket = of_entry(entry);
		}
	}
	if (!socket || !socket->tcp)
		socket = to_listener(protocol, socket, packet, &segment);
	if (!socket)
		return;
	tcp_input(socket->tcp, &segment, user_now(protocol->stack));
	if (segment.length)
		flow_heard(socket, user_now(protocol->stack));
	if (segment.length && socket->guard && !socket->route->loopback)
		stack_guard_heard(socket->guard, packet);
	look_after_child(socket);
	if (tcp_answers_at_once(socket->tcp))
		flow_answer(socket, user_now(protocol->stack));
	flow_touch(socket);
}

static bool error(void *state, const struct stack_error *told)
{
	struct protocol *protocol = state;
	struct tuple tuple = tuple_of(told->address_length, told->source, told->source_port,
		told->destination, told->destination_port);
	struct tcp_socket *socket = of_entry(tuple_find(&protocol->sockets, &tuple));

	if (!socket || !socket->tcp || flow_is_done(socket))
		return false;
	if (told->error == EMSGSIZE) {
		size_t headers = stack_route_header(socket->route) + TCP_HEADER;
		size_t mss = told->mtu > headers + MSS_MIN ? told->mtu - headers : MSS_MIN;

		/* The route is not this connection's alone: one that is not believed leaves it. */
		if (!tcp_mtu(socket->tcp, told->sequence,
			    (uint16_t)(mss > UINT16_MAX ? UINT16_MAX : mss),
			    user_now(protocol->stack)))
			return false;
	} else {
		/* A router may err, or lie: RFC 1122 4.2.3.9. Who is silent to us is not there. */
		tcp_unreachable(
			socket->tcp, told->sequence, told->error, told->hard || told->local);
	}
	flow_touch(socket);
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
	size_t octets = 0;

	while ((entry = wheel_take(&protocol->wheel, now)))
		flow_touch(of_timer(entry));
	while (protocol->touched && octets < OCTETS_A_ROUND) {
		struct tcp_socket *socket = protocol->touched;

		flow_untouch(socket);
		octets += flow_flush(socket, now);
	}
	if (!protocol->ended)
		return;
	/* What they sent last refers to their routes. */
	user_flush(protocol->stack);
	flow_release_ended(protocol);
}

/* TIME-WAIT is no reason to stay: all that was to be said is said. */
static size_t ending(const void *state)
{
	const struct protocol *protocol = state;
	const struct tcp_socket *socket;
	size_t count = protocol->touched != NULL;

	for (socket = protocol->alone; socket; socket = socket->alone_next)
		count += tcp_state(socket->tcp) != TCP_TIME_WAIT && !flow_is_done(socket);
	return count;
}

static size_t unacknowledged(const void *state, uint64_t *ret_lost)
{
	const struct protocol *protocol = state;
	const struct tcp_socket *socket;
	size_t octets = 0;

	for (socket = protocol->alone; socket; socket = socket->alone_next)
		octets += tcp_send_queued(socket->tcp);
	*ret_lost += protocol->lost;
	return octets;
}

/* ---- the protocol ---- */

static int protocol_socket(struct socket **ret, void *state, struct err *err)
{
	struct tcp_socket *socket = flow_new(state);

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
	protocol->touched_last = &protocol->touched;
	memcpy(protocol->secret, drawn, sizeof(protocol->secret));
	wheel_init(&protocol->wheel, user_now(stack));
	*ret_state = protocol;
	return 0;
}

static void protocol_close(void *state)
{
	struct protocol *protocol = state;
	struct tcp_socket *socket, *next;

	flow_release_ended(protocol);
	for (socket = protocol->alone; socket; socket = next) {
		next = socket->alone_next;
		flow_release(socket);
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
	.unacknowledged = unacknowledged,
};
