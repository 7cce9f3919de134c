/*
 * receiver.h: the frames that arrive on an interface, each with the kernel's or the device's time,
 * out of a ring that the kernel fills: what measuring wants and libpcap does not tell. In blocks
 * (TPACKET_V3), which is cheapest, or frame by frame (TPACKET_V2), each of which is told at once.
 */
#ifndef LINK_RECEIVER_H
#define LINK_RECEIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct interface;
struct receiver;

#define RECEIVER_TYPES_MAX 16

struct receiver_config {
	const struct interface *interface;
	bool promiscuous; /* frames to other MACs as well, until it is closed */
	bool hardware;	  /* the device's time stamps, where it is set to make them */
	/* Frames of these Ethernet types alone, a VLAN tag passed over; none: of all. */
	uint16_t types[RECEIVER_TYPES_MAX];
	unsigned int type_count;
	unsigned int ring_kib; /* 0 is 16 MiB */
	/* Each frame is told as it arrives, as who sends nothing before it came wants; of
	 * super-frames what an interface's own frames may have is kept, no more. */
	bool immediate;
};

struct receiver_frame {
	const uint8_t *octets; /* valid until receiver_next is called again */
	uint32_t captured;     /* octets here, all of them but of super-frames */
	uint32_t length;       /* octets on the link */
	uint64_t time_ns;      /* since 1970, or by the device's clock */
	bool hardware;	       /* the device's stamp */
};

struct receiver_stats {
	uint64_t received; /* let through by the filter, those dropped among them */
	uint64_t dropped;  /* for want of room in the ring */
};

/* Receives from here on; what is sent on the interface by this host is left out. Needs
 * CAP_NET_RAW at open only. */
int receiver_open(struct receiver **ret, const struct receiver_config *config, struct err *err);

/* 1: *ret is the next frame, VLAN tags in their place; 0: none is there. Unless it is immediate, a
 * frame may stay in the kernel for a millisecond, which its stamp does not count. */
int receiver_next(struct receiver *receiver, struct receiver_frame *ret);

/* Waits for a frame, ns at most, or until a signal comes. -ENETDOWN with *err where the interface
 * went down, -ENODEV where it is gone: once, then it waits on. */
int receiver_wait(struct receiver *receiver, uint64_t ns, struct err *err);

/* Since it was opened. */
void receiver_stats(struct receiver *receiver, struct receiver_stats *ret);

void receiver_close(struct receiver *receiver); /* NULL is harmless */

#endif
