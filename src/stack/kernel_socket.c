/* A socket of the kernel's behind the stack's calls. */
#include "stack/kernel.h"

#include "base/err.h"
#include "stack/system_address.h"
#include "tcp/tcp.h"

#include <errno.h>
#include <linux/tcp.h>
#include <stdlib.h>
#include <unistd.h>

#define MICROSECOND_NS 1000ULL

static int kernel_bind(struct socket *base, const struct stack_address *local, struct err *err)
{
	struct kernel_socket *socket = kernel_of(base);
	union system_address address;
	socklen_t length;
	int rc = kernel_open_descriptor(socket, local->length != 4, err);

	/* Both versions were asked for, where there is but one. */
	if (rc == -EAFNOSUPPORT && !local->length)
		rc = kernel_open_descriptor(socket, false, err);
	if (rc < 0)
		return rc;
	length = system_address_put(local, socket->six, &address);
	if (socket->kind == SOCKET_TCP)
		kernel_set_option(socket->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (bind(socket->fd, &address.any, length))
		return err_system(err, errno, "cannot bind to port %u", local->port);
	return socket->kind == SOCKET_UDP ? kernel_watch(socket, err) : 0;
}

static int kernel_connect(struct socket *base, const struct stack_address *peer, struct err *err)
{
	struct kernel_socket *socket = kernel_of(base);
	union system_address address;
	socklen_t length;
	int rc = kernel_open_descriptor(socket, peer->length == 16, err);

	if (rc < 0)
		return rc;
	length = system_address_put(peer, socket->six, &address);
	if (connect(socket->fd, &address.any, length) && errno != EINPROGRESS)
		return err_system(err, errno, "cannot connect");
	socket->connecting = socket->kind == SOCKET_TCP;
	return kernel_watch(socket, err); /* not before: a TCP socket would be told of as hung up */
}

static int kernel_listen(struct socket *base, int backlog, struct err *err)
{
	struct kernel_socket *socket = kernel_of(base);

	if (socket->fd < 0 || listen(socket->fd, backlog))
		return err_system(err, socket->fd < 0 ? EDESTADDRREQ : errno, "cannot listen");
	socket->listening = true;
	return kernel_watch(socket, err);
}

/* An error of a connection that ended in the queue is no error of the listener: accept(2). */
static bool is_of_the_connection(int error)
{
	return error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
	       error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH;
}

static int kernel_accept(struct socket *base, struct socket **ret, struct stack_address *ret_peer)
{
	struct kernel_socket *listener = kernel_of(base);
	union system_address address = { 0 };
	struct kernel_socket *socket;
	socklen_t length;
	int fd, rc;

	do {
		length = sizeof(address);
		fd = accept4(listener->fd, &address.any, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
	} while (fd < 0 && is_of_the_connection(errno));
	if (fd < 0) {
		if (errno == EAGAIN)
			listener->readable = false;
		return -errno;
	}
	rc = kernel_socket_new(&socket, base->stack, SOCKET_TCP);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	socket->fd = fd;
	socket->six = listener->six;
	kernel_set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	rc = kernel_watch(socket, NULL);
	if (rc < 0) {
		socket->base.ops->close(&socket->base);
		return rc;
	}
	system_address_get(&address, ret_peer);
	*ret = &socket->base;
	return 0;
}

/* Keeps what a TCP connection failed with. */
static ssize_t failed(struct kernel_socket *socket, int error)
{
	if (socket->kind == SOCKET_TCP)
		socket->error = -error;
	return -error;
}

/* The first datagram of a socket that is not bound opens it. */
static int open_to_send(struct kernel_socket *socket, const struct stack_address *to)
{
	int rc;

	if (socket->fd >= 0)
		return 0;
	if (socket->kind == SOCKET_TCP || !to)
		return -ENOTCONN;
	rc = kernel_open_descriptor(socket, to->length == 16, NULL);
	return rc < 0 ? rc : kernel_watch(socket, NULL);
}

static ssize_t send_stream(const struct kernel_socket *socket, const void *data, size_t length)
{
	ssize_t sent = send(socket->fd, data, length, MSG_NOSIGNAL);

	return sent < 0 ? -errno : sent;
}

static ssize_t kernel_send(struct socket *base, const void *data, size_t length, uint16_t segment,
	const struct stack_address *to)
{
	struct kernel_socket *socket = kernel_of(base);
	ssize_t sent = open_to_send(socket, to);

	if (sent < 0)
		return sent;
	sent = socket->kind == SOCKET_UDP ? kernel_send_datagrams(socket, data, length, segment, to)
					  : send_stream(socket, data, length);
	if (sent == -EAGAIN)
		socket->writable = false;
	else if (sent < 0)
		return failed(socket, (int)-sent);
	return sent;
}

static ssize_t kernel_receive(
	struct socket *base, void *data, size_t size, struct stack_address *ret_from)
{
	struct kernel_socket *socket = kernel_of(base);
	ssize_t got;

	if (socket->fd < 0)
		return socket->kind == SOCKET_UDP ? -EAGAIN : -ENOTCONN;
	if (socket->kind == SOCKET_UDP)
		return kernel_receive_datagram(socket, data, size, ret_from);
	if (ret_from)
		socket->base.ops->peer(base, ret_from);
	got = recv(socket->fd, data, size, 0);
	if (got > 0)
		return got;
	if (got == 0) {
		socket->ended = size > 0;
		return 0;
	}
	if (errno != EAGAIN)
		return failed(socket, errno);
	socket->readable = false;
	return -EAGAIN;
}

static int kernel_shutdown(struct socket *base)
{
	struct kernel_socket *socket = kernel_of(base);

	if (socket->fd < 0)
		return -ENOTCONN;
	if (!shutdown(socket->fd, SHUT_WR))
		return 0;
	/* What was connected and is not was reset, and the error is taken already. */
	return errno == ENOTCONN && !socket->connecting ? -ECONNRESET : -errno;
}

static void kernel_socket_close(struct socket *base)
{
	struct kernel_socket *socket = kernel_of(base);

	socket_unlink(base);
	if (socket->fd >= 0)
		close(socket->fd);
	free(socket);
}

/* The close to come is a reset: socket(7), SO_LINGER. */
static void kernel_abort(struct socket *base)
{
	const struct linger none = { .l_onoff = 1 };

	setsockopt(kernel_of(base)->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

static unsigned int kernel_events(const struct socket *base)
{
	const struct kernel_socket *socket = kernel_of_const(base);
	unsigned int events = 0;

	if (socket->error)
		return SOCKET_READABLE | SOCKET_WRITABLE | SOCKET_FAILED;
	if (socket->readable)
		events |= SOCKET_READABLE;
	if (socket->writable && !socket->listening && !socket->connecting)
		events |= SOCKET_WRITABLE;
	if (socket->ended)
		events |= SOCKET_READABLE | SOCKET_ENDED;
	return events;
}

static int kernel_error(const struct socket *base)
{
	return kernel_of_const(base)->error;
}

static void kernel_local(const struct socket *base, struct stack_address *ret)
{
	union system_address address = { 0 };
	socklen_t length = sizeof(address);

	getsockname(kernel_of_const(base)->fd, &address.any, &length);
	system_address_get(&address, ret);
}

static void kernel_peer(const struct socket *base, struct stack_address *ret)
{
	union system_address address = { 0 };
	socklen_t length = sizeof(address);

	if (getpeername(kernel_of_const(base)->fd, &address.any, &length))
		address.any.sa_family = AF_UNSPEC;
	system_address_get(&address, ret);
}

/* As far as the kernel counts the same things; tcp(7), TCP_INFO. */
static int kernel_tcp_stats(const struct socket *base, struct tcp_stats *ret)
{
	const struct kernel_socket *socket = kernel_of_const(base);
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (socket->kind != SOCKET_TCP ||
		getsockopt(socket->fd, IPPROTO_TCP, TCP_INFO, &info, &length))
		return -EOPNOTSUPP;
	*ret = (struct tcp_stats){
		.srtt_ns = info.tcpi_rtt * MICROSECOND_NS,
		.rttvar_ns = info.tcpi_rttvar * MICROSECOND_NS,
		.rto_ns = info.tcpi_rto * MICROSECOND_NS,
		/* All ones: it has no sample yet. */
		.rtt_min_ns =
			info.tcpi_min_rtt == UINT32_MAX ? 0 : info.tcpi_min_rtt * MICROSECOND_NS,
		.cwnd = (size_t)info.tcpi_snd_cwnd * info.tcpi_snd_mss,
		.in_flight = (size_t)info.tcpi_unacked * info.tcpi_snd_mss,
		.receive_window = info.tcpi_rcv_space,
		.mss = info.tcpi_snd_mss,
		.segments_in = info.tcpi_segs_in,
		.segments_out = info.tcpi_segs_out,
		.octets_in = info.tcpi_bytes_received,
		.octets_out = info.tcpi_bytes_acked,
		.retransmitted = info.tcpi_total_retrans,
		.out_of_order_in = info.tcpi_rcv_ooopack,
	};
	return 0;
}

static int kernel_move(struct socket *base, struct stack *to, struct err *err)
{
	struct kernel_socket *socket = kernel_of(base);
	struct stack *from = base->stack;
	void *context = base->context;

	if (to->ops != from->ops)
		return err_system(err, EOPNOTSUPP, "a socket of the kernel's cannot move there");
	kernel_unwatch(socket);
	socket_unlink(base);
	socket_init(base, to, base->ops);
	base->context = context;
	return kernel_watch(socket, err);
}

static const struct socket_ops kernel_socket_ops = {
	.bind = kernel_bind,
	.connect = kernel_connect,
	.listen = kernel_listen,
	.accept = kernel_accept,
	.send = kernel_send,
	.receive = kernel_receive,
	.shutdown = kernel_shutdown,
	.abort = kernel_abort,
	.close = kernel_socket_close,
	.events = kernel_events,
	.error = kernel_error,
	.local = kernel_local,
	.peer = kernel_peer,
	.tcp_stats = kernel_tcp_stats,
	.move = kernel_move,
};

int kernel_socket_new(struct kernel_socket **ret, struct stack *stack, enum socket_kind kind)
{
	struct kernel_socket *socket = calloc(1, sizeof(*socket));

	if (!socket)
		return -ENOMEM;
	socket->kind = kind;
	socket->fd = -1;
	socket_init(&socket->base, stack, &kernel_socket_ops);
	*ret = socket;
	return 0;
}
