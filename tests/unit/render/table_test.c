/* table.h: the words for what stands in a protocol's rows. */
#include "render/table.h"

#include "base/buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const struct wire_name kinds[] = { { 1, "one" }, { 2, "two" }, { 3, "three" }, { 0, NULL } };

static const struct wire_field rows[] = {
	{ .name = "kind", .kind = WIRE_UINT, .width = 8, .names = kinds },
	{ .name = "low", .kind = WIRE_UINT, .width = 4, .preset = "7" },
	{ .name = "high", .kind = WIRE_UINT, .width = 4, .required = true },
	{ .name = "only", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("kind", 1, 3) },
	{ .name = "also", .kind = WIRE_UINT, .width = 16, .when = WIRE_WHEN("kind", 1, 3) },
	{ .name = "other", .kind = WIRE_IPV4, .width = 32, .when = WIRE_UNLESS("kind", 1, 9) },
	{ .name = "size",
		.kind = WIRE_UINT,
		.width = 8,
		.rule = WIRE_LENGTH,
		.length = { WIRE_SPAN_RECORD, 8, -1 } },
	{ .name = "next",
		.kind = WIRE_UINT,
		.width = 8,
		.rule = WIRE_NEXT,
		.space = WIRE_IP_PROTOCOL,
		.names = kinds,
		.preset = "59" },
	{ .name = "rest", .kind = WIRE_BYTES },
	{ .name = "any", .kind = WIRE_UINT, .width = 8, .when = WIRE_WHEN("kind", 1, 2, 3) },
	{ .name = "masked",
		.kind = WIRE_UINT,
		.width = 8,
		.when = WIRE_WHEN_BITS("kind", 3, 1, 3) },
};
static const struct wire_record record = { .name = "test", WIRE_FIELDS(rows) };

/* The second may not be there. */
static const struct wire_field end_rows[] = {
	{ .name = "kind", .kind = WIRE_UINT, .width = 8 },
	{ .name = "more", .kind = WIRE_UINT, .width = 8, .optional = true },
	{ .name = "last", .kind = WIRE_UINT, .width = 8 },
};
static const struct wire_record ends = { .name = "ends", WIRE_FIELDS(end_rows) };

static void offsets_are_known_up_to_what_depends_on_the_frame(void **state)
{
	(void)state;
	assert_int_equal(table_offset(&record, 0), 0);
	assert_int_equal(table_offset(&record, 1), 8);
	assert_int_equal(table_offset(&record, 2), 12);
	assert_int_equal(table_offset(&record, 3), 16);
	assert_int_equal(table_offset(&record, 4), -1);
	assert_int_equal(table_offset(&record, 8), -1);
	assert_int_equal(table_offset(&ends, 1), 8);
	assert_int_equal(table_offset(&ends, 2), -1);
}

static void expect_default(unsigned int index, const char *wanted)
{
	struct buffer out = { 0 };

	table_default(&rows[index], &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static void a_default_is_what_is_sent_when_the_field_is_left_out(void **state)
{
	(void)state;
	expect_default(0, "0");
	expect_default(1, "7");
	expect_default(2, "required");
	expect_default(5, "zeros");
	expect_default(6, "automatic");
	expect_default(7, "automatic, else 59");
	expect_default(8, "none");
}

static void automatic_is_explained(void **state)
{
	struct buffer out = { 0 };

	(void)state;
	table_automatic(&rows[6], &out);
	assert_string_equal(buffer_text(&out), "the length of the header in units of 8 octets, -1");
	buffer_clear(&out);
	table_automatic(&rows[7], &out);
	assert_string_equal(
		buffer_text(&out), "the number of the layer that follows, its IP protocol");
	buffer_clear(&out);
	table_automatic(&rows[1], &out);
	assert_string_equal(buffer_text(&out), "");
	buffer_fini(&out);
}

static void expect_when(unsigned int index, const char *wanted)
{
	struct buffer out = { 0 };

	table_when(&record, &rows[index], &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static void a_condition_has_the_names_of_its_values(void **state)
{
	(void)state;
	expect_when(0, "");
	expect_when(3, "kind is one or three");
	expect_when(5, "kind is not one, 9");
	expect_when(9, "kind is one, two or three");
	expect_when(10, "kind & 0x3 is 0x1 or 0x3");
}

static void equal_conditions_are_known_as_such(void **state)
{
	(void)state;
	assert_true(table_same_when(&rows[3], &rows[4]));
	assert_true(table_same_when(&rows[0], &rows[1]));
	assert_false(table_same_when(&rows[4], &rows[5]));
	assert_false(table_same_when(&rows[2], &rows[3]));
	assert_false(table_same_when(&rows[3], &rows[10]));
}

static void a_row_s_own_names_go_before_the_protocols(void **state)
{
	struct wire_name name;
	bool udp = false;
	bool icmp = false;
	unsigned int i;

	(void)state;
	assert_true(table_name(&rows[7], 0, &name));
	assert_string_equal(name.name, "one");
	for (i = 3; table_name(&rows[7], i, &name); i++) {
		udp |= !strcmp(name.name, "udp") && name.value == 17;
		icmp |= !strcmp(name.name, "icmp"); /* its number, 1, is named "one" here */
	}
	assert_true(udp);
	assert_false(icmp);
	assert_false(table_name(&rows[1], 0, &name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offsets_are_known_up_to_what_depends_on_the_frame),
		cmocka_unit_test(a_default_is_what_is_sent_when_the_field_is_left_out),
		cmocka_unit_test(automatic_is_explained),
		cmocka_unit_test(a_condition_has_the_names_of_its_values),
		cmocka_unit_test(equal_conditions_are_known_as_such),
		cmocka_unit_test(a_row_s_own_names_go_before_the_protocols),
	};

	return cmocka_run_group_tests_name("render/table", tests, NULL, NULL);
}
