/* Datagrams that go wrong on purpose. */
#include "stack/udp_flow.h"

#include "base/err.h"
#include "stack/mischief.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A datagram that no other follows is late by so much. */
#define LATE_NS 50000000ULL

struct udp_held {
	struct udp_socket *socket;
	struct stack_address to;
	bool bad_checksum;
	unsigned int copies;
	uint64_t until;
	size_t length;
	uint8_t octets[];
};

void udp_release_held(struct udp *udp)
{
	struct udp_held *held = udp->held;
	struct err err;

	if (!held)
		return;
	udp->held = NULL;
	if (!udp_route(held->socket, &held->to, &err))
		for (unsigned int i = 0; i < held->copies; i++)
			udp_put(held->socket, &(struct iovec){ held->octets, held->length }, 0,
				held->to.port, held->bad_checksum);
	free(held);
}

uint64_t udp_held_until(const struct udp *udp)
{
	return udp->held ? udp->held->until : UINT64_MAX;
}

static unsigned int copies_of(const struct mischief_fate *fate)
{
	if (fate->drop)
		return 0;
	return fate->duplicate ? 2 : 1;
}

static int hold(struct udp_socket *socket, const struct iovec *data, const struct stack_address *to,
	const struct mischief_fate *fate)
{
	struct udp *udp = socket->udp;
	struct udp_held *held = malloc(sizeof(*held) + data->iov_len);

	if (!held)
		return -ENOMEM;
	*held = (struct udp_held){
		.socket = socket,
		.to = *to,
		.bad_checksum = fate->corrupt,
		.copies = copies_of(fate),
		.until = user_now(udp->stack) + LATE_NS,
		.length = data->iov_len,
	};
	if (data->iov_len)
		memcpy(held->octets, data->iov_base, data->iov_len);
	udp->held = held;
	return 0;
}

int udp_put_faulty(
	struct udp_socket *socket, const struct iovec *data, const struct stack_address *to)
{
	struct udp *udp = socket->udp;
	const struct mischief_fate fate = mischief_fate(user_config(udp->stack)->mischief);
	int r = 0;

	if (fate.late && !udp->held)
		return hold(socket, data, to, &fate);
	for (unsigned int i = 0; r == 0 && i < copies_of(&fate); i++)
		r = udp_put(socket, data, 0, to->port, fate.corrupt);
	udp_release_held(udp);
	return r;
}
