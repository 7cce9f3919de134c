/* The descriptor of a socket of the kernel's: opened late, when its IP version is known, and
 * watched by its stack. */
#include "stack/kernel.h"

#include "base/err.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static int epoll_of(const struct kernel_socket *socket)
{
	return ((const struct kernel_stack *)socket->base.stack)->epoll;
}

int kernel_watch(struct kernel_socket *socket, struct err *err)
{
	struct epoll_event event = {
		.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET,
		.data.ptr = socket,
	};

	if (!socket->watched && epoll_ctl(epoll_of(socket), EPOLL_CTL_ADD, socket->fd, &event))
		return err_system(err, errno, "cannot wait for a socket");
	socket->watched = true;
	return 0;
}

void kernel_unwatch(struct kernel_socket *socket)
{
	if (socket->watched)
		epoll_ctl(epoll_of(socket), EPOLL_CTL_DEL, socket->fd, NULL);
	socket->watched = false;
}

void kernel_set_option(int fd, int level, int option, int value)
{
	setsockopt(fd, level, option, &value, sizeof(value));
}

/* What cannot fail, or does no harm when it does. */
static void prepare(const struct kernel_socket *socket)
{
	if (socket->six)
		kernel_set_option(socket->fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
	if (socket->kind == SOCKET_TCP) {
		kernel_set_option(socket->fd, IPPROTO_TCP, TCP_NODELAY, 1);
		return;
	}
	/* Who names a broadcast address means it: frames of our own go there, too. */
	kernel_set_option(socket->fd, SOL_SOCKET, SO_BROADCAST, 1);
	/* ICMP errors come with the address that the datagram was for. */
	kernel_set_option(socket->fd, IPPROTO_IP, IP_RECVERR, 1);
	if (socket->six)
		kernel_set_option(socket->fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
}

static int system_socket(int family, int type)
{
	return socket(family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

int kernel_open_descriptor(struct kernel_socket *socket, bool six, struct err *err)
{
	const char *interface = ((const struct kernel_stack *)socket->base.stack)->interface;
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
