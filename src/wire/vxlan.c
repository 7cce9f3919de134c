/* VXLAN, with the group policy that some put in. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name flags[] = {
	{ 0x0800, "i" }, { 0x8000, "g" }, { 0x0040, "d" }, { 0x0008, "a" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 16, .preset = "i", .names = flags,
	  .wireshark = "vxlan.flags", .help = "i: the VNI is valid; g, d, a are of the group policy" },
	{ .name = "group", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "vxlan.gbp", .help = "group policy identifier with flag g, else zero" },
	{ .name = "vni", .kind = WIRE_UINT, .width = 24,
	  .wireshark = "vxlan.vni", .help = "the network that the frame belongs to" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "vxlan.reserved8", .help = "zero" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 4789 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_vxlan = {
	.header = { .name = "vxlan", .help = "VXLAN header", WIRE_FIELDS(fields) },
	.title = "Virtual eXtensible Local Area Network",
	.rfc = "RFC 7348",
	.binds = binds,
	.next = &wire_eth,
};
