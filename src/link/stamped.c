/* The link over AF_PACKET that asks the kernel when each frame left, and reads the answers out of
 * the socket's error queue (Documentation/networking/timestamping.rst). */
#include "link/stamped.h"

#include "base/err.h"
#include "link/packet_socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/ethtool.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND_NS 1000000000U

struct stamped_link {
	struct link link;
	struct link_stats stats;
	struct packet_socket socket;
	enum stamp_source source;
	/* The kernel numbers what it stamps with 32 bits, from when it was last asked to: number
	 * `base` of ours is its 0. */
	uint64_t base;
};

/* ---- what an interface can ---- */

/* An ioctl about the interface that takes something of ours. */
static bool ask(const struct interface *interface, unsigned long request, void *what)
{
	struct ifreq ifreq = { .ifr_data = what };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool known;

	if (fd < 0)
		return false;
	memcpy(ifreq.ifr_name, interface->name, sizeof(ifreq.ifr_name));
	known = !ioctl(fd, request, &ifreq);
	close(fd);
	return known;
}

/* SOF_TIMESTAMPING_* that it can. */
static unsigned int abilities(const struct interface *interface)
{
	struct ethtool_ts_info info = { .cmd = ETHTOOL_GET_TS_INFO };

	return ask(interface, SIOCETHTOOL, &info) ? info.so_timestamping : 0;
}

bool stamped_has_hardware(const struct interface *interface)
{
	const unsigned int hardware = SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RX_HARDWARE |
				      SOF_TIMESTAMPING_RAW_HARDWARE;

	return (abilities(interface) & hardware) == hardware;
}

static bool is_set_to_stamp(const struct interface *interface)
{
	struct hwtstamp_config config = { 0 };

	return ask(interface, SIOCGHWTSTAMP, &config) && config.tx_type == HWTSTAMP_TX_ON &&
	       config.rx_filter == HWTSTAMP_FILTER_ALL;
}

enum stamp_source stamped_best(const struct interface *interface)
{
	if (stamped_has_hardware(interface) && is_set_to_stamp(interface))
		return STAMP_HARDWARE;
	return (abilities(interface) & SOF_TIMESTAMPING_TX_SOFTWARE) ? STAMP_KERNEL : STAMP_QUEUE;
}

/* ---- sending ---- */

static int ask_for_stamps(const struct stamped_link *stamped, bool on)
{
	static const unsigned int sources[] = {
		[STAMP_QUEUE] = SOF_TIMESTAMPING_TX_SCHED | SOF_TIMESTAMPING_SOFTWARE,
		[STAMP_KERNEL] = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE,
		[STAMP_HARDWARE] = SOF_TIMESTAMPING_TX_HARDWARE | SOF_TIMESTAMPING_RAW_HARDWARE,
	};
	unsigned int flags = on ? sources[stamped->source] | SOF_TIMESTAMPING_OPT_ID |
					     SOF_TIMESTAMPING_OPT_TSONLY
				: 0;

	return setsockopt(stamped->socket.fd, SOL_SOCKET, SO_TIMESTAMPING, &flags, sizeof(flags))
		       ? -errno
		       : 0;
}

/* A frame that was refused may have had a number, or not: the kernel counts from 0 again. Stamps of
 * frames before it, which were read after each send, are not among them. */
static void count_again(struct stamped_link *stamped)
{
	ask_for_stamps(stamped, false);
	ask_for_stamps(stamped, true);
	stamped->base = stamped->stats.sent;
}

static int send_slot(struct stamped_link *stamped, const struct patch_slot *slot, struct err *err)
{
	struct packet_socket *socket = &stamped->socket;
	int r = packet_socket_set_fcs(socket, slot->frame->own_fcs, err);

	while (!r) {
		r = packet_socket_carrier(socket, err);
		if (r)
			break;
		if (send(socket->fd, slot->octets, slot->length, MSG_DONTWAIT) >= 0) {
			socket->busy_since = 0;
			link_took(&stamped->link, &stamped->stats, slot, 1);
			return 0;
		}
		r = packet_socket_refused(socket, &stamped->stats, errno, err);
		count_again(stamped);
		if (r)
			return r < 0 ? r : 0;
	}
	link_stats_fail(&stamped->stats, -r, 1);
	return r;
}

static int stamped_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	struct patch_slot *slot = &runner->slots[0];
	int r = 0;

	for (uint64_t i = 0; !r && i < count; i++) {
		patch_runner_make(runner, first + i, slot);
		r = send_slot((struct stamped_link *)link, slot, err);
	}
	return r;
}

static void stamped_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct stamped_link *)link)->stats;
}

static int stamped_drain(struct link *link, struct err *err)
{
	return packet_socket_drain(&((const struct stamped_link *)link)->socket, err);
}

static int stamped_close(struct link *link, struct err *err)
{
	(void)err;
	packet_socket_close(&((struct stamped_link *)link)->socket);
	free(link);
	return 0;
}

static const struct link_ops stamped_ops = {
	.name = "packet",
	.run = stamped_run,
	.stats = stamped_stats,
	.drain = stamped_drain,
	.close = stamped_close,
};

int link_stamped_open(struct link **ret, const struct interface *interface,
	enum stamp_source source, struct err *err)
{
	const struct link_config config = link_config_plain(interface);
	struct stamped_link *stamped = calloc(1, sizeof(*stamped));
	int r;

	if (!stamped)
		return err_system(err, ENOMEM, "cannot send on %s", interface->name);
	stamped->link.ops = &stamped_ops;
	stamped->source = source;
	r = packet_socket_open(&stamped->socket, &config, err);
	if (r) {
		free(stamped);
		return r;
	}
	r = ask_for_stamps(stamped, true);
	if (r) {
		r = err_system(err, -r, "%s: cannot be told when frames leave", interface->name);
		stamped_close(&stamped->link, NULL);
		return r;
	}
	*ret = &stamped->link;
	return 0;
}

/* ---- stamps ---- */

/* What the messages beside a stamp say: its number and its time. */
static bool read_stamp(
	const struct stamped_link *stamped, struct msghdr *message, struct stamp *ret)
{
	const struct timespec *time = NULL;
	bool numbered = false;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPING) {
			const struct scm_timestamping *times = (const void *)CMSG_DATA(c);

			time = &times->ts[stamped->source == STAMP_HARDWARE ? 2 : 0];
		} else if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_TX_TIMESTAMP) {
			const struct sock_extended_err *error = (const void *)CMSG_DATA(c);

			numbered = error->ee_origin == SO_EE_ORIGIN_TIMESTAMPING;
			ret->number = stamped->base + error->ee_data;
		}
	}
	if (!numbered || !time || (!time->tv_sec && !time->tv_nsec))
		return false;
	ret->time_ns = (uint64_t)time->tv_sec * SECOND_NS + (uint64_t)time->tv_nsec;
	return true;
}

int link_stamped_next(struct link *link, struct stamp *ret, uint64_t wait_ns)
{
	const struct stamped_link *stamped = (const struct stamped_link *)link;
	const struct timespec time = { .tv_sec = (time_t)(wait_ns / SECOND_NS),
		.tv_nsec = (long)(wait_ns % SECOND_NS) };
	struct pollfd ready = { .fd = stamped->socket.fd };
	_Alignas(struct cmsghdr) char control[256];

	for (;;) {
		struct msghdr message = { .msg_control = control,
			.msg_controllen = sizeof(control) };

		if (recvmsg(stamped->socket.fd, &message, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0) {
			if (read_stamp(stamped, &message, ret))
				return 1;
		} else if (errno != EAGAIN || !wait_ns || ppoll(&ready, 1, &time, NULL) <= 0) {
			return 0;
		}
	}
}
