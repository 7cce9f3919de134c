/* cookie: SYNs that are answered without anything being kept of them (RFC 4987 3.6). */
#include "tcp/cookie.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND 1000000000ULL

static const uint8_t key[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static const struct tcp_cookie cookie = { key, "these ends", 10 };

static struct tcp_segment syn_with(uint16_t mss)
{
	return (struct tcp_segment){ .seq = 5000,
		.flags = TCP_SYN,
		.window = 64240,
		.has_mss = true,
		.mss = mss,
		.has_timestamps = true,
		.tsval = 77,
		.sack_permitted = true,
		.has_scale = true,
		.scale = 7 };
}

/* What an engine says to the SYN by a cookie, and the peer's ACK of that. */
static struct tcp_segment acknowledged(
	const struct tcp_segment *in, uint64_t now, uint32_t *ret_isn)
{
	struct tcp_config config;
	struct tcp_segment syn = *in, answer, ack = { .flags = TCP_ACK, .window = 502 };
	struct tcp *tcp;

	tcp_cookie_reduce(&syn);
	*ret_isn = tcp_cookie_isn(&cookie, &syn, now);
	tcp_config_init(&config);
	config.timestamp_offset = tcp_cookie_timestamps(0x12345678, &syn, now);
	assert_int_equal(tcp_accept(&tcp, &config, &syn, *ret_isn, now), 0);
	assert_true(tcp_output(tcp, &answer, now));
	tcp_free(tcp);
	assert_int_equal(answer.flags, TCP_SYN | TCP_ACK);
	assert_int_equal(answer.seq, *ret_isn);
	assert_int_equal(answer.ack, in->seq + 1);
	ack.seq = in->seq + 1;
	ack.ack = answer.seq + 1;
	ack.has_timestamps = answer.has_timestamps;
	ack.tsval = in->tsval + 1;
	ack.tsecr = answer.tsval;
	return ack;
}

static void what_the_syn_said_comes_back_with_the_ack(void **state)
{
	static const struct {
		uint16_t said, kept;
	} sizes[] = { { 1460, 1460 }, { 1459, 1440 }, { 65495, 8940 }, { 536, 536 }, { 9, 216 } };
	struct tcp_segment ack, got;
	uint32_t isn;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct tcp_segment syn = syn_with(sizes[i].said);

		ack = acknowledged(&syn, 1000 * SECOND, &isn);
		assert_true(tcp_cookie_read(&cookie, &ack, 1001 * SECOND, &got));
		assert_int_equal(got.flags, TCP_SYN);
		assert_int_equal(got.seq, 5000);
		assert_int_equal(got.mss, sizes[i].kept);
		assert_true(got.has_timestamps && got.sack_permitted && got.has_scale);
		assert_int_equal(got.tsval, 78);
		assert_int_equal(got.scale, 7);
	}
}

static void each_option_is_kept_by_itself_where_there_are_timestamps(void **state)
{
	(void)state;
	for (uint8_t scale = 0; scale <= 16; scale++) {
		struct tcp_segment syn = syn_with(1460), ack, got;
		uint32_t isn;

		syn.has_scale = scale < 16;
		syn.scale = scale;
		syn.sack_permitted = scale & 1;
		ack = acknowledged(&syn, 1000 * SECOND + scale * 7000000U, &isn);
		assert_true(tcp_cookie_read(&cookie, &ack, 1001 * SECOND, &got));
		assert_int_equal(got.has_scale, scale < 16);
		if (got.has_scale)
			assert_int_equal(got.scale, scale < 15 ? scale : 14);
		assert_int_equal(got.sack_permitted, scale & 1);
	}
}

static void without_timestamps_only_the_mss_is_agreed_on(void **state)
{
	struct tcp_segment syn = syn_with(1460), ack, got;
	uint32_t isn;

	(void)state;
	syn.has_timestamps = false;
	ack = acknowledged(&syn, 1000 * SECOND, &isn);
	assert_false(ack.has_timestamps);
	assert_true(tcp_cookie_read(&cookie, &ack, 1000 * SECOND, &got));
	assert_int_equal(got.mss, 1460);
	assert_false(got.has_timestamps || got.sack_permitted || got.has_scale);
}

/* RFC 7323 3.2: what is said later is not older. */
static void its_timestamp_is_none_that_a_later_one_is_before(void **state)
{
	struct tcp_segment syn = syn_with(1460);

	(void)state;
	for (uint32_t ms = 0; ms < 200; ms++) {
		uint32_t usual = 0xfffffff0U;
		uint32_t offset = tcp_cookie_timestamps(usual, &syn, ms * 1000000ULL);

		assert_in_range(usual - offset, 0, 63);
		assert_int_equal((offset + ms) & 0x3f, 0x17);
	}
}

static void anothers_number_is_none(void **state)
{
	const struct tcp_cookie elsewhere = { key, "other ends", 10 };
	struct tcp_segment syn = syn_with(1460), ack, got;
	uint32_t isn;

	(void)state;
	ack = acknowledged(&syn, 1000 * SECOND, &isn);
	assert_false(tcp_cookie_read(&elsewhere, &ack, 1000 * SECOND, &got));
	ack.seq++;
	assert_false(tcp_cookie_read(&cookie, &ack, 1000 * SECOND, &got));
	ack.seq--;
	for (uint32_t i = 1; i < 100; i++) {
		ack.ack = isn + 1 + i;
		assert_false(tcp_cookie_read(&cookie, &ack, 1000 * SECOND, &got));
	}
}

static void it_is_good_for_a_while_alone(void **state)
{
	struct tcp_segment syn = syn_with(1460), ack, got;
	uint32_t isn;

	(void)state;
	for (uint64_t at = 1000; at < 1064; at += 9) {
		ack = acknowledged(&syn, at * SECOND, &isn);
		assert_true(tcp_cookie_read(&cookie, &ack, at * SECOND + TCP_COOKIE_LASTS, &got));
		assert_false(
			tcp_cookie_read(&cookie, &ack, at * SECOND + 2 * TCP_COOKIE_LASTS, &got));
	}
}

static void the_connection_is_established_and_has_no_round_trip(void **state)
{
	struct tcp_segment syn = syn_with(1460), ack, out;
	struct tcp_config config;
	struct tcp_stats stats;
	struct tcp *tcp;
	uint64_t now = 1000 * SECOND;
	uint32_t isn;

	(void)state;
	ack = acknowledged(&syn, now, &isn);
	now += SECOND;
	assert_true(tcp_cookie_read(&cookie, &ack, now, &syn));
	tcp_config_init(&config);
	config.timestamp_offset = 0x12345678;
	assert_int_equal(tcp_accept_answered(&tcp, &config, &syn, isn, now), 0);
	assert_false(tcp_output(tcp, &out, now));
	tcp_input(tcp, &ack, now);
	assert_int_equal(tcp_state(tcp), TCP_ESTABLISHED);
	tcp_stats(tcp, &stats);
	assert_int_equal(stats.handshake_ns, 0);
	assert_int_equal(stats.srtt_ns, 0);
	assert_int_equal(stats.rto_ns, SECOND); /* RFC 6298 2.1 */
	assert_int_equal(stats.send_window, 502 << 7);
	assert_int_equal(tcp_send(tcp, "hello", 5), 5);
	assert_true(tcp_output(tcp, &out, now));
	assert_int_equal(out.seq, isn + 1);
	assert_int_equal(out.length, 5);
	assert_true(out.has_timestamps);
	assert_int_equal(out.tsecr, 78);
	assert_true((int32_t)(out.tsval - ack.tsecr) > 0);
	tcp_free(tcp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_syn_said_comes_back_with_the_ack),
		cmocka_unit_test(each_option_is_kept_by_itself_where_there_are_timestamps),
		cmocka_unit_test(without_timestamps_only_the_mss_is_agreed_on),
		cmocka_unit_test(its_timestamp_is_none_that_a_later_one_is_before),
		cmocka_unit_test(anothers_number_is_none),
		cmocka_unit_test(it_is_good_for_a_while_alone),
		cmocka_unit_test(the_connection_is_established_and_has_no_round_trip),
	};

	return cmocka_run_group_tests_name("tcp/cookie", tests, NULL, NULL);
}
