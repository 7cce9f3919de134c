/* Modbus over TCP: the header, and the function with its octets. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_name functions[] = {
	{ 1, "read-coils" }, { 2, "read-discrete-inputs" }, { 3, "read-holding-registers" },
	{ 4, "read-input-registers" }, { 5, "write-coil" }, { 6, "write-register" }, { 7, "read-exception-status" },
	{ 8, "diagnostics" }, { 15, "write-coils" }, { 16, "write-registers" }, { 17, "report-server-id" },
	{ 22, "mask-write-register" }, { 23, "read-write-registers" }, { 43, "read-device-identification" },
	{ 0, NULL },
};

static const struct wire_field fields[] = {
	{ .name = "transaction", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "mbtcp.trans_id", .help = "the same in request and answer" },
	{ .name = "protocol", .kind = WIRE_UINT, .width = 16,
	  .wireshark = "mbtcp.prot_id", .help = "0 is Modbus" },
	{ .name = "length", .kind = WIRE_UINT, .width = 16, .rule = WIRE_LENGTH, .length = { WIRE_SPAN_REST, 1, 0 },
	  .wireshark = "mbtcp.len", .help = "octets behind this field" },
	{ .name = "unit", .kind = WIRE_UINT, .width = 8, .preset = "255",
	  .wireshark = "mbtcp.unit_id", .help = "a device behind the one addressed; 255 is itself" },
	{ .name = "function", .kind = WIRE_UINT, .width = 8, .preset = "read-holding-registers", .names = functions,
	  .wireshark = "modbus.func_code", .help = "what is to be done; with 128 more an error" },
	{ .name = "data", .kind = WIRE_BYTES, .help = "the function's octets" },
};

static const struct wire_bind binds[] = {
	{ WIRE_TCP_PORT, 502 },
	{ WIRE_SPACE_NONE, 0 },
};
/* clang-format on */

const struct wire_protocol wire_modbus = {
	.header = { .name = "modbus", .help = "Modbus/TCP message", WIRE_FIELDS(fields) },
	.title = "Modbus over TCP",
	.rfc = "Modbus Messaging on TCP/IP 3.1.3",
	.binds = binds,
};
