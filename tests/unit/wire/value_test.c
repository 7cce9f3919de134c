/* Values: from text, to text, out of a frame and into one. */
#include "wire/wire.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"
#include "base/err.h"

#include "../../support/random.h"
#include "../../support/tables.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define OCTETS_MAX 160
#define ROUNDS	   100

static const struct wire_field *field_of(const char *protocol, const char *name)
{
	const struct wire_protocol *found = wire_protocol_find(protocol);
	int index = found ? wire_field_find(&found->header, name) : -1;

	if (index < 0)
		fail_msg("no %s.%s", protocol, name);
	return &found->header.fields[index];
}

/* An item's field: path "options", item "mss", name "value". */
static const struct wire_field *item_field_of(
	const char *protocol, const char *list, const char *item, const char *name)
{
	const struct wire_record *const *items = field_of(protocol, list)->list->items;

	for (; *items; items++)
		if (!strcmp((*items)->name, item))
			return &(*items)->fields[wire_field_find(*items, name)];
	fail_msg("no %s.%s.%s", protocol, list, item);
	return NULL;
}

/* ---- round trips of random values, over every row ---- */

struct trip {
	struct arena arena;
	uint64_t seed;
	unsigned int fields;
};

/* Up to two labels of any octets, and the root or a pointer. */
static size_t make_name(uint64_t *seed, uint8_t octets[OCTETS_MAX])
{
	unsigned int labels = (unsigned int)support_random_below(seed, 3);
	size_t length = 0;

	for (unsigned int i = 0; i < labels; i++) {
		octets[length] = (uint8_t)(1 + support_random_below(seed, 5));
		support_random_octets(seed, octets + length + 1, octets[length]);
		length += octets[length] + 1U;
	}
	if (support_random_below(seed, 2)) {
		octets[length] = (uint8_t)(0xc0 | support_random_below(seed, 64));
		octets[length + 1] = (uint8_t)support_random(seed);
		return length + 2;
	}
	octets[length] = 0;
	return length + 1;
}

static struct wire_value random_value(
	struct trip *trip, const struct wire_field *field, uint8_t octets[OCTETS_MAX])
{
	struct wire_value value = { 0 };

	if (wire_is_number(field)) {
		value.number = support_random(&trip->seed) >> (64 - field->width);
		return value;
	}
	value.length =
		field->width ? field->width / 8 : support_random_below(&trip->seed, OCTETS_MAX + 1);
	support_random_octets(&trip->seed, octets, OCTETS_MAX);
	value.octets = octets;
	if (field->kind == WIRE_NAME)
		value.length = make_name(&trip->seed, octets);
	for (size_t i = 0; field->kind == WIRE_STRING && i < value.length; i++)
		octets[i] = octets[i] ? octets[i] : 1;
	return value;
}

static void text_trip(struct trip *trip, const char *place, const struct wire_field *field,
	const struct wire_value *value)
{
	struct buffer text = { 0 };
	struct wire_value back = { 0 };
	struct err err = { 0 };

	wire_value_format(field, value, &text);
	if (wire_value_parse(&trip->arena, field, buffer_text(&text), &back, &err))
		fail_msg("%s.%s: \"%s\": %s", place, field->name, buffer_text(&text), err.text);
	if (!wire_value_equal(field, value, &back))
		fail_msg("%s.%s: \"%s\" is another value", place, field->name, buffer_text(&text));
	buffer_fini(&text);
}

static void frame_trip(struct trip *trip, const char *place, const struct wire_field *field,
	const struct wire_value *value)
{
	uint8_t before[OCTETS_MAX + 20];
	uint8_t after[OCTETS_MAX + 20];
	size_t width = wire_value_width(field, value);
	size_t bit = support_random_below(&trip->seed, 100);
	struct wire_value back;

	if (!wire_is_number(field))
		bit -= bit % 8;
	support_random_octets(&trip->seed, before, sizeof(before));
	memcpy(after, before, sizeof(after));
	wire_value_put(field, after, bit, width, value);
	wire_value_get(field, after, bit, width, &back);
	if (!wire_value_equal(field, value, &back))
		fail_msg("%s.%s: another value came out of the frame", place, field->name);
	for (size_t i = 0; i < sizeof(before) * 8; i++)
		if (i < bit || i >= bit + width)
			assert_int_equal(bytes_get_bits(after, i, 1), bytes_get_bits(before, i, 1));
}

static void trip_fields_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	struct trip *trip = context;
	uint8_t octets[OCTETS_MAX];

	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		if (field->kind == WIRE_LIST)
			continue;
		for (int round = 0; round < ROUNDS; round++) {
			struct wire_value value = random_value(trip, field, octets);

			text_trip(trip, place, field, &value);
			frame_trip(trip, place, field, &value);
		}
		arena_reset(&trip->arena);
		trip->fields++;
	}
}

static void every_field_reads_back_what_it_wrote(void **state)
{
	struct trip trip = { .seed = 31 };

	(void)state;
	arena_init(&trip.arena);
	support_tables_each(trip_fields_of, &trip);
	arena_fini(&trip.arena);
	assert_true(trip.fields > 150);
}

static void trip_names_of(void *context, const char *place, const struct wire_record *record,
	const struct wire_list *list)
{
	struct trip *trip = context;

	(void)list;
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		for (const struct wire_name *n = field->names; n && n->name; n++) {
			struct wire_value value = { 0 };

			if (wire_value_parse(&trip->arena, field, n->name, &value, NULL) ||
				value.number != n->value)
				fail_msg("%s.%s: %s", place, field->name, n->name);
			text_trip(trip, place, field, &value);
			trip->fields++;
		}
	}
}

static void every_name_is_read_as_its_value(void **state)
{
	struct trip trip = { .seed = 32 };

	(void)state;
	arena_init(&trip.arena);
	support_tables_each(trip_names_of, &trip);
	arena_fini(&trip.arena);
	assert_true(trip.fields > 100);
}

/* ---- text, as people write it ---- */

static void assert_reads(
	struct arena *arena, const struct wire_field *field, const char *text, const char *wanted)
{
	struct wire_value value = { 0 };
	struct buffer out = { 0 };
	struct err err = { 0 };

	if (wire_value_parse(arena, field, text, &value, &err))
		fail_msg("%s: %s", text, err.text);
	wire_value_format(field, &value, &out);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_fini(&out);
}

static int arena_setup(void **state)
{
	static struct arena arena;

	arena_init(&arena);
	*state = &arena;
	return 0;
}

static int arena_teardown(void **state)
{
	arena_fini(*state);
	return 0;
}

static void numbers_come_out_by_name_else_as_the_row_says(void **state)
{
	assert_reads(*state, field_of("eth", "type"), "0x0800", "ipv4");
	assert_reads(*state, field_of("eth", "type"), "2048", "ipv4");
	assert_reads(*state, field_of("eth", "type"), "arp", "arp");
	assert_reads(*state, field_of("eth", "type"), "lldp", "lldp");
	assert_reads(*state, field_of("eth", "type"), "0x0801", "0x0801");
	assert_reads(*state, field_of("eth", "type"), "1", "0x0001");
	assert_reads(*state, field_of("ipv6", "flow-label"), "0xabcde", "0xabcde");
	assert_reads(*state, field_of("ipv4", "protocol"), "17", "udp");
	assert_reads(*state, field_of("ipv4", "protocol"), "hopopts", "hopopts");
	assert_reads(*state, field_of("ipv4", "protocol"), "99", "99");
	assert_reads(*state, field_of("ipv4", "ttl"), "0x40", "64");
	assert_reads(*state, field_of("arp", "op"), "2", "reply");
	assert_reads(*state, field_of("icmp", "type"), "echo", "echo-request");
	assert_reads(*state, field_of("icmpv6", "type"), "neighbor-solicitation",
		"neighbour-solicitation");
	assert_reads(*state, item_field_of("tcp", "options", "mss", "value"), "010", "10");
}

static void flags_are_names_joined_by_bars(void **state)
{
	const struct wire_field *flags = field_of("tcp", "flags");

	assert_reads(*state, flags, "syn|ack", "syn|ack");
	assert_reads(*state, flags, "ack | syn", "syn|ack");
	assert_reads(*state, flags, "18", "syn|ack");
	assert_reads(*state, flags, "0", "0");
	assert_reads(*state, flags, "ae|0x1", "fin|ae");
	assert_reads(*state, flags, "0x1ff", "fin|syn|rst|psh|ack|urg|ece|cwr|ae");
	assert_reads(*state, field_of("ipv4", "flags"), "df", "df");
}

static void bits_without_a_name_come_out_as_one_number_more(void **state)
{
	static const struct wire_name names[] = { { 1, "a" }, { 4, "c" }, { 0, NULL } };
	const struct wire_field flags = {
		.name = "f", .kind = WIRE_FLAGS, .width = 8, .names = names
	};

	assert_reads(*state, &flags, "a|0x82", "a|0x82");
	assert_reads(*state, &flags, "0x80|2", "0x82");
	assert_string_equal(wire_value_name(&flags, 4), "c");
	assert_null(wire_value_name(&flags, 5));
	assert_null(wire_value_name(&flags, 2));
}

static void addresses_come_out_in_their_usual_form(void **state)
{
	assert_reads(*state, field_of("eth", "dst"), "FF:ff:0:1:0A:b", "ff:ff:00:01:0a:0b");
	assert_reads(*state, field_of("eth", "dst"), "02-00-00-00-00-01", "02:00:00:00:00:01");
	assert_reads(*state, field_of("ipv4", "dst"), "10.0.0.2", "10.0.0.2");
	assert_reads(*state, field_of("ipv6", "dst"), "2001:DB8:0:0::1", "2001:db8::1");
	assert_reads(*state, field_of("ipv6", "dst"), "::", "::");
	assert_reads(*state, field_of("ipv6", "dst"), "::ffff:10.0.0.1", "::ffff:10.0.0.1");
	assert_reads(*state, field_of("payload", "data"), "0xDE:AD be-ef", "deadbeef");
	assert_reads(*state, field_of("payload", "data"), "", "");
}

/* ---- what is refused, and how it is said ---- */

static void every_wrong_value_says_what_the_limit_is(void **state)
{
	static const struct {
		const char *protocol;
		const char *field;
		const char *text;
		const char *err;
	} rows[] = {
		{ "tcp", "window", "70000", "70000 does not fit in 16 bits (at most 65535)" },
		{ "tcp", "window", "0x12345", "0x12345 does not fit in 16 bits (at most 0xffff)" },
		{ "eth", "type", "65536", "65536 does not fit in 16 bits (at most 0xffff)" },
		{ "vlan", "id", "4096", "4096 does not fit in 12 bits (at most 4095)" },
		{ "vlan", "dei", "2", "2 does not fit in 1 bit (at most 1)" },
		{ "ipv4", "ttl", "99999999999999999999",
			"99999999999999999999 does not fit in 8 bits (at most 255)" },
		{ "tcp", "window", "-1", "\"-1\" is not a number from 0 to 65535" },
		{ "tcp", "window", "", "\"\" is not a number from 0 to 65535" },
		{ "tcp", "window", "12 ", "\"12 \" is not a number from 0 to 65535" },
		{ "tcp", "seq", "yes", "\"yes\" is not a number from 0 to 4294967295" },
		{ "arp", "op", "reqest",
			"\"reqest\" is neither a number nor a name known here; did you mean "
			"\"request\"?" },
		{ "eth", "type", "ip4",
			"\"ip4\" is neither a number nor a name known here; did you mean "
			"\"ipv4\"?" },
		{ "ipv4", "ecn", "congested",
			"\"congested\" is neither a number nor a name known here: not-ect, ect1, "
			"ect0, ce" },
		{ "tcp", "flags", "syn|akc",
			"\"akc\" is neither a number nor a name known here; did you mean "
			"\"ack\"?" },
		{ "tcp", "flags", "syn|",
			"\"\" is neither a number nor a name known here: fin, syn, rst, psh, ack, "
			"urg, ece, cwr, ae" },
		{ "tcp", "flags", "syn,ack",
			"\"syn,ack\" is neither a number nor a name known here: fin, syn, rst, "
			"psh, "
			"ack, urg, ece, cwr, ae; join names by '|'" },
		{ "ipv4", "flags", "8", "8 does not fit in 3 bits (at most 7)" },
		{ "eth", "dst", "01:02:03",
			"\"01:02:03\" is not a MAC address: six octets such as 02:00:00:00:00:01" },
		{ "eth", "dst", "01:02:03:04:05:06:07",
			"\"01:02:03:04:05:06:07\" is not a MAC address: six octets such as "
			"02:00:00:00:00:01" },
		{ "eth", "dst", "01:02:03:04:05-06",
			"\"01:02:03:04:05-06\" is not a MAC address: six octets such as "
			"02:00:00:00:00:01" },
		{ "eth", "dst", "01:02:03:04:05:0g",
			"\"01:02:03:04:05:0g\" is not a MAC address: six octets such as "
			"02:00:00:00:00:01" },
		{ "eth", "dst", "01:02:03:04:05:",
			"\"01:02:03:04:05:\" is not a MAC address: six octets such as "
			"02:00:00:00:00:01" },
		{ "eth", "dst", "010203040506",
			"\"010203040506\" is not a MAC address: six octets such as "
			"02:00:00:00:00:01" },
		{ "eth", "dst", "",
			"\"\" is not a MAC address: six octets such as 02:00:00:00:00:01" },
		{ "ipv4", "dst", "10.0.0", "\"10.0.0\" is not an IPv4 address such as 192.0.2.1" },
		{ "ipv4", "dst", "10.0.0.256",
			"\"10.0.0.256\" is not an IPv4 address such as 192.0.2.1" },
		{ "ipv4", "dst", "10.0.0.0/24",
			"\"10.0.0.0/24\" is a prefix: this field takes one address such as "
			"192.0.2.1" },
		{ "ipv4", "dst", "::1",
			"\"::1\" is an IPv6 address: this field takes an IPv4 address such as "
			"192.0.2.1" },
		{ "ipv6", "dst", "10.0.0.1",
			"\"10.0.0.1\" is an IPv4 address: this field takes an IPv6 address such as "
			"2001:db8::1" },
		{ "ipv6", "dst", "fe80:::1",
			"\"fe80:::1\" is not an IPv6 address such as 2001:db8::1" },
		{ "ipv6", "dst", "2001:db8::/64",
			"\"2001:db8::/64\" is a prefix: this field takes one address such as "
			"2001:db8::1" },
		{ "ipv6", "dst", "fe80::1%eth0",
			"\"fe80::1%eth0\" has a zone, which no packet carries: leave out all from "
			"'%'" },
		{ "icmp", "rest", "01:02:03", "3 octets where this field has 4" },
		{ "icmp", "rest", "01", "1 octet where this field has 4" },
		{ "icmp", "rest", "0102030405", "5 octets where this field has 4" },
		{ "icmp", "rest", "010", "half an octet at position 3: two hex digits make one" },
		{ "tcp", "options", "mss", "\"mss\" is not a list: [...] of records" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct wire_field *field = field_of(rows[i].protocol, rows[i].field);
		struct wire_value value = { .number = 7, .length = 7 };
		struct err err = { 0 };

		assert_int_equal(
			wire_value_parse(*state, field, rows[i].text, &value, &err), -EINVAL);
		assert_string_equal(err.text, rows[i].err);
		assert_int_equal(err.kind, ERR_INPUT);
		assert_int_equal(value.number, 7);
		assert_int_equal(value.length, 7);
		assert_null(value.octets);
	}
}

static void of_many_names_only_the_first_are_listed(void **state)
{
	struct wire_value value;
	struct err err = { 0 };

	assert_int_equal(wire_value_parse(*state, field_of("ipv4", "protocol"), "no-such-thing",
				 &value, &err),
		-EINVAL);
	assert_non_null(
		strstr(err.text, "\"no-such-thing\" is neither a number nor a name known "
				 "here: ipv4, ipv6, hopopts, routing, fragment, dstopts, "));
	assert_string_equal(err.text + strlen(err.text) - strlen(", ..."), ", ...");
}

/* ICMP's type 3 is followed by ipv4, but "ipv4" is no kind of message. */
static void a_protocol_that_is_quoted_does_not_name_the_message(void **state)
{
	const struct wire_field *type = field_of("icmp", "type");
	struct wire_value value;

	assert_ptr_equal(wire_protocol_next(type->space, 3), wire_protocol_find("ipv4"));
	assert_string_equal(wire_value_name(type, 3), "unreachable");
	assert_int_equal(wire_value_parse(*state, type, "ipv4", &value, NULL), -EINVAL);
}

/* Else the name that is written would be read as another number. */
static void of_several_numbers_of_a_protocol_the_first_has_its_name(void **state)
{
	const struct wire_field *dport = field_of("udp", "dport");
	struct wire_value value;

	assert_ptr_equal(wire_protocol_next(dport->space, 4784), wire_protocol_find("bfd"));
	assert_null(wire_value_name(dport, 4784));
	assert_string_equal(wire_value_name(dport, 3784), "bfd");
	assert_int_equal(wire_value_parse(*state, dport, "bfd", &value, NULL), 0);
	assert_int_equal(value.number, 3784);
}

static void any_number_of_64_bits_can_be_said(void **state)
{
	const struct wire_field field = { .name = "f", .kind = WIRE_UINT, .width = 64 };
	struct wire_value value;
	struct err err = { 0 };

	assert_reads(*state, &field, "18446744073709551615", "18446744073709551615");
	assert_int_equal(
		wire_value_parse(*state, &field, "18446744073709551616", &value, &err), -EINVAL);
	assert_string_equal(err.text,
		"18446744073709551616 does not fit in 64 bits (at most 18446744073709551615)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_reads_back_what_it_wrote),
		cmocka_unit_test(every_name_is_read_as_its_value),
		cmocka_unit_test(numbers_come_out_by_name_else_as_the_row_says),
		cmocka_unit_test(flags_are_names_joined_by_bars),
		cmocka_unit_test(bits_without_a_name_come_out_as_one_number_more),
		cmocka_unit_test(addresses_come_out_in_their_usual_form),
		cmocka_unit_test(every_wrong_value_says_what_the_limit_is),
		cmocka_unit_test(of_many_names_only_the_first_are_listed),
		cmocka_unit_test(a_protocol_that_is_quoted_does_not_name_the_message),
		cmocka_unit_test(of_several_numbers_of_a_protocol_the_first_has_its_name),
		cmocka_unit_test(any_number_of_64_bits_can_be_said),
	};

	return cmocka_run_group_tests_name("wire/value", tests, arena_setup, arena_teardown);
}
