/* view_check: what is right, wrong, unfinished or beyond checking in a frame. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/bytes.h"
#include "frame/build.h"
#include "wire/checksum.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define IPV6 "ipv6(src=2001:db8::1,dst=2001:db8::2)/"
#define DATA "payload(data=0102030405060708)"

static void build(struct arena *arena, const char *text, struct frame_view *ret)
{
	support_build(arena, text, SPEC_PAD_NONE, ret);
}

/* The field of the last layer of that name. */
static const struct view_field *field_of(
	const struct frame_view *view, const char *layer, const char *field)
{
	const struct view_layer *found = NULL;

	for (unsigned int i = 0; i < view->count; i++)
		if (!strcmp(view->layers[i].protocol->header.name, layer))
			found = &view->layers[i];
	assert_non_null(found);
	assert_non_null(view_field_find(&found->header, field));
	return view_field_find(&found->header, field);
}

static void what_is_computed_is_right_or_wrong(void **state)
{
	static const struct {
		const char *spec;
		const char *layer;
		const char *field;
		enum view_check check;
		uint64_t expected;
	} rows[] = {
		{ ETH IPV4 "udp/" DATA, "ipv4", "length", VIEW_RIGHT, 36 },
		{ ETH "ipv4(src=1.2.3.4,length=35)/udp/" DATA, "ipv4", "length", VIEW_WRONG, 36 },
		{ ETH "ipv4(src=1.2.3.4,ihl=6)/udp/" DATA, "ipv4", "ihl", VIEW_WRONG, 5 },
		{ ETH IPV6 "udp(length=99)/" DATA, "udp", "length", VIEW_WRONG, 16 },
		{ ETH IPV6 "udp/" DATA, "ipv6", "length", VIEW_RIGHT, 16 },
		{ ETH IPV6 "hopopts/udp", "hopopts", "length", VIEW_RIGHT, 0 },
		{ ETH IPV4 "tcp(data-offset=6)", "tcp", "data-offset", VIEW_WRONG, 5 },
		{ ETH IPV4 "udp", "ipv4", "protocol", VIEW_RIGHT, 17 },
		{ ETH "ipv4(src=1.2.3.4,protocol=6)/udp", "ipv4", "protocol", VIEW_WRONG, 17 },
		{ ETH "ipv4(src=1.2.3.4,protocol=6)/" DATA, "ipv4", "protocol", VIEW_UNCHECKED, 0 },
		{ ETH IPV4 "icmp(type=time-exceeded)/ipv4(src=1.2.3.4)", "eth", "type", VIEW_RIGHT,
			0x0800 },
		/* A quoted packet may be cut short, so that its length says more; never less. */
		{ ETH IPV4 "icmp(type=time-exceeded)/ipv4(src=1.2.3.4,length=29)/udp/" DATA, "ipv4",
			"length", VIEW_WRONG, 36 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;
		const struct view_field *field;

		build(*state, rows[i].spec, &view);
		field = field_of(&view, rows[i].layer, rows[i].field);
		assert_int_equal(field->check, rows[i].check);
		if (field->check != VIEW_UNCHECKED)
			assert_int_equal(field->expected, rows[i].expected);
	}
}

static void items_have_lengths_to_be_checked_too(void **state)
{
	struct frame_view view;
	const struct view_field *options;

	build(*state, ETH IPV4 "tcp(options=[mss(length=9) mss])", &view);
	options = field_of(&view, "tcp", "options");
	assert_int_equal(view_field_find(&options->items[0], "length")->check, VIEW_WRONG);
	assert_int_equal(view_field_find(&options->items[0], "length")->expected, 4);
	assert_int_equal(view_field_find(&options->items[1], "length")->check, VIEW_RIGHT);
}

/* A changed octet anywhere that a checksum covers makes it wrong. */
static void a_checksum_covers_each_octet_that_it_should(void **state)
{
	struct frame_view view;
	uint8_t octets[256];

	build(*state, ETH IPV4 "udp/" DATA, &view);
	memcpy(octets, view.octets, view.length);
	for (uint32_t i = 26; i < view.length; i++) { /* addresses, UDP, payload */
		struct frame_view read;

		if (i == 38 || i == 39)
			continue; /* UDP's length says how much is covered */
		octets[i] ^= 0x5a;
		frame_dissect(*state, &wire_eth, octets, view.length, DISSECT_FCS_ABSENT, &read);
		assert_int_equal(field_of(&read, "udp", "checksum")->check, VIEW_WRONG);
		octets[i] ^= 0x5a;
	}
}

static void a_checksum_that_a_kernel_left_to_the_device_is_no_wrong_one(void **state)
{
	static const char *const specs[] = { ETH IPV4 "udp/" DATA, ETH IPV6 "tcp/" DATA };
	static const char *const layers[] = { "udp", "tcp" };

	for (size_t i = 0; i < 2; i++) {
		struct frame_view view;
		struct frame_view read;
		const struct view_field *field;
		uint8_t octets[256];
		size_t ip = 14;
		size_t address = i ? 16 : 4;
		uint64_t sum;

		build(*state, specs[i], &view);
		memcpy(octets, view.octets, view.length);
		sum = checksum_pseudo(octets + ip + (i ? 8 : 12), octets + ip + (i ? 24 : 16),
			address, i ? 6 : 17, view.length - view.layers[2].header.offset);
		field = field_of(&view, layers[i], "checksum");
		bytes_put_be16(octets + field->bit / 8, checksum_fold(sum));
		frame_dissect(*state, &wire_eth, octets, view.length, DISSECT_FCS_ABSENT, &read);
		assert_int_equal(field_of(&read, layers[i], "checksum")->check, VIEW_OFFLOADED);
	}
}

static void what_is_not_all_there_is_not_checked(void **state)
{
	static const struct {
		const char *spec;
		const char *layer;
		const char *field;
	} rows[] = {
		/* A fragment's UDP length and checksum are of the whole datagram. */
		{ ETH "ipv4(src=1.2.3.4,flags=mf)/udp(length=1000)/" DATA, "udp", "length" },
		{ ETH "ipv4(src=1.2.3.4,flags=mf)/udp(checksum=0x1234)/" DATA, "udp", "checksum" },
		{ ETH "ipv4(src=1.2.3.4,flags=mf)/icmp/" DATA, "icmp", "checksum" },
		{ ETH IPV6 "fragment(more=1)/udp(length=1000)/" DATA, "udp", "length" },
		{ ETH IPV6 "fragment(more=1)/tcp/" DATA, "tcp", "checksum" },
		/* A packet in an error message is cut short. */
		{ ETH IPV4
			"icmp(type=unreachable)/ipv4(src=1.2.3.4,length=500)/udp(length=480)/" DATA,
			"ipv4", "length" },
		{ ETH IPV4
			"icmp(type=unreachable)/ipv4(src=1.2.3.4,length=500)/udp(length=480)/" DATA,
			"udp", "length" },
		{ ETH IPV4 "icmp(type=unreachable)/ipv4(src=1.2.3.4,length=500)/"
			   "udp(length=480,checksum=1)/" DATA,
			"udp", "checksum" },
		{ ETH IPV4
			"icmp(type=unreachable)/ipv4(src=1.2.3.4,length=500)/tcp(checksum=1)/" DATA,
			"tcp", "checksum" },
		/* So is a frame that a snap length cut. */
		{ ETH "ipv4(src=1.2.3.4,length=500)/tcp(checksum=1)/" DATA, "tcp", "checksum" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;

		build(*state, rows[i].spec, &view);
		if (field_of(&view, rows[i].layer, rows[i].field)->check != VIEW_UNCHECKED)
			fail_msg("%s: %s.%s", rows[i].spec, rows[i].layer, rows[i].field);
	}
}

static void a_whole_datagram_in_one_fragment_is_checked(void **state)
{
	struct frame_view view;

	build(*state, ETH IPV6 "fragment/udp(checksum=bad)/" DATA, &view);
	assert_int_equal(field_of(&view, "udp", "checksum")->check, VIEW_WRONG);
}

static void a_quoted_packet_that_is_whole_is_checked(void **state)
{
	struct frame_view view;

	build(*state, ETH IPV4 "icmp(type=unreachable)/ipv4(src=1.2.3.4)/udp/" DATA, &view);
	assert_int_equal(field_of(&view, "ipv4", "length")->check, VIEW_RIGHT);
	assert_int_equal(field_of(&view, "udp", "checksum")->check, VIEW_RIGHT);
	build(*state, ETH IPV4 "icmp(type=unreachable)/ipv4(src=1.2.3.4)/udp(checksum=bad)/" DATA,
		&view);
	assert_int_equal(field_of(&view, "udp", "checksum")->check, VIEW_WRONG);
}

/* An IPv4 length that ends within the UDP header: what is there is covered all the same. */
static void a_length_that_cuts_an_inner_header_does_not_bound_it(void **state)
{
	struct frame_view view;
	struct frame_view whole;

	build(*state, ETH "ipv4(src=192.0.2.1,dst=192.0.2.2,length=24)/udp/" DATA, &view);
	build(*state, ETH IPV4 "udp/" DATA, &whole);
	assert_int_equal(view.layers[1].end, 38);
	assert_int_equal(view.layers[2].end, 50);
	assert_int_equal(view_value(&view, field_of(&view, "udp", "checksum")).number,
		view_value(&whole, field_of(&whole, "udp", "checksum")).number);
}

/* Each sums over the address that the packet ends at. */
static void the_pseudo_header_holds_the_final_destination(void **state)
{
	static const struct {
		const char *route;
		const char *direct;
		const char *layer;
	} rows[] = {
		{ ETH "ipv4(src=1.2.3.4,dst=9.9.9.9,options=[ssrr(addresses=[hop(address=8.8.8.8) "
		      "hop(address=5.6.7.8)])])/udp",
			ETH "ipv4(src=1.2.3.4,dst=5.6.7.8)/udp", "udp" },
		/* The route is at its end. */
		{ ETH "ipv4(src=1.2.3.4,dst=5.6.7.8,options=[lsrr(pointer=8,addresses=["
		      "hop(address=8.8.8.8)])])/tcp",
			ETH "ipv4(src=1.2.3.4,dst=5.6.7.8)/tcp", "tcp" },
		{ ETH "ipv6(src=::1,dst=::9)/routing(segments-left=1,addresses=[hop(address=::8) "
		      "hop(address=::2)])/tcp",
			ETH "ipv6(src=::1,dst=::2)/tcp", "tcp" },
		{ ETH "ipv6(src=::1,dst=::2)/routing(segments-left=0,addresses=[hop(address=::8)])/"
		      "tcp",
			ETH "ipv6(src=::1,dst=::2)/tcp", "tcp" },
		/* Segment routing lists the last segment first, RFC 8754 2. */
		{ ETH "ipv6(src=::1,dst=::9)/routing(type=4,segments-left=1,segments=["
		      "segment(address=::2) segment(address=::8)])/icmpv6",
			ETH "ipv6(src=::1,dst=::2)/icmpv6", "icmpv6" },
		/* The home address stands for the source, RFC 6275 11.3.1. */
		{ ETH "ipv6(src=::9,dst=::2)/dstopts(options=[option(type=0xc9,"
		      "data=00000000000000000000000000000001)])/tcp",
			ETH "ipv6(src=::1,dst=::2)/tcp", "tcp" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view route;
		struct frame_view direct;

		build(*state, rows[i].route, &route);
		build(*state, rows[i].direct, &direct);
		assert_int_equal(
			view_value(&route, field_of(&route, rows[i].layer, "checksum")).number,
			view_value(&direct, field_of(&direct, rows[i].layer, "checksum")).number);
	}
}

/* 0 and ffff are the same number in ones' complement: a receiver takes both. */
static void a_checksum_of_ffff_for_0_is_right(void **state)
{
	struct frame_view view;
	struct frame_view read;
	const struct view_field *field;
	uint8_t octets[256];
	uint16_t checksum;

	build(*state, ETH IPV4 "tcp/payload(data=0000)", &view);
	field = field_of(&view, "tcp", "checksum");
	memcpy(octets, view.octets, view.length);
	checksum = (uint16_t)view_value(&view, field).number;
	bytes_put_be16(octets + view.length - 2, checksum); /* now the right one is 0 */
	for (unsigned int i = 0; i < 2; i++) {
		bytes_put_be16(octets + field->bit / 8, i ? 0xffff : 0);
		frame_dissect(*state, &wire_eth, octets, view.length, DISSECT_FCS_ABSENT, &read);
		assert_int_equal(field_of(&read, "tcp", "checksum")->check, VIEW_RIGHT);
		assert_int_equal(field_of(&read, "tcp", "checksum")->expected, 0);
	}
}

/* Whatever stands in the field: above what the rest sums to, too; and of octets that are all zero.
 */
static void what_would_be_right_does_not_depend_on_what_is_wrong(void **state)
{
	static const char *const specs[][2] = {
		{ "ipv4", ETH IPV4 "udp/" DATA },
		{ "udp", ETH IPV4 "udp/" DATA },
		{ "tcp", ETH IPV6 "tcp/" DATA },
		{ "icmp", ETH IPV4 "icmp(type=0)/payload(data=0000)" },
	};
	struct frame_view built;
	struct frame_view read;
	uint8_t octets[256];

	for (unsigned int i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		const struct view_field *field;
		uint64_t right;

		build(*state, specs[i][1], &built);
		field = field_of(&built, specs[i][0], "checksum");
		right = view_value(&built, field).number;
		memcpy(octets, built.octets, built.length);
		for (unsigned int wrong = 0; wrong <= 0xffff; wrong += 257) {
			bytes_put_be16(octets + field->bit / 8, (uint16_t)wrong);
			frame_dissect(
				*state, &wire_eth, octets, built.length, DISSECT_FCS_ABSENT, &read);
			assert_int_equal(field_of(&read, specs[i][0], "checksum")->expected, right);
		}
	}
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	const struct CMUnitTest tests[] = {
		ROW(what_is_computed_is_right_or_wrong),
		ROW(items_have_lengths_to_be_checked_too),
		ROW(a_checksum_covers_each_octet_that_it_should),
		ROW(a_checksum_that_a_kernel_left_to_the_device_is_no_wrong_one),
		ROW(what_is_not_all_there_is_not_checked),
		ROW(a_whole_datagram_in_one_fragment_is_checked),
		ROW(a_quoted_packet_that_is_whole_is_checked),
		ROW(a_length_that_cuts_an_inner_header_does_not_bound_it),
		ROW(the_pseudo_header_holds_the_final_destination),
		ROW(a_checksum_of_ffff_for_0_is_right),
		ROW(what_would_be_right_does_not_depend_on_what_is_wrong),
	};

	return cmocka_run_group_tests_name("frame/check", tests, NULL, NULL);
}
