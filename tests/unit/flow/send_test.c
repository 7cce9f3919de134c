/* The send loop, on a clock that only moves when it is asked or slept on. */
#include "base/err.h"
#include "base/histogram.h"
#include "flow/send.h"

#include <errno.h>
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES_MAX 4096
#define TICK_NS	   100U /* what looking at the clock costs */
#define START_NS   5000000000U

struct fake_clock {
	uint64_t now;
	uint64_t sleeps;
	uint64_t late;	  /* each sleep wakes up so much after its deadline */
	uint64_t hole_at; /* then the processor is another's for 50 ms; 0 never */
};

static uint64_t fake_now(void *context)
{
	struct fake_clock *fake = context;

	fake->now += TICK_NS;
	if (fake->hole_at && fake->now > fake->hole_at) {
		fake->now += 50000000;
		fake->hole_at = 0;
	}
	return fake->now;
}

static void fake_sleep(void *context, uint64_t deadline)
{
	struct fake_clock *fake = context;

	fake->sleeps++;
	if (deadline > fake->now)
		fake->now = deadline;
	fake->now += fake->late;
}

/* A link that notes when each frame came, and may refuse frames or break. */
struct fake_link {
	struct link link;
	struct link_stats stats;
	struct fake_clock *clock;
	uint64_t times[FRAMES_MAX];
	const char *names[FRAMES_MAX];
	uint64_t seen;
	uint64_t longest_call; /* frames handed over at once */
	uint64_t cost;	       /* nanoseconds a frame */
	uint64_t refuse_every; /* every so many frames one is refused with EMSGSIZE; 0 none */
	uint64_t break_at;     /* the frame that ends the run with ENETDOWN; 0 none */
	uint64_t stop_at;      /* after this frame *stop is set; 0 none */
	sig_atomic_t *stop;
};

static int fake_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	struct fake_link *fake = (struct fake_link *)link;

	if (count > fake->longest_call)
		fake->longest_call = count;
	for (uint64_t i = first; i < first + count; i++) {
		struct patch_slot *slot = &runner->slots[0];

		patch_runner_make(runner, i, slot);
		if (fake->break_at && i + 1 == fake->break_at) {
			link_stats_fail(&fake->stats, ENETDOWN, 1);
			return err_system(err, ENETDOWN, "broken");
		}
		if (fake->seen < FRAMES_MAX) {
			fake->times[fake->seen] = fake->clock->now;
			fake->names[fake->seen] = slot->frame->name;
		}
		fake->seen++;
		fake->clock->now += fake->cost;
		if (fake->refuse_every && (i + 1) % fake->refuse_every == 0)
			link_stats_fail(&fake->stats, EMSGSIZE, 1);
		else
			link_took(link, &fake->stats, slot, 1);
		if (fake->stop_at && fake->seen == fake->stop_at)
			*fake->stop = 1;
	}
	return 0;
}

static void fake_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct fake_link *)link)->stats;
}

static const struct link_ops fake_ops = { .name = "fake", .run = fake_run, .stats = fake_stats };

/* One test's world: frames "a" of 60 and "b" of 100 octets. */
struct world {
	struct fake_clock time;
	struct clock clock;
	struct fake_link *link;
	struct patch_frame frames[2];
	struct patch_program program;
	struct send_config config;
	struct send_report report;
	struct err err;
	sig_atomic_t stop;
};

static const uint8_t octets[100];

static int setup(void **state)
{
	struct world *w = test_calloc(1, sizeof(*w));

	w->time.now = START_NS;
	w->clock =
		(struct clock){ .now = fake_now, .sleep_until = fake_sleep, .context = &w->time };
	w->link = test_calloc(1, sizeof(*w->link));
	w->link->link.ops = &fake_ops;
	w->link->clock = &w->time;
	w->link->stop = &w->stop;
	w->frames[0] =
		(struct patch_frame){ .name = "a", .octets = octets, .length = 60, .weight = 1 };
	w->frames[1] =
		(struct patch_frame){ .name = "b", .octets = octets, .length = 100, .weight = 1 };
	patch_program_init(&w->program, w->frames, 1);
	w->config.clock = &w->clock;
	w->config.stop = &w->stop;
	w->config.count = 10;
	w->config.pace.rate.from.unit = TEXT_RATE_MAX;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	patch_runner_fini(&w->link->link.runner);
	test_free(w->link);
	test_free(w);
	return 0;
}

static void rate_is(struct world *w, enum text_rate_unit unit, double value)
{
	struct text_rate rate = { unit, value };

	w->config.pace.rate = (struct text_ramp){ rate, rate, 0 };
}

static int run(struct world *w)
{
	return send_run(&w->link->link, &w->program, &w->config, &w->report, &w->err);
}

/* Frame i came when it was due: at most two looks at the clock later. */
static void assert_due(const struct world *w, uint64_t i, uint64_t after_start)
{
	uint64_t due = START_NS + TICK_NS + after_start;

	assert_in_range(w->link->times[i], due, due + 2 * TICK_NS);
}

static void at_a_rate_each_frame_leaves_when_it_is_due(void **state)
{
	struct world *w = *state;

	w->config.count = 1000;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 1000; i++)
		assert_due(w, i, i * 100000);
	assert_int_equal(w->link->longest_call, 1);
}

static void a_rate_that_does_not_divide_a_second_does_not_drift(void **state)
{
	struct world *w = *state;

	w->config.count = 3001;
	rate_is(w, TEXT_RATE_FRAMES, 3);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i <= 3000; i += 300)
		assert_due(w, i, i / 3 * 1000000000U);
}

static void late_wake_ups_and_slow_frames_do_not_shift_the_schedule(void **state)
{
	struct world *w = *state;

	w->time.late = 40000;
	w->link->cost = 30000;
	w->config.count = 500;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 500; i++)
		assert_due(w, i, i * 100000);
}

static void a_processor_that_others_want_is_shared_for_a_while(void **state)
{
	struct world *w = *state;
	uint64_t sleeps;

	/* Gaps that are spun. */
	w->config.count = 2000;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	assert_int_equal(w->time.sleeps, 0);
	w->time.hole_at = w->time.now + 100000000;
	assert_int_equal(run(w), 0);
	sleeps = w->time.sleeps;
	assert_in_range(sleeps, 70, 100);
	/* Ten seconds later it is all its own again. */
	w->config.count = 120000;
	w->time.sleeps = 0;
	w->time.hole_at = w->time.now + 100000000;
	assert_int_equal(run(w), 0);
	assert_in_range(w->time.sleeps, 16500, 16800);
}

static void what_was_missed_is_caught_up_and_no_more(void **state)
{
	struct world *w = *state;

	/* Each sleep is ten milliseconds late: ten frames are due at once then, never more. */
	w->time.late = 10000000;
	w->config.count = 1000;
	rate_is(w, TEXT_RATE_FRAMES, 1000);
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 1000);
	assert_in_range(w->link->longest_call, 9, 11);
	for (uint64_t i = 0; i < 1000; i++)
		assert_true(w->link->times[i] >= START_NS + TICK_NS + i * 1000000);
}

static void a_bit_rate_counts_octets_without_an_fcs_of_ours(void **state)
{
	struct world *w = *state;

	w->frames[0].length = 129;
	w->frames[0].own_fcs = true; /* 125 octets are 1000 bits */
	w->frames[0].octets = (const uint8_t[129]){ 0 };
	rate_is(w, TEXT_RATE_BITS, 1e6);
	patch_program_init(&w->program, w->frames, 1);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_due(w, i, i * 1000000);
}

static void a_wire_rate_counts_preamble_fcs_and_gap(void **state)
{
	struct world *w = *state;

	w->frames[0].length = 101;
	w->frames[0].octets = (const uint8_t[101]){ 0 };
	rate_is(w, TEXT_RATE_WIRE_BITS, 1e6);
	patch_program_init(&w->program, w->frames, 1);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_due(w, i, i * 1000000);
}

static void an_interval_is_from_frame_to_frame(void **state)
{
	struct world *w = *state;

	w->config.pace.interval_ns = 250000000;
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_due(w, i, i * 250000000);
	/* It slept, and did not spin through a quarter of a second. */
	assert_true(w->time.sleeps >= 9);
}

static void a_gap_follows_its_frame_on_the_schedule(void **state)
{
	struct world *w = *state;

	w->frames[0].gap_ns = 5000000;
	patch_program_init(&w->program, w->frames, 2);
	w->config.count = 6;
	rate_is(w, TEXT_RATE_FRAMES, 1000);
	assert_int_equal(run(w), 0);
	assert_due(w, 0, 0);
	assert_due(w, 1, 6000000);
	assert_due(w, 2, 7000000);
	assert_due(w, 3, 13000000);
	assert_string_equal(w->link->names[2], "a");
	assert_string_equal(w->link->names[3], "b");
}

static void gaps_hold_at_the_highest_rate_too(void **state)
{
	struct world *w = *state;

	w->frames[0].gap_ns = 1000000;
	patch_program_init(&w->program, w->frames, 1);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_due(w, i, i * 1000000);
}

static void a_weight_is_frames_in_a_row_in_each_pass(void **state)
{
	struct world *w = *state;
	char order[11] = "";

	w->frames[0].weight = 3;
	patch_program_init(&w->program, w->frames, 2);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		order[i] = w->link->names[i][0];
	assert_string_equal(order, "aaabaaabaa");
	assert_int_equal(w->report.stats.bytes, 8 * 60 + 2 * 100);
}

static void the_highest_rate_goes_in_chunks_that_see_a_stop(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->link->cost = 500;
	w->link->stop_at = 1500;
	assert_int_equal(run(w), 0);
	assert_true(w->report.stopped);
	assert_in_range(w->link->longest_call, 2, 512);
	assert_in_range(w->report.stats.sent, 1500, 2000);
	assert_int_equal(w->report.asked, 0);
	assert_int_equal(w->report.not_tried, 0);
}

static void a_stop_ends_a_long_wait_within_a_tenth_of_a_second(void **state)
{
	struct world *w = *state;

	w->config.pace.interval_ns = 3600000000000;
	w->link->stop_at = 1;
	assert_int_equal(run(w), 0);
	assert_true(w->report.stopped);
	assert_int_equal(w->report.stats.sent, 1);
	assert_int_equal(w->report.not_tried, 0);
	assert_true(w->report.elapsed_ns <= 110000000);
}

static void a_duration_ends_an_endless_run_and_lasts_that_long(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->config.duration_ns = 1000000000;
	rate_is(w, TEXT_RATE_FRAMES, 10);
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 10);
	assert_in_range(w->report.elapsed_ns, 1000000000, 1000000000 + 10 * TICK_NS);
	assert_false(w->report.stopped);
}

static void what_is_late_at_the_end_of_the_duration_still_belongs_to_it(void **state)
{
	struct world *w = *state;

	/* Each sleep is 3 ms late: thirty frames wait when the second is over. */
	w->time.late = 3000000;
	w->config.count = 0;
	w->config.duration_ns = 1000000000;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 10000);
}

static void a_link_that_is_too_slow_does_not_outlast_the_duration(void **state)
{
	struct world *w = *state;

	w->link->cost = 200000; /* 5 kpps at most */
	w->config.count = 0;
	w->config.duration_ns = 1000000000;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	assert_in_range(w->report.stats.sent, 4900, 5600);
	assert_true(w->report.elapsed_ns < 1120000000);
}

static void a_duration_ends_the_highest_rate(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->config.duration_ns = 1000000;
	w->link->cost = 1000;
	assert_int_equal(run(w), 0);
	assert_in_range(w->report.stats.sent, 1000 - 256, 1000 + 256);
}

static void a_count_ends_before_a_longer_duration(void **state)
{
	struct world *w = *state;

	w->config.duration_ns = 3600000000000;
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 10);
	assert_true(w->report.elapsed_ns < 1000000);
}

static void refused_frames_are_counted_and_do_not_end_the_run(void **state)
{
	struct world *w = *state;

	w->link->refuse_every = 5;
	w->config.count = 1000;
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 800);
	assert_int_equal(w->report.stats.failed, 200);
	assert_int_equal(w->report.stats.errors[0].error, EMSGSIZE);
	assert_int_equal(w->report.stats.errors[0].count, 200);
	assert_int_equal(w->report.not_tried, 0);
}

static void a_broken_link_ends_the_run_with_every_frame_accounted_for(void **state)
{
	struct world *w = *state;

	w->link->break_at = 701;
	w->config.count = 1000;
	assert_int_equal(run(w), -ENETDOWN);
	assert_int_equal(w->err.kind, ERR_SYSTEM);
	assert_int_equal(w->report.stats.sent, 700);
	assert_int_equal(w->report.stats.failed, 1);
	assert_int_equal(w->report.not_tried, 299);
	assert_int_equal(w->report.asked, 1000);
}

static void a_second_run_on_the_same_link_counts_from_zero(void **state)
{
	struct world *w = *state;

	w->link->refuse_every = 5;
	assert_int_equal(run(w), 0);
	w->link->refuse_every = 0;
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 10);
	assert_int_equal(w->report.stats.failed, 0);
	assert_int_equal(w->report.stats.bytes, 600);
	assert_int_equal(w->report.stats.errors[0].error, 0);
}

static void note_progress(void *context, const struct link_stats *stats, uint64_t elapsed_ns)
{
	uint64_t *noted = context;

	noted[0]++;
	noted[1] = stats->sent;
	noted[2] = elapsed_ns;
}

static void a_sleep_ends_before_the_frame_is_due_and_the_rest_is_spun(void **state)
{
	struct world *w = *state;

	/* Late by almost all that is left for it: no frame is late. */
	w->time.late = 49000;
	rate_is(w, TEXT_RATE_FRAMES, 1000);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_due(w, i, i * 1000000);
	assert_int_equal(w->time.sleeps, 9);
}

static void gaps_are_those_between_frames_as_they_were_handed_over(void **state)
{
	struct world *w = *state;
	struct histogram *gaps = test_calloc(1, sizeof(*gaps));

	w->config.gaps = gaps;
	w->config.count = 1000;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	assert_int_equal(gaps->count, 999);
	assert_in_range(gaps->min, 100000 - 2 * TICK_NS, 100000);
	assert_in_range(gaps->max, 100000, 100000 + 2 * TICK_NS);
	assert_in_range((uint64_t)histogram_mean(gaps), 100000 - 2, 100000 + 2);
	test_free(gaps);
}

static void frames_of_a_batch_share_its_time(void **state)
{
	struct world *w = *state;
	struct histogram *gaps = test_calloc(1, sizeof(*gaps));

	/* Each frame costs 200 us where 100 are asked for: nearly all go in batches. */
	w->config.gaps = gaps;
	w->config.count = 1000;
	w->link->cost = 200000;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	assert_int_equal(gaps->count, 999);
	assert_in_range(histogram_quantile(gaps, 0.5), 199000, 203000);
	test_free(gaps);
}

static uint64_t fake_spread(const struct link *link)
{
	(void)link;
	return 1000;
}

static void a_link_that_works_beside_its_frames_sends_them_in_a_burst(void **state)
{
	static const struct link_ops bursting = {
		.name = "fake", .run = fake_run, .stats = fake_stats, .spread = fake_spread
	};
	struct world *w = *state;
	struct histogram *gaps = test_calloc(1, sizeof(*gaps));

	w->config.gaps = gaps;
	w->config.count = 1000;
	w->link->cost = 200000;
	w->link->link.ops = &bursting;
	rate_is(w, TEXT_RATE_FRAMES, 10000);
	assert_int_equal(run(w), 0);
	assert_int_equal(gaps->count, 999);
	assert_in_range(histogram_quantile(gaps, 0.5), 0, 1000);
	/* From the end of one burst to the next, the time that all its frames cost. */
	assert_in_range(gaps->max, 200000 * 16, 200000 * 1000);
	/* All in all as if they were even: but for the time before the first burst. */
	assert_in_range((uint64_t)histogram_mean(gaps), 180000, 201000);
	test_free(gaps);
}

static void gaps_of_what_is_late_at_the_end_are_no_longer_than_the_run(void **state)
{
	struct world *w = *state;
	struct histogram *gaps = test_calloc(1, sizeof(*gaps));

	/* A chunk is begun when the time is over, and another one taken after it. */
	w->config.gaps = gaps;
	w->config.count = 0;
	w->link->cost = 1000;
	w->time.late = 20000000;
	rate_is(w, TEXT_RATE_FRAMES, 5000);
	for (unsigned int i = 0; i < 40; i++) {
		w->config.duration_ns = 100000000 + i * 1900000;
		assert_int_equal(run(w), 0);
	}
	assert_in_range(gaps->max, 10000000, 21000000);
	test_free(gaps);
}

static void the_highest_rate_has_no_gaps_to_tell(void **state)
{
	struct world *w = *state;
	struct histogram *gaps = test_calloc(1, sizeof(*gaps));

	w->config.gaps = gaps;
	assert_int_equal(run(w), 0);
	assert_int_equal(gaps->count, 0);
	test_free(gaps);
}

static void a_burst_leaves_at_once_and_the_next_when_its_time_is_over(void **state)
{
	struct world *w = *state;

	w->config.pace.gap = PACE_BURST;
	w->config.pace.burst = 4;
	rate_is(w, TEXT_RATE_FRAMES, 1000);
	assert_int_equal(run(w), 0);
	for (uint64_t i = 0; i < 10; i++)
		assert_due(w, i, i / 4 * 4000000);
	assert_int_equal(w->link->longest_call, 4);
}

static void a_ramp_sends_its_total_within_its_time(void **state)
{
	struct world *w = *state;
	struct text_rate low = { TEXT_RATE_FRAMES, 1000 }, high = { TEXT_RATE_FRAMES, 3000 };

	w->config.count = 0;
	w->config.duration_ns = 2000000000;
	w->config.pace.rate = (struct text_ramp){ low, high, 2000000000 };
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 4000);
}

static int count_prepared(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err)
{
	uint64_t *prepared = context;

	(void)ret_gap_ns;
	(void)err;
	assert_int_equal(first, *prepared);
	assert_in_range(count, 1, SEND_CHUNK);
	*prepared += count;
	return (int)count;
}

static void frames_that_are_made_as_it_goes_are_asked_for_once_each_in_order(void **state)
{
	struct world *w = *state;
	uint64_t prepared = 0;

	w->config.count = 1000;
	w->config.prepare = count_prepared;
	w->config.prepare_context = &prepared;
	assert_int_equal(run(w), 0);
	assert_int_equal(prepared, 1000);
	assert_int_equal(w->report.stats.sent, 1000);
}

/* A source of 700 frames. */
static int prepare_700(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err)
{
	(void)context;
	(void)ret_gap_ns;
	(void)err;
	if (first >= 700)
		return 0;
	return (int)(700 - first < count ? 700 - first : count);
}

static void a_run_ends_where_no_more_frames_are_made(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->config.prepare = prepare_700;
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 700);
	assert_int_equal(w->report.not_tried, 0);
}

/* A source whose first frame comes after a second, and whose others, by twos, ask for pauses; five
 * in all. */
struct slow {
	struct world *world;
	unsigned int asked;
};

static int prepare_slowly(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err)
{
	struct slow *slow = context;

	(void)count;
	(void)err;
	assert_int_equal(*ret_gap_ns, 0);
	if (slow->asked++ % 2) {
		if (first)
			*ret_gap_ns = 3000000;
		return first ? (first < 5 ? 2 : 0) : 1;
	}
	slow->world->time.now += first ? 1000000 : 1000000000;
	return -EAGAIN;
}

static void frames_that_are_waited_for_leave_when_they_are_there_or_due(void **state)
{
	struct world *w = *state;
	struct slow slow = { .world = w };

	w->config.count = 0;
	w->config.prepare = prepare_slowly;
	w->config.prepare_context = &slow;
	assert_int_equal(run(w), 0);
	assert_int_equal(w->report.stats.sent, 5);
	assert_in_range(w->link->times[0], START_NS + 1000000000, START_NS + 1000010000);
	for (unsigned int i = 1; i < 5; i++)
		assert_in_range(w->link->times[i] - w->link->times[0],
			(i + 1) / 2 * 3000000 - 10000, (i + 1) / 2 * 3000000 + 10000);
}

static int prepare_never(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err)
{
	struct world *w = context;

	(void)first;
	(void)count;
	(void)ret_gap_ns;
	(void)err;
	w->time.now += 20000000;
	if (!w->config.duration_ns && w->time.now > START_NS + 500000000)
		w->stop = 1;
	return -EAGAIN;
}

static void a_wait_for_frames_ends_by_a_stop_and_by_the_duration(void **state)
{
	struct world *w = *state;

	w->config.count = 0;
	w->config.prepare = prepare_never;
	w->config.prepare_context = w;
	assert_int_equal(run(w), 0);
	assert_true(w->report.stopped);
	assert_in_range(w->report.elapsed_ns, 400000000, 600000000);
	w->stop = 0;
	w->config.duration_ns = 300000000;
	assert_int_equal(run(w), 0);
	assert_false(w->report.stopped);
	assert_int_equal(w->report.stats.sent, 0);
	assert_in_range(w->report.elapsed_ns, 300000000, 400000000);
}

static void progress_is_told_ten_times_a_second(void **state)
{
	struct world *w = *state;
	uint64_t noted[3] = { 0 };

	w->config.count = 1000;
	rate_is(w, TEXT_RATE_FRAMES, 500);
	w->config.progress = note_progress;
	w->config.context = noted;
	assert_int_equal(run(w), 0);
	assert_in_range(noted[0], 17, 20);
	assert_in_range(noted[1], 900, 1000);
	assert_in_range(noted[2], 1800000000, 2000000000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(at_a_rate_each_frame_leaves_when_it_is_due),
		TEST(a_rate_that_does_not_divide_a_second_does_not_drift),
		TEST(late_wake_ups_and_slow_frames_do_not_shift_the_schedule),
		TEST(a_processor_that_others_want_is_shared_for_a_while),
		TEST(what_was_missed_is_caught_up_and_no_more),
		TEST(a_bit_rate_counts_octets_without_an_fcs_of_ours),
		TEST(a_wire_rate_counts_preamble_fcs_and_gap),
		TEST(an_interval_is_from_frame_to_frame),
		TEST(a_gap_follows_its_frame_on_the_schedule),
		TEST(gaps_hold_at_the_highest_rate_too),
		TEST(a_weight_is_frames_in_a_row_in_each_pass),
		TEST(the_highest_rate_goes_in_chunks_that_see_a_stop),
		TEST(a_stop_ends_a_long_wait_within_a_tenth_of_a_second),
		TEST(a_duration_ends_an_endless_run_and_lasts_that_long),
		TEST(what_is_late_at_the_end_of_the_duration_still_belongs_to_it),
		TEST(a_link_that_is_too_slow_does_not_outlast_the_duration),
		TEST(a_duration_ends_the_highest_rate),
		TEST(a_count_ends_before_a_longer_duration),
		TEST(refused_frames_are_counted_and_do_not_end_the_run),
		TEST(a_broken_link_ends_the_run_with_every_frame_accounted_for),
		TEST(a_second_run_on_the_same_link_counts_from_zero),
		TEST(a_sleep_ends_before_the_frame_is_due_and_the_rest_is_spun),
		TEST(gaps_are_those_between_frames_as_they_were_handed_over),
		TEST(frames_of_a_batch_share_its_time),
		TEST(a_link_that_works_beside_its_frames_sends_them_in_a_burst),
		TEST(gaps_of_what_is_late_at_the_end_are_no_longer_than_the_run),
		TEST(the_highest_rate_has_no_gaps_to_tell),
		TEST(a_burst_leaves_at_once_and_the_next_when_its_time_is_over),
		TEST(a_ramp_sends_its_total_within_its_time),
		TEST(frames_that_are_made_as_it_goes_are_asked_for_once_each_in_order),
		TEST(frames_that_are_waited_for_leave_when_they_are_there_or_due),
		TEST(a_wait_for_frames_ends_by_a_stop_and_by_the_duration),
		TEST(a_run_ends_where_no_more_frames_are_made),
		TEST(progress_is_told_ten_times_a_second),
	};

	return cmocka_run_group_tests_name("flow/send", tests, NULL, NULL);
}
