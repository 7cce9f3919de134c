/* wheel.h: every timer once, never early, and by the time wheel_next promised. */
#include "stack/wheel.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define TIMERS 500
#define TICK   (1ULL << WHEEL_SHIFT)

struct timer {
	struct wheel_entry entry;
	uint64_t at; /* UINT64_MAX: it is not set */
};

static void nothing_is_due_on_an_empty_wheel(void **state)
{
	struct wheel wheel;

	(void)state;
	wheel_init(&wheel, 12345);
	assert_null(wheel_take(&wheel, UINT64_MAX / 2));
	assert_int_equal(wheel_next(&wheel), UINT64_MAX);
}

static void a_time_that_passed_is_due_at_once(void **state)
{
	struct wheel_entry entry = { 0 };
	struct wheel wheel;

	(void)state;
	wheel_init(&wheel, 100 * TICK);
	wheel_set(&wheel, &entry, 1);
	assert_true(wheel_next(&wheel) <= 100 * TICK);
	assert_ptr_equal(wheel_take(&wheel, 100 * TICK), &entry);
	assert_null(wheel_take(&wheel, 100 * TICK));
}

static void a_cancelled_one_is_never_due(void **state)
{
	struct wheel_entry entry = { 0 };
	struct wheel wheel;

	(void)state;
	wheel_init(&wheel, 0);
	wheel_set(&wheel, &entry, 5 * TICK);
	wheel_cancel(&entry);
	assert_null(wheel_take(&wheel, 1000 * TICK));
	wheel_set(&wheel, &entry, 2000 * TICK);
	wheel_set(&wheel, &entry, UINT64_MAX);
	assert_null(wheel_take(&wheel, 3000 * TICK));
}

/* The earliest that is set. */
static uint64_t earliest(const struct timer *timers)
{
	uint64_t at = UINT64_MAX;
	int i;

	for (i = 0; i < TIMERS; i++)
		if (timers[i].at < at)
			at = timers[i].at;
	return at;
}

/* How far away timers are: within a slot, a turn of each level, beyond the last. */
static uint64_t distance(uint64_t random)
{
	return random_scale(random_mix(random), TICK << (random % 28));
}

static void take_all(struct wheel *wheel, struct timer *timers, uint64_t now)
{
	struct wheel_entry *entry;

	while ((entry = wheel_take(wheel, now))) {
		struct timer *timer = (struct timer *)(void *)entry;

		assert_true(timer->at <= now);
		timer->at = UINT64_MAX;
	}
	/* What is left is not due, to a tick. */
	assert_true(earliest(timers) == UINT64_MAX || earliest(timers) + TICK > now);
}

static void every_timer_is_due_in_time_and_once(void **state)
{
	static struct timer timers[TIMERS];
	struct wheel wheel;
	uint64_t now = 987654321;
	uint64_t drawn = 0;
	int round;

	(void)state;
	memset(timers, 0xff, sizeof(timers));
	for (round = 0; round < TIMERS; round++)
		timers[round].entry = (struct wheel_entry){ 0 };
	wheel_init(&wheel, now);
	for (round = 0; round < 20000; round++) {
		struct timer *timer = &timers[random_at(1, drawn++) % TIMERS];
		uint64_t next;

		timer->at = now + distance(random_at(1, drawn++));
		wheel_set(&wheel, &timer->entry, timer->at);
		next = wheel_next(&wheel);
		/* It may ask to be looked at too early, but never too late. */
		assert_true(next <= earliest(timers) + TICK);
		if (random_at(1, drawn++) % 3 == 0)
			now = next > now ? next : now;
		else
			now += distance(random_at(1, drawn++)) / 256;
		take_all(&wheel, timers, now);
	}
	while (earliest(timers) != UINT64_MAX) {
		uint64_t next = wheel_next(&wheel);

		assert_true(next != UINT64_MAX);
		now = next > now ? next : now;
		take_all(&wheel, timers, now);
	}
	assert_null(wheel_take(&wheel, UINT64_MAX / 2));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_due_on_an_empty_wheel),
		cmocka_unit_test(a_time_that_passed_is_due_at_once),
		cmocka_unit_test(a_cancelled_one_is_never_due),
		cmocka_unit_test(every_timer_is_due_in_time_and_once),
	};

	return cmocka_run_group_tests_name("wheel", tests, NULL, NULL);
}
