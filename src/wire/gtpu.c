/* GTP-U: the user plane of GPRS tunnels. */
#include "wire/wire.h"

/* clang-format off */
/* 3GPP TS 29.281 6.1 */
static const struct wire_name types[] = {
	{ 1, "echo-request" }, { 2, "echo-response" }, { 26, "error-indication" },
	{ 31, "supported-extensions" }, { 253, "tunnel-status" }, { 254, "end-marker" }, { 255, "g-pdu" },
	{ 0, NULL },
};
static const struct wire_name flags[] = {
	{ 4, "extension" }, { 2, "sequence" }, { 1, "n-pdu" },
	{ 0, NULL },
};

/* 3GPP TS 29.281 5.1: one of the flags brings all three fields. */
#define FLAGGED WIRE_UNLESS("flags", 0)

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 3, .preset = "1",
	  .wireshark = "gtp.flags.version", .help = "1" },
	{ .name = "protocol-type", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "gtp.flags.payload", .help = "1: GTP; 0: GTP', which bills" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 1, .help = "zero" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 3, .names = flags,
	  .wireshark = "gtp.flags", .help = "which of the optional fields mean something" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "g-pdu", .names = types,
	  .wireshark = "gtp.message", .help = "kind of message" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_WHOLE, 1, -8 },
	  .wireshark = "gtp.length", .help = "octets behind the first eight" },
	{ .name = "teid", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "gtp.teid", .help = "tunnel endpoint identifier" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16, .when = FLAGGED,
	  .wireshark = "gtp.seq_number", .help = "sequence number" },
	{ .name = "n-pdu", .kind = WIRE_UINT, .width = 8, .when = FLAGGED,
	  .wireshark = "gtp.npdu_number", .help = "number of the N-PDU" },
	{ .name = "next-extension", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "0",
	  .space = WIRE_GTPU_EXTENSION, .when = FLAGGED,
	  .wireshark = "gtp.ext_hdr.next", .help = "the extension header that follows; 0 for none" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 2152 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_gtpu = {
	.header = { .name = "gtp-u", .help = "GTP-U header", WIRE_FIELDS(fields) },
	.title = "GPRS Tunnelling Protocol, user plane",
	.rfc = "3GPP TS 29.281",
	.binds = binds,
	.guess_ip = true,
};
