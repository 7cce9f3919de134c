/* DCCP and its options. */
#include "wire/wire.h"

/* clang-format off */
/*
 * RFC 4340 5.1: the type, and as its lowest bit X, which says that sequence numbers have 48 bits.
 * Only data and acknowledgements may go without.
 */
static const struct wire_name types[] = {
	{ 1, "request" }, { 3, "response" }, { 5, "data" }, { 7, "ack" }, { 9, "data-ack" }, { 11, "close-request" },
	{ 13, "close" }, { 15, "reset" }, { 17, "sync" }, { 19, "sync-ack" },
	{ 4, "data-short" }, { 6, "ack-short" }, { 8, "data-ack-short" },
	{ 0, NULL },
};

#define LONG		WIRE_WHEN_BITS("type", 1, 1)
#define SHORT		WIRE_UNLESS_BITS("type", 1, 1)
#define LONG_ACK	WIRE_WHEN("type", 3, 7, 9, 11, 13, 15, 17, 19)
#define SHORT_ACK	WIRE_WHEN("type", 2, 6, 8, 10, 12, 14, 16, 18)
#define OPENING		WIRE_WHEN("type", 0, 1, 2, 3)
#define RESET		WIRE_WHEN("type", 14, 15)

/* 5.6 */
static const struct wire_name reset_codes[] = {
	{ 0, "unspecified" }, { 1, "closed" }, { 2, "aborted" }, { 3, "no-connection" }, { 4, "packet-error" },
	{ 5, "option-error" }, { 6, "mandatory-error" }, { 7, "connection-refused" }, { 8, "bad-service-code" },
	{ 9, "too-busy" }, { 10, "bad-init-cookie" }, { 11, "aggression-penalty" },
	{ 0, NULL },
};

/* ---- options, 5.8 ---- */

static const struct wire_name option_types[] = {
	{ 0, "padding" }, { 1, "mandatory" }, { 2, "slow-receiver" }, { 32, "change-l" }, { 33, "confirm-l" },
	{ 34, "change-r" }, { 35, "confirm-r" }, { 36, "init-cookie" }, { 37, "ndp-count" }, { 38, "ack-vector-0" },
	{ 39, "ack-vector-1" }, { 40, "data-dropped" }, { 41, "timestamp" }, { 42, "timestamp-echo" },
	{ 43, "elapsed-time" }, { 44, "data-checksum" },
	{ 0, NULL },
};

/* 6.4 */
static const struct wire_name features[] = {
	{ 1, "ccid" }, { 2, "allow-short-seqnos" }, { 3, "sequence-window" }, { 4, "ecn-incapable" }, { 5, "ack-ratio" },
	{ 6, "send-ack-vector" }, { 7, "send-ndp-count" }, { 8, "minimum-checksum-coverage" }, { 9, "check-data-checksum" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = option_types, \
	  .wireshark = "dccp.option_type", .help = "kind of option" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1 }, \
	  .help = "octets of the option" }

static const struct wire_field one_fields[] = { TYPE };
static const struct wire_field feature_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "feature", .kind = WIRE_UINT, .width = 8, .preset = "ccid", .names = features,
	  .wireshark = "dccp.feature_number", .help = "what is negotiated" },
	{ .name = "values", .kind = WIRE_BYTES, .help = "its value, or several, the preferred one first" },
};
static const struct wire_field timestamp_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "dccp.timestamp", .help = "time at the sender, in tens of microseconds" },
};
static const struct wire_field sum_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "crc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "dccp.checksum_data", .help = "CRC32c of the data, as it stands: it is not computed" },
};
static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record padding = {
	.name = "padding", .id = 0, .help = "one octet of padding", WIRE_FIELDS(one_fields) };
static const struct wire_record mandatory = {
	.name = "mandatory", .id = 1, .help = "who does not know the next option ends the connection", WIRE_FIELDS(one_fields) };
static const struct wire_record slow = {
	.name = "slow-receiver", .id = 2, .help = "send no faster for a round trip", WIRE_FIELDS(one_fields) };
static const struct wire_record change_l = {
	.name = "change-l", .id = 32, .help = "asks for a feature of the sender", WIRE_FIELDS(feature_fields) };
static const struct wire_record confirm_l = {
	.name = "confirm-l", .id = 33, .help = "agrees to a feature of the sender", WIRE_FIELDS(feature_fields) };
static const struct wire_record change_r = {
	.name = "change-r", .id = 34, .help = "asks for a feature of the receiver", WIRE_FIELDS(feature_fields) };
static const struct wire_record confirm_r = {
	.name = "confirm-r", .id = 35, .help = "agrees to a feature of the receiver", WIRE_FIELDS(feature_fields) };
static const struct wire_record timestamp = {
	.name = "timestamp", .id = 41, .help = "a time that comes back", WIRE_FIELDS(timestamp_fields) };
static const struct wire_record sum = {
	.name = "data-checksum", .id = 44, .help = "a stronger sum of the data", WIRE_FIELDS(sum_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };
static const struct wire_record *const options[] = {
	&padding, &mandatory, &slow, &change_l, &confirm_l, &change_r, &confirm_r, &timestamp, &sum, NULL };
static const struct wire_list option_list = {
	.items = options, .other = &other, .id_width = 8, .end = &padding };

/* ---- the header ---- */

static const struct wire_field fields[] = {
	{ .name = "sport", .kind = WIRE_UINT, .width = 16, .preset = "5001",
	  .wireshark = "dccp.srcport", .help = "source port" },
	{ .name = "dport", .kind = WIRE_UINT, .width = 16, .preset = "5001",
	  .wireshark = "dccp.dstport", .help = "destination port" },
	{ .name = "data-offset", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 4 },
	  .wireshark = "dccp.data_offset", .help = "header length in words of 4 octets" },
	{ .name = "ccval", .kind = WIRE_UINT, .width = 4,
	  .wireshark = "dccp.ccval", .help = "for the sender's congestion control" },
	{ .name = "coverage", .kind = WIRE_UINT, .width = 4, .length = { WIRE_SPAN_PAYLOAD, 4, 1 },
	  .wireshark = "dccp.cscov", .help = "words of data that are summed, and 1; 0 is all" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_PSEUDO,
	  .over = "coverage",
	  .wireshark = "dccp.checksum", .help = "over pseudo header, header and what is covered" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "dccp.res1", .help = "zero" },
	{ .name = "type", .kind = WIRE_UINT, .width = 5, .preset = "request", .names = types,
	  .wireshark = "dccp.type", .help = "kind of packet; odd with sequence numbers of 48 bits" },
	{ .name = "reserved2", .kind = WIRE_UINT, .width = 8, .when = LONG,
	  .wireshark = "dccp.res2", .help = "zero" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 48, .when = LONG,
	  .wireshark = "dccp.seq_raw", .help = "number of the packet" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 24, .when = SHORT,
	  .wireshark = "dccp.seq_raw", .help = "low bits of the number of the packet" },
	{ .name = "reserved3", .kind = WIRE_UINT, .width = 16, .when = LONG_ACK,
	  .wireshark = "dccp.ack_res", .help = "zero" },
	{ .name = "ack", .kind = WIRE_UINT, .width = 48, .when = LONG_ACK,
	  .wireshark = "dccp.ack_raw", .help = "the greatest number that came" },
	{ .name = "reserved3", .kind = WIRE_UINT, .width = 8, .when = SHORT_ACK,
	  .wireshark = "dccp.ack_res", .help = "zero" },
	{ .name = "ack", .kind = WIRE_UINT, .width = 24, .when = SHORT_ACK,
	  .wireshark = "dccp.ack_raw", .help = "low bits of the greatest number that came" },
	{ .name = "service", .kind = WIRE_UINT, .width = 32, .when = OPENING,
	  .wireshark = "dccp.service_code", .help = "the application that is meant" },
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .names = reset_codes, .when = RESET,
	  .wireshark = "dccp.reset_code", .help = "why the connection ends" },
	{ .name = "data1", .kind = WIRE_UINT, .width = 8, .when = RESET,
	  .wireshark = "dccp.data1", .help = "more on why, by the code" },
	{ .name = "data2", .kind = WIRE_UINT, .width = 8, .when = RESET,
	  .wireshark = "dccp.data2", .help = "more on why, by the code" },
	{ .name = "data3", .kind = WIRE_UINT, .width = 8, .when = RESET,
	  .wireshark = "dccp.data3", .help = "more on why, by the code" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list, .help = "options, filled up to words" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 33 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_dccp = {
	.header = { .name = "dccp", .help = "DCCP header", WIRE_FIELDS(fields), .align = 4 },
	.title = "Datagram Congestion Control Protocol",
	.rfc = "RFC 4340",
	.binds = binds,
};
