/* Logical link control: what follows an IEEE 802.3 length. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE, LLC addresses; the lowest bit is of a group (dsap) or a response (ssap) */
static const struct wire_name saps[] = {
	{ 0x00, "null" }, { 0x02, "management" }, { 0x06, "ip" }, { 0x7e, "x25" },
	{ 0xaa, "snap" }, { 0xe0, "netware" }, { 0xf0, "netbios" }, { 0xfe, "osi" }, { 0xff, "global" },
	{ 0, NULL },
};

static const struct wire_name controls[] = {
	{ 0x03, "ui" }, { 0x0f, "dm" }, { 0x43, "disc" }, { 0x63, "ua" }, { 0x6f, "sabme" }, { 0x87, "frmr" },
	{ 0xaf, "xid" }, { 0xbf, "xid-poll" }, { 0xe3, "test" }, { 0xf3, "test-poll" },
	{ 0, NULL },
};

#define UNNUMBERED 3 /* in the two low bits: the control field is one octet, else two */

static const struct wire_field fields[] = {
	{ .name = "dsap", .kind = WIRE_UINT, .width = 8, .hex = true, .rule = WIRE_NEXT,
	  .space = WIRE_LLC_SAP, .names = saps,
	  .wireshark = "llc.dsap", .help = "what it is for" },
	{ .name = "ssap", .kind = WIRE_UINT, .width = 8, .hex = true, .rule = WIRE_NEXT,
	  .space = WIRE_LLC_SAP, .names = saps,
	  .wireshark = "llc.ssap", .help = "what it is from; the lowest bit is 1 in a response" },
	{ .name = "control", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "ui", .names = controls,
	  .wireshark = "llc.control", .help = "kind of frame; of those that are numbered its first octet" },
	{ .name = "nr", .kind = WIRE_UINT, .width = 7, .when = WIRE_UNLESS_BITS("control", 3, UNNUMBERED),
	  .wireshark = "llc.control.n_r", .help = "number of the frame that is expected" },
	{ .name = "poll", .kind = WIRE_UINT, .width = 1, .when = WIRE_UNLESS_BITS("control", 3, UNNUMBERED),
	  .wireshark = "llc.control.p", .help = "an answer is wanted, or this is it" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, WIRE_NUMBER_LENGTH },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_llc = {
	.header = { .name = "llc", .help = "logical link control header", WIRE_FIELDS(fields) },
	.title = "Logical Link Control",
	.rfc = "IEEE 802.2",
	.binds = binds,
};
