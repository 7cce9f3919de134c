/* The system's clock. */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>
#include <cmocka.h>

static void time_never_goes_back(void **state)
{
	uint64_t before = clock_system.now(clock_system.context);

	(void)state;
	for (int i = 0; i < 10000; i++) {
		uint64_t now = clock_system.now(clock_system.context);

		assert_true(now >= before);
		before = now;
	}
}

static void sleep_ends_at_its_deadline_and_not_before(void **state)
{
	uint64_t deadline = clock_system.now(clock_system.context) + 3000000;

	(void)state;
	clock_system.sleep_until(clock_system.context, deadline);
	assert_true(clock_system.now(clock_system.context) >= deadline);
}

static void a_deadline_that_is_past_does_not_wait(void **state)
{
	uint64_t start = clock_system.now(clock_system.context);

	(void)state;
	for (int i = 0; i < 100; i++)
		clock_system.sleep_until(clock_system.context, 0);
	assert_true(clock_system.now(clock_system.context) - start < 1000000000);
}

static void the_wall_is_ahead_of_the_clock_by_what_lies_between_them(void **state)
{
	uint64_t before = clock_wall();
	uint64_t wall = clock_system.now(clock_system.context) + clock_wall_ahead();

	(void)state;
	/* Of one reading of the clock, between two of the wall's but for the inexactness. */
	assert_true(wall + 100000 >= before);
	assert_true(wall <= clock_wall() + 100000);
}

static void wall_time_is_nanoseconds_since_1970(void **state)
{
	time_t before = time(NULL);
	uint64_t wall = clock_wall();

	(void)state;
	/* time() may lag by a tick. */
	assert_in_range(wall / 1000000000, (uint64_t)before - 1, (uint64_t)time(NULL) + 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(time_never_goes_back),
		cmocka_unit_test(sleep_ends_at_its_deadline_and_not_before),
		cmocka_unit_test(a_deadline_that_is_past_does_not_wait),
		cmocka_unit_test(the_wall_is_ahead_of_the_clock_by_what_lies_between_them),
		cmocka_unit_test(wall_time_is_nanoseconds_since_1970),
	};

	return cmocka_run_group_tests_name("base/clock", tests, NULL, NULL);
}
