/* L2TP 3 straight over IP. */
#include "wire/l2tp.h"

/* clang-format off */
/* RFC 3931 4.1.1: session 0 is the control connection. What follows another, with a cookie of 0, 4 or 8 octets, is known to
 * its ends alone. */
#define CONTROL WIRE_WHEN("session", 0)

/* RFC 3931 3.2.1 */
static const struct wire_name flags[] = {
	{ 0x800, "control" }, { 0x400, "length" }, { 0x080, "sequence" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "session", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "l2tp.sid", .help = "the receiver's number of the session; 0 is the control connection" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 12, .preset = "control|length|sequence", .names = flags, .when = CONTROL,
	  .wireshark = "l2tp.flags", .help = "all three are set" },
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "3", .when = CONTROL,
	  .wireshark = "l2tp.version", .help = "3" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_WHOLE, 1, -4 },
	  .when = CONTROL,
	  .wireshark = "l2tp.length", .help = "octets of the message, from the flags on" },
	{ .name = "connection", .kind = WIRE_UINT, .width = 32, .hex = true, .when = CONTROL,
	  .wireshark = "l2tp.ccid", .help = "the receiver's number of the control connection" },
	{ .name = "ns", .kind = WIRE_UINT, .width = 16, .when = CONTROL,
	  .wireshark = "l2tp.Ns", .help = "sequence number of this message" },
	{ .name = "nr", .kind = WIRE_UINT, .width = 16, .when = CONTROL,
	  .wireshark = "l2tp.Nr", .help = "the next one that is awaited" },
	{ .name = "avps", .kind = WIRE_LIST, .list = &wire_l2tp_avp_list, .when = CONTROL,
	  .help = "the message's attributes; the first is its type" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 115 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_l2tp3 = {
	.header = { .name = "l2tp3", .help = "L2TP 3 message over IP", WIRE_FIELDS(fields) },
	.title = "Layer Two Tunneling Protocol 3",
	.rfc = "RFC 3931 4.1.1",
	.binds = binds,
};
