/* SIP: text. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "text", .kind = WIRE_BYTES, .text = true,
	  .help = "lines of a request or answer that end in CR LF, an empty one, the body" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 5060 },
	{ WIRE_TCP_PORT, 5060 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_sip = {
	.header = { .name = "sip", .help = "SIP message", WIRE_FIELDS(fields) },
	.title = "Session Initiation Protocol",
	.rfc = "RFC 3261",
	.binds = binds,
};
