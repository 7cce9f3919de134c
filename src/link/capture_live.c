/* Captures from an interface, through libpcap. */
#include "link/capture_live.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/interface.h"
#include "link/pcapfile.h"
#include "base/privilege.h"

#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define MILLISECOND	   1000000U
#define TIMEOUT_MS	   1 /* a frame waits so long in the kernel's block: half a ms on average */
#define BUFFER_KIB_DEFAULT 16384

/*
 * In immediate mode each frame has a slot of the snap length in the ring; with all of the largest
 * frame that any device may hand over (a super-frame of 64 KiB and its headers) 16 MiB still hold
 * 250.
 */
#define SNAPLEN_IMMEDIATE (65536 + 128)

static int configure(struct capture *capture, const struct capture_config *config, struct err *err)
{
	unsigned int whole = config->immediate ? SNAPLEN_IMMEDIATE : PCAPFILE_FRAME_MAX;
	unsigned int snaplen = config->snaplen && config->snaplen < whole ? config->snaplen : whole;
	unsigned int kib = config->buffer_kib ? config->buffer_kib : BUFFER_KIB_DEFAULT;
	pcap_t *pcap = capture->pcap;

	if (kib > INT_MAX / 1024)
		return err_input(err, NULL, "a capture buffer of %u KiB is too large (at most %d)",
			kib, INT_MAX / 1024);
	/* Before activation each of these only stores a number. */
	pcap_set_snaplen(pcap, (int)snaplen);
	pcap_set_promisc(pcap, config->promiscuous);
	pcap_set_timeout(pcap, TIMEOUT_MS);
	pcap_set_immediate_mode(pcap, config->immediate);
	pcap_set_buffer_size(pcap, (int)(kib * 1024));
	pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO);
	return 0;
}

static int activate(struct capture *capture, struct err *err)
{
	int status = pcap_activate(capture->pcap);
	int r;

	switch (status) {
	case PCAP_ERROR_PERM_DENIED:
	case PCAP_ERROR_PROMISC_PERM_DENIED:
		r = err_system(err, EPERM, "cannot capture on %s", capture->name);
		privilege_hint(err, PRIVILEGE_FRAMES);
		return r;
	case PCAP_ERROR_IFACE_NOT_UP:
		r = err_system(err, ENETDOWN, "cannot capture on %s", capture->name);
		err_hint(err, "; bring it up: sudo ip link set %s up", capture->name);
		return r;
	default:
		/* More than 0 is a warning: not promiscuous, no time stamps of the device. */
		return status < 0 ? capture_error(capture, EIO, "cannot capture on", err) : 0;
	}
}

static int set_direction(struct capture *capture, enum capture_direction direction, struct err *err)
{
	static const pcap_direction_t directions[] = {
		[CAPTURE_BOTH] = PCAP_D_INOUT,
		[CAPTURE_IN] = PCAP_D_IN,
		[CAPTURE_OUT] = PCAP_D_OUT,
	};
	int on = 1;

	if (direction == CAPTURE_BOTH)
		return 0;
	if (pcap_setdirection(capture->pcap, directions[direction]))
		return capture_error(capture, EIO, "cannot set the direction on", err);
	/* libpcap sorts them behind the ring; with this, what we send takes no room in it. Where
	 * the kernel has no such option libpcap's sorting is enough. */
	if (direction == CAPTURE_IN)
		(void)setsockopt(capture->fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
	return 0;
}

static int find_interface(struct capture *capture, const char *name, struct err *err)
{
	struct interface interface;
	int r;

	if (!strcmp(name, "any"))
		return 0;
	r = interface_read(name, &interface, err);
	if (!r)
		capture->index = interface.index;
	return r;
}

int capture_live_open(struct capture *capture, const struct capture_config *config, struct err *err)
{
	char text[PCAP_ERRBUF_SIZE];
	int r = find_interface(capture, config->interface, err);

	if (r)
		return r;
	capture->pcap = pcap_create(config->interface, text);
	if (!capture->pcap)
		return err_system(err, ENOMEM, "cannot capture on %s", config->interface);
	r = configure(capture, config, err);
	if (!r)
		r = activate(capture, err);
	if (r)
		return r;
	capture->fd = pcap_get_selectable_fd(capture->pcap);
	return set_direction(capture, config->direction, err);
}

static int gone(const struct capture *capture, struct err *err)
{
	return err_system(
		err, ENODEV, "cannot capture on %s: the interface is gone", capture->name);
}

/*
 * libpcap waits on for an interface that went down: it tells of it only by wanting to be polled.
 * What had arrived before may still be in a block that the kernel hands over at its timeout, so the
 * first look only notes it.
 */
static int check_interface(struct capture *capture, struct err *err)
{
	unsigned int flags;
	int r;

	if (!capture->index || !pcap_get_required_select_timeout(capture->pcap)) {
		capture->down_seen = false;
		return 0;
	}
	if (!capture->down_seen) {
		capture->down_seen = true;
		return 0;
	}
	r = interface_flags_read(capture->index, &flags, NULL);
	if (r == -ENODEV)
		return gone(capture, err);
	if (!r && !(flags & IFF_UP))
		return err_system(
			err, ENETDOWN, "cannot capture on %s: it went down", capture->name);
	return 0;
}

static int live_error(const struct capture *capture, struct err *err)
{
	unsigned int flags;

	if (capture->index && interface_flags_read(capture->index, &flags, NULL) == -ENODEV)
		return gone(capture, err);
	return capture_error(capture, EIO, "cannot capture on", err);
}

/* Milliseconds to poll for; -1 without end. */
static int poll_time(const struct capture *capture, bool endless, uint64_t now, uint64_t deadline)
{
	const struct timeval *required = pcap_get_required_select_timeout(capture->pcap);
	uint64_t left = endless ? UINT64_MAX : deadline - now;

	if (required && left > 20 * MILLISECOND) /* 20 timeouts of the kernel's blocks */
		return 20;
	if (endless)
		return -1;
	return (int)((left + MILLISECOND - 1) / MILLISECOND);
}

int capture_live_next(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err)
{
	bool endless = timeout_ms < 0;
	uint64_t now = clock_system.now(clock_system.context);
	uint64_t deadline = endless ? 0 : now + (uint64_t)timeout_ms * MILLISECOND;

	for (;;) {
		struct pollfd ready = { .fd = capture->fd, .events = POLLIN };
		int r = capture_take_ready(capture, ret);

		if (r == 1)
			return 1;
		if (r < 0)
			return live_error(capture, err);
		r = check_interface(capture, err);
		if (r)
			return r;
		now = clock_system.now(clock_system.context);
		if (!endless && now >= deadline)
			return 0;
		if (poll(&ready, 1, poll_time(capture, endless, now, deadline)) < 0)
			return errno == EINTR ? 0 : live_error(capture, err);
	}
}

int capture_live_count(struct capture *capture, struct err *err)
{
	struct pcap_stat *last = &capture->stats_last;
	struct pcap_stat now;

	if (pcap_stats(capture->pcap, &now))
		return capture_error(capture, EIO, "cannot read the counters of", err);
	capture->stats.received += now.ps_recv - last->ps_recv;
	capture->stats.dropped += now.ps_drop - last->ps_drop;
	capture->stats.interface_dropped += now.ps_ifdrop - last->ps_ifdrop;
	*last = now;
	return 0;
}
