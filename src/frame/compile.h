/* compile.h: turns specs into the program that a sender runs. */
#ifndef FRAME_COMPILE_H
#define FRAME_COMPILE_H

#include "frame/spec.h"
#include "frame/view.h"
#include "patch/runner.h"

struct arena;
struct err;
struct vary_plan;

/* Who puts the FCS on a frame. */
enum fcs_way {
	FCS_NIC,     /* the device appends its own; a file has none */
	FCS_REPLACE, /* ours goes out, the device's does not (SO_NOFCS); a file has ours */
	FCS_APPEND,  /* four octets after the payload, and then the device's */
	FCS_WAYS,
};

/* A frame of the program, and what it was made of. */
struct compiled_frame {
	const struct frame_spec *spec;
	struct vary_plan *plan;
	struct frame_view view; /* of its first values */
	bool payload_varies;	/* of a fragment: as its datagram does */
};

/* All of it is the arena's, and the specs are borrowed. */
struct frame_compiled {
	struct patch_program program;
	const struct compiled_frame *frames; /* as many as the program has */
};

/*
 * Builds each frame by frame_build, once for each shape that it takes, and works out what is then
 * written from frame to frame. ways[count] says how the FCS goes out; NULL is FCS_NIC for all. The
 * same specs and seed give the same octets. Beside the errors of frame_build, -EINVAL with *err at
 * the place of a value that cannot vary as it is to.
 */
int frame_compile(struct arena *arena, const struct frame_spec *specs, unsigned int count,
	const enum fcs_way *ways, uint64_t seed, struct frame_compiled *ret, struct err *err);

/*
 * The view of the frame that a runner of the program made at index of the run: its octets copied,
 * lengths and checksums checked, and marked what varies. The view is the arena's.
 */
int frame_compiled_view(struct arena *arena, const struct frame_compiled *compiled, uint64_t index,
	const struct patch_slot *slot, struct frame_view *ret, struct err *err);

/* Marks the fields that differ from those of the frame before it. */
void frame_mark_changed(struct frame_view *view, const struct frame_view *before);

#endif
