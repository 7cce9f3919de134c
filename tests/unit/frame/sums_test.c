/* Checksums that are not over all that follows, or not over a pseudo header everywhere; and numbers
 * that name another protocol over IPv6, or one that may be left out. */
#include "../../support/arena.h"
#include "../../support/spec_text.h"

#include "base/arena.h"
#include "frame/build.h"
#include "frame/compile.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define ETH  "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"
#define IPV4 "ipv4(src=192.0.2.1,dst=192.0.2.2)/"
#define IPV6 "ipv6(src=2001:db8::1,dst=2001:db8::2)/"
#define DATA "payload(data=000102030405060708090a0b0c0d0e0f10)"
#define LITE 34 /* where a transport header over IPv4 begins */

static void build(struct arena *arena, const char *text, struct frame_view *ret)
{
	support_build(arena, text, SPEC_PAD_NONE, ret);
}

static const char *shape_of(struct arena *arena, const struct frame_view *view)
{
	const char *text = "";

	for (unsigned int i = 0; i < view->count; i++)
		text = arena_printf(
			arena, "%s%s%s", text, i ? "/" : "", view->layers[i].protocol->header.name);
	return text;
}

/* What is made of the checksum of the first layer of this name when the octet at `at` is turned. */
static enum view_check check_turned(
	struct arena *arena, const struct frame_view *built, const char *name, uint32_t at)
{
	uint8_t *copy = arena_copy(arena, built->octets, built->length);
	struct frame_view read;

	assert_true(at < built->length);
	copy[at] ^= 0x5a;
	frame_dissect(arena, &wire_eth, copy, built->length, DISSECT_FCS_ABSENT, &read);
	for (unsigned int i = 0; i < read.count; i++) {
		const struct view_layer *layer = &read.layers[i];

		if (!strcmp(layer->protocol->header.name, name))
			return view_field_find(&layer->header, "checksum")->check;
	}
	fail_msg("no %s in %s", name, shape_of(arena, &read));
	return VIEW_UNCHECKED;
}

/* An octet of a frame, from its end where `at` is negative, and whether the checksum covers it. */
struct turn {
	const char *frame;
	int at;
	bool covered;
};

#define COVERS(arena, name, ...)                                  \
	covers(arena, name, (const struct turn[]){ __VA_ARGS__ }, \
		sizeof((const struct turn[]){ __VA_ARGS__ }) / sizeof(struct turn))

static void covers(struct arena *arena, const char *name, const struct turn *turns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct turn *turn = &turns[i];
		struct frame_view view;
		uint32_t at;

		build(arena, turn->frame, &view);
		at = turn->at < 0 ? view.length - (uint32_t)-turn->at : (uint32_t)turn->at;
		if (check_turned(arena, &view, name, at) !=
			(turn->covered ? VIEW_WRONG : VIEW_RIGHT))
			fail_msg("%s: octet %u is %scovered", turn->frame, at,
				turn->covered ? "not " : "");
	}
}

/* ---- coverage ---- */

static void a_sum_covers_as_many_octets_as_a_field_says(void **state)
{
	COVERS(*state, "udplite", { ETH IPV4 "udplite(coverage=13)/" DATA, LITE + 12, true },
		{ ETH IPV4 "udplite(coverage=13)/" DATA, LITE + 13, false },
		{ ETH IPV4 "udplite/" DATA, -1, true });
}

/* RFC 3828 3.1: the pseudo header has the length that IP gives, not what is covered. */
static void the_pseudo_header_counts_what_is_not_covered_too(void **state)
{
	struct frame_view view;
	struct frame_view longer;

	build(*state, ETH IPV4 "udplite(coverage=8)/payload(data=00)", &view);
	build(*state, ETH IPV4 "udplite(coverage=8)/payload(data=0000)", &longer);
	assert_memory_not_equal(view.octets + LITE + 6, longer.octets + LITE + 6, 2);
}

static void less_than_the_header_is_the_header_and_more_than_there_is_all(void **state)
{
	COVERS(*state, "udplite", { ETH IPV4 "udplite(coverage=3)/" DATA, LITE + 1, true },
		{ ETH IPV4 "udplite(coverage=3)/" DATA, LITE + 8, false },
		{ ETH IPV4 "udplite(coverage=65535)/" DATA, -1, true });
}

/* RFC 4340 9.2: 1 is the header and its options, each more a word of the 17 octets of data. */
static void coverage_may_count_words_of_data(void **state)
{
	static const char frame[] =
		ETH IPV4 "dccp(type=data,coverage=2,options=[slow-receiver])/" DATA;

	COVERS(*state, "dccp", { frame, -18, true }, { frame, -14, true }, { frame, -13, false });
}

/* ---- over IPv6 ---- */

#define SRC4 26 /* the source address of IPv4, and of IPv6 */
#define SRC6 22

static void a_pseudo_header_may_belong_to_ipv6_alone(void **state)
{
	COVERS(*state, "pim", { ETH IPV4 "pim(options=[holdtime])", SRC4, false },
		{ ETH IPV6 "pim(options=[holdtime])", SRC6, true });
}

static void a_sum_of_the_header_may_have_a_pseudo_header(void **state)
{
	static const char frame[] = ETH IPV6 "pim(type=register)/" IPV6 "payload(data=01)";

	COVERS(*state, "pim", { frame, SRC6, true }, { frame, -1, false });
}

static void reads_as(struct arena *arena, const char *frame, const char *shape)
{
	struct frame_view view;
	struct frame_view read;

	build(arena, frame, &view);
	frame_dissect(arena, &wire_eth, view.octets, view.length, DISSECT_FCS_ABSENT, &read);
	assert_string_equal(shape_of(arena, &read), shape);
}

static void a_number_names_another_protocol_over_ipv6(void **state)
{
	reads_as(*state, ETH IPV6 "hopopts/ospf3", "eth/ipv6/hopopts/ospf3");
	reads_as(*state, ETH IPV6 IPV4 "ospf", "eth/ipv6/ipv4/ospf");
}

static void what_its_first_octets_say_is_not_there_is_passed_over(void **state)
{
	reads_as(*state, ETH IPV4 "udp(sport=9)/l2tp/hdlc/ppp/lcp",
		"eth/ipv4/udp/l2tp/hdlc/ppp/lcp");
	reads_as(*state, ETH IPV4 "udp(sport=9)/l2tp/ppp/lcp", "eth/ipv4/udp/l2tp/ppp/lcp");
	reads_as(
		*state, ETH IPV4 "udp(sport=9)/l2tp/payload(data=ff)", "eth/ipv4/udp/l2tp/payload");
}

/* ---- frames that vary ---- */

static struct spec_vary *vary(struct arena *arena, struct spec_record *record, const char *field,
	uint64_t first, uint64_t last)
{
	struct spec_value *value = &record->values[wire_field_find(record->type, field)];
	struct spec_vary *ret = arena_alloc(arena, sizeof(*ret));

	ret->kind = VARY_INC;
	ret->step = 1;
	ret->first.number = first;
	ret->last.number = last;
	value->state = SPEC_VARIES;
	value->vary = ret;
	return ret;
}

/* All checksums of a frame are this, of those that are there. */
static void hold(struct arena *arena, const struct patch_slot *slot, unsigned int layers, bool bad)
{
	struct frame_view view;

	frame_dissect(arena, &wire_eth, slot->octets, slot->length, DISSECT_FCS_ABSENT, &view);
	assert_int_equal(view.count, layers);
	for (unsigned int i = 0; i < view.count; i++) {
		const struct view_field *sum = view_field_find(&view.layers[i].header, "checksum");

		if (sum && strcmp(view.layers[i].protocol->header.name, "ipv4") != 0)
			assert_int_equal(sum->check, bad ? VIEW_WRONG : VIEW_RIGHT);
		else if (sum)
			assert_int_equal(sum->check, VIEW_RIGHT);
	}
}

#define SLOTS 64 /* enough that the runner makes them column by column */

/* All checksums of the first frames, made one by one and many at once, are right; those of layers
 * other than IPv4 are wrong where they were asked to be. */
static void sums_are(struct arena *arena, const struct frame_spec *spec, uint64_t count, bool bad)
{
	struct frame_compiled compiled;
	struct patch_runner one, many;
	struct arena scratch;
	struct err err = { 0 };

	if (frame_compile(arena, spec, 1, NULL, 1, &compiled, &err))
		fail_msg("%s", err.text);
	arena_init(&scratch);
	assert_return_code(patch_runner_init(&one, &compiled.program, 1), 0);
	assert_return_code(patch_runner_init(&many, &compiled.program, SLOTS), 0);
	for (uint64_t i = 0; i < count; i++) {
		if (i % SLOTS == 0)
			patch_runner_fill(&many, i, many.slots, SLOTS);
		arena_reset(&scratch);
		patch_runner_make(&one, i, one.slots);
		hold(&scratch, one.slots, spec->count, bad);
		hold(&scratch, &many.slots[i % SLOTS], spec->count, bad);
	}
	patch_runner_fini(&one);
	patch_runner_fini(&many);
	arena_fini(&scratch);
}

static void sums_hold(struct arena *arena, const struct frame_spec *spec, uint64_t count)
{
	sums_are(arena, spec, count, false);
}

static void sums_of_a_part_follow_what_varies(void **state)
{
	struct frame_spec spec;

	support_spec(*state, ETH IPV4 "udplite(coverage=11)/" DATA, &spec);
	vary(*state, &spec.layers[2].header, "sport", 0, 65535);
	sums_hold(*state, &spec, 1000);
	support_spec(*state, ETH IPV6 "udplite/" DATA, &spec);
	vary(*state, &spec.layers[2].header, "coverage", 0, 40);
	sums_hold(*state, &spec, 41);
}

#define TUNNEL(outer) ETH IPV4 outer "/vxlan/" ETH IPV4

/* What is drawn in words of 64 bits is cut where a sum ends: at the third octet, and at the sixth.
 */
static void a_random_word_is_summed_as_far_as_each_sum_covers_it(void **state)
{
	static const char *const frames[] = {
		TUNNEL("udp(sport=9)") "udplite(coverage=11)/payload",
		TUNNEL("udplite(sport=9,dport=4789,coverage=64)") "udplite(coverage=11)/payload",
		TUNNEL("udplite(sport=9,dport=4789,coverage=61)") "udplite(coverage=14)/payload",
	};
	static const uint8_t zeros[16];
	uint8_t ones[16];

	memset(ones, 0xff, sizeof(ones));
	for (unsigned int i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
		struct frame_spec spec;
		struct spec_vary *all;

		support_spec(*state, frames[i], &spec);
		all = vary(*state, &spec.layers[spec.count - 1].header, "data", 0, 0);
		all->kind = VARY_RANDOM;
		all->first = (struct wire_value){ .octets = zeros, .length = sizeof(zeros) };
		all->last = (struct wire_value){ .octets = ones, .length = sizeof(ones) };
		sums_hold(*state, &spec, 1000);
	}
}

/* RFC 2328 D.4: the authentication is not summed, be it constant or not. */
static void what_a_sum_leaves_out_does_not_change_it(void **state)
{
	static const char frame[] =
		ETH IPV4 "ospf(auth-type=password,authentication=6b6579206f66206d)";
	struct spec_record *header;
	struct frame_spec spec;
	struct spec_vary *part;

	support_spec(*state, frame, &spec);
	vary(*state, &spec.layers[2].header, "priority", 0, 255);
	sums_hold(*state, &spec, 256);
	support_spec(*state, frame, &spec);
	header = &spec.layers[2].header;
	part = vary(*state, header, "authentication", 0, 255);
	part->part = true;
	part->high = 7;
	sums_hold(*state, &spec, 256);
}

/* RFC 2675 4: the length in a pseudo header has 32 bits. */
static void a_pseudo_header_counts_more_than_16_bits_can_say(void **state)
{
	const size_t length = 65536 - 8;
	struct spec_value *data;
	struct frame_spec spec;

	support_spec(*state,
		ETH "ipv6(src=2001:db8::1,dst=2001:db8::2,length=0)/udp(dport=9,length=0)/payload",
		&spec);
	data = &spec.layers[3].header.values[0];
	data->state = SPEC_GIVEN;
	data->value =
		(struct wire_value){ .octets = arena_alloc(*state, length), .length = length };
	vary(*state, &spec.layers[2].header, "sport", 9, 12);
	sums_hold(*state, &spec, 4);
}

/* A sum of every value is made wrong: by none of them does it become right, none at all, or that of
 * the pseudo header, as of a checksum that a device is yet to finish. */
static void a_bad_sum_is_wrong_whatever_varies(void **state)
{
	static const char *const frames[] = { ETH IPV4 "udp/" DATA, ETH IPV6 "tcp/" DATA };

	for (unsigned int i = 0; i < 2; i++) {
		struct frame_spec spec;
		struct spec_record *header;

		support_spec(*state, frames[i], &spec);
		header = &spec.layers[2].header;
		header->values[wire_field_find(header->type, "checksum")].state = SPEC_BAD;
		vary(*state, header, "sport", 0, 65535);
		sums_are(*state, &spec, 65536, true);
	}
}

#define DUPLEX ETH "llc/snap(oui=cisco)/cdp(tlvs=[duplex])"

/* The octets are known good to tshark: tests/golden/templates/cdp-odd.yaml. */
static void an_odd_last_octet_varies_in_all_but_its_sign(void **state)
{
	struct frame_spec spec;
	struct frame_compiled compiled;
	struct err err = { 0 };
	struct spec_value *tlvs;
	struct spec_vary *part;

	support_spec(*state, DUPLEX, &spec);
	tlvs = &spec.layers[3].header.values[wire_field_find(spec.layers[3].header.type, "tlvs")];
	part = vary(*state, &tlvs->items[0], "duplex", 0, 127);
	part->part = true;
	part->high = 6;
	sums_hold(*state, &spec, 128);
	part->part = false;
	assert_int_equal(frame_compile(*state, &spec, 1, NULL, 1, &compiled, &err), -EINVAL);
	assert_non_null(strstr(err.text, "is the last of an odd number of octets in cdp.checksum"));
	/* An even number of octets has no such octet. */
	support_spec(*state, ETH "llc/snap(oui=cisco)/cdp(tlvs=[duplex duplex])", &spec);
	tlvs = &spec.layers[3].header.values[wire_field_find(spec.layers[3].header.type, "tlvs")];
	vary(*state, &tlvs->items[1], "duplex", 0, 255);
	sums_hold(*state, &spec, 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sum_covers_as_many_octets_as_a_field_says),
		cmocka_unit_test(the_pseudo_header_counts_what_is_not_covered_too),
		cmocka_unit_test(less_than_the_header_is_the_header_and_more_than_there_is_all),
		cmocka_unit_test(coverage_may_count_words_of_data),
		cmocka_unit_test(a_pseudo_header_may_belong_to_ipv6_alone),
		cmocka_unit_test(a_sum_of_the_header_may_have_a_pseudo_header),
		cmocka_unit_test(a_number_names_another_protocol_over_ipv6),
		cmocka_unit_test(what_its_first_octets_say_is_not_there_is_passed_over),
		cmocka_unit_test(sums_of_a_part_follow_what_varies),
		cmocka_unit_test(a_random_word_is_summed_as_far_as_each_sum_covers_it),
		cmocka_unit_test(what_a_sum_leaves_out_does_not_change_it),
		cmocka_unit_test(a_pseudo_header_counts_more_than_16_bits_can_say),
		cmocka_unit_test(a_bad_sum_is_wrong_whatever_varies),
		cmocka_unit_test(an_odd_last_octet_varies_in_all_but_its_sign),
	};

	return cmocka_run_group_tests_name(
		"frame/sums", tests, support_arena_setup, support_arena_teardown);
}
