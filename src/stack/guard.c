/*
 * Keeps the kernel silent at a port: a socket of its own is bound there, whose filter drops every
 * packet. Without it the kernel would answer what belongs to us with RST or an ICMP message. It
 * goes with its descriptor, whatever ends the process.
 */
#include "base/descriptors.h"
#include "base/err.h"
#include "base/privilege.h"
#include "stack/outside.h"
#include "stack/system_address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <string.h>
#include <unistd.h>

static uint16_t bound_port(int fd)
{
	union system_address system = { 0 };
	socklen_t size = sizeof(system);
	struct stack_address address;

	if (getsockname(fd, &system.any, &size))
		return 0;
	system_address_get(&system, &address);
	return address.port;
}

/* Bind, filter, listen, in this order: a socket that listens before it has its filter lets a SYN
 * through. UDP has no third step, and is never connected, or strangers' datagrams would pass it. */
static int silence(int fd, uint8_t protocol, const struct stack_address *local, bool six)
{
	struct sock_filter drop = BPF_STMT(BPF_RET | BPF_K, 0);
	const struct sock_fprog program = { .len = 1, .filter = &drop };
	union system_address address;
	socklen_t size = system_address_put(local, six, &address);

	if (bind(fd, &address.any, size))
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)))
		return -errno;
	if (protocol == IPPROTO_TCP && listen(fd, 1))
		return -errno;
	return 0;
}

static int refused(int error, uint8_t protocol, const uint8_t *address, size_t length,
	uint16_t port, struct err *err)
{
	char text[INET6_ADDRSTRLEN] = "any address";
	const char *name = protocol == IPPROTO_TCP ? "TCP" : "UDP";

	if (address)
		inet_ntop(length == 4 ? AF_INET : AF_INET6, address, text, sizeof(text));
	if (port)
		err_system(err, error, "cannot take %s port %u of %s", name, port, text);
	else
		err_system(err, error, "cannot take a free %s port of %s", name, text);
	if (error == EADDRINUSE && !port)
		err_hint(err, ": none is left of net.ipv4.ip_local_port_range");
	else if (error == EADDRINUSE)
		err_hint(err, ": another program has it; `ss -lnp' tells which");
	else if (error == EACCES)
		err_hint(err, "; ports below 1024 need CAP_NET_BIND_SERVICE, or sudo");
	else if (error == EPERM) {
		err_hint(err, ": the filter that keeps the kernel silent wants CAP_NET_ADMIN");
		privilege_hint(err, PRIVILEGE_FRAMES);
	} else if (error == EADDRNOTAVAIL)
		err_hint(err, ": no address of this host; --source-ip takes one of our own");
	return -error;
}

int guard_open(uint8_t protocol, const uint8_t *address, size_t length, uint32_t scope,
	uint16_t *port, struct err *err)
{
	struct stack_address local = { .length = (uint8_t)length, .scope = scope, .port = *port };
	int type = protocol == IPPROTO_TCP ? SOCK_STREAM : SOCK_DGRAM;
	int only = length == 16;
	bool six = length != 4;
	int fd, r;

	if (address)
		memcpy(local.octets, address, length);
	fd = socket(six ? AF_INET6 : AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0 && !length) { /* a host without IPv6 */
		six = false;
		fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	}
	if (fd >= 0 && descriptor_is_among_last(fd)) {
		close(fd);
		fd = -1;
		errno = EMFILE;
	}
	if (fd < 0)
		return err_system(err, errno, "cannot open a socket to hold port %u with", *port);
	if (six)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	r = silence(fd, protocol, &local, six);
	if (r) {
		close(fd);
		return refused(-r, protocol, address, length, *port, err);
	}
	*port = bound_port(fd);
	return fd;
}
