/* backends.h: the ways out of an interface: what --backend chooses from. */
#ifndef LINK_BACKENDS_H
#define LINK_BACKENDS_H

#include "link/link.h"

/* What a backend can do, to hold against what is asked before the first frame. */
enum link_can {
	LINK_CAN_FCS = 1,     /* sends an FCS of ours (SO_NOFCS), where the driver does */
	LINK_CAN_PREPARE = 2, /* takes frames that change between one link_run and the next */
	LINK_CAN_RECORD = 4,  /* tells of each frame that was sent (struct link's took) */
	LINK_CAN_PACE = 8,    /* a run of one frame leaves at once */
	LINK_IS_SEEN = 16,    /* a sniffer on the interface sees its frames */
};

struct link_config {
	const struct interface *interface;
	bool qdisc_bypass; /* PACKET_QDISC_BYPASS: faster, unseen by local sniffers, dropped
			      when the device is busy */
	int queue;	   /* of the device; -1: any */
	int priority;	   /* SO_PRIORITY; -1: not set */
	unsigned int thread, threads; /* this link is number thread of so many, one a thread */
};

/* One link to the interface, and nothing else asked. */
struct link_config link_config_plain(const struct interface *interface);

struct link_backend {
	const char *name;  /* --backend */
	const char *about; /* a line for people */
	unsigned int can;  /* enum link_can */
	/*
	 * Checks, before a frame is sent, what the device and the program allow; an error says what
	 * to do about it. link_run is then for this program alone, but where LINK_CAN_PREPARE
	 * stands for any: program may be NULL there.
	 */
	int (*open)(struct link **ret, const struct link_config *config,
		const struct patch_program *program, struct err *err);
};

/* In order of preference; the first can do everything. Ends with a NULL name. */
extern const struct link_backend link_backends[];

const struct link_backend *link_backend_find(const char *name); /* NULL: no such */

/*
 * AF_PACKET SOCK_RAW, protocol 0, sendmmsg in order. Frames with own_fcs go out through SO_NOFCS;
 * where the device refuses it they fail with EPROTONOSUPPORT, and the run with them. A device
 * without room is waited for; one that takes nothing for a second fails frames with ENOBUFS,
 * without a wait, until it takes one again. ENETDOWN also where the kernel would drop all in
 * silence for want of a carrier. Close waits for what is queued to leave, while some of it does
 * every two seconds, for ten at most: -ETIMEDOUT says that not all of it did. Needs CAP_NET_RAW at
 * open only.
 */
int link_packet_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err);

/*
 * XDP frames, made by the program as eBPF in the kernel and redirected to the interface, which must
 * take them (ndo_xdp_xmit: see Linux 6.3's netdev family). What is sent is the interface's own
 * count of frames since the link was opened, at most what was made: those that others sent
 * meanwhile may stand for ones of ours that were lost. Frames of different lengths, of which some
 * were lost, have the mean of all for the octets of those that were sent. Needs CAP_BPF and
 * CAP_NET_ADMIN at open only. Linux 5.18.
 */
int link_xdp_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err);

/*
 * A TPACKET_V2 transmit ring: frames are made where the kernel takes them (short ones for it to
 * copy), and count as sent when their slot comes back. Waits, errors and counting else as in
 * packet. Frames with own_fcs are refused at open: a ring ignores SO_NOFCS in silence.
 */
int link_ring_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err);

/*
 * An AF_XDP socket: no skb is made where the driver has zero-copy, else one a frame past the
 * queueing discipline. Frames count as sent when the kernel gives them back; those that a packet
 * socket would refuse (over the MTU) fail here likewise. Thread N takes queue N, counted from
 * config->queue. At most 4096 octets a frame, and no FCS of ours. Needs CAP_NET_RAW at open only.
 */
int link_xsk_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err);

/*
 * UDP datagrams of one flow that differ in payload alone go down up to 64 as one, and the kernel,
 * or the device, cuts them and makes their checksums (PACKET_VNET_HDR). The frames that come out
 * are those of any other backend: what would not be (see gso_check.h) is refused at open. A sniffer
 * on the interface sees them uncut.
 */
int link_gso_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err);

/* 1 where the interface's driver sends frames with an FCS of ours (SO_NOFCS), 0 where it refuses,
 * -errno with *err. Sends nothing. */
int link_packet_probe_fcs(const struct interface *interface, struct err *err);

#endif
