/* timeline: amounts over time. */
#include "base/timeline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define MS 1000000ULL

static void an_amount_is_spread_over_its_time(void **state)
{
	struct timeline timeline = { 0 };

	(void)state;
	timeline_take(&timeline, 150 * MS, 300);
	timeline_take(&timeline, 250 * MS, 1000);
	assert_int_equal(timeline.count, 3);
	assert_true(fabs(timeline.points[0] - 200) < 1e-9);
	assert_true(fabs(timeline.points[1] - 600) < 1e-9);
	assert_true(fabs(timeline.points[2] - 500) < 1e-9);
	assert_true(fabs(timeline_rate(&timeline, 0) - 2000) < 1e-9);
	assert_true(fabs(timeline_sum(&timeline, 0, 1000 * MS) - 1300) < 1e-9);
	assert_true(fabs(timeline_sum(&timeline, 50 * MS, 225 * MS) - 950) < 1e-9);
	assert_true(fabs(timeline_sum(&timeline, 250 * MS, 300 * MS)) < 1e-9);
	/* Half an interval. */
	assert_true(fabs(timeline_rate(&timeline, 2) - 10000) < 1e-6);
}

static void time_that_does_not_pass_adds_nothing(void **state)
{
	struct timeline timeline = { 0 };

	(void)state;
	timeline_take(&timeline, 0, 5);
	assert_int_equal(timeline.count, 0);
	timeline_take(&timeline, 100 * MS, 5);
	timeline_take(&timeline, 100 * MS, 7);
	timeline_take(&timeline, 50 * MS, 7);
	assert_int_equal(timeline.count, 1);
	assert_true(fabs(timeline.points[0] - 5) < 1e-9);
}

static void a_long_run_keeps_its_sum_in_few_points(void **state)
{
	struct timeline timeline = { 0 };
	double sum = 0;

	(void)state;
	for (uint64_t i = 1; i <= 100000; i++)
		timeline_take(&timeline, i * 73 * MS, 10);
	assert_in_range(timeline.count, TIMELINE_POINTS / 2, TIMELINE_POINTS);
	for (size_t i = 0; i < timeline.count; i++) {
		sum += timeline.points[i];
		assert_true(fabs(timeline_rate(&timeline, i) - 10 / 0.073) < 1e-3);
	}
	assert_true(fabs(sum - 1000000) < 1e-3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_amount_is_spread_over_its_time),
		cmocka_unit_test(time_that_does_not_pass_adds_nothing),
		cmocka_unit_test(a_long_run_keeps_its_sum_in_few_points),
	};

	return cmocka_run_group_tests_name("base/timeline", tests, NULL, NULL);
}
