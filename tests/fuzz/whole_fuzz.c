/*
 * Makes of any octets frames that arrive, most of them IP fragments with a header that is right,
 * and wants of probe/whole that no octet out of bounds is read, and that what it makes whole is a
 * whole packet that says its own length.
 */
#include "base/bytes.h"
#include "flow/ip.h"
#include "probe/whole.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAC_OCTETS 12U
#define TAG_OCTETS 4U
#define UNITS	   8U

enum kind { KIND_IPV4, KIND_IPV6, KIND_RAW, KINDS };

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t take(struct input *input)
{
	if (!input->left)
		return 0;
	input->left--;
	return *input->at++;
}

static void take_octets(struct input *input, uint8_t *ret, size_t length)
{
	size_t there = length < input->left ? length : input->left;

	memset(ret, 0, length);
	memcpy(ret, input->at, there);
	input->at += there;
	input->left -= there;
}

static void __attribute__((noreturn)) broken(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

/* Behind both MACs and a tag or none. The octets there are in it. */
static uint32_t put_fragment(struct input *input, enum kind kind, uint8_t *octets)
{
	static const uint8_t addresses[2][16] = { { 10, 0, 0, 2, 1 }, { 10, 0, 0, 1, 2 } };
	uint8_t shape = take(input), place = take(input);
	struct ip_fields fields = {
		.address_length = kind == KIND_IPV4 ? 4 : 16,
		.hop_limit = 64,
		.protocol = shape & 1 ? 17 : 1,
		.source = addresses[0],
		.destination = addresses[1],
		.length = take(input),
		.fragment = true,
		.more = shape & 2,
		.id = shape >> 6,
		.fragment_offset = place * UNITS,
	};
	uint32_t at = MAC_OCTETS;

	/* Near the end of what there may be, too. */
	if (shape & 4)
		fields.fragment_offset += 65536U - 256U * UNITS;
	memset(octets, 2, MAC_OCTETS);
	if (shape & 8) {
		bytes_put_be16(octets + at, 0x8100);
		bytes_put_be16(octets + at + 2, shape >> 4 & 3);
		at += TAG_OCTETS;
	}
	bytes_put_be16(octets + at, kind == KIND_IPV4 ? 0x0800 : 0x86dd);
	at += 2;
	at += (uint32_t)ip_write(&fields, octets + at);
	take_octets(input, octets + at, fields.length);
	return at + (uint32_t)fields.length;
}

static uint32_t put_raw(struct input *input, uint8_t *octets)
{
	uint32_t length = take(input);

	take_octets(input, octets, length);
	return length;
}

static void check(const struct receiver_frame *frame, const struct answer_frame *answer)
{
	const struct answer_packet *packet = &answer->packets[0];

	if (frame->captured != frame->length || !answer->count)
		broken("what was made whole cannot be read");
	if (packet->fragment || packet->cut || packet->end != frame->length)
		broken("what was made whole is no whole packet");
}

/* In memory of its own, so that a step beyond its end is seen. */
static void feed(struct whole *whole, const uint8_t *octets, uint32_t length, uint64_t now)
{
	uint8_t *copy = malloc(length ? length : 1);
	struct receiver_frame frame = { .captured = length, .length = length };
	struct answer_frame answer;

	if (!copy)
		abort();
	memcpy(copy, octets, length);
	frame.octets = copy;
	if (whole_take(whole, &frame, now, &answer) && frame.octets != copy)
		check(&frame, &answer);
	free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };
	struct whole *whole;
	uint64_t now = 0;

	if (whole_new(&whole))
		abort();
	while (input.left) {
		uint8_t octets[512];
		uint8_t step = take(&input);
		enum kind kind = step % KINDS;
		uint32_t length = kind == KIND_RAW ? put_raw(&input, octets)
						   : put_fragment(&input, kind, octets);

		/* Seconds pass now and then: what is old is given up. */
		now += (uint64_t)(step / KINDS) * 1000000000U;
		feed(whole, octets, length - (length && step & 0x80 ? 1 : 0), now);
	}
	if (whole_lacking(whole) > size)
		broken("more datagrams lack a fragment than there were frames");
	whole_free(whole);
	return 0;
}
