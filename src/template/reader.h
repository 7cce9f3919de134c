/* reader.h: what the files that read a template share; nobody else includes it. */
#ifndef TEMPLATE_READER_H
#define TEMPLATE_READER_H

#include "template/keys.h"
#include "template/template.h"

#include <stddef.h>
#include <sys/types.h>

struct arena;
struct variable;
struct scope;
struct set;
struct pending;
struct varying;
struct captures;
struct buffer;

/* One reading of one template. */
struct reader {
	struct arena *arena;
	const struct template_options *options;
	const char *file;	 /* its name in messages */
	struct scope *scopes;	 /* the template's own, then those of what it includes */
	size_t included;	 /* octets of these */
	struct set *sets;	 /* in the order of the command line */
	size_t octets;		 /* made of values so far: bounded too */
	size_t values;		 /* fields made so far, of all frames: bounded */
	struct pending *pending; /* fields of this frame that wait for $hop.mac */
	struct varying *varying; /* those of this frame that vary, in its order */
	struct varying *varying_last;
	const struct spec_value *sized; /* the payload whose size varies; NULL: none */
	struct spec_vary size;
	struct captures
		*captures; /* names for what frames that arrive hold; NULL: there are none */
	const struct node *tables; /* tables:; NULL: there are none */
	bool pattern;	      /* a frame is read to be held against others: what is left out may be
				 anything, and a name that nothing has is a capture */
	bool has_peer;	      /* there are $peer.mac, $peer.ipv4 and $peer.ipv6 too */
	bool has_destination; /* of the frame: known once its layers are read */
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

/* ---- the top level of a template (top.c) ---- */

enum top {
	TOP_NAME,
	TOP_ABOUT,
	TOP_VARS,
	TOP_LAYERS,
	TOP_FRAMES,
	TOP_PAD,
	TOP_FCS,
	TOP_SIZE,
	TOP_FRAGMENT,
	TOP_TABLES,
	TOP_REQUEST,
	TOP_ANSWER,
	TOP_RULES,
	TOP_COUNT
};

/* What stands under each key, NULL where nothing does. */
int top_read(struct reader *reader, const struct node_source *source, const struct node **top,
	struct err *err);

/* ---- files (file.c) ---- */

/* The name of a file in the folder of another one; an absolute one stands. */
const char *file_beside(struct arena *arena, const char *other, const char *name);

struct file {
	const uint8_t *octets;
	size_t length;
	dev_t device;
	ino_t inode;
};

struct file_limit {
	size_t octets;
	const char *what; /* "a frame holds": more than that is refused */
};

/* Reads a regular file that the node names. */
int file_read(struct reader *reader, const struct path *path, const struct node *node,
	const char *name, const struct file_limit *limit, struct file *ret, struct err *err);

/* Appends the text of a file ("-": standard input) to *text, of which more than TEMPLATE_SIZE_MAX
 * is not wanted. A file that cannot be read is ERR_SYSTEM. */
int file_slurp(const char *file, struct buffer *text, struct err *err);
const char *file_label(const char *file); /* in messages */

/* ---- templates in templates (include.c) ---- */

/* A text with layers, and the variables that its values see. */
struct scope {
	struct scope *next;
	const struct scope *outer; /* of the template that includes it; NULL: the template itself */
	const struct scope *inner; /* of those that it includes the last one; */
	const struct scope *beside; /* and the one that its outer one included before it */
	const char *name;	    /* as it is included */
	const char *file; /* in messages: every position in the text has this very pointer */
	const struct node *layers;
	struct variable *variables;
	unsigned int variable_count;
	unsigned int depth; /* of including */
	dev_t device;	    /* of what is included */
	ino_t inode;
};

extern const char include_key[];

/* Reads what a list of layers includes, with all that this includes; variables_check is next. */
int includes_read(
	struct reader *reader, struct scope *scope, const struct node *layers, struct err *err);

/* What the item of a list of layers includes; NULL where it is a layer. */
const struct scope *include_find(const struct scope *scope, const struct node *item);

/* ---- variables (variable.c) ---- */

/* The text that the node stands in; the template's own for what the command line says. */
const struct scope *scope_of(const struct reader *reader, const struct node *node);

/* Reads vars: (NULL where the text has none) and lays options->defines over them. */
int variables_read(
	struct reader *reader, struct scope *scope, const struct node *node, struct err *err);

/* -EINVAL with *err for a -D that no text has a variable for, and a variable without value. */
int variables_check(const struct reader *reader, struct err *err);
int variables_check_values(const struct reader *reader, struct err *err); /* the latter alone */

/* Whether the text that the node stands in, or the machine, has a value of this name. */
bool variables_know(const struct reader *reader, const struct node *node, const char *name);

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

/* The same, in which $NAME is text. */
int scalar_read_literal(struct reader *reader, const struct path *path, const struct node *node,
	const char **ret, struct err *err);

/* A number of at most max. unit stands after max in the message: " octets". */
int scalar_read_number(struct reader *reader, const struct path *path, const struct node *node,
	uint64_t max, const char *unit, uint64_t *ret, struct err *err);

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

/* Names in the order in which they were first met. Zeroed memory has none. */
struct captures {
	struct capture_name {
		const char *name;
		const struct wire_field *field; /* where it was taken */
		struct position at;
	} * rows;
	unsigned int count, capacity;
};

/* Whether the node is {in: RANGE, as: NAME}, {value-of: TABLE, at: $NAME} or {hash: [$NAME, ..]}.
 */
bool capture_is_form(const struct node *node);

/* Whether it is a plain $NAME or $NAME+NUMBER of a capture, be it a new one in a pattern. */
bool capture_is_name(const struct reader *reader, const struct node *node);

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

/* Whether a mapping is {not: ..}, {set: .., clear: ..} or {prefix: ..}. */
bool want_is_form(const struct node *node);

/* Whether, in a pattern, the node says more than one value that the field may hold. */
bool want_is(const struct wire_field *field, const struct node *node);
int want_read(struct reader *reader, const struct path *path, const struct wire_field *field,
	const struct node *node, struct spec_value *ret, struct err *err);

/* ---- $NAME+NUMBER of a variable (sum.c) ---- */

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

/* ---- frames (layers.c, layer.c, frame.c) ---- */

#define LAYERS_MAX 1024 /* of a frame */

/* -EINVAL with *err: no such protocol. quoted: as if it were text. */
int layers_unknown(const char *name, const struct position *at, bool quoted, struct err *err);

/* A layer as it is written. */
struct layer {
	const struct wire_protocol *protocol;
	const struct node *body; /* its fields; NULL where it has none */
	struct position at;
};

/* The layers of a frame, before their fields are read. */
struct layers {
	struct layer *rows;
	unsigned int count;
	unsigned int capacity;
	unsigned int added; /* the first ones, by layers_complete */
};

/* Puts a layer before the one at index. */
int layers_put(struct reader *reader, struct layers *layers, unsigned int index,
	const struct layer *layer, struct err *err);

/* Puts what is missing before the first layer, down to Ethernet (complete.c). */
int layers_complete(struct reader *reader, struct layers *layers, struct err *err);

/* -EINVAL with *err where an IP layer that was added so has no destination: the one that a layer of
 * IP has by default means the host itself, and no way leads there. */
int layers_added_check(const struct layers *layers, const struct frame_spec *spec, struct err *err);

int layers_read(
	struct reader *reader, const struct node *node, struct frame_spec *ret, struct err *err);

/* What stands beside layers:, of one frame or of all. */
struct frame_nodes {
	const struct node *name, *layers, *pad, *fcs, *size, *fragment, *weight, *gap;
};

/* The frames of a template so far: a datagram that is split makes several. */
struct frames {
	struct frame_spec *specs;
	unsigned int count;
	unsigned int capacity;
};

int frame_read(struct reader *reader, const struct frame_nodes *nodes, const char *name,
	struct frames *frames, struct err *err);

/* Appends the frame, or with fragment: its fragments (fragment.c). */
int fragments_put(struct reader *reader, const struct node *node, const struct frame_spec *spec,
	struct frames *frames, struct err *err);

/* ---- responders (respond.c) ---- */

/* Whether the text is one: has request and answer, or rules. */
bool responder_is(const struct node *const *top);

/* The rules, one in template->rules each; name is the responder's. */
int responder_rules_read(struct reader *reader, const struct node *const *top, const char *name,
	struct template *ret, struct err *err);

/* ---- --set and same-as (set.c) ---- */

/* A field of a frame: "udp.dport", "vlan[2].id". */
struct target {
	const struct wire_protocol *protocol;
	unsigned int nth; /* from 1, of the layers of this protocol in a frame */
	int row;
};

int target_read(struct arena *arena, const struct position *at, const char *text,
	struct target *ret, struct err *err);

int sets_read(struct reader *reader, struct err *err);

/* Lays what is set for the nth layer of this protocol (from 1) over its members. */
void sets_apply(struct reader *reader, const struct wire_protocol *protocol, unsigned int nth,
	const struct node **members);

/* The last --set KEY= of what stands beside layers:, else node. */
const struct node *sets_of_frame(
	const struct reader *reader, const char *key, const struct node *node);

/* -EINVAL where a --set fits no frame. */
int sets_check_used(const struct reader *reader, struct err *err);

#endif
