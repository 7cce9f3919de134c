/* RTCP: a compound of reports. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name types[] = {
	{ 200, "sender-report" }, { 201, "receiver-report" }, { 202, "source-description" }, { 203, "bye" }, { 204, "app" },
	{ 205, "transport-feedback" }, { 206, "payload-feedback" }, { 207, "extended-report" },
	{ 0, NULL },
};

#define VERSION \
	{ .name = "version", .kind = WIRE_UINT, .width = 2, .preset = "2", \
	  .wireshark = "rtcp.version", .help = "2" }
#define PADDING \
	{ .name = "padding", .kind = WIRE_UINT, .width = 1, \
	  .wireshark = "rtcp.padding", .help = "the last octet counts octets of padding" }
#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = types, \
	  .wireshark = "rtcp.pt", .help = "kind of packet" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 4, -1 }, \
	  .wireshark = "rtcp.length", .help = "words of 4 octets, less one" }
#define SSRC \
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true, \
	  .wireshark = "rtcp.senderssrc", .help = "the source that sends this" }
#define REPORT_COUNT \
	{ .name = "count", .kind = WIRE_UINT, .width = 5, .rule = WIRE_COUNT, .of = "reports", \
	  .wireshark = "rtcp.rc", .help = "number of reports" }
#define REPORTS \
	{ .name = "reports", .kind = WIRE_LIST, .list = &report_list, .help = "what came from other sources" }

static const struct wire_field report_fields[] = {
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "rtcp.ssrc.identifier", .help = "the source that is reported on" },
	{ .name = "fraction-lost", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "rtcp.ssrc.fraction", .help = "256ths lost since the last report" },
	{ .name = "lost", .kind = WIRE_UINT, .width = 24,
	  .wireshark = "rtcp.ssrc.cum_nr", .help = "packets lost in all, two's complement" },
	{ .name = "highest-seq", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.ssrc.ext_high", .help = "cycles of sequence numbers, and the highest" },
	{ .name = "jitter", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.ssrc.jitter", .help = "in units of the timestamp" },
	{ .name = "last-report", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.ssrc.lsr", .help = "the middle of the NTP time of the last sender report" },
	{ .name = "delay", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.ssrc.dlsr", .help = "since then, in 65536ths of a second" },
};
static const struct wire_record report = { .name = "report", .help = "one source", WIRE_FIELDS(report_fields) };
static const struct wire_record *const reports[] = { &report, NULL };
static const struct wire_list report_list = { .items = reports };

static const struct wire_field sender_fields[] = {
	VERSION,
	PADDING,
	REPORT_COUNT,
	TYPE,
	LENGTH,
	SSRC,
	{ .name = "ntp-seconds", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.timestamp.ntp.msw", .help = "now, since 1900" },
	{ .name = "ntp-fraction", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.timestamp.ntp.lsw", .help = "and the fraction of a second" },
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.timestamp.rtp", .help = "the same moment in RTP's clock" },
	{ .name = "packets", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.sender.packetcount", .help = "RTP packets sent" },
	{ .name = "octets", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtcp.sender.octetcount", .help = "octets of payload sent" },
	REPORTS,
	{ .name = "extension", .kind = WIRE_BYTES, .help = "what the profile adds" },
};

static const struct wire_field receiver_fields[] = {
	VERSION,
	PADDING,
	REPORT_COUNT,
	TYPE,
	LENGTH,
	SSRC,
	REPORTS,
	{ .name = "extension", .kind = WIRE_BYTES, .help = "what the profile adds" },
};

static const struct wire_name item_types[] = {
	{ 0, "end" }, { 1, "cname" }, { 2, "name" }, { 3, "email" }, { 4, "phone" }, { 5, "loc" }, { 6, "tool" },
	{ 7, "note" }, { 8, "priv" },
	{ 0, NULL },
};

#define ITEM_TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = item_types, \
	  .wireshark = "rtcp.sdes.type", .help = "kind of item" }

static const struct wire_field item_fields[] = {
	ITEM_TYPE,
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "rtcp.sdes.length", .help = "octets of the text" },
	{ .name = "text", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "rtcp.sdes.text", .help = "text in UTF-8" },
};
static const struct wire_field end_fields[] = { ITEM_TYPE };

static const struct wire_record end = {
	.name = "end", .id = 0, .help = "end of items", WIRE_FIELDS(end_fields) };
static const struct wire_record cname = {
	.name = "cname", .id = 1, .help = "the source's one name, user@host", WIRE_FIELDS(item_fields) };
static const struct wire_record name = {
	.name = "name", .id = 2, .help = "the user's name", WIRE_FIELDS(item_fields) };
static const struct wire_record email = {
	.name = "email", .id = 3, .help = "the user's address", WIRE_FIELDS(item_fields) };
static const struct wire_record phone = {
	.name = "phone", .id = 4, .help = "the user's number", WIRE_FIELDS(item_fields) };
static const struct wire_record loc = {
	.name = "loc", .id = 5, .help = "where the user is", WIRE_FIELDS(item_fields) };
static const struct wire_record tool = {
	.name = "tool", .id = 6, .help = "the program", WIRE_FIELDS(item_fields) };
static const struct wire_record note = {
	.name = "note", .id = 7, .help = "how the source is", WIRE_FIELDS(item_fields) };
static const struct wire_record item = {
	.name = "item", .help = "any other item", WIRE_FIELDS(item_fields) };

static const struct wire_record *const items[] = { &end, &cname, &name, &email, &phone, &loc, &tool, &note, NULL };
static const struct wire_list item_list = { .items = items, .other = &item, .id_width = 8, .end = &end };

/* One chunk; a mixer's further ones are raw items behind its end. */
static const struct wire_field description_fields[] = {
	VERSION,
	PADDING,
	{ .name = "count", .kind = WIRE_UINT, .width = 5, .preset = "1",
	  .wireshark = "rtcp.sc", .help = "number of sources" },
	TYPE,
	LENGTH,
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "rtcp.ssrc.identifier", .help = "the source that is described" },
	{ .name = "items", .kind = WIRE_LIST, .list = &item_list, .help = "who it is" },
};

static const struct wire_field source_fields[] = {
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "rtcp.ssrc.identifier", .help = "a source that leaves" },
};
static const struct wire_record source = { .name = "source", .help = "one source", WIRE_FIELDS(source_fields) };
static const struct wire_record *const sources[] = { &source, NULL };
static const struct wire_list source_list = { .items = sources };

static const struct wire_field bye_fields[] = {
	VERSION,
	PADDING,
	{ .name = "count", .kind = WIRE_UINT, .width = 5, .rule = WIRE_COUNT, .of = "sources",
	  .wireshark = "rtcp.sc", .help = "number of sources" },
	TYPE,
	LENGTH,
	{ .name = "sources", .kind = WIRE_LIST, .list = &source_list, .help = "sources that leave" },
	{ .name = "reason-length", .kind = WIRE_UINT, .width = 8, .optional = true, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 1, 0 }, .of = "reason",
	  .wireshark = "rtcp.sdes.length", .help = "octets of the reason" },
	{ .name = "reason", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "rtcp.sdes.text", .help = "why, in UTF-8" },
	{ .name = "fill", .kind = WIRE_BYTES, .help = "zeros up to whole words" },
};

static const struct wire_field app_fields[] = {
	VERSION,
	PADDING,
	{ .name = "subtype", .kind = WIRE_UINT, .width = 5,
	  .wireshark = "rtcp.app.subtype", .help = "the application's" },
	TYPE,
	LENGTH,
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "rtcp.ssrc.identifier", .help = "the source that sends this" },
	{ .name = "name", .kind = WIRE_BYTES, .width = 32, .text = true,
	  .wireshark = "rtcp.app.name", .help = "four letters of the application" },
	{ .name = "data", .kind = WIRE_BYTES, .wireshark = "rtcp.app.data", .help = "the application's octets" },
};

static const struct wire_field other_fields[] = {
	VERSION,
	PADDING,
	{ .name = "count", .kind = WIRE_UINT, .width = 5, .help = "a count or a format" },
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the packet's octets" },
};

static const struct wire_record sender = {
	.name = "sender-report", .id = 200, .help = "report of a sender", WIRE_FIELDS(sender_fields) };
static const struct wire_record receiver = {
	.name = "receiver-report", .id = 201, .help = "report of a receiver", WIRE_FIELDS(receiver_fields) };
static const struct wire_record description = {
	.name = "source-description", .id = 202, .help = "who a source is", WIRE_FIELDS(description_fields), .align = 4 };
static const struct wire_record bye = {
	.name = "bye", .id = 203, .help = "sources leave", WIRE_FIELDS(bye_fields) };
static const struct wire_record app = {
	.name = "app", .id = 204, .help = "an application's own", WIRE_FIELDS(app_fields) };
static const struct wire_record other = {
	.name = "packet", .help = "any other packet", WIRE_FIELDS(other_fields) };

static const struct wire_record *const packets[] = { &sender, &receiver, &description, &bye, &app, NULL };
static const struct wire_list packet_list = { .items = packets, .other = &other, .id_width = 8, .id_bit = 8 };

static const struct wire_field fields[] = {
	{ .name = "packets", .kind = WIRE_LIST, .list = &packet_list, .help = "a report first, then a description" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 5005 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_rtcp = {
	.header = { .name = "rtcp", .help = "RTCP packets", WIRE_FIELDS(fields) },
	.title = "RTP Control Protocol",
	.rfc = "RFC 3550 6.4",
	.binds = binds,
};
