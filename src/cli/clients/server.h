/* server.h: the parts of the server, among themselves: peer.c knows one client,
 * loop.c waits for those of one thread, thread.c has the threads of --kernel. */
#ifndef CLI_CLIENTS_SERVER_H
#define CLI_CLIENTS_SERVER_H

#include "cli/clients/clients.h"
#include "cli/clients/list.h"

#include <stdatomic.h>

/* What a client is waited for. */
enum stage {
	STAGE_NAME,    /* its name's first octet */
	STAGE_SILENCE, /* more of its name */
	STAGE_LIST,    /* that it takes the list */
	STAGE_END,     /* its own end: one that is closed before would lose the list to a reset */
	STAGES,
};

struct peer {
	struct peer *next, **link; /* of its stage */
	uint64_t deadline;
	enum stage stage;
	struct socket *socket;
	struct stack_address address;
	uint8_t name[CLIENTS_NAME_MAX];
	size_t length;
	struct clients_answer answer;
	size_t sent;
};

/* All in a stage may take as long: the first is the first that is late. */
struct queue {
	struct peer *first, **last;
};

struct server {
	const struct clients_options *options;
	struct clients_list list;
	pthread_mutex_t mutex; /* of what is below */
	pthread_cond_t ended;
	struct loop *loops; /* of the threads */
	size_t threads;
	atomic_bool stop;
};

struct loop {
	struct server *server;
	struct stack *stack;
	struct socket *listener; /* NULL: a thread's */
	uint64_t accept_again;	 /* 0: not before there is news */
	struct queue queues[STAGES];
	size_t peers;
	struct loop *next, **link;
};

/* ---- peer.c */
/* A client that was accepted, in the loop whose stack has the socket. */
struct peer *clients_peer_new(
	struct loop *loop, struct socket *socket, const struct stack_address *address);
/* There is news of it. */
void clients_peer_serve(struct loop *loop, struct peer *peer);
/* Its deadline came. */
void clients_peer_late(struct loop *loop, struct peer *peer);
void clients_peer_drop(struct loop *loop, struct peer *peer);
/* Frees it, and leaves its socket open; it has no answer yet. */
void clients_peer_forget(struct loop *loop, struct peer *peer);
/* For -v. */
void clients_peer_tell(const struct loop *loop, const struct peer *peer, const char *what);

/* ---- loop.c */
void clients_loop_init(struct loop *loop, struct server *server, struct stack *stack);
/* Waits for news and deadlines, once. */
int clients_loop_turn(struct loop *loop, struct err *err);
void clients_loop_drop_all(struct loop *loop);

/* ---- thread.c */
/* false: there is no room for a thread more, and the socket stays where it was. */
bool clients_thread_give(
	struct loop *from, struct socket *socket, const struct stack_address *address);
void clients_thread_stop(struct server *server);

#endif
