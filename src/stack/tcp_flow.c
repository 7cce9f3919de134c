/* A TCP connection over frames of our own: its engine, its timer, its news and its end. */
#include "stack/tcp_flow.h"

#include "base/err.h"
#include "stack/mischief.h"
#include "stack/wrap.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define SEND_TOTAL (128U << 20) /* octets in all send buffers */
#define SEND_MOST  (4U << 20)	/* in one */
#define SEND_LEAST (32U << 10)	/* which one may have in any case */

/* Windows of all connections that data comes for: half of what the socket for frames holds, whose
 * accounting counts more than the octets. */
#define RECEIVE_TOTAL (64U << 20)
#define RECEIVE_MOST  (4U << 20)  /* of one */
#define RECEIVE_LEAST (16U << 10) /* which one may have in any case */
#define EPOCH_NS      1000000000ULL

/* ---- lists ---- */

void flow_queue(struct waiting *list, struct tcp_socket *socket)
{
	socket->waiting_next = NULL;
	socket->waiting_link = list->last;
	*list->last = socket;
	list->last = &socket->waiting_next;
	list->count++;
	socket->in = list;
}

void flow_unqueue(struct tcp_socket *socket)
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
void flow_touch(struct tcp_socket *socket)
{
	struct protocol *protocol = socket->protocol;

	if (socket->is_touched || socket->is_ended)
		return;
	socket->is_touched = true;
	socket->touched_next = NULL;
	socket->touched_link = protocol->touched_last;
	*protocol->touched_last = socket;
	protocol->touched_last = &socket->touched_next;
}

void flow_untouch(struct tcp_socket *socket)
{
	if (!socket->is_touched)
		return;
	socket->is_touched = false;
	*socket->touched_link = socket->touched_next;
	if (socket->touched_next)
		socket->touched_next->touched_link = socket->touched_link;
	else
		socket->protocol->touched_last = socket->touched_link;
}

/* Its user left: the connection ends by itself. */
void flow_leave_alone(struct tcp_socket *socket)
{
	socket->is_alone = true;
	socket->was_over = flow_is_done(socket);
	socket->alone_next = socket->protocol->alone;
	socket->alone_link = &socket->protocol->alone;
	if (socket->alone_next)
		socket->alone_next->alone_link = &socket->alone_next;
	socket->protocol->alone = socket;
}

/* What its user cannot know: it failed when they had left. */
static void count_lost(struct tcp_socket *socket)
{
	struct tcp_stats stats;

	if (!socket->is_alone || socket->was_over || !socket->tcp)
		return;
	tcp_stats(socket->tcp, &stats);
	socket->protocol->lost += stats.octets_lost;
}

/* Nothing is left to do: it is freed when nothing in the ground refers to it. */
void flow_end(struct tcp_socket *socket)
{
	if (socket->is_ended)
		return;
	socket->is_ended = true;
	flow_untouch(socket);
	count_lost(socket);
	socket->ended_next = socket->protocol->ended;
	socket->protocol->ended = socket;
	wheel_cancel(&socket->timer);
	if (socket->entered)
		tuple_remove(&socket->protocol->sockets, &socket->entry);
	socket->entered = false;
	flow_unqueue(socket);
}

void flow_release(struct tcp_socket *socket)
{
	if (socket->is_alone) {
		*socket->alone_link = socket->alone_next;
		if (socket->alone_next)
			socket->alone_next->alone_link = socket->alone_link;
	}
	socket->protocol->senders -= socket->sends;
	socket_unlink(&socket->base);
	tcp_free(socket->tcp);
	stack_route_put(socket->route);
	stack_guard_close(socket->guard);
	free(socket);
}

void flow_release_ended(struct protocol *protocol)
{
	while (protocol->ended) {
		struct tcp_socket *socket = protocol->ended;

		protocol->ended = socket->ended_next;
		flow_release(socket);
	}
}

#define LEAVE_NS 100000000ULL

/* All of them at once, and not again for a while: there may be as many as ports. */
void flow_leave_time_wait(struct protocol *protocol, uint16_t port)
{
	uint64_t now = user_now(protocol->stack);
	struct tcp_socket *socket;

	if (now < protocol->leave_at)
		return;
	protocol->leave_at = now + LEAVE_NS;
	for (socket = protocol->alone; socket; socket = socket->alone_next)
		if ((!port || socket->local.port == port) && !socket->is_touched &&
			tcp_leavable(socket->tcp, now))
			flow_end(socket);
	/* What they sent last refers to their routes. */
	user_flush(protocol->stack);
	flow_release_ended(protocol);
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

unsigned int flow_events(const struct socket *base)
{
	const struct tcp_socket *socket = tcp_of_const(base);

	if (socket->listening)
		return socket->ready.count ? SOCKET_READABLE : 0;
	return socket->tcp ? connection_events(socket->tcp) : 0;
}

/* Tells the user what is new since a call of theirs met -EAGAIN. */
void flow_tell(struct tcp_socket *socket)
{
	unsigned int events;

	if (socket->is_alone || socket->listener)
		return;
	events = flow_events(&socket->base);
	if (events & ~socket->told)
		socket_news(&socket->base);
	socket->told |= events;
}

/* ---- out ---- */

static void send_as_it_is(void *context, const struct tcp_segment *segment, bool bad_checksum)
{
	struct tcp_socket *socket = context;
	const struct stack_wrap *wrap = user_config(socket->protocol->stack)->wrap;
	uint8_t header[TCP_HEADER_MAX];
	const struct stack_output output = {
		.protocol = IPPROTO_TCP,
		.bad_checksum = bad_checksum || (wrap && wrap->given.bad_checksum),
		.has_checksum = wrap && wrap->given.has_checksum,
		.segment_size =
			(uint16_t)(segment->length > segment->segment_size ? segment->segment_size
									   : 0),
		.header = header,
		.header_length =
			tcp_segment_write(segment, socket->local.port, socket->peer.port, header),
		.data = { { (void *)(uintptr_t)segment->data[0].octets, segment->data[0].length },
			{ (void *)(uintptr_t)segment->data[1].octets, segment->data[1].length } },
	};

	if (wrap)
		stack_wrap_tcp(wrap, header);
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

bool flow_is_done(const struct tcp_socket *socket)
{
	return socket->tcp && tcp_state(socket->tcp) == TCP_CLOSED;
}

/* A thousand connections with megabytes each would leave the caches, and the time would go into
 * fresh pages: those that have something to send share one bound. */
void flow_share(struct tcp_socket *socket, bool more)
{
	struct protocol *protocol = socket->protocol;
	bool sends = more || tcp_send_queued(socket->tcp) > 0;
	size_t share = SEND_MOST;

	protocol->senders += (size_t)sends - (size_t)socket->sends;
	socket->sends = sends;
	/* Halves: the engine's memory doubles. */
	while (share > SEND_LEAST && share * protocol->senders > SEND_TOTAL)
		share /= 2;
	tcp_send_bound(socket->tcp, share);
}

/* All that the peers may send has room in the one buffer of the frames that come: what has none is
 * lost. */
void flow_heard(struct tcp_socket *socket, uint64_t now)
{
	struct protocol *protocol = socket->protocol;
	uint64_t epoch = now / EPOCH_NS + 1;
	size_t hearers, share = RECEIVE_MOST;

	if (epoch != protocol->epoch) {
		protocol->hearers_before = epoch == protocol->epoch + 1 ? protocol->hearers : 0;
		protocol->hearers = 0;
		protocol->epoch = epoch;
	}
	if (socket->heard != epoch)
		protocol->hearers++;
	socket->heard = epoch;
	hearers = protocol->hearers > protocol->hearers_before ? protocol->hearers
							       : protocol->hearers_before;
	while (share > RECEIVE_LEAST && share * hearers > RECEIVE_TOTAL)
		share /= 2;
	tcp_receive_bound(socket->tcp, share);
}

void flow_answer(struct tcp_socket *socket, uint64_t now)
{
	struct tcp_segment segment;
	size_t octets = 0;

	while (tcp_output(socket->tcp, &segment, now)) {
		send_segment(socket, &segment);
		octets += segment.length;
	}
	/* They are the engine's, which may let go of them when the next segment comes. */
	if (octets)
		user_flush(socket->protocol->stack);
}

size_t flow_flush(struct tcp_socket *socket, uint64_t now)
{
	struct tcp_segment segment;
	size_t octets = 0;

	/* Another connection may have learnt that the path is smaller. */
	tcp_narrow(socket->tcp, mss_of(socket->route), now);
	while (tcp_output(socket->tcp, &segment, now)) {
		send_segment(socket, &segment);
		octets += segment.length;
	}
	wheel_set(&socket->protocol->wheel, &socket->timer, tcp_next_timer(socket->tcp));
	flow_share(socket, false);
	flow_tell(socket);
	if (flow_is_done(socket) &&
		(socket->is_alone || (socket->listener && tcp_error(socket->tcp) &&
					     !tcp_receive_ready(socket->tcp))))
		flow_end(socket);
	return octets;
}

/* ---- connections ---- */

struct tcp_socket *flow_new(struct protocol *protocol)
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

struct tcp_config flow_config(const struct tcp_socket *socket)
{
	const struct stack_wrap *wrap = user_config(socket->protocol->stack)->wrap;
	const struct stack_route *route = socket->route;
	struct tcp_config config;

	tcp_config_init(&config);
	config.mss = mss_of(route);
	if (route->burst > TCP_HEADER_MAX)
		config.burst = route->burst - TCP_HEADER_MAX;
	config.nodelay = true; /* whoever gives octets to a tool wants them out */
	config.timestamp_offset = flow_secret(socket, false, 0);
	if (wrap)
		config.given = &wrap->given.tcp;
	mischief_configure(user_config(socket->protocol->stack)->mischief, &config);
	return config;
}

/* In the table under both ends. */
int flow_enter(struct tcp_socket *socket)
{
	int r;

	socket->entry.tuple = tuple_of(socket->peer.length, socket->local.octets,
		socket->local.port, socket->peer.octets, socket->peer.port);
	r = tuple_add(&socket->protocol->sockets, &socket->entry);
	socket->entered = r == 0;
	return r;
}

void flow_abandon(struct tcp_socket *socket)
{
	tcp_abort(socket->tcp, user_now(socket->protocol->stack));
	flow_leave_alone(socket);
	socket->listener = NULL;
	flow_unqueue(socket);
	socket_unlink(&socket->base);
	flow_touch(socket);
}
