/* UDP. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "sport", .kind = WIRE_UINT, .width = 16, .preset = "53",
	  .space = WIRE_UDP_PORT, .names = wire_names_udp_port,
	  .wireshark = "udp.srcport", .help = "source port" },
	{ .name = "dport", .kind = WIRE_UINT, .width = 16, .rule = WIRE_NEXT, .preset = "53",
	  .space = WIRE_UDP_PORT, .names = wire_names_udp_port,
	  .wireshark = "udp.dstport", .help = "destination port" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_WHOLE, 1, 0 },
	  .wireshark = "udp.length", .help = "header and payload in octets" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_UDP,
	  .wireshark = "udp.checksum", .help = "over pseudo header, header and payload; 0 is none" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 17 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_udp = {
	.header = { .name = "udp", .help = "UDP header", WIRE_FIELDS(fields) },
	.title = "User Datagram Protocol",
	.rfc = "RFC 768",
	.binds = binds,
};
