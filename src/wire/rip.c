/* RIP 1 and 2. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, RIP types */
static const struct wire_name commands[] = {
	{ 1, "request" }, { 2, "response" }, { 3, "traceon" }, { 4, "traceoff" },
	{ 9, "update-request" }, { 10, "update-response" }, { 11, "update-acknowledge" },
	{ 0, NULL },
};

/* RFC 2453 4, RFC 4822 */
static const struct wire_name families[] = {
	{ 0, "all" }, { 2, "ipv4" }, { 0xffff, "authentication" },
	{ 0, NULL },
};
static const struct wire_name authentications[] = {
	{ 2, "password" }, { 3, "digest" },
	{ 0, NULL },
};

#define FAMILY(shown) \
	{ .name = "family", .kind = WIRE_UINT, .width = 16, .names = families, \
	  .wireshark = (shown), .help = "address family; all ones is authentication" }
#define METRIC \
	{ .name = "metric", .kind = WIRE_UINT, .width = 32, .preset = "1", \
	  .wireshark = "rip.metric", .help = "hops; 16 is unreachable" }

/* RIP 1 has zeros in tag, mask and next-hop. */
static const struct wire_field route_fields[] = {
	FAMILY("rip.family"),
	{ .name = "tag", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "rip.route_tag", .help = "route tag, RFC 2453 4.2; zero in version 1" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "rip.ip", .help = "the destination" },
	{ .name = "mask", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "rip.netmask", .help = "its subnet mask; zero in version 1" },
	{ .name = "next-hop", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "rip.next_hop", .help = "where to send; 0.0.0.0 is the sender" },
	METRIC,
};

static const struct wire_field all_fields[] = {
	FAMILY("rip.family"),
	{ .name = "reserved", .kind = WIRE_BYTES, .width = 112, .help = "zero" },
	METRIC,
};

static const struct wire_field other_fields[] = {
	FAMILY(NULL),
	{ .name = "data", .kind = WIRE_BYTES, .width = 144, .help = "the entry's octets" },
};

#define DIGEST WIRE_WHEN("type", 3)

static const struct wire_field authentication_fields[] = {
	FAMILY(NULL),
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .preset = "password", .names = authentications,
	  .wireshark = "rip.auth.type", .help = "kind of authentication" },
	{ .name = "digest-offset", .kind = WIRE_UINT, .width = 16, .when = DIGEST,
	  .wireshark = "rip.digest_offset", .help = "octets before the digest, RFC 4822 2.1" },
	{ .name = "key-id", .kind = WIRE_UINT, .width = 8, .when = DIGEST,
	  .wireshark = "rip.key_id", .help = "which key" },
	{ .name = "digest-length", .kind = WIRE_UINT, .width = 8, .when = DIGEST,
	  .wireshark = "rip.auth_data_len", .help = "octets of the digest behind the routes" },
	{ .name = "seq", .kind = WIRE_UINT, .width = 32, .when = DIGEST,
	  .wireshark = "rip.seq_num", .help = "never decreases" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 64, .when = DIGEST, .help = "zero" },
	{ .name = "password", .kind = WIRE_BYTES, .width = 128, .when = WIRE_UNLESS("type", 3),
	  .wireshark = "rip.auth.passwd", .help = "16 octets, zeros behind the password" },
};

static const struct wire_record all = {
	.name = "all", .id = 0, .help = "in a request, with metric 16: the whole table", WIRE_FIELDS(all_fields) };
static const struct wire_record route = {
	.name = "route", .id = 2, .help = "a route", WIRE_FIELDS(route_fields) };
static const struct wire_record authentication = {
	.name = "authentication", .id = 0xffff, .help = "password, or what a digest needs; the first entry",
	WIRE_FIELDS(authentication_fields) };
static const struct wire_record other = {
	.name = "entry", .help = "an entry of any other family", WIRE_FIELDS(other_fields) };
static const struct wire_record *const entries[] = { &all, &route, &authentication, NULL };
static const struct wire_list entry_list = { .items = entries, .other = &other, .id_width = 16 };

static const struct wire_field fields[] = {
	{ .name = "command", .kind = WIRE_UINT, .width = 8, .preset = "request", .names = commands,
	  .wireshark = "rip.command", .help = "what it asks or says" },
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .preset = "1",
	  .wireshark = "rip.version", .help = "1, or 2 with masks and next hops" },
	{ .name = "unused", .kind = WIRE_UINT, .width = 16, .help = "zero" },
	{ .name = "entries", .kind = WIRE_LIST, .list = &entry_list, .help = "up to 25 routes" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 520 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_rip = {
	.header = { .name = "rip", .help = "RIP message", WIRE_FIELDS(fields) },
	.title = "Routing Information Protocol",
	.rfc = "RFC 2453",
	.binds = binds,
};
