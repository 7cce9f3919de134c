/* One netlink request and its answers. */
#include "link/netlink.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <string.h>

#define ANSWER_SIZE  32768 /* the kernel fills no more into one datagram */
#define ATTEMPTS_MAX 8	   /* for a dump that changes interrupt */

struct nlmsghdr *netlink_request(
	void *buffer, uint16_t type, uint16_t flags, size_t body_size, void **ret_body)
{
	struct nlmsghdr *request;

	memset(buffer, 0,
		NETLINK_REQUEST_SIZE); /* libmnl leaves the padding of attributes as it was */
	request = mnl_nlmsg_put_header(buffer);
	request->nlmsg_type = type;
	request->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	*ret_body = mnl_nlmsg_put_extra_header(request, body_size);
	return request;
}

static int exchange(
	struct mnl_socket *socket, struct nlmsghdr *request, mnl_cb_t answer, void *context)
{
	unsigned int port = mnl_socket_get_portid(socket);
	_Alignas(struct nlmsghdr) char buffer[ANSWER_SIZE];
	int r = MNL_CB_OK;

	if (mnl_socket_sendto(socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (r > MNL_CB_STOP) {
		ssize_t length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		r = mnl_cb_run(buffer, (size_t)length, request->nlmsg_seq, port, answer, context);
	}
	return r < 0 ? -errno : 0;
}

int netlink_call(int bus, struct nlmsghdr *request, mnl_cb_t answer, void *context)
{
	struct mnl_socket *socket;
	int r = -EINTR;

	/* A dump ends by itself; any other answer only with the acknowledgement behind it. (Of what
	 * makes something, NLM_F_EXCL is one of the two bits of a dump.) */
	if ((request->nlmsg_flags & NLM_F_DUMP) != NLM_F_DUMP)
		request->nlmsg_flags |= NLM_F_ACK;
	for (unsigned int i = 0; i < ATTEMPTS_MAX && r == -EINTR; i++) {
		/* A socket of its own each time: what is left of an interrupted dump goes with it.
		 */
		socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
		if (!socket)
			return -errno;
		request->nlmsg_seq = i + 1;
		r = mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ? -errno : 0;
		if (!r)
			r = exchange(socket, request, answer, context);
		mnl_socket_close(socket);
	}
	return r;
}

static int take_family(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *attributes[CTRL_ATTR_FAMILY_ID + 1];

	netlink_attributes(answer, sizeof(struct genlmsghdr), attributes, CTRL_ATTR_FAMILY_ID);
	if (attributes[CTRL_ATTR_FAMILY_ID])
		*(uint16_t *)context = mnl_attr_get_u16(attributes[CTRL_ATTR_FAMILY_ID]);
	return MNL_CB_OK;
}

int netlink_family(const char *name, uint16_t *ret)
{
	char buffer[NETLINK_REQUEST_SIZE];
	struct genlmsghdr *header;
	uint16_t family = 0;
	void *body;
	struct nlmsghdr *request = netlink_request(buffer, GENL_ID_CTRL, 0, sizeof(*header), &body);
	int r;

	header = body;
	header->cmd = CTRL_CMD_GETFAMILY;
	header->version = 1;
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, name);
	r = netlink_call(NETLINK_GENERIC, request, take_family, &family);
	if (!r && !family)
		r = -ENOENT;
	if (!r)
		*ret = family;
	return r;
}

static void collect(const struct nlattr *attribute, const void *tail,
	const struct nlattr **attributes, uint16_t max)
{
	memset(attributes, 0, (max + 1U) * sizeof(*attributes));
	NETLINK_FOR_EACH(attribute, attribute, tail)
	if (mnl_attr_get_type(attribute) <= max)
		attributes[mnl_attr_get_type(attribute)] = attribute;
}

void netlink_attributes(const struct nlmsghdr *answer, size_t body_size,
	const struct nlattr **attributes, uint16_t max)
{
	collect(mnl_nlmsg_get_payload_offset(answer, body_size), mnl_nlmsg_get_payload_tail(answer),
		attributes, max);
}

void netlink_nested(const struct nlattr *nest, const struct nlattr **attributes, uint16_t max)
{
	const char *payload = mnl_attr_get_payload(nest);

	collect((const struct nlattr *)payload, payload + mnl_attr_get_payload_len(nest),
		attributes, max);
}
