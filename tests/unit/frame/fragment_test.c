/* Fragments are those of the RFCs: together they are the datagram, whatever their order. */
#include "base/arena.h"
#include "base/bytes.h"
#include "frame/build.h"
#include "frame/fragment.h"

#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)"
#define IPV4 ETH "/ipv4(src=10.0.0.1,dst=10.0.0.2,id=77"
#define IPV6 ETH "/ipv6(src=2001:db8::1,dst=2001:db8::2)"

/* The spec of the text, with a payload of so many octets that count up. */
static struct frame_spec spec_of(struct arena *arena, const char *text, size_t payload)
{
	struct frame_spec spec = { 0 };
	struct spec_value *value;
	uint8_t *octets = arena_alloc(arena, payload);

	support_spec(arena, text, &spec);
	for (size_t i = 0; i < payload; i++)
		octets[i] = (uint8_t)(i * 7 + i / 256);
	value = &spec_layer_add(&spec, arena, &wire_payload)->header.values[0];
	value->state = SPEC_GIVEN;
	value->value = (struct wire_value){ .octets = octets, .length = payload };
	spec.name = "t";
	return spec;
}

struct pieces {
	struct frame_view views[600];
	struct frame_spec *specs;
	unsigned int count;
};

static void pieces_of(struct arena *arena, const struct frame_spec *spec,
	const struct fragmentation *how, struct pieces *ret)
{
	struct err err = { 0 };

	if (frame_fragment(arena, spec, how, &ret->specs, &ret->count, &err))
		fail_msg("%s", err.text);
	assert_true(ret->count <= 600);
	for (unsigned int i = 0; i < ret->count; i++)
		if (frame_build(arena, &ret->specs[i], &ret->views[i], &err))
			fail_msg("%s", err.text);
}

static uint64_t number(const struct frame_view *view, const char *layer, const char *field)
{
	const struct view_layer *found = view_layer_find(view, wire_protocol_find(layer), 1);

	assert_non_null(found);
	return view_value(view, view_field_find(&found->header, field)).number;
}

/* Puts the octets behind the headers where the offsets say; returns up to where they reach. */
static size_t reassemble(
	const struct pieces *pieces, const char *layer, uint8_t *octets, size_t mtu)
{
	size_t end = 0;

	for (unsigned int i = 0; i < pieces->count; i++) {
		const struct frame_view *view = &pieces->views[i];
		const struct view_record *data = &view->layers[view->count - 1].header;
		size_t offset = number(view, layer, "frag-offset") * 8;

		assert_true(view->pad_offset - 14 <= mtu);
		memcpy(octets + offset, view->octets + data->offset, data->length);
		if (offset + data->length > end)
			end = offset + data->length;
	}
	return end;
}

/* All but the last say that more follow. */
static void assert_more(const struct pieces *pieces, const char *layer, const char *field)
{
	for (unsigned int i = 0; i < pieces->count; i++)
		assert_int_equal(
			number(&pieces->views[i], layer, field) & 1, i + 1 < pieces->count);
}

static void an_ipv4_datagram_is_the_sum_of_its_fragments(void **state)
{
	static const size_t mtus[] = { 28, 68, 576, 1500 };
	const struct frame_spec spec = spec_of(*state, IPV4 ")/udp(sport=1,dport=2)", 4000);
	struct frame_view whole;
	uint8_t octets[5000];

	assert_int_equal(frame_build(*state, &spec, &whole, NULL), 0);
	for (size_t i = 0; i < sizeof(mtus) / sizeof(mtus[0]); i++) {
		const struct fragmentation how = { .mtu = mtus[i] };
		struct pieces pieces;

		pieces_of(*state, &spec, &how, &pieces);
		assert_int_equal(pieces.count,
			(4008 + (mtus[i] - 20) / 8 * 8 - 1) / ((mtus[i] - 20) / 8 * 8));
		assert_int_equal(reassemble(&pieces, "ipv4", octets, mtus[i]), 4008);
		assert_memory_equal(octets, whole.octets + 34, 4008);
		assert_more(&pieces, "ipv4", "flags");
		assert_int_equal(number(&pieces.views[1], "ipv4", "id"), 77);
		assert_int_equal(number(&pieces.views[1], "ipv4", "protocol"), 17);
		assert_string_equal(pieces.specs[1].name, "t-2");
	}
}

static void an_ipv6_packet_has_its_unfragmentable_part_in_each(void **state)
{
	const struct frame_spec spec =
		spec_of(*state, IPV6 "/hopopts/dstopts/routing/dstopts/udp(sport=1,dport=2)", 3000);
	const struct fragmentation how = { .mtu = 1280, .id = 0xdeadbeef };
	struct pieces pieces;
	struct frame_view whole;
	uint8_t octets[4000];
	size_t length;

	assert_int_equal(frame_build(*state, &spec, &whole, NULL), 0);
	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 3);
	for (unsigned int i = 0; i < 3; i++) {
		assert_int_equal(pieces.specs[i].count, 7);
		assert_string_equal(pieces.specs[i].layers[4].protocol->header.name, "routing");
		assert_string_equal(pieces.specs[i].layers[5].protocol->header.name, "fragment");
		assert_int_equal(number(&pieces.views[i], "fragment", "id"), 0xdeadbeef);
		assert_int_equal(number(&pieces.views[i], "fragment", "next-header"), 60);
		assert_int_equal(number(&pieces.views[i], "routing", "next-header"), 44);
	}
	assert_more(&pieces, "fragment", "more");
	length = reassemble(&pieces, "fragment", octets, 1280);
	assert_int_equal(length, whole.pad_offset - whole.layers[5].header.offset);
	assert_memory_equal(octets, whole.octets + whole.layers[5].header.offset, length);
}

static void what_fits_is_left_as_it_is(void **state)
{
	struct frame_spec spec = spec_of(*state, IPV4 ")", 1480);
	struct fragmentation how = { .mtu = 1500 };
	struct pieces pieces;

	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 1);
	assert_string_equal(pieces.specs[0].name, "t");
	spec = spec_of(*state, IPV6, 1460);
	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 1);
	spec = spec_of(*state, IPV6, 1461);
	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 2);
}

static void later_fragments_have_the_options_that_are_copied(void **state)
{
	const struct frame_spec spec =
		spec_of(*state, IPV4 ",options=[rr(length=7) nop lsrr router-alert])", 200);
	const struct fragmentation how = { .mtu = 100 };
	struct pieces pieces;
	const struct spec_value *options;

	pieces_of(*state, &spec, &how, &pieces);
	options = &pieces.specs[1].layers[1].header.values[wire_field_find(
		pieces.specs[1].layers[1].header.type, "options")];
	assert_int_equal(options->count, 2);
	assert_string_equal(options->items[0].type->name, "lsrr");
	assert_string_equal(options->items[1].type->name, "router-alert");
	options = &pieces.specs[0].layers[1].header.values[wire_field_find(
		pieces.specs[0].layers[1].header.type, "options")];
	assert_int_equal(options->count, 4);
}

static void overlaps_repeat_and_gaps_leave_out(void **state)
{
	const struct frame_spec spec = spec_of(*state, IPV4 ")", 332);
	struct fragmentation how = { .mtu = 100, .overlap = 16 };
	struct pieces pieces;

	/* The fifth reaches the end: none follows, though another would begin before it. */
	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 5);
	for (unsigned int i = 0; i < 5; i++)
		assert_int_equal(number(&pieces.views[i], "ipv4", "frag-offset"), i * 8);
	assert_more(&pieces, "ipv4", "flags");
	how = (struct fragmentation){ .mtu = 100, .gap = 16 };
	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 4);
	for (unsigned int i = 0; i < 4; i++)
		assert_int_equal(number(&pieces.views[i], "ipv4", "frag-offset"), i * 12);
	assert_more(&pieces, "ipv4", "flags");
}

static void order_is_backwards_or_by_the_seed(void **state)
{
	const struct frame_spec spec = spec_of(*state, IPV4 ")", 800);
	struct fragmentation how = { .mtu = 100, .order = FRAGMENT_REVERSE };
	uint64_t first[10];
	unsigned int same = 0;
	uint64_t seen = 0;
	struct pieces pieces;

	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(pieces.count, 10);
	for (unsigned int i = 0; i < 10; i++)
		assert_int_equal(number(&pieces.views[i], "ipv4", "frag-offset"), (9 - i) * 10);
	how = (struct fragmentation){ .mtu = 100, .order = FRAGMENT_SHUFFLE, .seed = 1 };
	pieces_of(*state, &spec, &how, &pieces);
	for (unsigned int i = 0; i < 10; i++) {
		first[i] = number(&pieces.views[i], "ipv4", "frag-offset");
		seen |= 1ULL << first[i] / 10;
	}
	assert_int_equal(seen, 0x3ff);
	how.seed = 2;
	pieces_of(*state, &spec, &how, &pieces);
	for (unsigned int i = 0; i < 10; i++)
		same += first[i] == number(&pieces.views[i], "ipv4", "frag-offset");
	assert_true(same < 10);
}

static void assert_refused(
	void **state, const char *text, const struct fragmentation *how, const char *message)
{
	const struct frame_spec spec = spec_of(*state, text, 800);
	struct frame_spec *specs = NULL;
	unsigned int count = 0;
	struct err err = { 0 };

	assert_int_equal(frame_fragment(*state, &spec, how, &specs, &count, &err), -EINVAL);
	assert_string_equal(err.text, message);
	assert_null(specs);
}

static void what_cannot_be_split_is_said(void **state)
{
	assert_refused(state, ETH, &(struct fragmentation){ .mtu = 100 },
		"fragment: the frame has no ipv4 or ipv6 layer");
	assert_refused(state, IPV4 ",flags=df)", &(struct fragmentation){ .mtu = 100 },
		"fragment: the datagram says df, do not fragment: leave that out of ipv4.flags, or "
		"say `df: keep`");
	assert_refused(state, IPV4 ")", &(struct fragmentation){ .mtu = 27 },
		"fragment: an mtu of 27 has no room for headers of 20 octets and 8 of the rest: at "
		"least 28");
	assert_refused(state, IPV4 ")", &(struct fragmentation){ .mtu = 30, .overlap = 8 },
		"fragment: an overlap of 8 is all of a fragment, which has 8 octets");
	assert_refused(state, IPV6 "/fragment", &(struct fragmentation){ .mtu = 100 },
		"fragment: the packet has a fragment header already");
}

static void df_is_kept_where_that_is_asked_for(void **state)
{
	const struct frame_spec spec = spec_of(*state, IPV4 ",flags=df)", 200);
	const struct fragmentation how = { .mtu = 100, .keep_df = true };
	struct pieces pieces;

	pieces_of(*state, &spec, &how, &pieces);
	assert_int_equal(number(&pieces.views[0], "ipv4", "flags"), 3);
	assert_int_equal(number(&pieces.views[2], "ipv4", "flags"), 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define fragment_test(name) \
	cmocka_unit_test_setup_teardown(name, support_arena_setup, support_arena_teardown)
		fragment_test(an_ipv4_datagram_is_the_sum_of_its_fragments),
		fragment_test(an_ipv6_packet_has_its_unfragmentable_part_in_each),
		fragment_test(what_fits_is_left_as_it_is),
		fragment_test(later_fragments_have_the_options_that_are_copied),
		fragment_test(overlaps_repeat_and_gaps_leave_out),
		fragment_test(order_is_backwards_or_by_the_seed),
		fragment_test(what_cannot_be_split_is_said),
		fragment_test(df_is_kept_where_that_is_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
