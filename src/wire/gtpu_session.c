/* GTP-U's extension header of a PDU session, which tells of its quality of service. */
#include "wire/wire.h"

/* clang-format off */
/* 3GPP TS 38.415 5.5.3.1 */
static const struct wire_name types[] = {
	{ 0, "downlink" }, { 1, "uplink" },
	{ 0, NULL },
};

#define DOWNLINK WIRE_WHEN("type", 0)
#define POLICY	 WIRE_WHEN("paging-policy", 1)

static const struct wire_field fields[] = {
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 4, 0 },
	  .wireshark = "gtp.ext_hdr.length", .help = "words of 4 octets" },
	{ .name = "type", .kind = WIRE_UINT, .width = 4, .names = types,
	  .wireshark = "gtp.ext_hdr.pdu_ses_con.pdu_type", .help = "direction" },
	{ .name = "spare", .kind = WIRE_UINT, .width = 4, .help = "zero" },
	{ .name = "paging-policy", .kind = WIRE_UINT, .width = 1, .when = DOWNLINK,
	  .wireshark = "gtp.ext_hdr.pdu_ses_cont.ppp", .help = "an indicator of the paging policy follows" },
	{ .name = "reflective", .kind = WIRE_UINT, .width = 1, .when = DOWNLINK,
	  .wireshark = "gtp.ext_hdr.pdu_ses_cont.rqi", .help = "reflective quality of service" },
	{ .name = "spare2", .kind = WIRE_UINT, .width = 2, .when = WIRE_UNLESS("type", 0), .help = "zero" },
	{ .name = "qfi", .kind = WIRE_UINT, .width = 6,
	  .wireshark = "gtp.ext_hdr.pdu_ses_con.qos_flow_id", .help = "quality of service flow" },
	{ .name = "policy", .kind = WIRE_UINT, .width = 3, .when = POLICY,
	  .wireshark = "gtp.ext_hdr.pdu_ses_cont.ppi", .help = "paging policy indicator" },
	{ .name = "spare3", .kind = WIRE_UINT, .width = 29, .when = POLICY, .help = "zero" },
	{ .name = "next-extension", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "0",
	  .space = WIRE_GTPU_EXTENSION,
	  .wireshark = "gtp.ext_hdr.next", .help = "the extension header that follows; 0 for none" },
};

static const struct wire_bind binds[] = {
	{ WIRE_GTPU_EXTENSION, 0x85 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_gtpu_session = {
	.header = { .name = "gtp-u-session",
		.help = "GTP-U PDU session container",
		WIRE_FIELDS(fields) },
	.title = "GTP-U PDU Session Container",
	.rfc = "3GPP TS 38.415 5.5",
	.binds = binds,
	.guess_ip = true,
};
