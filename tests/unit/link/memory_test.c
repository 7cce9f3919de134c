/* The link that keeps copies, and the counting that all links share. */
#include "link/link.h"

#include "base/err.h"

#include "../../support/frames.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void frames_are_kept_in_order_and_passes_repeat(void **state)
{
	struct support_frames *frames = calloc(1, sizeof(*frames));
	const struct patch_program *program;
	struct link_stats stats;
	struct link *link;

	(void)state;
	support_frames_add(frames, 60);
	support_frames_add(frames, 1514)->weight = 2;
	program = support_frames_program(frames);
	assert_int_equal(link_memory_open(&link), 0);
	assert_int_equal(link_run(link, program, 1, 200, NULL), 0);
	assert_int_equal(link_memory_count(link), 200);
	for (size_t i = 0; i < 200; i++) {
		const struct patch_frame *wanted = &frames->frames[(i + 1) % 3 ? 1 : 0];
		size_t length;
		const uint8_t *octets = link_memory_frame(link, i, &length);

		assert_int_equal(length, wanted->length);
		assert_memory_equal(octets, wanted->octets, length);
		assert_ptr_not_equal(octets, wanted->octets);
	}
	link_stats(link, &stats);
	assert_int_equal(stats.queued, 200);
	assert_int_equal(stats.sent, 200);
	assert_int_equal(stats.failed, 0);
	assert_int_equal(stats.errors[0].error, 0);
	/* Indexes 1 to 200: 0, 3, ... are the short frame's. */
	assert_int_equal(stats.bytes, 66 * 60 + 134 * 1514);
	assert_string_equal(link_name(link), "memory");
	assert_int_equal(link_close(link, NULL), 0);
	free(frames);
}

static void a_run_of_no_frames_does_nothing(void **state)
{
	struct support_frames *frames = calloc(1, sizeof(*frames));
	struct link *link;

	(void)state;
	assert_int_equal(link_memory_open(&link), 0);
	assert_int_equal(link_run(link, support_frames_fill(frames, 1, 60), 0, 0, NULL), 0);
	assert_int_equal(link_memory_count(link), 0);
	assert_int_equal(link_close(link, NULL), 0);
	free(frames);
}

static void closing_no_link_is_harmless(void **state)
{
	(void)state;
	assert_int_equal(link_close(NULL, NULL), 0);
}

static void failures_are_counted_by_errno(void **state)
{
	struct link_stats stats = { 0 };

	(void)state;
	link_stats_fail(&stats, EMSGSIZE, 3);
	link_stats_fail(&stats, EINVAL, 1);
	link_stats_fail(&stats, EMSGSIZE, 2);
	link_stats_fail(&stats, ENOBUFS, 0);
	assert_int_equal(stats.queued, 6);
	assert_int_equal(stats.failed, 6);
	assert_int_equal(stats.sent, 0);
	assert_int_equal(stats.errors[0].error, EMSGSIZE);
	assert_int_equal(stats.errors[0].count, 5);
	assert_int_equal(stats.errors[1].error, EINVAL);
	assert_int_equal(stats.errors[1].count, 1);
	assert_int_equal(stats.errors[2].error, 0);
}

static void the_last_row_takes_the_failures_that_find_no_room(void **state)
{
	struct link_stats stats = { 0 };
	uint64_t total = 0;

	(void)state;
	for (int error = 1; error <= LINK_ERRORS_MAX + 4; error++)
		link_stats_fail(&stats, error, 10);
	assert_int_equal(stats.errors[LINK_ERRORS_MAX - 1].count, 50);
	for (int i = 0; i < LINK_ERRORS_MAX; i++)
		total += stats.errors[i].count;
	assert_int_equal(total, stats.failed);
}

static void count_octets(void *context, const struct patch_slot *slot)
{
	*(uint64_t *)context += slot->length;
}

static void who_listens_hears_of_each_frame(void **state)
{
	struct support_frames *frames = calloc(1, sizeof(*frames));
	uint64_t octets = 0;
	struct link *link;

	(void)state;
	assert_int_equal(link_memory_open(&link), 0);
	link->took = count_octets;
	link->took_context = &octets;
	assert_int_equal(link_run(link, support_frames_fill(frames, 5, 100), 0, 7, NULL), 0);
	assert_int_equal(octets, 700);
	assert_int_equal(link_close(link, NULL), 0);
	free(frames);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_kept_in_order_and_passes_repeat),
		cmocka_unit_test(a_run_of_no_frames_does_nothing),
		cmocka_unit_test(closing_no_link_is_harmless),
		cmocka_unit_test(failures_are_counted_by_errno),
		cmocka_unit_test(the_last_row_takes_the_failures_that_find_no_room),
		cmocka_unit_test(who_listens_hears_of_each_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
