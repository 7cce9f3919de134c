/* PPP's control protocol for IPv4 and its options. */
#include "wire/ppp_control.h"

/* clang-format off */
/* RFC 1332 2: LCP's codes up to 7 */
static const struct wire_name codes[] = {
	PPP_CODES,
	{ 0, NULL },
};
/* 3, RFC 1877 1 */
static const struct wire_name types[] = {
	{ 1, "addresses" }, { 2, "compression" }, { 3, "address" }, { 129, "dns1" }, { 130, "nbns1" },
	{ 131, "dns2" }, { 132, "nbns2" },
	{ 0, NULL },
};

#define OPTION PPP_OPTION(types, "ipcp")
#define ADDRESS(variable, wireshark_name, about) \
	static const struct wire_field variable[] = { OPTION, \
		{ .name = "address", .kind = WIRE_IPV4, .width = 32, .wireshark = (wireshark_name), .help = (about) } }

ADDRESS(address_fields, "ipcp.opt.ip_address", "the sender's address; 0.0.0.0 asks for one");
ADDRESS(dns1_fields, "ipcp.opt.pri_dns_address", "first DNS server; 0.0.0.0 asks for one");
ADDRESS(nbns1_fields, "ipcp.opt.pri_nbns_address", "first NetBIOS name server");
ADDRESS(dns2_fields, "ipcp.opt.sec_dns_address", "second DNS server");
ADDRESS(nbns2_fields, "ipcp.opt.sec_nbns_address", "second NetBIOS name server");

static const struct wire_field compression_fields[] = {
	OPTION,
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "0x002d",
	  .wireshark = "ipcp.opt.compress_proto", .help = "how headers are compressed; 0x002d is Van Jacobson" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the protocol's own" },
};
static const struct wire_field other_fields[] = {
	OPTION,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record compression = {
	.name = "compression", .id = 2, .help = "IP compression protocol", WIRE_FIELDS(compression_fields) };
static const struct wire_record address = {
	.name = "address", .id = 3, .help = "IPv4 address", WIRE_FIELDS(address_fields) };
static const struct wire_record dns1 = {
	.name = "dns1", .id = 129, .help = "primary DNS server, RFC 1877", WIRE_FIELDS(dns1_fields) };
static const struct wire_record nbns1 = {
	.name = "nbns1", .id = 130, .help = "primary NetBIOS name server, RFC 1877", WIRE_FIELDS(nbns1_fields) };
static const struct wire_record dns2 = {
	.name = "dns2", .id = 131, .help = "secondary DNS server, RFC 1877", WIRE_FIELDS(dns2_fields) };
static const struct wire_record nbns2 = {
	.name = "nbns2", .id = 132, .help = "secondary NetBIOS name server, RFC 1877", WIRE_FIELDS(nbns2_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = { &compression, &address, &dns1, &nbns1, &dns2, &nbns2, NULL };
static const struct wire_list option_list = { .items = options, .other = &other, .id_width = 8 };

static const struct wire_field fields[] = {
	PPP_PACKET(codes, option_list),
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("code", PPP_CONFIGURE),
	  .help = "the rest" },
};

static const struct wire_bind binds[] = {
	{ WIRE_PPP_PROTOCOL, 0x8021 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ipcp = {
	.header = { .name = "ipcp", .help = "PPP control of IPv4", WIRE_FIELDS(fields) },
	.title = "PPP Internet Protocol Control Protocol",
	.rfc = "RFC 1332",
	.binds = binds,
};
