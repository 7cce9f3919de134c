/*
 * spec.h: a frame as it is asked for: layers of fields, each given or automatic. Made by the
 * template reader, by respec from a dissected frame, or by a program; read by frame_build. All of
 * it lives in the caller's arena.
 */
#ifndef FRAME_SPEC_H
#define FRAME_SPEC_H

#include "base/err.h"
#include "wire/crc32.h"
#include "wire/wire.h"

struct arena;
struct spec_record;

/* The longest frame without FCS: an IPv4 datagram of 65,535 octets under Ethernet and a few tags.
 */
#define FRAME_LENGTH_MAX 65600

enum spec_state {
	SPEC_AUTO,  /* left out or `auto`: by the row's rule, else its preset, else zero */
	SPEC_GIVEN, /* sent as given, even when wrong */
	SPEC_BAD,   /* `bad`: a wrong checksum; only for WIRE_CHECKSUM */
};

/* "Automatic" is not a number: a given 0 and SPEC_AUTO differ. */
struct spec_value {
	enum spec_state state;
	bool placeholder; /* stands for an interface's fact that is not known: show marks it */
	struct wire_value value;   /* GIVEN; not for lists */
	struct spec_record *items; /* GIVEN lists: count records */
	unsigned int count;
	struct position at;
};

struct spec_record {
	const struct wire_record *type;
	struct spec_value *values; /* one a row of type->fields, in that order */
	struct position at;
};

struct spec_layer {
	const struct wire_protocol *protocol;
	struct spec_record header; /* type is &protocol->header */
};

struct spec_pad {
	enum spec_pad_mode {
		SPEC_PAD_AUTO,	 /* zeros up to 60 octets */
		SPEC_PAD_NONE,	 /* a runt stays a runt */
		SPEC_PAD_COUNT,	 /* length zeros */
		SPEC_PAD_OCTETS, /* these */
	} mode;
	const uint8_t *octets;
	size_t length;
};

struct spec_fcs {
	enum spec_fcs_mode {
		SPEC_FCS_AUTO,
		SPEC_FCS_BAD,
		SPEC_FCS_NONE,
		SPEC_FCS_GIVEN,
	} mode;
	uint8_t octets[FCS_LENGTH]; /* GIVEN: in wire order */
	struct position at;
};

struct frame_spec {
	const char *name;
	struct position at;
	struct spec_layer *layers; /* outermost first; payload is a layer too */
	unsigned int count;
	struct spec_pad pad;
	struct spec_fcs fcs;
	unsigned int weight; /* how often it is sent in a pass over all frames; 0 counts as 1 */
	uint64_t gap_ns;     /* pause after it */
};

/* A record with every value SPEC_AUTO. */
void spec_record_init(
	struct spec_record *record, struct arena *arena, const struct wire_record *type);

/* Appends a layer with every value SPEC_AUTO; the result is valid until the next call. */
struct spec_layer *spec_layer_add(
	struct frame_spec *spec, struct arena *arena, const struct wire_protocol *protocol);

/* For programs: sets the field from text, as a template would. Returns -EINVAL with *err for an
 * unknown name or bad value. */
int spec_layer_set(struct spec_layer *layer, struct arena *arena, const char *field,
	const char *text, struct err *err);

#endif
