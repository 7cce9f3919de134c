/* vary.h: the values of a spec that vary: which there are, as numbers, and the spec with others in
 * their place. For src/frame and its tests. */
#ifndef FRAME_VARY_H
#define FRAME_VARY_H

#include "frame/spec.h"
#include "frame/view.h"

struct arena;

/* One value that varies. */
struct vary_field {
	const struct spec_value *value;
	const struct wire_field *field;
	const struct spec_record *record; /* that it stands in */
	const struct wire_list *list;	  /* the record is an item of it; NULL: a header */
	unsigned int layer, row;
	const char *name; /* "vlan[2].id", "tcp.options[1].value" */
};

/* All of a spec, in the order of the frame. */
struct vary_fields {
	struct vary_field *fields;
	unsigned int count;
};

/* Finds them, and refuses ranges that the fields cannot have: -EINVAL with *err at their place. */
int vary_collect(struct arena *arena, const struct frame_spec *spec, struct vary_fields *ret,
	struct err *err);

/* Where each of them stands in a view that was built of the spec; NULL where it is not there. */
void vary_locate(const struct frame_spec *spec, const struct frame_view *view,
	const struct view_field **ret);

/* Whether the row, which vary_locate found, can have the field's values: of several rows of one
 * name the first speaks for all, and they may be of different widths. */
int vary_meet(const struct vary_field *field, const struct view_field *row, struct err *err);

#define VARY_SIZE_OWN UINT32_MAX

/* The spec in which nothing varies: values[i] stands for field i, and the payload that is the last
 * layer is of size octets (VARY_SIZE_OWN: as many as it has). Shares with spec what does not
 * change. */
void vary_settle(struct arena *arena, const struct frame_spec *spec,
	const struct wire_value *values, uint32_t size, struct frame_spec *ret);

/*
 * A value as words: numbers of at most 64 bits, the lowest first; octets are one big-endian number.
 */
static inline unsigned int vary_word_count(size_t width)
{
	return (unsigned int)((width + 63) / 64);
}
uint64_t vary_word(
	const struct wire_field *field, const struct wire_value *value, unsigned int word);
struct wire_value vary_value(
	struct arena *arena, const struct wire_field *field, size_t width, const uint64_t *words);

/* Names and strings are no numbers: only a list of them can vary. */
static inline bool vary_is_whole(const struct wire_field *field)
{
	return field->kind == WIRE_NAME || field->kind == WIRE_STRING;
}

/* Bits low to high of the words, 64 at most, become number. */
void vary_set_bits(uint64_t *words, unsigned int low, unsigned int high, uint64_t number);

#endif
