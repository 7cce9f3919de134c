/*
 * Frames into the stack's input, one after the other: each is its length in two octets, one octet
 * of what the kernel would tell of it (bit 0: checksum unfinished, bits 1 and 2: cast, bit 3: a
 * super-frame), and the frame. A UDP socket listens; whatever it gets is bounded by what came.
 */
#include "base/err.h"
#include "stack/user.h"

#include "../support/world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FRAME  2048
#define HEADER 3

struct fuzzed {
	struct support_world world;
	const uint8_t *data;
	size_t left;
	uint8_t frame[FRAME];
};

static int fuzzed_receive(struct outside *outside, struct outside_frame *ret, struct err *err)
{
	struct fuzzed *fuzzed = (struct fuzzed *)outside;
	size_t length;

	(void)err;
	if (fuzzed->left < HEADER)
		return 0;
	length = (size_t)(fuzzed->data[0] << 8 | fuzzed->data[1]) % FRAME;
	if (length > fuzzed->left - HEADER)
		length = fuzzed->left - HEADER;
	memcpy(fuzzed->frame, fuzzed->data + HEADER, length);
	*ret = (struct outside_frame){ .octets = fuzzed->frame,
		.length = length,
		.interface = SUPPORT_INDEX,
		.cast = (enum outside_cast)(fuzzed->data[2] >> 1 & 3),
		.unfinished = fuzzed->data[2] & 1,
		.segment_size = fuzzed->data[2] & 8 ? 100 : 0 };
	fuzzed->data += HEADER + length;
	fuzzed->left -= HEADER + length;
	return 1;
}

/* Reads all, so that a sanitizer sees what is not ours. */
static int fuzzed_send(struct outside *outside, const struct outside_message *messages,
	unsigned int count, struct outside_failures *failures, struct err *err)
{
	static uint8_t frame[128 * 1024];

	(void)outside;
	(void)failures;
	(void)err;
	for (unsigned int i = 0; i < count; i++) {
		size_t length = 0;

		for (unsigned int j = 0; j < messages[i].count; j++) {
			if (length + messages[i].parts[j].iov_len > sizeof(frame))
				abort();
			memcpy(frame + length, messages[i].parts[j].iov_base,
				messages[i].parts[j].iov_len);
			length += messages[i].parts[j].iov_len;
		}
		if (!length)
			abort();
	}
	return 0;
}

static int fuzzed_route(struct outside *outside, int index, const uint8_t *destination,
	size_t length, struct interface_route *ret, struct err *err)
{
	(void)outside;
	(void)length;
	(void)err;
	*ret = (struct interface_route){ .index = index ? index : SUPPORT_INDEX,
		.broadcast = destination[length - 1] == 0xff };
	return 0;
}

/* Some are known, some are asked for. */
static int fuzzed_neighbour(struct outside *outside, const struct interface *interface,
	const uint8_t *hop, size_t length, uint8_t ret_mac[6])
{
	(void)outside;
	(void)interface;
	if (hop[length - 1] & 1)
		return -ENOENT;
	memset(ret_mac, 2, 6);
	return 0;
}

static const struct outside_ops fuzzed_ops = {
	.receive = fuzzed_receive,
	.send = fuzzed_send,
	.route = fuzzed_route,
	.neighbour = fuzzed_neighbour,
};

/* Echoes, so that the way out is tried as well. */
static void read_all(struct socket *socket)
{
	static uint8_t data[65536];
	struct stack_address from;
	ssize_t length;

	while ((length = socket_receive_from(socket, data, sizeof(data), &from)) != -EAGAIN)
		if (length > (ssize_t)sizeof(data))
			abort();
		else if (length >= 0)
			socket_send_to(socket, data, (size_t)length, &from);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct stack_address v4 = { .length = 4, .octets = { 10, 9, 0, 77 } };
	static const struct stack_address v6 = { .length = 16,
		.octets = { 0xfe, 0x80, [15] = 77 } };
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 77 };
	struct fuzzed fuzzed = { .left = 0 }; /* nothing comes while the stack opens */
	const struct stack_config config = { .source = size && data[0] & 1 ? &v6 : &v4,
		.source_mac = mac,
		.clock = &fuzzed.world.clock,
		.seed = 1 };
	struct stack_address local = { .port = 5000 };
	struct stack *stack;
	struct socket *socket;
	struct err err;

	if (!size)
		return 0;
	support_world_init(&fuzzed.world, &fuzzed_ops);
	if (user_open(&stack, &config, &fuzzed.world.outside, SUPPORT_INDEX, &err))
		abort();
	if (socket_open(&socket, stack, SOCKET_UDP, &err) || socket_bind(socket, &local, &err))
		abort();
	fuzzed.data = data + 1;
	fuzzed.left = size - 1;
	while (fuzzed.left >= HEADER) {
		if (stack_wait(stack, 0, &err) < 0)
			abort();
		read_all(socket);
	}
	socket_close(socket);
	stack_close(stack, &err);
	return 0;
}
