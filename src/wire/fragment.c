/* IPv6's fragment header. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "next-header", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "59",
	  .space = WIRE_IP_PROTOCOL, .names = wire_names_ip_protocol,
	  .wireshark = "ipv6.fraghdr.nxt", .help = "what the whole packet begins with here" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ipv6.fraghdr.reserved_octet", .help = "zero" },
	{ .name = "frag-offset", .kind = WIRE_UINT, .width = 13,
	  .wireshark = "ipv6.fraghdr.offset", .help = "where the fragment belongs, in units of 8 octets" },
	{ .name = "res", .kind = WIRE_UINT, .width = 2,
	  .wireshark = "ipv6.fraghdr.reserved_bits", .help = "zero" },
	{ .name = "more", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "ipv6.fraghdr.more", .help = "1 in all fragments but the last" },
	{ .name = "id", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "ipv6.fraghdr.ident", .help = "the same in all fragments of a packet" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 44 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_fragment = {
	.header = { .name = "fragment", .help = "IPv6 fragment header", WIRE_FIELDS(fields) },
	.title = "IPv6 Fragment",
	.rfc = "RFC 8200 4.5",
	.binds = binds,
	.ip_extension = true,
};
