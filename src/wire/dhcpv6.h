/* dhcpv6.h: what the files of DHCPv6 share. */
#ifndef WIRE_DHCPV6_H
#define WIRE_DHCPV6_H

#include "wire/wire.h"

extern const struct wire_name wire_dhcpv6_types[];
extern const struct wire_name wire_dhcpv6_codes[];
extern const struct wire_record wire_dhcpv6_ia_na, wire_dhcpv6_ia_ta, wire_dhcpv6_ia_pd;
extern const struct wire_record wire_dhcpv6_status, wire_dhcpv6_other;
extern const struct wire_list wire_dhcpv6_option_list;

/* clang-format off */
/* The rows that every option begins with. */
#define DHCPV6_CODE \
	{ .name = "code", .kind = WIRE_UINT, .width = 16, .names = wire_dhcpv6_codes, \
	  .wireshark = "dhcpv6.option.type", .help = "kind of option" }
#define DHCPV6_LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .wireshark = "dhcpv6.option.length", .help = "octets of the option behind this field" }

/* The rows of a message, also of one that a relay carries. */
#define DHCPV6_RELAY    WIRE_WHEN("type", 12, 13)
#define DHCPV6_NO_RELAY WIRE_UNLESS("type", 12, 13)
#define DHCPV6_MESSAGE(list_of_options) \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "solicit", .names = wire_dhcpv6_types, \
	  .wireshark = "dhcpv6.msgtype", .help = "kind of message" }, \
	{ .name = "xid", .kind = WIRE_UINT, .width = 24, .hex = true, .when = DHCPV6_NO_RELAY, \
	  .wireshark = "dhcpv6.xid", .help = "the client's number for this exchange" }, \
	{ .name = "hop-count", .kind = WIRE_UINT, .width = 8, .when = DHCPV6_RELAY, \
	  .wireshark = "dhcpv6.hopcount", .help = "relays that carried it before" }, \
	{ .name = "link-address", .kind = WIRE_IPV6, .width = 128, .when = DHCPV6_RELAY, \
	  .wireshark = "dhcpv6.linkaddr", .help = "of the client's link, for the server to choose by" }, \
	{ .name = "peer-address", .kind = WIRE_IPV6, .width = 128, .when = DHCPV6_RELAY, \
	  .wireshark = "dhcpv6.peeraddr", .help = "the client or relay it came from" }, \
	{ .name = "options", .kind = WIRE_LIST, .list = &(list_of_options), .help = "options" }
/* clang-format on */

#endif
