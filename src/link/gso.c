/*
 * The link that has the kernel cut UDP datagrams: many frames of one flow go down as one, which is
 * cut as late as can be (PACKET_VNET_HDR with VIRTIO_NET_HDR_GSO_UDP_L4).
 */
#include "link/gso_check.h"
#include "link/packet_socket.h"

#include "base/bytes.h"
#include "base/err.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define SEGMENTS    LINK_SLOTS /* 64: the kernel's UDP_MAX_SEGMENTS, before Linux 6.9 */
#define LENGTH_MAX  65535U     /* of an IP packet */
#define HEADERS_MAX 128U
#ifndef VIRTIO_NET_HDR_GSO_UDP_L4
#define VIRTIO_NET_HDR_GSO_UDP_L4 5
#endif

struct gso_link {
	struct link link;
	struct link_stats stats;
	struct packet_socket socket;
	struct gso_flow flow;
	unsigned int most; /* frames at once */
	struct virtio_net_hdr prefix;
	uint8_t headers[HEADERS_MAX]; /* of all that goes down at once */
	struct iovec parts[2 + SEGMENTS];
};

/* How many frames from index on go down as one, at most count: of an IPv4 flow, no more than till
 * its id begins anew. */
static unsigned int together(const struct gso_link *gso, uint64_t index, uint64_t count)
{
	const struct patch_generator *id = gso->flow.id;
	uint64_t most = count < gso->most ? count : gso->most;

	if (id && id->count && id->count - index % id->count < most)
		most = id->count - index % id->count;
	return (unsigned int)most;
}

/* One frame goes as it is. */
static size_t prepare_one(struct gso_link *gso, const struct patch_slot *slot)
{
	gso->prefix = (struct virtio_net_hdr){ 0 };
	gso->parts[1].iov_base = (void *)(uintptr_t)slot->octets;
	gso->parts[1].iov_len = slot->length;
	return 2;
}

/* The headers are those of the first frame, with the lengths and the pseudo header's sum of all of
 * it, and the payloads follow them. */
static size_t prepare_many(struct gso_link *gso, const struct patch_slot *slots, unsigned int count)
{
	const struct gso_flow *flow = &gso->flow;
	uint32_t payload = flow->length - flow->payload;
	uint32_t datagram = flow->payload - flow->udp + payload * count;
	uint8_t *headers = gso->headers;

	memcpy(headers, slots[0].octets, flow->payload);
	if (flow->ipv4)
		bytes_put_be16(headers + flow->ip + 2, (uint16_t)(flow->udp - flow->ip + datagram));
	else
		bytes_put_be16(headers + flow->ip + 4, (uint16_t)datagram);
	bytes_put_be16(headers + flow->udp + 4, (uint16_t)datagram);
	bytes_put_be16(headers + flow->udp + 6, gso_pseudo(flow, headers, datagram));
	gso->prefix = (struct virtio_net_hdr){
		.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
		.gso_type = VIRTIO_NET_HDR_GSO_UDP_L4,
		.hdr_len = (uint16_t)flow->payload,
		.gso_size = (uint16_t)payload,
		.csum_start = (uint16_t)flow->udp,
		.csum_offset = 6,
	};
	gso->parts[1].iov_base = headers;
	gso->parts[1].iov_len = flow->payload;
	for (unsigned int i = 0; i < count; i++) {
		gso->parts[2 + i].iov_base = (void *)(uintptr_t)(slots[i].octets + flow->payload);
		gso->parts[2 + i].iov_len = payload;
	}
	return 2 + count;
}

/* The kernel refused the frames with an errno. As packet_socket_refused; all of them are counted.
 */
static int refused(struct gso_link *gso, unsigned int count, int error, struct err *err)
{
	int r;

	if (error == EINVAL && count > 1) {
		link_stats_fail(&gso->stats, error, 1);
		r = err_system(err, error, "%s: the kernel does not cut UDP for packet sockets",
			gso->socket.interface.name);
		err_hint(err, "; Linux 6.2 does; use --backend packet");
		return r;
	}
	r = packet_socket_refused(&gso->socket, &gso->stats, error, err);
	if (r > 0) /* what is counted there has ENOBUFS for EAGAIN */
		link_stats_fail(&gso->stats, error == EAGAIN ? ENOBUFS : error, count - 1);
	return r;
}

static int send_together(
	struct gso_link *gso, const struct patch_slot *slots, unsigned int count, struct err *err)
{
	struct msghdr message = { .msg_iov = gso->parts };
	int r = packet_socket_carrier(&gso->socket, err);

	if (r)
		link_stats_fail(&gso->stats, -r, 1);
	message.msg_iovlen = count == 1 ? prepare_one(gso, slots) : prepare_many(gso, slots, count);
	while (!r) {
		if (sendmsg(gso->socket.fd, &message, MSG_DONTWAIT) >= 0) {
			gso->socket.busy_since = 0;
			link_took(&gso->link, &gso->stats, slots, count);
			return 0;
		}
		r = refused(gso, count, errno, err);
	}
	return r < 0 ? r : 0;
}

static int gso_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	struct gso_link *gso = (struct gso_link *)link;
	int r = 0;

	while (!r && count) {
		unsigned int some = together(gso, first, count);

		patch_runner_fill(runner, first, runner->slots, some);
		r = send_together(gso, runner->slots, some, err);
		first += some;
		count -= some;
	}
	return r;
}

static void gso_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct gso_link *)link)->stats;
}

static int gso_drain(struct link *link, struct err *err)
{
	return packet_socket_drain(&((const struct gso_link *)link)->socket, err);
}

static int gso_close(struct link *link, struct err *err)
{
	(void)err;
	packet_socket_close(&((struct gso_link *)link)->socket);
	free(link);
	return 0;
}

static const struct link_ops gso_ops = {
	.name = "gso",
	.run = gso_run,
	.stats = gso_stats,
	.drain = gso_drain,
	.close = gso_close,
};

static int open_socket(struct gso_link *gso, const struct link_config *config, struct err *err)
{
	int on = 1;
	int r = packet_socket_open(&gso->socket, config, err);

	if (r)
		return r;
	if (!setsockopt(gso->socket.fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof(on)))
		return 0;
	r = err_system(err, errno, "%s: cannot send with PACKET_VNET_HDR", config->interface->name);
	packet_socket_close(&gso->socket);
	return r;
}

int link_gso_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err)
{
	struct gso_flow flow;
	struct gso_link *gso;
	int r = gso_check_program(config->interface, program, &flow, err);

	if (!r)
		r = gso_check_interface(config, &flow, program->frames, err);
	if (r)
		return r;
	gso = calloc(1, sizeof(*gso));
	if (!gso)
		return err_system(err, ENOMEM, "cannot send on %s", config->interface->name);
	r = open_socket(gso, config, err);
	if (r) {
		free(gso);
		return r;
	}
	gso->link.ops = &gso_ops;
	gso->flow = flow;
	gso->most = (LENGTH_MAX - (flow.payload - flow.ip)) / (flow.length - flow.payload);
	if (gso->most > SEGMENTS)
		gso->most = SEGMENTS;
	gso->parts[0] = (struct iovec){ &gso->prefix, sizeof(gso->prefix) };
	*ret = &gso->link;
	return 0;
}
