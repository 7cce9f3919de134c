/* Datagrams through a socket of the kernel's: in segments that it cuts itself, and with the errors
 * that ICMP messages told of. */
#include "stack/kernel.h"
#include "stack/system_address.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <linux/udp.h>
#include <string.h>

static ssize_t try_to_send(const struct kernel_socket *socket, struct iovec *data, uint16_t segment,
	const struct stack_address *to)
{
	char control[CMSG_SPACE(sizeof(uint16_t))] __attribute__((aligned(8))) = { 0 };
	union system_address address;
	struct msghdr message = { .msg_iov = data, .msg_iovlen = 1 };

	if (to) {
		message.msg_name = &address;
		message.msg_namelen = system_address_put(to, socket->six, &address);
	}
	if (segment && segment < data->iov_len) {
		struct cmsghdr *header;

		message.msg_control = control;
		message.msg_controllen = sizeof(control);
		header = CMSG_FIRSTHDR(&message);
		header->cmsg_level = IPPROTO_UDP;
		header->cmsg_type = UDP_SEGMENT;
		header->cmsg_len = CMSG_LEN(sizeof(segment));
		memcpy(CMSG_DATA(header), &segment, sizeof(segment));
	}
	return sendmsg(socket->fd, &message, MSG_NOSIGNAL);
}

/* An ICMP error of an earlier datagram, which the next call meets whatever it sends. It stays in
 * the queue of errors for receive. */
static bool is_of_an_earlier_one(int error)
{
	return error == ECONNREFUSED || error == EHOSTUNREACH || error == ENETUNREACH ||
	       error == EPROTO || error == ENOPROTOOPT || error == EACCES;
}

ssize_t kernel_send_datagrams(struct kernel_socket *socket, const void *data, size_t length,
	uint16_t segment, const struct stack_address *to)
{
	struct iovec vector = { (void *)(uintptr_t)data, length };
	ssize_t sent = try_to_send(socket, &vector, segment, to);

	if (sent < 0 && is_of_an_earlier_one(errno))
		sent = try_to_send(socket, &vector, segment, to);
	return sent < 0 ? -errno : sent;
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
