/* PPP's password authentication. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name codes[] = {
	{ 1, "request" }, { 2, "ack" }, { 3, "nak" },
	{ 0, NULL },
};

#define REQUEST	WIRE_WHEN("code", 1)
#define ANSWER	WIRE_WHEN("code", 2, 3)

static const struct wire_field fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .preset = "request", .names = codes,
	  .wireshark = "pap.code", .help = "kind of packet" },
	{ .name = "id", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "pap.identifier", .help = "the same in request and answer" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "pap.length", .help = "octets of the packet" },
	{ .name = "user-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 0 },
	  .of = "user", .when = REQUEST,
	  .wireshark = "pap.peer_id.length", .help = "octets of the user's name" },
	{ .name = "user", .kind = WIRE_BYTES, .text = true, .when = REQUEST,
	  .wireshark = "pap.peer_id", .help = "who asks to be let in" },
	{ .name = "password-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 0 },
	  .of = "password", .when = REQUEST,
	  .wireshark = "pap.password.length", .help = "octets of the password" },
	{ .name = "password", .kind = WIRE_BYTES, .text = true, .when = REQUEST,
	  .wireshark = "pap.password", .help = "the password, in clear" },
	{ .name = "message-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 0 },
	  .of = "message", .when = ANSWER,
	  .wireshark = "pap.message.length", .help = "octets of the message" },
	{ .name = "message", .kind = WIRE_BYTES, .text = true, .when = ANSWER,
	  .wireshark = "pap.message", .help = "what the user is told" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("code", 1, 2, 3),
	  .help = "the rest of the packet" },
};

static const struct wire_bind binds[] = {
	{ WIRE_PPP_PROTOCOL, 0xc023 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_pap = {
	.header = { .name = "pap", .help = "PPP password authentication", WIRE_FIELDS(fields) },
	.title = "Password Authentication Protocol",
	.rfc = "RFC 1334 2",
	.binds = binds,
};
