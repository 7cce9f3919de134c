/* measure_figures_make: what was sent against what came. */
#include "base/arena.h"
#include "measure/figures.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

struct bench {
	struct arena arena;
	struct measure_result result;
	struct measure_figures figures;
};

static void begin(struct bench *bench, unsigned int streams)
{
	*bench = (struct bench){ .result = { 0 } };
	arena_init(&bench->arena);
	assert_int_equal(measure_result_init(&bench->result, streams), 0);
}

static void end(struct bench *bench)
{
	measure_result_fini(&bench->result);
	arena_fini(&bench->arena);
}

static void came(struct bench *bench, unsigned int stream, uint64_t unique, uint64_t highest)
{
	bench->result.streams[stream] =
		(struct measure_stream){ .received = unique, .unique = unique, .highest = highest };
}

static void make(struct bench *bench, const uint64_t *sent)
{
	measure_figures_make(&bench->arena, &bench->result, sent, NULL, &bench->figures);
}

static void what_was_sent_and_did_not_come_is_lost(void **state)
{
	static const uint64_t sent[] = { 100, 50, 7 };
	struct bench bench;

	(void)state;
	begin(&bench, 3);
	came(&bench, 0, 90, 99);
	came(&bench, 1, 50, 49);
	make(&bench, sent);
	assert_true(bench.figures.all.sent == 157 && bench.figures.all.lost == 17);
	assert_true(bench.figures.streams[0].lost == 10);
	assert_true(bench.figures.streams[2].lost == 7);
	assert_false(measure_is_clean(&bench.figures, 0.1));
	assert_true(measure_is_clean(&bench.figures, 0.11));
	end(&bench);
}

static void without_a_sender_the_sequences_tell(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench, 2);
	came(&bench, 0, 90, 99);
	make(&bench, NULL);
	assert_true(bench.figures.all.sent == MEASURE_UNKNOWN);
	assert_true(bench.figures.all.lost == 10);
	assert_true(bench.figures.streams[1].lost == 0);
	assert_false(measure_is_clean(&bench.figures, 0.09));
	assert_true(measure_is_clean(&bench.figures, 0.1));
	end(&bench);
}

/* One that was too late to be told from a copy has come, but nobody vouches for the rest. */
static void what_is_too_late_is_not_lost_and_not_clean(void **state)
{
	static const uint64_t sent[] = { 100 };
	struct bench bench;

	(void)state;
	begin(&bench, 1);
	came(&bench, 0, 99, 99);
	bench.result.streams[0].stale = 1;
	make(&bench, sent);
	assert_true(bench.figures.all.lost == 0);
	assert_false(measure_is_clean(&bench.figures, 1));
	end(&bench);
}

static void each_count_alone_spoils_it(void **state)
{
	static const uint64_t sent[] = { 10 };
	struct bench bench;

	(void)state;
	begin(&bench, 1);
	came(&bench, 0, 10, 9);
	make(&bench, sent);
	assert_true(measure_is_clean(&bench.figures, 0));
	bench.figures.all.counts.duplicates = 1;
	assert_false(measure_is_clean(&bench.figures, 1));
	make(&bench, sent);
	bench.figures.all.counts.reordered = 1;
	assert_false(measure_is_clean(&bench.figures, 1));
	make(&bench, sent);
	bench.figures.all.counts.corrupted = 1;
	assert_false(measure_is_clean(&bench.figures, 1));
	make(&bench, sent);
	bench.figures.damaged = 1;
	assert_false(measure_is_clean(&bench.figures, 1));
	end(&bench);
}

static void streams_beyond_the_details_share_one(void **state)
{
	struct bench bench;
	unsigned int streams = MEASURE_DETAILS_MAX + 10;

	(void)state;
	begin(&bench, streams);
	for (unsigned int i = 0; i < streams; i++)
		histogram_add(&measure_detail_of(&bench.result, i)->latency, 1000 + i, 1);
	make(&bench, NULL);
	assert_true(bench.figures.all.latency.count == streams);
	assert_true(bench.figures.all.latency.at[0] == 1000);
	assert_true(bench.figures.all.latency.at[5] == 1000 + streams - 1);
	assert_non_null(bench.figures.streams[3].detail);
	assert_true(bench.figures.streams[3].latency.at[0] == 1003);
	assert_null(bench.figures.streams[streams - 1].detail);
	end(&bench);
}

static void what_is_relative_is_above_the_smallest(void **state)
{
	struct bench bench;

	(void)state;
	begin(&bench, 2);
	histogram_add(&bench.result.details[0].latency, 100, 1);
	histogram_add(&bench.result.details[1].latency, 140, 1);
	make(&bench, NULL);
	measure_figures_relative(&bench.figures);
	assert_true(bench.figures.all.latency.at[0] == 0);
	assert_true(bench.figures.all.latency.at[5] == 40);
	assert_true(bench.figures.all.latency.mean == 20);
	assert_true(bench.figures.streams[1].latency.at[0] == 40);
	end(&bench);
}

static void the_frames_of_a_run_are_shared_out_by_weight(void **state)
{
	static const struct patch_frame frames[] = { { .weight = 3 }, { .weight = 1 },
		{ .weight = 2 } };
	struct patch_program program;
	uint64_t sent[3];

	(void)state;
	patch_program_init(&program, frames, 3);
	measure_sent(&program, 16, sent);
	assert_true(sent[0] == 9 && sent[1] == 3 && sent[2] == 4);
	measure_sent(&program, 2, sent);
	assert_true(sent[0] == 2 && sent[1] == 0 && sent[2] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_sent_and_did_not_come_is_lost),
		cmocka_unit_test(without_a_sender_the_sequences_tell),
		cmocka_unit_test(what_is_too_late_is_not_lost_and_not_clean),
		cmocka_unit_test(each_count_alone_spoils_it),
		cmocka_unit_test(streams_beyond_the_details_share_one),
		cmocka_unit_test(what_is_relative_is_above_the_smallest),
		cmocka_unit_test(the_frames_of_a_run_are_shared_out_by_weight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
