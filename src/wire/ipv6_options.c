/* The options of IPv6's hop-by-hop and destination headers, RFC 8200 4.2. */
#include "wire/ipv6_options.h"

/* clang-format off */
/* IANA, IPv6 destination options and hop-by-hop options */
static const struct wire_name types[] = {
	{ 0x00, "pad1" }, { 0x01, "padn" }, { 0x04, "tunnel-limit" }, { 0x05, "router-alert" },
	{ 0x07, "calipso" }, { 0x08, "smf-dpd" }, { 0x0f, "pdm" }, { 0x26, "quick-start" },
	{ 0x30, "min-path-mtu" }, { 0x63, "rpl" }, { 0xc2, "jumbo" }, { 0xc9, "home-address" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .hex = true, .names = types, \
	  .wireshark = "ipv6.opt.type", .help = "kind of option; its high bits say what to do when it is not known" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, -2 }, \
	  .wireshark = "ipv6.opt.length", .help = "octets after this one" }

static const struct wire_field pad1_fields[] = { TYPE };

static const struct wire_field padn_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .wireshark = "ipv6.opt.padn", .help = "octets of zero" },
};

static const struct wire_name alerts[] = {
	{ 0, "mld" }, { 1, "rsvp" }, { 2, "active-networks" },
	{ 0, NULL },
};

static const struct wire_field router_alert_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "value", .kind = WIRE_UINT, .width = 16, .names = alerts,
	  .wireshark = "ipv6.opt.router_alert", .help = "what routers find in the packet" },
};

static const struct wire_field jumbo_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "payload-length", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "ipv6.opt.jumbo", .help = "octets after the IPv6 header, over 65535" },
};

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record pad1 = {
	.name = "pad1", .id = 0, .help = "one octet of padding", WIRE_FIELDS(pad1_fields) };
static const struct wire_record padn = {
	.name = "padn", .id = 1, .help = "two or more octets of padding", WIRE_FIELDS(padn_fields) };
static const struct wire_record router_alert = {
	.name = "router-alert", .id = 5, .help = "router alert, RFC 2711", WIRE_FIELDS(router_alert_fields) };
static const struct wire_record jumbo = {
	.name = "jumbo", .id = 0xc2, .help = "jumbo payload, RFC 2675", WIRE_FIELDS(jumbo_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = { &pad1, &padn, &router_alert, &jumbo, NULL };
/* clang-format on */

const struct wire_list wire_ipv6_option_list = {
	.items = options,
	.other = &other,
	.id_width = 8,
	.pad1 = &pad1,
	.padn = &padn,
};
