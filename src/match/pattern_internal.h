/* pattern_internal.h: what the files of patterns share; nobody else includes it. */
#ifndef MATCH_PATTERN_INTERNAL_H
#define MATCH_PATTERN_INTERNAL_H

#include "match/pattern.h"

/* What a field holds in the frame. */
struct actual {
	const struct wire_field *field;
	uint32_t width; /* bits */
	struct wire_value value;
	enum view_check check;
	uint64_t right; /* of a computed field, where known */
};

/* So many ones. */
static inline uint64_t mask_of(size_t width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

/* The value of a name; octets are borrowed from it. */
static inline struct wire_value pattern_value_of(const struct pattern_value *value)
{
	return (struct wire_value){
		.number = value->number,
		.octets = value->octets.data,
		.length = value->octets.length,
	};
}

/* A name's value, and so much more, as the field holds it; octets are the value's. false where the
 * field cannot hold it. */
bool capture_value(const struct wire_field *field, size_t width, const struct spec_capture *capture,
	const struct wire_value *value, struct wire_value *ret);

/* What the frame holds against what is wanted; of a name, against its value; NULL: it has none. */
bool value_fits(const struct spec_value *wanted, const struct wire_value *named,
	const struct actual *actual);

/* Whether something is wanted of the field. */
static inline bool is_wanted(const struct spec_value *value)
{
	return value->state == SPEC_GIVEN || value->state == SPEC_BAD || value->state == SPEC_TAKEN;
}

/* The row of the table that has the key; -1: none. */
int table_row(const struct spec_table *table, const struct wire_value *key);

/* ---- a pattern beside a frame (pattern_record.c, pattern.c) ---- */

/* A name that takes its value from this frame, should it match. */
struct taken {
	unsigned int name; /* spec_capture.index: each at most once */
	struct actual actual;
};

struct walk {
	const struct frame_view *view;
	const struct pattern_value *values;
	struct arena
		*arena; /* of the rows; NULL: none are made, and the first difference ends it */
	struct pattern_comparison *out;
	unsigned int room;
	unsigned int depth;
	bool quoted; /* an ICMP error stands before this layer */
	bool differs;
	struct taken taken[SPEC_CAPTURES_MAX];
	unsigned int taken_count;
};

/* One row more, which may be a difference; the heading of a layer or item. */
void walk_row(struct walk *walk, const struct pattern_row *row);
void walk_heading(
	struct walk *walk, const struct wire_record *record, enum pattern_verdict verdict);

/* Whether the walk is over: without rows the first difference says all. */
bool walk_is_over(const struct walk *walk);

/* A field with what is wanted of it (may be NULL); all fields; those that are wanted and not in
 * actual, which is NULL where the layer is not there. */
void walk_value(struct walk *walk, const struct wire_record *record,
	const struct spec_value *wanted, const struct actual *actual);
void walk_record(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual);
void walk_missing(
	struct walk *walk, const struct spec_record *wanted, const struct view_record *actual);

#endif
