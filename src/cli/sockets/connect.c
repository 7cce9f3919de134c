/* A connection to a name: to the first of its addresses that takes it. */
#include "cli/sockets/sockets.h"

#include "base/clock.h"
#include "tcp/tcp.h"

#include <errno.h>
#include <string.h>

#define WAIT_MS 200 /* how long a signal may stay unseen */

/* What says that nobody is there, and not that somebody ended it. */
static bool is_of_connecting(int error)
{
	return error == -ECONNREFUSED || error == -ETIMEDOUT || error == -EHOSTUNREACH ||
	       error == -ENETUNREACH || error == -EHOSTDOWN || error == -EACCES;
}

int sockets_soft_error(const struct socket *socket)
{
	struct tcp_stats stats;

	return socket_tcp_stats(socket, &stats) ? 0 : stats.soft_error;
}

/* *ret false: nobody is there; else somebody is, or the user has enough. */
static int answers(struct stack *stack, const struct socket *socket, uint64_t timeout_ns, bool *ret,
	struct err *err)
{
	uint64_t now = clock_system.now(NULL);
	uint64_t end = timeout_ns ? now + timeout_ns : UINT64_MAX;

	*ret = true;
	while (!cli_stop && !socket_events(socket)) {
		if (now >= end || sockets_soft_error(socket)) {
			*ret = false;
			return 0;
		}
		if (stack_wait(stack, WAIT_MS, err) < 0)
			return -EIO;
		while (stack_next_event(stack))
			;
		now = clock_system.now(NULL);
	}
	*ret = !is_of_connecting(socket_error(socket));
	return 0;
}

int sockets_bind_port(const struct sockets_options *sockets, struct socket *socket,
	const struct stack_address *from, uint16_t port, struct err *err)
{
	static const uint8_t any[16];
	struct stack_address local = *from;
	int rc;

	local.port = port;
	if (!port && !memcmp(local.octets, any, local.length))
		return 0;
	rc = socket_bind(socket, &local, err);
	if (rc < 0 && port && sockets->source_port_at.file)
		err_locate(err, &sockets->source_port_at,
			sockets->kind == SOCKET_TCP ? "tcp.sport" : "udp.sport");
	return rc;
}

int sockets_bind_source(const struct sockets_options *sockets, struct socket *socket,
	const struct stack_address *from, struct err *err)
{
	unsigned int port = sockets->source_port;
	int rc;

	do
		rc = sockets_bind_port(sockets, socket, from, (uint16_t)port, err);
	while (rc == -EADDRINUSE && port++ < sockets->source_port_last);
	return rc;
}

static int try(const struct sockets_options *sockets, struct stack *stack,
	const struct stack_address *peer, struct socket **ret, struct err *err)
{
	const struct stack_address any = { .length = peer->length, .scope = peer->scope };
	struct socket *socket;
	int rc = socket_open(&socket, stack, SOCKET_TCP, err);

	if (rc < 0)
		return rc;
	rc = sockets_bind_source(sockets, socket, &any, err);
	if (rc == 0)
		rc = socket_connect(socket, peer, err);
	if (rc < 0) {
		socket_close(socket);
		return rc;
	}
	*ret = socket;
	return 0;
}

int sockets_connect(const struct sockets_options *sockets, struct stack *stack,
	const struct sockets_peers *peers, uint64_t timeout_ns, struct socket **ret,
	struct stack_address *ret_peer, struct err *err)
{
	bool taken = false;
	int rc = 0;

	*ret = NULL;
	for (size_t i = 0; i < peers->count && !taken; i++) {
		bool is_last = i + 1 == peers->count;

		*ret_peer = peers->at[i];
		rc = try(sockets, stack, ret_peer, ret, err);
		if (rc < 0)
			continue;
		if (is_last)
			break;
		rc = answers(stack, *ret, timeout_ns, &taken, err);
		if (rc < 0 || !taken) {
			socket_close(*ret);
			*ret = NULL;
		}
		/* Its port is free for the next one. */
		if (rc == 0 && !taken)
			rc = stack_wait(stack, 0, err);
		if (rc < 0)
			break;
	}
	return rc;
}
