/* PPP's link control protocol and its options. */
#include "wire/ppp_control.h"

/* clang-format off */
/* RFC 1661 5 */
static const struct wire_name codes[] = {
	PPP_CODES,
	{ 8, "protocol-reject" }, { 9, "echo-request" }, { 10, "echo-reply" }, { 11, "discard-request" },
	{ 12, "identification" },
	{ 0, NULL },
};
/* 6 */
static const struct wire_name types[] = {
	{ 1, "mru" }, { 2, "accm" }, { 3, "auth" }, { 4, "quality" }, { 5, "magic" }, { 7, "pfc" }, { 8, "acfc" },
	{ 0, NULL },
};
static const struct wire_name auth_protocols[] = {
	{ 0xc023, "pap" }, { 0xc223, "chap" }, { 0xc227, "eap" },
	{ 0, NULL },
};
static const struct wire_name algorithms[] = {
	{ 5, "md5" }, { 6, "sha1" }, { 128, "ms-chap" }, { 129, "ms-chap-v2" },
	{ 0, NULL },
};

#define OPTION PPP_OPTION(types, "lcp")

static const struct wire_field plain_fields[] = { OPTION };
static const struct wire_field mru_fields[] = {
	OPTION,
	{ .name = "octets", .kind = WIRE_UINT, .width = 16, .preset = "1500",
	  .wireshark = "lcp.opt.mru", .help = "largest frame that is taken" },
};
static const struct wire_field accm_fields[] = {
	OPTION,
	{ .name = "map", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "lcp.opt.asyncmap", .help = "control characters to escape" },
};
static const struct wire_field auth_fields[] = {
	OPTION,
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "pap", .names = auth_protocols,
	  .wireshark = "lcp.opt.auth_protocol", .help = "how to authenticate" },
	{ .name = "algorithm", .kind = WIRE_UINT, .width = 8, .preset = "md5", .names = algorithms,
	  .when = WIRE_WHEN("protocol", 0xc223),
	  .wireshark = "lcp.opt.algorithm", .help = "CHAP's" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("protocol", 0xc223),
	  .help = "the protocol's own" },
};
static const struct wire_field quality_fields[] = {
	OPTION,
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "0xc025",
	  .wireshark = "lcp.opt.quality_protocol", .help = "how quality is reported; 0xc025 is LQR" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the protocol's own" },
};
static const struct wire_field magic_fields[] = {
	OPTION,
	{ .name = "number", .kind = WIRE_UINT, .width = 32, .hex = true,
	  .wireshark = "lcp.opt.magic_number", .help = "random, to notice a looped link" },
};
static const struct wire_field other_fields[] = {
	OPTION,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record mru = {
	.name = "mru", .id = 1, .help = "maximum receive unit", WIRE_FIELDS(mru_fields) };
static const struct wire_record accm = {
	.name = "accm", .id = 2, .help = "async control character map, RFC 1662", WIRE_FIELDS(accm_fields) };
static const struct wire_record auth = {
	.name = "auth", .id = 3, .help = "authentication protocol", WIRE_FIELDS(auth_fields) };
static const struct wire_record quality = {
	.name = "quality", .id = 4, .help = "quality protocol", WIRE_FIELDS(quality_fields) };
static const struct wire_record magic = {
	.name = "magic", .id = 5, .help = "magic number", WIRE_FIELDS(magic_fields) };
static const struct wire_record pfc = {
	.name = "pfc", .id = 7, .help = "protocol field compression", WIRE_FIELDS(plain_fields) };
static const struct wire_record acfc = {
	.name = "acfc", .id = 8, .help = "address and control field compression", WIRE_FIELDS(plain_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = { &mru, &accm, &auth, &quality, &magic, &pfc, &acfc, NULL };
static const struct wire_list option_list = { .items = options, .other = &other, .id_width = 8 };

#define WITH_MAGIC	9, 10, 11, 12

static const struct wire_field fields[] = {
	PPP_PACKET(codes, option_list),
	{ .name = "rejected", .kind = WIRE_UINT, .width = 16, .hex = true, .when = WIRE_WHEN("code", 8),
	  .wireshark = "lcp.rej_proto", .help = "PPP protocol that is refused" },
	{ .name = "magic", .kind = WIRE_UINT, .width = 32, .hex = true, .when = WIRE_WHEN("code", WITH_MAGIC),
	  .wireshark = "lcp.magic_number", .help = "the sender's magic number" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("code", PPP_CONFIGURE),
	  .wireshark = "lcp.data", .help = "the rest" },
};

static const struct wire_bind binds[] = {
	{ WIRE_PPP_PROTOCOL, 0xc021 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_lcp = {
	.header = { .name = "lcp", .help = "PPP link control", WIRE_FIELDS(fields) },
	.title = "PPP Link Control Protocol",
	.rfc = "RFC 1661 5",
	.binds = binds,
};
