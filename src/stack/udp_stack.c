/* UDP (RFC 768) among the protocols of a stack: finds whom a datagram is for, and keeps it there.
 */
#include "stack/udp_flow.h"

#include "base/bytes.h"
#include "base/err.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#define QUEUE_MAX (8U * 1024U * 1024U) /* octets of datagrams that nobody read yet */

static struct udp_socket *of_entry(struct tuple_entry *entry)
{
	return entry ? (struct udp_socket *)(void *)((uint8_t *)entry -
						     offsetof(struct udp_socket, entry))
		     : NULL;
}

static void put_in_queue(struct udp_socket *socket, struct udp_datagram *datagram)
{
	*socket->queue_end = datagram;
	socket->queue_end = &datagram->next;
	socket->queued += datagram->length + UDP_OVERHEAD;
	socket_news(&socket->base);
}

static struct udp_datagram *datagram_new(
	const struct udp_socket *socket, const uint8_t *octets, size_t length)
{
	struct udp_datagram *datagram;

	if (socket->queued + length + UDP_OVERHEAD > QUEUE_MAX)
		return NULL;
	datagram = malloc(sizeof(*datagram) + length);
	if (!datagram)
		return NULL;
	*datagram = (struct udp_datagram){ .length = length };
	if (length)
		memcpy(datagram->octets, octets, length);
	return datagram;
}

static void take_datagram(struct udp_socket *socket, const struct stack_packet *packet,
	uint16_t port, const uint8_t *octets, size_t length)
{
	struct udp_datagram *datagram = datagram_new(socket, octets, length);

	if (!datagram) /* as the kernel: who reads too slowly loses */
		return;
	datagram->from = stack_packet_sender(packet, port);
	put_in_queue(socket, datagram);
}

/* The data's length by the header; that of a super-frame may not fit in it. */
static size_t data_length(const struct stack_packet *packet)
{
	size_t length = bytes_get_be16(packet->octets + 4);

	if (packet->segment_size || (!length && packet->address_length == 16))
		return packet->length - UDP_HEADER;
	if (length < UDP_HEADER || length > packet->length)
		return SIZE_MAX;
	return length - UDP_HEADER;
}

static void udp_input(void *state, const struct stack_packet *packet)
{
	struct udp *udp = state;
	const uint8_t *octets = packet->octets + UDP_HEADER;
	uint16_t port = bytes_get_be16(packet->octets);
	struct tuple tuple = tuple_of(packet->address_length, packet->destination,
		bytes_get_be16(packet->octets + 2), packet->source, port);
	struct udp_socket *socket = of_entry(tuple_match(&udp->sockets, &tuple));
	size_t length = data_length(packet);
	size_t segment = packet->segment_size;

	if (!socket && !packet->unicast && user_own_address(udp->stack, packet->address_length)) {
		/* Of an address of our own any is this one; it hears broadcasts too. */
		memcpy(tuple.local, user_own_address(udp->stack, packet->address_length),
			packet->address_length);
		socket = of_entry(tuple_listener(&udp->sockets, &tuple));
	}
	if (!socket || length == SIZE_MAX)
		return;
	if (!segment || segment > length)
		segment = length;
	do {
		size_t part = segment < length ? segment : length;

		take_datagram(socket, packet, port, octets, part);
		octets += part;
		length -= part;
	} while (length);
}

static bool udp_error(void *state, const struct stack_error *error)
{
	struct udp *udp = state;
	struct tuple tuple = tuple_of(error->address_length, error->source, error->source_port,
		error->destination, error->destination_port);
	struct udp_socket *socket = of_entry(tuple_match(&udp->sockets, &tuple));
	struct udp_datagram *datagram;

	if (!socket)
		return false;
	if (error->error == EMSGSIZE) /* the next one goes by the new MTU, in fragments */
		return true;
	if (socket->connected)
		socket->error = -error->error;
	datagram = datagram_new(socket, NULL, 0);
	if (!datagram)
		return true;
	datagram->error = error->error;
	datagram->from = (struct stack_address){ .length = error->address_length,
		.port = error->destination_port };
	memcpy(datagram->from.octets, error->destination, error->address_length);
	put_in_queue(socket, datagram);
	return true;
}

static int udp_open(void **ret_state, struct user_stack *stack, struct err *err)
{
	struct udp *udp = calloc(1, sizeof(*udp));

	if (udp)
		udp->small = calloc(UDP_SMALL_COUNT, sizeof(*udp->small));
	if (!udp || !udp->small || tuple_table_init(&udp->sockets, user_random(stack))) {
		if (udp)
			free(udp->small);
		free(udp);
		return err_system(err, ENOMEM, "no memory for UDP");
	}
	udp->stack = stack;
	*ret_state = udp;
	return 0;
}

static void udp_protocol_close(void *state)
{
	struct udp *udp = state;

	tuple_table_fini(&udp->sockets);
	free(udp->small);
	free(udp);
}

static uint64_t udp_deadline(const void *state)
{
	return udp_held_until(state);
}

/* After the round's flush nothing refers to the copies any more. */
static void udp_run(void *state, uint64_t now)
{
	struct udp *udp = state;

	if (udp_held_until(udp) <= now)
		udp_release_held(udp);
	user_flush(udp->stack);
	udp->small_used = 0;
}

static size_t udp_ending(const void *state)
{
	return udp_held_until(state) != UINT64_MAX;
}

const struct stack_protocol stack_udp = {
	.number = IPPROTO_UDP,
	.kind = SOCKET_UDP,
	.open = udp_open,
	.close = udp_protocol_close,
	.socket = udp_socket_new,
	.input = udp_input,
	.error = udp_error,
	.deadline = udp_deadline,
	.run = udp_run,
	.ending = udp_ending,
};
