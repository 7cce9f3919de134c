/*
 * Two engines, thousands of conversations, each drawn from its seed: loss, repeats, reordering,
 * tiny windows, slow users, half-closes. All data comes in order, or an end says what went wrong.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/random.h"

#include "../../support/random.h"
#include "../../support/tcp_sim.h"

/* PROPERTY_SEED repeats the one conversation that failed, PROPERTY_COUNT makes so many, however
 * long it takes. */
enum { RUNS_DEFAULT = 10000, SECONDS_DEFAULT = 60 };

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void converse(const struct support_tcp_sim *sim, struct support_tcp_result *result)
{
	support_tcp_sim_run(sim, result);
	if (result->broken)
		fail_msg("%s; again with PROPERTY_SEED=%" PRIu64 " PROPERTY_COUNT=1",
			result->broken, sim->seed);
}

static void all_data_arrives_in_order_or_an_end_says_why_not(void **state)
{
	uint64_t seed = support_asked("PROPERTY_SEED", 1),
		 count = support_asked("PROPERTY_COUNT", 0);
	double deadline = seconds() + SECONDS_DEFAULT;
	struct support_tcp_result result;
	struct support_tcp_sim sim;
	uint64_t errors = 0, run;

	(void)state;
	for (run = 0; run < (count ? count : RUNS_DEFAULT); run++) {
		if (!count && seconds() > deadline)
			break;
		support_tcp_sim_draw(&sim, seed + run);
		converse(&sim, &result);
		/* Only a link that loses much can keep an end silent for the user's timeout. */
		if (result.error[0] || result.error[1]) {
			errors++;
			if (sim.link[0].loss + sim.link[1].loss < 0.1)
				fail_msg("it gave up on a good link; again with "
					 "PROPERTY_SEED=%" PRIu64 " PROPERTY_COUNT=1",
					sim.seed);
		}
	}
	print_message("%" PRIu64 " conversations, %" PRIu64 " ended by a timeout\n", run, errors);
	assert_true(run >= 50 || count);
	assert_true(errors * 20 <= run || count);
}

static uint64_t choose(uint64_t seed, uint64_t count)
{
	return random_scale(random_at(seed, count), count);
}

static void add_option(struct tcp_given *given, const uint8_t *option, size_t length)
{
	memcpy(given->options + given->options_length, option, length);
	given->options_length = (uint8_t)(given->options_length + length);
}

/* Some of the options, in one order or the other, filled up with zeros; a window, too. Where there
 * is room for next to nothing, and they say that there is much, each octet takes a timeout. */
static void give(struct tcp_given *given, struct tcp_config *config, uint64_t seed)
{
	const uint8_t mss[] = { 2, 4, (uint8_t)choose(seed, 6), 200 };
	const uint8_t scale[] = { 3, 3, (uint8_t)choose(seed, 16) };
	static const uint8_t sack[] = { 4, 2, 1 }, unknown[] = { 253, 5, 1, 2, 3 };
	static const uint8_t timestamps[10] = { 8, 10 };
	const struct {
		const uint8_t *octets;
		size_t length;
	} all[] = { { mss, sizeof(mss) }, { sack, sizeof(sack) }, { unknown, sizeof(unknown) },
		{ timestamps, sizeof(timestamps) }, { scale, sizeof(scale) } };
	const unsigned int count = sizeof(all) / sizeof(all[0]);

	*given = (struct tcp_given){ .has_options = choose(seed, 5),
		.has_window = choose(seed, 3),
		.window = (uint16_t)(1 + choose(seed, UINT16_MAX)) };
	for (unsigned int i = 0; i < count; i++) {
		unsigned int at = choose(seed, 2) ? i : count - 1 - i;

		if (choose(seed + at, 7) > 1)
			add_option(given, all[at].octets, all[at].length);
	}
	given->options_length = (uint8_t)((given->options_length + 3) / 4 * 4);
	config->given = given;
	if (config->receive_buffer < 4096)
		config->receive_buffer = 4096;
}

static void what_is_given_of_the_segments_loses_no_data(void **state)
{
	enum { GIVEN_RUNS = 400 };
	uint64_t seed = support_asked("PROPERTY_SEED", 1), errors = 0;
	struct support_tcp_result result;
	struct support_tcp_sim sim;
	struct tcp_given given[2];

	(void)state;
	for (uint64_t run = 0; run < GIVEN_RUNS; run++) {
		support_tcp_sim_draw(&sim, seed + run);
		for (unsigned int i = 0; i < 2; i++)
			give(&given[i], &sim.config[i], random_at(sim.seed, i));
		converse(&sim, &result);
		errors += result.error[0] || result.error[1];
	}
	print_message("%d conversations, %" PRIu64 " ended by a timeout\n", GIVEN_RUNS, errors);
	assert_true(errors * 20 <= GIVEN_RUNS);
}

/* A bulk transfer over 100 Mbit/s and 20 ms, to measure by. */
static struct support_tcp_sim bulk(size_t octets)
{
	struct support_tcp_sim sim = { .seed = 7, .bound_ns = 600000000000ULL };

	for (unsigned int i = 0; i < 2; i++) {
		tcp_config_init(&sim.config[i]);
		sim.link[i] = (struct support_tcp_link){
			.delay_ns = 10000000,
			.bits_per_second = 100000000,
			.queue = 250000,
		};
		sim.user[i] = (struct support_tcp_user){ .write_most = 16384, .read_most = 16384 };
	}
	sim.user[0].to_send = octets;
	return sim;
}

static double bits_per_second(const struct support_tcp_result *result, size_t octets)
{
	return (double)octets * 8e9 / (double)result->data_ns;
}

static void a_clean_link_is_filled(void **state)
{
	struct support_tcp_sim sim = bulk(50 << 20);
	struct support_tcp_result result;

	(void)state;
	converse(&sim, &result);
	print_message("%.1f Mbit/s\n", bits_per_second(&result, 50 << 20) / 1e6);
	assert_true(bits_per_second(&result, 50 << 20) > 80e6);
}

static void one_percent_of_loss_is_repaired_without_timeouts(void **state)
{
	struct support_tcp_sim sim = bulk(10 << 20);
	struct support_tcp_result result;

	(void)state;
	sim.link[0].loss = 0.01;
	converse(&sim, &result);
	print_message("%.1f Mbit/s, %" PRIu64 " recoveries, %" PRIu64 " timeouts\n",
		bits_per_second(&result, 10 << 20) / 1e6, result.stats[0].recoveries,
		result.stats[0].timeouts);
	assert_true(result.stats[0].recoveries > 10);
	assert_true(result.stats[0].timeouts <= 1);
}

static void reordering_alone_costs_next_to_nothing(void **state)
{
	struct support_tcp_sim sim = bulk(20 << 20);
	struct support_tcp_result result;

	(void)state;
	sim.link[0].reorder = 0.05;
	sim.link[0].reorder_ns = 1000000;
	converse(&sim, &result);
	print_message("%.1f Mbit/s, %" PRIu64 " retransmitted\n",
		bits_per_second(&result, 20 << 20) / 1e6, result.stats[0].retransmitted);
	assert_true(bits_per_second(&result, 20 << 20) > 50e6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_data_arrives_in_order_or_an_end_says_why_not),
		cmocka_unit_test(what_is_given_of_the_segments_loses_no_data),
		cmocka_unit_test(a_clean_link_is_filled),
		cmocka_unit_test(one_percent_of_loss_is_repaired_without_timeouts),
		cmocka_unit_test(reordering_alone_costs_next_to_nothing),
	};

	return cmocka_run_group_tests_name("tcp/simulation", tests, NULL, NULL);
}
