/* The subnetwork access protocol: ethertypes, and others' numbers, behind LLC. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_name ouis[] = {
	{ 0x000000, "ethernet" }, { 0x00000c, "cisco" }, { 0x0080c2, "ieee-802-1" },
	{ 0, NULL },
};

static const struct wire_name cisco_pids[] = {
	{ 0x0104, "port-aggregation" }, { 0x010b, "pvst" }, { 0x0111, "udld" }, { 0x2000, "cdp" }, { 0x2003, "vtp" },
	{ 0x2004, "dtp" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "oui", .kind = WIRE_UINT, .width = 24, .hex = true, .names = ouis,
	  .wireshark = "llc.oui", .help = "whose protocol numbers these are" },
	{ .name = "pid", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT, .when = WIRE_WHEN("oui", 0x000000),
	  .space = WIRE_ETHERTYPE, .names = wire_names_ethertype,
	  .wireshark = "llc.type", .help = "ethertype of what follows" },
	{ .name = "pid", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT, .when = WIRE_WHEN("oui", 0x00000c),
	  .space = WIRE_SNAP_CISCO, .names = cisco_pids,
	  .wireshark = "llc.cisco_pid", .help = "Cisco's number of what follows" },
	{ .name = "pid", .kind = WIRE_UINT, .width = 16, .hex = true, .when = WIRE_UNLESS("oui", 0x000000, 0x00000c),
	  .wireshark = "llc.pid", .help = "the number of what follows, of the oui's owner" },
};

static const struct wire_bind binds[] = {
	{ WIRE_LLC_SAP, 0xaa },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_snap = {
	.header = { .name = "snap",
		.help = "subnetwork access protocol header",
		WIRE_FIELDS(fields) },
	.title = "Subnetwork Access Protocol",
	.rfc = "IEEE 802, RFC 1042",
	.binds = binds,
};
