/* internal.h: what the files of src/frame share; nobody else includes it. */
#ifndef FRAME_INTERNAL_H
#define FRAME_INTERNAL_H

#include "frame/build.h"
#include "frame/cover.h"

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

/* The row that says where the record ends, NULL where it has none. */
const struct view_field *record_length_field(const struct view_record *record);

/* The row of those read or laid out that counts this field's octets or items; NULL: none does. */
const struct view_field *field_counter(
	const struct view_record *record, const struct wire_field *field);

/* What a WIRE_LENGTH row counts in its record, in octets; 0 where it counts what follows. */
uint32_t counted_octets(const struct view_record *record, const struct view_field *row);

/* IEEE 802.3 3.2.6: whether the row is a length before this layer; whether this number is one. */
bool next_is_length(const struct wire_field *field, const struct wire_protocol *next);
bool number_is_length(const struct wire_field *field, uint64_t number);

/* The protocol that a number in the row names over this version of IP (0: none is below), NULL
 * where it names none. */
const struct wire_protocol *protocol_named(
	const struct wire_field *field, uint64_t number, unsigned int ip);

/* The version of the nearest IP layer up to layer index, that one included; 0: there is none. */
unsigned int ip_below(const struct frame_view *view, unsigned int index);

/* Whether the row's number says which layer follows. Rows that are not built so say it too: the
 * types of ICMP messages that quote a packet, and source ports. */
static inline bool leads_on(const struct wire_field *field)
{
	return field->space != WIRE_SPACE_NONE;
}

/* Whether the number fits the row's bits; the most that does. */
uint64_t field_max(const struct wire_field *field);

/* Octets that length lacks to a multiple of align; 0 is 1. */
static inline uint32_t gap_to(uint32_t align, uint32_t length)
{
	return align ? (align - length % align) % align : 0;
}

/* How many octets a list lacks, in a record of so many octets, to its alignment. */
static inline uint32_t align_gap(const struct wire_record *type, uint32_t length)
{
	return gap_to(type->align, length);
}

/* Whether octets of zero fill the list up as so many items that end it: IPv4, TCP. */
static inline bool fills_with_ends(const struct wire_list *list)
{
	return !list->padn && list->end && !list->end->id;
}

/*
 * What a row of rule FIXED or NEXT is when left out: an item's id, the next layer's number (of NEXT
 * and of ports), the preset, zero. The reason why it has none is the result else.
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
	const struct wire_protocol *protocol; /* of a header */
	const struct wire_protocol *next;     /* the layer that follows; NULL at the end */
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

/* ---- expectations (check.c, sum.c) ---- */

/* What the automatic value of a WIRE_LENGTH or WIRE_COUNT row of this record would be, or of a
 * WIRE_NEXT row that is a length. */
int64_t expected_count(const struct frame_view *view, const struct view_layer *layer,
	const struct view_record *record, const struct view_field *row);

/* The sum, not folded, of all that an internet checksum in this row covers, itself as zeros. */
uint64_t coverage_sum(
	const struct coverage *coverage, const uint8_t *octets, const struct view_field *row);

/* Whether the field's value decides which addresses a pseudo header has: of source routes. (An
 * item's type does too, but it also decides what the item is.) */
bool field_steers(const struct wire_field *field);

/* What the automatic checksum of layer index would be, by the octets as they are; false where no IP
 * layer gives the pseudo header. */
bool expected_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *row, uint64_t *ret);

/*
 * A wrong checksum, the same each time: none that a receiver takes for the right one (0 and ffff
 * are equal in ones' complement), for none at all (UDP's 0) or for one that a device is yet to
 * finish.
 */
uint64_t bad_checksum(const struct frame_view *view, unsigned int index,
	const struct view_field *row, uint64_t right);

/* What a checksum is against what it covers. */
enum view_check checksum_verdict(
	const struct frame_view *view, unsigned int index, const struct view_field *row);

/* Whether layer index stands in a fragment: of a datagram of which the rest is elsewhere. */
bool layer_in_fragment(const struct frame_view *view, unsigned int index);

/* ---- records (read.c) ---- */

struct reader {
	struct arena *arena;
	const uint8_t *octets;
	const char *failure; /* why the record in hand cannot be read, the arena's */
};

/*
 * Reads octets from start on as a record: as long as its own length says, else as its fields, else
 * up to limit. list is the one that it is an item of, NULL for a header. False, and r->failure says
 * why, where it does not fit; *ret is undefined then.
 */
bool read_record(struct reader *r, const struct wire_record *type, const struct wire_list *list,
	uint32_t start, uint32_t limit, struct view_record *ret);

/* ---- the stages of frame_build ---- */

/* frame_build of a spec in which nothing varies (settled.c). */
int frame_build_settled(struct arena *arena, const struct frame_spec *spec, struct frame_view *ret,
	struct err *err);

/* Sets the view's FCS, by its octets. */
void frame_put_fcs(const struct spec_fcs *spec, struct frame_view *view);

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
