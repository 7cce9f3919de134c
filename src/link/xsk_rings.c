/* An AF_XDP socket for sending. By the kernel's own interface (linux/if_xdp.h): a socket that only
 * sends needs no XDP program, which is what libxdp is for. */
#include "link/xsk_rings.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/interface.h"
#include "base/privilege.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHUNK_MIN   2048U /* the kernel's */
#define MILLISECOND 1000000U
#define BUSY_MAX_NS (2000U * MILLISECOND) /* a queue is freed only some time after a close */
#define BUDGET	    9			  /* XDP_MAX_TX_SKB_BUDGET, Linux 6.18 */

static int refused(const struct link_config *config, const char *what, struct err *err)
{
	int r = err_system(err, errno, "%s: cannot %s", config->interface->name, what);

	if (r == -EPERM)
		privilege_hint(err, PRIVILEGE_FRAMES);
	if (r == -ENOBUFS || r == -ENOMEM)
		err_hint(err, "; see the limit of locked memory (ulimit -l)");
	return r;
}

static int set(int fd, int option, const void *value, socklen_t size)
{
	return setsockopt(fd, SOL_XDP, option, value, size);
}

/* The memory of the frames, and rings of count entries. The fill ring is for receiving, but the
 * kernel binds no memory without one. */
static int set_up(struct xsk_rings *rings, const struct link_config *config, struct err *err)
{
	size_t size = rings->chunk * rings->count;
	struct xdp_umem_reg region = { .len = size, .chunk_size = (uint32_t)rings->chunk };
	int count = (int)rings->count;
	int budget = count;
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (memory == MAP_FAILED)
		return refused(config, "have memory for frames", err);
	rings->memory = memory;
	region.addr = (uint64_t)(uintptr_t)memory;
	if (set(rings->fd, XDP_UMEM_REG, &region, sizeof(region)) ||
		set(rings->fd, XDP_UMEM_FILL_RING, &count, sizeof(count)) ||
		set(rings->fd, XDP_UMEM_COMPLETION_RING, &count, sizeof(count)) ||
		set(rings->fd, XDP_TX_RING, &count, sizeof(count)))
		return refused(config, "set up an AF_XDP socket", err);
	/* Else 32 frames a system call, which is right where an older kernel knows no better. */
	(void)set(rings->fd, BUDGET, &budget, sizeof(budget));
	return 0;
}

static int map_ring(const struct xsk_rings *rings, uint64_t page_offset, size_t size, void **ret)
{
	void *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, rings->fd,
		(off_t)page_offset);

	if (map == MAP_FAILED)
		return -1;
	*ret = map;
	return 0;
}

static int map_rings(struct xsk_rings *rings, const struct link_config *config, struct err *err)
{
	struct xdp_mmap_offsets at;
	socklen_t size = sizeof(at);
	uint8_t *tx, *done;

	if (getsockopt(rings->fd, SOL_XDP, XDP_MMAP_OFFSETS, &at, &size))
		return refused(config, "find the rings of an AF_XDP socket", err);
	rings->tx_size = at.tx.desc + rings->count * sizeof(*rings->tx);
	rings->done_size = at.cr.desc + rings->count * sizeof(*rings->done);
	if (map_ring(rings, XDP_PGOFF_TX_RING, rings->tx_size, &rings->tx_map) ||
		map_ring(rings, XDP_UMEM_PGOFF_COMPLETION_RING, rings->done_size, &rings->done_map))
		return refused(config, "map the rings of an AF_XDP socket", err);
	tx = rings->tx_map;
	done = rings->done_map;
	rings->tx_producer = (uint32_t *)(void *)(tx + at.tx.producer);
	rings->tx_consumer = (const uint32_t *)(void *)(tx + at.tx.consumer);
	rings->tx_flags = (const uint32_t *)(void *)(tx + at.tx.flags);
	rings->tx = (struct xdp_desc *)(void *)(tx + at.tx.desc);
	rings->done_producer = (const uint32_t *)(void *)(done + at.cr.producer);
	rings->done_consumer = (uint32_t *)(void *)(done + at.cr.consumer);
	rings->done = (const uint64_t *)(void *)(done + at.cr.desc);
	return 0;
}

static int bind_queue(const struct xsk_rings *rings, const struct link_config *config,
	unsigned int queue, struct err *err)
{
	const char *name = config->interface->name;
	/* Zero-copy where the driver has it, unless it says otherwise. */
	const struct sockaddr_xdp address = {
		.sxdp_family = AF_XDP,
		.sxdp_flags = XDP_USE_NEED_WAKEUP,
		.sxdp_ifindex = (uint32_t)config->interface->index,
		.sxdp_queue_id = queue,
	};
	uint64_t now = clock_system.now(clock_system.context);
	uint64_t end = now + BUSY_MAX_NS;
	int r;

	while (bind(rings->fd, (const struct sockaddr *)&address, sizeof(address))) {
		if (errno != EBUSY || now >= end) {
			r = err_system(
				err, errno, "%s: cannot send by AF_XDP on queue %u", name, queue);
			if (r == -EINVAL)
				err_hint(err, "; \"ethtool -l %s\" says how many queues it has",
					name);
			if (r == -EBUSY)
				err_hint(err, "; another program has it: choose one with --queue");
			return r;
		}
		clock_system.sleep_until(clock_system.context, now + 5 * MILLISECOND);
		now = clock_system.now(clock_system.context);
	}
	return 0;
}

int xsk_rings_open(struct xsk_rings *ret, const struct link_config *config, unsigned int count,
	uint32_t length_max, struct err *err)
{
	struct xsk_rings made = { .count = count,
		.chunk = length_max > CHUNK_MIN ? XSK_FRAME_MAX : CHUNK_MIN };
	unsigned int queue = config->thread + (config->queue < 0 ? 0 : (unsigned int)config->queue);
	int r;

	made.fd = socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (made.fd < 0)
		return refused(config, "open an AF_XDP socket", err);
	r = set_up(&made, config, err);
	if (!r && config->priority >= 0 &&
		setsockopt(made.fd, SOL_SOCKET, SO_PRIORITY, &config->priority,
			sizeof(config->priority)))
		r = refused(config, "set the priority", err);
	if (!r)
		r = map_rings(&made, config, err);
	if (!r)
		r = bind_queue(&made, config, queue, err);
	if (r)
		xsk_rings_close(&made);
	else
		*ret = made;
	return r;
}

void xsk_rings_close(struct xsk_rings *rings)
{
	close(rings->fd);
	if (rings->tx_map)
		munmap(rings->tx_map, rings->tx_size);
	if (rings->done_map)
		munmap(rings->done_map, rings->done_size);
	if (rings->memory)
		munmap(rings->memory, rings->chunk * rings->count);
}
