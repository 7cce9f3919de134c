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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_come_in_turn_as_often_as_their_weight_says),
		cmocka_unit_test(a_pass_is_the_sum_of_the_weights),
		cmocka_unit_test(a_run_goes_on_without_end),
	};

	return cmocka_run_group_tests_name("patch/program", tests, NULL, NULL);
}
