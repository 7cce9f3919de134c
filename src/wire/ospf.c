/* OSPF 2. */
#include "wire/ospf.h"

/* clang-format off */
/* RFC 2328 A.3.1, RFC 5340 A.3.1 */
const struct wire_name wire_ospf_types[] = {
	{ 1, "hello" }, { 2, "database-description" }, { 3, "ls-request" }, { 4, "ls-update" }, { 5, "ls-ack" },
	{ 0, NULL },
};
static const struct wire_name authentications[] = {
	{ 0, "none" }, { 1, "password" }, { 2, "digest" },
	{ 0, NULL },
};

/* IANA, OSPFv2 options */
static const struct wire_name options[] = {
	{ 0x80, "dn" }, { 0x40, "opaque" }, { 0x20, "demand-circuits" }, { 0x10, "link-local-signalling" },
	{ 8, "nssa" }, { 4, "multicast" }, { 2, "external" }, { 1, "multi-topology" },
	{ 0, NULL },
};

/* RFC 2328 A.3.3, RFC 4811 */
static const struct wire_name exchange_flags[] = {
	{ 8, "resync" }, { 4, "init" }, { 2, "more" }, { 1, "master" },
	{ 0, NULL },
};

/* IANA, OSPFv2 link state type */
static const struct wire_name ls_types[] = {
	{ 1, "router" }, { 2, "network" }, { 3, "summary" }, { 4, "asbr-summary" }, { 5, "external" },
	{ 6, "group" }, { 7, "nssa" }, { 9, "opaque-link" }, { 10, "opaque-area" }, { 11, "opaque-as" },
	{ 0, NULL },
};

#define CRYPTOGRAPHIC	WIRE_WHEN("auth-type", 2)

#define OPTIONS \
	{ .name = "options", .kind = WIRE_FLAGS, .width = 8, .names = options, \
	  .wireshark = "ospf.v2.options", .help = "what the router can do" }

static const struct wire_field neighbour_fields[] = {
	{ .name = "router", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "ospf.hello.active_neighbor", .help = "id of a router whose hello was heard" },
};
static const struct wire_record neighbour = {
	.name = "neighbour", .help = "a router that was heard", WIRE_FIELDS(neighbour_fields) };
static const struct wire_record *const neighbours[] = { &neighbour, NULL };
const struct wire_list wire_ospf_neighbour_list = { .items = neighbours };

static const struct wire_field request_fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 32, .preset = "router", .names = ls_types,
	  .wireshark = "ospf.lsa", .help = "kind of advertisement" },
	{ .name = "id", .kind = WIRE_IPV4, .width = 32, .preset = "1.1.1.1",
	  .wireshark = "ospf.link_state_id", .help = "link state id" },
	{ .name = "router", .kind = WIRE_IPV4, .width = 32, .preset = "1.1.1.1",
	  .wireshark = "ospf.advrouter", .help = "router that advertises" },
};
static const struct wire_record request = {
	.name = "request", .help = "an advertisement that is asked for", WIRE_FIELDS(request_fields) };
static const struct wire_record *const requests[] = { &request, NULL };
static const struct wire_list request_list = { .items = requests };

/* RFC 2328 A.4.1 */
#define LSA_BEFORE_LENGTH \
	{ .name = "do-not-age", .kind = WIRE_UINT, .width = 1, \
	  .wireshark = "ospf.lsa.donotage", .help = "it does not age, RFC 1793" }, \
	{ .name = "age", .kind = WIRE_UINT, .width = 15, .preset = "1", \
	  .wireshark = "ospf.lsa.age", .help = "seconds since it was made" }, \
	OPTIONS, \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "router", .names = ls_types, \
	  .wireshark = "ospf.lsa", .help = "kind of advertisement" }, \
	{ .name = "id", .kind = WIRE_IPV4, .width = 32, .preset = "192.168.0.0", \
	  .wireshark = "ospf.lsa.id", .help = "link state id" }, \
	OSPF_LSA_ORIGIN

static const struct wire_field header_fields[] = {
	LSA_BEFORE_LENGTH,
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .preset = "36",
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
	{ .name = "data", .kind = WIRE_BYTES, .help = "what is advertised, by its type: RFC 2328 A.4.2 to A.4.5" },
};
static const struct wire_record lsa = {
	.name = "lsa", .help = "link state advertisement", WIRE_FIELDS(lsa_fields) };
static const struct wire_record *const lsas[] = { &lsa, NULL };
static const struct wire_list lsa_list = { .items = lsas };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "2",
	  .wireshark = "ospf.version", .help = "2" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "hello", .names = wire_ospf_types,
	  .wireshark = "ospf.msg", .help = "kind of packet" },
	/* A digest, and a block of link-local signalling, stand behind what it counts. */
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "ospf.packet_length", .help = "octets of the packet, without a digest" },
	OSPF_SENDER,
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_RECORD,
	  .of = "authentication",
	  .wireshark = "ospf.checksum", .help = "over the packet without authentication; 0 with a digest" },
	{ .name = "auth-type", .kind = WIRE_UINT, .width = 16, .names = authentications,
	  .wireshark = "ospf.auth.type", .help = "kind of authentication" },
	{ .name = "authentication", .kind = WIRE_BYTES, .width = 64, .when = WIRE_UNLESS("auth-type", 2),
	  .help = "8 octets of password in clear, or zeros" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .when = CRYPTOGRAPHIC, .help = "zero" },
	{ .name = "key-id", .kind = WIRE_UINT, .width = 8, .preset = "1", .when = CRYPTOGRAPHIC,
	  .wireshark = "ospf.auth.crypt.key_id", .help = "which key" },
	{ .name = "auth-length", .kind = WIRE_UINT, .width = 8, .when = CRYPTOGRAPHIC,
	  .wireshark = "ospf.auth.crypt.data_length", .help = "octets of the digest behind the packet" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32, .when = CRYPTOGRAPHIC,
	  .wireshark = "ospf.auth.crypt.seq_nbr", .help = "never decreases" },

	{ .name = "mask", .kind = WIRE_IPV4, .width = 32, .preset = "255.255.255.0", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.network_mask", .help = "the interface's" },
	{ .name = "hello-interval", .kind = WIRE_UINT, .width = 16, .preset = "10", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.hello_interval", .help = "seconds between hellos" },
	{ .name = "mtu", .kind = WIRE_UINT, .width = 16, .preset = "1500", .when = OSPF_EXCHANGE,
	  .wireshark = "ospf.db.interface_mtu", .help = "largest datagram of the interface" },
	{ .name = "options", .kind = WIRE_FLAGS, .width = 8, .names = options, .when = WIRE_WHEN("type", 1, 2),
	  .wireshark = "ospf.v2.options", .help = "what the router can do" },
	{ .name = "priority", .kind = WIRE_UINT, .width = 8, .preset = "1", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.router_priority", .help = "the highest becomes designated router; 0 never" },
	{ .name = "dead-interval", .kind = WIRE_UINT, .width = 32, .preset = "40", .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.router_dead_interval", .help = "seconds without a hello until a router is down" },
	{ .name = "designated", .kind = WIRE_IPV4, .width = 32, .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.designated_router", .help = "designated router's address; 0.0.0.0 for none" },
	{ .name = "backup", .kind = WIRE_IPV4, .width = 32, .when = OSPF_HELLO,
	  .wireshark = "ospf.hello.backup_designated_router", .help = "the backup's address; 0.0.0.0 for none" },
	{ .name = "neighbours", .kind = WIRE_LIST, .list = &wire_ospf_neighbour_list, .when = OSPF_HELLO,
	  .help = "routers that were heard" },

	OSPF_DATABASE(exchange_flags, header_list, request_list, lsa_list),
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 89 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ospf = {
	.header = { .name = "ospf", .help = "OSPF packet", WIRE_FIELDS(fields) },
	.title = "Open Shortest Path First 2",
	.rfc = "RFC 2328",
	.binds = binds,
};
