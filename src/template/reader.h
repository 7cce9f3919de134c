/* reader.h: what the files that read a template share: its text, files, variables and scalars.
 * Values are in value_reader.h, frames in frame_reader.h; nobody else includes them. */
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
struct buffer;

/* Names of what frames that arrive hold, in the order in which they were first met. Zeroed memory
 * has none. */
struct captures {
	struct capture_name {
		const char *name;
		const struct wire_field *field; /* where it was taken */
		struct position at;
	} * rows;
	unsigned int count, capacity;
};

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

/* ---- the top level of a text (top.c) ---- */

/* A template, or a script: its keys, the ones that make it one, and how they are written. */
struct top_form {
	struct keys keys;
	const char *has;     /* "steps:" */
	const char *example; /* "steps: [...]" */
};

/* What stands under each key, NULL where nothing does. */
int top_members_read(struct reader *reader, const struct top_form *form,
	const struct node_source *source, const struct node **members, struct err *err);

/* name: and about:, literally: a list of texts gives variables no values. What is NULL leaves its
 * *ret as it is. */
int top_names_read(struct reader *reader, const struct node *name, const struct node *about,
	const char **ret_name, const char **ret_about, struct err *err);

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

/* The members of a template. */
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

#endif
