/* RFC 8985: loss told by time, and probes of the tail; RFC 5682. The clause is in the name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

static int setup_rack(void **state)
{
	struct support_tcp_peer *peer;

	support_tcp_setup(state);
	peer = *state;
	peer->config.sack = true;
	return 0;
}

/* A connection with a round trip of 100 ms, and so many segments in flight, 1 ms from each to the
 * next. */
static void in_flight(struct support_tcp_peer *peer, unsigned int segments)
{
	support_tcp_reach(peer, TCP_SYN_SENT);
	peer->now += 100 * SUPPORT_MS;
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	for (unsigned int i = 0; i < segments; i++) {
		support_tcp_write(peer, MSS);
		peer->now += SUPPORT_MS;
	}
}

static void sack(struct support_tcp_peer *peer, uint32_t ack, uint32_t left, uint32_t right)
{
	struct tcp_segment in = support_tcp_segment(peer, TCP_ACK, NXT, UNA + ack * MSS, 0);

	in.sack_count = left != right;
	in.sack[0].left = UNA + left * MSS;
	in.sack[0].right = UNA + right * MSS;
	support_tcp_in(peer, &in);
}

static void rfc8985_6_2_what_was_sent_before_what_arrived_is_lost_a_quarter_round_trip_later(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 5);
	support_tcp_pass(peer, 96 * SUPPORT_MS);
	sack(peer, 0, 1, 2); /* sent 1 ms after the first, 100 ms ago */
	assert_int_equal(peer->count, 0);
	support_tcp_pass(peer, 23 * SUPPORT_MS);
	assert_int_equal(peer->count, 0);
	support_tcp_pass(peer, 2 * SUPPORT_MS);
	assert_true(peer->count >= 1);
	assert_int_equal(peer->out[0].seq, UNA);
	assert_int_equal(support_tcp_stats(peer).recoveries, 1);
}

static void rfc8985_6_2_three_segments_above_are_enough_where_nothing_was_ever_reordered(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 5);
	support_tcp_pass(peer, 96 * SUPPORT_MS);
	sack(peer, 0, 1, 4);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA);
}

static void rfc8985_6_2_where_segments_were_reordered_three_are_not_enough(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 9);
	support_tcp_pass(peer, 92 * SUPPORT_MS);
	sack(peer, 0, 1, 2);
	sack(peer, 2, 0, 0); /* the first came after the second */
	sack(peer, 2, 3, 7);
	assert_int_equal(support_tcp_stats(peer).recoveries, 0);
	sack(peer, 7, 0, 0);
	assert_int_equal(support_tcp_stats(peer).retransmitted, 0);
}

static void rfc8985_6_2_a_retransmission_that_is_lost_is_sent_again_without_a_timeout(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 8);
	support_tcp_pass(peer, 96 * SUPPORT_MS);
	sack(peer, 0, 1, 4); /* the first is sent again */
	assert_int_equal(peer->out[0].seq, UNA);
	support_tcp_pass(peer, 1 * SUPPORT_MS);
	sack(peer, 0, 1, 8);
	support_tcp_write(peer, 2 * MSS); /* after it */
	assert_true(peer->count >= 1);
	support_tcp_pass(peer, 100 * SUPPORT_MS);
	sack(peer, 0, 1, 9);
	support_tcp_pass(peer, 30 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).timeouts, 0);
	assert_true(support_tcp_stats(peer).retransmitted >= 2);
}

static void rfc8985_7_2_a_lost_tail_is_probed_after_two_round_trips(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 3);
	support_tcp_pass(peer, 198 * SUPPORT_MS);
	assert_int_equal(peer->count, 0);
	support_tcp_pass(peer, 10 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA + 2 * MSS);
	assert_int_equal(support_tcp_stats(peer).tail_probes, 1);
	assert_int_equal(support_tcp_stats(peer).timeouts, 0);
	assert_int_equal(support_tcp_stats(peer).cwnd, 10 * MSS);
}

static void rfc8985_7_3_the_probe_is_new_data_where_there_is_some(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 3);
	support_tcp_write(peer, 10); /* a small one, and another that waits behind it */
	tcp_send(peer->tcp, "more", 4);
	support_tcp_out(peer);
	assert_int_equal(peer->count, 0);
	support_tcp_write(peer, MSS - 4 + 1000);
	support_tcp_pass(peer, 290 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).tail_probes, 1);
}

static void rfc8985_7_4_2_a_probe_that_repaired_the_tail_halves_the_window(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 8);
	support_tcp_pass(peer, 95 * SUPPORT_MS);
	sack(peer, 7, 0, 0);
	support_tcp_pass(peer, 260 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).tail_probes, 1);
	sack(peer, 8, 0, 0);
	support_tcp_write(peer, MSS);
	sack(peer, 9, 0, 0);
	assert_true(support_tcp_stats(peer).cwnd < 10 * MSS);
}

static void rfc8985_7_4_2_a_probe_that_came_twice_changes_nothing(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t cwnd;

	in_flight(peer, 8);
	support_tcp_pass(peer, 95 * SUPPORT_MS);
	sack(peer, 7, 0, 0);
	support_tcp_pass(peer, 260 * SUPPORT_MS);
	cwnd = support_tcp_stats(peer).cwnd;
	sack(peer, 8, 7, 8); /* a DSACK */
	support_tcp_write(peer, MSS);
	sack(peer, 9, 0, 0);
	assert_true(support_tcp_stats(peer).cwnd >= cwnd);
}

static void rfc5682_3_1_an_ack_of_what_was_sent_once_undoes_the_timeout(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.tail_probe = false;
	in_flight(peer, 10);
	support_tcp_pass(peer, 300 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).timeouts, 1);
	assert_int_equal(support_tcp_stats(peer).cwnd, MSS);
	sack(peer, 1, 0, 0);
	sack(peer, 4, 0, 0); /* of these only two were sent again */
	assert_int_equal(support_tcp_stats(peer).undone, 1);
	assert_true(support_tcp_stats(peer).cwnd >= 10 * MSS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rfc8985_6_2_what_was_sent_before_what_arrived_is_lost_a_quarter_round_trip_later,
			setup_rack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_6_2_three_segments_above_are_enough_where_nothing_was_ever_reordered,
			setup_rack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_6_2_where_segments_were_reordered_three_are_not_enough, setup_rack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_6_2_a_retransmission_that_is_lost_is_sent_again_without_a_timeout,
			setup_rack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_7_2_a_lost_tail_is_probed_after_two_round_trips, setup_rack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_7_3_the_probe_is_new_data_where_there_is_some, setup_rack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_7_4_2_a_probe_that_repaired_the_tail_halves_the_window, setup_rack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc8985_7_4_2_a_probe_that_came_twice_changes_nothing, setup_rack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc5682_3_1_an_ack_of_what_was_sent_once_undoes_the_timeout, setup_rack,
			support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/rack", tests, NULL, NULL);
}
