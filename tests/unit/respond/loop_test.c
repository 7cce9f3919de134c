/* The loop: requests out of a capture file, answers on a link in memory, by a clock of its own. */
#include "base/arena.h"
#include "base/err.h"
#include "frame/build.h"
#include "link/link.h"
#include "respond/loop.h"
#include "template/template.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define REQUESTS 300

struct fixture {
	struct arena arena;
	char path[64];
	struct respond_rule rule;
	struct responder *responder;
	struct capture *capture;
	struct link *link;
	uint64_t now;
	struct clock clock;
	unsigned int seen, held_back;
	uint64_t per_rule[1];
};

/* Each look takes a tenth of a millisecond. */
static uint64_t now(void *context)
{
	struct fixture *f = context;

	f->now += 100000;
	return f->now;
}

static void read_rule(struct fixture *f, struct template *template)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct respond_config config = { .echo = RESPOND_ECHO_NONE };
	struct err err = { 0 };

	if (template_read_file(&f->arena, "frames/respond/udp-echo.yaml", &options, template, &err))
		fail_msg("%s", err.text);
	f->rule = (struct respond_rule){ template->rules[0].name, &template->rules[0].request,
		&template->rules[0].answer };
	if (responder_new(&f->responder, &f->rule, 1, &config, &err))
		fail_msg("%s", err.text);
}

/* Every third of them is to another port. */
static void write_requests(struct fixture *f)
{
	struct frame_spec request, answer;
	struct patch_frame frames[REQUESTS];
	struct patch_program program;
	struct frame_view view;
	struct err err = { 0 };
	struct link *file;
	uint8_t *other;

	assert_int_equal(respond_example(&f->arena, &f->rule, &request, &answer, &err), 0);
	assert_int_equal(frame_build(&f->arena, &request, &view, &err), 0);
	other = arena_copy(&f->arena, view.octets, view.length);
	other[37]++;
	for (unsigned int i = 0; i < REQUESTS; i++)
		frames[i] = (struct patch_frame){ .name = "request",
			.octets = i % 3 == 2 ? other : view.octets,
			.length = view.length,
			.weight = 1 };
	patch_program_init(&program, frames, REQUESTS);
	assert_int_equal(link_file_open(&file, f->path, false, &err), 0);
	assert_int_equal(link_run(file, &program, 0, REQUESTS, &err), 0);
	assert_int_equal(link_close(file, &err), 0);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct template template;
	struct err err = { 0 };
	int fd;

	assert_non_null(f);
	arena_init(&f->arena);
	snprintf(f->path, sizeof(f->path), "%s", "/tmp/pktsmith-loop-XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	close(fd);
	read_rule(f, &template);
	write_requests(f);
	if (capture_open_file(&f->capture, f->path, NULL, &err))
		fail_msg("%s", err.text);
	assert_int_equal(link_memory_open(&f->link), 0);
	f->clock = (struct clock){ .now = now, .context = f };
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	link_close(f->link, NULL);
	capture_close(f->capture);
	responder_free(f->responder);
	unlink(f->path);
	arena_fini(&f->arena);
	free(f);
	return 0;
}

static void seen(void *context, const struct respond_seen *one)
{
	struct fixture *f = context;

	f->seen++;
	f->held_back += one->held_back;
}

static struct respond_loop loop_of(struct fixture *f)
{
	return (struct respond_loop){
		.capture = f->capture,
		.link = f->link,
		.responder = f->responder,
		.clock = &f->clock,
		.seen = seen,
		.context = f,
	};
}

static void all_that_match_are_answered_and_the_rest_is_counted(void **state)
{
	struct fixture *f = *state;
	struct respond_loop loop = loop_of(f);
	struct respond_counts counts;
	struct err err = { 0 };

	/* A file has an end. */
	assert_int_equal(respond_loop_run(&loop, f->per_rule, &counts, &err), -ENODATA);
	assert_int_equal(counts.received, REQUESTS);
	assert_int_equal(counts.verdicts[RESPOND_ANSWERED], REQUESTS / 3 * 2);
	assert_int_equal(counts.verdicts[RESPOND_OTHER], REQUESTS / 3);
	assert_int_equal(f->per_rule[0], REQUESTS / 3 * 2);
	assert_int_equal(link_memory_count(f->link), REQUESTS / 3 * 2);
	assert_int_equal(f->seen, REQUESTS);
	assert_int_equal(f->held_back, 0);
}

static void it_ends_after_so_many_answers(void **state)
{
	struct fixture *f = *state;
	struct respond_loop loop = loop_of(f);
	struct respond_counts counts;

	loop.count = 5;
	assert_int_equal(respond_loop_run(&loop, f->per_rule, &counts, NULL), 0);
	assert_int_equal(link_memory_count(f->link), 5);
}

static void what_is_beyond_the_rate_is_held_back(void **state)
{
	struct fixture *f = *state;
	struct respond_loop loop = loop_of(f);
	struct respond_counts counts;

	/* A request each 100 us by the clock, of which two thirds match: every tenth is let by. */
	loop.rate = 1000;
	assert_int_equal(respond_loop_run(&loop, f->per_rule, &counts, NULL), -ENODATA);
	assert_int_equal(counts.verdicts[RESPOND_ANSWERED], REQUESTS / 3 * 2);
	assert_int_equal(counts.held_back, f->held_back);
	assert_int_equal(counts.held_back + link_memory_count(f->link), REQUESTS / 3 * 2);
	assert_in_range(link_memory_count(f->link), REQUESTS / 15 - 2, REQUESTS / 15 + 12);
}

static void a_signal_and_the_duration_end_it(void **state)
{
	static const volatile sig_atomic_t stop = 1;
	struct fixture *f = *state;
	struct respond_loop loop = loop_of(f);
	struct respond_counts counts;

	loop.stop = &stop;
	assert_int_equal(respond_loop_run(&loop, f->per_rule, &counts, NULL), 0);
	assert_true(counts.stopped);
	assert_int_equal(counts.received, 0);
	loop.stop = NULL;
	loop.duration_ns = 1;
	assert_int_equal(respond_loop_run(&loop, f->per_rule, &counts, NULL), 0);
	assert_false(counts.stopped);
	assert_in_range(counts.received, 1, REQUESTS - 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_that_match_are_answered_and_the_rest_is_counted),
		TEST(it_ends_after_so_many_answers),
		TEST(what_is_beyond_the_rate_is_held_back),
		TEST(a_signal_and_the_duration_end_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
