/* plan.h: what varies in a frame, and by what: made once, before any of its images is built. What
 * build.c, compile.c, generators.c and place.c share. */
#ifndef FRAME_PLAN_H
#define FRAME_PLAN_H

#include "frame/vary.h"
#include "patch/program.h"

#define VARY_IMAGES_MAX 65536U

/* A value that varies, in the order of vary_fields. */
struct vary_part {
	const struct vary_field *of;
	int follows; /* index of the field that it is the same as; -1: none, or a constant one */
	int source;  /* index of the field whose numbers it takes in the end, be it its own; -1: it
			is constant, and `first` holds it */
	bool chosen; /* by the image: it changes the frame's shape */
	/* Of a source that is chosen: all its values. */
	const struct wire_value *choices;
	unsigned int choice_count;
	unsigned int stride; /* images */
	/* Of a source that is not: its generators, one a word; VARY_NO_GENERATOR where that is
	 * constant. */
	uint32_t *generators;
	unsigned int word_count;
};

#define VARY_NO_GENERATOR UINT32_MAX

struct vary_plan {
	const struct frame_spec *spec;
	struct vary_fields fields;
	struct vary_part *parts;  /* one a field */
	struct wire_value *first; /* one a field: the frame of turn 0, but of what is random */
	/* The payload's length, VARY_SIZE_OWN where that is its own matter. */
	uint32_t around; /* octets of a frame of a given size that are not payload */
	uint32_t size_first;
	uint32_t *sizes; /* all of them; NULL where there is one */
	unsigned int size_count;
	unsigned int size_stride;
};

/* Whose memory is the arena's; spec is borrowed. */
int vary_plan(
	struct arena *arena, const struct frame_spec *spec, struct vary_plan *ret, struct err *err);

static inline bool vary_plan_varies(const struct vary_plan *plan)
{
	return plan->fields.count || plan->spec->size.mode != SPEC_SIZE_OWN;
}

/* The spec of these values; those that are the same as others are set in values by them. */
void vary_plan_settle(struct arena *arena, const struct vary_plan *plan, struct wire_value *values,
	uint32_t size, struct frame_spec *ret);

/* The spec of image number `image`: of its choices the values, of all else the first. */
void vary_plan_image(struct arena *arena, const struct vary_plan *plan, unsigned int image,
	struct frame_spec *ret);

/* The layer that is brought to the frame's size, where it is a payload: the last one, but for a
 * signature. spec->count where there is none. */
unsigned int vary_payload_layer(const struct frame_spec *spec);

/* Whether the field is the payload that is brought to the frame's size. */
bool vary_is_stretched(const struct vary_plan *plan, const struct vary_field *field);

/* Whether what the field varies over is what it can have; -EINVAL with *err at its place. */
int vary_check(const struct vary_field *field, struct err *err);

/* "FILE:LINE:COLUMN: udp.sport: " before the text; returns -EINVAL. */
int vary_refuse(const struct vary_field *field, struct err *err);

/* The bits of field that follow bits of its source: *ret_low, and the count of them. All of the
 * field, or its part. */
unsigned int vary_bits(const struct vary_field *field, size_t width, unsigned int *ret_low);

/* ---- shape.c ---- */

/* Sets `chosen` of each part. */
void vary_decide_shapes(struct vary_plan *plan);

/* ---- generators.c ---- */

/* Makes the generators of the frame: those of the choices, those of the rest. name is the frame's,
 * for its random streams. */
int vary_generators(struct arena *arena, struct vary_plan *plan, const char *name, uint64_t seed,
	struct patch_varying *ret, struct err *err);

/* ---- place.c ---- */

/* The writes, sums and touches over the octets of view, which frame_build_settled made of settled.
 * All that ret points to is the arena's, but its octets. -EINVAL with *err where a row cannot have
 * the values. */
int vary_place(struct arena *arena, const struct vary_plan *plan, const struct frame_spec *settled,
	const struct frame_view *view, struct patch_image *ret, struct err *err);

#endif
