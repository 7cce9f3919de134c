/* Receives frames out of a ring of TPACKET_V3 or V2, with their time stamps. */
#include "link/receiver.h"

#include "base/bytes.h"
#include "base/err.h"
#include "base/privilege.h"
#include "link/interface.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/net_tstamp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SECOND_NS 1000000000U

#define RING_KIB_DEFAULT 16384U
#define BLOCK_SIZE	 (256U * 1024U)
#define SLOT_SIZE	 2048U
#define SLOT_HEADER	 256U /* at least what stands before a frame, and tags */
#define RETIRE_MS	 1U   /* a block that is not full goes to us after so long */
#define RESERVE		 8U   /* octets before each frame, for the tag that the kernel took off */

#define MACS	12U /* octets of both */
#define TAG	4U
#define SNAPLEN 0x40000U

struct receiver {
	int fd;
	int index;
	char name[IFNAMSIZ];
	uint8_t *ring;
	size_t size;
	bool immediate;
	size_t piece; /* octets: of a block; of the slot of a frame where it is immediate */
	unsigned int pieces, at; /* the one that is read, or is next */
	bool held;		 /* it is ours until all of it is read */
	/* Of a block */
	unsigned int left; /* frames */
	struct tpacket3_hdr *next;
	struct receiver_stats stats;
};

static void *piece_at(const struct receiver *receiver)
{
	return receiver->ring + receiver->at * receiver->piece;
}

/* What the kernel and we hand to and fro. */
static uint32_t *status_at(const struct receiver *receiver)
{
	struct tpacket_block_desc *block = piece_at(receiver);
	struct tpacket2_hdr *slot = piece_at(receiver);

	return receiver->immediate ? &slot->tp_status : &block->hdr.bh1.block_status;
}

/* ---- open ---- */

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) ? -errno : 0;
}

/* The kernel has taken a tag off before a filter looks: what stands there is the type behind it. */
static int set_filter(int fd, const struct receiver_config *config)
{
	struct sock_filter code[RECEIVER_TYPES_MAX + 3] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, MACS),
	};
	unsigned int count = config->type_count;
	struct sock_fprog program;

	if (!count)
		return 0;
	for (unsigned int i = 0; i < count; i++)
		code[1 + i] = (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, config->types[i], (uint8_t)(count - i), 0);
	code[count + 1] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, 0);
	code[count + 2] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SNAPLEN);
	program = (struct sock_fprog){ .len = (uint16_t)(count + 3), .filter = code };
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? -errno : 0;
}

/* Slots fill a block without a rest. */
static unsigned int slot_size(const struct receiver_config *config)
{
	unsigned int size = SLOT_SIZE;

	while (config->immediate && size < config->interface->mtu + SLOT_HEADER &&
		size < BLOCK_SIZE)
		size *= 2;
	return size;
}

static int set_ring(struct receiver *receiver, const struct receiver_config *config)
{
	size_t kib = config->ring_kib ? config->ring_kib : RING_KIB_DEFAULT;
	struct tpacket_req3 size = {
		.tp_block_size = BLOCK_SIZE,
		.tp_block_nr = (unsigned int)(kib * 1024 / BLOCK_SIZE),
		.tp_frame_size = slot_size(config),
		.tp_retire_blk_tov = RETIRE_MS,
	};
	void *memory;

	if (!size.tp_block_nr)
		size.tp_block_nr = 1;
	size.tp_frame_nr = size.tp_block_nr * (BLOCK_SIZE / size.tp_frame_size);
	/* The one of V2 is its beginning. */
	if (setsockopt(receiver->fd, SOL_PACKET, PACKET_RX_RING, &size,
		    config->immediate ? sizeof(struct tpacket_req) : sizeof(size)))
		return -errno;
	receiver->pieces = config->immediate ? size.tp_frame_nr : size.tp_block_nr;
	receiver->piece = config->immediate ? size.tp_frame_size : BLOCK_SIZE;
	receiver->size = (size_t)size.tp_block_nr * BLOCK_SIZE;
	memory = mmap(NULL, receiver->size, PROT_READ | PROT_WRITE, MAP_SHARED, receiver->fd, 0);
	if (memory == MAP_FAILED)
		return -errno;
	receiver->ring = memory;
	return 0;
}

static int set_promiscuous(int fd, int index)
{
	const struct packet_mreq request = { .mr_ifindex = index, .mr_type = PACKET_MR_PROMISC };

	return setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)) ? -errno
											    : 0;
}

/* Bound last, so that nothing is queued that the filter or the ring would not have. */
static int set_up(struct receiver *receiver, const struct receiver_config *config)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = receiver->index };
	int r = set(receiver->fd, PACKET_VERSION, config->immediate ? TPACKET_V2 : TPACKET_V3);

	if (!r)
		r = set(receiver->fd, PACKET_IGNORE_OUTGOING, 1);
	if (!r)
		r = set(receiver->fd, PACKET_RESERVE, RESERVE);
	if (!r && config->hardware)
		r = set(receiver->fd, PACKET_TIMESTAMP, SOF_TIMESTAMPING_RAW_HARDWARE);
	if (!r)
		r = set_filter(receiver->fd, config);
	if (!r)
		r = set_ring(receiver, config);
	if (!r && bind(receiver->fd, (const struct sockaddr *)&address, sizeof(address)))
		r = -errno;
	if (!r && config->promiscuous)
		r = set_promiscuous(receiver->fd, receiver->index);
	return r;
}

int receiver_open(struct receiver **ret, const struct receiver_config *config, struct err *err)
{
	const struct interface *interface = config->interface;
	struct receiver *receiver = calloc(1, sizeof(*receiver));
	int r;

	if (!receiver)
		return err_system(err, ENOMEM, "cannot receive on %s", interface->name);
	receiver->index = interface->index;
	receiver->immediate = config->immediate;
	memcpy(receiver->name, interface->name, sizeof(receiver->name));
	receiver->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	r = receiver->fd < 0 ? -errno : set_up(receiver, config);
	if (r) {
		r = err_system(err, -r, "cannot receive on %s", interface->name);
		if (r == -EPERM)
			privilege_hint(err, PRIVILEGE_FRAMES);
		receiver_close(receiver);
		return r;
	}
	*ret = receiver;
	return 0;
}

void receiver_close(struct receiver *receiver)
{
	if (!receiver)
		return;
	if (receiver->ring)
		munmap(receiver->ring, receiver->size);
	if (receiver->fd >= 0)
		close(receiver->fd);
	free(receiver);
}

/* ---- frames ---- */

/* Puts the tag back between the addresses and the type, into the room before them. */
static void restore_tag(uint8_t *octets, uint32_t status, uint16_t tpid, uint16_t tci)
{
	memmove(octets - TAG, octets, MACS);
	bytes_put_be16(octets - TAG + MACS,
		(status & TP_STATUS_VLAN_TPID_VALID) ? tpid : (uint16_t)ETH_P_8021Q);
	bytes_put_be16(octets - TAG + MACS + 2, tci);
}

static void read_frame(
	uint8_t *octets, uint32_t status, uint16_t tpid, uint16_t tci, struct receiver_frame *ret)
{
	ret->octets = octets;
	ret->hardware = status & TP_STATUS_TS_RAW_HARDWARE;
	if (!(status & TP_STATUS_VLAN_VALID) || ret->captured < MACS)
		return;
	restore_tag(octets, status, tpid, tci);
	ret->octets -= TAG;
	ret->captured += TAG;
	ret->length += TAG;
}

static void read_in_block(struct tpacket3_hdr *header, struct receiver_frame *ret)
{
	*ret = (struct receiver_frame){
		.captured = header->tp_snaplen,
		.length = header->tp_len,
		.time_ns = (uint64_t)header->tp_sec * SECOND_NS + header->tp_nsec,
	};
	read_frame((uint8_t *)header + header->tp_mac, header->tp_status, header->hv1.tp_vlan_tpid,
		(uint16_t)header->hv1.tp_vlan_tci, ret);
}

static void read_slot(struct tpacket2_hdr *header, struct receiver_frame *ret)
{
	*ret = (struct receiver_frame){
		.captured = header->tp_snaplen,
		.length = header->tp_len,
		.time_ns = (uint64_t)header->tp_sec * SECOND_NS + header->tp_nsec,
	};
	read_frame((uint8_t *)header + header->tp_mac, header->tp_status, header->tp_vlan_tpid,
		header->tp_vlan_tci, ret);
}

/* Takes the next piece, if the kernel is done with it. */
static bool take_piece(struct receiver *receiver)
{
	if (!(__atomic_load_n(status_at(receiver), __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return false;
	receiver->held = true;
	return true;
}

/* The caller is done with the last frame of it. */
static void give_piece(struct receiver *receiver)
{
	if (!receiver->held)
		return;
	__atomic_store_n(status_at(receiver), TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	receiver->held = false;
	receiver->at = (receiver->at + 1) % receiver->pieces;
}

static bool take_block(struct receiver *receiver)
{
	struct tpacket_block_desc *block = piece_at(receiver);

	if (!take_piece(receiver))
		return false;
	receiver->left = block->hdr.bh1.num_pkts;
	receiver->next = (struct tpacket3_hdr *)(void *)((uint8_t *)block +
							 block->hdr.bh1.offset_to_first_pkt);
	return true;
}

static int next_slot(struct receiver *receiver, struct receiver_frame *ret)
{
	give_piece(receiver);
	if (!take_piece(receiver))
		return 0;
	read_slot(piece_at(receiver), ret);
	return 1;
}

int receiver_next(struct receiver *receiver, struct receiver_frame *ret)
{
	if (receiver->immediate)
		return next_slot(receiver, ret);
	while (!receiver->left) {
		give_piece(receiver);
		if (!take_block(receiver))
			return 0;
	}
	read_in_block(receiver->next, ret);
	receiver->left--;
	receiver->next = (struct tpacket3_hdr *)(void *)((uint8_t *)receiver->next +
							 receiver->next->tp_next_offset);
	return 1;
}

/* ---- waiting ---- */

static int failure(const struct receiver *receiver, struct err *err)
{
	unsigned int flags;
	int error = 0;
	socklen_t size = sizeof(error);

	getsockopt(receiver->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (interface_flags_read(receiver->index, &flags, NULL) == -ENODEV)
		return err_system(
			err, ENODEV, "cannot receive on %s: the interface is gone", receiver->name);
	if (error)
		return err_system(err, error, "cannot receive on %s", receiver->name);
	return 0;
}

int receiver_wait(struct receiver *receiver, uint64_t ns, struct err *err)
{
	const struct timespec time = { .tv_sec = (time_t)(ns / SECOND_NS),
		.tv_nsec = (long)(ns % SECOND_NS) };
	struct pollfd ready = { .fd = receiver->fd, .events = POLLIN };

	/* Of a block that was given to us poll says nothing. */
	if (receiver->left)
		return 0;
	if (ppoll(&ready, 1, &time, NULL) > 0 && (ready.revents & (POLLERR | POLLHUP)))
		return failure(receiver, err);
	return 0;
}

void receiver_stats(struct receiver *receiver, struct receiver_stats *ret)
{
	struct tpacket_stats_v3 now;
	socklen_t size = sizeof(now);

	/* To read them is to set them to zero; those dropped are counted in the others. */
	if (!getsockopt(receiver->fd, SOL_PACKET, PACKET_STATISTICS, &now, &size)) {
		receiver->stats.received += now.tp_packets;
		receiver->stats.dropped += now.tp_drops;
	}
	*ret = receiver->stats;
}
