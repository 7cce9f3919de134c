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
	SPEC_AUTO,   /* left out or `auto`: by the row's rule, else its preset, else zero */
	SPEC_GIVEN,  /* sent as given, even when wrong */
	SPEC_BAD,    /* `bad`: a wrong checksum; only for WIRE_CHECKSUM */
	SPEC_VARIES, /* from frame to frame, as .vary says */
	SPEC_TAKEN,  /* taken from a frame that arrives, as .capture says: in patterns, and in what
			is made of their captures; never to be built */
};

#define SPEC_CAPTURES_MAX 256

/*
 * A number made of what names stand for, one after the other: numbers in 64 bits; octets in eights,
 * the last of which may be shorter. So few steps that a program in the kernel can take them too.
 */
struct spec_hash {
	uint64_t key; /* what it begins as */
	const struct spec_hashed {
		unsigned int index;
		const struct wire_field *field; /* whose value the name has */
	} * rows;
	unsigned int count;
};

#define SPEC_HASH_FACTOR 0x9e3779b97f4a7c15ULL

static inline uint64_t spec_hash_add(uint64_t hash, uint64_t piece)
{
	hash = (hash ^ piece) * SPEC_HASH_FACTOR;
	return hash ^ hash >> 32;
}

/*
 * In a pattern: the field may have any value, or one of a range, and that gets a name; where the
 * name stands in the pattern before, it is that value. In what is made of the captures: the value
 * of the name.
 */
struct spec_capture {
	const char *name;   /* NULL: held against the range, and forgotten */
	unsigned int index; /* of the name, in the order in which they begin */
	bool first;	    /* the name begins here: no other place has said its value before */
	bool ranged;
	struct wire_value first_value, last_value; /* of the range, both included, see spec_vary */
	uint64_t plus; /* added to the number that the name has, modulo what the field holds */
	const struct spec_hash *hash; /* not in patterns, and without a name: what stands for it */
	/* In a pattern: the field's value is one of keys. Elsewhere: that of values that stands
	 * where the name's stands among keys. */
	const struct spec_table {
		const struct wire_field *key_field;
		const struct wire_value *keys;
		const struct wire_value *values; /* NULL: in a pattern */
		unsigned int count;
	} * table;
	struct position at;
};

/* How a value changes from one sending of its frame to the next: a function of the frame's own turn
 * 0, 1, 2, ... */
enum vary_kind {
	VARY_INC,     /* first, first + step, ... not beyond last, then first again */
	VARY_DEC,     /* downwards, from first to last */
	VARY_RANDOM,  /* first to last, both included, by seed, field and turn */
	VARY_SHUFFLE, /* each of first to last once, in random order; then again in another */
	VARY_LIST,    /* values[count] in turn */
	VARY_SAME_AS, /* the value of another field of the frame */
	VARY_CLOCK,   /* the wall clock in nanoseconds when the frame is made: 0 to last, a power of
			 two less one; `step` turns share a time; not from a template */
};

/*
 * first and last are numbers, or octets of one length taken as big-endian numbers: a MAC, an
 * address, or up to 8 octets of a field of bytes. They may be as far apart as 2^64 - 1. Longer
 * octets (a payload's random-bytes) are VARY_RANDOM from all zeros to all ones, and nothing else.
 */
struct spec_vary {
	enum vary_kind kind;
	struct wire_value first, last;
	uint64_t step;			 /* at least 1; of INC, DEC and CLOCK */
	const struct wire_value *values; /* LIST */
	unsigned int count;
	bool cycle; /* each: cycle: steps when the varying field before it, in the frame's order,
		       wraps */
	bool part; /* only bits low to high of the field vary (bit 0 is the lowest) and first, last,
		      values are what these hold, as numbers; the rest is spec_value.value */
	unsigned int low, high;
	unsigned int same_layer; /* SAME_AS: index of the layer, and of the row in its header */
	unsigned int same_field;
	struct position at;
};

enum spec_want_kind {
	SPEC_WANT_ANY,	   /* it is there */
	SPEC_WANT_RIGHT,   /* a computed field is what it should be */
	SPEC_WANT_ONE_OF,  /* in one of ranges[count]; with except in none of them */
	SPEC_WANT_BITS,	   /* all of set, none of clear */
	SPEC_WANT_PREFIX,  /* begins with the value's octets */
	SPEC_WANT_EXACTLY, /* of a list: it has these items and no others */
};

/* A number, or octets of one length; both ends included. */
struct spec_range {
	struct wire_value first, last;
};

/* What a field may hold in a frame that is waited for: match/pattern.h. */
struct spec_want {
	enum spec_want_kind kind;
	const struct spec_range *ranges;
	unsigned int count;
	bool except;
	uint64_t set, clear;
};

/* "Automatic" is not a number: a given 0 and SPEC_AUTO differ. */
struct spec_value {
	enum spec_state state;
	bool placeholder; /* stands for an interface's fact that is not known: show marks it */
	struct wire_value value;	    /* GIVEN; of VARIES what does not vary; not for lists */
	const struct spec_vary *vary;	    /* VARIES; not for lists */
	const struct spec_capture *capture; /* TAKEN; not for lists */
	struct spec_record *items;	    /* GIVEN lists: count records */
	unsigned int count;
	const struct spec_want *want; /* GIVEN, of a pattern; NULL: the value; of a list, the items
					 among others */
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

/*
 * The size of the payload (the last layer, added where the frame has none), or of the whole frame
 * with FCS by way of it. The payload's octets are repeated, or cut, until they are as many.
 */
struct spec_size {
	enum spec_size_mode {
		SPEC_SIZE_OWN,	   /* as many octets as the payload has */
		SPEC_SIZE_PAYLOAD, /* of the payload */
		SPEC_SIZE_FRAME,   /* of the whole frame, FCS counted */
	} mode;
	struct spec_vary vary; /* of octets, as numbers; one that does not vary is an INC from it to
				  itself; IMIX a LIST; not cycle, part or SAME_AS */
};

enum fragment_order {
	FRAGMENT_FORWARD,
	FRAGMENT_REVERSE,
	FRAGMENT_SHUFFLE, /* by the seed */
};

/* How a datagram is split: fragment.h. */
struct fragmentation {
	uint64_t mtu;	  /* octets of an IP packet at most */
	uint64_t overlap; /* octets that a fragment repeats of the one before it; in eights */
	uint64_t gap;	  /* octets left out between two fragments; in eights; not with overlap */
	enum fragment_order order;
	uint64_t seed;
	bool keep_df; /* fragments even a datagram that says not to, and says so in each */
	uint64_t id;  /* of IPv6; IPv4's stands in its header */
	struct position at;
};

/* A fragment of a datagram that varies: its payload is that of the datagram at the same turn. */
struct spec_fragment {
	const struct frame_spec *whole; /* the same for all of its fragments */
	const struct fragmentation *how;
	uint32_t start; /* octets from whole's start, as many as the payload has */
};

struct frame_spec {
	const char *name;
	struct position at;
	struct spec_layer *layers; /* outermost first; payload is a layer too */
	unsigned int count;
	struct spec_pad pad;
	struct spec_fcs fcs;
	struct spec_size size;
	unsigned int weight; /* how often it is sent in a pass over all frames; 0 counts as 1 */
	uint64_t gap_ns;     /* pause after it */
	const struct spec_fragment *fragment; /* NULL: the frame stands for itself */
	bool split; /* it is a part of a datagram, be it one that varies or not */
};

/* A record with every value SPEC_AUTO. */
void spec_record_init(
	struct spec_record *record, struct arena *arena, const struct wire_record *type);

/* What is given for the row. A name may stand in several rows under exclusive conditions; the first
 * of them then speaks for all. */
const struct spec_value *spec_value_of(const struct spec_record *spec, unsigned int row);

/* Appends a layer with every value SPEC_AUTO; the result is valid until the next call. */
struct spec_layer *spec_layer_add(
	struct frame_spec *spec, struct arena *arena, const struct wire_protocol *protocol);

/* For programs: sets the field from text, as a template would. Returns -EINVAL with *err for an
 * unknown name or bad value. */
int spec_layer_set(struct spec_layer *layer, struct arena *arena, const char *field,
	const char *text, struct err *err);

#endif
