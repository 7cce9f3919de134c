/* A frame from fields, in hex: what is not set is automatic. */
#include <stdio.h>

#include "base/arena.h"
#include "frame/build.h"

int main(void)
{
	struct arena arena;
	struct err err;
	struct frame_spec spec = { .name = "hello" };
	struct frame_view view;
	struct spec_layer *eth;
	int rc = 1;

	arena_init(&arena);
	eth = spec_layer_add(&spec, &arena, &wire_eth);
	if (spec_layer_set(eth, &arena, "dst", "ff:ff:ff:ff:ff:ff", &err) ||
		spec_layer_set(eth, &arena, "src", "02:00:00:00:00:01", &err) ||
		spec_layer_set(eth, &arena, "type", "0x88b5", &err) ||
		spec_layer_set(spec_layer_add(&spec, &arena, &wire_payload), &arena, "data", "cafe",
			&err) ||
		frame_build(&arena, &spec, &view, &err)) {
		fprintf(stderr, "%s\n", err.text);
		goto done;
	}
	for (size_t i = 0; i < view.length; i++)
		printf("%02x", view.octets[i]);
	printf("\n");
	rc = 0;
done:
	arena_fini(&arena);
	return rc;
}
