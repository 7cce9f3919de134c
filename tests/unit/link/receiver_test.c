/* Receiving with time stamps, and a link that is told when its frames left, on a veth pair. */
#include "link/receiver.h"
#include "link/stamped.h"

#include "base/clock.h"
#include "base/err.h"
#include "link/interface.h"

#include "../../support/lab.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "../../support/skip.h"

#define SECOND_NS 1000000000U

/* To everybody, of a type for experiments: from va, and tagged. */
static const uint8_t plain[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 0x0a, 0x88,
	0xb5, 'p', 'l', 'a', 'i', 'n' };
static const uint8_t tagged[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 0x0a, 0x81,
	0x00, 0x60, 0x05, 0x88, 0xb5, 't' };
static const uint8_t foreign[60] = { 2, 0, 0, 0, 0, 0x77, 2, 0, 0, 0, 0, 0x0a, 0x88, 0xb6, 'o' };

static const struct patch_frame frames[] = {
	{ .name = "plain", .octets = plain, .length = 60, .weight = 1 },
	{ .name = "tagged", .octets = tagged, .length = 60, .weight = 1 },
	{ .name = "other", .octets = foreign, .length = 60, .weight = 1 },
};

struct world {
	struct interface va, vb;
	struct receiver *receiver;
	struct link *link;
	struct patch_program program;
	struct err err;
};

/* state: of a receiver that is immediate. */
static void open_world(struct world *w, enum stamp_source source, uint16_t type, void *const *state)
{
	struct receiver_config config = {
		.interface = &w->vb, .types = { type }, .immediate = *state
	};

	memset(w, 0, sizeof(*w));
	config.type_count = type != 0;
	assert_int_equal(interface_read("va", &w->va, &w->err), 0);
	assert_int_equal(interface_read("vb", &w->vb, &w->err), 0);
	patch_program_init(&w->program, frames, 3);
	if (receiver_open(&w->receiver, &config, &w->err) ||
		link_stamped_open(&w->link, &w->va, source, &w->err))
		fail_msg("%s", w->err.text);
}

static void close_world(struct world *w)
{
	receiver_close(w->receiver);
	link_close(w->link, NULL);
}

static bool receive(struct world *w, struct receiver_frame *ret, uint64_t ns)
{
	uint64_t end = clock_system.now(NULL) + ns;

	while (!receiver_next(w->receiver, ret)) {
		if (clock_system.now(NULL) >= end)
			return false;
		assert_int_equal(receiver_wait(w->receiver, ns, &w->err), 0);
	}
	return true;
}

static void frames_arrive_as_they_left_with_their_tags(void **state)
{
	struct world w;
	struct receiver_frame frame;

	open_world(&w, STAMP_KERNEL, 0, state);
	assert_int_equal(link_run(w.link, &w.program, 0, 3, &w.err), 0);
	for (unsigned int i = 0; i < 3; i++) {
		assert_true(receive(&w, &frame, SECOND_NS));
		assert_int_equal(frame.captured, 60);
		assert_int_equal(frame.length, 60);
		assert_memory_equal(frame.octets, frames[i].octets, 60);
	}
	close_world(&w);
}

static void a_filter_by_type_passes_over_a_tag(void **state)
{
	struct world w;
	struct receiver_frame frame;

	open_world(&w, STAMP_KERNEL, 0x88b5, state);
	assert_int_equal(link_run(w.link, &w.program, 2, 3, &w.err), 0);
	assert_true(receive(&w, &frame, SECOND_NS));
	assert_memory_equal(frame.octets, plain, 60);
	assert_true(receive(&w, &frame, SECOND_NS));
	assert_memory_equal(frame.octets, tagged, 60);
	assert_false(receive(&w, &frame, SECOND_NS / 50));
	close_world(&w);
}

/* Between before it was sent and when it arrived. */
static void each_frame_has_the_stamp_of_its_number(void **state)
{
	static const enum stamp_source sources[] = { STAMP_QUEUE, STAMP_KERNEL };

	for (unsigned int s = 0; s < 2; s++) {
		struct world w;
		struct receiver_frame frame;
		struct stamp stamp;

		open_world(&w, sources[s], 0, state);
		for (unsigned int i = 0; i < 6; i++) {
			uint64_t before = clock_wall();

			assert_int_equal(link_run(w.link, &w.program, i % 2, 1, &w.err), 0);
			assert_int_equal(link_stamped_next(w.link, &stamp, SECOND_NS), 1);
			assert_int_equal(stamp.number, i);
			assert_true(stamp.time_ns >= before);
			assert_true(receive(&w, &frame, SECOND_NS));
			assert_true(frame.time_ns >= stamp.time_ns);
			assert_int_equal(link_stamped_next(w.link, &stamp, 0), 0);
		}
		close_world(&w);
	}
}

static void stamps_go_on_behind_a_frame_that_was_refused(void **state)
{
	static uint8_t long_octets[4000] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const struct patch_frame too_long = {
		.name = "long", .octets = long_octets, .length = sizeof(long_octets), .weight = 1
	};
	struct patch_program program;
	struct link_stats stats;
	struct stamp stamp;
	struct world w;

	open_world(&w, STAMP_KERNEL, 0, state);
	patch_program_init(&program, &too_long, 1);
	assert_int_equal(link_run(w.link, &w.program, 0, 1, &w.err), 0);
	assert_int_equal(link_stamped_next(w.link, &stamp, SECOND_NS), 1);
	assert_int_equal(link_run(w.link, &program, 0, 1, &w.err), 0);
	link_stats(w.link, &stats);
	assert_int_equal(stats.sent, 1);
	assert_int_equal(stats.errors[0].error, EMSGSIZE);
	assert_int_equal(link_run(w.link, &w.program, 0, 1, &w.err), 0);
	assert_int_equal(link_stamped_next(w.link, &stamp, SECOND_NS), 1);
	assert_int_equal(stamp.number, 1);
	close_world(&w);
}

static void what_the_ring_has_no_room_for_is_counted(void **state)
{
	struct receiver_config config = { .ring_kib = 256, .immediate = *state };
	struct receiver_stats stats;
	struct receiver_frame frame;
	uint64_t taken = 0;
	struct world w;

	open_world(&w, STAMP_KERNEL, 0, state);
	receiver_close(w.receiver);
	config.interface = &w.vb;
	assert_int_equal(receiver_open(&w.receiver, &config, &w.err), 0);
	for (unsigned int i = 0; i < 5000; i++)
		assert_int_equal(link_run(w.link, &w.program, 0, 1, &w.err), 0);
	while (receive(&w, &frame, SECOND_NS / 20))
		taken++;
	receiver_stats(w.receiver, &stats);
	assert_int_equal(stats.received, 5000);
	assert_true(stats.dropped > 0);
	assert_int_equal(taken + stats.dropped, 5000);
	close_world(&w);
}

static void an_interface_that_goes_down_ends_the_wait(void **state)
{
	struct world w;
	int r = 0;

	open_world(&w, STAMP_KERNEL, 0, state);
	assert_true(support_run("ip link set vb down"));
	for (unsigned int i = 0; !r && i < 100; i++)
		r = receiver_wait(w.receiver, SECOND_NS / 50, &w.err);
	assert_int_equal(r, -ENETDOWN);
	assert_non_null(strstr(w.err.text, "vb"));
	close_world(&w);
	support_lab_reset();
}

int main(void)
{
	static bool immediate = true;
	struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_arrive_as_they_left_with_their_tags),
		cmocka_unit_test_prestate(frames_arrive_as_they_left_with_their_tags, &immediate),
		cmocka_unit_test(a_filter_by_type_passes_over_a_tag),
		cmocka_unit_test_prestate(a_filter_by_type_passes_over_a_tag, &immediate),
		cmocka_unit_test(each_frame_has_the_stamp_of_its_number),
		cmocka_unit_test_prestate(each_frame_has_the_stamp_of_its_number, &immediate),
		cmocka_unit_test(stamps_go_on_behind_a_frame_that_was_refused),
		cmocka_unit_test_prestate(stamps_go_on_behind_a_frame_that_was_refused, &immediate),
		cmocka_unit_test(what_the_ring_has_no_room_for_is_counted),
		cmocka_unit_test_prestate(what_the_ring_has_no_room_for_is_counted, &immediate),
		cmocka_unit_test(an_interface_that_goes_down_ends_the_wait),
		cmocka_unit_test_prestate(an_interface_that_goes_down_ends_the_wait, &immediate),
	};

	if (!support_lab_enter())
		support_skip_all(tests, sizeof(tests) / sizeof(tests[0]));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
