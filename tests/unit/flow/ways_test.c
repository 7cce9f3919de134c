/* Threads share a run out, and ways are tried on its own frames. */
#include "base/bytes.h"
#include "base/err.h"
#include "base/histogram.h"
#include "flow/send.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define THREADS_MAX 7

/* What all links of a test tell of: how often each number left, and in which order. */
struct record {
	pthread_mutex_t lock;
	uint32_t *numbers;
	size_t count, size;
};

/* A link that notes the number that its frames carry. */
struct noting {
	struct link link;
	struct link_stats stats;
	struct record *record;
	uint64_t cost_ns;      /* of a frame: so long it spins, */
	uint64_t *time;	       /* or so far this goes on, where it is not NULL */
	uint64_t refuse_every; /* number divisible by it: EMSGSIZE; 0 none */
	uint64_t break_at;     /* the number that breaks it; 0 none */
	atomic_uint drains;
};

static void take_time(const struct noting *noting)
{
	uint64_t until = clock_system.now(NULL) + noting->cost_ns;

	if (noting->time)
		*noting->time += noting->cost_ns;
	else
		while (noting->cost_ns && clock_system.now(NULL) < until)
			;
}

/* A clock of the test's own, for what is decided by time. */
static uint64_t own_now(void *context)
{
	uint64_t *time = context;

	*time += 100;
	return *time;
}

static void own_sleep(void *context, uint64_t deadline)
{
	uint64_t *time = context;

	if (*time < deadline)
		*time = deadline;
}

static int noting_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	struct noting *noting = (struct noting *)link;
	struct record *record = noting->record;

	for (uint64_t i = first; i < first + count; i++) {
		struct patch_slot *slot = &runner->slots[0];
		uint32_t number;

		patch_runner_make(runner, i, slot);
		number = bytes_get_be32(slot->octets + 14);
		if (noting->break_at && number == noting->break_at) {
			link_stats_fail(&noting->stats, ENETDOWN, 1);
			return err_system(err, ENETDOWN, "broken at %u", number);
		}
		take_time(noting);
		if (noting->refuse_every && number % noting->refuse_every == 0) {
			link_stats_fail(&noting->stats, EMSGSIZE, 1);
			continue;
		}
		link_took(link, &noting->stats, slot, 1);
		pthread_mutex_lock(&record->lock);
		if (record->count < record->size)
			record->numbers[record->count] = number;
		record->count++;
		pthread_mutex_unlock(&record->lock);
	}
	return 0;
}

static void noting_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct noting *)link)->stats;
}

static int noting_drain(struct link *link, struct err *err)
{
	(void)err;
	((struct noting *)link)->drains++;
	return 0;
}

static const struct link_ops noting_ops = {
	.name = "noting", .run = noting_run, .stats = noting_stats, .drain = noting_drain
};

#define RECORD_SIZE 4000000U

struct world {
	struct record record;
	struct noting noting[3][THREADS_MAX];
	struct link *links[3][THREADS_MAX];
	struct send_way ways[3];
	struct patch_generator generator;
	struct patch_write write;
	struct patch_image image;
	struct patch_varying varying;
	struct patch_frame frame;
	struct patch_program program;
	struct send_config config;
	struct send_report report;
	struct err err;
	sig_atomic_t stop;
	uint64_t time;
	struct clock own_clock;
};

static const uint8_t octets[60];

/* One frame whose octets 14 to 17 count up from 0. */
static void make_program(struct world *w)
{
	w->generator = (struct patch_generator){ .name = "number",
		.source = PATCH_COUNT,
		.width = 32,
		.step = 1,
		.count = 1ULL << 32,
		.divisor = 1 };
	w->write = (struct patch_write){ .bit = 14 * 8, .width = 32 };
	w->image = (struct patch_image){
		.octets = octets, .length = sizeof(octets), .writes = &w->write, .write_count = 1
	};
	w->varying = (struct patch_varying){ .generators = &w->generator,
		.generator_count = 1,
		.images = &w->image,
		.image_count = 1 };
	w->frame = (struct patch_frame){ .name = "counting",
		.octets = octets,
		.length = sizeof(octets),
		.weight = 1,
		.varying = &w->varying };
	patch_program_init(&w->program, &w->frame, 1);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	if (!w)
		return -1;
	pthread_mutex_init(&w->record.lock, NULL);
	w->record.size = RECORD_SIZE;
	w->record.numbers = calloc(w->record.size, sizeof(uint32_t));
	make_program(w);
	for (unsigned int way = 0; way < 3; way++) {
		for (unsigned int i = 0; i < THREADS_MAX; i++) {
			w->noting[way][i].link.ops = &noting_ops;
			w->noting[way][i].record = &w->record;
			w->links[way][i] = &w->noting[way][i].link;
		}
		w->ways[way].links = w->links[way];
	}
	w->config.clock = &clock_system;
	w->config.stop = &w->stop;
	*state = w;
	return w->record.numbers ? 0 : -1;
}

static int teardown(void **state)
{
	struct world *w = *state;

	for (unsigned int way = 0; way < 3; way++)
		for (unsigned int i = 0; i < THREADS_MAX; i++)
			if (w->links[way][i]->runner.slots)
				patch_runner_fini(&w->links[way][i]->runner);
	pthread_mutex_destroy(&w->record.lock);
	free(w->record.numbers);
	free(w);
	return 0;
}

static int run(struct world *w, unsigned int ways, unsigned int threads)
{
	return send_run_ways(w->ways, ways, threads, &w->program, &w->config, &w->report, &w->err);
}

static void use_own_clock(struct world *w)
{
	w->own_clock = (struct clock){ own_now, own_sleep, &w->time };
	w->config.clock = &w->own_clock;
	for (unsigned int way = 0; way < 3; way++)
		w->noting[way][0].time = &w->time;
}

static int compare(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

/* 0 to count - 1, each once, in whatever order. */
static void assert_union(struct world *w, uint64_t count)
{
	assert_int_equal(w->record.count, count);
	qsort(w->record.numbers, w->record.count, sizeof(uint32_t), compare);
	for (uint64_t i = 0; i < count; i++)
		assert_int_equal(w->record.numbers[i], i);
}

static void threads_send_what_one_would(void **state)
{
	static const uint64_t counts[] = { 1, 2, 255, 256, 257, 512, 1000, 100001 };
	struct world *w = *state;

	for (unsigned int threads = 1; threads <= THREADS_MAX; threads += 2)
		for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
			w->record.count = 0;
			w->config.count = counts[i];
			assert_int_equal(run(w, 1, threads), 0);
			assert_union(w, counts[i]);
			assert_int_equal(w->report.stats.sent, counts[i]);
			assert_int_equal(w->report.stats.queued, counts[i]);
			assert_int_equal(w->report.stats.bytes, 60 * counts[i]);
			assert_int_equal(w->report.why, SEND_ONLY);
		}
	assert_true(w->noting[0][0].drains > 0);
}

static void threads_keep_one_schedule(void **state)
{
	struct world *w = *state;

	/* 2000 frames, less what was ahead of the last: a tenth of a second. */
	w->config.count = 2001;
	w->config.pace.rate.from = (struct text_rate){ TEXT_RATE_FRAMES, 20000 };
	w->config.pace.rate.to = w->config.pace.rate.from;
	assert_int_equal(run(w, 1, 3), 0);
	assert_union(w, 2001);
	assert_true(w->report.elapsed_ns >= 100000000);
}

static void a_duration_holds_for_all_threads(void **state)
{
	struct world *w = *state;

	w->config.duration_ns = 100000000;
	w->config.pace.rate.from = (struct text_rate){ TEXT_RATE_FRAMES, 20000 };
	w->config.pace.rate.to = w->config.pace.rate.from;
	assert_int_equal(run(w, 1, 3), 0);
	assert_union(w, 2000);
	assert_true(w->report.elapsed_ns >= 100000000);
	assert_false(w->report.stopped);
}

static void an_endless_run_of_threads_has_no_holes(void **state)
{
	struct world *w = *state;

	w->config.duration_ns = 20000000;
	w->noting[0][1].cost_ns = 3000; /* one is slower than the others: it takes fewer chunks */
	assert_int_equal(run(w, 1, 3), 0);
	assert_true(w->record.count > 0 && w->record.count < RECORD_SIZE);
	assert_union(w, w->record.count);
}

static void the_counts_and_errors_of_threads_are_summed(void **state)
{
	struct world *w = *state;

	w->config.count = 10000;
	for (unsigned int i = 0; i < 3; i++)
		w->noting[0][i].refuse_every = 10;
	assert_int_equal(run(w, 1, 3), 0);
	assert_int_equal(w->report.stats.sent, 9000);
	assert_int_equal(w->report.stats.failed, 1000);
	assert_int_equal(w->report.stats.queued, 10000);
	assert_int_equal(w->report.stats.errors[0].error, EMSGSIZE);
	assert_int_equal(w->report.stats.errors[0].count, 1000);
	assert_int_equal(w->report.stats.errors[1].error, 0);
	assert_int_equal(w->report.not_tried, 0);
}

static void a_failure_of_one_thread_ends_all_and_every_frame_is_accounted_for(void **state)
{
	struct world *w = *state;

	w->config.count = 1000000;
	for (unsigned int i = 0; i < 3; i++) {
		w->noting[0][i].break_at = 50000;
		w->noting[0][i].cost_ns = 2000;
	}
	assert_int_equal(run(w, 1, 3), -ENETDOWN);
	assert_string_equal(w->err.text, "broken at 50000: Network is down");
	assert_int_equal(w->report.stats.failed, 1);
	assert_int_equal(w->report.stats.sent, w->record.count);
	assert_true(w->report.stats.sent < 500000);
	assert_int_equal(w->report.stats.sent + 1 + w->report.not_tried, 1000000);
}

static void *stop_soon(void *context)
{
	struct world *w = context;

	clock_system.sleep_until(NULL, clock_system.now(NULL) + 20000000);
	w->stop = 1;
	return NULL;
}

static void a_stop_ends_all_threads_with_no_hole(void **state)
{
	struct world *w = *state;
	pthread_t stopper;

	for (unsigned int i = 0; i < 3; i++)
		w->noting[0][i].cost_ns = 1000;
	pthread_create(&stopper, NULL, stop_soon, w);
	assert_int_equal(run(w, 1, 3), 0);
	pthread_join(stopper, NULL);
	assert_true(w->report.stopped);
	assert_int_equal(w->report.stats.sent, w->record.count);
	assert_union(w, w->record.count);
}

static void count_progress(void *context, const struct link_stats *stats, uint64_t elapsed_ns)
{
	uint64_t *seen = context;

	assert_true(stats->sent >= seen[1] && elapsed_ns > seen[2]);
	seen[0]++;
	seen[1] = stats->sent;
	seen[2] = elapsed_ns;
}

static void progress_of_threads_is_told_in_the_callers_thread(void **state)
{
	struct world *w = *state;
	uint64_t seen[3] = { 0 };

	w->config.duration_ns = 450000000;
	w->config.pace.interval_ns = 1000000;
	w->config.progress = count_progress;
	w->config.context = seen;
	assert_int_equal(run(w, 1, 2), 0);
	assert_in_range(seen[0], 1, 50);
	assert_true(seen[1] > 0);
}

static void gaps_of_threads_are_those_within_chunks(void **state)
{
	struct world *w = *state;
	struct histogram *gaps = test_calloc(1, sizeof(*gaps));

	w->config.count = 4 * SEND_CHUNK;
	w->config.pace.interval_ns = 20000;
	w->config.gaps = gaps;
	assert_int_equal(run(w, 1, 2), 0);
	/* A thread that takes two in a row knows the gap between them. */
	assert_in_range(gaps->count, 4 * (SEND_CHUNK - 1), 4 * SEND_CHUNK - 1);
	assert_true(gaps->min < 25000);
	test_free(gaps);
}

/* ---- ways ---- */

static void the_fastest_of_three_ways_is_taken_and_each_frame_leaves_once_in_order(void **state)
{
	struct world *w = *state;

	use_own_clock(w);
	w->config.count = 600000;
	w->noting[0][0].cost_ns = 2000;
	w->noting[1][0].cost_ns = 1000;
	w->noting[2][0].cost_ns = 4000;
	assert_int_equal(run(w, 3, 1), 0);
	assert_int_equal(w->report.way, 1);
	assert_int_equal(w->report.why, SEND_FASTEST);
	assert_true(w->ways[0].tried_frames > 0 && w->ways[1].tried_frames > 0 &&
		    w->ways[2].tried_frames > 0);
	assert_int_equal(w->report.stats.sent, 600000);
	for (uint32_t i = 0; i < 600000; i++)
		assert_int_equal(w->record.numbers[i], i);
	/* Each was drained before the next one began. */
	assert_int_equal(w->noting[0][0].drains, 1);
	assert_int_equal(w->noting[2][0].drains, 1);
}

static void a_short_run_tries_nothing(void **state)
{
	struct world *w = *state;

	use_own_clock(w);
	w->config.count = 1000;
	w->noting[0][0].cost_ns = 1000;
	assert_int_equal(run(w, 3, 1), 0);
	assert_int_equal(w->report.way, 0);
	assert_int_equal(w->report.why, SEND_SHORT);
	assert_int_equal(w->ways[1].tried_ns, 0);
	assert_union(w, 1000);
}

static void a_way_that_keeps_the_rate_is_good_enough(void **state)
{
	struct world *w = *state;

	use_own_clock(w);
	w->config.count = 4000;
	w->config.pace.interval_ns = 100000;
	w->noting[0][0].cost_ns = 1000;
	assert_int_equal(run(w, 3, 1), 0);
	assert_int_equal(w->report.way, 0);
	assert_int_equal(w->report.why, SEND_KEEPS);
	assert_int_equal(w->ways[1].tried_ns, 0);
	assert_union(w, 4000);
}

static void the_reserve_is_taken_where_no_other_keeps_the_rate(void **state)
{
	struct world *w = *state;

	use_own_clock(w);
	w->config.count = 300000;
	w->config.pace.interval_ns = 2000;
	w->noting[0][0].cost_ns = 6000;
	w->noting[1][0].cost_ns = 8000;
	w->ways[2].reserve = true;
	assert_int_equal(run(w, 3, 1), 0);
	assert_int_equal(w->report.way, 2);
	assert_true(w->ways[1].tried_frames > 0);
	for (uint32_t i = 0; i < 300000; i++)
		assert_int_equal(w->record.numbers[i], i);
}

static void the_reserve_is_left_alone_without_a_rate(void **state)
{
	struct world *w = *state;

	use_own_clock(w);
	w->config.count = 400000;
	w->noting[0][0].cost_ns = 2000;
	w->noting[1][0].cost_ns = 1000;
	w->ways[2].reserve = true;
	assert_int_equal(run(w, 3, 1), 0);
	assert_int_equal(w->report.way, 1);
	assert_int_equal(w->ways[2].tried_ns, 0);
	assert_union(w, 400000);
}

static void a_way_that_refuses_frames_is_no_choice(void **state)
{
	struct world *w = *state;

	use_own_clock(w);
	w->config.count = 400000;
	w->noting[0][0].cost_ns = 2000;
	w->noting[1][0].refuse_every = 100;
	assert_int_equal(run(w, 2, 1), 0);
	assert_int_equal(w->report.way, 0);
	assert_true(w->report.stats.failed > 0);
	assert_int_equal(w->report.stats.sent + w->report.stats.failed, 400000);
}

static void threads_try_ways_together(void **state)
{
	struct world *w = *state;

	w->config.count = 600000;
	for (unsigned int i = 0; i < 3; i++) {
		w->noting[0][i].cost_ns = 40000;
		w->noting[1][i].cost_ns = 100;
	}
	assert_int_equal(run(w, 2, 3), 0);
	assert_int_equal(w->report.way, 1);
	assert_union(w, 600000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(threads_send_what_one_would),
		TEST(threads_keep_one_schedule),
		TEST(a_duration_holds_for_all_threads),
		TEST(an_endless_run_of_threads_has_no_holes),
		TEST(the_counts_and_errors_of_threads_are_summed),
		TEST(a_failure_of_one_thread_ends_all_and_every_frame_is_accounted_for),
		TEST(a_stop_ends_all_threads_with_no_hole),
		TEST(progress_of_threads_is_told_in_the_callers_thread),
		TEST(gaps_of_threads_are_those_within_chunks),
		TEST(the_fastest_of_three_ways_is_taken_and_each_frame_leaves_once_in_order),
		TEST(a_short_run_tries_nothing),
		TEST(a_way_that_keeps_the_rate_is_good_enough),
		TEST(the_reserve_is_taken_where_no_other_keeps_the_rate),
		TEST(the_reserve_is_left_alone_without_a_rate),
		TEST(a_way_that_refuses_frames_is_no_choice),
		TEST(threads_try_ways_together),
	};

	return cmocka_run_group_tests_name("flow/ways", tests, NULL, NULL);
}
