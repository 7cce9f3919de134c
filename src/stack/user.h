/*
 * user.h: the ground of UDP and TCP over frames of our own: what a protocol in the stack's table is
 * asked, and what it may ask.
 */
#ifndef STACK_USER_H
#define STACK_USER_H

#include "stack/internal.h"

#include <sys/uio.h>

struct user_stack; /* begins with struct stack: it is the stack of a socket of ours */

uint64_t user_now(const struct user_stack *stack); /* of this round, in the time of its clock */
uint64_t user_random(struct user_stack *stack);	   /* the next of the seed's stream */
const struct stack_config *user_config(const struct user_stack *stack);
/* The (first) address that no kernel has; NULL: there is none of this length. */
const uint8_t *user_own_address(const struct user_stack *stack, uint8_t length);

/*
 * An IP packet for us, whole, its upper-layer checksum right or left to the device: never to be
 * verified again. All is borrowed for the call.
 */
struct stack_packet {
	uint8_t address_length; /* 4 or 16 */
	uint8_t protocol;
	uint8_t traffic_class; /* DSCP and ECN */
	uint8_t hop_limit;
	const uint8_t *source, *destination;
	/* The upper layer: at least the fixed header is there (UDP 8, TCP 20). */
	const uint8_t *octets;
	size_t length;
	uint16_t segment_size; /* of a super-frame: octets of data in each segment; 0: one */
	bool own;	       /* to --source-ip: no kernel answers for it */
	bool unicast;	       /* to neither a broadcast nor a multicast address */
	bool wrapped;	       /* it came within the outer layers of config's */
	int interface; /* that it came by; from a link-local address of the host's, the one that
			  has it */
	/* The MAC that it came from; NULL within outer layers, and on loopback. */
	const uint8_t *mac;
	/* The IP header as it came; NULL of a reassembled packet. */
	const uint8_t *header;
	size_t header_length;
};

/* Its source is a network's broadcast address, from which nobody sends: who answers it answers all.
 * Asked of the kernel's routes, and remembered for a while. */
bool stack_packet_is_from_broadcast(struct user_stack *stack, const struct stack_packet *packet);

/* Whom it came from, to answer to. */
struct stack_address stack_packet_sender(const struct stack_packet *packet, uint16_t port);

/* Something is wrong with the way of a packet of ours. */
struct stack_error {
	uint8_t address_length;
	const uint8_t *source, *destination; /* of the packet: source is ours */
	uint16_t source_port, destination_port;
	uint32_t sequence; /* TCP's */
	int error;    /* positive errno: ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EMSGSIZE, ... */
	bool hard;    /* it will not pass: RFC 1122 4.2.3.9 */
	uint32_t mtu; /* EMSGSIZE: the path's new MTU */
	bool local;   /* no ICMP message says so: the next hop answers neither ARP nor ND */
};

/* A protocol over IP; each stack holds a state of each. */
struct stack_protocol {
	uint8_t number; /* IPPROTO_ */
	enum socket_kind kind;
	int (*open)(void **ret_state, struct user_stack *stack, struct err *err);
	void (*close)(void *state); /* all sockets are closed; frees */
	int (*socket)(struct socket **ret, void *state, struct err *err);
	/*
	 * A packet to an own address, or to an address of the host's and a port that a stack_guard
	 * holds. Whom it is for is the protocol's to find; on loopback what we sent comes back, and
	 * finds nobody, or another socket of ours.
	 */
	void (*input)(void *state, const struct stack_packet *packet);
	/* true: it quotes a live flow, and plausibly (RFC 5927). The routes' mtu follow then, after
	 * the call. */
	bool (*error)(void *state, const struct stack_error *error);
	uint64_t (*deadline)(const void *state); /* UINT64_MAX: none; asked each round */
	/* Each round, after all input: timers that are due, output that input caused. */
	void (*run)(void *state, uint64_t now);
	size_t (*ending)(const void *state); /* see stack_ending */
	/* See stack_unacknowledged, but that it adds to *ret_lost; NULL: none ever. */
	size_t (*unacknowledged)(const void *state, uint64_t *ret_lost);
};

extern const struct stack_protocol stack_udp, stack_tcp;

/*
 * Reserves a local port. Of an address of the host's: a kernel socket that stays silent (the
 * guard); of an own one: a note of ours. local->length 0: any address of both versions; an address
 * of zeros: any of the version; port 0: a free one, which is filled in. -EADDRINUSE,
 * -EADDRNOTAVAIL, -EACCES with *err.
 */
struct stack_guard;
int stack_guard_open(struct stack_guard **ret, struct user_stack *stack, uint8_t protocol,
	struct stack_address *local, struct err *err);
/* One more holds it: a listener's connection. */
struct stack_guard *stack_guard_share(struct stack_guard *guard);
/* A packet with data came for it. Where many do, the kernel is spared them. */
void stack_guard_heard(struct stack_guard *guard, const struct stack_packet *packet);
/* The last one lets go; to be held through TIME-WAIT. NULL is harmless. */
void stack_guard_close(struct stack_guard *guard);

/* The way to a destination; counted, as many flows share one. */
struct stack_route {
	uint8_t address_length;
	uint8_t source[16], destination[16];
	int interface;
	bool loopback;
	bool broadcast; /* to a broadcast address, or a group */
	uint32_t mtu;	/* of the path, now: octets of an IP packet, outer layers taken off */
	size_t burst;	/* the longest upper-layer packet that stack_output takes with a
			   segment_size; 0: none, one segment each */
};

/* source: NULL or zeros: the route's choice. -ENETUNREACH, -EADDRNOTAVAIL with *err. Does not wait
 * for the next hop's MAC: packets do, a few, in the ground. */
int stack_route_get(struct stack_route **ret, struct user_stack *stack,
	const struct stack_address *destination, const uint8_t *source, struct err *err);
/* Back to the MAC that a packet came from, without a look at routes and neighbours; good until the
 * next call of this, and not to be put. NULL: of packets without one. */
struct stack_route *stack_route_back(struct user_stack *stack, const struct stack_packet *packet);
/* Before many conversations are begun there: from an address of our own, the next hop is told of
 * it. */
void stack_route_introduce(struct stack_route *route);
void stack_route_put(struct stack_route *route); /* NULL is harmless */
/* Octets of the IP header that stack_output adds. */
size_t stack_route_header(const struct stack_route *route);

struct stack_output {
	uint8_t protocol;
	uint8_t traffic_class;
	uint8_t hop_limit; /* 0: 64 */
	bool fragment;	   /* where it is over the path's MTU; else that is -EMSGSIZE, DF is set */
	bool bad_checksum; /* a wrong one, on purpose */
	bool has_checksum; /* that of the header goes as it is */
	size_t covered; /* the checksum covers so many octets, where that is less than all; 0: all
			 */
	uint16_t segment_size; /* data longer than this leaves in segments of so many octets */
	/* Of the upper layer, at most 64 octets, copied; its checksum is filled in. */
	const uint8_t *header;
	size_t header_length;
	/*
	 * Borrowed until user_flush: the octets must not change before. The ground flushes before
	 * it reads input, so a send buffer whose unacknowledged octets stay in place is right.
	 */
	struct iovec data[2];
};

/* 0: it will be sent; -EMSGSIZE, -EHOSTUNREACH (the next hop does not answer), -ENOBUFS (too many
 * wait for its MAC), -ENOMEM. */
int stack_output(struct user_stack *stack, const struct stack_route *route,
	const struct stack_output *output);

/* Hands all that waits to the kernel. The ground does it before input and at the end of a round. */
void user_flush(struct user_stack *stack);

/* stack_open over another outside, which is the stack's from then on, also on failure; interface is
 * the index of config's, 0 where it names none. */
struct outside;
int user_open(struct stack **ret, const struct stack_config *config, struct outside *outside,
	int interface, struct err *err);

#endif
