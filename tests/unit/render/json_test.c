/* json.h: exact numbers, clean text, keys in order. */
#include "render/json.h"

#include "base/buffer.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* One line of JSON, checked and freed. */
static void expect(struct json *json, const char *wanted)
{
	struct buffer out = { 0 };

	json_print(json, false, &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static void sixty_four_bits_are_exact(void **state)
{
	(void)state;
	expect(json_number(UINT64_MAX), "18446744073709551615\n");
	expect(json_number(0), "0\n");
	expect(json_number((uint64_t)INT64_MAX + 1), "9223372036854775808\n");
}

static void reals_are_as_short_as_they_can_be(void **state)
{
	(void)state;
	expect(json_real(0.1), "0.1\n");
	expect(json_real(1.0 / 3), "0.3333333333333333\n");
	expect(json_real(1234567.25), "1234567.25\n");
	expect(json_real(0), "0\n");
}

static void what_json_has_no_number_for_is_null(void **state)
{
	(void)state;
	expect(json_real(INFINITY), "null\n");
	expect(json_real(NAN), "null\n");
	expect(json_null(), "null\n");
}

static void keys_keep_their_order(void **state)
{
	struct json *json = json_object();
	struct json *array = json_array();

	(void)state;
	json_add(array, json_bool(true));
	json_add(array, json_null());
	json_set(json, "z", json_number(1));
	json_set(json, "a", array);
	json_set(json, "m", json_text("x"));
	expect(json, "{\"z\":1,\"a\":[true,null],\"m\":\"x\"}\n");
}

static void text_is_escaped(void **state)
{
	(void)state;
	expect(json_text("a\"b\\c\nd/e\x01"), "\"a\\\"b\\\\c\\nd/e\\u0001\"\n");
}

static void utf8_stays_as_it_is(void **state)
{
	(void)state;
	expect(json_text("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"),
		"\"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"\n");
}

/* RFC 3629: cut sequences, surrogates, overlong forms, beyond U+10FFFF. */
static void what_is_not_utf8_is_replaced(void **state)
{
	(void)state;
	expect(json_text("a\xff"
			 "b"),
		"\"a\xef\xbf\xbd"
		"b\"\n");
	expect(json_text("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\"\n");
	expect(json_text("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n");
	expect(json_text("\xc0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\"\n");
	expect(json_text("\xf4\x90\x80\x80"),
		"\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"\n");
}

static void indented_json_has_a_line_a_member(void **state)
{
	struct json *json = json_object();
	struct buffer out = { 0 };

	(void)state;
	json_set(json, "a", json_number(1));
	json_set(json, "b", json_text("x"));
	json_print(json, true, &out);
	assert_string_equal(buffer_text(&out), "{\n  \"a\": 1,\n  \"b\": \"x\"\n}\n");
	buffer_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sixty_four_bits_are_exact),
		cmocka_unit_test(reals_are_as_short_as_they_can_be),
		cmocka_unit_test(what_json_has_no_number_for_is_null),
		cmocka_unit_test(keys_keep_their_order),
		cmocka_unit_test(text_is_escaped),
		cmocka_unit_test(utf8_stays_as_it_is),
		cmocka_unit_test(what_is_not_utf8_is_replaced),
		cmocka_unit_test(indented_json_has_a_line_a_member),
	};

	return cmocka_run_group_tests_name("render/json", tests, NULL, NULL);
}
