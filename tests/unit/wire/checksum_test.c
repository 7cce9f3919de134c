/* The internet checksum, held against a plain loop, RFC 1071's example and packets made by Scapy.
 */
#include "wire/checksum.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static uint16_t plain(const uint8_t *octets, size_t length)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < length; i++) {
		sum += i % 2 ? octets[i] : (uint32_t)octets[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)~sum;
}

static void it_equals_a_plain_loop_at_any_length_and_place(void **state)
{
	static uint8_t octets[9300];
	uint64_t seed = 11;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		size_t start = support_random_below(&seed, 16);
		size_t length = support_random_below(&seed, round % 2 ? 80 : 9217);

		support_random_octets(&seed, octets + start, length);
		assert_int_equal(checksum_finish(checksum_add(0, octets + start, length)),
			plain(octets + start, length));
	}
}

static void extreme_octets_lose_no_carry(void **state)
{
	static uint8_t octets[1 << 20];

	(void)state;
	memset(octets, 0xff, sizeof(octets));
	for (size_t length = sizeof(octets); length > sizeof(octets) - 40; length--)
		assert_int_equal(
			checksum_finish(checksum_add(0, octets, length)), plain(octets, length));
	memset(octets, 0, sizeof(octets));
	assert_int_equal(checksum_finish(checksum_add(0, octets, sizeof(octets))), 0xffff);
	assert_int_equal(checksum_finish(checksum_add(0, NULL, 0)), 0xffff);
}

static void pieces_of_even_length_add_up(void **state)
{
	uint8_t octets[600];
	uint64_t seed = 12;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t length = support_random_below(&seed, sizeof(octets) + 1);
		size_t done = 0;
		uint64_t sum = 0;

		support_random_octets(&seed, octets, length);
		while (done < length) {
			size_t piece = 2 * support_random_below(&seed, 20);

			if (piece > length - done)
				piece = length - done;
			sum = checksum_add(sum, octets + done, piece);
			done += piece;
		}
		assert_int_equal(checksum_finish(sum), plain(octets, length));
	}
}

static void the_example_of_rfc_1071_comes_out(void **state)
{
	const uint8_t octets[] = { 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 };
	uint64_t sum = checksum_add(0, octets, sizeof(octets));

	(void)state;
	assert_int_equal(checksum_fold(sum), 0xddf2);
	assert_int_equal(checksum_finish(sum), 0x220d);
}

/* Scapy 2.5: IP packets whose upper layer starts at header and carries its checksum at place. */
static const struct {
	const char *hex;
	size_t header;
	size_t address;
	size_t address_length;
	uint8_t protocol;
} packets[] = {
	{ "450000290001000040118e87c0000201c63364070400003500154faca54dca182530bb1d6d132cded6", 20,
		12, 4, 17 },
	{ "4500004f00010000400666a60a0000010a00000200010002fffffffe0000004d7012200044f2000002040"
	  "5b401030307237b2ed91e3f721fcb1971174494d6493c9d5c3460be31201e69fedaa0eee8",
		20, 12, 4, 6 },
	{ "60000000001e114020010db8000000000000000000000001fe8000000000000000000000ffff000114e914"
	  "e9001e3947b9997f5c7c2999fdafe593253cd654af4dfad71427a0",
		40, 8, 16, 17 },
	{ "6000000000203afffe800000000000000000000000000001ff0200000000000000000001ff00000287007a"
	  "9700000000fe8000000000000000000000000000020101020000000001",
		40, 8, 16, 58 },
	{ "600000000017064020010db800000000000000000000ffff20010db8000000000000000000000002ffff00"
	  "01000000000000000050022000610600006f6464",
		40, 8, 16, 6 },
};

static void packets_of_scapy_sum_to_all_ones_with_their_pseudo_header(void **state)
{
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		size_t step = packets[i].address_length;
		const uint8_t *p;
		size_t length;
		uint64_t sum;

		assert_int_equal(text_hex(&arena, packets[i].hex, 100, &p, &length, NULL), 0);
		sum = checksum_pseudo(p + packets[i].address, p + packets[i].address + step, step,
			packets[i].protocol, (uint32_t)(length - packets[i].header));
		sum = checksum_add(sum, p + packets[i].header, length - packets[i].header);
		assert_int_equal(checksum_fold(sum), 0xffff);
		if (step == 4)
			assert_int_equal(checksum_fold(checksum_add(0, p, 20)), 0xffff);
	}
	arena_fini(&arena);
}

/* As its switches compute it: a signed octet, and one less where it is below zero. */
static void an_odd_last_octet_is_cisco_s(void **state)
{
	(void)state;
	assert_int_equal(checksum_cisco_last(0x00), 0x0000);
	assert_int_equal(checksum_cisco_last(0x7f), 0x007f);
	assert_int_equal(checksum_cisco_last(0x80), 0xff7f);
	assert_int_equal(checksum_cisco_last(0xff), 0xfffe);
}

/* Of all sums and those of pseudo headers that lie in the way of the change. */
static void a_bad_checksum_is_none_that_a_receiver_may_take(void **state)
{
	(void)state;
	for (uint64_t right = 0; right <= 0xffff; right++) {
		uint64_t bad = checksum_bad(right, false, 0);

		assert_true(bad != 0 && bad != 0xffff && bad != right && bad <= 0xffff);
		assert_true(checksum_bad(right, true, (uint16_t)bad) != bad);
		bad = checksum_bad(right, true, (uint16_t)bad);
		assert_true(bad != 0 && bad != 0xffff && bad != right);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_equals_a_plain_loop_at_any_length_and_place),
		cmocka_unit_test(extreme_octets_lose_no_carry),
		cmocka_unit_test(pieces_of_even_length_add_up),
		cmocka_unit_test(the_example_of_rfc_1071_comes_out),
		cmocka_unit_test(an_odd_last_octet_is_cisco_s),
		cmocka_unit_test(a_bad_checksum_is_none_that_a_receiver_may_take),
		cmocka_unit_test(packets_of_scapy_sum_to_all_ones_with_their_pseudo_header),
	};

	return cmocka_run_group_tests_name("wire/checksum", tests, NULL, NULL);
}
