/* EIGRP. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 7868 6.5 */
static const struct wire_name operations[] = {
	{ 1, "update" }, { 3, "query" }, { 4, "reply" }, { 5, "hello" }, { 10, "sia-query" }, { 11, "sia-reply" },
	{ 0, NULL },
};
static const struct wire_name flags[] = {
	{ 1, "init" }, { 2, "conditional-receive" }, { 4, "restart" }, { 8, "end-of-table" },
	{ 0, NULL },
};

/* RFC 7868 6.6 */
static const struct wire_name tlv_types[] = {
	{ 1, "parameters" }, { 2, "authentication" }, { 3, "sequence" }, { 4, "version" }, { 5, "next-multicast-sequence" },
	{ 0x102, "route" }, { 0x103, "external-route" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .names = tlv_types, \
	  .wireshark = "eigrp.tlv_type", .help = "kind of TLV" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "eigrp.tlv.len", .help = "octets of the TLV" }

static const struct wire_field parameter_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "k1", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "eigrp.par.k1", .help = "weight of the bandwidth" },
	{ .name = "k2", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "eigrp.par.k2", .help = "weight of the load" },
	{ .name = "k3", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "eigrp.par.k3", .help = "weight of the delay" },
	{ .name = "k4", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "eigrp.par.k4", .help = "weight of the reliability" },
	{ .name = "k5", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "eigrp.par.k5", .help = "weight of the reliability, too" },
	{ .name = "k6", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "eigrp.par.k6", .help = "weight of further attributes" },
	{ .name = "hold-time", .kind = WIRE_UINT, .width = 16, .preset = "15",
	  .wireshark = "eigrp.par.holdtime", .help = "seconds without a hello until the router is down" },
};

static const struct wire_field version_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "release", .kind = WIRE_BYTES, .width = 16, .preset = "0c00",
	  .help = "major and minor version of the system" },
	{ .name = "tlv-version", .kind = WIRE_BYTES, .width = 16, .preset = "0102",
	  .help = "major and minor version of the protocol" },
};

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the TLV's octets" },
};

static const struct wire_record parameters = {
	.name = "parameters", .id = 1, .help = "what neighbours must have alike", WIRE_FIELDS(parameter_fields) };
static const struct wire_record version = {
	.name = "version", .id = 4, .help = "versions of the software", WIRE_FIELDS(version_fields) };
static const struct wire_record other = { .name = "tlv", .help = "any other TLV", WIRE_FIELDS(other_fields) };
static const struct wire_record *const tlvs[] = { &parameters, &version, NULL };
static const struct wire_list tlv_list = { .items = tlvs, .other = &other, .id_width = 16 };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "2",
	  .wireshark = "eigrp.version", .help = "2" },
	{ .name = "op", .kind = WIRE_UINT, .width = 8, .preset = "hello", .names = operations,
	  .wireshark = "eigrp.opcode", .help = "kind of packet" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_WHOLE,
	  .wireshark = "eigrp.checksum", .help = "over the packet" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 32, .names = flags,
	  .wireshark = "eigrp.flags", .help = "where the exchange is" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "eigrp.seq", .help = "sequence number; 0 asks for no acknowledgement" },
	{ .name = "ack", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "eigrp.ack", .help = "sequence number that is acknowledged" },
	{ .name = "vrid", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "eigrp.vrid", .help = "virtual router" },
	{ .name = "as", .kind = WIRE_UINT, .width = 16, .preset = "100",
	  .wireshark = "eigrp.as", .help = "autonomous system" },
	{ .name = "tlvs", .kind = WIRE_LIST, .list = &tlv_list, .help = "parameters, routes and others" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 88 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_eigrp = {
	.header = { .name = "eigrp", .help = "EIGRP packet", WIRE_FIELDS(fields) },
	.title = "Enhanced Interior Gateway Routing Protocol",
	.rfc = "RFC 7868",
	.binds = binds,
};
