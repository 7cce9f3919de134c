/* icmp: what errors say of the packet that they quote. */
#include "stack/icmp.h"

#include "base/bytes.h"
#include "flow/ip.h"

#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t v4_source[4] = { 10, 9, 0, 1 }, v4_destination[4] = { 10, 9, 0, 2 };
static const uint8_t v6_source[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };
static const uint8_t v6_destination[16] = { 0x20, 1, 0xd, 0xb8, [15] = 2 };

/* An error about a TCP segment from port 1000 to 2000 with sequence number 0x01020304. */
static size_t error_make(uint8_t address_length, uint8_t type, uint8_t code, uint8_t *ret)
{
	const struct ip_fields fields = {
		.address_length = address_length,
		.hop_limit = 1,
		.protocol = IPPROTO_TCP,
		.source = address_length == 4 ? v4_source : v6_source,
		.destination = address_length == 4 ? v4_destination : v6_destination,
		.length = 1460,
	};
	uint8_t *quote = ret + ICMP_HEADER;
	size_t header;

	memset(ret, 0, ICMP_HEADER);
	ret[0] = type;
	ret[1] = code;
	header = ip_write(&fields, quote);
	bytes_put_be16(quote + header, 1000);
	bytes_put_be16(quote + header + 2, 2000);
	bytes_put_be32(quote + header + 4, 0x01020304);
	return ICMP_HEADER + header + 8;
}

static void an_error_names_the_flow_that_it_is_about(void **state)
{
	static const struct {
		uint8_t length, type, code;
		int error;
		bool hard;
	} cases[] = {
		{ 4, 3, 0, ENETUNREACH, false },
		{ 4, 3, 1, EHOSTUNREACH, false },
		{ 4, 3, 2, ENOPROTOOPT, true },
		{ 4, 3, 3, ECONNREFUSED, true },
		{ 4, 3, 13, EHOSTUNREACH, true },
		{ 4, 11, 0, EHOSTUNREACH, false },
		{ 16, 1, 0, ENETUNREACH, false },
		{ 16, 1, 4, ECONNREFUSED, true },
		{ 16, 3, 0, EHOSTUNREACH, false },
	};
	uint8_t message[128];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = error_make(cases[i].length, cases[i].type, cases[i].code, message);
		struct icmp_error error;

		assert_int_equal(icmp_error_read(cases[i].length, message, length, &error), 0);
		assert_int_equal(error.error, cases[i].error);
		assert_int_equal(error.hard, cases[i].hard);
		assert_int_equal(error.protocol, IPPROTO_TCP);
		assert_int_equal(error.source_port, 1000);
		assert_int_equal(error.destination_port, 2000);
		assert_int_equal(error.sequence, 0x01020304);
		assert_int_equal(error.mtu, 0);
		assert_memory_equal(error.source, cases[i].length == 4 ? v4_source : v6_source,
			cases[i].length);
	}
}

static void what_quotes_too_little_or_is_no_error_is_refused(void **state)
{
	uint8_t message[128];
	struct icmp_error error;
	size_t length = error_make(4, 3, 3, message);

	(void)state;
	for (size_t cut = 0; cut < length; cut++)
		assert_int_equal(icmp_error_read(4, message, cut, &error), -EINVAL);
	length = error_make(16, 1, 4, message);
	for (size_t cut = 0; cut < length; cut++)
		assert_int_equal(icmp_error_read(16, message, cut, &error), -EINVAL);
	length = error_make(4, 5, 1, message); /* a redirect */
	assert_int_equal(icmp_error_read(4, message, length, &error), -EINVAL);
	length = error_make(4, 8, 0, message); /* an echo request */
	assert_int_equal(icmp_error_read(4, message, length, &error), -EINVAL);
	length = error_make(4, 3, 3, message);
	message[ICMP_HEADER + 7] = 1; /* a later fragment: no ports */
	assert_int_equal(icmp_error_read(4, message, length, &error), -EINVAL);
}

static uint32_t told_mtu(uint8_t address_length, uint32_t mtu)
{
	uint8_t message[128];
	struct icmp_error error;
	size_t length =
		address_length == 4 ? error_make(4, 3, 4, message) : error_make(16, 2, 0, message);

	bytes_put_be32(message + 4, mtu);
	assert_int_equal(icmp_error_read(address_length, message, length, &error), 0);
	assert_int_equal(error.error, EMSGSIZE);
	return error.mtu;
}

static void rfc1191_a_smaller_mtu_is_told_and_made_plausible(void **state)
{
	(void)state;
	assert_int_equal(told_mtu(4, 1400), 1400);
	assert_int_equal(told_mtu(4, 68), ICMP_MTU_MIN);
	assert_int_equal(told_mtu(4, 0), 1006); /* an old router, about 1,480 octets */
}

static void rfc8201_ipv6_goes_not_below_1280(void **state)
{
	(void)state;
	assert_int_equal(told_mtu(16, 1400), 1400);
	assert_int_equal(told_mtu(16, 100), 1280);
}

static void port_unreachable_quotes_the_packet_and_is_read_again(void **state)
{
	uint8_t packet[2000] = { 0 }, message[ICMP_HEADER + ICMP_QUOTE_MAX];
	struct icmp_error error;

	(void)state;
	for (uint8_t length = 4; length <= 16; length = (uint8_t)(length + 12)) {
		struct ip_fields fields = { .address_length = length,
			.hop_limit = 64,
			.protocol = IPPROTO_UDP,
			.source = length == 4 ? v4_source : v6_source,
			.destination = length == 4 ? v4_destination : v6_destination,
			.length = 1400 };
		size_t at = ip_write(&fields, packet), written;

		bytes_put_be16(packet + at, 1000);
		bytes_put_be16(packet + at + 2, 2000);
		written = icmp_unreachable_write(length, packet, at, packet + at, 1400, message);
		/* RFC 1812 4.3.2.3 and RFC 4443 2.4: whole packets of 576 and 1,280 octets. */
		assert_int_equal(written + at, length == 4 ? 576 : 1280);
		assert_int_equal(icmp_error_read(length, message, written, &error), 0);
		assert_int_equal(error.error, ECONNREFUSED);
		assert_int_equal(error.destination_port, 2000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_names_the_flow_that_it_is_about),
		cmocka_unit_test(what_quotes_too_little_or_is_no_error_is_refused),
		cmocka_unit_test(rfc1191_a_smaller_mtu_is_told_and_made_plausible),
		cmocka_unit_test(rfc8201_ipv6_goes_not_below_1280),
		cmocka_unit_test(port_unreachable_quotes_the_packet_and_is_read_again),
	};

	return cmocka_run_group_tests_name("icmp", tests, NULL, NULL);
}
