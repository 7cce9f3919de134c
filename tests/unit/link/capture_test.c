/* Captures from an interface, of frames that the packet link sends to it. */
#include "link/capture.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/backends.h"
#include "link/interface.h"

#include "../../support/frames.h"
#include "../../support/lab.h"

#include <errno.h>
#include <grp.h>
#include <linux/if.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../support/skip.h"

#define MILLISECOND 1000000U

struct bench {
	struct support_frames frames;
	struct capture *capture;
	struct capture_frame frame;
	struct err err;
};

static int bench_up(void **state)
{
	support_lab_reset();
	*state = calloc(1, sizeof(struct bench));
	return *state ? 0 : -1;
}

static int bench_down(void **state)
{
	struct bench *bench = *state;

	capture_close(bench->capture);
	free(bench);
	return 0;
}

static void open_capture(struct bench *bench, struct capture_config config)
{
	if (!config.interface)
		config.interface = "vb";
	if (capture_open(&bench->capture, &config, &bench->err))
		fail_msg("%s", bench->err.text);
}

static void send_on(struct bench *bench, const char *name)
{
	struct interface interface;
	struct link_config config;
	struct link *link;

	assert_int_equal(interface_read(name, &interface, NULL), 0);
	config = link_config_plain(&interface);
	assert_int_equal(link_packet_open(&link, &config, NULL, NULL), 0);
	assert_int_equal(link_run(link, support_frames_program(&bench->frames), 0,
				 bench->frames.count, NULL),
		0);
	assert_int_equal(link_close(link, NULL), 0);
}

static int next(struct bench *bench, int timeout_ms)
{
	return capture_next(bench->capture, &bench->frame, timeout_ms, &bench->err);
}

static void frames_come_in_order(struct bench *bench)
{
	uint64_t last = 0;

	for (unsigned int i = 0; i < bench->frames.count; i++) {
		const struct patch_frame *wanted = &bench->frames.frames[i];

		assert_int_equal(next(bench, 1000), 1);
		assert_int_equal(bench->frame.captured, wanted->length);
		assert_int_equal(bench->frame.length, wanted->length);
		assert_memory_equal(bench->frame.octets, wanted->octets, wanted->length);
		assert_true(bench->frame.time_ns >= last);
		last = bench->frame.time_ns;
	}
	assert_int_equal(next(bench, 20), 0);
}

static void what_is_sent_after_open_is_seen_whole_and_in_order(void **state)
{
	struct bench *bench = *state;
	struct capture_stats stats;
	uint64_t before = clock_wall();

	for (uint32_t length = 14; length <= 1514; length += 10)
		support_frames_add(&bench->frames, length);
	open_capture(bench, (struct capture_config){ 0 });
	assert_int_equal(capture_link(bench->capture), CAPTURE_ETHERNET);
	assert_string_equal(capture_link_name(bench->capture), "EN10MB");
	assert_false(capture_has_fcs(bench->capture));
	send_on(bench, "va");
	frames_come_in_order(bench);
	assert_true(bench->frame.time_ns >= before && bench->frame.time_ns <= clock_wall());
	assert_int_equal(capture_stats(bench->capture, &stats, NULL), 0);
	assert_int_equal(stats.received, bench->frames.count);
	assert_int_equal(stats.dropped, 0);
	assert_int_equal(capture_stats(bench->capture, &stats, NULL), 0);
	assert_int_equal(stats.received, bench->frames.count);
}

static void immediate_mode_sees_the_same(void **state)
{
	struct bench *bench = *state;

	for (uint32_t length = 14; length <= 1514; length += 30)
		support_frames_add(&bench->frames, length);
	open_capture(bench, (struct capture_config){ .immediate = true });
	send_on(bench, "va");
	frames_come_in_order(bench);
}

static void a_frame_is_delivered_within_milliseconds(void **state)
{
	struct bench *bench = *state;
	uint64_t start;

	support_frames_add(&bench->frames, 60);
	open_capture(bench, (struct capture_config){ 0 });
	send_on(bench, "va");
	start = clock_system.now(NULL);
	assert_int_equal(next(bench, 5000), 1);
	assert_true(clock_system.now(NULL) - start < 500 * MILLISECOND);
}

static void a_wait_ends_at_its_timeout(void **state)
{
	struct bench *bench = *state;
	uint64_t start, elapsed;

	open_capture(bench, (struct capture_config){ 0 });
	start = clock_system.now(NULL);
	assert_int_equal(next(bench, 50), 0);
	elapsed = clock_system.now(NULL) - start;
	assert_true(elapsed >= 50 * MILLISECOND && elapsed < 5000 * MILLISECOND);
	start = clock_system.now(NULL);
	assert_int_equal(next(bench, 0), 0);
	assert_true(clock_system.now(NULL) - start < 500 * MILLISECOND);
}

static void on_alarm(int number)
{
	(void)number;
}

static void a_signal_ends_the_wait(void **state)
{
	struct bench *bench = *state;
	/* Again and again: the first may come before the wait. */
	const struct itimerval soon = { .it_value.tv_usec = 50000, .it_interval.tv_usec = 50000 };
	const struct itimerval never = { 0 };

	open_capture(bench, (struct capture_config){ 0 });
	sigaction(SIGALRM, &(struct sigaction){ .sa_handler = on_alarm, .sa_flags = SA_RESTART },
		NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	assert_int_equal(next(bench, -1), 0);
	setitimer(ITIMER_REAL, &never, NULL);
}

static void vlan_tags_are_where_they_were_on_the_wire(void **state)
{
	struct bench *bench = *state;

	support_frames_add(&bench->frames, 100);
	memcpy(bench->frames.octets[0] + 12, "\x81\x00\xa0\x05\x88\xb5", 6);
	support_frames_add(&bench->frames, 100);
	memcpy(bench->frames.octets[1] + 12, "\x88\xa8\x00\x07\x81\x00\x00\x05\x88\xb5", 10);
	support_frames_add(&bench->frames, 100);
	open_capture(bench, (struct capture_config){ 0 });
	send_on(bench, "va");
	frames_come_in_order(bench);
}

static void a_filter_for_a_vlan_finds_it_though_the_kernel_takes_the_tag_off(void **state)
{
	struct bench *bench = *state;

	support_frames_add(&bench->frames, 100);
	support_frames_add(&bench->frames, 101);
	memcpy(bench->frames.octets[1] + 12, "\x81\x00\x00\x05\x88\xb5", 6);
	support_frames_add(&bench->frames, 102);
	memcpy(bench->frames.octets[2] + 12, "\x81\x00\x00\x06\x88\xb5", 6);
	open_capture(bench, (struct capture_config){ .filter = "vlan 5" });
	send_on(bench, "va");
	assert_int_equal(next(bench, 1000), 1);
	assert_int_equal(bench->frame.length, 101);
	assert_int_equal(next(bench, 20), 0);
}

static void a_filter_that_does_not_compile_is_an_error_of_the_input(void **state)
{
	struct bench *bench = *state;
	const struct capture_config config = { .interface = "vb", .filter = "host" };

	assert_int_equal(capture_open(&bench->capture, &config, &bench->err), -EINVAL);
	assert_null(bench->capture);
	assert_int_equal(bench->err.kind, ERR_INPUT);
	assert_memory_equal(bench->err.text, "filter \"host\": ", 15);
}

static void directions_are_told_apart(void **state)
{
	static const struct {
		enum capture_direction direction;
		const char *sender;
		int seen;
	} rows[] = {
		{ CAPTURE_IN, "va", 1 }, { CAPTURE_IN, "vb", 0 }, { CAPTURE_OUT, "va", 0 },
		{ CAPTURE_OUT, "vb", 1 }, { CAPTURE_BOTH, "va", 1 }, { CAPTURE_BOTH, "vb", 1 },
		{ CAPTURE_IN, "lo", 1 }, { CAPTURE_OUT, "lo", 0 },
		{ CAPTURE_BOTH, "lo", 1 }, /* libpcap leaves out the copy that goes out */
	};
	struct bench *bench = *state;

	support_frames_add(&bench->frames, 100);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int seen = 0;

		open_capture(
			bench, (struct capture_config){ .direction = rows[i].direction,
				       .interface = strcmp(rows[i].sender, "lo") ? "vb" : "lo" });
		send_on(bench, rows[i].sender);
		while (next(bench, 50) == 1)
			seen++;
		assert_int_equal(seen, rows[i].seen);
		capture_close(bench->capture);
		bench->capture = NULL;
	}
}

static void the_snap_length_cuts_and_the_length_stays(void **state)
{
	struct bench *bench = *state;

	support_frames_add(&bench->frames, 1000);
	open_capture(bench, (struct capture_config){ .snaplen = 96 });
	send_on(bench, "va");
	assert_int_equal(next(bench, 1000), 1);
	assert_int_equal(bench->frame.captured, 96);
	assert_int_equal(bench->frame.length, 1000);
}

static bool is_promiscuous(const char *interface)
{
	return support_number("cat /sys/class/net/%s/flags", interface) & IFF_PROMISC;
}

static void the_interface_is_promiscuous_only_when_asked(void **state)
{
	struct bench *bench = *state;

	open_capture(bench, (struct capture_config){ 0 });
	assert_false(is_promiscuous("vb"));
	capture_close(bench->capture);
	open_capture(bench, (struct capture_config){ .promiscuous = true });
	assert_true(is_promiscuous("vb"));
	capture_close(bench->capture);
	bench->capture = NULL;
	assert_false(is_promiscuous("vb"));
}

static void frames_for_which_the_ring_has_no_room_are_counted(void **state)
{
	struct bench *bench = *state;
	struct capture_stats stats;
	uint64_t taken = 0;

	for (int i = 0; i < SUPPORT_FRAMES_MAX; i++)
		support_frames_add(&bench->frames, 1514);
	open_capture(bench, (struct capture_config){ .buffer_kib = 512 });
	for (int i = 0; i < 20; i++)
		send_on(bench, "va");
	while (next(bench, 50) == 1)
		taken++;
	assert_int_equal(capture_stats(bench->capture, &stats, NULL), 0);
	assert_int_equal(stats.received, 20 * SUPPORT_FRAMES_MAX);
	assert_true(stats.dropped > 0);
	assert_int_equal(stats.received - stats.dropped, taken);
}

static void a_buffer_beyond_what_libpcap_takes_is_an_error(void **state)
{
	struct bench *bench = *state;
	const struct capture_config config = { .interface = "vb", .buffer_kib = 4194304 };

	assert_int_equal(capture_open(&bench->capture, &config, &bench->err), -EINVAL);
	assert_string_equal(
		bench->err.text, "a capture buffer of 4194304 KiB is too large (at most 2097151)");
}

/* What had arrived comes first. immediate goes another way through the kernel and libpcap. */
static void interface_change(
	struct bench *bench, bool immediate, const char *command, int error, const char *text)
{
	int r = 1;
	unsigned int seen = 0;
	uint64_t start;

	support_frames_fill(&bench->frames, 20, 100);
	open_capture(bench, (struct capture_config){ .immediate = immediate });
	send_on(bench, "va");
	assert_true(support_run("%s", command));
	start = clock_system.now(NULL);
	while ((r = next(bench, 5000)) == 1)
		seen++;
	assert_int_equal(r, error);
	assert_int_equal(seen, 20);
	assert_int_equal(bench->err.kind, ERR_SYSTEM);
	assert_string_equal(bench->err.text, text);
	assert_true(clock_system.now(NULL) - start < 4500 * MILLISECOND);
}

static void an_interface_that_goes_down_ends_the_capture(void **state)
{
	interface_change(*state, false, "ip link set vb down", -ENETDOWN,
		"cannot capture on vb: it went down: Network is down");
}

static void an_interface_that_goes_down_ends_the_immediate_capture(void **state)
{
	interface_change(*state, true, "ip link set vb down", -ENETDOWN,
		"cannot capture on vb: it went down: Network is down");
}

static void an_interface_that_is_removed_ends_the_capture(void **state)
{
	interface_change(*state, false, "ip link del vb", -ENODEV,
		"cannot capture on vb: the interface is gone: No such device");
}

static void an_interface_that_is_removed_ends_the_immediate_capture(void **state)
{
	interface_change(*state, true, "ip link del vb", -ENODEV,
		"cannot capture on vb: the interface is gone: No such device");
}

static void set_down(const char *name)
{
	struct ifreq request = { 0 }; /* no flags */
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

/* Down so soon that they are still in a block which the kernel has not handed over. */
static void the_last_frames_before_an_interface_goes_down_are_seen(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 20, 100);
	for (int i = 0; i < 10; i++) {
		int seen = 0, r;

		open_capture(bench, (struct capture_config){ 0 });
		send_on(bench, "va");
		set_down("vb");
		while ((r = next(bench, 2000)) == 1)
			seen++;
		assert_int_equal(r, -ENETDOWN);
		assert_int_equal(seen, 20);
		capture_close(bench->capture);
		bench->capture = NULL;
		assert_true(support_run("ip link set vb up"));
		assert_true(support_wait_carrier("va", true));
	}
}

static void an_interface_that_goes_down_ends_an_endless_wait(void **state)
{
	struct bench *bench = *state;
	pid_t child;

	open_capture(bench, (struct capture_config){ 0 });
	child = fork();
	if (!child) {
		usleep(50000);
		_exit(!support_run("ip link set vb down"));
	}
	/* The end of the child is a signal without a handler: it ends no wait. */
	assert_int_equal(next(bench, -1), -ENETDOWN);
	waitpid(child, NULL, 0);
}

static void an_interface_that_was_down_for_a_moment_is_captured_on(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 5, 100);
	open_capture(bench, (struct capture_config){ 0 });
	assert_true(support_run("ip link set vb down; ip link set vb up"));
	assert_true(support_wait_carrier("va", true));
	send_on(bench, "va");
	frames_come_in_order(bench);
}

static void an_interface_that_is_down_is_said_with_the_remedy(void **state)
{
	struct bench *bench = *state;
	const struct capture_config config = { .interface = "vb" };

	assert_true(support_run("ip link set vb down"));
	assert_int_equal(capture_open(&bench->capture, &config, &bench->err), -ENETDOWN);
	assert_string_equal(bench->err.text,
		"cannot capture on vb: Network is down; bring it up: sudo ip link set vb up");
}

static void an_unknown_interface_is_answered_with_the_nearest(void **state)
{
	struct bench *bench = *state;
	const struct capture_config config = { .interface = "vbb" };

	assert_int_equal(capture_open(&bench->capture, &config, &bench->err), -ENODEV);
	assert_string_equal(bench->err.text, "no such interface \"vbb\"; did you mean \"vb\"?");
}

static void without_the_capability_the_error_says_what_to_do(void **state)
{
	struct bench *bench = *state;
	const struct capture_config config = { .interface = "vb" };
	static const char refused[] = "cannot capture on vb: Operation not permitted; run it "
				      "with sudo, or once: sudo setcap cap_net_raw";
	int status;
	pid_t child = fork();

	if (!child) {
		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(1);
		if (capture_open(&bench->capture, &config, &bench->err) != -EPERM)
			_exit(2);
		_exit(strncmp(bench->err.text, refused, strlen(refused)) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void all_interfaces_at_once_are_captured(void **state)
{
	struct bench *bench = *state;

	support_frames_add(&bench->frames, 100);
	open_capture(bench, (struct capture_config){ .interface = "any" });
	assert_int_equal(capture_link(bench->capture), CAPTURE_OTHER);
	send_on(bench, "va");
	assert_int_equal(next(bench, 1000), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_up, bench_down)
	struct CMUnitTest tests[] = {
		TEST(what_is_sent_after_open_is_seen_whole_and_in_order),
		TEST(immediate_mode_sees_the_same),
		TEST(a_frame_is_delivered_within_milliseconds),
		TEST(a_wait_ends_at_its_timeout),
		TEST(a_signal_ends_the_wait),
		TEST(vlan_tags_are_where_they_were_on_the_wire),
		TEST(a_filter_for_a_vlan_finds_it_though_the_kernel_takes_the_tag_off),
		TEST(a_filter_that_does_not_compile_is_an_error_of_the_input),
		TEST(directions_are_told_apart),
		TEST(the_snap_length_cuts_and_the_length_stays),
		TEST(the_interface_is_promiscuous_only_when_asked),
		TEST(frames_for_which_the_ring_has_no_room_are_counted),
		TEST(a_buffer_beyond_what_libpcap_takes_is_an_error),
		TEST(an_interface_that_goes_down_ends_the_capture),
		TEST(an_interface_that_goes_down_ends_the_immediate_capture),
		TEST(an_interface_that_is_removed_ends_the_capture),
		TEST(an_interface_that_is_removed_ends_the_immediate_capture),
		TEST(the_last_frames_before_an_interface_goes_down_are_seen),
		TEST(an_interface_that_goes_down_ends_an_endless_wait),
		TEST(an_interface_that_was_down_for_a_moment_is_captured_on),
		TEST(an_interface_that_is_down_is_said_with_the_remedy),
		TEST(an_unknown_interface_is_answered_with_the_nearest),
		TEST(without_the_capability_the_error_says_what_to_do),
		TEST(all_interfaces_at_once_are_captured),
	};

	if (!support_lab_enter())
		support_skip_all(tests, sizeof(tests) / sizeof(tests[0]));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
