/* Link aggregation control: a LACPDU has the same places always. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.1AX 6.4.2.3 */
static const struct wire_name states[] = {
	{ 0x01, "activity" }, { 0x02, "timeout" }, { 0x04, "aggregation" }, { 0x08, "synchronization" },
	{ 0x10, "collecting" }, { 0x20, "distributing" }, { 0x40, "defaulted" }, { 0x80, "expired" },
	{ 0, NULL },
};

#define TLV(who, type, octets, about) \
	{ .name = who "-type", .kind = WIRE_UINT, .width = 8, .preset = (type), \
	  .wireshark = "lacp.tlv_type", .help = (about) }, \
	{ .name = who "-length", .kind = WIRE_UINT, .width = 8, .preset = (octets), \
	  .wireshark = "lacp.tlv_length", .help = octets " octets with type and length" }

#define SYSTEM(who, of) \
	{ .name = who "-system-priority", .kind = WIRE_UINT, .width = 16, \
	  .wireshark = "lacp." who ".sys_priority", .help = "priority of " of ", the lowest decides" }, \
	{ .name = who "-system", .kind = WIRE_MAC, .width = 48, \
	  .wireshark = "lacp." who ".sysid", .help = "MAC of " of }, \
	{ .name = who "-key", .kind = WIRE_UINT, .width = 16, \
	  .wireshark = "lacp." who ".key", .help = "ports of one key may be aggregated" }, \
	{ .name = who "-port-priority", .kind = WIRE_UINT, .width = 16, \
	  .wireshark = "lacp." who ".port_priority", .help = "priority of the port of " of }, \
	{ .name = who "-port", .kind = WIRE_UINT, .width = 16, \
	  .wireshark = "lacp." who ".port", .help = "number of the port of " of }, \
	{ .name = who "-state", .kind = WIRE_FLAGS, .width = 8, .names = states, \
	  .wireshark = "lacp." who ".state", .help = "state of the port of " of }, \
	{ .name = who "-reserved", .kind = WIRE_BYTES, .width = 24, \
	  .wireshark = "lacp." who ".reserved", .help = "zero" }

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "lacp.version", .help = "version of the protocol" },
	TLV("actor", "1", "20", "1: what is known of the sender"),
	SYSTEM("actor", "the sender"),
	TLV("partner", "2", "20", "2: what the sender knows of the other end"),
	SYSTEM("partner", "the other end"),
	TLV("collector", "3", "16", "3: how frames are collected"),
	{ .name = "collector-max-delay", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "lacp.collector.max_delay", .help = "until a frame is delivered, in 10 us" },
	{ .name = "collector-reserved", .kind = WIRE_BYTES, .width = 96,
	  .wireshark = "lacp.coll_reserved", .help = "zero" },
	TLV("terminator", "0", "0", "0: the end"),
	{ .name = "reserved", .kind = WIRE_BYTES, .width = 400,
	  .wireshark = "lacp.pad", .help = "zero" },
};

static const struct wire_bind binds[] = {
	{ WIRE_SLOW_PROTOCOL, 1 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_lacp = {
	.header = { .name = "lacp", .help = "link aggregation control", WIRE_FIELDS(fields) },
	.title = "Link Aggregation Control Protocol",
	.rfc = "IEEE 802.1AX 6.4.2.3",
	.binds = binds,
};
