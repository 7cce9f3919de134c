/* RFC 7323: timestamps, PAWS and window scaling; RFC 3522 by timestamps. The clause is in the name.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

static int setup_timestamps(void **state)
{
	struct support_tcp_peer *peer;

	support_tcp_setup(state);
	peer = *state;
	peer->config.timestamps = true;
	return 0;
}

static void give_at(struct support_tcp_peer *peer, uint32_t seq, uint32_t tsval, size_t length)
{
	struct tcp_segment in = support_tcp_segment(peer, TCP_ACK, seq, UNA, length);

	in.tsval = tsval;
	support_tcp_in(peer, &in);
}

static void rfc7323_2_2_the_scale_counts_where_both_sent_it(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	peer->config.window_scale = true;
	peer->config.receive_buffer = 4 << 20;
	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_true(peer->out[0].has_scale);
	assert_int_equal(peer->out[0].scale, 7); /* 65535 << 7 is the first above 4 MiB */
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.scale = 3;
	in.window = 1000;
	support_tcp_in(peer, &in);
	assert_int_equal(support_tcp_stats(peer).send_window, 1000); /* of a SYN: not scaled */
	assert_in_range(peer->out[0].window << 7, 65535 - 128, 65535 + 127);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	assert_int_equal(support_tcp_stats(peer).send_window, 65535 << 3);
}

static void rfc7323_2_2_without_the_peers_scale_windows_are_plain(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	peer->config.window_scale = true;
	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.has_scale = false;
	support_tcp_in(peer, &in);
	assert_int_equal(peer->out[0].window, 65535);
}

static void rfc7323_2_3_a_scale_above_14_is_14(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	peer->config.window_scale = true;
	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.scale = 15;
	support_tcp_in(peer, &in);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	assert_int_equal(support_tcp_stats(peer).send_window, 65535 << 14);
}

static void rfc7323_2_4_the_window_is_never_moved_to_the_left(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint32_t edge, seq = NXT;

	peer->config.window_scale = true;
	peer->config.receive_buffer = 4 << 20;
	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	edge = NXT + ((uint32_t)peer->out[0].window << 7);
	for (unsigned int i = 1; i < 300; i++) {
		support_tcp_give(peer, TCP_ACK, seq, UNA, i);
		seq += i;
		for (size_t k = 0; k < peer->count; k++) {
			uint32_t now = peer->out[k].ack + ((uint32_t)peer->out[k].window << 7);

			assert_true((int32_t)(now - edge) >= 0);
			edge = now;
		}
	}
}

static void rfc7323_3_2_timestamps_go_on_every_segment_once_agreed(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_true(peer->out[0].has_timestamps);
	assert_int_equal(peer->out[0].tsecr, 0);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	assert_true(peer->out[0].has_timestamps);
	assert_int_equal(peer->out[0].tsecr, 1000);
	support_tcp_write(peer, 5000);
	for (size_t i = 0; i < peer->count; i++) {
		assert_true(peer->out[i].has_timestamps);
		assert_true(peer->out[i].length <= MSS - 12);
	}
}

static void rfc7323_7_1_they_begin_where_the_connection_says(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.timestamp_offset = 0xfffffffe;
	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_int_equal(peer->out[0].tsval, (uint32_t)(peer->now / SUPPORT_MS) - 2);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	assert_int_equal(peer->out[0].tsval, (uint32_t)(peer->now / SUPPORT_MS) - 2);
}

static void rfc7323_3_2_without_the_peers_there_are_none(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.has_timestamps = false;
	support_tcp_in(peer, &in);
	assert_false(peer->out[0].has_timestamps);
	support_tcp_write(peer, MSS);
	assert_false(peer->out[0].has_timestamps);
	assert_int_equal(peer->out[0].length, MSS);
	/* One that comes all the same says nothing. */
	give_at(peer, NXT, 2000, 10);
	give_at(peer, NXT + 10, 1000, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 20);
}

static void rfc7323_3_2_a_segment_without_the_agreed_timestamp_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	in = support_tcp_segment(peer, TCP_ACK, NXT, UNA, 10);
	in.has_timestamps = false;
	support_tcp_in(peer, &in);
	assert_int_equal(peer->count, 0);
	assert_int_equal(tcp_receive_ready(peer->tcp), 0);
	/* But a RST may lack it. */
	in.flags = TCP_RST;
	in.length = 0;
	support_tcp_in(peer, &in);
	assert_int_equal(tcp_state(peer->tcp), TCP_CLOSED);
}

static void rfc7323_4_3_the_echo_is_of_the_segment_that_moves_the_window(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	give_at(peer, NXT, 2000, 10);
	assert_int_equal(peer->out[0].tsecr, 2000);
	/* Out of order: the ACK goes with the last one in order. */
	give_at(peer, NXT + 50, 2005, 10);
	assert_int_equal(peer->out[0].tsecr, 2000);
	give_at(peer, NXT + 10, 2003, 40);
	assert_int_equal(peer->out[0].tsecr, 2003);
}

static void rfc7323_4_3_the_echo_of_a_delayed_ack_is_of_the_first(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint32_t seq = NXT;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (unsigned int i = 0; i < 16; i++, seq += MSS) /* which are acknowledged at once */
		give_at(peer, seq, 2000, MSS);
	give_at(peer, seq, 3000, MSS);
	assert_int_equal(peer->count, 0);
	give_at(peer, seq + MSS, 3005, MSS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].tsecr, 3000);
}

static void rfc7323_5_3_r1_an_older_timestamp_is_acknowledged_and_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	give_at(peer, NXT, 2000, 10);
	give_at(peer, NXT + 10, 1999, 10);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].ack, NXT + 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
	give_at(peer, NXT + 10, 2000, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 20);
}

static void rfc7323_5_3_r1_a_rst_is_not_judged_by_its_timestamp(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	give_at(peer, NXT, 2000, 10);
	in = support_tcp_segment(peer, TCP_RST, NXT + 10, 0, 0);
	in.tsval = 1999;
	support_tcp_in(peer, &in);
	assert_int_equal(tcp_state(peer->tcp), TCP_CLOSED);
}

static void rfc7323_5_3_timestamps_compare_modulo_2_32(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.tsval = 0xfffffff0;
	support_tcp_in(peer, &in);
	give_at(peer, NXT, 5, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
	give_at(peer, NXT + 10, 0xfffffff5, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
}

static void rfc7323_5_5_after_24_days_a_timestamp_says_nothing(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	give_at(peer, NXT, 2000, 10);
	peer->now += 25ULL * 24 * 3600 * 1000 * SUPPORT_MS;
	give_at(peer, NXT + 10, 1000, 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 20);
}

static void rfc7323_4_1_the_echo_measures_what_was_sent_twice(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 1000);
	support_tcp_pass(peer, 250 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	support_tcp_pass(peer, 20 * SUPPORT_MS);
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0); /* echoes the second */
	assert_true(support_tcp_stats(peer).srtt_ns > SUPPORT_MS);
}

static void rfc3522_3_2_an_echo_of_the_first_undoes_the_timeout(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint32_t first;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 10 * MSS);
	first = peer->ts_recent;
	support_tcp_pass(peer, 250 * SUPPORT_MS);
	assert_int_equal(support_tcp_stats(peer).timeouts, 1);
	peer->ts_recent = first;
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 2 * MSS, 0);
	assert_int_equal(support_tcp_stats(peer).undone, 1);
	assert_true(support_tcp_stats(peer).cwnd >= 10 * MSS);
	for (size_t i = 0; i < peer->count; i++)
		assert_true(peer->out[i].seq - UNA >= 10 * (MSS - 12));
}

static void rfc6191_2_a_syn_with_a_later_timestamp_may_have_the_port(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment syn;

	support_tcp_reach(peer, TCP_TIME_WAIT);
	peer->now += 5 * SUPPORT_MS;
	syn = support_tcp_segment(peer, TCP_SYN, SUPPORT_IRS - 1000, 0, 0);
	assert_true(tcp_reusable(peer->tcp, &syn));
	syn.tsval = 1;
	assert_false(tcp_reusable(peer->tcp, &syn));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rfc7323_2_2_the_scale_counts_where_both_sent_it,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_2_2_without_the_peers_scale_windows_are_plain, setup_timestamps,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_2_3_a_scale_above_14_is_14, setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_2_4_the_window_is_never_moved_to_the_left,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_3_2_timestamps_go_on_every_segment_once_agreed, setup_timestamps,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_7_1_they_begin_where_the_connection_says,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_3_2_without_the_peers_there_are_none,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_3_2_a_segment_without_the_agreed_timestamp_is_dropped,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_4_3_the_echo_is_of_the_segment_that_moves_the_window,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_4_3_the_echo_of_a_delayed_ack_is_of_the_first, setup_timestamps,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc7323_5_3_r1_an_older_timestamp_is_acknowledged_and_dropped,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_5_3_r1_a_rst_is_not_judged_by_its_timestamp,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_5_3_timestamps_compare_modulo_2_32,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_5_5_after_24_days_a_timestamp_says_nothing,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc7323_4_1_the_echo_measures_what_was_sent_twice,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc3522_3_2_an_echo_of_the_first_undoes_the_timeout,
			setup_timestamps, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6191_2_a_syn_with_a_later_timestamp_may_have_the_port, setup_timestamps,
			support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/timestamps", tests, NULL, NULL);
}
