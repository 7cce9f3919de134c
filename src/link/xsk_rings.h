/* xsk_rings.h: an AF_XDP socket for sending, and its rings as the kernel lays them out. */
#ifndef LINK_XSK_RINGS_H
#define LINK_XSK_RINGS_H

#include "link/backends.h"

#include <linux/if_xdp.h>

#define XSK_FRAME_MAX 4096U /* octets: a page */

/* Caller's storage. Frame N of the run stands in the memory's chunk N % count. */
struct xsk_rings {
	int fd;
	uint8_t *memory;
	size_t chunk;	    /* octets */
	unsigned int count; /* of chunks, and of each ring; a power of two */
	void *tx_map, *done_map;
	size_t tx_size, done_size;
	/* What is to be sent: we produce. */
	uint32_t *tx_producer;
	const uint32_t *tx_consumer, *tx_flags;
	struct xdp_desc *tx;
	/* What was sent: the kernel produces offsets into the memory. */
	const uint32_t *done_producer;
	uint32_t *done_consumer;
	const uint64_t *done;
};

/* Bound to the queue of config->interface that config says, or the thread's; count chunks that hold
 * frames of length_max octets, at most XSK_FRAME_MAX. */
int xsk_rings_open(struct xsk_rings *ret, const struct link_config *config, unsigned int count,
	uint32_t length_max, struct err *err);
void xsk_rings_close(struct xsk_rings *rings);

#endif
