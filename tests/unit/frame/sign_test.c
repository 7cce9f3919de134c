/* frame_sign: every frame ends its payload in a signature, and is right in all else. */
#include "base/arena.h"
#include "frame/build.h"
#include "frame/compile.h"
#include "frame/sign.h"
#include "template/template.h"
#include "wire/checksum.h"
#include "wire/signature.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define TURNS 300

#define ETH "  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
#define IP  "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n"

struct signed_template {
	struct arena arena;
	struct template template;
	struct frame_spec *specs;
	uint32_t grown[64];
	unsigned int every;
	struct frame_compiled compiled;
	struct patch_runner runner;
	struct err err;
};

static int try_sign_every(struct signed_template *s, const char *text, unsigned int every)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	int status;

	*s = (struct signed_template){ .every = every };
	arena_init(&s->arena);
	if (template_read(&s->arena, "t.yaml", (const uint8_t *)text, strlen(text), &options,
		    &s->template, &s->err))
		fail_msg("%s", s->err.text);
	assert_in_range(s->template.count, 1, 64);
	status = frame_sign(&s->arena, s->template.frames, s->template.count, s->every, &s->specs,
		s->grown, &s->err);
	if (!status)
		status = frame_compile(
			&s->arena, s->specs, s->template.count, NULL, 1, &s->compiled, &s->err);
	return status;
}

static int try_sign(struct signed_template *s, const char *text)
{
	return try_sign_every(s, text, 1);
}

static void begin(struct signed_template *s, const char *text)
{
	if (try_sign(s, text))
		fail_msg("%s", s->err.text);
	assert_int_equal(patch_runner_init(&s->runner, &s->compiled.program, TURNS), 0);
}

static void end(struct signed_template *s)
{
	patch_runner_fini(&s->runner);
	arena_fini(&s->arena);
}

/* Everything computed in the frame is right, its datagram's checksums among them. */
static void check_computed(const struct patch_slot *slot)
{
	struct arena arena;
	struct frame_view view;

	arena_init(&arena);
	frame_dissect(&arena, &wire_eth, slot->octets, slot->length, DISSECT_FCS_ABSENT, &view);
	for (unsigned int i = 0; i < view.count; i++)
		for (unsigned int j = 0; j < view.layers[i].header.count; j++)
			if (view.layers[i].header.fields[j].check == VIEW_WRONG)
				fail_msg("%s.%s is wrong", view.layers[i].header.type->name,
					view.layers[i].header.fields[j].field->name);
	arena_fini(&arena);
}

static void check_frames(struct signed_template *s)
{
	uint64_t before = clock_wall(), after;
	unsigned int turns[64] = { 0 };

	patch_runner_fill(&s->runner, 0, s->runner.slots, TURNS);
	after = clock_wall();
	for (unsigned int i = 0; i < TURNS; i++) {
		const struct patch_slot *slot = &s->runner.slots[i];
		unsigned int stream = (unsigned int)(slot->frame - s->compiled.program.frames);
		struct signature signature;

		assert_true(signature_find(slot->octets, slot->length, &signature));
		assert_int_equal(signature.stream, stream);
		assert_int_equal(signature.sequence, turns[stream]++);
		assert_in_range(signature_age(&signature, after), 0, after - before);
		check_computed(slot);
	}
}

static void turns_may_share_a_time(void **state)
{
	struct signed_template s;
	uint64_t last = 0;

	(void)state;
	assert_int_equal(
		try_sign_every(
			&s, "layers:\n" ETH IP "  - udp: {sport: {inc: 1..9}, dport: 9}\n", 16),
		0);
	assert_int_equal(patch_runner_init(&s.runner, &s.compiled.program, 1), 0);
	for (uint64_t turn = 0; turn < 64; turn++) {
		struct signature signature;

		patch_runner_make(&s.runner, turn, s.runner.slots);
		assert_true(
			signature_find(s.runner.slots->octets, s.runner.slots->length, &signature));
		assert_int_equal(signature.sequence, turn);
		assert_int_equal(signature.time == last, turn % 16 != 0);
		last = signature.time;
		check_computed(s.runner.slots);
	}
	end(&s);
}

static void every_kind_of_frame_is_signed(void **state)
{
	static const char *const texts[] = {
		"layers:\n" ETH IP
		"  - udp: {sport: 1, dport: 9}\n  - payload: {fill: 65, size: 30}\n",
		"layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n",
		"layers:\n" ETH IP
		"  - udp: {sport: {inc: 1..9}, dport: 9}\n  - payload: \"0123456789abcdef!\"\n",
		"layers:\n" ETH "  - ipv6: {src: fe80::1, dst: fe80::2}\n  - tcp: {sport: 1, "
		"dport: {random: 20001..20999}, flags: syn}\n",
		"layers:\n" ETH "  - vlan: {id: 5}\n" IP
		"  - sctp: {sport: 1, dport: 2}\n  - payload: {fill: 0, size: 40}\n",
		"layers:\n" ETH "  - arp: {op: request, tpa: 10.0.0.2}\n",
		"layers:\n" ETH IP "  - icmp: {type: echo-request, id: 7, seq: {inc: 0..65535}}\n  "
		"- payload: {random-bytes: 56}\n",
		"frame-size: {random: 70..200}\nlayers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n",
		"frame-size: imix\nlayers:\n" ETH IP
		"  - udp: {sport: 1, dport: 9}\n  - payload: {random-bytes: 8}\n",
		"layers:\n" ETH IP
		"  - udp: {sport: 1, dport: 9}\n  - payload: {fill: 1, size: {inc: 16..40}}\n",
		"layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n  - payload: {list: [short, \"a "
		"much longer payload\"]}\n",
		"frames:\n"
		"- {name: a, weight: 3, layers: [eth: {dst: 02:00:00:00:00:02}, ipv4: {dst: "
		"10.0.0.2}, udp: {sport: 1, dport: 9}]}\n"
		"- {name: b, layers: [eth: {dst: 02:00:00:00:00:02}, ipv6: {dst: fe80::2}, udp: "
		"{dport: {inc: 1..3}}, payload: {fill: 0, size: 99}]}\n",
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct signed_template s;

		begin(&s, texts[i]);
		check_frames(&s);
		end(&s);
	}
}

static void what_stands_before_the_signature_stays(void **state)
{
	struct signed_template s;

	(void)state;
	begin(&s, "layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n"
		  "  - payload: \"the first, and then sixteen more\"\n");
	patch_runner_make(&s.runner, 0, &s.runner.slots[0]);
	assert_int_equal(s.runner.slots[0].length, 42 + 32);
	assert_memory_equal(s.runner.slots[0].octets + 42, "the first, and t", 16);
	assert_int_equal(s.grown[0], 0);
	end(&s);
	begin(&s, "layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n  - payload: hello\n");
	assert_int_equal(s.grown[0], 11);
	end(&s);
}

static void the_frame_of_a_time_can_be_made_again(void **state)
{
	struct signed_template s;
	struct patch_slot *slots;
	struct signature signature;
	uint8_t first[128];

	(void)state;
	begin(&s, "layers:\n" ETH IP "  - udp: {sport: {random: 20001..20999}, dport: 9}\n");
	slots = s.runner.slots;
	patch_runner_fill(&s.runner, 0, slots, 100);
	memcpy(first, slots[70].octets, slots[70].length);
	assert_true(signature_find(first, slots[70].length, &signature));
	patch_runner_make_again(&s.runner, 70, signature.time, &slots[0]);
	assert_memory_equal(slots[0].octets, first, slots[0].length);
	patch_runner_make(&s.runner, 70, &slots[0]);
	assert_memory_not_equal(slots[0].octets, first, slots[0].length);
	end(&s);
}

static void refused(const char *text, const char *why)
{
	struct signed_template s;

	if (try_sign(&s, text) != -EINVAL)
		fail_msg("not refused: %s", text);
	if (!strstr(s.err.text, why))
		fail_msg("\"%s\" does not say \"%s\"", s.err.text, why);
	arena_fini(&s.arena);
}

static void a_payload_of_a_size_that_is_too_short_is_refused(void **state)
{
	(void)state;
	refused("layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n"
		"  - payload: {fill: 1, size: {inc: 15..40}}\n",
		"15 octets are too few for the signature (at least 16)");
	refused("layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n"
		"  - payload: {fill: 1, size: {list: [40, 8]}}\n",
		"8 octets are too few for the signature (at least 16)");
	refused("frame-size: 64\nlayers:\n" ETH
		"  - ipv6: {dst: fe80::2}\n  - udp: {sport: 1, dport: 9}\n",
		"the frame has 82");
	refused("layers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n"
		"  - payload: {value: {text: \"0123456789abcdefgh\"}, bits: 0..7, inc: 0..255}\n",
		"have 16 octets more behind it");
}

/* ---- fragments ---- */

#define FRAGMENTED "fragment: {mtu: 84}\nlayers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n"

/* The sum of a UDP datagram's octets as its fragments carry them. */
static uint64_t datagram_sum(const struct signed_template *s, uint64_t turn)
{
	unsigned int count = s->template.count;
	uint64_t sum = 0, length = 0;

	for (unsigned int i = 0; i < count; i++) {
		struct patch_slot *slot = &s->runner.slots[i];
		uint32_t octets;

		patch_runner_make(
			(struct patch_runner *)(uintptr_t)&s->runner, turn * count + i, slot);
		octets = (uint32_t)(slot->octets[16] << 8 | slot->octets[17]) - 20;
		sum = checksum_add(sum, slot->octets + 34, octets);
		length += octets;
	}
	/* The pseudo header: addresses, protocol, length. */
	return sum + 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + length;
}

static void fragments_keep_their_datagrams_checksum(void **state)
{
	static const char *const texts[] = {
		FRAGMENTED "  - payload: {random-bytes: 150}\n",
		FRAGMENTED "  - payload: {pattern: inc, size: 175}\n",
		FRAGMENTED
		"  - payload: \"odd: 0123"
		"0123456789012345678901234567890123456789012345678901234567890123456789\"\n",
	};

	(void)state;
	for (unsigned int i = 1; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct signed_template s;

		begin(&s, texts[i]);
		assert_in_range(s.template.count, 2, 4);
		check_frames(&s);
		for (uint64_t turn = 0; turn < 50; turn++)
			assert_int_equal(checksum_fold(datagram_sum(&s, turn)), 0xffff);
		end(&s);
	}
	refused(texts[0], "varies in the last octets of a fragment");
	refused("fragment: {mtu: 84}\nlayers:\n" ETH IP "  - udp: {sport: 1, dport: 9}\n"
		"  - payload: {fill: 1, size: 62}\n",
		"is too short for its signature (at least 20)");
}

static void fragments_vary_where_their_signature_is_not(void **state)
{
	struct signed_template s;

	(void)state;
	begin(&s, "fragment: {mtu: 84}\nlayers:\n" ETH IP
		  "  - udp: {sport: {inc: 1..9}, dport: {random: 20001..20999}}\n"
		  "  - payload: {fill: 7, size: 150}\n");
	check_frames(&s);
	for (uint64_t turn = 0; turn < 50; turn++)
		assert_int_equal(checksum_fold(datagram_sum(&s, turn)), 0xffff);
	end(&s);
}

/* ---- reading ---- */

static void a_signature_is_found_before_padding_and_in_noise_is_none(void **state)
{
	uint8_t octets[64] = { [4] = 0x9e, 0x4b, 0x7a, 0x35, 0, 7, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9 };
	struct signature signature;

	(void)state;
	for (size_t length = 20; length <= 64; length++) {
		assert_true(signature_find(octets, length, &signature));
		assert_int_equal(signature.offset, 4);
		assert_int_equal(signature.stream, 7);
		assert_int_equal(signature.sequence, 256);
		assert_int_equal(signature.time, 9);
	}
	for (size_t length = 0; length < 20; length++)
		assert_false(signature_find(octets, length, &signature));
}

static void an_age_may_be_negative_and_wraps(void **state)
{
	struct signature signature = { .time = 100 };

	(void)state;
	assert_int_equal(signature_age(&signature, 350), 250);
	assert_int_equal(signature_age(&signature, 40), -60);
	assert_int_equal(signature_age(&signature, (5ULL << 48) + 350), 250);
	signature.time = SIGNATURE_TIME_MASK;
	assert_int_equal(signature_age(&signature, 4), 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_frame_is_signed),
		cmocka_unit_test(turns_may_share_a_time),
		cmocka_unit_test(what_stands_before_the_signature_stays),
		cmocka_unit_test(the_frame_of_a_time_can_be_made_again),
		cmocka_unit_test(a_payload_of_a_size_that_is_too_short_is_refused),
		cmocka_unit_test(fragments_keep_their_datagrams_checksum),
		cmocka_unit_test(fragments_vary_where_their_signature_is_not),
		cmocka_unit_test(a_signature_is_found_before_padding_and_in_noise_is_none),
		cmocka_unit_test(an_age_may_be_negative_and_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
