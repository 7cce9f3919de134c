/* SCTP's CRC32c, held against test vectors of others, and the two ways to compute it against each
 * other. */
#include "wire/crc32c.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

#define LENGTH_MAX 2048

/* The check value that catalogues of CRCs give for CRC-32/ISCSI. */
static void the_check_value_is_e3069283(void **state)
{
	(void)state;
	assert_int_equal(crc32c(0, (const uint8_t *)"123456789", 9), 0xe3069283);
}

/* RFC 3720 B.4: 32 octets of zeros, of ones, counting up and counting down; the CRC as it is sent,
 * lowest octet first. */
static void the_vectors_of_rfc_3720_come_out(void **state)
{
	uint8_t octets[32];

	(void)state;
	memset(octets, 0, sizeof(octets));
	assert_int_equal(crc32c_field(crc32c(0, octets, sizeof(octets))), 0xaa36918a);
	memset(octets, 0xff, sizeof(octets));
	assert_int_equal(crc32c_field(crc32c(0, octets, sizeof(octets))), 0x43aba862);
	for (unsigned int i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)i;
	assert_int_equal(crc32c_field(crc32c(0, octets, sizeof(octets))), 0x4e79dd46);
	for (unsigned int i = 0; i < sizeof(octets); i++)
		octets[i] = (uint8_t)(sizeof(octets) - 1 - i);
	assert_int_equal(crc32c_field(crc32c(0, octets, sizeof(octets))), 0x5cdb3f11);
}

static void the_table_gives_what_the_instruction_gives(void **state)
{
	static uint8_t octets[LENGTH_MAX + 8];
	uint64_t seed = 31;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		size_t start = support_random_below(&seed, 8);
		size_t length = support_random_below(&seed, LENGTH_MAX + 1);
		uint32_t before = (uint32_t)support_random(&seed);

		support_random_octets(&seed, octets + start, length);
		assert_int_equal(crc32c(before, octets + start, length),
			crc32c_by_table(before, octets + start, length));
	}
}

static void pieces_may_be_cut_anywhere(void **state)
{
	static uint8_t octets[LENGTH_MAX];
	uint64_t seed = 32;

	(void)state;
	support_random_octets(&seed, octets, sizeof(octets));
	for (int round = 0; round < 1000; round++) {
		size_t cut = support_random_below(&seed, LENGTH_MAX + 1);
		uint32_t first = crc32c(0, octets, cut);

		assert_int_equal(crc32c(first, octets + cut, LENGTH_MAX - cut),
			crc32c(0, octets, LENGTH_MAX));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_check_value_is_e3069283),
		cmocka_unit_test(the_vectors_of_rfc_3720_come_out),
		cmocka_unit_test(the_table_gives_what_the_instruction_gives),
		cmocka_unit_test(pieces_may_be_cut_anywhere),
	};

	return cmocka_run_group_tests_name("wire/crc32c", tests, NULL, NULL);
}
