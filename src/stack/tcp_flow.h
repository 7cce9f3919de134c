/*
 * tcp_flow.h: the parts of TCP over frames of our own, among themselves: tcp_flow.c holds a
 * connection to its engine and its timer, tcp_stack.c finds the one that a segment is for,
 * tcp_opening.c makes those that peers open, tcp_socket.c is what users call.
 */
#ifndef STACK_TCP_FLOW_H
#define STACK_TCP_FLOW_H

#include "stack/tuple.h"
#include "stack/user.h"
#include "stack/wheel.h"
#include "tcp/tcp.h"

#define TCP_HEADER 20
#define MSS_MIN	   64U /* the smallest segments that a path is believed to want */

struct tcp_socket;

/* A list in order of coming. */
struct waiting {
	struct tcp_socket *first, **last;
	size_t count;
};

struct protocol {
	struct user_stack *stack;
	struct tuple_table sockets; /* connections and listeners */
	struct wheel wheel;
	uint8_t secret[16]; /* of initial sequence numbers, RFC 6528 */
	/* The engine has been called: to be asked for output, in this order. */
	struct tcp_socket *touched, **touched_last;
	struct tcp_socket *ended; /* nothing is left of them: to be freed at the end of the round */
	struct tcp_socket *alone; /* closed by their user, not yet by the peer */
	uint64_t leave_at;	  /* when ports in TIME-WAIT may be looked for again */
	uint64_t lost;		  /* octets of these that were not acknowledged when they ended */
	size_t senders;		  /* connections with something in their send buffer */
	/* Connections that data came for in this epoch so far, and in the one before. */
	uint64_t epoch;
	size_t hearers, hearers_before;
};

struct tcp_socket {
	struct socket base;
	struct tuple_entry entry;
	struct wheel_entry timer;
	struct protocol *protocol;
	bool bound, entered; /* entered: it is in the table */
	struct stack_guard *guard;
	struct stack_address local, peer;
	struct stack_route *route;
	struct tcp *tcp;   /* of a connection */
	unsigned int told; /* the events that its user knows of */
	bool is_touched, is_ended, is_alone;
	bool was_over;	/* when its user left: who knows how it ended */
	bool sends;	/* it is one of the protocol's senders */
	uint64_t heard; /* the last epoch that data came in */
	struct tcp_socket *touched_next, **touched_link;
	struct tcp_socket *ended_next;
	struct tcp_socket *alone_next, **alone_link;

	/* A listener's. */
	bool listening;
	size_t backlog;
	uint64_t cookies_until; /* SYNs were answered by them: ACKs may bring some back */
	struct waiting opening, ready;
	/* Of a connection that nobody accepted yet. */
	struct tcp_socket *listener;
	struct waiting *in; /* which of the listener's lists */
	struct tcp_socket *waiting_next, **waiting_link;
};

extern const struct socket_ops tcp_socket_ops;

static inline struct tcp_socket *tcp_of(struct socket *socket)
{
	return (struct tcp_socket *)socket;
}

static inline const struct tcp_socket *tcp_of_const(const struct socket *socket)
{
	return (const struct tcp_socket *)socket;
}

static inline struct tcp_socket *of_entry(struct tuple_entry *entry)
{
	return entry ? (struct tcp_socket *)(void *)((uint8_t *)entry -
						     offsetof(struct tcp_socket, entry))
		     : NULL;
}

static inline struct tcp_socket *of_timer(struct wheel_entry *entry)
{
	return (struct tcp_socket *)(void *)((uint8_t *)entry - offsetof(struct tcp_socket, timer));
}

/* ---- lists */
void flow_queue(struct waiting *list, struct tcp_socket *socket);
void flow_unqueue(struct tcp_socket *socket); /* harmless where it is in none */
/* The engine was called: it may have something to send, its timer may be another. */
void flow_touch(struct tcp_socket *socket);
void flow_untouch(struct tcp_socket *socket); /* harmless where it was not */
/* Its user left: the connection ends by itself. */
void flow_leave_alone(struct tcp_socket *socket);
/* Nothing is left to do: it is freed when nothing in the ground refers to it. */
void flow_end(struct tcp_socket *socket);
void flow_release(struct tcp_socket *socket); /* frees it now */
void flow_release_ended(struct protocol *protocol);
/* Frees those in TIME-WAIT that hold the port (0: any) and need not any more. */
void flow_leave_time_wait(struct protocol *protocol, uint16_t port);

/* ---- events */
unsigned int flow_events(const struct socket *base);
/* Tells the user what is new since a call of theirs met -EAGAIN. */
void flow_tell(struct tcp_socket *socket);

/* ---- the engine */
bool flow_is_done(const struct tcp_socket *socket);
/* Sends what the engine has, amid input; the rest is flow_flush's, when all input is in. */
void flow_answer(struct tcp_socket *socket, uint64_t now);
/* Sends what the engine has, sets its timer. How many octets of data. */
size_t flow_flush(struct tcp_socket *socket, uint64_t now);

/* Bounds its send buffer by its share of the memory; more: its user has something to send. */
void flow_share(struct tcp_socket *socket, bool more);
/* Data came: bounds its window by its share of the room that frames wait in. */
void flow_heard(struct tcp_socket *socket, uint64_t now);

/* ---- connections */
struct tcp_socket *flow_new(struct protocol *protocol); /* NULL: no memory */
/* Sequence numbers and timestamps that a stranger cannot guess: RFC 6528 3, RFC 7323 7.1. */
uint32_t flow_secret(const struct tcp_socket *socket, bool ports, uint64_t now);
uint32_t flow_isn(const struct tcp_socket *socket, uint64_t now); /* or the one that is given */
struct tcp_config flow_config(const struct tcp_socket *socket);
int flow_enter(struct tcp_socket *socket); /* in the table under both ends; -EEXIST */
/* Ends a connection that nobody accepted, by a RST. */
void flow_abandon(struct tcp_socket *socket);

/* ---- tcp_opening.c: connections that peers open */
/* A SYN, that tcp_listen says to accept. */
void opening_syn(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *syn);
/* An ACK of a SYN-ACK of which nothing was kept: its connection, for tcp_input of the same; NULL:
 * none, now. */
bool opening_is_answered(const struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *ack);
struct tcp_socket *opening_ack(struct tcp_socket *listener, const struct stack_packet *packet,
	const struct tcp_segment *ack);

#endif
