/* ospf.h: what OSPF 2 and 3 have alike. */
#ifndef WIRE_OSPF_H
#define WIRE_OSPF_H

#include "wire/wire.h"

extern const struct wire_name wire_ospf_types[];
extern const struct wire_list wire_ospf_neighbour_list;

/* clang-format off */
#define OSPF_HELLO	WIRE_WHEN("type", 1)
#define OSPF_EXCHANGE	WIRE_WHEN("type", 2)

/* Who sends a packet. */
#define OSPF_SENDER \
	{ .name = "router", .kind = WIRE_IPV4, .width = 32, .preset = "1.1.1.1", \
	  .wireshark = "ospf.srcrouter", .help = "the sender's id" }, \
	{ .name = "area", .kind = WIRE_IPV4, .width = 32, \
	  .wireshark = "ospf.area_id", .help = "area; 0.0.0.0 is the backbone" }

/* Who made an advertisement, and which of several it is. */
#define OSPF_LSA_ORIGIN \
	{ .name = "router", .kind = WIRE_IPV4, .width = 32, .preset = "1.1.1.1", \
	  .wireshark = "ospf.advrouter", .help = "router that advertises" }, \
	{ .name = "seq", .kind = WIRE_UINT, .width = 32, .hex = true, .preset = "0x80000001", \
	  .wireshark = "ospf.lsa.seqnum", .help = "sequence number, signed; 0x80000001 is the first" }, \
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, \
	  .wireshark = "ospf.lsa.chksum", .help = "Fletcher's, as it stands: it is not computed" }

/* The end of a packet: what follows in descriptions of a database, requests, updates and acknowledgements. */
#define OSPF_DATABASE(flag_names, header_list, request_list, lsa_list) \
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 8, .names = (flag_names), .when = OSPF_EXCHANGE, \
	  .wireshark = "ospf.dbd", .help = "where the exchange is" }, \
	{ .name = "dd-seq", .kind = WIRE_UINT, .width = 32, .preset = "1", .when = OSPF_EXCHANGE, \
	  .wireshark = "ospf.db.dd_sequence", .help = "sequence number of the exchange" }, \
	{ .name = "headers", .kind = WIRE_LIST, .list = &(header_list), .when = WIRE_WHEN("type", 2, 5), \
	  .help = "headers of advertisements" }, \
	{ .name = "requests", .kind = WIRE_LIST, .list = &(request_list), .when = WIRE_WHEN("type", 3), \
	  .help = "advertisements that are asked for" }, \
	{ .name = "count", .kind = WIRE_UINT, .width = 32, .rule = WIRE_COUNT, .of = "lsas", .when = WIRE_WHEN("type", 4), \
	  .wireshark = "ospf.ls.number_of_lsas", .help = "advertisements" }, \
	{ .name = "lsas", .kind = WIRE_LIST, .list = &(lsa_list), .when = WIRE_WHEN("type", 4), \
	  .help = "advertisements" }, \
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", 1, 2, 3, 4, 5), .help = "the rest of the packet" }
/* clang-format on */

#endif
