/* TFTP, with the options of RFC 2347. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name opcodes[] = {
	{ 1, "rrq" }, { 2, "wrq" }, { 3, "data" }, { 4, "ack" }, { 5, "error" }, { 6, "oack" },
	{ 0, NULL },
};

static const struct wire_name errors[] = {
	{ 0, "undefined" }, { 1, "not-found" }, { 2, "access" }, { 3, "disk-full" }, { 4, "illegal" }, { 5, "unknown-id" },
	{ 6, "exists" }, { 7, "no-such-user" }, { 8, "option" },
	{ 0, NULL },
};

#define RRQ   1
#define WRQ   2
#define DATA  3
#define ACK   4
#define ERROR 5
#define OACK  6

static const struct wire_field option_fields[] = {
	{ .name = "name", .kind = WIRE_STRING,
	  .wireshark = "tftp.option.name", .help = "blksize, timeout, tsize, windowsize" },
	{ .name = "value", .kind = WIRE_STRING,
	  .wireshark = "tftp.option.value", .help = "its value, a number in digits" },
};
static const struct wire_record option = { .name = "option", .help = "one option", WIRE_FIELDS(option_fields) };
static const struct wire_record *const options[] = { &option, NULL };
static const struct wire_list option_list = { .items = options };

static const struct wire_field fields[] = {
	{ .name = "opcode", .kind = WIRE_UINT, .width = 16, .preset = "rrq", .names = opcodes,
	  .wireshark = "tftp.opcode", .help = "kind of packet" },
	{ .name = "file", .kind = WIRE_STRING, .when = WIRE_WHEN("opcode", RRQ),
	  .wireshark = "tftp.source_file", .help = "name of the file that is asked for" },
	{ .name = "file", .kind = WIRE_STRING, .when = WIRE_WHEN("opcode", WRQ),
	  .wireshark = "tftp.destination_file", .help = "name of the file that is to be written" },
	{ .name = "mode", .kind = WIRE_STRING, .preset = "octet", .when = WIRE_WHEN("opcode", RRQ, WRQ),
	  .wireshark = "tftp.type", .help = "octet, netascii or mail" },
	{ .name = "block", .kind = WIRE_UINT, .width = 16, .preset = "1", .when = WIRE_WHEN("opcode", DATA, ACK),
	  .wireshark = "tftp.block", .help = "number of the block, from 1; an ACK of 0 takes a WRQ" },
	{ .name = "code", .kind = WIRE_UINT, .width = 16, .names = errors, .when = WIRE_WHEN("opcode", ERROR),
	  .wireshark = "tftp.error.code", .help = "what is wrong" },
	{ .name = "message", .kind = WIRE_STRING, .when = WIRE_WHEN("opcode", ERROR),
	  .wireshark = "tftp.error.message", .help = "the same in words" },
	{ .name = "options", .kind = WIRE_LIST, .list = &option_list, .when = WIRE_WHEN("opcode", RRQ, WRQ, OACK),
	  .help = "options and their values, RFC 2347" },
	{ .name = "data", .kind = WIRE_BYTES, .text = true, .when = WIRE_UNLESS("opcode", RRQ, WRQ, ACK, ERROR, OACK),
	  .wireshark = "tftp.data", .help = "the block's octets; fewer than 512 end the file" },
};

static const struct wire_bind binds[] = {
	{ WIRE_UDP_PORT, 69 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_tftp = {
	.header = { .name = "tftp", .help = "TFTP packet", WIRE_FIELDS(fields) },
	.title = "Trivial File Transfer Protocol",
	.rfc = "RFC 1350",
	.binds = binds,
};
