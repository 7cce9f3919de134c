/* What ICMP says of a quoted packet, behind it, and extended echo requests of an interface. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, ICMP extension object classes */
static const struct wire_name classes[] = {
	{ 1, "mpls" }, { 2, "interface" }, { 3, "interface-id" },
	{ 0, NULL },
};

/* RFC 5837 4.1 */
static const struct wire_name roles[] = {
	{ 0, "incoming" }, { 1, "sub-incoming" }, { 2, "outgoing" }, { 3, "next-hop" },
	{ 0, NULL },
};

/* RFC 8335 2.1 */
static const struct wire_name identifications[] = {
	{ 1, "name" }, { 2, "index" }, { 3, "address" },
	{ 0, NULL },
};

/* IANA, address family numbers */
static const struct wire_name families[] = {
	{ 1, "ipv4" }, { 2, "ipv6" }, { 6, "ieee802" },
	{ 0, NULL },
};

#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "icmp.ext.length", .help = "octets of the object" }
#define CLASS \
	{ .name = "class", .kind = WIRE_UINT, .width = 8, .names = classes, \
	  .wireshark = "icmp.ext.class", .help = "kind of object" }

static const struct wire_field label_fields[] = {
	{ .name = "label", .kind = WIRE_UINT, .width = 20,
	  .wireshark = "icmp.mpls.label", .help = "label" },
	{ .name = "tc", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "icmp.mpls.exp", .help = "traffic class" },
	{ .name = "bottom", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "icmp.mpls.s", .help = "the last label of the stack" },
	{ .name = "ttl", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "icmp.mpls.ttl", .help = "hops that were left" },
};
static const struct wire_record label = { .name = "label", .help = "an MPLS label", WIRE_FIELDS(label_fields) };
static const struct wire_record *const labels[] = { &label, NULL };
static const struct wire_list label_list = { .items = labels };

/* RFC 4950 3 */
static const struct wire_field mpls_fields[] = {
	LENGTH,
	CLASS,
	{ .name = "ctype", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "icmp.ext.ctype", .help = "1: the label stack with which the packet came" },
	{ .name = "labels", .kind = WIRE_LIST, .list = &label_list, .help = "labels, the outermost first" },
};

/* RFC 5837 4 */
static const struct wire_field interface_fields[] = {
	LENGTH,
	CLASS,
	{ .name = "role", .kind = WIRE_UINT, .width = 2, .names = roles,
	  .wireshark = "icmp.int_info.role", .help = "what the interface is to the packet" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 2,
	  .wireshark = "icmp.int_info.reserved", .help = "zero" },
	{ .name = "has-index", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "icmp.int_info.ifindex", .help = "an index follows" },
	{ .name = "has-address", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "icmp.int_info.ipaddr", .help = "an address follows" },
	{ .name = "has-name", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "icmp.int_info.name_present", .help = "a name follows" },
	{ .name = "has-mtu", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "icmp.int_info.mtu_present", .help = "an MTU follows" },
	{ .name = "index", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("has-index", 1),
	  .wireshark = "icmp.int_info.index", .help = "the interface's index, as SNMP has it" },
	{ .name = "family", .kind = WIRE_UINT, .width = 16, .preset = "ipv4", .names = families,
	  .when = WIRE_WHEN("has-address", 1),
	  .wireshark = "icmp.int_info.afi", .help = "address family" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("has-address", 1), .help = "zero" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .when = WIRE_WHEN("family", 1),
	  .wireshark = "icmp.int_info.ipv4", .help = "the interface's address" },
	{ .name = "address", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("family", 2),
	  .wireshark = "icmp.int_info.ipv6", .help = "the interface's address" },
	{ .name = "name-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 1 },
	  .of = "name", .when = WIRE_WHEN("has-name", 1),
	  .wireshark = "icmp.int_info.name_length", .help = "octets of the name and this one" },
	{ .name = "name", .kind = WIRE_BYTES, .text = true, .when = WIRE_WHEN("has-name", 1),
	  .wireshark = "icmp.int_info.name", .help = "the interface's name, filled up to words with its length" },
	{ .name = "mtu", .kind = WIRE_UINT, .width = 32, .preset = "1500", .when = WIRE_WHEN("has-mtu", 1),
	  .wireshark = "icmp.int_info.mtu", .help = "the interface's MTU" },
};

/* RFC 8335 2.1 */
static const struct wire_field identification_fields[] = {
	LENGTH,
	CLASS,
	{ .name = "ctype", .kind = WIRE_UINT, .width = 8, .preset = "name", .names = identifications,
	  .wireshark = "icmp.ext.ctype", .help = "by what the interface is named" },
	{ .name = "name", .kind = WIRE_BYTES, .text = true, .when = WIRE_WHEN("ctype", 1),
	  .wireshark = "icmp.int_ident.name", .help = "the interface's name, zeros to a multiple of 4 octets" },
	{ .name = "index", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("ctype", 2),
	  .wireshark = "icmp.int_ident.index", .help = "the interface's index" },
	{ .name = "family", .kind = WIRE_UINT, .width = 16, .preset = "ipv4", .names = families,
	  .when = WIRE_WHEN("ctype", 3),
	  .wireshark = "icmp.int_ident.afi", .help = "address family" },
	{ .name = "address-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 0 },
	  .of = "address", .when = WIRE_WHEN("ctype", 3),
	  .wireshark = "icmp.int_ident.addr_length", .help = "octets of the address" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("ctype", 3), .help = "zero" },
	{ .name = "address", .kind = WIRE_BYTES, .when = WIRE_WHEN("ctype", 3), .help = "the interface's address" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("ctype", 1, 2, 3), .help = "the object's octets" },
};

static const struct wire_field other_fields[] = {
	LENGTH,
	CLASS,
	{ .name = "ctype", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "icmp.ext.ctype", .help = "kind within the class" },
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "icmp.ext.data", .help = "the object's octets" },
};

static const struct wire_record mpls = {
	.name = "mpls", .id = 1, .help = "the packet's MPLS labels", WIRE_FIELDS(mpls_fields) };
static const struct wire_record interface = {
	.name = "interface", .id = 2, .help = "an interface that the packet passed", WIRE_FIELDS(interface_fields) };
static const struct wire_record identification = {
	.name = "interface-id", .id = 3, .help = "an interface that is asked about", WIRE_FIELDS(identification_fields) };
static const struct wire_record other = { .name = "object", .help = "any other object", WIRE_FIELDS(other_fields) };
static const struct wire_record *const objects[] = { &mpls, &interface, &identification, NULL };
static const struct wire_list object_list = {
	.items = objects, .other = &other, .id_width = 8, .id_bit = 16 };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "2",
	  .wireshark = "icmp.ext.version", .help = "2" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 12,
	  .wireshark = "icmp.ext.res", .help = "zero" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_RECORD,
	  .wireshark = "icmp.ext.checksum", .help = "over the extension" },
	{ .name = "objects", .kind = WIRE_LIST, .list = &object_list, .help = "what it says" },
};

/* Read where it is the first behind the header; behind a quoted packet it is of its payload. */
static const struct wire_bind binds[] = {
	{ WIRE_ICMP_TYPE, 42 },
	{ WIRE_ICMPV6_TYPE, 160 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_icmp_extension = {
	.header = { .name = "icmp-extension",
		.help = "ICMP extension structure",
		WIRE_FIELDS(fields) },
	.title = "ICMP Extension Structure",
	.rfc = "RFC 4884 7",
	.binds = binds,
};
