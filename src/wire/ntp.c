/* NTP. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name leaps[] = {
	{ 0, "none" }, { 1, "last-minute-61" }, { 2, "last-minute-59" }, { 3, "unsynchronized" },
	{ 0, NULL },
};

static const struct wire_name modes[] = {
	{ 1, "symmetric-active" }, { 2, "symmetric-passive" }, { 3, "client" }, { 4, "server" }, { 5, "broadcast" },
	{ 6, "control" }, { 7, "private" },
	{ 0, NULL },
};

/* Control and private messages share the first octet alone: RFC 9327. */
#define OF_TIME WIRE_UNLESS("mode", 6, 7)

static const struct wire_field fields[] = {
	{ .name = "leap", .kind = WIRE_UINT, .width = 2, .names = leaps,
	  .wireshark = "ntp.flags.li", .help = "a leap second at the end of this month" },
	{ .name = "version", .kind = WIRE_UINT, .width = 3, .preset = "4",
	  .wireshark = "ntp.flags.vn", .help = "version of the protocol, 3 or 4" },
	{ .name = "mode", .kind = WIRE_UINT, .width = 3, .preset = "client", .names = modes,
	  .wireshark = "ntp.flags.mode", .help = "who speaks" },
	{ .name = "stratum", .kind = WIRE_UINT, .width = 8, .preset = "2", .when = OF_TIME,
	  .wireshark = "ntp.stratum", .help = "servers between this one and a clock; 1 has a clock, 0 is not known" },
	{ .name = "poll", .kind = WIRE_UINT, .width = 8, .preset = "10", .when = OF_TIME,
	  .wireshark = "ntp.ppoll", .help = "log2 of the most seconds between messages" },
	{ .name = "precision", .kind = WIRE_UINT, .width = 8, .when = OF_TIME,
	  .wireshark = "ntp.precision", .help = "log2 of the clock's precision in seconds, two's complement" },
	{ .name = "root-delay", .kind = WIRE_UINT, .width = 32, .hex = true, .when = OF_TIME,
	  .wireshark = "ntp.rootdelay", .help = "round trip to the clock in seconds, 16 bits after the point" },
	{ .name = "root-dispersion", .kind = WIRE_UINT, .width = 32, .hex = true, .when = OF_TIME,
	  .wireshark = "ntp.rootdispersion", .help = "error against the clock in seconds, 16 bits after the point" },
	{ .name = "ref-id", .kind = WIRE_BYTES, .width = 32, .preset = "7f000001", .when = OF_TIME,
	  .wireshark = "ntp.refid", .help = "the server's own server; letters of stratum 1 (the clock) and 0 (a kiss code)" },
	{ .name = "ref-time", .kind = WIRE_UINT, .width = 64, .hex = true, .when = OF_TIME,
	  .wireshark = "ntp.reftime", .help = "when the clock was last set: seconds since 1900, 32 bits after the point" },
	{ .name = "origin-time", .kind = WIRE_UINT, .width = 64, .hex = true, .when = OF_TIME,
	  .wireshark = "ntp.org", .help = "the transmit time of the request that is answered" },
	{ .name = "receive-time", .kind = WIRE_UINT, .width = 64, .hex = true, .when = OF_TIME,
	  .wireshark = "ntp.rec", .help = "when that request arrived" },
	{ .name = "transmit-time", .kind = WIRE_UINT, .width = 64, .hex = true, .when = OF_TIME,
	  .wireshark = "ntp.xmt", .help = "when this message left" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_WHEN("mode", 6, 7),
	  .help = "what else a control or private message holds" },
	{ .name = "key-id", .kind = WIRE_UINT, .width = 32, .hex = true, .optional = true, .when = OF_TIME,
	  .wireshark = "ntp.keyid", .help = "the key of the digest" },
	{ .name = "digest", .kind = WIRE_BYTES, .when = OF_TIME,
	  .wireshark = "ntp.mac", .help = "message authentication code of 16 octets or more" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 123 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ntp = {
	.header = { .name = "ntp", .help = "NTP message", WIRE_FIELDS(fields) },
	.title = "Network Time Protocol",
	.rfc = "RFC 5905 7.3",
	.binds = binds,
};
