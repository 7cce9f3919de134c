/* Frames that wait for their next hop's MAC: they leave once it is known, or fail. */
#include "stack/ground.h"

#include "base/bytes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A frame that waits for its next hop's MAC, with which its (innermost) Ethernet header begins. */
struct pending {
	struct pending *next;
	struct outside_message message; /* its one part is octets */
	struct held_packet packet;
	size_t length;
	uint8_t octets[];
};

int ground_hold(struct user_stack *stack, struct hop *hop, const struct outside_message *message,
	const struct held_packet *packet)
{
	size_t length = 0;
	struct pending *pending;

	for (unsigned int i = 0; i < message->count; i++)
		length += message->parts[i].iov_len;
	if (hop->pending_octets + length > HOP_PENDING_MAX ||
		stack->hops.pending_octets + length > HOPS_PENDING_MAX)
		return -ENOBUFS;
	pending = malloc(sizeof(*pending) + length);
	if (!pending)
		return -ENOMEM;
	*pending = (struct pending){ .message = *message, .packet = *packet };
	for (unsigned int i = 0; i < message->count; i++) {
		memcpy(pending->octets + pending->length, message->parts[i].iov_base,
			message->parts[i].iov_len);
		pending->length += message->parts[i].iov_len;
	}
	pending->message.count = 1;
	pending->message.parts[0] = (struct iovec){ pending->octets, length };
	*hop->pending_end = pending;
	hop->pending_end = &pending->next;
	hop->pending_octets += length;
	stack->hops.pending_octets += length;
	stack->hops.pending++;
	return 0;
}

static struct pending *take_pending(struct user_stack *stack, struct hop *hop)
{
	struct pending *pending = hop->pending;

	if (!pending)
		return NULL;
	hop->pending = pending->next;
	if (!hop->pending)
		hop->pending_end = &hop->pending;
	hop->pending_octets -= pending->length;
	stack->hops.pending_octets -= pending->length;
	stack->hops.pending--;
	return pending;
}

void ground_release(struct user_stack *stack, struct hop *hop)
{
	size_t ethernet = stack->config.wrap ? stack->config.wrap->ethernet : 0;
	struct pending *pending;

	while ((pending = take_pending(stack, hop))) {
		memcpy(pending->octets + ethernet, hop->mac, sizeof(hop->mac));
		user_flush(stack);
		stack->batch.messages[0] = pending->message;
		stack->batch.count = 1;
		user_flush(stack);
		free(pending);
	}
}

static void tell_unreachable(struct user_stack *stack, const struct pending *pending)
{
	const uint8_t *ip = pending->octets + pending->packet.network;
	const uint8_t *upper = pending->octets + pending->packet.transport;
	bool v4 = pending->message.address_length == 4;
	const struct stack_error error = {
		.address_length = pending->message.address_length,
		.source = ip + (v4 ? 12 : 8),
		.destination = ip + (v4 ? 16 : 24),
		.source_port = bytes_get_be16(upper),
		.destination_port = bytes_get_be16(upper + 2),
		.sequence = bytes_get_be32(upper + 4),
		.error = EHOSTUNREACH,
		.local = true,
	};

	ground_tell(stack, pending->packet.protocol, &error);
}

void ground_discard(struct user_stack *stack, struct hop *hop, bool quiet)
{
	struct pending *pending;

	while ((pending = take_pending(stack, hop))) {
		/* A later fragment has no ports; the first told already. */
		if (!quiet && pending->length >= pending->packet.transport + 8 &&
			pending->packet.network < pending->packet.transport)
			tell_unreachable(stack, pending);
		free(pending);
	}
}
