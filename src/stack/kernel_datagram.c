/* Datagrams through a socket of the kernel's: in segments that it cuts itself, and with the errors
 * that ICMP messages told of. */
#include "stack/kernel.h"
#include "stack/system_address.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/udp.h>
#include <string.h>

#define SEGMENTS_MAX 64 /* in one call */

/* What is sent, and to whom. */
struct outgoing {
	const struct kernel_socket *socket;
	uint8_t *data;
	size_t length;
	uint16_t segment;		/* 0, or no more than the data: one datagram */
	const struct stack_address *to; /* NULL: the peer */
};

static void address_message(
	struct msghdr *message, const struct outgoing *out, union system_address *address)
{
	if (!out->to)
		return;
	message->msg_name = address;
	message->msg_namelen = system_address_put(out->to, out->socket->six, address);
}

/* By the kernel, in segments that it cuts. */
static ssize_t send_whole(const struct outgoing *out)
{
	char control[CMSG_SPACE(sizeof(uint16_t))] __attribute__((aligned(8))) = { 0 };
	union system_address address;
	struct iovec data = { out->data, out->length };
	struct msghdr message = { .msg_iov = &data, .msg_iovlen = 1 };
	ssize_t sent;

	address_message(&message, out, &address);
	if (out->segment) {
		struct cmsghdr *header;

		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = IPPROTO_UDP;
		header->cmsg_type = UDP_SEGMENT;
		header->cmsg_len = CMSG_LEN(sizeof(out->segment));
		memcpy(CMSG_DATA(header), &out->segment, sizeof(out->segment));
	}
	sent = sendmsg(out->socket->fd, &message, MSG_NOSIGNAL);
	return sent < 0 ? -errno : sent;
}

/* In segments that we cut: as many as there is room for; -errno if that is none. */
static ssize_t send_each(const struct outgoing *out)
{
	struct mmsghdr messages[SEGMENTS_MAX] = { 0 };
	struct iovec parts[SEGMENTS_MAX];
	union system_address address;
	unsigned int count = 0;
	ssize_t octets = 0;
	size_t done = 0;
	int sent;

	while (done < out->length && count < SEGMENTS_MAX) {
		size_t left = out->length - done;
		size_t part = left < out->segment ? left : out->segment;

		parts[count] = (struct iovec){ out->data + done, part };
		messages[count].msg_hdr.msg_iov = &parts[count];
		messages[count].msg_hdr.msg_iovlen = 1;
		address_message(&messages[count].msg_hdr, out, &address);
		done += part;
		count++;
	}
	sent = sendmmsg(out->socket->fd, messages, count, MSG_NOSIGNAL);
	if (sent < 0)
		return -errno;
	for (int i = 0; i < sent; i++)
		octets += messages[i].msg_len;
	return octets;
}

/*
 * What a kernel says that does not segment on this way, where it may well send: udp(7) EINVAL and
 * EMSGSIZE, where a segment is over the path's MTU and would be sent in fragments; EIO, where IPsec
 * or a device without checksums is on it.
 */
static bool is_of_segmentation(ssize_t error)
{
	return error == -EINVAL || error == -EMSGSIZE || error == -EIO || error == -EOPNOTSUPP;
}

static ssize_t send_once(struct kernel_socket *socket, const struct outgoing *out)
{
	ssize_t sent;

	if (out->segment && socket->cuts_segments)
		return send_each(out);
	sent = send_whole(out);
	if (!out->segment || !is_of_segmentation(sent))
		return sent;
	sent = send_each(out);
	socket->cuts_segments = sent >= 0;
	return sent;
}

/* An ICMP error of an earlier datagram, which the next call meets whatever it sends. It stays in
 * the queue of errors for receive. */
static bool is_of_an_earlier_one(ssize_t error)
{
	return error == -ECONNREFUSED || error == -EHOSTUNREACH || error == -ENETUNREACH ||
	       error == -EPROTO || error == -ENOPROTOOPT || error == -EACCES;
}

ssize_t kernel_send_datagrams(struct kernel_socket *socket, const void *data, size_t length,
	uint16_t segment, const struct stack_address *to)
{
	const struct outgoing out = {
		.socket = socket,
		.data = (uint8_t *)(uintptr_t)data,
		.length = length,
		.segment = segment < length ? segment : 0,
		.to = to,
	};
	ssize_t sent = send_once(socket, &out);

	return is_of_an_earlier_one(sent) ? send_once(socket, &out) : sent;
}

/* The error that an ICMP message told of, with the address that the datagram was for; 0: there is
 * none. */
static ssize_t receive_error(struct kernel_socket *socket, struct stack_address *ret_peer)
{
	char control[512] __attribute__((aligned(8)));
	union system_address address = { 0 };
	struct msghdr message = {
		.msg_name = &address,
		.msg_namelen = sizeof(address),
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *header;

	if (recvmsg(socket->fd, &message, MSG_ERRQUEUE) < 0)
		return 0;
	if (ret_peer)
		system_address_get(&address, ret_peer);
	for (header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
		struct sock_extended_err told;

		if (header->cmsg_len < CMSG_LEN(sizeof(told)))
			continue;
		memcpy(&told, CMSG_DATA(header), sizeof(told));
		if (told.ee_errno)
			return -(ssize_t)told.ee_errno;
	}
	return 0;
}

ssize_t kernel_receive_datagram(
	struct kernel_socket *socket, void *data, size_t size, struct stack_address *ret_from)
{
	union system_address address = { 0 };
	socklen_t length = sizeof(address);
	ssize_t got = recvfrom(socket->fd, data, size, MSG_TRUNC, &address.any, &length);
	ssize_t error;

	if (got >= 0) {
		if (ret_from)
			system_address_get(&address, ret_from);
		return got;
	}
	/* Datagrams first: then the errors, of which recvfrom told the first at most. */
	got = -errno;
	error = receive_error(socket, ret_from);
	if (error)
		return error;
	if (got == -EAGAIN)
		socket->readable = false;
	return got;
}
