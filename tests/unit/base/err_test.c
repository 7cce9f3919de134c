/* Errors: kind, place, subject, hint. */
#include "base/err.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void an_input_error_names_its_place(void **state)
{
	const struct position at = { "a.yaml", 7, 20 };
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_input(&err, &at, "%d is too much", 3), -EINVAL);
	assert_int_equal(err.kind, ERR_INPUT);
	assert_string_equal(err.text, "a.yaml:7:20: 3 is too much");
}

static void a_place_is_told_as_far_as_it_is_known(void **state)
{
	const struct position line = { "a.yaml", 7, 0 };
	const struct position file = { "a.yaml", 0, 0 };
	const struct position none = { NULL, 0, 0 };
	struct err err = { 0 };

	(void)state;
	err_input(&err, &line, "x");
	assert_string_equal(err.text, "a.yaml:7: x");
	err_input(&err, &file, "x");
	assert_string_equal(err.text, "a.yaml: x");
	err_input(&err, &none, "x");
	assert_string_equal(err.text, "x");
	err_input(&err, NULL, "x");
	assert_string_equal(err.text, "x");
}

static void place_and_subject_are_put_before_the_text(void **state)
{
	const struct position at = { "a.yaml", 7, 20 };
	struct err err = { 0 };

	(void)state;
	err_input(&err, NULL, "too big");
	assert_int_equal(err_locate(&err, &at, "tcp.window"), -EINVAL);
	assert_string_equal(err.text, "a.yaml:7:20: tcp.window: too big");
	assert_int_equal(err.kind, ERR_INPUT);
	err_input(&err, NULL, "too big");
	err_locate(&err, &at, NULL);
	assert_string_equal(err.text, "a.yaml:7:20: too big");
}

static void a_system_error_ends_in_what_the_system_said(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_system(&err, ENODEV, "eth9"), -ENODEV);
	assert_int_equal(err.kind, ERR_SYSTEM);
	assert_string_equal(err.text, "eth9: No such device");
}

static void a_result_is_of_its_own_kind_and_takes_hints(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(err_result(&err, "no answer"), -EINVAL);
	err_hint(&err, " in %d s", 3);
	assert_int_equal(err.kind, ERR_RESULT);
	assert_string_equal(err.text, "no answer in 3 s");
}

static void a_caller_may_want_no_text(void **state)
{
	(void)state;
	assert_int_equal(err_input(NULL, NULL, "x"), -EINVAL);
	assert_int_equal(err_result(NULL, "x"), -EINVAL);
	assert_int_equal(err_system(NULL, EIO, "x"), -EIO);
	assert_int_equal(err_locate(NULL, NULL, NULL), -EINVAL);
	err_hint(NULL, "x");
}

static void long_texts_are_cut_inside_their_room(void **state)
{
	const struct position at = { "a.yaml", 1, 1 };
	char text[3000];
	struct err err = { 0 };

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_input(&err, NULL, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_locate(&err, &at, text);
	err_hint(&err, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_memory_equal(err.text, "a.yaml:1:1: xxx", 15);
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);

	return length >= strlen(end) && !strcmp(text + length - strlen(end), end);
}

/* A message quotes what was given, and the reason stands behind that. */
static void the_reason_and_the_hint_outlive_a_value_of_any_length(void **state)
{
	const struct position at = { "a.yaml", 1, 1 };
	char text[3000];
	struct err err = { 0 };

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	err_input(&err, NULL, "\"%s\" is too much", text);
	assert_true(ends_with(err.text, "xxx\" is too much"));
	assert_memory_equal(err.text, "\"xxx", 4);
	assert_non_null(strstr(err.text, "x...x"));
	err_hint(&err, " (at most %d)", 3);
	err_locate(&err, &at, "udp.sport");
	assert_true(ends_with(err.text, "xxx\" is too much (at most 3)"));
	assert_memory_equal(err.text, "a.yaml:1:1: udp.sport: \"xxx", 27);
	assert_true(strlen(err.text) < sizeof(err.text));
}

static void characters_are_cut_out_whole(void **state)
{
	struct err err = { 0 };
	char text[3002];
	unsigned int shift;

	(void)state;
	for (shift = 0; shift < 3; shift++) {
		const char *dots;

		memset(text, 'x', shift);
		for (unsigned int i = 0; i < 1000; i++)
			memcpy(text + shift + (size_t)i * 3, "\xe2\x82\xac", 3);
		text[shift + 2999] = '\0'; /* all but the last are whole */
		err_input(&err, NULL, "%s", text);
		dots = strstr(err.text, "...");
		assert_non_null(dots);
		assert_memory_equal(dots - 3, "\xe2\x82\xac...\xe2\x82\xac", 9);
	}
}

static void control_characters_of_input_do_not_reach_the_text(void **state)
{
	struct err err = { 0 };

	(void)state;
	err_input(&err, NULL, "\"%s\" is bad", "\x1b[2J\n\x7f");
	err_hint(&err, "%s", "\r");
	assert_string_equal(err.text, "\"?[2J??\" is bad?");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_input_error_names_its_place),
		cmocka_unit_test(a_place_is_told_as_far_as_it_is_known),
		cmocka_unit_test(place_and_subject_are_put_before_the_text),
		cmocka_unit_test(a_system_error_ends_in_what_the_system_said),
		cmocka_unit_test(a_result_is_of_its_own_kind_and_takes_hints),
		cmocka_unit_test(a_caller_may_want_no_text),
		cmocka_unit_test(long_texts_are_cut_inside_their_room),
		cmocka_unit_test(the_reason_and_the_hint_outlive_a_value_of_any_length),
		cmocka_unit_test(characters_are_cut_out_whole),
		cmocka_unit_test(control_characters_of_input_do_not_reach_the_text),
	};

	return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
