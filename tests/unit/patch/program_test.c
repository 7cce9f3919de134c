/* patch_program: frame N of a run is a function of N alone. */
#include "patch/program.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct patch_frame frames[] = {
	{ .name = "a", .length = 60, .weight = 2 },
	{ .name = "b", .length = 1514, .weight = 1 },
	{ .name = "c", .length = 100, .weight = 3 },
};

static void frames_come_in_turn_as_often_as_their_weight_says(void **state)
{
	static const char *const want = "aabcccaabcccaabccc";
	struct patch_program program;

	(void)state;
	patch_program_init(&program, frames, 3);
	for (unsigned int i = 0; want[i]; i++)
		assert_int_equal(patch_program_frame(&program, i)->name[0], want[i]);
}

static void a_pass_is_the_sum_of_the_weights(void **state)
{
	struct patch_program program;

	(void)state;
	patch_program_init(&program, frames, 3);
	assert_int_equal(program.pass, 6);
	assert_int_equal(program.length_max, 1514);
	patch_program_init(&program, frames, 1);
	assert_int_equal(program.pass, 2);
	assert_int_equal(program.length_max, 60);
}

static void a_run_goes_on_without_end(void **state)
{
	struct patch_program program;

	(void)state;
	patch_program_init(&program, frames, 3);
	/* 2^64 - 1 is 3 more than a multiple of 6. */
	assert_ptr_equal(patch_program_frame(&program, UINT64_MAX), &frames[2]);
	assert_ptr_equal(patch_program_frame(&program, UINT64_MAX - 1), &frames[1]);
}

/* a has two sizes in turn; b is always long. */
static const struct patch_generator size = { "size", PATCH_COUNT, .step = 1, .count = 2,
	.divisor = 1 };
static const struct patch_choice by_size = { 0, 1, "size" };
static const struct patch_image images[] = { { .length = 60 }, { .length = 90 } };
static const struct patch_varying sized = { &size, 1, &by_size, 1, images, 2, PATCH_FCS_FIXED };
static const struct patch_frame sizes[] = {
	{ .name = "a", .length = 60, .weight = 3, .varying = &sized },
	{ .name = "b", .length = 1514, .weight = 1 },
};

static void a_turn_is_how_often_the_frame_stood_before(void **state)
{
	static const uint64_t turns[] = { 0, 1, 2, 0, 3, 4, 5, 1, 6 };
	struct patch_program program;

	(void)state;
	patch_program_init(&program, sizes, 2);
	for (unsigned int i = 0; i < sizeof(turns) / sizeof(turns[0]); i++) {
		uint64_t turn;

		assert_ptr_equal(
			patch_program_turn(&program, i, &turn), &sizes[i % 4 == 3 ? 1 : 0]);
		assert_int_equal(turn, turns[i]);
	}
	assert_int_equal(patch_program_first(&program, 0), 0);
	assert_int_equal(patch_program_first(&program, 1), 3);
}

static void a_length_is_that_of_the_image_at_the_turn(void **state)
{
	static const uint32_t lengths[] = { 60, 90, 60, 1514, 90, 60, 90, 1514, 60 };
	struct patch_program program;

	(void)state;
	patch_program_init(&program, sizes, 2);
	for (unsigned int i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		assert_int_equal(patch_program_length(&program, i), lengths[i]);
	assert_int_equal(patch_frame_longest(&sizes[0]), 90);
	assert_true(program.varies);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_in_turn_as_often_as_their_weight_says),
		cmocka_unit_test(a_pass_is_the_sum_of_the_weights),
		cmocka_unit_test(a_run_goes_on_without_end),
		cmocka_unit_test(a_turn_is_how_often_the_frame_stood_before),
		cmocka_unit_test(a_length_is_that_of_the_image_at_the_turn),
	};

	return cmocka_run_group_tests_name("patch/program", tests, NULL, NULL);
}
