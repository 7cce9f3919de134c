/* HSRP 1. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 2281 5.1 */
static const struct wire_name operations[] = {
	{ 0, "hello" }, { 1, "coup" }, { 2, "resign" },
	{ 0, NULL },
};
static const struct wire_name states[] = {
	{ 0, "initial" }, { 1, "learn" }, { 2, "listen" }, { 4, "speak" }, { 8, "standby" }, { 16, "active" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "hsrp.version", .help = "0" },
	{ .name = "op", .kind = WIRE_UINT, .width = 8, .names = operations,
	  .wireshark = "hsrp.opcode", .help = "what is said" },
	{ .name = "state", .kind = WIRE_UINT, .width = 8, .preset = "active", .names = states,
	  .wireshark = "hsrp.state", .help = "the sender's state" },
	{ .name = "hello-time", .kind = WIRE_UINT, .width = 8, .preset = "3",
	  .wireshark = "hsrp.hellotime", .help = "seconds between hellos" },
	{ .name = "hold-time", .kind = WIRE_UINT, .width = 8, .preset = "10",
	  .wireshark = "hsrp.holdtime", .help = "seconds for which this hello holds" },
	{ .name = "priority", .kind = WIRE_UINT, .width = 8, .preset = "120",
	  .wireshark = "hsrp.priority", .help = "the highest becomes active" },
	{ .name = "group", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "hsrp.group", .help = "standby group" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "hsrp.reserved", .help = "zero" },
	{ .name = "authentication", .kind = WIRE_BYTES, .width = 64, .preset = "636973636f000000",
	  .wireshark = "hsrp.auth_data", .help = "8 octets of password in clear; \"cisco\" when left out" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .preset = "192.168.1.1",
	  .wireshark = "hsrp.virt_ip", .help = "the group's virtual address" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 1985 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_hsrp = {
	.header = { .name = "hsrp", .help = "HSRP message", WIRE_FIELDS(fields) },
	.title = "Hot Standby Router Protocol",
	.rfc = "RFC 2281",
	.binds = binds,
};
