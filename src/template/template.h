/* template.h: reads frame templates (YAML) into frame specs, and writes specs back as templates. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "frame/spec.h"

struct buffer;

/*
 * Answers what a template asks of the machine, by name: "if.mac", "if.ipv4", "if.ipv6", "if.mtu",
 * "hop.mac". destination, for hop.mac only, is the frame's own address (4 or 16 octets), NULL where
 * the frame has none. Writes the answer as template text ("02:00:00:00:00:01") to text[size] and
 * returns 0, or fails with *err (no place). Sets *placeholder where the answer stands for a fact
 * that is not known.
 */
struct resolver {
	int (*resolve)(void *context, const char *name, const uint8_t *destination, size_t length,
		char *text, size_t size, bool *placeholder, struct err *err);
	void *context;
};

/* 02:00:00:00:00:01, 192.0.2.1, 2001:db8::1, 1500 and 02:00:00:00:00:02, as placeholders: for show
 * without an interface. */
extern const struct resolver resolver_placeholder;

/*
 * Finds a template by its bare name: what `- include: NAME` names. *ret is the path of a file, the
 * arena's; -EINVAL with *err (no place) where there is none.
 */
struct finder {
	int (*find)(void *context, struct arena *arena, const char *name, const char **ret,
		struct err *err);
	void *context;
};

struct template_define {
	const char *name; /* -D NAME=VALUE */
	const char *value;
};

struct template_options {
	const struct resolver *resolver;
	const struct finder *finder; /* NULL: only paths can be included */
	const struct template_define *defines;
	size_t define_count;
	bool *defines_used; /* [define_count]: set of those that the template has a variable for,
			       and the others are no error, as another template may have it; NULL:
			       each has to be of this one */
	const char *const
		*sets; /* "LAYER.FIELD=VALUE", "vlan[2].id=7", in every frame that has the layer */
	size_t set_count;
	uint64_t seed;	/* of what is random when the template is read: fragment's order */
	bool responder; /* a template of frames is none that is wanted */
	bool complete;	/* layers that are missing below the first one are added: udp stands in
			   ipv4, and that in eth to $hop.mac */
};

/* A --set of one value, for who changes frames as they are; all of it the arena's. */
struct template_set {
	const struct wire_protocol *protocol;
	unsigned int nth;		/* of the layers of this protocol in a frame, from 1 */
	const struct wire_field *field; /* the first row of its name */
	struct wire_value value;
	struct position at; /* for messages */
};

int template_read_set(
	struct arena *arena, const char *text, struct template_set *ret, struct err *err);

/* What a responder answers, and by what. */
struct template_rule {
	const char *name;
	struct frame_spec request; /* a pattern: see SPEC_TAKEN */
	struct frame_spec answer;
};

struct template
{
	const char *name;
	const char *about; /* NULL where it has none */
	struct frame_spec *frames;
	unsigned int count; /* at least 1, but of a responder */
	/* Of a responder, which has no frames. */
	struct template_rule *rules;
	unsigned int rule_count;
};

#define TEMPLATE_SIZE_MAX    (16 << 20) /* octets of a template file, and of all that it includes */
#define TEMPLATE_DEPTH_MAX   32
#define TEMPLATE_INCLUDE_MAX 8 /* templates, each in the one before it */

/*
 * Reads a whole template. file is its name in messages and where relative `file:` payloads and
 * templates to include are looked for; everything in *ret is the arena's. A -D that the template
 * does not use, a --set that fits no frame, and all that is wrong in the text are -EINVAL with *err
 * at FILE:LINE:COLUMN (FILE the included one, where it is wrong in there); *ret is untouched then.
 *
 * `- include: NAME` stands for the layers of another template. Its vars have the values of the
 * including template's of the same names.
 */
int template_read(struct arena *arena, const char *file, const uint8_t *text, size_t length,
	const struct template_options *options, struct template *ret, struct err *err);

/* The same for a file's name; "-" is standard input. A file that cannot be read is ERR_SYSTEM. */
int template_read_file(struct arena *arena, const char *file,
	const struct template_options *options, struct template *ret, struct err *err);

/* name and about alone, for listings: variables need no value and nothing is resolved. */
int template_read_about(
	struct arena *arena, const char *file, struct template *ret, struct err *err);

/* Appends the template that reads back as this one. Automatic values are left out. */
void template_write(const struct template *template, struct buffer *out);

/* Whether the frame is a fragment of the datagram that the frame before it is one of too: where
 * that one was written, this one was. */
bool template_is_rest(const struct template *template, unsigned int index);

/*
 * Reads expressions, each a frame in a line; positions have file "-e", of several "-e[2]":
 *
 *	eth(dst=ff:ff:ff:ff:ff:ff)/ipv4(dst=10.0.0.2)/udp(dport=inc(1..9))/"hello"
 *
 * The fields, values and generators are those of templates: NAME(VALUE, KEY=VALUE) stands for
 * {NAME: VALUE, KEY: VALUE}. frame(fcs=bad)/ in front says what stands beside layers in a template.
 * Their variables are options->defines. Frames are named "expression", of several "expression-2",
 * unless frame(name=...) says another.
 */
int template_read_expressions(struct arena *arena, const char *const *texts, unsigned int count,
	const struct template_options *options, struct template *ret, struct err *err);

/* Appends the frame as an expression, without '\n': the same octets come of it. Its name stands in
 * it only where random values hang on that. A fragment of a datagram that varies is written as all
 * its fragments. */
void expression_write(const struct frame_spec *frame, struct buffer *out);

#endif
