/* RTP: the header; the medium is its payload. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 3551 6 */
static const struct wire_name payload_types[] = {
	{ 0, "pcmu" }, { 3, "gsm" }, { 4, "g723" }, { 8, "pcma" }, { 9, "g722" }, { 10, "l16-stereo" }, { 11, "l16" },
	{ 13, "comfort-noise" }, { 14, "mpa" }, { 15, "g728" }, { 18, "g729" }, { 26, "jpeg" }, { 31, "h261" },
	{ 32, "mpv" }, { 33, "mp2t" }, { 34, "h263" },
	{ 0, NULL },
};

static const struct wire_field source_fields[] = {
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "rtp.csrc.item", .help = "a source that was mixed in" },
};
static const struct wire_record source = { .name = "source", .help = "one source", WIRE_FIELDS(source_fields) };
static const struct wire_record *const sources[] = { &source, NULL };
static const struct wire_list source_list = { .items = sources };

#define EXTENDED WIRE_WHEN("extension", 1)

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 2, .preset = "2",
	  .wireshark = "rtp.version", .help = "2" },
	{ .name = "padding", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "rtp.padding", .help = "the last octet of the payload counts octets of padding" },
	{ .name = "extension", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "rtp.ext", .help = "the header is extended" },
	{ .name = "csrc-count", .kind = WIRE_UINT, .width = 4, .rule = WIRE_COUNT, .of = "csrcs",
	  .wireshark = "rtp.cc", .help = "number of contributing sources" },
	{ .name = "marker", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "rtp.marker", .help = "the first packet of a talkspurt, the last of a picture" },
	{ .name = "payload-type", .kind = WIRE_UINT, .width = 7, .names = payload_types,
	  .wireshark = "rtp.p_type", .help = "encoding of the medium" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "rtp.seq", .help = "one more with each packet" },
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "rtp.timestamp", .help = "of the first sample, in the encoding's clock" },
	{ .name = "ssrc", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "rtp.ssrc", .help = "the source" },
	{ .name = "csrcs", .kind = WIRE_LIST, .list = &source_list, .help = "contributing sources" },
	{ .name = "profile", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "0xbede", .when = EXTENDED,
	  .wireshark = "rtp.ext.profile", .help = "kind of extension; 0xbede: RFC 8285 elements of one octet" },
	{ .name = "extension-length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 4, 0 }, .of = "extension-data", .when = EXTENDED,
	  .wireshark = "rtp.ext.len", .help = "words of 4 octets behind this field" },
	{ .name = "extension-data", .kind = WIRE_BYTES, .when = EXTENDED, .help = "the extension's octets" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 5004 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_rtp = {
	.header = { .name = "rtp", .help = "RTP header", WIRE_FIELDS(fields) },
	.title = "Real-time Transport Protocol",
	.rfc = "RFC 3550 5.1",
	.binds = binds,
};
