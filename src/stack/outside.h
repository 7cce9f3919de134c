/*
 * outside.h: what the stack asks of the world: frames in and out, addresses, routes, ports. The one
 * over the kernel's raw sockets stands here; a test makes its own.
 */
#ifndef STACK_OUTSIDE_H
#define STACK_OUTSIDE_H

#include "link/interface.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

struct err;
struct outside;

#define OUTSIDE_RECEIVE_MAX 16 /* frames at once */
#define OUTSIDE_SEND_MAX    64
#define OUTSIDE_PARTS	    4
#define OUTSIDE_PORTS	    65536U

enum outside_cast { OUTSIDE_HOST, OUTSIDE_BROADCAST, OUTSIDE_MULTICAST, OUTSIDE_OTHER };

/* A frame that arrived. A tag that the kernel had stripped is back in its octets. */
struct outside_frame {
	const uint8_t *octets; /* valid until the next receive */
	size_t length;
	int interface;
	enum outside_cast cast; /* as the device sees its destination MAC */
	bool unfinished;	/* its checksum was left to a device that it never met: there is
				   nothing to verify */
	bool verified;		/* by a device, its outermost checksum */
	uint16_t segment_size;	/* of a super-frame, octets of data in each; 0: an ordinary one */
};

/* A frame, or on loopback an IP packet, to be sent. */
struct outside_message {
	bool loopback; /* as an IP packet, by the kernel's routes */
	uint8_t address_length;
	uint8_t destination[16]; /* loopback: the packet's */
	int interface;		 /* else: its index */
	struct iovec parts[OUTSIDE_PARTS];
	unsigned int count;
	/* The rest is not for loopback. unfinished: the device, or the kernel, is to sum from
	 * sum_start and put it at sum_start + sum_offset. */
	bool unfinished;
	uint16_t sum_start, sum_offset;
	uint16_t segment_size;	/* a super-frame; unfinished then */
	uint16_t header_length; /* of all headers */
	uint8_t protocol;	/* the super-frame's, IPPROTO_TCP or _UDP */
};

struct outside_failures {
	uint64_t count;
	int error; /* errno of the last */
};

struct outside_ops {
	/* How many of up to OUTSIDE_RECEIVE_MAX are there, 0: none waits; -errno with *err: there
	 * will not be any more. */
	int (*receive)(struct outside *outside, struct outside_frame *ret, struct err *err);
	/* Sends in order; counts in *failures what was refused. -errno: none will leave any more.
	 */
	int (*send)(struct outside *outside, const struct outside_message *messages,
		unsigned int count, struct outside_failures *failures, struct err *err);
	int (*descriptor)(const struct outside *outside); /* readable when a frame waits */
	int (*interface)(
		struct outside *outside, int index, struct interface *ret, struct err *err);
	int (*route)(struct outside *outside, int index, const uint8_t *destination, size_t length,
		struct interface_route *ret, struct err *err);
	/* -ENOENT: not known. */
	int (*neighbour)(struct outside *outside, const struct interface *interface,
		const uint8_t *hop, size_t length, uint8_t ret_mac[6]);
	/* Keeps the kernel silent at a port of the host's: a descriptor to close in the end. *port
	 * 0: a free one. address NULL: any; length 0: of both versions. */
	int (*guard)(struct outside *outside, uint8_t protocol, const uint8_t *address,
		size_t length, uint32_t scope, uint16_t *port, struct err *err);
	/* Of the ports that guard has a free one of for port 0: a bit each, the lowest first.
	 * -errno; NULL: nobody knows. */
	int (*ports)(struct outside *outside, uint8_t ret[OUTSIDE_PORTS / 8]);
	/* The kernel is to drop TCP to a guarded port where it comes in, without looking at it any
	 * further: worth while where much comes. What drop_end takes, before the guard goes;
	 * -errno: it cannot; NULL: it never can. */
	int (*drop)(struct outside *outside, int interface, const uint8_t *address, size_t length,
		uint16_t port);
	void (*drop_end)(struct outside *outside, int rule);
	/* Lets frames to this MAC in, though it is not the interface's. */
	int (*join)(struct outside *outside, int interface, const uint8_t mac[6], struct err *err);
	/* An address of our own, until the end: another stack of this host that has it there would
	 * not hear our probe, nor we its answer. -EADDRINUSE; NULL: there is no other. */
	int (*hold)(struct outside *outside, int interface, const uint8_t *address, size_t length,
		struct err *err);
	/* The indexes of interfaces whose frames come again on another, as interface_lower_read;
	 * NULL: there are none. */
	int (*lower)(struct outside *outside, int **ret, size_t *ret_count, struct err *err);
	/* Asked now and then. -errno with *err: the interface that was asked for is gone, and no
	 * frame will come or leave any more; NULL: it cannot go. */
	int (*check)(const struct outside *outside, struct err *err);
	uint64_t (*dropped)(struct outside *outside); /* frames, so far */
	void (*close)(struct outside *outside);	      /* frees */
};

struct outside {
	const struct outside_ops *ops;
};

struct outside_config {
	int interface; /* index: frames of this one and of lo alone; 0: all */
	bool plain;    /* no super-frames out, and none told as such: outer layers hide them */
	bool guards;   /* there will be some */
};

/* Needs CAP_NET_RAW, for the call alone; guards of ports below 1024 CAP_NET_BIND_SERVICE. */
int outside_open(struct outside **ret, const struct outside_config *config, struct err *err);

/* ports.c, guard.c: those of outside_open's. */
int ports_read(uint8_t ret[OUTSIDE_PORTS / 8]);
int guard_open(uint8_t protocol, const uint8_t *address, size_t length, uint32_t scope,
	uint16_t *port, struct err *err);

#endif
