/* cells.h: what is packed comes out again. */
#include "base/cells.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void what_is_packed_comes_out_again(void **state)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	struct histogram *out = calloc(1, sizeof(*out));
	struct cells cells = { 0 };

	(void)state;
	assert_non_null(histogram);
	assert_non_null(out);
	histogram_add(histogram, 0, 1);
	histogram_add(histogram, 300, 2);
	histogram_add(histogram, 1ULL << 40, 1ULL << 40);
	histogram_add(histogram, UINT64_MAX, 3);
	assert_int_equal(cells_pack(&cells, histogram), 0);
	assert_int_equal(cells.count, 4);
	cells_unpack(&cells, out);
	assert_memory_equal(out->cells, histogram->cells, sizeof(out->cells));
	assert_int_equal(out->count, histogram->count);
	assert_int_equal(out->max, UINT64_MAX);
	/* Adds to what there is. */
	cells_unpack(&cells, out);
	assert_int_equal(out->count, 2 * histogram->count);
	cells_fini(&cells);
	free(histogram);
	free(out);
}

static void packed_again_there_is_what_came_last(void **state)
{
	struct histogram *histogram = calloc(1, sizeof(*histogram));
	struct cells cells = { 0 };

	(void)state;
	assert_non_null(histogram);
	histogram_add(histogram, 5, 1);
	assert_int_equal(cells_pack(&cells, histogram), 0);
	histogram_add(histogram, 7, 1);
	assert_int_equal(cells_pack(&cells, histogram), 0);
	assert_int_equal(cells.count, 2);
	*histogram = (struct histogram){ 0 };
	assert_int_equal(cells_pack(&cells, histogram), 0);
	assert_int_equal(cells.count, 0);
	cells_fini(&cells);
	free(histogram);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_packed_comes_out_again),
		cmocka_unit_test(packed_again_there_is_what_came_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
