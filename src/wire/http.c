/* HTTP/1.1: text. A segment may hold any piece of a message. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "text", .kind = WIRE_BYTES, .text = true,
	  .help = "lines of a request or answer that end in CR LF, an empty one, the body" },
};

static const struct wire_bind binds[] = {
	{ WIRE_TCP_PORT, 80 },
	{ WIRE_TCP_PORT, 8080 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_http = {
	.header = { .name = "http",
		.help = "HTTP message, or a piece of one",
		WIRE_FIELDS(fields) },
	.title = "Hypertext Transfer Protocol",
	.rfc = "RFC 9112",
	.binds = binds,
};
