/* Slow protocols: which one. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.3 annex 57A, table 57A-3 */
static const struct wire_name subtypes[] = {
	{ 2, "marker" }, { 3, "oam" }, { 10, "ossp" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "subtype", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT,
	  .space = WIRE_SLOW_PROTOCOL, .names = subtypes,
	  .wireshark = "slow.subtype", .help = "which slow protocol" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8809 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_slow = {
	.header = { .name = "slow", .help = "slow protocol's subtype", WIRE_FIELDS(fields) },
	.title = "Slow Protocols",
	.rfc = "IEEE 802.3 57A",
	.binds = binds,
};
