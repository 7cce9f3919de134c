/* PPPoE's discovery stage and its tags. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 2516 5, RFC 5578 */
static const struct wire_name codes[] = {
	{ 0x07, "pado" }, { 0x09, "padi" }, { 0x0a, "padg" }, { 0x0b, "padc" }, { 0x0c, "padq" },
	{ 0x19, "padr" }, { 0x65, "pads" }, { 0xa7, "padt" }, { 0xd3, "padm" }, { 0xd4, "padn" },
	{ 0, NULL },
};
/* RFC 2516 appendix A, RFC 4638 */
static const struct wire_name types[] = {
	{ 0x0000, "end" }, { 0x0101, "service-name" }, { 0x0102, "ac-name" }, { 0x0103, "host-uniq" },
	{ 0x0104, "ac-cookie" }, { 0x0105, "vendor-specific" }, { 0x0110, "relay-session-id" },
	{ 0x0120, "max-payload" }, { 0x0201, "service-name-error" }, { 0x0202, "ac-system-error" },
	{ 0x0203, "generic-error" },
	{ 0, NULL },
};

#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .names = types, .help = "kind of tag" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 }, \
	  .help = "octets that follow in the tag" }
#define TEXT(variable, row, wireshark_name, about) \
	static const struct wire_field variable[] = { TYPE, LENGTH, \
		{ .name = (row), .kind = WIRE_BYTES, .text = true, .wireshark = (wireshark_name), .help = (about) } }
#define OCTETS(variable, row, wireshark_name, about) \
	static const struct wire_field variable[] = { TYPE, LENGTH, \
		{ .name = (row), .kind = WIRE_BYTES, .wireshark = (wireshark_name), .help = (about) } }

static const struct wire_field end_fields[] = { TYPE, LENGTH };
TEXT(service_name_fields, "text", "pppoed.tags.service_name", "a service; empty is any");
TEXT(ac_name_fields, "text", "pppoed.tags.ac_name", "the concentrator's name");
OCTETS(host_uniq_fields, "data", "pppoed.tags.host_uniq", "the host's own, sent back as it is");
OCTETS(ac_cookie_fields, "data", "pppoed.tags.ac_cookie", "the concentrator's own, sent back as it is");
OCTETS(relay_fields, "data", "pppoed.tags.relay_session_id", "a relay's own, sent back as it is");
TEXT(service_error_fields, "text", "pppoed.tags.service_name_error", "why the service is refused");
TEXT(ac_error_fields, "text", "pppoed.tags.ac_system_error", "what went wrong in the concentrator");
TEXT(generic_error_fields, "text", "pppoed.tags.generic_error", "what went wrong");
static const struct wire_field max_payload_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "octets", .kind = WIRE_UINT, .width = 16, .preset = "1500",
	  .wireshark = "pppoed.tags.max_payload", .help = "largest PPP payload" },
};
static const struct wire_field vendor_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "vendor", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "pppoed.tags.vendor_id", .help = "IANA's enterprise number" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the vendor's own" },
};
OCTETS(other_fields, "data", NULL, "the tag's octets");

static const struct wire_record end = {
	.name = "end", .id = 0x0000, .help = "end of the tags", WIRE_FIELDS(end_fields) };
static const struct wire_record service_name = {
	.name = "service-name", .id = 0x0101, .help = "service that is wanted or offered", WIRE_FIELDS(service_name_fields) };
static const struct wire_record ac_name = {
	.name = "ac-name", .id = 0x0102, .help = "access concentrator's name", WIRE_FIELDS(ac_name_fields) };
static const struct wire_record host_uniq = {
	.name = "host-uniq", .id = 0x0103, .help = "what tells a host's requests apart", WIRE_FIELDS(host_uniq_fields) };
static const struct wire_record ac_cookie = {
	.name = "ac-cookie", .id = 0x0104, .help = "against floods of requests", WIRE_FIELDS(ac_cookie_fields) };
static const struct wire_record vendor = {
	.name = "vendor-specific", .id = 0x0105, .help = "a vendor's own", WIRE_FIELDS(vendor_fields) };
static const struct wire_record relay = {
	.name = "relay-session-id", .id = 0x0110, .help = "what tells a relay's sessions apart", WIRE_FIELDS(relay_fields) };
static const struct wire_record max_payload = {
	.name = "max-payload", .id = 0x0120, .help = "PPP payload over 1492 octets, RFC 4638", WIRE_FIELDS(max_payload_fields) };
static const struct wire_record service_error = {
	.name = "service-name-error", .id = 0x0201, .help = "no such service", WIRE_FIELDS(service_error_fields) };
static const struct wire_record ac_error = {
	.name = "ac-system-error", .id = 0x0202, .help = "the concentrator cannot", WIRE_FIELDS(ac_error_fields) };
static const struct wire_record generic_error = {
	.name = "generic-error", .id = 0x0203, .help = "anything else went wrong", WIRE_FIELDS(generic_error_fields) };
static const struct wire_record other = {
	.name = "tag", .help = "any other tag", WIRE_FIELDS(other_fields) };

static const struct wire_record *const tags[] = {
	&end, &service_name, &ac_name, &host_uniq, &ac_cookie, &vendor, &relay, &max_payload, &service_error,
	&ac_error, &generic_error, NULL
};
static const struct wire_list tag_list = { .items = tags, .other = &other, .id_width = 16, .end = &end };

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "1",
	  .wireshark = "pppoe.version", .help = "version of the protocol" },
	{ .name = "type", .kind = WIRE_UINT, .width = 4, .preset = "1",
	  .wireshark = "pppoe.type", .help = "1" },
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .hex = true, .preset = "padi", .names = codes,
	  .wireshark = "pppoe.code", .help = "kind of packet" },
	{ .name = "session-id", .kind = WIRE_UINT, .width = 16, .hex = true,
	  .wireshark = "pppoe.session_id", .help = "session; 0 before there is one" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "pppoe.payload_length", .help = "octets of the tags" },
	{ .name = "tags", .kind = WIRE_LIST, .list = &tag_list, .help = "what is asked for or offered" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x8863 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_pppoe_discovery = {
	.header = { .name = "pppoe-discovery", .help = "PPPoE discovery", WIRE_FIELDS(fields) },
	.title = "PPP over Ethernet, discovery stage",
	.rfc = "RFC 2516 5",
	.binds = binds,
};
