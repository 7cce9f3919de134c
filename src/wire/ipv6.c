/* IPv6. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "6",
	  .wireshark = "ipv6.version", .help = "version of IP" },
	{ .name = "dscp", .kind = WIRE_UINT, .width = 6, .names = wire_names_dscp,
	  .wireshark = "ipv6.tclass.dscp", .help = "differentiated services code point" },
	{ .name = "ecn", .kind = WIRE_UINT, .width = 2, .names = wire_names_ecn,
	  .wireshark = "ipv6.tclass.ecn", .help = "explicit congestion notification" },
	{ .name = "flow-label", .kind = WIRE_UINT, .width = 20, .hex = true,
	  .wireshark = "ipv6.flow", .help = "the same in all packets of a flow, RFC 6437" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_PAYLOAD, 1, 0 },
	  .wireshark = "ipv6.plen", .help = "octets after this header" },
	{ .name = "next-header", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "59",
	  .space = WIRE_IP_PROTOCOL, .names = wire_names_ip_protocol,
	  .wireshark = "ipv6.nxt", .help = "what follows" },
	{ .name = "hop-limit", .kind = WIRE_UINT, .width = 8, .preset = "64",
	  .wireshark = "ipv6.hlim", .help = "hops left" },
	{ .name = "src", .kind = WIRE_IPV6, .width = 128, .preset = "$if.ipv6",
	  .wireshark = "ipv6.src", .help = "source address" },
	{ .name = "dst", .kind = WIRE_IPV6, .width = 128, .preset = "::1",
	  .wireshark = "ipv6.dst", .help = "destination address" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x86dd },
	{ WIRE_IP_PROTOCOL, 41 },
	{ WIRE_ICMPV6_TYPE, 1 },
	{ WIRE_ICMPV6_TYPE, 2 },
	{ WIRE_ICMPV6_TYPE, 3 },
	{ WIRE_ICMPV6_TYPE, 4 },
	{ WIRE_PPP_PROTOCOL, 0x0057 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ipv6 = {
	.header = { .name = "ipv6", .help = "IPv6 header", WIRE_FIELDS(fields) },
	.title = "Internet Protocol version 6",
	.rfc = "RFC 8200",
	.binds = binds,
	.ip = true,
};
