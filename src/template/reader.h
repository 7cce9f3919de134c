/* reader.h: what the files that read a template share; nobody else includes it. */
#ifndef TEMPLATE_READER_H
#define TEMPLATE_READER_H

#include "template/keys.h"
#include "template/template.h"

#include <stddef.h>

struct arena;
struct variable;
struct set;
struct pending;

/* One reading of one template. */
struct reader {
	struct arena *arena;
	const struct template_options *options;
	const char *file; /* its name in messages */
	struct variable *variables;
	unsigned int variable_count;
	struct set *sets;	 /* in the order of the command line */
	size_t octets;		 /* made of values so far: bounded too */
	size_t values;		 /* fields made so far, of all frames: bounded */
	struct pending *pending; /* fields of this frame that wait for $hop.mac */
	bool has_destination;	 /* of the frame: known once its layers are read */
	const uint8_t *destination;
	size_t destination_length;
};

/* ---- messages (path.c) ---- */

/* "tcp.options.mss" for messages, from the inside out. */
struct path {
	const struct path *outer; /* NULL: the layer */
	const char *name;	  /* NULL: adds nothing */
};

/* As err_input and err_locate, with the path before the text. */
int path_error(struct err *err, const struct position *at, const struct path *path,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
int path_locate(struct err *err, const struct position *at, const struct path *path);
#define path_error(...)	 err_negative(path_error(__VA_ARGS__)) /* see err.h */
#define path_locate(...) err_negative(path_locate(__VA_ARGS__))

const char *path_text(struct arena *arena, const struct path *path);

/* A place on the command line, for messages: "--set ipv4.ttl=3". */
struct position path_of_option(struct arena *arena, const char *option, const char *text);

/* ---- variables (variable.c) ---- */

/* Reads vars: (NULL where the template has none) and lays options->defines over them. */
int variables_read(struct reader *reader, const struct node *node, struct err *err);

/*
 * What a plain $name stands for. *ret is a node that is no reference to a variable, and *fact the
 * name of a fact such as "if.mac", NULL where the value is *ret's text.
 */
int variables_expand(const struct reader *reader, const struct node *node, const struct node **ret,
	const char **fact, struct err *err);

/* ---- scalars (scalar.c) ---- */

struct scalar {
	const char *text; /* '\0' after length octets; NULL where hop */
	size_t length;
	bool plain;
	bool placeholder;
	bool hop; /* $hop.mac, and the frame's destination is not known yet */
};

/* Counts octets that are made of a value. The same few words may stand for many octets, many times:
 * all together are bounded. */
int scalar_charge(struct reader *reader, const struct position *at, size_t length, struct err *err);

/* The value of a scalar node; any other node is an error. */
int scalar_read(struct reader *reader, const struct path *path, const struct node *node,
	struct scalar *ret, struct err *err);

/*
 * The same as one line: line breaks and tabs are blanks, blanks at its ends are gone. Another
 * control character, or a hop, is an error.
 */
int scalar_read_line(struct reader *reader, const struct path *path, const struct node *node,
	const char **ret, struct err *err);
int scalar_line(struct reader *reader, const struct path *path, const struct node *node,
	const struct scalar *scalar, const char **ret, struct err *err);

/* A number of at most max. unit stands after max in the message: " octets". */
int scalar_read_number(struct reader *reader, const struct path *path, const struct node *node,
	uint64_t max, const char *unit, uint64_t *ret, struct err *err);

/* ---- octets (octets.c) ---- */

/* Whether a mapping is one of {text: ..}, {hex: ..}, {fill: .., size: ..}, ..., by its first key.
 */
bool octets_is_form(const struct node *node);

/* Reads such a mapping; at most FRAME_LENGTH_MAX octets. */
int octets_read(struct reader *reader, const struct path *path, const struct node *node,
	struct wire_value *ret, struct err *err);

/* ---- rows (rows.c) ---- */

/* Where a record stands: what decides its automatic values. */
struct rows_of {
	const struct wire_list *list;	  /* it is an item of; NULL: a header */
	const struct wire_protocol *next; /* the layer that follows; NULL at the end */
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

/* Resolves the fields that wait for $hop.mac. */
int record_read_pending(struct reader *reader, struct err *err);

int list_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* ---- frames (layer.c, frame.c) ---- */

/* -EINVAL with *err: no such protocol. quoted: as if it were text. */
int layers_unknown(const char *name, const struct position *at, bool quoted, struct err *err);

int layers_read(
	struct reader *reader, const struct node *node, struct frame_spec *ret, struct err *err);

/* What stands beside layers:, of one frame or of all. */
struct frame_nodes {
	const struct node *name, *layers, *pad, *fcs, *weight, *gap;
};

int frame_read(struct reader *reader, const struct frame_nodes *nodes, const char *name,
	struct frame_spec *ret, struct err *err);

/* ---- --set (set.c) ---- */

int sets_read(struct reader *reader, struct err *err);

/* Lays what is set for the nth layer of this protocol (from 1) over its members. */
void sets_apply(struct reader *reader, const struct wire_protocol *protocol, unsigned int nth,
	const struct node **members);

/* The last --set fcs= or pad=, else node. */
const struct node *sets_of_frame(
	const struct reader *reader, const char *key, const struct node *node);

/* -EINVAL where a --set fits no frame. */
int sets_check_used(const struct reader *reader, struct err *err);

#endif
