/* What a user gives of our segments is in them, and the engine acts upon it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

struct given {
	struct support_tcp_peer *peer;
	struct tcp_given given;
};

static int setup(void **state)
{
	static struct given given;

	given = (struct given){ 0 };
	support_tcp_setup((void **)&given.peer);
	given.peer->config.given = &given.given;
	*state = &given;
	return 0;
}

static int teardown(void **state)
{
	struct given *given = *state;

	return support_tcp_teardown((void **)&given->peer);
}

/* NOP NOP MSS 700, an unknown kind, SACK permitted, NOP, scale 5, timestamps: 28 octets. */
static const uint8_t all[] = { 1, 1, 2, 4, 700 >> 8, 700 & 255, 253, 4, 0xab, 0xcd, 4, 2, 1, 3, 3,
	5, 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8 };

static void give_options(struct given *given, const uint8_t *octets, size_t length)
{
	given->given.has_options = true;
	given->given.options_length = (uint8_t)length;
	memcpy(given->given.options, octets, length);
}

static size_t written(const struct tcp_segment *segment, uint8_t ret[TCP_HEADER_MAX])
{
	return tcp_segment_write(segment, 1, 2, ret);
}

static void a_syn_has_the_options_that_are_given_in_their_order(void **state)
{
	struct given *given = *state;
	uint8_t header[TCP_HEADER_MAX];

	give_options(given, all, sizeof(all));
	given->given.has_tsval = true;
	given->given.tsval = 0x01020304;
	given->given.tsecr = 0x05060708;
	support_tcp_reach(given->peer, TCP_SYN_SENT);
	assert_int_equal(written(&given->peer->out[0], header), 20 + sizeof(all));
	assert_int_equal(header[12] >> 4, (20 + sizeof(all)) / 4);
	assert_memory_equal(header + 20, all, sizeof(all));
}

static void the_clock_goes_on_from_the_timestamp_that_is_given(void **state)
{
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;

	give_options(given, all, sizeof(all));
	given->given.has_tsval = true;
	given->given.tsval = 0xffffffff;
	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_int_equal(peer->out[0].tsval, 0xffffffff);
	support_tcp_pass(peer, 1000 * SUPPORT_MS); /* the SYN again */
	assert_int_equal(peer->count, 1);
	assert_int_equal(peer->out[0].tsval, 999);
	assert_int_equal(peer->out[0].tsecr, 0);
}

static void what_the_given_options_offer_is_in_force(void **state)
{
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;

	give_options(given, all, sizeof(all));
	peer->config.receive_buffer = 4 << 20;
	peer->config.sack = peer->config.timestamps = peer->config.window_scale = true;
	support_tcp_reach(peer, TCP_SYN_SENT);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	assert_null(peer->out[0].options);
	assert_true(peer->out[0].has_timestamps);
	assert_in_range(peer->out[0].window << 5, 65535 - 32, 65535 + 31); /* by their scale */
	support_tcp_give(peer, TCP_ACK, NXT + 10, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 1);
	/* The MSS that we announce is for the peer: ours is the path's. */
	support_tcp_write(peer, 5000);
	assert_int_equal(peer->out[0].length, MSS - 12 - 12);
}

static void what_they_do_not_offer_is_not(void **state)
{
	static const uint8_t mss[] = { 2, 4, 700 >> 8, 700 & 255 };
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;
	struct tcp_segment in;

	give_options(given, mss, sizeof(mss));
	peer->config.sack = peer->config.timestamps = peer->config.window_scale = true;
	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.has_scale = in.has_timestamps = in.sack_permitted = true;
	in.scale = 7;
	support_tcp_in(peer, &in);
	assert_false(peer->out[0].has_timestamps);
	assert_int_equal(peer->out[0].window, 65535);
	support_tcp_give(peer, TCP_ACK, NXT + 10, UNA, 10);
	assert_int_equal(peer->out[0].sack_count, 0);
	assert_int_equal(support_tcp_stats(peer).send_window, peer->window);
}

static void no_options_are_options_too(void **state)
{
	struct given *given = *state;
	uint8_t header[TCP_HEADER_MAX];

	given->given.has_options = true;
	support_tcp_reach(given->peer, TCP_SYN_SENT);
	assert_int_equal(written(&given->peer->out[0], header), 20);
}

static void rfc7323_3_2_a_syn_is_answered_without_what_it_did_not_offer(void **state)
{
	static const uint8_t wanted[] = { 1, 1, 2, 4, 700 >> 8, 700 & 255, 253, 4, 0xab, 0xcd, 1, 1,
		1, 3, 3, 5, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	struct given *given = *state;
	const struct tcp_segment syn = { .flags = TCP_SYN, .has_scale = true, .scale = 2 };
	struct tcp_segment out;
	uint8_t header[TCP_HEADER_MAX];

	give_options(given, all, sizeof(all));
	assert_int_equal(
		tcp_accept(&given->peer->tcp, &given->peer->config, &syn, SUPPORT_ISS, 1), 0);
	assert_true(tcp_output(given->peer->tcp, &out, 1));
	assert_int_equal(out.flags, TCP_SYN | TCP_ACK);
	assert_int_equal(written(&out, header), 20 + sizeof(wanted));
	assert_memory_equal(header + 20, wanted, sizeof(wanted));
}

static void options_that_end_within_one_offer_what_stands_before(void **state)
{
	static const uint8_t broken[] = { 4, 2, 3, 9 };
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;
	uint8_t header[TCP_HEADER_MAX];

	give_options(given, broken, sizeof(broken));
	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_int_equal(written(&peer->out[0], header), 20 + sizeof(broken));
	assert_memory_equal(header + 20, broken, sizeof(broken));
	assert_true(peer->out[0].sack_permitted);
	assert_false(peer->out[0].has_scale);
}

static void a_given_window_is_in_every_header(void **state)
{
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;

	given->given.has_window = true;
	given->given.window = 3000;
	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_int_equal(peer->out[0].window, 3000);
	support_tcp_give(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	assert_int_equal(peer->out[0].window, 3000);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 3000);
	assert_int_equal(tcp_receive_ready(peer->tcp), 3000);
	assert_int_equal(peer->out[0].window, 3000);
	support_tcp_give(peer, TCP_ACK, NXT + 3000, UNA, 3100); /* more than it allows */
	assert_int_equal(tcp_receive_ready(peer->tcp), 6000);
	assert_int_equal(peer->out[0].ack, NXT + 6000);
}

static void a_given_window_does_not_make_room(void **state)
{
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;

	given->given.has_window = true;
	given->given.window = 3000;
	peer->config.receive_buffer = 4000;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 3000);
	support_tcp_give(peer, TCP_ACK, NXT + 3000, UNA, 3000);
	assert_int_equal(tcp_receive_ready(peer->tcp), 4000);
	assert_int_equal(peer->out[0].window, 3000);
	tcp_receive_done(peer->tcp, 4000);
	support_tcp_out(peer);
	assert_int_equal(peer->count, 0); /* it would say what the last one said */
	support_tcp_give(peer, TCP_ACK, NXT + 4000, UNA, 1000);
	support_tcp_give(peer, TCP_ACK, NXT + 4000, UNA, 1000);
	assert_int_equal(tcp_receive_ready(peer->tcp), 1000);
}

static void a_given_window_of_none_lets_nothing_in(void **state)
{
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;

	given->given.has_window = true;
	support_tcp_reach(peer, TCP_ESTABLISHED);
	support_tcp_give(peer, TCP_ACK, NXT, UNA, 1);
	assert_int_equal(tcp_receive_ready(peer->tcp), 0);
	assert_int_equal(peer->out[0].window, 0);
	assert_int_equal(peer->out[0].ack, NXT);
	support_tcp_write(peer, 10); /* our direction is open */
	assert_int_equal(peer->out[0].length, 10);
}

static void a_scale_coarser_than_the_room_lets_the_room_be_filled(void **state)
{
	static const uint8_t scale[] = { 3, 3, 14, 0 };
	struct given *given = *state;
	struct support_tcp_peer *peer = given->peer;
	struct tcp_segment in;

	give_options(given, scale, sizeof(scale));
	peer->config.receive_buffer = 5000;
	peer->config.window_scale = true;
	support_tcp_reach(peer, TCP_SYN_SENT);
	assert_int_equal(peer->out[0].window, 5000); /* of a SYN: not scaled */
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	support_tcp_in(peer, &in);
	assert_int_equal(peer->out[0].window, 1);
	for (unsigned int i = 0; i < 6; i++)
		support_tcp_give(peer, TCP_ACK, NXT + 1000 * i, UNA, 1000);
	assert_int_equal(tcp_receive_ready(peer->tcp), 5000);
	assert_int_equal(peer->out[0].window, 0);
	tcp_receive_done(peer->tcp, 5000);
	support_tcp_out(peer);
	assert_int_equal(peer->out[0].window, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_syn_has_the_options_that_are_given_in_their_order),
		TEST(the_clock_goes_on_from_the_timestamp_that_is_given),
		TEST(what_the_given_options_offer_is_in_force),
		TEST(what_they_do_not_offer_is_not),
		TEST(no_options_are_options_too),
		TEST(rfc7323_3_2_a_syn_is_answered_without_what_it_did_not_offer),
		TEST(options_that_end_within_one_offer_what_stands_before),
		TEST(a_given_window_is_in_every_header),
		TEST(a_given_window_does_not_make_room),
		TEST(a_given_window_of_none_lets_nothing_in),
		TEST(a_scale_coarser_than_the_room_lets_the_room_be_filled),
	};

	return cmocka_run_group_tests_name("tcp/given", tests, NULL, NULL);
}
