/* The schedule: due times against what pencil and paper say. */
#include "flow/pace.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const uint8_t octets[1514];

/* Frames "a" of 60 and "b" of 1000 octets, three to one. */
struct world {
	struct patch_frame frames[2];
	struct patch_program program;
	struct pace_config config;
	struct pace pace;
};

static int setup(void **state)
{
	struct world *w = test_calloc(1, sizeof(*w));

	w->frames[0] =
		(struct patch_frame){ .name = "a", .octets = octets, .length = 60, .weight = 3 };
	w->frames[1] =
		(struct patch_frame){ .name = "b", .octets = octets, .length = 1000, .weight = 1 };
	patch_program_init(&w->program, w->frames, 1);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	test_free(*state);
	return 0;
}

static void rate_is(struct world *w, const char *text)
{
	assert_int_equal(text_ramp(text, &w->config.rate, NULL), 0);
	pace_init(&w->pace, &w->config, &w->program, false);
}

/* To the nanosecond, the rounding of a double apart. */
static void assert_due(struct world *w, uint64_t index, double seconds)
{
	pace_skip_to(&w->pace, index);
	assert_true(fabs((double)pace_due(&w->pace) - seconds * 1e9) <= 1);
}

static void even_gaps_do_not_drift_in_a_year(void **state)
{
	struct world *w = *state;

	rate_is(w, "3pps");
	assert_due(w, 1, 1.0 / 3);
	assert_due(w, 100000000, 100000000 / 3.0); /* three years */
	rate_is(w, "1Mpps");
	assert_due(w, 1000000000000, 1e6);
}

static void bits_are_those_of_each_frame(void **state)
{
	struct world *w = *state;

	patch_program_init(&w->program, w->frames, 2);
	rate_is(w, "1Mbps");
	assert_due(w, 3, 3 * 480e-6);
	assert_due(w, 4, (3 * 480 + 8000) * 1e-6);
	assert_due(w, 4000, 1000 * (3 * 480 + 8000) * 1e-6);
	rate_is(w, "1Mbps-wire");
	assert_due(w, 4, (3 * 672 + 8192) * 1e-6);
}

static void a_ramp_is_the_integral_of_its_rate(void **state)
{
	struct world *w = *state;

	/* 1000 t + (99000 / 10) t^2 / 2 frames by t. */
	rate_is(w, "1kpps..100kpps/10s");
	assert_due(w, 5950, 1);
	assert_due(w, 128750, 5);
	assert_due(w, 505000, 10);
	assert_due(w, 605000, 11); /* and on at the last rate */
}

static void a_ramp_may_go_down(void **state)
{
	struct world *w = *state;

	rate_is(w, "100kpps..1kpps/10s");
	assert_due(w, 95050, 1);
	assert_due(w, 505000, 10);
	assert_due(w, 506000, 11);
}

static void a_ramp_that_hardly_climbs_loses_no_digits(void **state)
{
	struct world *w = *state;

	rate_is(w, "1000000pps..1000001pps/1000s");
	assert_due(w, 500000000, 499.999875);
}

static void an_interval_is_the_gap_itself(void **state)
{
	struct world *w = *state;

	w->config.interval_ns = 12345;
	rate_is(w, "max");
	assert_true(w->pace.scheduled);
	for (uint64_t i = 0; i < 1000; i++)
		assert_due(w, i, (double)i * 12345e-9);
}

static void bursts_begin_together_and_take_their_time(void **state)
{
	struct world *w = *state;

	w->config.gap = PACE_BURST;
	w->config.burst = 8;
	rate_is(w, "1kpps");
	assert_due(w, 7, 0);
	assert_due(w, 8, 8e-3);
	assert_due(w, 15, 8e-3);
	assert_due(w, 16, 16e-3);
	/* In bits a burst takes the time of its own octets. */
	patch_program_init(&w->program, w->frames, 2);
	w->config.burst = 4;
	rate_is(w, "1Mbps");
	assert_due(w, 3, 0);
	assert_due(w, 4, (3 * 480 + 8000) * 1e-6);
}

static void poisson_gaps_have_the_mean_and_the_spread_of_their_rate(void **state)
{
	enum { FRAMES = 200000 };
	struct world *w = *state;
	double sum = 0, squares = 0;
	unsigned int longer = 0;
	uint64_t before = 0;

	w->config.gap = PACE_POISSON;
	rate_is(w, "10kpps");
	for (unsigned int i = 0; i < FRAMES; i++) {
		double gap;

		pace_advance(&w->pace);
		gap = (double)(pace_due(&w->pace) - before) / 1e5; /* in mean gaps */
		before = pace_due(&w->pace);
		sum += gap;
		squares += gap * gap;
		longer += gap > 1;
	}
	/* Mean and variance are 1, and exp(-1) of the gaps are longer than it: five sigma. */
	assert_true(fabs(sum / FRAMES - 1) < 0.012);
	assert_true(fabs(squares / FRAMES - 2) < 0.055);
	assert_true(fabs((double)longer / FRAMES - exp(-1)) < 0.006);
}

static void poisson_gaps_are_the_seeds(void **state)
{
	struct world *w = *state;
	uint64_t first;

	w->config.gap = PACE_POISSON;
	rate_is(w, "10kpps");
	pace_skip_to(&w->pace, 1000);
	first = pace_due(&w->pace);
	rate_is(w, "10kpps");
	for (unsigned int i = 0; i < 1000; i++)
		pace_advance(&w->pace);
	assert_int_equal(pace_due(&w->pace), first);
	w->config.seed = 1;
	rate_is(w, "10kpps");
	pace_skip_to(&w->pace, 1000);
	assert_int_not_equal(pace_due(&w->pace), first);
}

/* What lets each thread keep the schedule by itself. */
static void a_skip_comes_to_where_steps_do(void **state)
{
	static const char *const rates[] = { "7kpps", "3Mbps", "5Mbps-wire", "1kpps..9kpps/1s",
		"max" };
	struct world *w = *state;

	w->frames[1].gap_ns = 777;
	for (unsigned int frames = 1; frames <= 2; frames++) {
		patch_program_init(&w->program, w->frames, frames);
		for (unsigned int i = 0; i < 5 * PACE_GAPS; i++) {
			struct pace steps;

			w->config.gap = (enum pace_gap)(i % PACE_GAPS);
			w->config.burst = 5;
			rate_is(w, rates[i / PACE_GAPS]);
			steps = w->pace;
			for (unsigned int j = 0; j < 1003; j++)
				pace_advance(&steps);
			pace_skip_to(&w->pace, 256);
			pace_skip_to(&w->pace, 1003);
			assert_int_equal(w->pace.index, steps.index);
			assert_int_equal(pace_due(&w->pace), pace_due(&steps));
		}
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(even_gaps_do_not_drift_in_a_year),
		TEST(bits_are_those_of_each_frame),
		TEST(a_ramp_is_the_integral_of_its_rate),
		TEST(a_ramp_may_go_down),
		TEST(a_ramp_that_hardly_climbs_loses_no_digits),
		TEST(an_interval_is_the_gap_itself),
		TEST(bursts_begin_together_and_take_their_time),
		TEST(poisson_gaps_have_the_mean_and_the_spread_of_their_rate),
		TEST(poisson_gaps_are_the_seeds),
		TEST(a_skip_comes_to_where_steps_do),
	};

	return cmocka_run_group_tests_name("flow/pace", tests, NULL, NULL);
}
