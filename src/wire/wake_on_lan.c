/* Wake-on-LAN's magic packet. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field target_fields[] = {
	{ .name = "mac", .kind = WIRE_MAC, .width = 48,
	  .wireshark = "wol.mac", .help = "MAC of who shall wake" },
};
static const struct wire_record target = { .name = "target", .help = "the MAC once", WIRE_FIELDS(target_fields) };
static const struct wire_record *const targets[] = { &target, NULL };
static const struct wire_list target_list = { .items = targets };

static const struct wire_field fields[] = {
	{ .name = "sync", .kind = WIRE_BYTES, .width = 48, .preset = "ffffffffffff",
	  .wireshark = "wol.sync", .help = "six octets of ff" },
	{ .name = "targets", .kind = WIRE_LIST, .list = &target_list,
	  .help = "the same MAC sixteen times; then, for some, a password" },
};

/* UDP port 9, which is used for it too, is the discard service's: what goes there is seldom this. */
static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x0842 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_wake_on_lan = {
	.header = { .name = "wake-on-lan",
		.help = "wake-on-LAN magic packet",
		WIRE_FIELDS(fields) },
	.title = "Wake-on-LAN magic packet",
	.rfc = "AMD, Magic Packet Technology",
	.binds = binds,
};
