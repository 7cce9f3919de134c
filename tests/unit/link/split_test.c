/* A link over two, and the filter that says which way a frame goes. */
#include "link/split.h"

#include "base/err.h"
#include "link/filter.h"

#include "../../support/frames.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES 10

static const uint8_t sides[FRAMES] = { 0, 1, 1, 0, 0, 0, 1, 0, 1, 1 };

struct setting {
	struct support_frames frames;
	struct link *first, *second, *split;
	unsigned int told;
};

static void hear(void *context, const struct patch_slot *slot)
{
	struct setting *s = context;
	const struct patch_frame *frame = &s->frames.frames[s->told++ % FRAMES];

	assert_ptr_equal(slot->frame, frame);
}

static void open_split(struct setting *s)
{
	memset(s, 0, sizeof(*s));
	support_frames_fill(&s->frames, FRAMES, 64);
	assert_int_equal(link_memory_open(&s->first), 0);
	assert_int_equal(link_memory_open(&s->second), 0);
	assert_int_equal(link_split_open(&s->split, s->first, s->second, sides), 0);
	s->split->took = hear;
	s->split->took_context = s;
}

static void assert_holds(
	const struct setting *s, const struct link *link, uint8_t side, unsigned int passes)
{
	size_t at = 0;

	for (unsigned int i = 0; i < passes * FRAMES; i++) {
		size_t length;

		if (sides[i % FRAMES] != side)
			continue;
		assert_true(at < link_memory_count(link));
		assert_memory_equal(
			link_memory_frame(link, at++, &length), s->frames.octets[i % FRAMES], 64);
		assert_int_equal(length, 64);
	}
	assert_int_equal(at, link_memory_count(link));
}

static void each_frame_leaves_by_its_side_in_order(void **state)
{
	struct link_stats stats;
	struct setting s;
	struct err err;

	(void)state;
	open_split(&s);
	/* Also in pieces that begin amid a pass. */
	assert_int_equal(link_run(s.split, &s.frames.program, 0, 13, &err), 0);
	assert_int_equal(link_run(s.split, &s.frames.program, 13, 7, &err), 0);
	assert_holds(&s, s.first, 0, 2);
	assert_holds(&s, s.second, 1, 2);
	assert_int_equal(s.told, 20);
	link_stats(s.split, &stats);
	assert_int_equal(stats.queued, 20);
	assert_int_equal(stats.sent, 20);
	assert_int_equal(stats.bytes, 20 * 64);
	assert_int_equal(link_close(s.split, &err), 0);
}

/* A link that refuses all. */
struct refusing_link {
	struct link link;
	uint64_t refused;
};

static int refuse(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
	struct err *err)
{
	(void)runner;
	(void)first;
	(void)err;
	((struct refusing_link *)link)->refused += count;
	return 0;
}

static void refuse_stats(const struct link *link, struct link_stats *ret)
{
	memset(ret, 0, sizeof(*ret));
	link_stats_fail(ret, EMSGSIZE, ((const struct refusing_link *)link)->refused);
}

static int refuse_close(struct link *link, struct err *err)
{
	(void)link;
	(void)err;
	return 0;
}

static void what_one_side_refuses_is_in_the_sum(void **state)
{
	static const struct link_ops ops = {
		.name = "no", .run = refuse, .stats = refuse_stats, .close = refuse_close
	};
	struct refusing_link refusing = { .link.ops = &ops };
	struct support_frames frames = { 0 };
	struct link *first, *split;
	struct link_stats stats;
	struct err err;

	(void)state;
	support_frames_fill(&frames, FRAMES, 64);
	assert_int_equal(link_memory_open(&first), 0);
	assert_int_equal(link_split_open(&split, first, &refusing.link, sides), 0);
	assert_int_equal(link_run(split, &frames.program, 0, FRAMES, &err), 0);
	link_stats(split, &stats);
	assert_int_equal(stats.queued, FRAMES);
	assert_int_equal(stats.sent, 5);
	assert_int_equal(stats.failed, 5);
	assert_int_equal(stats.errors[0].error, EMSGSIZE);
	assert_int_equal(stats.errors[0].count, 5);
	assert_int_equal(link_close(split, &err), 0);
}

static void a_filter_takes_what_it_says(void **state)
{
	/* To 192.0.2.9, UDP port 53. */
	static const uint8_t octets[60] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0, 0,
		28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 9, 0x9c, 0x40, 0, 53 };
	struct filter *filter;
	struct err err;

	(void)state;
	assert_int_equal(filter_new(&filter, "udp dst port 53", &err), 0);
	assert_true(filter_takes(filter, octets, sizeof(octets)));
	assert_false(filter_takes(filter, octets, 20));
	filter_free(filter);
	assert_int_equal(filter_new(&filter, "src host 192.0.2.9", &err), 0);
	assert_false(filter_takes(filter, octets, sizeof(octets)));
	filter_free(filter);
	assert_int_equal(filter_new(&filter, "udp port port", &err), -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_non_null(strstr(err.text, "udp port port"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_frame_leaves_by_its_side_in_order),
		cmocka_unit_test(what_one_side_refuses_is_in_the_sum),
		cmocka_unit_test(a_filter_takes_what_it_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
