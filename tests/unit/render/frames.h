/* frames.h: the frames that the tests of render look at. */
#ifndef TESTS_RENDER_FRAMES_H
#define TESTS_RENDER_FRAMES_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "frame/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A layer's field as a template would write it. */
struct frames_value {
	const char *layer, *field, *text;
};

/* Builds the layers with the values, each of which belongs to the first layer of its name. */
static inline void frames_build(struct arena *arena, const char *const *layers, size_t layer_count,
	const struct frames_value *values, size_t value_count, struct frame_view *view)
{
	struct frame_spec spec = { .name = "test" };
	struct err err = { 0 };
	size_t i, j;

	for (i = 0; i < layer_count; i++) {
		struct spec_layer *layer =
			spec_layer_add(&spec, arena, wire_protocol_find(layers[i]));

		for (j = 0; j < value_count; j++)
			if (!strcmp(values[j].layer, layers[i]) &&
				spec_layer_set(layer, arena, values[j].field, values[j].text, &err))
				fail_msg("%s", err.text);
	}
	if (frame_build(arena, &spec, view, &err))
		fail_msg("%s", err.text);
}

static const char *const frames_udp_layers[] = { "eth", "ipv4", "udp", "payload" };
static const struct frames_value frames_udp_values[] = {
	{ "eth", "dst", "02:00:00:00:00:02" },
	{ "eth", "src", "02:00:00:00:00:01" },
	{ "ipv4", "src", "10.0.0.1" },
	{ "ipv4", "dst", "10.0.0.2" },
	{ "udp", "sport", "1000" },
	{ "udp", "dport", "2000" },
	{ "payload", "data", "68690a" },
};

/* "hi\n" from 10.0.0.1:1000 to 10.0.0.2:2000, padded to 60 octets. */
static inline void frames_udp(struct arena *arena, struct frame_view *view)
{
	frames_build(arena, frames_udp_layers, 4, frames_udp_values,
		sizeof(frames_udp_values) / sizeof(frames_udp_values[0]), view);
}

/* The view of hex digits, as from a capture. */
static inline void frames_dissect(
	struct arena *arena, const char *hex, enum dissect_fcs fcs, struct frame_view *view)
{
	size_t length = strlen(hex) / 2;
	uint8_t *octets = arena_alloc(arena, length);
	size_t i;

	for (i = 0; i < length; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		octets[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	frame_dissect(arena, &wire_eth, octets, length, fcs, view);
}

#endif
