/* Geneve and its options. */
#include "wire/names.h"

/* clang-format off */
static const struct wire_field option_fields[] = {
	{ .name = "class", .kind = WIRE_UINT, .width = 16, .hex = true,
	  .wireshark = "geneve.option.class", .help = "whose option types these are" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .hex = true,
	  .wireshark = "geneve.option.type", .help = "kind of option; with the high bit it must be understood" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 3, .help = "zero" },
	{ .name = "length", .kind = WIRE_UINT, .width = 5, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 4, 0 },
	  .help = "words of 4 octets after this one" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};
static const struct wire_record option = {
	.name = "option", .help = "one option", WIRE_FIELDS(option_fields) };
static const struct wire_record *const options[] = { &option, NULL };
static const struct wire_list option_list = { .items = options };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 2,
	  .wireshark = "geneve.version", .help = "zero in this version" },
	{ .name = "opt-len", .kind = WIRE_UINT, .width = 6, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 4, 0 }, .of = "options",
	  .wireshark = "geneve.option.length", .help = "words of 4 octets that the options have" },
	{ .name = "oam", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "geneve.flags.oam", .help = "a control packet" },
	{ .name = "critical", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "geneve.flags.critical", .help = "some option must be understood" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 6,
	  .wireshark = "geneve.flags.reserved", .help = "zero" },
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT,
	  .space = WIRE_ETHERTYPE, .names = wire_names_ethertype,
	  .wireshark = "geneve.proto_type", .help = "ethertype of what follows" },
	{ .name = "vni", .kind = WIRE_UINT, .width = 24,
	  .wireshark = "geneve.vni", .help = "the network that the packet belongs to" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "geneve.reserved", .help = "zero" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list,
	  .wireshark = "geneve.options", .help = "up to 252 octets of options" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 6081 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_geneve = {
	.header = { .name = "geneve", .help = "Geneve header", WIRE_FIELDS(fields) },
	.title = "Generic Network Virtualization Encapsulation",
	.rfc = "RFC 8926",
	.binds = binds,
};
