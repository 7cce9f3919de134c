/* frame_respec: the spec reads as a person would have written it, and builds the same octets. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define IPV6 "ipv6(src=2001:db8::1,dst=2001:db8::2)/"
#define DATA "payload(data=0102030405060708)"

/* ---- helpers ---- */

static const char *items_of(struct arena *arena, const struct spec_value *list);

/* "(dst,src)": the rows that are given, those of items too. */
static const char *record_of(struct arena *arena, const struct spec_record *record)
{
	const char *text = "";

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];

		if (value->state == SPEC_AUTO)
			continue;
		text = arena_printf(arena, "%s%s%s%s", text, *text ? "," : "",
			record->type->fields[i].name, value->items ? items_of(arena, value) : "");
	}
	return *text ? arena_printf(arena, "%s(%s)", record->type->name, text) : record->type->name;
}

static const char *items_of(struct arena *arena, const struct spec_value *list)
{
	const char *text = "=[";

	for (unsigned int i = 0; i < list->count; i++)
		text = arena_printf(
			arena, "%s%s%s", text, i ? " " : "", record_of(arena, &list->items[i]));
	return arena_printf(arena, "%s]", text);
}

static const char *spec_of(struct arena *arena, const struct frame_spec *spec)
{
	const char *text = "";

	for (unsigned int i = 0; i < spec->count; i++)
		text = arena_printf(arena, "%s%s%s", text, i ? "/" : "",
			record_of(arena, &spec->layers[i].header));
	return text;
}

static void build(struct arena *arena, const char *text, struct frame_view *ret)
{
	support_build(arena, text, SPEC_PAD_AUTO, ret);
}

/* The spec of these octets, after it has built them again. */
static void respec(struct arena *arena, const uint8_t *octets, size_t length, enum dissect_fcs fcs,
	struct frame_spec *ret)
{
	struct frame_view read;
	struct frame_view built;
	struct err err = { 0 };

	frame_dissect(arena, &wire_eth, octets, length, fcs, &read);
	frame_respec(arena, &read, ret);
	if (frame_build(arena, ret, &built, &err))
		fail_msg("%s", err.text);
	assert_int_equal(built.length, read.length);
	assert_memory_equal(built.octets, octets, read.length);
}

/* ---- what is given ---- */

static void only_what_does_not_come_by_itself_is_given(void **state)
{
	static const char *const rows[][2] = {
		{ ETH "arp(sha=02:00:00:00:00:01,spa=1.2.3.4,tpa=1.2.3.5)",
			"eth(dst,src)/arp(sha,spa,tpa)" },
		{ ETH IPV4 "udp(sport=1,dport=2)/" DATA,
			"eth(dst,src)/ipv4(src,dst)/udp(sport,dport)/payload(data)" },
		{ ETH "vlan(id=5)/" IPV4 "icmp(id=1)",
			"eth(dst,src)/vlan(id)/ipv4(src,dst)/icmp(id)" },
		/* Presets that depend on an interface are always given. */
		{ ETH "ipv4(src=0.0.0.0)/tcp", "eth(dst,src)/ipv4(src)/tcp" },
		{ ETH IPV4 "tcp(options=[mss wscale(shift=7)])",
			"eth(dst,src)/ipv4(src,dst)/tcp(options=[mss wscale(shift)])" },
		{ ETH IPV4 "tcp(options=[option(kind=254,data=beef)])",
			"eth(dst,src)/ipv4(src,dst)/tcp(options=[option(kind,data)])" },
		{ ETH "ipv4(src=1.2.3.4,length=99,ihl=5,checksum=1)/udp(length=3,checksum=0)",
			"eth(dst,src)/ipv4(length,checksum,src)/udp(length,checksum)/"
			"payload(data)" },
		{ ETH "ipv4(src=1.2.3.4,protocol=6,frag-offset=1)/" DATA,
			"eth(dst,src)/ipv4(frag-offset,protocol,src)/payload(data)" },
		{ ETH IPV6 "hopopts/routing(addresses=[hop(address=::1)])/udp",
			"eth(dst,src)/ipv6(src,dst)/hopopts/routing(addresses=[hop(address)])/"
			"udp" },
		{ ETH IPV4 "icmp(type=11)/ipv4(src=1.2.3.4)/udp",
			"eth(dst,src)/ipv4(src,dst)/icmp(type)/ipv4(src)/udp" },
		{ "eth(dst=ff:ff:ff:ff:ff:ff,src=02:00:00:00:00:01,type=0x1234)/" DATA,
			"eth(dst,src,type)/payload(data)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;
		struct frame_spec spec;

		build(*state, rows[i][0], &view);
		respec(*state, view.octets, view.length, DISSECT_FCS_GUESS, &spec);
		assert_string_equal(spec_of(*state, &spec), rows[i][1]);
	}
}

static void options_that_fill_a_header_up_are_left_out(void **state)
{
	static const char *const rows[][2] = {
		{ "wscale", "options=[wscale]" },
		/* Of four ends in a row one was given: without it none would follow. */
		{ "end", "options=[end]" },
		{ "nop end", "options=[nop]" },
		{ "nop end end end", "options=[nop]" },
		/* More than what fills up: an end that was given, and those behind it. */
		{ "nop nop nop nop end", "options=[nop nop nop nop end]" },
		{ "nop nop nop nop end end", "options=[nop nop nop nop end]" },
		{ "nop nop nop end end end end end", "options=[nop nop nop end end]" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;
		struct frame_spec spec;

		build(*state, arena_printf(*state, ETH IPV4 "tcp(options=[%s])", rows[i][0]),
			&view);
		respec(*state, view.octets, view.length, DISSECT_FCS_GUESS, &spec);
		assert_string_equal(record_of(*state, &spec.layers[2].header),
			*rows[i][1] ? arena_printf(*state, "tcp(%s)", rows[i][1]) : "tcp");
	}
}

static void ipv6_padding_that_fills_a_header_up_is_left_out(void **state)
{
	static const char *const rows[][2] = {
		{ "router-alert", "hopopts(options=[router-alert])" },
		{ "padn(data=00000000)", "hopopts" },
		/* Other octets, or other padding than the builder's but for the last. */
		{ "padn(data=00010000)", "hopopts(options=[padn(data)])" },
		{ "pad1 pad1 pad1 pad1 pad1 pad1", "hopopts(options=[pad1 pad1 pad1 pad1 pad1])" },
		{ "router-alert pad1 pad1", "hopopts(options=[router-alert pad1])" },
		{ "pad1 router-alert pad1", "hopopts(options=[pad1 router-alert])" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;
		struct frame_spec spec;

		build(*state,
			arena_printf(*state, ETH IPV6 "hopopts(options=[%s])/udp", rows[i][0]),
			&view);
		respec(*state, view.octets, view.length, DISSECT_FCS_GUESS, &spec);
		assert_string_equal(record_of(*state, &spec.layers[2].header), rows[i][1]);
	}
}

/* A receiver takes ffff for 0, but the builder makes 0. */
static void a_checksum_that_is_right_in_another_way_is_given(void **state)
{
	struct frame_view view;
	struct frame_spec spec;
	uint8_t octets[64];
	const struct view_field *field;

	build(*state, ETH IPV4 "tcp/payload(data=0000)", &view);
	memcpy(octets, view.octets, view.length);
	field = view_field_find(&view.layers[2].header, "checksum");
	bytes_put_be16(octets + 54, (uint16_t)view_value(&view, field).number);
	bytes_put_be16(octets + field->bit / 8, 0xffff);
	respec(*state, octets, view.length, DISSECT_FCS_ABSENT, &spec);
	assert_string_equal(spec_of(*state, &spec),
		"eth(dst,src)/ipv4(src,dst)/tcp(sport,checksum)/http(text)");
}

/* ---- padding and FCS ---- */

static void padding_is_said_as_it_was_seen(void **state)
{
	struct frame_view view;
	struct frame_spec spec;
	uint8_t octets[100] = { 0 };

	build(*state, ETH IPV4 "udp", &view); /* 42 octets and 18 zeros */
	memcpy(octets, view.octets, view.length);
	respec(*state, octets, 60, DISSECT_FCS_ABSENT, &spec);
	assert_int_equal(spec.pad.mode, SPEC_PAD_AUTO);
	respec(*state, octets, 42, DISSECT_FCS_ABSENT, &spec);
	assert_int_equal(spec.pad.mode, SPEC_PAD_NONE);
	respec(*state, octets, 59, DISSECT_FCS_ABSENT, &spec);
	assert_int_equal(spec.pad.mode, SPEC_PAD_COUNT);
	assert_int_equal(spec.pad.length, 17);
	respec(*state, octets, 61, DISSECT_FCS_ABSENT, &spec);
	assert_int_equal(spec.pad.mode, SPEC_PAD_COUNT);
	octets[59] = 1;
	respec(*state, octets, 60, DISSECT_FCS_ABSENT, &spec);
	assert_int_equal(spec.pad.mode, SPEC_PAD_OCTETS);
	assert_int_equal(spec.pad.length, 18);
	build(*state, ETH IPV4 "udp/payload(data=000000000000000000000000000000000000)", &view);
	respec(*state, view.octets, 60, DISSECT_FCS_ABSENT, &spec);
	assert_int_equal(spec.pad.mode, SPEC_PAD_AUTO);
}

static void a_wrong_fcs_is_given_and_a_right_one_is_not(void **state)
{
	struct frame_view view;
	struct frame_spec spec;
	uint8_t octets[64];

	build(*state, ETH IPV4 "udp", &view);
	memcpy(octets, view.octets, 60);
	memcpy(octets + 60, view.fcs_octets, FCS_LENGTH);
	respec(*state, octets, 64, DISSECT_FCS_GUESS, &spec);
	assert_int_equal(spec.fcs.mode, SPEC_FCS_AUTO);
	respec(*state, octets, 60, DISSECT_FCS_GUESS, &spec);
	assert_int_equal(spec.fcs.mode, SPEC_FCS_AUTO);
	octets[61] ^= 1;
	respec(*state, octets, 64, DISSECT_FCS_PRESENT, &spec);
	assert_int_equal(spec.fcs.mode, SPEC_FCS_GIVEN);
	assert_memory_equal(spec.fcs.octets, octets + 60, FCS_LENGTH);
}

/* ---- what cannot be said field by field ---- */

static void octets_that_no_layers_make_are_said_as_octets(void **state)
{
	struct frame_spec spec;
	uint8_t octets[60] = { 0 };

	memset(octets, 0xff, sizeof(octets));
	respec(*state, octets, sizeof(octets), DISSECT_FCS_GUESS, &spec);
	assert_string_equal(spec_of(*state, &spec), "eth(dst,src,type)/payload(data)");
	respec(*state, octets, 13, DISSECT_FCS_GUESS, &spec);
	assert_string_equal(spec_of(*state, &spec), "payload(data)");
	respec(*state, octets, 0, DISSECT_FCS_GUESS, &spec);
	assert_string_equal(spec_of(*state, &spec), "");
}

static void a_view_of_a_built_frame_is_said_again(void **state)
{
	struct frame_view view;
	struct frame_view built;
	struct frame_spec spec;

	/* What was built holds less, or other, than its octets say. */
	build(*state, ETH "ipv4(src=1.2.3.4,ihl=7,length=3,protocol=6)/udp(length=2)/" DATA, &view);
	frame_respec(*state, &view, &spec);
	assert_int_equal(frame_build(*state, &spec, &built, NULL), 0);
	assert_int_equal(built.length, view.length);
	assert_memory_equal(built.octets, view.octets, view.length);
	assert_string_equal(spec_of(*state, &spec),
		"eth(dst,src)/ipv4(ihl,length,protocol,src)/udp(length)/payload(data)");
}

static void said_as(struct arena *arena, const struct frame_view *view, enum spec_pad_mode pad,
	const char *want)
{
	struct frame_view built;
	struct frame_spec spec;

	frame_respec(arena, view, &spec);
	assert_string_equal(spec_of(arena, &spec), want);
	assert_int_equal(spec.pad.mode, pad);
	assert_int_equal(frame_build(arena, &spec, &built, NULL), 0);
	assert_int_equal(built.length, view->length);
	assert_memory_equal(built.octets, view->octets, view->length);
}

/* No octets lead there that we know of: views that were made wrong. */
static void a_view_that_does_not_fit_its_octets_is_said_more_plainly(void **state)
{
	struct frame_view view;
	struct view_layer *udp;

	build(*state, ETH IPV4 "udp(length=99)", &view);
	udp = &view.layers[2];
	udp->header.fields[2].check = VIEW_RIGHT;
	udp->header.fields[2].expected = 99;
	said_as(*state, &view, SPEC_PAD_AUTO,
		"eth(dst,src,type)/"
		"ipv4(version,ihl,dscp,ecn,length,id,flags,frag-offset,ttl,protocol,checksum,src,"
		"dst)/"
		"udp(sport,dport,length,checksum)");
	view.count--;
	said_as(*state, &view, SPEC_PAD_NONE, "eth(dst,src,type)/payload(data)");
	view.count = 0;
	said_as(*state, &view, SPEC_PAD_NONE, "payload(data)");
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	const struct CMUnitTest tests[] = {
		ROW(only_what_does_not_come_by_itself_is_given),
		ROW(options_that_fill_a_header_up_are_left_out),
		ROW(ipv6_padding_that_fills_a_header_up_is_left_out),
		ROW(a_checksum_that_is_right_in_another_way_is_given),
		ROW(padding_is_said_as_it_was_seen),
		ROW(a_wrong_fcs_is_given_and_a_right_one_is_not),
		ROW(octets_that_no_layers_make_are_said_as_octets),
		ROW(a_view_of_a_built_frame_is_said_again),
		ROW(a_view_that_does_not_fit_its_octets_is_said_more_plainly),
	};

	return cmocka_run_group_tests_name("frame/respec", tests, NULL, NULL);
}
