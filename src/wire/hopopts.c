/* IPv6's hop-by-hop options header. */
#include "wire/ipv6_options.h"
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "next-header", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "59",
	  .space = WIRE_IP_PROTOCOL, .names = wire_names_ip_protocol,
	  .wireshark = "ipv6.hopopts.nxt", .help = "what follows" },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 8, -1 },
	  .wireshark = "ipv6.hopopts.len", .help = "header length in units of 8 octets, the first not counted" },
	{ .name = "options", .kind = WIRE_LIST, .list = &wire_ipv6_option_list,
	  .help = "options, padded to a multiple of 8 octets" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 0 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_hopopts = {
	.header = { .name = "hopopts",
		.help = "IPv6 hop-by-hop options header",
		WIRE_FIELDS(fields),
		.align = 8 },
	.title = "IPv6 Hop-by-Hop Options",
	.rfc = "RFC 8200 4.3",
	.binds = binds,
	.ip_extension = true,
};
