/* udp_flow.h: the parts of UDP over frames of our own, among themselves. */
#ifndef STACK_UDP_FLOW_H
#define STACK_UDP_FLOW_H

#include "stack/tuple.h"
#include "stack/user.h"

#define UDP_HEADER	8
#define UDP_OVERHEAD	64   /* of a datagram in the queue, about */
#define UDP_SMALL	2048 /* octets: copied, so that many leave at once */
#define UDP_SMALL_COUNT 64

struct udp {
	struct user_stack *stack;
	struct tuple_table sockets;
	uint8_t (*small)[UDP_SMALL]; /* UDP_SMALL_COUNT: data that waits for user_flush */
	unsigned int small_used;
	struct udp_held *held; /* by udp_fault.c; NULL: none */
};

struct udp_datagram {
	struct udp_datagram *next;
	struct stack_address from;
	int error; /* positive errno: an ICMP error came instead */
	size_t length;
	uint8_t octets[];
};

struct udp_socket {
	struct socket base;
	struct tuple_entry entry;
	struct udp *udp;
	bool bound;
	bool connected;
	struct stack_guard *guard;
	struct stack_address local, peer;
	struct stack_route *route; /* to whom was sent last */
	struct stack_address route_to;
	struct udp_datagram *queue, **queue_end;
	size_t queued; /* octets, with UDP_OVERHEAD each */
	int error;     /* negative errno, of the connected peer */
};

static inline struct udp_socket *udp_of(struct socket *socket)
{
	return (struct udp_socket *)socket;
}

int udp_socket_new(struct socket **ret, void *state, struct err *err);

/* The route to the peer is the socket's from then on; kept, as the next datagram mostly has the
 * same. */
int udp_route(struct udp_socket *socket, const struct stack_address *peer, struct err *err);

/* By the socket's route: data, as datagrams of segment octets where that is not 0. */
int udp_put(struct udp_socket *socket, const struct iovec *data, uint16_t segment, uint16_t port,
	bool bad_checksum);

/* ---- udp_fault.c: with faults on purpose */
int udp_put_faulty(
	struct udp_socket *socket, const struct iovec *data, const struct stack_address *to);
/* The one that is held back leaves now. */
void udp_release_held(struct udp *udp);
/* When it leaves though no other follows; UINT64_MAX: none is held. */
uint64_t udp_held_until(const struct udp *udp);

#endif
