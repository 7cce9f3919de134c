/* Requests that rules answer, or nearly. */
#include "random_request.h"

#include "base/arena.h"
#include "frame/build.h"
#include "frame/rewrite.h"
#include "random.h"

#include <stdlib.h>
#include <string.h>

void support_random_request(uint64_t *random, struct arena *arena, const struct respond_rule *rule,
	uint8_t *octets, uint32_t *length)
{
	struct frame_spec request, answer;
	struct frame_view view;
	struct spec_layer *last;
	uint32_t size = (uint32_t)support_random_below(random, 3)
				? (uint32_t)support_random_below(random, 40)
				: (uint32_t)support_random_below(random, 1400);

	if (respond_example(arena, rule, &request, &answer, NULL))
		abort();
	last = &request.layers[request.count - 1];
	if (last->protocol == &wire_payload) {
		uint8_t *payload = arena_alloc(arena, size + 1);

		for (uint32_t i = 0; i < size; i++)
			payload[i] = (uint8_t)support_random_below(random, 256);
		last->header.values[0].value =
			(struct wire_value){ .octets = payload, .length = size };
	}
	if (frame_build(arena, &request, &view, NULL))
		abort();
	memcpy(octets, view.octets, view.length);
	*length = view.length;
	for (uint64_t i = support_random_below(random, 4); i; i--)
		octets[support_random_below(
			random, support_random_below(random, 2) ? 60 : *length)] =
			(uint8_t)support_random_below(random, 256);
	if (support_random_below(random, 2)) {
		uint8_t *repaired = arena_alloc(arena, view.length);

		frame_dissect(arena, &wire_eth, octets, *length, DISSECT_FCS_ABSENT, &view);
		frame_rewrite(&view, repaired, NULL, 0, true);
		memcpy(octets, repaired, *length);
	}
	if (!support_random_below(random, 8))
		*length -= (uint32_t)support_random_below(random, *length + 1);
	else if (!support_random_below(random, 8))
		*length += (uint32_t)support_random_below(random, 20);
}
