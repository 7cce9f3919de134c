/*
 * wire.h: what the octets of each protocol mean, as const tables. Build, dissect, print, --set, the
 * manual and the tests all read these rows; no other code knows a field's place.
 *
 * A record is a run of fields: a protocol's header, or one item in a list of options. Fields stand
 * one after the other without gaps; a field whose condition does not hold takes no room. So a
 * field's offset is the sum of what precedes it, and unions (ICMP), optional fields and lists are
 * the same shape.
 *
 * A field without a width ends where its own octets say (NAME, STRING), where another field of the
 * record says (a WIRE_COUNT or WIRE_SPAN_FIELD that names it), else at the record's end: then it is
 * the last. A record ends where its WIRE_SPAN_RECORD or WIRE_SPAN_REST field says, else behind its
 * last field.
 */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_kind {
	WIRE_UINT,   /* an unsigned number of 1 to 64 bits, big-endian */
	WIRE_FLAGS,  /* the same, each bit with a name; written syn|ack */
	WIRE_MAC,    /* 6 octets */
	WIRE_IPV4,   /* 4 octets */
	WIRE_IPV6,   /* 16 octets */
	WIRE_NAME,   /* a domain name as DNS has it: labels, then a zero or a pointer; wire/domain.h
		      */
	WIRE_STRING, /* text that a zero octet ends; its value is without the zero */
	WIRE_BYTES,  /* octets: width of them, or as many as there are where width is 0 */
	WIRE_LIST,   /* records one after the other; see struct wire_list */
};

enum wire_rule {
	WIRE_FIXED,    /* what is given, else the preset, else zero */
	WIRE_LENGTH,   /* counts octets, by .length */
	WIRE_COUNT,    /* counts the items of the list that .of names, and .length.bias; such a list
			  has no more items than it says */
	WIRE_CHECKSUM, /* by .sum */
	WIRE_NEXT,     /* the number in .space of the layer that follows, else the preset */
};

/* What a length counts. */
enum wire_span {
	WIRE_SPAN_RECORD,  /* the record that the field stands in */
	WIRE_SPAN_REST,	   /* what stands behind the field in its record */
	WIRE_SPAN_FIELD,   /* the later field of the record that .of names */
	WIRE_SPAN_PAYLOAD, /* all that follows the header */
	WIRE_SPAN_WHOLE,   /* the header and all that follows */
};

/* field = octets / unit + bias, rounded up. IPv4's ihl: {RECORD, 4, 0}; IPv6 extensions: {RECORD,
 * 8, -1}; GTP-U, which leaves 8 octets of its header out: {WHOLE, 1, -8}. */
struct wire_length {
	enum wire_span span;
	uint8_t unit;
	int16_t bias;
};

/* The internet checksum, RFC 1071, in 16 bits; what it covers. The field itself counts as zero, and
 * so does the field that .of names (OSPF's authentication). */
enum wire_sum {
	WIRE_SUM_RECORD, /* the header */
	WIRE_SUM_WHOLE,	 /* the header and all that follows */
	WIRE_SUM_PSEUDO, /* the same, and a pseudo header of the nearest IP layer before it: TCP,
			    ICMPv6 */
	WIRE_SUM_UDP, /* the same; RFC 768: a computed zero is sent as all ones, a zero means none
		       */
	WIRE_SUM_WHOLE_IPV6,  /* WHOLE, and over IPv6 its pseudo header: PIM */
	WIRE_SUM_RECORD_IPV6, /* RECORD, and over IPv6 its pseudo header: PIM's register */
	WIRE_SUM_CISCO,	 /* WHOLE, with an odd last octet as Cisco adds it, wire/checksum.h: CDP */
	WIRE_SUM_CRC32C, /* no internet checksum but CRC32c over the header and all that follows, in
			    32 bits: SCTP, RFC 9260 appendix A */
};

/* clang-format off */
/* Number spaces in which a layer names the one that follows, and what people call such a number. */
#define WIRE_SPACES(X) \
	X(WIRE_ETHERTYPE,     "ethertype") \
	X(WIRE_IP_PROTOCOL,   "IP protocol")     /* IPv4 protocol, IPv6 next header */ \
	X(WIRE_IPV6_PROTOCOL, "IP protocol over IPv6") /* such a number where two protocols have it */ \
	X(WIRE_UDP_PORT,      "UDP port") \
	X(WIRE_TCP_PORT,      "TCP port") \
	X(WIRE_ICMP_TYPE,     "ICMP type")       /* ICMP messages that quote a packet */ \
	X(WIRE_ICMPV6_TYPE,   "ICMPv6 type")     /* ICMPv6 messages that quote a packet */ \
	X(WIRE_LLC_SAP,       "LLC SAP") \
	X(WIRE_SNAP_CISCO,    "Cisco protocol")  /* SNAP's protocol under Cisco's OUI */ \
	X(WIRE_MPLS_BOTTOM,   "bottom of stack") /* 0: a further label */ \
	X(WIRE_PPP_PROTOCOL,  "PPP protocol") \
	X(WIRE_SLOW_PROTOCOL, "slow protocol")   /* IEEE 802.3 57A: LACP, marker */ \
	X(WIRE_EAPOL_TYPE,    "EAPOL type") \
	X(WIRE_GTPU_EXTENSION, "GTP-U extension")
/* clang-format on */

#define WIRE_SPACE_ITEM(space, name) space,
enum wire_space { WIRE_SPACE_NONE, WIRE_SPACES(WIRE_SPACE_ITEM) };

/* Bound to this number of WIRE_ETHERTYPE is what follows a length instead of a type: IEEE 802.3
 * 3.2.6, numbers up to WIRE_NUMBER_LENGTH_MAX, in rows that have both a space and a .length. */
#define WIRE_NUMBER_LENGTH     UINT64_MAX
#define WIRE_NUMBER_LENGTH_MAX 1500

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
 * of these values, in the bits of mask (0: all). */
struct wire_when {
	const char *field;
	const uint64_t *values;
	unsigned int count;
	bool unless;
	uint64_t mask;
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
#define WIRE_WHEN_BITS(name, bits, ...)                                                \
	(&(const struct wire_when){ .field = (name),                                   \
		.values = (const uint64_t[]){ __VA_ARGS__ },                           \
		.count = sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), \
		.mask = (bits) })
#define WIRE_UNLESS_BITS(name, bits, ...)                                              \
	(&(const struct wire_when){ .field = (name),                                   \
		.values = (const uint64_t[]){ __VA_ARGS__ },                           \
		.count = sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), \
		.unless = true,                                                        \
		.mask = (bits) })

struct wire_field {
	const char *name;
	enum wire_kind kind;
	uint16_t width;	       /* bits; 0: as long as the value (NAME, STRING, BYTES, LIST) */
	const char *wireshark; /* its name in Wireshark's display filters, NULL where it has none */
	const char *help;      /* what it is, a few words, lower case, without a full stop */
	const char *preset;    /* what it is when left out, as a template writes it; may be a $if.*
				  name; NULL is zero */
	enum wire_rule rule;
	bool required; /* must be given: no preset can be right */
	bool hex;      /* printed 0x... */
	bool text;     /* BYTES: a plain scalar in a template is text, not hex digits: payload */
	bool optional; /* it and the rows after it, up to the next such row, are there together: in
			  a frame that is read when its record has octets left for them, in one that
			  is built when one of them or a later row is given */
	struct wire_length length; /* rule WIRE_LENGTH; .bias of WIRE_COUNT; WIRE_NEXT: what the
				      number is instead where WIRE_NUMBER_LENGTH follows */
	const char *of;	  /* a later field of the record: what WIRE_COUNT or WIRE_SPAN_FIELD counts;
			     or any: what WIRE_CHECKSUM leaves out */
	const char *over; /* rule WIRE_CHECKSUM: a field of rule FIXED whose .length, of span
			     PAYLOAD or WHOLE, says how many octets it covers (0: all, and never
			     less than the header): UDP-Lite, DCCP */
	enum wire_sum sum;     /* rule WIRE_CHECKSUM */
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
	uint64_t id;   /* of a list's item: the value of its field that chooses it */
	uint8_t align; /* octets: when built, its lists are filled up so that its length is a
			  multiple; 0 is 1 */
};

#define WIRE_FIELDS(rows) .fields = (rows), .count = sizeof(rows) / sizeof((rows)[0])

/*
 * Records one after the other. The id_width bits of each that begin id_bit bits after its start
 * choose its record by id; one not in the list is `other`. With id_width 0 all are of the first
 * record. An item is as long as its fields, or as its own length says. What cannot be read as an
 * item is one wire_raw_item, so that any octets can be said.
 *
 * To reach the alignment of the record it stands in, a list is filled up with the item that ends it
 * where that has the id 0 (IPv4, TCP), with pad1 and padn (IPv6), else with raw zeros.
 */
struct wire_list {
	const struct wire_record *const *items; /* ends with NULL */
	const struct wire_record *other;	/* NULL where id_width is 0 */
	uint8_t id_width;
	uint8_t id_bit;
	uint8_t item_align; /* octets: each item is followed by zeros to a multiple that its length
			       does not count (SCTP), but for the last in an item of such a list; 0
			       is 1 */
	const struct wire_record *end;	/* this item ends the list (IPv4's and DHCP's end, LLDP's):
					   what a length leaves behind it is one raw item, or more
					   ends where all is zero; NULL: none does */
	const struct wire_record *pad1; /* one octet of padding, RFC 8200 4.2 */
	const struct wire_record *padn; /* its type, its length, zeros; NULL: no such padding */
};

extern const struct wire_record wire_raw_item; /* "raw": one field "data", octets as they stand */

/* One protocol: src/wire/NAME.c defines `const struct wire_protocol wire_NAME`, registry.c lists
 * it. */
struct wire_protocol {
	struct wire_record header;
	const char *title;	       /* its full name */
	const char *rfc;	       /* "RFC 768", "IEEE 802.1Q": where the fields come from */
	const struct wire_bind *binds; /* NULL where nothing names it */
	const struct wire_protocol
		*next;	 /* always follows: VXLAN's eth; NULL: by its WIRE_NEXT rows */
	uint16_t begins; /* the number in its first two octets, by which a reader knows that it is
			    there: where another stands, its next follows at once; 0: no such
			    number. HDLC's address and control before PPP */
	bool guess_ip;	 /* where nothing names what follows, 4 or 6 in its first four bits is IPv4
			    or IPv6: MPLS, RFC 4928 */
	bool ip;	 /* gives the pseudo header: fields src and dst of kind IPV4 or IPV6 */
	bool ip_extension; /* an IPv6 extension header: stands between the IP layer and its payload
			    */
};

/* ---- registry ---- */

extern const struct wire_protocol
	*const wire_protocols[]; /* all of them, ends with NULL; in the order of the layers */
extern const struct wire_protocol wire_eth, wire_payload;

/* NULL where there is none. */
const struct wire_protocol *wire_protocol_find(const char *name);
/* The name that a misspelt one, or another tool's ("Ether", "Dot1Q"), may have meant; NULL where
 * none is near. */
const char *wire_protocol_near(const char *name);
const char *wire_field_near(const struct wire_record *record, const char *name);
/* The one that is so named; over: above this version of IP (0: none). */
const struct wire_protocol *wire_protocol_next(enum wire_space space, uint64_t number);
const struct wire_protocol *wire_protocol_over(
	enum wire_space space, uint64_t number, unsigned int ip);
/* The number by which protocol is named in space; false where it has none. */
bool wire_protocol_number(
	const struct wire_protocol *protocol, enum wire_space space, uint64_t *ret);

/* 4 or 6 of a protocol that gives a pseudo header, 0 of the others. */
unsigned int wire_ip_version(const struct wire_protocol *protocol);

/* "ethertype"; "" of WIRE_SPACE_NONE. */
const char *wire_space_name(enum wire_space space);

/* The row of an item that its id stands in; -1 where the list or the item (a raw one) has none. */
int wire_item_id(const struct wire_list *list, const struct wire_record *type);

/*
 * The row that an item's `name: VALUE` in a template means: the one of the item's own name (mtu:
 * 1500), else the first that is neither its id nor its length nor reserved. With sequence, VALUE is
 * [...]: only lists count (rr: [10.0.0.1]). -1 where there is none.
 */
int wire_item_meant(const struct wire_list *list, const struct wire_record *type, bool sequence);

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

/* Whether a plain scalar in a template is text. */
static inline bool wire_is_text(const struct wire_field *field)
{
	return field->text || field->kind == WIRE_STRING;
}

/* Whether the value is one of a layer's two ports: either may name what follows, the lower one
 * first, and each is that of what follows when left out. */
static inline bool wire_is_port(const struct wire_field *field)
{
	return field->space == WIRE_UDP_PORT || field->space == WIRE_TCP_PORT;
}

/* The row counts what follows its header, or its header too: where the layer ends. */
static inline bool wire_spans_payload(const struct wire_length *length)
{
	return length->span == WIRE_SPAN_PAYLOAD || length->span == WIRE_SPAN_WHOLE;
}

/*
 * Reads text as this field's value: a number that fits its bits, a name of .names or .space, names
 * joined by '|', a MAC, an address, a domain name, a STRING with \DDD (three decimal digits) for
 * any octet and \X for X; for BYTES hex digits. Octets are the arena's. On failure -EINVAL, *ret
 * untouched, and *err (ERR_INPUT, without a place) says what is wrong, the limit, and "did you
 * mean":  70000 does not fit in 16 bits (at most 65535)
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

/* The number's name in a list of them, which may be NULL; NULL where it has none. */
const char *wire_name_of(const struct wire_name *names, uint64_t number);

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

/* The bits that a value takes in a frame. */
size_t wire_value_width(const struct wire_field *field, const struct wire_value *value);

/* The octets that a NAME or STRING at octets[length] has, its end included; 0 where it has none, or
 * is no name. */
size_t wire_value_extent(const struct wire_field *field, const uint8_t *octets, size_t length);

/* The field's preset, not one of an interface, or its zero. -EINVAL where it is no value of it. */
int wire_value_preset(struct arena *arena, const struct wire_field *field, struct wire_value *ret);

#endif
