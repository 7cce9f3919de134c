/* RFC 5961 and 5927: blind attackers, who know the tuple but not the numbers. The clause is in the
 * name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

static void rfc5961_3_2_only_the_next_number_resets(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_RST, NXT + 1, 0, 0);
	assert_int_equal(tcp_state(peer->tcp), TCP_ESTABLISHED);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].flags, TCP_ACK);
	assert_int_equal(peer->out[0].ack, NXT);
	support_tcp_give(peer, TCP_RST, NXT, 0, 0);
	assert_int_equal(tcp_state(peer->tcp), TCP_CLOSED);
}

static void rfc5961_3_2_a_rst_outside_of_the_window_is_dropped_in_silence(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_RST, NXT + 100000, 0, 0);
	support_tcp_give(peer, TCP_RST, NXT - 1, 0, 0);
	assert_int_equal(peer->count, 0);
	assert_int_equal(tcp_state(peer->tcp), TCP_ESTABLISHED);
}

static void rfc5961_4_2_a_syn_gets_a_challenge_whatever_its_number(void **state)
{
	static const uint32_t seqs[] = { SUPPORT_IRS, NXT, NXT + 7, NXT + 100000 };
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (unsigned int i = 0; i < 4; i++) {
		support_tcp_give(peer, TCP_SYN, seqs[i], 0, 0);
		assert_int_equal(peer->count, 1);
		assert_int_equal(peer->out[0].flags, TCP_ACK);
		assert_int_equal(peer->out[0].ack, NXT);
	}
	assert_int_equal(tcp_state(peer->tcp), TCP_ESTABLISHED);
}

static void rfc5961_5_2_data_with_an_impossible_ack_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	/* SND.UNA - MAX.SND.WND =< SEG.ACK =< SND.NXT */
	support_tcp_give(peer, TCP_ACK, NXT, (uint32_t)UNA - 65535, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
	support_tcp_give(peer, TCP_ACK, NXT + 10, (uint32_t)UNA - 65536, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
	assert_int_equal(peer->count, 1);
	support_tcp_give(peer, TCP_ACK, NXT + 10, UNA + 1, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
}

static void rfc5961_7_there_are_only_so_many_challenges(void **state)
{
	struct support_tcp_peer *peer = *state;
	unsigned int answers = 0;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->now += 10000 * SUPPORT_MS;
	for (unsigned int i = 0; i < 100; i++) {
		support_tcp_give(peer, TCP_RST, NXT + 1, 0, 0);
		answers += (unsigned int)peer->count;
	}
	assert_int_equal(answers, 10);
	peer->now += 5000 * SUPPORT_MS;
	support_tcp_give(peer, TCP_RST, NXT + 1, 0, 0);
	assert_int_equal(peer->count, 1);
}

static void rfc5927_4_1_an_error_about_what_is_not_in_flight_is_ignored(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	tcp_unreachable(peer->tcp, SUPPORT_ISS + 1, EHOSTUNREACH, true);
	assert_int_equal(tcp_state(peer->tcp), TCP_SYN_SENT);
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 3 * MSS);
	assert_false(tcp_mtu(peer->tcp, UNA - 1, 500, peer->now));
	assert_false(tcp_mtu(peer->tcp, UNA + 3 * MSS, 500, peer->now));
	assert_int_equal(support_tcp_stats(peer).mss, MSS);
}

static void rfc5461_4_1_a_hard_error_ends_an_opening_and_no_more_than_that(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	tcp_unreachable(peer->tcp, SUPPORT_ISS, EHOSTUNREACH, false);
	assert_int_equal(tcp_state(peer->tcp), TCP_SYN_SENT);
	tcp_unreachable(peer->tcp, SUPPORT_ISS, ECONNREFUSED, true);
	assert_int_equal(tcp_state(peer->tcp), TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), ECONNREFUSED);
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 10);
	tcp_unreachable(peer->tcp, UNA, ECONNREFUSED, true);
	assert_int_equal(tcp_state(peer->tcp), TCP_ESTABLISHED);
}

static void rfc9293_3_9_2_2_a_soft_error_tells_why_a_timeout_came(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 10);
	tcp_unreachable(peer->tcp, UNA, EHOSTUNREACH, false);
	assert_int_equal(support_tcp_stats(peer).soft_error, EHOSTUNREACH);
	support_tcp_pass(peer, 200000 * SUPPORT_MS);
	assert_int_equal(tcp_error(peer->tcp), EHOSTUNREACH);
}

static void rfc9293_3_9_2_2_a_soft_error_is_over_with_the_next_acknowledgment(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 10);
	tcp_unreachable(peer->tcp, UNA, EHOSTUNREACH, false);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 10, 0);
	assert_int_equal(support_tcp_stats(peer).soft_error, 0);
	support_tcp_write(peer, 10);
	support_tcp_pass(peer, 200000 * SUPPORT_MS);
	assert_int_equal(tcp_error(peer->tcp), ETIMEDOUT);
}

static void rfc1191_6_5_a_smaller_path_has_what_was_too_large_sent_again_without_slowing(
	void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t octets = 0;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 4 * MSS);
	assert_true(tcp_mtu(peer->tcp, UNA, 1000, peer->now));
	support_tcp_out(peer);
	assert_int_equal(peer->out[0].seq, UNA);
	for (size_t i = 0; i < peer->count; i++) {
		assert_true(peer->out[i].length <= 1000);
		octets += peer->out[i].length;
	}
	assert_int_equal(octets, 4 * MSS);
	assert_int_equal(support_tcp_stats(peer).cwnd, 10 * MSS);
	assert_int_equal(support_tcp_stats(peer).recoveries, 0);
}

static void a_path_that_another_connection_found_smaller_counts_with_nothing_in_flight(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	tcp_narrow(peer->tcp, 2 * MSS, peer->now);
	assert_int_equal(support_tcp_stats(peer).mss, MSS);
	tcp_narrow(peer->tcp, 1000, peer->now);
	assert_int_equal(tcp_next_timer(peer->tcp), UINT64_MAX);
	support_tcp_write(peer, 2000);
	assert_int_equal(peer->count, 2);
	assert_int_equal(peer->out[0].length, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rfc5961_3_2_only_the_next_number_resets,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc5961_3_2_a_rst_outside_of_the_window_is_dropped_in_silence,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc5961_4_2_a_syn_gets_a_challenge_whatever_its_number, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc5961_5_2_data_with_an_impossible_ack_is_dropped,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc5961_7_there_are_only_so_many_challenges,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc5927_4_1_an_error_about_what_is_not_in_flight_is_ignored,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc5461_4_1_a_hard_error_ends_an_opening_and_no_more_than_that,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_9_2_2_a_soft_error_tells_why_a_timeout_came, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_9_2_2_a_soft_error_is_over_with_the_next_acknowledgment,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc1191_6_5_a_smaller_path_has_what_was_too_large_sent_again_without_slowing,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			a_path_that_another_connection_found_smaller_counts_with_nothing_in_flight,
			support_tcp_setup, support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/attack", tests, NULL, NULL);
}
