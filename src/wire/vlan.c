/* The customer VLAN tag of IEEE 802.1Q. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "pcp", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "vlan.priority", .help = "priority code point" },
	{ .name = "dei", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "vlan.dei", .help = "may be dropped first" },
	{ .name = "id", .kind = WIRE_UINT, .width = 12, .preset = "1",
	  .wireshark = "vlan.id", .help = "VLAN; 0 is a priority tag" },
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT,
	  .length = { WIRE_SPAN_PAYLOAD, 1, 0 }, .space = WIRE_ETHERTYPE, .names = wire_names_ethertype,
	  .wireshark = "vlan.etype", .help = "ethertype of what follows" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8100 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_vlan = {
	.header = { .name = "vlan", .help = "VLAN tag", WIRE_FIELDS(fields) },
	.title = "IEEE 802.1Q customer VLAN tag",
	.rfc = "IEEE 802.1Q",
	.binds = binds,
};
