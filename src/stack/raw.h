/* raw.h: the parts of outside_open's, among themselves: the kernel's raw sockets. */
#ifndef STACK_RAW_H
#define STACK_RAW_H

#include "link/bpfsys.h"
#include "stack/outside.h"

#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <sys/socket.h>

#define RAW_TAG 4 /* octets of a VLAN tag, for which each slot has room in front */
#define RAW_SLOT_SIZE                                                              \
	(128U * 1024U) /* a super-frame of 64 KiB and all that may stand before it \
			*/
#define RAW_SLOTS      ((size_t)OUTSIDE_RECEIVE_MAX * RAW_SLOT_SIZE)
#define RAW_DROP_RULES 4U /* of each IP version */
#define RAW_HOLDS_MAX  256U
#define RAW_CONTROL    CMSG_SPACE(sizeof(struct tpacket_auxdata))

struct raw {
	struct outside outside;
	int in, out;	/* AF_PACKET; the same, unless plain */
	int out4, out6; /* IP packets with headers of ours */
	bool plain;
	int only;		/* the interface asked for; 0: all */
	char name[IF_NAMESIZE]; /* of it, for messages */
	uint64_t dropped;
	struct {
		bool possible; /* it may be opened: it was not yet, and nothing speaks against it */
		bool in_use;   /* frames come by it, and all that came before it were taken */
		int group;     /* of the fan-out */
		int fd;	       /* -1 until it is opened */
		uint8_t *slots;
		unsigned int next, held; /* the first slot that is ours; how many the caller has */
		unsigned int full;	 /* reads one after the other that took all they could */
		unsigned int seen;	 /* frames that waited behind many, less what was long */
	} ring;
	struct {
		struct bpfsys_memory memory; /* the rules that the program reads */
		int program;		     /* -1: none */
		unsigned int link_count;
		struct {
			int interface, fd;
		} links[RAW_DROP_RULES]; /* where it is attached */
	} drop;
	int holds[RAW_HOLDS_MAX]; /* of addresses of our own */
	unsigned int hold_count;
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

/* raw_hold.c: as struct outside_ops has it; lets all go. */
int raw_hold(struct outside *outside, int interface, const uint8_t *address, size_t length,
	struct err *err);
void raw_hold_end(struct raw *raw);

/* raw.c: everything of the interface asked for, from now on, but what leaves. */
int raw_listen(const struct raw *raw, int fd);

/* raw.c: the error of an interface that is gone. */
int raw_gone(const struct raw *raw, struct err *err);

/* raw_receive.c: octets and length of *ret are set; what else is known, and the tag put back.
 * offload, told: NULL where nothing was said. */
void raw_frame_fill(struct outside_frame *ret, const struct sockaddr_ll *from,
	const struct virtio_net_hdr *offload, const struct tpacket_auxdata *told);
/* The next of this socket's queue, into slot i; false: there is none. */
bool raw_receive_one(struct raw *raw, int fd, unsigned int i, struct outside_frame *ret);

/*
 * raw_ring.c: raw_ring_prepare once raw->in is there; raw_ring_consider after each receive by
 * raw->in: opens the ring where these frames, and those before, make it worth while.
 * raw_ring_receive, as raw_receive, once raw->ring.in_use.
 */
void raw_ring_prepare(struct raw *raw);
void raw_ring_consider(struct raw *raw, const struct outside_frame *frames, unsigned int count);
int raw_ring_receive(struct raw *raw, struct outside_frame *ret);
void raw_ring_close(struct raw *raw);

/* raw_drop.c: raw_drop_prepare while there are all privileges; raw_drop and raw_drop_end as struct
 * outside_ops has them. */
void raw_drop_prepare(struct raw *raw);
int raw_drop(struct outside *outside, int interface, const uint8_t *address, size_t length,
	uint16_t port);
void raw_drop_end(struct outside *outside, int rule);
void raw_drop_close(struct raw *raw);

#endif
