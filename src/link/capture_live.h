/* capture_live.h: a capture from within, and its part that is for interfaces. */
#ifndef LINK_CAPTURE_LIVE_H
#define LINK_CAPTURE_LIVE_H

#include "link/capture.h"

#include <pcap/pcap.h>

struct savefile;

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
	struct bpf_program filter; /* bf_insns NULL: none */
};

/* An error of the system in libpcap's words: "WHAT NAME: ..."; returns -error. */
int capture_error(const struct capture *capture, int error, const char *what, struct err *err);

/* What libpcap has ready. 1: *ret is filled; 0: nothing; else PCAP_ERROR or PCAP_ERROR_BREAK, the
 * end of a file. */
int capture_take_ready(struct capture *capture, struct capture_frame *ret);

/* Opens capture->pcap; on failure capture_close clears up. */
int capture_live_open(
	struct capture *capture, const struct capture_config *config, struct err *err);

/* As capture_next. */
int capture_live_next(
	struct capture *capture, struct capture_frame *ret, int timeout_ms, struct err *err);

/* Brings capture->stats up to date. */
int capture_live_count(struct capture *capture, struct err *err);

#endif
