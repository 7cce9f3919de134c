/* tuple: whom a packet is for. */
#include "stack/tuple.h"

#include "base/bytes.h"
#include "base/random.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t here[16] = { 10, 9, 0, 1 }, there[16] = { 10, 9, 0, 2 },
		     else_where[16] = { 10, 9, 0, 3 };

static void the_closest_match_wins(void **state)
{
	struct tuple_table table;
	struct tuple_entry flow = { .tuple = tuple_of(4, here, 80, there, 1000) };
	struct tuple_entry address = { .tuple = tuple_of(4, here, 80, NULL, 0) };
	struct tuple_entry any = { .tuple = tuple_of(4, NULL, 80, NULL, 0) };
	struct tuple_entry both = { .tuple = tuple_of(0, NULL, 80, NULL, 0) };
	struct tuple packet = tuple_of(4, here, 80, there, 1000);
	struct tuple other = tuple_of(4, else_where, 80, there, 1000);
	struct tuple v6 = tuple_of(16, here, 80, there, 1000);

	(void)state;
	assert_int_equal(tuple_table_init(&table, 1), 0);
	assert_null(tuple_match(&table, &packet));
	assert_int_equal(tuple_add(&table, &both), 0);
	assert_ptr_equal(tuple_match(&table, &packet), &both);
	assert_ptr_equal(tuple_match(&table, &v6), &both);
	assert_int_equal(tuple_add(&table, &any), 0);
	assert_ptr_equal(tuple_match(&table, &packet), &any);
	assert_ptr_equal(tuple_match(&table, &v6), &both);
	assert_int_equal(tuple_add(&table, &address), 0);
	assert_ptr_equal(tuple_match(&table, &packet), &address);
	assert_ptr_equal(tuple_match(&table, &other), &any);
	assert_int_equal(tuple_add(&table, &flow), 0);
	assert_ptr_equal(tuple_match(&table, &packet), &flow);
	assert_ptr_equal(tuple_listener(&table, &packet), &address);
	tuple_remove(&table, &flow);
	assert_ptr_equal(tuple_match(&table, &packet), &address);
	packet.local_port = 81;
	assert_null(tuple_match(&table, &packet));
	tuple_table_fini(&table);
}

static void a_tuple_is_there_once(void **state)
{
	struct tuple_table table;
	struct tuple_entry one = { .tuple = tuple_of(4, here, 80, there, 1000) }, two = one;

	(void)state;
	assert_int_equal(tuple_table_init(&table, 1), 0);
	assert_int_equal(tuple_add(&table, &one), 0);
	assert_int_equal(tuple_add(&table, &two), -EEXIST);
	tuple_remove(&table, &one);
	assert_int_equal(tuple_add(&table, &two), 0);
	tuple_table_fini(&table);
}

static void a_hundred_thousand_flows_are_each_found(void **state)
{
	enum { COUNT = 100000 };
	struct tuple_entry *entries = calloc(COUNT, sizeof(*entries));
	struct tuple_table table;

	(void)state;
	assert_non_null(entries);
	assert_int_equal(tuple_table_init(&table, 7), 0);
	for (uint32_t i = 0; i < COUNT; i++) {
		uint8_t remote[16] = { 0 };

		bytes_put_be32(remote, i / 50000);
		entries[i].tuple = tuple_of(4, here, 80, remote, (uint16_t)(i % 50000));
		assert_int_equal(tuple_add(&table, &entries[i]), 0);
	}
	assert_int_equal(table.count, COUNT);
	assert_true(table.size >= COUNT);
	for (uint32_t i = 0; i < COUNT; i += 2)
		tuple_remove(&table, &entries[i]);
	for (uint32_t i = 0; i < COUNT; i++)
		assert_ptr_equal(tuple_find(&table, &entries[i].tuple), i % 2 ? &entries[i] : NULL);
	tuple_table_fini(&table);
	free(entries);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_closest_match_wins),
		cmocka_unit_test(a_tuple_is_there_once),
		cmocka_unit_test(a_hundred_thousand_flows_are_each_found),
	};

	return cmocka_run_group_tests_name("tuple", tests, NULL, NULL);
}
