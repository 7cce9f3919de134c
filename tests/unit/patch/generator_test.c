/* patch_generator: a number that is a function of the turn alone. */
#include "patch/generator.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static void assert_numbers(
	const struct patch_generator *g, const uint64_t *want, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		assert_int_equal(patch_generator_at(g, i), want[i]);
}

#define ASSERT_NUMBERS(g, ...)                                 \
	assert_numbers((g), (const uint64_t[]){ __VA_ARGS__ }, \
		sizeof((const uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t))

static void a_count_goes_up_by_its_step_and_begins_again(void **state)
{
	const struct patch_generator g = {
		.source = PATCH_COUNT, .first = 10, .step = 3, .count = 4, .divisor = 1
	};

	(void)state;
	ASSERT_NUMBERS(&g, 10, 13, 16, 19, 10, 13);
	assert_int_equal(patch_generator_at(&g, UINT64_MAX), 19); /* 2^64 - 1 is 3 modulo 4 */
}

static void a_count_goes_down(void **state)
{
	const struct patch_generator g = {
		.source = PATCH_COUNT, .first = 20, .step = -(uint64_t)5, .count = 3, .divisor = 1
	};

	(void)state;
	ASSERT_NUMBERS(&g, 20, 15, 10, 20);
}

static void a_count_of_all_64_bits_wraps_by_itself(void **state)
{
	const struct patch_generator g = {
		.source = PATCH_COUNT, .first = UINT64_MAX, .step = 1, .count = 0, .divisor = 1
	};

	(void)state;
	ASSERT_NUMBERS(&g, UINT64_MAX, 0, 1);
}

static void a_divisor_holds_each_number_for_so_many_turns(void **state)
{
	const struct patch_generator g = {
		.source = PATCH_COUNT, .first = 1, .step = 1, .count = 2, .divisor = 3
	};

	(void)state;
	ASSERT_NUMBERS(&g, 1, 1, 1, 2, 2, 2, 1, 1, 1);
}

static void a_table_is_gone_through_in_turn(void **state)
{
	static const uint64_t table[] = { 80, 443, 80 };
	const struct patch_generator g = {
		.source = PATCH_TABLE, .table = table, .count = 3, .divisor = 1
	};

	(void)state;
	ASSERT_NUMBERS(&g, 80, 443, 80, 80, 443);
}

static void random_numbers_stay_in_their_range_and_come_again(void **state)
{
	const struct patch_generator g = {
		.source = PATCH_RANDOM, .first = 1024, .count = 64512, .divisor = 1, .key = 99
	};
	uint64_t low = UINT64_MAX, high = 0;

	(void)state;
	for (uint64_t i = 0; i < 1000000; i++) {
		uint64_t number = patch_generator_at(&g, i);

		low = number < low ? number : low;
		high = number > high ? number : high;
	}
	assert_int_equal(low, 1024);
	assert_int_equal(high, 65535);
	assert_int_equal(patch_generator_at(&g, 5), patch_generator_at(&g, 5));
}

static void assert_shuffled(uint64_t count)
{
	const struct patch_generator g = { .source = PATCH_SHUFFLE,
		.first = 7,
		.count = count,
		.divisor = 1,
		.key = 3,
		.root = random_root(count) };
	uint8_t *seen = calloc(count, 1);
	uint64_t moved = 0;

	assert_non_null(seen);
	for (uint64_t round = 0; round < 3; round++)
		for (uint64_t i = 0; i < count; i++) {
			uint64_t number = patch_generator_at(&g, round * count + i);

			assert_in_range(number, 7, 7 + count - 1);
			assert_int_equal(seen[number - 7], round);
			seen[number - 7]++;
			moved += round && number != patch_generator_at(&g, (round - 1) * count + i);
		}
	/* Another order each round; of few numbers there are few orders. */
	assert_true(count < 10 || moved > count);
	free(seen);
}

static void a_shuffle_takes_each_number_once_a_round_each_in_another_order(void **state)
{
	static const uint64_t counts[] = { 1, 2, 3, 4, 5, 10, 255, 256, 257, 65536, (1 << 20) + 7 };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		assert_shuffled(counts[i]);
}

/* Numbers of any source, by divisor and count. */
static void any_generator(struct patch_generator *g, uint64_t i, const uint64_t *table)
{
	*g = (struct patch_generator){
		.source = (enum patch_source)(i % 4),
		.first = random_at(1, i),
		.step = random_at(2, i),
		.count = 1 + random_scale(random_at(3, i), 40),
		.divisor = 1 + random_scale(random_at(4, i), 5),
		.key = random_at(5, i),
		.table = table,
	};
	g->root = random_root(g->count);
}

static void going_on_is_the_same_as_going_there(void **state)
{
	uint64_t table[40];

	(void)state;
	for (uint64_t i = 0; i < 40; i++)
		table[i] = random_at(6, i);
	for (uint64_t i = 0; i < 2000; i++) {
		uint64_t turn = random_at(7, i) >> i % 64;
		struct patch_cursor cursor;
		struct patch_generator g;

		any_generator(&g, i, table);
		patch_generator_seek(&g, turn, &cursor);
		for (unsigned int j = 0; j < 300 && turn + j >= turn; j++) {
			assert_true(cursor.value == patch_generator_at(&g, turn + j));
			patch_generator_next(&g, &cursor);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_count_goes_up_by_its_step_and_begins_again),
		cmocka_unit_test(a_count_goes_down),
		cmocka_unit_test(a_count_of_all_64_bits_wraps_by_itself),
		cmocka_unit_test(a_divisor_holds_each_number_for_so_many_turns),
		cmocka_unit_test(a_table_is_gone_through_in_turn),
		cmocka_unit_test(random_numbers_stay_in_their_range_and_come_again),
		cmocka_unit_test(a_shuffle_takes_each_number_once_a_round_each_in_another_order),
		cmocka_unit_test(going_on_is_the_same_as_going_there),
	};

	return cmocka_run_group_tests_name("patch/generator", tests, NULL, NULL);
}
