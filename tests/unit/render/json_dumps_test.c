/* json_reader.h and json_dumps: what Python's json module reads and writes. */
#include "render/json.h"
#include "render/json_reader.h"

#include "base/buffer.h"
#include "base/err.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Reads the text an octet at a time. */
static struct json *read_text(const char *text)
{
	struct json_reader *reader = json_reader_new();
	struct json *json = NULL;
	struct err err = { 0 };
	int rc = 0;

	for (; *text && rc == 0; text++)
		rc = json_reader_feed(reader, text, 1, &json, &err);
	json_reader_free(reader);
	assert_int_equal(rc, 1);
	return json;
}

static void expect(const char *text, bool indent, const char *wanted)
{
	struct json *json = read_text(text);
	struct buffer out = { 0 };

	json_dumps(json, indent, &out);
	assert_string_equal(buffer_text(&out), wanted);
	json_free(json);
	buffer_fini(&out);
}

static void one_line_has_a_blank_after_colons_and_commas(void **state)
{
	(void)state;
	expect("{\"a\":[1,2,{}],\"b\":{\"c\":null,\"d\":true}}", false,
		"{\"a\": [1, 2, {}], \"b\": {\"c\": null, \"d\": true}}");
}

static void indented_is_four_blanks_a_level_and_empty_ones_stay_closed(void **state)
{
	(void)state;
	expect("{\"a\":[1,[]],\"b\":{}}", true,
		"{\n    \"a\": [\n        1,\n        []\n    ],\n    \"b\": {}\n}");
	expect("{}", true, "{}");
}

static void what_is_not_ascii_is_escaped(void **state)
{
	(void)state;
	expect("{\"\xc3\xb6\":\"\xe2\x82\xac \xf0\x9f\x98\x80\xc2\x9b\"}", false,
		"{\"\\u00f6\": \"\\u20ac \\ud83d\\ude00\\u009b\"}");
	expect("\"\xff\xc3x\"", false, "\"\\ufffd\\ufffdx\"");
}

static void octets_with_a_zero_and_no_utf8_are_text(void **state)
{
	static const struct {
		const char *octets;
		size_t length;
		const char *text;
	} cases[] = {
		{ "a\0\xff\"\n\xc3", 6, "\"a\\u0000\\ufffdff\\\"\\n\\ufffdc3\"" },
		{ "\xff", 1, "\"\\ufffdff\"" },
		/* What looks like that, and is not. */
		{ "\xef\xbf\xbd"
		  "ff",
			5, "\"\\ufffdef\\ufffdbf\\ufffdbdff\"" },
		{ "\xef\xbf\xbd"
		  "fx",
			5, "\"\\ufffdfx\"" },
		{ "\xef\xbf\xbd\xff", 4, "\"\\ufffd\\ufffdff\"" },
		{ "\xef\xbf\xbd", 3, "\"\\ufffd\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct json *json = json_octets(cases[i].octets, cases[i].length);
		struct buffer out = { 0 };

		json_dumps(json, false, &out);
		assert_string_equal(buffer_text(&out), cases[i].text);
		json_free(json);
		buffer_fini(&out);
	}
}

static void what_is_no_json_is_refused(void **state)
{
	static const char *const texts[] = { "Got your message!", "{\"a\" 1}", "{a: 1}", "[1,]" };
	char deep[64];
	unsigned int i;

	(void)state;
	for (i = 0; i <= sizeof(texts) / sizeof(texts[0]); i++) {
		const char *text = i < sizeof(texts) / sizeof(texts[0]) ? texts[i] : deep;
		struct json_reader *reader = json_reader_new();
		struct json *json = NULL;
		struct err err = { 0 };

		memset(deep, '[', sizeof(deep) - 1);
		deep[sizeof(deep) - 1] = '\0';
		assert_int_equal(
			json_reader_feed(reader, text, strlen(text), &json, &err), -EINVAL);
		assert_int_equal(err.kind, ERR_INPUT);
		json_reader_free(reader);
	}
}

static void what_follows_a_value_is_left_alone(void **state)
{
	struct json_reader *reader = json_reader_new();
	struct json *json = NULL;

	(void)state;
	assert_int_equal(json_reader_feed(reader, "{} x", 4, &json, NULL), 1);
	json_free(json);
	json_reader_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_line_has_a_blank_after_colons_and_commas),
		cmocka_unit_test(indented_is_four_blanks_a_level_and_empty_ones_stay_closed),
		cmocka_unit_test(what_is_not_ascii_is_escaped),
		cmocka_unit_test(octets_with_a_zero_and_no_utf8_are_text),
		cmocka_unit_test(what_is_no_json_is_refused),
		cmocka_unit_test(what_follows_a_value_is_left_alone),
	};

	return cmocka_run_group_tests_name("json_dumps", tests, NULL, NULL);
}
