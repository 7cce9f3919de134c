/* The link that writes what another one sent. */
#include "link/link.h"

#include "base/err.h"
#include "link/capture.h"

#include "../../support/file.h"
#include "../../support/frames.h"
#include "../../support/lab.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static int make_frames(void **state)
{
	*state = calloc(1, sizeof(struct support_frames));
	return *state ? 0 : -1;
}

static int free_frames(void **state)
{
	free(*state);
	return 0;
}

/* A link that refuses every third frame of the run, and breaks at the frame of index broken. */
struct picky_link {
	struct link link;
	struct link_stats stats;
	uint64_t broken;
	bool closed;
};

static int picky_run(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	struct picky_link *picky = (struct picky_link *)link;

	for (uint64_t i = first; i < first + count; i++) {
		if (i == picky->broken) {
			link_stats_fail(&picky->stats, ENETDOWN, 1);
			return err_system(err, ENETDOWN, "broken");
		}
		patch_runner_make(runner, i, &runner->slots[0]);
		if (i % 3 == 2)
			link_stats_fail(&picky->stats, EMSGSIZE, 1);
		else
			link_took(link, &picky->stats, &runner->slots[0], 1);
	}
	return 0;
}

static void picky_stats(const struct link *link, struct link_stats *ret)
{
	*ret = ((const struct picky_link *)link)->stats;
}

static int picky_close(struct link *link, struct err *err)
{
	(void)err;
	((struct picky_link *)link)->closed = true;
	return 0;
}

static const struct link_ops picky_ops = {
	.name = "picky",
	.run = picky_run,
	.stats = picky_stats,
	.close = picky_close,
};

static struct link *record(struct picky_link *picky, const char *path, bool with_fcs)
{
	struct err err = { 0 };
	struct link *link;

	*picky = (struct picky_link){ .link = { .ops = &picky_ops }, .broken = UINT64_MAX };
	if (link_record_open(&link, &picky->link, path, with_fcs, &err))
		fail_msg("%s", err.text);
	return link;
}

/* Asserts that the file holds frames 0 to last - 1 of the program, but every third. */
static void holds_all_but_every_third(
	const char *path, const struct patch_program *program, uint64_t last)
{
	struct capture_frame got;
	struct capture *capture;

	assert_int_equal(capture_open_file(&capture, path, NULL, NULL), 0);
	for (uint64_t i = 0; i < last; i++) {
		const struct patch_frame *wanted = patch_program_frame(program, i);

		if (i % 3 == 2)
			continue;
		assert_int_equal(capture_next(capture, &got, -1, NULL), 1);
		assert_int_equal(got.captured, wanted->length);
		assert_memory_equal(got.octets, wanted->octets, got.captured);
	}
	assert_int_equal(capture_next(capture, &got, -1, NULL), -ENODATA);
	capture_close(capture);
}

static void the_file_has_the_frames_that_were_sent_and_no_others(void **state)
{
	const struct patch_program *program = support_frames_fill(*state, 200, 80);
	const char *path = support_path("picked.pcap");
	struct picky_link picky;
	struct link *link = record(&picky, path, false);
	struct link_stats stats;

	assert_int_equal(link_run(link, program, 0, 1000, NULL), 0);
	link_stats(link, &stats);
	assert_int_equal(stats.queued, 1000);
	assert_int_equal(stats.sent, 667);
	assert_int_equal(stats.errors[0].error, EMSGSIZE);
	assert_string_equal(link_name(link), "record");
	assert_false(picky.closed);
	assert_int_equal(link_close(link, NULL), 0);
	assert_true(picky.closed);
	holds_all_but_every_third(path, program, 1000);
}

static void what_was_sent_before_the_link_broke_is_recorded(void **state)
{
	const struct patch_program *program = support_frames_fill(*state, 200, 80);
	const char *path = support_path("broken.pcap");
	struct picky_link picky;
	struct link *link = record(&picky, path, false);
	struct err err = { 0 };

	picky.broken = 700;
	assert_int_equal(link_run(link, program, 0, 1000, &err), -ENETDOWN);
	assert_string_equal(err.text, "broken: Network is down");
	assert_int_equal(link_close(link, NULL), 0);
	holds_all_but_every_third(path, program, 700);
}

static void a_recording_can_be_recorded(void **state)
{
	const struct patch_program *program = support_frames_fill(*state, 10, 80);
	const char *inner_path = support_path("inner.pcap"),
		   *outer_path = support_path("outer.pcap");
	struct picky_link picky;
	struct link *inner = record(&picky, inner_path, false), *outer;

	assert_int_equal(link_record_open(&outer, inner, outer_path, false, NULL), 0);
	assert_int_equal(link_run(outer, program, 0, 10, NULL), 0);
	assert_int_equal(link_close(outer, NULL), 0);
	assert_true(picky.closed);
	holds_all_but_every_third(inner_path, program, 10);
	holds_all_but_every_third(outer_path, program, 10);
}

static void on_failure_the_inner_link_stays_the_callers(void **state)
{
	struct picky_link picky = { .link = { .ops = &picky_ops } };
	struct link *link = NULL;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(link_record_open(&link, &picky.link, "/dev/full", false, &err), -ENOSPC);
	assert_null(link);
	assert_null(picky.link.took);
	assert_false(picky.closed);
}

static void a_frame_without_fcs_cannot_be_recorded_with_one(void **state)
{
	const struct patch_program *program = support_frames_fill(*state, 1, 80);
	struct picky_link picky;
	struct link *link = record(&picky, support_path("fcs.pcap"), true);
	struct err err = { 0 };

	assert_int_equal(link_run(link, program, 0, 1, &err), -EINVAL);
	assert_string_equal(err.text, "cannot record frame \"test\" with an FCS, as it has none of "
				      "its own: Invalid argument");
	assert_int_equal(picky.stats.sent, 1); /* it left all the same */
	assert_int_equal(link_close(link, NULL), 0);
}

/* In a child, as the limit holds for the process; 0 when all was as it should be. */
static int record_until_full(const char *path, struct support_frames *frames)
{
	const struct rlimit limit = { .rlim_cur = 1 << 20, .rlim_max = 1 << 20 };
	const struct patch_program *program = support_frames_fill(frames, 1, 1514);
	struct picky_link picky;
	struct link *link = record(&picky, path, false);
	struct err err = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit))
		return 1;
	if (link_run(link, program, 0, 1000000, &err) != -EFBIG || !strstr(err.text, path))
		return 2;
	/* The run ended within a batch of when the second MiB did not go out. */
	if (picky.stats.sent < 1300 || picky.stats.sent > 1900)
		return 3;
	return link_close(link, NULL) == -EFBIG && picky.closed ? 0 : 4;
}

static void a_disk_that_runs_full_ends_the_run_and_leaves_the_counters_alone(void **state)
{
	const char *path = support_path("full.pcap");
	pid_t child = fork();
	int status;

	if (!child)
		_exit(record_until_full(path, *state));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_true(support_run("tshark -r %s", path));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_frames, free_frames)
	const struct CMUnitTest tests[] = {
		TEST(the_file_has_the_frames_that_were_sent_and_no_others),
		TEST(what_was_sent_before_the_link_broke_is_recorded),
		TEST(a_recording_can_be_recorded),
		TEST(on_failure_the_inner_link_stays_the_callers),
		TEST(a_frame_without_fcs_cannot_be_recorded_with_one),
		TEST(a_disk_that_runs_full_ends_the_run_and_leaves_the_counters_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
