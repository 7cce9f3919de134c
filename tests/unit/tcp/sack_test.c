/* RFC 2018, 2883 and 6675: SACK given and taken. The clause is in the name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

static int setup_sack(void **state)
{
	struct support_tcp_peer *peer;

	support_tcp_setup(state);
	peer = *state;
	peer->config.sack = true;
	peer->config.tail_probe = false; /* RFC 6675 alone */
	return 0;
}

static void in_flight(struct support_tcp_peer *peer, unsigned int segments)
{
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, segments * MSS);
	assert_int_equal(peer->count, segments);
}

/* An ACK with blocks of whole segments, counted from the first sent: { left, right } */
static void sack(
	struct support_tcp_peer *peer, uint32_t ack, const uint32_t blocks[][2], unsigned int count)
{
	struct tcp_segment in = support_tcp_segment(peer, TCP_ACK, NXT, UNA + ack * MSS, 0);

	in.sack_count = count;
	for (unsigned int i = 0; i < count; i++) {
		in.sack[i].left = UNA + blocks[i][0] * MSS;
		in.sack[i].right = UNA + blocks[i][1] * MSS;
	}
	support_tcp_in(peer, &in);
}

static void sack_one(struct support_tcp_peer *peer, uint32_t ack, uint32_t left, uint32_t right)
{
	const uint32_t blocks[1][2] = { { left, right } };

	sack(peer, ack, blocks, 1);
}

static void rfc2018_2_sack_is_offered_in_the_syn_and_used_only_if_both_did(void **state)
{
	struct support_tcp_peer *peer = *state;
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_true(peer->out[0].sack_permitted);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.sack_permitted = false;
	support_tcp_in(peer, &in);
	support_tcp_give(peer, TCP_ACK, NXT + 100, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 0);
}

static void rfc2018_4_the_first_block_holds_the_segment_that_came_last(void **state)
{
	static const uint32_t order[] = { 500, 100, 300, 110, 700, 900 };
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (unsigned int i = 0; i < 6; i++) {
		support_tcp_give(peer, TCP_ACK, NXT + order[i], UNA, 10);
		assert_int_equal(peer->count, 1);
		assert_in_range(
			NXT + order[i], peer->out[0].sack[0].left, peer->out[0].sack[0].right - 1);
	}
}

static void rfc2018_4_the_other_blocks_are_those_that_changed_before(void **state)
{
	static const struct tcp_block want[] = { { NXT + 700, NXT + 710 }, { NXT + 500, NXT + 520 },
		{ NXT + 300, NXT + 310 }, { NXT + 100, NXT + 110 } };
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT + 500, UNA, 10);
	support_tcp_give(peer, TCP_ACK, NXT + 100, UNA, 10);
	support_tcp_give(peer, TCP_ACK, NXT + 300, UNA, 10);
	support_tcp_give(peer, TCP_ACK, NXT + 510, UNA, 10);
	support_tcp_give(peer, TCP_ACK, NXT + 700, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 4);
	assert_memory_equal(peer->out[0].sack, want, sizeof(want));
}

static void rfc2018_3_three_blocks_fit_beside_timestamps(void **state)
{
	struct support_tcp_peer *peer = *state;

	peer->config.timestamps = true;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (uint32_t i = 1; i < 6; i++)
		support_tcp_give(peer, TCP_ACK, NXT + 100 * i, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 3);
}

static void rfc2018_3_four_blocks_fit_without_timestamps(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (uint32_t i = 1; i < 7; i++)
		support_tcp_give(peer, TCP_ACK, NXT + 100 * i, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 4);
	assert_int_equal(peer->out[0].sack[0].left, NXT + 600);
}

static void rfc2018_4_blocks_stay_until_the_hole_is_filled(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT + 20, UNA, 10);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 10);
	assert_int_equal(peer->out[0].ack, NXT + 10);
	assert_int_equal(peer->out[0].sack_count, 1);
	support_tcp_give(peer, TCP_ACK, NXT + 10, UNA, 10);
	assert_int_equal(peer->out[0].ack, NXT + 30);
	assert_int_equal(peer->out[0].sack_count, 0);
}

static void rfc2883_4_1_what_comes_twice_is_reported_once_in_the_first_block(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 100);
	support_tcp_give(peer, TCP_ACK, NXT + 50, UNA, 50);
	assert_int_equal(peer->out[0].sack_count, 1);
	assert_int_equal(peer->out[0].sack[0].left, NXT + 50);
	assert_int_equal(peer->out[0].sack[0].right, NXT + 100);
	support_tcp_give(peer, TCP_ACK, NXT + 100, UNA, 1);
	assert_int_equal(peer->out[0].sack_count, 0);
}

static void rfc2883_4_1_2_what_comes_twice_out_of_order_is_followed_by_its_block(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT + 100, UNA, 100);
	support_tcp_give(peer, TCP_ACK, NXT + 120, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 2);
	assert_int_equal(peer->out[0].sack[0].left, NXT + 120);
	assert_int_equal(peer->out[0].sack[0].right, NXT + 130);
	assert_int_equal(peer->out[0].sack[1].left, NXT + 100);
	assert_int_equal(peer->out[0].sack[1].right, NXT + 200);
}

static void rfc6675_4_islost_after_three_segments_worth_of_sacks(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack_one(peer, 0, 1, 2);
	sack_one(peer, 0, 1, 3);
	assert_int_equal(support_tcp_stats(peer).retransmitted, 0);
	sack_one(peer, 0, 1, 4);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA);
	assert_int_equal(peer->out[0].length, MSS);
	assert_int_equal(support_tcp_stats(peer).ssthresh, 5 * MSS);
}

static void rfc6675_4_islost_after_three_separate_blocks(void **state)
{
	static const uint32_t blocks[][2] = { { 5, 6 }, { 3, 4 }, { 1, 2 } };
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack(peer, 0, blocks, 3);
	assert_true(peer->count >= 1);
	assert_int_equal(peer->out[0].seq, UNA);
}

static void rfc6675_4_the_pipe_is_what_is_neither_sacked_nor_lost(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack_one(peer, 0, 4, 7); /* 0 to 3 are lost, 0 is sent again */
	assert_int_equal(support_tcp_stats(peer).retransmitted, 2);
	assert_int_equal(support_tcp_stats(peer).in_flight, 5 * MSS);
}

static void rfc6675_5_every_hole_is_sent_once_as_the_window_lets_it(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack_one(peer, 0, 4, 10); /* four lost, six have arrived */
	assert_int_equal(peer->count, 4);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(peer->out[i].seq, UNA + i * MSS);
	sack_one(peer, 0, 4, 10);
	assert_int_equal(peer->count, 0);
}

static void rfc6675_5_three_duplicates_are_enough_where_islost_says_no(void **state)
{
	struct support_tcp_peer *peer = *state;

	/* Small segments: three of them are less than two of the largest, and one block. */
	peer->config.nodelay = true;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	for (unsigned int i = 0; i < 6; i++)
		support_tcp_write(peer, 10);
	for (uint32_t i = 1; i < 4; i++) {
		struct tcp_segment in = support_tcp_segment(peer, TCP_ACK, NXT, UNA, 0);

		assert_int_equal(support_tcp_stats(peer).retransmitted, 0);
		in.sack_count = 1;
		in.sack[0].left = UNA + 10;
		in.sack[0].right = UNA + 10 + 10 * i;
		support_tcp_in(peer, &in);
	}
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA);
	assert_int_equal(support_tcp_stats(peer).recoveries, 1);
}

static void rfc6675_2_what_tells_nothing_new_is_no_duplicate(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	for (unsigned int i = 0; i < 5; i++)
		sack_one(peer, 0, 1, 2);
	for (unsigned int i = 0; i < 5; i++) /* nor without blocks */
		sack_one(peer, 0, 0, 0);
	assert_int_equal(support_tcp_stats(peer).retransmitted, 0);
}

static void rfc6675_5_new_data_follows_when_the_holes_are_sent(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	tcp_send(peer->tcp, (uint8_t[MSS]){ 0 }, MSS);
	sack_one(peer, 0, 1, 10);
	assert_int_equal(peer->count, 2);
	assert_int_equal(peer->out[0].seq, UNA);
	assert_int_equal(peer->out[1].seq, UNA + 10 * MSS);
}

static void rfc6675_5_recovery_ends_when_all_before_it_is_acknowledged(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack_one(peer, 0, 1, 10);
	assert_int_equal(support_tcp_stats(peer).cwnd, 5 * MSS);
	sack_one(peer, 10, 0, 0);
	assert_int_equal(support_tcp_stats(peer).cwnd, 5 * MSS);
	support_tcp_write(peer, 10 * MSS);
	assert_int_equal(peer->count, 5);
	sack_one(peer, 10, 11, 14); /* a new one begins */
	assert_int_equal(support_tcp_stats(peer).recoveries, 2);
}

static void rfc5681_4_3_a_loss_in_the_next_window_lowers_the_window_twice(void **state)
{
	static const uint32_t blocks[][2] = { { 11, 14 }, { 1, 10 } };
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_write(peer, 30 * MSS);
	sack_one(peer, 0, 1, 10);
	assert_int_equal(support_tcp_stats(peer).recoveries, 1);
	assert_int_equal(support_tcp_stats(peer).ssthresh, 5 * MSS);
	/* The eleventh was sent since, and is lost and sent again before the recovery is over. */
	sack(peer, 0, blocks, 2);
	assert_int_equal(peer->out[0].seq, UNA + 10 * MSS);
	assert_int_equal(support_tcp_stats(peer).recoveries, 1);
	sack_one(peer, 10, 11, 14);
	assert_int_equal(support_tcp_stats(peer).recoveries, 2);
	assert_in_range(support_tcp_stats(peer).ssthresh, 2 * MSS, 5 * MSS / 2);
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
	assert_int_equal(support_tcp_stats(peer).recoveries, 2);
}

static void rfc6675_5_1_after_a_timeout_what_was_sacked_is_not_sent_again(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint32_t seqs = 0;

	in_flight(peer, 4);
	sack_one(peer, 0, 1, 2);
	support_tcp_pass(peer, 250 * SUPPORT_MS);
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].seq, UNA);
	sack_one(peer, 2, 0, 0);
	assert_int_equal(peer->count, 2);
	for (size_t i = 0; i < peer->count; i++)
		seqs += peer->out[i].seq - UNA;
	assert_int_equal(seqs, 2 * MSS + 3 * MSS);
}

static void rfc2018_8_a_peer_that_threw_sacked_data_away_gets_it_again(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 4);
	sack_one(peer, 0, 1, 4);
	/* The hole is filled, but the peer acknowledges no more than that: it has dropped the rest.
	 */
	sack_one(peer, 1, 0, 0);
	support_tcp_pass(peer, 700 * SUPPORT_MS);
	assert_true(peer->count >= 1);
	assert_int_equal(peer->out[0].seq, UNA + MSS);
}

static void rfc2018_8_what_is_sacked_stays_in_the_buffer_until_it_is_acknowledged(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 4);
	sack_one(peer, 0, 1, 4);
	assert_int_equal(tcp_send_queued(peer->tcp), 4 * MSS);
	sack_one(peer, 4, 0, 0);
	assert_int_equal(tcp_send_queued(peer->tcp), 0);
}

static void blocks_that_cannot_be_are_ignored(void **state)
{
	static const uint32_t blocks[][2] = { { 3, 2 }, { 5, 50 }, { 9, 11 } };
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack(peer, 0, blocks, 3);
	assert_int_equal(support_tcp_stats(peer).in_flight, 10 * MSS);
	assert_int_equal(support_tcp_stats(peer).sack_blocks_in, 0);
}

/* RFC 3708 2: all that was sent again came twice. */
static void rfc3708_2_what_was_not_needed_is_undone(void **state)
{
	struct support_tcp_peer *peer = *state;

	in_flight(peer, 10);
	sack_one(peer, 0, 1, 4);
	assert_int_equal(support_tcp_stats(peer).cwnd, 5 * MSS);
	sack_one(peer, 10, 0, 1); /* DSACK of the first */
	assert_int_equal(support_tcp_stats(peer).undone, 1);
	assert_true(support_tcp_stats(peer).cwnd >= 10 * MSS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rfc2018_2_sack_is_offered_in_the_syn_and_used_only_if_both_did, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc2018_4_the_first_block_holds_the_segment_that_came_last, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc2018_4_the_other_blocks_are_those_that_changed_before, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc2018_3_three_blocks_fit_beside_timestamps,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc2018_3_four_blocks_fit_without_timestamps,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc2018_4_blocks_stay_until_the_hole_is_filled,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc2883_4_1_what_comes_twice_is_reported_once_in_the_first_block,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc2883_4_1_2_what_comes_twice_out_of_order_is_followed_by_its_block,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6675_4_islost_after_three_segments_worth_of_sacks, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6675_4_islost_after_three_separate_blocks,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6675_4_the_pipe_is_what_is_neither_sacked_nor_lost, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6675_5_every_hole_is_sent_once_as_the_window_lets_it, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6675_5_three_duplicates_are_enough_where_islost_says_no, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6675_2_what_tells_nothing_new_is_no_duplicate,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc6675_5_new_data_follows_when_the_holes_are_sent,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6675_5_recovery_ends_when_all_before_it_is_acknowledged, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc5681_4_3_a_loss_in_the_next_window_lowers_the_window_twice, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc6675_5_1_after_a_timeout_what_was_sacked_is_not_sent_again, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc2018_8_a_peer_that_threw_sacked_data_away_gets_it_again, setup_sack,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc2018_8_what_is_sacked_stays_in_the_buffer_until_it_is_acknowledged,
			setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			blocks_that_cannot_be_are_ignored, setup_sack, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc3708_2_what_was_not_needed_is_undone, setup_sack, support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/sack", tests, NULL, NULL);
}
