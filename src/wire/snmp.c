/* SNMP 1 and 2c: BER, as the tags and lengths that a message is made of. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 1901 3, RFC 3411 3.1.1 */
static const struct wire_name versions[] = {
	{ 0, "v1" }, { 1, "v2c" }, { 3, "v3" },
	{ 0, NULL },
};

/* RFC 3416 3 */
static const struct wire_name pdus[] = {
	{ 0xa0, "get" }, { 0xa1, "get-next" }, { 0xa2, "response" }, { 0xa3, "set" }, { 0xa4, "trap-v1" }, { 0xa5, "get-bulk" },
	{ 0xa6, "inform" }, { 0xa7, "trap" }, { 0xa8, "report" },
	{ 0, NULL },
};

static const struct wire_name statuses[] = {
	{ 0, "no-error" }, { 1, "too-big" }, { 2, "no-such-name" }, { 3, "bad-value" }, { 4, "read-only" }, { 5, "general" },
	{ 6, "no-access" }, { 16, "authorization" }, { 17, "not-writable" },
	{ 0, NULL },
};

/* RFC 2578 7.1, RFC 3416 3 */
static const struct wire_name tags[] = {
	{ 0x02, "integer" }, { 0x04, "text" }, { 0x05, "none" }, { 0x06, "name" }, { 0x40, "address" }, { 0x41, "counter32" },
	{ 0x42, "gauge32" }, { 0x43, "timeticks" }, { 0x44, "opaque" }, { 0x46, "counter64" }, { 0x80, "no-such-object" },
	{ 0x81, "no-such-instance" }, { 0x82, "end-of-view" },
	{ 0, NULL },
};

#define TAG(row, value, condition) \
	{ .name = (row), .kind = WIRE_UINT, .width = 8, .hex = true, .preset = (value), .when = (condition), \
	  .help = "BER's tag" }

/* ---- lengths ---- */

/*
 * BER's length: one octet up to 127, the short form. Of what goes on to the message's end the long
 * form is a number of 1 to 4 octets, for which the template says long: 1 and size: their count; a
 * shorter form than the octets need is refused.
 */
#define LENGTH_SIZED(label, sized, bytes, bits) \
	{ .name = (label), .kind = WIRE_UINT, .width = (bits), .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .when = WIRE_WHEN(sized, bytes), .help = "octets behind it" }
#define LENGTH(is_long, sized, label, condition) \
	{ .name = (is_long), .kind = WIRE_UINT, .width = 1, .when = (condition), \
	  .help = "1: the length has octets of its own, as many as size says" }, \
	{ .name = (label), .kind = WIRE_UINT, .width = 7, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .when = WIRE_WHEN(is_long, 0), .help = "octets behind it, 127 at most" }, \
	{ .name = (sized), .kind = WIRE_UINT, .width = 7, .preset = "2", .when = WIRE_WHEN(is_long, 1), \
	  .help = "octets of the length, 1 to 4" }, \
	LENGTH_SIZED(label, sized, 1, 8), \
	LENGTH_SIZED(label, sized, 2, 16), \
	LENGTH_SIZED(label, sized, 3, 24), \
	LENGTH_SIZED(label, sized, 4, 32)

/* Within them the short form alone: what a long one counts is read as raw octets. */
#define SHORT_LENGTH(is_long, label, counted, condition) \
	{ .name = (is_long), .kind = WIRE_UINT, .width = 1, .when = (condition), .help = "0: the short form" }, \
	{ .name = (label), .kind = WIRE_UINT, .width = 7, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_FIELD, 1, 0 }, \
	  .of = (counted), .when = (condition), .help = "octets of the value, 127 at most" }

/* ---- numbers ---- */

/* An integer: its length chooses how wide it is. */
#define INTEGER_SIZED(label, sized, bytes, bits, named, shark, about) \
	{ .name = (label), .kind = WIRE_UINT, .width = (bits), .names = (named), .when = WIRE_WHEN(sized, bytes), \
	  .wireshark = (shark), .help = (about) }
#define INTEGER(tag, sized, label, bytes, condition, named, shark, about) \
	TAG(tag, "2", condition), \
	{ .name = (sized), .kind = WIRE_UINT, .width = 8, .preset = (bytes), .when = (condition), \
	  .help = "octets of the number, 1 to 4; the highest bit is its sign" }, \
	INTEGER_SIZED(label, sized, 1, 8, named, shark, about), \
	INTEGER_SIZED(label, sized, 2, 16, named, shark, about), \
	INTEGER_SIZED(label, sized, 3, 24, named, shark, about), \
	INTEGER_SIZED(label, sized, 4, 32, named, shark, about)

/* ---- bindings ---- */

static const struct wire_field binding_fields[] = {
	TAG("tag", "0x30", NULL),
	{ .name = "long", .kind = WIRE_UINT, .width = 1, .help = "0: the short form" },
	{ .name = "length", .kind = WIRE_UINT, .width = 7, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .help = "octets of the binding, 127 at most" },
	TAG("name-tag", "6", NULL),
	SHORT_LENGTH("name-long", "name-length", "name", NULL),
	{ .name = "name", .kind = WIRE_BYTES, .preset = "2b06010201010100",
	  .wireshark = "snmp.name", .help = "object identifier in BER: 1.3 is 2b, each further number 7 bits an octet" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "none", .names = tags,
	  .help = "kind of value; none (null) in questions" },
	{ .name = "value-long", .kind = WIRE_UINT, .width = 1, .help = "0: the short form" },
	{ .name = "value-length", .kind = WIRE_UINT, .width = 7, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .help = "octets of the value, 127 at most" },
	{ .name = "text", .kind = WIRE_BYTES, .text = true, .when = WIRE_WHEN("type", 0x04),
	  .wireshark = "snmp.value.octets", .help = "a text, or octets" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .when = WIRE_WHEN("type", 0x40),
	  .wireshark = "snmp.value.ipv4", .help = "an IPv4 address" },
	{ .name = "value", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", 0x04, 0x40),
	  .help = "a number or a name in BER" },
};
static const struct wire_record binding = {
	.name = "binding", .help = "an object and its value", WIRE_FIELDS(binding_fields) };
static const struct wire_record *const bindings[] = { &binding, NULL };
static const struct wire_list binding_list = { .items = bindings };

/* ---- the message ---- */

#define COMMUNITY	WIRE_WHEN("version", 0, 1)
#define REQUEST		WIRE_WHEN("pdu", 0xa0, 0xa1, 0xa2, 0xa3, 0xa5, 0xa6, 0xa7, 0xa8)

static const struct wire_field fields[] = {
	TAG("tag", "0x30", NULL),
	LENGTH("long", "size", "length", NULL),
	TAG("version-tag", "2", NULL),
	{ .name = "version-size", .kind = WIRE_UINT, .width = 8, .preset = "1", .help = "octets of the version" },
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "v2c", .names = versions,
	  .when = WIRE_WHEN("version-size", 1),
	  .wireshark = "snmp.version", .help = "version" },
	TAG("community-tag", "4", COMMUNITY),
	SHORT_LENGTH("community-long", "community-length", "community", COMMUNITY),
	{ .name = "community", .kind = WIRE_BYTES, .text = true, .preset = "public", .when = COMMUNITY,
	  .wireshark = "snmp.community", .help = "what stands for a password" },
	{ .name = "pdu", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "get", .names = pdus, .when = COMMUNITY,
	  .help = "kind of message" },
	LENGTH("pdu-long", "pdu-size", "pdu-length", COMMUNITY),
	INTEGER("id-tag", "id-size", "id", "4", REQUEST, NULL,
		"snmp.request_id", "the same in request and response"),
	INTEGER("status-tag", "status-size", "error-status", "1", REQUEST, statuses,
		"snmp.error_status", "whether it worked; of get-bulk, objects that do not repeat"),
	INTEGER("index-tag", "index-size", "error-index", "1", REQUEST, NULL,
		"snmp.error_index", "the binding that did not; of get-bulk, repetitions of the others"),
	TAG("bindings-tag", "0x30", REQUEST),
	LENGTH("bindings-long", "bindings-size", "bindings-length", REQUEST),
	{ .name = "bindings", .kind = WIRE_LIST, .list = &binding_list, .when = REQUEST,
	  .help = "objects and their values" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("pdu", 0xa0, 0xa1, 0xa2, 0xa3, 0xa5, 0xa6, 0xa7, 0xa8),
	  .help = "the rest: of version 3, or of version 1's trap" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 161 },
	{ WIRE_UDP_PORT, 162 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_snmp = {
	.header = { .name = "snmp", .help = "SNMP message", WIRE_FIELDS(fields) },
	.title = "Simple Network Management Protocol",
	.rfc = "RFC 1901, RFC 3416",
	.binds = binds,
};
