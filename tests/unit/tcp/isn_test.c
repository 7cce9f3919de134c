/* isn: initial sequence numbers of RFC 6528. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tcp/tcp.h"

static const uint8_t key[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

/* The paper's appendix A: a message of 15 octets gives a129ca6149be45e5; the low half is used. */
static void the_function_is_siphash_by_its_published_vector(void **state)
{
	uint8_t message[15];

	(void)state;
	for (uint8_t i = 0; i < sizeof(message); i++)
		message[i] = i;
	assert_int_equal(tcp_isn(key, message, sizeof(message), 0), 0x49be45e5);
	/* Of the reference implementation's vectors: no octets, and eight. */
	assert_int_equal(tcp_isn(key, message, 0, 0), (uint32_t)0x726fdb47dd0e0e31ULL);
	assert_int_equal(tcp_isn(key, message, 8, 0), (uint32_t)0x93f5f5799a932462ULL);
}

static void rfc6528_3_the_number_grows_by_one_each_4_us(void **state)
{
	uint32_t start = tcp_isn(key, "tuple", 5, 0);

	(void)state;
	assert_int_equal(tcp_isn(key, "tuple", 5, 4000) - start, 1);
	assert_int_equal(tcp_isn(key, "tuple", 5, 1000000000) - start, 250000);
	/* It wraps in 4.77 hours (RFC 9293 3.4.1), and goes on. */
	assert_int_equal(tcp_isn(key, "tuple", 5, 4000ULL << 32) - start, 0);
}

static void rfc6528_3_another_tuple_or_key_has_numbers_of_its_own(void **state)
{
	uint8_t other[16] = { 1 };

	(void)state;
	assert_int_not_equal(tcp_isn(key, "tuple", 5, 0), tcp_isn(key, "tuplf", 5, 0));
	assert_int_not_equal(tcp_isn(key, "tuple", 5, 0), tcp_isn(other, "tuple", 5, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_function_is_siphash_by_its_published_vector),
		cmocka_unit_test(rfc6528_3_the_number_grows_by_one_each_4_us),
		cmocka_unit_test(rfc6528_3_another_tuple_or_key_has_numbers_of_its_own),
	};

	return cmocka_run_group_tests_name("tcp/isn", tests, NULL, NULL);
}
