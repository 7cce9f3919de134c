/* Keeps other stacks of this host from an address of ours: frames of one are never seen by another
 * on the same interface, so that no probe would find it. */
#include "stack/raw.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

/* A name without a file, of this network namespace alone, that goes with its descriptor: unix(7).
 */
static int take_name(const char *name, size_t length)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path + 1, name, length);
	if (!bind(fd, (const struct sockaddr *)&address,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)))
		return fd;
	r = -errno;
	close(fd);
	return r;
}

int raw_hold(struct outside *outside, int interface, const uint8_t *address, size_t length,
	struct err *err)
{
	struct raw *raw = (struct raw *)outside;
	char text[INET6_ADDRSTRLEN] = "", name[sizeof(text) + 32];
	int fd;

	inet_ntop(length == 4 ? AF_INET : AF_INET6, address, text, sizeof(text));
	if (raw->hold_count == RAW_HOLDS_MAX)
		return err_system(err, ENOBUFS, "cannot hold %s", text);
	fd = take_name(
		name, (size_t)snprintf(name, sizeof(name), "pktsmith/%d/%s", interface, text));
	if (fd == -EADDRINUSE)
		return err_system(err, EADDRINUSE,
			"%s is that of another pktsmith on this host and interface", text);
	if (fd < 0)
		return err_system(err, -fd, "cannot hold %s", text);
	raw->holds[raw->hold_count++] = fd;
	return 0;
}

void raw_hold_end(struct raw *raw)
{
	while (raw->hold_count)
		close(raw->holds[--raw->hold_count]);
}
