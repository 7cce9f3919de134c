/* histogram: quantiles within 1 % of those of the sorted numbers. */
#include "base/histogram.h"
#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static int setup(void **state)
{
	*state = calloc(1, sizeof(struct histogram));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	free(*state);
	return 0;
}

static void an_empty_one_answers_zero(void **state)
{
	const struct histogram *h = *state;

	assert_true(histogram_quantile(h, 0) == 0);
	assert_true(histogram_quantile(h, 0.5) == 0);
	assert_true(histogram_quantile(h, 1) == 0);
	assert_true(histogram_mean(h) == 0);
}

static void one_number_is_every_quantile(void **state)
{
	static const uint64_t numbers[] = { 0, 1, 255, 256, 257, 99999, 100000, 1ULL << 32,
		UINT64_MAX };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct histogram *h = *state;

		*h = (struct histogram){ 0 };
		histogram_add(h, numbers[i], 1);
		assert_true(histogram_quantile(h, 0) == numbers[i]);
		assert_true(histogram_quantile(h, 0.5) == numbers[i]);
		assert_true(histogram_quantile(h, 1) == numbers[i]);
		assert_true(h->min == numbers[i] && h->max == numbers[i]);
	}
}

static void small_numbers_are_exact(void **state)
{
	struct histogram *h = *state;

	for (uint64_t i = 1; i <= 200; i++)
		histogram_add(h, i, 1);
	assert_int_equal(histogram_quantile(h, 0.5), 100);
	assert_int_equal(histogram_quantile(h, 0.9), 180);
	assert_int_equal(histogram_quantile(h, 0.99), 198);
	assert_int_equal(histogram_quantile(h, 1), 200);
	assert_true(fabs(histogram_mean(h) - 100.5) < 1e-9);
}

/* Both sides of every power of two, and the cells' own edges, are told apart to 1 %. */
static void every_number_comes_back_within_one_percent(void **state)
{
	struct histogram *h = *state;

	for (uint64_t i = 0; i < 200000; i++) {
		uint64_t number = random_at(1, i) >> i % 64;
		uint64_t edge = (1ULL << i % 64) - i % 3;
		uint64_t tried = i % 2 ? number : edge;
		uint64_t got;

		*h = (struct histogram){ .cells = { 0 } };
		/* Something above it, lest max answers for it. */
		histogram_add(h, tried, 1);
		histogram_add(h, UINT64_MAX, 1);
		got = histogram_quantile(h, 0.5);
		assert_true(got >= tried);
		assert_true((double)(got - tried) <= (double)tried * 0.01);
		if (i > 2000)
			i += 97;
	}
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void quantiles_are_those_of_the_sorted_numbers_to_one_percent(void **state)
{
	enum { COUNT = 100000 };
	static const double shares[] = { 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999 };
	struct histogram *h = *state;
	uint64_t *numbers = test_calloc(COUNT, sizeof(*numbers));
	double sum = 0;

	for (uint64_t i = 0; i < COUNT; i++) {
		/* Gaps of a Poisson stream: from nothing to a hundred times the middle one. */
		double uniform = (double)(random_at(7, i) >> 11) / 0x1p53;

		numbers[i] = (uint64_t)(-log1p(-uniform) * 1e5);
		sum += (double)numbers[i];
		histogram_add(h, numbers[i], 1);
	}
	qsort(numbers, COUNT, sizeof(*numbers), compare);
	for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
		uint64_t exact = numbers[(size_t)ceil(shares[i] * COUNT) - 1];
		uint64_t got = histogram_quantile(h, shares[i]);

		assert_true(got >= exact);
		assert_true((double)(got - exact) <= (double)exact * 0.01);
	}
	assert_true(h->min == numbers[0] && h->max == numbers[COUNT - 1]);
	assert_true(fabs(histogram_mean(h) - sum / COUNT) < 1e-3);
	test_free(numbers);
}

static void a_number_many_times_is_that_many(void **state)
{
	struct histogram *h = *state;

	histogram_add(h, 10, 90);
	histogram_add(h, 20, 0);
	histogram_add(h, 30, 10);
	assert_int_equal(h->count, 100);
	assert_int_equal(histogram_quantile(h, 0.9), 10);
	assert_int_equal(histogram_quantile(h, 0.91), 30);
	assert_int_equal(h->max, 30);
	assert_true(fabs(histogram_mean(h) - 12) < 1e-9);
}

static void merged_ones_are_as_if_all_went_into_one(void **state)
{
	struct histogram *h = *state;
	struct histogram *parts = test_calloc(3, sizeof(*parts));
	struct histogram *merged = test_calloc(1, sizeof(*merged));

	for (uint64_t i = 0; i < 10000; i++) {
		uint64_t number = random_at(3, i) >> 40;

		histogram_add(h, number, 1);
		histogram_add(&parts[i % 2], number, 1); /* the third stays empty */
	}
	for (unsigned int i = 0; i < 3; i++)
		histogram_merge(merged, &parts[i]);
	assert_true(merged->count == h->count && merged->min == h->min && merged->max == h->max);
	for (double share = 0; share <= 1; share += 0.01)
		assert_true(histogram_quantile(merged, share) == histogram_quantile(h, share));
	assert_true(fabs(merged->sum - h->sum) <= h->sum * 1e-12);
	test_free(parts);
	test_free(merged);
}

static void cells_follow_each_other_without_gaps(void **state)
{
	struct histogram *h = *state;
	uint64_t next = 0, lowest, highest;

	for (unsigned int i = 0; i < HISTOGRAM_CELLS; i++) {
		histogram_cell(i, &lowest, &highest);
		assert_true(lowest == next && highest >= lowest);
		histogram_add(h, lowest, 1);
		histogram_add(h, highest, 1);
		assert_int_equal(h->cells[i], 2);
		next = highest + 1;
	}
	assert_true(highest == UINT64_MAX);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_one_answers_zero),
		TEST(one_number_is_every_quantile),
		TEST(small_numbers_are_exact),
		TEST(every_number_comes_back_within_one_percent),
		TEST(quantiles_are_those_of_the_sorted_numbers_to_one_percent),
		TEST(a_number_many_times_is_that_many),
		TEST(cells_follow_each_other_without_gaps),
		TEST(merged_ones_are_as_if_all_went_into_one),
	};

	return cmocka_run_group_tests_name("base/histogram", tests, NULL, NULL);
}
