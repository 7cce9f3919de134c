/* patch_program_describe: every part of a program has its words. */
#include "patch/program.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void describes(const struct patch_frame *frames, unsigned int count, const char *wanted)
{
	struct patch_program program;
	struct buffer out = { 0 };

	patch_program_init(&program, frames, count);
	patch_program_describe(&program, &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static void frames_that_stay_have_their_length_weight_and_pause(void **state)
{
	static const struct patch_frame frames[] = {
		{ .name = "a", .length = 60, .weight = 1 },
		{ .length = 1514, .weight = 4, .gap_ns = 1500 },
	};

	(void)state;
	describes(frames, 2,
		"program of 2 frames, 5 a pass\n"
		"\n"
		"frame 0: a, 1 time in a row; always the same 60 octets\n"
		"\n"
		"frame 1: (no name), 4 times in a row, then a pause of 1500 ns; always the same "
		"1514 octets\n");
}

static const uint8_t octets[100];
static const uint64_t nine[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };

static void generators_have_their_values(void **state)
{
	static const struct patch_generator generators[] = {
		{ "udp.sport", PATCH_COUNT, .width = 16, .first = 1000, .step = 2, .count = 3,
			.divisor = 1 },
		{ "udp.dport", PATCH_COUNT, .width = 16, .first = 9, .step = -3ULL, .count = 4,
			.divisor = 12 },
		{ "ipv4.id", PATCH_RANDOM, .width = 16, .first = 16, .count = 240, .divisor = 1 },
		{ "payload.data", PATCH_RANDOM, .width = 64, .divisor = 1 },
		{ "vlan.id", PATCH_SHUFFLE, .width = 12, .first = 1, .count = 1, .divisor = 1 },
		{ "ipv4.ttl", PATCH_TABLE, .width = 8, .count = 8, .divisor = 1, .table = nine },
		{ "ipv4.dscp", PATCH_TABLE, .width = 6, .count = 9, .divisor = 1, .table = nine },
	};
	static const struct patch_image image = { .octets = octets, .length = 100 };
	static const struct patch_varying varying = {
		.generators = generators, .generator_count = 7, .images = &image, .image_count = 1
	};
	static const struct patch_frame frame = {
		.name = "a", .octets = octets, .length = 100, .weight = 1, .varying = &varying
	};

	(void)state;
	describes(&frame, 1,
		"program of 1 frame, 1 a pass\n"
		"\n"
		"frame 0: a, 1 time in a row\n"
		"  generators\n"
		"    g0   u16  count    0x3e8..0x3ec up by 2, 3 values  (udp.sport)\n"
		"    g1   u16  count    0x9..0x0 down by 3, 4 values, each for 12 turns  "
		"(udp.dport)\n"
		"    g2   u16  random   0x10..0xff, 240 values  (ipv4.id)\n"
		"    g3   u64  random   0x0..0xffffffffffffffff, 2^64 values  (payload.data)\n"
		"    g4   u12  shuffle  0x1..0x1, 1 value  (vlan.id)\n"
		"    g5   u8   list     0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, 8 values  "
		"(ipv4.ttl)\n"
		"    g6   u6   list     0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x7, 0x8, ..., 9 values  "
		"(ipv4.dscp)\n"
		"  image 0, 100 octets\n");
}

static void writes_sums_and_the_fcs_have_their_places(void **state)
{
	static const struct patch_generator generator = { "udp.sport", PATCH_COUNT, .width = 16,
		.step = 1, .count = 2, .divisor = 1 };
	static const struct patch_touch touches[] = { { 1, 0 }, { 2, 8 }, { 3, 0 } };
	static const struct patch_write writes[] = {
		{ .bit = 112, .width = 3, .touches = { 0, 0 } },
		{ .bit = 116, .width = 12, .touches = { 0, 1 } },
		{ .bit = 176, .width = 8, .shift = 4, .touches = { 1, 2 } },
		{ .bit = 208, .width = 32, .generator = 0 },
	};
	static const struct patch_sum sums[] = {
		{ PATCH_SUM_PSEUDO, .offset = 40, .base = 0x12, .name = "udp.checksum" },
		{ PATCH_SUM_UDP, .offset = 40, .base = 0xabcd, .bad = true, .has_pseudo = true,
			.touches = { 1, 1 }, .name = "udp.checksum" },
		{ PATCH_SUM_INTERNET, .offset = 24, .base = 1, .name = "ipv4.checksum" },
		{ PATCH_SUM_CRC32C, .offset = 42, .start = 34, .end = 96, .name = "sctp.checksum" },
	};
	static const struct patch_image image = { .octets = octets,
		.length = 100,
		.writes = writes,
		.write_count = 4,
		.sums = sums,
		.sum_count = 4,
		.touches = touches };
	static const struct patch_varying varying = { .generators = &generator,
		.generator_count = 1,
		.images = &image,
		.image_count = 1,
		.fcs = PATCH_FCS_BAD };
	static const struct patch_frame frame = {
		.name = "a", .octets = octets, .length = 100, .weight = 1, .varying = &varying
	};

	(void)state;
	describes(&frame, 1,
		"program of 1 frame, 1 a pass\n"
		"\n"
		"frame 0: a, 1 time in a row\n"
		"  generators\n"
		"    g0   u16  count    0x0..0x1 up by 1, 2 values  (udp.sport)\n"
		"  image 0, 100 octets\n"
		"    write  bits 112..114 = g0\n"
		"    write  bits 116..127 = g0; changes s1\n"
		"    write  octet 22 = g0 >> 4; changes s2 << 8, s3\n"
		"    write  octets 26..29 = g0\n"
		"    s0     not sent = pseudo header, base 0x0012 (udp.checksum)\n"
		"    s1     octets 40..41 = bad udp, base 0xabcd (udp.checksum); changes s2 << 8\n"
		"    s2     octets 24..25 = internet, base 0x0001 (ipv4.checksum)\n"
		"    s3     octets 42..45 = crc32c of octets 34..95 (sctp.checksum)\n"
		"    fcs    octets 96..99 = bad crc32\n");
}

static void images_are_numbered_by_what_chooses_them(void **state)
{
	static const struct patch_generator generators[] = {
		{ "tcp.options", PATCH_COUNT, .width = 16, .step = 1, .count = 2, .divisor = 1 },
		{ "size", PATCH_COUNT, .width = 16, .step = 1, .count = 2, .divisor = 2 },
	};
	static const struct patch_choice choices[] = { { 0, 1, "tcp.options" }, { 1, 2, "size" } };
	static const struct patch_image images[] = { { octets, .length = 60 },
		{ octets, .length = 64 }, { octets, .length = 96 }, { octets, .length = 100 } };
	static const struct patch_varying varying = { generators, 2, choices, 2, images, 4,
		PATCH_FCS_RIGHT };
	static const struct patch_frame frame = {
		.name = "a", .octets = octets, .length = 60, .weight = 1, .varying = &varying
	};

	(void)state;
	describes(&frame, 1,
		"program of 1 frame, 1 a pass\n"
		"\n"
		"frame 0: a, 1 time in a row\n"
		"  generators\n"
		"    g0   u16  count    0x0..0x1 up by 1, 2 values  (tcp.options)\n"
		"    g1   u16  count    0x0..0x1 up by 1, 2 values, each for 2 turns  (size)\n"
		"  image number = g0 + g1 * 2, of 4\n"
		"  image 0, 60 octets\n"
		"    fcs    octets 56..59 = crc32\n"
		"  image 1, 64 octets\n"
		"    fcs    octets 60..63 = crc32\n"
		"  and 2 more such images\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_that_stay_have_their_length_weight_and_pause),
		cmocka_unit_test(generators_have_their_values),
		cmocka_unit_test(writes_sums_and_the_fcs_have_their_places),
		cmocka_unit_test(images_are_numbered_by_what_chooses_them),
	};

	return cmocka_run_group_tests_name("patch/describe", tests, NULL, NULL);
}
