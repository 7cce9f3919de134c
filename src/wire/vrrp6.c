/* VRRP 3 over IPv6. */
#include "wire/vrrp.h"

/* clang-format off */
static const struct wire_field address_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "vrrp.ipv6_addr", .help = "an address of the virtual router" },
};
static const struct wire_record address = {
	.name = "address", .help = "an address of the virtual router", WIRE_FIELDS(address_fields) };
static const struct wire_record *const addresses[] = { &address, NULL };
static const struct wire_list address_list = { .items = addresses };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "3",
	  .wireshark = "vrrp.version", .help = "3" },
	VRRP_ROUTER,
	{ .name = "reserved", .kind = WIRE_UINT, .width = 4,
	  .wireshark = "vrrp.reserved_mbz", .help = "zero" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 12, .preset = "100",
	  .wireshark = "vrrp.short_adver_int", .help = "centiseconds between advertisements" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_PSEUDO,
	  .wireshark = "vrrp.checksum", .help = "over pseudo header and message" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &address_list,
	  .help = "IPv6 addresses of the virtual router, a link-local one first" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IPV6_PROTOCOL, 112 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_vrrp6 = {
	.header = { .name = "vrrp6", .help = "VRRP advertisement over IPv6", WIRE_FIELDS(fields) },
	.title = "Virtual Router Redundancy Protocol over IPv6",
	.rfc = "RFC 5798",
	.binds = binds,
};
