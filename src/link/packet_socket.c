/* An AF_PACKET socket to send on. */
#include "link/packet_socket.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/privilege.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define MILLISECOND 1000000U
#define BUSY_MAX_NS (1000U * MILLISECOND) /* a device that took nothing for so long is stuck */

/* How long a drain waits for the next frame to leave, and for all of them. */
#define DRAIN_IDLE_NS (2000U * MILLISECOND)
#define DRAIN_MAX_NS  (10000ULL * MILLISECOND)

int packet_socket_check(const struct interface *interface, struct err *err)
{
	if (interface->arp_type == ARPHRD_ETHER || interface->arp_type == ARPHRD_LOOPBACK)
		return 0;
	return err_system(err, EOPNOTSUPP, "%s carries no Ethernet frames (ARP hardware type %u)",
		interface->name, interface->arp_type);
}

int packet_socket_check_no_fcs(const struct interface *interface,
	const struct patch_program *program, const char *what, struct err *err)
{
	for (unsigned int i = 0; i < program->count; i++) {
		int r;

		if (!program->frames[i].own_fcs)
			continue;
		r = err_system(err, EOPNOTSUPP, "%s: %s sends no FCS of ours, as frame \"%s\" has",
			interface->name, what, program->frames[i].name);
		err_hint(err, "; use --backend packet, or let the device append its own (--fcs "
			      "nic)");
		return r;
	}
	return 0;
}

static int socket_new(const struct interface *interface, int *ret_fd, struct err *err)
{
	/* Protocol 0: with any other the socket would queue all that the interface receives. */
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_ifindex = interface->index };
	int fd, r;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		r = err_system(err, errno, "cannot open a packet socket");
		if (r == -EPERM)
			privilege_hint(err, PRIVILEGE_FRAMES);
		return r;
	}
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address))) {
		r = err_system(err, errno, "cannot bind a packet socket to %s", interface->name);
		close(fd);
		return r;
	}
	*ret_fd = fd;
	return 0;
}

/* What was asked of the socket beyond sending. */
static int configure(int fd, const struct link_config *config, struct err *err)
{
	const char *name = config->interface->name;
	int bypass = config->qdisc_bypass;

	if (config->queue >= 0)
		return err_system(err, EOPNOTSUPP,
			"%s: a packet socket cannot choose queue %d: the kernel takes the one of "
			"the CPU it runs on (see XPS)",
			name, config->queue);
	if (bypass && setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &bypass, sizeof(bypass)))
		return err_system(err, errno, "%s: cannot bypass the queueing discipline", name);
	if (config->priority >= 0 && setsockopt(fd, SOL_SOCKET, SO_PRIORITY, &config->priority,
					     sizeof(config->priority))) {
		int r = err_system(
			err, errno, "%s: cannot send with priority %d", name, config->priority);

		if (r == -EPERM)
			err_hint(err, ": more than 6 needs CAP_NET_ADMIN");
		return r;
	}
	return 0;
}

int packet_socket_open(struct packet_socket *ret, const struct link_config *config, struct err *err)
{
	struct packet_socket made = { .interface = *config->interface };
	int r = packet_socket_check(config->interface, err);

	if (!r)
		r = socket_new(config->interface, &made.fd, err);
	if (r)
		return r;
	r = configure(made.fd, config, err);
	if (r)
		close(made.fd);
	else
		*ret = made;
	return r;
}

void packet_socket_close(struct packet_socket *socket)
{
	close(socket->fd);
}

int packet_socket_set_fcs(struct packet_socket *socket, bool own_fcs, struct err *err)
{
	int on = own_fcs;

	if (socket->own_fcs == own_fcs)
		return 0;
	if (setsockopt(socket->fd, SOL_SOCKET, SO_NOFCS, &on, sizeof(on)))
		return err_system(err, errno, "%s: cannot set SO_NOFCS", socket->interface.name);
	socket->own_fcs = own_fcs;
	return 0;
}

int packet_socket_carrier(const struct packet_socket *socket, struct err *err)
{
	struct ifreq request = { 0 };
	unsigned int flags;

	memcpy(request.ifr_name, socket->interface.name, sizeof(request.ifr_name));
	if (!ioctl(socket->fd, SIOCGIFFLAGS, &request) &&
		(!(request.ifr_flags & IFF_UP) || (request.ifr_flags & IFF_RUNNING)))
		return 0;
	/* Down, removed or renamed: the send tells. */
	if (interface_flags_read(socket->interface.index, &flags, NULL) || !(flags & IFF_UP) ||
		(flags & IFF_LOWER_UP))
		return 0;
	return err_system(err, ENETDOWN,
		"cannot send on %s: no carrier (no cable, or its other end is down)",
		socket->interface.name);
}

/* The run's end, if error is one of those with which no frame will leave any more; else 0. */
static int fatal_error(const struct packet_socket *socket, int error, struct err *err)
{
	const char *name = socket->interface.name;
	unsigned int flags;
	int r = 0;

	/* An interface that is being removed is down first. Reading its flags waits for the lock
	 * under which that happens, and so tells what became of it. */
	if (error == ENXIO || (error == ENETDOWN && interface_flags_read(socket->interface.index,
							    &flags, NULL) == -ENODEV))
		error = ENODEV;
	switch (error) {
	case ENODEV:
		r = err_system(err, error, "cannot send on %s: the interface is gone", name);
		break;
	case ENETDOWN:
		r = err_system(err, error, "cannot send on %s", name);
		err_hint(err, "; bring it up: sudo ip link set %s up", name);
		break;
	case EPROTONOSUPPORT:
		if (!socket->own_fcs)
			break;
		r = err_system(err, error,
			"%s: the driver %s does not send frames with an FCS of their own", name,
			*socket->interface.driver ? socket->interface.driver : "of this device");
		err_hint(err,
			"; let the device append its own (--fcs nic), or send the four octets as "
			"data (--fcs append)");
		break;
	default:
		break;
	}
	return r;
}

bool packet_socket_wait(struct packet_socket *socket, int error)
{
	uint64_t now = clock_system.now(clock_system.context);
	uint64_t pause;

	if (!socket->busy_since)
		socket->busy_since = now;
	if (now - socket->busy_since >= BUSY_MAX_NS)
		return false;
	if (error == EAGAIN) {
		/* Our own send buffer: the kernel tells when it has drained. */
		poll(&(struct pollfd){ .fd = socket->fd, .events = POLLOUT }, 1, 10);
		return true;
	}
	/* The device's queue: nobody tells. From 20 us to 1 ms, longer the longer it lasts. */
	pause = 20000 + (now - socket->busy_since) / 4;
	clock_system.sleep_until(
		clock_system.context, now + (pause < MILLISECOND ? pause : MILLISECOND));
	return true;
}

int packet_socket_refused(
	struct packet_socket *socket, struct link_stats *stats, int error, struct err *err)
{
	int r;

	if (error == EINTR)
		return 0;
	if (error == EAGAIN || error == ENOBUFS) {
		if (packet_socket_wait(socket, error))
			return 0;
		error = ENOBUFS;
	}
	r = fatal_error(socket, error, err);
	link_stats_fail(stats, r ? -r : error, 1);
	return r ? r : 1;
}

bool packet_drain_wait(struct packet_drain *drain, uint64_t left)
{
	uint64_t now = clock_system.now(clock_system.context);

	if (!drain->begun)
		drain->begun = now;
	if (!drain->moved || left < drain->left)
		drain->moved = now;
	drain->left = left;
	if (!left || now - drain->moved >= DRAIN_IDLE_NS || now - drain->begun >= DRAIN_MAX_NS)
		return false;
	clock_system.sleep_until(clock_system.context, now + MILLISECOND / 10);
	return true;
}

int packet_drain_failed(const struct interface *interface, struct err *err)
{
	err_result(err, "%s still holds frames in its queue, which may yet leave", interface->name);
	return -ETIMEDOUT;
}

/* Octets of ours (with the kernel's own overhead) that have not left. */
static uint64_t octets_queued(const struct packet_socket *socket)
{
	int queued = 0;

	return !ioctl(socket->fd, SIOCOUTQ, &queued) && queued > 0 ? (uint64_t)queued : 0;
}

int packet_socket_drain(const struct packet_socket *socket, struct err *err)
{
	struct packet_drain drain = { 0 };

	while (packet_drain_wait(&drain, octets_queued(socket)))
		;
	return drain.left ? packet_drain_failed(&socket->interface, err) : 0;
}

/* What the kernel says to a frame of length unreadable octets with SO_NOFCS set: an errno. */
static int unsendable_error(int fd, size_t length)
{
	int on = 1;
	int error;
	void *octets =
		mmap(NULL, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (octets == MAP_FAILED)
		return errno;
	error = setsockopt(fd, SOL_SOCKET, SO_NOFCS, &on, sizeof(on)) ||
				send(fd, octets, length, MSG_DONTWAIT) < 0
			? errno
			: 0;
	munmap(octets, length);
	return error;
}

/*
 * The kernel looks at SO_NOFCS before the length, and at the length before the octets. The frame is
 * over any MTU bound (a VLAN tag and an FCS of ours may come on top), and its memory cannot be
 * read, so that nothing can leave even if the MTU was raised this instant.
 */
int link_packet_probe_fcs(const struct interface *interface, struct err *err)
{
	size_t length = (size_t)interface->mtu + 14 + 4 + 4 + 64;
	int fd, error;
	int r = packet_socket_check(interface, err);

	if (!r)
		r = socket_new(interface, &fd, err);
	if (r)
		return r;
	error = unsendable_error(fd, length);
	close(fd);
	if (error == EPROTONOSUPPORT)
		return 0;
	if (error == EMSGSIZE || error == EFAULT)
		return 1;
	r = err_system(err, error, "cannot probe %s for SO_NOFCS", interface->name);
	if (error == ENETDOWN)
		err_hint(err, "; bring it up: sudo ip link set %s up", interface->name);
	return r;
}
