/* Spanning tree BPDUs: STP's configuration and topology change, RSTP's. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.1D-2004 9.3 */
static const struct wire_name versions[] = {
	{ 0, "stp" }, { 2, "rstp" }, { 3, "mstp" }, { 4, "spb" },
	{ 0, NULL },
};
static const struct wire_name types[] = {
	{ 0x00, "config" }, { 0x02, "rst" }, { 0x80, "tcn" },
	{ 0, NULL },
};
static const struct wire_name roles[] = {
	{ 0, "unknown" }, { 1, "alternate" }, { 2, "root" }, { 3, "designated" },
	{ 0, NULL },
};

#define TCN	0x80
#define FLAG(row, wireshark_name, about) \
	{ .name = (row), .kind = WIRE_UINT, .width = 1, .when = WIRE_UNLESS("type", TCN), \
	  .wireshark = (wireshark_name), .help = (about) }

static const struct wire_field fields[] = {
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "stp.protocol", .help = "0: spanning tree" },
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .names = versions,
	  .wireshark = "stp.version", .help = "version of the protocol" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .hex = true, .names = types,
	  .wireshark = "stp.type", .help = "kind of BPDU; tcn has no more fields" },
	FLAG("tc-ack", "stp.flags.tcack", "a topology change was heard of"),
	FLAG("agreement", "stp.flags.agreement", "RSTP: yes to a proposal"),
	FLAG("forwarding", "stp.flags.forwarding", "RSTP: the port forwards"),
	FLAG("learning", "stp.flags.learning", "RSTP: the port learns addresses"),
	{ .name = "port-role", .kind = WIRE_UINT, .width = 2, .names = roles, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.flags.port_role", .help = "RSTP: what the port is to the tree" },
	FLAG("proposal", "stp.flags.proposal", "RSTP: the port would be designated"),
	FLAG("tc", "stp.flags.tc", "the topology changes"),
	{ .name = "root-priority", .kind = WIRE_UINT, .width = 16, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.root.prio", .help = "of the root: a multiple of 4096, and its VLAN" },
	{ .name = "root-mac", .kind = WIRE_MAC, .width = 48, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.root.hw", .help = "the root's MAC" },
	{ .name = "root-cost", .kind = WIRE_UINT, .width = 32, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.root.cost", .help = "cost of the path to the root" },
	{ .name = "bridge-priority", .kind = WIRE_UINT, .width = 16, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.bridge.prio", .help = "of the sender: a multiple of 4096, and its VLAN" },
	{ .name = "bridge-mac", .kind = WIRE_MAC, .width = 48, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.bridge.hw", .help = "the sender's MAC" },
	{ .name = "port", .kind = WIRE_UINT, .width = 16, .hex = true, .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.port", .help = "priority of the port, 4 bits, and its number" },
	{ .name = "message-age", .kind = WIRE_UINT, .width = 16, .preset = "256", .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.msg_age", .help = "since the root sent this, in 1/256 s" },
	{ .name = "max-age", .kind = WIRE_UINT, .width = 16, .preset = "5120", .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.max_age", .help = "age at which this is forgotten, in 1/256 s" },
	{ .name = "hello-time", .kind = WIRE_UINT, .width = 16, .preset = "512", .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.hello", .help = "between two BPDUs of the root, in 1/256 s" },
	{ .name = "forward-delay", .kind = WIRE_UINT, .width = 16, .preset = "3840", .when = WIRE_UNLESS("type", TCN),
	  .wireshark = "stp.forward", .help = "spent listening and learning, in 1/256 s" },
	{ .name = "version-1-length", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 0x02),
	  .wireshark = "stp.version_1_length", .help = "RSTP: 0, there is nothing of version 1" },
};

static const struct wire_bind binds[] = {
	{ WIRE_LLC_SAP, 0x42 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_stp = {
	.header = { .name = "stp",
		.help = "spanning tree BPDU, STP and RSTP",
		WIRE_FIELDS(fields) },
	.title = "Spanning Tree Protocol",
	.rfc = "IEEE 802.1D-2004 9.3",
	.binds = binds,
};
