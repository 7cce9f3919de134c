/* RIPng. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 2080 2.1 */
static const struct wire_name commands[] = {
	{ 1, "request" }, { 2, "response" },
	{ 0, NULL },
};

/* RFC 2080 2.1.1 */
static const struct wire_name metrics[] = {
	{ 16, "unreachable" }, { 255, "next-hop" },
	{ 0, NULL },
};

static const struct wire_field entry_fields[] = {
	{ .name = "prefix", .kind = WIRE_IPV6, .width = 128,
	  .wireshark = "ripng.rte.ipv6_prefix", .help = "the destination, or with metric 255 the next hop" },
	{ .name = "tag", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "ripng.rte.route_tag", .help = "route tag" },
	{ .name = "prefix-length", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "ripng.rte.prefix_length", .help = "bits of the prefix" },
	{ .name = "metric", .kind = WIRE_UINT, .width = 8, .preset = "1", .names = metrics,
	  .wireshark = "ripng.rte.metric", .help = "hops; 16 is unreachable" },
};
static const struct wire_record entry = { .name = "entry", .help = "a route", WIRE_FIELDS(entry_fields) };
static const struct wire_record *const entries[] = { &entry, NULL };
static const struct wire_list entry_list = { .items = entries };

static const struct wire_field fields[] = {
	{ .name = "command", .kind = WIRE_UINT, .width = 8, .preset = "request", .names = commands,
	  .wireshark = "ripng.cmd", .help = "what it asks or says" },
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "ripng.version", .help = "1" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 16, .help = "zero" },
	{ .name = "entries", .kind = WIRE_LIST, .list = &entry_list, .help = "routes" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 521 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ripng = {
	.header = { .name = "ripng", .help = "RIPng message", WIRE_FIELDS(fields) },
	.title = "Routing Information Protocol for IPv6",
	.rfc = "RFC 2080",
	.binds = binds,
};
