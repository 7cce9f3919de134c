/* The octets by which a frame is known again. */
#include "wire/signature.h"

#include "base/bytes.h"

/* clang-format off */
#define SIGNATURE_FIELDS \
	{ .name = "magic", .kind = WIRE_UINT, .width = 32, .hex = true, \
	  .help = "says that this is a signature" }, \
	{ .name = "stream", .kind = WIRE_UINT, .width = 16, \
	  .help = "which frame of the list it is" }, \
	{ .name = "sequence", .kind = WIRE_UINT, .width = 32, \
	  .help = "how often that frame was sent before" }, \
	{ .name = "time", .kind = WIRE_UINT, .width = 48, \
	  .help = "when it was made, in nanoseconds of the wall clock" }

static const struct wire_field fields[] = { SIGNATURE_FIELDS };

static const struct wire_field balanced_fields[] = {
	{ .name = "word", .kind = WIRE_UINT, .width = 16, .hex = true,
	  .help = "the sum of the octets that gave way" },
	{ .name = "balance", .kind = WIRE_UINT, .width = 16, .hex = true, .rule = WIRE_CHECKSUM,
	  .sum = WIRE_SUM_RECORD, .of = "word",
	  .help = "makes the sum of all that follows zero" },
	SIGNATURE_FIELDS,
};
/* clang-format on */

const struct wire_protocol wire_signature = {
	.header = { .name = "signature",
		.help = "by which a frame is known again",
		WIRE_FIELDS(fields) },
	.title = "Signature",
};

const struct wire_protocol wire_signature_balanced = {
	.header = { .name = "signature",
		.help = "by which a fragment is known again",
		WIRE_FIELDS(balanced_fields) },
	.title = "Signature",
};

bool signature_find(const uint8_t *octets, size_t length, struct signature *ret)
{
	for (size_t behind = 0; behind <= SIGNATURE_BEHIND_MAX; behind++) {
		const uint8_t *at;

		if (length < behind + SIGNATURE_LENGTH)
			return false;
		at = octets + length - behind - SIGNATURE_LENGTH;
		if (bytes_get_be32(at) != SIGNATURE_MAGIC)
			continue;
		*ret = (struct signature){
			.stream = bytes_get_be16(at + SIGNATURE_STREAM_AT),
			.sequence = bytes_get_be32(at + SIGNATURE_SEQUENCE_AT),
			.time = bytes_get_bits(at, 8 * SIGNATURE_TIME_AT, SIGNATURE_TIME_BITS),
			.offset = (uint32_t)(at - octets),
		};
		return true;
	}
	return false;
}

int64_t signature_age(const struct signature *signature, uint64_t now_ns)
{
	uint64_t age = (now_ns - signature->time) & SIGNATURE_TIME_MASK;

	/* The upper half are times that are yet to come. */
	if (age >> (SIGNATURE_TIME_BITS - 1))
		return (int64_t)(age | ~SIGNATURE_TIME_MASK);
	return (int64_t)age;
}
