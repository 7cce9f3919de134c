/* What arrived is given to the frame that it was, and judged. The wire is a capture file. */
#include "base/arena.h"
#include "base/err.h"
#include "flow/verify.h"
#include "frame/build.h"
#include "link/pcapfile.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FRAMES_MAX 4
#define LENGTH	   80

struct world {
	struct arena arena;
	char path[32];
	struct pcapfile *wire;
	struct patch_frame frames[FRAMES_MAX];
	const struct frame_view *sent[FRAMES_MAX];
	unsigned int count;
	struct verify_result *results;
};

static int setup(void **state)
{
	struct world *w = test_calloc(1, sizeof(*w));
	int fd;

	arena_init(&w->arena);
	strcpy(w->path, "/tmp/verify-XXXXXX");
	fd = mkstemp(w->path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(pcapfile_create(&w->wire, w->path, false, NULL), 0);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	pcapfile_close(w->wire, NULL);
	unlink(w->path);
	arena_fini(&w->arena);
	test_free(w);
	return 0;
}

/* An Ethernet frame of an experimental type, whose payload is nothing but seed. */
static uint8_t *octets_make(struct world *w, uint8_t seed, size_t length)
{
	static const uint8_t header[] = { 2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };
	uint8_t *octets = arena_alloc(&w->arena, length);

	memset(octets, seed, length);
	memcpy(octets, header, sizeof(header));
	return octets;
}

/* Frame i is to be sent: its octets, of which the last four may be an FCS of ours. */
static struct patch_frame *add(
	struct world *w, const uint8_t *octets, uint32_t length, bool own_fcs)
{
	struct frame_view *view = arena_alloc(&w->arena, sizeof(*view));
	struct patch_frame *frame = &w->frames[w->count];

	*frame = (struct patch_frame){
		.name = "x", .octets = octets, .length = length, .own_fcs = own_fcs, .weight = 1
	};
	frame_dissect(&w->arena, &wire_eth, octets, length,
		own_fcs ? DISSECT_FCS_PRESENT : DISSECT_FCS_ABSENT, view);
	w->sent[w->count++] = view;
	return frame;
}

static void arrive(struct world *w, const uint8_t *octets, uint32_t length)
{
	assert_int_equal(pcapfile_write(w->wire, 1, octets, length, length, NULL), 0);
}

static void run(struct world *w)
{
	struct patch_program program;
	struct capture *capture;
	struct link *link;

	pcapfile_close(w->wire, NULL);
	w->wire = NULL;
	patch_program_init(&program, w->frames, w->count);
	assert_int_equal(link_memory_open(&link), 0);
	assert_int_equal(capture_open_file(&capture, w->path, NULL, NULL), 0);
	assert_int_equal(
		verify_run(&w->arena, link, &program, w->sent, capture, 1000, &w->results, NULL),
		0);
	assert_int_equal(link_memory_count(link), w->count);
	capture_close(capture);
	link_close(link, NULL);
}

static void assert_outcome(const struct world *w, unsigned int i, enum verify_outcome wanted)
{
	assert_string_equal(
		verify_outcome_names[w->results[i].outcome], verify_outcome_names[wanted]);
}

static void the_same_octets_are_equal(void **state)
{
	struct world *w = *state;
	uint8_t *octets = octets_make(w, 1, LENGTH);

	add(w, octets, LENGTH, false);
	arrive(w, octets, LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_EQUAL);
	assert_int_equal(w->results[0].count, 0);
	assert_non_null(w->results[0].arrived);
}

static void another_frame_is_not_taken_for_it(void **state)
{
	struct world *w = *state;

	add(w, octets_make(w, 1, LENGTH), LENGTH, false);
	arrive(w, octets_make(w, 2, LENGTH), LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_DROPPED);
	assert_null(w->results[0].arrived);
}

static void of_two_that_are_alike_the_equal_one_is_taken(void **state)
{
	struct world *w = *state;
	uint8_t *first = octets_make(w, 1, LENGTH);
	uint8_t *second = octets_make(w, 1, LENGTH);

	second[40] = 9;
	add(w, first, LENGTH, false);
	add(w, second, LENGTH, false);
	arrive(w, second, LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_DROPPED);
	assert_outcome(w, 1, VERIFY_EQUAL);
}

static void what_arrives_once_is_given_to_one_frame(void **state)
{
	struct world *w = *state;
	uint8_t *octets = octets_make(w, 1, LENGTH);

	add(w, octets, LENGTH, false);
	add(w, octets, LENGTH, false);
	arrive(w, octets, LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_EQUAL);
	assert_outcome(w, 1, VERIFY_DROPPED);
}

static void a_duplicate_is_not_taken_for_a_sister_that_is_lost(void **state)
{
	struct world *w = *state;
	uint8_t *first = octets_make(w, 1, LENGTH);
	uint8_t *second = octets_make(w, 1, LENGTH);

	second[40] = 9;
	add(w, first, LENGTH, false);
	add(w, second, LENGTH, false);
	arrive(w, first, LENGTH);
	arrive(w, first, LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_EQUAL);
	assert_outcome(w, 1, VERIFY_DROPPED);
}

static void changed_ones_go_to_the_nearest(void **state)
{
	struct world *w = *state;
	uint8_t *first = octets_make(w, 1, LENGTH);
	uint8_t *second = octets_make(w, 1, LENGTH);
	uint8_t *changed_first = octets_make(w, 1, LENGTH);
	uint8_t *changed_second = octets_make(w, 1, LENGTH);

	memset(second + 40, 7, 8);
	memset(changed_second + 40, 7, 8);
	changed_first[20] = changed_second[20] = 0xff;
	add(w, first, LENGTH, false);
	add(w, second, LENGTH, false);
	arrive(w, changed_second, LENGTH);
	arrive(w, changed_first, LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_CHANGED);
	assert_outcome(w, 1, VERIFY_CHANGED);
	assert_memory_equal(w->results[0].arrived->octets, changed_first, LENGTH);
	assert_memory_equal(w->results[1].arrived->octets, changed_second, LENGTH);
	assert_int_equal(w->results[0].count, 1);
}

static void an_fcs_of_ours_that_is_taken_off_is_explained(void **state)
{
	struct world *w = *state;
	uint8_t *octets = octets_make(w, 1, LENGTH);

	add(w, octets, LENGTH, true);
	arrive(w, octets, LENGTH - FCS_LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_EXPLAINED);
	assert_int_equal(w->results[0].count, 1);
	assert_int_equal(w->results[0].diffs[0].kind, DIFF_FCS_STRIPPED);
}

static void an_fcs_of_ours_that_arrives_is_equal(void **state)
{
	struct world *w = *state;
	uint8_t *octets = octets_make(w, 1, LENGTH);

	add(w, octets, LENGTH, true);
	arrive(w, octets, LENGTH);
	run(w);
	assert_outcome(w, 0, VERIFY_EQUAL);
}

static void a_runt_that_is_padded_is_explained(void **state)
{
	struct world *w = *state;
	uint8_t *octets = octets_make(w, 1, 60);

	memset(octets + 50, 0, 10);
	add(w, octets, 50, false);
	arrive(w, octets, 60);
	run(w);
	assert_outcome(w, 0, VERIFY_EXPLAINED);
}

static void a_frame_that_is_cut_short_is_changed(void **state)
{
	struct world *w = *state;
	uint8_t *octets = octets_make(w, 1, LENGTH);

	add(w, octets, LENGTH, false);
	arrive(w, octets, LENGTH - 1);
	run(w);
	assert_outcome(w, 0, VERIFY_CHANGED);
}

/* A link that refuses every frame, as one over the MTU. */
static struct link_stats refusing_stats;

static int refusing_run(struct link *link, struct patch_runner *runner, uint64_t first,
	uint64_t count, struct err *err)
{
	(void)link;
	(void)runner;
	(void)first;
	(void)err;
	link_stats_fail(&refusing_stats, EMSGSIZE, count);
	return 0;
}

static void refusing_stats_get(const struct link *link, struct link_stats *ret)
{
	(void)link;
	*ret = refusing_stats;
}

static void a_frame_that_the_link_refuses_is_not_sent_rather_than_dropped(void **state)
{
	static const struct link_ops ops = {
		.name = "refusing", .run = refusing_run, .stats = refusing_stats_get
	};
	struct world *w = *state;
	struct link link = { .ops = &ops };
	struct patch_program program;
	struct capture *capture;

	add(w, octets_make(w, 1, LENGTH), LENGTH, false);
	pcapfile_close(w->wire, NULL);
	w->wire = NULL;
	patch_program_init(&program, w->frames, w->count);
	assert_int_equal(capture_open_file(&capture, w->path, NULL, NULL), 0);
	assert_int_equal(
		verify_run(&w->arena, &link, &program, w->sent, capture, 1000, &w->results, NULL),
		0);
	assert_outcome(w, 0, VERIFY_NOT_SENT);
	capture_close(capture);
	patch_runner_fini(&link.runner);
}

static size_t likeness(const char *a, const char *b)
{
	return verify_likeness((const uint8_t *)a, strlen(a), (const uint8_t *)b, strlen(b));
}

static void likeness_sees_through_what_was_put_in_taken_out_or_changed(void **state)
{
	(void)state;
	assert_int_equal(likeness("abcdef", "abcdef"), 6);
	assert_int_equal(likeness("abcdef", "abXXcdef"), 6); /* put in */
	assert_int_equal(likeness("abXXcdef", "abcdef"), 6); /* taken out */
	assert_int_equal(likeness("abcdef", "abcdefXX"), 6); /* at the end */
	assert_int_equal(likeness("abcdef", "XXabcdef"), 6); /* at the beginning */
	assert_int_equal(likeness("abcdef", "XbcXef"), 4);   /* here and there */
	assert_int_equal(likeness("abcdef", "ghijkl"), 0);
	assert_int_equal(likeness("aaaa", "aa"), 2); /* nothing is counted twice */
	assert_int_equal(likeness("", "abc"), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_same_octets_are_equal),
		TEST(another_frame_is_not_taken_for_it),
		TEST(of_two_that_are_alike_the_equal_one_is_taken),
		TEST(what_arrives_once_is_given_to_one_frame),
		TEST(a_duplicate_is_not_taken_for_a_sister_that_is_lost),
		TEST(changed_ones_go_to_the_nearest),
		TEST(an_fcs_of_ours_that_is_taken_off_is_explained),
		TEST(an_fcs_of_ours_that_arrives_is_equal),
		TEST(a_runt_that_is_padded_is_explained),
		TEST(a_frame_that_is_cut_short_is_changed),
		TEST(a_frame_that_the_link_refuses_is_not_sent_rather_than_dropped),
		cmocka_unit_test(likeness_sees_through_what_was_put_in_taken_out_or_changed),
	};

	return cmocka_run_group_tests_name("flow/verify", tests, NULL, NULL);
}
