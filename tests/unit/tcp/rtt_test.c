/* RFC 6298: round-trip times and the retransmission timer. The clause is in the name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

/* A round trip of so many milliseconds, of one segment. */
static void round_trip(struct support_tcp_peer *peer, uint64_t ms)
{
	support_tcp_write(peer, MSS);
	peer->now += ms * SUPPORT_MS;
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
}

static void open_in(struct support_tcp_peer *peer, uint64_t ms)
{
	support_tcp_reach(peer, TCP_SYN_SENT);
	peer->now += ms * SUPPORT_MS;
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
}

static void rfc6298_2_1_before_a_sample_the_timeout_is_one_second(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_pass(peer, 999 * SUPPORT_MS);
	assert_int_equal(peer->count, 0);
	support_tcp_pass(peer, 1 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].flags, TCP_SYN);
}

static void rfc6298_2_2_the_first_sample_sets_srtt_and_half_of_it_the_variation(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	assert_int_equal(support_tcp_stats(peer).srtt_ns, 100 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).rttvar_ns, 50 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).rto_ns, 300 * SUPPORT_MS);
}

static void rfc6298_2_3_later_samples_weigh_an_eighth_and_a_quarter(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	round_trip(peer, 180);
	/* RTTVAR = 3/4 * 50 + 1/4 * 80; SRTT = 7/8 * 100 + 1/8 * 180 */
	assert_int_equal(support_tcp_stats(peer).rttvar_ns, 57500000);
	assert_int_equal(support_tcp_stats(peer).srtt_ns, 110 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).rto_ns, 340 * SUPPORT_MS);
}

static void rfc6298_2_3_the_timeout_is_above_the_round_trip_however_even_that_is(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_stats stats;

	open_in(peer, 500);
	for (unsigned int i = 0; i < 100; i++)
		round_trip(peer, 500);
	stats = support_tcp_stats(peer);
	assert_int_equal(stats.srtt_ns, 500 * SUPPORT_MS);
	assert_in_range(stats.rto_ns, stats.srtt_ns + 1, stats.srtt_ns + 1 * SUPPORT_MS);
}

static void rfc6298_2_4_the_timeout_has_a_least(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.rto_min_ns = 1000 * SUPPORT_MS; /* the RFC's own */
	open_in(peer, 1);
	assert_int_equal(support_tcp_stats(peer).rto_ns, 1000 * SUPPORT_MS);
	support_tcp_fini(peer);
	peer->config.rto_min_ns = 200 * SUPPORT_MS;
	open_in(peer, 1);
	assert_int_equal(support_tcp_stats(peer).rto_ns, 200 * SUPPORT_MS);
}

static void rfc6298_2_5_the_timeout_has_a_most_of_one_minute(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint64_t last;

	peer->config.user_timeout_ns = 100000000 * SUPPORT_MS;
	open_in(peer, 100);
	support_tcp_write(peer, MSS);
	for (unsigned int i = 0; i < 20; i++) {
		last = tcp_next_timer(peer->tcp);
		support_tcp_pass(peer, last - peer->now);
		assert_int_equal(peer->count, 1);
		if (i > 9)
			assert_int_equal(tcp_next_timer(peer->tcp) - last, 60000 * SUPPORT_MS);
	}
}

static void rfc6298_3_what_was_sent_twice_is_no_sample(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	support_tcp_write(peer, MSS);
	support_tcp_pass(peer, 310 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	peer->now += 5 * SUPPORT_MS;
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
	assert_int_equal(support_tcp_stats(peer).srtt_ns, 100 * SUPPORT_MS);
}

/* Without SACK and timestamps: the ACK for it comes when the hole is filled, long after it arrived.
 */
static void rfc6298_3_what_waited_behind_a_segment_sent_again_is_no_sample(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	support_tcp_write(peer, 2 * MSS); /* the first is lost */
	support_tcp_pass(peer, 310 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA);
	peer->now += 100 * SUPPORT_MS;
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 2 * MSS, 0);
	assert_int_equal(support_tcp_stats(peer).srtt_ns, 100 * SUPPORT_MS);
	/* What was sent after it waited for nothing. */
	round_trip(peer, 180);
	assert_int_equal(support_tcp_stats(peer).srtt_ns, 110 * SUPPORT_MS);
}

static void rfc6298_5_1_and_5_4_the_timer_runs_from_the_first_segment(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	support_tcp_write(peer, MSS);
	support_tcp_pass(peer, 200 * SUPPORT_MS);
	support_tcp_write(peer, MSS);
	support_tcp_pass(peer, 99 * SUPPORT_MS);
	assert_int_equal(peer->count, 0);
	support_tcp_pass(peer, 1 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA);
}

static void rfc6298_5_2_when_all_is_acknowledged_the_timer_stops(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	round_trip(peer, 100);
	assert_true(tcp_next_timer(peer->tcp) == UINT64_MAX);
}

static void rfc6298_5_3_an_ack_of_new_data_restarts_the_timer(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	support_tcp_write(peer, 2 * MSS);
	support_tcp_pass(peer, 100 * SUPPORT_MS);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + MSS, 0);
	assert_int_equal(tcp_next_timer(peer->tcp) - peer->now, support_tcp_stats(peer).rto_ns);
	/* A duplicate does not. */
	peer->now += 50 * SUPPORT_MS;
	support_tcp_give(peer, TCP_ACK, NXT, UNA + MSS, 0);
	assert_int_equal(tcp_next_timer(peer->tcp) + 50 * SUPPORT_MS - peer->now,
		support_tcp_stats(peer).rto_ns);
}

static void rfc6298_5_5_and_5_6_the_timeout_doubles_each_time(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint64_t last;

	open_in(peer, 100);
	support_tcp_write(peer, MSS);
	last = peer->now;
	for (uint64_t wait = 300 * SUPPORT_MS; wait < 60000 * SUPPORT_MS; wait *= 2) {
		assert_int_equal(tcp_next_timer(peer->tcp) - last, wait);
		last = tcp_next_timer(peer->tcp);
		support_tcp_pass(peer, last - peer->now);
		assert_int_equal(peer->count, 1);
	}
}

static void rfc6298_5_7_a_new_sample_ends_the_back_off(void **state)
{
	struct support_tcp_peer *peer = *state;

	open_in(peer, 100);
	support_tcp_write(peer, MSS);
	support_tcp_pass(peer, 1000 * SUPPORT_MS);
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
	assert_int_equal(support_tcp_stats(peer).rto_ns, 1200 * SUPPORT_MS);
	round_trip(peer, 100);
	assert_true(support_tcp_stats(peer).rto_ns < 400 * SUPPORT_MS);
}

static void rfc6298_5_7_after_a_lost_syn_data_starts_with_three_seconds(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_pass(peer, 1100 * SUPPORT_MS);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	support_tcp_write(peer, MSS);
	assert_int_equal(tcp_next_timer(peer->tcp) - peer->now, 3000 * SUPPORT_MS);
}

static void a_syn_and_its_answer_are_sent_again(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_pass(peer, 1000 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].flags, TCP_SYN | TCP_ACK);
	support_tcp_pass(peer, 2000 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rfc6298_2_1_before_a_sample_the_timeout_is_one_second, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_2_2_the_first_sample_sets_srtt_and_half_of_it_the_variation,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_2_3_later_samples_weigh_an_eighth_and_a_quarter, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_2_3_the_timeout_is_above_the_round_trip_however_even_that_is,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6298_2_4_the_timeout_has_a_least,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6298_2_5_the_timeout_has_a_most_of_one_minute,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6298_3_what_was_sent_twice_is_no_sample,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_3_what_waited_behind_a_segment_sent_again_is_no_sample,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_5_1_and_5_4_the_timer_runs_from_the_first_segment,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_5_2_when_all_is_acknowledged_the_timer_stops, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6298_5_3_an_ack_of_new_data_restarts_the_timer,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6298_5_5_and_5_6_the_timeout_doubles_each_time,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6298_5_7_a_new_sample_ends_the_back_off,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6298_5_7_after_a_lost_syn_data_starts_with_three_seconds,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(a_syn_and_its_answer_are_sent_again,
			support_tcp_setup, support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/rtt", tests, NULL, NULL);
}
