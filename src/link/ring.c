/*
 * The link over a TPACKET_V2 transmit ring: frames are made where the kernel takes them, one system
 * call for many, and each counts as sent when its slot comes back.
 *
 * The kernel takes the slots in turn and stops at the first that is not ready, so none is ever
 * skipped: where a frame is refused, the next one takes its slot.
 */
#include "base/err.h"
#include "link/packet_socket.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define SLOTS	   256U /* few: they stay in the cache */
#define SLOTS_MIN  16U
#define RING_SIZE  (1U << 20) /* octets; frames that are too long for that have fewer slots */
#define SLOT_MIN   128U
#define ETH_HEADER 14U
#define BLOCK_MIN  4096U
#define KICK	   64U			       /* frames a system call */
#define OCTETS_AT  sizeof(struct tpacket2_hdr) /* of a slot */

/*
 * Of a longer frame the kernel has the device read what follows the Ethernet header from the ring's
 * pages. One that is as short as this it had better copy: a page costs more to take hold of. An
 * interface without hardware makes it copy all the same, into pages of its own. With a header that
 * says so (hdr_len of PACKET_VNET_HDR) it copies all of the frame at once.
 */
#define COPY_MAX	  256U
#define COPY_MAX_SOFTWARE 2048U
#define PREFIX		  sizeof(struct virtio_net_hdr)

struct ring_link {
	struct link link;
	struct link_stats stats; /* of frames that came back or were refused */
	struct packet_socket socket;
	uint8_t *memory;
	size_t prefix; /* octets before each frame: PREFIX where it is copied, else 0 */
	size_t slot_size;
	unsigned int slot_count; /* a power of two */
	/* Slots from `tail` on, up to `head`, are the kernel's; slot N stands at N % slot_count. */
	uint64_t head, tail;
	struct patch_slot slots[SLOTS];
	const uint8_t *copied[SLOTS]; /* the octets that a slot holds a copy of; NULL: its own */
};

_Static_assert(OCTETS_AT % TPACKET_ALIGNMENT == 0, "the kernel looks for the octets there");

static volatile struct tpacket2_hdr *header(const struct ring_link *ring, uint64_t slot)
{
	return (volatile struct tpacket2_hdr *)(ring->memory +
						(slot & (ring->slot_count - 1)) * ring->slot_size);
}

static uint32_t status(const struct ring_link *ring, uint64_t slot)
{
	return __atomic_load_n(&header(ring, slot)->tp_status, __ATOMIC_ACQUIRE);
}

static void set_status(struct ring_link *ring, uint64_t slot, uint32_t value)
{
	__atomic_store_n(&header(ring, slot)->tp_status, value, __ATOMIC_RELEASE);
}

/* Counts the slots that came back, in order. */
static void reap(struct ring_link *ring)
{
	while (ring->tail < ring->head && status(ring, ring->tail) == TP_STATUS_AVAILABLE) {
		link_took(&ring->link, &ring->stats,
			&ring->slots[ring->tail & (ring->slot_count - 1)], 1);
		ring->tail++;
	}
}

/* A frame that does not vary stands elsewhere: the slot keeps a copy from one turn to the next. */
static void bring(struct ring_link *ring, unsigned int at)
{
	struct patch_slot *slot = &ring->slots[at];

	if (slot->octets == slot->buffer) {
		ring->copied[at] = NULL;
		return;
	}
	if (ring->copied[at] != slot->octets) {
		memcpy(slot->buffer, slot->octets, slot->length);
		ring->copied[at] = slot->octets;
		slot->holds = NULL;
	}
}

/* Says how long the frame at the head is. */
static void describe(struct ring_link *ring, uint32_t length)
{
	const struct virtio_net_hdr prefix = { .hdr_len = (uint16_t)length };
	volatile struct tpacket2_hdr *slot = header(ring, ring->head);

	slot->tp_len = (uint32_t)ring->prefix + length;
	if (ring->prefix)
		memcpy((uint8_t *)(uintptr_t)slot + OCTETS_AT, &prefix, PREFIX);
}

/* Makes frames from index on in the next free slots, at most count. How many it made. */
static unsigned int place(
	struct ring_link *ring, struct patch_runner *runner, uint64_t index, uint64_t count)
{
	unsigned int at = (unsigned int)(ring->head & (ring->slot_count - 1));
	unsigned int most = ring->slot_count - (unsigned int)(ring->head - ring->tail);

	/* Not past the ring's end. */
	if (most > ring->slot_count - at)
		most = ring->slot_count - at;
	if (most > KICK)
		most = KICK;
	if (most > count)
		most = (unsigned int)count;
	patch_runner_fill(runner, index, &ring->slots[at], most);
	for (unsigned int i = 0; i < most; i++) {
		bring(ring, at + i);
		describe(ring, ring->slots[at + i].length);
		set_status(ring, ring->head, TP_STATUS_SEND_REQUEST);
		ring->head++;
	}
	return most;
}

/* The first slot that the kernel has not taken; the head where it took all. */
static uint64_t first_left(const struct ring_link *ring)
{
	uint64_t slot = ring->head;

	while (slot > ring->tail) {
		uint32_t now = status(ring, slot - 1);

		if (now != TP_STATUS_SEND_REQUEST && now != TP_STATUS_WRONG_FORMAT)
			break;
		slot--;
	}
	return slot;
}

/* Takes back the slots from `slot` on. How many they were. */
static uint64_t take_back(struct ring_link *ring, uint64_t slot)
{
	uint64_t count = ring->head - slot;

	while (ring->head > slot)
		set_status(ring, --ring->head, TP_STATUS_AVAILABLE);
	return count;
}

/*
 * Has the kernel take what was placed. *left: frames that were taken back, the first of which is
 * counted as failed where the result is not 0: 1 goes on after it, negative ends the run.
 */
static int kick(struct ring_link *ring, uint64_t *left, struct err *err)
{
	int r = packet_socket_carrier(&ring->socket, err);

	*left = 0;
	if (r)
		link_stats_fail(&ring->stats, -r, 1);
	while (!r) {
		uint64_t before = first_left(ring);
		int error = send(ring->socket.fd, NULL, 0, MSG_DONTWAIT) < 0 ? errno : 0;
		uint64_t now = first_left(ring);

		if (now > before)
			ring->socket.busy_since = 0;
		if (now == ring->head)
			return 0;
		reap(ring);
		/* Without an error our send buffer was full after some frames. */
		r = packet_socket_refused(&ring->socket, &ring->stats, error ? error : EAGAIN, err);
	}
	*left = take_back(ring, first_left(ring));
	return r;
}

/* Waits for a slot to come back. 0, or 1 where the device holds all for too long. */
static int wait_for_slot(struct ring_link *ring, struct err *err)
{
	int r = packet_socket_refused(&ring->socket, &ring->stats, EAGAIN, err);

	reap(ring);
	return r;
}

static int ring_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	struct ring_link *ring = (struct ring_link *)link;
	uint64_t end = first + count;

	while (first < end) {
		uint64_t left = 0;
		int r;

		reap(ring);
		if (ring->head - ring->tail == ring->slot_count) {
			r = wait_for_slot(ring, err);
			first += r > 0;
		} else {
			first += place(ring, runner, first, end - first);
			r = kick(ring, &left, err);
			first -= left - (r > 0 && left);
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static void ring_stats(const struct link *link, struct link_stats *ret)
{
	const struct ring_link *ring = (const struct ring_link *)link;

	*ret = ring->stats;
	ret->queued += ring->head - ring->tail;
}

static int ring_drain(struct link *link, struct err *err)
{
	struct ring_link *ring = (struct ring_link *)link;
	struct packet_drain drain = { 0 };

	do
		reap(ring);
	while (packet_drain_wait(&drain, ring->head - ring->tail));
	return drain.left ? packet_drain_failed(&ring->socket.interface, err) : 0;
}

static int ring_close(struct link *link, struct err *err)
{
	struct ring_link *ring = (struct ring_link *)link;

	(void)err;
	munmap(ring->memory, ring->slot_size * ring->slot_count);
	packet_socket_close(&ring->socket);
	free(ring);
	return 0;
}

static const struct link_ops ring_ops = {
	.name = "ring",
	.run = ring_run,
	.stats = ring_stats,
	.drain = ring_drain,
	.close = ring_close,
};

static bool is_copied(const struct interface *interface, uint32_t length_max)
{
	/* The kernel does not hold frames with such a header against the MTU. */
	return length_max <= (interface->has_device ? COPY_MAX : COPY_MAX_SOFTWARE) &&
	       length_max <= interface->mtu + ETH_HEADER;
}

/* Slots of a power of two, so that they lie in the blocks without gaps. */
static void measure(struct ring_link *ring, uint32_t length_max)
{
	ring->slot_size = SLOT_MIN;
	while (ring->slot_size < OCTETS_AT + ring->prefix + length_max)
		ring->slot_size *= 2;
	ring->slot_count = SLOTS;
	while (ring->slot_count > SLOTS_MIN && ring->slot_count * ring->slot_size > RING_SIZE)
		ring->slot_count /= 2;
}

static int map(struct ring_link *ring, struct err *err)
{
	const char *name = ring->socket.interface.name;
	size_t size = ring->slot_size * ring->slot_count;
	size_t block = ring->slot_size > BLOCK_MIN ? ring->slot_size : BLOCK_MIN;
	struct tpacket_req request = {
		.tp_block_size = (unsigned int)block,
		.tp_block_nr = (unsigned int)(size / block),
		.tp_frame_size = (unsigned int)ring->slot_size,
		.tp_frame_nr = ring->slot_count,
	};
	int version = TPACKET_V2;
	int prefixed = ring->prefix != 0;
	int fd = ring->socket.fd;
	void *memory;

	if (setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &prefixed, sizeof(prefixed)) ||
		setsockopt(fd, SOL_PACKET, PACKET_VERSION, &version, sizeof(version)) ||
		setsockopt(fd, SOL_PACKET, PACKET_TX_RING, &request, sizeof(request)))
		return err_system(
			err, errno, "%s: cannot have a transmit ring of %zu octets", name, size);
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (memory == MAP_FAILED)
		return err_system(err, errno, "%s: cannot map the transmit ring", name);
	ring->memory = memory;
	for (unsigned int i = 0; i < ring->slot_count; i++)
		ring->slots[i].buffer =
			ring->memory + i * ring->slot_size + OCTETS_AT + ring->prefix;
	return 0;
}

int link_ring_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err)
{
	struct ring_link *ring;
	/* The kernel ignores SO_NOFCS on a ring, without a word. */
	int r = packet_socket_check_no_fcs(config->interface, program, "a transmit ring", err);

	if (r)
		return r;
	ring = calloc(1, sizeof(*ring));
	if (!ring)
		return err_system(err, ENOMEM, "cannot send on %s", config->interface->name);
	ring->link.ops = &ring_ops;
	ring->prefix = is_copied(config->interface, program->length_max) ? PREFIX : 0;
	measure(ring, program->length_max);
	r = packet_socket_open(&ring->socket, config, err);
	if (r)
		goto failed;
	r = map(ring, err);
	if (r) {
		packet_socket_close(&ring->socket);
		goto failed;
	}
	*ret = &ring->link;
	return 0;
failed:
	free(ring);
	return r;
}
