/* ICMPv6, with neighbour discovery and multicast listener discovery 1. */
#include "wire/nd_options.h"

/* clang-format off */
/* IANA, ICMPv6 parameters */
static const struct wire_name types[] = {
	{ 1, "unreachable" }, { 2, "packet-too-big" }, { 3, "time-exceeded" }, { 4, "parameter-problem" },
	{ 128, "echo-request" }, { 129, "echo-reply" },
	{ 130, "mld-query" }, { 131, "mld-report" }, { 132, "mld-done" },
	{ 133, "router-solicitation" }, { 134, "router-advertisement" },
	{ 135, "neighbour-solicitation" }, { 136, "neighbour-advertisement" }, { 137, "redirect" },
	{ 143, "mld2-report" }, { 160, "extended-echo-request" }, { 161, "extended-echo-reply" },
	{ 135, "neighbor-solicitation" }, { 136, "neighbor-advertisement" },
	{ 0, NULL },
};

/* RFC 4191 2.1 */
static const struct wire_name preferences[] = {
	{ 0, "medium" }, { 1, "high" }, { 3, "low" },
	{ 0, NULL },
};

#define ECHOES		128, 129
#define MLD		130, 131, 132
#define KNOWN		1, 2, 3, 4, 128, 129, 130, 131, 132, 133, 134, 135, 136, 137

static const struct wire_field fields[] = {
	/* The types that quote a packet stand in its binds: read so, never built so. */
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "echo-request", .names = types, .space = WIRE_ICMPV6_TYPE,
	  .wireshark = "icmpv6.type", .help = "kind of message" },
	{ .name = "code", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "icmpv6.code", .help = "kind within the type" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_PSEUDO,
	  .wireshark = "icmpv6.checksum", .help = "over pseudo header and message" },

	{ .name = "length", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 1, 3),
	  .wireshark = "icmpv6.length", .help = "units of 8 octets quoted before extensions; 0 without any, RFC 4884" },
	{ .name = "unused", .kind = WIRE_UINT, .width = 24, .when = WIRE_WHEN("type", 1, 3), .help = "zero" },
	{ .name = "mtu", .kind = WIRE_UINT, .width = 32, .preset = "1280", .when = WIRE_WHEN("type", 2),
	  .wireshark = "icmpv6.mtu", .help = "of the next hop" },
	{ .name = "pointer", .kind = WIRE_UINT, .width = 32, .preset = "6", .when = WIRE_WHEN("type", 4),
	  .wireshark = "icmpv6.pointer", .help = "octet of the quoted packet that is wrong" },

	{ .name = "id", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", ECHOES),
	  .wireshark = "icmpv6.echo.identifier", .help = "identifier: the same in request and reply" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", ECHOES),
	  .wireshark = "icmpv6.echo.sequence_number", .help = "sequence number: the same in request and reply" },

	{ .name = "max-delay", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", MLD),
	  .wireshark = "icmpv6.mld.maximum_response_delay", .help = "milliseconds within which to report, RFC 2710" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", MLD), .help = "zero" },
	{ .name = "group", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", MLD),
	  .wireshark = "icmpv6.mld.multicast_address", .help = "multicast address; :: asks for all" },

	{ .name = "hop-limit", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.cur_hop_limit", .help = "what hosts shall send with; 0 leaves it open" },
	{ .name = "managed", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.m", .help = "addresses come from DHCPv6" },
	{ .name = "other", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.o", .help = "other settings come from DHCPv6" },
	{ .name = "home-agent", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.h", .help = "the router is a home agent, RFC 6275" },
	{ .name = "preference", .kind = WIRE_UINT, .width = 2, .preset = "high", .names = preferences,
	  .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.prf", .help = "of this router over others, RFC 4191" },
	{ .name = "proxy", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.p", .help = "relayed by a proxy, RFC 4389" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 2, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.rsv", .help = "zero" },
	{ .name = "lifetime", .kind = WIRE_UINT, .width = 16, .preset = "1800", .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.router_lifetime", .help = "seconds as a default router; 0 is none" },
	{ .name = "reachable-time", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.reachable_time", .help = "milliseconds a neighbour counts as reachable" },
	{ .name = "retrans-timer", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.retrans_timer", .help = "milliseconds between solicitations" },

	{ .name = "router", .kind = WIRE_UINT, .width = 1, .preset = "1", .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.r", .help = "the sender is a router" },
	{ .name = "solicited", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.s", .help = "it answers a solicitation" },
	{ .name = "override", .kind = WIRE_UINT, .width = 1, .preset = "1", .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.o", .help = "it replaces a cached address" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 29, .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.rsv", .help = "zero" },

	{ .name = "reserved", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 133, 135, 137), .help = "zero" },
	{ .name = "target", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 135),
	  .wireshark = "icmpv6.nd.ns.target_address", .help = "the address that is asked for" },
	{ .name = "target", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.target_address", .help = "the address that is answered for" },
	{ .name = "target", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 137),
	  .wireshark = "icmpv6.nd.rd.target_address", .help = "the better first hop" },
	{ .name = "destination", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 137),
	  .wireshark = "icmpv6.rd.na.destination_address", .help = "what is redirected" },
	{ .name = "options", .kind = WIRE_LIST, .list = &wire_nd_option_list,
	  .when = WIRE_WHEN("type", 133, 134, 135, 136, 137),
	  .help = "options of neighbour discovery" },

	{ .name = "rest", .kind = WIRE_BYTES, .width = 32, .when = WIRE_UNLESS("type", KNOWN),
	  .help = "the rest of the header" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 58 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_icmpv6 = {
	.header = { .name = "icmpv6", .help = "ICMPv6 message", WIRE_FIELDS(fields) },
	.title = "Internet Control Message Protocol for IPv6",
	.rfc = "RFC 4443",
	.binds = binds,
};
