/* ERSPAN type III: a mirrored frame over GRE, with a time. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name states[] = {
	{ 0, "good" }, { 1, "short" }, { 2, "oversized" }, { 3, "bad" },
	{ 0, NULL },
};
static const struct wire_name frame_types[] = {
	{ 0, "ethernet" }, { 2, "ip" },
	{ 0, NULL },
};
static const struct wire_name granularities[] = {
	{ 0, "100us" }, { 1, "100ns" }, { 2, "ptp" }, { 3, "user" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "2",
	  .wireshark = "erspan.version", .help = "2 is type III" },
	{ .name = "vlan", .kind = WIRE_UINT, .width = 12,
	  .wireshark = "erspan.vlan", .help = "VLAN of the mirrored frame" },
	{ .name = "cos", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "erspan.cos", .help = "its priority" },
	{ .name = "state", .kind = WIRE_UINT, .width = 2, .names = states,
	  .wireshark = "erspan.bso", .help = "whether the frame was a good one" },
	{ .name = "truncated", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "erspan.truncated", .help = "the frame was cut" },
	{ .name = "session", .kind = WIRE_UINT, .width = 10,
	  .wireshark = "erspan.spanid", .help = "mirroring session" },
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "erspan.timestamp", .help = "when it was mirrored, in units of granularity" },
	{ .name = "sgt", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "erspan.sgt", .help = "security group tag" },
	{ .name = "has-frame", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "erspan.p", .help = "an Ethernet frame follows" },
	{ .name = "frame-type", .kind = WIRE_UINT, .width = 5, .names = frame_types,
	  .wireshark = "erspan.ft", .help = "what follows" },
	{ .name = "hardware", .kind = WIRE_UINT, .width = 6,
	  .wireshark = "erspan.hw", .help = "engine that mirrored it" },
	{ .name = "direction", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "erspan.direction", .help = "0 received, 1 sent" },
	{ .name = "granularity", .kind = WIRE_UINT, .width = 2, .names = granularities,
	  .wireshark = "erspan.gra", .help = "the timestamp's unit" },
	{ .name = "optional", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "erspan.o", .help = "a platform header follows" },
	{ .name = "platform", .kind = WIRE_UINT, .width = 6, .when = WIRE_WHEN("optional", 1),
	  .wireshark = "erspan.platid", .help = "whose header" },
	{ .name = "platform-info", .kind = WIRE_UINT, .width = 26, .hex = true, .when = WIRE_WHEN("optional", 1),
	  .wireshark = "erspan.pid.rsvd", .help = "the platform's own" },
	{ .name = "platform-info2", .kind = WIRE_BYTES, .width = 32, .when = WIRE_WHEN("optional", 1),
	  .help = "the platform's own, continued" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x22eb },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_erspan3 = {
	.header = { .name = "erspan3", .help = "ERSPAN type III", WIRE_FIELDS(fields) },
	.title = "Encapsulated Remote SPAN, type III",
	.rfc = "draft-foschiano-erspan 4.3",
	.binds = binds,
	.next = &wire_eth,
};
