/* The FCS, held against zlib. */
#include "wire/crc32.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <zlib.h>
#include <cmocka.h>

#define LENGTH_MAX 9216

static uint32_t little_endian(const uint8_t fcs[FCS_LENGTH])
{
	return (uint32_t)fcs[3] << 24 | (uint32_t)fcs[2] << 16 | (uint32_t)fcs[1] << 8 | fcs[0];
}

static void it_is_zlibs_crc32_lowest_octet_first(void **state)
{
	static uint8_t octets[LENGTH_MAX + 8];
	uint8_t fcs[FCS_LENGTH];
	uint64_t seed = 21;

	(void)state;
	for (int round = 0; round < 10000; round++) {
		size_t start = support_random_below(&seed, 8);
		size_t length = support_random_below(&seed, round % 4 ? 300 : LENGTH_MAX + 1);

		support_random_octets(&seed, octets + start, length);
		crc32_fcs(octets + start, length, fcs);
		assert_int_equal(little_endian(fcs), crc32(0, octets + start, (uInt)length));
	}
}

static void every_length_to_9216_is_right(void **state)
{
	static uint8_t octets[LENGTH_MAX];
	uint8_t fcs[FCS_LENGTH];
	uint64_t seed = 22;
	uLong wanted = crc32(0, NULL, 0);

	(void)state;
	support_random_octets(&seed, octets, sizeof(octets));
	for (size_t length = 0; length <= LENGTH_MAX; length++) {
		crc32_fcs(octets, length, fcs);
		assert_int_equal(little_endian(fcs), wanted);
		if (length < LENGTH_MAX)
			wanted = crc32(wanted, octets + length, 1);
	}
}

/* The check value that catalogues of CRCs give for CRC-32/ISO-HDLC. */
static void the_check_value_is_cbf43926(void **state)
{
	uint8_t fcs[FCS_LENGTH];

	(void)state;
	crc32_fcs((const uint8_t *)"123456789", 9, fcs);
	assert_memory_equal(fcs, "\x26\x39\xf4\xcb", FCS_LENGTH);
}

/* What a receiver checks: the CRC over frame and FCS is the same for every frame. */
static void a_frame_with_its_fcs_leaves_the_residue(void **state)
{
	uint8_t octets[200 + FCS_LENGTH];
	uint8_t fcs[FCS_LENGTH];
	uint64_t seed = 23;

	(void)state;
	for (size_t length = 14; length <= 200; length++) {
		support_random_octets(&seed, octets, length);
		crc32_fcs(octets, length, octets + length);
		crc32_fcs(octets, length + FCS_LENGTH, fcs);
		assert_int_equal(little_endian(fcs), 0x2144df1c);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_zlibs_crc32_lowest_octet_first),
		cmocka_unit_test(every_length_to_9216_is_right),
		cmocka_unit_test(the_check_value_is_cbf43926),
		cmocka_unit_test(a_frame_with_its_fcs_leaves_the_residue),
	};

	return cmocka_run_group_tests_name("wire/crc32", tests, NULL, NULL);
}
