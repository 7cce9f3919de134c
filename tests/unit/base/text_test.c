/* Numbers, units and hex as people write them, and the nearest name. */
#include "base/text.h"

#include "base/arena.h"
#include "base/err.h"

#include "../../support/random.h"

#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define UNTOUCHED 0x5555

typedef int parser(const char *text, uint64_t *ret, struct err *err);

struct good {
	const char *text;
	uint64_t value;
};

struct bad {
	const char *text;
	const char *err;
};

static void all_good(parser *parse, const struct good *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct err err = { 0 };
		uint64_t value = UNTOUCHED;

		if (parse(rows[i].text, &value, &err) || value != rows[i].value)
			fail_msg("\"%s\" became %" PRIu64 " (%s)", rows[i].text, value, err.text);
	}
}

static void all_bad(parser *parse, const struct bad *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct err err = { 0 };
		uint64_t value = UNTOUCHED;

		assert_true(parse(rows[i].text, &value, &err) < 0);
		assert_int_equal(value, UNTOUCHED);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_string_equal(err.text, rows[i].err);
	}
}

#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

static void numbers_are_decimal_hexadecimal_or_binary(void **state)
{
	static const struct good rows[] = { { "0", 0 }, { "10", 10 }, { "010", 10 }, { "0x1F", 31 },
		{ "0Xff", 255 }, { "0b101", 5 }, { "18446744073709551615", UINT64_MAX },
		{ "0xffffffffffffffff", UINT64_MAX }, { "00000000000000000000000000001", 1 } };
	uint64_t seed = 5;

	(void)state;
	all_good(text_number, rows, COUNT(rows));
	for (int i = 0; i < 10000; i++) {
		uint64_t value = support_random(&seed) >> support_random_below(&seed, 64);
		char text[32];
		struct good row = { text, value };

		snprintf(text, sizeof(text), i % 2 ? "%" PRIu64 : "0x%" PRIx64, value);
		all_good(text_number, &row, 1);
	}
}

static void what_is_no_number_is_refused_whole(void **state)
{
#define NOT(t)                                                                       \
	{                                                                            \
		t, "\"" t "\" is not a number: decimal, 0x hexadecimal or 0b binary" \
	}
	static const struct bad rows[] = { NOT(""), NOT("0x"), NOT("0b"), NOT("-1"), NOT("+1"),
		NOT("1 "), NOT(" 1"), NOT("12a"), NOT("0xg"), NOT("0b2"), NOT("1.0"), NOT("1e3"),
		NOT("99999999999999999999x"),
		{ "18446744073709551616", "18446744073709551616 does not fit in 64 bits (at most "
					  "18446744073709551615)" } };
	uint64_t value;

	(void)state;
	all_bad(text_number, rows, COUNT(rows));
	assert_int_equal(text_number("0x10000000000000000", &value, NULL), -ERANGE);
	assert_int_equal(text_number("x", &value, NULL), -EINVAL);
}

static void durations_take_units_and_decimals_exactly(void **state)
{
	static const struct good rows[] = { { "10s", 10000000000 }, { "1.5ms", 1500000 },
		{ "20us", 20000 }, { "100ns", 100 }, { "2m", 120000000000 },
		{ "1h", 3600000000000 }, { "3", 3000000000 }, { "0.1", 100000000 }, { "0", 0 },
		{ "0.000000001s", 1 }, { "18446744073.709551615s", UINT64_MAX } };
	static const struct bad rows_bad[] = {
		{ "", "\"\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "s", "\"s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "1.s", "\"1.s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ ".5s", "\".5s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "1.5.5s",
			"\"1.5.5s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "-1s", "\"-1s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "1 s", "\"1 s\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "0.1000000000000000000s",
			"\"0.1000000000000000000s\" is not a duration: such as 10s, 1.5ms, 20us, "
			"100ns, 2m, 1h" }, /* 19 decimals */
		{ "1d", "\"1d\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, 2m, 1h" },
		{ "0.5ns", "0.5ns is not a whole number of nanoseconds below 2^64 (584 years)" },
		{ "6000000h",
			"6000000h is not a whole number of nanoseconds below 2^64 (584 years)" },
		{ "5124095576h",
			"5124095576h is not a whole number of nanoseconds below 2^64 (584 years)" },
	};

	(void)state;
	all_good(text_duration, rows, COUNT(rows));
	all_bad(text_duration, rows_bad, COUNT(rows_bad));
}

static void sizes_count_thousands_or_1024s(void **state)
{
	static const struct good rows[] = { { "100", 100 }, { "100B", 100 }, { "64k", 64000 },
		{ "64K", 64000 }, { "100MB", 100000000 }, { "1GiB", 1U << 30 }, { "64Ki", 65536 },
		{ "1.5k", 1500 }, { "1T", 1000000000000 }, { "0.5KiB", 512 } };
	static const struct bad rows_bad[] = {
		{ "", "\"\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "B", "\"B\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "1BB", "\"1BB\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "1kiB", "\"1kiB\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "1 MB", "\"1 MB\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "1xylophone", "\"1xylophone\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "-1", "\"-1\" is not a size: such as 100, 64k, 100MB, 1GiB" },
		{ "1.5", "1.5 is not a whole number of octets below 2^64" },
		{ "99999999TiB", "99999999TiB is not a whole number of octets below 2^64" },
	};

	(void)state;
	all_good(text_size, rows, COUNT(rows));
	all_bad(text_size, rows_bad, COUNT(rows_bad));
}

static void rates_are_of_frames_or_bits(void **state)
{
	static const struct {
		const char *text;
		struct text_rate rate;
	} rows[] = {
		{ "max", { TEXT_RATE_MAX, 0 } },
		{ "10kpps", { TEXT_RATE_FRAMES, 10e3 } },
		{ "1000/s", { TEXT_RATE_FRAMES, 1000 } },
		{ "0.5pps", { TEXT_RATE_FRAMES, 0.5 } },
		{ "1.25Mpps", { TEXT_RATE_FRAMES, 1.25e6 } },
		{ "100Mbps", { TEXT_RATE_BITS, 100e6 } },
		{ "8bps", { TEXT_RATE_BITS, 8 } },
		{ "1Gbps-wire", { TEXT_RATE_WIRE_BITS, 1e9 } },
		{ "1Tbps", { TEXT_RATE_BITS, 1e12 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text_rate rate = { 0 };

		assert_int_equal(text_rate(rows[i].text, &rate, NULL), 0);
		assert_int_equal(rate.unit, rows[i].rate.unit);
		assert_true(rate.value == rows[i].rate.value);
	}
}

static void a_ramp_goes_from_one_rate_to_another(void **state)
{
	static const struct {
		const char *text;
		enum text_rate_unit unit;
		double from, to;
		uint64_t ns;
	} rows[] = {
		{ "1kpps..100kpps/10s", TEXT_RATE_FRAMES, 1e3, 1e5, 10000000000 },
		{ "100/s..50/s/1.5ms", TEXT_RATE_FRAMES, 100, 50, 1500000 },
		{ "1Mbps..1Gbps/1m", TEXT_RATE_BITS, 1e6, 1e9, 60000000000 },
		{ "1Mbps-wire..1Gbps-wire/5", TEXT_RATE_WIRE_BITS, 1e6, 1e9, 5000000000 },
		{ "10kpps", TEXT_RATE_FRAMES, 1e4, 1e4, 0 },
		{ "1000/s", TEXT_RATE_FRAMES, 1e3, 1e3, 0 },
		{ "max", TEXT_RATE_MAX, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text_ramp ramp;

		assert_int_equal(text_ramp(rows[i].text, &ramp, NULL), 0);
		assert_int_equal(ramp.from.unit, rows[i].unit);
		assert_int_equal(ramp.to.unit, rows[i].unit);
		assert_true(ramp.from.value == rows[i].from && ramp.to.value == rows[i].to);
		assert_int_equal(ramp.ns, rows[i].ns);
	}
}

static void a_ramp_without_sense_says_how_to_write_one(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "1kpps..2kpps", "a ramp says how long it takes, as in 1kpps..2kpps/10s" },
		{ "1000/s..2kpps", "a ramp says how long it takes, as in 1000/s..2kpps/10s" },
		{ "1/s..2/s", "a ramp says how long it takes, as in 1/s..2/s/10s" },
		{ "1kpps..2Mbps/1s", "a ramp goes from one rate to another of the same unit, as "
				     "in 1kpps..100kpps/10s" },
		{ "max..max/1s", "a ramp goes from one rate to another of the same unit, as in "
				 "1kpps..100kpps/10s" },
		{ "1kpps..2kpps/0s", "a ramp takes more than no time, as in 1kpps..2kpps/10s" },
		{ "0pps..2kpps/1s", "a rate of 0pps sends nothing: more than 0, or max" },
		{ "1kpps..2kpps/x", "\"x\" is not a duration: such as 10s, 1.5ms, 20us, 100ns, "
				    "2m, 1h" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text_ramp ramp;
		struct err err;

		assert_int_equal(text_ramp(rows[i].text, &ramp, &err), -EINVAL);
		assert_string_equal(err.text, rows[i].error);
	}
}

static void a_rate_without_sense_says_how_to_write_one(void **state)
{
	static const struct bad rows[] = {
		{ "1000",
			"\"1000\" has no unit: frames a second such as 10kpps, bits a second such "
			"as 100Mbps, or max" },
		{ "10k", "\"10k\" has no unit: frames a second such as 10kpps, bits a second such "
			 "as 100Mbps, or max" },
		{ "0pps", "a rate of 0pps sends nothing: more than 0, or max" },
		{ "", "\"\" is not a rate: such as 10kpps, 1000/s, 100Mbps, 1Gbps-wire, max" },
		{ "-1pps", "\"-1pps\" is not a rate: such as 10kpps, 1000/s, 100Mbps, 1Gbps-wire, "
			   "max" },
		{ "10mbps", "\"10mbps\" is not a rate: such as 10kpps, 1000/s, 100Mbps, "
			    "1Gbps-wire, max" },
		{ "maximum", "\"maximum\" is not a rate: such as 10kpps, 1000/s, 100Mbps, "
			     "1Gbps-wire, max" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct text_rate rate = { TEXT_RATE_BITS, 7 };
		struct err err = { 0 };

		assert_int_equal(text_rate(rows[i].text, &rate, &err), -EINVAL);
		assert_string_equal(err.text, rows[i].err);
		assert_true(rate.value == 7);
	}
}

static void hex_passes_over_what_people_put_between(void **state)
{
	static const char *const texts[] = { "deadbeef01", "DE AD be ef 01", "de:ad:be:ef:01",
		"de-ad-be-ef-01", "0xdeadbeef01", "dead beef\n01\n", "\tdeadbeef01" };
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(texts); i++) {
		const uint8_t *octets;
		size_t length;

		assert_int_equal(text_hex(&arena, texts[i], 5, &octets, &length, NULL), 0);
		assert_int_equal(length, 5);
		assert_memory_equal(octets, "\xde\xad\xbe\xef\x01", 5);
	}
	arena_fini(&arena);
}

static void hex_that_is_not_says_where(void **state)
{
	static const struct bad rows[] = {
		{ "abc", "half an octet at position 3: two hex digits make one" },
		{ "a bc", "half an octet at position 1: two hex digits make one" },
		{ "ab0xcd", "half an octet at position 3: two hex digits make one" },
		{ "abxy", "'x' at position 3 is not a hex digit" },
		{ "0102030405", "more than 4 octets" },
	};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const uint8_t *octets = NULL;
		size_t length = UNTOUCHED;
		struct err err = { 0 };

		assert_int_equal(
			text_hex(&arena, rows[i].text, 4, &octets, &length, &err), -EINVAL);
		assert_string_equal(err.text, rows[i].err);
		assert_null(octets);
		assert_int_equal(length, UNTOUCHED);
	}
	arena_fini(&arena);
}

static void a_misspelt_name_finds_its_nearest(void **state)
{
	static const char *const names[] = { "sport", "dport", "length", "checksum", "flow-label",
		"id", "next-header" };
	static const struct {
		const char *word;
		const char *nearest;
	} rows[] = {
		{ "dprt", "dport" },
		{ "sprot", "sport" },
		{ "lenght", "length" },
		{ "checksm", "checksum" },
		{ "flowlabel", "flow-label" },
		{ "DPORT", "dport" },
		{ "next_header", "next-header" },
		{ "ix", "id" },
		{ "xy", NULL },
		{ "x", NULL },
		{ "", NULL },
		{ "source", NULL },
		{ "crc", NULL },
		{ "checks", "checksum" },
	};
	char longer[200];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *nearest = text_nearest(rows[i].word, names, COUNT(names));

		if (!rows[i].nearest)
			assert_null(nearest);
		else
			assert_string_equal(nearest ? nearest : "none", rows[i].nearest);
	}
	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_null(text_nearest(longer, names, COUNT(names)));
	assert_null(text_nearest("dport", names, 0));
	/* Every character changed. */
	assert_null(text_nearest("a", (const char *const[]){ "b" }, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_decimal_hexadecimal_or_binary),
		cmocka_unit_test(what_is_no_number_is_refused_whole),
		cmocka_unit_test(durations_take_units_and_decimals_exactly),
		cmocka_unit_test(sizes_count_thousands_or_1024s),
		cmocka_unit_test(rates_are_of_frames_or_bits),
		cmocka_unit_test(a_ramp_goes_from_one_rate_to_another),
		cmocka_unit_test(a_ramp_without_sense_says_how_to_write_one),
		cmocka_unit_test(a_rate_without_sense_says_how_to_write_one),
		cmocka_unit_test(hex_passes_over_what_people_put_between),
		cmocka_unit_test(hex_that_is_not_says_where),
		cmocka_unit_test(a_misspelt_name_finds_its_nearest),
	};

	return cmocka_run_group_tests_name("base/text", tests, NULL, NULL);
}
