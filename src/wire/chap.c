/* PPP's challenge handshake. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name codes[] = {
	{ 1, "challenge" }, { 2, "response" }, { 3, "success" }, { 4, "failure" },
	{ 0, NULL },
};

#define HANDSHAKE	WIRE_WHEN("code", 1, 2)

static const struct wire_field fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .preset = "challenge", .names = codes,
	  .wireshark = "chap.code", .help = "kind of packet" },
	{ .name = "id", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "chap.identifier", .help = "the same in challenge and what follows from it" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "chap.length", .help = "octets of the packet" },
	{ .name = "value-size", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 0 },
	  .of = "value", .when = HANDSHAKE,
	  .wireshark = "chap.value_size", .help = "octets of the value" },
	{ .name = "value", .kind = WIRE_BYTES, .when = HANDSHAKE,
	  .wireshark = "chap.value", .help = "the challenge, or the hash of id, secret and challenge" },
	{ .name = "name", .kind = WIRE_BYTES, .text = true, .when = HANDSHAKE,
	  .wireshark = "chap.name", .help = "the sender's name" },
	{ .name = "message", .kind = WIRE_BYTES, .text = true, .when = WIRE_WHEN("code", 3, 4),
	  .wireshark = "chap.message", .help = "what the other end is told" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("code", 1, 2, 3, 4),
	  .help = "the rest of the packet" },
};

static const struct wire_bind binds[] = {
	{ WIRE_PPP_PROTOCOL, 0xc223 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_chap = {
	.header = { .name = "chap", .help = "PPP challenge handshake", WIRE_FIELDS(fields) },
	.title = "Challenge Handshake Authentication Protocol",
	.rfc = "RFC 1994 4",
	.binds = binds,
};
