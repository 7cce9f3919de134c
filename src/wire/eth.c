/* Ethernet II. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "dst", .kind = WIRE_MAC, .width = 48, .required = true,
	  .wireshark = "eth.dst", .help = "destination MAC" },
	{ .name = "src", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac",
	  .wireshark = "eth.src", .help = "source MAC" },
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT,
	  .length = { WIRE_SPAN_PAYLOAD, 1, 0 }, .space = WIRE_ETHERTYPE, .names = wire_names_ethertype,
	  .wireshark = "eth.type", .help = "ethertype; up to 1500 a length (IEEE 802.3)" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x6558 }, /* a bridged frame: RFC 1701, in GRE and Geneve */
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_eth = {
	.header = { .name = "eth", .help = "Ethernet II header", WIRE_FIELDS(fields) },
	.title = "Ethernet II",
	.rfc = "IEEE 802.3",
	.binds = binds,
};
