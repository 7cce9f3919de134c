/* Turns specs into a patch program: images, generators, writes and sums. */
#include "frame/compile.h"

#include "base/arena.h"
#include "frame/graft.h"
#include "frame/internal.h"
#include "frame/plan.h"

#include <errno.h>
#include <string.h>

/* Octets of the images of a run, and of what is written over them. */
#define MEMORY_MAX (256ULL << 20)

struct compiler {
	struct arena *arena;
	struct arena scratch; /* of one image */
	uint64_t seed;
	uint64_t memory;
	const struct frame_spec *whole; /* the datagram that was compiled last, for fragments */
	struct patch_varying whole_varying;
	struct err *err;
};

/* ---- images ---- */

static uint32_t image_length(const struct frame_view *view, enum fcs_way way)
{
	return view->length + (way == FCS_NIC ? 0 : FCS_LENGTH);
}

/* The frame as a link is to take it: the FCS after it where that is ours. */
static const uint8_t *image_octets(
	struct arena *arena, const struct frame_view *view, enum fcs_way way)
{
	/* A frame without an FCS gets the right one. */
	const uint8_t *fcs = view->fcs == VIEW_FCS_NONE ? view->fcs_expected : view->fcs_octets;
	uint8_t *octets = arena_alloc(arena, image_length(view, way));

	memcpy(octets, view->octets, view->length);
	if (way != FCS_NIC)
		memcpy(octets + view->length, fcs, FCS_LENGTH);
	return octets;
}

static int too_much_memory(const struct compiler *c, const struct frame_spec *spec)
{
	return err_input(c->err, &spec->at,
		"the shapes of this frame take more than %llu MiB: give fewer sizes or values that "
		"change its length",
		MEMORY_MAX >> 20);
}

static struct patch_sum *sums_copy(
	struct arena *arena, const struct patch_sum *sums, unsigned int count)
{
	struct patch_sum *copies = arena_copy(arena, sums, count * sizeof(*sums));

	for (unsigned int i = 0; i < count; i++)
		copies[i].name = arena_strndup(arena, sums[i].name, strlen(sums[i].name));
	return copies;
}

/* What place.c made in the scratch arena is copied out. */
static void keep_image(struct compiler *c, struct patch_image *image)
{
	uint32_t touches = 0;

	for (unsigned int i = 0; i < image->write_count; i++)
		touches += image->writes[i].touches.count;
	for (unsigned int i = 0; i < image->sum_count; i++)
		touches += image->sums[i].touches.count;
	image->writes =
		arena_copy(c->arena, image->writes, image->write_count * sizeof(*image->writes));
	image->sums = sums_copy(c->arena, image->sums, image->sum_count);
	image->touches = arena_copy(c->arena, image->touches, touches * sizeof(*image->touches));
	c->memory += image->length + image->write_count * sizeof(*image->writes) +
		     image->sum_count * sizeof(*image->sums) + touches * sizeof(*image->touches);
}

static int compile_image(struct compiler *c, const struct vary_plan *plan, unsigned int index,
	enum fcs_way way, struct patch_image *ret)
{
	struct frame_spec settled;
	struct frame_view view;
	int status;

	arena_reset(&c->scratch);
	vary_plan_image(&c->scratch, plan, index, &settled);
	status = frame_build_settled(&c->scratch, &settled, &view, c->err);
	if (status)
		return status;
	status = vary_place(&c->scratch, plan, &settled, &view, ret, c->err);
	if (status)
		return status;
	ret->length = image_length(&view, way);
	ret->octets = image_octets(c->arena, &view, way);
	keep_image(c, ret);
	return c->memory > MEMORY_MAX ? too_much_memory(c, plan->spec) : 0;
}

static enum patch_fcs fcs_of(const struct frame_spec *spec, enum fcs_way way)
{
	if (way == FCS_NIC || spec->fcs.mode == SPEC_FCS_GIVEN)
		return PATCH_FCS_FIXED;
	return spec->fcs.mode == SPEC_FCS_BAD ? PATCH_FCS_BAD : PATCH_FCS_RIGHT;
}

/* ---- frames ---- */

static int compile_varying(struct compiler *c, const struct compiled_frame *compiled,
	enum fcs_way way, const char *name, struct patch_frame *frame)
{
	struct patch_varying *varying = arena_alloc(c->arena, sizeof(*varying));
	struct patch_image *images;
	int status = vary_generators(c->arena, compiled->plan, name, c->seed, varying, c->err);

	if (status)
		return status;
	images = arena_alloc(c->arena, varying->image_count * sizeof(*images));
	for (unsigned int i = 0; !status && i < varying->image_count; i++)
		status = compile_image(c, compiled->plan, i, way, &images[i]);
	if (status)
		return status;
	varying->images = images;
	varying->fcs = fcs_of(compiled->spec, way);
	frame->octets = images[0].octets;
	frame->length = images[0].length;
	if (varying->image_count > 1 || images[0].write_count)
		frame->varying = varying;
	return 0;
}

/* What a frame's random values hang on: all fragments of a datagram have the same. */
static const struct frame_spec *stream_of(const struct frame_spec *spec)
{
	return spec->fragment ? spec->fragment->whole : spec;
}

static const char *name_of(const struct frame_spec *spec)
{
	return spec->name ? spec->name : "";
}

/* A frame's name with how often it was there before, so that no two have the same random values. */
static const char *stream_name(
	struct arena *arena, const struct frame_spec *specs, unsigned int index)
{
	const char *name = name_of(stream_of(&specs[index]));
	const struct frame_spec *before = NULL;
	unsigned int nth = 1;

	for (unsigned int i = 0; i < index; i++) {
		const struct frame_spec *stream = stream_of(&specs[i]);

		nth += stream != before && stream != stream_of(&specs[index]) &&
		       !strcmp(name_of(stream), name);
		before = stream;
	}
	return nth == 1 ? name : arena_printf(arena, "%s[%u]", name, nth);
}

/* ---- fragments ---- */

static int other_shape(const struct compiler *c, const struct spec_fragment *fragment,
	const struct patch_varying *varying)
{
	return err_input(c->err, &fragment->how->at,
		"fragment: %s gives the datagram another shape from frame to frame, which cannot "
		"be split",
		varying->choices[0].name);
}

/* The datagram's own program, once for all its fragments. */
static int compile_whole(struct compiler *c, const struct spec_fragment *fragment, const char *name)
{
	struct vary_plan plan;
	struct patch_image *image;
	int status;

	if (c->whole == fragment->whole)
		return 0;
	status = vary_plan(c->arena, fragment->whole, &plan, c->err);
	if (!status)
		status = vary_generators(c->arena, &plan, name, c->seed, &c->whole_varying, c->err);
	if (status)
		return status;
	if (c->whole_varying.image_count > 1)
		return other_shape(c, fragment, &c->whole_varying);
	image = arena_alloc(c->arena, sizeof(*image));
	status = compile_image(c, &plan, 0, FCS_NIC, image);
	if (status)
		return status;
	c->whole_varying.images = image;
	c->whole = fragment->whole;
	return 0;
}

/* A signature took the place of the last octets: what varied there, and with it the datagram's
 * checksum, would be missed. */
static int check_signed(const struct compiler *c, const struct spec_fragment *fragment,
	const struct patch_image *whole, uint32_t from, uint32_t end)
{
	for (unsigned int i = 0; from < end && i < whole->write_count; i++) {
		const struct patch_write *write = &whole->writes[i];

		if (write->bit < end * 8 && write->bit + write->width > from * 8)
			return err_input(c->err, &fragment->how->at,
				"fragment: %s varies in the last octets of a fragment, where its "
				"signature goes",
				c->whole_varying.generators[write->generator].name);
	}
	return 0;
}

/* The frame's own headers are compiled; its payload is the datagram's. */
static int compile_fragment(struct compiler *c, struct compiled_frame *compiled, enum fcs_way way,
	const char *name, struct patch_frame *frame)
{
	const struct spec_fragment *fragment = compiled->spec->fragment;
	const struct view_record *payload =
		&compiled->view.layers[vary_payload_layer(compiled->spec)].header;
	struct graft_from from = { .varying = &c->whole_varying,
		.start = fragment->start,
		.length = payload->length,
		.to = payload->offset,
		.at = &fragment->how->at };
	struct patch_varying *varying = arena_alloc(c->arena, sizeof(*varying));
	struct patch_image *image = arena_alloc(c->arena, sizeof(*image));
	int status = compile_whole(c, fragment, name);

	if (!status)
		status = check_signed(c, fragment, c->whole_varying.images,
			fragment->start + payload->length,
			fragment->start + compiled->view.pad_offset - payload->offset);
	if (!status)
		status = vary_generators(c->arena, compiled->plan, name, c->seed, varying, c->err);
	if (!status)
		status = compile_image(c, compiled->plan, 0, way, image);
	if (!status && varying->image_count > 1)
		return other_shape(c, fragment, varying);
	if (!status)
		status = frame_graft(
			c->arena, &from, varying, image, &compiled->payload_varies, c->err);
	if (status)
		return status;
	varying->images = image;
	varying->fcs = fcs_of(compiled->spec, way);
	frame->octets = image->octets;
	frame->length = image->length;
	if (image->write_count)
		frame->varying = varying;
	return 0;
}

static int compile_frame(struct compiler *c, const struct frame_spec *specs, unsigned int index,
	enum fcs_way way, struct compiled_frame *compiled, struct patch_frame *frame)
{
	const struct frame_spec *spec = &specs[index];
	struct frame_spec settled;
	int status;

	*frame = (struct patch_frame){
		.name = spec->name,
		.own_fcs = way == FCS_REPLACE,
		.weight = spec->weight ? spec->weight : 1,
		.gap_ns = spec->gap_ns,
	};
	compiled->spec = spec;
	compiled->plan = arena_alloc(c->arena, sizeof(*compiled->plan));
	status = vary_plan(c->arena, spec, compiled->plan, c->err);
	if (status)
		return status;
	vary_plan_settle(c->arena, compiled->plan, compiled->plan->first,
		compiled->plan->size_first, &settled);
	status = frame_build_settled(c->arena, &settled, &compiled->view, c->err);
	if (status)
		return status;
	if (spec->fragment)
		return compile_fragment(
			c, compiled, way, stream_name(c->arena, specs, index), frame);
	if (vary_plan_varies(compiled->plan))
		return compile_varying(
			c, compiled, way, stream_name(c->arena, specs, index), frame);
	frame->octets = way == FCS_NIC ? compiled->view.octets
				       : image_octets(c->arena, &compiled->view, way);
	frame->length = image_length(&compiled->view, way);
	return 0;
}

int frame_compile(struct arena *arena, const struct frame_spec *specs, unsigned int count,
	const enum fcs_way *ways, uint64_t seed, struct frame_compiled *ret, struct err *err)
{
	struct compiler c = { .arena = arena, .seed = seed, .err = err };
	struct compiled_frame *compiled = arena_alloc(arena, count * sizeof(*compiled));
	struct patch_frame *frames = arena_alloc(arena, count * sizeof(*frames));
	int status = 0;

	arena_init(&c.scratch);
	for (unsigned int i = 0; !status && i < count; i++)
		status = compile_frame(
			&c, specs, i, ways ? ways[i] : FCS_NIC, &compiled[i], &frames[i]);
	arena_fini(&c.scratch);
	if (status)
		return status;
	patch_program_init(&ret->program, frames, count);
	ret->frames = compiled;
	return 0;
}
