/* The link over XDP live frames, on a veth pair: what the runner makes arrives, and no frame counts
 * that did not. */
#include "link/backends.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/bpfsys.h"
#include "patch/runner.h"

#include "../../support/bench.h"
#include "../../support/lab.h"

#include <errno.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../support/skip.h"

static int try_open(struct support_bench *bench)
{
	struct link_config config = link_config_plain(&bench->interface);

	return link_xdp_open(
		&bench->link, &config, support_frames_program(&bench->frames), &bench->err);
}

/* The other end takes XDP frames while it has GRO on. */
static void open_link(struct support_bench *bench)
{
	assert_true(support_run("ethtool -K vb gro on"));
	if (try_open(bench))
		fail_msg("%s", bench->err.text);
}

static int run(struct support_bench *bench, uint64_t first, uint64_t count)
{
	return link_run(bench->link, &bench->frames.program, first, count, &bench->err);
}

static void drain(struct support_bench *bench)
{
	assert_int_equal(link_drain(bench->link, &bench->err), 0);
	link_stats(bench->link, &bench->stats);
	assert_int_equal(bench->stats.queued, bench->stats.sent + bench->stats.failed);
}

static void sent(struct support_bench *bench, uint64_t count, uint64_t octets)
{
	drain(bench);
	assert_int_equal(bench->stats.sent, count);
	assert_int_equal(bench->stats.failed, 0);
	assert_int_equal(bench->stats.bytes, octets);
}

/* Frames first to first + count - 1 arrive, in order; returns their octets. */
static uint64_t arrived(struct support_bench *bench, uint64_t first, uint64_t count)
{
	uint8_t octets[SUPPORT_FRAME_SIZE];
	struct patch_runner runner;
	uint64_t total = 0;

	assert_int_equal(patch_runner_init(&runner, &bench->frames.program, 1), 0);
	for (uint64_t i = first; i < first + count; i++) {
		patch_runner_make(&runner, i, runner.slots);
		assert_int_equal(support_wire_read(bench->reader, octets, sizeof(octets), 1000),
			runner.slots->length);
		assert_memory_equal(octets, runner.slots->octets, runner.slots->length);
		total += runner.slots->length;
	}
	patch_runner_fini(&runner);
	return total;
}

static void arrived_no_more(struct support_bench *bench)
{
	uint8_t octets[SUPPORT_FRAME_SIZE];

	assert_int_equal(support_wire_read(bench->reader, octets, sizeof(octets), 20), -1);
}

/* ---- frames that vary ---- */

static const struct patch_generator generators[] = {
	{ .name = "a", .source = PATCH_COUNT, .step = 3, .count = 1000, .divisor = 1 },
	{ .name = "b", .source = PATCH_RANDOM, .count = 0, .divisor = 1, .key = 99 },
	{ .name = "size", .source = PATCH_RANDOM, .count = 2, .divisor = 1, .key = 5 },
};
static const struct patch_write writes[] = {
	{ .bit = 20 * 8 + 3, .width = 12, .generator = 0 },
	{ .bit = 24 * 8, .width = 64, .generator = 1 },
};
static const struct patch_choice choice = { .generator = 2, .stride = 1, .name = "size" };

struct shapes {
	struct patch_image images[2];
	struct patch_varying varying;
};

/* The frame varies; in length too, where there are two images. */
static void vary(struct patch_frame *frame, struct shapes *shapes, unsigned int images)
{
	for (unsigned int i = 0; i < images; i++)
		shapes->images[i] = (struct patch_image){ .octets = frame->octets,
			.length = frame->length - 7 * i,
			.writes = writes,
			.write_count = 2 };
	shapes->varying = (struct patch_varying){ .generators = generators,
		.generator_count = 3,
		.choices = &choice,
		.choice_count = images - 1,
		.images = shapes->images,
		.image_count = images };
	frame->varying = &shapes->varying;
}

/* ---- the tests ---- */

static void a_veth_whose_other_end_takes_none_is_refused_with_the_remedy(void **state)
{
	struct support_bench *bench = *state;

	support_frames_add(&bench->frames, 60);
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_int_equal(bench->err.kind, ERR_SYSTEM);
	assert_string_equal(bench->err.text,
		"va takes no XDP frames, as its driver (veth) is now: Operation not supported; a "
		"veth takes them while its other end runs an XDP program, or has GRO on: there, "
		"ethtool -K NAME gro on");
	arrived_no_more(bench);
}

static void loopback_is_refused(void **state)
{
	struct support_bench *bench = *state;

	support_frames_add(&bench->frames, 60);
	assert_int_equal(interface_read("lo", &bench->interface, &bench->err), 0);
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "choose --backend packet"));
}

static void what_arrives_is_what_the_runner_makes(void **state)
{
	struct support_bench *bench = *state;
	struct shapes shapes[2];
	uint64_t octets;

	for (unsigned int i = 0; i < 3; i++)
		support_frames_add(&bench->frames, 60 + 100 * i);
	vary(&bench->frames.frames[0], &shapes[0], 1);
	vary(&bench->frames.frames[1], &shapes[1], 2);
	bench->frames.frames[0].weight = 2;
	open_link(bench);
	assert_int_equal(run(bench, 0, 1), 0);
	assert_int_equal(run(bench, 1, 500), 0);
	octets = arrived(bench, 0, 501);
	sent(bench, 501, octets);
	/* Anywhere else in the run. */
	assert_int_equal(run(bench, 1ULL << 40, 100), 0);
	octets += arrived(bench, 1ULL << 40, 100);
	sent(bench, 601, octets);
	arrived_no_more(bench);
}

static void many_frames_go_in_one_run(void **state)
{
	struct support_bench *bench = *state;
	struct shapes shapes;

	support_frames_add(&bench->frames, 60);
	vary(&bench->frames.frames[0], &shapes, 1);
	open_link(bench);
	assert_int_equal(run(bench, 0, 5000), 0);
	drain(bench);
	assert_int_equal(bench->stats.queued, 5000);
	/* The other end's ring may be full for a moment; then it is said. */
	if (bench->stats.failed)
		print_message("%d frames found no room\n", (int)bench->stats.failed);
	else
		arrived(bench, 0, 5000);
	assert_true(link_chunk(bench->link, 1000000000) > 5000);
}

static void what_the_interface_does_not_count_has_failed(void **state)
{
	struct support_bench *bench = *state;

	support_frames_add(&bench->frames, 60);
	open_link(bench);
	assert_int_equal(run(bench, 0, 10), 0);
	sent(bench, 10, 600);
	/* The kernel goes on to take frames, and says nothing. */
	assert_true(support_run("ethtool -K vb gro off"));
	assert_int_equal(run(bench, 10, 20), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 10);
	assert_int_equal(bench->stats.failed, 20);
	assert_int_equal(bench->stats.bytes, 600);
	assert_int_equal(bench->stats.errors[0].error, ENOBUFS);
	arrived(bench, 0, 10);
	arrived_no_more(bench);
}

static void a_run_of_which_nothing_leaves_ends(void **state)
{
	struct support_bench *bench = *state;
	uint64_t begun = clock_system.now(NULL);

	support_frames_add(&bench->frames, 60);
	open_link(bench);
	assert_true(support_run("ethtool -K vb gro off"));
	assert_int_equal(run(bench, 0, UINT64_MAX / 2), -EIO);
	assert_non_null(strstr(bench->err.text, "va takes frames and counts none of them"));
	assert_true(clock_system.now(NULL) - begun < 60000000000U);
	drain(bench);
	assert_int_equal(bench->stats.sent, 0);
	assert_true(bench->stats.failed > 0);
}

static void a_link_that_is_down_sends_nothing(void **state)
{
	struct support_bench *bench = *state;

	support_frames_add(&bench->frames, 60);
	open_link(bench);
	assert_true(support_run("ip link set va down"));
	assert_int_equal(run(bench, 0, 5), -ENETDOWN);
	assert_string_equal(bench->err.text,
		"cannot send on va: Network is down; bring it up: sudo ip link set va up");
	drain(bench);
	assert_int_equal(bench->stats.sent, 0);
	assert_int_equal(bench->stats.failed, 1);
	assert_int_equal(bench->stats.errors[0].error, ENETDOWN);
}

/* Runs without end while a command breaks the interface. */
static int run_until(struct support_bench *bench, const char *command)
{
	int status, r;
	pid_t child;

	support_frames_add(&bench->frames, 60);
	close(bench->reader);
	bench->reader = -1;
	open_link(bench);
	child = fork();
	if (!child) {
		while (support_counter("vb", "rx_packets") < 1000)
			usleep(1000);
		usleep(400000); /* it has looked at what it counts as sent, too */
		_exit(!support_run("%s", command));
	}
	r = run(bench, 0, UINT64_MAX / 2);
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
	drain(bench);
	assert_true(bench->stats.sent > 0);
	assert_true(bench->stats.failed > 0);
	return r;
}

static void a_link_that_goes_down_in_mid_run_ends_it(void **state)
{
	struct support_bench *bench = *state;

	assert_int_equal(run_until(bench, "ip link set va down"), -ENETDOWN);
	/* Each frame that counts as sent has come to the other end. */
	assert_true(support_counter("vb", "rx_packets") >= bench->stats.sent);
}

static void an_interface_removed_in_mid_run_ends_it(void **state)
{
	struct support_bench *bench = *state;

	assert_int_equal(run_until(bench, "ip link del va"), -ENODEV);
	assert_string_equal(
		bench->err.text, "cannot send on va: the interface is gone: No such device");
}

static void what_cannot_be_sent_so_is_refused_beforehand(void **state)
{
	struct support_bench *bench = *state;
	struct link_config config = link_config_plain(&bench->interface);
	struct patch_frame *frame = support_frames_add(&bench->frames, 60);

	assert_true(support_run("ethtool -K vb gro on"));
	frame->own_fcs = true;
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "has an FCS of its own"));
	frame->own_fcs = false;
	frame->length = 1519;
	assert_int_equal(try_open(bench), -EMSGSIZE);
	assert_non_null(
		strstr(bench->err.text, "is of 1519 octets; va takes XDP frames of at most 1518"));
	frame->length = 13;
	assert_int_equal(try_open(bench), -EINVAL);
	frame->length = 60;
	config.threads = 2;
	assert_int_equal(link_xdp_open(&bench->link, &config,
				 support_frames_program(&bench->frames), &bench->err),
		-EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "leave out --threads"));
	config.threads = 1;
	config.queue = 0;
	assert_int_equal(link_xdp_open(&bench->link, &config,
				 support_frames_program(&bench->frames), &bench->err),
		-EOPNOTSUPP);
	arrived_no_more(bench);
}

static void the_longest_frame_of_a_page_is_sent(void **state)
{
	struct support_bench *bench = *state;

	support_frames_add(&bench->frames, 1518);
	open_link(bench);
	assert_int_equal(run(bench, 0, 3), 0);
	sent(bench, 3, 3 * 1518);
}

static void without_the_capabilities_the_error_names_them(void **state)
{
	struct support_bench *bench = *state;
	int status;
	pid_t child;

	support_frames_add(&bench->frames, 60);
	assert_true(support_run("ethtool -K vb gro on"));
	child = fork();
	if (!child) {
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(1);
		if (try_open(bench) != -EPERM)
			_exit(2);
		_exit(strstr(bench->err.text, "CAP_BPF and CAP_NET_ADMIN, of which the program "
					      "lacks both")
				? 0
				: 3);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void after_open_no_privilege_is_needed(void **state)
{
	struct support_bench *bench = *state;
	int status;
	pid_t child;

	support_frames_add(&bench->frames, 60);
	open_link(bench);
	child = fork();
	if (!child) {
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(1);
		_exit(run(bench, 0, 2000) ? 2 : 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	arrived(bench, 0, 1000);
}

static bool is_permitted(void)
{
	struct bpfsys_memory memory;
	struct err err;

	if (!support_lab_enter())
		return false;
	if (bpfsys_memory_init(&memory, 8, &err)) {
		fprintf(stderr, "skipped: %s\n", err.text);
		return false;
	}
	bpfsys_memory_fini(&memory);
	return true;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, support_bench_up, support_bench_down)
	struct CMUnitTest tests[] = {
		TEST(a_veth_whose_other_end_takes_none_is_refused_with_the_remedy),
		TEST(loopback_is_refused),
		TEST(what_arrives_is_what_the_runner_makes),
		TEST(many_frames_go_in_one_run),
		TEST(what_the_interface_does_not_count_has_failed),
		TEST(a_run_of_which_nothing_leaves_ends),
		TEST(a_link_that_is_down_sends_nothing),
		TEST(a_link_that_goes_down_in_mid_run_ends_it),
		TEST(an_interface_removed_in_mid_run_ends_it),
		TEST(what_cannot_be_sent_so_is_refused_beforehand),
		TEST(the_longest_frame_of_a_page_is_sent),
		TEST(without_the_capabilities_the_error_names_them),
		TEST(after_open_no_privilege_is_needed),
	};

	if (!is_permitted())
		support_skip_all(tests, sizeof(tests) / sizeof(tests[0]));
	return cmocka_run_group_tests_name("link/xdp", tests, NULL, NULL);
}
