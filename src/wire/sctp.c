/* SCTP: a packet is a header and chunks. */
#include "wire/sctp.h"

/* clang-format off */
/* IANA, SCTP parameters */
const struct wire_name wire_sctp_chunk_types[] = {
	{ 0, "data" }, { 1, "init" }, { 2, "init-ack" }, { 3, "sack" }, { 4, "heartbeat" }, { 5, "heartbeat-ack" },
	{ 6, "abort" }, { 7, "shutdown" }, { 8, "shutdown-ack" }, { 9, "error" }, { 10, "cookie-echo" },
	{ 11, "cookie-ack" }, { 12, "ecne" }, { 13, "cwr" }, { 14, "shutdown-complete" }, { 15, "auth" }, { 64, "i-data" },
	{ 128, "asconf-ack" }, { 130, "re-config" }, { 132, "pad" }, { 192, "forward-tsn" }, { 193, "asconf" },
	{ 194, "i-forward-tsn" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = wire_sctp_chunk_types, \
	  .wireshark = "sctp.chunk_type", .help = "kind of chunk; its two high bits say what to do when it is not known" }
#define NO_FLAGS \
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, .hex = true, \
	  .wireshark = "sctp.chunk_flags", .help = "flags, of which this chunk has none: zero" }
#define FLAGS(list, words) \
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 8, .names = (list), \
	  .wireshark = "sctp.chunk_flags", .help = (words) }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "sctp.chunk_length", .help = "octets of the chunk without its padding" }
#define TSN(shark) \
	{ .name = "tsn", .kind = WIRE_UINT, .width = 32, .wireshark = (shark), .help = "transmission sequence number" }

/* ---- data ---- */

static const struct wire_name data_flags[] = {
	{ 1, "e" }, { 2, "b" }, { 4, "u" }, { 8, "i" },
	{ 0, NULL },
};

static const struct wire_field data_fields[] = {
	TYPE,
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 8, .preset = "e|b", .names = data_flags,
	  .wireshark = "sctp.chunk_flags", .help = "b begins and e ends a message, u is unordered, i is acknowledged at once" },
	LENGTH,
	{ .name = "tsn", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "sctp.data_tsn_raw", .help = "transmission sequence number" },
	{ .name = "stream", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.data_sid", .help = "stream that the data belongs to" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.data_ssn", .help = "number of the message in its stream" },
	{ .name = "ppid", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "sctp.data_payload_proto_id", .help = "what the data is, to those who send it" },
	{ .name = "data", .kind = WIRE_BYTES, .text = true, .help = "the user's octets" },
};

/* ---- setting up ---- */

#define INIT(prefix) \
	{ .name = "tag", .kind = WIRE_UINT, .width = 32, .hex = true, .preset = "1", \
	  .wireshark = prefix "initiate_tag", .help = "the tag that packets to the sender carry; not zero" }, \
	{ .name = "a-rwnd", .kind = WIRE_UINT, .width = 32, .preset = "65536", \
	  .wireshark = prefix "credit", .help = "octets that the sender has room for" }, \
	{ .name = "outbound", .kind = WIRE_UINT, .width = 16, .preset = "10", \
	  .wireshark = prefix "nr_out_streams", .help = "streams that the sender would send" }, \
	{ .name = "inbound", .kind = WIRE_UINT, .width = 16, .preset = "65535", \
	  .wireshark = prefix "nr_in_streams", .help = "streams that the sender takes" }, \
	{ .name = "tsn", .kind = WIRE_UINT, .width = 32, \
	  .wireshark = prefix "initial_tsn", .help = "sequence number of the first data" }, \
	{ .name = "parameters", .kind = WIRE_LIST, .list = &wire_sctp_parameter_list, .help = "parameters" }

static const struct wire_field init_fields[] = { TYPE, NO_FLAGS, LENGTH, INIT("sctp.init_") };
static const struct wire_field init_ack_fields[] = { TYPE, NO_FLAGS, LENGTH, INIT("sctp.initack_") };

static const struct wire_field cookie_echo_fields[] = {
	TYPE,
	NO_FLAGS,
	LENGTH,
	{ .name = "cookie", .kind = WIRE_BYTES,
	  .wireshark = "sctp.cookie", .help = "the cookie of the other's init-ack" },
};

/* ---- acknowledging ---- */

static const struct wire_field gap_fields[] = {
	{ .name = "start", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.sack_gap_block_start", .help = "first number received, counted from the cumulative one" },
	{ .name = "end", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.sack_gap_block_end", .help = "last number received, counted from the cumulative one" },
};
static const struct wire_record gap = { .name = "gap", .help = "what was received", WIRE_FIELDS(gap_fields) };
static const struct wire_record *const gaps[] = { &gap, NULL };
static const struct wire_list gap_list = { .items = gaps };

static const struct wire_field duplicate_fields[] = { TSN("sctp.sack_duplicate_tsn") };
static const struct wire_record duplicate = {
	.name = "duplicate", .help = "what came twice", WIRE_FIELDS(duplicate_fields) };
static const struct wire_record *const duplicates[] = { &duplicate, NULL };
static const struct wire_list duplicate_list = { .items = duplicates };

static const struct wire_field sack_fields[] = {
	TYPE,
	NO_FLAGS,
	LENGTH,
	{ .name = "tsn", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "sctp.sack_cumulative_tsn_ack_raw", .help = "all up to this number was received" },
	{ .name = "a-rwnd", .kind = WIRE_UINT, .width = 32, .preset = "65536",
	  .wireshark = "sctp.sack_a_rwnd", .help = "octets that the sender has room for" },
	{ .name = "num-gaps", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "gaps",
	  .wireshark = "sctp.sack_number_of_gap_blocks", .help = "how many gap blocks" },
	{ .name = "num-duplicates", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "duplicates",
	  .wireshark = "sctp.sack_number_of_duplicated_tsns", .help = "how many duplicates" },
	{ .name = "gaps", .kind = WIRE_LIST, .list = &gap_list, .help = "what was received out of order" },
	{ .name = "duplicates", .kind = WIRE_LIST, .list = &duplicate_list, .help = "what came more than once" },
};

/* ---- keeping alive ---- */

static const struct wire_field heartbeat_fields[] = {
	TYPE,
	NO_FLAGS,
	LENGTH,
	{ .name = "parameters", .kind = WIRE_LIST, .list = &wire_sctp_parameter_list, .help = "heartbeat-info" },
};

/* ---- ending ---- */

/* IANA, SCTP cause codes */
static const struct wire_name causes[] = {
	{ 1, "invalid-stream" }, { 2, "missing-parameter" }, { 3, "stale-cookie" }, { 4, "out-of-resource" },
	{ 5, "unresolvable-address" }, { 6, "unknown-chunk" }, { 7, "invalid-parameter" }, { 8, "unknown-parameters" },
	{ 9, "no-user-data" }, { 10, "cookie-in-shutdown" }, { 11, "new-addresses" }, { 12, "user-abort" },
	{ 13, "protocol-violation" },
	{ 0, NULL },
};

static const struct wire_field cause_fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 16, .preset = "user-abort", .names = causes,
	  .wireshark = "sctp.cause_code", .help = "what is wrong" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "sctp.cause_length", .help = "octets of the cause without its padding" },
	{ .name = "information", .kind = WIRE_BYTES, .help = "more on it, by its code" },
};
static const struct wire_record cause = { .name = "cause", .help = "one cause", WIRE_FIELDS(cause_fields) };
static const struct wire_record *const cause_items[] = { &cause, NULL };
static const struct wire_list cause_list = { .items = cause_items, .item_align = 4 };

static const struct wire_name t_flag[] = {
	{ 1, "t" },
	{ 0, NULL },
};

static const struct wire_field abort_fields[] = {
	TYPE,
	FLAGS(t_flag, "t: the verification tag is the receiver's own"),
	LENGTH,
	{ .name = "causes", .kind = WIRE_LIST, .list = &cause_list, .help = "why" },
};

static const struct wire_field error_fields[] = {
	TYPE,
	NO_FLAGS,
	LENGTH,
	{ .name = "causes", .kind = WIRE_LIST, .list = &cause_list, .help = "what is wrong" },
};

static const struct wire_field shutdown_fields[] = {
	TYPE,
	NO_FLAGS,
	LENGTH,
	{ .name = "tsn", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "sctp.shutdown_cumulative_tsn_ack", .help = "all up to this number was received" },
};

static const struct wire_field shutdown_complete_fields[] = {
	TYPE,
	FLAGS(t_flag, "t: the verification tag is the receiver's own"),
	LENGTH,
};

/* ---- others ---- */

static const struct wire_field ecne_fields[] = { TYPE, NO_FLAGS, LENGTH, TSN("sctp.ecne_lowest_tsn") };
static const struct wire_field cwr_fields[] = { TYPE, NO_FLAGS, LENGTH, TSN("sctp.cwr_lowest_tsn") };

static const struct wire_field skipped_fields[] = {
	{ .name = "stream", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.forward_tsn_sid", .help = "stream" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.forward_tsn_ssn", .help = "highest number of its messages that is skipped" },
};
static const struct wire_record skipped = {
	.name = "skipped", .help = "a stream in which messages are skipped", WIRE_FIELDS(skipped_fields) };
static const struct wire_record *const skips[] = { &skipped, NULL };
static const struct wire_list skip_list = { .items = skips };

static const struct wire_field forward_tsn_fields[] = {
	TYPE,
	NO_FLAGS,
	LENGTH,
	TSN("sctp.forward_tsn_tsn"),
	{ .name = "streams", .kind = WIRE_LIST, .list = &skip_list, .help = "streams in which messages are skipped" },
};

static const struct wire_field bare_fields[] = { TYPE, NO_FLAGS, LENGTH };

static const struct wire_field other_fields[] = {
	TYPE,
	{ .name = "flags", .kind = WIRE_UINT, .width = 8, .hex = true,
	  .wireshark = "sctp.chunk_flags", .help = "by the type" },
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "sctp.chunk_value", .help = "the chunk's octets" },
};

/* ---- the packet ---- */

static const struct wire_record data = {
	.name = "data", .id = 0, .help = "user data", WIRE_FIELDS(data_fields) };
static const struct wire_record init = {
	.name = "init", .id = 1, .help = "asks for an association", WIRE_FIELDS(init_fields) };
static const struct wire_record init_ack = {
	.name = "init-ack", .id = 2, .help = "answers init, with a cookie", WIRE_FIELDS(init_ack_fields) };
static const struct wire_record sack = {
	.name = "sack", .id = 3, .help = "selective acknowledgement", WIRE_FIELDS(sack_fields) };
static const struct wire_record heartbeat = {
	.name = "heartbeat", .id = 4, .help = "asks whether the other is there", WIRE_FIELDS(heartbeat_fields) };
static const struct wire_record heartbeat_ack = {
	.name = "heartbeat-ack", .id = 5, .help = "answers heartbeat", WIRE_FIELDS(heartbeat_fields) };
static const struct wire_record abort_chunk = {
	.name = "abort", .id = 6, .help = "ends the association at once", WIRE_FIELDS(abort_fields) };
static const struct wire_record shutdown = {
	.name = "shutdown", .id = 7, .help = "begins to end the association", WIRE_FIELDS(shutdown_fields) };
static const struct wire_record shutdown_ack = {
	.name = "shutdown-ack", .id = 8, .help = "answers shutdown", WIRE_FIELDS(bare_fields) };
static const struct wire_record error = {
	.name = "error", .id = 9, .help = "says what is wrong", WIRE_FIELDS(error_fields) };
static const struct wire_record cookie_echo = {
	.name = "cookie-echo", .id = 10, .help = "returns the cookie", WIRE_FIELDS(cookie_echo_fields) };
static const struct wire_record cookie_ack = {
	.name = "cookie-ack", .id = 11, .help = "the association is up", WIRE_FIELDS(bare_fields) };
static const struct wire_record ecne = {
	.name = "ecne", .id = 12, .help = "congestion was seen, RFC 9260 appendix A", WIRE_FIELDS(ecne_fields) };
static const struct wire_record cwr = {
	.name = "cwr", .id = 13, .help = "the window was made smaller", WIRE_FIELDS(cwr_fields) };
static const struct wire_record shutdown_complete = {
	.name = "shutdown-complete", .id = 14, .help = "answers shutdown-ack", WIRE_FIELDS(shutdown_complete_fields) };
static const struct wire_record forward_tsn = {
	.name = "forward-tsn", .id = 192, .help = "gives data up, RFC 3758", WIRE_FIELDS(forward_tsn_fields) };
static const struct wire_record other = {
	.name = "chunk", .help = "any other chunk", WIRE_FIELDS(other_fields) };

static const struct wire_record *const chunks[] = {
	&data, &init, &init_ack, &sack, &heartbeat, &heartbeat_ack, &abort_chunk, &shutdown, &shutdown_ack, &error,
	&cookie_echo, &cookie_ack, &ecne, &cwr, &shutdown_complete, &forward_tsn, NULL
};
static const struct wire_list chunk_list = {
	.items = chunks, .other = &other, .id_width = 8, .item_align = 4 };

static const struct wire_field fields[] = {
	{ .name = "sport", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.srcport", .help = "source port" },
	{ .name = "dport", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "sctp.dstport", .help = "destination port" },
	{ .name = "tag", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "sctp.verification_tag", .help = "the tag that the receiver asked for; zero with init" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 32, .hex = true, .rule = WIRE_CHECKSUM,
	  .sum = WIRE_SUM_CRC32C,
	  .wireshark = "sctp.checksum", .help = "CRC32c over the packet" },
	{ .name = "chunks", .kind = WIRE_LIST, .list = &chunk_list, .help = "the packet's chunks" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 132 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_sctp = {
	.header = { .name = "sctp", .help = "SCTP packet", WIRE_FIELDS(fields) },
	.title = "Stream Control Transmission Protocol",
	.rfc = "RFC 9260",
	.binds = binds,
};
