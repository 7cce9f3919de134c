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
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", 0, 2),
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
