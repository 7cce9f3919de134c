/* The socket API over the kernel's own sockets: no frames of ours, no privileges. */
#include "base/err.h"
#include "stack/internal.h"
#include "tcp/tcp.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS_MAX     64
#define MICROSECOND_NS 1000ULL

struct kernel_stack {
	struct stack base;
	int epoll;
	int wake; /* an eventfd */
	const char *interface;
};

struct kernel_socket {
	struct socket base;
	enum socket_kind kind;
	int fd; /* -1 before bind or connect say of which version it is */
	bool six;
	bool connecting, listening;
	/* What the kernel said last (edges), until a call meets EAGAIN. */
	bool readable, writable;
	bool ended; /* receive gave the peer's end */
	int error;  /* -errno, kept */
};

/* As any of sockaddr_in and sockaddr_in6. */
union kernel_address {
	struct sockaddr any;
	struct sockaddr_in four;
	struct sockaddr_in6 six;
};

static struct kernel_stack *stack_of(const struct socket *socket)
{
	return (struct kernel_stack *)socket->stack;
}

static struct kernel_socket *mine(struct socket *socket)
{
	return (struct kernel_socket *)socket;
}

static const struct kernel_socket *mine_const(const struct socket *socket)
{
	return (const struct kernel_socket *)socket;
}

/* ---- addresses ---- */

/* For a socket of version 6 an IPv4 address is a mapped one, RFC 4291 2.5.5.2. */
static socklen_t address_put(
	const struct stack_address *address, bool six, union kernel_address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!six) {
		ret->four.sin_family = AF_INET;
		ret->four.sin_port = htons(address->port);
		memcpy(&ret->four.sin_addr, address->octets, 4);
		return sizeof(ret->four);
	}
	ret->six.sin6_family = AF_INET6;
	ret->six.sin6_port = htons(address->port);
	ret->six.sin6_scope_id = address->scope;
	if (address->length == 4) {
		memset(ret->six.sin6_addr.s6_addr + 10, 0xff, 2);
		memcpy(ret->six.sin6_addr.s6_addr + 12, address->octets, 4);
	} else if (address->length == 16) {
		memcpy(&ret->six.sin6_addr, address->octets, 16);
	}
	return sizeof(ret->six);
}

static void address_get(const union kernel_address *from, struct stack_address *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (from->any.sa_family == AF_INET) {
		ret->length = 4;
		memcpy(ret->octets, &from->four.sin_addr, 4);
		ret->port = ntohs(from->four.sin_port);
	} else if (from->any.sa_family == AF_INET6) {
		bool mapped = IN6_IS_ADDR_V4MAPPED(&from->six.sin6_addr);

		ret->length = mapped ? 4 : 16;
		memcpy(ret->octets, from->six.sin6_addr.s6_addr + (mapped ? 12 : 0), ret->length);
		ret->port = ntohs(from->six.sin6_port);
		ret->scope = from->six.sin6_scope_id;
	}
}

/* ---- the descriptor ---- */

static int watch(struct kernel_socket *socket)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = socket,
	};

	return epoll_ctl(stack_of(&socket->base)->epoll, EPOLL_CTL_ADD, socket->fd, &event) ? -errno
											    : 0;
}

static void set_option(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

/* What cannot fail, or does no harm when it does. */
static void prepare(const struct kernel_socket *socket)
{
	if (socket->six)
		set_option(socket->fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (socket->kind == SOCKET_TCP) {
		set_option(socket->fd, IPPROTO_TCP, TCP_NODELAY, 1);
		return;
	}
	/* ICMP errors come with the address that the datagram was for. */
	set_option(socket->fd, IPPROTO_IP, IP_RECVERR, 1);
	if (socket->six)
		set_option(socket->fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
}

static int system_socket(int family, int type)
{
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int open_descriptor(struct kernel_socket *socket, bool six, struct err *err)
{
	const char *interface = stack_of(&socket->base)->interface;
	int type = socket->kind == SOCKET_TCP ? SOCK_STREAM : SOCK_DGRAM;
	int rc;

	if (socket->fd >= 0)
		return 0;
	socket->fd = system_socket(six ? AF_INET6 : AF_INET, type);
	if (socket->fd < 0)
		return err_system(err, errno, "cannot open a socket of IPv%d", six ? 6 : 4);
	socket->six = six;
	prepare(socket);
	if (interface && setsockopt(socket->fd, SOL_SOCKET, SO_BINDTODEVICE, interface,
				 (socklen_t)strlen(interface)))
		rc = err_system(err, errno, "cannot use %s", interface);
	else
		rc = 0;
	if (rc < 0) {
		close(socket->fd);
		socket->fd = -1;
	}
	return rc;
}

/* ---- calls ---- */

static int kernel_bind(struct socket *base, const struct stack_address *local, struct err *err)
{
	struct kernel_socket *socket = mine(base);
	union kernel_address address;
	socklen_t length;
	int rc = open_descriptor(socket, local->length != 4, err);

	/* Both versions were asked for, where there is but one. */
	if (rc == -EAFNOSUPPORT && !local->length)
		rc = open_descriptor(socket, false, err);
	if (rc < 0)
		return rc;
	length = address_put(local, socket->six, &address);
	if (socket->kind == SOCKET_TCP)
		set_option(socket->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	else if (watch(socket) < 0)
		return err_system(err, errno, "cannot wait for a socket");
	if (bind(socket->fd, &address.any, length))
		return err_system(err, errno, "cannot bind to port %u", local->port);
	return 0;
}

static int kernel_connect(struct socket *base, const struct stack_address *peer, struct err *err)
{
	struct kernel_socket *socket = mine(base);
	union kernel_address address;
	bool bound = socket->fd >= 0;
	socklen_t length;
	int rc = open_descriptor(socket, peer->length == 16, err);

	if (rc < 0)
		return rc;
	length = address_put(peer, socket->six, &address);
	if (connect(socket->fd, &address.any, length) && errno != EINPROGRESS)
		return err_system(err, errno, "cannot connect");
	socket->connecting = socket->kind == SOCKET_TCP;
	/* Before its connect a TCP socket would be told of as hung up. */
	if ((socket->kind == SOCKET_TCP || !bound) && watch(socket) < 0)
		return err_system(err, errno, "cannot wait for a socket");
	return 0;
}

static int kernel_listen(struct socket *base, int backlog, struct err *err)
{
	struct kernel_socket *socket = mine(base);

	if (socket->fd < 0 || listen(socket->fd, backlog))
		return err_system(err, socket->fd < 0 ? EDESTADDRREQ : errno, "cannot listen");
	socket->listening = true;
	if (watch(socket) < 0)
		return err_system(err, errno, "cannot wait for a socket");
	return 0;
}

static int kernel_socket_new(
	struct kernel_socket **ret, struct stack *stack, enum socket_kind kind);

/* An error of a connection that ended in the queue is no error of the listener: accept(2). */
static bool is_of_the_connection(int error)
{
	return error == EINTR || error == ECONNABORTED || error == EPROTO || error == ENETDOWN ||
	       error == EHOSTDOWN || error == EHOSTUNREACH || error == ENETUNREACH;
}

static int kernel_accept(struct socket *base, struct socket **ret, struct stack_address *ret_peer)
{
	struct kernel_socket *listener = mine(base);
	union kernel_address address = { 0 };
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
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	rc = watch(socket);
	if (rc < 0) {
		socket->base.ops->close(&socket->base);
		return rc;
	}
	address_get(&address, ret_peer);
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

static ssize_t send_datagrams(struct kernel_socket *socket, struct iovec *data, uint16_t segment,
	const struct stack_address *to)
{
	char control[CMSG_SPACE(sizeof(uint16_t))] __attribute__((aligned(8))) = { 0 };
	union kernel_address address;
	struct msghdr message = { .msg_iov = data, .msg_iovlen = 1 };

	if (to) {
		message.msg_name = &address;
		message.msg_namelen = address_put(to, socket->six, &address);
	}
	if (segment && segment < data->iov_len) {
		struct cmsghdr *header;

		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = IPPROTO_UDP;
		header->cmsg_type = UDP_SEGMENT;
		header->cmsg_len = CMSG_LEN(sizeof(segment));
		memcpy(CMSG_DATA(header), &segment, sizeof(segment));
	}
	return sendmsg(socket->fd, &message, MSG_NOSIGNAL);
}

/* An ICMP error of an earlier datagram, which the next call meets whatever it sends. It stays in
 * the queue of errors for receive. */
static bool is_of_an_earlier_one(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
	       error == EPROTO || error == ENOPROTOOPT || error == EACCES;
}

static ssize_t kernel_send(struct socket *base, const void *data, size_t length, uint16_t segment,
	const struct stack_address *to)
{
	struct kernel_socket *socket = mine(base);
	struct iovec vector = { (void *)data, length };
	ssize_t sent;

	if (socket->fd < 0) {
		/* The first datagram of a socket that is not bound opens it. */
		if (socket->kind == SOCKET_TCP || !to)
			return -ENOTCONN;
		if (open_descriptor(socket, to->length == 16, NULL) < 0 || watch(socket) < 0)
			return -errno;
	}
	sent = send_datagrams(socket, &vector, segment, to);
	if (sent < 0 && socket->kind == SOCKET_UDP && is_of_an_earlier_one(errno))
		sent = send_datagrams(socket, &vector, segment, to);
	if (sent >= 0)
		return sent;
	if (errno != EAGAIN)
		return failed(socket, errno);
	socket->writable = false;
	return -EAGAIN;
}

/* The error that an ICMP message told of, with the address that the datagram was for; 0: there is
 * none. */
static ssize_t receive_error(struct kernel_socket *socket, struct stack_address *ret_peer)
{
	char control[512] __attribute__((aligned(8)));
	union kernel_address address = { 0 };
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = sizeof(address),
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;

	if (recvmsg(socket->fd, &message, MSG_ERRQUEUE) < 0)
		return 0;
	if (ret_peer)
		address_get(&address, ret_peer);
	for (header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
		struct sock_extended_err told;

		if (header->cmsg_len < CMSG_LEN(sizeof(told)))
			continue;
		memcpy(&told, CMSG_DATA(header), sizeof(told));
		if (told.ee_errno)
			return -(ssize_t)told.ee_errno;
	}
	return 0;
}

static ssize_t receive_datagram(
	struct kernel_socket *socket, void *data, size_t size, struct stack_address *ret_from)
{
	union kernel_address address = { 0 };
	socklen_t length = sizeof(address);
	ssize_t got = recvfrom(socket->fd, data, size, MSG_TRUNC, &address.any, &length);
	ssize_t error;

	if (got >= 0) {
		if (ret_from)
			address_get(&address, ret_from);
		return got;
	}
	/* Datagrams first: then the errors, of which recvfrom told the first at most. */
	got = -errno;
	error = receive_error(socket, ret_from);
	if (error)
		return error;
	if (got == -EAGAIN)
		socket->readable = false;
	return got;
}

static ssize_t kernel_receive(
	struct socket *base, void *data, size_t size, struct stack_address *ret_from)
{
	struct kernel_socket *socket = mine(base);
	ssize_t got;

	if (socket->fd < 0)
		return socket->kind == SOCKET_UDP ? -EAGAIN : -ENOTCONN;
	if (socket->kind == SOCKET_UDP)
		return receive_datagram(socket, data, size, ret_from);
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
	return shutdown(mine(base)->fd, SHUT_WR) ? -errno : 0;
}

static void kernel_socket_close(struct socket *base)
{
	struct kernel_socket *socket = mine(base);

	socket_unlink(base);
	if (socket->fd >= 0)
		close(socket->fd);
	free(socket);
}

/* The close to come is a reset: socket(7), SO_LINGER. */
static void kernel_abort(struct socket *base)
{
	const struct linger none = { .l_onoff = 1 };

	setsockopt(mine(base)->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
}

static unsigned int kernel_events(const struct socket *base)
{
	const struct kernel_socket *socket = mine_const(base);
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
	return mine_const(base)->error;
}

static void kernel_local(const struct socket *base, struct stack_address *ret)
{
	union kernel_address address = { 0 };
	socklen_t length = sizeof(address);

	getsockname(mine_const(base)->fd, &address.any, &length);
	address_get(&address, ret);
}

static void kernel_peer(const struct socket *base, struct stack_address *ret)
{
	union kernel_address address = { 0 };
	socklen_t length = sizeof(address);

	if (getpeername(mine_const(base)->fd, &address.any, &length))
		address.any.sa_family = AF_UNSPEC;
	address_get(&address, ret);
}

/* As far as the kernel counts the same things; tcp(7), TCP_INFO. */
static int kernel_tcp_stats(const struct socket *base, struct tcp_stats *ret)
{
	const struct kernel_socket *socket = mine_const(base);
	struct tcp_info info = { 0 };
	socklen_t length = sizeof(info);

	if (socket->kind != SOCKET_TCP ||
		getsockopt(socket->fd, IPPROTO_TCP, TCP_INFO, &info, &length))
		return -EOPNOTSUPP;
	*ret = (struct tcp_stats){
		.srtt_ns = info.tcpi_rtt * MICROSECOND_NS,
		.rttvar_ns = info.tcpi_rttvar * MICROSECOND_NS,
		.rto_ns = info.tcpi_rto * MICROSECOND_NS,
		.rtt_min_ns = info.tcpi_min_rtt * MICROSECOND_NS,
		.cwnd = (size_t)info.tcpi_snd_cwnd * info.tcpi_snd_mss,
		.in_flight = (size_t)info.tcpi_unacked * info.tcpi_snd_mss,
		.receive_window = info.tcpi_rcv_space,
		.mss = info.tcpi_snd_mss,
		.segments_in = info.tcpi_segs_in,
		.segments_out = info.tcpi_segs_out,
		.octets_in = info.tcpi_bytes_received,
		.octets_out = info.tcpi_bytes_acked,
		.retransmitted = info.tcpi_total_retrans,
	};
	return 0;
}

static int kernel_move(struct socket *base, struct stack *to, struct err *err)
{
	struct kernel_socket *socket = mine(base);
	struct stack *from = base->stack;
	void *context = base->context;

	if (to->ops != from->ops)
		return err_system(err, EOPNOTSUPP, "a socket of the kernel's cannot move there");
	epoll_ctl(((struct kernel_stack *)from)->epoll, EPOLL_CTL_DEL, socket->fd, NULL);
	socket_unlink(base);
	socket_init(base, to, base->ops);
	base->context = context;
	if (watch(socket) < 0)
		return err_system(err, errno, "cannot wait for a socket");
	return 0;
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

static int kernel_socket_new(struct kernel_socket **ret, struct stack *stack, enum socket_kind kind)
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

static int kernel_open(
	struct socket **ret, struct stack *stack, enum socket_kind kind, struct err *err)
{
	struct kernel_socket *socket;

	if (kernel_socket_new(&socket, stack, kind) < 0)
		return err_system(err, ENOMEM, "cannot open a socket");
	*ret = &socket->base;
	return 0;
}

/* ---- the stack ---- */

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
