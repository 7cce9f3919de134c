/* ERSPAN type II: a mirrored frame over GRE. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name encapsulations[] = {
	{ 0, "access" }, { 1, "isl" }, { 2, "dot1q" }, { 3, "kept" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "1",
	  .wireshark = "erspan.version", .help = "1 is type II" },
	{ .name = "vlan", .kind = WIRE_UINT, .width = 12,
	  .wireshark = "erspan.vlan", .help = "VLAN of the mirrored frame" },
	{ .name = "cos", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "erspan.cos", .help = "its priority" },
	{ .name = "encap", .kind = WIRE_UINT, .width = 2, .names = encapsulations,
	  .wireshark = "erspan.encap", .help = "what became of its tag; kept: it is still there" },
	{ .name = "truncated", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "erspan.truncated", .help = "the frame was cut" },
	{ .name = "session", .kind = WIRE_UINT, .width = 10,
	  .wireshark = "erspan.spanid", .help = "mirroring session" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 12,
	  .wireshark = "erspan.reserved", .help = "zero" },
	{ .name = "index", .kind = WIRE_UINT, .width = 20,
	  .wireshark = "erspan.index", .help = "the mirrored port and direction, the switch's own" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x88be },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_erspan = {
	.header = { .name = "erspan", .help = "ERSPAN type II", WIRE_FIELDS(fields) },
	.title = "Encapsulated Remote SPAN, type II",
	.rfc = "draft-foschiano-erspan 4.2",
	.binds = binds,
	.next = &wire_eth,
};
