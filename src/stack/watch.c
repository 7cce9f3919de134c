/* The record and the trace: every frame that went, or came and was for us. */
#include "stack/ground.h"

#include "link/pcapfile.h"

#include <string.h>

static void see(
	struct user_stack *stack, bool out, int interface, const uint8_t *octets, size_t length)
{
	struct err err;

	if (stack->config.trace) {
		const struct stack_trace trace = { out, stack->now, interface, octets, length };

		stack->config.trace(stack->config.trace_context, &trace);
	}
	if (stack->record && pcapfile_write(stack->record, clock_wall(), octets, (uint32_t)length,
				     (uint32_t)length, &err))
		ground_fail(stack, &err);
}

static bool is_watched(const struct user_stack *stack)
{
	return stack->config.trace || stack->record;
}

void ground_seen(struct user_stack *stack, const struct outside_message *message)
{
	size_t length = 0;

	if (!is_watched(stack))
		return;
	if (message->loopback) { /* as lo has it */
		memset(stack->scratch, 0, ETH_HEADER);
		stack->scratch[12] = message->address_length == 4 ? 0x08 : 0x86;
		stack->scratch[13] = message->address_length == 4 ? 0x00 : 0xdd;
		length = ETH_HEADER;
	}
	for (unsigned int i = 0; i < message->count; i++) {
		const struct iovec *part = &message->parts[i];

		if (part->iov_len > GROUND_SCRATCH - length)
			return;
		memcpy(stack->scratch + length, part->iov_base, part->iov_len);
		length += part->iov_len;
	}
	see(stack, true, message->interface, stack->scratch, length);
}

void ground_heard(struct user_stack *stack, const struct outside_frame *frame)
{
	if (is_watched(stack))
		see(stack, false, frame->interface, frame->octets, frame->length);
}
