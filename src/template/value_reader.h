/* value_reader.h: reads the values of fields, and records of them. */
#ifndef TEMPLATE_VALUE_READER_H
#define TEMPLATE_VALUE_READER_H

#include "template/reader.h"

/* ---- octets (octets.c) ---- */

struct octets {
	struct wire_value value;
	bool random; /* as many are drawn anew for each frame */
	bool varies; /* value is repeated or cut to size */
	struct spec_vary size;
};

/* Whether a mapping is one of {text: ..}, {hex: ..}, {fill: .., size: ..}, ..., by its first key.
 */
bool octets_is_form(const struct node *node);

/* Reads such a mapping; at most FRAME_LENGTH_MAX octets. */
int octets_read(struct reader *reader, const struct path *path, const struct node *node,
	struct octets *ret, struct err *err);

/* ---- values that vary (varying.c, range.c, size.c, correlate.c) ---- */

/* What the ends of a range and the items of a list are read as. */
struct place {
	const struct wire_field *field; /* of a part, or a size: a number */
	uint64_t max;			/* of a size, octets; 0: what the field holds */
	bool held; /* values are held against the range: it may be as wide as it likes */
};

int place_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, struct spec_value *ret, struct err *err);

struct range {
	struct wire_value first, last;
	bool prefix;
	bool placeholder;
};

/* FIRST..LAST, or a prefix of addresses; $name stands for all of it or for an end. One that runs
 * against kind is an error. */
int range_read(struct reader *reader, const struct path *path, const struct place *place,
	const struct node *node, enum vary_kind kind, struct range *ret, struct err *err);

/* Whether a mapping says how a value varies: has a key inc, list, same-as, ... */
bool varying_is_form(const struct node *node);
const char *varying_kind_name(enum vary_kind kind);

int varying_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* A size of at most max octets, which may vary. One that does not is an INC from it to itself. */
int varying_size_read(struct reader *reader, const struct path *path, const struct node *node,
	uint64_t max, struct spec_vary *ret, struct err *err);

/* Of a frame: varying_begin before its layers, varying_note with each value that varies (node is
 * its generator's), varying_check once all layers are read: finds the fields of same-as. */
void varying_begin(struct reader *reader);
int varying_note(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_vary *vary, const struct spec_value *value,
	struct err *err);
int varying_check(struct reader *reader, struct frame_spec *spec, struct err *err);

/* frame-size: of the whole frame with FCS (size.c). */
int frame_size_read(
	struct reader *reader, const struct node *node, struct spec_size *ret, struct err *err);

/* The sizes of an IMIX, each as often as it weighs, spread evenly; NULL where they weigh too
 * much together. *ret_count is their sum. */
struct imix {
	uint64_t weight;
	uint64_t size;
};
const struct wire_value *imix_spread(
	struct arena *arena, const struct imix *parts, unsigned int count, unsigned int *ret_count);

/* The usual one: 7 x 64, 4 x 594, 1 x 1518 octets. */
#define IMIX_COUNT 3
extern const struct imix imix_usual[IMIX_COUNT];

/* ---- what is taken from frames (capture.c) ---- */

/* Whether the node is {in: RANGE, as: NAME}, {value-of: TABLE, at: $NAME} or {hash: [$NAME, ..]}.
 */
bool capture_is_form(const struct node *node);

/* Whether it is a plain $NAME, $NAME+NUMBER or $NAME-NUMBER of a capture, be it a new one in a
 * pattern. */
bool capture_is_name(const struct reader *reader, const struct node *node);

/* Whether a frame gives the name a value. */
bool capture_knows(const struct reader *reader, const char *name);

/* Reads either of them: ret is SPEC_TAKEN. */
int capture_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* ---- tables: (table.c) ---- */

/* The table that name names, with its keys as values of key_field; *ret_rows holds its rows. */
int table_read(struct reader *reader, const struct path *path, const struct wire_field *key_field,
	const struct node *name, const struct node **ret_rows, struct spec_table **ret,
	struct err *err);

/* What stands beside the keys, as values of the field: one a row. */
int table_read_values(struct reader *reader, const struct path *path,
	const struct wire_field *field, const struct node *rows, const struct wire_value **ret,
	struct err *err);

/* ---- what is waited for (want.c) ---- */

/* Whether a mapping is {not: ..}, {set: .., clear: ..}, {prefix: ..} or {exactly: ..}. */
bool want_is_form(const struct node *node);

/* Whether, in a pattern, the node says more than one value that the field may hold. */
bool want_is(const struct wire_field *field, const struct node *node);
int want_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* ---- $NAME+NUMBER, $NAME-NUMBER of a variable (sum.c) ---- */

/* Of the name that the text begins with: a letter or _, then letters, digits, _ and -. 0: none. */
size_t sum_name_length(const char *text);

/*
 * Whether the node is wholly $NAME, or that with a number: *ret_more is "+NUMBER" or "-NUMBER"
 * then, else NULL. As a name may hold -, it is a name where it is one that is known, and a number
 * is taken off where what stands before it is.
 */
bool sum_split(const struct reader *reader, const struct node *node, const char **ret_name,
	const char **ret_more);

/* *ret becomes the number, or what added to another is as much less. */
int sum_number(const struct path *path, const struct wire_field *field, const struct node *node,
	const char *more, uint64_t *ret, struct err *err);

bool sum_is(const struct reader *reader, const struct node *node);

/* The sum modulo what the field holds. */
int sum_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* ---- rows (rows.c) ---- */

/* Where a record stands: what decides its automatic values. */
struct rows_of {
	const struct wire_list *list;	  /* it is an item of; NULL: a header */
	const struct wire_protocol *next; /* the layer that follows; NULL at the end */
	bool pattern; /* what is left out may be anything: then a condition on it holds */
};

/* Whether a row's condition holds by the rows before it. */
bool rows_present(const struct spec_record *record, const struct rows_of *of, unsigned int row);

/*
 * The row that an item's `name: VALUE` means: the one of the item's own name (mtu: 1500), else the
 * first that is neither its id nor its length nor reserved. With sequence, VALUE is [...]: only
 * lists count (rr: [10.0.0.1]). -1 where there is none.
 */
int rows_meant(const struct wire_record *type, const struct wire_list *list, bool sequence);

/* -EINVAL with *err: the field is not there, and when it would be. */
int rows_absent_error(const struct spec_record *record, const struct rows_of *of, unsigned int row,
	const struct position *at, struct err *err);

/* ---- records and fields (record.c, list.c) ---- */

/* Space for a record's values, all SPEC_AUTO; bounded over the whole template. */
int record_new(struct reader *reader, const struct wire_record *type, const struct position *at,
	struct spec_record *ret, struct err *err);

/* members[type->count]: by row, of rows of one name the first, the node that gives it or NULL.
 * record_pick fills it from a mapping. */
int record_pick(const struct reader *reader, const struct wire_record *type,
	const struct node *mapping, const struct node **members, struct err *err);
int record_read(struct reader *reader, const struct path *path, const struct rows_of *of,
	const struct node **members, struct spec_record *record, struct err *err);

/* A value that is no state and does not wait: an end of a range, an item of a list. */
int field_value_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* Resolves the fields that wait for $hop.mac. */
int record_read_pending(struct reader *reader, struct err *err);

int list_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

#endif
