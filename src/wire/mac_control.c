/* MAC control: PAUSE and priority-based flow control. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.3 annex 31A, table 31A-1 */
static const struct wire_name opcodes[] = {
	{ 0x0001, "pause" }, { 0x0002, "gate" }, { 0x0003, "report" }, { 0x0004, "register-request" },
	{ 0x0005, "register" }, { 0x0006, "register-ack" }, { 0x0101, "pfc" },
	{ 0, NULL },
};

static const struct wire_name classes[] = {
	{ 0x01, "c0" }, { 0x02, "c1" }, { 0x04, "c2" }, { 0x08, "c3" },
	{ 0x10, "c4" }, { 0x20, "c5" }, { 0x40, "c6" }, { 0x80, "c7" },
	{ 0, NULL },
};

#define MPCP	2, 3, 4, 5, 6
#define QUANTA(n) \
	{ .name = "quanta" #n, .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("opcode", 0x0101), \
	  .wireshark = "macc.cbfc.pause_time.c" #n, .help = "units of 512 bit times for which priority " #n " stops" }

static const struct wire_field fields[] = {
	{ .name = "opcode", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "pause", .names = opcodes,
	  .wireshark = "macc.opcode", .help = "what is asked for" },
	{ .name = "quanta", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("opcode", 0x0001),
	  .wireshark = "macc.pause_time", .help = "units of 512 bit times to stop for; 0 resumes" },
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("opcode", MPCP),
	  .wireshark = "macc.timestamp", .help = "the sender's clock in units of 16 ns (EPON)" },
	{ .name = "classes", .kind = WIRE_FLAGS, .width = 16, .names = classes, .when = WIRE_WHEN("opcode", 0x0101),
	  .wireshark = "macc.cbfc.enbv", .help = "priorities whose quanta count" },
	QUANTA(0),
	QUANTA(1),
	QUANTA(2),
	QUANTA(3),
	QUANTA(4),
	QUANTA(5),
	QUANTA(6),
	QUANTA(7),
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("opcode", 0x0001, 0x0101),
	  .help = "the rest, by opcode" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8808 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_mac_control = {
	.header = { .name = "mac-control",
		.help = "MAC control frame: pause, priority flow control",
		WIRE_FIELDS(fields) },
	.title = "MAC Control",
	.rfc = "IEEE 802.3 31, 31B; IEEE 802.1Q 36 (PFC)",
	.binds = binds,
};
