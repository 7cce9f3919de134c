/* The link whose wire is a pcap file. */
#include "link/link.h"

#include "base/clock.h"
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
#include <sys/stat.h>
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

static struct link *open_file(const char *path, bool with_fcs)
{
	struct err err = { 0 };
	struct link *link;

	if (link_file_open(&link, path, with_fcs, &err))
		fail_msg("%s", err.text);
	return link;
}

static struct capture *read_back(const char *path)
{
	struct err err = { 0 };
	struct capture *capture;

	if (capture_open_file(&capture, path, NULL, &err))
		fail_msg("%s", err.text);
	return capture;
}

static void what_is_read_back_is_what_was_sent(void **state)
{
	struct support_frames *frames = *state;
	const char *path = support_path("sent.pcap");
	struct link *link = open_file(path, false);
	uint64_t start = clock_wall(), last = start;
	struct capture_frame got;
	struct link_stats stats;
	struct capture *capture;
	uint64_t octets = 0;

	for (uint32_t length = 0; length <= SUPPORT_FRAME_SIZE; length += 16)
		octets += support_frames_add(frames, length)->length;
	assert_int_equal(link_run(link, support_frames_program(frames), 0, frames->count, NULL), 0);
	link_stats(link, &stats);
	assert_int_equal(stats.queued, frames->count);
	assert_int_equal(stats.sent, frames->count);
	assert_int_equal(stats.bytes, octets);
	assert_string_equal(link_name(link), "file");
	assert_int_equal(link_close(link, NULL), 0);

	capture = read_back(path);
	assert_false(capture_has_fcs(capture));
	assert_int_equal(capture_link(capture), CAPTURE_ETHERNET);
	for (unsigned int i = 0; i < frames->count; i++) {
		assert_int_equal(capture_next(capture, &got, -1, NULL), 1);
		assert_int_equal(got.captured, frames->frames[i].length);
		assert_int_equal(got.length, frames->frames[i].length);
		assert_memory_equal(got.octets, frames->octets[i], got.captured);
		assert_true(got.time_ns >= last);
		last = got.time_ns;
	}
	assert_true(last <= clock_wall());
	assert_int_equal(capture_next(capture, &got, -1, NULL), -ENODATA);
	capture_close(capture);
}

static void what_a_run_wrote_is_in_the_file_when_it_returns(void **state)
{
	const char *path = support_path("flushed.pcap");
	struct link *link = open_file(path, false);
	struct stat facts;

	assert_int_equal(link_run(link, support_frames_fill(*state, 1, 60), 0, 1, NULL), 0);
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_size, 24 + 16 + 60);
	assert_int_equal(link_close(link, NULL), 0);
}

static void a_marked_file_holds_the_fcs_of_the_frames(void **state)
{
	struct support_frames *frames = *state;
	const char *path = support_path("with-fcs.pcap");
	struct link *link = open_file(path, true);
	struct capture_frame got;
	struct capture *capture;
	char text[64];

	support_frames_add(frames, 64)->own_fcs = true;
	memcpy(frames->octets[0] + 60, "\x1a\x2b\x3c\x4d", 4);
	assert_int_equal(link_run(link, support_frames_program(frames), 0, 1, NULL), 0);
	assert_int_equal(link_close(link, NULL), 0);
	capture = read_back(path);
	assert_true(capture_has_fcs(capture));
	assert_int_equal(capture_next(capture, &got, -1, NULL), 1);
	assert_int_equal(got.captured, 64);
	capture_close(capture);
	support_line(text, sizeof(text), "tshark -r %s -T fields -e eth.fcs 2>/dev/null", path);
	assert_string_equal(text, "0x1a2b3c4d");
}

static void a_marked_file_refuses_a_frame_without_fcs(void **state)
{
	struct support_frames *frames = *state;
	const char *path = support_path("mixed.pcap");
	struct link *link = open_file(path, true);
	struct link_stats stats;

	support_frames_add(frames, 64)->own_fcs = true;
	support_frames_add(frames, 60);
	support_frames_add(frames, 68)->own_fcs = true;
	support_frames_add(frames, 3)->own_fcs = true; /* no room for four octets */
	assert_int_equal(link_run(link, support_frames_program(frames), 0, 4, NULL), 0);
	link_stats(link, &stats);
	assert_int_equal(stats.queued, 4);
	assert_int_equal(stats.sent, 2);
	assert_int_equal(stats.bytes, 64 + 68);
	assert_int_equal(stats.failed, 2);
	assert_int_equal(stats.errors[0].error, EINVAL);
	assert_int_equal(link_close(link, NULL), 0);
	assert_int_equal(support_number("tshark -r %s 2>/dev/null | wc -l", path), 2);
}

static void a_plain_file_leaves_the_fcs_out(void **state)
{
	struct support_frames *frames = *state;
	const char *path = support_path("without-fcs.pcap");
	struct link *link = open_file(path, false);
	struct capture_frame got;
	struct capture *capture;

	support_frames_add(frames, 64)->own_fcs = true;
	assert_int_equal(link_run(link, support_frames_program(frames), 0, 1, NULL), 0);
	assert_int_equal(link_close(link, NULL), 0);
	capture = read_back(path);
	assert_int_equal(capture_next(capture, &got, -1, NULL), 1);
	assert_int_equal(got.captured, 60);
	assert_int_equal(got.length, 60);
	assert_memory_equal(got.octets, frames->octets[0], 60);
	capture_close(capture);
}

static void a_full_device_is_an_error_at_open(void **state)
{
	struct err err = { 0 };
	struct link *link = NULL;

	(void)state;
	assert_int_equal(link_file_open(&link, "/dev/full", false, &err), -ENOSPC);
	assert_null(link);
	assert_string_equal(err.text, "cannot write /dev/full: No space left on device");
}

/* In a child, as the limit holds for the process; 0 when all was as it should be. */
static int send_until_full(const char *path, struct support_frames *frames)
{
	const struct rlimit limit = { .rlim_cur = 24 + 10 * 116 + 50, .rlim_max = 1 << 20 };
	const struct patch_program *program = support_frames_fill(frames, 1, 100);
	struct link_stats stats;
	struct err err = { 0 };
	struct link *link;

	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_FSIZE, &limit) || link_file_open(&link, path, false, NULL))
		return 1;
	if (link_run(link, program, 0, 4, NULL) || link_run(link, program, 4, 20, &err) != -EFBIG)
		return 2;
	link_stats(link, &stats);
	if (stats.sent != 10 || stats.bytes != 1000 || stats.queued != 24 || stats.failed != 14 ||
		stats.errors[0].error != EFBIG || stats.errors[0].count != 14)
		return 3;
	/* Not one more is said to be sent. */
	if (link_run(link, program, 24, 5, NULL) != -EFBIG)
		return 4;
	link_stats(link, &stats);
	if (stats.sent != 10 || stats.queued != 25)
		return 5;
	return link_close(link, NULL) == -EFBIG ? 0 : 6;
}

static void a_disk_that_runs_full_fails_the_frames_that_it_did_not_take(void **state)
{
	const char *path = support_path("full.pcap");
	pid_t child = fork();
	int status;

	if (!child)
		_exit(send_until_full(path, *state));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(support_number("tshark -r %s 2>/dev/null | wc -l", path), 10);
}

static void a_frame_longer_than_readers_take_is_refused_and_the_next_goes_on(void **state)
{
	static const uint8_t giant[300000];
	const struct patch_frame frames[] = {
		{ .name = "giant", .octets = giant, .length = sizeof(giant), .weight = 1 },
		{ .name = "small", .octets = giant, .length = 60, .weight = 1 },
	};
	struct patch_program program;
	struct link_stats stats;
	struct link *link = open_file(support_path("giant.pcap"), false);

	(void)state;
	patch_program_init(&program, frames, 2);
	assert_int_equal(link_run(link, &program, 0, 2, NULL), 0);
	link_stats(link, &stats);
	assert_int_equal(stats.sent, 1);
	assert_int_equal(stats.errors[0].error, EMSGSIZE);
	assert_int_equal(link_close(link, NULL), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_frames, free_frames)
	const struct CMUnitTest tests[] = {
		TEST(what_is_read_back_is_what_was_sent),
		TEST(what_a_run_wrote_is_in_the_file_when_it_returns),
		TEST(a_marked_file_holds_the_fcs_of_the_frames),
		TEST(a_marked_file_refuses_a_frame_without_fcs),
		TEST(a_plain_file_leaves_the_fcs_out),
		TEST(a_full_device_is_an_error_at_open),
		TEST(a_disk_that_runs_full_fails_the_frames_that_it_did_not_take),
		TEST(a_frame_longer_than_readers_take_is_refused_and_the_next_goes_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
