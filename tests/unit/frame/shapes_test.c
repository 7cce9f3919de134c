/* What the tables' shapes come to in a frame: counts, optional rows, lengths of fields, lists that
 * end or pad their items, and tunnels. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "frame/build.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define DATA "payload(data=0102030405060708)"
#define DNS  ETH IPV4 "udp(sport=9)/dns"
#define SCTP ETH IPV4 "sctp"

/* ---- helpers ---- */

static void build(struct arena *arena, const char *text, struct frame_view *ret)
{
	support_build(arena, text, SPEC_PAD_NONE, ret);
}

static void refuse(struct arena *arena, const char *text, const char *why)
{
	struct frame_spec spec;
	struct frame_view view;
	struct err err = { 0 };

	support_spec(arena, text, &spec);
	assert_int_equal(frame_build(arena, &spec, &view, &err), -EINVAL);
	assert_string_equal(err.text, why);
}

static void read_back(struct arena *arena, const struct frame_view *built, struct frame_view *ret)
{
	frame_dissect(arena, &wire_eth, built->octets, built->length, DISSECT_FCS_ABSENT, ret);
}

/* "eth/ipv4/udp+18": the layers, and how much padding. */
static const char *shape_of(struct arena *arena, const struct frame_view *view)
{
	const char *text = "";

	for (unsigned int i = 0; i < view->count; i++)
		text = arena_printf(
			arena, "%s%s%s", text, i ? "/" : "", view->layers[i].protocol->header.name);
	return view->pad_length ? arena_printf(arena, "%s+%u", text, view->pad_length) : text;
}

/* A frame of the octets of built, with `octets` from `at` on in place of its own. */
static void read_changed(struct arena *arena, const struct frame_view *built, uint32_t at,
	const void *octets, size_t length, struct frame_view *ret)
{
	uint8_t *copy = arena_copy(arena, built->octets, built->length);

	assert_true(at + length <= built->length);
	memcpy(copy + at, octets, length);
	frame_dissect(arena, &wire_eth, copy, built->length, DISSECT_FCS_ABSENT, ret);
}

/* The octets of a view come again from the spec that is made of it. */
static void comes_again(struct arena *arena, const struct frame_view *view)
{
	struct frame_spec spec;
	struct frame_view again;
	struct err err = { 0 };

	frame_respec(arena, view, &spec);
	if (frame_build(arena, &spec, &again, &err))
		fail_msg("%s", err.text);
	assert_int_equal(again.length, view->length);
	assert_memory_equal(again.octets, view->octets, view->length);
}

static const struct view_record *last_header(const struct frame_view *view)
{
	return &view->layers[view->count - 1].header;
}

static const struct view_field *field_of(const struct view_record *record, const char *name)
{
	const struct view_field *field = view_field_find(record, name);

	if (!field)
		fail_msg("no field %s", name);
	return field;
}

static uint64_t number_of(const struct frame_view *view, const char *name)
{
	return view_value(view, field_of(last_header(view), name)).number;
}

static enum view_check check_of(const struct frame_view *view, const char *name)
{
	return field_of(last_header(view), name)->check;
}

/* ---- counts ---- */

static void items_are_counted(void **state)
{
	struct frame_view view;

	build(*state, DNS "(questions=[question question],additional=[record])", &view);
	assert_int_equal(number_of(&view, "qdcount"), 2);
	assert_int_equal(number_of(&view, "ancount"), 0);
	assert_int_equal(number_of(&view, "arcount"), 1);
	assert_int_equal(check_of(&view, "qdcount"), VIEW_RIGHT);
}

static void a_list_has_no_more_items_than_its_count_says(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, DNS "(qdcount=1,questions=[question question])", &view);
	assert_int_equal(check_of(&view, "qdcount"), VIEW_WRONG);
	assert_int_equal(field_of(last_header(&view), "qdcount")->expected, 2);
	read_back(*state, &view, &read);
	/* What is behind the one question is nothing that the message counts. */
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/udp/dns/payload");
	assert_int_equal(field_of(&read.layers[3].header, "questions")->count, 1);
	comes_again(*state, &read);
}

static void fewer_items_than_counted_are_called_wrong(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, DNS "(qdcount=3,questions=[question])", &view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/udp/dns");
	assert_int_equal(check_of(&read, "qdcount"), VIEW_WRONG);
	assert_int_equal(field_of(last_header(&read), "qdcount")->expected, 1);
	comes_again(*state, &read);
}

static void a_count_may_be_the_index_of_the_last_item(void **state)
{
	struct frame_view view;

	build(*state,
		ETH "ipv6(src=::1,dst=::2)/routing(type=4,segments=[segment segment segment])",
		&view);
	assert_int_equal(number_of(&view, "last-entry"), 2);
	assert_int_equal(number_of(&view, "length"), 6);
	refuse(*state, ETH "ipv6(src=::1,dst=::2)/routing(type=4)/udp",
		"routing.last-entry: -1 does not fit in 8 bits (at most 255); give last-entry, or "
		"another number of items");
}

/* ---- lengths of fields ---- */

static void a_length_counts_one_field_of_its_record(void **state)
{
	struct frame_view view;

	build(*state,
		ETH IPV4
		"udp(sport=9)/geneve(protocol=0x0801,options=[option(data=01020304) option])/" DATA,
		&view);
	assert_int_equal(view_value(&view, field_of(&view.layers[3].header, "opt-len")).number, 3);
}

static void a_length_that_is_no_multiple_is_refused(void **state)
{
	refuse(*state,
		ETH IPV4 "udp(sport=9)/geneve(protocol=0x0801,options=[option(data=010203)])",
		"geneve.options[1].data: makes the rest of option 3 octets long; its length counts "
		"units of 4: "
		"give length, or fill it up");
}

static void a_length_beyond_the_record_makes_it_octets(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, ETH IPV4 "udp(sport=9)/geneve(protocol=0x0801,opt-len=63)/" DATA, &view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/udp/payload");
	assert_string_equal(read.fault, "geneve: opt-len says 252 octets, 8 are there");
	comes_again(*state, &read);
}

static void a_length_of_the_rest_bounds_the_record(void **state)
{
	struct frame_view view;
	struct frame_view read;
	const struct view_field *answers;

	build(*state,
		DNS "(answers=[record(type=65534,data=010203) record(type=txt,texts=[text("
		    "text=6162)])])",
		&view);
	read_back(*state, &view, &read);
	answers = field_of(last_header(&read), "answers");
	assert_int_equal(answers->count, 2);
	assert_int_equal(view_value(&read, field_of(&answers->items[0], "rdlength")).number, 3);
	assert_int_equal(view_value(&read, field_of(&answers->items[1], "rdlength")).number, 3);
}

static void a_record_whose_fields_do_not_fill_its_length_is_octets(void **state)
{
	struct frame_view view;
	struct frame_view read;
	const struct view_field *answers;

	/* An address of five octets. */
	build(*state, DNS "(answers=[record(type=a,rdlength=5) record(type=a)])", &view);
	read_back(*state, &view, &read);
	answers = field_of(last_header(&read), "answers");
	assert_ptr_equal(answers->items[0].type, &wire_raw_item);
	comes_again(*state, &read);
}

/* ---- optional rows ---- */

static void optional_rows_are_there_when_one_of_them_is_given(void **state)
{
	struct frame_view view;

	build(*state, ETH IPV4 "igmp(type=query)", &view);
	assert_int_equal(last_header(&view)->length, 8);
	build(*state, ETH IPV4 "igmp(type=query,qqic=0)", &view);
	assert_int_equal(last_header(&view)->length, 12);
	build(*state, ETH IPV4 "igmp(type=query,sources=[source(address=1.2.3.4)])", &view);
	assert_int_equal(last_header(&view)->length, 16);
}

static void optional_rows_are_read_where_there_is_room_for_all_of_them(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, ETH IPV4 "igmp(type=query)/payload(data=010203)", &view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/igmp/payload");
}

static void a_view_with_optional_rows_comes_again(void **state)
{
	struct frame_view view;
	struct frame_view read;

	/* Each has the value that it gets when left out: one has to be given all the same. */
	build(*state, ETH IPV4 "igmp(type=query,resv=0)", &view);
	read_back(*state, &view, &read);
	comes_again(*state, &read);
}

/* ---- lists ---- */

static void what_is_behind_the_end_of_a_list_is_a_payload(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state,
		ETH IPV4 "udp(sport=9)/dhcp(chaddr=02:00:00:00:00:01,options=[message-type end])/"
			 "payload(data=0000)",
		&view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/udp/dhcp/payload");
	comes_again(*state, &read);
}

static void items_are_padded_beyond_their_length(void **state)
{
	struct frame_view view;
	const struct view_field *chunks;

	build(*state, SCTP "(chunks=[data(data=0102030405) data(data=01)])", &view);
	chunks = field_of(last_header(&view), "chunks");
	assert_int_equal(view_value(&view, field_of(&chunks->items[0], "length")).number, 21);
	assert_int_equal(chunks->items[0].length, 21);
	assert_int_equal(chunks->items[1].offset, chunks->items[0].offset + 24);
	assert_int_equal(view.length % 4, (14 + 20 + 12) % 4);
}

/* RFC 9260 3.2: a chunk's length does not count the padding of its last parameter. */
static void the_last_item_within_a_padded_one_is_padded_by_that(void **state)
{
	struct frame_view view;
	struct frame_view read;
	const struct view_field *chunks;

	build(*state,
		SCTP "(chunks=[heartbeat(parameters=[parameter(type=0x8005,data=01) "
		     "heartbeat-info(information=0102)]) cookie-ack])",
		&view);
	chunks = field_of(last_header(&view), "chunks");
	assert_int_equal(chunks->items[0].length, 4 + 8 + 6);
	assert_int_equal(chunks->items[1].offset, chunks->items[0].offset + 20);
	read_back(*state, &view, &read);
	assert_int_equal(field_of(last_header(&read), "chunks")->count, 2);
	comes_again(*state, &read);
}

static void octets_in_the_padding_are_said(void **state)
{
	struct frame_view view;
	struct frame_view read;
	const struct view_field *chunks;

	build(*state, SCTP "(chunks=[data(data=01) cookie-ack])", &view);
	chunks = field_of(last_header(&view), "chunks");
	read_changed(*state, &view, chunks->items[0].offset + 17, "\x99", 1, &read);
	chunks = field_of(last_header(&read), "chunks");
	assert_ptr_equal(chunks->items[0].type, &wire_raw_item);
	assert_int_equal(chunks->items[0].length, 20);
	assert_string_equal(chunks->items[1].type->name, "cookie-ack");
	comes_again(*state, &read);
}

static void a_chunk_without_its_padding_comes_again(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, SCTP "(chunks=[cookie-ack raw(data=000300110000000000000000000000007a)])",
		&view);
	read_back(*state, &view, &read);
	assert_int_equal(field_of(last_header(&read), "chunks")->count, 2);
	comes_again(*state, &read);
}

/* ---- sums ---- */

static void crc32c_covers_the_whole_packet(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, SCTP "(chunks=[data(data=0102030405)])", &view);
	assert_int_equal(check_of(&view, "checksum"), VIEW_RIGHT);
	read_changed(*state, &view, view.length - 8, "\x77", 1, &read);
	assert_int_equal(check_of(&read, "checksum"), VIEW_WRONG);
	build(*state, SCTP "(checksum=bad,chunks=[data])", &view);
	assert_int_equal(check_of(&view, "checksum"), VIEW_WRONG);
	build(*state, SCTP "(checksum=0,chunks=[data])", &view);
	assert_int_equal(check_of(&view, "checksum"), VIEW_WRONG);
	assert_int_equal(number_of(&view, "checksum"), 0);
}

static void outer_checksums_cover_the_inner_ones(void **state)
{
	struct frame_view view;

	build(*state,
		ETH IPV4
		"udp(sport=9)/vxlan/" ETH
		"ipv4(src=10.0.0.1,dst=10.0.0.2)/gre(c=1)/ipv4(src=1.1.1.1,dst=2.2.2.2)/udp/" DATA,
		&view);
	for (unsigned int i = 0; i < view.count; i++) {
		const struct view_field *sum = view_field_find(&view.layers[i].header, "checksum");

		if (sum)
			assert_int_equal(sum->check, VIEW_RIGHT);
	}
}

/* ---- what follows ---- */

static void a_type_is_a_length_where_llc_follows(void **state)
{
	struct frame_view view;
	struct frame_view read;

	support_build(
		*state, ETH "llc(dsap=0x42,ssap=0x42)/payload(data=0102)", SPEC_PAD_AUTO, &view);
	assert_int_equal(view_value(&view, field_of(&view.layers[0].header, "type")).number, 5);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/llc/payload+41");
	assert_int_equal(field_of(&read.layers[0].header, "type")->check, VIEW_RIGHT);
	comes_again(*state, &read);
	build(*state, ETH "vlan/llc/snap/" IPV4 "udp(sport=9,dport=9)", &view);
	assert_int_equal(
		view_value(&view, field_of(&view.layers[0].header, "type")).number, 0x8100);
	assert_int_equal(view_value(&view, field_of(&view.layers[1].header, "type")).number, 36);
}

static void a_length_over_1500_is_refused(void **state)
{
	struct frame_spec spec;
	struct frame_view view;
	struct err err = { 0 };
	uint8_t octets[1500] = { 0 };

	support_spec(*state, ETH "llc(dsap=0x42,ssap=0x42)/payload", &spec);
	spec.layers[2].header.values[0] = (struct spec_value){ .state = SPEC_GIVEN,
		.value = { .octets = octets, .length = 1498 } };
	assert_int_equal(frame_build(*state, &spec, &view, &err), -EINVAL);
	assert_string_equal(err.text, "eth.type: 1501 octets are no length here (at most 1500); "
				      "give type, or a shorter payload");
	spec.layers[2].header.values[0].value.length = 1497;
	assert_int_equal(frame_build(*state, &spec, &view, &err), 0);
}

static void what_always_follows_needs_no_number(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state,
		ETH IPV4 "udp(sport=9)/vxlan(vni=7)/" ETH "arp(sha=02:00:00:00:00:03,spa=1.2.3.4)",
		&view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/udp/vxlan/eth/arp");
}

static void the_bottom_of_a_stack_is_marked_and_what_follows_is_guessed(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, ETH "mpls/mpls/" IPV4 "udp(sport=9,dport=9)", &view);
	assert_int_equal(view_value(&view, field_of(&view.layers[1].header, "s")).number, 0);
	assert_int_equal(view_value(&view, field_of(&view.layers[2].header, "s")).number, 1);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/mpls/mpls/ipv4/udp");
	build(*state, ETH "mpls/payload(data=00010203)", &view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/mpls/payload");
}

static void a_source_port_names_what_follows_too(void **state)
{
	struct frame_view view;
	struct frame_view read;

	build(*state, ETH IPV4 "udp(sport=53,dport=9)/dns", &view);
	read_back(*state, &view, &read);
	assert_string_equal(shape_of(*state, &read), "eth/ipv4/udp/dns");
	assert_int_equal(field_of(&read.layers[2].header, "dport")->check, VIEW_UNCHECKED);
	comes_again(*state, &read);
}

static void a_number_means_what_its_space_says(void **state)
{
	struct frame_view view;

	build(*state, ETH "llc/snap/" IPV4 "udp(sport=9,dport=9)", &view);
	assert_int_equal(view_value(&view, field_of(&view.layers[2].header, "pid")).number, 0x0800);
	refuse(*state, ETH "llc/snap(oui=cisco)/" IPV4 "udp",
		"snap.pid: ipv4 has no number here; give pid, such as 253");
}

static void what_is_nested_too_deep_is_payload(void **state)
{
	struct frame_spec spec;
	struct frame_view view;
	struct frame_view read;

	support_spec(*state, ETH "mpls", &spec);
	for (unsigned int i = 0; i < 98; i++)
		spec_layer_add(&spec, *state, wire_protocol_find("mpls"));
	assert_int_equal(frame_build(*state, &spec, &view, NULL), 0);
	read_back(*state, &view, &read);
	assert_int_equal(read.count, 65);
	assert_ptr_equal(read.layers[64].protocol, &wire_payload);
	comes_again(*state, &read);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(items_are_counted),
		TEST(a_list_has_no_more_items_than_its_count_says),
		TEST(fewer_items_than_counted_are_called_wrong),
		TEST(a_count_may_be_the_index_of_the_last_item),
		TEST(a_length_counts_one_field_of_its_record),
		TEST(a_length_that_is_no_multiple_is_refused),
		TEST(a_length_beyond_the_record_makes_it_octets),
		TEST(a_length_of_the_rest_bounds_the_record),
		TEST(a_record_whose_fields_do_not_fill_its_length_is_octets),
		TEST(optional_rows_are_there_when_one_of_them_is_given),
		TEST(optional_rows_are_read_where_there_is_room_for_all_of_them),
		TEST(a_view_with_optional_rows_comes_again),
		TEST(what_is_behind_the_end_of_a_list_is_a_payload),
		TEST(items_are_padded_beyond_their_length),
		TEST(the_last_item_within_a_padded_one_is_padded_by_that),
		TEST(octets_in_the_padding_are_said),
		TEST(a_chunk_without_its_padding_comes_again),
		TEST(crc32c_covers_the_whole_packet),
		TEST(outer_checksums_cover_the_inner_ones),
		TEST(a_type_is_a_length_where_llc_follows),
		TEST(a_length_over_1500_is_refused),
		TEST(what_always_follows_needs_no_number),
		TEST(the_bottom_of_a_stack_is_marked_and_what_follows_is_guessed),
		TEST(a_source_port_names_what_follows_too),
		TEST(a_number_means_what_its_space_says),
		TEST(what_is_nested_too_deep_is_payload),
	};

	return cmocka_run_group_tests_name("frame/shapes", tests, NULL, NULL);
}
