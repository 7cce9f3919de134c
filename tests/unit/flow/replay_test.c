/* A capture as a program: octets, times, passes, in memory and as it goes. */
#include "flow/replay.h"

#include "base/err.h"
#include "flow/send.h"
#include "link/filter.h"
#include "link/pcapfile.h"

#include "../../support/file.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LENGTH 60
#define BEGIN  1700000000000000000U

struct world {
	const char *path;
	struct replay_config config;
	struct replay *replay;
	struct err err;
};

/* A frame whose last octet is its number. */
static void fill(uint8_t *octets, uint8_t number)
{
	memset(octets, 0, LENGTH);
	memcpy(octets, (const uint8_t[]){ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 }, 14);
	octets[LENGTH - 1] = number;
}

/* A capture of count frames at these times, in nanoseconds after BEGIN; captured octets of each. */
static void write_capture(struct world *w, const uint64_t *times, unsigned int count,
	uint32_t captured, bool with_fcs)
{
	struct pcapfile *file;

	assert_int_equal(pcapfile_create(&file, w->path, with_fcs, &w->err), 0);
	for (unsigned int i = 0; i < count; i++) {
		uint8_t octets[LENGTH];

		fill(octets, (uint8_t)i);
		assert_int_equal(
			pcapfile_write(file, BEGIN + times[i], octets, captured, LENGTH, &w->err),
			0);
	}
	assert_int_equal(pcapfile_close(file, &w->err), 0);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));

	w->path = support_path("replay.pcap");
	w->config = (struct replay_config){ .path = w->path, .loops = 1, .speed = 1 };
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;

	replay_close(w->replay);
	unlink(w->path);
	free(w);
	return 0;
}

static void load(struct world *w)
{
	if (replay_open(&w->replay, &w->config, &w->err) || replay_load(w->replay, &w->err))
		fail_msg("%s", w->err.text);
}

static void assert_numbers(const struct patch_frame *frames, const uint8_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		uint8_t wanted[LENGTH];

		fill(wanted, numbers[i]);
		assert_int_equal(frames[i].length, LENGTH);
		assert_memory_equal(frames[i].octets, wanted, LENGTH);
	}
}

static const uint64_t times[] = { 0, 1000, 3001, 3001, 10000 };

static void a_pass_has_the_octets_and_the_gaps_of_the_capture(void **state)
{
	struct world *w = *state;
	const struct patch_program *program;

	write_capture(w, times, 5, LENGTH, false);
	load(w);
	program = replay_program(w->replay);
	assert_int_equal(program->count, 5);
	assert_numbers(program->frames, (const uint8_t[]){ 0, 1, 2, 3, 4 }, 5);
	assert_int_equal(program->frames[0].gap_ns, 1000);
	assert_int_equal(program->frames[1].gap_ns, 2001);
	assert_int_equal(program->frames[2].gap_ns, 0);
	assert_int_equal(program->frames[3].gap_ns, 6999);
	/* Then the next pass begins, after a gap like the others. */
	assert_int_equal(program->frames[4].gap_ns, 2500);
	assert_int_equal(replay_counts(w->replay)->span_ns, 10000);
}

static void a_speed_scales_the_gaps_without_rounding_them_up(void **state)
{
	struct world *w = *state;
	uint64_t sum = 0;

	write_capture(w, times, 5, LENGTH, false);
	w->config.speed = 3;
	load(w);
	for (unsigned int i = 0; i < 4; i++)
		sum += replay_program(w->replay)->frames[i].gap_ns;
	assert_int_equal(sum, 3333);
	assert_int_equal(replay_program(w->replay)->frames[1].gap_ns, 1000 - 333);
}

static void without_a_speed_there_are_no_gaps(void **state)
{
	struct world *w = *state;

	write_capture(w, times, 5, LENGTH, false);
	w->config.speed = 0;
	load(w);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(replay_program(w->replay)->frames[i].gap_ns, 0);
}

static void times_that_go_back_hold_no_frame_up(void **state)
{
	static const uint64_t back[] = { 5000, 2000, 9000 };
	struct world *w = *state;

	write_capture(w, back, 3, LENGTH, false);
	load(w);
	assert_int_equal(replay_program(w->replay)->frames[0].gap_ns, 0);
	assert_int_equal(replay_program(w->replay)->frames[1].gap_ns, 4000);
}

static void a_limit_and_a_filter_choose_frames(void **state)
{
	struct world *w = *state;

	write_capture(w, times, 5, LENGTH, false);
	w->config.filter = "ether[59] != 1";
	w->config.limit = 3;
	load(w);
	assert_int_equal(replay_program(w->replay)->count, 3);
	assert_numbers(replay_program(w->replay)->frames, (const uint8_t[]){ 0, 2, 3 }, 3);
	/* The frame left out is time that passes. */
	assert_int_equal(replay_program(w->replay)->frames[0].gap_ns, 3001);
}

static void frames_that_the_second_filter_takes_have_the_other_side(void **state)
{
	struct world *w = *state;
	struct filter *second;

	write_capture(w, times, 5, LENGTH, false);
	assert_int_equal(filter_new(&second, "ether[59] & 1 = 1", &w->err), 0);
	w->config.second = second;
	load(w);
	assert_memory_equal(replay_sides(w->replay), ((const uint8_t[]){ 0, 1, 0, 1, 0 }), 5);
	assert_int_equal(replay_counts(w->replay)->second, 2);
	filter_free(second);
}

static void frames_that_were_cut_are_refused_sent_or_left_out(void **state)
{
	struct world *w = *state;

	write_capture(w, times, 5, 40, false);
	assert_int_equal(replay_open(&w->replay, &w->config, &w->err), -EINVAL);
	assert_non_null(strstr(w->err.text, "frame 1 was cut to 40 of its 60 octets"));
	w->config.cut = REPLAY_CUT_SEND;
	load(w);
	assert_int_equal(replay_program(w->replay)->frames[4].length, 40);
	assert_int_equal(replay_counts(w->replay)->cut, 5);
	replay_close(w->replay);
	w->replay = NULL;
	w->config.cut = REPLAY_CUT_SKIP;
	assert_int_equal(replay_open(&w->replay, &w->config, &w->err), 0);
	assert_int_equal(replay_load(w->replay, &w->err), -EINVAL);
	assert_non_null(strstr(w->err.text, "has no frames"));
}

static void of_a_frame_cut_within_its_first_octets_nothing_else_is_read(void **state)
{
	const uint8_t octets[] = { 2, 0 };
	struct world *w = *state;
	struct pcapfile *file;

	assert_int_equal(pcapfile_create(&file, w->path, true, &w->err), 0);
	assert_int_equal(pcapfile_write(file, BEGIN, octets, 1, 2, &w->err), 0);
	assert_int_equal(pcapfile_close(file, &w->err), 0);
	w->config.cut = REPLAY_CUT_SEND;
	load(w);
	assert_int_equal(replay_program(w->replay)->frames[0].length, 0);
}

static void an_fcs_of_the_file_goes_as_it_is_asked_to(void **state)
{
	struct world *w = *state;
	const struct patch_frame *frame;

	write_capture(w, times, 1, LENGTH, true);
	load(w);
	assert_int_equal(replay_program(w->replay)->frames[0].length, LENGTH - 4);
	replay_close(w->replay);
	w->replay = NULL;
	w->config.fcs = FCS_REPLACE;
	load(w);
	frame = &replay_program(w->replay)->frames[0];
	assert_int_equal(frame->length, LENGTH);
	assert_true(frame->own_fcs);
	assert_numbers(frame, (const uint8_t[]){ 0 }, 1);
}

static void a_file_without_fcs_gets_the_right_one(void **state)
{
	struct world *w = *state;
	const struct patch_frame *frame;
	uint8_t right[FCS_LENGTH];

	write_capture(w, times, 1, LENGTH, false);
	w->config.fcs = FCS_APPEND;
	load(w);
	frame = &replay_program(w->replay)->frames[0];
	assert_int_equal(frame->length, LENGTH + FCS_LENGTH);
	assert_false(frame->own_fcs);
	crc32_fcs(frame->octets, LENGTH, right);
	assert_memory_equal(frame->octets + LENGTH, right, FCS_LENGTH);
}

/* 700 frames, so that a chunk ends within a pass; three passes. */
static void as_it_goes_the_frames_are_those_in_memory(void **state)
{
	struct world *w = *state;
	uint64_t many[700], index = 0, gap_ns = 0;
	const struct patch_frame *frames;
	struct replay *memory;
	int made;

	for (unsigned int i = 0; i < 700; i++)
		many[i] = 1000 * i + i % 7;
	write_capture(w, many, 700, LENGTH, false);
	w->config.loops = 3;
	load(w);
	memory = w->replay;
	assert_int_equal(replay_open(&w->replay, &w->config, &w->err), 0);
	frames = replay_program(w->replay)->frames;
	while ((made = replay_prepare(
			w->replay, index, SEND_CHUNK - index % SEND_CHUNK, &gap_ns, &w->err)) > 0) {
		for (int i = 0; i < made; i++, index++) {
			const struct patch_frame *wanted =
				&replay_program(memory)->frames[index % 700];

			assert_int_equal(frames[i].length, wanted->length);
			assert_int_equal(frames[i].gap_ns, wanted->gap_ns);
			assert_string_equal(frames[i].name, wanted->name);
			assert_memory_equal(frames[i].octets, wanted->octets, wanted->length);
		}
	}
	assert_int_equal(made, 0);
	assert_int_equal(index, 2100);
	assert_int_equal(replay_counts(w->replay)->frames, 2100);
	replay_close(memory);
}

static void no_file_and_no_capture_are_told(void **state)
{
	struct world *w = *state;

	unlink(w->path);
	assert_int_equal(replay_open(&w->replay, &w->config, &w->err), -ENOENT);
	support_file("replay.pcap", "no capture at all, but text", 27);
	assert_int_equal(replay_open(&w->replay, &w->config, &w->err), -EINVAL);
	assert_int_equal(w->err.kind, ERR_INPUT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_pass_has_the_octets_and_the_gaps_of_the_capture),
		TEST(a_speed_scales_the_gaps_without_rounding_them_up),
		TEST(without_a_speed_there_are_no_gaps),
		TEST(times_that_go_back_hold_no_frame_up),
		TEST(a_limit_and_a_filter_choose_frames),
		TEST(frames_that_the_second_filter_takes_have_the_other_side),
		TEST(frames_that_were_cut_are_refused_sent_or_left_out),
		TEST(of_a_frame_cut_within_its_first_octets_nothing_else_is_read),
		TEST(an_fcs_of_the_file_goes_as_it_is_asked_to),
		TEST(a_file_without_fcs_gets_the_right_one),
		TEST(as_it_goes_the_frames_are_those_in_memory),
		TEST(no_file_and_no_capture_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
