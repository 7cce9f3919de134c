/* VRRP 2 and 3. */
#include "wire/vrrp.h"

/* clang-format off */
const struct wire_name wire_vrrp_types[] = {
	{ 1, "advertisement" },
	{ 0, NULL },
};

/* RFC 2338 5.3.6; RFC 3768 leaves only none */
static const struct wire_name authentications[] = {
	{ 0, "none" }, { 1, "password" }, { 2, "ip-ah" },
	{ 0, NULL },
};

#define VERSION_2	WIRE_UNLESS("version", 3)
#define VERSION_3	WIRE_WHEN("version", 3)

static const struct wire_field address_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "vrrp.ip_addr", .help = "an address of the virtual router" },
};
static const struct wire_record address = {
	.name = "address", .help = "an address of the virtual router", WIRE_FIELDS(address_fields) };
static const struct wire_record *const addresses[] = { &address, NULL };
static const struct wire_list address_list = { .items = addresses };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "2",
	  .wireshark = "vrrp.version", .help = "2 or 3" },
	VRRP_ROUTER,
	{ .name = "auth-type", .kind = WIRE_UINT, .width = 8, .names = authentications, .when = VERSION_2,
	  .wireshark = "vrrp.auth_type", .help = "kind of authentication, RFC 2338" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 8, .preset = "1", .when = VERSION_2,
	  .wireshark = "vrrp.adver_int", .help = "seconds between advertisements" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 4, .when = VERSION_3,
	  .wireshark = "vrrp.reserved_mbz", .help = "zero" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 12, .preset = "100", .when = VERSION_3,
	  .wireshark = "vrrp.short_adver_int", .help = "centiseconds between advertisements" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_WHOLE,
	  .when = VERSION_2,
	  .wireshark = "vrrp.checksum", .help = "over the message" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_PSEUDO,
	  .when = VERSION_3,
	  .wireshark = "vrrp.checksum", .help = "over pseudo header and message, RFC 5798 5.2.8" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &address_list, .help = "IPv4 addresses of the virtual router" },
	{ .name = "authentication", .kind = WIRE_BYTES, .width = 64, .when = VERSION_2,
	  .help = "zero, or the password, RFC 2338" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 112 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_vrrp = {
	.header = { .name = "vrrp", .help = "VRRP advertisement", WIRE_FIELDS(fields) },
	.title = "Virtual Router Redundancy Protocol",
	.rfc = "RFC 5798",
	.binds = binds,
};
