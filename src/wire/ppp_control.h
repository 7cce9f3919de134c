/* ppp_control.h: the rows that PPP's control protocols share, RFC 1661 5 and 6. */
#ifndef WIRE_PPP_CONTROL_H
#define WIRE_PPP_CONTROL_H

#include "wire/wire.h"

/* clang-format off */
/* The codes of all of them; those above are of LCP alone. */
#define PPP_CODES \
	{ 1, "configure-request" }, { 2, "configure-ack" }, { 3, "configure-nak" }, { 4, "configure-reject" }, \
	{ 5, "terminate-request" }, { 6, "terminate-ack" }, { 7, "code-reject" }

#define PPP_CONFIGURE	1, 2, 3, 4 /* the codes whose packets hold options */

/* A packet up to its options. */
#define PPP_PACKET(codes, option_list) \
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .preset = "configure-request", .names = (codes), \
	  .wireshark = "ppp.code", .help = "kind of packet" }, \
	{ .name = "id", .kind = WIRE_UINT, .width = 8, \
	  .wireshark = "ppp.identifier", .help = "the same in request and answer" }, \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "ppp.length", .help = "octets of the packet" }, \
	{ .name = "options", .kind = WIRE_LIST, .list = &(option_list), .when = WIRE_WHEN("code", PPP_CONFIGURE), \
	  .help = "what is negotiated" }

/* What every option begins with; protocol is its name in Wireshark. */
#define PPP_OPTION(types, protocol) \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = (types), \
	  .wireshark = protocol ".opt.type", .help = "kind of option" }, \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = protocol ".opt.length", .help = "octets of the option" }
/* clang-format on */

#endif
