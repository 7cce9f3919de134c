/* The link over AF_PACKET: sendmmsg, in order, and counters of what the kernel truly took. */
#include "base/err.h"
#include "link/backends.h"
#include "link/packet_socket.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#define BATCH LINK_SLOTS

struct packet_link {
	struct link link;
	struct link_stats stats;
	struct packet_socket socket;
	/* A message a slot of the runner; the kernel changes nothing in them that it reads. */
	struct iovec octets[BATCH];
	struct mmsghdr messages[BATCH];
};

/* Hands over count slots that want the same SO_NOFCS. */
static int send_slots(struct packet_link *packet, const struct patch_slot *slots,
	unsigned int first, unsigned int count, struct err *err)
{
	unsigned int end = first + count;
	int r = packet_socket_set_fcs(&packet->socket, slots[first].frame->own_fcs, err);

	if (r)
		link_stats_fail(&packet->stats, -r, 1);
	while (first < end && !r) {
		int sent;

		r = packet_socket_carrier(&packet->socket, err);
		if (r) {
			link_stats_fail(&packet->stats, -r, 1);
			break;
		}
		sent = sendmmsg(
			packet->socket.fd, packet->messages + first, end - first, MSG_DONTWAIT);
		if (sent < 0) {
			r = packet_socket_refused(&packet->socket, &packet->stats, errno, err);
			first += r == 1;
			r = r < 0 ? r : 0;
			continue;
		}
		packet->socket.busy_since = 0;
		link_took(&packet->link, &packet->stats, &slots[first], (unsigned int)sent);
		first += (unsigned int)sent;
	}
	return r;
}

/* How many slots from first on want what the first does of SO_NOFCS. */
static unsigned int same_fcs(const struct patch_slot *slots, unsigned int first, unsigned int count)
{
	bool own_fcs = slots[first].frame->own_fcs;
	unsigned int end = first + 1;

	while (end < count && slots[end].frame->own_fcs == own_fcs)
		end++;
	return end - first;
}

static int send_batch(struct packet_link *packet, const struct patch_slot *slots,
	unsigned int count, struct err *err)
{
	int r = 0;

	for (unsigned int i = 0; i < count; i++) {
		packet->octets[i].iov_base = (void *)(uintptr_t)slots[i].octets;
		packet->octets[i].iov_len = slots[i].length;
	}
	for (unsigned int done = 0; !r && done < count;) {
		unsigned int some = same_fcs(slots, done, count);

		r = send_slots(packet, slots, done, some, err);
		done += some;
	}
	return r;
}

static int packet_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	struct packet_link *packet = (struct packet_link *)link;
	int r = 0;

	while (!r && count) {
		unsigned int some = count < BATCH ? (unsigned int)count : BATCH;

		patch_runner_fill(runner, first, runner->slots, some);
		r = send_batch(packet, runner->slots, some, err);
		first += some;
		count -= some;
	}
	return r;
}

static void packet_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct packet_link *)link)->stats;
}

static int packet_drain(struct link *link, struct err *err)
{
	return packet_socket_drain(&((const struct packet_link *)link)->socket, err);
}

static int packet_close(struct link *link, struct err *err)
{
	(void)err;
	packet_socket_close(&((struct packet_link *)link)->socket);
	free(link);
	return 0;
}

static const struct link_ops packet_ops = {
	.name = "packet",
	.run = packet_run,
	.stats = packet_stats,
	.drain = packet_drain,
	.close = packet_close,
};

int link_packet_open(struct link **ret, const struct link_config *config,
	const struct patch_program *program, struct err *err)
{
	struct packet_link *packet = calloc(1, sizeof(*packet));
	int r;

	(void)program; /* any */
	if (!packet)
		return err_system(err, ENOMEM, "cannot send on %s", config->interface->name);
	packet->link.ops = &packet_ops;
	for (unsigned int i = 0; i < BATCH; i++) {
		packet->messages[i].msg_hdr.msg_iov = &packet->octets[i];
		packet->messages[i].msg_hdr.msg_iovlen = 1;
	}
	r = packet_socket_open(&packet->socket, config, err);
	if (r) {
		free(packet);
		return r;
	}
	*ret = &packet->link;
	return 0;
}
