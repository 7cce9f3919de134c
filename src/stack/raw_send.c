/* Frames out through the kernel's packet socket, many at once; on loopback IP packets through its
 * raw ones, since it does not deliver frames from 127.0.0.1 that were put on lo. */
#include "stack/raw.h"

#include "base/err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>

#define BUSY_TRIES    200 /* for a device without room, a pause each */
#define BUSY_PAUSE_MS 1
#define TYPE_AT	      12 /* of the Ethernet header, which is in the first part */
#define GSO_UDP_L4    5	 /* VIRTIO_NET_HDR_GSO_UDP_L4, newer than some headers */

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

/* A frame names its interface; its protocol is what it says itself, by which the kernel chooses how
 * to segment it, and others how to read it. */
static socklen_t link_address(struct sockaddr_ll *to, const struct outside_message *message)
{
	*to = (struct sockaddr_ll){
		.sll_family = AF_PACKET, .sll_ifindex = message->interface, .sll_halen = ETH_ALEN
	};
	memcpy(&to->sll_protocol, (const uint8_t *)message->parts[0].iov_base + TYPE_AT,
		sizeof(to->sll_protocol));
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

/* No frame will leave any more, where it was the only one. */
static bool is_gone(const struct raw *raw, int error)
{
	return raw->only && (error == ENODEV || error == ENXIO);
}

/* Sends messages of one socket. */
static int send_run(const struct raw *raw, int fd, struct mmsghdr *headers, unsigned int count,
	struct outside_failures *failures, struct err *err)
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
		if (is_gone(raw, errno))
			return raw_gone(raw, err);
		if (errno == EBADF)
			return err_system(err, errno, "cannot send");
		failures->count++;
		failures->error = errno;
		done++;
		tries = 0;
	}
	return 0;
}

int raw_send(struct outside *outside, const struct outside_message *messages, unsigned int count,
	struct outside_failures *failures, struct err *err)
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
		r = send_run(raw, fd, sending.headers + first, last - first, failures, err);
		if (r)
			return r;
		first = last;
	}
	return 0;
}
