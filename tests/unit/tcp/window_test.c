/* RFC 9293 3.7.4 and 3.8: windows, Nagle, delayed ACKs, probes, keep-alive, long segments. The
 * clause is in the name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

static void rfc9293_3_7_4_a_small_segment_waits_behind_another(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 10);
	assert_int_equal(peer->count, 1);
	support_tcp_write(peer, 10);
	assert_int_equal(peer->count, 0);
	support_tcp_write(peer, MSS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].length, MSS);
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].length, 10);
}

static void rfc9293_a_3_the_end_of_a_long_write_does_not_wait(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 2 * MSS + 10);
	assert_int_equal(peer->count, 3);
	assert_true(peer->out[2].flags & TCP_PSH);
}

static void rfc9293_3_7_4_nodelay_sends_at_once(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.nodelay = true;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (unsigned int i = 0; i < 3; i++) {
		support_tcp_write(peer, 10);
		assert_int_equal(peer->count, 1);
	}
}

static void rfc9293_3_8_6_1_a_shut_window_is_probed_with_one_octet_and_back_off(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint64_t last;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 0;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	support_tcp_write(peer, 100);
	assert_int_equal(peer->count, 0);
	last = peer->now;
	for (uint64_t wait = 200 * SUPPORT_MS; wait < 20000 * SUPPORT_MS; wait *= 2) {
		assert_int_equal(tcp_next_timer(peer->tcp) - last, wait);
		last = tcp_next_timer(peer->tcp);
		support_tcp_pass(peer, last - peer->now);
		assert_int_equal(peer->count, 1);
		assert_int_equal(peer->out[0].seq, UNA);
		assert_int_equal(peer->out[0].length, 1);
		support_tcp_give(peer, TCP_ACK, NXT + 1, UNA, 0);
	}
	assert_int_equal(support_tcp_stats(peer).timeouts, 0);
	assert_int_equal(support_tcp_stats(peer).cwnd, 10 * MSS);
}

static void rfc9293_3_8_6_1_when_the_window_opens_all_goes_at_once(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t octets = 0;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 0;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	support_tcp_write(peer, 100);
	support_tcp_pass(peer, 250 * SUPPORT_MS);
	peer->window = 1000;
	support_tcp_give(peer, TCP_ACK, NXT + 1, UNA, 0); /* the probe was thrown away */
	for (size_t i = 0; i < peer->count; i++)
		octets += peer->out[i].length;
	assert_int_equal(octets, 100);
}

static void rfc9293_3_8_6_1_a_shut_window_may_stay_so_while_the_peer_answers(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 0;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	support_tcp_write(peer, 100);
	for (unsigned int i = 0; i < 60; i++) {
		support_tcp_pass(peer, 60000 * SUPPORT_MS);
		support_tcp_give(peer, TCP_ACK, NXT + 1, UNA, 0);
	}
	assert_int_equal(tcp_state(peer->tcp), TCP_ESTABLISHED);
	support_tcp_pass(peer, 400000 * SUPPORT_MS);
	assert_int_equal(tcp_error(peer->tcp), ETIMEDOUT);
}

static void rfc6429_a_window_shut_on_a_closed_connection_ends_it(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 0;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	tcp_receive_done(peer->tcp, tcp_receive_ready(peer->tcp));
	support_tcp_write(peer, 100);
	tcp_close(peer->tcp, peer->now);
	for (unsigned int i = 0; i < 4 && tcp_state(peer->tcp) != TCP_CLOSED; i++) {
		support_tcp_pass(peer, 60000 * SUPPORT_MS);
		support_tcp_give(peer, TCP_ACK, NXT + 1, UNA, 0);
	}
	assert_int_equal(tcp_error(peer->tcp), ETIMEDOUT);
}

static void rfc9293_3_8_6_1_a_fin_waits_for_the_window_and_is_the_probe(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 0;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	tcp_shutdown(peer->tcp, peer->now);
	support_tcp_out(peer);
	assert_int_equal(peer->count, 0);
	support_tcp_pass(peer, 250 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].flags, TCP_FIN | TCP_ACK);
}

static void rfc9293_3_8_6_2_1_less_than_a_segment_waits_for_more_window(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 1000; /* below the MSS, and below half of the largest window */
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	support_tcp_write(peer, 5000);
	assert_int_equal(peer->count, 0);
	/* The override timeout, 0.1 to 1 s. */
	support_tcp_pass(peer, 1000 * SUPPORT_MS);
	assert_int_equal(peer->out[0].length, 1000);
}

static void rfc9293_3_8_6_2_1_half_of_the_largest_window_goes(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->window = 1200;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 700;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	support_tcp_write(peer, 5000);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].length, 700);
}

static void rfc9293_3_8_6_2_2_the_window_opens_in_steps_worth_a_segment(void **state)
{
	struct support_tcp_peer *peer = *state;
	unsigned int updates = 0;
	uint16_t window = 0;
	uint8_t octet;

	peer->config.receive_buffer = 10000;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (uint32_t i = 0; i < 10; i++)
		support_tcp_give(peer, TCP_ACK, NXT + 1000 * i, UNA, 1000);
	assert_int_equal(peer->out[0].window, 0);
	for (unsigned int i = 0; i < 10000; i++) {
		tcp_receive(peer->tcp, &octet, 1);
		support_tcp_out(peer);
		if (!peer->count)
			continue;
		updates++;
		assert_true(peer->out[0].window >= window + 1000);
		window = peer->out[0].window;
	}
	assert_in_range(updates, 1, 10);
	assert_true(window >= 5000);
}

static void rfc9293_3_8_6_the_receive_window_grows_with_a_user_who_keeps_up(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint32_t seq = NXT;

	peer->config.window_scale = true;
	peer->config.receive_buffer = 1 << 20;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	assert_in_range(support_tcp_stats(peer).receive_window, 65535, 65535 + 31);
	for (unsigned int i = 0; i < 2000; i++, seq += MSS) {
		support_tcp_give(peer, TCP_ACK, seq, UNA, MSS);
		tcp_receive_done(peer->tcp, tcp_receive_ready(peer->tcp));
	}
	assert_true(support_tcp_stats(peer).receive_window > (1 << 20) - 6 * MSS);
	assert_true(support_tcp_stats(peer).receive_window < (1 << 20) + 32);
}

static void rfc9293_3_8_6_a_window_that_shrinks_holds_back_and_loses_nothing(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 10 * MSS);
	assert_int_equal(peer->count, 10);
	peer->window = MSS; /* its edge is eight segments left of SND.NXT */
	support_tcp_give(peer, TCP_ACK, NXT, UNA + MSS, 1);
	support_tcp_write(peer, MSS);
	assert_int_equal(peer->count, 0);
	/* What lies within goes again, what lies past the edge does not. */
	support_tcp_pass(peer, 250 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA + MSS);
	support_tcp_give(peer, TCP_ACK, NXT + 1, UNA + 2 * MSS, 0);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA + 2 * MSS);
	peer->window = 65535;
	support_tcp_give(peer, TCP_ACK, NXT + 1, UNA + 10 * MSS, 0);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA + 10 * MSS);
}

static void rfc9293_3_8_6_a_window_that_shrinks_to_nothing_ends_no_connection_that_answers(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 3 * MSS);
	peer->window = 0;
	for (unsigned int i = 0; i < 60; i++) {
		support_tcp_give(peer, TCP_ACK, NXT, UNA + MSS, 0);
		support_tcp_pass(peer, 60000 * SUPPORT_MS);
	}
	assert_int_equal(tcp_state(peer->tcp), TCP_ESTABLISHED);
	peer->window = 65535;
	support_tcp_give(peer, TCP_ACK, NXT, UNA + MSS, 0);
	assert_true(peer->count >= 1);
	assert_int_equal(peer->out[0].seq, UNA + MSS);
}

static void rfc9293_3_8_4_an_idle_peer_is_probed_and_given_up(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.keepalive_ns = 10000 * SUPPORT_MS;
	peer->config.keepalive_probes = 3;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_pass(peer, 10000 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA - 1);
	assert_int_equal(peer->out[0].length, 0);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 0); /* it lives */
	support_tcp_pass(peer, 39000 * SUPPORT_MS);
	assert_int_equal(peer->count, 3);
	support_tcp_pass(peer, 1000 * SUPPORT_MS);
	assert_int_equal(tcp_error(peer->tcp), ETIMEDOUT);
}

static void rfc9293_3_8_4_unless_asked_for_there_are_no_probes(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	assert_true(tcp_next_timer(peer->tcp) == UINT64_MAX);
}

static void rfc9293_3_7_1_the_peers_mss_is_kept_and_536_without_one(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.has_mss = false;
	support_tcp_in(peer, &in);
	support_tcp_write(peer, 5000);
	assert_int_equal(peer->out[0].length, 536);
	support_tcp_reach(peer, TCP_SYN_SENT);
	in.has_mss = true;
	in.mss = 0; /* nonsense: what all options leave some data beside */
	support_tcp_in(peer, &in);
	support_tcp_write(peer, 5000);
	assert_int_equal(peer->out[0].length, 48);
}

static void a_burst_is_handed_out_whole_in_multiples_of_the_segment(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.burst = 65160;
	peer->config.timestamps = true;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 131072);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].segment_size, MSS - 12);
	assert_int_equal(peer->out[0].length, 10 * (MSS - 12));
	assert_int_equal(support_tcp_stats(peer).segments_out, 2 + 10);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 3 * (MSS - 12), 0);
	assert_int_equal(peer->out[0].length % (MSS - 12), 0);
}

static void a_super_segment_is_taken_whole_and_acknowledged(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 64240);
	assert_int_equal(tcp_receive_ready(peer->tcp), 64240);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].ack, NXT + 64240);
}

static void a_write_and_a_read_without_copies(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t room, ready;
	uint8_t *to;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	to = tcp_send_reserve(peer->tcp, &room);
	assert_non_null(to);
	assert_true(room >= 1);
	*to = 'x';
	tcp_send_commit(peer->tcp, 1);
	support_tcp_out(peer);
	assert_int_equal(peer->out[0].length, 1);
	assert_int_equal(*peer->out[0].data[0].octets, 'x');
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 7);
	assert_non_null(tcp_receive_peek(peer->tcp, &ready));
	assert_int_equal(ready, 7);
	tcp_receive_done(peer->tcp, 7);
	assert_null(tcp_receive_peek(peer->tcp, &ready));
}

static void room_for_a_read_is_whole_bursts_where_one_fits(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t room, mss;

	peer->config.burst = 60000;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	mss = support_tcp_stats(peer).mss;
	assert_non_null(tcp_send_reserve(peer->tcp, &room));
	assert_true(room > 60000);
	assert_int_equal(room % (60000 - 60000 % mss), 0);
	tcp_send_bound(peer->tcp, 1000);
	assert_non_null(tcp_send_reserve(peer->tcp, &room));
	assert_int_equal(room, 1000);
}

static void a_bound_of_the_send_buffer_holds_from_then_on(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	assert_int_equal(support_tcp_write(peer, 6000), 6000);
	tcp_send_bound(peer->tcp, 5000);
	assert_int_equal(tcp_send_space(peer->tcp), 0);
	assert_int_equal(support_tcp_write(peer, 1), 0);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 4000, 0);
	assert_int_equal(support_tcp_write(peer, 9000), 3000);
	tcp_send_bound(peer->tcp, 20000);
	assert_int_equal(support_tcp_write(peer, 9000), 9000);
}

/* RFC 9293 3.8.6: the peer may send what it was told. */
static void rfc9293_3_8_6_a_bound_of_the_window_moves_no_edge_to_the_left(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint8_t octets[MSS];
	uint32_t edge = 0;
	unsigned int i;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (i = 0; i < 60; i++) {
		const struct tcp_segment *out = peer->out;

		support_tcp_give(peer, TCP_ACK, NXT + i * MSS, UNA, MSS);
		assert_int_equal(tcp_receive(peer->tcp, octets, MSS), MSS);
		if (i == 1)
			tcp_receive_bound(peer->tcp, 16384);
		if (!peer->count)
			continue;
		assert_true(!edge || (int32_t)(out->ack + out->window - edge) >= 0);
		edge = out->ack + out->window;
	}
	assert_in_range(edge - (NXT + i * MSS), 16384 - 2 * MSS, 16384);
}

static void sizes_that_cannot_be_are_refused(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.mss = 47;
	assert_int_equal(tcp_connect(&peer->tcp, &peer->config, 0, 0), -EINVAL);
	peer->config.mss = 48;
	peer->config.send_buffer = 0;
	assert_int_equal(tcp_connect(&peer->tcp, &peer->config, 0, 0), -EINVAL);
	peer->config.send_buffer = 1;
	assert_int_equal(tcp_connect(&peer->tcp, &peer->config, 0, 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_bound_of_the_send_buffer_holds_from_then_on,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_a_bound_of_the_window_moves_no_edge_to_the_left,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9293_3_7_4_a_small_segment_waits_behind_another,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9293_a_3_the_end_of_a_long_write_does_not_wait,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9293_3_7_4_nodelay_sends_at_once,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_1_a_shut_window_is_probed_with_one_octet_and_back_off,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_1_when_the_window_opens_all_goes_at_once, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_1_a_shut_window_may_stay_so_while_the_peer_answers,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6429_a_window_shut_on_a_closed_connection_ends_it, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_1_a_fin_waits_for_the_window_and_is_the_probe,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_2_1_less_than_a_segment_waits_for_more_window,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9293_3_8_6_2_1_half_of_the_largest_window_goes,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_2_2_the_window_opens_in_steps_worth_a_segment,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_the_receive_window_grows_with_a_user_who_keeps_up,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_a_window_that_shrinks_holds_back_and_loses_nothing,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_8_6_a_window_that_shrinks_to_nothing_ends_no_connection_that_answers,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9293_3_8_4_an_idle_peer_is_probed_and_given_up,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9293_3_8_4_unless_asked_for_there_are_no_probes,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9293_3_7_1_the_peers_mss_is_kept_and_536_without_one, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(room_for_a_read_is_whole_bursts_where_one_fits,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			a_burst_is_handed_out_whole_in_multiples_of_the_segment, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(a_super_segment_is_taken_whole_and_acknowledged,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			a_write_and_a_read_without_copies, support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			sizes_that_cannot_be_are_refused, support_tcp_setup, support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/window", tests, NULL, NULL);
}
