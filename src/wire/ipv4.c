/* IPv4 and its options. */
#include "wire/names.h"

/* clang-format off */
/* IANA, IP option numbers */
#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 8, .names = option_types, \
	  .wireshark = "ip.opt.type", .help = "kind of option: copied bit, class and number" }
#define LENGTH \
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 1, 0 }, \
	  .wireshark = "ip.opt.len", .help = "octets of the option" }

static const struct wire_name option_types[] = {
	{ 0, "end" }, { 1, "nop" }, { 7, "rr" }, { 68, "timestamp" }, { 130, "security" }, { 131, "lsrr" },
	{ 136, "stream-id" }, { 137, "ssrr" }, { 148, "router-alert" },
	{ 0, NULL },
};

static const struct wire_field option_one[] = { TYPE };

/* Wireshark calls it ip.rec_rt, ip.cur_rt, ip.src_rt or ip.empty_rt, by option and pointer. */
static const struct wire_field address_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .help = "IPv4 address of a hop" },
};
static const struct wire_record address = { .name = "hop", .help = "one hop", WIRE_FIELDS(address_fields) };
static const struct wire_record *const address_items[] = { &address, NULL };
static const struct wire_list address_list = { .items = address_items };

static const struct wire_field route_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "pointer", .kind = WIRE_UINT, .width = 8, .preset = "4",
	  .wireshark = "ip.opt.ptr", .help = "octet of the option, from 1, where the next address stands" },
	{ .name = "addresses", .kind = WIRE_LIST, .list = &address_list,
	  .help = "addresses of the route; 0.0.0.0 makes room for one" },
};

static const struct wire_field stamp_fields[] = {
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "ip.opt.time_stamp", .help = "milliseconds since midnight UT" },
};
static const struct wire_record stamp = { .name = "stamp", .help = "a time", WIRE_FIELDS(stamp_fields) };
static const struct wire_record *const stamp_items[] = { &stamp, NULL };
static const struct wire_list stamp_list = { .items = stamp_items };

static const struct wire_field hop_stamp_fields[] = {
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "ip.opt.time_stamp_addr", .help = "the hop's IPv4 address" },
	{ .name = "timestamp", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "ip.opt.time_stamp", .help = "milliseconds since midnight UT" },
};
static const struct wire_record hop_stamp = {
	.name = "hop-stamp", .help = "an address and its time", WIRE_FIELDS(hop_stamp_fields) };
static const struct wire_record *const hop_stamp_items[] = { &hop_stamp, NULL };
static const struct wire_list hop_stamp_list = { .items = hop_stamp_items };

static const struct wire_name stamp_flags[] = {
	{ 0, "stamps" }, { 1, "addresses" }, { 3, "prespecified" },
	{ 0, NULL },
};

static const struct wire_field timestamp_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "pointer", .kind = WIRE_UINT, .width = 8, .preset = "5",
	  .wireshark = "ip.opt.ptr", .help = "octet of the option, from 1, where the next entry stands" },
	{ .name = "overflow", .kind = WIRE_UINT, .width = 4,
	  .wireshark = "ip.opt.overflow", .help = "hops that found no room" },
	{ .name = "flag", .kind = WIRE_UINT, .width = 4, .names = stamp_flags,
	  .wireshark = "ip.opt.flag", .help = "times alone, or each with an address" },
	{ .name = "stamps", .kind = WIRE_LIST, .list = &hop_stamp_list, .when = WIRE_WHEN("flag", 1, 3),
	  .help = "addresses and their times" },
	{ .name = "stamps", .kind = WIRE_LIST, .list = &stamp_list, .when = WIRE_UNLESS("flag", 1, 3),
	  .help = "times" },
};

static const struct wire_field router_alert_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "value", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "ip.opt.ra", .help = "0: every router examines the packet" },
};

static const struct wire_field stream_id_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "id", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "ip.opt.sid", .help = "SATNET stream" },
};

static const struct wire_field other_fields[] = {
	TYPE,
	LENGTH,
	{ .name = "data", .kind = WIRE_BYTES, .help = "the option's octets" },
};

static const struct wire_record end = {
	.name = "end", .id = 0, .help = "end of options", WIRE_FIELDS(option_one) };
static const struct wire_record nop = {
	.name = "nop", .id = 1, .help = "no operation", WIRE_FIELDS(option_one) };
static const struct wire_record rr = {
	.name = "rr", .id = 7, .help = "record route", WIRE_FIELDS(route_fields) };
static const struct wire_record timestamp = {
	.name = "timestamp", .id = 68, .help = "internet timestamp", WIRE_FIELDS(timestamp_fields) };
static const struct wire_record lsrr = {
	.name = "lsrr", .id = 131, .help = "loose source and record route", WIRE_FIELDS(route_fields) };
static const struct wire_record stream_id = {
	.name = "stream-id", .id = 136, .help = "stream identifier", WIRE_FIELDS(stream_id_fields) };
static const struct wire_record ssrr = {
	.name = "ssrr", .id = 137, .help = "strict source and record route", WIRE_FIELDS(route_fields) };
static const struct wire_record router_alert = {
	.name = "router-alert", .id = 148, .help = "router alert, RFC 2113", WIRE_FIELDS(router_alert_fields) };
static const struct wire_record other = {
	.name = "option", .help = "any other option", WIRE_FIELDS(other_fields) };

static const struct wire_record *const options[] = {
	&end, &nop, &rr, &timestamp, &lsrr, &stream_id, &ssrr, &router_alert, NULL
};
static const struct wire_list option_list = {
	.items = options, .other = &other, .id_width = 8, .end = &end };

static const struct wire_name flags[] = {
	{ 4, "reserved" }, { 2, "df" }, { 1, "mf" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "version", .kind = WIRE_UINT, .width = 4, .preset = "4",
	  .wireshark = "ip.version", .help = "version of IP" },
	{ .name = "ihl", .kind = WIRE_UINT, .width = 4, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_RECORD, 4, 0 },
	  .wireshark = "ip.hdr_len", .help = "header length in words of 4 octets" },
	{ .name = "dscp", .kind = WIRE_UINT, .width = 6, .names = wire_names_dscp,
	  .wireshark = "ip.dsfield.dscp", .help = "differentiated services code point" },
	{ .name = "ecn", .kind = WIRE_UINT, .width = 2, .names = wire_names_ecn,
	  .wireshark = "ip.dsfield.ecn", .help = "explicit congestion notification" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_WHOLE, 1, 0 },
	  .wireshark = "ip.len", .help = "header and payload in octets" },
	{ .name = "id", .kind = WIRE_UINT, .width = 16, .preset = "1",
	  .wireshark = "ip.id", .help = "the same in all fragments of a datagram" },
	{ .name = "flags", .kind = WIRE_FLAGS, .width = 3, .names = flags,
	  .wireshark = "ip.flags", .help = "df do not fragment, mf more fragments" },
	{ .name = "frag-offset", .kind = WIRE_UINT, .width = 13,
	  .wireshark = "ip.frag_offset", .help = "where the fragment belongs, in units of 8 octets" },
	{ .name = "ttl", .kind = WIRE_UINT, .width = 8, .preset = "64",
	  .wireshark = "ip.ttl", .help = "hops left" },
	/* A bare payload is an experiment (RFC 3692): 0, Scapy's choice, would announce hop-by-hop options. */
	{ .name = "protocol", .kind = WIRE_UINT, .width = 8, .rule = WIRE_NEXT, .preset = "253",
	  .space = WIRE_IP_PROTOCOL, .names = wire_names_ip_protocol,
	  .wireshark = "ip.proto", .help = "what follows" },
	{ .name = "checksum", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM, .sum = WIRE_SUM_RECORD,
	  .wireshark = "ip.checksum", .help = "over the header" },
	{ .name = "src", .kind = WIRE_IPV4, .width = 32, .preset = "$if.ipv4",
	  .wireshark = "ip.src", .help = "source address" },
	{ .name = "dst", .kind = WIRE_IPV4, .width = 32, .preset = "127.0.0.1",
	  .wireshark = "ip.dst", .help = "destination address" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list,
	  .help = "up to 40 octets of options" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x0800 },
	{ WIRE_IP_PROTOCOL, 4 },
	{ WIRE_ICMP_TYPE, 3 },
	{ WIRE_ICMP_TYPE, 4 },
	{ WIRE_ICMP_TYPE, 5 },
	{ WIRE_ICMP_TYPE, 11 },
	{ WIRE_ICMP_TYPE, 12 },
	{ WIRE_PPP_PROTOCOL, 0x0021 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_ipv4 = {
	.header = { .name = "ipv4", .help = "IPv4 header", WIRE_FIELDS(fields), .align = 4 },
	.title = "Internet Protocol version 4",
	.rfc = "RFC 791",
	.binds = binds,
	.ip = true,
};
