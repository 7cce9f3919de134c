/* RFC 9293 3.10.7 and 3.10.8, what arrives and what times out: each case of each state. The clause
 * is in the test's name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_expect.h"
#include "../../support/tcp_sim.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1 };

static const enum tcp_state synchronized[] = { TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2,
	TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT };

#define EACH(i, states)                           \
	size_t i = 0;                             \
	i < sizeof(states) / sizeof((states)[0]); \
	i++

static struct tcp_segment plain(uint8_t flags, uint32_t seq, uint32_t ack, size_t length)
{
	return (struct tcp_segment){ .flags = flags, .seq = seq, .ack = ack, .length = length };
}

static void arrives_3_10_7_1_closed_answers_with_rst(void **state)
{
	struct tcp_segment in = plain(TCP_SYN | TCP_FIN, 50, 0, 7), out;

	(void)state;
	assert_true(tcp_refuse(&in, &out));
	assert_int_equal(out.flags, TCP_RST | TCP_ACK);
	assert_int_equal(out.seq, 0);
	assert_int_equal(out.ack, 50 + 7 + 2);
	in = plain(TCP_ACK, 50, 99, 7);
	assert_true(tcp_refuse(&in, &out));
	assert_int_equal(out.flags, TCP_RST);
	assert_int_equal(out.seq, 99);
}

static void arrives_3_10_7_1_closed_never_answers_a_rst(void **state)
{
	struct tcp_segment in = plain(TCP_RST, 1, 0, 0), out;

	(void)state;
	assert_false(tcp_refuse(&in, &out));
	in.flags |= TCP_ACK;
	assert_false(tcp_refuse(&in, &out));
}

static void arrives_3_10_7_2_listen_first_ignores_rst(void **state)
{
	struct tcp_segment in = plain(TCP_RST | TCP_ACK | TCP_SYN, 1, 1, 0);

	(void)state;
	assert_int_equal(tcp_listen(&in), TCP_IGNORE);
}

static void arrives_3_10_7_2_listen_second_answers_ack_with_rst(void **state)
{
	struct tcp_segment in = plain(TCP_ACK, 1, 77, 0), out;

	(void)state;
	assert_int_equal(tcp_listen(&in), TCP_REFUSE);
	assert_true(tcp_refuse(&in, &out));
	assert_int_equal(out.seq, 77);
	in.flags |= TCP_SYN;
	assert_int_equal(tcp_listen(&in), TCP_REFUSE);
}

static void arrives_3_10_7_2_listen_third_answers_syn_with_syn_and_ack(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
	support_tcp_sent(peer, TCP_SYN | TCP_ACK, SUPPORT_ISS, NXT);
}

static void arrives_3_10_7_2_listen_third_data_of_a_syn_waits_for_established(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment syn = support_tcp_segment(peer, TCP_SYN, SUPPORT_IRS, 0, 10);

	assert_int_equal(tcp_accept(&peer->tcp, &peer->config, &syn, SUPPORT_ISS, peer->now), 0);
	support_tcp_out(peer);
	support_tcp_sent(peer, TCP_SYN | TCP_ACK, SUPPORT_ISS, NXT + 10);
	assert_int_equal(tcp_receive_ready(peer->tcp), 0);
	support_tcp_give(peer, TCP_ACK, NXT + 10, UNA, 0);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
}

static void arrives_3_10_7_2_listen_fourth_ignores_anything_else(void **state)
{
	struct tcp_segment in = plain(TCP_FIN | TCP_URG, 1, 1, 5);
	struct support_tcp_peer *peer = *state;
	struct tcp *tcp = NULL;

	assert_int_equal(tcp_listen(&in), TCP_IGNORE);
	assert_int_equal(tcp_accept(&tcp, &peer->config, &in, 0, 0), -EINVAL);
}

static void arrives_3_10_7_3_syn_sent_first_a_wrong_ack_is_answered_with_rst(void **state)
{
	static const uint32_t wrong[] = { SUPPORT_ISS, SUPPORT_ISS - 1, UNA + 1 };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, wrong)) {
		support_tcp_reach(peer, TCP_SYN_SENT);
		support_tcp_give(peer, TCP_ACK, 1, wrong[i], 0);
		support_tcp_sent(peer, TCP_RST, wrong[i], 0);
		support_tcp_is(peer, TCP_SYN_SENT);
		support_tcp_give(peer, TCP_ACK | TCP_RST, 1, wrong[i], 0);
		assert_int_equal(peer->count, 0);
		support_tcp_is(peer, TCP_SYN_SENT);
	}
}

static void arrives_3_10_7_3_syn_sent_second_rst_with_our_ack_refuses(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_RST | TCP_ACK, 0, UNA, 0);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), ECONNREFUSED);
	assert_int_equal(peer->count, 0);
}

static void arrives_3_10_7_3_syn_sent_second_rst_without_ack_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_RST, 0, 0, 0);
	support_tcp_is(peer, TCP_SYN_SENT);
}

static void arrives_3_10_7_3_syn_sent_fourth_syn_and_ack_establish(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	support_tcp_is(peer, TCP_ESTABLISHED);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
}

static void arrives_3_10_7_3_syn_sent_fourth_syn_alone_opens_simultaneously(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN, SUPPORT_IRS, 0, 0);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
	support_tcp_sent(peer, TCP_SYN | TCP_ACK, SUPPORT_ISS, NXT);
	/* Figure 8: the other side's SYN and ACK. */
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	support_tcp_is(peer, TCP_ESTABLISHED);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
}

static void arrives_3_10_7_3_syn_sent_fifth_neither_syn_nor_rst_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_ACK, SUPPORT_IRS, UNA, 10);
	support_tcp_give(peer, TCP_FIN, SUPPORT_IRS, 0, 10);
	assert_int_equal(peer->count, 0);
	support_tcp_is(peer, TCP_SYN_SENT);
}

static void arrives_3_10_7_4_first_what_is_outside_of_the_window_is_answered_with_ack(void **state)
{
	struct support_tcp_peer *peer = *state;

	for (EACH(i, synchronized)) {
		support_tcp_reach(peer, synchronized[i]);
		support_tcp_give(peer, TCP_ACK, peer->seq - 10, peer->ack, 10);
		support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq);
		support_tcp_give(peer, TCP_ACK, peer->seq + 70000, peer->ack, 10);
		support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq);
		support_tcp_give(peer, TCP_ACK, peer->seq + 70000, peer->ack, 0);
		support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq);
		support_tcp_is(peer, synchronized[i]);
	}
}

static void arrives_3_10_7_4_first_in_syn_received_too_it_is_answered_with_ack(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_ACK, NXT + 70000, UNA, 10);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_RST, NXT + 70000, 0, 0);
	assert_int_equal(peer->count, 0);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
}

static void arrives_3_10_7_4_first_a_rst_outside_of_the_window_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	for (EACH(i, synchronized)) {
		support_tcp_reach(peer, synchronized[i]);
		support_tcp_give(peer, TCP_RST, peer->seq - 1, 0, 0);
		support_tcp_give(peer, TCP_RST, peer->seq + 70000, 0, 0);
		assert_int_equal(peer->count, 0);
		support_tcp_is(peer, synchronized[i]);
	}
}

static void arrives_3_10_7_4_first_with_the_window_shut_ack_and_rst_are_taken(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.receive_buffer = 100;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 100);
	assert_int_equal(peer->out[0].window, 0);
	support_tcp_write(peer, 10);
	support_tcp_give(peer, TCP_ACK, NXT + 100, UNA + 10, 20);
	assert_int_equal(tcp_send_queued(peer->tcp), 0);
	assert_int_equal(tcp_receive_ready(peer->tcp), 100);
	support_tcp_sent(peer, TCP_ACK, UNA + 10, NXT + 100);
	support_tcp_give(peer, TCP_RST, NXT + 100, 0, 0);
	support_tcp_is(peer, TCP_CLOSED);
}

static void arrives_3_10_7_4_first_only_what_is_new_of_a_segment_is_taken(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.receive_buffer = 100;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 50);
	support_tcp_give(peer, TCP_ACK, NXT + 20, UNA, 200);
	assert_int_equal(tcp_receive_ready(peer->tcp), 100);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT + 100);
}

static void arrives_3_10_7_4_second_rst_in_syn_received_of_a_passive_open_is_the_listeners_again(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_RST, NXT, 0, 0);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), ECONNRESET);
	assert_int_equal(peer->count, 0);
}

static void arrives_3_10_7_4_second_rst_in_syn_received_of_an_active_open_refuses(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN, SUPPORT_IRS, 0, 0);
	support_tcp_give(peer, TCP_RST, NXT, 0, 0);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), ECONNREFUSED);
}

static void arrives_3_10_7_4_second_rst_in_syn_received_but_not_the_next_gets_a_challenge(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_RST, NXT + 1, 0, 0);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
}

static void arrives_3_10_7_4_second_rst_resets_where_data_may_be_lost(void **state)
{
	static const enum tcp_state states[] = { TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2,
		TCP_CLOSE_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		support_tcp_give(peer, TCP_RST, peer->seq, 0, 0);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(tcp_error(peer->tcp), ECONNRESET);
		assert_int_equal(peer->count, 0);
	}
}

static void arrives_3_10_7_4_second_rst_only_closes_what_was_closing(void **state)
{
	static const enum tcp_state states[] = { TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		support_tcp_give(peer, TCP_RST, peer->seq, 0, 0);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(tcp_error(peer->tcp), 0);
	}
}

static void arrives_3_10_7_4_fourth_syn_in_syn_received_of_a_passive_open_is_the_listeners(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_SYN, NXT + 5, 0, 0);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(peer->count, 0);
}

static void arrives_3_10_7_4_fourth_syn_in_the_window_gets_a_challenge(void **state)
{
	struct support_tcp_peer *peer = *state;

	for (EACH(i, synchronized)) {
		support_tcp_reach(peer, synchronized[i]);
		support_tcp_give(peer, TCP_SYN, peer->seq + 5, 0, 0);
		support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq);
		support_tcp_is(peer, synchronized[i]);
	}
}

static void arrives_3_10_7_4_fourth_syn_in_syn_received_of_an_active_open_gets_a_challenge(
	void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN, SUPPORT_IRS, 0, 0);
	support_tcp_give(peer, TCP_SYN, NXT + 5, 0, 0);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
}

static void arrives_3_10_7_4_fourth_a_syn_that_came_before_is_answered_again(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_SYN, SUPPORT_IRS, 0, 0);
	support_tcp_sent(peer, TCP_SYN | TCP_ACK, SUPPORT_ISS, NXT);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
}

static void arrives_3_10_7_4_fifth_without_ack_a_segment_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	for (EACH(i, synchronized)) {
		support_tcp_reach(peer, synchronized[i]);
		support_tcp_give(peer, TCP_FIN | TCP_PSH, peer->seq, peer->ack, 10);
		assert_int_equal(peer->count, 0);
		assert_int_equal(tcp_receive_ready(peer->tcp), 0);
		support_tcp_is(peer, synchronized[i]);
	}
}

static void arrives_3_10_7_4_fifth_ack_of_our_syn_establishes(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 3);
	support_tcp_is(peer, TCP_ESTABLISHED);
	assert_int_equal(tcp_receive_ready(peer->tcp), 3);
}

static void arrives_3_10_7_4_fifth_a_wrong_ack_in_syn_received_is_answered_with_rst(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 1, 0);
	support_tcp_sent(peer, TCP_RST, UNA + 1, 0);
	support_tcp_give(peer, TCP_ACK, NXT, SUPPORT_ISS, 0);
	support_tcp_sent(peer, TCP_RST, SUPPORT_ISS, 0);
	support_tcp_is(peer, TCP_SYN_RECEIVED);
}

static void arrives_3_10_7_4_fifth_new_acks_advance_and_old_ones_are_ignored(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 100);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 60, 0);
	assert_int_equal(tcp_send_queued(peer->tcp), 40);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 10, 0);
	assert_int_equal(tcp_send_queued(peer->tcp), 40);
	assert_int_equal(peer->count, 0);
}

static void arrives_3_10_7_4_fifth_an_ack_of_what_was_not_sent_is_answered_and_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 1, 10);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	assert_int_equal(tcp_receive_ready(peer->tcp), 0);
}

static void arrives_3_10_7_4_fifth_the_window_is_taken_from_the_newest_segment(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_stats stats;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	peer->window = 300;
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 10);
	peer->window = 100; /* SND.WL1 = NXT: a segment from before it */
	support_tcp_give(peer, TCP_ACK, NXT + 10, UNA, 0);
	tcp_stats(peer->tcp, &stats);
	assert_int_equal(stats.send_window, 100);
	peer->window = 9999;
	support_tcp_give(peer, TCP_ACK, NXT + 9, UNA, 1);
	tcp_stats(peer->tcp, &stats);
	assert_int_equal(stats.send_window, 100);
}

static void arrives_3_10_7_4_fifth_ack_of_our_fin_moves_on(void **state)
{
	static const enum tcp_state from[] = { TCP_FIN_WAIT_1, TCP_CLOSING, TCP_LAST_ACK },
				    to[] = { TCP_FIN_WAIT_2, TCP_TIME_WAIT, TCP_CLOSED };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, from)) {
		support_tcp_reach(peer, from[i]);
		support_tcp_give(peer, TCP_ACK, peer->seq, peer->ack, 0);
		support_tcp_is(peer, to[i]);
		assert_int_equal(peer->count, 0);
		assert_int_equal(tcp_error(peer->tcp), 0);
	}
}

static void arrives_3_10_7_4_fifth_a_fin_again_in_time_wait_restarts_it(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_TIME_WAIT);
	support_tcp_pass(peer, 40000 * SUPPORT_MS);
	support_tcp_give(peer, TCP_FIN | TCP_ACK, peer->seq - 1, peer->ack, 0);
	support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq);
	support_tcp_pass(peer, 59000 * SUPPORT_MS);
	support_tcp_is(peer, TCP_TIME_WAIT);
	support_tcp_pass(peer, 1000 * SUPPORT_MS);
	support_tcp_is(peer, TCP_CLOSED);
}

static void arrives_3_10_7_4_sixth_urgent_data_is_data(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	in = support_tcp_segment(peer, TCP_ACK | TCP_URG, NXT, UNA, 10);
	in.urgent = 5;
	support_tcp_in(peer, &in);
	assert_int_equal(tcp_receive_ready(peer->tcp), 10);
}

static void arrives_3_10_7_4_seventh_data_is_taken_until_the_peers_fin(void **state)
{
	struct support_tcp_peer *peer = *state;

	for (EACH(i, synchronized)) {
		bool open = synchronized[i] == TCP_ESTABLISHED ||
			    synchronized[i] == TCP_FIN_WAIT_1 || synchronized[i] == TCP_FIN_WAIT_2;

		support_tcp_reach(peer, synchronized[i]);
		support_tcp_give(peer, TCP_ACK, peer->seq, peer->ack, 10);
		assert_int_equal(tcp_receive_ready(peer->tcp), open ? 10 : 0);
		if (open)
			support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq + 10);
	}
}

static void arrives_3_10_7_4_seventh_data_out_of_order_waits_for_its_turn(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT + 20, UNA, 10);
	support_tcp_give(peer, TCP_ACK | TCP_FIN, NXT + 30, UNA, 5);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	assert_int_equal(tcp_receive_ready(peer->tcp), 0);
	support_tcp_is(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 20);
	assert_int_equal(tcp_receive_ready(peer->tcp), 35);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT + 36);
	support_tcp_is(peer, TCP_CLOSE_WAIT);
}

static void arrives_3_10_7_4_eighth_fin_moves_on(void **state)
{
	static const enum tcp_state from[] = { TCP_ESTABLISHED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2,
		TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT },
				    to[] = { TCP_CLOSE_WAIT, TCP_CLOSING, TCP_TIME_WAIT,
					    TCP_CLOSE_WAIT, TCP_CLOSING, TCP_LAST_ACK,
					    TCP_TIME_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, from)) {
		/* In FIN-WAIT-1 without the ACK of our FIN. */
		uint32_t unseen = from[i] == TCP_FIN_WAIT_1 || from[i] == TCP_CLOSING ||
				  from[i] == TCP_LAST_ACK;

		support_tcp_reach(peer, from[i]);
		support_tcp_give(peer, TCP_FIN | TCP_ACK, peer->seq, peer->ack - unseen, 0);
		support_tcp_is(peer, to[i]);
	}
}

static void arrives_3_10_7_4_eighth_fin_with_the_ack_of_ours_ends_fin_wait_1(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_FIN_WAIT_1);
	support_tcp_give(peer, TCP_FIN | TCP_ACK, peer->seq, peer->ack, 0);
	support_tcp_is(peer, TCP_TIME_WAIT);
	support_tcp_sent(peer, TCP_ACK, peer->ack, peer->seq + 1);
}

static void arrives_3_10_7_4_eighth_fin_with_the_ack_of_our_syn_enters_close_wait(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	support_tcp_give(peer, TCP_FIN | TCP_ACK, NXT, UNA, 3);
	support_tcp_is(peer, TCP_CLOSE_WAIT);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT + 4);
	assert_int_equal(tcp_receive_ready(peer->tcp), 3);
}

static void arrives_3_10_7_4_eighth_a_fin_that_came_with_the_syn_counts(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN | TCP_ACK | TCP_FIN, SUPPORT_IRS, UNA, 4);
	support_tcp_is(peer, TCP_CLOSE_WAIT);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT + 5);
}

static void arrives_3_10_7_4_eighth_what_came_behind_a_fin_is_dropped(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.sack = true;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT + 4, UNA, 5);
	assert_int_equal(peer->out[0].sack_count, 1);
	support_tcp_give(peer, TCP_ACK | TCP_FIN, NXT, UNA, 3);
	support_tcp_is(peer, TCP_CLOSE_WAIT);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT + 4);
	assert_int_equal(peer->out[0].sack_count, 0);
	assert_int_equal(tcp_receive_ready(peer->tcp), 3);
	assert_null(support_tcp_invariant(peer->tcp));
}

static void timeouts_3_10_8_the_user_timeout_ends_the_connection(void **state)
{
	static const enum tcp_state states[] = { TCP_SYN_SENT, TCP_SYN_RECEIVED, TCP_FIN_WAIT_1,
		TCP_CLOSING, TCP_LAST_ACK };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		support_tcp_pass(peer, 179000 * SUPPORT_MS);
		support_tcp_is(peer, states[i]);
		support_tcp_pass(peer, 2000 * SUPPORT_MS);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(tcp_error(peer->tcp), ETIMEDOUT);
	}
}

static void timeouts_3_10_8_the_user_timeout_runs_while_data_waits_for_its_ack(void **state)
{
	static const enum tcp_state states[] = { TCP_ESTABLISHED, TCP_CLOSE_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		support_tcp_pass(peer, 1000000 * SUPPORT_MS); /* with nothing out there is none */
		support_tcp_is(peer, states[i]);
		support_tcp_write(peer, 10);
		support_tcp_pass(peer, 179000 * SUPPORT_MS);
		support_tcp_is(peer, states[i]);
		support_tcp_pass(peer, 2000 * SUPPORT_MS);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(tcp_error(peer->tcp), ETIMEDOUT);
	}
}

static void timeouts_3_10_8_the_retransmission_timeout_sends_the_first_again(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 3000);
	support_tcp_pass(peer, 200 * SUPPORT_MS);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	assert_int_equal(peer->out[0].length, 1460);
}

static void timeouts_3_10_8_time_wait_ends_in_closed(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_TIME_WAIT);
	support_tcp_pass(peer, 60000 * SUPPORT_MS);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), 0);
}

static void time_wait_3_6_1_a_newer_syn_may_have_the_port(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment syn = plain(TCP_SYN, SUPPORT_IRS, 0, 0);

	support_tcp_reach(peer, TCP_TIME_WAIT);
	assert_false(tcp_reusable(peer->tcp, &syn));
	syn.seq = peer->seq + 1;
	assert_true(tcp_reusable(peer->tcp, &syn));
	support_tcp_reach(peer, TCP_FIN_WAIT_2);
	assert_false(tcp_reusable(peer->tcp, &syn));
}

/* RFC 2525 2.17, RFC 9293 3.6.1: closed with data unread. */
static void half_close_3_6_1_data_that_nobody_reads_resets(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	tcp_close(peer->tcp, peer->now);
	support_tcp_out(peer);
	support_tcp_sent(peer, TCP_FIN | TCP_ACK, UNA, NXT);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 1, 0);
	support_tcp_is(peer, TCP_FIN_WAIT_2);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 1, 5);
	support_tcp_sent(peer, TCP_RST, UNA + 1, 0);
	support_tcp_is(peer, TCP_CLOSED);
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 5);
	tcp_close(peer->tcp, peer->now);
	support_tcp_out(peer);
	support_tcp_sent(peer, TCP_RST, UNA, 0);
}

static void half_close_3_6_fin_wait_2_lasts_while_the_user_reads(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_FIN_WAIT_2);
	support_tcp_pass(peer, 1000000 * SUPPORT_MS);
	support_tcp_is(peer, TCP_FIN_WAIT_2);
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 5);
	assert_int_equal(tcp_receive_ready(peer->tcp), 5);
	tcp_receive_done(peer->tcp, 5);
	tcp_close(peer->tcp, peer->now);
	support_tcp_pass(peer, 61000 * SUPPORT_MS);
	support_tcp_is(peer, TCP_CLOSED);
}

static void half_open_3_5_1_who_has_forgotten_resets_and_who_has_not_asks(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment answer;

	/* Figure 9 from the side that remembers: the new SYN gets the ACK that tells. */
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_SYN, NXT + 30000, 0, 0);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	answer = peer->out[0];
	support_tcp_give(peer, TCP_RST, answer.ack, 0, 0);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), ECONNRESET);
	/* And from the side that forgot: the ACK is of no SYN of ours. */
	support_tcp_reach(peer, TCP_SYN_SENT);
	answer.seq = 300;
	answer.ack = 100;
	support_tcp_in(peer, &answer);
	support_tcp_sent(peer, TCP_RST, 100, 0);
	support_tcp_is(peer, TCP_SYN_SENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(arrives_3_10_7_1_closed_answers_with_rst,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_1_closed_never_answers_a_rst,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_2_listen_first_ignores_rst,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_2_listen_second_answers_ack_with_rst,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_2_listen_third_answers_syn_with_syn_and_ack,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_2_listen_third_data_of_a_syn_waits_for_established,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_2_listen_fourth_ignores_anything_else, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_3_syn_sent_first_a_wrong_ack_is_answered_with_rst,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_3_syn_sent_second_rst_with_our_ack_refuses,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_3_syn_sent_second_rst_without_ack_is_dropped,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_3_syn_sent_fourth_syn_and_ack_establish, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_3_syn_sent_fourth_syn_alone_opens_simultaneously,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_3_syn_sent_fifth_neither_syn_nor_rst_is_dropped,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_first_what_is_outside_of_the_window_is_answered_with_ack,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_first_in_syn_received_too_it_is_answered_with_ack,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_first_a_rst_outside_of_the_window_is_dropped,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_first_with_the_window_shut_ack_and_rst_are_taken,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_first_only_what_is_new_of_a_segment_is_taken,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_second_rst_in_syn_received_of_a_passive_open_is_the_listeners_again,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_second_rst_in_syn_received_of_an_active_open_refuses,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_second_rst_in_syn_received_but_not_the_next_gets_a_challenge,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_second_rst_resets_where_data_may_be_lost,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_second_rst_only_closes_what_was_closing, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fourth_syn_in_syn_received_of_a_passive_open_is_the_listeners,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fourth_syn_in_the_window_gets_a_challenge,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fourth_syn_in_syn_received_of_an_active_open_gets_a_challenge,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fourth_a_syn_that_came_before_is_answered_again,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fifth_without_ack_a_segment_is_dropped, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_4_fifth_ack_of_our_syn_establishes,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fifth_a_wrong_ack_in_syn_received_is_answered_with_rst,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fifth_new_acks_advance_and_old_ones_are_ignored,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fifth_an_ack_of_what_was_not_sent_is_answered_and_dropped,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fifth_the_window_is_taken_from_the_newest_segment,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_4_fifth_ack_of_our_fin_moves_on,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_fifth_a_fin_again_in_time_wait_restarts_it,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_4_sixth_urgent_data_is_data,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_seventh_data_is_taken_until_the_peers_fin,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_seventh_data_out_of_order_waits_for_its_turn,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(arrives_3_10_7_4_eighth_fin_moves_on,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_eighth_fin_with_the_ack_of_ours_ends_fin_wait_1,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_eighth_fin_with_the_ack_of_our_syn_enters_close_wait,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_eighth_a_fin_that_came_with_the_syn_counts,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			arrives_3_10_7_4_eighth_what_came_behind_a_fin_is_dropped,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			timeouts_3_10_8_the_user_timeout_ends_the_connection, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			timeouts_3_10_8_the_user_timeout_runs_while_data_waits_for_its_ack,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			timeouts_3_10_8_the_retransmission_timeout_sends_the_first_again,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(timeouts_3_10_8_time_wait_ends_in_closed,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(time_wait_3_6_1_a_newer_syn_may_have_the_port,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(half_close_3_6_1_data_that_nobody_reads_resets,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			half_close_3_6_fin_wait_2_lasts_while_the_user_reads, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			half_open_3_5_1_who_has_forgotten_resets_and_who_has_not_asks,
			support_tcp_setup, support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/states", tests, NULL, NULL);
}
