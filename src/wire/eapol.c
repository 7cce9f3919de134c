/* EAP over LAN, IEEE 802.1X. */
#include "wire/wire.h"

/* clang-format off */
/* IEEE 802.1X-2020 11.3.2; eap itself is bound */
static const struct wire_name types[] = {
	{ 1, "start" }, { 2, "logoff" }, { 3, "key" }, { 4, "asf-alert" }, { 5, "mka" },
	{ 6, "announcement" }, { 7, "announcement-specific" }, { 8, "announcement-request" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "eapol.version", .help = "1: 802.1X-2001, 2: 2004, 3: 2010" },
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "start",
	  .space = WIRE_EAPOL_TYPE, .names = types,
	  .wireshark = "eapol.type", .help = "kind of packet" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_PAYLOAD, 1, 0 },
	  .wireshark = "eapol.len", .help = "octets that follow" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x888e },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_eapol = {
	.header = { .name = "eapol", .help = "EAP over LAN", WIRE_FIELDS(fields) },
	.title = "Extensible Authentication Protocol over LAN",
	.rfc = "IEEE 802.1X-2020 11.3",
	.binds = binds,
};
