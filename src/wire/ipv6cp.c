/* PPP's control protocol for IPv6 and its options. */
#include "wire/ppp_control.h"

/* clang-format off */
/* RFC 5072 3: LCP's codes up to 7 */
static const struct wire_name codes[] = {
	PPP_CODES,
	{ 0, NULL },
};
/* IANA, IPV6CP configuration options */
static const struct wire_name types[] = {
	{ 1, "interface-id" }, { 2, "compression" },
	{ 0, NULL },
};

#define OPTION PPP_OPTION(types, "ipv6cp")

static const struct wire_field interface_fields[] = {
	OPTION,
	{ .name = "id", .kind = WIRE_BYTES, .width = 64,
	  .wireshark = "ipv6cp.interface_identifier", .help = "the low half of the link-local address; zeros ask for one" },
};
static const struct wire_field other_fields[] = {
	OPTION,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record interface = {
	.name = "interface-id", .id = 1, .help = "interface identifier", WIRE_FIELDS(interface_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = { &interface, NULL };
static const struct wire_list option_list = { .items = options, .other = &other, .id_width = 8 };

static const struct wire_field fields[] = {
	PPP_PACKET(codes, option_list),
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("code", PPP_CONFIGURE),
	  .help = "the rest" },
};

static const struct wire_bind binds[] = {
	{ WIRE_PPP_PROTOCOL, 0x8057 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ipv6cp = {
	.header = { .name = "ipv6cp", .help = "PPP control of IPv6", WIRE_FIELDS(fields) },
	.title = "PPP IPv6 Control Protocol",
	.rfc = "RFC 5072",
	.binds = binds,
};
