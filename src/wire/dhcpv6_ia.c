/* DHCPv6's identity associations: options that lease addresses and prefixes, and those within. */
#include "wire/dhcpv6.h"

/* clang-format off */
static const struct wire_name statuses[] = {
	{ 0, "success" }, { 1, "unspecified-failure" }, { 2, "no-addresses" }, { 3, "no-binding" }, { 4, "not-on-link" },
	{ 5, "use-multicast" }, { 6, "no-prefixes" },
	{ 0, NULL },
};

static const struct wire_field other_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_field status_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "status", .kind = WIRE_UINT, .width = 16, .names = statuses,
	  .wireshark = "dhcpv6.status_code", .help = "how it went" },
	{ .name = "message", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "dhcpv6.status_msg", .help = "the same for people" },
};

#define IAID \
	{ .name = "iaid", .kind = WIRE_UINT, .width = 32, .hex = true, \
	  .wireshark = "dhcpv6.iaid", .help = "the client's number for this association" }
#define IATA \
	{ .name = "iaid", .kind = WIRE_UINT, .width = 32, .hex = true, \
	  .wireshark = "dhcpv6.iata", .help = "the client's number for this association" }
#define T1 \
	{ .name = "t1", .kind = WIRE_UINT, .width = 32, \
	  .wireshark = "dhcpv6.iaid.t1", .help = "seconds until it is renewed, 0 at the client's choice" }
#define T2 \
	{ .name = "t2", .kind = WIRE_UINT, .width = 32, \
	  .wireshark = "dhcpv6.iaid.t2", .help = "seconds until any server is asked, 0 at the client's choice" }

const struct wire_record wire_dhcpv6_status = {
	.name = "status", .id = 13, .help = "status code", WIRE_FIELDS(status_fields) };
const struct wire_record wire_dhcpv6_other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

/* Options within an address or prefix. */
static const struct wire_record *const innermost_options[] = { &wire_dhcpv6_status, NULL };
static const struct wire_list innermost_list = { .items = innermost_options, .other = &wire_dhcpv6_other, .id_width = 16 };

static const struct wire_field address_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "address", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "dhcpv6.iaaddr.ip", .help = "an address of the client" },
	{ .name = "preferred-lifetime", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.iaaddr.pref_lifetime", .help = "seconds" },
	{ .name = "valid-lifetime", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.iaaddr.valid_lifetime", .help = "seconds" },
	{ .name = "options", .kind = WIRE_LIST, .list = &innermost_list, .help = "options of this address" },
};

static const struct wire_field prefix_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	{ .name = "preferred-lifetime", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.iaprefix.pref_lifetime", .help = "seconds" },
	{ .name = "valid-lifetime", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dhcpv6.iaprefix.valid_lifetime", .help = "seconds" },
	{ .name = "prefix-length", .kind = WIRE_UINT, .width = 8, .preset = "48",
	  .wireshark = "dhcpv6.iaprefix.pref_len", .help = "bits of the prefix" },
	{ .name = "prefix", .kind = WIRE_IPV6, .width = 128, .preset = "2001:db8::",
	  .wireshark = "dhcpv6.iaprefix.pref_addr", .help = "a prefix for the client to give out" },
	{ .name = "options", .kind = WIRE_LIST, .list = &innermost_list, .help = "options of this prefix" },
};

static const struct wire_record address = {
	.name = "ia-address", .id = 5, .help = "an address", WIRE_FIELDS(address_fields) };
static const struct wire_record prefix = {
	.name = "ia-prefix", .id = 26, .help = "a prefix", WIRE_FIELDS(prefix_fields) };

/* Options within an association. */
static const struct wire_record *const ia_options[] = { &address, &wire_dhcpv6_status, &prefix, NULL };
static const struct wire_list ia_list = { .items = ia_options, .other = &wire_dhcpv6_other, .id_width = 16 };

static const struct wire_field ia_na_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	IAID,
	T1,
	T2,
	{ .name = "options", .kind = WIRE_LIST, .list = &ia_list, .help = "its addresses" },
};

static const struct wire_field ia_ta_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	IATA,
	{ .name = "options", .kind = WIRE_LIST, .list = &ia_list, .help = "its addresses" },
};

static const struct wire_field ia_pd_fields[] = {
	DHCPV6_CODE,
	DHCPV6_LENGTH,
	IAID,
	T1,
	T2,
	{ .name = "options", .kind = WIRE_LIST, .list = &ia_list, .help = "its prefixes" },
};

const struct wire_record wire_dhcpv6_ia_na = {
	.name = "ia-na", .id = 3, .help = "association for addresses", WIRE_FIELDS(ia_na_fields) };
const struct wire_record wire_dhcpv6_ia_ta = {
	.name = "ia-ta", .id = 4, .help = "association for temporary addresses", WIRE_FIELDS(ia_ta_fields) };
const struct wire_record wire_dhcpv6_ia_pd = {
	.name = "ia-pd", .id = 25, .help = "association for prefixes", WIRE_FIELDS(ia_pd_fields) };
/* clang-format on */
