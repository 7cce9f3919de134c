/* Whatever no other protocol of ours reads. */
#include "wire/wire.h"

/* clang-format off */
static const struct wire_field fields[] = {
	{ .name = "data", .kind = WIRE_BYTES, .text = true,
	  .wireshark = "data.data", .help = "octets as they stand" },
};
/* clang-format on */

const struct wire_protocol wire_payload = {
	.header = { .name = "payload", .help = "octets as they stand", WIRE_FIELDS(fields) },
	.title = "Payload",
};
