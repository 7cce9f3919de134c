/*
 * The link over AF_XDP: frames are made in memory that the kernel shares, zero-copy where the
 * driver has it, and count as sent when the kernel gives them back.
 */
#include "base/err.h"
#include "link/packet_socket.h"
#include "link/xsk_rings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS	       256U
#define NO_SUCH_OPTION (1U << 31) /* makes a descriptor not valid */
#define KICK	       64U	  /* frames a system call */
#define CACHE_LINE     64U
#define ETH_HEADER     14U
#define VLAN_TAG       4U

enum slot_state {
	SLOT_PLACED, /* the kernel has it, or is to take it */
	SLOT_SENT,
	SLOT_VOID, /* refused, or taken back */
};

struct xsk_link {
	struct link link;
	struct link_stats stats;     /* of frames that came back or were refused */
	struct packet_socket socket; /* its waits and errors; no packet socket, but any other that
					can ask for the interface's flags, as AF_XDP ones cannot */
	struct xsk_rings rings;
	bool all_fit; /* no frame is over the MTU */
	/* Slots from `tail` on, up to `head`, are in use; slot N stands at N % SLOTS. */
	uint64_t head, tail;
	unsigned int placed;  /* of these, those whose end is open */
	unsigned int to_skip; /* that were taken back, and the kernel may not have seen */
	unsigned int newest;  /* the one that came back last */
	enum slot_state states[SLOTS];
	struct patch_slot slots[SLOTS];
	const uint8_t *copied[SLOTS]; /* the octets that a slot holds a copy of; NULL: its own */
};

/* What came back, and then the slots in order from the tail on. */
static void reap(struct xsk_link *xsk)
{
	const struct xsk_rings *rings = &xsk->rings;
	uint32_t at = *rings->done_consumer;
	uint32_t end = __atomic_load_n(rings->done_producer, __ATOMIC_ACQUIRE);

	for (; at != end; at++) {
		unsigned int slot = (unsigned int)(rings->done[at % SLOTS] / rings->chunk);

		/* What was taken back comes back, too. */
		if (xsk->states[slot] != SLOT_PLACED)
			continue;
		xsk->newest = slot;
		xsk->placed--;
		xsk->states[slot] = SLOT_SENT;
	}
	__atomic_store_n(rings->done_consumer, at, __ATOMIC_RELEASE);
}

static void count(struct xsk_link *xsk)
{
	for (; xsk->tail < xsk->head && xsk->states[xsk->tail % SLOTS] != SLOT_PLACED; xsk->tail++)
		if (xsk->states[xsk->tail % SLOTS] == SLOT_SENT)
			link_took(&xsk->link, &xsk->stats, &xsk->slots[xsk->tail % SLOTS], 1);
}

/* Frames that the kernel has not looked at. */
static uint32_t left(const struct xsk_link *xsk)
{
	return (uint32_t)xsk->head - __atomic_load_n(xsk->rings.tx_consumer, __ATOMIC_ACQUIRE);
}

/* The errno with which a packet socket would refuse the frame; AF_XDP sends anything. */
static int unfit(const struct xsk_link *xsk, const struct patch_slot *slot)
{
	uint32_t most = xsk->socket.interface.mtu + ETH_HEADER;

	if (slot->length < ETH_HEADER)
		return EINVAL;
	if (xsk->all_fit)
		return 0;
	if (slot->octets[12] == 0x81 && slot->octets[13] == 0x00)
		most += VLAN_TAG;
	return slot->length > most ? EMSGSIZE : 0;
}

/* A frame that does not vary stands elsewhere: the slot keeps a copy from one turn to the next. */
static void bring(struct xsk_link *xsk, unsigned int at)
{
	struct patch_slot *slot = &xsk->slots[at];

	if (slot->octets == slot->buffer) {
		xsk->copied[at] = NULL;
		return;
	}
	if (xsk->copied[at] != slot->octets) {
		memcpy(slot->buffer, slot->octets, slot->length);
		xsk->copied[at] = slot->octets;
		slot->holds = NULL;
	}
}

static unsigned int room(const struct xsk_link *xsk)
{
	unsigned int most = SLOTS - (unsigned int)(xsk->head - xsk->tail);
	unsigned int descriptors = SLOTS - left(xsk);
	unsigned int to_end = SLOTS - (unsigned int)(xsk->head % SLOTS);

	if (most > descriptors)
		most = descriptors;
	if (most > to_end)
		most = to_end;
	return most > KICK ? KICK : most;
}

/* Makes frames from index on in the next `most` slots and hands them to the ring, up to the first
 * that is not fit to be sent, which is counted as failed. How many are done with. */
static unsigned int place(
	struct xsk_link *xsk, struct patch_runner *runner, uint64_t index, unsigned int most)
{
	unsigned int at = (unsigned int)(xsk->head % SLOTS);
	unsigned int fit = 0;
	int refusal = 0;

	patch_runner_fill(runner, index, &xsk->slots[at], most);
	for (; fit < most; fit++, at++) {
		refusal = unfit(xsk, &xsk->slots[at]);
		if (refusal)
			break;
		bring(xsk, at);
		xsk->states[at] = SLOT_PLACED;
		xsk->rings.tx[at] = (struct xdp_desc){
			.addr = (uint64_t)(xsk->slots[at].buffer - xsk->rings.memory),
			.len = xsk->slots[at].length,
		};
	}
	xsk->head += fit;
	xsk->placed += fit;
	__atomic_store_n(xsk->rings.tx_producer, (uint32_t)xsk->head, __ATOMIC_RELEASE);
	link_stats_fail(&xsk->stats, refusal, refusal != 0);
	return fit + (refusal != 0);
}

/* The kernel skips a descriptor that is not valid, one a call since Linux 6.6: so what it has not
 * looked at is taken back. */
static void take_back(struct xsk_link *xsk)
{
	for (uint32_t i = left(xsk); i > 0; i--) {
		unsigned int at = (unsigned int)((xsk->head - i) % SLOTS);

		if (xsk->states[at] != SLOT_PLACED)
			continue;
		xsk->rings.tx[at].options = NO_SUCH_OPTION;
		xsk->states[at] = SLOT_VOID;
		xsk->placed--;
		xsk->to_skip++;
	}
}

/* The device dropped the frame that came back last. */
static int dropped(struct xsk_link *xsk, struct err *err)
{
	int r = packet_socket_carrier(&xsk->socket, err);

	xsk->states[xsk->newest] = SLOT_VOID;
	if (!r)
		r = packet_socket_refused(&xsk->socket, &xsk->stats, EIO, err);
	else
		link_stats_fail(&xsk->stats, -r, 1);
	return r < 0 ? r : 0;
}

/* Has the kernel look at what was placed. 0 also where the device has no room for long: what it
 * does not take stays with it. */
static int kick(struct xsk_link *xsk, struct err *err)
{
	uint32_t before, after = left(xsk);
	bool again = true;
	int error;
	int r = 0;

	while (!r && again) {
		before = after;
		error = send(xsk->rings.fd, NULL, 0, MSG_DONTWAIT) < 0 ? errno : 0;
		after = left(xsk);
		reap(xsk);
		again = error || (after && xsk->to_skip);
		if (!error && xsk->to_skip)
			xsk->to_skip--;
		if (after < before)
			xsk->socket.busy_since = 0;
		if (error == EBUSY)
			r = dropped(xsk, err);
		else if (error == EAGAIN || error == ENOBUFS)
			r = after == before && !packet_socket_wait(&xsk->socket, ENOBUFS);
		else if (error)
			r = packet_socket_refused(&xsk->socket, &xsk->stats, error, err);
		count(xsk);
	}
	return r < 0 ? r : 0;
}

static int hand_over(struct xsk_link *xsk, struct err *err)
{
	int r = packet_socket_carrier(&xsk->socket, err);

	if (r)
		link_stats_fail(&xsk->stats, -r, 1);
	else if (__atomic_load_n(xsk->rings.tx_flags, __ATOMIC_ACQUIRE) & XDP_RING_NEED_WAKEUP)
		r = kick(xsk, err);
	if (r)
		take_back(xsk);
	reap(xsk);
	count(xsk);
	return r;
}

static int xsk_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count_,
	struct err *err)
{
	struct xsk_link *xsk = (struct xsk_link *)link;
	uint64_t end = first + count_;

	while (first < end) {
		unsigned int most = room(xsk);
		int r;

		if (most > end - first)
			most = (unsigned int)(end - first);
		if (most) {
			first += place(xsk, runner, first, most);
			r = hand_over(xsk, err);
		} else {
			r = hand_over(xsk, err);
			if (!r && !room(xsk)) {
				r = packet_socket_refused(&xsk->socket, &xsk->stats, ENOBUFS, err);
				first += r > 0;
			}
		}
		if (r < 0)
			return r;
	}
	return 0;
}

static void xsk_stats(const struct link *link, struct link_stats *ret)
{
	const struct xsk_link *xsk = (const struct xsk_link *)link;

	*ret = xsk->stats;
	for (uint64_t i = xsk->tail; i < xsk->head; i++)
		ret->queued += xsk->states[i % SLOTS] != SLOT_VOID;
}

/* Whether the kernel has not looked at some frame that is to leave. */
static bool some_wait(const struct xsk_link *xsk)
{
	for (uint32_t i = left(xsk); i > 0; i--)
		if (xsk->states[(xsk->head - i) % SLOTS] == SLOT_PLACED)
			return true;
	return false;
}

/* What was left with the kernel by a device without room is offered to it again. */
static int xsk_drain(struct link *link, struct err *err)
{
	struct xsk_link *xsk = (struct xsk_link *)link;
	struct packet_drain drain = { 0 };
	int r = 0;

	do {
		if (some_wait(xsk))
			r = hand_over(xsk, err);
		reap(xsk);
	} while (!r && packet_drain_wait(&drain, xsk->placed));
	count(xsk);
	return r || !drain.left ? r : packet_drain_failed(&xsk->socket.interface, err);
}

static int xsk_close(struct link *link, struct err *err)
{
	struct xsk_link *xsk = (struct xsk_link *)link;

	(void)err;
	xsk_rings_close(&xsk->rings);
	packet_socket_close(&xsk->socket);
	free(xsk);
	return 0;
}

static const struct link_ops xsk_ops = {
	.name = "xsk",
	.run = xsk_run,
	.stats = xsk_stats,
	.drain = xsk_drain,
	.close = xsk_close,
};

static int check(
	const struct interface *interface, const struct patch_program *program, struct err *err)
{
	int r = packet_socket_check(interface, err);

	if (!r)
		r = packet_socket_check_no_fcs(interface, program, "an AF_XDP socket", err);
	if (r || program->length_max <= XSK_FRAME_MAX)
		return r;
	r = err_system(err, EOPNOTSUPP,
		"%s: an AF_XDP socket sends frames of at most %u octets, not %u", interface->name,
		XSK_FRAME_MAX, program->length_max);
	err_hint(err, "; use --backend packet");
	return r;
}

/* Frames that all began at the start of a chunk would share a few lines of the cache. */
static void place_buffers(struct xsk_link *xsk, uint32_t length_max)
{
	size_t spare = (xsk->rings.chunk - length_max) / CACHE_LINE + 1;

	for (unsigned int i = 0; i < SLOTS; i++)
		xsk->slots[i].buffer =
			xsk->rings.memory + i * xsk->rings.chunk + i % spare * CACHE_LINE;
}

int link_xsk_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err)
{
	const struct interface *interface = config->interface;
	struct xsk_link *xsk;
	int control;
	int r = check(interface, program, err);

	if (r)
		return r;
	control = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (control < 0)
		return err_system(err, errno, "cannot open a socket");
	xsk = calloc(1, sizeof(*xsk));
	if (xsk)
		r = xsk_rings_open(&xsk->rings, config, SLOTS, program->length_max, err);
	else
		r = err_system(err, ENOMEM, "cannot send on %s", interface->name);
	if (r) {
		close(control);
		free(xsk);
		return r;
	}
	xsk->link.ops = &xsk_ops;
	xsk->socket = (struct packet_socket){ .interface = *interface, .fd = control };
	xsk->all_fit = program->length_max <= interface->mtu + ETH_HEADER;
	place_buffers(xsk, program->length_max);
	*ret = &xsk->link;
	return 0;
}
