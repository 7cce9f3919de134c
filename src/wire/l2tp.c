/* L2TP 2. */
#include "wire/l2tp.h"

/* clang-format off */
static const struct wire_name flags[] = {
	{ 0x800, "control" }, { 0x400, "length" }, { 0x080, "sequence" }, { 0x020, "offset" }, { 0x010, "priority" },
	{ 0, NULL },
};

/* IANA, control message attribute value pairs */
static const struct wire_name attributes[] = {
	{ 0, "message-type" }, { 1, "result-code" }, { 2, "protocol-version" }, { 3, "framing-capabilities" },
	{ 4, "bearer-capabilities" }, { 5, "tie-breaker" }, { 6, "firmware-revision" }, { 7, "host-name" },
	{ 8, "vendor-name" }, { 9, "assigned-tunnel-id" }, { 10, "receive-window-size" }, { 11, "challenge" },
	{ 13, "challenge-response" }, { 14, "assigned-session-id" }, { 15, "call-serial-number" },
	{ 18, "bearer-type" }, { 19, "framing-type" }, { 24, "tx-connect-speed" },
	{ 0, NULL },
};

static const struct wire_field avp_fields[] = {
	{ .name = "mandatory", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "l2tp.avp.mandatory", .help = "who does not know it ends the session or tunnel" },
	{ .name = "hidden", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "l2tp.avp.hidden", .help = "the value is encrypted" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 4, .help = "zero" },
	{ .name = "length", .kind = WIRE_UINT, .width = 10, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "l2tp.avp.length", .help = "octets of the pair" },
	{ .name = "vendor", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "l2tp.avp.vendor_id", .help = "whose numbers the types are; 0 is IETF" },
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .names = attributes,
	  .wireshark = "l2tp.avp.type", .help = "the attribute" },
	{ .name = "value", .kind = WIRE_BYTES, .help = "its value" },
};
static const struct wire_record avp = {
	.name = "avp", .help = "attribute and value", WIRE_FIELDS(avp_fields) };
static const struct wire_record *const avps[] = { &avp, NULL };
const struct wire_list wire_l2tp_avp_list = { .items = avps };

#define HAS_LENGTH	WIRE_WHEN_BITS("flags", 0x400, 0x400)
#define HAS_SEQUENCE	WIRE_WHEN_BITS("flags", 0x080, 0x080)
#define HAS_OFFSET	WIRE_WHEN_BITS("flags", 0x020, 0x020)
#define IS_CONTROL	WIRE_WHEN_BITS("flags", 0x800, 0x800)

static const struct wire_field fields[] = {
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 12, .names = flags,
	  .wireshark = "l2tp.flags", .help = "which fields are there; control has length and sequence" },
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "2",
	  .wireshark = "l2tp.version", .help = "2" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_WHOLE, 1, 0 },
	  .when = HAS_LENGTH,
	  .wireshark = "l2tp.length", .help = "octets of the message" },
	{ .name = "tunnel", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "l2tp.tunnel", .help = "the receiver's number of the tunnel" },
	{ .name = "session", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "l2tp.session", .help = "the receiver's number of the session" },
	{ .name = "ns", .kind = WIRE_UINT, .width = 16, .when = HAS_SEQUENCE,
	  .wireshark = "l2tp.Ns", .help = "sequence number of this message" },
	{ .name = "nr", .kind = WIRE_UINT, .width = 16, .when = HAS_SEQUENCE,
	  .wireshark = "l2tp.Nr", .help = "the next one that is awaited" },
	{ .name = "offset-size", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .of = "offset-pad",
	  .length = { WIRE_SPAN_FIELD, 1, 0 }, .when = HAS_OFFSET,
	  .wireshark = "l2tp.offset", .help = "octets from here to the payload" },
	{ .name = "offset-pad", .kind = WIRE_BYTES, .when = HAS_OFFSET, .help = "what is passed over" },
	{ .name = "avps", .kind = WIRE_LIST, .list = &wire_l2tp_avp_list, .when = IS_CONTROL,
	  .help = "a control message's attributes; the first is its type" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 1701 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

extern const struct wire_protocol wire_hdlc;

/* A control message is all attributes: nothing follows it. */
const struct wire_protocol wire_l2tp = {
	.header = { .name = "l2tp", .help = "L2TP message", WIRE_FIELDS(fields) },
	.title = "Layer Two Tunneling Protocol",
	.rfc = "RFC 2661 3.1",
	.binds = binds,
	.next = &wire_hdlc,
};
