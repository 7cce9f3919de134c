/* The part of IPsec's encapsulating security payload that is not encrypted. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "spi", .kind = WIRE_UINT, .width = 32, .hex = true, .preset = "1",
	  .wireshark = "esp.spi", .help = "security parameters index: which association" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "esp.sequence", .help = "sequence number, from 1; what follows is encrypted" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 50 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_esp = {
	.header = { .name = "esp",
		.help = "IPsec encapsulating security payload",
		WIRE_FIELDS(fields) },
	.title = "Encapsulating Security Payload",
	.rfc = "RFC 4303 2",
	.binds = binds,
};
