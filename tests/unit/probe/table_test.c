/* Places by keys: what was added is found until it is removed, against a plain list. */
#include "probe/table.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static unsigned int count_under(const struct probe_table *table, uint64_t key, uint32_t place)
{
	uint32_t cursor = 0, found;
	unsigned int count = 0;

	while (probe_table_next(table, key, &cursor, &found))
		count += found == place;
	return count;
}

static void a_place_is_found_under_its_keys_until_it_is_removed(void **state)
{
	struct probe_table table;

	(void)state;
	assert_int_equal(probe_table_init(&table, 10), 0);
	assert_true(probe_table_add(&table, 1, 5));
	assert_true(probe_table_add(&table, 2, 5));
	assert_true(probe_table_add(&table, 1, 6));
	assert_int_equal(count_under(&table, 1, 5), 1);
	assert_int_equal(count_under(&table, 1, 6), 1);
	assert_int_equal(count_under(&table, 2, 5), 1);
	assert_int_equal(count_under(&table, 2, 6), 0);
	probe_table_remove(&table, 1, 5);
	probe_table_remove(&table, 3, 5);
	assert_int_equal(count_under(&table, 1, 5), 0);
	assert_int_equal(count_under(&table, 1, 6), 1);
	assert_int_equal(count_under(&table, 2, 5), 1);
	probe_table_fini(&table);
}

/* The table holds 192 of 256 cells at most, so that runs of cells grow long and wrap around. */
static void many_come_and_go_and_none_is_lost(void **state)
{
	enum { KEYS = 500, STEPS = 200000 };
	static bool there[KEYS];
	struct probe_table table;
	unsigned int used = 0;

	(void)state;
	memset(there, 0, sizeof(there));
	assert_int_equal(probe_table_init(&table, 128), 0);
	for (uint64_t i = 0; i < STEPS; i++) {
		uint64_t random = random_at(42, i);
		uint32_t key = (uint32_t)(random % KEYS);

		if (there[key]) {
			probe_table_remove(&table, key, key + 1000);
			used--;
			there[key] = false;
		} else if (used < table.limit) {
			assert_true(probe_table_add(&table, key, key + 1000));
			used++;
			there[key] = true;
		} else {
			assert_false(probe_table_add(&table, key, key + 1000));
		}
		if (i % 1000)
			continue;
		for (uint32_t k = 0; k < KEYS; k++)
			assert_int_equal(count_under(&table, k, k + 1000), there[k]);
	}
	assert_int_equal(table.used, used);
	probe_table_fini(&table);
}

static void a_key_that_all_share_takes_no_more_than_a_look_up_may_cost(void **state)
{
	struct probe_table table;
	uint32_t cursor = 0, place;
	unsigned int taken = 0, found = 0;

	(void)state;
	assert_int_equal(probe_table_init(&table, 10000), 0);
	for (uint32_t i = 0; i < 10000; i++)
		taken += probe_table_add(&table, 77, i);
	while (probe_table_next(&table, 77, &cursor, &place))
		found++;
	assert_int_equal(taken, PROBE_TABLE_SHARED);
	assert_int_equal(found, taken);
	assert_true(probe_table_add(&table, 78, 3));
	assert_int_equal(count_under(&table, 78, 3), 1);
	probe_table_fini(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_place_is_found_under_its_keys_until_it_is_removed),
		cmocka_unit_test(many_come_and_go_and_none_is_lost),
		cmocka_unit_test(a_key_that_all_share_takes_no_more_than_a_look_up_may_cost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
