/* path_mtu: what was told of a path, for a while. */
#include "stack/path_mtu.h"

#include "base/bytes.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t there[4] = { 10, 9, 0, 2 };

static void only_a_smaller_one_counts(void **state)
{
	struct path_mtu table = { 0 };

	(void)state;
	assert_int_equal(path_mtu_find(&table, there, 4, 0), 0);
	path_mtu_lower(&table, there, 4, 1400, 0);
	assert_int_equal(path_mtu_find(&table, there, 4, 0), 1400);
	path_mtu_lower(&table, there, 4, 1450, 0);
	assert_int_equal(path_mtu_find(&table, there, 4, 0), 1400);
	path_mtu_lower(&table, there, 4, 1300, 0);
	assert_int_equal(path_mtu_find(&table, there, 4, 0), 1300);
}

static void rfc1191_it_is_forgotten_after_ten_minutes(void **state)
{
	struct path_mtu table = { 0 };

	(void)state;
	path_mtu_lower(&table, there, 4, 1400, 9);
	assert_int_equal(path_mtu_find(&table, there, 4, 8 + PATH_MTU_TIME_NS), 1400);
	assert_int_equal(path_mtu_find(&table, there, 4, 9 + PATH_MTU_TIME_NS), 0);
	path_mtu_lower(&table, there, 4, 1450, 9 + PATH_MTU_TIME_NS);
	assert_int_equal(path_mtu_find(&table, there, 4, 9 + PATH_MTU_TIME_NS), 1450);
}

static void ten_thousand_destinations_never_mix(void **state)
{
	struct path_mtu table = { 0 };

	(void)state;
	for (uint32_t i = 0; i < 10000; i++) {
		uint8_t address[16] = { 0x20, 1 };

		bytes_put_be32(address + 12, i);
		path_mtu_lower(&table, address, 16, 1280 + i, 0);
		assert_int_equal(path_mtu_find(&table, address, 16, 0), 1280 + i);
	}
	for (uint32_t i = 0; i < 10000; i++) {
		uint8_t address[16] = { 0x20, 1 };
		uint32_t mtu;

		bytes_put_be32(address + 12, i);
		mtu = path_mtu_find(&table, address, 16, 0);
		assert_true(!mtu || mtu == 1280 + i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_a_smaller_one_counts),
		cmocka_unit_test(rfc1191_it_is_forgotten_after_ten_minutes),
		cmocka_unit_test(ten_thousand_destinations_never_mix),
	};

	return cmocka_run_group_tests_name("path_mtu", tests, NULL, NULL);
}
