/* OSPF 3, for IPv6. */
#include "wire/ospf.h"

/* clang-format off */
/* IANA, OSPFv3 options */
static const struct wire_name options[] = {
	{ 0x400, "authentication-trailer" }, { 0x200, "link-local-signalling" }, { 0x100, "address-families" },
	{ 0x20, "demand-circuits" }, { 0x10, "router" }, { 8, "nssa" }, { 4, "multicast" }, { 2, "external" }, { 1, "ipv6" },
	{ 0, NULL },
};

/* RFC 5340 A.3.3 */
static const struct wire_name exchange_flags[] = {
	{ 4, "init" }, { 2, "more" }, { 1, "master" },
	{ 0, NULL },
};

/* RFC 5340 A.4.2.1, IANA */
static const struct wire_name ls_types[] = {
	{ 0x2001, "router" }, { 0x2002, "network" }, { 0x2003, "inter-area-prefix" }, { 0x2004, "inter-area-router" },
	{ 0x4005, "external" }, { 0x2007, "nssa" }, { 0x0008, "link" }, { 0x2009, "intra-area-prefix" },
	{ 0, NULL },
};

#define LS_TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "router", .names = ls_types, \
	  .wireshark = "ospf.v3.lsa", .help = "kind of advertisement, how far it is flooded" }

static const struct wire_field request_fields[] = {
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .help = "zero" },
	LS_TYPE,
	{ .name = "id", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "ospf.link_state_id", .help = "link state id" },
	{ .name = "router", .kind = WIRE_IPV4, .width = 32, .preset = "1.1.1.1",
	  .wireshark = "ospf.advrouter", .help = "router that advertises" },
};
static const struct wire_record request = {
	.name = "request", .help = "an advertisement that is asked for", WIRE_FIELDS(request_fields) };
static const struct wire_record *const requests[] = { &request, NULL };
static const struct wire_list request_list = { .items = requests };

/* RFC 5340 A.4.2 */
#define LSA_BEFORE_LENGTH \
	{ .name = "do-not-age", .kind = WIRE_UINT, .width = 1, \
	  .wireshark = "ospf.v3.lsa.do_not_age", .help = "it does not age, RFC 1793" }, \
	{ .name = "age", .kind = WIRE_UINT, .width = 15, .preset = "1", \
	  .wireshark = "ospf.lsa.age", .help = "seconds since it was made" }, \
	LS_TYPE, \
	{ .name = "id", .kind = WIRE_IPV4, .width = 32, \
	  .wireshark = "ospf.link_state_id", .help = "link state id" }, \
	OSPF_LSA_ORIGIN

static const struct wire_field header_fields[] = {
	LSA_BEFORE_LENGTH,
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .preset = "24",
	  .wireshark = "ospf.lsa.length", .help = "octets of the advertisement, which is not here" },
};
static const struct wire_record header = {
	.name = "lsa-header", .help = "an advertisement's header", WIRE_FIELDS(header_fields) };
static const struct wire_record *const headers[] = { &header, NULL };
static const struct wire_list header_list = { .items = headers };

static const struct wire_field lsa_fields[] = {
	LSA_BEFORE_LENGTH,
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "ospf.lsa.length", .help = "octets of the advertisement" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "what is advertised, by its type: RFC 5340 A.4.3 to A.4.10" },
};
static const struct wire_record lsa = {
	.name = "lsa", .help = "link state advertisement", WIRE_FIELDS(lsa_fields) };
static const struct wire_record *const lsas[] = { &lsa, NULL };
static const struct wire_list lsa_list = { .items = lsas };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "3",
	  .wireshark = "ospf.version", .help = "3" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "hello", .names = wire_ospf_types,
	  .wireshark = "ospf.msg", .help = "kind of packet" },
	/* A block of link-local signalling, or an authentication trailer, stands behind what it counts. */
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "ospf.packet_length", .help = "octets of the packet, without a trailer" },
	OSPF_SENDER,
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM,
	  .sum = WIRE_SUM_RECORD_IPV6,
	  .wireshark = "ospf.checksum", .help = "over pseudo header and packet" },
	{ .name = "instance", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ospf.instance_id", .help = "which of several OSPFs on the link" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, .help = "zero" },

	{ .name = "interface", .kind = WIRE_UINT, .width = 32, .preset = "1", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.interface_id", .help = "the sender's number of its interface" },
	{ .name = "priority", .kind = WIRE_UINT, .width = 8, .preset = "1", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.router_priority", .help = "the highest becomes designated router; 0 never" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 8, .when = OSPF_EXCHANGE, .help = "zero" },
	{ .name = "options", .kind = WIRE_FLAGS, .width = 24, .preset = "router|external|ipv6", .names = options,
	  .when = WIRE_WHEN("type", 1, 2),
	  .wireshark = "ospf.v3.options", .help = "what the router can do" },
	{ .name = "hello-interval", .kind = WIRE_UINT, .width = 16, .preset = "10", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.hello_interval", .help = "seconds between hellos" },
	{ .name = "dead-interval", .kind = WIRE_UINT, .width = 16, .preset = "40", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.router_dead_interval", .help = "seconds without a hello until a router is down" },
	{ .name = "designated", .kind = WIRE_IPV4, .width = 32, .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.designated_router", .help = "designated router's id; 0.0.0.0 for none" },
	{ .name = "backup", .kind = WIRE_IPV4, .width = 32, .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.backup_designated_router", .help = "the backup's id; 0.0.0.0 for none" },
	{ .name = "neighbours", .kind = WIRE_LIST, .list = &wire_ospf_neighbour_list, .when = OSPF_HELLO,
	  .help = "routers that were heard" },

	{ .name = "mtu", .kind = WIRE_UINT, .width = 16, .preset = "1500", .when = OSPF_EXCHANGE,
	  .wireshark = "ospf.db.interface_mtu", .help = "largest datagram of the interface" },
	{ .name = "reserved3", .kind = WIRE_UINT, .width = 8, .when = OSPF_EXCHANGE, .help = "zero" },
	OSPF_DATABASE(exchange_flags, header_list, request_list, lsa_list),
};

static const struct wire_bind binds[] = {
	{ WIRE_IPV6_PROTOCOL, 89 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ospf3 = {
	.header = { .name = "ospf3", .help = "OSPF packet over IPv6", WIRE_FIELDS(fields) },
	.title = "Open Shortest Path First 3",
	.rfc = "RFC 5340",
	.binds = binds,
};
