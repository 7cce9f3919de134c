/* The record and the trace: every frame that went, or came and was for us. */
#include "stack/ground.h"

#include "base/bytes.h"
#include "link/pcapfile.h"
#include "wire/checksum.h"

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

/* What was left to a device, or to nobody where the frame meets none: who reads the record, or the
 * trace, is to see what is wrong alone as wrong. Of a super-frame it is that of the whole. */
static void finish(uint8_t *octets, size_t length, size_t start, size_t offset)
{
	uint16_t value;

	if (start > length || length - start < offset + sizeof(value))
		return;
	value = checksum_finish(checksum_add(0, octets + start, length - start));
	/* As the kernel has it: RFC 768, and the same number to TCP. */
	bytes_put_be16(octets + start + offset, value ? value : UINT16_MAX);
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
	if (message->unfinished)
		finish(stack->scratch, length, message->sum_start, message->sum_offset);
	see(stack, true, message->interface, stack->scratch, length);
}

void ground_heard(struct user_stack *stack, const struct outside_frame *frame,
	const struct stack_packet *packet)
{
	int offset = packet ? ip_checksum_offset(packet->protocol) : -1;
	const uint8_t *octets = frame->octets;

	if (!is_watched(stack))
		return;
	if (frame->unfinished && offset >= 0 && frame->length <= GROUND_SCRATCH) {
		size_t start = (size_t)(packet->octets - frame->octets);

		memcpy(stack->scratch, octets, frame->length);
		finish(stack->scratch, start + packet->length, start, (size_t)offset);
		octets = stack->scratch;
	}
	see(stack, false, frame->interface, octets, frame->length);
}
