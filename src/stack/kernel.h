/* kernel.h: the parts of stack_kernel_open's, among themselves: sockets of the kernel behind the
 * stack's calls. */
#ifndef STACK_KERNEL_H
#define STACK_KERNEL_H

#include "stack/internal.h"

struct kernel_stack {
	struct stack base;
	int epoll;
	int wake; /* an eventfd */
	const char *interface;
};

struct kernel_socket {
	struct socket base;
	enum socket_kind kind;
	int fd; /* -1 before bind or connect say of which version it is */
	bool six;
	bool watched, connecting, listening;
	/* What the kernel said last (edges), until a call meets EAGAIN. */
	bool readable, writable;
	bool ended;	    /* receive gave the peer's end */
	bool cuts_segments; /* the kernel does not, on the way of the last datagrams */
	int error;	    /* -errno, kept */
};

static inline struct kernel_socket *kernel_of(struct socket *socket)
{
	return (struct kernel_socket *)socket;
}

static inline const struct kernel_socket *kernel_of_const(const struct socket *socket)
{
	return (const struct kernel_socket *)socket;
}

/* ---- kernel_descriptor.c */
/* Opens it where there is none. */
int kernel_open_descriptor(struct kernel_socket *socket, bool six, struct err *err);
/* Where setting it cannot fail, or does no harm when it does. */
void kernel_set_option(int fd, int level, int option, int value);
/* Its events come to its stack; once is enough. -errno with *err. */
int kernel_watch(struct kernel_socket *socket, struct err *err);
void kernel_unwatch(struct kernel_socket *socket);

/* ---- kernel_socket.c */
int kernel_socket_new(struct kernel_socket **ret, struct stack *stack, enum socket_kind kind);

/* ---- kernel_datagram.c: -errno. */
ssize_t kernel_send_datagrams(struct kernel_socket *socket, const void *data, size_t length,
	uint16_t segment, const struct stack_address *to);
ssize_t kernel_receive_datagram(
	struct kernel_socket *socket, void *data, size_t size, struct stack_address *ret_from);

#endif
