/* Records: their fields by name, and under which conditions these are there. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void a_field_is_found_by_its_name(void **state)
{
	const struct wire_record *udp = &wire_protocol_find("udp")->header;

	(void)state;
	assert_int_equal(wire_field_find(udp, "sport"), 0);
	assert_int_equal(wire_field_find(udp, "checksum"), 3);
	assert_int_equal(wire_field_find(udp, "dprt"), -1);
	assert_int_equal(wire_field_find(udp, ""), -1);
}

static void of_fields_with_one_name_the_first_is_found(void **state)
{
	const struct wire_record *icmpv6 = &wire_protocol_find("icmpv6")->header;
	int target = wire_field_find(icmpv6, "target");

	(void)state;
	assert_true(wire_when_holds(icmpv6->fields[target].when, 135));
	assert_string_equal(icmpv6->fields[target + 1].name, "target");
}

static void a_condition_holds_for_its_values_alone(void **state)
{
	const struct wire_when *when = WIRE_WHEN("type", 3, 11, 12);

	(void)state;
	assert_true(wire_when_holds(when, 3));
	assert_true(wire_when_holds(when, 12));
	assert_false(wire_when_holds(when, 0));
	assert_false(wire_when_holds(when, 4));
}

static void its_other_sense_holds_for_all_but_its_values(void **state)
{
	const struct wire_when *when = WIRE_UNLESS("type", 0, 2);

	(void)state;
	assert_false(wire_when_holds(when, 0));
	assert_false(wire_when_holds(when, 2));
	assert_true(wire_when_holds(when, 1));
	assert_true(wire_when_holds(when, UINT64_MAX));
}

static void a_condition_may_look_at_some_bits_alone(void **state)
{
	const struct wire_when *when = WIRE_WHEN_BITS("flags", 0x6, 0x2);
	const struct wire_when *unless = WIRE_UNLESS_BITS("flags", 0x6, 0x2);

	(void)state;
	assert_true(wire_when_holds(when, 0xfb));
	assert_false(wire_when_holds(when, 0xff));
	assert_false(wire_when_holds(unless, 0xfb));
	assert_true(wire_when_holds(unless, 0));
}

/* Its id stands in the second octet. */
static const struct wire_field item_rows[] = {
	{ .name = "count", .kind = WIRE_UINT, .width = 8, .rule = WIRE_COUNT, .of = "others" },
	{ .name = "kind", .kind = WIRE_UINT, .width = 8 },
	{ .name = "length", .kind = WIRE_UINT, .width = 8, .rule = WIRE_LENGTH },
	{ .name = "reserved", .kind = WIRE_UINT, .width = 8 },
	{ .name = "value", .kind = WIRE_UINT, .width = 16 },
	{ .name = "others", .kind = WIRE_LIST },
};
static const struct wire_record item = { .name = "item", WIRE_FIELDS(item_rows) };
static const struct wire_record *const items[] = { &item, NULL };

static void an_item_is_known_by_the_row_where_its_id_stands(void **state)
{
	const struct wire_list list = { .items = items, .id_width = 8, .id_bit = 8 };
	const struct wire_list wide = { .items = items, .id_width = 16, .id_bit = 8 };
	const struct wire_list plain = { .items = items };

	(void)state;
	assert_int_equal(wire_item_id(&list, &item), 1);
	assert_int_equal(wire_item_id(&wide, &item), -1);
	assert_int_equal(wire_item_id(&plain, &item), -1);
	assert_int_equal(wire_item_id(&list, &wire_raw_item), -1);
	assert_int_equal(wire_item_id(NULL, &item), -1);
}

/* Not its id, nor what is counted, nor reserved bits; of a name like the item's own that row. */
static void a_value_alone_is_that_of_the_first_row_with_a_meaning(void **state)
{
	static const struct wire_field named_rows[] = {
		{ .name = "kind", .kind = WIRE_UINT, .width = 8 },
		{ .name = "first", .kind = WIRE_UINT, .width = 8 },
		{ .name = "mtu", .kind = WIRE_UINT, .width = 32 },
	};
	static const struct wire_record named = { .name = "mtu", WIRE_FIELDS(named_rows) };
	static const struct wire_record bare = { .name = "nop", .fields = named_rows, .count = 1 };
	const struct wire_list list = { .items = items, .id_width = 8, .id_bit = 8 };
	const struct wire_list first = { .items = items, .id_width = 8 };

	(void)state;
	assert_int_equal(wire_item_meant(&list, &item, false), 4);
	assert_int_equal(wire_item_meant(&list, &item, true), 5);
	assert_int_equal(wire_item_meant(&first, &named, false), 2);
	assert_int_equal(wire_item_meant(&first, &named, true), -1);
	assert_int_equal(wire_item_meant(&first, &bare, false), -1);
}

static void the_raw_item_is_octets_to_its_end(void **state)
{
	(void)state;
	assert_string_equal(wire_raw_item.name, "raw");
	assert_int_equal(wire_raw_item.count, 1);
	assert_int_equal(wire_raw_item.fields[0].kind, WIRE_BYTES);
	assert_int_equal(wire_raw_item.fields[0].width, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_is_found_by_its_name),
		cmocka_unit_test(of_fields_with_one_name_the_first_is_found),
		cmocka_unit_test(a_condition_holds_for_its_values_alone),
		cmocka_unit_test(its_other_sense_holds_for_all_but_its_values),
		cmocka_unit_test(a_condition_may_look_at_some_bits_alone),
		cmocka_unit_test(an_item_is_known_by_the_row_where_its_id_stands),
		cmocka_unit_test(a_value_alone_is_that_of_the_first_row_with_a_meaning),
		cmocka_unit_test(the_raw_item_is_octets_to_its_end),
	};

	return cmocka_run_group_tests_name("wire/record", tests, NULL, NULL);
}
