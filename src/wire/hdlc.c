/* PPP's address and control in front of its protocol, as on serial lines and in tunnels. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "address", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "0xff",
	  .wireshark = "ppp.address", .help = "0xff: all stations" },
	{ .name = "control", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "0x03",
	  .wireshark = "ppp.control", .help = "3: unnumbered information" },
};
/* clang-format on */

extern const struct wire_protocol wire_ppp;

const struct wire_protocol wire_hdlc = {
	.header = { .name = "hdlc", .help = "PPP's address and control", WIRE_FIELDS(fields) },
	.title = "PPP in HDLC-like Framing",
	.rfc = "RFC 1662 3.1",
	.next = &wire_ppp,
	.begins = 0xff03,
};
