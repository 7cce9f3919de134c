/* Specs become templates that a person could have written, and that read back as the same frames.
 */
#include "reading.h"

#include "../../support/random.h"
#include "../../support/random_frame.h"

#define ROUNDS 3000

static void assert_written(struct reading *reading, const char *text, const char *written)
{
	const struct template t = reading_of(reading, text);
	struct buffer out = { 0 };

	template_write(&t, &out);
	assert_string_equal(buffer_text(&out), written);
	buffer_fini(&out);
}

/* What is written as it was read. */
static void assert_kept(struct reading *reading, const char *text)
{
	assert_written(reading, text, text);
}

static void a_frame_is_written_as_a_person_would(void **state)
{
	assert_kept(*state,
		"name: arp-request\n"
		"about: Ask who has an IPv4 address\n"
		"layers:\n"
		"  - eth: {dst: ff:ff:ff:ff:ff:ff, src: 02:00:00:00:00:01}\n"
		"  - arp: {op: request, sha: 02:00:00:00:00:01, spa: 192.0.2.1, tpa: 10.0.0.2}\n");
	assert_kept(*state,
		"name: syn\n"
		"layers:\n"
		"  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
		"  - vlan\n"
		"  - ipv4: {checksum: bad, src: 10.0.0.1, dst: 10.0.0.2}\n"
		"  - tcp:\n"
		"      sport: 1024\n"
		"      dport: http\n"
		"      flags: syn|ack\n"
		"      options: [mss: 1460, nop, sack-permitted, {timestamps: {val: 1, ecr: 2}}, "
		"sack: [{left: 1, right: 2}], {option: {kind: 99, data: beef}}, raw: 0102]\n"
		"pad: 7\n"
		"fcs: 0x1a2b3c4d\n");
}

static void given_values_are_kept_even_when_wrong(void **state)
{
	assert_kept(*state,
		"name: wrong\n"
		"layers:\n"
		"  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01, type: 0x0000}\n"
		"  - ipv4: {version: 5, ihl: 0, length: 9, checksum: 0x0000, src: 0.0.0.0, dst: "
		"10.0.0.2}\n"
		"  - udp: {length: 8, checksum: 0x0000}\n");
}

static void addresses_that_end_in_a_colon_are_quoted(void **state)
{
	assert_kept(*state, "name: t\n"
			    "layers:\n"
			    "  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
			    "  - ipv6: {src: \"fe80::\", dst: \"::1\"}\n"
			    "  - routing: {type: source-route, addresses: [fe80::1, \"::\"]}\n");
}

static void payloads_are_text_runs_or_hex(void **state)
{
	static const char *const forms[] = {
		" \"hello\"",
		" \"\"",
		" \"a: \\\"b\\\" #c\\r\\n\\t\\\\ \"",
		" \"caf\xc3\xa9\"",
		" \"AAAAAAAAAAAAAAA\"",
		" {fill: 0x41, size: 16}",
		" {fill: 0x00, size: 46}",
		" {pattern: inc, size: 300}",
		" {hex: 00}",
		" {hex: 4100}",
		" {hex: c3}",
		" {hex: c328}",
		" {hex: c0af}",
		" {hex: eda080}",
		" {hex: e280ae}",
		" {hex: efbbbf}",
		"\n      hex: |\n"
		"        00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n"
		"        00112233445566778899aabbccddeeff00",
	};
	char text[512];

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		snprintf(text, sizeof(text),
			"name: t\nlayers:\n"
			"  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01, type: 0x0801}\n"
			"  - payload:%s\n",
			forms[i]);
		assert_kept(*state, text);
	}
}

static void lists_of_frames_have_their_parts(void **state)
{
	assert_kept(*state,
		"name: several\n"
		"frames:\n"
		"  - name: one\n"
		"    layers:\n"
		"      - eth: {src: 02:00:00:00:00:01}\n"
		"      - payload:\n"
		"          hex: |\n"
		"            00112233445566778899aabbccddeeff00112233445566778899aabbccddeefe\n"
		"            00112233445566778899aabbccddeeff00\n"
		"    pad: {hex: 0000}\n"
		"    fcs: none\n"
		"    weight: 3\n"
		"    gap: 1500us\n"
		"  - name: \"two: 2\"\n"
		"    layers:\n"
		"      - arp: {sha: 02:00:00:00:00:01, spa: 192.0.2.1}\n"
		"    pad: none\n"
		"    fcs: bad\n"
		"    gap: 2s\n");
}

static void names_and_prose_are_quoted_where_yaml_would_read_them(void **state)
{
	static const char *const lines[] = { "plain prose, with a comma", "\"ends with a colon:\"",
		"\"a: b\"", "\"a #b\"", "\"- a\"", "\"\"", "\"[x]\"", "\"$name\"", "it is \"x\"",
		"\"caf\xc3\xa9\"", "a:b", "it's" };
	char text[256];

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		snprintf(text, sizeof(text), "name: t\nabout: %s\nlayers:\n  - arp: {op: reply}\n",
			lines[i]);
		/* Presets of an interface are given by now: only the first lines matter. */
		const struct template t = reading_of(*state, text);
		struct buffer out = { 0 };

		template_write(&t, &out);
		assert_memory_equal(
			buffer_text(&out), text, strlen("name: t\nabout: \n") + strlen(lines[i]));
		buffer_fini(&out);
	}
}

static void a_name_that_is_no_text_is_made_one(void **state)
{
	struct reading *reading = *state;
	struct template t = reading_of(reading, ETH);
	struct buffer out = { 0 };

	t.name = t.frames[0].name = "a\xff\nb";
	template_write(&t, &out);
	assert_memory_equal(buffer_text(&out), "name: \"a??b\"\n", 13);
	buffer_fini(&out);
}

/* ---- round trip ---- */

static void assert_same_frame(
	const struct frame_view *a, const struct frame_view *b, const char *text)
{
	if (a->length != b->length || memcmp(a->octets, b->octets, a->length) || a->fcs != b->fcs ||
		memcmp(a->fcs_octets, b->fcs_octets, FCS_LENGTH))
		fail_msg("another frame is built of\n%s", text);
}

/* Returns how many frames came back: 0 for a wild one that is refused as it is. */
static unsigned int round_trip(
	struct reading *reading, uint64_t seed, enum support_frame_style style)
{
	struct arena *arena = &reading->arena;
	struct frame_spec spec = { 0 };
	struct template written = { .name = "random", .frames = &spec, .count = 1 };
	struct template again = { 0 };
	struct frame_view a;
	struct frame_view b;
	struct buffer text = { 0 };
	struct err err = { 0 };

	support_random_frame(arena, &seed, style, &spec);
	support_resolve_presets(arena, &spec);
	if (frame_build(arena, &spec, &a, &err)) {
		if (style == SUPPORT_FRAME_CONSISTENT)
			fail_msg("the random frame is not built: %s", err.text);
		arena_reset(arena);
		return 0;
	}
	template_write(&written, &text);
	if (reading_try(reading, buffer_text(&text), &again))
		fail_msg("%s\n%s", reading->err.text, buffer_text(&text));
	assert_int_equal(again.count, 1);
	if (frame_build(arena, &again.frames[0], &b, &err))
		fail_msg("%s\n%s", err.text, buffer_text(&text));
	assert_same_frame(&a, &b, buffer_text(&text));
	buffer_fini(&text);
	arena_reset(arena);
	return 1;
}

static void random_frames_come_back_from_what_is_written(void **state)
{
	for (uint64_t seed = 1; seed <= ROUNDS; seed++)
		round_trip(*state, seed, SUPPORT_FRAME_CONSISTENT);
}

static void random_frames_with_wrong_values_come_back_too(void **state)
{
	unsigned int count = 0;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++)
		count += round_trip(*state, seed, SUPPORT_FRAME_WILD);
	assert_true(count > ROUNDS / 2);
}

/* The way of `convert`: octets, a view, a spec, a template, a spec, octets. */
static void octets_come_back_from_the_template_of_what_was_dissected(void **state)
{
	struct reading *reading = *state;

	for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
		uint64_t random = seed;
		uint8_t octets[200];
		size_t length = support_random_below(&random, sizeof(octets));
		struct frame_spec spec;
		struct template written = { .frames = &spec, .count = 1 };
		struct template again;
		struct frame_view seen;
		struct frame_view built;
		struct buffer text = { 0 };

		support_random_octets(&random, octets, length);
		if (length >= 24) /* mostly IPv4 of some protocol */
			memcpy(octets + 12, "\x08\x00\x46", 3);
		frame_dissect(
			&reading->arena, &wire_eth, octets, length, DISSECT_FCS_ABSENT, &seen);
		frame_respec(&reading->arena, &seen, &spec);
		if (!spec.count) /* nothing at all: a template has a layer */
			continue;
		template_write(&written, &text);
		if (reading_try(reading, buffer_text(&text), &again))
			fail_msg("%s\n%s", reading->err.text, buffer_text(&text));
		if (frame_build(&reading->arena, &again.frames[0], &built, &reading->err))
			fail_msg("%s\n%s", reading->err.text, buffer_text(&text));
		if (built.length != length || memcmp(built.octets, octets, length))
			fail_msg("other octets are built of\n%s", buffer_text(&text));
		buffer_fini(&text);
		arena_reset(&reading->arena);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		reading_test(a_frame_is_written_as_a_person_would),
		reading_test(given_values_are_kept_even_when_wrong),
		reading_test(addresses_that_end_in_a_colon_are_quoted),
		reading_test(payloads_are_text_runs_or_hex),
		reading_test(lists_of_frames_have_their_parts),
		reading_test(names_and_prose_are_quoted_where_yaml_would_read_them),
		reading_test(a_name_that_is_no_text_is_made_one),
		reading_test(random_frames_come_back_from_what_is_written),
		reading_test(random_frames_with_wrong_values_come_back_too),
		reading_test(octets_come_back_from_the_template_of_what_was_dissected),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
