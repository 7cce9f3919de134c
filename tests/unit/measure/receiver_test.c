/* When a measurement is over: an engine that has what a test wants it to, and no interface. */
#include "measure/receiver.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#define HOUR_NS 3600000000000U
#define MS	1000000U

struct fake {
	struct measure_engine base;
	uint64_t unique, copies;
	uint64_t copies_each; /* come with each look */
};

static struct fake fake;

static int fake_open(
	struct measure_engine **ret, const struct measure_engine_config *config, struct err *err)
{
	(void)config;
	(void)err;
	*ret = &fake.base;
	return 0;
}

static int fake_poll(struct measure_engine *engine, int timeout_ms, struct err *err)
{
	const struct timespec most = { .tv_nsec = timeout_ms * (long)MS };

	(void)engine;
	(void)err;
	nanosleep(&most, NULL);
	fake.copies += fake.copies_each;
	return 0;
}

static int fake_totals(struct measure_engine *engine, struct measure_totals *ret, struct err *err)
{
	(void)engine;
	(void)err;
	ret->received = fake.unique + fake.copies;
	ret->unique = fake.unique;
	return 0;
}

static int fake_results(struct measure_engine *engine, struct measure_result *ret, struct err *err)
{
	(void)engine;
	(void)err;
	ret->streams[0].received = fake.unique + fake.copies;
	ret->streams[0].unique = fake.unique;
	return 0;
}

static void fake_close(struct measure_engine *engine)
{
	(void)engine;
}

static void fake_latencies(struct measure_engine *engine, struct histogram *ret)
{
	(void)engine;
	(void)ret;
}

static const struct measure_engine_ops ops = {
	.name = "fake",
	.open = fake_open,
	.poll = fake_poll,
	.totals = fake_totals,
	.latencies = fake_latencies,
	.results = fake_results,
	.close = fake_close,
};

static volatile sig_atomic_t stop;

static struct measure_receiver *begin(bool alone, uint64_t wait_ns, uint64_t copies_each)
{
	const struct measure_receiver_config config = {
		.engine = &ops, .alone = alone, .wait_ns = wait_ns, .stop = &stop
	};
	struct measure_receiver *receiver;

	stop = 0;
	fake = (struct fake){ .base.ops = &ops, .unique = 3, .copies_each = copies_each };
	assert_int_equal(measure_receiver_open(&receiver, &config, NULL), 0);
	assert_int_equal(measure_receiver_start(receiver, NULL), 0);
	return receiver;
}

/* Comes back at all. */
static void end(struct measure_receiver *receiver, uint64_t unique)
{
	struct measure_result result;

	assert_int_equal(measure_result_init(&result, 1), 0);
	assert_int_equal(measure_receiver_finish(receiver, &result, NULL), 0);
	assert_int_equal(result.streams[0].unique, unique);
	measure_result_fini(&result);
	measure_receiver_close(receiver);
}

static void it_is_over_when_all_has_come(void **state)
{
	struct measure_receiver *receiver = begin(false, HOUR_NS, 0);

	(void)state;
	measure_receiver_expect(receiver, 3);
	end(receiver, 3);
}

static void what_does_not_come_is_waited_for_no_longer_than_that(void **state)
{
	struct measure_receiver *receiver = begin(false, 30 * MS, 0);

	(void)state;
	measure_receiver_expect(receiver, 4);
	end(receiver, 3);
}

static void no_wait_is_none(void **state)
{
	struct measure_receiver *receiver = begin(false, 0, 0);

	(void)state;
	measure_receiver_expect(receiver, 4);
	end(receiver, 3);
}

static void a_signal_ends_the_wait(void **state)
{
	struct measure_receiver *receiver = begin(false, HOUR_NS, 0);

	(void)state;
	measure_receiver_expect(receiver, 4);
	stop = 1;
	end(receiver, 3);
}

static void after_a_signal_copies_without_end_keep_nobody(void **state)
{
	struct measure_receiver *receiver = begin(false, 30 * MS, 1);

	(void)state;
	stop = 1;
	measure_receiver_expect(receiver, 4);
	end(receiver, 3);
}

static void alone_it_goes_on_until_the_signal(void **state)
{
	struct measure_receiver *receiver = begin(true, 0, 0);

	(void)state;
	stop = 1;
	end(receiver, 3);
}

static void alone_it_ends_when_nothing_more_comes(void **state)
{
	struct measure_receiver *receiver = begin(true, 30 * MS, 0);

	(void)state;
	end(receiver, 3);
}

static void it_is_waited_for_no_longer_than_one_likes(void **state)
{
	struct measure_receiver *receiver = begin(true, 0, 0);

	(void)state;
	assert_false(measure_receiver_wait(receiver, 0));
	assert_false(measure_receiver_wait(receiver, 30 * MS));
	stop = 1;
	assert_true(measure_receiver_wait(receiver, HOUR_NS));
	assert_true(measure_receiver_wait(receiver, HOUR_NS));
	end(receiver, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_over_when_all_has_come),
		cmocka_unit_test(what_does_not_come_is_waited_for_no_longer_than_that),
		cmocka_unit_test(no_wait_is_none),
		cmocka_unit_test(a_signal_ends_the_wait),
		cmocka_unit_test(after_a_signal_copies_without_end_keep_nobody),
		cmocka_unit_test(alone_it_goes_on_until_the_signal),
		cmocka_unit_test(alone_it_ends_when_nothing_more_comes),
		cmocka_unit_test(it_is_waited_for_no_longer_than_one_likes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
