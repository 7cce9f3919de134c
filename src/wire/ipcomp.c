/* IP payload compression. */
#include "wire/names.h"

/* clang-format off */
/* RFC 3173 3.3: numbers below 256 name an algorithm */
static const struct wire_name algorithms[] = {
	{ 2, "deflate" }, { 3, "lzs" }, { 4, "lzjh" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	/* What follows is compressed: no layer is named. */
	{ .name = "next-header", .kind = WIRE_UINT, .width = 8, .preset = "59", .names = wire_names_ip_protocol,
	  .wireshark = "ipcomp.next_header", .help = "what the compressed octets were" },
	{ .name = "flags", .kind = WIRE_UINT, .width = 8, .hex = true,
	  .wireshark = "ipcomp.flags", .help = "zero" },
	{ .name = "cpi", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "deflate", .names = algorithms,
	  .wireshark = "ipcomp.cpi", .help = "compression parameter index" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 108 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ipcomp = {
	.header = { .name = "ipcomp",
		.help = "IP payload compression header",
		WIRE_FIELDS(fields) },
	.title = "IP Payload Compression Protocol",
	.rfc = "RFC 3173",
	.binds = binds,
};
