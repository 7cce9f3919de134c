/* Sockets that listen at a lab's other end. */
#include "exchange/service.h"

#include "base/err.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTENERS_MAX	256
#define CONNECTIONS_MAX 128
#define OCTETS_MAX	65536
#define BACKLOG		64

struct listener {
	int fd;
	enum script_service service;
};

struct connection {
	int fd;
	bool echoes;
};

struct services {
	struct listener listeners[LISTENERS_MAX];
	unsigned int listener_count;
	struct connection connections[CONNECTIONS_MAX];
	unsigned int connection_count;
	uint8_t octets[OCTETS_MAX];
};

static bool is_tcp(enum script_service service)
{
	return service == SCRIPT_TCP || service == SCRIPT_TCP_ECHO;
}

static bool echoes(enum script_service service)
{
	return service == SCRIPT_TCP_ECHO || service == SCRIPT_UDP_ECHO;
}

/* For both versions of IP, where the kernel has the newer one. */
static int bound(int type, uint16_t port)
{
	const struct sockaddr_in6 any6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };
	const struct sockaddr_in any4 = { .sin_family = AF_INET, .sin_port = htons(port) };
	const int off = 0;
	const int on = 1;
	int flags = type | SOCK_CLOEXEC | SOCK_NONBLOCK;
	int fd = socket(AF_INET6, flags, 0);
	bool old = fd < 0;

	if (old)
		fd = socket(AF_INET, flags, 0);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!old)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off));
	if (bind(fd, old ? (const struct sockaddr *)&any4 : (const struct sockaddr *)&any6,
		    old ? sizeof(any4) : sizeof(any6)) ||
		(type == SOCK_STREAM && listen(fd, BACKLOG))) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

static int listener_add(
	struct services *services, enum script_service service, uint16_t port, struct err *err)
{
	int fd;

	if (services->listener_count == LISTENERS_MAX)
		return err_system(err, EMFILE, "the lab's peer cannot listen on so many ports");
	fd = bound(is_tcp(service) ? SOCK_STREAM : SOCK_DGRAM, port);
	if (fd < 0)
		return err_system(err, -fd, "the lab's peer cannot listen on %s port %u",
			is_tcp(service) ? "TCP" : "UDP", port);
	services->listeners[services->listener_count++] = (struct listener){ fd, service };
	return 0;
}

int services_open(struct services **ret, const struct script_peer *peer, struct err *err)
{
	struct services *services = calloc(1, sizeof(*services));
	int r = 0;

	if (!services)
		return err_system(err, ENOMEM, "the lab's peer cannot listen");
	for (enum script_service i = 0; i < SCRIPT_SERVICES; i++)
		for (unsigned int j = 0; j < peer->services[i].count && !r; j++)
			r = listener_add(services, i, peer->services[i].ports[j], err);
	if (r)
		services_close(services);
	else
		*ret = services;
	return r;
}

void services_close(struct services *services)
{
	if (!services)
		return;
	for (unsigned int i = 0; i < services->listener_count; i++)
		close(services->listeners[i].fd);
	for (unsigned int i = 0; i < services->connection_count; i++)
		close(services->connections[i].fd);
	free(services);
}

unsigned int services_poll(
	const struct services *services, struct pollfd *fds, unsigned int count, unsigned int max)
{
	for (unsigned int i = 0; i < services->listener_count && count < max; i++)
		fds[count++] = (struct pollfd){ .fd = services->listeners[i].fd, .events = POLLIN };
	for (unsigned int i = 0; i < services->connection_count && count < max; i++)
		fds[count++] =
			(struct pollfd){ .fd = services->connections[i].fd, .events = POLLIN };
	return count;
}

/* ---- serving ---- */

static void accept_all(struct services *services, const struct listener *listener)
{
	for (;;) {
		int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			return;
		if (services->connection_count == CONNECTIONS_MAX) {
			close(fd);
			continue;
		}
		services->connections[services->connection_count++] =
			(struct connection){ fd, echoes(listener->service) };
	}
}

static void datagrams_read(struct services *services, const struct listener *listener)
{
	for (;;) {
		struct sockaddr_storage from;
		socklen_t size = sizeof(from);
		ssize_t length = recvfrom(listener->fd, services->octets, OCTETS_MAX, 0,
			(struct sockaddr *)&from, &size);

		if (length < 0)
			return;
		if (echoes(listener->service))
			(void)sendto(listener->fd, services->octets, (size_t)length, MSG_NOSIGNAL,
				(const struct sockaddr *)&from, size);
	}
}

/* false: the other end has closed, or it is broken. */
static bool connection_read(struct services *services, const struct connection *connection)
{
	for (;;) {
		ssize_t length = recv(connection->fd, services->octets, OCTETS_MAX, 0);

		if (length <= 0)
			return length < 0 && (errno == EAGAIN || errno == EINTR);
		if (connection->echoes)
			(void)send(connection->fd, services->octets, (size_t)length, MSG_NOSIGNAL);
	}
}

void services_run(struct services *services)
{
	for (unsigned int i = 0; i < services->listener_count; i++) {
		if (is_tcp(services->listeners[i].service))
			accept_all(services, &services->listeners[i]);
		else
			datagrams_read(services, &services->listeners[i]);
	}
	for (unsigned int i = services->connection_count; i-- > 0;) {
		if (connection_read(services, &services->connections[i]))
			continue;
		close(services->connections[i].fd);
		services->connections[i] = services->connections[--services->connection_count];
	}
}
