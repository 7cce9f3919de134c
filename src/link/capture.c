/* Frames from an interface or a capture file, through libpcap. */
#include "link/capture.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/interface.h"
#include "link/pcapfile.h"
#include "link/privilege.h"
#include "link/savefile.h"

#include <errno.h>
#include <limits.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SECOND		   1000000000U
#define MILLISECOND	   1000000U
#define TIMEOUT_MS	   1 /* a frame waits so long in the kernel's block: half a ms on average */
#define BUFFER_KIB_DEFAULT 16384

/*
 * In immediate mode each frame has a slot of the snap length in the ring; with all of the largest
 * frame that any device may hand over (a super-frame of 64 KiB and its headers) 16 MiB still hold
 * 250.
 */
#define SNAPLEN_IMMEDIATE (65536 + 128)

struct capture {
	pcap_t *pcap;
	char name[128]; /* for messages */
	char link_name[32];
	bool has_fcs;

	/* Live. */
	int index; /* the interface's; 0 for "any" */
	int fd;
	bool down_seen;
	struct pcap_stat stats_last; /* 32-bit counters that wrap */
	struct capture_stats stats;

	/* A file's; else NULL. */
	struct savefile *file;
};

/* An error of the system in libpcap's words. */
static int pcap_error(const struct capture *capture, int error, const char *what, struct err *err)
{
	if (err) {
		*err = (struct err){ .kind = ERR_SYSTEM };
		err_hint(err, "%s %s: %s", what, capture->name, pcap_geterr(capture->pcap));
	}
	return -error;
}

static struct capture *capture_new(const char *name)
{
	struct capture *capture = calloc(1, sizeof(*capture));

	if (capture)
		memcpy(capture->name, name, strnlen(name, sizeof(capture->name) - 1));
	return capture;
}

/* Once the handle is open: what all captures share. */
static int finish_open(struct capture *capture, const char *filter, struct err *err)
{
	const char *name = pcap_datalink_val_to_name(pcap_datalink(capture->pcap));
	struct bpf_program program;
	int r = 0;

	if (name)
		snprintf(capture->link_name, sizeof(capture->link_name), "%s", name);
	else
		snprintf(capture->link_name, sizeof(capture->link_name), "DLT %d",
			pcap_datalink(capture->pcap));
	if (!filter)
		return 0;
	/* On the open handle: the kernel strips VLAN tags, and only there libpcap knows it. */
	if (pcap_compile(capture->pcap, &program, filter, 1, PCAP_NETMASK_UNKNOWN))
		return err_input(
			err, NULL, "filter \"%s\": %s", filter, pcap_geterr(capture->pcap));
	if (pcap_setfilter(capture->pcap, &program))
		r = pcap_error(capture, EIO, "cannot set the filter on", err);
	pcap_freecode(&program);
	return r;
}

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
		err_hint(err, PRIVILEGE_HINT);
		return r;
	case PCAP_ERROR_IFACE_NOT_UP:
		r = err_system(err, ENETDOWN, "cannot capture on %s", capture->name);
		err_hint(err, "; bring it up: sudo ip link set %s up", capture->name);
		return r;
	default:
		/* More than 0 is a warning: not promiscuous, no time stamps of the device. */
		return status < 0 ? pcap_error(capture, EIO, "cannot capture on", err) : 0;
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
		return pcap_error(capture, EIO, "cannot set the direction on", err);
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

int capture_open(struct capture **ret, const struct capture_config *config, struct err *err)
{
	struct capture *capture = capture_new(config->interface);
	char text[PCAP_ERRBUF_SIZE];
	int r;

	if (!capture)
		return err_system(err, ENOMEM, "cannot capture on %s", config->interface);
	r = find_interface(capture, config->interface, err);
	if (r)
		goto failed;
	capture->pcap = pcap_create(config->interface, text);
	if (!capture->pcap) {
		r = err_system(err, ENOMEM, "cannot capture on %s", config->interface);
		goto failed;
	}
	r = configure(capture, config, err);
	if (!r)
		r = activate(capture, err);
	if (r)
		goto failed;
	capture->fd = pcap_get_selectable_fd(capture->pcap);
	r = set_direction(capture, config->direction, err);
	if (!r)
		r = finish_open(capture, config->filter, err);
	if (!r && pcap_setnonblock(capture->pcap, 1, text))
		r = pcap_error(capture, EIO, "cannot capture on", err);
	if (r)
		goto failed;
	*ret = capture;
	return 0;
failed:
	capture_close(capture);
	return r;
}

int capture_open_file(struct capture **ret, const char *path, const char *filter, struct err *err)
{
	struct capture *capture;
	FILE *stream;
	char text[PCAP_ERRBUF_SIZE];
	int r;

	capture = capture_new(path);
	if (!capture)
		return err_system(err, ENOMEM, "cannot read %s", path);
	r = savefile_open(&capture->file, path, err);
	if (!r)
		r = savefile_stream(capture->file, &stream, err);
	if (r)
		goto failed;
	capture->pcap =
		pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, text);
	if (!capture->pcap) {
		fclose(stream);
		r = err_input(err, NULL, "%s is not a pcap or pcapng file: %s",
			savefile_name(capture->file), text);
		goto failed;
	}
	capture->has_fcs = savefile_has_fcs(capture->file);
	r = finish_open(capture, filter, err);
	if (r)
		goto failed;
	*ret = capture;
	return 0;
failed:
	capture_close(capture);
	return r;
}

static uint64_t frame_time(pcap_t *pcap, const struct pcap_pkthdr *header)
{
	uint64_t fraction = (uint64_t)header->ts.tv_usec;

	if (pcap_get_tstamp_precision(pcap) == PCAP_TSTAMP_PRECISION_MICRO)
		fraction *= 1000;
	return (uint64_t)header->ts.tv_sec * SECOND + fraction;
}

/* What libpcap has ready. 1: *ret is filled; 0: nothing; else PCAP_ERROR or PCAP_ERROR_BREAK, the
 * end of a file. */
static int take_ready(struct capture *capture, struct capture_frame *ret)
{
	struct pcap_pkthdr *header;
	const u_char *octets;
	int status = pcap_next_ex(capture->pcap, &header, &octets);

	if (status != 1)
		return status;
	*ret = (struct capture_frame){
		.octets = octets,
		.captured = header->caplen,
		.length = header->len,
		.time_ns = frame_time(capture->pcap, header),
	};
	return 1;
}

static int next_of_file(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err)
{
	const char *name = savefile_name(capture->file);
	int status;

	if (!savefile_wait(capture->file, timeout_ms))
		return 0;
	status = take_ready(capture, ret);
	if (status == 1) {
		capture->stats.received++;
		return 1;
	}
	if (status == PCAP_ERROR_BREAK)
		return -ENODATA;
	if (savefile_error(capture->file))
		return err_system(err, savefile_error(capture->file), "cannot read %s", name);
	return err_input(err, NULL, "%s: %s", name, pcap_geterr(capture->pcap));
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
	return pcap_error(capture, EIO, "cannot capture on", err);
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

static int next_live(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err)
{
	bool endless = timeout_ms < 0;
	uint64_t now = clock_system.now(clock_system.context);
	uint64_t deadline = endless ? 0 : now + (uint64_t)timeout_ms * MILLISECOND;

	for (;;) {
		struct pollfd ready = { .fd = capture->fd, .events = POLLIN };
		int r = take_ready(capture, ret);

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

int capture_next(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err)
{
	return capture->file ? next_of_file(capture, ret, timeout_ms, err)
			     : next_live(capture, ret, timeout_ms, err);
}

enum capture_link capture_link(const struct capture *capture)
{
	switch (pcap_datalink(capture->pcap)) {
	case DLT_EN10MB:
		return CAPTURE_ETHERNET;
	case DLT_RAW:
	case DLT_IPV4:
	case DLT_IPV6:
		return CAPTURE_RAW_IP;
	default:
		return CAPTURE_OTHER;
	}
}

const char *capture_link_name(const struct capture *capture)
{
	return capture->link_name;
}

bool capture_has_fcs(const struct capture *capture)
{
	return capture->has_fcs;
}

int capture_stats(struct capture *capture, struct capture_stats *ret, struct err *err)
{
	struct pcap_stat stats;

	if (!capture->file) {
		if (pcap_stats(capture->pcap, &stats))
			return pcap_error(capture, EIO, "cannot read the counters of", err);
		capture->stats.received += stats.ps_recv - capture->stats_last.ps_recv;
		capture->stats.dropped += stats.ps_drop - capture->stats_last.ps_drop;
		capture->stats.interface_dropped += stats.ps_ifdrop - capture->stats_last.ps_ifdrop;
		capture->stats_last = stats;
	}
	*ret = capture->stats;
	return 0;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	if (capture->pcap)
		pcap_close(capture->pcap);
	savefile_close(capture->file);
	free(capture);
}
