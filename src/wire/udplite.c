/* UDP-Lite. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "sport", .kind = WIRE_UINT, .width = 16, .preset = "53",
	  .space = WIRE_UDP_PORT, .names = wire_names_udp_port,
	  .wireshark = "udp.srcport", .help = "source port" },
	{ .name = "dport", .kind = WIRE_UINT, .width = 16, .rule = WIRE_NEXT, .preset = "53",
	  .space = WIRE_UDP_PORT, .names = wire_names_udp_port,
	  .wireshark = "udp.dstport", .help = "destination port" },
	{ .name = "coverage", .kind = WIRE_UINT, .width = 16, .length = { WIRE_SPAN_WHOLE, 1 },
	  .wireshark = "udp.checksum_coverage", .help = "octets of header and payload that are summed, 8 at least; 0 is all" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_UDP,
	  .over = "coverage",
	  .wireshark = "udp.checksum", .help = "over pseudo header and what is covered; never 0" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 136 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_udplite = {
	.header = { .name = "udplite", .help = "UDP-Lite header", WIRE_FIELDS(fields) },
	.title = "Lightweight User Datagram Protocol",
	.rfc = "RFC 3828",
	.binds = binds,
};
