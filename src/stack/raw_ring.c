/*
 * Frames in through memory shared with the kernel, once many small ones come one after the other: a
 * call for each costs more than all that is done with it. Not from the beginning, since the kernel
 * takes some 10 ms to set a ring up and more to take it down.
 *
 * The ring is another socket's. Both are of one fan-out group, where the kernel gives each frame to
 * one of them alone, so that none is lost or comes twice when the second takes over.
 */
#include "stack/raw.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define SLOT_SIZE     1600U /* a frame of Ethernet's common MTU; what is longer comes beside it */
#define BLOCK_SIZE    (64U * 1024U)
#define BLOCK_SLOTS   (BLOCK_SIZE / SLOT_SIZE)
#define BLOCKS	      100U /* 6.4 MB: the kernel fills all of it in turn, more is in no cache */
#define SLOTS	      (BLOCKS * BLOCK_SLOTS)
#define RING_SIZE     ((size_t)BLOCKS * BLOCK_SIZE)
#define SLOT_ROOM     1518U  /* octets of a frame that are sure to fit */
#define FRAMES_BEFORE 16384U /* that waited behind many: worth the cost */
#define MANY_READS    6U /* full ones in a row: so many wait that it is more than a window's turn */
#define LONG_COSTS    8U /* a frame beside the ring, in what small ones gain by it */

/* Newer than some headers; older kernels take it for nothing, and the sockets' filter does it. */
#define FANOUT_IGNORE_OUTGOING 0x4000
#define FANOUT_TYPE	       (PACKET_FANOUT_CBPF | FANOUT_IGNORE_OUTGOING)

static int join(int fd, int id, int flags)
{
	int value = id | (FANOUT_TYPE | flags) << 16;

	return setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &value, sizeof(value)) ? -errno : 0;
}

void raw_ring_prepare(struct raw *raw)
{
	int told = 0;
	socklen_t size = sizeof(told);

	/* Without a program the group's first member gets all. */
	raw->ring.possible = !raw->plain && !join(raw->in, 0, PACKET_FANOUT_FLAG_UNIQUEID) &&
			     !getsockopt(raw->in, SOL_PACKET, PACKET_FANOUT, &told, &size);
	raw->ring.group = told & UINT16_MAX;
}

/* The group's frames go to its second member. */
static int take_over(int fd)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, 1) };
	const struct sock_fprog program = { .len = 1, .filter = code };

	for (int i = 0; i < 2; i++)
		/* To replace a program is to wait until nobody uses it any more: after the second
		 * time no frame is still on its way to the first member. */
		if (setsockopt(fd, SOL_PACKET, PACKET_FANOUT_DATA, &program, sizeof(program)))
			return -errno;
	return 0;
}

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) ? -errno : 0;
}

static int set_up(struct raw *raw, int fd)
{
	const struct tpacket_req size = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = BLOCKS,
		.tp_frame_size = SLOT_SIZE,
		.tp_frame_nr = SLOTS,
	};
	void *memory;
	int r = set(fd, PACKET_VERSION, TPACKET_V2);

	if (!r)
		r = set(fd, PACKET_COPY_THRESH, 1); /* what does not fit a slot is queued */
	if (!r)
		r = raw_listen(raw, fd);
	if (!r)
		r = join(fd, raw->ring.group, 0);
	if (!r && setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &size, sizeof(size)))
		r = -errno;
	if (r)
		return r;
	memory = mmap(NULL, RING_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	r = take_over(fd);
	if (r) {
		munmap(memory, RING_SIZE);
		return r;
	}
	raw->ring.slots = memory;
	return 0;
}

/* Nothing is left where frames came before. */
static bool is_first_read(const struct raw *raw)
{
	return poll(&(struct pollfd){ .fd = raw->in, .events = POLLIN }, 1, 0) == 0;
}

static void open_ring(struct raw *raw)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	raw->ring.possible = false;
	if (fd < 0)
		return;
	if (set_up(raw, fd)) {
		close(fd);
		return;
	}
	raw->ring.fd = fd;
}

/* What came too long for a slot would have cost a call each: it counts against the ring. */
static unsigned int worth(unsigned int seen, const struct outside_frame *frames, unsigned int count)
{
	unsigned int against = 0;

	for (unsigned int i = 0; i < count; i++)
		against += frames[i].length > SLOT_ROOM ? LONG_COSTS : 0;
	return seen > against ? seen - against : 0;
}

void raw_ring_consider(struct raw *raw, const struct outside_frame *frames, unsigned int count)
{
	if (raw->ring.fd >= 0) {
		raw->ring.in_use = is_first_read(raw);
		return;
	}
	if (!raw->ring.possible || !count)
		return;
	raw->ring.full = count < OUTSIDE_RECEIVE_MAX ? 0 : raw->ring.full + 1;
	raw->ring.seen =
		worth(raw->ring.seen + (raw->ring.full >= MANY_READS ? count : 0), frames, count);
	if (raw->ring.seen < FRAMES_BEFORE)
		return;
	open_ring(raw);
	if (raw->ring.fd >= 0)
		raw->ring.in_use = is_first_read(raw);
}

static struct tpacket2_hdr *slot(const struct raw *raw, unsigned int index)
{
	unsigned int block = index / BLOCK_SLOTS, within = index % BLOCK_SLOTS;

	return (struct tpacket2_hdr *)(void *)(raw->ring.slots + (size_t)block * BLOCK_SIZE +
					       (size_t)within * SLOT_SIZE);
}

/* The caller is done with those of the last time. */
static void give_back(struct raw *raw)
{
	for (; raw->ring.held; raw->ring.held--, raw->ring.next = (raw->ring.next + 1) % SLOTS)
		__atomic_store_n(
			&slot(raw, raw->ring.next)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
}

/* What was too long for its slot, which says that it waits in the socket's queue. */
static bool take_long(struct raw *raw, unsigned int i, struct outside_frame *ret)
{
	struct outside_frame whole;

	if (!raw_receive_one(raw, raw->ring.fd, i, &whole))
		return false;
	whole.interface = ret->interface;
	whole.cast = ret->cast;
	*ret = whole;
	return true;
}

/* False: what was too long for its slot is gone. */
static bool take(struct raw *raw, struct tpacket2_hdr *header, uint32_t status, unsigned int i,
	struct outside_frame *ret)
{
	uint8_t *start = (uint8_t *)header;
	const void *from = start + TPACKET_ALIGN((int)sizeof(*header));
	const struct tpacket_auxdata told = { .tp_status = status,
		.tp_vlan_tci = header->tp_vlan_tci,
		.tp_vlan_tpid = header->tp_vlan_tpid };
	struct virtio_net_hdr offload;

	memcpy(&offload, start + header->tp_mac - sizeof(offload), sizeof(offload));
	ret->octets = start + header->tp_mac;
	ret->length = header->tp_snaplen;
	raw_frame_fill(ret, from, &offload, &told);
	return !(status & TP_STATUS_COPY) || take_long(raw, i, ret);
}

/* An interface that goes down is told of until somebody asks. */
static void clear_error(int fd)
{
	int error;
	socklen_t size = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
}

int raw_ring_receive(struct raw *raw, struct outside_frame *ret)
{
	unsigned int count = 0;

	give_back(raw);
	while (count < OUTSIDE_RECEIVE_MAX && raw->ring.held < SLOTS) {
		struct tpacket2_hdr *header = slot(raw, (raw->ring.next + raw->ring.held) % SLOTS);
		uint32_t status = __atomic_load_n(&header->tp_status, __ATOMIC_ACQUIRE);

		if (!(status & TP_STATUS_USER))
			break;
		raw->ring.held++;
		count += take(raw, header, status, count, &ret[count]);
	}
	if (!count)
		clear_error(raw->ring.fd);
	return (int)count;
}

void raw_ring_close(struct raw *raw)
{
	if (raw->ring.fd < 0)
		return;
	munmap(raw->ring.slots, RING_SIZE);
	close(raw->ring.fd);
}
