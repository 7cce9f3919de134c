/* An address of our own on the link: probed for before use, announced, and answered for. */
#include "stack/ground.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* RFC 5227 2.1.1 waits seconds and RFC 4862 5.4 one; who asks for an address by hand wants it now,
 * and whoever has it answers within milliseconds. */
#define PROBES	 3
#define PROBE_NS 100000000ULL

static const uint8_t nobody[16];

static struct resolution_self self_of(const struct user_stack *stack, bool probing)
{
	return (struct resolution_self){
		.address_length = stack->own.length,
		.mac = stack->own.mac,
		.address = probing ? nobody : stack->own.address,
	};
}

static void announce(struct user_stack *stack)
{
	struct resolution_self self = self_of(stack, false);
	uint8_t frame[RESOLUTION_FRAME_MAX];

	ground_send_frame(stack, stack->only, frame, resolution_write_answer(&self, NULL, frame));
}

int own_claim(struct user_stack *stack, struct err *err)
{
	struct resolution_self self = self_of(stack, true);
	uint8_t frame[RESOLUTION_FRAME_MAX];
	char text[INET6_ADDRSTRLEN] = "";

	stack->own.probing = true;
	for (int i = 0; i < PROBES && !stack->own.duplicate; i++) {
		ground_send_frame(stack, stack->only, frame,
			resolution_write_question(&self, stack->own.address, frame));
		ground_listen(stack, stack->clock->now(stack->clock->context) + PROBE_NS);
	}
	stack->own.probing = false;
	if (stack->failure.kind != ERR_NONE) {
		*err = stack->failure;
		return -EIO;
	}
	if (stack->own.duplicate) {
		inet_ntop(stack->own.length == 4 ? AF_INET : AF_INET6, stack->own.address, text,
			sizeof(text));
		return err_system(err, EADDRINUSE, "%s is somebody else's on this link", text);
	}
	announce(stack);
	return 0;
}

static bool is_own(
	const struct user_stack *stack, const struct resolution *heard, const uint8_t *address)
{
	return heard->address_length == stack->own.length &&
	       !memcmp(address, stack->own.address, stack->own.length);
}

/* Somebody else has the address, or wants it at the same time. */
static bool is_claim(const struct user_stack *stack, const struct resolution *heard)
{
	if (heard->has_mac && !memcmp(heard->mac, stack->own.mac, sizeof(stack->own.mac)))
		return false;
	if (heard->answer)
		return is_own(stack, heard, heard->target);
	return is_own(stack, heard, heard->sender) ||
	       (heard->probe && is_own(stack, heard, heard->target));
}

bool own_hear(struct user_stack *stack, int interface, const struct resolution *heard)
{
	struct resolution_self self = self_of(stack, false);
	uint8_t frame[RESOLUTION_FRAME_MAX];

	if (!stack->own.on || interface != stack->only)
		return false;
	if (stack->own.probing) {
		stack->own.duplicate |= is_claim(stack, heard);
		return stack->own.duplicate;
	}
	if (heard->answer || !is_own(stack, heard, heard->target))
		return false;
	ground_send_frame(stack, interface, frame, resolution_write_answer(&self, heard, frame));
	return true;
}
