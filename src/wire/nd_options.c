/* The options of neighbour discovery, RFC 4861 4.6 and RFC 8106. */
#include "wire/nd_options.h"

/* clang-format off */
/* IANA, IPv6 neighbor discovery option formats */
static const struct wire_name types[] = {
	{ 1, "source-lladdr" }, { 2, "target-lladdr" }, { 3, "prefix" }, { 4, "redirected" }, { 5, "mtu" },
	{ 7, "advertisement-interval" }, { 8, "home-agent" }, { 14, "nonce" }, { 24, "route" }, { 25, "rdnss" },
	{ 26, "ra-flags" }, { 31, "dnssl" }, { 37, "captive-portal" }, { 38, "pref64" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = types, \
	  .wireshark = "icmpv6.opt.type", .help = "kind of option" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 8, 0 }, \
	  .wireshark = "icmpv6.opt.length", .help = "octets of the option in units of 8" }

static const struct wire_field source_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "address", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac",
	  .wireshark = "icmpv6.opt.src_linkaddr", .help = "the sender's MAC" },
};

static const struct wire_field target_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "address", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac",
	  .wireshark = "icmpv6.opt.target_linkaddr", .help = "the target's MAC" },
};

static const struct wire_field prefix_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "prefix-length", .kind = WIRE_UINT, .width = 8, .preset = "64",
	  .wireshark = "icmpv6.opt.prefix.length", .help = "bits of the prefix" },
	{ .name = "on-link", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "icmpv6.opt.prefix.flag.l", .help = "its addresses are on the link" },
	{ .name = "autonomous", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "icmpv6.opt.prefix.flag.a", .help = "hosts may make addresses of it" },
	{ .name = "router-address", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "icmpv6.opt.prefix.flag.r", .help = "it is a router's whole address, RFC 6275" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 5,
	  .wireshark = "icmpv6.opt.prefix.flag.reserved", .help = "zero" },
	{ .name = "valid-lifetime", .kind = WIRE_UINT, .width = 32, .preset = "0xffffffff",
	  .wireshark = "icmpv6.opt.prefix.valid_lifetime", .help = "seconds; all ones is for ever" },
	{ .name = "preferred-lifetime", .kind = WIRE_UINT, .width = 32, .preset = "0xffffffff",
	  .wireshark = "icmpv6.opt.prefix.preferred_lifetime", .help = "seconds; all ones is for ever" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 32, .help = "zero" },
	{ .name = "prefix", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "icmpv6.opt.prefix", .help = "the prefix, zeros after its bits" },
};

static const struct wire_field redirected_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "reserved", .kind = WIRE_UINT, .width = 48, .help = "zero" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the packet that was redirected, cut to a multiple of 8 octets" },
};

static const struct wire_field mtu_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .help = "zero" },
	{ .name = "mtu", .kind = WIRE_UINT, .width = 32, .preset = "1280",
	  .wireshark = "icmpv6.opt.mtu", .help = "the link's MTU" },
};

static const struct wire_field server_fields[] = {
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "icmpv6.opt.rdnss", .help = "a DNS server's address" },
};
static const struct wire_record server = { .name = "server", .help = "one server", WIRE_FIELDS(server_fields) };
static const struct wire_record *const servers[] = { &server, NULL };
static const struct wire_list server_list = { .items = servers };

static const struct wire_field rdnss_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .help = "zero" },
	{ .name = "lifetime", .kind = WIRE_UINT, .width = 32, .preset = "0xffffffff",
	  .wireshark = "icmpv6.opt.rdnss.lifetime", .help = "seconds; all ones is for ever" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &server_list, .help = "DNS servers" },
};

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets: 6, and 8 more for each unit of length" },
};

static const struct wire_record source = {
	.name = "source-lladdr", .id = 1, .help = "source link-layer address", WIRE_FIELDS(source_fields) };
static const struct wire_record target = {
	.name = "target-lladdr", .id = 2, .help = "target link-layer address", WIRE_FIELDS(target_fields) };
static const struct wire_record prefix = {
	.name = "prefix", .id = 3, .help = "prefix information", WIRE_FIELDS(prefix_fields) };
static const struct wire_record redirected = {
	.name = "redirected", .id = 4, .help = "redirected header", WIRE_FIELDS(redirected_fields) };
static const struct wire_record mtu = {
	.name = "mtu", .id = 5, .help = "the link's MTU", WIRE_FIELDS(mtu_fields) };
static const struct wire_record rdnss = {
	.name = "rdnss", .id = 25, .help = "recursive DNS servers, RFC 8106", WIRE_FIELDS(rdnss_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = {
	&source, &target, &prefix, &redirected, &mtu, &rdnss, NULL
};
/* clang-format on */

const struct wire_list wire_nd_option_list = {
	.items = options,
	.other = &other,
	.id_width = 8,
};
