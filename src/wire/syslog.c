/* Syslog over UDP, RFC 5426: text. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "text", .kind = WIRE_BYTES, .text = true,
	  .help = "what happened, behind <PRI>: the facility times 8 and the severity" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 514 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_syslog = {
	.header = { .name = "syslog", .help = "syslog message", WIRE_FIELDS(fields) },
	.title = "Syslog",
	.rfc = "RFC 5424",
	.binds = binds,
};
