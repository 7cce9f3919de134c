/* pattern_match and its kin: a frame that came against the one that is waited for. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "frame/build.h"
#include "match/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH   "eth(dst=02:00:00:00:00:01,src=02:00:00:00:00:02)/"
#define IPV4  "ipv4(src=192.0.2.2,dst=192.0.2.1,ttl=64)/"
#define REPLY ETH IPV4 "icmp(type=echo-reply,id=7,seq=1)/payload(data=01020304)"
#define SYN                                                                                       \
	ETH IPV4 "tcp(sport=80,dport=4000,seq=1000,ack=5,flags=syn|ack,options=[mss(value=1460) " \
		 "nop wscale])"

static void arrive(struct arena *arena, const char *text, struct frame_view *ret)
{
	struct frame_view built;

	support_build(arena, text, SPEC_PAD_AUTO, &built);
	frame_dissect(arena, &wire_eth, built.octets, built.length, DISSECT_FCS_ABSENT, ret);
}

static bool fits(struct arena *arena, const char *pattern, const char *frame)
{
	struct pattern_comparison comparison;
	struct frame_view view;
	struct frame_spec spec;
	bool fits;

	support_spec(arena, pattern, &spec);
	arrive(arena, frame, &view);
	fits = pattern_match(&spec, &view, NULL);
	pattern_compare(arena, &spec, &view, NULL, &comparison);
	assert_int_equal(fits, !comparison.differing);
	return fits;
}

static struct spec_value *field_of(struct frame_spec *spec, unsigned int layer, const char *name)
{
	struct spec_record *header = &spec->layers[layer].header;
	struct spec_value *value = &header->values[wire_field_find(header->type, name)];

	value->state = SPEC_GIVEN;
	return value;
}

static void name(struct frame_spec *spec, unsigned int layer, const char *field,
	const struct spec_capture *capture)
{
	struct spec_value *value = field_of(spec, layer, field);

	value->state = SPEC_TAKEN;
	value->capture = capture;
}

static void fields_left_out_are_free(void **state)
{
	assert_true(fits(*state, "eth/ipv4/icmp", REPLY));
	assert_true(fits(*state, "eth/ipv4(ttl=64)", REPLY));
	assert_false(fits(*state, "eth/ipv4(ttl=63)", REPLY));
}

static void layers_stand_one_behind_the_other(void **state)
{
	assert_false(fits(*state, "eth/icmp", REPLY));
	assert_false(fits(*state, "eth/vlan/ipv4", REPLY));
	assert_false(fits(*state, "eth/ipv4/icmp", ETH "vlan(id=3)/" IPV4 "icmp(type=echo-reply)"));
	assert_false(fits(*state, "eth/ipv4/icmp/payload/payload(data=01)", REPLY));
}

static void a_pattern_may_begin_further_in(void **state)
{
	assert_true(fits(*state, "icmp(type=echo-reply)", REPLY));
	assert_true(fits(*state, "ipv4/icmp", ETH "vlan(id=3)/" IPV4 "icmp(type=echo-reply)"));
	assert_false(fits(*state, "udp", REPLY));
}

static void what_an_error_quotes_is_no_beginning(void **state)
{
	static const char error[] =
		ETH IPV4 "icmp(type=unreachable,code=3)/" IPV4 "udp(sport=1,dport=2)";

	assert_false(fits(*state, "udp", error));
	assert_true(fits(*state, "icmp/ipv4/udp(dport=2)", error));
}

static void a_wrong_checksum_differs_unless_it_is_wanted(void **state)
{
	static const char bad[] = ETH "ipv4(src=192.0.2.2,dst=192.0.2.1,checksum=bad)/udp";

	assert_false(fits(*state, "eth/ipv4", bad));
	assert_true(fits(*state, "eth/ipv4(checksum=bad)", bad));
	assert_false(fits(*state, "eth/ipv4(checksum=bad)", ETH IPV4 "udp"));
	assert_true(fits(*state, "eth", bad));
}

static void what_is_quoted_may_have_wrong_checksums(void **state)
{
	assert_true(fits(*state, "icmp/ipv4/udp",
		ETH IPV4 "icmp(type=time-exceeded)/ipv4(src=192.0.2.1,dst=192.0.2.2,checksum=bad)/"
			 "udp(sport=1,dport=2)"));
}

static void a_payload_is_compared_whole(void **state)
{
	assert_true(fits(*state, "icmp/payload(data=01020304)", REPLY));
	assert_false(fits(*state, "icmp/payload(data=010203)", REPLY));
	assert_false(fits(*state, "icmp/payload(data=)", REPLY));
	assert_true(fits(*state, "udp/payload(data=)", ETH IPV4 "udp(sport=1,dport=2)"));
}

static void a_payload_is_what_follows_whatever_it_was_read_as(void **state)
{
	assert_true(fits(*state, "udp/payload(data=0001000000000000000000000000)",
		ETH IPV4 "udp(sport=53,dport=4000)/payload(data=0001000000000000000000000000)"));
}

static void items_given_stand_in_this_order_with_others_among_them(void **state)
{
	assert_true(fits(*state, "tcp(options=[mss(value=1460) wscale])", SYN));
	assert_false(fits(*state, "tcp(options=[wscale mss])", SYN));
	assert_false(fits(*state, "tcp(options=[mss(value=1400)])", SYN));
	assert_false(fits(*state, "tcp(options=[sack-permitted])", SYN));
	assert_false(fits(*state, "tcp(options=[])", SYN));
	assert_true(fits(*state, "tcp(options=[])", ETH IPV4 "tcp"));
}

static void items_may_be_wanted_with_no_others(void **state)
{
	static const struct spec_want exactly = { .kind = SPEC_WANT_EXACTLY };
	static const struct {
		const char *pattern;
		unsigned int differing;
	} rows[] = {
		{ "tcp(options=[mss(value=1460) nop wscale])", 0 },
		{ "tcp(options=[mss(value=1460) wscale])", 1 },
		{ "tcp(options=[mss(value=1460) nop wscale nop])", 1 },
		{ "tcp(options=[wscale])", 2 },
		{ "tcp(options=[])", 3 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_comparison comparison;
		struct frame_view view;
		struct frame_spec spec;

		support_spec(*state, rows[i].pattern, &spec);
		arrive(*state, SYN, &view);
		field_of(&spec, 0, "options")->want = &exactly;
		assert_int_equal(pattern_match(&spec, &view, NULL), !rows[i].differing);
		pattern_compare(*state, &spec, &view, NULL, &comparison);
		assert_int_equal(comparison.differing, rows[i].differing);
	}
}

static bool fits_want(struct arena *arena, const char *field, const struct spec_want *want)
{
	struct frame_view view;
	struct frame_spec spec;

	support_spec(arena, "tcp", &spec);
	arrive(arena, SYN, &view);
	field_of(&spec, 0, field)->want = want;
	return pattern_match(&spec, &view, NULL);
}

static void a_field_may_be_within_ranges_or_outside(void **state)
{
	struct spec_range ranges[] = { { { .number = 1 }, { .number = 9 } },
		{ { .number = 80 }, { .number = 80 } } };
	struct spec_want want = { .kind = SPEC_WANT_ONE_OF, .ranges = ranges, .count = 2 };

	assert_true(fits_want(*state, "sport", &want));
	assert_true(fits_want(*state, "ack", &want));
	assert_false(fits_want(*state, "dport", &want));
	want.except = true;
	assert_false(fits_want(*state, "sport", &want));
	assert_true(fits_want(*state, "dport", &want));
}

static void flags_may_be_there_or_not(void **state)
{
	struct spec_want want = { .kind = SPEC_WANT_BITS, .set = 0x12, .clear = 0x04 };

	assert_true(fits_want(*state, "flags", &want));
	want.clear = 0x02;
	assert_false(fits_want(*state, "flags", &want));
	want = (struct spec_want){ .kind = SPEC_WANT_BITS, .set = 0x01 };
	assert_false(fits_want(*state, "flags", &want));
}

static void a_payload_may_begin_with_octets(void **state)
{
	const struct spec_want want = { .kind = SPEC_WANT_PREFIX };
	struct frame_view view;
	struct frame_spec spec;

	support_spec(*state, "icmp/payload(data=0102)", &spec);
	field_of(&spec, 1, "data")->want = &want;
	arrive(*state, REPLY, &view);
	assert_true(pattern_match(&spec, &view, NULL));
	support_spec(*state, "icmp/payload(data=0103)", &spec);
	field_of(&spec, 1, "data")->want = &want;
	assert_false(pattern_match(&spec, &view, NULL));
}

static void a_name_takes_a_value_and_holds_it_from_then_on(void **state)
{
	const struct spec_capture seq = { .name = "seq" };
	struct pattern_value values[1] = { 0 };
	struct frame_view view;
	struct frame_spec spec;

	support_spec(*state, "tcp", &spec);
	name(&spec, 0, "seq", &seq);
	arrive(*state, SYN, &view);
	assert_true(pattern_match(&spec, &view, values));
	assert_true(values[0].known);
	assert_int_equal(values[0].number, 1000);
	assert_true(pattern_match(&spec, &view, values));
	arrive(*state, ETH IPV4 "tcp(seq=1001)", &view);
	assert_false(pattern_match(&spec, &view, values));
	pattern_values_fini(values, 1);
}

static void a_frame_that_differs_gives_no_name_a_value(void **state)
{
	const struct spec_capture seq = { .name = "seq" };
	struct pattern_value values[1] = { 0 };
	struct frame_view view;
	struct frame_spec spec;

	support_spec(*state, "tcp(window=1)", &spec);
	name(&spec, 0, "seq", &seq);
	arrive(*state, SYN, &view);
	assert_false(pattern_match(&spec, &view, values));
	assert_false(values[0].known);
}

static void a_name_twice_in_a_frame_is_one_value(void **state)
{
	const struct spec_capture mac = { .name = "mac" };
	struct pattern_value values[1] = { 0 };
	struct frame_view view;
	struct frame_spec spec;

	support_spec(*state, "eth/arp", &spec);
	name(&spec, 0, "src", &mac);
	name(&spec, 1, "sha", &mac);
	arrive(*state, ETH "arp(op=reply,sha=02:00:00:00:00:03,spa=192.0.2.2)", &view);
	assert_false(pattern_match(&spec, &view, values));
	arrive(*state, ETH "arp(op=reply,sha=02:00:00:00:00:02,spa=192.0.2.2)", &view);
	assert_true(pattern_match(&spec, &view, values));
	pattern_values_fini(values, 1);
}

static void a_spec_is_filled_with_what_names_hold_and_so_much_more(void **state)
{
	static const uint8_t address[] = { 10, 0, 0, 255 };
	const struct spec_capture seq = { .name = "seq", .plus = 1 };
	const struct spec_capture source = { .name = "source", .index = 1 };
	struct pattern_value values[2] = { { .known = true, .number = 0xffffffff },
		{ .known = true } };
	struct frame_view view;
	struct frame_spec spec;
	struct err err = { 0 };

	buffer_put(&values[1].octets, address, sizeof(address));
	support_spec(*state, ETH "ipv4(src=192.0.2.1)/tcp(ack=5)", &spec);
	name(&spec, 2, "ack", &seq);
	name(&spec, 1, "dst", &source);
	assert_int_equal(pattern_fill(*state, &spec, values, &spec, &err), 0);
	assert_int_equal(frame_build(*state, &spec, &view, &err), 0);
	assert_int_equal(
		view_value(&view, view_field_find(&view.layers[2].header, "ack")).number, 0);
	assert_memory_equal(
		view_value(&view, view_field_find(&view.layers[1].header, "dst")).octets, address,
		4);
	pattern_values_fini(values, 2);
}

static void a_name_without_a_value_or_with_too_long_a_one_fills_nothing(void **state)
{
	const struct spec_capture big = { .name = "big" };
	struct pattern_value values[1] = { 0 };
	struct frame_spec spec;
	struct err err = { 0 };

	support_spec(*state, ETH IPV4 "tcp", &spec);
	name(&spec, 2, "window", &big);
	assert_int_equal(pattern_fill(*state, &spec, values, &spec, &err), -EINVAL);
	assert_string_equal(err.text, "tcp.window: no frame has given $big a value yet");
	values[0] = (struct pattern_value){ .known = true, .number = 65536 };
	assert_int_equal(pattern_fill(*state, &spec, values, &spec, &err), -EINVAL);
	assert_string_equal(err.text, "tcp.window: the value of $big does not fit into 16 bits");
}

static void what_differs_is_told_field_by_field(void **state)
{
	struct pattern_comparison comparison;
	struct frame_view view;
	struct frame_spec spec;
	const struct pattern_row *differs = NULL;
	struct buffer text = { 0 };

	support_spec(*state, "eth/ipv4/tcp(flags=rst|ack,ack=6,sport=80)", &spec);
	arrive(*state, SYN, &view);
	pattern_compare(*state, &spec, &view, NULL, &comparison);
	assert_int_equal(comparison.differing, 2);
	for (unsigned int i = 0; i < comparison.count && !differs; i++)
		if (comparison.rows[i].verdict == PATTERN_DIFFERS)
			differs = &comparison.rows[i];
	assert_string_equal(differs->field->name, "ack");
	assert_int_equal(differs->value.number, 5);
	pattern_wanted_put(differs->field, differs->wanted, NULL, &text);
	assert_string_equal(buffer_text(&text), "6");
	buffer_fini(&text);
}

static void one_layer_too_many_is_one_difference(void **state)
{
	struct pattern_comparison comparison;
	struct frame_view view;
	struct frame_spec spec;

	support_spec(*state, "eth/ipv4(ttl=64)/icmp(type=echo-reply)", &spec);
	arrive(*state, ETH "vlan(id=3)/" IPV4 "icmp(type=echo-reply)", &view);
	pattern_compare(*state, &spec, &view, NULL, &comparison);
	assert_int_equal(comparison.differing, 1);
}

static void what_is_wanted_is_told_in_words(void **state)
{
	static const struct wire_field port = { .name = "port", .kind = WIRE_UINT, .width = 16 };
	const struct spec_range ranges[] = { { { .number = 1 }, { .number = 9 } },
		{ { .number = 80 }, { .number = 80 } } };
	const struct spec_want want = {
		.kind = SPEC_WANT_ONE_OF, .ranges = ranges, .count = 2, .except = true
	};
	const struct spec_capture capture = { .name = "port", .plus = (uint64_t)-1 };
	struct pattern_value values[1] = { { .known = true, .number = 4000 } };
	struct spec_value value = { .state = SPEC_GIVEN, .want = &want };
	struct buffer text = { 0 };

	(void)state;
	pattern_wanted_put(&port, &value, NULL, &text);
	assert_string_equal(buffer_text(&text), "not 1..9 or 80");
	buffer_clear(&text);
	value = (struct spec_value){ .state = SPEC_TAKEN, .capture = &capture };
	pattern_wanted_put(&port, &value, values, &text);
	assert_string_equal(buffer_text(&text), "$port - 1 = 3999");
	buffer_fini(&text);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fields_left_out_are_free),
		TEST(layers_stand_one_behind_the_other),
		TEST(a_pattern_may_begin_further_in),
		TEST(what_an_error_quotes_is_no_beginning),
		TEST(a_wrong_checksum_differs_unless_it_is_wanted),
		TEST(what_is_quoted_may_have_wrong_checksums),
		TEST(a_payload_is_compared_whole),
		TEST(a_payload_is_what_follows_whatever_it_was_read_as),
		TEST(items_given_stand_in_this_order_with_others_among_them),
		TEST(items_may_be_wanted_with_no_others),
		TEST(a_field_may_be_within_ranges_or_outside),
		TEST(flags_may_be_there_or_not),
		TEST(a_payload_may_begin_with_octets),
		TEST(a_name_takes_a_value_and_holds_it_from_then_on),
		TEST(a_frame_that_differs_gives_no_name_a_value),
		TEST(a_name_twice_in_a_frame_is_one_value),
		TEST(a_spec_is_filled_with_what_names_hold_and_so_much_more),
		TEST(a_name_without_a_value_or_with_too_long_a_one_fills_nothing),
		TEST(what_differs_is_told_field_by_field),
		TEST(one_layer_too_many_is_one_difference),
		TEST(what_is_wanted_is_told_in_words),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
