/* What holds for every backend over sockets, on a veth pair: what it says was sent is what arrives.
 */
#include "link/backends.h"

#include "base/arena.h"
#include "base/err.h"
#include "frame/compile.h"
#include "link/interface.h"
#include "template/template.h"

#include "../../support/frames.h"
#include "../../support/lab.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

#include "../../support/skip.h"

struct bench {
	const struct link_backend *backend;
	struct support_frames frames;
	struct arena arena;
	struct frame_compiled compiled;
	const struct patch_program *program;
	struct interface interface;
	struct link *link;
	struct link_stats stats;
	struct err err;
	int reader;
};

/* The libraries' send(2): while a device is to be busy, it is. */
static bool device_is_busy;

ssize_t send(int fd, const void *octets, size_t length, int flags)
{
	if (device_is_busy) {
		errno = EAGAIN;
		return -1;
	}
	return sendto(fd, octets, length, flags, NULL, 0);
}

static int bench_up(void **state)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	bench->backend = link_backend_find(*state);
	*state = bench;
	support_lab_reset();
	bench->reader = support_wire_open("vb");
	return interface_read("va", &bench->interface, &bench->err);
}

static int bench_down(void **state)
{
	struct bench *bench = *state;

	link_close(bench->link, NULL);
	arena_fini(&bench->arena);
	close(bench->reader);
	free(bench);
	return 0;
}

static int try_open(struct bench *bench)
{
	struct link_config config = link_config_plain(&bench->interface);

	return bench->backend->open(&bench->link, &config, bench->program, &bench->err);
}

static void open_link(struct bench *bench)
{
	if (try_open(bench))
		fail_msg("%s", bench->err.text);
}

static void open_frames(struct bench *bench)
{
	bench->program = support_frames_program(&bench->frames);
	open_link(bench);
}

/* A template's frames: layers below the line of its name. */
static void compile(struct bench *bench, const char *text)
{
	const struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;

	if (template_read(&bench->arena, "test", (const uint8_t *)text, strlen(text), &options,
		    &template, &bench->err) ||
		frame_compile(&bench->arena, template.frames, template.count, NULL, 7,
			&bench->compiled, &bench->err))
		fail_msg("%s", bench->err.text);
	bench->program = &bench->compiled.program;
}

static int run(struct bench *bench, uint64_t first, uint64_t count)
{
	int r = link_run(bench->link, bench->program, first, count, &bench->err);

	link_stats(bench->link, &bench->stats);
	return r;
}

static void drain(struct bench *bench)
{
	assert_int_equal(link_drain(bench->link, &bench->err), 0);
	link_stats(bench->link, &bench->stats);
	assert_int_equal(bench->stats.queued, bench->stats.sent + bench->stats.failed);
}

static void send_all(struct bench *bench, uint64_t count)
{
	assert_int_equal(run(bench, 0, count), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, count);
}

static void finish(struct bench *bench)
{
	assert_int_equal(link_close(bench->link, &bench->err), 0);
	bench->link = NULL;
}

/* Asserts that frames first to first + count - 1 have arrived, in order. */
static void arrived(struct bench *bench, uint64_t first, uint64_t count)
{
	uint8_t octets[SUPPORT_FRAME_SIZE];
	struct patch_runner runner;

	assert_int_equal(patch_runner_init(&runner, bench->program, 1), 0);
	for (uint64_t i = first; i < first + count; i++) {
		const struct patch_slot *slot = &runner.slots[0];

		/* The reader's kernel takes a VLAN tag off. */
		uint32_t tag;

		patch_runner_make(&runner, i, &runner.slots[0]);
		tag = slot->octets[12] == 0x81 && slot->octets[13] == 0x00 ? 4 : 0;
		assert_int_equal(support_wire_read(bench->reader, octets, sizeof(octets), 1000),
			slot->length - tag);
		assert_memory_equal(octets, slot->octets, 12);
		assert_memory_equal(octets + 12, slot->octets + 12 + tag, slot->length - tag - 12);
	}
	patch_runner_fini(&runner);
}

static void nothing_more_arrives(struct bench *bench)
{
	uint8_t octets[SUPPORT_FRAME_SIZE];

	assert_int_equal(support_wire_read(bench->reader, octets, sizeof(octets), 20), -1);
}

/* By the kernel's counters: nobody reads so many. */
static void a_million_arrive(struct bench *bench)
{
	close(bench->reader);
	bench->reader = -1;
	for (uint64_t first = 0; first < 1000000; first += 250)
		assert_int_equal(run(bench, first, 250), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 1000000);
	assert_int_equal(support_counter("va", "tx_packets"), 1000000);
	assert_int_equal(support_counter("vb", "rx_packets"), 1000000);
}

/* A hundred leave, and of the next hundred the first cannot. */
static void down_in_mid_run(struct bench *bench)
{
	assert_int_equal(run(bench, 0, 100), 0);
	assert_true(support_run("ip link set va down"));
	assert_int_equal(run(bench, 100, 100), -ENETDOWN);
	drain(bench);
	assert_int_equal(bench->stats.sent, 100);
	assert_int_equal(bench->stats.failed, 1);
}

/* ---- what every backend does ---- */

static void frames_of_any_length_arrive_in_order(void **state)
{
	struct bench *bench = *state;
	uint64_t octets = 0;

	for (uint32_t length = 14; length <= 1514; length += 10)
		octets += support_frames_add(&bench->frames, length)->length;
	open_frames(bench);
	send_all(bench, bench->frames.count);
	assert_int_equal(bench->stats.bytes, octets);
	arrived(bench, 0, bench->frames.count);
	nothing_more_arrives(bench);
}

static void fields_that_vary_arrive_as_made(void **state)
{
	struct bench *bench = *state;

	compile(bench, "layers:\n"
		       "  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}\n"
		       "  - ipv4: {src: 10.0.0.1, dst: {inc: 10.1.0.0/16}}\n"
		       "  - udp: {sport: {random: 1024..65535}, dport: {shuffle: 1000..1100}}\n"
		       "  - payload: {size: {random: 18..60}, fill: 7}\n");
	open_link(bench);
	/* One, a few, more than any ring holds, and a jump back. */
	assert_int_equal(run(bench, 0, 1), 0);
	assert_int_equal(run(bench, 1, 99), 0);
	assert_int_equal(run(bench, 100, 3000), 0);
	assert_int_equal(run(bench, 50, 10), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 3110);
	arrived(bench, 0, 3100);
	arrived(bench, 50, 10);
	nothing_more_arrives(bench);
}

static void fixed_frames_among_varying_ones_arrive(void **state)
{
	struct bench *bench = *state;

	compile(bench,
		"frames:\n"
		"  - name: a\n"
		"    weight: 3\n"
		"    layers:\n"
		"      - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}\n"
		"      - payload: {inc: 00000000..ffffffff}\n"
		"  - name: b\n"
		"    layers:\n"
		"      - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:02, type: 0x88b5}\n"
		"      - payload: {fill: 9, size: 100}\n");
	open_link(bench);
	assert_int_equal(run(bench, 0, 1500), 0);
	drain(bench);
	arrived(bench, 0, 1500);
	nothing_more_arrives(bench);
}

static void a_million_frames_are_counted_by_both_ends(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 60);
	open_frames(bench);
	a_million_arrive(bench);
}

static void a_frame_over_the_mtu_fails_and_the_next_ones_go_on(void **state)
{
	struct bench *bench = *state;

	for (unsigned int i = 0; i < 100; i++)
		support_frames_add(&bench->frames, i % 10 == 9 ? 1515 : 100 + i);
	open_frames(bench);
	assert_int_equal(run(bench, 0, 100), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 90);
	assert_int_equal(bench->stats.failed, 10);
	assert_int_equal(bench->stats.errors[0].error, EMSGSIZE);
	assert_int_equal(bench->stats.errors[0].count, 10);
	for (unsigned int i = 0; i < 100; i += 10)
		arrived(bench, i, 9);
	nothing_more_arrives(bench);
}

static void a_link_that_goes_down_ends_the_run_and_may_come_back(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 100, 60);
	open_frames(bench);
	down_in_mid_run(bench);
	assert_non_null(strstr(bench->err.text, "ip link set va up"));
	assert_true(support_run("ip link set va up"));
	assert_true(support_wait_carrier("va", true));
	assert_int_equal(run(bench, 0, 100), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 200);
	arrived(bench, 0, 100);
	arrived(bench, 0, 100);
	nothing_more_arrives(bench);
}

static void a_link_without_carrier_ends_the_run(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 100, 60);
	open_frames(bench);
	assert_true(support_run("ip link set vb down"));
	assert_true(support_wait_carrier("va", false));
	assert_int_equal(run(bench, 0, 100), -ENETDOWN);
	drain(bench);
	assert_int_equal(bench->stats.sent, 0);
	assert_non_null(strstr(bench->err.text, "no carrier"));
}

static void *remove_soon(void *context)
{
	(void)context;
	usleep(50000);
	support_run("ip link del va");
	return NULL;
}

static void an_interface_removed_in_mid_run_ends_it(void **state)
{
	struct bench *bench = *state;
	pthread_t thread;
	int r = 0;

	support_frames_fill(&bench->frames, 100, 60);
	open_frames(bench);
	assert_int_equal(pthread_create(&thread, NULL, remove_soon, NULL), 0);
	for (unsigned int i = 0; !r && i < 100000; i++)
		r = run(bench, 0, 100);
	pthread_join(thread, NULL);
	assert_true(r == -ENODEV || r == -ENETDOWN);
	/* What the device held when it went may never be told of. */
	link_drain(bench->link, NULL);
	link_stats(bench->link, &bench->stats);
	assert_true(bench->stats.failed >= 1);
	assert_true(bench->stats.queued >= bench->stats.sent + bench->stats.failed);
}

/* The queue holds three frames and sheds ten thousand a second. */
static void a_device_without_room_is_waited_for(void **state)
{
	struct bench *bench = *state;

	if (!support_run("tc qdisc add dev va root tbf rate 8mbit burst 1100 limit 3000"))
		skip();
	support_frames_fill(&bench->frames, 200, 100);
	open_frames(bench);
	send_all(bench, 200);
	finish(bench);
	arrived(bench, 0, 200);
	nothing_more_arrives(bench);
}

/* Less than what the socket holds leaves in two seconds, and all of it in four. */
static void a_queue_that_moves_is_waited_for(void **state)
{
	struct bench *bench = *state;

	if (!support_run("tc qdisc add dev va root tbf rate 68kbit burst 1200 limit 100000"))
		skip();
	support_frames_fill(&bench->frames, 30, 1100);
	open_frames(bench);
	send_all(bench, 30);
	assert_int_equal(support_counter("vb", "rx_packets"), 30);
}

/* ---- what one of them does ---- */

static void an_fcs_of_ours_is_refused_at_open(void **state)
{
	struct bench *bench = *state;

	support_frames_add(&bench->frames, 64)->own_fcs = true;
	bench->program = support_frames_program(&bench->frames);
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "--backend packet"));
}

/* Up to 2048 octets a veth's frames are copied, and beside one that is longer none is. */
static void frames_around_what_is_copied_arrive(void **state)
{
	struct bench *bench = *state;

	assert_true(support_run("ip link set va mtu 4000 && ip link set vb mtu 4000"));
	assert_int_equal(interface_read("va", &bench->interface, NULL), 0);
	compile(bench, "layers:\n"
		       "  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}\n"
		       "  - payload: {size: {list: [2034, 100]}, fill: 7}\n");
	open_link(bench);
	send_all(bench, 100);
	finish(bench);
	assert_int_equal(support_counter("vb", "rx_bytes"), 50 * (2048 + 114));
	compile(bench, "layers:\n"
		       "  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}\n"
		       "  - payload: {size: {list: [2035, 100]}, fill: 7}\n");
	open_link(bench);
	send_all(bench, 100);
	assert_int_equal(support_counter("vb", "rx_bytes"), 50 * (2048 + 114 + 2049 + 114));
}

static void a_short_frame_is_held_against_a_small_mtu(void **state)
{
	struct bench *bench = *state;

	assert_true(support_run("ip link set va mtu 100"));
	assert_int_equal(interface_read("va", &bench->interface, NULL), 0);
	support_frames_fill(&bench->frames, 3, 100);
	support_frames_add(&bench->frames, 115);
	open_frames(bench);
	assert_int_equal(run(bench, 0, 8), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 6);
	assert_int_equal(bench->stats.errors[0].error, EMSGSIZE);
}

static void a_frame_of_less_than_a_header_fails(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 3, 100);
	support_frames_add(&bench->frames, 13);
	open_frames(bench);
	assert_int_equal(run(bench, 0, 8), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 6);
	assert_int_equal(bench->stats.errors[0].error, EINVAL);
	arrived(bench, 0, 3);
	arrived(bench, 4, 3);
}

static void long_frames_have_a_ring_too(void **state)
{
	struct bench *bench = *state;

	assert_true(support_run("ip link set va mtu 60000 && ip link set vb mtu 60000"));
	assert_int_equal(interface_read("va", &bench->interface, NULL), 0);
	compile(bench, "layers:\n"
		       "  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}\n"
		       "  - payload: {size: {list: [60000, 100]}, fill: 7}\n");
	open_link(bench);
	send_all(bench, 100);
	assert_int_equal(support_counter("vb", "rx_bytes"), 50 * (60014 + 114));
}

static void xsk_takes_no_frame_of_more_than_a_page(void **state)
{
	struct bench *bench = *state;

	compile(bench, "layers:\n"
		       "  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01, type: 0x88b5}\n"
		       "  - payload: {size: 5000, fill: 7}\n");
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "4096"));
	assert_non_null(strstr(bench->err.text, "--backend packet"));
}

static void a_queue_that_is_not_there_is_refused(void **state)
{
	struct bench *bench = *state;
	struct link_config config = link_config_plain(&bench->interface);

	support_frames_fill(&bench->frames, 1, 60);
	config.queue = 77;
	assert_int_equal(bench->backend->open(&bench->link, &config,
				 support_frames_program(&bench->frames), &bench->err),
		-EINVAL);
	assert_non_null(strstr(bench->err.text, "queue 77"));
	assert_non_null(strstr(bench->err.text, "ethtool -l va"));
}

static void a_queue_can_be_had_again_right_after_a_close(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 10, 60);
	for (unsigned int i = 0; i < 20; i++) {
		open_frames(bench);
		send_all(bench, 10);
		finish(bench);
	}
	assert_int_equal(support_counter("vb", "rx_packets"), 200);
}

/* The device is stuck, so that the frames stay with it, and loses its carrier. */
static void what_is_dropped_in_a_drain_is_not_sent(void **state)
{
	struct bench *bench = *state;
	uint64_t arrived_before;

	support_frames_fill(&bench->frames, 5, 60);
	open_frames(bench);
	send_all(bench, 5);
	arrived_before = support_counter("vb", "rx_packets");
	device_is_busy = true;
	assert_int_equal(run(bench, 0, 5), 0);
	device_is_busy = false;
	assert_int_equal(bench->stats.queued, 10);
	assert_int_equal(bench->stats.sent, 5);
	assert_true(support_run("ip link set vb down"));
	assert_true(support_wait_carrier("va", false));
	assert_int_equal(link_drain(bench->link, &bench->err), -ENETDOWN);
	link_stats(bench->link, &bench->stats);
	assert_int_equal(bench->stats.sent, 5);
	assert_true(bench->stats.failed >= 1);
	assert_int_equal(bench->stats.queued, bench->stats.sent + bench->stats.failed);
	assert_int_equal(support_counter("vb", "rx_packets"), arrived_before);
}

/* As before, but it has room again. */
static void what_stayed_with_a_device_leaves_in_a_drain(void **state)
{
	struct bench *bench = *state;

	support_frames_fill(&bench->frames, 5, 60);
	open_frames(bench);
	device_is_busy = true;
	assert_int_equal(run(bench, 0, 5), 0);
	device_is_busy = false;
	assert_int_equal(bench->stats.sent, 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 5);
	arrived(bench, 0, 5);
}

static void two_threads_have_a_queue_each(void **state)
{
	struct bench *bench = *state;
	struct link_config config = link_config_plain(&bench->interface);
	struct link *other;

	if (!support_run("ethtool -L va tx 2 rx 2"))
		skip();
	support_frames_fill(&bench->frames, 10, 60);
	open_frames(bench);
	config.thread = 1;
	config.threads = 2;
	assert_int_equal(bench->backend->open(&other, &config, bench->program, &bench->err), 0);
	assert_int_equal(run(bench, 0, 10), 0);
	assert_int_equal(link_run(other, bench->program, 0, 10, &bench->err), 0);
	drain(bench);
	assert_int_equal(link_close(other, &bench->err), 0);
	assert_int_equal(support_counter("vb", "rx_packets"), 20);
}

/* ---- gso ---- */

#define FLOW4                                                             \
	"layers:\n"                                                       \
	"  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}\n"     \
	"  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2, id: {inc: 0..65535}}\n" \
	"  - udp: {sport: 1, dport: 2}\n"
#define FLOW6                                                         \
	"layers:\n"                                                   \
	"  - eth: {dst: 02:00:00:00:00:99, src: 02:00:00:00:00:01}\n" \
	"  - vlan: {id: 7}\n"                                         \
	"  - ipv6: {src: fe80::1, dst: fe80::2}\n"                    \
	"  - udp: {sport: 1, dport: 2}\n"

static int gso_up(void **state)
{
	int r = bench_up(state);

	return support_run("ethtool -K va tx off") ? r : -1;
}

static void a_flow_arrives_as_made(struct bench *bench, const char *text)
{
	compile(bench, text);
	open_link(bench);
	assert_int_equal(run(bench, 0, 1), 0);
	assert_int_equal(run(bench, 1, 99), 0);
	assert_int_equal(run(bench, 65400, 300), 0);
	drain(bench);
	assert_int_equal(bench->stats.sent, 400);
	assert_int_equal(support_counter("va", "tx_packets"), 400);
	assert_int_equal(support_counter("vb", "rx_packets"), 400);
	arrived(bench, 0, 100);
	arrived(bench, 65400, 300);
	nothing_more_arrives(bench);
}

static void a_counter_in_the_payload_comes_out_right(void **state)
{
	a_flow_arrives_as_made(*state, FLOW4 "  - payload: {inc: 00000000..ffffffff}\npad: none\n");
}

static void payloads_of_an_odd_length_come_out_right(void **state)
{
	a_flow_arrives_as_made(*state, FLOW4 "  - payload: {random-bytes: 777}\n");
}

static void payloads_over_ipv6_and_a_vlan_come_out_right(void **state)
{
	a_flow_arrives_as_made(*state, FLOW6 "  - payload: {random-bytes: 100}\n");
}

static void the_same_payload_over_and_over_comes_out_right(void **state)
{
	a_flow_arrives_as_made(*state, FLOW4 "  - payload: {fill: 7, size: 18}\n");
}

static void a_million_datagrams_are_counted_by_both_ends(void **state)
{
	struct bench *bench = *state;

	compile(bench, FLOW4 "  - payload: {inc: 0000000000000000..ffffffffffffffff}\npad: none\n");
	open_link(bench);
	a_million_arrive(bench);
}

static void what_the_kernel_would_make_otherwise_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "layers:\n  - eth: {dst: 02:00:00:00:00:99}\n"
		  "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n"
		  "  - udp: {sport: 1, dport: 2}\n  - payload: {fill: 1, size: 100}\n",
			"id: {inc: 0..65535}" },
		{ "layers:\n  - eth: {dst: 02:00:00:00:00:99}\n"
		  "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2, id: {inc: 0..65535}}\n"
		  "  - udp: {sport: {inc: 1..9}, dport: 2}\n  - payload: {fill: 1, size: 100}\n",
			"udp.sport varies" },
		{ "layers:\n  - eth: {dst: 02:00:00:00:00:99}\n"
		  "  - ipv6: {src: fe80::1, dst: fe80::2}\n"
		  "  - udp: {sport: 1, dport: 2, checksum: bad}\n  - payload: {fill: 1, size: "
		  "100}\n",
			"UDP checksum" },
		{ "layers:\n  - eth: {dst: 02:00:00:00:00:99}\n"
		  "  - ipv6: {src: fe80::1, dst: fe80::2}\n"
		  "  - udp: {sport: 1, dport: 2, length: 50}\n  - payload: {fill: 1, size: 100}\n",
			"lengths" },
		{ FLOW4 "  - payload: {fill: 1, size: 4}\n", "padded" },
		{ FLOW4 "  - payload: {fill: 1, size: {inc: 100..200}}\n", "length" },
		{ "layers:\n  - eth: {dst: 02:00:00:00:00:99, type: 0x88b5}\n"
		  "  - payload: {fill: 1, size: 100}\n",
			"no UDP datagram" },
		{ FLOW4 "  - payload: {fill: 1, size: 1473}\n", "mtu 1501" },
	};
	struct bench *bench = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		compile(bench, rows[i].text);
		assert_true(try_open(bench) < 0);
		assert_int_equal(bench->err.kind, ERR_SYSTEM);
		if (!strstr(bench->err.text, rows[i].why))
			fail_msg("%s: not said: %s", bench->err.text, rows[i].why);
	}
}

static void a_veth_that_leaves_work_to_hardware_is_refused(void **state)
{
	struct bench *bench = *state;

	compile(bench, FLOW4 "  - payload: {fill: 7, size: 18}\n");
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "ethtool -K va tx off"));
}

/* They count many frames in one as one, and leave it to who is below them to cut it. */
static void any_other_device_without_hardware_is_refused_so_long_as_it_leaves_work(void **state)
{
	struct bench *bench = *state;

	if (!support_run("ip link add br0 type bridge mcast_snooping 0 && "
			 "ip link set va master br0 && ip link set br0 up && "
			 "ethtool -K br0 tx on") ||
		!support_run("ip link add mv link vb type macvlan mode bridge"))
		skip();
	compile(bench, FLOW4 "  - payload: {fill: 7, size: 18}\n");
	assert_int_equal(interface_read("mv", &bench->interface, &bench->err), 0);
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "cannot be told not to; use --backend packet"));
	assert_int_equal(interface_read("br0", &bench->interface, &bench->err), 0);
	assert_int_equal(try_open(bench), -EOPNOTSUPP);
	assert_non_null(strstr(bench->err.text, "ethtool -K br0 tx off"));
	assert_true(support_run("ethtool -K br0 tx off"));
	open_link(bench);
	send_all(bench, 200);
	assert_int_equal(support_counter("br0", "tx_packets"), 200);
	finish(bench);
	support_run("ip link del mv; ip link del br0");
}

/* A thousand frames are few to the socket's buffer where 64 go down as one. */
static void a_queue_of_many_in_one_that_moves_is_waited_for(void **state)
{
	struct bench *bench = *state;

	if (!support_run("tc qdisc add dev va root handle 1: htb default 1 && "
			 "tc class add dev va parent 1: classid 1:1 htb rate 160kbit"))
		skip();
	compile(bench, FLOW4 "  - payload: {fill: 7, size: 18}\n");
	open_link(bench);
	send_all(bench, 1000);
	assert_int_equal(support_counter("vb", "rx_packets"), 1000);
}

static void a_flow_ends_where_the_link_goes_down(void **state)
{
	struct bench *bench = *state;

	compile(bench, FLOW4 "  - payload: {fill: 7, size: 18}\n");
	open_link(bench);
	down_in_mid_run(bench);
	assert_true(support_run("ip link del va"));
	assert_int_equal(run(bench, 100, 100), -ENODEV);
}

int main(void)
{
#define TEST(name, backend)                                                       \
	{                                                                         \
		backend ": " #name, name, bench_up, bench_down, (void *)(backend) \
	}
#define GSO(name)                                                      \
	{                                                              \
		"gso: " #name, name, gso_up, bench_down, (void *)"gso" \
	}
#define TESTS(backend)                                                               \
	TEST(frames_of_any_length_arrive_in_order, backend),                         \
		TEST(fields_that_vary_arrive_as_made, backend),                      \
		TEST(fixed_frames_among_varying_ones_arrive, backend),               \
		TEST(a_million_frames_are_counted_by_both_ends, backend),            \
		TEST(a_frame_over_the_mtu_fails_and_the_next_ones_go_on, backend),   \
		TEST(a_link_that_goes_down_ends_the_run_and_may_come_back, backend), \
		TEST(a_link_without_carrier_ends_the_run, backend),                  \
		TEST(an_interface_removed_in_mid_run_ends_it, backend),              \
		TEST(a_device_without_room_is_waited_for, backend)
	struct CMUnitTest tests[] = {
		TESTS("packet"),
		TESTS("ring"),
		TESTS("xsk"),
		TEST(a_queue_that_moves_is_waited_for, "packet"),
		TEST(a_queue_that_moves_is_waited_for, "ring"),
		TEST(an_fcs_of_ours_is_refused_at_open, "ring"),
		TEST(frames_around_what_is_copied_arrive, "ring"),
		TEST(a_short_frame_is_held_against_a_small_mtu, "ring"),
		TEST(a_frame_of_less_than_a_header_fails, "packet"),
		TEST(a_frame_of_less_than_a_header_fails, "ring"),
		TEST(a_frame_of_less_than_a_header_fails, "xsk"),
		TEST(long_frames_have_a_ring_too, "ring"),
		TEST(an_fcs_of_ours_is_refused_at_open, "xsk"),
		TEST(xsk_takes_no_frame_of_more_than_a_page, "xsk"),
		TEST(a_queue_that_is_not_there_is_refused, "xsk"),
		TEST(a_queue_can_be_had_again_right_after_a_close, "xsk"),
		TEST(two_threads_have_a_queue_each, "xsk"),
		TEST(what_is_dropped_in_a_drain_is_not_sent, "xsk"),
		TEST(what_stayed_with_a_device_leaves_in_a_drain, "xsk"),
		GSO(a_counter_in_the_payload_comes_out_right),
		GSO(payloads_of_an_odd_length_come_out_right),
		GSO(payloads_over_ipv6_and_a_vlan_come_out_right),
		GSO(the_same_payload_over_and_over_comes_out_right),
		GSO(a_million_datagrams_are_counted_by_both_ends),
		GSO(what_the_kernel_would_make_otherwise_is_refused),
		GSO(a_queue_of_many_in_one_that_moves_is_waited_for),
		GSO(a_flow_ends_where_the_link_goes_down),
		TEST(a_veth_that_leaves_work_to_hardware_is_refused, "gso"),
		TEST(any_other_device_without_hardware_is_refused_so_long_as_it_leaves_work, "gso"),
	};

	if (!support_lab_enter())
		support_skip_all(tests, sizeof(tests) / sizeof(tests[0]));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
