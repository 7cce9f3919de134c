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
		cmocka_unit_test(the_raw_item_is_octets_to_its_end),
	};

	return cmocka_run_group_tests_name("wire/record", tests, NULL, NULL);
}
