/* PIM, sparse mode. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 7761 4.9, RFC 3973 */
static const struct wire_name types[] = {
	{ 0, "hello" }, { 1, "register" }, { 2, "register-stop" }, { 3, "join-prune" }, { 4, "bootstrap" }, { 5, "assert" },
	{ 6, "graft" }, { 7, "graft-ack" }, { 8, "candidate-rp" }, { 9, "state-refresh" },
	{ 0, NULL },
};

/* IANA, PIM hello options */
static const struct wire_name option_types[] = {
	{ 1, "holdtime" }, { 2, "lan-prune-delay" }, { 19, "dr-priority" }, { 20, "generation-id" },
	{ 21, "state-refresh" }, { 24, "addresses" },
	{ 0, NULL },
};

/* IANA, address family numbers */
static const struct wire_name families[] = {
	{ 1, "ipv4" }, { 2, "ipv6" },
	{ 0, NULL },
};

/* ---- encoded addresses, 4.9.1 ---- */

#define FAMILY(row, condition) \
	{ .name = (row), .kind = WIRE_UINT, .width = 8, .preset = "ipv4", .names = families, .when = (condition), \
	  .wireshark = "pim.addr_address_family", .help = "family of the address" }
#define ENCODING(row, condition) \
	{ .name = (row), .kind = WIRE_UINT, .width = 8, .when = (condition), \
	  .wireshark = "pim.addr_encoding_type", .help = "0: as the family has it" }
#define ADDRESS(row, family, shark, shark6, about) \
	{ .name = (row), .kind = WIRE_IPV4, .width = 32, .when = WIRE_WHEN(family, 1), \
	  .wireshark = (shark), .help = (about) }, \
	{ .name = (row), .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN(family, 2), \
	  .wireshark = (shark6), .help = (about) }
#define GROUP_FLAGS(bidirectional, reserved, zone, mask, condition) \
	{ .name = (bidirectional), .kind = WIRE_UINT, .width = 1, .when = (condition), \
	  .wireshark = "pim.group_addr.flags.b", .help = "the group is of bidirectional PIM" }, \
	{ .name = (reserved), .kind = WIRE_UINT, .width = 6, .when = (condition), \
	  .wireshark = "pim.group_addr.flags.reserved", .help = "zero" }, \
	{ .name = (zone), .kind = WIRE_UINT, .width = 1, .when = (condition), \
	  .wireshark = "pim.group_addr.flags.z", .help = "administrative scope zone, in bootstraps" }, \
	{ .name = (mask), .kind = WIRE_UINT, .width = 8, .preset = "32", .when = (condition), \
	  .wireshark = "pim.mask_len", .help = "bits that make a range of groups" }

/* ---- hello, 4.9.2 ---- */

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .names = option_types, \
	  .wireshark = "pim.optiontype", .help = "kind of option" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1 }, \
	  .wireshark = "pim.optionlength", .help = "octets behind this field" }

static const struct wire_field holdtime_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "seconds", .kind = WIRE_UINT, .width = 16, .preset = "105",
	  .wireshark = "pim.holdtime", .help = "for which the neighbour is there; 65535 is for ever" },
};
static const struct wire_field lan_prune_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "track", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "pim.t", .help = "join suppression can be turned off" },
	{ .name = "propagation-delay", .kind = WIRE_UINT, .width = 15, .preset = "500",
	  .wireshark = "pim.propagation_delay", .help = "milliseconds that a message takes on the link" },
	{ .name = "override-interval", .kind = WIRE_UINT, .width = 16, .preset = "2500",
	  .wireshark = "pim.override_interval", .help = "milliseconds in which a prune may be overridden" },
};
static const struct wire_field priority_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "priority", .kind = WIRE_UINT, .width = 32, .preset = "1",
	  .wireshark = "pim.dr_priority", .help = "the highest becomes designated router" },
};
static const struct wire_field generation_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "id", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "pim.generation_id", .help = "random, another one after each start" },
};
static const struct wire_field refresh_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "pim.state_refresh_version", .help = "1" },
	{ .name = "interval", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "pim.state_refresh_interval", .help = "seconds between refreshes" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "pim.state_refresh_reserved", .help = "zero" },
};

static const struct wire_field address_fields[] = {
	FAMILY("family", NULL),
	ENCODING("encoding", NULL),
	ADDRESS("address", "family", "pim.unicast", "pim.unicast_ipv6", "an address of the sender"),
};
static const struct wire_record address = {
	.name = "address", .help = "an address of the sender", WIRE_FIELDS(address_fields) };
static const struct wire_record *const addresses[] = { &address, NULL };
static const struct wire_list address_list = { .items = addresses };

static const struct wire_field addresses_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "addresses", .kind = WIRE_LIST, .list = &address_list, .help = "the sender's other addresses" },
};
static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record holdtime = {
	.name = "holdtime", .id = 1, .help = "how long the sender is a neighbour", WIRE_FIELDS(holdtime_fields) };
static const struct wire_record lan_prune = {
	.name = "lan-prune-delay", .id = 2, .help = "delays of the link", WIRE_FIELDS(lan_prune_fields) };
static const struct wire_record priority = {
	.name = "dr-priority", .id = 19, .help = "priority as designated router", WIRE_FIELDS(priority_fields) };
static const struct wire_record generation = {
	.name = "generation-id", .id = 20, .help = "tells that the sender has started anew", WIRE_FIELDS(generation_fields) };
static const struct wire_record refresh = {
	.name = "state-refresh", .id = 21, .help = "state refresh of dense mode, RFC 3973", WIRE_FIELDS(refresh_fields) };
static const struct wire_record addresses_option = {
	.name = "addresses", .id = 24, .help = "secondary addresses", WIRE_FIELDS(addresses_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };
static const struct wire_record *const options[] = {
	&holdtime, &lan_prune, &priority, &generation, &refresh, &addresses_option, NULL };
static const struct wire_list option_list = { .items = options, .other = &other, .id_width = 16 };

/* ---- join and prune, 4.9.5 ---- */

static const struct wire_field source_fields[] = {
	FAMILY("family", NULL),
	ENCODING("encoding", NULL),
	{ .name = "reserved", .kind = WIRE_UINT, .width = 5,
	  .wireshark = "pim.source_addr.flags.reserved", .help = "zero" },
	{ .name = "sparse", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "pim.source_addr.flags.s", .help = "1, for version 1 of PIM" },
	{ .name = "wildcard", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "pim.source_addr.flags.w", .help = "all sources: the address is the rendezvous point's" },
	{ .name = "rpt", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "pim.source_addr.flags.r", .help = "of the tree of the rendezvous point" },
	{ .name = "mask", .kind = WIRE_UINT, .width = 8, .preset = "32",
	  .wireshark = "pim.mask_len", .help = "bits: 32, or 128 of IPv6" },
	ADDRESS("address", "family", "pim.source", "pim.source_ip6", "the source"),
};
static const struct wire_record source = {
	.name = "source", .help = "a source of the group", WIRE_FIELDS(source_fields) };
static const struct wire_record *const sources[] = { &source, NULL };
static const struct wire_list source_list = { .items = sources };

static const struct wire_field group_fields[] = {
	FAMILY("family", NULL),
	ENCODING("encoding", NULL),
	GROUP_FLAGS("bidirectional", "reserved", "zone", "mask", NULL),
	ADDRESS("address", "family", "pim.group", "pim.group_ip6", "the group"),
	{ .name = "joined", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "joins",
	  .wireshark = "pim.numjoins", .help = "sources that are joined" },
	{ .name = "pruned", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "prunes",
	  .wireshark = "pim.numprunes", .help = "sources that are pruned" },
	{ .name = "joins", .kind = WIRE_LIST, .list = &source_list, .help = "sources that are joined" },
	{ .name = "prunes", .kind = WIRE_LIST, .list = &source_list, .help = "sources that are pruned" },
};
static const struct wire_record group = {
	.name = "group", .help = "a group, and its sources", WIRE_FIELDS(group_fields) };
static const struct wire_record *const groups[] = { &group, NULL };
static const struct wire_list group_list = { .items = groups };

/* ---- the message ---- */

#define REGISTER	WIRE_WHEN("type", 1)
#define JOIN_PRUNE	WIRE_WHEN("type", 3, 6, 7)
#define WITH_GROUP	WIRE_WHEN("type", 2, 5)
#define ASSERT		WIRE_WHEN("type", 5)

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "2",
	  .wireshark = "pim.version", .help = "2" },
	{ .name = "type", .kind = WIRE_UINT, .width = 4, .preset = "hello", .names = types,
	  .wireshark = "pim.type", .help = "kind of message" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, .help = "zero" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM,
	  .sum = WIRE_SUM_RECORD_IPV6, .when = REGISTER,
	  .wireshark = "pim.cksum", .help = "over 8 octets, without the packet; over IPv6 a pseudo header too" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM,
	  .sum = WIRE_SUM_WHOLE_IPV6, .when = WIRE_UNLESS("type", 1),
	  .wireshark = "pim.cksum", .help = "over the message; over IPv6 a pseudo header too" },

	{ .name = "options", .kind = WIRE_LIST, .list = &option_list, .when = WIRE_WHEN("type", 0),
	  .help = "what the router says of itself" },

	{ .name = "border", .kind = WIRE_UINT, .width = 1, .when = REGISTER,
	  .wireshark = "pim.register_flag.border", .help = "the source is not in this domain" },
	{ .name = "null-register", .kind = WIRE_UINT, .width = 1, .when = REGISTER,
	  .wireshark = "pim.register_flag.null_register", .help = "asks whether to register on; the packet is a header alone" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 30, .when = REGISTER, .help = "zero" },

	FAMILY("group-family", WITH_GROUP),
	ENCODING("group-encoding", WITH_GROUP),
	GROUP_FLAGS("bidirectional", "group-reserved", "zone", "mask", WITH_GROUP),
	ADDRESS("group", "group-family", "pim.group", "pim.group_ip6", "the group"),
	FAMILY("source-family", WITH_GROUP),
	ENCODING("source-encoding", WITH_GROUP),
	ADDRESS("source", "source-family", "pim.unicast", "pim.unicast_ipv6", "the source; zeros for all"),
	{ .name = "rpt", .kind = WIRE_UINT, .width = 1, .when = ASSERT,
	  .wireshark = "pim.rpt", .help = "of the tree of the rendezvous point" },
	{ .name = "preference", .kind = WIRE_UINT, .width = 31, .when = ASSERT,
	  .wireshark = "pim.metric_pref", .help = "of the routing protocol; the lowest wins" },
	{ .name = "metric", .kind = WIRE_UINT, .width = 32, .when = ASSERT,
	  .wireshark = "pim.metric", .help = "of the route; the lowest wins" },

	FAMILY("upstream-family", JOIN_PRUNE),
	ENCODING("upstream-encoding", JOIN_PRUNE),
	ADDRESS("upstream", "upstream-family", "pim.unicast", "pim.unicast_ipv6",
		"the router that is to act"),
	{ .name = "reserved3", .kind = WIRE_UINT, .width = 8, .when = JOIN_PRUNE, .help = "zero" },
	{ .name = "count", .kind = WIRE_UINT, .width = 8, .rule = WIRE_COUNT, .of = "groups", .when = JOIN_PRUNE,
	  .wireshark = "pim.numgroups", .help = "groups" },
	{ .name = "holdtime", .kind = WIRE_UINT, .width = 16, .preset = "210", .when = JOIN_PRUNE,
	  .wireshark = "pim.holdtime", .help = "seconds for which this holds; 65535 is for ever" },
	{ .name = "groups", .kind = WIRE_LIST, .list = &group_list, .when = JOIN_PRUNE,
	  .help = "groups that are joined and left" },

	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", 0, 1, 2, 3, 5, 6, 7),
	  .help = "the rest of the message" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 103 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

/* What a register carries is a packet. */
const struct wire_protocol wire_pim = {
	.header = { .name = "pim", .help = "PIM message", WIRE_FIELDS(fields) },
	.title = "Protocol Independent Multicast",
	.rfc = "RFC 7761 4.9",
	.binds = binds,
	.guess_ip = true,
};
