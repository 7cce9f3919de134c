/* BFD control packets. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, BFD parameters */
static const struct wire_name diagnostics[] = {
	{ 0, "none" }, { 1, "detection-time-expired" }, { 2, "echo-failed" }, { 3, "neighbour-down" },
	{ 4, "forwarding-reset" }, { 5, "path-down" }, { 6, "concatenated-path-down" }, { 7, "admin-down" },
	{ 8, "reverse-concatenated-path-down" }, { 9, "mis-connectivity" },
	{ 0, NULL },
};
static const struct wire_name states[] = {
	{ 0, "admin-down" }, { 1, "down" }, { 2, "init" }, { 3, "up" },
	{ 0, NULL },
};
static const struct wire_name flags[] = {
	{ 0x20, "poll" }, { 0x10, "final" }, { 8, "independent" }, { 4, "authentication" }, { 2, "demand" },
	{ 1, "multipoint" },
	{ 0, NULL },
};
static const struct wire_name authentications[] = {
	{ 1, "password" }, { 2, "md5" }, { 3, "meticulous-md5" }, { 4, "sha1" }, { 5, "meticulous-sha1" },
	{ 0, NULL },
};

#define AUTHENTICATED	WIRE_WHEN_BITS("flags", 4, 4)
#define PASSWORD	WIRE_WHEN("auth-type", 1)
#define DIGEST		WIRE_WHEN("auth-type", 2, 3, 4, 5)

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 3, .preset = "1",
	  .wireshark = "bfd.version", .help = "1" },
	{ .name = "diagnostic", .kind = WIRE_UINT, .width = 5, .names = diagnostics,
	  .wireshark = "bfd.diag", .help = "why the state changed last" },
	{ .name = "state", .kind = WIRE_UINT, .width = 2, .preset = "up", .names = states,
	  .wireshark = "bfd.sta", .help = "the sender's state" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 6, .names = flags,
	  .wireshark = "bfd.flags", .help = "poll, final and others" },
	{ .name = "multiplier", .kind = WIRE_UINT, .width = 8, .preset = "3",
	  .wireshark = "bfd.detect_time_multiplier", .help = "intervals without a packet until it is down" },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "bfd.message_length", .help = "octets of the packet" },
	{ .name = "my-discriminator", .kind = WIRE_UINT, .width = 32, .hex = true, .preset = "0x11111111",
	  .wireshark = "bfd.my_discriminator", .help = "the sender's number for the session" },
	{ .name = "your-discriminator", .kind = WIRE_UINT, .width = 32, .hex = true, .preset = "0x22222222",
	  .wireshark = "bfd.your_discriminator", .help = "the receiver's; 0 when not known yet" },
	{ .name = "desired-min-tx", .kind = WIRE_UINT, .width = 32, .preset = "1000000000",
	  .wireshark = "bfd.desired_min_tx_interval", .help = "microseconds between packets it would send" },
	{ .name = "required-min-rx", .kind = WIRE_UINT, .width = 32, .preset = "1000000000",
	  .wireshark = "bfd.required_min_rx_interval", .help = "microseconds between packets it can take" },
	{ .name = "required-min-echo-rx", .kind = WIRE_UINT, .width = 32, .preset = "1000000000",
	  .wireshark = "bfd.required_min_echo_interval", .help = "the same of echo packets; 0 takes none" },

	/* RFC 5880 4.2 to 4.4 */
	{ .name = "auth-type", .kind = WIRE_UINT, .width = 8, .preset = "password", .names = authentications,
	  .when = AUTHENTICATED,
	  .wireshark = "bfd.auth.type", .help = "kind of authentication" },
	{ .name = "auth-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .of = "password",
	  .length = { WIRE_SPAN_FIELD, 1, 3 }, .when = PASSWORD,
	  .wireshark = "bfd.auth.len", .help = "octets of the authentication section" },
	{ .name = "auth-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .of = "digest",
	  .length = { WIRE_SPAN_FIELD, 1, 8 }, .when = DIGEST,
	  .wireshark = "bfd.auth.len", .help = "octets of the authentication section" },
	{ .name = "key-id", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("auth-type", 1, 2, 3, 4, 5),
	  .wireshark = "bfd.auth.key", .help = "which key" },
	{ .name = "password", .kind = WIRE_BYTES, .when = PASSWORD, .text = true,
	  .wireshark = "bfd.auth.password", .help = "1 to 16 octets in clear" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, .when = DIGEST, .help = "zero" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32, .when = DIGEST,
	  .wireshark = "bfd.auth.seq_num", .help = "never decreases" },
	{ .name = "digest", .kind = WIRE_BYTES, .when = DIGEST,
	  .wireshark = "bfd.checksum", .help = "16 octets of MD5, or 20 of SHA1" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 3784 }, /* one hop, RFC 5881 4 */
	{ WIRE_UDP_PORT, 4784 }, /* several hops, RFC 5883 5 */
	{ WIRE_UDP_PORT, 6784 }, /* the links of a LAG, RFC 7130 2.2 */
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_bfd = {
	.header = { .name = "bfd", .help = "BFD control packet", WIRE_FIELDS(fields) },
	.title = "Bidirectional Forwarding Detection",
	.rfc = "RFC 5880",
	.binds = binds,
};
