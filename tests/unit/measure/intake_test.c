/* measure_intake_take: what is done to frames on the way is counted, no more and no less. */
#include "base/arena.h"
#include "base/bytes.h"
#include "frame/compile.h"
#include "frame/sign.h"
#include "measure/check.h"
#include "measure/figures.h"
#include "measure/intake.h"
#include "patch/runner.h"
#include "template/template.h"
#include "wire/checksum.h"

#include "../../support/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FRAMES 20000U
#define LATE   64U

static const char one[] = "layers:\n"
			  "  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
			  "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2, id: {random: 0..65535}}\n"
			  "  - udp: {sport: 1, dport: {inc: 20000..20999}}\n"
			  "  - payload: {random-bytes: 40}\n";

static const char several[] = "frames:\n"
			      "- name: a\n"
			      "  weight: 3\n"
			      "  layers:\n"
			      "  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
			      "  - ipv4: {src: 10.0.0.1, dst: 10.0.0.2}\n"
			      "  - udp: {sport: 1, dport: 9}\n"
			      "- name: b\n"
			      "  frame-size: {random: 94..300}\n"
			      "  layers:\n"
			      "  - eth: {dst: 02:00:00:00:00:02, src: 02:00:00:00:00:01}\n"
			      "  - ipv6: {src: fe80::1, dst: fe80::2}\n"
			      "  - tcp: {sport: 1, dport: 20000, seq: {random: 0..4294967295}}\n";

struct bench {
	struct arena arena;
	struct frame_compiled compiled;
	struct patch_runner runner;
	struct measure_check *check;
	struct measure_intake *intake;
	uint64_t *sent;
	uint64_t now;
};

static void begin(struct bench *bench, const char *text, bool with_program)
{
	struct template_options options = { .resolver = &resolver_placeholder };
	struct measure_engine_config config = { .sample = 1, .same_clock = true };
	struct template template;
	struct frame_spec *specs;
	struct err err;

	*bench = (struct bench){ .now = 1700000000000000000ULL };
	arena_init(&bench->arena);
	if (template_read(&bench->arena, "t", (const uint8_t *)text, strlen(text), &options,
		    &template, &err) ||
		frame_sign(&bench->arena, template.frames, template.count, 1, &specs, NULL, &err) ||
		frame_compile(
			&bench->arena, specs, template.count, NULL, 1, &bench->compiled, &err))
		fail_msg("%s", err.text);
	assert_int_equal(patch_runner_init(&bench->runner, &bench->compiled.program, 1), 0);
	assert_int_equal(measure_check_new(&bench->check,
				 with_program ? &bench->compiled.program : NULL, NULL),
		0);
	bench->sent = arena_alloc(&bench->arena, template.count * sizeof(*bench->sent));
	measure_sent(&bench->compiled.program, FRAMES, bench->sent);
	config.streams = template.count;
	config.sent = bench->sent;
	config.check = bench->check;
	assert_int_equal(measure_intake_new(&bench->intake, &config), 0);
}

static void end(struct bench *bench)
{
	measure_intake_free(bench->intake);
	measure_check_free(bench->check);
	patch_runner_fini(&bench->runner);
	arena_fini(&bench->arena);
}

/* Frame number index, as it was made at the bench's time. */
static const struct patch_slot *make(struct bench *bench, uint64_t index)
{
	struct patch_slot *slot = &bench->runner.slots[0];

	patch_runner_make_again(&bench->runner, index, bench->now, slot);
	return slot;
}

/* It comes so long after that. */
static void take(struct bench *bench, const uint8_t *octets, uint32_t length, uint64_t after)
{
	measure_intake_take(bench->intake, octets, length, bench->now + after);
}

static void results(const struct bench *bench, struct measure_result *ret)
{
	assert_int_equal(measure_result_init(ret, bench->compiled.program.count), 0);
	measure_intake_results(bench->intake, ret);
}

/* ---- faults ---- */

struct held {
	uint8_t octets[512];
	uint32_t length;
	uint64_t due; /* the frame before which it comes */
};

struct faults {
	uint64_t dropped, doubled, late, corrupted;
	uint64_t random;
	struct held held[LATE];
	unsigned int held_count;
};

static void release(struct bench *bench, struct faults *faults, uint64_t before)
{
	for (unsigned int i = 0; i < faults->held_count;) {
		struct held *held = &faults->held[i];

		if (held->due > before) {
			i++;
			continue;
		}
		take(bench, held->octets, held->length, 5000);
		faults->held[i] = faults->held[--faults->held_count];
	}
}

static void pass(struct bench *bench, struct faults *faults, uint64_t index)
{
	const struct patch_slot *slot = make(bench, index);
	struct held frame = { .length = slot->length, .due = index + 10 };

	memcpy(frame.octets, slot->octets, slot->length);
	switch (support_random_below(&faults->random, 40)) {
	case 0:
		faults->dropped++;
		return;
	case 1:
		faults->doubled++;
		take(bench, frame.octets, frame.length, 1000);
		break;
	case 2:
		/* One that is overtaken by others of its stream for sure. */
		if (faults->held_count == LATE || index + 20 > FRAMES)
			break;
		faults->late++;
		faults->held[faults->held_count++] = frame;
		return;
	case 3:
		faults->corrupted++;
		/* The UDP or TCP port. */
		frame.octets[frame.octets[12] == 8 ? 35 : 55] ^= 4;
		break;
	default:
		break;
	}
	take(bench, frame.octets, frame.length, 1000);
}

static void faulty_way(const char *text)
{
	struct faults faults = { .random = 7 };
	struct measure_result result;
	struct measure_figures figures;
	struct bench bench;
	struct measure_totals totals;

	begin(&bench, text, true);
	for (uint64_t i = 0; i < FRAMES; i++) {
		release(&bench, &faults, i);
		bench.now += 10000;
		pass(&bench, &faults, i);
	}
	release(&bench, &faults, UINT64_MAX);
	assert_true(faults.dropped && faults.doubled && faults.late && faults.corrupted);
	results(&bench, &result);
	measure_figures_make(&bench.arena, &result, bench.sent, NULL, &figures);
	assert_true(figures.all.sent == FRAMES);
	assert_true(figures.all.lost == faults.dropped);
	assert_true(figures.all.counts.duplicates == faults.doubled);
	assert_true(figures.all.counts.reordered == faults.late);
	assert_true(figures.all.counts.corrupted == faults.corrupted);
	assert_true(figures.all.counts.received == FRAMES - faults.dropped + faults.doubled);
	assert_true(figures.all.counts.rewritten == 0 && figures.damaged == 0);
	assert_true(figures.all.latency.at[0] == 1000);
	assert_false(measure_is_clean(&figures, 1));
	measure_intake_totals(bench.intake, &totals);
	assert_true(totals.received == figures.all.counts.received);
	assert_true(totals.unique == figures.all.counts.unique);
	/* What was lost behind the last that came is not known to be due. */
	assert_true(totals.due - totals.unique <= faults.dropped);
	assert_true(totals.due - totals.unique + 20 >= faults.dropped);
	assert_true(totals.latency_ns == 1000);
	measure_result_fini(&result);
	end(&bench);
}

static void faults_are_counted_exactly(void **state)
{
	(void)state;
	faulty_way(one);
	faulty_way(several);
}

static void a_good_way_is_clean(void **state)
{
	struct measure_result result;
	struct measure_figures figures;
	struct bench bench;

	(void)state;
	begin(&bench, several, true);
	for (uint64_t i = 0; i < FRAMES; i++) {
		const struct patch_slot *slot = make(&bench, i);

		take(&bench, slot->octets, slot->length, 1000 + i % 100);
		bench.now += 10000;
	}
	results(&bench, &result);
	measure_figures_make(&bench.arena, &result, bench.sent, NULL, &figures);
	assert_true(measure_is_clean(&figures, 0));
	assert_true(figures.streams[0].sent == 15000 && figures.streams[1].sent == 5000);
	assert_true(figures.streams[1].counts.received == 5000);
	assert_in_range(figures.all.latency.at[1], 1049, 1060);
	assert_true(figures.all.latency.at[5] == 1099);
	measure_result_fini(&result);
	end(&bench);
}

/* ---- octets ---- */

static enum check_verdict verdict(struct bench *bench, const uint8_t *octets, uint32_t length)
{
	struct signature signature;

	if (!signature_find(octets, length, &signature))
		return CHECK_CORRUPTED;
	return measure_check_frame(bench->check, octets, length, &signature, signature.sequence);
}

static void any_bit_that_changes_is_seen(void **state)
{
	struct bench bench;
	uint8_t frame[512];
	uint32_t length;

	(void)state;
	begin(&bench, one, true);
	length = make(&bench, 33)->length;
	memcpy(frame, make(&bench, 33)->octets, length);
	assert_int_equal(verdict(&bench, frame, length), CHECK_SAME);
	/* From the EtherType on; what stands before it is the link's. */
	for (uint32_t bit = 12 * 8; bit < length * 8; bit++) {
		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(verdict(&bench, frame, length), CHECK_CORRUPTED);
		frame[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	end(&bench);
}

static void what_a_router_changes_is_no_corruption(void **state)
{
	struct bench bench;
	uint8_t frame[512], tagged[516];
	uint32_t length;

	(void)state;
	begin(&bench, one, true);
	length = make(&bench, 33)->length;
	memcpy(frame, make(&bench, 33)->octets, length);
	frame[0] = 0x06;
	frame[14 + 8]--;
	assert_int_equal(verdict(&bench, frame, length), CHECK_CORRUPTED); /* its checksum */
	bytes_put_be16(frame + 24, 0);
	bytes_put_be16(frame + 24, checksum_finish(checksum_add(0, frame + 14, 20)));
	assert_int_equal(verdict(&bench, frame, length), CHECK_REWRITTEN);
	/* A tag that a switch puts in. */
	memcpy(tagged, frame, 12);
	bytes_put_be32(tagged + 12, 0x81000005);
	memcpy(tagged + 16, frame + 12, length - 12);
	assert_int_equal(verdict(&bench, tagged, length + 4), CHECK_REWRITTEN);
	end(&bench);
}

/* RFC 1812 4.3.2.3: an error quotes as much of the datagram as fits, here all, signature and all.
 */
static void a_frame_that_is_quoted_did_not_arrive_as_it_was_sent(void **state)
{
	struct bench bench;
	uint8_t frame[512], error[512] = { 0 };
	uint32_t length;

	(void)state;
	begin(&bench, one, true);
	length = make(&bench, 33)->length;
	memcpy(frame, make(&bench, 33)->octets, length);
	memcpy(error, frame, 34);
	bytes_put_be16(error + 16, (uint16_t)(length - 14 + 28));
	error[23] = 1;
	bytes_put_be16(error + 24, 0);
	bytes_put_be16(error + 24, checksum_finish(checksum_add(0, error + 14, 20)));
	error[34] = error[35] = 3;
	memcpy(error + 42, frame + 14, length - 14);
	bytes_put_be16(error + 36, checksum_finish(checksum_add(0, error + 34, length - 14 + 8)));
	assert_int_equal(verdict(&bench, error, length + 28), CHECK_CORRUPTED);
	end(&bench);
}

static void without_the_senders_frames_checksums_tell(void **state)
{
	struct bench bench;
	uint8_t frame[512];
	uint32_t length;

	(void)state;
	begin(&bench, one, false);
	length = make(&bench, 33)->length;
	memcpy(frame, make(&bench, 33)->octets, length);
	assert_int_equal(verdict(&bench, frame, length), CHECK_SAME);
	frame[50] ^= 1;
	assert_int_equal(verdict(&bench, frame, length), CHECK_CORRUPTED);
	end(&bench);
}

static void what_is_not_ours_is_told_apart(void **state)
{
	static const uint8_t other[60];
	struct measure_result result;
	struct bench bench;
	uint8_t frame[512];
	uint32_t length;

	(void)state;
	begin(&bench, one, true);
	take(&bench, other, sizeof(other), 0);
	take(&bench, other, 0, 0);
	length = make(&bench, 0)->length;
	memcpy(frame, make(&bench, 0)->octets, length);
	bytes_put_be16(frame + length - 12, 1); /* a stream that there is not */
	take(&bench, frame, length, 0);
	bytes_put_be16(frame + length - 12, 0);
	bytes_put_be32(frame + length - 10, FRAMES); /* a sequence that was not sent */
	take(&bench, frame, length, 0);
	results(&bench, &result);
	assert_true(result.foreign == 2);
	assert_true(result.damaged == 2);
	assert_true(result.streams[0].received == 0);
	measure_result_fini(&result);
	end(&bench);
}

/* RFC 3550 6.4.1, and frames that say one time. */
static void jitter_and_batches_are_of_the_times(void **state)
{
	struct measure_result result;
	struct bench bench;
	double jitter = 0;

	(void)state;
	begin(&bench, one, true);
	for (uint64_t i = 0; i < 100; i++) {
		const struct patch_slot *slot = make(&bench, i);

		take(&bench, slot->octets, slot->length, i % 2 ? 3000 : 1000);
		if (i)
			jitter += (2000 - jitter) / 16;
		bench.now += i % 4 ? 10000 : 0;
	}
	results(&bench, &result);
	assert_true(result.streams[0].jitter_ns > jitter - 1 &&
		    result.streams[0].jitter_ns < jitter + 1);
	assert_true(result.streams[0].batched == 25);
	assert_true(result.details[0].gaps.count == 99);
	measure_result_fini(&result);
	end(&bench);
}

static void another_clock_is_shifted_and_told(void **state)
{
	struct measure_engine_config config = { .streams = 1, .sample = 1 };
	struct measure_figures figures;
	struct measure_result result;
	struct measure_intake *intake;
	struct bench bench;

	(void)state;
	begin(&bench, one, true);
	assert_int_equal(measure_intake_new(&intake, &config), 0);
	for (uint64_t i = 0; i < 100; i++) {
		const struct patch_slot *slot = make(&bench, i);

		/* An hour behind. */
		measure_intake_take(intake, slot->octets, slot->length,
			bench.now - 3600000000000ULL + 50000 + 100 * i);
		bench.now += 1000;
	}
	assert_int_equal(measure_result_init(&result, 1), 0);
	measure_intake_results(intake, &result);
	measure_figures_make(&bench.arena, &result, NULL, NULL, &figures);
	assert_true(figures.relative);
	assert_true(figures.all.latency.at[0] == 0);
	assert_in_range(figures.all.latency.at[5], 9900, 9900);
	measure_result_fini(&result);
	measure_intake_free(intake);
	end(&bench);
}

static void a_sample_is_of_sequences_whose_time_is_their_own(void **state)
{
	struct measure_engine_config config = { .streams = 1, .sample = 16, .same_clock = true };
	struct measure_result result;
	struct measure_intake *intake;
	struct bench bench;

	(void)state;
	begin(&bench, one, true);
	assert_int_equal(measure_intake_new(&intake, &config), 0);
	/* Frames 3, 19, ... are lost: what is sampled hangs on no count of arrivals. */
	for (uint64_t i = 0; i < 160; i++) {
		const struct patch_slot *slot = make(&bench, i);

		if (i % 16 != 3)
			measure_intake_take(intake, slot->octets, slot->length,
				bench.now + 100 + (i % 16 ? 999999 : 0));
		bench.now += 1000000;
	}
	assert_int_equal(measure_result_init(&result, 1), 0);
	measure_intake_results(intake, &result);
	assert_int_equal(result.details[0].latency.count, 10);
	assert_int_equal(result.details[0].latency.max, result.details[0].latency.min);
	assert_true(result.streams[0].jitter_ns < 1);
	assert_false(result.looks & MEASURE_BATCHES);
	measure_result_fini(&result);
	measure_intake_free(intake);
	end(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(faults_are_counted_exactly),
		cmocka_unit_test(a_good_way_is_clean),
		cmocka_unit_test(a_sample_is_of_sequences_whose_time_is_their_own),
		cmocka_unit_test(any_bit_that_changes_is_seen),
		cmocka_unit_test(what_a_router_changes_is_no_corruption),
		cmocka_unit_test(a_frame_that_is_quoted_did_not_arrive_as_it_was_sent),
		cmocka_unit_test(without_the_senders_frames_checksums_tell),
		cmocka_unit_test(what_is_not_ours_is_told_apart),
		cmocka_unit_test(jitter_and_batches_are_of_the_times),
		cmocka_unit_test(another_clock_is_shifted_and_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
