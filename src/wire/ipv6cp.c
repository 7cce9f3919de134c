/* PPP's control protocol for IPv6 and its options. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 5072 3: LCP's codes up to 7 */
static const struct wire_name codes[] = {
	{ 1, "configure-request" }, { 2, "configure-ack" }, { 3, "configure-nak" }, { 4, "configure-reject" },
	{ 5, "terminate-request" }, { 6, "terminate-ack" }, { 7, "code-reject" },
	{ 0, NULL },
};
/* IANA, IPV6CP configuration options */
static const struct wire_name types[] = {
	{ 1, "interface-id" }, { 2, "compression" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = types, \
	  .wireshark = "ipv6cp.opt.type", .help = "kind of option" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "ipv6cp.opt.length", .help = "octets of the option" }

static const struct wire_field interface_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "id", .kind = WIRE_BYTES, .width = 64,
	  .wireshark = "ipv6cp.interface_identifier", .help = "the low half of the link-local address; zeros ask for one" },
};
static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record interface = {
	.name = "interface-id", .id = 1, .help = "interface identifier", WIRE_FIELDS(interface_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = { &interface, NULL };
static const struct wire_list option_list = { .items = options, .other = &other, .id_width = 8 };

#define CONFIGURE	1, 2, 3, 4

static const struct wire_field fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .preset = "configure-request", .names = codes,
	  .wireshark = "ppp.code", .help = "kind of packet" },
	{ .name = "id", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ppp.identifier", .help = "the same in request and answer" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "ppp.length", .help = "octets of the packet" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list, .when = WIRE_WHEN("code", CONFIGURE),
	  .help = "what is negotiated" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("code", CONFIGURE),
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
