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
	/* The first totals begin it; the others are of the time before them. */
	assert_int_equal(series->points[0].received, 33);
	for (unsigned int i = 1; i < 3; i++) {
		assert_int_equal(series->points[i].received, 30);
		assert_int_equal(series->points[i].sent, 40);
	}
	assert_int_equal(series->points[3].received, 12);
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

/* Latencies of a tick: its number in ms, and now and then a long one. */
static void fill_latencies(struct series *series, struct histogram *all, uint64_t ticks)
{
	struct measure_totals totals = { 0 };

	for (uint64_t i = 0; i < ticks; i++) {
		uint64_t now = 5000 + i * TICK;

		histogram_add(all, i * 1000000, 98);
		histogram_add(all, 700000000000, i % 10 == 9 ? 20 : 0);
		totals.received = all->count;
		series_take(series, now, &totals, 0);
		if (series_turns(series))
			series_take_latencies(series, all);
	}
	series_take_latencies(series, all);
}

static void each_point_has_the_latencies_of_its_time(void **state)
{
	struct series *series = calloc(1, sizeof(*series));
	struct histogram *all = calloc(1, sizeof(*all));
	struct series_latency latency;
	uint64_t sum = 0;

	(void)state;
	assert_non_null(series);
	assert_non_null(all);
	fill_latencies(series, all, 45);
	for (unsigned int i = 0; i < 4; i++) {
		series_latency(series, i, all->max, &latency);
		assert_int_equal(latency.count, series->points[i].received);
		assert_in_range(
			latency.p50, i * 10000000 + 4000000, (i * 10000000 + 6000000) * 1.01);
		assert_in_range(latency.p99, 700000000000 * 0.99, 700000000000);
		assert_int_equal(latency.max, 700000000000);
		sum += latency.count;
	}
	series_latency(series, 4, all->max, &latency);
	assert_in_range(latency.max, 44000000, 44400000);
	assert_int_equal(sum + latency.count, all->count);
	series_fini(series);
	free(series);
	free(all);
}

static void points_that_are_joined_keep_every_latency(void **state)
{
	struct series *series = calloc(1, sizeof(*series));
	struct histogram *all = calloc(1, sizeof(*all)), *sum = calloc(1, sizeof(*sum));

	(void)state;
	assert_non_null(series);
	assert_non_null(all);
	assert_non_null(sum);
	fill_latencies(series, all, 10ULL * SERIES_POINTS * 5);
	assert_int_equal(series->interval_ns, 8 * (uint64_t)SERIES_INTERVAL_NS);
	for (unsigned int i = 0; i < series->count; i++)
		cells_unpack(&series->points[i].latency, sum);
	assert_int_equal(sum->count, all->count);
	assert_memory_equal(sum->cells, all->cells, sizeof(sum->cells));
	series_fini(series);
	free(series);
	free(all);
	free(sum);
}

static void a_stretch_without_frames_has_no_latency(void **state)
{
	struct series *series = calloc(1, sizeof(*series));
	struct histogram *all = calloc(1, sizeof(*all));
	struct series_latency latency = { .max = 1 };
	struct measure_totals totals = { 0 };

	(void)state;
	assert_non_null(series);
	assert_non_null(all);
	series_take(series, 5000, &totals, 0);
	series_take_latencies(series, all);
	series_latency(series, 0, 0, &latency);
	assert_int_equal(latency.count, 0);
	assert_int_equal(latency.max, 0);
	series_fini(series);
	free(series);
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_point_holds_what_came_in_its_time),
		cmocka_unit_test(a_long_time_has_wider_points_and_loses_nothing),
		cmocka_unit_test(each_point_has_the_latencies_of_its_time),
		cmocka_unit_test(points_that_are_joined_keep_every_latency),
		cmocka_unit_test(a_stretch_without_frames_has_no_latency),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
