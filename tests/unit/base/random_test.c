/* random: numbers as a function of a key and an index, and permutations. */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void the_same_seed_and_name_give_the_same_numbers(void **state)
{
	(void)state;
	assert_int_equal(random_key(1, "udp.sport"), random_key(1, "udp.sport"));
	assert_int_not_equal(random_key(1, "udp.sport"), random_key(2, "udp.sport"));
	assert_int_not_equal(random_key(1, "udp.sport"), random_key(1, "udp.dport"));
	assert_int_not_equal(random_derive(1, 0), random_derive(1, 1));
	/* Pinned: a seed that was written down has to give the same frames in the next release. */
	assert_true(random_at(0, 0) == 0xe220a8397b1dcdafULL); /* SplitMix64's first of seed 0 */
	assert_true(random_at(0, 1) == 0x6e789e6aa1b965f4ULL); /* and its second */
}

static void the_high_half_of_a_product_is_that_of_128_bits(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t a = random_at(1, i), b = random_at(2, i) >> i % 64;

		assert_true(random_high(a, b) == (uint64_t)(((unsigned __int128)a * b) >> 64));
	}
	assert_true(random_high(UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
}

/* Chi squared of draws in 64 cells of the range; 63 degrees of freedom. */
static double chi_squared(uint64_t key, uint64_t count)
{
	enum { CELLS = 64, DRAWS = 64 * 1000 };
	uint64_t cells[CELLS] = { 0 };
	double sum = 0;

	for (uint64_t i = 0; i < DRAWS; i++) {
		uint64_t number = random_scale(random_at(key, i), count);

		assert_true(!count || number < count);
		cells[(uint64_t)(((unsigned __int128)number * CELLS) /
				 (count ? count : (unsigned __int128)1 << 64))]++;
	}
	for (unsigned int i = 0; i < CELLS; i++) {
		double off = (double)cells[i] - 1000;

		sum += off * off / 1000;
	}
	return sum;
}

static void random_numbers_are_spread_evenly_over_their_range(void **state)
{
	static const uint64_t counts[] = { 64, 6400, 65536, 64ULL << 20, 1ULL << 32, 3ULL << 40,
		3ULL << 62, 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		for (uint64_t seed = 0; seed < 4; seed++) {
			double sum = chi_squared(random_key(seed, "x"), counts[i]);

			/* Beyond these once in a million times each. */
			assert_true(sum > 22 && sum < 130);
		}
}

static void one_value_is_always_itself(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 100; i++) {
		assert_int_equal(random_scale(random_at(7, i), 1), 0);
		assert_int_equal(random_permute(random_at(7, i), random_root(1), 1, 0), 0);
	}
}

static void the_root_is_the_least_whose_square_holds_all(void **state)
{
	(void)state;
	assert_int_equal(random_root(1), 1);
	assert_int_equal(random_root(2), 2);
	assert_int_equal(random_root(4), 2);
	assert_int_equal(random_root(5), 3);
	assert_int_equal(random_root(65536), 256);
	assert_int_equal(random_root(0), 1ULL << 32);
	assert_int_equal(random_root(UINT64_MAX), 1ULL << 32);
	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t count = (random_at(3, i) >> i % 62) + 1;
		uint64_t root = random_root(count);

		assert_true(root == 1ULL << 32 || root * root >= count);
		assert_true((root - 1) * (root - 1) < count);
	}
}

static void assert_permutation(uint64_t key, uint64_t count)
{
	uint8_t *seen = calloc(count, 1);
	uint64_t root = random_root(count);

	assert_non_null(seen);
	for (uint64_t i = 0; i < count; i++) {
		uint64_t to = random_permute(key, root, count, i);

		assert_true(to < count);
		assert_false(seen[to]);
		seen[to] = 1;
	}
	free(seen);
}

static void a_permutation_takes_each_number_once(void **state)
{
	static const uint64_t large[] = { 1000, 4095, 4096, 4097, 65535, 65536, 65537,
		(1 << 20) + 7 };

	(void)state;
	for (uint64_t count = 1; count <= 300; count++)
		for (uint64_t key = 0; key < 5; key++)
			assert_permutation(random_at(key, count), count);
	for (size_t i = 0; i < sizeof(large) / sizeof(large[0]); i++)
		assert_permutation(random_key(i, "x"), large[i]);
}

static void each_key_permutes_in_another_order(void **state)
{
	enum { COUNT = 1000, KEYS = 200 };
	unsigned int places[10] = { 0 };

	(void)state;
	for (uint64_t key = 0; key < KEYS; key++) {
		unsigned int same = 0, in_row = 0;
		uint64_t root = random_root(COUNT);

		for (uint64_t i = 0; i < COUNT; i++) {
			uint64_t a = random_permute(random_at(1, key), root, COUNT, i);
			uint64_t b = random_permute(random_at(1, key + 1), root, COUNT, i);
			uint64_t next =
				random_permute(random_at(1, key), root, COUNT, (i + 1) % COUNT);

			same += a == b;
			in_row += next == a + 1;
		}
		/* One each is expected; ten are 1 in 10 million. */
		assert_true(same < 12);
		assert_true(in_row < 12);
		places[random_permute(random_at(1, key), root, COUNT, 0) / 100]++;
	}
	/* The first of 200 orders is anywhere: 20 in each tenth. */
	for (unsigned int i = 0; i < 10; i++)
		assert_in_range(places[i], 3, 45);
}

static void all_of_64_bits_can_be_permuted(void **state)
{
	uint64_t root = random_root(0);
	uint64_t bits = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000; i++)
		bits |= random_permute(5, root, 0, i) ^ random_permute(5, root, 0, UINT64_MAX - i);
	assert_true(bits == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_and_name_give_the_same_numbers),
		cmocka_unit_test(the_high_half_of_a_product_is_that_of_128_bits),
		cmocka_unit_test(random_numbers_are_spread_evenly_over_their_range),
		cmocka_unit_test(one_value_is_always_itself),
		cmocka_unit_test(the_root_is_the_least_whose_square_holds_all),
		cmocka_unit_test(a_permutation_takes_each_number_once),
		cmocka_unit_test(each_key_permutes_in_another_order),
		cmocka_unit_test(all_of_64_bits_can_be_permuted),
	};

	return cmocka_run_group_tests_name("base/random", tests, NULL, NULL);
}
