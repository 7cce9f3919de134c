/* GRE, with its checksum, key and sequence number. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "c", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "gre.flags.checksum", .help = "there is a checksum" },
	{ .name = "r", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "gre.flags.routing", .help = "RFC 1701's routing; no longer in use" },
	{ .name = "k", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "gre.flags.key", .help = "there is a key, RFC 2890" },
	{ .name = "s", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "gre.flags.sequence_number", .help = "there is a sequence number, RFC 2890" },
	{ .name = "ssr", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "gre.flags.strict_source_route", .help = "RFC 1701's strict source route; no longer in use" },
	{ .name = "recursion", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "gre.flags.recursion_control", .help = "RFC 1701's further encapsulations; no longer in use" },
	{ .name = "a", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "gre.flags.ack", .help = "version 1: there is an acknowledgment, RFC 2637" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 4,
	  .wireshark = "gre.flags.reserved", .help = "zero" },
	{ .name = "version", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "gre.flags.version", .help = "0, or 1 of PPTP" },
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT,
	  .space = WIRE_ETHERTYPE, .names = wire_names_ethertype,
	  .wireshark = "gre.proto", .help = "ethertype of what follows" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_WHOLE,
	  .when = WIRE_WHEN("c", 1),
	  .wireshark = "gre.checksum", .help = "over header and payload" },
	{ .name = "offset", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("c", 1),
	  .wireshark = "gre.offset", .help = "zero" },
	{ .name = "key", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("k", 1),
	  .wireshark = "gre.key", .help = "which flow; version 1: payload length and call, 16 bits each" },
	{ .name = "sequence", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("s", 1),
	  .wireshark = "gre.sequence_number", .help = "number of the packet" },
	{ .name = "ack", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("a", 1),
	  .wireshark = "gre.ack_number", .help = "number of the last packet received" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 47 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_gre = {
	.header = { .name = "gre", .help = "GRE header", WIRE_FIELDS(fields) },
	.title = "Generic Routing Encapsulation",
	.rfc = "RFC 2784",
	.binds = binds,
};
