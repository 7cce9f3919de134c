/* mischief.h: each fault does what its name says, by the seed alone. */
#include "stack/mischief.h"

#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SENT_MAX 16

struct sent {
	unsigned int count;
	struct tcp_segment segments[SENT_MAX];
	bool bad[SENT_MAX];
};

static void keep(void *context, const struct tcp_segment *segment, bool bad_checksum)
{
	struct sent *sent = context;

	assert_true(sent->count < SENT_MAX);
	sent->segments[sent->count] = *segment;
	sent->bad[sent->count++] = bad_checksum;
}

/* Ten octets in two pieces, as from a buffer that wraps. */
static struct tcp_segment ten(void)
{
	return (struct tcp_segment){
		.seq = 1000,
		.ack = 2000,
		.window = 500,
		.flags = TCP_ACK | TCP_PSH | TCP_FIN,
		.has_timestamps = true,
		.data = { { (const uint8_t *)"abcd", 4 }, { (const uint8_t *)"efghij", 6 } },
		.length = 10,
	};
}

static struct sent commit(const char *faults, uint64_t seed)
{
	const struct tcp_segment segment = ten();
	struct stack_mischief *mischief;
	struct sent sent = { 0 };

	assert_int_equal(mischief_new(&mischief, faults, SOCKET_TCP, seed, NULL), 0);
	mischief_commit(mischief, &segment, keep, &sent);
	mischief_free(mischief);
	return sent;
}

/* Where the octets of a piece belong, held against the whole. */
static void expect_octets(const struct tcp_segment *piece)
{
	char octets[10];
	size_t at = piece->seq - 1000;

	assert_true(at + piece->length <= 10);
	assert_int_equal(piece->data[0].length + piece->data[1].length, piece->length);
	memcpy(octets, piece->data[0].octets, piece->data[0].length);
	memcpy(octets + piece->data[0].length, piece->data[1].octets, piece->data[1].length);
	assert_memory_equal(octets, &"abcdefghij"[at], piece -> length);
	assert_int_equal(!!(piece->flags & TCP_FIN), at + piece->length == 10);
}

static void what_is_dropped_is_not_sent(void **state)
{
	(void)state;
	assert_int_equal(commit("drop=100", 1).count, 0);
}

static void what_is_duplicated_is_sent_twice(void **state)
{
	struct sent sent = commit("duplicate=100", 1);

	(void)state;
	assert_int_equal(sent.count, 2);
	assert_memory_equal(&sent.segments[0], &sent.segments[1], sizeof(sent.segments[0]));
}

static void what_is_corrupted_has_a_wrong_checksum(void **state)
{
	struct sent sent = commit("corrupt=100", 1);

	(void)state;
	assert_int_equal(sent.count, 1);
	assert_true(sent.bad[0]);
}

static void pieces_hold_the_octets_that_belong_there(void **state)
{
	uint64_t seed;

	(void)state;
	for (seed = 0; seed < 200; seed++) {
		struct sent split = commit("split=100", seed);
		struct sent backwards = commit("reorder=100", seed);
		struct sent overlap = commit("overlap=100", seed);
		int i;

		assert_int_equal(split.count, 2);
		assert_int_equal(split.segments[0].length + split.segments[1].length, 10);
		assert_true(split.segments[0].seq < split.segments[1].seq);
		assert_int_equal(backwards.count, 2);
		assert_true(backwards.segments[0].seq > backwards.segments[1].seq);
		assert_int_equal(overlap.count, 2);
		assert_true(overlap.segments[0].length + overlap.segments[1].length > 10);
		for (i = 0; i < 2; i++) {
			expect_octets(&split.segments[i]);
			expect_octets(&backwards.segments[i]);
			expect_octets(&overlap.segments[i]);
		}
	}
}

static void headers_are_wrong_as_asked(void **state)
{
	struct sent sent = commit("tiny-window,wrong-ack=100,no-options", 1);

	(void)state;
	assert_int_equal(sent.count, 1);
	assert_int_equal(sent.segments[0].window, 1);
	assert_int_not_equal(sent.segments[0].ack, 2000);
	assert_false(sent.segments[0].has_timestamps);
}

static void a_connection_does_not_count_on_options_that_are_not_sent(void **state)
{
	struct stack_mischief *mischief = NULL;
	struct tcp_config config, usual;

	(void)state;
	tcp_config_init(&config);
	config.burst = 60000;
	usual = config;
	mischief_configure(NULL, &config);
	assert_memory_equal(&config, &usual, sizeof(config));
	assert_int_equal(mischief_new(&mischief, "drop", SOCKET_TCP, 1, NULL), 0);
	mischief_configure(mischief, &config);
	assert_true(config.window_scale);
	assert_int_equal(config.burst, 0);
	mischief_free(mischief);
	assert_int_equal(mischief_new(&mischief, "no-options", SOCKET_TCP, 1, NULL), 0);
	mischief_configure(mischief, &config);
	assert_false(config.window_scale || config.timestamps || config.sack);
	mischief_free(mischief);
}

static void nor_on_those_that_are_given(void **state)
{
	const struct tcp_given given = {
		.has_window = true, .window = 9, .has_options = true, .options_length = 4
	};
	struct stack_mischief *mischief = NULL;
	struct tcp_config config;

	(void)state;
	tcp_config_init(&config);
	config.given = &given;
	assert_int_equal(mischief_new(&mischief, "drop", SOCKET_TCP, 1, NULL), 0);
	mischief_configure(mischief, &config);
	assert_ptr_equal(config.given, &given);
	mischief_free(mischief);
	assert_int_equal(mischief_new(&mischief, "no-options", SOCKET_TCP, 1, NULL), 0);
	mischief_configure(mischief, &config);
	assert_false(config.given->has_options);
	assert_true(config.given->has_window);
	assert_int_equal(config.given->window, 9);
	mischief_free(mischief);
}

static void a_reset_goes_before_the_segment(void **state)
{
	struct sent sent = commit("reset=100", 1);

	(void)state;
	assert_int_equal(sent.count, 2);
	assert_true(sent.segments[0].flags & TCP_RST);
	assert_int_equal(sent.segments[0].seq, 1000);
	assert_false(sent.segments[1].flags & TCP_RST);
}

/* How many of a thousand, and which by a number. */
static unsigned int dropped(const char *faults, uint64_t seed, uint64_t *which)
{
	const struct tcp_segment segment = ten();
	struct stack_mischief *mischief;
	unsigned int count = 0;
	int i;

	*which = 0;
	assert_int_equal(mischief_new(&mischief, faults, SOCKET_TCP, seed, NULL), 0);
	for (i = 0; i < 1000; i++) {
		struct sent sent = { 0 };

		mischief_commit(mischief, &segment, keep, &sent);
		count += sent.count == 0;
		*which = *which * 31 + (sent.count == 0);
	}
	mischief_free(mischief);
	return count;
}

static void the_seed_alone_says_whom_it_befalls(void **state)
{
	uint64_t first, again, other, beside;
	unsigned int count = dropped("drop=20", 7, &first);

	(void)state;
	assert_in_range(count, 150, 250);
	dropped("drop=20", 7, &again);
	dropped("drop=20", 8, &other);
	dropped("corrupt=50,drop=20", 7, &beside);
	assert_true(first == again);
	assert_true(first != other);
	assert_true(first == beside);
}

static void what_is_no_fault_is_refused(void **state)
{
	static const char *const wrong[] = { "", "dorp", "drop=0", "drop=101", "drop=x",
		"drop,,split", "tiny-window=5", "no-options=1" };
	struct stack_mischief *mischief;
	struct err err = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(mischief_new(&mischief, wrong[i], SOCKET_TCP, 0, &err), -EINVAL);
	mischief_new(&mischief, "dorp", SOCKET_TCP, 0, &err);
	assert_string_equal(err.text, "no fault \"dorp\"; did you mean \"drop\"?");
	mischief_new(&mischief, "help", SOCKET_TCP, 0, &err);
	assert_string_equal(err.text,
		"no fault \"help\"; there are drop, duplicate, reorder, corrupt, split, overlap, "
		"tiny-window, wrong-ack, no-options, reset");
	mischief_new(&mischief, "resets", SOCKET_UDP, 0, &err);
	assert_string_equal(
		err.text, "no fault \"resets\"; there are drop, duplicate, reorder, corrupt");
}

static void a_datagram_has_the_fate_that_is_asked_for(void **state)
{
	static const char *const of_tcp[] = { "split", "overlap", "tiny-window", "wrong-ack",
		"no-options", "reset", "drop,reset=3" };
	struct stack_mischief *mischief;
	struct mischief_fate fate;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(
		mischief_new(&mischief, "duplicate=100,reorder=100", SOCKET_UDP, 1, &err), 0);
	fate = mischief_fate(mischief);
	assert_true(fate.duplicate && fate.late && !fate.drop && !fate.corrupt);
	mischief_free(mischief);
	assert_int_equal(mischief_new(&mischief, "drop=100,corrupt=100", SOCKET_UDP, 1, &err), 0);
	fate = mischief_fate(mischief);
	assert_true(fate.drop && fate.corrupt && !fate.duplicate && !fate.late);
	mischief_free(mischief);
	for (size_t i = 0; i < sizeof(of_tcp) / sizeof(of_tcp[0]); i++) {
		assert_int_equal(mischief_new(&mischief, of_tcp[i], SOCKET_UDP, 0, &err), -EINVAL);
		assert_non_null(strstr(err.text, " is a fault of TCP"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_dropped_is_not_sent),
		cmocka_unit_test(what_is_duplicated_is_sent_twice),
		cmocka_unit_test(what_is_corrupted_has_a_wrong_checksum),
		cmocka_unit_test(pieces_hold_the_octets_that_belong_there),
		cmocka_unit_test(headers_are_wrong_as_asked),
		cmocka_unit_test(a_connection_does_not_count_on_options_that_are_not_sent),
		cmocka_unit_test(nor_on_those_that_are_given),
		cmocka_unit_test(a_reset_goes_before_the_segment),
		cmocka_unit_test(the_seed_alone_says_whom_it_befalls),
		cmocka_unit_test(what_is_no_fault_is_refused),
		cmocka_unit_test(a_datagram_has_the_fate_that_is_asked_for),
	};

	return cmocka_run_group_tests_name("mischief", tests, NULL, NULL);
}
