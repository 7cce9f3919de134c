/* vrrp.h: what VRRP over IPv4 and over IPv6 have alike. */
#ifndef WIRE_VRRP_H
#define WIRE_VRRP_H

#include "wire/wire.h"

extern const struct wire_name wire_vrrp_types[];

/* clang-format off */
/* What stands behind the version. */
#define VRRP_ROUTER \
	{ .name = "type", .kind = WIRE_UINT, .width = 4, .preset = "advertisement", .names = wire_vrrp_types, \
	  .wireshark = "vrrp.type", .help = "kind of message" }, \
	{ .name = "vrid", .kind = WIRE_UINT, .width = 8, .preset = "1", \
	  .wireshark = "vrrp.virt_rtr_id", .help = "the virtual router" }, \
	{ .name = "priority", .kind = WIRE_UINT, .width = 8, .preset = "100", \
	  .wireshark = "vrrp.prio", .help = "the highest becomes master; 255 owns the address, 0 gives it up" }, \
	{ .name = "count", .kind = WIRE_UINT, .width = 8, .rule = WIRE_COUNT, .of = "addresses", \
	  .wireshark = "vrrp.addr_count", .help = "addresses" }
/* clang-format on */

#endif
