/* IGMP, versions 1 to 3. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, IGMP type numbers */
static const struct wire_name types[] = {
	{ 0x11, "query" }, { 0x12, "report-v1" }, { 0x16, "report-v2" }, { 0x17, "leave" }, { 0x22, "report-v3" },
	{ 0, NULL },
};

#define QUERY     0x11
#define REPORT_V3 0x22

static const struct wire_field source_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "igmp.saddr", .help = "address of a sender" },
};
static const struct wire_record source = { .name = "source", .help = "a sender", WIRE_FIELDS(source_fields) };
static const struct wire_record *const sources[] = { &source, NULL };
static const struct wire_list source_list = { .items = sources };

static const struct wire_name record_types[] = {
	{ 1, "is-include" }, { 2, "is-exclude" }, { 3, "to-include" }, { 4, "to-exclude" }, { 5, "allow" }, { 6, "block" },
	{ 0, NULL },
};

static const struct wire_field record_fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "is-exclude", .names = record_types,
	  .wireshark = "igmp.record_type", .help = "what is said of the senders" },
	{ .name = "aux-len", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 4, 0 }, .of = "aux",
	  .wireshark = "igmp.aux_data_len", .help = "words of 4 octets of auxiliary data" },
	{ .name = "num-sources", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "sources",
	  .wireshark = "igmp.num_src", .help = "how many senders" },
	{ .name = "group", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "igmp.maddr", .help = "multicast group" },
	{ .name = "sources", .kind = WIRE_LIST, .list = &source_list, .help = "the senders" },
	{ .name = "aux", .kind = WIRE_BYTES,
	  .wireshark = "igmp.aux_data", .help = "auxiliary data; none in version 3" },
};
static const struct wire_record record = {
	.name = "record", .help = "one group of a report", WIRE_FIELDS(record_fields) };
static const struct wire_record *const records[] = { &record, NULL };
static const struct wire_list record_list = { .items = records };

static const struct wire_field fields[] = {
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "query", .names = types,
	  .wireshark = "igmp.type", .help = "kind of message" },
	{ .name = "max-resp", .kind = WIRE_UINT, .width = 8, .when = WIRE_UNLESS("type", REPORT_V3),
	  .wireshark = "igmp.max_resp", .help = "a query is answered within so many tenths of a second; zero in version 1" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", REPORT_V3),
	  .help = "zero" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_WHOLE,
	  .wireshark = "igmp.checksum", .help = "over the message" },
	{ .name = "group", .kind = WIRE_IPV4, .width = 32, .when = WIRE_UNLESS("type", REPORT_V3),
	  .wireshark = "igmp.maddr", .help = "multicast group; 0.0.0.0 asks for all" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", REPORT_V3),
	  .help = "zero" },
	{ .name = "num-records", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "records",
	  .when = WIRE_WHEN("type", REPORT_V3),
	  .wireshark = "igmp.num_grp_recs", .help = "how many groups are reported" },
	{ .name = "records", .kind = WIRE_LIST, .list = &record_list, .when = WIRE_WHEN("type", REPORT_V3),
	  .help = "the groups" },
	/* A query of version 3 goes on here, RFC 3376 4.1. */
	{ .name = "resv", .kind = WIRE_UINT, .width = 4, .optional = true, .when = WIRE_WHEN("type", QUERY),
	  .help = "zero" },
	{ .name = "s", .kind = WIRE_UINT, .width = 1, .when = WIRE_WHEN("type", QUERY),
	  .wireshark = "igmp.s", .help = "routers keep their timers as they are" },
	{ .name = "qrv", .kind = WIRE_UINT, .width = 3, .when = WIRE_WHEN("type", QUERY),
	  .wireshark = "igmp.qrv", .help = "the querier's robustness: how often it sends" },
	{ .name = "qqic", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", QUERY),
	  .wireshark = "igmp.qqic", .help = "seconds between queries, coded above 127" },
	{ .name = "num-sources", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "sources",
	  .when = WIRE_WHEN("type", QUERY),
	  .wireshark = "igmp.num_src", .help = "how many senders" },
	{ .name = "sources", .kind = WIRE_LIST, .list = &source_list, .when = WIRE_WHEN("type", QUERY),
	  .help = "the senders that are asked about" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 2 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_igmp = {
	.header = { .name = "igmp", .help = "IGMP message", WIRE_FIELDS(fields) },
	.title = "Internet Group Management Protocol",
	.rfc = "RFC 3376, RFC 2236, RFC 1112",
	.binds = binds,
};
