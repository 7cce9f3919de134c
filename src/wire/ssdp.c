/* SSDP of UPnP: text. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "text", .kind = WIRE_BYTES, .text = true,
	  .help = "lines of a request, answer or notification that end in CR LF, and an empty one" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 1900 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ssdp = {
	.header = { .name = "ssdp", .help = "SSDP message", WIRE_FIELDS(fields) },
	.title = "Simple Service Discovery Protocol",
	.rfc = "UPnP Device Architecture 1.1",
	.binds = binds,
};
