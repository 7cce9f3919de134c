/* Ethernet's configuration testing: frames that stations send on and back. */
#include "wire/wire.h"

/* clang-format off */
/* Its numbers have their low octet first: both octets are fields, and the high one is seldom needed. */
#define FUNCTION \
	{ .name = "function", .kind = WIRE_UINT, .width = 8, .names = functions, \
	  .wireshark = "loop.function", .help = "what to do" }, \
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8, \
	  .wireshark = "loop.function", .help = "high octet of the function: zero" }

static const struct wire_name functions[] = {
	{ 1, "reply" }, { 2, "forward" },
	{ 0, NULL },
};

static const struct wire_field forward_fields[] = {
	FUNCTION,
	{ .name = "address", .kind = WIRE_MAC, .width = 48,
	  .wireshark = "loop.forwarding_address", .help = "where the receiver sends the frame on to" },
};
static const struct wire_field reply_fields[] = {
	FUNCTION,
	{ .name = "receipt", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "loop.receipt_number", .help = "number by which the sender knows its frame again" },
	{ .name = "receipt-high", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "loop.receipt_number", .help = "high octet of the receipt" },
};
static const struct wire_field other_fields[] = { FUNCTION };

static const struct wire_record reply = {
	.name = "reply", .id = 1, .help = "it is back at the station that asked; the last message", WIRE_FIELDS(reply_fields) };
static const struct wire_record forward = {
	.name = "forward", .id = 2, .help = "send it on", WIRE_FIELDS(forward_fields) };
static const struct wire_record other = {
	.name = "message", .help = "any other function", WIRE_FIELDS(other_fields) };

static const struct wire_record *const messages[] = { &reply, &forward, NULL };
static const struct wire_list message_list = { .items = messages, .other = &other, .id_width = 8, .end = &reply };

static const struct wire_field fields[] = {
	{ .name = "skip-count", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "loop.skipcount", .help = "octets of messages that are done: the next one stands behind them" },
	{ .name = "skip-count-high", .kind = WIRE_UINT, .width = 8,
	  .wireshark = "loop.skipcount", .help = "high octet of the count" },
	{ .name = "messages", .kind = WIRE_LIST, .list = &message_list, .help = "what is to be done, in turn" },
};

static const struct wire_bind binds[] = {
	{ WIRE_ETHERTYPE, 0x9000 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_loopback = {
	.header = { .name = "loopback", .help = "Ethernet loopback test", WIRE_FIELDS(fields) },
	.title = "Ethernet Configuration Testing Protocol",
	.rfc = "Ethernet version 2.0, 8",
	.binds = binds,
};
