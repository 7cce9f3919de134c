/* EAP. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, EAP registry */
static const struct wire_name codes[] = {
	{ 1, "request" }, { 2, "response" }, { 3, "success" }, { 4, "failure" },
	{ 5, "initiate" }, { 6, "finish" },
	{ 0, NULL },
};
static const struct wire_name types[] = {
	{ 1, "identity" }, { 2, "notification" }, { 3, "nak" }, { 4, "md5-challenge" }, { 5, "otp" },
	{ 6, "gtc" }, { 13, "tls" }, { 17, "leap" }, { 18, "sim" }, { 21, "ttls" }, { 23, "aka" },
	{ 25, "peap" }, { 26, "mschapv2" }, { 43, "fast" }, { 50, "aka-prime" }, { 55, "teap" },
	{ 254, "expanded" }, { 255, "experimental" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 8, .preset = "failure", .names = codes,
	  .wireshark = "eap.code", .help = "kind of packet" },
	{ .name = "id", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "eap.id", .help = "the same in request and response" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 },
	  .wireshark = "eap.len", .help = "octets of the packet" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .preset = "identity", .names = types,
	  .when = WIRE_WHEN("code", 1, 2),
	  .wireshark = "eap.type", .help = "what is asked for or said" },
	{ .name = "data", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "eap.data", .help = "what the type brings: an identity, a challenge" },
};

static const struct wire_bind binds[] = {
	{ WIRE_EAPOL_TYPE, 0 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_eap = {
	.header = { .name = "eap", .help = "EAP packet", WIRE_FIELDS(fields) },
	.title = "Extensible Authentication Protocol",
	.rfc = "RFC 3748 4",
	.binds = binds,
};
