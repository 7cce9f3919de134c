/* The parameters of SCTP's chunks. */
#include "wire/sctp.h"

/* clang-format off */
/* IANA, SCTP parameters: chunk parameter types */
static const struct wire_name types[] = {
	{ 1, "heartbeat-info" }, { 5, "ipv4" }, { 6, "ipv6" }, { 7, "cookie" }, { 8, "unrecognized" },
	{ 9, "cookie-preservative" }, { 11, "host-name" }, { 12, "address-types" }, { 0x8000, "ecn" },
	{ 0x8002, "random" }, { 0x8003, "chunks" }, { 0x8004, "hmac-algorithms" }, { 0x8005, "padding" },
	{ 0x8008, "extensions" }, { 0xc000, "forward-tsn" }, { 0xc006, "adaptation" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .names = types, \
	  .wireshark = "sctp.parameter_type", \
	  .help = "kind of parameter; its two high bits say what to do when it is not known" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "sctp.parameter_length", .help = "octets of the parameter without its padding" }

static const struct wire_field heartbeat_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "information", .kind = WIRE_BYTES,
	  .wireshark = "sctp.parameter_heartbeat_information", .help = "the sender's own; it is returned as it is" },
};

static const struct wire_field ipv4_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .preset = "$if.ipv4",
	  .wireshark = "sctp.parameter_ipv4_address", .help = "an address of the sender" },
};

static const struct wire_field ipv6_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "address", .kind = WIRE_IPV6, .width = 128, .preset = "$if.ipv6",
	  .wireshark = "sctp.parameter_ipv6_address", .help = "an address of the sender" },
};

static const struct wire_field cookie_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "cookie", .kind = WIRE_BYTES,
	  .wireshark = "sctp.parameter_state_cookie", .help = "the sender's state, which the other returns" },
};

static const struct wire_field preservative_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "milliseconds", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "sctp.parameter_cookie_preservative_incr", .help = "how much longer the cookie should live" },
};

static const struct wire_field address_type_fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .preset = "5", .names = types,
	  .wireshark = "sctp.parameter_supported_address_type", .help = "the parameter that carries such addresses" },
};
static const struct wire_record address_type = {
	.name = "address-type", .help = "one type of address", WIRE_FIELDS(address_type_fields) };
static const struct wire_record *const address_types[] = { &address_type, NULL };
static const struct wire_list address_type_list = { .items = address_types };

static const struct wire_field address_types_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "types", .kind = WIRE_LIST, .list = &address_type_list, .help = "types of address that the sender takes" },
};

static const struct wire_field extension_fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = wire_sctp_chunk_types,
	  .wireshark = "sctp.supported_chunk_type", .help = "a type of chunk" },
};
static const struct wire_record extension = {
	.name = "extension", .help = "one type of chunk", WIRE_FIELDS(extension_fields) };
static const struct wire_record *const extensions[] = { &extension, NULL };
static const struct wire_list extension_list = { .items = extensions };

static const struct wire_field extensions_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "types", .kind = WIRE_LIST, .list = &extension_list, .help = "types of chunk that the sender knows" },
};

static const struct wire_field bare_fields[] = { TYPE, LENGTH };

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "sctp.parameter_value", .help = "the parameter's octets" },
};

static const struct wire_record heartbeat_info = {
	.name = "heartbeat-info", .id = 1, .help = "what heartbeat-ack returns", WIRE_FIELDS(heartbeat_fields) };
static const struct wire_record ipv4 = {
	.name = "ipv4", .id = 5, .help = "an IPv4 address", WIRE_FIELDS(ipv4_fields) };
static const struct wire_record ipv6 = {
	.name = "ipv6", .id = 6, .help = "an IPv6 address", WIRE_FIELDS(ipv6_fields) };
static const struct wire_record cookie = {
	.name = "cookie", .id = 7, .help = "state cookie", WIRE_FIELDS(cookie_fields) };
static const struct wire_record preservative = {
	.name = "cookie-preservative", .id = 9, .help = "asks for a cookie that lives longer", WIRE_FIELDS(preservative_fields) };
static const struct wire_record address_types_parameter = {
	.name = "address-types", .id = 12, .help = "supported address types", WIRE_FIELDS(address_types_fields) };
static const struct wire_record ecn = {
	.name = "ecn", .id = 0x8000, .help = "ECN capable", WIRE_FIELDS(bare_fields) };
static const struct wire_record extensions_parameter = {
	.name = "extensions", .id = 0x8008, .help = "supported extensions, RFC 5061", WIRE_FIELDS(extensions_fields) };
static const struct wire_record forward_tsn = {
	.name = "forward-tsn", .id = 0xc000, .help = "forward-tsn supported, RFC 3758", WIRE_FIELDS(bare_fields) };
static const struct wire_record other = {
	.name = "parameter", .help = "any other parameter", WIRE_FIELDS(other_fields) };

static const struct wire_record *const parameters[] = {
	&heartbeat_info, &ipv4, &ipv6, &cookie, &preservative, &address_types_parameter, &ecn, &extensions_parameter,
	&forward_tsn, NULL
};
/* clang-format on */

const struct wire_list wire_sctp_parameter_list = {
	.items = parameters,
	.other = &other,
	.id_width = 16,
	.item_align = 4,
};
