/* Connectivity fault management: continuity checks, loopback and link trace. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.1Q 21.4.3, ITU-T G.8013/Y.1731 table 9-1 */
static const struct wire_name opcodes[] = {
	{ 1, "ccm" }, { 2, "lbr" }, { 3, "lbm" }, { 4, "ltr" }, { 5, "ltm" },
	{ 33, "ais" }, { 35, "lck" }, { 37, "tst" }, { 39, "aps" }, { 40, "raps" },
	{ 42, "lmr" }, { 43, "lmm" }, { 45, "one-dm" }, { 46, "dmr" }, { 47, "dmm" },
	{ 0, NULL },
};
/* 21.6.1.3 */
static const struct wire_name intervals[] = {
	{ 1, "3ms" }, { 2, "10ms" }, { 3, "100ms" }, { 4, "1s" }, { 5, "10s" }, { 6, "1min" }, { 7, "10min" },
	{ 0, NULL },
};
/* 21.5.1.1 */
static const struct wire_name types[] = {
	{ 0, "end" }, { 1, "sender-id" }, { 2, "port-status" }, { 3, "data" }, { 4, "interface-status" },
	{ 5, "reply-ingress" }, { 6, "reply-egress" }, { 7, "ltm-egress-id" }, { 8, "ltr-egress-id" },
	{ 31, "org-specific" },
	{ 0, NULL },
};
/* 21.5.4, 21.5.5 */
static const struct wire_name port_states[] = {
	{ 1, "blocked" }, { 2, "up" },
	{ 0, NULL },
};
static const struct wire_name interface_states[] = {
	{ 1, "up" }, { 2, "down" }, { 3, "testing" }, { 4, "unknown" }, { 5, "dormant" },
	{ 6, "not-present" }, { 7, "lower-layer-down" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = types, \
	  .wireshark = "cfm.tlv.type", .help = "kind of TLV" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .wireshark = "cfm.tlv.length", .help = "octets that follow in the TLV" }

static const struct wire_field end_fields[] = { TYPE };
static const struct wire_field port_status_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "value", .kind = WIRE_UINT, .width = 8, .preset = "up", .names = port_states,
	  .wireshark = "cfm.tlv.port.status.value", .help = "whether the port forwards" },
};
static const struct wire_field data_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "cfm.tlv.data.value", .help = "octets that are sent back" },
};
static const struct wire_field interface_status_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "value", .kind = WIRE_UINT, .width = 8, .preset = "up", .names = interface_states,
	  .wireshark = "cfm.tlv.port.interface.value", .help = "state of the interface" },
};
static const struct wire_field org_specific_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "oui", .kind = WIRE_UINT, .width = 24, .hex = true,
	  .wireshark = "cfm.tlv.org.spec.oui", .help = "whose TLV" },
	{ .name = "subtype", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "cfm.tlv.org.spec.subtype", .help = "which of theirs" },
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "cfm.tlv.org.spec.value", .help = "the TLV's octets" },
};
static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets" },
};

static const struct wire_record end = {
	.name = "end", .id = 0, .help = "end of the TLVs", WIRE_FIELDS(end_fields) };
static const struct wire_record port_status = {
	.name = "port-status", .id = 2, .help = "whether the sender's port forwards", WIRE_FIELDS(port_status_fields) };
static const struct wire_record data = {
	.name = "data", .id = 3, .help = "octets that are sent back", WIRE_FIELDS(data_fields) };
static const struct wire_record interface_status = {
	.name = "interface-status", .id = 4, .help = "state of the sender's interface", WIRE_FIELDS(interface_status_fields) };
static const struct wire_record org_specific = {
	.name = "org-specific", .id = 31, .help = "an organization's own", WIRE_FIELDS(org_specific_fields) };
static const struct wire_record other = {
	.name = "tlv", .help = "any other TLV", WIRE_FIELDS(other_fields) };

static const struct wire_record *const tlvs[] = {
	&end, &port_status, &data, &interface_status, &org_specific, NULL };
static const struct wire_list tlv_list = { .items = tlvs, .other = &other, .id_width = 8, .end = &end };

#define KNOWN	1, 2, 3, 4, 5

static const struct wire_field fields[] = {
	{ .name = "level", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "cfm.md.level", .help = "level of the maintenance domain" },
	{ .name = "version", .kind = WIRE_UINT, .width = 5,
	  .wireshark = "cfm.version", .help = "version of the protocol" },
	{ .name = "opcode", .kind = WIRE_UINT, .width = 8, .preset = "ccm", .names = opcodes,
	  .wireshark = "cfm.opcode", .help = "kind of message" },
	{ .name = "rdi", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.flags.rdi", .help = "remote defect indication: the sender hears not all" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 4, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.flags.ccm.reserved", .help = "zero" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 3, .preset = "1s", .names = intervals,
	  .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.flags.interval", .help = "time between two CCMs" },
	{ .name = "flags", .kind = WIRE_UINT, .width = 8, .hex = true, .when = WIRE_UNLESS("opcode", 1),
	  .wireshark = "cfm.flags", .help = "by opcode" },
	{ .name = "tlv-offset", .kind = WIRE_UINT, .width = 8, .preset = "70", .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.first.tlv.offset", .help = "octets from here to the TLVs" },
	{ .name = "tlv-offset", .kind = WIRE_UINT, .width = 8, .preset = "4", .when = WIRE_WHEN("opcode", 2, 3),
	  .wireshark = "cfm.first.tlv.offset", .help = "octets from here to the TLVs" },
	{ .name = "tlv-offset", .kind = WIRE_UINT, .width = 8, .preset = "6", .when = WIRE_WHEN("opcode", 4),
	  .wireshark = "cfm.first.tlv.offset", .help = "octets from here to the TLVs" },
	{ .name = "tlv-offset", .kind = WIRE_UINT, .width = 8, .preset = "17", .when = WIRE_WHEN("opcode", 5),
	  .wireshark = "cfm.first.tlv.offset", .help = "octets from here to the TLVs" },
	{ .name = "tlv-offset", .kind = WIRE_UINT, .width = 8, .when = WIRE_UNLESS("opcode", KNOWN),
	  .wireshark = "cfm.first.tlv.offset", .help = "octets from here to the TLVs" },

	{ .name = "seq", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.ccm.seq.num", .help = "sequence number" },
	{ .name = "mep-id", .kind = WIRE_UINT, .width = 16, .preset = "1", .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.ccm.ma.ep.id", .help = "the sender's number in its association" },
	{ .name = "maid", .kind = WIRE_BYTES, .width = 384, .when = WIRE_WHEN("opcode", 1),
	  .help = "association: format, length and name of domain and of association, zeros" },
	{ .name = "tx-fcf", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.itu.txfcf", .help = "Y.1731: frames the sender has sent" },
	{ .name = "rx-fcb", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.itu.rxfcb", .help = "Y.1731: frames it had received at the peer's last CCM" },
	{ .name = "tx-fcb", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.itu.txfcb", .help = "Y.1731: the peer's tx-fcf in that CCM" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 1),
	  .wireshark = "cfm.itu.reserved", .help = "zero" },

	{ .name = "transaction", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 2, 3),
	  .wireshark = "cfm.lb.transaction.id", .help = "the same in message and reply" },
	{ .name = "transaction", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", 4, 5),
	  .wireshark = "cfm.lt.transaction.id", .help = "the same in message and reply" },
	{ .name = "ttl", .kind = WIRE_UINT, .width = 8, .preset = "64", .when = WIRE_WHEN("opcode", 4, 5),
	  .wireshark = "cfm.lt.ttl", .help = "bridges that may still pass it on" },
	{ .name = "relay-action", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("opcode", 4),
	  .wireshark = "cfm.ltr.relay.action", .help = "1: it was for us, 2: from the FDB, 3: from the MIP's" },
	{ .name = "origin", .kind = WIRE_MAC, .width = 48, .when = WIRE_WHEN("opcode", 5),
	  .wireshark = "cfm.ltm.orig.addr", .help = "who asks" },
	{ .name = "target", .kind = WIRE_MAC, .width = 48, .when = WIRE_WHEN("opcode", 5),
	  .wireshark = "cfm.ltm.targ.addr", .help = "to whom the path is traced" },
	{ .name = "tlvs", .kind = WIRE_LIST, .list = &tlv_list, .when = WIRE_WHEN("opcode", KNOWN),
	  .help = "what else is said, then end" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("opcode", KNOWN),
	  .help = "the rest, by opcode" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8902 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_cfm = {
	.header = { .name = "cfm", .help = "connectivity fault management", WIRE_FIELDS(fields) },
	.title = "Connectivity Fault Management",
	.rfc = "IEEE 802.1Q 21, ITU-T Y.1731",
	.binds = binds,
};
