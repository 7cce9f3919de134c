/*
 * stamped.h: a link that is told by the kernel, or the device, when each frame left: for measuring,
 * at rates where a system call or two a frame do not matter.
 */
#ifndef LINK_STAMPED_H
#define LINK_STAMPED_H

#include "link/backends.h"

/* Who makes the time stamps of frames. */
enum stamp_source {
	STAMP_PROGRAM,	/* this program, before the system call */
	STAMP_QUEUE,	/* the kernel, as the frame comes to the queueing discipline */
	STAMP_KERNEL,	/* the kernel's driver, as it hands the frame to the device */
	STAMP_HARDWARE, /* the device, by its own clock */
};

/* What the interface has for frames that leave. HARDWARE only where it is switched on for all that
 * leaves and arrives (hwstamp_ctl, ethtool --set-hwtimestamp-cfg): nothing is changed here. */
enum stamp_source stamped_best(const struct interface *interface);

/* Whether it could make them, switched on or not. */
bool stamped_has_hardware(const struct interface *interface);

struct stamp {
	uint64_t number; /* of the frame, among those that the link sent, from 0 */
	uint64_t time_ns;
};

/* AF_PACKET, a send a frame. The frames' stamps are those of this source, not STAMP_PROGRAM. */
int link_stamped_open(struct link **ret, const struct interface *interface,
	enum stamp_source source, struct err *err);

/* The next stamp that has come: 1; 0: none. Within wait_ns, 0 does not wait. */
int link_stamped_next(struct link *link, struct stamp *ret, uint64_t wait_ns);

#endif
