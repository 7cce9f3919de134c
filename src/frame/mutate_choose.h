/* mutate_choose.h: what of a frame is made wrong; mutate.c and mutate_choose.c alone include it. */
#ifndef FRAME_MUTATE_CHOOSE_H
#define FRAME_MUTATE_CHOOSE_H

#include "frame/mutate.h"
#include "frame/mutate_value.h"

struct mutator {
	struct arena *arena;
	const struct mutate_config *config;
	const struct spec_fcs *fcs;
	struct mutate_draw draw;
	uint32_t length_max;
	struct frame_view view; /* as it is so far */
	struct frame_spec spec; /* that builds it, and is then changed */
};

/* What one mutation changes: a row of a record, or, without a row, the layer. */
struct choice {
	uint64_t seen; /* how many it was drawn from */
	unsigned int layer;
	struct spec_record *record;
	const struct view_field *row;
	const char *path;
};

/* Draws one of what may be mutated, each with the same chance; false where nothing may be. Paths
 * are the arena's. */
bool mutate_choose(struct mutator *m, struct choice *ret);

/* "vlan", or "vlan[2]" of the second of two. */
const char *mutate_layer_path(
	struct arena *arena, const struct frame_view *view, unsigned int layer);

#endif
