/* raw.h: the parts of outside_open's, among themselves: the kernel's raw sockets. */
#ifndef STACK_RAW_H
#define STACK_RAW_H

#include "stack/outside.h"

#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <sys/socket.h>

#define RAW_TAG 4 /* octets of a VLAN tag, for which each slot has room in front */
#define RAW_SLOT_SIZE                                                              \
	(128U * 1024U) /* a super-frame of 64 KiB and all that may stand before it \
			*/
#define RAW_SLOTS   ((size_t)OUTSIDE_RECEIVE_MAX * RAW_SLOT_SIZE)
#define RAW_CONTROL CMSG_SPACE(sizeof(struct tpacket_auxdata))

struct raw {
	struct outside outside;
	int in, out;	/* AF_PACKET */
	int out4, out6; /* IP packets with headers of ours */
	bool plain;
	int only; /* the interface asked for; 0: all */
	uint64_t dropped;
	uint8_t *slots; /* RAW_SLOTS octets */
	struct mmsghdr headers[OUTSIDE_RECEIVE_MAX];
	struct iovec pieces[OUTSIDE_RECEIVE_MAX][2];
	struct virtio_net_hdr offloads[OUTSIDE_RECEIVE_MAX];
	struct sockaddr_ll from[OUTSIDE_RECEIVE_MAX];
	uint8_t control[OUTSIDE_RECEIVE_MAX][RAW_CONTROL]
		__attribute__((aligned(__alignof__(struct cmsghdr))));
};

/* As struct outside_ops has them. */
int raw_receive(struct outside *outside, struct outside_frame *ret, struct err *err);
int raw_send(struct outside *outside, const struct outside_message *messages, unsigned int count,
	struct outside_failures *failures, struct err *err);

#endif
