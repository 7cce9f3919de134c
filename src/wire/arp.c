/* ARP for IPv4 over Ethernet. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, ARP parameters */
static const struct wire_name hardware[] = {
	{ 1, "ethernet" }, { 6, "ieee802" }, { 15, "frame-relay" }, { 24, "ieee1394" }, { 32, "infiniband" },
	{ 0, NULL },
};

/* An ethertype, but of no layer that follows: so these are names and no space. */
static const struct wire_name protocols[] = {
	{ 0x0800, "ipv4" }, { 0x86dd, "ipv6" },
	{ 0, NULL },
};

static const struct wire_name operations[] = {
	{ 1, "request" }, { 2, "reply" }, { 3, "rarp-request" }, { 4, "rarp-reply" },
	{ 8, "inarp-request" }, { 9, "inarp-reply" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "htype", .kind = WIRE_UINT, .width = 16, .preset = "1", .names = hardware,
	  .wireshark = "arp.hw.type", .help = "kind of link" },
	{ .name = "ptype", .kind = WIRE_UINT, .width = 16, .preset = "ipv4", .hex = true, .names = protocols,
	  .wireshark = "arp.proto.type", .help = "kind of protocol address, an ethertype" },
	{ .name = "hlen", .kind = WIRE_UINT, .width = 8, .preset = "6",
	  .wireshark = "arp.hw.size", .help = "octets of a link address" },
	{ .name = "plen", .kind = WIRE_UINT, .width = 8, .preset = "4",
	  .wireshark = "arp.proto.size", .help = "octets of a protocol address" },
	{ .name = "op", .kind = WIRE_UINT, .width = 16, .preset = "request", .names = operations,
	  .wireshark = "arp.opcode", .help = "request or reply" },
	{ .name = "sha", .kind = WIRE_MAC, .width = 48, .preset = "$if.mac",
	  .wireshark = "arp.src.hw_mac", .help = "sender's MAC" },
	{ .name = "spa", .kind = WIRE_IPV4, .width = 32, .preset = "$if.ipv4",
	  .wireshark = "arp.src.proto_ipv4", .help = "sender's IPv4 address" },
	{ .name = "tha", .kind = WIRE_MAC, .width = 48,
	  .wireshark = "arp.dst.hw_mac", .help = "target's MAC; zero in a request" },
	{ .name = "tpa", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "arp.dst.proto_ipv4", .help = "target's IPv4 address" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x0806 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_arp = {
	.header = { .name = "arp", .help = "who has an IPv4 address", WIRE_FIELDS(fields) },
	.title = "Address Resolution Protocol",
	.rfc = "RFC 826",
	.binds = binds,
};
