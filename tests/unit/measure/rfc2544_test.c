/* The searches of RFC 2544, on devices that are made up. */
#include "measure/rfc2544.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* What is offered comes through whole up to this rate; the sender goes no faster than that. */
struct device {
	double capacity, sender;
};

static void search(
	const struct device *device, double most, double resolution, struct rfc2544_search *ret)
{
	double rate;

	rfc2544_search_begin(ret, most, resolution);
	while (rfc2544_search_next(ret, &rate)) {
		double offered = rate < device->sender ? rate : device->sender;

		assert_true(rate > 0 && rate <= most);
		assert_in_range(ret->trials, 0, 20);
		rfc2544_search_tell(ret, rate, offered, offered <= device->capacity);
	}
}

static void the_rate_of_any_device_is_found_to_the_resolution(void **state)
{
	(void)state;
	for (double capacity = 1; capacity < 1e6; capacity *= 1.37) {
		struct device device = { capacity, INFINITY };
		struct rfc2544_search found;

		search(&device, 1e6, 0.001, &found);
		assert_true(found.low <= capacity);
		assert_true(found.low >= capacity - 0.001 * 1e6);
		assert_false(found.limited);
	}
}

static void a_device_as_fast_as_the_medium_takes_one_trial(void **state)
{
	struct device device = { 2e6, INFINITY };
	struct rfc2544_search found;

	(void)state;
	search(&device, 1e6, 0.01, &found);
	assert_true(found.low == 1e6);
	assert_int_equal(found.trials, 1);
}

static void a_device_that_loses_always_has_no_throughput(void **state)
{
	struct device device = { 0, INFINITY };
	struct rfc2544_search found;

	(void)state;
	search(&device, 1e6, 0.01, &found);
	assert_true(found.low == 0);
}

static void a_slow_sender_finds_its_own_rate_and_says_so(void **state)
{
	struct device device = { 2e6, 3e5 };
	struct rfc2544_search found;

	(void)state;
	search(&device, 1e6, 0.01, &found);
	assert_true(found.low == 3e5);
	assert_true(found.limited);
	assert_int_equal(found.trials, 1);
}

/* 26.3: "the trial ... until there are two successive trials in which no frames are lost". */
static void loss_is_measured_by_tenths_down_to_two_clean_trials(void **state)
{
	static const struct {
		unsigned int clean_from, trials;
	} cases[] = { { 10, 2 }, { 8, 4 }, { 1, 10 }, { 0, 10 } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rfc2544_steps steps;
		unsigned int trials = 0, before = 11;

		rfc2544_steps_begin(&steps);
		while (steps.tenths) {
			assert_int_equal(steps.tenths, before - 1);
			before = steps.tenths;
			trials++;
			rfc2544_steps_tell(&steps, steps.tenths <= cases[i].clean_from);
		}
		assert_int_equal(trials, cases[i].trials);
	}
}

/* The well-known numbers of Gigabit Ethernet. */
static void frames_have_preamble_and_gap_on_the_medium(void **state)
{
	static const double wanted[RFC2544_SIZES] = { 1488095, 844595, 452899, 234962, 119732,
		96154, 81274 };

	(void)state;
	for (unsigned int i = 0; i < RFC2544_SIZES; i++)
		assert_true(fabs(rfc2544_frames(1e9, rfc2544_sizes[i]) - wanted[i]) < 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rate_of_any_device_is_found_to_the_resolution),
		cmocka_unit_test(a_device_as_fast_as_the_medium_takes_one_trial),
		cmocka_unit_test(a_device_that_loses_always_has_no_throughput),
		cmocka_unit_test(a_slow_sender_finds_its_own_rate_and_says_so),
		cmocka_unit_test(loss_is_measured_by_tenths_down_to_two_clean_trials),
		cmocka_unit_test(frames_have_preamble_and_gap_on_the_medium),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
