/* segment: the TCP header and its options, read and written. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tcp/tcp.h"

/* Of a capture: a Linux kernel's SYN on Ethernet (mss 1460, SACK permitted, timestamps, nop, scale
 * 7). */
static const uint8_t linux_syn[] = { 0x9c, 0x40, 0x13, 0x88, 0x12, 0x34, 0x56, 0x78, 0x00, 0x00,
	0x00, 0x00, 0xa0, 0x02, 0xfa, 0xf0, 0xfe, 0x30, 0x00, 0x00, 0x02, 0x04, 0x05, 0xb4, 0x04,
	0x02, 0x08, 0x0a, 0x11, 0x22, 0x33, 0x44, 0x00, 0x00, 0x00, 0x00, 0x01, 0x03, 0x03, 0x07 };

static void a_kernels_syn_is_read(void **state)
{
	struct tcp_segment segment;

	(void)state;
	assert_int_equal(tcp_segment_read(linux_syn, sizeof(linux_syn), &segment), 0);
	assert_int_equal(segment.seq, 0x12345678);
	assert_int_equal(segment.flags, TCP_SYN);
	assert_int_equal(segment.window, 64240);
	assert_true(segment.has_mss && segment.has_scale && segment.has_timestamps);
	assert_true(segment.sack_permitted);
	assert_int_equal(segment.mss, 1460);
	assert_int_equal(segment.scale, 7);
	assert_int_equal(segment.tsval, 0x11223344);
	assert_int_equal(segment.length, 0);
}

static void what_is_written_is_read_back_with_every_option(void **state)
{
	struct tcp_segment in = { .seq = 0xfffffff0,
		.ack = 7,
		.window = 512,
		.urgent = 3,
		.flags = TCP_ACK | TCP_URG,
		.has_timestamps = true,
		.tsval = 1,
		.tsecr = 2,
		.sack_count = 3,
		.sack = { { 10, 20 }, { 30, 40 }, { 0xfffffff0, 5 } } };
	uint8_t octets[TCP_HEADER_MAX + 5];
	struct tcp_segment out;
	size_t length;

	(void)state;
	length = tcp_segment_write(&in, 1, 2, octets);
	assert_int_equal(length, TCP_HEADER_MAX);
	memcpy(octets + length, "hello", 5);
	assert_int_equal(tcp_segment_read(octets, length + 5, &out), 0);
	assert_int_equal(out.length, 5);
	assert_memory_equal(out.data[0].octets, "hello", 5);
	assert_int_equal(out.sack_count, 3);
	assert_memory_equal(out.sack, in.sack, 3 * sizeof(in.sack[0]));
	assert_int_equal(out.seq, in.seq);
	assert_int_equal(out.urgent, 3);
	assert_int_equal(out.tsecr, 2);
	assert_false(out.has_mss || out.has_scale || out.sack_permitted);
}

static int read_with_options(const uint8_t *options, size_t length, struct tcp_segment *ret)
{
	uint8_t octets[TCP_HEADER_MAX] = { 0 };

	octets[12] = (uint8_t)((20 + length) / 4 << 4);
	memcpy(octets + 20, options, length);
	return tcp_segment_read(octets, 20 + length, ret);
}

static void rfc9293_3_1_an_option_that_ends_outside_of_the_header_is_refused(void **state)
{
	static const uint8_t bad[][4] = { { 1, 1, 1, 2 }, { 2, 5, 0, 0 }, { 99, 0, 0, 0 },
		{ 99, 1, 0, 0 }, { 1, 1, 8, 10 } };
	struct tcp_segment segment;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(read_with_options(bad[i], 4, &segment), -EINVAL);
}

static void rfc9293_3_1_an_unknown_option_is_passed_over_and_nothing_follows_the_end(void **state)
{
	static const uint8_t options[] = { 253, 4, 1, 2, 2, 4, 0x05, 0xb4, 0, 2, 1, 0 };
	struct tcp_segment segment;

	(void)state;
	assert_int_equal(read_with_options(options, sizeof(options), &segment), 0);
	assert_true(segment.has_mss);
	assert_int_equal(segment.mss, 1460);
}

static void an_option_of_another_length_than_its_own_is_not_taken(void **state)
{
	static const uint8_t options[] = { 2, 3, 9, 1, 3, 4, 7, 7, 8, 4, 0, 0 };
	struct tcp_segment segment;

	(void)state;
	assert_int_equal(read_with_options(options, sizeof(options), &segment), 0);
	assert_false(segment.has_mss || segment.has_scale || segment.has_timestamps);
}

static void a_header_longer_than_what_is_there_or_shorter_than_20_octets_is_refused(void **state)
{
	uint8_t octets[20] = { 0 };
	struct tcp_segment segment;

	(void)state;
	octets[12] = 6 << 4;
	assert_int_equal(tcp_segment_read(octets, 20, &segment), -EINVAL);
	octets[12] = 4 << 4;
	assert_int_equal(tcp_segment_read(octets, 20, &segment), -EINVAL);
	octets[12] = 5 << 4;
	assert_int_equal(tcp_segment_read(octets, 19, &segment), -EINVAL);
	assert_int_equal(tcp_segment_read(octets, 20, &segment), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernels_syn_is_read),
		cmocka_unit_test(what_is_written_is_read_back_with_every_option),
		cmocka_unit_test(rfc9293_3_1_an_option_that_ends_outside_of_the_header_is_refused),
		cmocka_unit_test(
			rfc9293_3_1_an_unknown_option_is_passed_over_and_nothing_follows_the_end),
		cmocka_unit_test(an_option_of_another_length_than_its_own_is_not_taken),
		cmocka_unit_test(
			a_header_longer_than_what_is_there_or_shorter_than_20_octets_is_refused),
	};

	return cmocka_run_group_tests_name("tcp/segment", tests, NULL, NULL);
}
