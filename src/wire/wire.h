/*
 * wire.h: what the octets of each protocol mean, as const tables. Build, dissect, print, --set, the
 * manual and the tests all read these rows; no other code knows a field's place.
 *
 * A record is a run of fields: a protocol's header, or one item in a list of options. Fields stand
 * one after the other without gaps; a field whose condition does not hold takes no room. So a
 * field's offset is the sum of what precedes it, and unions (ICMP), optional fields and lists are
 * the same shape.
 */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_kind {
	WIRE_UINT,  /* an unsigned number of 1 to 64 bits, big-endian */
	WIRE_FLAGS, /* the same, each bit with a name; written syn|ack */
	WIRE_MAC,   /* 6 octets */
	WIRE_IPV4,  /* 4 octets */
	WIRE_IPV6,  /* 16 octets */
	WIRE_BYTES, /* octets: width of them, or to the end of the record where width is 0 */
	WIRE_LIST, /* records one after the other, to the end of the record; see struct wire_list */
};

enum wire_rule {
	WIRE_FIXED,    /* what is given, else the preset, else zero */
	WIRE_LENGTH,   /* counts octets, by .length */
	WIRE_CHECKSUM, /* by .sum */
	WIRE_NEXT,     /* the number in .space of the layer that follows, else the preset */
};

/* What a length counts. */
enum wire_span {
	WIRE_SPAN_RECORD,  /* the record that the field stands in */
	WIRE_SPAN_PAYLOAD, /* all that follows the header */
	WIRE_SPAN_WHOLE,   /* the header and all that follows */
};

/* field = octets / unit + bias, rounded up. IPv4's ihl: {RECORD, 4, 0}; IPv6 extensions: {RECORD,
 * 8, -1}. */
struct wire_length {
	enum wire_span span;
	uint8_t unit;
	int8_t bias;
};

/* The internet checksum, RFC 1071; what it covers. The field itself counts as zero. */
enum wire_sum {
	WIRE_SUM_RECORD, /* the header */
	WIRE_SUM_WHOLE,	 /* the header and all that follows */
	WIRE_SUM_PSEUDO, /* the same, and a pseudo header of the nearest IP layer before it: TCP,
			    ICMPv6 */
	WIRE_SUM_UDP, /* the same; RFC 768: a computed zero is sent as all ones, a zero means none
		       */
};

/* Number spaces in which a layer names the one that follows. */
enum wire_space {
	WIRE_SPACE_NONE,
	WIRE_ETHERTYPE,
	WIRE_IP_PROTOCOL, /* IPv4 protocol, IPv6 next header */
	WIRE_UDP_PORT,
	WIRE_TCP_PORT,
	WIRE_ICMP_TYPE,	  /* ICMP messages that quote a packet */
	WIRE_ICMPV6_TYPE, /* ICMPv6 messages that quote a packet */
};

/* The layer is named by this number in this space. A list of them ends with WIRE_SPACE_NONE. */
struct wire_bind {
	enum wire_space space;
	uint64_t number;
};

/* A name for a value, or for a mask of bits in WIRE_FLAGS. A list of them ends with a NULL name. */
struct wire_name {
	uint64_t value;
	const char *name;
};

/* The field is there when an earlier numeric field of its record has (or, with unless, has not) one
 * of these values. */
struct wire_when {
	const char *field;
	const uint64_t *values;
	unsigned int count;
	bool unless;
};

#define WIRE_WHEN(name, ...)                                 \
	(&(const struct wire_when){ .field = (name),         \
		.values = (const uint64_t[]){ __VA_ARGS__ }, \
		.count = sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t) })
#define WIRE_UNLESS(name, ...)                                                         \
	(&(const struct wire_when){ .field = (name),                                   \
		.values = (const uint64_t[]){ __VA_ARGS__ },                           \
		.count = sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), \
		.unless = true })

struct wire_field {
	const char *name;
	enum wire_kind kind;
	uint16_t width; /* bits; 0: as long as the value, or to the end of the record (BYTES, LIST)
			 */
	const char *wireshark; /* its name in Wireshark's display filters, NULL where it has none */
	const char *help;      /* what it is, a few words, lower case, without a full stop */
	const char *preset;    /* what it is when left out, as a template writes it; may be a $if.*
				  name; NULL is zero */
	enum wire_rule rule;
	bool required; /* must be given: no preset can be right */
	bool hex;      /* printed 0x... */
	bool text;     /* BYTES: a plain scalar in a template is text, not hex digits: payload */
	struct wire_length length; /* rule WIRE_LENGTH */
	enum wire_sum sum;	   /* rule WIRE_CHECKSUM */
	enum wire_space space; /* names the next layer; its bindings are names for the value too;
				  with rule WIRE_FIXED only when a frame is read */
	const struct wire_name *names; /* further names for values, or of bits */
	const struct wire_when *when;  /* NULL: always there */
	const struct wire_list *list;  /* kind WIRE_LIST */
};

/* A run of fields. */
struct wire_record {
	const char *name;
	const char *help;
	const struct wire_field *fields;
	unsigned int count;
	uint64_t id;   /* of a list's item: the value of its first field that chooses it */
	uint8_t align; /* octets: when built, its lists are filled up so that its length is a
			  multiple; 0 is 1 */
};

#define WIRE_FIELDS(rows) .fields = (rows), .count = sizeof(rows) / sizeof((rows)[0])

/* How a list is filled up to the alignment of the record it stands in. */
enum wire_fill {
	WIRE_FILL_ZERO, /* octets of zero: IPv4 and TCP end-of-options */
	WIRE_FILL_PADN, /* IPv6 Pad1 and PadN, RFC 8200 4.2 */
};

/*
 * Records one after the other. The first id_width bits of each choose its record by id; one not in
 * the list is `other`. With id_width 0 all are of the first record. An item is as long as its
 * fields, or as its WIRE_SPAN_RECORD length says. What cannot be read as an item is one
 * wire_raw_item, so that any octets can be said.
 */
struct wire_list {
	const struct wire_record *const *items; /* ends with NULL */
	const struct wire_record *other;	/* NULL where id_width is 0 */
	uint8_t id_width;
	enum wire_fill fill;
	bool has_end; /* the item whose id is 0 ends the list; octets after it are more of it if all
			 are zero */
};

extern const struct wire_record wire_raw_item; /* "raw": one field "data", octets as they stand */

/* One protocol: src/wire/NAME.c defines `const struct wire_protocol wire_NAME`, registry.c lists
 * it. */
struct wire_protocol {
	struct wire_record header;
	const char *title;	       /* its full name */
	const char *rfc;	       /* "RFC 768", "IEEE 802.1Q": where the fields come from */
	const struct wire_bind *binds; /* NULL where nothing names it */
	bool ip;	   /* gives the pseudo header: fields src and dst of kind IPV4 or IPV6 */
	bool ip_extension; /* an IPv6 extension header: stands between the IP layer and its payload
			    */
};

/* ---- registry ---- */

extern const struct wire_protocol
	*const wire_protocols[]; /* all of them, ends with NULL; in the order of the layers */
extern const struct wire_protocol wire_eth, wire_payload;

/* NULL where there is none. */
const struct wire_protocol *wire_protocol_find(const char *name);
const struct wire_protocol *wire_protocol_next(enum wire_space space, uint64_t number);
/* The number by which protocol is named in space; false where it has none. */
bool wire_protocol_number(
	const struct wire_protocol *protocol, enum wire_space space, uint64_t *ret);

/* The field's index in the record, -1 where it has none of that name. A name may stand twice under
 * exclusive conditions (ICMP's id): the first is returned. */
int wire_field_find(const struct wire_record *record, const char *name);

/* Whether a field of this condition is there when the field it looks at has this value. */
bool wire_when_holds(const struct wire_when *when, uint64_t value);

/* ---- values ---- */

/* A field's value outside a frame: a number (UINT, FLAGS) or octets (the rest). A LIST has none. */
struct wire_value {
	uint64_t number;
	const uint8_t *octets; /* borrowed */
	size_t length;
};

struct arena;
struct buffer;
struct err;

/* UINT and FLAGS are numbers; the rest are octets. */
static inline bool wire_is_number(const struct wire_field *field)
{
	return field->kind == WIRE_UINT || field->kind == WIRE_FLAGS;
}

/*
 * Reads text as this field's value: a number that fits its bits, a name of .names or .space, names
 * joined by '|', a MAC, an address; for BYTES hex digits. Octets are the arena's. On failure
 * -EINVAL, *ret untouched, and *err (ERR_INPUT, without a place) says what is wrong, the limit, and
 * "did you mean":  70000 does not fit in 16 bits (at most 65535)
 */
int wire_value_parse(struct arena *arena, const struct wire_field *field, const char *text,
	struct wire_value *ret, struct err *err);

/*
 * Appends the value as wire_value_parse reads it: the name where it has one and the number else;
 * FLAGS as names joined by '|' (0 as "0", unnamed bits as one number more); BYTES as hex without
 * blanks.
 */
void wire_value_format(
	const struct wire_field *field, const struct wire_value *value, struct buffer *out);

/* The name of a number in .names or .space, NULL where it has none. FLAGS: only of a single bit. */
const char *wire_value_name(const struct wire_field *field, uint64_t number);

/*
 * The value that stands in a frame, and back. bit is the field's offset from octets in bits, width
 * its width in bits: of a value that is octets, 8 times its length.
 */
void wire_value_get(const struct wire_field *field, const uint8_t *octets, size_t bit, size_t width,
	struct wire_value *ret);
void wire_value_put(const struct wire_field *field, uint8_t *octets, size_t bit, size_t width,
	const struct wire_value *value);
bool wire_value_equal(
	const struct wire_field *field, const struct wire_value *a, const struct wire_value *b);

#endif
