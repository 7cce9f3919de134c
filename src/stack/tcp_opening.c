/* Connections that peers open: a listener's, until their handshake is done. */
#include "stack/tcp_flow.h"

#include "base/bytes.h"
#include "tcp/cookie.h"

#include <errno.h>
#include <string.h>

/* Connections of a listener whose handshake is not done. Beyond the first number a SYN is answered
 * by a cookie, and nothing kept; where that cannot be, beyond the second the oldest goes. */
#define COOKIES_FROM 1024U
#define OPENING_MAX  4096U

/* Its ends, the peer's the sender's. */
static void child_name(struct tcp_socket *child, const struct tcp_socket *listener,
	const struct stack_packet *packet)
{
	child->local = (struct stack_address){ .length = packet->address_length };
	memcpy(child->local.octets, packet->destination, packet->address_length);
	child->local.port = listener->local.port;
	child->peer = stack_packet_sender(packet, bytes_get_be16(packet->octets));
	child->local.scope = child->peer.scope;
	child->entry.tuple = tuple_of(child->peer.length, child->local.octets, child->local.port,
		child->peer.octets, child->peer.port);
}

/* Which engine a new connection begins with. */
struct beginning {
	int (*accept)(struct tcp **ret, const struct tcp_config *config,
		const struct tcp_segment *syn, uint32_t isn, uint64_t now);
	const uint32_t *isn; /* NULL: one of the time */
};

static int child_init(struct tcp_socket *child, struct tcp_socket *listener,
	const struct stack_packet *packet, const struct tcp_segment *syn,
	const struct beginning *beginning)
{
	uint64_t now = user_now(child->protocol->stack);
	struct tcp_config config;
	int r;

	child_name(child, listener, packet);
	r = stack_route_get(
		&child->route, child->protocol->stack, &child->peer, packet->destination, NULL);
	if (!r)
		r = flow_enter(child);
	if (r)
		return r;
	config = flow_config(child);
	r = beginning->accept(&child->tcp, &config, syn,
		beginning->isn ? *beginning->isn : flow_isn(child, now), now);
	if (r)
		return r;
	child->guard = stack_guard_share(listener->guard);
	child->bound = true;
	return 0;
}

/* It is nobody's until it is accepted; NULL: there is none. */
static struct tcp_socket *child_open(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *syn, const struct beginning *beginning)
{
	struct tcp_socket *child = flow_new(listener->protocol);

	if (!child)
		return NULL;
	socket_unlink(&child->base);
	if (child_init(child, listener, packet, syn, beginning)) {
		flow_end(child);
		return NULL;
	}
	child->listener = listener;
	flow_queue(&listener->opening, child);
	return child;
}

static struct tcp_cookie cookie_of(const struct tcp_socket *child)
{
	return (struct tcp_cookie){ child->protocol->secret, &child->entry.tuple,
		sizeof(child->entry.tuple) };
}

/* Sent to where the SYN's frame came from: a route and a neighbour looked up for each of a flood's
 * sources would cost much more than all the rest. False: that is not known, or what we send is to
 * be tampered with. */
static bool answer_by_cookie(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *in)
{
	struct protocol *protocol = listener->protocol;
	struct tcp_socket child = { .protocol = protocol };
	struct tcp_cookie cookie = cookie_of(&child);
	uint64_t now = user_now(protocol->stack);
	struct tcp_segment syn = *in;
	struct tcp_config config;

	child.route = stack_route_back(protocol->stack, packet);
	if (!child.route || user_config(protocol->stack)->mischief)
		return false;
	/* What comes with the SYN comes again: RFC 9293 3.10.7.2 lets us. */
	syn.length = syn.data[0].length = 0;
	syn.flags = TCP_SYN;
	tcp_cookie_reduce(&syn);
	child_name(&child, listener, packet);
	config = flow_config(&child);
	config.timestamp_offset = tcp_cookie_timestamps(config.timestamp_offset, &syn, now);
	if (tcp_accept(&child.tcp, &config, &syn, tcp_cookie_isn(&cookie, &syn, now), now))
		return true;
	flow_answer(&child, now);
	tcp_free(child.tcp);
	listener->cookies_until = now + 2 * TCP_COOKIE_LASTS;
	return true;
}

void opening_syn(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *syn)
{
	static const struct beginning beginning = { .accept = tcp_accept };
	struct tcp_socket *child;

	if (!packet->unicast || listener->ready.count >= listener->backlog)
		return;
	if (listener->opening.count >= COOKIES_FROM && answer_by_cookie(listener, packet, syn))
		return;
	if (stack_packet_is_from_broadcast(listener->protocol->stack, packet))
		return;
	/* RFC 4987 3.4: a flood of SYNs pushes out its own. */
	if (listener->opening.count >= OPENING_MAX)
		flow_abandon(listener->opening.first);
	child = child_open(listener, packet, syn, &beginning);
	if (child)
		flow_touch(child);
}

static bool read_cookie(const struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *ack, struct tcp_segment *ret_syn)
{
	struct tcp_socket child = { .protocol = listener->protocol };
	const struct tcp_cookie cookie = cookie_of(&child);

	child_name(&child, listener, packet);
	return tcp_cookie_read(&cookie, ack, user_now(listener->protocol->stack), ret_syn);
}

bool opening_is_answered(const struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *ack)
{
	struct tcp_segment syn;

	return user_now(listener->protocol->stack) < listener->cookies_until && packet->unicast &&
	       !(ack->flags & TCP_SYN) && read_cookie(listener, packet, ack, &syn);
}

/* One too many says it again, with its data: RFC 9293 3.10.7.2 would have it reset. */
struct tcp_socket *opening_ack(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *ack)
{
	const uint32_t isn = ack->ack - 1;
	const struct beginning beginning = { .accept = tcp_accept_answered, .isn = &isn };
	struct tcp_segment syn;

	if (listener->ready.count >= listener->backlog || !read_cookie(listener, packet, ack, &syn))
		return NULL;
	return child_open(listener, packet, &syn, &beginning);
}
