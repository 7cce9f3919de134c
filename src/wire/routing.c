/* IPv6's routing header. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_name types[] = {
	{ 0, "source-route" }, { 2, "mobile" }, { 3, "rpl" }, { 4, "segment" },
	{ 0, NULL },
};

static const struct wire_field hop_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "ipv6.routing.src.addr", .help = "IPv6 address of a hop" },
};
static const struct wire_record hop = { .name = "hop", .help = "one hop", WIRE_FIELDS(hop_fields) };
static const struct wire_record *const hops[] = { &hop, NULL };
static const struct wire_list hop_list = { .items = hops };

static const struct wire_field home_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "ipv6.routing.mipv6.home_address", .help = "the mobile node's home address" },
};
static const struct wire_record home = { .name = "home", .help = "home address", WIRE_FIELDS(home_fields) };
static const struct wire_record *const homes[] = { &home, NULL };
static const struct wire_list home_list = { .items = homes };

/* RFC 8754 2.1; IANA, segment routing header TLVs */
#define TLV_TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = tlv_types, .help = "kind of TLV" }
#define TLV_LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .help = "octets after this one" }

static const struct wire_name tlv_types[] = {
	{ 0, "pad1" }, { 4, "padn" }, { 5, "hmac" },
	{ 0, NULL },
};

static const struct wire_field pad1_fields[] = { TLV_TYPE };

static const struct wire_field padn_fields[] = {
	TLV_TYPE,
	TLV_LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "octets of zero" },
};

static const struct wire_field hmac_fields[] = {
	TLV_TYPE,
	TLV_LENGTH,
	{ .name = "d", .kind = WIRE_UINT, .width = 1, .help = "the destination address is not covered" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 15, .help = "zero" },
	{ .name = "key-id", .kind = WIRE_UINT, .width = 32, .help = "which key and algorithm" },
	{ .name = "hmac", .kind = WIRE_BYTES, .help = "the keyed hash, a multiple of 8 octets up to 32" },
};

static const struct wire_field tlv_fields[] = {
	TLV_TYPE,
	TLV_LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets" },
};

static const struct wire_record pad1 = {
	.name = "pad1", .id = 0, .help = "one octet of padding", WIRE_FIELDS(pad1_fields) };
static const struct wire_record padn = {
	.name = "padn", .id = 4, .help = "two or more octets of padding", WIRE_FIELDS(padn_fields) };
static const struct wire_record hmac = {
	.name = "hmac", .id = 5, .help = "keyed hash over the header", WIRE_FIELDS(hmac_fields) };
static const struct wire_record tlv = {
	.name = "tlv", .help = "any other TLV", WIRE_FIELDS(tlv_fields) };
static const struct wire_record *const tlvs[] = { &pad1, &padn, &hmac, NULL };
static const struct wire_list tlv_list = {
	.items = tlvs, .other = &tlv, .id_width = 8, .pad1 = &pad1, .padn = &padn };

static const struct wire_field segment_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "ipv6.routing.srh.addr", .help = "IPv6 address of a segment" },
};
static const struct wire_record segment = {
	.name = "segment", .help = "one segment", WIRE_FIELDS(segment_fields) };
static const struct wire_record *const segments[] = { &segment, NULL };
static const struct wire_list segment_list = { .items = segments };

static const struct wire_field fields[] = {
	{ .name = "next-header", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "59",
	  .space = WIRE_IP_PROTOCOL, .names = wire_names_ip_protocol,
	  .wireshark = "ipv6.routing.nxt", .help = "what follows" },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 8, -1 },
	  .wireshark = "ipv6.routing.len", .help = "header length in units of 8 octets, the first not counted" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = types,
	  .wireshark = "ipv6.routing.type", .help = "kind of route" },
	{ .name = "segments-left", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ipv6.routing.segleft", .help = "hops still to visit" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 0, 2),
	  .help = "zero" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &hop_list, .when = WIRE_WHEN("type", 0),
	  .help = "the hops" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &home_list, .when = WIRE_WHEN("type", 2),
	  .help = "one home address, RFC 6275" },
	{ .name = "last-entry", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 4),
	  .rule = WIRE_COUNT, .of = "segments", .length = { .bias = -1 },
	  .wireshark = "ipv6.routing.srh.last_entry", .help = "index of the last segment in the list, from 0" },
	{ .name = "flags", .kind = WIRE_UINT, .width = 8, .hex = true, .when = WIRE_WHEN("type", 4),
	  .wireshark = "ipv6.routing.srh.flags", .help = "zero; 0x20 is operations and maintenance, RFC 9259" },
	{ .name = "tag", .kind = WIRE_UINT, .width = 16, .hex = true, .when = WIRE_WHEN("type", 4),
	  .wireshark = "ipv6.routing.srh.tag", .help = "group of packets with the same properties" },
	{ .name = "segments", .kind = WIRE_LIST, .list = &segment_list, .when = WIRE_WHEN("type", 4),
	  .help = "the segments from the last to the first, RFC 8754" },
	{ .name = "tlvs", .kind = WIRE_LIST, .list = &tlv_list, .when = WIRE_WHEN("type", 4),
	  .help = "further values, padded to a multiple of 8 octets" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", 0, 2, 4),
	  .help = "type-specific data: 4 octets, and 8 more for each unit of length" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 43 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_routing = {
	.header = { .name = "routing",
		.help = "IPv6 routing header",
		WIRE_FIELDS(fields),
		.align = 8 },
	.title = "IPv6 Routing",
	.rfc = "RFC 8200 4.4",
	.binds = binds,
	.ip_extension = true,
};
