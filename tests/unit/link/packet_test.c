/* The link over AF_PACKET, on a veth pair: what it says was sent is what arrives. */
#include "link/backends.h"

#include "base/clock.h"
#include "base/err.h"

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

	return link_packet_open(&bench->link, &config, NULL, &bench->err);
}

static void open_with(struct support_bench *bench, const struct link_config *config)
{
	if (link_packet_open(&bench->link, config, NULL, &bench->err))
		fail_msg("%s", bench->err.text);
}

static void open_link(struct support_bench *bench)
{
	struct link_config config = link_config_plain(&bench->interface);

	open_with(bench, &config);
}

static int run(struct support_bench *bench, uint64_t count)
{
	int r = link_run(
		bench->link, support_frames_program(&bench->frames), 0, count, &bench->err);

	link_stats(bench->link, &bench->stats);
	return r;
}

static int finish(struct support_bench *bench)
{
	int r = link_close(bench->link, &bench->err);

	bench->link = NULL;
	return r;
}

/* Asserts that the frames of the program that mark says have arrived on vb, in order, and no more.
 */
static void arrived(struct support_bench *bench, bool (*mark)(unsigned int index))
{
	uint8_t octets[SUPPORT_FRAME_SIZE];

	for (unsigned int i = 0; i < bench->frames.count; i++) {
		const struct patch_frame *frame = &bench->frames.frames[i];

		if (mark && !mark(i))
			continue;
		assert_int_equal(support_wire_read(bench->reader, octets, sizeof(octets), 1000),
			frame->length);
		assert_memory_equal(octets, frame->octets, frame->length);
	}
	assert_int_equal(support_wire_read(bench->reader, octets, sizeof(octets), 20), -1);
}

static void failed(const struct support_bench *bench, uint64_t sent, int error, uint64_t count)
{
	assert_int_equal(bench->stats.sent, sent);
	assert_int_equal(bench->stats.failed, count);
	assert_int_equal(bench->stats.queued, sent + count);
	assert_int_equal(bench->stats.errors[0].error, error);
	assert_int_equal(bench->stats.errors[0].count, count);
	assert_int_equal(bench->stats.errors[1].error, 0);
}

static void the_octets_read_on_the_peer_are_those_sent_in_order(void **state)
{
	struct support_bench *bench = *state;
	uint64_t octets = 0;

	for (uint32_t length = 14; length <= 1514; length += 10)
		octets += support_frames_add(&bench->frames, length)->length;
	open_link(bench);
	assert_int_equal(run(bench, bench->frames.count), 0);
	assert_int_equal(bench->stats.sent, bench->frames.count);
	assert_int_equal(bench->stats.queued, bench->frames.count);
	assert_int_equal(bench->stats.failed, 0);
	assert_int_equal(bench->stats.bytes, octets);
	assert_string_equal(link_name(bench->link), "packet");
	assert_int_equal(finish(bench), 0);
	arrived(bench, NULL);
}

static void the_counters_are_those_of_the_interface(void **state)
{
	struct support_bench *bench = *state;
	struct interface_counters before, after;

	support_frames_fill(&bench->frames, 3, 100);
	assert_int_equal(interface_counters_read(bench->interface.index, &before, NULL), 0);
	open_link(bench);
	assert_int_equal(run(bench, 10000), 0);
	assert_int_equal(finish(bench), 0);
	assert_int_equal(interface_counters_read(bench->interface.index, &after, NULL), 0);
	assert_int_equal(bench->stats.sent, 10000);
	assert_int_equal(after.tx_packets - before.tx_packets, bench->stats.sent);
	assert_int_equal(after.tx_bytes - before.tx_bytes, bench->stats.bytes);
	assert_int_equal(after.tx_dropped, before.tx_dropped);
	assert_int_equal(support_counter("vb", "rx_packets"), 10000);
}

static void frames_go_out_past_the_queueing_discipline_too(void **state)
{
	struct support_bench *bench = *state;
	struct link_config config = link_config_plain(&bench->interface);

	support_frames_fill(&bench->frames, 100, 200);
	config.qdisc_bypass = true;
	open_with(bench, &config);
	assert_int_equal(run(bench, 100), 0);
	assert_int_equal(bench->stats.sent, 100);
	arrived(bench, NULL);
}

static void a_link_that_is_down_ends_the_run_and_nothing_counts_as_sent(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 100);
	open_link(bench);
	assert_true(support_run("ip link set va down"));
	assert_int_equal(run(bench, 3), -ENETDOWN);
	assert_int_equal(bench->err.kind, ERR_SYSTEM);
	assert_string_equal(bench->err.text,
		"cannot send on va: Network is down; bring it up: sudo ip link set va up");
	failed(bench, 0, ENETDOWN, 1);
	assert_int_equal(support_counter("va", "tx_packets"), 0);
}

static void a_link_that_comes_back_up_sends_again(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 100);
	open_link(bench);
	assert_true(support_run("ip link set va down"));
	assert_int_equal(run(bench, 3), -ENETDOWN);
	assert_true(support_run("ip link set va up"));
	assert_true(support_wait_carrier("va", true));
	assert_int_equal(run(bench, 3), 0);
	failed(bench, 3, ENETDOWN, 1);
	arrived(bench, NULL);
}

static void a_link_without_carrier_ends_the_run_though_the_kernel_takes_the_frames(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 100);
	open_link(bench);
	assert_true(support_run("ip link set vb down"));
	assert_true(support_wait_carrier("va", false));
	assert_int_equal(run(bench, 3), -ENETDOWN);
	assert_string_equal(bench->err.text,
		"cannot send on va: no carrier (no cable, or its other "
		"end is down): Network is down");
	failed(bench, 0, ENETDOWN, 1);
}

static void a_dormant_link_sends(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 100);
	assert_true(support_run("ip link set va mode dormant && ip link set va down && "
				"ip link set va up && ip link show va | grep -q 'state DORMANT'"));
	open_link(bench);
	assert_int_equal(run(bench, 3), 0);
	assert_int_equal(bench->stats.sent, 3);
	arrived(bench, NULL);
}

static bool is_even(unsigned int index)
{
	return index % 2 == 0;
}

static void a_frame_over_the_mtu_fails_and_the_next_ones_go_on(void **state)
{
	struct support_bench *bench = *state;

	for (unsigned int i = 0; i < 100; i++)
		support_frames_add(&bench->frames, i % 2 ? 1515 : 1514);
	open_link(bench);
	assert_int_equal(run(bench, 100), 0);
	failed(bench, 50, EMSGSIZE, 50);
	assert_int_equal(bench->stats.bytes, 50 * 1514);
	arrived(bench, is_even);
}

static void a_frame_without_a_whole_header_fails_and_the_next_ones_go_on(void **state)
{
	struct support_bench *bench = *state;

	for (unsigned int i = 0; i < 10; i++)
		support_frames_add(&bench->frames, i % 2 ? 13 : 14);
	open_link(bench);
	assert_int_equal(run(bench, 10), 0);
	failed(bench, 5, EINVAL, 5);
	arrived(bench, is_even);
}

static void an_fcs_of_ours_is_refused_where_the_driver_sends_its_own(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 100);
	bench->frames.frames[1].own_fcs = true;
	open_link(bench);
	assert_int_equal(run(bench, 3), -EPROTONOSUPPORT);
	assert_string_equal(bench->err.text,
		"va: the driver veth does not send frames with an FCS of their own: Protocol not "
		"supported; let the device append its own (--fcs nic), or send the four octets as "
		"data (--fcs append)");
	failed(bench, 1, EPROTONOSUPPORT, 1);
	bench->frames.count = 1;
	arrived(bench, NULL);
}

static void after_a_refused_fcs_frames_without_go_out_again(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 1, 100);
	bench->frames.frames[0].own_fcs = true;
	open_link(bench);
	assert_int_equal(run(bench, 1), -EPROTONOSUPPORT);
	bench->frames.frames[0].own_fcs = false;
	assert_int_equal(run(bench, 1), 0);
	failed(bench, 1, EPROTONOSUPPORT, 1);
	arrived(bench, NULL);
}

static void probing_for_the_fcs_sends_nothing(void **state)
{
	struct support_bench *bench = *state;
	struct interface lo;

	assert_int_equal(interface_read("lo", &lo, NULL), 0);
	assert_int_equal(link_packet_probe_fcs(&bench->interface, &bench->err), 0);
	assert_int_equal(link_packet_probe_fcs(&lo, &bench->err), 0);
	assert_int_equal(support_counter("va", "tx_packets"), 0);
	assert_int_equal(support_counter("va", "tx_dropped"), 0);
	assert_int_equal(support_counter("lo", "tx_packets"), 0);
}

static void probing_a_link_that_is_down_is_an_error(void **state)
{
	struct support_bench *bench = *state;

	assert_true(support_run("ip link set va down"));
	assert_int_equal(link_packet_probe_fcs(&bench->interface, &bench->err), -ENETDOWN);
	assert_string_equal(bench->err.text,
		"cannot probe va for SO_NOFCS: Network is down; bring it "
		"up: sudo ip link set va up");
}

static void an_interface_removed_in_mid_run_ends_it(void **state)
{
	struct support_bench *bench = *state;
	pid_t child;

	support_frames_fill(&bench->frames, 1, 60);
	close(bench->reader);
	bench->reader = -1;
	open_link(bench);
	child = fork();
	if (!child) {
		while (support_counter("vb", "rx_packets") < 1000)
			usleep(1000);
		_exit(!support_run("ip link del va"));
	}
	assert_int_equal(run(bench, UINT64_MAX / 2), -ENODEV);
	waitpid(child, NULL, 0);
	assert_string_equal(
		bench->err.text, "cannot send on va: the interface is gone: No such device");
	assert_true(bench->stats.sent > 0);
	failed(bench, bench->stats.sent, ENODEV, 1);
}

static void a_removed_interface_takes_nothing(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 1, 60);
	open_link(bench);
	assert_true(support_run("ip link del va"));
	assert_int_equal(run(bench, 5), -ENODEV);
	failed(bench, 0, ENODEV, 1);
	assert_int_equal(try_open(bench), -ENODEV);
}

static void a_renamed_interface_is_still_sent_on(void **state)
{
	struct support_bench *bench = *state;

	support_frames_fill(&bench->frames, 5, 60);
	open_link(bench);
	assert_true(support_run("ip link set va down && ip link set va name vrenamed && "
				"ip link set vrenamed up"));
	assert_true(support_wait_carrier("vrenamed", true));
	assert_int_equal(run(bench, 5), 0);
	assert_int_equal(bench->stats.sent, 5);
	arrived(bench, NULL);
	support_run("ip link del vrenamed");
}

static void a_device_without_room_is_waited_for(void **state)
{
	struct support_bench *bench = *state;

	/* A queue of three frames that drains at 1000 frames/s. */
	if (!support_run("tc qdisc add dev va root tbf rate 8mbit burst 1100 limit 3000"))
		skip();
	support_frames_fill(&bench->frames, 200, 1000);
	open_link(bench);
	assert_int_equal(run(bench, 200), 0);
	assert_int_equal(bench->stats.sent, 200);
	assert_int_equal(finish(bench), 0);
	assert_int_equal(support_counter("vb", "rx_packets"), 200);
	arrived(bench, NULL);
}

static void close_waits_for_what_is_queued(void **state)
{
	struct support_bench *bench = *state;

	if (!support_run("tc qdisc add dev va root tbf rate 400kbit burst 1100 limit 100000"))
		skip();
	support_frames_fill(&bench->frames, 50, 1000);
	open_link(bench);
	assert_int_equal(run(bench, 50), 0);
	assert_true(support_counter("vb", "rx_packets") < 40);
	assert_int_equal(finish(bench), 0);
	assert_int_equal(support_counter("vb", "rx_packets"), 50);
}

static void close_says_what_did_not_leave_in_time(void **state)
{
	struct support_bench *bench = *state;

	if (!support_run("tc qdisc add dev va root tbf rate 2kbit burst 1100 limit 100000"))
		skip();
	support_frames_fill(&bench->frames, 50, 1000);
	open_link(bench);
	assert_int_equal(run(bench, 50), 0);
	assert_int_equal(finish(bench), -ETIMEDOUT);
	assert_string_equal(
		bench->err.text, "va still holds frames in its queue, which may yet leave");
}

static void after_a_drain_nothing_is_left_to_wait_for_or_said_before(void **state)
{
	struct support_bench *bench = *state;

	if (!support_run("tc qdisc add dev va root tbf rate 800kbit burst 1100 limit 100000"))
		skip();
	support_frames_fill(&bench->frames, 50, 1000);
	open_link(bench);
	assert_int_equal(run(bench, 50), 0);
	assert_int_equal(link_drain(bench->link, &bench->err), 0);
	assert_int_equal(support_counter("vb", "rx_packets"), 50);
	assert_true(support_run("tc qdisc change dev va root tbf rate 2kbit burst 1100 limit "
				"100000"));
	assert_int_equal(run(bench, 50), 0);
	assert_int_equal(link_drain(bench->link, &bench->err), -ETIMEDOUT);
	assert_int_equal(finish(bench), 0);
}

static void a_device_that_drops_all_fails_the_frames_in_bounded_time(void **state)
{
	struct support_bench *bench = *state;
	uint64_t start;

	/* No frame fits into its queue. */
	if (!support_run("tc qdisc add dev va root bfifo limit 1"))
		skip();
	support_frames_fill(&bench->frames, 1, 100);
	open_link(bench);
	start = clock_system.now(NULL);
	assert_int_equal(run(bench, 1000), 0);
	assert_true(clock_system.now(NULL) - start < 30000000000U);
	failed(bench, 0, ENOBUFS, 1000);
	/* And it sends again when it can. */
	assert_true(support_run("tc qdisc del dev va root"));
	assert_int_equal(run(bench, 1), 0);
	failed(bench, 1, ENOBUFS, 1000);
	arrived(bench, NULL);
}

static void without_the_capability_the_error_says_what_to_do(void **state)
{
	struct support_bench *bench = *state;
	static const char refused[] =
		"cannot open a packet socket: Operation not permitted; run it "
		"with sudo, or once: sudo setcap cap_net_raw";
	int status;
	pid_t child = fork();

	if (!child) {
		int r;

		if (setgroups(0, NULL) || setgid(65534) || setuid(65534))
			_exit(1);
		r = try_open(bench);
		if (r != -EPERM || bench->err.kind != ERR_SYSTEM)
			_exit(2);
		_exit(strncmp(bench->err.text, refused, strlen(refused)) != 0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void an_interface_without_ethernet_frames_is_refused(void **state)
{
	struct support_bench *bench = *state;

	if (!support_run("ip tuntap add tun9 mode tun"))
		skip();
	assert_int_equal(interface_read("tun9", &bench->interface, NULL), 0);
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_string_equal(bench->err.text, "tun9 carries no Ethernet frames (ARP hardware type "
					     "65534): Operation not supported");
}

static void a_queue_is_refused_with_what_chooses_it(void **state)
{
	struct support_bench *bench = *state;
	struct link_config config = link_config_plain(&bench->interface);

	config.queue = 0;
	assert_int_equal(link_packet_open(&bench->link, &config, NULL, &bench->err), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "queue 0"));
	assert_non_null(strstr(bench->err.text, "CPU"));
}

static void loopback_sends(void **state)
{
	struct support_bench *bench = *state;
	int reader = support_wire_open("lo");

	close(bench->reader);
	bench->reader = reader;
	support_frames_fill(&bench->frames, 5, 100);
	assert_int_equal(interface_read("lo", &bench->interface, NULL), 0);
	open_link(bench);
	assert_int_equal(run(bench, 5), 0);
	arrived(bench, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, support_bench_up, support_bench_down)
	struct CMUnitTest tests[] = {
		TEST(the_octets_read_on_the_peer_are_those_sent_in_order),
		TEST(the_counters_are_those_of_the_interface),
		TEST(frames_go_out_past_the_queueing_discipline_too),
		TEST(a_link_that_is_down_ends_the_run_and_nothing_counts_as_sent),
		TEST(a_link_that_comes_back_up_sends_again),
		TEST(a_link_without_carrier_ends_the_run_though_the_kernel_takes_the_frames),
		TEST(a_dormant_link_sends),
		TEST(a_frame_over_the_mtu_fails_and_the_next_ones_go_on),
		TEST(a_frame_without_a_whole_header_fails_and_the_next_ones_go_on),
		TEST(an_fcs_of_ours_is_refused_where_the_driver_sends_its_own),
		TEST(after_a_refused_fcs_frames_without_go_out_again),
		TEST(probing_for_the_fcs_sends_nothing),
		TEST(probing_a_link_that_is_down_is_an_error),
		TEST(an_interface_removed_in_mid_run_ends_it),
		TEST(a_removed_interface_takes_nothing),
		TEST(a_renamed_interface_is_still_sent_on),
		TEST(a_device_without_room_is_waited_for),
		TEST(close_waits_for_what_is_queued),
		TEST(close_says_what_did_not_leave_in_time),
		TEST(after_a_drain_nothing_is_left_to_wait_for_or_said_before),
		TEST(a_device_that_drops_all_fails_the_frames_in_bounded_time),
		TEST(without_the_capability_the_error_says_what_to_do),
		TEST(an_interface_without_ethernet_frames_is_refused),
		TEST(a_queue_is_refused_with_what_chooses_it),
		TEST(loopback_sends),
	};

	if (!support_lab_enter())
		support_skip_all(tests, sizeof(tests) / sizeof(tests[0]));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
