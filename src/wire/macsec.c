/* The security tag of MACsec. */
#include "wire/names.h"

/* clang-format off */
/* IEEE 802.1AE 9.5 */
static const struct wire_name tci[] = {
	{ 0x20, "v" }, { 0x10, "es" }, { 0x08, "sc" }, { 0x04, "scb" }, { 0x02, "e" }, { 0x01, "c" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "tci", .kind = WIRE_FLAGS, .width = 6, .names = tci,
	  .wireshark = "macsec.TCI", .help = "sc: an SCI follows; e|c: what is carried is encrypted" },
	{ .name = "an", .kind = WIRE_UINT, .width = 2,
	  .wireshark = "macsec.AN", .help = "number of the association" },
	{ .name = "short-length", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "macsec.SL", .help = "octets that are protected, where fewer than 48; else 0" },
	{ .name = "pn", .kind = WIRE_UINT, .width = 32, .preset = "1",
	  .wireshark = "macsec.PN", .help = "packet number, against replay" },
	{ .name = "system", .kind = WIRE_MAC, .width = 48, .when = WIRE_WHEN_BITS("tci", 0x08, 0x08),
	  .wireshark = "macsec.SCI.system_identifier", .help = "SCI: the sender's MAC" },
	{ .name = "port", .kind = WIRE_UINT, .width = 16, .preset = "1", .when = WIRE_WHEN_BITS("tci", 0x08, 0x08),
	  .wireshark = "macsec.SCI.port_identifier", .help = "SCI: the sender's port" },
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_NEXT,
	  .space = WIRE_ETHERTYPE, .names = wire_names_ethertype, .when = WIRE_WHEN_BITS("tci", 0x03, 0x00),
	  .wireshark = "macsec.etype", .help = "ethertype of what follows, where it can be read" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS_BITS("tci", 0x03, 0x00),
	  .help = "what is encrypted, and its ICV" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x88e5 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_macsec = {
	.header = { .name = "macsec", .help = "MACsec tag", WIRE_FIELDS(fields) },
	.title = "MAC Security",
	.rfc = "IEEE 802.1AE 9.3",
	.binds = binds,
};
