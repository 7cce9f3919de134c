/* ICMPv6: errors, echoes, neighbour discovery, multicast listeners, node information, mobility. */
#include "wire/nd_options.h"

/* clang-format off */
/* IANA, ICMPv6 parameters */
static const struct wire_name types[] = {
	{ 1, "unreachable" }, { 2, "packet-too-big" }, { 3, "time-exceeded" }, { 4, "parameter-problem" },
	{ 128, "echo-request" }, { 129, "echo-reply" },
	{ 130, "mld-query" }, { 131, "mld-report" }, { 132, "mld-done" },
	{ 133, "router-solicitation" }, { 134, "router-advertisement" },
	{ 135, "neighbour-solicitation" }, { 136, "neighbour-advertisement" }, { 137, "redirect" },
	{ 138, "router-renumbering" }, { 139, "node-information-query" }, { 140, "node-information-reply" },
	{ 143, "mld2-report" }, { 144, "home-agent-request" }, { 145, "home-agent-reply" },
	{ 146, "mobile-prefix-solicitation" }, { 147, "mobile-prefix-advertisement" }, { 155, "rpl" }, { 160, "extended-echo-request" }, { 161, "extended-echo-reply" },
	{ 135, "neighbor-solicitation" }, { 136, "neighbor-advertisement" },
	{ 0, NULL },
};

/* RFC 4191 2.1 */
static const struct wire_name preferences[] = {
	{ 0, "medium" }, { 1, "high" }, { 3, "low" },
	{ 0, NULL },
};

/* RFC 3810 5.2.12 */
static const struct wire_name record_types[] = {
	{ 1, "is-include" }, { 2, "is-exclude" }, { 3, "to-include" }, { 4, "to-exclude" }, { 5, "allow" }, { 6, "block" },
	{ 0, NULL },
};

/* RFC 4620 5 and 6 */
static const struct wire_name query_types[] = {
	{ 0, "noop" }, { 2, "name" }, { 3, "addresses" }, { 4, "ipv4-addresses" },
	{ 0, NULL },
};
static const struct wire_name query_flags[] = {
	{ 0x20, "global" }, { 0x10, "site-local" }, { 8, "link-local" }, { 4, "compatible" }, { 2, "all" }, { 1, "truncated" },
	{ 0, NULL },
};

/* RFC 8335 3: of the neighbour's entry */
static const struct wire_name states[] = {
	{ 0, "none" }, { 1, "incomplete" }, { 2, "reachable" }, { 3, "stale" }, { 4, "delay" }, { 5, "probe" }, { 6, "failed" },
	{ 0, NULL },
};

static const struct wire_field source_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "icmpv6.mld.source_address", .help = "a source" },
};
static const struct wire_record source = { .name = "source", .help = "a source", WIRE_FIELDS(source_fields) };
static const struct wire_record *const sources[] = { &source, NULL };
static const struct wire_list source_list = { .items = sources };

static const struct wire_field record_source_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "icmpv6.mldr.mar.source_address", .help = "a source" },
};
static const struct wire_record record_source = {
	.name = "source", .help = "a source", WIRE_FIELDS(record_source_fields) };
static const struct wire_record *const record_sources[] = { &record_source, NULL };
static const struct wire_list record_source_list = { .items = record_sources };

/* RFC 3810 5.2.4 */
static const struct wire_field record_fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "to-exclude", .names = record_types,
	  .wireshark = "icmpv6.mldr.mar.record_type", .help = "what is listened to, or has changed" },
	{ .name = "aux-length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 4, 0 },
	  .of = "aux",
	  .wireshark = "icmpv6.mldr.mar.aux_data_len", .help = "words of 4 octets of auxiliary data" },
	{ .name = "count", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "sources",
	  .wireshark = "icmpv6.mldr.mar.nb_sources", .help = "sources" },
	{ .name = "group", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "icmpv6.mldr.mar.multicast_address", .help = "multicast address" },
	{ .name = "sources", .kind = WIRE_LIST, .list = &record_source_list, .help = "sources that the record is about" },
	{ .name = "aux", .kind = WIRE_BYTES,
	  .wireshark = "icmpv6.mldr.mar.auxiliary_data", .help = "auxiliary data: none is defined" },
};
static const struct wire_record record = {
	.name = "record", .help = "a multicast address and its sources", WIRE_FIELDS(record_fields) };
static const struct wire_record *const records[] = { &record, NULL };
static const struct wire_list record_list = { .items = records };

static const struct wire_field agent_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "icmpv6.mip6.home_agent_address", .help = "a home agent's address" },
};
static const struct wire_record agent = { .name = "agent", .help = "a home agent", WIRE_FIELDS(agent_fields) };
static const struct wire_record *const agents[] = { &agent, NULL };
static const struct wire_list agent_list = { .items = agents };

#define ECHOES		128, 129
#define EXTENDED	160, 161
#define MLD		130, 131, 132
#define NODE		139, 140
#define MOBILE		144, 145, 146, 147
#define KNOWN		1, 2, 3, 4, ECHOES, MLD, 133, 134, 135, 136, 137, NODE, 143, MOBILE, EXTENDED

static const struct wire_field fields[] = {
	/* The types that quote a packet stand in its binds: read so, never built so. */
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "echo-request", .names = types, .space = WIRE_ICMPV6_TYPE,
	  .wireshark = "icmpv6.type", .help = "kind of message" },
	{ .name = "code", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "icmpv6.code", .help = "kind within the type" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_PSEUDO,
	  .wireshark = "icmpv6.checksum", .help = "over pseudo header and message" },

	{ .name = "length", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 1, 3),
	  .wireshark = "icmpv6.length", .help = "units of 8 octets quoted before extensions; 0 without any, RFC 4884" },
	{ .name = "unused", .kind = WIRE_UINT, .width = 24, .when = WIRE_WHEN("type", 1, 3), .help = "zero" },
	{ .name = "mtu", .kind = WIRE_UINT, .width = 32, .preset = "1280", .when = WIRE_WHEN("type", 2),
	  .wireshark = "icmpv6.mtu", .help = "of the next hop" },
	{ .name = "pointer", .kind = WIRE_UINT, .width = 32, .preset = "6", .when = WIRE_WHEN("type", 4),
	  .wireshark = "icmpv6.pointer", .help = "octet of the quoted packet that is wrong" },

	{ .name = "id", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", ECHOES),
	  .wireshark = "icmpv6.echo.identifier", .help = "identifier: the same in request and reply" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", ECHOES),
	  .wireshark = "icmpv6.echo.sequence_number", .help = "sequence number: the same in request and reply" },

	{ .name = "max-delay", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", MLD),
	  .wireshark = "icmpv6.mld.maximum_response_delay", .help = "milliseconds within which to report, RFC 2710" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", MLD), .help = "zero" },
	{ .name = "group", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", MLD),
	  .wireshark = "icmpv6.mld.multicast_address", .help = "multicast address; :: asks for all" },

	{ .name = "hop-limit", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.cur_hop_limit", .help = "what hosts shall send with; 0 leaves it open" },
	{ .name = "managed", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.m", .help = "addresses come from DHCPv6" },
	{ .name = "other", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.o", .help = "other settings come from DHCPv6" },
	{ .name = "home-agent", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.h", .help = "the router is a home agent, RFC 6275" },
	{ .name = "preference", .kind = WIRE_UINT, .width = 2, .preset = "high", .names = preferences,
	  .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.prf", .help = "of this router over others, RFC 4191" },
	{ .name = "proxy", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.p", .help = "relayed by a proxy, RFC 4389" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 2, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.flag.rsv", .help = "zero" },
	{ .name = "lifetime", .kind = WIRE_UINT, .width = 16, .preset = "1800", .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.router_lifetime", .help = "seconds as a default router; 0 is none" },
	{ .name = "reachable-time", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.reachable_time", .help = "milliseconds a neighbour counts as reachable" },
	{ .name = "retrans-timer", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 134),
	  .wireshark = "icmpv6.nd.ra.retrans_timer", .help = "milliseconds between solicitations" },

	{ .name = "router", .kind = WIRE_UINT, .width = 1, .preset = "1", .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.r", .help = "the sender is a router" },
	{ .name = "solicited", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.s", .help = "it answers a solicitation" },
	{ .name = "override", .kind = WIRE_UINT, .width = 1, .preset = "1", .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.o", .help = "it replaces a cached address" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 29, .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.flag.rsv", .help = "zero" },

	{ .name = "reserved", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", 133, 135, 137), .help = "zero" },
	{ .name = "target", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 135),
	  .wireshark = "icmpv6.nd.ns.target_address", .help = "the address that is asked for" },
	{ .name = "target", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 136),
	  .wireshark = "icmpv6.nd.na.target_address", .help = "the address that is answered for" },
	{ .name = "target", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 137),
	  .wireshark = "icmpv6.nd.rd.target_address", .help = "the better first hop" },
	{ .name = "destination", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", 137),
	  .wireshark = "icmpv6.rd.na.destination_address", .help = "what is redirected" },
	{ .name = "options", .kind = WIRE_LIST, .list = &wire_nd_option_list,
	  .when = WIRE_WHEN("type", 133, 134, 135, 136, 137),
	  .help = "options of neighbour discovery" },

	/* RFC 4620 4 */
	{ .name = "query", .kind = WIRE_UINT, .width = 16, .names = query_types, .when = WIRE_WHEN("type", NODE),
	  .wireshark = "icmpv6.ni.qtype", .help = "what is asked" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 16, .names = query_flags, .when = WIRE_WHEN("type", NODE),
	  .wireshark = "icmpv6.ni.flag", .help = "which addresses are asked for" },
	{ .name = "nonce", .kind = WIRE_UINT, .width = 64, .hex = true, .when = WIRE_WHEN("type", NODE),
	  .wireshark = "icmpv6.ni.nonce", .help = "the same in query and reply" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_WHEN("type", NODE), .help = "subject of the query, or the answer" },

	/* RFC 6275 6.5 to 6.8 */
	{ .name = "id", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", MOBILE),
	  .wireshark = "icmpv6.mip6.identifier", .help = "identifier: the same in question and answer" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", 144, 145, 146), .help = "zero" },
	{ .name = "managed", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 147),
	  .wireshark = "icmpv6.mip6.flag.m", .help = "addresses come from DHCPv6" },
	{ .name = "other", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 147),
	  .wireshark = "icmpv6.mip6.flag.o", .help = "other settings come from DHCPv6" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 14, .when = WIRE_WHEN("type", 147),
	  .wireshark = "icmpv6.mip6.flag.rsv", .help = "zero" },
	{ .name = "agents", .kind = WIRE_LIST, .list = &agent_list, .when = WIRE_WHEN("type", 145), .help = "home agents" },
	{ .name = "options", .kind = WIRE_LIST, .list = &wire_nd_option_list, .when = WIRE_WHEN("type", 147),
	  .help = "the home network's prefixes" },

	{ .name = "id", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", EXTENDED),
	  .wireshark = "icmpv6.echo.identifier", .help = "identifier: the same in request and reply" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", EXTENDED),
	  .wireshark = "icmpv6.ext.echo.seq", .help = "sequence number: the same in request and reply" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 7, .when = WIRE_WHEN("type", 160),
	  .wireshark = "icmpv6.ext.echo.req.res", .help = "zero" },
	{ .name = "local", .kind = WIRE_UINT, .width = 1, .preset = "1", .when = WIRE_WHEN("type", 160),
	  .wireshark = "icmpv6.ext.echo.req.local", .help = "the interface is the receiver's own, RFC 8335" },
	{ .name = "state", .kind = WIRE_UINT, .width = 3, .names = states, .when = WIRE_WHEN("type", 161),
	  .wireshark = "icmpv6.ext.echo.rsp.state", .help = "of the neighbour, where the interface is not the receiver's" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 2, .when = WIRE_WHEN("type", 161),
	  .wireshark = "icmpv6.ext.echo.rsp.res", .help = "zero" },
	{ .name = "active", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 161),
	  .wireshark = "icmpv6.ext.echo.rsp.active", .help = "the interface is up" },
	{ .name = "ipv4", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 161),
	  .wireshark = "icmpv6.ext.echo.rsp.ipv4", .help = "IPv4 runs on it" },
	{ .name = "ipv6", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 161),
	  .wireshark = "icmpv6.ext.echo.rsp.ipv6", .help = "IPv6 runs on it" },

	/* RFC 3810 5.2 */
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", 143), .help = "zero" },
	{ .name = "count", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "records", .when = WIRE_WHEN("type", 143),
	  .wireshark = "icmpv6.mldr.nb_mcast_records", .help = "records" },
	{ .name = "records", .kind = WIRE_LIST, .list = &record_list, .when = WIRE_WHEN("type", 143),
	  .help = "what is listened to, by multicast address" },

	{ .name = "rest", .kind = WIRE_BYTES, .width = 32, .when = WIRE_UNLESS("type", KNOWN),
	  .help = "the rest of the header" },

	/* RFC 3810 5.1: with these rows a query is version 2. */
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 4, .when = WIRE_WHEN("type", 130), .optional = true,
	  .wireshark = "icmpv6.mld.flag.reserved", .help = "zero" },
	{ .name = "suppress", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", 130),
	  .wireshark = "icmpv6.mld.flag.s", .help = "routers do not set their timers by this query" },
	{ .name = "robustness", .kind = WIRE_UINT, .width = 3, .when = WIRE_WHEN("type", 130),
	  .wireshark = "icmpv6.mld.flag.qrv", .help = "packets that may be lost" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", 130),
	  .wireshark = "icmpv6.mld.qqi", .help = "seconds between queries; from 128 on, a mantissa and an exponent" },
	{ .name = "count", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "sources", .when = WIRE_WHEN("type", 130),
	  .wireshark = "icmpv6.mld.nb_sources", .help = "sources" },
	{ .name = "sources", .kind = WIRE_LIST, .list = &source_list, .when = WIRE_WHEN("type", 130),
	  .help = "the sources that are asked about; none asks about all" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 58 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_icmpv6 = {
	.header = { .name = "icmpv6", .help = "ICMPv6 message", WIRE_FIELDS(fields) },
	.title = "Internet Control Message Protocol for IPv6",
	.rfc = "RFC 4443",
	.binds = binds,
};
