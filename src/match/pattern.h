/*
 * pattern.h: a frame that is waited for, held against one that came.
 *
 * A pattern is a frame_spec. Its layers stand in the frame in this order, one behind the other;
 * what follows the last of them is free. One that does not begin with eth may begin further in, at
 * the first layer of its protocol that no ICMP error quotes. Of a layer's fields
 *
 *	left out, computed	must be right: length, checksum (one left to a device is), next
 *				number; but not in what an ICMP error quotes
 *	left out, others	free
 *	given			must be equal; of a list the items given are there in this order
 *				with others among them, and an empty list is empty
 *	bad			a checksum must be wrong
 *	want			as spec_want says: of a list, the items given are there in this
 *				order, and no others
 *	taken			in its range; and equal to the name's value, which a name without
 *				one takes
 *
 * pad, fcs and size are free.
 */
#ifndef MATCH_PATTERN_H
#define MATCH_PATTERN_H

#include "base/buffer.h"
#include "frame/spec.h"
#include "frame/view.h"

struct arena;
struct err;

/* What a name stands for, in an array by spec_capture.index; {0} has no value yet. */
struct pattern_value {
	bool known;
	uint64_t number;      /* of a number */
	struct buffer octets; /* of the rest */
};

void pattern_values_fini(struct pattern_value *values, unsigned int count);

/* Whether the frame is such a one. Then names without a value have theirs; else none is changed. */
bool pattern_match(const struct frame_spec *pattern, const struct frame_view *view,
	struct pattern_value *values);

enum pattern_verdict {
	PATTERN_FREE,	 /* nothing is wanted */
	PATTERN_SAME,	 /* what is wanted */
	PATTERN_TAKEN,	 /* a name's value from now on, if the frame is such a one */
	PATTERN_DIFFERS, /* another value, or a computed one that is wrong */
	PATTERN_MISSING, /* wanted, and not there */
	PATTERN_ADDED,	 /* a layer that is there among those that are wanted */
};

/* A layer, an item of a list, or with field a field of the one above it. */
struct pattern_row {
	enum pattern_verdict verdict;
	unsigned int depth; /* of items in lists: 0 for a layer and its fields */
	const struct wire_record *record;
	const struct wire_field *field;
	const struct spec_value *wanted; /* of a field; NULL or SPEC_AUTO: nothing is given */
	bool there;			 /* the value that came: not of a list */
	struct wire_value value;	 /* octets are the frame's */
	unsigned int items;		 /* of a list */
	enum view_check check;		 /* of a computed field, see view.h */
	uint64_t right;			 /* where check is VIEW_WRONG */
};

struct pattern_comparison {
	struct pattern_row *rows; /* in the frame's order */
	unsigned int count;
	unsigned int differing; /* rows that differ, are missing or added; 0: the frame matches */
	unsigned int same;	/* rows that are as wanted */
};

/* Every field of the frame, with what is wanted of it; rows are the arena's. No name changes. */
void pattern_compare(struct arena *arena, const struct frame_spec *pattern,
	const struct frame_view *view, const struct pattern_value *values,
	struct pattern_comparison *ret);

/*
 * The spec with the values of its names in it, the arena's; what has no names is shared. -EINVAL
 * with *err at the value's place where a name has none yet, or one that the field cannot hold.
 * values NULL: zeros as placeholders, to see whether the rest can be built.
 */
int pattern_fill(struct arena *arena, const struct frame_spec *spec,
	const struct pattern_value *values, struct frame_spec *ret, struct err *err);

/* Puts what is wanted of the field as people read it: "1..64", "$seq + 1 = 1001", "right". values
 * may be NULL. */
void pattern_wanted_put(const struct wire_field *field, const struct spec_value *wanted,
	const struct pattern_value *values, struct buffer *out);

#endif
