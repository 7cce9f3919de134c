/* xdp_receive.h: an XDP program at work on an interface, with its map's value in our memory. */
#ifndef LINK_XDP_RECEIVE_H
#define LINK_XDP_RECEIVE_H

#include "base/buffer.h"
#include "link/bpfsys.h"

#include <stdbool.h>

struct err;
struct interface;

/* Caller's storage. */
struct xdp_receive {
	struct bpfsys_memory memory;
	int program, link;
	bool native; /* in the driver; else in the kernel's generic way, after a buffer was made */
};

/* Whether several processors may run a program of the interface at once: it has several receive
 * queues, or runs programs in the generic way. */
bool xdp_receive_shared(const struct interface *interface, bool native);

/* A map of so many octets; nothing is attached yet. Needs CAP_BPF; _close in any case. */
int xdp_receive_open(struct xdp_receive *ret, size_t size, struct err *err);

/* Loads a program, one function: the instructions in code, whose wide loads of
 * BPF_PSEUDO_MAP_VALUE are told the map. In place of one that was loaded before. */
int xdp_receive_load(struct xdp_receive *receive, struct buffer *code, struct err *err);

/*
 * Attaches it. It goes as the process does, however that ends, and never takes the place of another
 * program (-EBUSY). native: in the driver; -EOPNOTSUPP, or what the driver says, where it does not
 * take it: try generic. Needs CAP_BPF and CAP_NET_ADMIN.
 */
int xdp_receive_attach(struct xdp_receive *receive, const struct interface *interface, bool native,
	struct err *err);

void xdp_receive_close(struct xdp_receive *receive);

#endif
