/* series_take: what came when, in bounded memory. */
#include "measure/series.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define TICK 10000000U

static void fill(struct series *series, uint64_t ticks)
{
	struct measure_totals totals = { 0 };

	for (uint64_t i = 0; i < ticks; i++) {
		totals.received += 3;
		totals.unique += 2;
		totals.duplicates += 1;
		series_take(series, 5000 + i * TICK, &totals, 4 * (i + 1));
	}
}

static void sums(const struct series *series, struct series_point *ret)
{
	*ret = (struct series_point){ 0 };
	for (unsigned int i = 0; i < series->count; i++) {
		ret->received += series->points[i].received;
		ret->unique += series->points[i].unique;
		ret->duplicates += series->points[i].duplicates;
		ret->sent += series->points[i].sent;
	}
}

static void each_point_holds_what_came_in_its_time(void **state)
{
	struct series *series = calloc(1, sizeof(*series));

	(void)state;
	assert_non_null(series);
	fill(series, 35);
	assert_int_equal(series->count, 4);
	assert_int_equal(series->interval_ns, SERIES_INTERVAL_NS);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(series->points[i].received, 30);
		assert_int_equal(series->points[i].sent, 40);
	}
	assert_int_equal(series->points[3].received, 15);
	free(series);
}

static void a_long_time_has_wider_points_and_loses_nothing(void **state)
{
	struct series *series = calloc(1, sizeof(*series));
	struct series_point sum;

	(void)state;
	assert_non_null(series);
	fill(series, 10ULL * SERIES_POINTS * 5);
	assert_int_equal(series->interval_ns, 8 * (uint64_t)SERIES_INTERVAL_NS);
	assert_in_range(series->count, SERIES_POINTS / 2, SERIES_POINTS);
	sums(series, &sum);
	assert_int_equal(sum.received, 3 * 10 * SERIES_POINTS * 5);
	assert_int_equal(sum.unique, 2 * 10 * SERIES_POINTS * 5);
	assert_int_equal(sum.sent, 4 * 10 * SERIES_POINTS * 5);
	assert_int_equal(series->points[5].received, 3 * 80);
	free(series);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_point_holds_what_came_in_its_time),
		cmocka_unit_test(a_long_time_has_wider_points_and_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
