/* frame_dissect: what octets are read as, also when they are cut, wrong or nobody's. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"
#include "frame/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define IPV6 "ipv6(src=2001:db8::1,dst=2001:db8::2)/"
#define DATA "payload(data=0102030405060708)"

/* ---- helpers ---- */

/* The octets of a spec, for a test to change. */
static uint8_t *octets_of(
	struct arena *arena, const char *text, enum spec_pad_mode pad, size_t *ret_length)
{
	struct frame_view view;

	support_build(arena, text, pad, &view);
	*ret_length = view.length;
	return arena_copy(arena, view.octets, view.length);
}

/* "eth/ipv4/udp/payload+18": the layers, and how much padding. */
static const char *shape_of(struct arena *arena, const struct frame_view *view)
{
	char *text = arena_printf(arena, "%s", "");

	for (unsigned int i = 0; i < view->count; i++)
		text = arena_printf(
			arena, "%s%s%s", text, i ? "/" : "", view->layers[i].protocol->header.name);
	return view->pad_length ? arena_printf(arena, "%s+%u", text, view->pad_length) : text;
}

static void read_as(struct arena *arena, const uint8_t *octets, size_t length, const char *shape,
	const char *fault, struct frame_view *ret)
{
	/* In memory of its own size, so that a sanitizer sees a read beyond the end. */
	uint8_t *copy = test_malloc(length ? length : 1);
	struct frame_view view;

	memcpy(copy, octets, length);
	frame_dissect(arena, &wire_eth, copy, length, DISSECT_FCS_ABSENT, &view);
	assert_string_equal(shape_of(arena, &view), shape);
	for (unsigned int i = 1; i < view.count; i++)
		assert_int_equal(view.layers[i].header.offset,
			view.layers[i - 1].header.offset + view.layers[i - 1].header.length);
	if (fault)
		assert_string_equal(view.fault ? view.fault : "none", fault);
	else
		assert_null(view.fault);
	test_free(copy);
	view.octets = octets;
	*ret = view;
}

static const struct view_field *field_of(
	const struct frame_view *view, const char *layer, const char *field)
{
	const struct view_layer *found = view_layer_find(view, wire_protocol_find(layer), 1);

	assert_non_null(found);
	return view_field_find(&found->header, field);
}

static const struct view_field *options_of(
	struct arena *arena, const char *options, struct frame_view *view)
{
	char *text = arena_printf(arena, ETH IPV4 "tcp(options=[raw(data=%s)])/" DATA, options);
	size_t length;
	const uint8_t *octets = octets_of(arena, text, SPEC_PAD_NONE, &length);

	read_as(arena, octets, length, "eth/ipv4/tcp/http", NULL, view);
	return field_of(view, "tcp", "options");
}

static const char *items_of(struct arena *arena, const struct view_field *list)
{
	char *text = arena_printf(arena, "%s", "");

	for (unsigned int i = 0; i < list->count; i++)
		text = arena_printf(arena, "%s%s%s:%u", text, i ? " " : "",
			list->items[i].type->name, list->items[i].length);
	return text;
}

/* ---- layers ---- */

static void layers_are_read_as_they_were_built(void **state)
{
	static const char *const rows[][2] = {
		{ ETH "arp(sha=02:00:00:00:00:01,spa=1.2.3.4)", "eth/arp+18" },
		{ ETH "vlan/svlan/vlan/" IPV4 "udp(sport=9,dport=9)/" DATA,
			"eth/vlan/svlan/vlan/ipv4/udp/payload" },
		{ ETH IPV4 "udp", "eth/ipv4/udp+18" },
		{ ETH IPV4 "ipv4(src=1.2.3.4)/" IPV6 "tcp", "eth/ipv4/ipv4/ipv6/tcp" },
		{ ETH IPV6 "hopopts/dstopts/routing/fragment/icmpv6",
			"eth/ipv6/hopopts/dstopts/routing/fragment/icmpv6" },
		{ ETH "ipv6(src=::1)", "eth/ipv6+6" },
		{ ETH IPV4 "icmp(type=unreachable)/ipv4(src=1.2.3.4)/udp",
			"eth/ipv4/icmp/ipv4/udp" },
		{ ETH IPV6 "icmpv6(type=time-exceeded)/ipv6(src=::1)/udp(sport=9,dport=9)/" DATA,
			"eth/ipv6/icmpv6/ipv6/udp/payload" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;
		size_t length;
		uint8_t *octets = octets_of(*state, rows[i][0], SPEC_PAD_AUTO, &length);

		read_as(*state, octets, length, rows[i][1], NULL, &view);
	}
}

static void an_unknown_ethertype_leaves_a_payload_to_the_end(void **state)
{
	struct frame_view view;
	uint8_t octets[60] = { 0 };

	octets[12] = 0x12;
	read_as(*state, octets, sizeof(octets), "eth/payload", NULL, &view);
	assert_int_equal(view.layers[1].header.length, 46);
	assert_int_equal(view.pad_offset, 60);
}

#define QUERY	"payload(data=00010100000100000000000001610000010001)"
#define REQUEST "payload(data=000161006f6374657400)" /* of TFTP, and too short for DNS */
#define MODBUS	"payload(data=000100000006010300000001)"

static void the_lower_of_two_known_ports_says_what_follows(void **state)
{
	static const char *const rows[][2] = {
		{ "udp(sport=53,dport=69)/" QUERY, "udp/dns" },
		{ "udp(sport=69,dport=53)/" QUERY, "udp/dns" },
		{ "udp(sport=5353,dport=123)/ntp", "udp/ntp" },
		{ "udp(sport=123,dport=5353)/ntp", "udp/ntp" },
		{ "udp(sport=53,dport=53)/" QUERY, "udp/dns" },
		{ "udp(sport=9,dport=53)/" QUERY, "udp/dns" },
		{ "udp(sport=53,dport=9)/" QUERY, "udp/dns" },
		{ "udp(sport=0,dport=53)/" QUERY, "udp/dns" },
		{ "udp(sport=53,dport=65535)/" QUERY, "udp/dns" },
		{ "udp(sport=9,dport=40000)/" QUERY, "udp/payload" },
		{ "udplite(sport=5353,dport=69)/" REQUEST, "udplite/tftp" },
		{ "tcp(sport=80,dport=502)/" MODBUS, "tcp/http" },
		{ "tcp(sport=502,dport=80)/" MODBUS, "tcp/http" },
		{ "tcp(sport=502,dport=5060)/" MODBUS, "tcp/modbus" },
		{ "tcp(sport=5060,dport=502)/" MODBUS, "tcp/modbus" },
	};
	struct frame_view view;
	size_t length;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *text = arena_printf(*state, ETH IPV4 "%s", rows[i][0]);
		const uint8_t *octets = octets_of(*state, text, SPEC_PAD_NONE, &length);

		read_as(*state, octets, length, arena_printf(*state, "eth/ipv4/%s", rows[i][1]),
			NULL, &view);
	}
}

static void what_is_not_the_lower_ports_protocol_may_be_the_others(void **state)
{
	struct frame_view view;
	size_t length;
	const uint8_t *octets;

	octets = octets_of(
		*state, ETH IPV4 "udp(sport=53,dport=69)/" REQUEST, SPEC_PAD_NONE, &length);
	read_as(*state, octets, length, "eth/ipv4/udp/tftp", NULL, &view);
	octets = octets_of(
		*state, ETH IPV4 "udp(sport=69,dport=53)/" REQUEST, SPEC_PAD_NONE, &length);
	read_as(*state, octets, length, "eth/ipv4/udp/tftp", NULL, &view);
	octets = octets_of(
		*state, ETH IPV4 "udp(sport=69,dport=53)/payload(data=00)", SPEC_PAD_NONE, &length);
	read_as(*state, octets, length, "eth/ipv4/udp/payload", "dns: 1 octets are too few for id",
		&view);
	octets = octets_of(
		*state, ETH IPV4 "udp(sport=9,dport=53)/payload(data=00)", SPEC_PAD_NONE, &length);
	read_as(*state, octets, length, "eth/ipv4/udp/payload", "dns: 1 octets are too few for id",
		&view);
}

static void arps_protocol_type_is_no_layer(void **state)
{
	struct frame_view view;
	size_t length;
	uint8_t *octets = octets_of(
		*state, ETH "arp(sha=02:00:00:00:00:01,spa=1.2.3.4)", SPEC_PAD_AUTO, &length);

	octets[42] = 0x45; /* what an IPv4 header would begin with, in the padding */
	read_as(*state, octets, length, "eth/arp+18", NULL, &view);
}

static void a_fragment_that_is_not_the_first_has_no_header(void **state)
{
	struct frame_view view;
	size_t length;
	uint8_t *octets =
		octets_of(*state, ETH "ipv4(src=1.2.3.4,frag-offset=1)/udp(sport=9,dport=9)/" DATA,
			SPEC_PAD_NONE, &length);

	read_as(*state, octets, length, "eth/ipv4/payload", NULL, &view);
	octets = octets_of(*state, ETH IPV6 "fragment(frag-offset=1)/udp(sport=9,dport=9)/" DATA,
		SPEC_PAD_NONE, &length);
	read_as(*state, octets, length, "eth/ipv6/fragment/payload", NULL, &view);
}

static void octets_behind_an_inner_length_are_a_payload(void **state)
{
	struct frame_view view;
	size_t length;
	uint8_t *octets = octets_of(
		*state, ETH IPV4 "udp(sport=9,dport=9,length=12)/" DATA, SPEC_PAD_AUTO, &length);

	/* 4 octets by UDP's length, 4 more by IPv4's, 10 of padding. */
	read_as(*state, octets, length, "eth/ipv4/udp/payload/payload+10", NULL, &view);
	assert_int_equal(view.layers[2].end, 46);
	assert_int_equal(view.layers[3].header.length, 4);
	assert_int_equal(view.layers[4].header.length, 4);
	assert_int_equal(view.layers[4].end, 50);
}

static void a_length_of_zero_says_nothing(void **state)
{
	static const char *const rows[][2] = {
		{ ETH "ipv4(src=1.2.3.4,length=0)/tcp/" DATA, "eth/ipv4/tcp/http" },
		{ ETH "ipv4(src=1.2.3.4,length=0,protocol=253)/" DATA, "eth/ipv4/payload" },
		{ ETH IPV4 "udp(sport=9,dport=9,length=0)/" DATA, "eth/ipv4/udp/payload" },
		{ ETH "ipv6(src=::1,length=0)/tcp/" DATA, "eth/ipv6/tcp/http" },
		/* Of a payload of which nothing is known it says that there is none. */
		{ ETH "ipv6(src=::1,length=0,next-header=59)/" DATA, "eth/ipv6+8" },
	};
	struct frame_view view;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t length;
		uint8_t *octets = octets_of(*state, rows[i][0], SPEC_PAD_NONE, &length);

		read_as(*state, octets, length, rows[i][1], NULL, &view);
		if (i)
			continue;
		assert_int_equal(field_of(&view, "ipv4", "length")->check, VIEW_WRONG);
		assert_int_equal(field_of(&view, "ipv4", "length")->expected, 48);
	}
}

/* ---- what is wrong ---- */

static void a_header_that_cannot_be_is_a_payload(void **state)
{
	static const struct {
		const char *spec;
		const char *shape;
		const char *fault;
	} rows[] = {
		{ ETH "ipv4(src=1.2.3.4,ihl=4)/udp", "eth/payload",
			"ipv4: ihl of 4 is too small for a header" },
		{ ETH "ipv4(src=1.2.3.4,ihl=15)/udp", "eth/payload",
			"ipv4: ihl says 60 octets, 28 are there" },
		{ ETH "ipv4(src=1.2.3.4,length=19)/udp", "eth/ipv4/payload",
			"ipv4: length of 19 is below its header's 20 octets" },
		{ ETH IPV4 "tcp(data-offset=2)/" DATA, "eth/ipv4/payload",
			"tcp: data-offset of 2 is too small for a header" },
		{ ETH IPV4 "udp(sport=9,dport=9,length=7)/" DATA, "eth/ipv4/udp/payload",
			"udp: length of 7 is below its header's 8 octets" },
		{ ETH IPV6 "hopopts(length=9)/udp", "eth/ipv6/payload",
			"hopopts: length says 80 octets, 16 are there" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;
		size_t length;
		uint8_t *octets = octets_of(*state, rows[i].spec, SPEC_PAD_NONE, &length);

		read_as(*state, octets, length, rows[i].shape, rows[i].fault, &view);
	}
}

static void a_frame_cut_anywhere_is_read_within_its_octets(void **state)
{
	static const char *const specs[] = {
		ETH "vlan/" IPV4 "tcp(options=[mss timestamps nop wscale])/" DATA,
		ETH IPV6 "hopopts/routing(addresses=[hop hop])/fragment/udp(sport=9,dport=9)/" DATA,
		ETH IPV6 "icmpv6(type=neighbour-solicitation,"
			 "options=[source-lladdr(address=02:00:00:00:00:01)])",
		ETH "arp(sha=02:00:00:00:00:01,spa=1.2.3.4)",
	};

	for (size_t i = 0; i < sizeof(specs) / sizeof(specs[0]); i++) {
		size_t length;
		uint8_t *octets = octets_of(*state, specs[i], SPEC_PAD_NONE, &length);

		for (size_t cut = 0; cut <= length; cut++) {
			uint8_t *copy = test_malloc(cut ? cut : 1);
			struct frame_view view;

			memcpy(copy, octets, cut);
			frame_dissect(*state, &wire_eth, copy, cut, DISSECT_FCS_GUESS, &view);
			assert_int_equal(view.pad_offset + view.pad_length, cut);
			test_free(copy);
		}
	}
}

static void fewer_octets_than_a_header_are_a_payload(void **state)
{
	struct frame_view view;
	const uint8_t octets[13] = { 1, 2, 3 };

	read_as(*state, octets, sizeof(octets), "payload", "eth: 13 octets are too few for type",
		&view);
	read_as(*state, octets, 0, "", NULL, &view);
}

/* ---- lists ---- */

static void options_are_read_one_by_one(void **state)
{
	static const char *const rows[][2] = {
		{ "020405b4", "mss:4" },
		{ "0101080a0000000100000002", "nop:1 nop:1 timestamps:10" },
		{ "0101050a0000000100000002", "nop:1 nop:1 sack:10" },
		/* An end, and zeros behind it, and something else behind it. */
		{ "01000000", "nop:1 end:1 end:1 end:1" },
		{ "01000001", "nop:1 end:1 raw:2" },
		/* Nobody's, and one whose length is not its own. */
		{ "fe04beef", "option:4" },
		{ "0206010203040000", "option:6 end:1 end:1" },
		{ "02030001", "option:3 nop:1" },
		/* No length, one of 0 and 1, one beyond the end. */
		{ "010101fe", "nop:1 nop:1 nop:1 raw:1" },
		{ "01fe0001", "nop:1 raw:3" },
		{ "01fe0101", "nop:1 raw:3" },
		{ "fe050001", "raw:4" },
		/* Half a block. */
		{ "0101050600000001", "nop:1 nop:1 sack:6" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct frame_view view;

		assert_string_equal(
			items_of(*state, options_of(*state, rows[i][0], &view)), rows[i][1]);
	}
}

static void half_an_item_in_an_item_is_raw(void **state)
{
	struct frame_view view;
	const struct view_field *options = options_of(*state, "0101050600000001", &view);
	const struct view_field *blocks = view_field_find(&options->items[2], "blocks");

	assert_string_equal(items_of(*state, blocks), "raw:4");
}

/* ---- FCS ---- */

static uint8_t *with_fcs(struct arena *arena, const uint8_t *octets, size_t length)
{
	uint8_t *copy = arena_alloc(arena, length + FCS_LENGTH);

	memcpy(copy, octets, length);
	crc32_fcs(octets, length, copy + length);
	return copy;
}

static void an_fcs_is_found_where_it_is_right(void **state)
{
	struct frame_view view;
	size_t length;
	uint8_t *octets = octets_of(*state, ETH IPV4 "udp", SPEC_PAD_AUTO, &length);

	octets = with_fcs(*state, octets, length);
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_GUESS, &view);
	assert_int_equal(view.fcs, VIEW_FCS_RIGHT);
	assert_int_equal(view.length, 60);
	assert_int_equal(view.pad_length, 18);
	assert_memory_equal(view.fcs_octets, octets + 60, FCS_LENGTH);

	octets[63] ^= 1;
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_GUESS, &view);
	assert_int_equal(view.fcs, VIEW_FCS_NONE);
	assert_int_equal(view.length, 64);
}

/* The CRC of no octets is 00000000: four zeros are no frame with its FCS. */
static void an_fcs_is_not_guessed_behind_less_than_a_header(void **state)
{
	struct frame_view view;
	uint8_t octets[13 + FCS_LENGTH] = { 0 };

	frame_dissect(*state, &wire_eth, octets, 4, DISSECT_FCS_GUESS, &view);
	assert_int_equal(view.fcs, VIEW_FCS_NONE);
	assert_int_equal(view.length, 4);
	crc32_fcs(octets, 13, octets + 13);
	frame_dissect(*state, &wire_eth, octets, sizeof(octets), DISSECT_FCS_GUESS, &view);
	assert_int_equal(view.fcs, VIEW_FCS_NONE);
	frame_dissect(*state, &wire_eth, octets, sizeof(octets), DISSECT_FCS_PRESENT, &view);
	assert_int_equal(view.fcs, VIEW_FCS_RIGHT);
}

static void an_fcs_is_taken_as_said(void **state)
{
	struct frame_view view;
	size_t length;
	uint8_t *octets = octets_of(*state, ETH IPV4 "udp", SPEC_PAD_AUTO, &length);

	octets = with_fcs(*state, octets, length);
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_ABSENT, &view);
	assert_int_equal(view.fcs, VIEW_FCS_NONE);
	assert_int_equal(view.length, 64);

	octets[63] ^= 1;
	frame_dissect(*state, &wire_eth, octets, 64, DISSECT_FCS_PRESENT, &view);
	assert_int_equal(view.fcs, VIEW_FCS_WRONG);
	assert_int_equal(view.length, 60);
	assert_int_equal(view.fcs_octets[3] ^ 1, view.fcs_expected[3]);
}

static void a_packet_without_a_link_header_is_read_from_its_ip_header(void **state)
{
	struct frame_view view;
	size_t length;
	uint8_t *octets =
		octets_of(*state, ETH IPV4 "udp(sport=9,dport=9)/" DATA, SPEC_PAD_NONE, &length);

	frame_dissect(*state, wire_protocol_find("ipv4"), octets + 14, length - 14,
		DISSECT_FCS_GUESS, &view);
	assert_string_equal(shape_of(*state, &view), "ipv4/udp/payload");
	assert_int_equal(field_of(&view, "udp", "checksum")->check, VIEW_RIGHT);
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
	const struct CMUnitTest tests[] = {
		ROW(layers_are_read_as_they_were_built),
		ROW(an_unknown_ethertype_leaves_a_payload_to_the_end),
		ROW(the_lower_of_two_known_ports_says_what_follows),
		ROW(what_is_not_the_lower_ports_protocol_may_be_the_others),
		ROW(arps_protocol_type_is_no_layer),
		ROW(a_fragment_that_is_not_the_first_has_no_header),
		ROW(octets_behind_an_inner_length_are_a_payload),
		ROW(a_length_of_zero_says_nothing),
		ROW(a_header_that_cannot_be_is_a_payload),
		ROW(a_frame_cut_anywhere_is_read_within_its_octets),
		ROW(fewer_octets_than_a_header_are_a_payload),
		ROW(options_are_read_one_by_one),
		ROW(half_an_item_in_an_item_is_raw),
		ROW(an_fcs_is_found_where_it_is_right),
		ROW(an_fcs_is_not_guessed_behind_less_than_a_header),
		ROW(an_fcs_is_taken_as_said),
		ROW(a_packet_without_a_link_header_is_read_from_its_ip_header),
	};

	return cmocka_run_group_tests_name("frame/dissect", tests, NULL, NULL);
}
