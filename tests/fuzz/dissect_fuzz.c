/*
 * Reads any octets as a frame of any first protocol, makes a spec of what was read, builds it, and
 * wants the same octets. The first octet of the input chooses what is known of the FCS, the second
 * the protocol.
 */
#include "base/arena.h"
#include "frame/build.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned int protocol_count(void)
{
	unsigned int count = 0;

	while (wire_protocols[count])
		count++;
	return count;
}

static void __attribute__((noreturn)) broken(const char *what, const char *why)
{
	fprintf(stderr, "%s%s\n", what, why);
	abort();
}

/* Every octet is in one layer, or in the padding. */
static void want_covered_once(const struct frame_view *view)
{
	uint32_t at = 0;

	for (unsigned int i = 0; i < view->count; i++) {
		if (view->layers[i].header.offset != at)
			broken("layers overlap, or leave octets out", "");
		at += view->layers[i].header.length;
	}
	if (at != view->pad_offset || at + view->pad_length != view->length)
		broken("octets are neither in a layer nor in the padding", "");
}

static void try_octets(struct arena *arena, const struct wire_protocol *first, enum dissect_fcs fcs,
	const uint8_t *octets, size_t length)
{
	struct frame_view read;
	struct frame_view built;
	struct frame_spec spec;
	struct err err = { 0 };

	frame_dissect(arena, first, octets, length, fcs, &read);
	want_covered_once(&read);
	frame_respec(arena, &read, &spec);
	if (frame_build(arena, &spec, &built, &err))
		broken("not built again: ", err.text);
	if (built.length != read.length ||
		(read.length && memcmp(built.octets, octets, read.length)))
		broken("built again as other octets", "");
	if (read.fcs != VIEW_FCS_NONE && memcmp(built.fcs_octets, read.fcs_octets, FCS_LENGTH))
		broken("built again with another FCS", "");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena;

	if (size < 2 || size - 2 > FRAME_LENGTH_MAX)
		return 0;
	arena_init(&arena);
	try_octets(&arena, wire_protocols[data[1] % protocol_count()],
		(enum dissect_fcs)(data[0] % 3), data + 2, size - 2);
	arena_fini(&arena);
	return 0;
}
