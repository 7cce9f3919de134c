/* Big-endian and bit-wise access, held against one bit at a time. */
#include "base/bytes.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define OCTETS 16

static unsigned int bit_at(const uint8_t *p, size_t bit)
{
	return p[bit / 8] >> (7 - bit % 8) & 1;
}

static void bits_read_are_those_that_stand_there(void **state)
{
	uint64_t seed = 1;
	uint8_t octets[OCTETS];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		unsigned int width = (unsigned int)support_random_below(&seed, 64) + 1;
		size_t bit = support_random_below(&seed, OCTETS * 8 - width + 1);
		uint64_t wanted = 0;

		support_random_octets(&seed, octets, OCTETS);
		for (unsigned int i = 0; i < width; i++)
			wanted = wanted << 1 | bit_at(octets, bit + i);
		assert_int_equal(bytes_get_bits(octets, bit, width), wanted);
	}
}

static void bits_written_read_back_and_their_neighbours_stay(void **state)
{
	uint64_t seed = 2;
	uint8_t before[OCTETS];
	uint8_t after[OCTETS];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		unsigned int width = (unsigned int)support_random_below(&seed, 64) + 1;
		size_t bit = support_random_below(&seed, OCTETS * 8 - width + 1);
		uint64_t value = support_random(&seed) >> (64 - width);

		support_random_octets(&seed, before, OCTETS);
		memcpy(after, before, OCTETS);
		bytes_put_bits(after, bit, width, value);
		assert_int_equal(bytes_get_bits(after, bit, width), value);
		for (size_t i = 0; i < OCTETS * 8; i++)
			if (i < bit || i >= bit + width)
				assert_int_equal(bit_at(after, i), bit_at(before, i));
	}
}

static void big_endian_words_have_their_highest_octet_first(void **state)
{
	const uint8_t octets[] = { 0x80, 0x01, 0xfe, 0xff };
	uint8_t copy[4];

	(void)state;
	assert_int_equal(bytes_get_be16(octets), 0x8001);
	assert_int_equal(bytes_get_be32(octets), 0x8001feff);
	bytes_put_be16(copy, 0x8001);
	bytes_put_be16(copy + 2, 0xfeff);
	assert_memory_equal(copy, octets, 4);
	bytes_put_be32(copy, 0x8001feff);
	assert_memory_equal(copy, octets, 4);
}

static void octets_are_zero_where_none_of_them_is_set(void **state)
{
	uint8_t octets[5] = { 0 };

	(void)state;
	assert_true(bytes_are_zero(octets, sizeof(octets)));
	for (size_t i = 0; i < sizeof(octets); i++) {
		octets[i] = 1;
		assert_false(bytes_are_zero(octets, sizeof(octets)));
		assert_true(bytes_are_zero(octets, i));
		octets[i] = 0;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_read_are_those_that_stand_there),
		cmocka_unit_test(bits_written_read_back_and_their_neighbours_stay),
		cmocka_unit_test(big_endian_words_have_their_highest_octet_first),
		cmocka_unit_test(octets_are_zero_where_none_of_them_is_set),
	};

	return cmocka_run_group_tests_name("base/bytes", tests, NULL, NULL);
}
