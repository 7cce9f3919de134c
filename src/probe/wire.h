/* wire.h: what probes leave by and answers come in by, as a thing that is passed in: an interface,
 * or a test's own. */
#ifndef PROBE_WIRE_H
#define PROBE_WIRE_H

#include "link/receiver.h"
#include "link/stamped.h"
#include "patch/program.h"

struct err;
struct interface;

#define PROBE_BURST 32U /* frames that are sent at once, at most */

/* A frame that left. */
struct probe_sent {
	uint64_t number;
	const uint8_t *octets; /* without FCS; valid until the next send */
	uint32_t length;
	bool hardware;
	uint64_t time_ns; /* since 1970, or by the device's clock */
};

struct probe_wire {
	/*
	 * Sends frames first to first + count - 1, count at most PROBE_BURST, or as many of them as
	 * it does at once: *ret_tried, of which those that were refused are not among ret. 0, or
	 * negative with *err where nothing leaves any more; what left before that is among ret
	 * too.
	 */
	int (*send)(void *context, uint64_t first, unsigned int count, struct probe_sent *ret,
		unsigned int *ret_count, unsigned int *ret_tried, struct err *err);
	/* 1: *ret is the next frame; 0: none is there. */
	int (*receive)(void *context, struct receiver_frame *ret);
	/* Until a frame is there, ns at most. */
	int (*wait)(void *context, uint64_t ns, struct err *err);
	/* Now, by the clock of frames' stamps, where these are not the device's. */
	uint64_t (*wall)(void *context);
	void *context;
};

/* ---- over an interface ---- */

struct probe_live;

struct probe_live_config {
	const struct interface *interface;
	const struct patch_program *program;
	enum stamp_source stamps; /* STAMP_PROGRAM: frames leave many at a time */
	bool immediate; /* what is sent next waits for an answer: see struct receiver_config */
};

/* The capture stands when it returns. Borrows the program. Needs CAP_NET_RAW at open only. */
int probe_live_open(struct probe_live **ret, const struct probe_live_config *config,
	struct probe_wire *ret_wire, struct err *err);

struct probe_live_stats {
	struct link_stats link;
	struct receiver_stats receiver;
	uint64_t unstamped; /* frames that nobody but this program has stamped, though asked to */
};

void probe_live_stats(struct probe_live *live, struct probe_live_stats *ret);
void probe_live_close(struct probe_live *live); /* NULL is harmless */

#endif
