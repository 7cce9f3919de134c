/* IPsec's authentication header. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "next-header", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "59",
	  .space = WIRE_IP_PROTOCOL, .names = wire_names_ip_protocol,
	  .wireshark = "ah.next_header", .help = "what follows" },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 4, -2 },
	  .wireshark = "ah.length", .help = "header length in words of 4 octets, two not counted" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .help = "zero" },
	{ .name = "spi", .kind = WIRE_UINT, .width = 32, .hex = true, .preset = "1",
	  .wireshark = "ah.spi", .help = "security parameters index: which association" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "ah.sequence", .help = "sequence number, from 1" },
	{ .name = "icv", .kind = WIRE_BYTES,
	  .wireshark = "ah.icv", .help = "integrity check value: a multiple of 4 octets" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 51 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ah = {
	.header = { .name = "ah", .help = "IPsec authentication header", WIRE_FIELDS(fields) },
	.title = "Authentication Header",
	.rfc = "RFC 4302 2",
	.binds = binds,
	.ip_extension = true,
};
