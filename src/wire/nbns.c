/* NetBIOS's name service over UDP. */
#include "wire/wire.h"

/* clang-format off */
/* RFC 1002 4.2.1.1, 4.2.1.2 */
static const struct wire_name opcodes[] = {
	{ 0, "query" }, { 5, "registration" }, { 6, "release" }, { 7, "wack" }, { 8, "refresh" },
	{ 0, NULL },
};
static const struct wire_name rcodes[] = {
	{ 0, "noerror" }, { 1, "formerr" }, { 2, "servfail" }, { 3, "namerr" }, { 4, "notimp" }, { 5, "refused" },
	{ 6, "active" }, { 7, "conflict" },
	{ 0, NULL },
};
static const struct wire_name types[] = {
	{ 0x20, "nb" }, { 0x21, "nbstat" },
	{ 0, NULL },
};
static const struct wire_name classes[] = {
	{ 1, "in" },
	{ 0, NULL },
};
static const struct wire_name node_types[] = {
	{ 0, "b-node" }, { 1, "p-node" }, { 2, "m-node" }, { 3, "h-node" },
	{ 0, NULL },
};

#define NB 0x20

#define NAME \
	{ .name = "name", .kind = WIRE_NAME, \
	  .help = "16 octets of name, each as two letters from A on: EGEJEMEF.. is FILE.., RFC 1001 14.1" }
#define TYPE \
	{ .name = "type", .kind = WIRE_UINT, .width = 16, .hex = true, .preset = "nb", .names = types, \
	  .wireshark = "nbns.type", .help = "kind of record" }
#define CLASS \
	{ .name = "class", .kind = WIRE_UINT, .width = 16, .preset = "in", .names = classes, \
	  .wireshark = "nbns.class", .help = "class: internet" }

static const struct wire_field question_fields[] = { NAME, TYPE, CLASS };
static const struct wire_record question = {
	.name = "question", .help = "one question", WIRE_FIELDS(question_fields) };
static const struct wire_record *const questions[] = { &question, NULL };
static const struct wire_list question_list = { .items = questions };

static const struct wire_field address_fields[] = {
	{ .name = "group", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "nbns.nb_flags.group", .help = "the name is a group's" },
	{ .name = "node", .kind = WIRE_UINT, .width = 2, .names = node_types,
	  .wireshark = "nbns.nb_flags.ont", .help = "how the owner asks for names" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 13, .help = "zero" },
	{ .name = "address", .kind = WIRE_IPV4, .width = 32,
	  .wireshark = "nbns.addr", .help = "an owner's address" },
};
static const struct wire_record address = {
	.name = "owner", .help = "an owner of the name", WIRE_FIELDS(address_fields) };
static const struct wire_record *const addresses[] = { &address, NULL };
static const struct wire_list address_list = { .items = addresses };

static const struct wire_field record_fields[] = {
	NAME,
	TYPE,
	CLASS,
	{ .name = "ttl", .kind = WIRE_UINT, .width = 32,
	  .wireshark = "nbns.ttl", .help = "seconds that the record may be kept" },
	{ .name = "rdlength", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "nbns.data_length", .help = "octets of the data" },
	{ .name = "owners", .kind = WIRE_LIST, .list = &address_list, .when = WIRE_WHEN("type", NB),
	  .help = "who has the name" },
	{ .name = "data", .kind = WIRE_BYTES, .when = WIRE_UNLESS("type", NB), .help = "the record's octets" },
};
static const struct wire_record record = {
	.name = "record", .help = "one resource record", WIRE_FIELDS(record_fields) };
static const struct wire_record *const records[] = { &record, NULL };
static const struct wire_list record_list = { .items = records };

static const struct wire_field fields[] = {
	{ .name = "id", .kind = WIRE_UINT, .width = 16, .hex = true,
	  .wireshark = "nbns.id", .help = "the same in request and response" },
	{ .name = "response", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "nbns.flags.response", .help = "1 in a response" },
	{ .name = "opcode", .kind = WIRE_UINT, .width = 4, .names = opcodes,
	  .wireshark = "nbns.flags.opcode", .help = "kind of message" },
	{ .name = "aa", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "nbns.flags.authoritative", .help = "the responder has authority for the name" },
	{ .name = "tc", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "nbns.flags.truncated", .help = "the message was cut" },
	{ .name = "rd", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "nbns.flags.recdesired", .help = "the server is to ask others" },
	{ .name = "ra", .kind = WIRE_UINT, .width = 1,
	  .wireshark = "nbns.flags.recavail", .help = "the server would ask others" },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 2, .help = "zero" },
	{ .name = "broadcast", .kind = WIRE_UINT, .width = 1, .preset = "1",
	  .wireshark = "nbns.flags.broadcast", .help = "the packet is broadcast" },
	{ .name = "rcode", .kind = WIRE_UINT, .width = 4, .names = rcodes,
	  .wireshark = "nbns.flags.rcode", .help = "whether it worked" },
	{ .name = "qdcount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "questions",
	  .wireshark = "nbns.count.queries", .help = "how many questions" },
	{ .name = "ancount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "answers",
	  .wireshark = "nbns.count.answers", .help = "how many answers" },
	{ .name = "nscount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "authority",
	  .wireshark = "nbns.count.auth_rr", .help = "how many records of authority" },
	{ .name = "arcount", .kind = WIRE_UINT, .width = 16, .rule = WIRE_COUNT, .of = "additional",
	  .wireshark = "nbns.count.add_rr", .help = "how many further records" },
	{ .name = "questions", .kind = WIRE_LIST, .list = &question_list, .help = "what is asked" },
	{ .name = "answers", .kind = WIRE_LIST, .list = &record_list, .help = "records that answer it" },
	{ .name = "authority", .kind = WIRE_LIST, .list = &record_list, .help = "records that name other servers" },
	{ .name = "additional", .kind = WIRE_LIST, .list = &record_list, .help = "the name that is registered" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 137 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_nbns = {
	.header = { .name = "nbns", .help = "NetBIOS name service message", WIRE_FIELDS(fields) },
	.title = "NetBIOS Name Service",
	.rfc = "RFC 1002 4.2",
	.binds = binds,
};
