/* internal.h: what the files of src/frame share; nobody else includes it. */
#ifndef FRAME_INTERNAL_H
#define FRAME_INTERNAL_H

#include "frame/build.h"

struct buffer;

/* ---- rows (rows.c) ---- */

/* Whether the row is there, by the fields already read of its record. octets are the frame's. */
bool field_present(
	const struct wire_field *field, const struct view_record *record, const uint8_t *octets);

/* The item of the list with this id, NULL where it has none. */
const struct wire_record *list_item(const struct wire_list *list, uint64_t id);

/* A number that counts octets, in the unit and bias of a WIRE_LENGTH row; and back. */
int64_t length_encode(const struct wire_length *length, uint64_t octets);
int64_t length_decode(const struct wire_length *length, uint64_t number);

/* The row that counts the record's own octets, NULL where it has none. */
const struct view_field *record_length_field(const struct view_record *record);

/* Whether the number fits the row's bits; the most that does. */
uint64_t field_max(const struct wire_field *field);

/* How many octets a list lacks, in a record of so many octets, to its alignment. */
static inline uint32_t align_gap(const struct wire_record *type, uint32_t length)
{
	uint32_t align = type->align ? type->align : 1;

	return (align - length % align) % align;
}

/*
 * What a row of rule FIXED or NEXT is when left out: an item's id, the next layer's number, the
 * preset, zero. The reason why it has none is the result else.
 */
enum automatic {
	AUTOMATIC_OK,
	AUTOMATIC_REQUIRED,   /* the row has to be given */
	AUTOMATIC_UNNAMED,    /* the next layer has no number in the row's space */
	AUTOMATIC_UNRESOLVED, /* the preset is a fact of an interface */
};

struct automatic_of {
	const struct wire_record *type; /* the record that the row stands in */
	const struct wire_list *list;	/* the list that the record is an item of; NULL: a header */
	const struct wire_protocol *next; /* the layer that follows; NULL at the end */
};

enum automatic field_automatic(struct arena *arena, const struct wire_field *field,
	const struct automatic_of *of, struct wire_value *ret);

/* ---- bounds (bounds.c) ---- */

enum claim {
	CLAIM_NONE,  /* no length says where the payload ends */
	CLAIM_FITS,  /* one does */
	CLAIM_CUT,   /* it says more octets than there are */
	CLAIM_BELOW, /* it says fewer than the header has */
};

/*
 * Where the layer's payload ends: what its own length says, at most limit. end is limit for NONE,
 * CUT and BELOW. field is the row that says so.
 */
struct bound {
	enum claim claim;
	uint32_t end;
	const struct view_field *field;
};

struct bound layer_bound(const uint8_t *octets, const struct view_layer *layer, uint32_t limit);

/* Sets end and cut of every layer by the octets. */
void view_bound(struct frame_view *view);

/* ---- expectations (check.c) ---- */

/* What the automatic value of a WIRE_LENGTH row of this record would be. */
int64_t expected_length(const struct frame_view *view, const struct view_layer *layer,
	const struct view_record *record, const struct wire_field *field);

/* What the automatic checksum of layer index would be, by the octets as they are; false where no IP
 * layer gives the pseudo header. */
bool expected_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *field, uint16_t *ret);

/*
 * A wrong checksum, the same each time: none that a receiver takes for the right one (0 and ffff
 * are equal in ones' complement), for none at all (UDP's 0) or for one that a device is yet to
 * finish.
 */
uint16_t bad_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *field, uint16_t right);

/* Whether the layer is an IPv4 header or IPv6 fragment header of a part of a datagram; *ret_first
 * when it is the part that holds what follows the IP header. */
bool layer_is_fragment(const uint8_t *octets, const struct view_layer *layer, bool *ret_first);

/* ---- the stages of frame_build ---- */

/*
 * Lays the layers out by the tables (encode.c): values, next-layer numbers and lengths of records;
 * lengths of payloads and checksums are zero where automatic. The view's rows are the arena's; its
 * octets are appended to *octets.
 */
int frame_encode(struct arena *arena, const struct frame_spec *spec, struct buffer *octets,
	struct frame_view *ret, struct err *err);

/* Has libnet assemble the layers of view (assemble.c), which has all but its checksums: appends as
 * many octets as the layers of view have. */
int frame_assemble(const struct frame_view *view, struct buffer *octets, struct err *err);

#endif
