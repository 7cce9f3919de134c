/* ICMP. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, ICMP parameters */
static const struct wire_name types[] = {
	{ 0, "echo-reply" }, { 3, "unreachable" }, { 4, "source-quench" }, { 5, "redirect" },
	{ 8, "echo-request" }, { 9, "router-advertisement" }, { 10, "router-solicitation" },
	{ 11, "time-exceeded" }, { 12, "parameter-problem" }, { 13, "timestamp-request" },
	{ 14, "timestamp-reply" }, { 15, "information-request" }, { 16, "information-reply" },
	{ 17, "mask-request" }, { 18, "mask-reply" }, { 30, "traceroute" },
	{ 42, "extended-echo-request" }, { 43, "extended-echo-reply" },
	{ 8, "echo" },
	{ 0, NULL },
};

static const struct wire_field router_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "icmp.router_address", .help = "a router's address" },
	{ .name = "preference", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "icmp.pref_level", .help = "signed; the highest is preferred" },
};
static const struct wire_record router = {
	.name = "router", .help = "a router and how much it is preferred", WIRE_FIELDS(router_fields) };
static const struct wire_record *const routers[] = { &router, NULL };
static const struct wire_list router_list = { .items = routers };

/* RFC 8335 3: of the neighbour's entry */
static const struct wire_name states[] = {
	{ 0, "none" }, { 1, "incomplete" }, { 2, "reachable" }, { 3, "stale" }, { 4, "delay" }, { 5, "probe" }, { 6, "failed" },
	{ 0, NULL },
};

#define WITH_ID		0, 8, 13, 14, 15, 16, 17, 18, 42, 43
#define WITH_SEQ	0, 8, 13, 14, 15, 16, 17, 18
#define TIMESTAMPS	13, 14
#define MASKS		17, 18
#define KNOWN		0, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 42, 43

static const struct wire_field fields[] = {
	/* The types that quote a packet stand in its binds: read so, never built so. */
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "echo-request", .names = types, .space = WIRE_ICMP_TYPE,
	  .wireshark = "icmp.type", .help = "kind of message" },
	{ .name = "code", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "icmp.code", .help = "kind within the type" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_WHOLE,
	  .wireshark = "icmp.checksum", .help = "over the message" },

	{ .name = "id", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", WITH_ID),
	  .wireshark = "icmp.ident", .help = "identifier: the same in request and reply" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", WITH_SEQ),
	  .wireshark = "icmp.seq", .help = "sequence number: the same in request and reply" },
	{ .name = "originate", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", TIMESTAMPS),
	  .wireshark = "icmp.originate_timestamp", .help = "milliseconds since midnight UT when the request left" },
	{ .name = "receive", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", TIMESTAMPS),
	  .wireshark = "icmp.receive_timestamp", .help = "when it arrived" },
	{ .name = "transmit", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", TIMESTAMPS),
	  .wireshark = "icmp.transmit_timestamp", .help = "when the reply left" },
	{ .name = "mask", .kind = WIRE_IPV4, .width = 32, .when = WIRE_WHEN("type", MASKS),
	  .wireshark = "icmp.address_mask", .help = "the subnet's mask" },

	/* RFC 4884 4 puts the length of what is quoted into the unused octets of these three. */
	{ .name = "pointer", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 12),
	  .wireshark = "icmp.pointer", .help = "octet of the quoted packet that is wrong" },
	{ .name = "unused", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 3, 11), .help = "zero" },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 3, 11, 12),
	  .wireshark = "icmp.length", .help = "words of 4 octets quoted before extensions; 0 without any" },
	{ .name = "mtu", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", 3),
	  .wireshark = "icmp.mtu", .help = "of the next hop, with code 4, RFC 1191" },
	{ .name = "unused2", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", 11, 12), .help = "zero" },

	{ .name = "gateway", .kind = WIRE_IPV4, .width = 32, .when = WIRE_WHEN("type", 5),
	  .wireshark = "icmp.redir_gw", .help = "the better router" },
	{ .name = "unused", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 4, 10), .help = "zero" },

	{ .name = "count", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 9),
	  .wireshark = "icmp.num_addrs", .help = "routers in the message" },
	{ .name = "entry-size", .kind = WIRE_UINT, .width = 8, .preset = "2", .when = WIRE_WHEN("type", 9),
	  .wireshark = "icmp.addr_entry_size", .help = "words of 4 octets a router" },
	{ .name = "lifetime", .kind = WIRE_UINT, .width = 16, .preset = "1800", .when = WIRE_WHEN("type", 9),
	  .wireshark = "icmp.lifetime", .help = "seconds for which this holds" },
	{ .name = "routers", .kind = WIRE_LIST, .list = &router_list, .when = WIRE_WHEN("type", 9),
	  .help = "routers of the link" },

	{ .name = "seq", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 42, 43),
	  .wireshark = "icmp.ext.echo.seq", .help = "sequence number: the same in request and reply" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 7, .when = WIRE_WHEN("type", 42),
	  .wireshark = "icmp.ext.echo.req.res", .help = "zero" },
	{ .name = "local", .kind = WIRE_UINT, .width = 1, .preset = "1", .when = WIRE_WHEN("type", 42),
	  .wireshark = "icmp.ext.echo.req.local", .help = "the interface is the receiver's own, RFC 8335" },
	{ .name = "state", .kind = WIRE_UINT, .width = 3, .names = states, .when = WIRE_WHEN("type", 43),
	  .wireshark = "icmp.ext.echo.rsp.state", .help = "of the neighbour, where the interface is not the receiver's" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 2, .when = WIRE_WHEN("type", 43),
	  .wireshark = "icmp.ext.echo.rsp.res", .help = "zero" },
	{ .name = "active", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 43),
	  .wireshark = "icmp.ext.echo.rsp.active", .help = "the interface is up" },
	{ .name = "ipv4", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 43),
	  .wireshark = "icmp.ext.echo.rsp.ipv4", .help = "IPv4 runs on it" },
	{ .name = "ipv6", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 43),
	  .wireshark = "icmp.ext.echo.rsp.ipv6", .help = "IPv6 runs on it" },

	{ .name = "rest", .kind = WIRE_BYTES, .width = 32, .when = WIRE_UNLESS("type", KNOWN),
	  .help = "the rest of the header" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 1 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_icmp = {
	.header = { .name = "icmp", .help = "ICMP message", WIRE_FIELDS(fields) },
	.title = "Internet Control Message Protocol",
	.rfc = "RFC 792",
	.binds = binds,
};
