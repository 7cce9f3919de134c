/*
 * Frames through the kernel's raw sockets: AF_PACKET in, AF_PACKET out, and on loopback IP packets
 * out, since the kernel does not deliver frames from 127.0.0.1 that were put on lo.
 */
#include "stack/outside.h"

#include "base/err.h"
#include "link/privilege.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOT_SIZE      (128U * 1024U) /* a super-frame of 64 KiB and all that may stand before it */
#define TAG_LENGTH     4
#define TAG_AT	       12
#define RECEIVE_BUFFER (32 * 1024 * 1024)
#define SEND_BUFFER    (8 * 1024 * 1024)
#define BUSY_TRIES     200 /* for a device without room, a pause each */
#define BUSY_PAUSE_MS  1
#define CONTROL_SIZE   CMSG_SPACE(sizeof(struct tpacket_auxdata))
#define GSO_UDP_L4     5 /* VIRTIO_NET_HDR_GSO_UDP_L4, newer than some headers */

struct raw {
	struct outside outside;
	int in, out;	/* AF_PACKET */
	int out4, out6; /* IP packets with headers of ours */
	bool plain;
	int only; /* the interface asked for; 0: all */
	uint64_t dropped;
	uint8_t *slots; /* OUTSIDE_RECEIVE_MAX of SLOT_SIZE */
	struct mmsghdr headers[OUTSIDE_RECEIVE_MAX];
	struct iovec pieces[OUTSIDE_RECEIVE_MAX][2];
	struct virtio_net_hdr offloads[OUTSIDE_RECEIVE_MAX];
	struct sockaddr_ll from[OUTSIDE_RECEIVE_MAX];
	uint8_t control[OUTSIDE_RECEIVE_MAX][CONTROL_SIZE]
		__attribute__((aligned(__alignof__(struct cmsghdr))));
};

/* Where a slot's frame begins: a tag finds room before it. */
static uint8_t *slot(const struct raw *raw, unsigned int index)
{
	return raw->slots + (size_t)index * SLOT_SIZE + TAG_LENGTH;
}

static void receive_prepare(struct raw *raw, unsigned int i)
{
	struct msghdr *header = &raw->headers[i].msg_hdr;
	unsigned int count = 0;

	if (!raw->plain)
		raw->pieces[i][count++] =
			(struct iovec){ &raw->offloads[i], sizeof(raw->offloads[i]) };
	raw->pieces[i][count++] = (struct iovec){ slot(raw, i), SLOT_SIZE - TAG_LENGTH };
	*header = (struct msghdr){
		.msg_name = &raw->from[i],
		.msg_namelen = sizeof(raw->from[i]),
		.msg_iov = raw->pieces[i],
		.msg_iovlen = count,
		.msg_control = raw->control[i],
		.msg_controllen = sizeof(raw->control[i]),
	};
}

static const struct tpacket_auxdata *auxiliary(struct msghdr *header)
{
	struct cmsghdr *control = CMSG_FIRSTHDR(header);

	for (; control; control = CMSG_NXTHDR(header, control))
		if (control->cmsg_level == SOL_PACKET && control->cmsg_type == PACKET_AUXDATA)
			return (const struct tpacket_auxdata *)(const void *)CMSG_DATA(control);
	return NULL;
}

/* The kernel takes the outer VLAN tag off on receive. */
static void put_tag_back(struct outside_frame *frame, const struct tpacket_auxdata *told)
{
	uint8_t *octets = (uint8_t *)(uintptr_t)frame->octets;
	uint16_t type = ETH_P_8021Q;

	if (!(told->tp_status & TP_STATUS_VLAN_VALID) || frame->length < TAG_AT)
		return;
	if (told->tp_status & TP_STATUS_VLAN_TPID_VALID)
		type = told->tp_vlan_tpid;
	memmove(octets - TAG_LENGTH, octets, TAG_AT);
	octets -= TAG_LENGTH;
	octets[TAG_AT] = (uint8_t)(type >> 8);
	octets[TAG_AT + 1] = (uint8_t)type;
	octets[TAG_AT + 2] = (uint8_t)(told->tp_vlan_tci >> 8);
	octets[TAG_AT + 3] = (uint8_t)told->tp_vlan_tci;
	frame->octets = octets;
	frame->length += TAG_LENGTH;
}

static enum outside_cast cast_of(unsigned int type)
{
	switch (type) {
	case PACKET_HOST:
		return OUTSIDE_HOST;
	case PACKET_BROADCAST:
		return OUTSIDE_BROADCAST;
	case PACKET_MULTICAST:
		return OUTSIDE_MULTICAST;
	default:
		return OUTSIDE_OTHER;
	}
}

static void frame_fill(struct raw *raw, unsigned int i, struct outside_frame *ret)
{
	const struct tpacket_auxdata *told = auxiliary(&raw->headers[i].msg_hdr);
	const struct virtio_net_hdr *offload = &raw->offloads[i];
	size_t length = raw->headers[i].msg_len;

	*ret = (struct outside_frame){
		.octets = slot(raw, i),
		.interface = raw->from[i].sll_ifindex,
		.cast = cast_of(raw->from[i].sll_pkttype),
	};
	if (!raw->plain) {
		length = length < sizeof(*offload) ? 0 : length - sizeof(*offload);
		ret->unfinished = offload->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
		ret->verified = offload->flags & VIRTIO_NET_HDR_F_DATA_VALID;
		if (offload->gso_type != VIRTIO_NET_HDR_GSO_NONE)
			ret->segment_size = offload->gso_size;
	}
	ret->length = length < SLOT_SIZE - TAG_LENGTH ? length : SLOT_SIZE - TAG_LENGTH;
	if (!told)
		return;
	ret->unfinished |= !!(told->tp_status & TP_STATUS_CSUMNOTREADY);
	ret->verified |= !!(told->tp_status & TP_STATUS_CSUM_VALID);
	put_tag_back(ret, told);
}

static int raw_receive(struct outside *outside, struct outside_frame *ret, struct err *err)
{
	struct raw *raw = (struct raw *)outside;
	int count;

	for (unsigned int i = 0; i < OUTSIDE_RECEIVE_MAX; i++)
		receive_prepare(raw, i);
	count = recvmmsg(
		raw->in, raw->headers, OUTSIDE_RECEIVE_MAX, MSG_DONTWAIT | MSG_TRUNC, NULL);
	if (count < 0) {
		/* EINVAL: a super-frame of a kind that the header has no name for, which is gone.
		 * ENETDOWN: said once by each interface that goes down; others may go on. */
		if (errno == EAGAIN || errno == EINTR || errno == EINVAL || errno == ENETDOWN ||
			errno == ENOBUFS)
			return 0;
		return err_system(err, errno, "cannot receive");
	}
	for (unsigned int i = 0; i < (unsigned int)count; i++)
		frame_fill(raw, i, &ret[i]);
	return count;
}

struct sending {
	struct mmsghdr headers[OUTSIDE_SEND_MAX];
	struct iovec parts[OUTSIDE_SEND_MAX][OUTSIDE_PARTS + 1];
	struct virtio_net_hdr offloads[OUTSIDE_SEND_MAX];
	union {
		struct sockaddr_ll link;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to[OUTSIDE_SEND_MAX];
};

static int descriptor_for(const struct raw *raw, const struct outside_message *message)
{
	if (!message->loopback)
		return raw->out;
	return message->address_length == 4 ? raw->out4 : raw->out6;
}

static void offload_fill(struct virtio_net_hdr *offload, const struct outside_message *message)
{
	*offload = (struct virtio_net_hdr){ 0 };
	if (!message->unfinished)
		return;
	offload->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	offload->csum_start = message->sum_start;
	offload->csum_offset = message->sum_offset;
	if (!message->segment_size)
		return;
	offload->hdr_len = message->header_length;
	offload->gso_size = message->segment_size;
	if (message->protocol == IPPROTO_UDP)
		offload->gso_type = GSO_UDP_L4;
	else
		offload->gso_type = message->address_length == 4 ? VIRTIO_NET_HDR_GSO_TCPV4
								 : VIRTIO_NET_HDR_GSO_TCPV6;
}

/* A frame names its interface; its protocol lets the kernel choose how to segment it. */
static socklen_t link_address(struct sockaddr_ll *to, const struct outside_message *message)
{
	*to = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_ifindex = message->interface, .sll_halen = ETH_ALEN
	};
	to->sll_protocol = htons(message->address_length == 4 ? ETH_P_IP : ETH_P_IPV6);
	return sizeof(*to);
}

static void message_fill(
	struct sending *sending, unsigned int i, const struct outside_message *message)
{
	struct msghdr *header = &sending->headers[i].msg_hdr;
	unsigned int count = 0;

	*header = (struct msghdr){ .msg_name = &sending->to[i], .msg_iov = sending->parts[i] };
	memset(&sending->to[i], 0, sizeof(sending->to[i]));
	if (!message->loopback) {
		offload_fill(&sending->offloads[i], message);
		sending->parts[i][count++] =
			(struct iovec){ &sending->offloads[i], sizeof(sending->offloads[i]) };
		header->msg_namelen = link_address(&sending->to[i].link, message);
	} else if (message->address_length == 4) {
		sending->to[i].v4.sin_family = AF_INET;
		memcpy(&sending->to[i].v4.sin_addr, message->destination, 4);
		header->msg_namelen = sizeof(sending->to[i].v4);
	} else {
		sending->to[i].v6.sin6_family = AF_INET6;
		memcpy(&sending->to[i].v6.sin6_addr, message->destination, 16);
		header->msg_namelen = sizeof(sending->to[i].v6);
	}
	memcpy(sending->parts[i] + count, message->parts,
		message->count * sizeof(message->parts[0]));
	header->msg_iovlen = count + message->count;
}

/* No frame will leave any more: the interface is gone, where it was the only one. */
static bool is_fatal(const struct raw *raw, int error)
{
	return error == EBADF || (raw->only && (error == ENODEV || error == ENXIO));
}

/* Sends messages of one socket. */
static int send_run(const struct raw *raw, int fd, struct mmsghdr *headers, unsigned int count,
	struct outside_failures *failures)
{
	unsigned int done = 0, tries = 0;

	while (done < count) {
		int sent = sendmmsg(fd, headers + done, count - done, MSG_DONTWAIT);

		if (sent > 0) {
			done += (unsigned int)sent;
			tries = 0;
			continue;
		}
		if (errno == EINTR)
			continue;
		if ((errno == EAGAIN || errno == ENOBUFS) && tries++ < BUSY_TRIES) {
			/* The socket's own buffer tells when it has room, the device's queue does
			 * not. */
			poll(&(struct pollfd){ .fd = fd, .events = errno == EAGAIN ? POLLOUT : 0 },
				1, BUSY_PAUSE_MS);
			continue;
		}
		if (is_fatal(raw, errno))
			return -errno;
		failures->count++;
		failures->error = errno;
		done++;
		tries = 0;
	}
	return 0;
}

static int raw_send(struct outside *outside, const struct outside_message *messages,
	unsigned int count, struct outside_failures *failures, struct err *err)
{
	const struct raw *raw = (const struct raw *)outside;
	struct sending sending;
	unsigned int first = 0;

	for (unsigned int i = 0; i < count; i++)
		message_fill(&sending, i, &messages[i]);
	while (first < count) {
		int fd = descriptor_for(raw, &messages[first]);
		unsigned int last = first + 1;
		int r;

		while (last < count && descriptor_for(raw, &messages[last]) == fd)
			last++;
		r = send_run(raw, fd, sending.headers + first, last - first, failures);
		if (r)
			return err_system(err, -r, "cannot send: the interface is gone");
		first = last;
	}
	return 0;
}

static int raw_descriptor(const struct outside *outside)
{
	return ((const struct raw *)outside)->in;
}

static int raw_interface(struct outside *outside, int index, struct interface *ret, struct err *err)
{
	char name[IF_NAMESIZE];

	(void)outside;
	if (!if_indextoname((unsigned int)index, name))
		return err_system(err, errno, "there is no interface of index %d", index);
	return interface_read(name, ret, err);
}

static int raw_route(struct outside *outside, int index, const uint8_t *destination, size_t length,
	struct interface_route *ret, struct err *err)
{
	(void)outside;
	return interface_route_read(index, destination, length, ret, err);
}

static int raw_neighbour(struct outside *outside, const struct interface *interface,
	const uint8_t *hop, size_t length, uint8_t ret_mac[6])
{
	(void)outside;
	return interface_neighbour(interface, hop, length, ret_mac, NULL);
}

static int raw_guard(struct outside *outside, uint8_t protocol, const uint8_t *address,
	size_t length, uint32_t scope, uint16_t *port, struct err *err)
{
	(void)outside;
	return guard_open(protocol, address, length, scope, port, err);
}

static int raw_join(struct outside *outside, int interface, const uint8_t mac[6], struct err *err)
{
	const struct raw *raw = (const struct raw *)outside;
	struct packet_mreq request = {
		.mr_ifindex = interface,
		.mr_type = mac[0] & 1 ? PACKET_MR_MULTICAST : PACKET_MR_UNICAST,
		.mr_alen = ETH_ALEN,
	};

	memcpy(request.mr_address, mac, ETH_ALEN);
	if (setsockopt(raw->in, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof(request)))
		return err_system(err, errno, "cannot receive for a MAC address of our own");
	return 0;
}

/* The kernel's counter begins anew each time it is read. */
static uint64_t raw_dropped(struct outside *outside)
{
	struct raw *raw = (struct raw *)outside;
	struct tpacket_stats stats;
	socklen_t size = sizeof(stats);

	if (!getsockopt(raw->in, SOL_PACKET, PACKET_STATISTICS, &stats, &size))
		raw->dropped += stats.tp_drops;
	return raw->dropped;
}

static void close_if(int fd)
{
	if (fd >= 0)
		close(fd);
}

static void raw_close(struct outside *outside)
{
	struct raw *raw = (struct raw *)outside;

	close_if(raw->in);
	close_if(raw->out);
	close_if(raw->out4);
	close_if(raw->out6);
	if (raw->slots)
		munmap(raw->slots, (size_t)OUTSIDE_RECEIVE_MAX * SLOT_SIZE);
	free(raw);
}

static const struct outside_ops raw_ops = {
	.receive = raw_receive,
	.send = raw_send,
	.descriptor = raw_descriptor,
	.interface = raw_interface,
	.route = raw_route,
	.neighbour = raw_neighbour,
	.guard = raw_guard,
	.join = raw_join,
	.dropped = raw_dropped,
	.close = raw_close,
};

/* Above the system's limit where we may; a receiver of super-frames needs room for many. */
static void set_buffer(int fd, int forced, int polite, int size)
{
	if (setsockopt(fd, SOL_SOCKET, forced, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, polite, &size, sizeof(size));
}

static int set_on(int fd, int option)
{
	int on = 1;

	return setsockopt(fd, SOL_PACKET, option, &on, sizeof(on)) ? -errno : 0;
}

/* Frames of the interface and of lo, or all. */
static int set_filter(int fd, int interface)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_IFINDEX)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)interface, 2, 0),
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_HATYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARPHRD_LOOPBACK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };

	if (!interface)
		return 0;
	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program)) ? -errno : 0;
}

/* Nothing is received before the last step: until then the socket has no protocol. */
static int open_in(struct raw *raw, const struct outside_config *config)
{
	const struct sockaddr_ll address = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL) };
	int r;

	raw->in = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (raw->in < 0)
		return -errno;
	set_buffer(raw->in, SO_RCVBUFFORCE, SO_RCVBUF, RECEIVE_BUFFER);
	r = set_on(raw->in, PACKET_AUXDATA);
	if (!r && !raw->plain)
		r = set_on(raw->in, PACKET_VNET_HDR);
	if (!r)
		r = set_on(raw->in, PACKET_IGNORE_OUTGOING);
	if (!r)
		r = set_filter(raw->in, config->interface);
	if (!r && bind(raw->in, (const struct sockaddr *)&address, sizeof(address)))
		r = -errno;
	return r;
}

static int open_out(struct raw *raw)
{
	int on = 1;
	int r;

	raw->out = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (raw->out < 0)
		return -errno;
	set_buffer(raw->out, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
	r = set_on(raw->out, PACKET_VNET_HDR);
	if (r)
		return r;
	raw->out4 = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (raw->out4 < 0)
		return -errno;
	set_buffer(raw->out4, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
	raw->out6 = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (raw->out6 < 0)
		return errno == EAFNOSUPPORT ? 0 : -errno; /* a host without IPv6 */
	set_buffer(raw->out6, SO_SNDBUFFORCE, SO_SNDBUF, SEND_BUFFER);
	return setsockopt(raw->out6, IPPROTO_IPV6, IPV6_HDRINCL, &on, sizeof(on)) ? -errno : 0;
}

int outside_open(struct outside **ret, const struct outside_config *config, struct err *err)
{
	struct raw *raw = calloc(1, sizeof(*raw));
	int r;

	if (!raw)
		return err_system(err, ENOMEM, "cannot receive frames");
	raw->outside.ops = &raw_ops;
	raw->in = raw->out = raw->out4 = raw->out6 = -1;
	raw->plain = config->plain;
	raw->only = config->interface;
	/* Not touched until frames come: costs no memory where they are short. */
	raw->slots = mmap(NULL, (size_t)OUTSIDE_RECEIVE_MAX * SLOT_SIZE, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (raw->slots == MAP_FAILED) {
		raw->slots = NULL;
		r = -ENOMEM;
	} else {
		r = open_in(raw, config);
	}
	if (!r)
		r = open_out(raw);
	if (r) {
		r = err_system(err, -r, "cannot open a socket for frames");
		if (r == -EPERM)
			err_hint(err, PRIVILEGE_HINT);
		raw_close(&raw->outside);
		return r;
	}
	*ret = &raw->outside;
	return 0;
}
