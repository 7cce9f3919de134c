/* Frames in from the kernel's packet socket: super-frames, the device's word on checksums, and the
 * VLAN tag that the kernel had taken off. */
#include "stack/raw.h"

#include "base/err.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <string.h>

#define TAG_AT 12

/* Where a slot's frame begins: a tag finds room before it. */
static uint8_t *slot(const struct raw *raw, unsigned int index)
{
	return raw->slots + (size_t)index * RAW_SLOT_SIZE + RAW_TAG;
}

static void receive_prepare(struct raw *raw, unsigned int i)
{
	struct msghdr *header = &raw->headers[i].msg_hdr;
	unsigned int count = 0;

	if (!raw->plain)
		raw->pieces[i][count++] =
			(struct iovec){ &raw->offloads[i], sizeof(raw->offloads[i]) };
	raw->pieces[i][count++] = (struct iovec){ slot(raw, i), RAW_SLOT_SIZE - RAW_TAG };
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
	memmove(octets - RAW_TAG, octets, TAG_AT);
	octets -= RAW_TAG;
	octets[TAG_AT] = (uint8_t)(type >> 8);
	octets[TAG_AT + 1] = (uint8_t)type;
	octets[TAG_AT + 2] = (uint8_t)(told->tp_vlan_tci >> 8);
	octets[TAG_AT + 3] = (uint8_t)told->tp_vlan_tci;
	frame->octets = octets;
	frame->length += RAW_TAG;
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

void raw_frame_fill(struct outside_frame *ret, const struct sockaddr_ll *from,
	const struct virtio_net_hdr *offload, const struct tpacket_auxdata *told)
{
	*ret = (struct outside_frame){
		.octets = ret->octets,
		.length = ret->length,
		.interface = from->sll_ifindex,
		.cast = cast_of(from->sll_pkttype),
	};
	if (offload) {
		ret->unfinished = offload->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM;
		ret->verified = offload->flags & VIRTIO_NET_HDR_F_DATA_VALID;
		if (offload->gso_type != VIRTIO_NET_HDR_GSO_NONE)
			ret->segment_size = offload->gso_size;
	}
	if (!told)
		return;
	ret->unfinished |= !!(told->tp_status & TP_STATUS_CSUMNOTREADY);
	ret->verified |= !!(told->tp_status & TP_STATUS_CSUM_VALID);
	put_tag_back(ret, told);
}

static void slot_fill(struct raw *raw, unsigned int i, struct outside_frame *ret)
{
	const struct virtio_net_hdr *offload = raw->plain ? NULL : &raw->offloads[i];
	size_t length = raw->headers[i].msg_len;

	if (offload)
		length = length < sizeof(*offload) ? 0 : length - sizeof(*offload);
	ret->octets = slot(raw, i);
	ret->length = length < RAW_SLOT_SIZE - RAW_TAG ? length : RAW_SLOT_SIZE - RAW_TAG;
	raw_frame_fill(ret, &raw->from[i], offload, auxiliary(&raw->headers[i].msg_hdr));
}

bool raw_receive_one(struct raw *raw, int fd, unsigned int i, struct outside_frame *ret)
{
	ssize_t length;

	receive_prepare(raw, i);
	length = recvmsg(fd, &raw->headers[i].msg_hdr, MSG_DONTWAIT | MSG_TRUNC);
	if (length < 0)
		return false;
	raw->headers[i].msg_len = (unsigned int)length;
	slot_fill(raw, i, ret);
	return true;
}

int raw_receive(struct outside *outside, struct outside_frame *ret, struct err *err)
{
	struct raw *raw = (struct raw *)outside;
	int count;

	if (raw->ring.in_use)
		return raw_ring_receive(raw, ret);
	for (unsigned int i = 0; i < OUTSIDE_RECEIVE_MAX; i++)
		receive_prepare(raw, i);
	count = recvmmsg(
		raw->in, raw->headers, OUTSIDE_RECEIVE_MAX, MSG_DONTWAIT | MSG_TRUNC, NULL);
	if (count < 0) {
		/* EINVAL: a super-frame of a kind that the header has no name for, which is gone.
		 * ENETDOWN: said once by each interface that goes down; others may go on. */
		if (errno == EAGAIN || errno == EINTR || errno == EINVAL || errno == ENETDOWN ||
			errno == ENOBUFS)
			count = 0;
		else
			return err_system(err, errno, "cannot receive");
	}
	for (unsigned int i = 0; i < (unsigned int)count; i++)
		slot_fill(raw, i, &ret[i]);
	raw_ring_consider(raw, ret, (unsigned int)count);
	return count;
}
