/* link.h: moves whole Ethernet frames; knows no protocol. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "patch/program.h"

struct err;
struct interface;
struct link;

#define LINK_ERRORS_MAX 8

/* Counters that do not lie: queued = sent + failed. A frame is sent only when the kernel (or the
 * file) took it. */
struct link_stats {
	uint64_t queued;
	uint64_t sent;
	uint64_t failed;
	uint64_t bytes; /* octets of the frames sent, an FCS of ours counted */
	struct {
		int error; /* errno; 0 closes the list */
		uint64_t count;
	} errors[LINK_ERRORS_MAX]; /* why frames failed; the last row takes what finds no room */
};

/* A backend: const rows of functions. A wrapper's struct link holds an inner one. */
struct link_ops {
	const char *name; /* as reports say it: "packet", "file", "memory", "record" */
	int (*run)(struct link *link, const struct patch_program *program, uint64_t first,
		uint64_t count, struct err *err);
	void (*stats)(const struct link *link, struct link_stats *ret);
	int (*close)(struct link *link, struct err *err); /* frees link, also on failure */
};

/* Every backend's own struct begins with this. */
struct link {
	const struct link_ops *ops;
};

/*
 * Hands frames first to first + count - 1 of the program to the link, in order. 0: all were queued,
 * though some may have been refused (see stats): a frame over the MTU does not stop the next.
 * Negative errno with *err: the link cannot go on (interface down or gone, disk full); the frames
 * not handed over are not counted as queued.
 */
int link_run(struct link *link, const struct patch_program *program, uint64_t first, uint64_t count,
	struct err *err);
void link_stats(const struct link *link, struct link_stats *ret);
const char *link_name(const struct link *link);

/* Waits until all is out or counted as failed, flushes files, frees link. NULL is harmless. */
int link_close(struct link *link, struct err *err);

/* For backends: counts one frame that was refused. */
void link_stats_fail(struct link_stats *stats, int error, uint64_t count);

struct link_packet_config {
	bool qdisc_bypass; /* PACKET_QDISC_BYPASS: faster, unseen by local sniffers, dropped when
			      the device is busy */
};

/*
 * AF_PACKET SOCK_RAW, protocol 0, sendmmsg in order. Frames with own_fcs go out through SO_NOFCS;
 * where the device refuses it they fail with EPROTONOSUPPORT, and the run with them. Needs
 * CAP_NET_RAW at open only.
 */
int link_packet_open(struct link **ret, const struct interface *interface,
	const struct link_packet_config *config, struct err *err);

/* 1 where the interface's driver sends frames with an FCS of ours (SO_NOFCS), 0 where it refuses,
 * -errno with *err. Sends nothing. */
int link_packet_probe_fcs(const struct interface *interface, struct err *err);

/* A pcap file, nanosecond time; with_fcs marks the link type as Ethernet with 4 FCS octets. "-" is
 * standard output. */
int link_file_open(struct link **ret, const char *path, bool with_fcs, struct err *err);

/* Keeps copies of the frames in memory, for tests. */
int link_memory_open(struct link **ret);
size_t link_memory_count(const struct link *link);
const uint8_t *link_memory_frame(const struct link *link, size_t index, size_t *length);

/*
 * Runs inner, and writes each frame that it took to a pcap file. Owns inner from here on (also on
 * failure it stays the caller's).
 */
int link_record_open(
	struct link **ret, struct link *inner, const char *path, bool with_fcs, struct err *err);

#endif
