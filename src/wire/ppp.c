/* PPP's protocol field. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, PPP numbers */
static const struct wire_name protocols[] = {
	{ 0x0281, "mpls" }, { 0xc025, "lqr" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT,
	  .space = WIRE_PPP_PROTOCOL, .names = protocols,
	  .wireshark = "ppp.protocol", .help = "what follows" },
};
/* clang-format on */

const struct wire_protocol wire_ppp = {
	.header = { .name = "ppp", .help = "PPP frame", WIRE_FIELDS(fields) },
	.title = "Point-to-Point Protocol",
	.rfc = "RFC 1661 2",
};
