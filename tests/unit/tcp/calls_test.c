/* RFC 9293 3.10.1 to 3.10.6, the user's calls: each in each state. The clause is in the test's
 * name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../support/tcp_expect.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1 };

#define EACH(i, states)                           \
	size_t i = 0;                             \
	i < sizeof(states) / sizeof((states)[0]); \
	i++

static void open_3_10_1_an_active_open_sends_syn_and_enters_syn_sent(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_is(peer, TCP_SYN_SENT);
	support_tcp_sent(peer, TCP_SYN, SUPPORT_ISS, 0);
	assert_true(peer->out[0].has_mss);
	assert_int_equal(peer->out[0].mss, 1460);
}

static void send_3_10_2_in_syn_sent_data_is_queued_until_established(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_int_equal(support_tcp_write(peer, 100), 100);
	assert_int_equal(peer->count, 0);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	assert_int_equal(peer->out[0].length, 100);
}

static void send_3_10_2_in_syn_received_data_is_queued_until_established(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	assert_int_equal(support_tcp_write(peer, 100), 100);
	assert_int_equal(peer->count, 0);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 0);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT);
	assert_int_equal(peer->out[0].length, 100);
}

static void send_3_10_2_after_close_nothing_is_taken(void **state)
{
	static const enum tcp_state states[] = { TCP_CLOSED, TCP_FIN_WAIT_1, TCP_FIN_WAIT_2,
		TCP_CLOSING, TCP_LAST_ACK, TCP_TIME_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		assert_int_equal(tcp_send(peer->tcp, "x", 1), 0);
		assert_int_equal(tcp_send_space(peer->tcp), 0);
		assert_null(tcp_send_reserve(peer->tcp, &(size_t){ 0 }));
	}
}

static void send_3_10_2_in_close_wait_data_is_sent(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_CLOSE_WAIT);
	assert_int_equal(support_tcp_write(peer, 10), 10);
	support_tcp_sent(peer, TCP_ACK, UNA, NXT + 1);
	assert_int_equal(peer->out[0].length, 10);
}

/* From their places, again after their end, and again when they were lost. */
static void what_is_lent_is_sent_without_a_copy(void **state)
{
	enum { ROOM = 70000, LENGTH = 2 * ROOM };
	struct support_tcp_peer *peer = *state;
	uint8_t *octets = calloc(1, ROOM);
	size_t sent = 0, resent;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	assert_true(tcp_send_lent(peer->tcp, octets, ROOM, LENGTH));
	assert_int_equal(tcp_send_queued(peer->tcp), LENGTH);
	support_tcp_out(peer);
	while (peer->count) {
		for (size_t i = 0; i < peer->count; i++) {
			const struct tcp_segment *out = &peer->out[i];

			assert_int_equal(out->seq, UNA + sent);
			assert_ptr_equal(out->data[0].octets, octets + sent % ROOM);
			if (out->data[1].length)
				assert_ptr_equal(out->data[1].octets, octets);
			sent += out->length;
		}
		assert_int_equal(tcp_send_space(peer->tcp), 0);
		assert_false(tcp_send_lent(peer->tcp, octets, ROOM, 1));
		if (sent < LENGTH)
			support_tcp_give(peer, TCP_ACK, NXT, (uint32_t)(UNA + sent), 0);
		else
			peer->count = 0;
	}
	assert_int_equal(sent, LENGTH);
	resent = LENGTH - tcp_send_queued(peer->tcp);
	support_tcp_pass(peer, 5000000000);
	assert_in_range(peer->count, 1, SUPPORT_OUT);
	assert_int_equal(peer->out[peer->count - 1].seq, UNA + resent);
	assert_ptr_equal(peer->out[peer->count - 1].data[0].octets, octets + resent % ROOM);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + LENGTH, 0);
	assert_int_equal(tcp_send_queued(peer->tcp), 0);
	free(octets);
	assert_int_equal(support_tcp_write(peer, 10), 10);
	assert_int_equal(peer->out[0].length, 10);
	assert_int_equal(peer->out[0].seq, UNA + LENGTH);
}

static void what_is_lent_has_to_be_first_and_long_enough(void **state)
{
	static const uint8_t octets[65536];
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	assert_false(tcp_send_lent(peer->tcp, octets, sizeof(octets), 0));
	assert_false(tcp_send_lent(peer->tcp, octets, 65535, 65536));
	assert_false(tcp_send_lent(peer->tcp, octets, sizeof(octets), TCP_LENT_MAX + 1UL));
	assert_int_equal(support_tcp_write(peer, 1), 1);
	assert_false(tcp_send_lent(peer->tcp, octets, 10, 10));
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 1, 0);
	assert_true(tcp_send_lent(peer->tcp, octets, 10, 10));
	support_tcp_out(peer);
	assert_int_equal(peer->out[0].length, 10);
	tcp_close(peer->tcp, peer->now);
	support_tcp_give(peer, TCP_ACK, NXT, UNA + 11, 0);
	assert_false(tcp_send_lent(peer->tcp, octets, 10, 10));
}

static void receive_3_10_3_before_established_there_is_nothing(void **state)
{
	static const enum tcp_state states[] = { TCP_SYN_SENT, TCP_SYN_RECEIVED };
	struct support_tcp_peer *peer = *state;
	uint8_t data[16];

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		assert_int_equal(tcp_receive(peer->tcp, data, sizeof(data)), 0);
		assert_false(tcp_receive_ended(peer->tcp));
	}
}

static void receive_3_10_3_after_our_close_what_comes_is_delivered(void **state)
{
	static const enum tcp_state states[] = { TCP_FIN_WAIT_1, TCP_FIN_WAIT_2 };
	struct support_tcp_peer *peer = *state;
	uint8_t data[16];

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		support_tcp_give(peer, TCP_ACK, peer->seq, peer->ack, 10);
		assert_int_equal(tcp_receive(peer->tcp, data, sizeof(data)), 10);
		assert_false(tcp_receive_ended(peer->tcp));
	}
}

static void receive_3_10_3_in_close_wait_what_is_left_is_delivered_then_the_end(void **state)
{
	struct support_tcp_peer *peer = *state;
	uint8_t data[16];

	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK | TCP_FIN, NXT, UNA, 10);
	support_tcp_is(peer, TCP_CLOSE_WAIT);
	assert_true(tcp_receive_ended(peer->tcp));
	assert_int_equal(tcp_receive(peer->tcp, data, sizeof(data)), 10);
	assert_int_equal(tcp_receive(peer->tcp, data, sizeof(data)), 0);
}

static void receive_3_10_3_what_is_left_is_delivered_while_and_after_closing(void **state)
{
	/* The last data, and a FIN that acknowledges ours or does not. */
	static const struct {
		enum tcp_state from, to;
		uint32_t unseen;
	} rows[] = {
		{ TCP_FIN_WAIT_1, TCP_CLOSING, 1 },
		{ TCP_FIN_WAIT_1, TCP_TIME_WAIT, 0 },
		{ TCP_FIN_WAIT_2, TCP_TIME_WAIT, 0 },
		{ TCP_ESTABLISHED, TCP_LAST_ACK, 0 },
	};
	struct support_tcp_peer *peer = *state;
	uint8_t data[16];

	for (EACH(i, rows)) {
		support_tcp_reach(peer, rows[i].from);
		support_tcp_give(
			peer, TCP_ACK | TCP_FIN, peer->seq, peer->ack - rows[i].unseen, 10);
		tcp_shutdown(peer->tcp, peer->now);
		support_tcp_out(peer);
		support_tcp_is(peer, rows[i].to);
		assert_int_equal(tcp_receive(peer->tcp, data, 5), 5);
		support_tcp_give(peer, TCP_RST, peer->seq + 11, 0, 0);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(tcp_receive(peer->tcp, data, sizeof(data)), 5);
		assert_true(tcp_receive_ended(peer->tcp));
	}
}

static void close_3_10_4_in_syn_sent_deletes_the_connection(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_SENT);
	tcp_close(peer->tcp, peer->now);
	support_tcp_out(peer);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(peer->count, 0);
}

static void close_3_10_4_in_syn_received_waits_for_established_then_fin(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_SYN_RECEIVED);
	tcp_shutdown(peer->tcp, peer->now);
	support_tcp_out(peer);
	assert_int_equal(peer->count, 0);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 0);
	support_tcp_sent(peer, TCP_FIN | TCP_ACK, UNA, NXT);
	support_tcp_is(peer, TCP_FIN_WAIT_1);
}

static void close_3_10_4_in_established_fin_follows_the_data(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_ESTABLISHED);
	tcp_send(peer->tcp, "data", 4);
	tcp_shutdown(peer->tcp, peer->now);
	support_tcp_is(peer, TCP_FIN_WAIT_1);
	support_tcp_out(peer);
	support_tcp_sent(peer, TCP_FIN | TCP_ACK, UNA, NXT);
	assert_int_equal(peer->out[0].length, 4);
}

static void close_3_10_4_in_close_wait_sends_fin_and_enters_last_ack(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_CLOSE_WAIT);
	tcp_shutdown(peer->tcp, peer->now);
	support_tcp_out(peer);
	support_tcp_sent(peer, TCP_FIN | TCP_ACK, UNA, NXT + 1);
	support_tcp_is(peer, TCP_LAST_ACK);
}

static void close_3_10_4_again_changes_nothing(void **state)
{
	static const enum tcp_state states[] = { TCP_FIN_WAIT_1, TCP_FIN_WAIT_2, TCP_CLOSING,
		TCP_LAST_ACK, TCP_TIME_WAIT, TCP_CLOSED };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		tcp_shutdown(peer->tcp, peer->now);
		support_tcp_out(peer);
		support_tcp_is(peer, states[i]);
		assert_int_equal(peer->count, 0);
	}
}

static void abort_3_10_5_sends_rst_where_the_peer_may_wait_for_more(void **state)
{
	static const enum tcp_state states[] = { TCP_SYN_RECEIVED, TCP_ESTABLISHED, TCP_FIN_WAIT_1,
		TCP_FIN_WAIT_2, TCP_CLOSE_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		tcp_abort(peer->tcp, peer->now);
		support_tcp_out(peer);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(tcp_error(peer->tcp), ECONNABORTED);
		support_tcp_sent(peer, TCP_RST, peer->ack, 0);
	}
}

static void abort_3_10_5_is_silent_where_the_peer_knows_of_the_end(void **state)
{
	static const enum tcp_state states[] = { TCP_SYN_SENT, TCP_CLOSING, TCP_LAST_ACK,
		TCP_TIME_WAIT };
	struct support_tcp_peer *peer = *state;

	for (EACH(i, states)) {
		support_tcp_reach(peer, states[i]);
		tcp_abort(peer->tcp, peer->now);
		support_tcp_out(peer);
		support_tcp_is(peer, TCP_CLOSED);
		assert_int_equal(peer->count, 0);
	}
}

static void abort_3_10_5_in_closed_changes_nothing(void **state)
{
	struct support_tcp_peer *peer = *state;

	support_tcp_reach(peer, TCP_CLOSED);
	tcp_abort(peer->tcp, peer->now);
	support_tcp_out(peer);
	support_tcp_is(peer, TCP_CLOSED);
	assert_int_equal(tcp_error(peer->tcp), 0);
	assert_int_equal(peer->count, 0);
}

static void status_3_10_6_tells_each_state(void **state)
{
	static const char *const names[TCP_STATES] = { "CLOSED", "LISTEN", "SYN-SENT",
		"SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING",
		"LAST-ACK", "TIME-WAIT" };
	struct support_tcp_peer *peer = *state;

	for (int i = 0; i < TCP_STATES; i++) {
		assert_string_equal(tcp_state_name((enum tcp_state)i), names[i]);
		if (i == TCP_LISTEN) /* has no connection */
			continue;
		support_tcp_reach(peer, (enum tcp_state)i);
		assert_int_equal(tcp_state(peer->tcp), i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			open_3_10_1_an_active_open_sends_syn_and_enters_syn_sent, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			send_3_10_2_in_syn_sent_data_is_queued_until_established, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			send_3_10_2_in_syn_received_data_is_queued_until_established,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(send_3_10_2_after_close_nothing_is_taken,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(send_3_10_2_in_close_wait_data_is_sent,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(what_is_lent_is_sent_without_a_copy,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(what_is_lent_has_to_be_first_and_long_enough,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(receive_3_10_3_before_established_there_is_nothing,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			receive_3_10_3_after_our_close_what_comes_is_delivered, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			receive_3_10_3_in_close_wait_what_is_left_is_delivered_then_the_end,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			receive_3_10_3_what_is_left_is_delivered_while_and_after_closing,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(close_3_10_4_in_syn_sent_deletes_the_connection,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			close_3_10_4_in_syn_received_waits_for_established_then_fin,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(close_3_10_4_in_established_fin_follows_the_data,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			close_3_10_4_in_close_wait_sends_fin_and_enters_last_ack, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(close_3_10_4_again_changes_nothing,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			abort_3_10_5_sends_rst_where_the_peer_may_wait_for_more, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			abort_3_10_5_is_silent_where_the_peer_knows_of_the_end, support_tcp_setup,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(abort_3_10_5_in_closed_changes_nothing,
			support_tcp_setup, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			status_3_10_6_tells_each_state, support_tcp_setup, support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/calls", tests, NULL, NULL);
}
