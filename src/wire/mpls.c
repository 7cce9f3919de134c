/* One label of an MPLS stack. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, special-purpose MPLS label values */
static const struct wire_name labels[] = {
	{ 0, "ipv4-explicit-null" }, { 1, "router-alert" }, { 2, "ipv6-explicit-null" }, { 3, "implicit-null" },
	{ 7, "entropy" }, { 13, "gal" }, { 14, "oam-alert" }, { 15, "extension" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "label", .kind = WIRE_UINT, .width = 20, .preset = "16", .names = labels,
	  .wireshark = "mpls.label", .help = "label; up to 15 with a meaning of its own" },
	{ .name = "tc", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "mpls.exp", .help = "traffic class, RFC 5462" },
	{ .name = "s", .kind = WIRE_UINT, .width = 1, .rule = WIRE_NEXT, .preset = "1", .space = WIRE_MPLS_BOTTOM,
	  .wireshark = "mpls.bottom", .help = "1 at the bottom of the stack" },
	{ .name = "ttl", .kind = WIRE_UINT, .width = 8, .preset = "64",
	  .wireshark = "mpls.ttl", .help = "hops left" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8847 },
	{ WIRE_ETHERTYPE, 0x8848 }, /* with an upstream-assigned label, RFC 5332 */
	{ WIRE_IP_PROTOCOL, 137 },
	{ WIRE_UDP_PORT, 6635 },
	{ WIRE_MPLS_BOTTOM, 0 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_mpls = {
	.header = { .name = "mpls", .help = "one label of a stack", WIRE_FIELDS(fields) },
	.title = "Multiprotocol Label Switching",
	.rfc = "RFC 3032",
	.binds = binds,
	.guess_ip = true,
};
