/*
 * view.h: what stands where in a frame's octets: layers, their fields, and whether lengths,
 * checksums and the FCS are right. frame_build and frame_dissect both make one; printing, comparing
 * and converting read it.
 */
#ifndef FRAME_VIEW_H
#define FRAME_VIEW_H

#include "wire/crc32.h"
#include "wire/wire.h"

struct arena;
struct view_record;

/* What a computed field (length, checksum, next layer's number) is against what it should be. */
enum view_check {
	VIEW_UNCHECKED, /* nothing to hold it against, or the octets it covers are not all there */
	VIEW_RIGHT,
	VIEW_WRONG,	/* `expected` would be right */
	VIEW_OFFLOADED, /* only the pseudo header is summed: a kernel left the rest to the device */
	VIEW_ABSENT,	/* a UDP checksum of 0: RFC 768, none */
};

struct view_field {
	const struct wire_field *field;
	uint32_t bit;	/* from the frame's start */
	uint32_t width; /* bits */
	enum view_check check;
	uint64_t expected;	   /* of a computed field, where check is RIGHT or WRONG */
	bool automatic;		   /* built, not given */
	bool placeholder;	   /* see struct spec_value */
	bool varies;		   /* given as varying, see frame_compiled_view */
	bool changed;		   /* against the frame before, see frame_mark_changed */
	struct view_record *items; /* of a list */
	unsigned int count;
};

struct view_record {
	const struct wire_record *type;
	uint32_t offset;	   /* octets from the frame's start */
	uint32_t length;	   /* octets */
	struct view_field *fields; /* only those that are there, in the order of the rows */
	unsigned int count;
};

struct view_layer {
	const struct wire_protocol *protocol;
	struct view_record header;
	uint32_t end; /* octets from the frame's start: where its payload ends, trailers left out */
	bool cut;     /* a length promises octets of it that are not there */
};

enum view_fcs_state {
	VIEW_FCS_NONE, /* nothing computed or none seen */
	VIEW_FCS_RIGHT,
	VIEW_FCS_WRONG, /* sent or seen so; fcs_expected would be right */
};

struct frame_view {
	const uint8_t *octets; /* borrowed: as long as the view's arena, or the caller's */
	uint32_t length;       /* without FCS, with padding */
	struct view_layer *layers;
	unsigned int count;
	uint32_t pad_offset; /* octets after the last layer: padding or a trailer */
	uint32_t pad_length;
	enum view_fcs_state fcs;
	uint8_t fcs_octets[FCS_LENGTH];	  /* wire order; of fcs RIGHT or WRONG */
	uint8_t fcs_expected[FCS_LENGTH]; /* always the right one */
	bool fcs_automatic;
	const char *fault; /* why the rest of the octets is payload: "ihl of 3 words is below 5";
			      NULL when all was read */
};

/* The field's value where it stands. Octets point into the frame. Not for lists. */
static inline struct wire_value view_value(
	const struct frame_view *view, const struct view_field *field)
{
	struct wire_value value = { 0 };

	wire_value_get(field->field, view->octets, field->bit, field->width, &value);
	return value;
}

/* NULL where the record or frame has no such field or layer. nth counts from 1 among layers of the
 * same protocol. */
const struct view_field *view_field_find(const struct view_record *record, const char *name);
const struct view_layer *view_layer_find(
	const struct frame_view *view, const struct wire_protocol *protocol, unsigned int nth);

/*
 * Fills end and cut of every layer, check and expected of every computed field, fcs and
 * fcs_expected from the octets. build and dissect end with it.
 */
void view_check(struct frame_view *view);

#endif
