/* The link over AF_PACKET: sendmmsg, in order, and counters of what the kernel truly took. */
#include "base/clock.h"
#include "base/err.h"
#include "link/backends.h"
#include "link/interface.h"
#include "link/privilege.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH	    LINK_SLOTS
#define MILLISECOND 1000000U
#define BUSY_MAX_NS (1000U * MILLISECOND) /* a device that took nothing for so long is stuck */
#define DRAIN_NS    (2000U * MILLISECOND) /* for what is queued to leave, at close */

struct packet_link {
	struct link link;
	struct link_stats stats;
	struct interface interface;
	int fd;
	bool own_fcs;	     /* the socket's SO_NOFCS */
	uint64_t busy_since; /* when the device first had no room since it last took a frame; 0: it
				has */
	/* A message a slot of the runner; the kernel changes nothing in them that it reads. */
	struct iovec octets[BATCH];
	struct mmsghdr messages[BATCH];
};

static int socket_open(const struct interface *interface, int *ret_fd, struct err *err)
{
	/* Protocol 0: with any other the socket would queue all that the interface receives. */
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_ifindex = interface->index };
	int fd, r;

	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		r = err_system(err, errno, "cannot open a packet socket");
		if (r == -EPERM)
			err_hint(err, PRIVILEGE_HINT);
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

static int set_own_fcs(struct packet_link *packet, bool own_fcs, struct err *err)
{
	int on = own_fcs;

	if (packet->own_fcs == own_fcs)
		return 0;
	if (setsockopt(packet->fd, SOL_SOCKET, SO_NOFCS, &on, sizeof(on)))
		return err_system(err, errno, "%s: cannot set SO_NOFCS", packet->interface.name);
	packet->own_fcs = own_fcs;
	return 0;
}

/*
 * -ENETDOWN without a carrier: the kernel then takes every frame and drops it in silence. The short
 * flags of this ioctl cost a third of a microsecond; only where they are in doubt (not running may
 * also be dormant, IEEE 802.1X, which does send) the full ones are asked for.
 */
static int check_carrier(const struct packet_link *packet, struct err *err)
{
	struct ifreq request = { 0 };
	unsigned int flags;

	memcpy(request.ifr_name, packet->interface.name, sizeof(request.ifr_name));
	if (!ioctl(packet->fd, SIOCGIFFLAGS, &request) &&
		(!(request.ifr_flags & IFF_UP) || (request.ifr_flags & IFF_RUNNING)))
		return 0;
	/* Down, removed or renamed: the send tells. */
	if (interface_flags_read(packet->interface.index, &flags, NULL) || !(flags & IFF_UP) ||
		(flags & IFF_LOWER_UP))
		return 0;
	return err_system(err, ENETDOWN,
		"cannot send on %s: no carrier (no cable, or its other end is down)",
		packet->interface.name);
}

/* The run's end, if error is one of those with which no frame will leave any more; else 0. */
static int fatal_error(const struct packet_link *packet, int error, struct err *err)
{
	const char *name = packet->interface.name;
	unsigned int flags;
	int r = 0;

	/* An interface that is being removed is down first. Reading its flags waits for the lock
	 * under which that happens, and so tells what became of it. */
	if (error == ENXIO || (error == ENETDOWN && interface_flags_read(packet->interface.index,
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
		if (!packet->own_fcs)
			break;
		r = err_system(err, error,
			"%s: the driver %s does not send frames with an FCS of their own", name,
			*packet->interface.driver ? packet->interface.driver : "of this device");
		err_hint(err,
			"; let the device append its own (--fcs nic), or send the four octets as "
			"data (--fcs append)");
		break;
	default:
		break;
	}
	return r;
}

/* Waits a little for a device without room. false: it has been so for too long. */
static bool wait_for_room(struct packet_link *packet, int error)
{
	uint64_t now = clock_system.now(clock_system.context);
	uint64_t pause;

	if (!packet->busy_since)
		packet->busy_since = now;
	if (now - packet->busy_since >= BUSY_MAX_NS)
		return false;
	if (error == EAGAIN) {
		/* Our own send buffer: the kernel tells when it has drained. */
		poll(&(struct pollfd){ .fd = packet->fd, .events = POLLOUT }, 1, 10);
		return true;
	}
	/* The device's queue: nobody tells. From 20 us to 1 ms, longer the longer it lasts. */
	pause = 20000 + (now - packet->busy_since) / 4;
	clock_system.sleep_until(
		clock_system.context, now + (pause < MILLISECOND ? pause : MILLISECOND));
	return true;
}

/* The frame was refused with errno error. 0: try it again; 1: it is counted, take the next one;
 * negative: the run's end. */
static int refused(struct packet_link *packet, int error, struct err *err)
{
	int r;

	if (error == EINTR)
		return 0;
	if (error == EAGAIN || error == ENOBUFS) {
		if (wait_for_room(packet, error))
			return 0;
		error = ENOBUFS;
	}
	r = fatal_error(packet, error, err);
	link_stats_fail(&packet->stats, r ? -r : error, 1);
	return r ? r : 1;
}

/* Hands over count slots that want the same SO_NOFCS. */
static int send_slots(struct packet_link *packet, const struct patch_slot *slots,
	unsigned int first, unsigned int count, struct err *err)
{
	unsigned int end = first + count;
	int r = set_own_fcs(packet, slots[first].frame->own_fcs, err);

	if (r)
		link_stats_fail(&packet->stats, -r, 1);
	while (first < end && !r) {
		int sent;

		r = check_carrier(packet, err);
		if (r) {
			link_stats_fail(&packet->stats, -r, 1);
			break;
		}
		sent = sendmmsg(packet->fd, packet->messages + first, end - first, MSG_DONTWAIT);
		if (sent < 0) {
			r = refused(packet, errno, err);
			first += r == 1;
			r = r < 0 ? r : 0;
			continue;
		}
		packet->busy_since = 0;
		link_took(&packet->link, &packet->stats, &slots[first], (unsigned int)sent);
		first += (unsigned int)sent;
	}
	return r;
}

/* How many slots from first on want what the first does of SO_NOFCS. */
static unsigned int same_fcs(const struct patch_slot *slots, unsigned int first, unsigned int count)
{
	bool own_fcs = slots[first].frame->own_fcs;
	unsigned int end = first + 1;

	while (end < count && slots[end].frame->own_fcs == own_fcs)
		end++;
	return end - first;
}

static int send_batch(struct packet_link *packet, const struct patch_slot *slots,
	unsigned int count, struct err *err)
{
	int r = 0;

	for (unsigned int i = 0; i < count; i++) {
		packet->octets[i].iov_base = (void *)(uintptr_t)slots[i].octets;
		packet->octets[i].iov_len = slots[i].length;
	}
	for (unsigned int done = 0; !r && done < count;) {
		unsigned int some = same_fcs(slots, done, count);

		r = send_slots(packet, slots, done, some, err);
		done += some;
	}
	return r;
}

static int packet_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	struct packet_link *packet = (struct packet_link *)link;
	int r = 0;

	while (!r && count) {
		unsigned int some = count < BATCH ? (unsigned int)count : BATCH;

		patch_runner_fill(runner, first, runner->slots, some);
		r = send_batch(packet, runner->slots, some, err);
		first += some;
		count -= some;
	}
	return r;
}

static void packet_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct packet_link *)link)->stats;
}

/* Octets of ours (with the kernel's own overhead) that have not left; 0 where all have. */
static int wait_until_drained(const struct packet_link *packet)
{
	uint64_t now = clock_system.now(clock_system.context);
	uint64_t end = now + DRAIN_NS;
	int queued = 0;

	while (!ioctl(packet->fd, SIOCOUTQ, &queued) && queued && now < end) {
		clock_system.sleep_until(clock_system.context, now + MILLISECOND / 10);
		now = clock_system.now(clock_system.context);
	}
	return queued;
}

static int packet_drain(struct link *link, struct err *err)
{
	const struct packet_link *packet = (const struct packet_link *)link;

	if (!wait_until_drained(packet))
		return 0;
	return err_system(err, ETIMEDOUT, "%s still holds frames in its queue that count as sent",
		packet->interface.name);
}

static int packet_close(struct link *link, struct err *err)
{
	struct packet_link *packet = (struct packet_link *)link;

	(void)err;
	close(packet->fd);
	free(packet);
	return 0;
}

static const struct link_ops packet_ops = {
	.name = "packet",
	.run = packet_run,
	.stats = packet_stats,
	.drain = packet_drain,
	.close = packet_close,
};

static int check_ethernet(const struct interface *interface, struct err *err)
{
	if (interface->arp_type == ARPHRD_ETHER || interface->arp_type == ARPHRD_LOOPBACK)
		return 0;
	return err_system(err, EOPNOTSUPP, "%s carries no Ethernet frames (ARP hardware type %u)",
		interface->name, interface->arp_type);
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

int link_packet_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err)
{
	const struct interface *interface = config->interface;
	struct packet_link *packet;
	int r = check_ethernet(interface, err);

	(void)program; /* any */
	if (r)
		return r;
	packet = calloc(1, sizeof(*packet));
	if (!packet)
		return err_system(err, ENOMEM, "cannot send on %s", interface->name);
	packet->link.ops = &packet_ops;
	packet->interface = *interface;
	for (unsigned int i = 0; i < BATCH; i++) {
		packet->messages[i].msg_hdr.msg_iov = &packet->octets[i];
		packet->messages[i].msg_hdr.msg_iovlen = 1;
	}
	r = socket_open(interface, &packet->fd, err);
	if (r)
		goto failed;
	r = configure(packet->fd, config, err);
	if (r) {
		close(packet->fd);
		goto failed;
	}
	*ret = &packet->link;
	return 0;
failed:
	free(packet);
	return r;
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
	int r = check_ethernet(interface, err);

	if (!r)
		r = socket_open(interface, &fd, err);
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
