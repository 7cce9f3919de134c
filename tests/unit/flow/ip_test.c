/* ip: headers written and read again, and hostile ones refused. */
#include "flow/ip.h"

#include "base/bytes.h"
#include "base/random.h"
#include "wire/checksum.h"

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

static struct ip_fields fields_of(uint8_t address_length)
{
	return (struct ip_fields){
		.address_length = address_length,
		.traffic_class = 0xb9,
		.hop_limit = 63,
		.protocol = IPPROTO_UDP,
		.source = address_length == 4 ? v4_source : v6_source,
		.destination = address_length == 4 ? v4_destination : v6_destination,
		.length = 100,
		.id = 0x1234,
	};
}

static void what_is_written_is_read_again(void **state)
{
	static const uint8_t lengths[] = { 4, 16 };
	uint8_t packet[256] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct ip_fields fields = fields_of(lengths[i % 2]);
		struct ip_header header;
		size_t at;

		fields.fragment = i / 2;
		fields.more = i / 2;
		fields.fragment_offset = i / 2 ? 1480 : 0;
		at = ip_write(&fields, packet);
		assert_int_equal(ip_read(packet, at + 100 + 7, false, &header), 0);
		assert_int_equal(header.offset, at);
		assert_int_equal(header.length, 100); /* the rest is padding */
		assert_int_equal(header.address_length, lengths[i % 2]);
		assert_int_equal(header.traffic_class, 0xb9);
		assert_int_equal(header.hop_limit, 63);
		assert_int_equal(header.protocol, IPPROTO_UDP);
		assert_int_equal(header.fragment, i / 2);
		assert_int_equal(header.more, i / 2);
		assert_int_equal(header.fragment_offset, fields.fragment_offset);
		if (i / 2)
			assert_int_equal(header.id, 0x1234);
		assert_memory_equal(header.source, fields.source, lengths[i % 2]);
		assert_memory_equal(header.destination, fields.destination, lengths[i % 2]);
	}
}

static void what_is_cut_short_or_contradicts_itself_is_refused(void **state)
{
	struct ip_fields fields = fields_of(4);
	struct ip_header header;
	uint8_t packet[256] = { 0 };
	size_t at = ip_write(&fields, packet);

	(void)state;
	for (size_t length = 0; length < at + 100; length++)
		assert_int_equal(ip_read(packet, length, false, &header), -EINVAL);
	packet[8] ^= 1; /* the checksum is wrong now */
	assert_int_equal(ip_read(packet, at + 100, false, &header), -EINVAL);
	packet[8] ^= 1;
	packet[0] = 0x44; /* a header of 16 octets */
	assert_int_equal(ip_read(packet, at + 100, false, &header), -EINVAL);
	packet[0] = 0x55;
	assert_int_equal(ip_read(packet, at + 100, false, &header), -EINVAL);
	fields = fields_of(16);
	at = ip_write(&fields, packet);
	for (size_t length = 0; length < at + 100; length++)
		assert_int_equal(ip_read(packet, length, false, &header), -EINVAL);
}

static void ipv6_extension_headers_are_passed_over(void **state)
{
	struct ip_fields fields = fields_of(16);
	struct ip_header header;
	uint8_t packet[256] = { 0 };

	(void)state;
	fields.protocol = IPPROTO_HOPOPTS;
	ip_write(&fields, packet);
	packet[40] = IPPROTO_DSTOPTS;
	packet[48] = IPPROTO_TCP;
	packet[49] = 1; /* 16 octets */
	assert_int_equal(ip_read(packet, 140, false, &header), 0);
	assert_int_equal(header.protocol, IPPROTO_TCP);
	assert_int_equal(header.offset, 64);
	assert_int_equal(header.length, 76);
	packet[49] = 200; /* beyond the packet */
	assert_int_equal(ip_read(packet, 140, false, &header), -EINVAL);
	packet[6] = packet[40] = IPPROTO_ROUTING;
	packet[43] = 1; /* a segment left: somebody else's */
	assert_int_equal(ip_read(packet, 140, false, &header), -EPROTONOSUPPORT);
}

static void rfc6946_an_atomic_fragment_is_a_whole_packet(void **state)
{
	struct ip_fields fields = fields_of(16);
	struct ip_header header;
	uint8_t packet[256] = { 0 };
	size_t at;

	(void)state;
	fields.fragment = true;
	at = ip_write(&fields, packet);
	assert_int_equal(at, 48);
	assert_int_equal(ip_read(packet, 148, false, &header), 0);
	assert_false(header.fragment);
	assert_int_equal(header.protocol, IPPROTO_UDP);
}

static void an_endless_chain_of_extension_headers_ends(void **state)
{
	struct ip_fields fields = fields_of(16);
	uint8_t packet[IP_V6_HEADER + 8 * (IP_EXTENSIONS_MAX + 1)] = { 0 };
	struct ip_header header;

	(void)state;
	fields.length = sizeof(packet) - IP_V6_HEADER;
	fields.protocol = IPPROTO_DSTOPTS;
	ip_write(&fields, packet);
	for (size_t at = IP_V6_HEADER; at < sizeof(packet); at += 8)
		packet[at] = IPPROTO_DSTOPTS;
	assert_int_equal(ip_read(packet, sizeof(packet), false, &header), -EINVAL);
}

static void checksums_are_verified_and_a_missing_one_is_ipv4_udps_alone(void **state)
{
	uint8_t udp[12] = { 0, 1, 0, 2, 0, 12, 0, 0, 'h', 'e', 'y', '!' };

	(void)state;
	assert_true(ip_checksum_right(4, v4_source, v4_destination, IPPROTO_UDP, udp, 12));
	assert_false(ip_checksum_right(16, v6_source, v6_destination, IPPROTO_UDP, udp, 12));
	bytes_put_be16(udp + 6,
		checksum_finish(checksum_add(
			checksum_pseudo(v6_source, v6_destination, 16, IPPROTO_UDP, 12), udp, 12)));
	assert_true(ip_checksum_right(16, v6_source, v6_destination, IPPROTO_UDP, udp, 12));
	udp[9] ^= 0x10;
	assert_false(ip_checksum_right(16, v6_source, v6_destination, IPPROTO_UDP, udp, 12));
	assert_false(ip_checksum_right(4, v4_source, v4_destination, IPPROTO_UDP, udp, 7));
	assert_true(ip_checksum_right(4, v4_source, v4_destination, 253, udp, 1));
}

/* Nothing it accepts reaches beyond the octets. */
static void random_octets_never_make_a_payload_beyond_them(void **state)
{
	(void)state;
	for (uint64_t run = 0; run < 200000; run++) {
		uint8_t packet[96];
		size_t length = random_at(run, 100) % sizeof(packet);
		struct ip_header header;

		for (size_t i = 0; i < sizeof(packet); i += 8) {
			uint64_t drawn = random_at(run, i);

			memcpy(packet + i, &drawn, 8);
		}
		packet[0] = run & 1 ? 0x60 : 0x45;
		packet[run & 1 ? 4 : 2] = 0;
		if (run & 1)
			packet[6] = (const uint8_t[]){ 0, 43, 44, 60 }[run / 2 % 4];
		if (ip_read(packet, length, run & 2, &header))
			continue;
		assert_true(header.offset <= length && header.length <= length - header.offset);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(what_is_cut_short_or_contradicts_itself_is_refused),
		cmocka_unit_test(ipv6_extension_headers_are_passed_over),
		cmocka_unit_test(rfc6946_an_atomic_fragment_is_a_whole_packet),
		cmocka_unit_test(an_endless_chain_of_extension_headers_ends),
		cmocka_unit_test(checksums_are_verified_and_a_missing_one_is_ipv4_udps_alone),
		cmocka_unit_test(random_octets_never_make_a_payload_beyond_them),
	};

	return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
