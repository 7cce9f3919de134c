/* PPPoE's session stage. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "1",
	  .wireshark = "pppoe.version", .help = "version of the protocol" },
	{ .name = "type", .kind = WIRE_UINT, .width = 4, .preset = "1",
	  .wireshark = "pppoe.type", .help = "1" },
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .hex = true,
	  .wireshark = "pppoe.code", .help = "0: data of a session" },
	{ .name = "session-id", .kind = WIRE_UINT, .width = 16, .hex = true,
	  .wireshark = "pppoe.session_id", .help = "session, as the concentrator numbered it" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_PAYLOAD, 1, 0 },
	  .wireshark = "pppoe.payload_length", .help = "octets of the PPP frame" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8864 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

extern const struct wire_protocol wire_ppp;

const struct wire_protocol wire_pppoe = {
	.header = { .name = "pppoe", .help = "PPPoE session", WIRE_FIELDS(fields) },
	.title = "PPP over Ethernet, session stage",
	.rfc = "RFC 2516 6",
	.binds = binds,
	.next = &wire_ppp,
};
