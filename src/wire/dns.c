/* DNS messages: questions and resource records. */
#include "wire/wire.h"

/* clang-format off */
/* IANA, DNS parameters */
static const struct wire_name types[] = {
	{ 1, "a" }, { 2, "ns" }, { 5, "cname" }, { 6, "soa" }, { 12, "ptr" }, { 13, "hinfo" }, { 15, "mx" }, { 16, "txt" },
	{ 28, "aaaa" }, { 33, "srv" }, { 35, "naptr" }, { 39, "dname" }, { 41, "opt" }, { 43, "ds" }, { 46, "rrsig" },
	{ 47, "nsec" }, { 48, "dnskey" }, { 50, "nsec3" }, { 52, "tlsa" }, { 64, "svcb" }, { 65, "https" },
	{ 251, "ixfr" }, { 252, "axfr" }, { 255, "any" }, { 257, "caa" },
	{ 0, NULL },
};

#define A     1
#define NS    2
#define CNAME 5
#define SOA   6
#define PTR   12
#define MX    15
#define TXT   16
#define AAAA  28
#define SRV   33
#define DNAME 39
#define OPT   41

static const struct wire_name classes[] = {
	{ 1, "in" }, { 3, "ch" }, { 4, "hs" }, { 254, "none" }, { 255, "any" },
	{ 0, NULL },
};

static const struct wire_name opcodes[] = {
	{ 0, "query" }, { 1, "iquery" }, { 2, "status" }, { 4, "notify" }, { 5, "update" }, { 6, "dso" },
	{ 0, NULL },
};

static const struct wire_name rcodes[] = {
	{ 0, "noerror" }, { 1, "formerr" }, { 2, "servfail" }, { 3, "nxdomain" }, { 4, "notimp" }, { 5, "refused" },
	{ 6, "yxdomain" }, { 7, "yxrrset" }, { 8, "nxrrset" }, { 9, "notauth" }, { 10, "notzone" },
	{ 0, NULL },
};

/* ---- questions ---- */

static const struct wire_field question_fields[] = {
	{ .name = "name", .kind = WIRE_NAME,
	  .wireshark = "dns.qry.name", .help = "the name that is asked for" },
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .preset = "a", .names = types,
	  .wireshark = "dns.qry.type", .help = "kind of record that is wanted" },
	{ .name = "class", .kind = WIRE_UINT, .width = 16, .preset = "in", .names = classes,
	  .wireshark = "dns.qry.class", .help = "class; the high bit asks mDNS for a unicast answer" },
};
static const struct wire_record question = {
	.name = "question", .help = "one question", WIRE_FIELDS(question_fields) };
static const struct wire_record *const questions[] = { &question, NULL };
static const struct wire_list question_list = { .items = questions };

/* ---- resource records ---- */

static const struct wire_field text_fields[] = {
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH,
	  .length = { WIRE_SPAN_FIELD, 1, 0 }, .of = "text",
	  .wireshark = "dns.txt.length", .help = "octets of the text" },
	{ .name = "text", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "dns.txt", .help = "up to 255 octets of text" },
};
static const struct wire_record text = { .name = "text", .help = "one text", WIRE_FIELDS(text_fields) };
static const struct wire_record *const texts[] = { &text, NULL };
static const struct wire_list text_list = { .items = texts };

/* IANA, DNS EDNS0 option codes */
static const struct wire_name edns_codes[] = {
	{ 3, "nsid" }, { 8, "client-subnet" }, { 10, "cookie" }, { 11, "keepalive" }, { 12, "padding" }, { 15, "error" },
	{ 0, NULL },
};

static const struct wire_field edns_fields[] = {
	{ .name = "code", .kind = WIRE_UINT, .width = 16, .names = edns_codes,
	  .wireshark = "dns.opt.code", .help = "kind of option" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "dns.opt.len", .help = "octets of its data" },
	{ .name = "data", .kind = WIRE_BYTES,
	  .wireshark = "dns.opt.data", .help = "the option's octets" },
};
static const struct wire_record edns = {
	.name = "option", .help = "one option of EDNS, RFC 6891", WIRE_FIELDS(edns_fields) };
static const struct wire_record *const edns_options[] = { &edns, NULL };
static const struct wire_list edns_list = { .items = edns_options };

static const struct wire_field rr_fields[] = {
	{ .name = "name", .kind = WIRE_NAME,
	  .wireshark = "dns.resp.name", .help = "whose record it is; @12 is the question's name" },
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .preset = "a", .names = types,
	  .wireshark = "dns.resp.type", .help = "kind of record" },
	{ .name = "class", .kind = WIRE_UINT, .width = 16, .preset = "in", .names = classes,
	  .when = WIRE_UNLESS("type", OPT),
	  .wireshark = "dns.resp.class", .help = "class; the high bit flushes caches in mDNS" },
	{ .name = "ttl", .kind = WIRE_UINT, .width = 32, .when = WIRE_UNLESS("type", OPT),
	  .wireshark = "dns.resp.ttl", .help = "seconds that the record may be kept" },
	{ .name = "udp-size", .kind = WIRE_UINT, .width = 16, .preset = "1232", .when = WIRE_WHEN("type", OPT),
	  .wireshark = "dns.rr.udp_payload_size", .help = "octets that the sender takes by UDP" },
	{ .name = "ext-rcode", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", OPT),
	  .wireshark = "dns.resp.ext_rcode", .help = "high bits of the response code" },
	{ .name = "version", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("type", OPT),
	  .wireshark = "dns.resp.edns0_version", .help = "version of EDNS" },
	{ .name = "flags", .kind = WIRE_UINT, .width = 16, .hex = true, .when = WIRE_WHEN("type", OPT),
	  .wireshark = "dns.resp.z", .help = "0x8000: DNSSEC records are wanted" },
	{ .name = "rdlength", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "dns.resp.len", .help = "octets of the data" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32, .when = WIRE_WHEN("type", A),
	  .wireshark = "dns.a", .help = "IPv4 address" },
	{ .name = "address", .kind = WIRE_IPV6, .width = 128, .when = WIRE_WHEN("type", AAAA),
	  .wireshark = "dns.aaaa", .help = "IPv6 address" },
	{ .name = "target", .kind = WIRE_NAME, .when = WIRE_WHEN("type", NS),
	  .wireshark = "dns.ns", .help = "the zone's name server" },
	{ .name = "target", .kind = WIRE_NAME, .when = WIRE_WHEN("type", CNAME),
	  .wireshark = "dns.cname", .help = "the name that this one stands for" },
	{ .name = "target", .kind = WIRE_NAME, .when = WIRE_WHEN("type", PTR),
	  .wireshark = "dns.ptr.domain_name", .help = "the name of the address" },
	{ .name = "target", .kind = WIRE_NAME, .when = WIRE_WHEN("type", DNAME),
	  .wireshark = "dns.dname", .help = "the name that all below this one stand below" },
	{ .name = "preference", .kind = WIRE_UINT, .width = 16, .preset = "10", .when = WIRE_WHEN("type", MX),
	  .wireshark = "dns.mx.preference", .help = "the lowest is tried first" },
	{ .name = "exchange", .kind = WIRE_NAME, .when = WIRE_WHEN("type", MX),
	  .wireshark = "dns.mx.mail_exchange", .help = "the host that takes mail" },
	{ .name = "mname", .kind = WIRE_NAME, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.mname", .help = "the zone's primary name server" },
	{ .name = "rname", .kind = WIRE_NAME, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.rname", .help = "mail address of who keeps the zone" },
	{ .name = "serial", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.serial_number", .help = "number of the zone's version" },
	{ .name = "refresh", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.refresh_interval", .help = "seconds until a secondary server asks again" },
	{ .name = "retry", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.retry_interval", .help = "seconds until it asks again after no answer" },
	{ .name = "expire", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.expire_limit", .help = "seconds until it gives the zone up" },
	{ .name = "minimum", .kind = WIRE_UINT, .width = 32, .when = WIRE_WHEN("type", SOA),
	  .wireshark = "dns.soa.minimum_ttl", .help = "seconds that a name not found may be kept" },
	{ .name = "priority", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", SRV),
	  .wireshark = "dns.srv.priority", .help = "the lowest is tried first" },
	{ .name = "weight", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", SRV),
	  .wireshark = "dns.srv.weight", .help = "share among those of one priority" },
	{ .name = "port", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("type", SRV),
	  .wireshark = "dns.srv.port", .help = "port of the service" },
	{ .name = "target", .kind = WIRE_NAME, .when = WIRE_WHEN("type", SRV),
	  .wireshark = "dns.srv.target", .help = "host of the service" },
	{ .name = "texts", .kind = WIRE_LIST, .list = &text_list, .when = WIRE_WHEN("type", TXT),
	  .help = "one or more texts" },
	{ .name = "options", .kind = WIRE_LIST, .list = &edns_list, .when = WIRE_WHEN("type", OPT),
	  .help = "options of EDNS" },
	{ .name = "data", .kind = WIRE_BYTES,
	  .when = WIRE_UNLESS("type", A, AAAA, NS, CNAME, PTR, DNAME, MX, SOA, SRV, TXT, OPT),
	  .help = "the record's octets" },
};
static const struct wire_record rr = {
	.name = "record", .help = "one resource record", WIRE_FIELDS(rr_fields) };
static const struct wire_record *const rrs[] = { &rr, NULL };
static const struct wire_list rr_list = { .items = rrs };

/* ---- the message ---- */

static const struct wire_field fields[] = {
	{ .name = "id", .kind = WIRE_UINT, .width = 16, .hex = true,
	  .wireshark = "dns.id", .help = "the same in question and answer" },
	{ .name = "qr", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.response", .help = "1 in an answer" },
	{ .name = "opcode", .kind = WIRE_UINT, .width = 4, .names = opcodes,
	  .wireshark = "dns.flags.opcode", .help = "kind of message" },
	{ .name = "aa", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.authoritative", .help = "the server has authority for the name" },
	{ .name = "tc", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.truncated", .help = "the message was cut" },
	{ .name = "rd", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "dns.flags.recdesired", .help = "the server is to ask others" },
	{ .name = "ra", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.recavail", .help = "the server would ask others" },
	{ .name = "z", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.z", .help = "zero" },
	{ .name = "ad", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.authenticated", .help = "the data was verified, RFC 4035" },
	{ .name = "cd", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "dns.flags.checkdisable", .help = "data that is not verified will do, RFC 4035" },
	{ .name = "rcode", .kind = WIRE_UINT, .width = 4, .names = rcodes,
	  .wireshark = "dns.flags.rcode", .help = "whether it worked" },
	{ .name = "qdcount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "questions",
	  .wireshark = "dns.count.queries", .help = "how many questions" },
	{ .name = "ancount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "answers",
	  .wireshark = "dns.count.answers", .help = "how many answers" },
	{ .name = "nscount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "authority",
	  .wireshark = "dns.count.auth_rr", .help = "how many records of authority" },
	{ .name = "arcount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "additional",
	  .wireshark = "dns.count.add_rr", .help = "how many further records" },
	{ .name = "questions", .kind = WIRE_LIST, .list = &question_list, .help = "what is asked" },
	{ .name = "answers", .kind = WIRE_LIST, .list = &rr_list, .help = "records that answer it" },
	{ .name = "authority", .kind = WIRE_LIST, .list = &rr_list, .help = "records that name the servers of the zone" },
	{ .name = "additional", .kind = WIRE_LIST, .list = &rr_list, .help = "further records, and EDNS" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 53 },
	{ WIRE_UDP_PORT, 5353 }, /* mDNS, RFC 6762 */
	{ WIRE_UDP_PORT, 5355 }, /* LLMNR, RFC 4795 */
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_dns = {
	.header = { .name = "dns", .help = "DNS message", WIRE_FIELDS(fields) },
	.title = "Domain Name System",
	.rfc = "RFC 1035",
	.binds = binds,
};
