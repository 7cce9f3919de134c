/* TCP and its options. */
#include "wire/names.h"

/* clang-format off */
/* IANA, TCP option kind numbers */
static const struct wire_name kinds[] = {
	{ 0, "end" }, { 1, "nop" }, { 2, "mss" }, { 3, "wscale" }, { 4, "sack-permitted" }, { 5, "sack" },
	{ 8, "timestamps" }, { 19, "md5" }, { 27, "quick-start" }, { 28, "user-timeout" }, { 29, "ao" },
	{ 30, "mptcp" }, { 34, "fast-open" }, { 172, "accecn0" }, { 174, "accecn1" },
	{ 253, "experimental-1" }, { 254, "experimental-2" },
	{ 0, NULL },
};

#define KIND \
	{ .name = "kind", .kind = WIRE_UINT, .width = 8, .names = kinds, \
	  .wireshark = "tcp.option_kind", .help = "kind of option" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "tcp.option_len", .help = "octets of the option" }

static const struct wire_field kind_fields[] = { KIND };

static const struct wire_field mss_fields[] = {
	KIND,
	LENGTH,
	{ .name = "value", .kind = WIRE_UINT, .width = 16, .preset = "1460",
	  .wireshark = "tcp.options.mss_val", .help = "largest segment that is taken, without headers" },
};

static const struct wire_field wscale_fields[] = {
	KIND,
	LENGTH,
	{ .name = "shift", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "tcp.options.wscale.shift", .help = "bits by which windows are shifted left, up to 14" },
};

static const struct wire_field sack_permitted_fields[] = { KIND, LENGTH };

static const struct wire_field block_fields[] = {
	{ .name = "left", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "tcp.options.sack_le", .help = "first sequence number of the block" },
	{ .name = "right", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "tcp.options.sack_re", .help = "sequence number after the block" },
};
static const struct wire_record block = { .name = "block", .help = "octets received", WIRE_FIELDS(block_fields) };
static const struct wire_record *const blocks[] = { &block, NULL };
static const struct wire_list block_list = { .items = blocks };

static const struct wire_field sack_fields[] = {
	KIND,
	LENGTH,
	{ .name = "blocks", .kind = WIRE_LIST, .list = &block_list, .help = "what was received out of order" },
};

static const struct wire_field timestamps_fields[] = {
	KIND,
	LENGTH,
	{ .name = "val", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "tcp.options.timestamp.tsval", .help = "the sender's clock" },
	{ .name = "ecr", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "tcp.options.timestamp.tsecr", .help = "the clock value that is echoed" },
};

static const struct wire_field other_fields[] = {
	KIND,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record end = {
	.name = "end", .id = 0, .help = "end of options", WIRE_FIELDS(kind_fields) };
static const struct wire_record nop = {
	.name = "nop", .id = 1, .help = "no operation", WIRE_FIELDS(kind_fields) };
static const struct wire_record mss = {
	.name = "mss", .id = 2, .help = "maximum segment size", WIRE_FIELDS(mss_fields) };
static const struct wire_record wscale = {
	.name = "wscale", .id = 3, .help = "window scale, RFC 7323", WIRE_FIELDS(wscale_fields) };
static const struct wire_record sack_permitted = {
	.name = "sack-permitted", .id = 4, .help = "SACK permitted, RFC 2018", WIRE_FIELDS(sack_permitted_fields) };
static const struct wire_record sack = {
	.name = "sack", .id = 5, .help = "selective acknowledgement, RFC 2018", WIRE_FIELDS(sack_fields) };
static const struct wire_record timestamps = {
	.name = "timestamps", .id = 8, .help = "timestamps, RFC 7323", WIRE_FIELDS(timestamps_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = {
	&end, &nop, &mss, &wscale, &sack_permitted, &sack, &timestamps, NULL
};
static const struct wire_list option_list = {
	.items = options, .other = &other, .id_width = 8, .end = &end };

static const struct wire_name flags[] = {
	{ 0x001, "fin" }, { 0x002, "syn" }, { 0x004, "rst" }, { 0x008, "psh" }, { 0x010, "ack" },
	{ 0x020, "urg" }, { 0x040, "ece" }, { 0x080, "cwr" }, { 0x100, "ae" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "sport", .kind = WIRE_UINT, .width = 16, .preset = "20",
	  .space = WIRE_TCP_PORT, .names = wire_names_tcp_port,
	  .wireshark = "tcp.srcport", .help = "source port" },
	{ .name = "dport", .kind = WIRE_UINT, .width = 16, .rule = WIRE_NEXT, .preset = "80",
	  .space = WIRE_TCP_PORT, .names = wire_names_tcp_port,
	  .wireshark = "tcp.dstport", .help = "destination port" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "tcp.seq_raw", .help = "sequence number of the first octet" },
	{ .name = "ack", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "tcp.ack_raw", .help = "next sequence number expected, with flag ack" },
	{ .name = "data-offset", .kind = WIRE_UINT, .width = 4, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 4, 0 },
	  .wireshark = "tcp.hdr_len", .help = "header length in words of 4 octets" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 3,
	  .wireshark = "tcp.flags.res", .help = "zero" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 9, .preset = "syn", .names = flags,
	  .wireshark = "tcp.flags", .help = "control bits; ae is accurate ECN, RFC 9768" },
	{ .name = "window", .kind = WIRE_UINT, .width = 16, .preset = "8192",
	  .wireshark = "tcp.window_size_value", .help = "octets that may be sent, not scaled" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_PSEUDO,
	  .wireshark = "tcp.checksum", .help = "over pseudo header, header and payload" },
	{ .name = "urgent", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "tcp.urgent_pointer", .help = "end of urgent data after seq, with flag urg" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list,
	  .wireshark = "tcp.options", .help = "up to 40 octets of options" },
};

static const struct wire_bind binds[] = {
	{ WIRE_IP_PROTOCOL, 6 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_tcp = {
	.header = { .name = "tcp", .help = "TCP header", WIRE_FIELDS(fields), .align = 4 },
	.title = "Transmission Control Protocol",
	.rfc = "RFC 9293",
	.binds = binds,
};
