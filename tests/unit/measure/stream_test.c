/* tracker_take: loss, copies and reordering of one stream, against what the RFC says in plain. */
#include "measure/stream.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define WINDOW 4096U
#define HOLES  1024U

struct bench {
	struct tracker tracker;
	void *memory;
};

static void begin(struct bench *bench, uint64_t window, unsigned int holes)
{
	bench->memory = calloc(1, tracker_size(window, holes));
	assert_non_null(bench->memory);
	tracker_init(&bench->tracker, bench->memory, window, holes);
}

static int setup(void **state)
{
	struct bench *bench = malloc(sizeof(*bench));

	assert_non_null(bench);
	begin(bench, WINDOW, HOLES);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	free(bench->memory);
	free(bench);
	return 0;
}

static enum tracker_verdict take(
	struct bench *bench, uint64_t sequence, struct tracker_arrival *arrival)
{
	return tracker_take(&bench->tracker, (uint32_t)sequence, UINT64_MAX, arrival);
}

static void expect(struct bench *bench, uint64_t sequence, enum tracker_verdict verdict)
{
	struct tracker_arrival arrival;

	assert_int_equal(take(bench, sequence, &arrival), verdict);
}

static void a_frame_is_new_late_or_a_copy(void **state)
{
	struct bench *bench = *state;

	expect(bench, 0, TRACKER_NEW);
	expect(bench, 1, TRACKER_NEW);
	expect(bench, 1, TRACKER_COPY);
	expect(bench, 4, TRACKER_NEW);
	expect(bench, 2, TRACKER_REORDERED);
	expect(bench, 2, TRACKER_COPY);
	expect(bench, 4, TRACKER_COPY);
	expect(bench, 5, TRACKER_NEW);
	expect(bench, 3, TRACKER_REORDERED);
}

/* RFC 4737 4.2.3: the example of the extent. */
static void the_extent_counts_from_the_first_that_overtook(void **state)
{
	static const unsigned int order[] = { 0, 3, 4, 5, 1, 6, 2 };
	static const unsigned int extents[] = { 0, 0, 0, 0, 3, 0, 5 };
	static const unsigned int behind[] = { 0, 0, 0, 0, 3, 0, 1 };
	struct tracker_arrival arrival;
	struct bench *bench = *state;

	for (unsigned int i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		take(bench, order[i], &arrival);
		assert_int_equal(arrival.extent, extents[i]);
		assert_int_equal(arrival.behind, behind[i]);
	}
}

static void sequences_go_on_beyond_32_bits(void **state)
{
	uint64_t at = 0xffffff00;
	struct tracker_arrival arrival;
	struct bench *bench = *state;

	/* The first is believed wherever it is; so far on that no sign is taken for it. */
	bench->tracker.next = at;
	for (; at < 0x100000100; at++) {
		assert_int_equal(take(bench, at, &arrival), TRACKER_NEW);
		assert_true(arrival.sequence == at);
	}
	assert_int_equal(take(bench, 0xfffffff0, &arrival), TRACKER_COPY);
}

static void what_is_behind_the_window_is_stale(void **state)
{
	struct bench *bench = *state;

	expect(bench, 0, TRACKER_NEW);
	for (unsigned int i = 2; i <= WINDOW; i++)
		expect(bench, i, TRACKER_NEW);
	expect(bench, 0, TRACKER_STALE);
	expect(bench, 1, TRACKER_REORDERED);
	expect(bench, WINDOW + 1, TRACKER_NEW);
	expect(bench, 1, TRACKER_STALE);
	expect(bench, 2, TRACKER_COPY);
}

static void one_wrong_sequence_far_ahead_spoils_nothing(void **state)
{
	struct bench *bench = *state;

	expect(bench, 0, TRACKER_NEW);
	expect(bench, 0x40000000, TRACKER_WRONG);
	expect(bench, 1, TRACKER_NEW);
	expect(bench, 0x50000000, TRACKER_WRONG);
	expect(bench, 0x30000000, TRACKER_WRONG);
	expect(bench, 2, TRACKER_NEW);
	/* Two that agree are a gap. */
	expect(bench, 0x10000000, TRACKER_WRONG);
	expect(bench, 0x10000001, TRACKER_NEW);
	expect(bench, 0x10000002, TRACKER_NEW);
}

static void a_sequence_that_was_not_sent_is_wrong(void **state)
{
	struct tracker_arrival arrival;
	struct bench *bench = *state;

	assert_int_equal(tracker_take(&bench->tracker, 9, 10, &arrival), TRACKER_NEW);
	assert_int_equal(tracker_take(&bench->tracker, 10, 10, &arrival), TRACKER_WRONG);
	assert_int_equal(tracker_take(&bench->tracker, UINT32_MAX, 10, &arrival), TRACKER_WRONG);
}

/* ---- against the definitions ---- */

#define FRAMES 3000

struct plain {
	uint64_t order[2 * FRAMES];
	unsigned int count;
	bool seen[FRAMES];
	uint64_t arrived[2 * FRAMES]; /* without copies */
	unsigned int arrived_count;
};

/* A tenth is lost, a tenth comes twice, a tenth late. */
static void make_order(struct plain *plain, uint64_t *random)
{
	plain->count = 0;
	for (uint64_t i = 0; i < FRAMES; i++) {
		uint64_t fate = support_random_below(random, 10);

		if (fate == 0)
			continue;
		plain->order[plain->count++] = i;
		if (fate == 1)
			plain->order[plain->count++] = i;
	}
	for (unsigned int i = 0; i + 1 < plain->count; i++) {
		unsigned int far = 1 + (unsigned int)support_random_below(random, 40);
		uint64_t moved = plain->order[i];

		if (support_random_below(random, 10) || i + far >= plain->count)
			continue;
		memmove(&plain->order[i], &plain->order[i + 1], far * sizeof(moved));
		plain->order[i + far] = moved;
	}
}

/* RFC 4737: what is said of the arrival, found by looking at all before it. */
static enum tracker_verdict define(
	struct plain *plain, uint64_t sequence, struct tracker_arrival *ret)
{
	unsigned int n = plain->arrived_count, first = n;

	*ret = (struct tracker_arrival){ .sequence = sequence };
	if (plain->seen[sequence])
		return TRACKER_COPY;
	plain->seen[sequence] = true;
	plain->arrived[plain->arrived_count++] = sequence;
	for (unsigned int i = n; i-- > 0;)
		if (plain->arrived[i] > sequence)
			first = i;
	if (first == n)
		return TRACKER_NEW;
	ret->extent = n - first;
	while (ret->behind < TRACKER_RECENT && ret->behind < n &&
		plain->arrived[n - 1 - ret->behind] > sequence)
		ret->behind++;
	return TRACKER_REORDERED;
}

static void every_arrival_is_what_rfc_4737_defines(void **state)
{
	uint64_t random = 4737;

	(void)state;
	for (int round = 0; round < 20; round++) {
		struct plain *plain = calloc(1, sizeof(*plain));
		struct bench bench;

		assert_non_null(plain);
		begin(&bench, WINDOW, HOLES);
		make_order(plain, &random);
		for (unsigned int i = 0; i < plain->count; i++) {
			struct tracker_arrival wanted, got;
			enum tracker_verdict verdict = define(plain, plain->order[i], &wanted);

			assert_int_equal(take(&bench, plain->order[i], &got), verdict);
			assert_true(got.sequence == wanted.sequence);
			assert_true(got.extent == wanted.extent);
			assert_int_equal(got.behind, wanted.behind);
		}
		free(bench.memory);
		free(plain);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_frame_is_new_late_or_a_copy),
		TEST(the_extent_counts_from_the_first_that_overtook),
		TEST(sequences_go_on_beyond_32_bits),
		TEST(what_is_behind_the_window_is_stale),
		TEST(one_wrong_sequence_far_ahead_spoils_nothing),
		TEST(a_sequence_that_was_not_sent_is_wrong),
		cmocka_unit_test(every_arrival_is_what_rfc_4737_defines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
