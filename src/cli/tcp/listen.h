/* listen.h: the parts of tcp listen, among themselves: serve.c knows one connection,
 * listen.c waits for all of them. */
#ifndef CLI_TCP_LISTEN_H
#define CLI_TCP_LISTEN_H

#include "cli/tcp/tcp.h"

struct connection {
	struct connection *next, **link;
	struct relay relay;
	struct stack_address peer;
	pid_t program; /* of --exec; 0: none. As long as nobody waited for it, no other has its
			  number */
	uint64_t moved, moved_at; /* octets, and when the last did */
	uint64_t heard, heard_at; /* those that came from the peer */
	size_t fds, fds_count;	  /* its part of the descriptors waited for */
	bool waits;		  /* it has such */
};

struct listening {
	const struct tcp_options *options;
	struct stack *stack;
	struct socket *listener; /* NULL: no more are accepted */
	struct connection *connections;
	size_t count;	/* of them */
	size_t waiting; /* those of them that wait for a descriptor */
	uint64_t accepted;
	uint64_t moved_at; /* when one came or ended, or an octet of one moved */
	uint64_t look_at;  /* for those that were silent: at all of them, so not at each turn */
	bool no_room;	   /* to accept: try again in a while */
	int out;	   /* standard output */
	pid_t *programs;   /* whose connections are over, and who were not when these ended */
	size_t programs_count, programs_size;
	struct pollfd *fds;
	size_t fds_size;
	struct err err; /* of standard output */
};

/* A connection that was accepted: the socket is ours from then on. */
void tcp_serve_take(struct listening *l, struct socket *socket, const struct stack_address *peer);

/* The program of a connection that is over. */
void tcp_programs_keep(struct listening *l, pid_t program);
/* Waits for those that have ended of the programs whose connections are over; tells all that we end
 * (SIGHUP), with what they started, and frees. */
void tcp_programs_reap(struct listening *l);
void tcp_programs_hang_up(struct listening *l);

/* Moves what can be moved, and drops what is over; ready as relay_run has it. */
void tcp_serve(struct listening *l, struct connection *connection, const struct pollfd *ready,
	size_t count);

/* Those that were silent for so long that their message is over, or they are. */
void tcp_serve_silent(struct listening *l);

/* Ends it, and says why where error, a positive errno, is not 0. */
void tcp_serve_drop(struct listening *l, struct connection *connection, int error);

#endif
