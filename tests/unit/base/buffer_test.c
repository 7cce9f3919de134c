/* Buffers: octets or text that grow at the end. */
#include "base/buffer.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static void an_empty_buffer_reads_as_an_empty_text(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	assert_string_equal(buffer_text(&buffer), "");
	buffer_clear(&buffer);
	buffer_put(&buffer, NULL, 0);
	assert_string_equal(buffer_text(&buffer), "");
	buffer_fini(&buffer);
}

static void what_is_put_stands_at_the_end_and_reads_as_a_text(void **state)
{
	struct buffer buffer = { 0 };

	(void)state;
	buffer_put(&buffer, "ab", 2);
	buffer_printf(&buffer, "%s%d", "c", 12);
	assert_string_equal(buffer_text(&buffer), "abc12");
	buffer_put_zeros(&buffer, 2);
	buffer_printf(&buffer, "x");
	assert_int_equal(buffer.length, 8);
	assert_memory_equal(buffer.data, "abc12\0\0x", 9);
	buffer_clear(&buffer);
	assert_string_equal(buffer_text(&buffer), "");
	buffer_fini(&buffer);
	assert_null(buffer.data);
}

static void it_grows_to_any_length(void **state)
{
	struct buffer buffer = { 0 };
	uint8_t wanted[70000];
	uint64_t seed = 4;
	size_t put = 0;

	(void)state;
	support_random_octets(&seed, wanted, sizeof(wanted));
	while (put < sizeof(wanted)) {
		size_t length = support_random_below(&seed, 200);

		if (length > sizeof(wanted) - put)
			length = sizeof(wanted) - put;
		buffer_put(&buffer, wanted + put, length);
		put += length;
		assert_int_equal(buffer.length, put);
		assert_int_equal(buffer.data ? buffer.data[put] : 0, 0);
	}
	assert_memory_equal(buffer.data, wanted, sizeof(wanted));
	buffer_fini(&buffer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_buffer_reads_as_an_empty_text),
		cmocka_unit_test(what_is_put_stands_at_the_end_and_reads_as_a_text),
		cmocka_unit_test(it_grows_to_any_length),
	};

	return cmocka_run_group_tests_name("base/buffer", tests, NULL, NULL);
}
