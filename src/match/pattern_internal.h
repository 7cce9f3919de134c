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

#endif
