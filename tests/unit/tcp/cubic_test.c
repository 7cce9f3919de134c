/* RFC 9438, CUBIC, and RFC 9406, HyStart++. The clause is in the name. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../../support/tcp_peer.h"

enum { NXT = SUPPORT_IRS + 1, UNA = SUPPORT_ISS + 1, MSS = 1460 };

enum { TRIP_MS = 100 };

#define SHORT_TRIP_NS (SUPPORT_MS / 20)

static int setup_cubic(void **state)
{
	struct support_tcp_peer *peer;

	support_tcp_setup(state);
	peer = *state;
	peer->config.congestion = TCP_CUBIC;
	peer->config.window_scale = true;
	return 0;
}

/* A round trip: all that is in flight is acknowledged after so long, and the window filled again.
 */
static void trip_of(struct support_tcp_peer *peer, uint64_t ns)
{
	peer->now += ns;
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
	while (support_tcp_write(peer, 131072))
		;
}

static void trip(struct support_tcp_peer *peer)
{
	trip_of(peer, TRIP_MS * SUPPORT_MS);
}

/* A window of about so many segments, by slow start. */
static void grow(struct support_tcp_peer *peer, size_t segments)
{
	struct tcp_segment in;

	support_tcp_reach(peer, TCP_SYN_SENT);
	in = support_tcp_segment(peer, TCP_SYN | TCP_ACK, SUPPORT_IRS, UNA, 0);
	in.scale = 10;
	peer->now += TRIP_MS * SUPPORT_MS;
	support_tcp_in(peer, &in);
	while (support_tcp_write(peer, 131072))
		;
	while (support_tcp_stats(peer).cwnd < segments * MSS)
		trip(peer);
}

static void lose_one(struct support_tcp_peer *peer)
{
	uint32_t una = peer->ack - (uint32_t)support_tcp_stats(peer).in_flight;

	for (unsigned int i = 0; i < 3; i++)
		support_tcp_give(peer, TCP_ACK, NXT, una, 0);
	peer->now += TRIP_MS * SUPPORT_MS;
	support_tcp_give(peer, TCP_ACK, NXT, peer->ack, 0);
	while (support_tcp_write(peer, 131072))
		;
}

static void rfc9438_4_6_a_loss_leaves_seven_tenths(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t before;

	grow(peer, 100);
	before = support_tcp_stats(peer).cwnd;
	lose_one(peer);
	assert_in_range(
		support_tcp_stats(peer).ssthresh, before * 7 / 10 - 2 * MSS, before * 7 / 10);
}

static double cubed(double x)
{
	return x * x * x;
}

static void rfc9438_4_2_the_window_follows_the_cubic_of_time(void **state)
{
	struct support_tcp_peer *peer = *state;
	double w_max, start, k = 0, epoch;

	grow(peer, 600);
	w_max = (double)support_tcp_stats(peer).cwnd / MSS;
	lose_one(peer);
	while (support_tcp_stats(peer).cwnd < support_tcp_stats(peer).ssthresh)
		trip(peer);
	epoch = (double)peer->now / 1e9;
	start = (double)support_tcp_stats(peer).cwnd / MSS;
	while (cubed(k) < (w_max - start) / 0.4)
		k += 0.001;
	for (unsigned int i = 1; i < 150; i++) {
		double seconds, want;

		trip(peer);
		seconds = (double)peer->now / 1e9 - epoch;
		want = 0.4 * cubed(seconds - k) + w_max;
		/* A round trip behind or ahead, and never by more than half as much again in one.
		 */
		if (want < 2 * w_max)
			assert_true((double)support_tcp_stats(peer).cwnd / MSS > want * 0.93 &&
				    (double)support_tcp_stats(peer).cwnd / MSS < want * 1.07);
	}
}

static void rfc9438_4_3_it_is_never_slower_than_reno_would_be(void **state)
{
	struct support_tcp_peer *peer = *state;
	double start, alpha = 3 * 0.3 / 1.7;

	grow(peer, 12);
	lose_one(peer);
	while (support_tcp_stats(peer).cwnd < support_tcp_stats(peer).ssthresh)
		trip(peer);
	start = (double)support_tcp_stats(peer).cwnd / MSS;
	for (unsigned int i = 1; i < 10; i++) {
		trip(peer);
		assert_true(
			(double)support_tcp_stats(peer).cwnd / MSS > start + alpha * (i - 1) - 1);
	}
}

/* By so much it grew after a loss, so many microseconds after a tick of 4 ms, in 40 short trips. */
static size_t grown(struct support_tcp_peer *peer, uint64_t us)
{
	uint64_t tick = 4 * SUPPORT_MS;
	size_t start;

	peer->now += tick - peer->now % tick + us * SUPPORT_MS / 1000;
	lose_one(peer);
	while (support_tcp_stats(peer).cwnd < support_tcp_stats(peer).ssthresh)
		trip_of(peer, SHORT_TRIP_NS);
	start = support_tcp_stats(peer).cwnd;
	for (unsigned int i = 0; i < 40; i++)
		trip_of(peer, SHORT_TRIP_NS);
	return support_tcp_stats(peer).cwnd - start;
}

/* As a Linux sender does; then by 4.3, whose window is below by then. */
static void on_a_path_of_microseconds_it_grows_a_segment_a_trip_until_a_clock_of_4_ms_ticks(
	void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t start;

	grow(peer, 400);
	/* 280 (1 + 1 / 280) ^ 40 is 43 more. */
	assert_in_range(grown(peer, 0), 39 * MSS, 44 * MSS);
	for (unsigned int i = 40; i < 80; i++)
		trip_of(peer, SHORT_TRIP_NS);
	start = support_tcp_stats(peer).cwnd;
	for (unsigned int i = 0; i < 20; i++)
		trip_of(peer, SHORT_TRIP_NS);
	assert_in_range(support_tcp_stats(peer).cwnd, start, start + 2 * MSS);
	assert_in_range(grown(peer, 3000), 17 * MSS, 23 * MSS);
}

static void rfc9438_4_7_who_loses_again_before_it_was_back_leaves_room(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t top, plateau;

	grow(peer, 600);
	lose_one(peer);
	while (support_tcp_stats(peer).cwnd < support_tcp_stats(peer).ssthresh)
		trip(peer);
	top = support_tcp_stats(peer).cwnd;
	lose_one(peer);
	while (support_tcp_stats(peer).cwnd < support_tcp_stats(peer).ssthresh)
		trip(peer);
	/* The plateau is at (1 + 0.7) / 2 of where it was lost, not there. */
	for (unsigned int i = 0; i < 50; i++)
		trip(peer);
	plateau = support_tcp_stats(peer).cwnd;
	assert_in_range(plateau, top * 80 / 100, top * 92 / 100);
}

/* One round: each segment acknowledged by itself, so many milliseconds after the round began. */
static void slow_round(struct support_tcp_peer *peer, uint64_t ms)
{
	uint32_t end = peer->ack, una = end - (uint32_t)support_tcp_stats(peer).in_flight;

	peer->now += ms * SUPPORT_MS;
	for (; una != end; una += MSS)
		support_tcp_give(peer, TCP_ACK, NXT, una + MSS, 0);
	while (support_tcp_write(peer, 131072))
		;
}

static void rfc9406_4_2_slow_start_ends_when_round_trips_grow(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t before;

	grow(peer, 10);
	slow_round(peer, TRIP_MS);
	slow_round(peer, TRIP_MS);
	assert_true(support_tcp_stats(peer).cwnd >= 40 * MSS);
	before = support_tcp_stats(peer).cwnd;
	/* RttThresh is 100 / 8 ms; eight doublings would make it 256 times as much. */
	for (unsigned int i = 0; i < 8; i++)
		slow_round(peer, TRIP_MS + 20);
	assert_true(support_tcp_stats(peer).ssthresh <= support_tcp_stats(peer).cwnd);
	assert_in_range(support_tcp_stats(peer).cwnd, 3 * before, 9 * before);
}

static void rfc9406_4_2_it_goes_on_where_the_growth_was_an_accident(void **state)
{
	struct support_tcp_peer *peer = *state;
	size_t before;

	grow(peer, 10);
	slow_round(peer, TRIP_MS);
	slow_round(peer, TRIP_MS + 20);
	slow_round(peer, TRIP_MS);
	before = support_tcp_stats(peer).cwnd;
	slow_round(peer, TRIP_MS);
	assert_in_range(support_tcp_stats(peer).cwnd, 2 * before - MSS, 2 * before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rfc9438_4_6_a_loss_leaves_seven_tenths, setup_cubic, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9438_4_2_the_window_follows_the_cubic_of_time,
			setup_cubic, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9438_4_3_it_is_never_slower_than_reno_would_be,
			setup_cubic, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			on_a_path_of_microseconds_it_grows_a_segment_a_trip_until_a_clock_of_4_ms_ticks,
			setup_cubic, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9438_4_7_who_loses_again_before_it_was_back_leaves_room, setup_cubic,
			support_tcp_teardown),
		cmocka_unit_test_setup_teardown(rfc9406_4_2_slow_start_ends_when_round_trips_grow,
			setup_cubic, support_tcp_teardown),
		cmocka_unit_test_setup_teardown(
			rfc9406_4_2_it_goes_on_where_the_growth_was_an_accident, setup_cubic,
			support_tcp_teardown),
	};

	return cmocka_run_group_tests_name("tcp/cubic", tests, NULL, NULL);
}
