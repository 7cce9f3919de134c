/* DHCPv6: messages of clients, servers and relays. */
#include "wire/dhcpv6.h"

/* clang-format off */
/* RFC 8415 7.3 */
const struct wire_name wire_dhcpv6_types[] = {
	{ 1, "solicit" }, { 2, "advertise" }, { 3, "request" }, { 4, "confirm" }, { 5, "renew" }, { 6, "rebind" },
	{ 7, "reply" }, { 8, "release" }, { 9, "decline" }, { 10, "reconfigure" }, { 11, "information-request" },
	{ 12, "relay-forward" }, { 13, "relay-reply" },
	{ 0, NULL },
};

static const struct wire_field fields[] = { DHCPV6_MESSAGE(wire_dhcpv6_option_list) };

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 547 },
	{ WIRE_UDP_PORT, 546 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_dhcpv6 = {
	.header = { .name = "dhcpv6", .help = "DHCPv6 message", WIRE_FIELDS(fields) },
	.title = "Dynamic Host Configuration Protocol for IPv6",
	.rfc = "RFC 8415",
	.binds = binds,
};
