/*
 * internal.h: what the parts of the stack know of each other. socket.c dispatches the public calls
 * by these ops and keeps the list of events; a stack and its sockets are the kernel's (kernel.c) or
 * of frames of our own (user.h).
 */
#ifndef STACK_INTERNAL_H
#define STACK_INTERNAL_H

#include "stack/socket.h"

struct stack_ops {
	const char *name; /* "user", "kernel" */
	/* Frees; its sockets are closed already. */
	int (*close)(struct stack *stack, struct err *err);
	/* As stack_wait, but that it returns when there is news, whatever it says. */
	int (*wait)(struct stack *stack, int timeout_ms, struct err *err);
	size_t (*descriptors)(
		const struct stack *stack, struct pollfd *ret, size_t max, int *ret_timeout_ms);
	void (*wake)(struct stack *stack);
	void (*counters)(struct stack *stack, struct stack_counters *ret);
	uint64_t (*frames)(const struct stack *stack); /* NULL: 0 */
	size_t (*ending)(const struct stack *stack);
	void (*silent_hop)(const struct stack *stack, struct stack_address *ret);
	/* Adds to *ret_lost; NULL: no octet needs us. */
	size_t (*unacknowledged)(const struct stack *stack, uint64_t *ret_lost);
	int (*open)(
		struct socket **ret, struct stack *stack, enum socket_kind kind, struct err *err);
};

/* A call that is NULL is -EOPNOTSUPP. */
struct socket_ops {
	int (*bind)(struct socket *socket, const struct stack_address *local, struct err *err);
	int (*connect)(struct socket *socket, const struct stack_address *peer, struct err *err);
	int (*listen)(struct socket *socket, int backlog, struct err *err);
	int (*accept)(struct socket *listener, struct socket **ret, struct stack_address *ret_peer);
	/* to NULL: the peer; segment 0: as one. */
	ssize_t (*send)(struct socket *socket, const void *data, size_t length, uint16_t segment,
		const struct stack_address *to);
	ssize_t (*send_from)(struct socket *socket, int fd, int *ret_error);
	ssize_t (*send_lent)(struct socket *socket, const void *octets, size_t room, size_t length);
	/* ret_from may be NULL. */
	ssize_t (*receive)(
		struct socket *socket, void *data, size_t size, struct stack_address *ret_from);
	ssize_t (*receive_to)(struct socket *socket, int fd, size_t most, int *ret_error);
	int (*shutdown)(struct socket *socket);
	void (*abort)(struct socket *socket); /* then close is called */
	/* Frees, or goes on in the background, socket_unlink'ed. */
	void (*close)(struct socket *socket);
	unsigned int (*events)(const struct socket *socket);
	int (*error)(const struct socket *socket);
	void (*local)(const struct socket *socket, struct stack_address *ret);
	void (*peer)(const struct socket *socket, struct stack_address *ret);
	int (*tcp_stats)(const struct socket *socket, struct tcp_stats *ret);
	int (*move)(struct socket *socket, struct stack *to, struct err *err);
};

/* Every socket's own struct begins with this. */
struct socket {
	const struct socket_ops *ops;
	struct stack *stack;
	void *context;
	struct socket *next, **link;		 /* of the open sockets of the stack */
	struct socket *event_next, **event_link; /* event_link NULL: it has no news */
};

/* Every stack's own struct begins with this. */
struct stack {
	const struct stack_ops *ops;
	struct socket *sockets;
	struct socket *events, **events_end;
};

void stack_init(struct stack *stack, const struct stack_ops *ops);

/* Fills the base and links it. */
void socket_init(struct socket *socket, struct stack *stack, const struct socket_ops *ops);

/* Out of the stack's lists: before it is freed, moved, or goes on in the background. */
void socket_unlink(struct socket *socket);

/* Its events changed: it is to be handed out, once for any number of times. Nothing happens where
 * it is unlinked. */
void socket_news(struct socket *socket);

#endif
