/* frame_rewrite: fields changed where they stand, and the checksums that follow. */
#include "base/arena.h"
#include "frame/build.h"
#include "frame/rewrite.h"
#include "template/template.h"

#include "../../support/random.h"
#include "../../support/random_frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define RANDOM_FRAMES 20000

/* 10.1.0.0/16 becomes 192.168.0.0/16, and back. */
static const struct rewrite_rule there[] = {
	{ .kind = REWRITE_IPV4, .from = { 10, 1 }, .to = { 192, 168 }, .prefix = 16 },
	{ .kind = REWRITE_PORT, .from = { 0, 80 }, .to = { 0x1f, 0x90 }, .prefix = 16 },
};
static const struct rewrite_rule back[] = {
	{ .kind = REWRITE_IPV4, .from = { 192, 168 }, .to = { 10, 1 }, .prefix = 16 },
	{ .kind = REWRITE_PORT, .from = { 0x1f, 0x90 }, .to = { 0, 80 }, .prefix = 16 },
};

static struct template read_expression(struct arena *arena, const char *text)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct template template;
	struct err err;

	if (template_read_expressions(arena, &text, 1, &options, &template, &err))
		fail_msg("%s: %s", text, err.text);
	return template;
}

static struct frame_view build(struct arena *arena, const struct frame_spec *spec)
{
	struct frame_view built, read;
	struct err err;

	if (frame_build(arena, spec, &built, &err))
		fail_msg("%s", err.text);
	frame_dissect(arena, &wire_eth, built.octets, built.length, DISSECT_FCS_ABSENT, &read);
	return read;
}

static struct frame_view build_expression(struct arena *arena, const char *text)
{
	struct template template = read_expression(arena, text);

	return build(arena, &template.frames[0]);
}

static unsigned int rewrite(struct arena *arena, struct frame_view *view,
	const struct rewrite_rule *rules, unsigned int count, bool repair)
{
	return frame_rewrite(view, arena_alloc(arena, view->length), rules, count, repair);
}

static void assert_same(const struct frame_view *a, const struct frame_view *b)
{
	assert_int_equal(a->length, b->length);
	assert_memory_equal(a->octets, b->octets, a->length);
}

#define BELOW "eth(dst=02:00:00:00:00:02,src=02:00:00:00:00:01)/"

static void addresses_and_ports_are_those_of_a_frame_built_so(void **state)
{
	static const char *const pairs[][2] = {
		{ BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9)/udp(sport=80,dport=5)/\"hello\"", BELOW
			"ipv4(src=192.168.2.3,dst=192.168.9.9)/udp(sport=8080,dport=5)/\"hello\"" },
		{ BELOW "ipv4(src=10.2.2.3,dst=10.1.9.9)/tcp(sport=7,dport=80,options=[mss(1460)])",
			BELOW "ipv4(src=10.2.2.3,dst=192.168.9.9)/"
			      "tcp(sport=7,dport=8080,options=[mss(1460)])" },
		/* One that is not computed stays so. */
		{ BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9)/udp(sport=80,dport=5,checksum=0)/"
			"\"hello\"",
			BELOW "ipv4(src=192.168.2.3,dst=192.168.9.9)/"
			      "udp(sport=8080,dport=5,checksum=0)/\"hello\"" },
		/* The outer sum covers the inner frame. */
		{ BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9)/udp(sport=9,dport=4789)/"
			"vxlan(vni=5)/" BELOW
			"ipv4(src=10.1.0.1,dst=10.1.0.2)/udp(sport=1,dport=80)/\"inner\"",
			BELOW
			"ipv4(src=192.168.2.3,dst=192.168.9.9)/udp(sport=9,dport=4789)/"
			"vxlan(vni=5)/" BELOW
			"ipv4(src=192.168.0.1,dst=192.168.0.2)/udp(sport=1,dport=8080)/\"inner\"" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct arena arena;
		struct frame_view view, wanted;

		arena_init(&arena);
		view = build_expression(&arena, pairs[i][0]);
		wanted = build_expression(&arena, pairs[i][1]);
		assert_true(rewrite(&arena, &view, there, 2, false) > 0);
		assert_same(&view, &wanted);
		rewrite(&arena, &view, back, 2, false);
		wanted = build_expression(&arena, pairs[i][0]);
		assert_same(&view, &wanted);
		arena_fini(&arena);
	}
}

/* The first of them has the checksum of a datagram that is not all there. */
static void fragments_rewritten_are_the_fragments_of_the_rewritten(void **state)
{
	const char *before = "frame(fragment=(mtu=576))/" BELOW
			     "ipv4(src=10.1.2.3,dst=10.1.9.9,id=7)/udp(sport=80,dport=5)/"
			     "pattern(inc,size=1400)";
	const char *after = "frame(fragment=(mtu=576))/" BELOW
			    "ipv4(src=192.168.2.3,dst=192.168.9.9,id=7)/udp(sport=8080,dport=5)/"
			    "pattern(inc,size=1400)";
	struct template a, b;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	a = read_expression(&arena, before);
	b = read_expression(&arena, after);
	assert_int_equal(a.count, 3);
	assert_int_equal(b.count, a.count);
	for (unsigned int i = 0; i < a.count; i++) {
		struct frame_view view = build(&arena, &a.frames[i]);
		struct frame_view wanted = build(&arena, &b.frames[i]);

		rewrite(&arena, &view, there, 2, false);
		assert_same(&view, &wanted);
	}
	arena_fini(&arena);
}

static void a_field_takes_its_value_and_a_given_checksum_stays(void **state)
{
	const struct rewrite_rule rules[] = {
		{ .kind = REWRITE_FIELD,
			.protocol = wire_protocol_find("ipv4"),
			.nth = 1,
			.field = "ttl",
			.value = { .number = 3 } },
		{ .kind = REWRITE_FIELD,
			.protocol = wire_protocol_find("udp"),
			.nth = 1,
			.field = "checksum",
			.value = { .number = 0x1234 } },
		{ .kind = REWRITE_FIELD,
			.protocol = wire_protocol_find("ipv4"),
			.nth = 2,
			.field = "ttl",
			.value = { .number = 9 } },
	};
	struct frame_view view, wanted;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	view = build_expression(
		&arena, BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9)/udp(sport=80,dport=5)/\"hello\"");
	wanted = build_expression(&arena, BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9,ttl=3)/"
						"udp(sport=80,dport=5,checksum=0x1234)/\"hello\"");
	assert_int_equal(rewrite(&arena, &view, rules, 3, true), 2);
	assert_same(&view, &wanted);
	arena_fini(&arena);
}

static void a_wrong_checksum_is_repaired_when_asked(void **state)
{
	struct frame_view view, wanted;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	view = build_expression(&arena, BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9,checksum=bad)/"
					      "udp(sport=80,dport=5,checksum=bad)/\"hello\"");
	wanted = build_expression(
		&arena, BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9)/udp(sport=80,dport=5)/\"hello\"");
	assert_int_equal(rewrite(&arena, &view, NULL, 0, true), 0);
	assert_same(&view, &wanted);
	arena_fini(&arena);
}

static void a_wrong_checksum_stays_as_it_is_when_nobody_asked(void **state)
{
	struct frame_view view, wanted;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	view = build_expression(&arena, BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9)/"
					      "udp(sport=80,dport=5,checksum=0x1234)/\"hello\"");
	wanted =
		build_expression(&arena, BELOW "ipv4(src=192.168.2.3,dst=192.168.9.9)/"
					       "udp(sport=8080,dport=5,checksum=0x1234)/\"hello\"");
	assert_int_equal(rewrite(&arena, &view, there, 2, false), 3);
	assert_same(&view, &wanted);
	arena_fini(&arena);
}

/* RFC 768: of all values that a port takes one makes the sum of the datagram zero, which is sent as
 * all ones, also where the rest of the datagram is elsewhere. */
static void a_checksum_of_zero_is_all_ones_in_a_fragment_too(void **state)
{
	struct rewrite_rule rule = { .kind = REWRITE_FIELD,
		.protocol = wire_protocol_find("udp"),
		.nth = 1,
		.field = "dport" };
	const char *first =
		BELOW "ipv4(src=10.1.2.3,dst=10.1.9.9,flags=mf)/"
		      "udp(sport=9,dport=5,length=2000,checksum=0x1234)/pattern(inc,size=16)";
	unsigned int ones = 0;
	struct frame_view view;
	struct arena arena;
	uint8_t *octets;

	(void)state;
	arena_init(&arena);
	view = build_expression(&arena, first);
	octets = arena_alloc(&arena, view.length);
	for (rule.value.number = 0; rule.value.number < 65536; rule.value.number++) {
		struct frame_view now = view;
		const struct view_field *sum = view_field_find(&now.layers[2].header, "checksum");

		frame_rewrite(&now, octets, &rule, 1, false);
		assert_true(view_value(&now, sum).number != 0);
		ones += view_value(&now, sum).number == 0xffff;
	}
	assert_int_equal(ones, 1);
	arena_fini(&arena);
}

/* ---- any frame ---- */

static void assert_still_right(const struct view_record *before, const struct view_record *after)
{
	for (unsigned int i = 0; i < before->count; i++) {
		if (before->fields[i].field->rule == WIRE_CHECKSUM &&
			before->fields[i].check == VIEW_RIGHT)
			assert_int_equal(after->fields[i].check, VIEW_RIGHT);
		for (unsigned int j = 0; j < before->fields[i].count; j++)
			assert_still_right(&before->fields[i].items[j], &after->fields[i].items[j]);
	}
}

/* Any address becomes another one by its first bit. */
static void checksums_of_any_frame_stay_right(void **state)
{
	static const struct rewrite_rule rules[] = {
		{ .kind = REWRITE_MAC, .from = { 0 }, .to = { 2 }, .prefix = 7 },
		{ .kind = REWRITE_IPV4, .from = { 0 }, .to = { 0x80 }, .prefix = 1 },
		{ .kind = REWRITE_IPV6, .from = { 0 }, .to = { 0x80 }, .prefix = 1 },
		{ .kind = REWRITE_PORT, .from = { 0 }, .to = { 0x80 }, .prefix = 1 },
	};
	uint64_t seed = 1, changed = 0;
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (unsigned int i = 0; i < RANDOM_FRAMES; i++) {
		struct frame_view before, after;
		struct frame_spec spec;

		arena_reset(&arena);
		support_random_frame(&arena, &seed, SUPPORT_FRAME_CONSISTENT, &spec);
		before = build(&arena, &spec);
		after = build(&arena, &spec);
		changed += rewrite(&arena, &after, rules, 4, false);
		for (unsigned int j = 0; j < before.count; j++)
			assert_still_right(&before.layers[j].header, &after.layers[j].header);
	}
	assert_true(changed > RANDOM_FRAMES);
	arena_fini(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_and_ports_are_those_of_a_frame_built_so),
		cmocka_unit_test(fragments_rewritten_are_the_fragments_of_the_rewritten),
		cmocka_unit_test(a_field_takes_its_value_and_a_given_checksum_stays),
		cmocka_unit_test(a_wrong_checksum_is_repaired_when_asked),
		cmocka_unit_test(a_wrong_checksum_stays_as_it_is_when_nobody_asked),
		cmocka_unit_test(a_checksum_of_zero_is_all_ones_in_a_fragment_too),
		cmocka_unit_test(checksums_of_any_frame_stay_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
