/* capture.h: frames from an interface or a capture file, through libpcap. */
#ifndef LINK_CAPTURE_H
#define LINK_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct capture;
struct err;

enum capture_direction { CAPTURE_BOTH, CAPTURE_IN, CAPTURE_OUT };

struct capture_config {
	const char *interface;
	const char *filter; /* pcap-filter(7), NULL for all */
	enum capture_direction direction;
	bool promiscuous;
	bool immediate;		 /* deliver each frame at once: more CPU a frame */
	unsigned int snaplen;	 /* octets; 0 is all of a frame (up to 64 KiB and headers when
				    immediate,    else 256 KiB) */
	unsigned int buffer_kib; /* the kernel's ring; 0 is 16 MiB */
};

/* What a file's or interface's frames begin with. */
enum capture_link {
	CAPTURE_ETHERNET,
	CAPTURE_RAW_IP, /* an IP header: tun devices */
	CAPTURE_OTHER,	/* see capture_link_name */
};

struct capture_frame {
	const uint8_t *octets; /* valid until the next call */
	uint32_t captured;     /* octets here */
	uint32_t length;  /* octets on the link; more than captured when the snap length cut it */
	uint64_t time_ns; /* since 1970 */
};

struct capture_stats {
	uint64_t received; /* let through by the filter, those dropped among them */
	uint64_t dropped;  /* for want of room in the ring; a file drops none */
	uint64_t interface_dropped;
};

/* Receives from here on: what is sent after it returns is seen. A filter that does not compile is
 * ERR_INPUT. */
int capture_open(struct capture **ret, const struct capture_config *config, struct err *err);

/* pcap or pcapng, also packed by gzip or zstd; "-" is standard input. Not a capture file is
 * ERR_INPUT. filter may be NULL. */
int capture_open_file(struct capture **ret, const char *path, const char *filter, struct err *err);

/*
 * The next frame. 1: *ret is filled. 0: none within timeout_ms (-1 waits), or a signal ended the
 * wait; one that comes just before the wait does not, so who acts on signals asks for a finite
 * time. In a pipe, a frame is taken when all of it is there. -ENODATA: the file's end. Other
 * negative errno with *err: the interface went down (-ENETDOWN, after what had arrived) or away
 * (-ENODEV), the file is broken.
 */
int capture_next(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err);

/* Of a live capture: what to poll for reading, for who waits for more than one. */
int capture_fd(const struct capture *capture);

enum capture_link capture_link(const struct capture *capture);
const char *capture_link_name(const struct capture *capture); /* "EN10MB", "LINUX_SLL2" */
bool capture_has_fcs(
	const struct capture *capture); /* the file says that frames end in 4 FCS octets */
int capture_stats(struct capture *capture, struct capture_stats *ret, struct err *err);
void capture_close(struct capture *capture); /* NULL is harmless */

#endif
