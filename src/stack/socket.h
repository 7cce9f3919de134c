/*
 * socket.h: UDP and TCP over frames that we forge ourselves, shaped like sockets: non-blocking,
 * with poll. stack_kernel_open gives the same calls over the kernel's sockets.
 *
 * A stack and its sockets belong to one thread; stack_wake alone may be called from anywhere.
 */
#ifndef STACK_SOCKET_H
#define STACK_SOCKET_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct clock;
struct err;
struct socket;
struct stack;
struct stack_mischief; /* stack/mischief.h */
struct stack_wrap;     /* stack/wrap.h */
struct tcp_stats;      /* tcp/tcp.h */

#define STACK_DATAGRAM_MAX 65507 /* octets of a UDP datagram over IPv4, and our limit over IPv6 */

struct stack_address {
	uint8_t octets[16];
	uint8_t length; /* 4 or 16; 0: any of both versions, where that makes sense (bind) */
	uint16_t port;	/* host order */
	uint32_t scope; /* the interface's index of a link-local IPv6 address, else 0 */
};

/* A frame as it came or went, for who watches. Super-frames are one. */
struct stack_trace {
	bool out;
	uint64_t time_ns;      /* the stack's clock */
	int interface;	       /* index */
	const uint8_t *octets; /* from the Ethernet header; on loopback one of zeros */
	size_t length;
};

/* All zero is a good default. What it points to lives as long as the stack. */
struct stack_config {
	const char *interface;		    /* NULL: the route's */
	const struct stack_address *source; /* an address of our own on the interface, ARP and ND
					       answered; NULL: the host's, guarded */
	unsigned int source_count;	 /* so many addresses, source the first of them: all in one
					    /24 or /120; 0: 1 */
	const uint8_t *source_mac;	 /* 6 octets; NULL with a source: one made from the seed */
	struct stack_wrap *wrap;	 /* outer layers around each packet; NULL: plain */
	struct stack_mischief *mischief; /* faults on purpose; NULL: none */
	const struct clock *clock;	 /* NULL: clock_system */
	uint64_t seed;			 /* 0: drawn */
	const char *record;		 /* a pcap file of every frame in and out */
	bool offload_off;		 /* no super-frames, checksums finished by us */
	void (*trace)(void *context, const struct stack_trace *trace);
	void *trace_context;
};

struct stack_counters {
	uint64_t frames_in, frames_out; /* a super-frame is one */
	uint64_t frames_dropped;	/* by the kernel, for want of room in our receive buffer */
	uint64_t bad_checksums, malformed;
	uint64_t fragments_in, reassembled, reassembly_failed;
	uint64_t icmp_errors; /* that quoted a flow of ours */
	uint64_t too_long;    /* datagrams that a router said to have no room for: they are lost */
	uint64_t send_failures; /* frames that the kernel refused */
	int send_error;		/* errno of the last of these; 0: none */
};

/* -errno with *err (ERR_SYSTEM, ERR_INPUT for what the user gave). An own address that somebody
 * else answers for is -EADDRINUSE. stack_open needs CAP_NET_RAW. */
int stack_open(struct stack **ret, const struct stack_config *config, struct err *err);
/* Over the kernel's sockets: what is about frames in config is ERR_INPUT. Any number of them. */
int stack_kernel_open(struct stack **ret, const struct stack_config *config, struct err *err);

/* Closes the sockets that are left, without a word to their peers. Reports a record that could not
 * be written; frees stack either way. NULL is harmless. */
int stack_close(struct stack *stack, struct err *err);

/*
 * Moves frames and runs timers until a socket has news, timeout_ms (-1: no end) passed, a signal
 * came or stack_wake was called. 1: there is news (stack_next_event), 0: none; -errno: the
 * interface of the config was removed (one that is down may come up again; the kernel's sockets
 * wait on), or the record's disk is full.
 */
int stack_wait(struct stack *stack, int timeout_ms, struct err *err);

/* A socket whose socket_events changed since it was handed out last, each once; NULL: no more. */
struct socket *stack_next_event(struct stack *stack);

/* For a poll() of the caller's own: fills up to max of *ret and returns how many; call
 * stack_wait(stack, 0) when one is ready or *ret_timeout_ms (-1: none) passed. */
size_t stack_descriptors(
	const struct stack *stack, struct pollfd *ret, size_t max, int *ret_timeout_ms);

/* Ends a stack_wait, or the next; from a signal handler or another thread. */
void stack_wake(struct stack *stack);

void stack_counters(struct stack *stack, struct stack_counters *ret);
/* How many frames came and went until now, without asking the kernel what it dropped; 0 over its
 * sockets. */
uint64_t stack_frames(const struct stack *stack);

enum socket_kind { SOCKET_UDP, SOCKET_TCP };

int socket_open(struct socket **ret, struct stack *stack, enum socket_kind kind, struct err *err);

/* port 0: a free one is taken, see socket_local. -EADDRINUSE: the host or another program has it;
 * -EADDRNOTAVAIL: not an address of the interface. */
int socket_bind(struct socket *socket, const struct stack_address *local, struct err *err);

/* 0: begun (TCP: SOCKET_WRITABLE or SOCKET_FAILED tells how it went) or done (UDP: datagrams go to
 * and come from this peer alone). Any address, 0.0.0.0 or ::, is this host's loopback. */
int socket_connect(struct socket *socket, const struct stack_address *peer, struct err *err);

int socket_listen(struct socket *socket, int backlog, struct err *err);
/* -EAGAIN: none waits. */
int socket_accept(struct socket *listener, struct socket **ret, struct stack_address *ret_peer);

/*
 * TCP: how many octets were taken or given, 0 of receive: the peer ended. UDP: one datagram, cut to
 * the length given. -EAGAIN; -ECONNRESET, -ECONNREFUSED, -ETIMEDOUT, -EHOSTUNREACH, ... from the
 * peer or the way to it; UDP -EMSGSIZE.
 */
ssize_t socket_send(struct socket *socket, const void *data, size_t length);
ssize_t socket_receive(struct socket *socket, void *data, size_t size);

/*
 * TCP over frames: one read(2) of fd straight into the buffer of what is sent, which spares a copy.
 * How many octets; 0: fd is at its end, or cannot be read, and *ret_error, a positive errno, says
 * why; -EAGAIN: no room, or fd has nothing now; else as socket_send. -EOPNOTSUPP for others.
 */
ssize_t socket_send_from(struct socket *socket, int fd, int *ret_error);

/*
 * TCP over frames: length octets that are those at octets, room of them, and after their end from
 * their beginning again; without a copy: they stay the caller's, who keeps them as they are until
 * the stack is closed. At most SOCKET_LENT_MAX at a time; room is length, or 64 KiB, or more. All
 * are taken; -EAGAIN: not while anything is queued; else as socket_send. -EOPNOTSUPP for others.
 */
#define SOCKET_LENT_MAX (1UL << 30)
ssize_t socket_send_lent(struct socket *socket, const void *octets, size_t room, size_t length);

/*
 * TCP over frames: one write(2) to fd of up to most octets, straight from the buffer of what came.
 * As socket_receive; where fd did not take them *ret_error is its errno, else 0, and they stay.
 * -EOPNOTSUPP for others.
 */
ssize_t socket_receive_to(struct socket *socket, int fd, size_t most, int *ret_error);

/*
 * UDP. What receive_from returns may be more than size: the datagram was cut. An error that an
 * ICMP message told is returned with *ret_peer whom the datagram was for.
 */
ssize_t socket_send_to(
	struct socket *socket, const void *data, size_t length, const struct stack_address *peer);
ssize_t socket_receive_from(
	struct socket *socket, void *data, size_t size, struct stack_address *ret_peer);

/* UDP: the data as datagrams of segment octets each (the last may be shorter), at most 64 of them
 * and 65,507 octets; one super-frame where the way takes it. Returns how many octets were taken. */
ssize_t socket_send_segments(struct socket *socket, const void *data, size_t length,
	uint16_t segment, const struct stack_address *peer);

int socket_shutdown(struct socket *socket); /* no more to send */
void socket_abort(struct socket *socket);   /* TCP: RST, then as socket_close */
/* TCP ends in the background as it should (the stack must be waited on for that to happen); the
 * pointer is gone. NULL is harmless. */
void socket_close(struct socket *socket);
/* The next hop that last answered neither ARP nor neighbour discovery: what an -EHOSTUNREACH of our
 * own is about. length 0: none. */
void stack_silent_hop(const struct stack *stack, struct stack_address *ret);
/* How many closed connections are still ending; what a clean exit waits for. TIME-WAIT does not
 * count. */
size_t stack_ending(const struct stack *stack);
/*
 * Octets that these were given and that their peers have yet to acknowledge. *ret_lost: of all that
 * failed after they were closed, what never will be. Both 0 over the kernel, which needs no stack
 * for it.
 */
size_t stack_unacknowledged(const struct stack *stack, uint64_t *ret_lost);

enum {
	SOCKET_READABLE = 1, /* receive or accept has something, the peer's end and errors too */
	SOCKET_WRITABLE = 2, /* send takes something */
	SOCKET_ENDED = 4,    /* the peer sends no more, and all was received */
	SOCKET_FAILED = 8,   /* see socket_error */
};
unsigned int socket_events(const struct socket *socket);
int socket_error(const struct socket *socket); /* 0 or -errno; reading does not clear it */

void socket_local(const struct socket *socket, struct stack_address *ret);
void socket_peer(const struct socket *socket, struct stack_address *ret); /* length 0: none */

void socket_context_set(struct socket *socket, void *context);
void *socket_context(const struct socket *socket);

/* TCP; -EOPNOTSUPP for others. */
int socket_tcp_stats(const struct socket *socket, struct tcp_stats *ret);

/* The kernel's sockets only, else -EOPNOTSUPP: from now on it belongs to another stack (of another
 * thread). */
int socket_move(struct socket *socket, struct stack *to, struct err *err);

#endif
