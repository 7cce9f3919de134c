/* measure/xdp_program.h: the program in the kernel finds what the engine in user space finds. */
#include "../../support/random.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/err.h"
#include "link/bpfsys.h"
#include "link/xdp_receive.h"
#include "measure/check.h"
#include "measure/intake.h"
#include "measure/xdp_program.h"
#include "wire/checksum.h"
#include "wire/signature.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../support/skip.h"

#define ROOM 2048U /* octets of a frame, and of what the kernel gives back */

struct kernel {
	struct xdp_plan plan;
	struct xdp_receive receive;
	struct buffer code;
};

/* What is set before. */
static void kernel_up(struct kernel *kernel, unsigned int streams, const uint64_t *sent)
{
	struct err err = { 0 };

	xdp_plan_init(&kernel->plan, streams);
	if (!kernel->plan.sample)
		kernel->plan.sample = 1;
	kernel->plan.clock = clock_wall_ahead();
	if (xdp_receive_open(&kernel->receive, xdp_plan_size(&kernel->plan), &err))
		fail_msg("%s", err.text);
	xdp_memory_init(&kernel->plan, kernel->receive.memory.octets, sent);
	xdp_program(&kernel->plan, &kernel->code);
	if (xdp_receive_load(&kernel->receive, &kernel->code, &err))
		fail_msg("%s", err.text);
}

static void kernel_down(struct kernel *kernel)
{
	xdp_receive_close(&kernel->receive);
	buffer_fini(&kernel->code);
}

/* Returns what the program says of the frame. */
static uint32_t kernel_take(struct kernel *kernel, const uint8_t *octets, uint32_t length)
{
	uint8_t left[ROOM];
	uint32_t room = sizeof(left), verdict;

	assert_int_equal(
		bpfsys_run_once(kernel->receive.program, octets, length, left, &room, &verdict), 0);
	assert_int_equal(room, length);
	assert_memory_equal(left, octets, length);
	return verdict;
}

static const volatile struct xdp_tally *tally(const struct kernel *kernel, unsigned int stream)
{
	return xdp_memory_tally(&kernel->plan, kernel->receive.memory.octets, stream);
}

/* ---- frames ---- */

static void put_signature(uint8_t *at, uint16_t stream, uint32_t sequence, uint64_t time)
{
	bytes_put_be32(at, SIGNATURE_MAGIC);
	bytes_put_be16(at + SIGNATURE_STREAM_AT, stream);
	bytes_put_be32(at + SIGNATURE_SEQUENCE_AT, sequence);
	bytes_put_bits(at, 8 * SIGNATURE_TIME_AT, SIGNATURE_TIME_BITS, time);
}

/* Of no layers that are known: so long, with so much behind the signature. */
static void plain_frame(
	uint8_t *octets, uint32_t length, uint32_t behind, uint16_t stream, uint32_t sequence)
{
	memset(octets, 0, length);
	bytes_put_be16(octets + 12, 0x88b5);
	put_signature(octets + length - behind - SIGNATURE_LENGTH, stream, sequence, clock_wall());
}

enum { V4_UDP, V4_TCP, V4_ICMP, V6_UDP, V6_ICMP, KINDS };

/* Of `tags` tags, a payload of so many octets, a signature: checksums right. Returns its length. */
static uint32_t whole_frame(
	uint8_t *octets, unsigned int kind, unsigned int tags, uint32_t payload, uint64_t *state)
{
	static const struct {
		uint8_t protocol, header, checksum;
	} rows[] = { { 17, 8, 6 }, { 6, 20, 16 }, { 1, 8, 2 }, { 17, 8, 6 }, { 58, 8, 2 } };
	bool v6 = kind >= V6_UDP;
	uint32_t at = 14, transport = rows[kind].header + payload + SIGNATURE_LENGTH;
	uint64_t sum = 0;
	uint8_t *ip, *l4;

	support_random_octets(state, octets, 12);
	for (unsigned int i = 0; i < tags; i++, at += 4) {
		bytes_put_be16(octets + at - 2, i ? 0x8100 : 0x88a8);
		bytes_put_be16(octets + at, 5);
	}
	bytes_put_be16(octets + at - 2, v6 ? 0x86dd : 0x0800);
	ip = octets + at;
	l4 = ip + (v6 ? 40 : 20);
	support_random_octets(state, ip, 40);
	support_random_octets(state, l4, transport);
	if (v6) {
		ip[0] = 0x60;
		bytes_put_be16(ip + 4, (uint16_t)transport);
		ip[6] = rows[kind].protocol;
	} else {
		ip[0] = 0x45;
		bytes_put_be16(ip + 2, (uint16_t)(20 + transport));
		bytes_put_be16(ip + 6, 0x4000);
		ip[9] = rows[kind].protocol;
		bytes_put_be16(ip + 10, 0);
		bytes_put_be16(ip + 10, checksum_finish(checksum_add(0, ip, 20)));
	}
	put_signature(l4 + transport - SIGNATURE_LENGTH, 0, 0, clock_wall());
	if (rows[kind].protocol == 17)
		bytes_put_be16(l4 + 4, (uint16_t)transport);
	bytes_put_be16(l4 + rows[kind].checksum, 0);
	if (rows[kind].protocol != 1)
		sum = checksum_pseudo(ip + (v6 ? 8 : 12), ip + (v6 ? 24 : 16), v6 ? 16 : 4,
			rows[kind].protocol, transport);
	bytes_put_be16(l4 + rows[kind].checksum, checksum_finish(checksum_add(sum, l4, transport)));
	return at + (v6 ? 40U : 20U) + transport;
}

/* ---- the sequence ---- */

static void same_stream(const struct measure_stream *a, const struct measure_stream *b)
{
	assert_int_equal(a->received, b->received);
	assert_int_equal(a->octets, b->octets);
	assert_int_equal(a->unique, b->unique);
	assert_int_equal(a->duplicates, b->duplicates);
	assert_int_equal(a->reordered, b->reordered);
	assert_int_equal(a->extent_max, b->extent_max);
	assert_int_equal(a->stale, b->stale);
	assert_int_equal(a->highest, b->highest);
}

static void same_results(struct kernel *kernel, const struct measure_intake *intake)
{
	unsigned int streams = kernel->plan.streams;
	struct measure_result by_kernel, by_intake;

	assert_int_equal(measure_result_init(&by_kernel, streams), 0);
	assert_int_equal(measure_result_init(&by_intake, streams), 0);
	xdp_memory_read(&kernel->plan, kernel->receive.memory.octets, &by_kernel);
	measure_intake_results(intake, &by_intake);
	assert_int_equal(by_kernel.damaged, by_intake.damaged);
	assert_int_equal(by_kernel.foreign, by_intake.foreign);
	for (unsigned int i = 0; i < streams; i++)
		same_stream(&by_kernel.streams[i], &by_intake.streams[i]);
	for (unsigned int i = 0; i < by_kernel.detail_count; i++) {
		const struct histogram *a = &by_kernel.details[i].extents;
		const struct histogram *b = &by_intake.details[i].extents;

		assert_int_equal(a->count, b->count);
		assert_int_equal(a->min, b->min);
		assert_int_equal(a->max, b->max);
		assert_true(a->sum == b->sum);
		assert_memory_equal(a->cells, b->cells, sizeof(a->cells));
		assert_int_equal(by_kernel.details[i].gaps.count, by_intake.details[i].gaps.count);
		assert_int_equal(
			by_kernel.details[i].latency.count, by_intake.details[i].latency.count);
	}
	measure_result_fini(&by_kernel);
	measure_result_fini(&by_intake);
}

/* A path that loses, copies, and lets overtake: the next frame of a stream comes from its delay
 * line, in which it may wait. */
struct path {
	uint64_t state;
	uint32_t next[70], waiting[70][8];
};

static uint32_t path_next(struct path *path, unsigned int stream)
{
	uint32_t *waiting = path->waiting[stream];
	uint64_t slot = support_random_below(&path->state, 8);
	uint32_t sequence = waiting[slot];

	if (support_random_below(&path->state, 8) && path->next[stream] > 1000) {
		/* A copy, or one that was lost so far. */
		if (!support_random_below(&path->state, 3))
			return path->next[stream] - 1 -
			       (uint32_t)support_random_below(&path->state, 900);
		waiting[slot] = path->next[stream]++;
		return sequence;
	}
	path->next[stream] += support_random_below(&path->state, 50)
				      ? 1
				      : 1 + (uint32_t)support_random_below(&path->state, 100);
	return path->next[stream] - 1;
}

static void follow(unsigned int streams, bool shared, uint64_t seed, unsigned int frames)
{
	struct kernel kernel = { .plan = { .shared = shared, .same_clock = true } };
	const struct measure_engine_config config = { .streams = streams, .same_clock = true };
	struct path path = { .state = seed };
	struct measure_intake *intake;
	uint8_t octets[ROOM];

	kernel_up(&kernel, streams, NULL);
	assert_int_equal(measure_intake_new(&intake, &config), 0);
	for (unsigned int i = 0; i < frames; i++) {
		unsigned int stream = (unsigned int)support_random_below(&path.state, streams);
		uint32_t length = 60 + (uint32_t)support_random_below(&path.state, 100);

		plain_frame(octets, length, 0, (uint16_t)stream, path_next(&path, stream));
		assert_int_equal(kernel_take(&kernel, octets, length), XDP_DROP);
		measure_intake_take(intake, octets, length, clock_wall());
	}
	same_results(&kernel, intake);
	assert_true(tally(&kernel, 0)->reordered > 0);
	assert_true(tally(&kernel, 0)->duplicates > 0);
	measure_intake_free(intake);
	kernel_down(&kernel);
}

static void it_finds_what_user_space_finds(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		follow(1, i, 1 + i, 20000);
		follow(3, i, 3 + i, 20000);
		follow(70, i, 5 + i, 40000);
	}
}

/* One frame of stream 0, with this sequence. */
static void take(struct kernel *kernel, uint32_t sequence)
{
	uint8_t octets[64];

	plain_frame(octets, sizeof(octets), 0, 0, sequence);
	assert_int_equal(kernel_take(kernel, octets, sizeof(octets)), XDP_DROP);
}

static void the_extent_is_that_of_rfc_4737(void **state)
{
	/* By hand: 3 was overtaken by 5, 3 frames before; 1 by 2, 5 before. */
	static const uint32_t sequences[] = { 0, 2, 5, 4, 6, 3, 1, 7 };

	(void)state;
	for (unsigned int shared = 0; shared < 2; shared++) {
		struct kernel kernel = { .plan = { .shared = shared } };

		kernel_up(&kernel, 1, NULL);
		for (unsigned int i = 0; i < sizeof(sequences) / sizeof(*sequences); i++)
			take(&kernel, sequences[i]);
		assert_int_equal(tally(&kernel, 0)->unique, 8);
		assert_int_equal(tally(&kernel, 0)->reordered, 3);
		assert_int_equal(tally(&kernel, 0)->extent_max, 5);
		kernel_down(&kernel);
	}
}

static void a_sequence_goes_on_beyond_32_bits(void **state)
{
	struct kernel kernel = { 0 };
	struct measure_result result;

	(void)state;
	kernel_up(&kernel, 1, NULL);
	/* Near the end, by leaps that two frames agree on. */
	for (uint32_t at = 1U << 30; at; at += 1U << 30) {
		take(&kernel, at - 2);
		take(&kernel, at - 1);
	}
	take(&kernel, 0xfffffffe);
	take(&kernel, 0xffffffff);
	take(&kernel, 1);
	take(&kernel, 0);
	take(&kernel, 0xffffffff);
	assert_int_equal(measure_result_init(&result, 1), 0);
	xdp_memory_read(&kernel.plan, kernel.receive.memory.octets, &result);
	assert_int_equal(result.streams[0].highest, 0x100000001);
	assert_int_equal(result.streams[0].unique, 10);
	assert_int_equal(result.streams[0].reordered, 1);
	assert_int_equal(result.streams[0].duplicates, 1);
	assert_int_equal(result.damaged, 0);
	measure_result_fini(&result);
	kernel_down(&kernel);
}

/* ---- what may not be ---- */

static void a_wild_sequence_costs_a_count(void **state)
{
	(void)state;
	for (unsigned int shared = 0; shared < 2; shared++) {
		struct kernel kernel = { .plan = { .shared = shared } };
		const volatile struct xdp_head *head;
		uint64_t sent = 3000000;

		kernel_up(&kernel, 1, &sent);
		head = xdp_memory_head(kernel.receive.memory.octets);
		for (uint32_t i = 0; i < 100; i++) {
			take(&kernel, i);
			take(&kernel, 2000000 - 100000 * (i % 10)); /* far, and each elsewhere */
			take(&kernel, 3000000 + i);		    /* was not sent */
			take(&kernel, 0x80000000 + i);		    /* before the first */
		}
		assert_int_equal(tally(&kernel, 0)->unique, 100);
		assert_int_equal(tally(&kernel, 0)->duplicates, 0);
		assert_int_equal(tally(&kernel, 0)->reordered, 0);
		assert_int_equal(head->damaged, 300);
		/* Two that agree are a gap, and the first of them was none of the damaged. */
		take(&kernel, 2500000);
		take(&kernel, 2500003);
		assert_int_equal(head->damaged, 300);
		assert_int_equal(tally(&kernel, 0)->unique, 102);
		/* Its place is taken. */
		take(&kernel, 2500000);
		assert_int_equal(tally(&kernel, 0)->duplicates, 1);
		/* What is too far behind now is neither new nor a copy. */
		take(&kernel, 100);
		assert_int_equal(tally(&kernel, 0)->stale, 1);
		take(&kernel, 2500004 - kernel.plan.window);
		assert_int_equal(tally(&kernel, 0)->stale, 1);
		assert_int_equal(tally(&kernel, 0)->reordered, 1);
		kernel_down(&kernel);
	}
}

static void a_stream_that_there_is_not_costs_a_count(void **state)
{
	struct kernel kernel = { 0 };
	uint8_t octets[64];

	(void)state;
	kernel_up(&kernel, 2, NULL);
	for (uint32_t stream = 2; stream < 65536; stream = stream * 3 + 1) {
		plain_frame(octets, sizeof(octets), 0, (uint16_t)stream, 0);
		assert_int_equal(kernel_take(&kernel, octets, sizeof(octets)), XDP_DROP);
	}
	assert_int_equal(xdp_memory_head(kernel.receive.memory.octets)->damaged, 10);
	assert_int_equal(tally(&kernel, 0)->unique, 0);
	assert_int_equal(tally(&kernel, 1)->unique, 0);
	kernel_down(&kernel);
}

/* Octets at random, most with a signature somewhere near the end, of which most can be none. */
static uint32_t hostile_frame(uint64_t *random, uint8_t *octets)
{
	uint32_t length = 14 + (uint32_t)support_random_below(random, 200);
	uint32_t behind = (uint32_t)support_random_below(random, 80);
	uint32_t sequence = (uint32_t)support_random(random);

	support_random_octets(random, octets, length);
	if (support_random_below(random, 2))
		sequence %= 1000;
	if (length >= 14 + SIGNATURE_LENGTH + behind && support_random_below(random, 8))
		put_signature(octets + length - behind - SIGNATURE_LENGTH,
			(uint16_t)support_random_below(random, 5), sequence,
			support_random(random));
	return length;
}

static void any_octets_come_to_what_user_space_counts(void **state)
{
	const uint64_t sent[] = { 1000, 900, 10 };

	(void)state;
	for (unsigned int shared = 0; shared < 2; shared++) {
		struct kernel kernel = { .plan = { .shared = shared, .verify = true } };
		const struct measure_engine_config config = { .streams = 3, .sent = sent };
		struct measure_intake *intake;
		uint64_t random = 23 + shared;
		uint8_t octets[ROOM];

		kernel_up(&kernel, 3, sent);
		assert_int_equal(measure_intake_new(&intake, &config), 0);
		for (unsigned int i = 0; i < 20000; i++) {
			uint32_t length = hostile_frame(&random, octets);

			kernel_take(&kernel, octets, length);
			measure_intake_take(intake, octets, length, clock_wall());
		}
		same_results(&kernel, intake);
		assert_true(xdp_memory_head(kernel.receive.memory.octets)->damaged > 1000);
		assert_true(xdp_memory_head(kernel.receive.memory.octets)->foreign > 1000);
		assert_true(tally(&kernel, 0)->unique > 100);
		measure_intake_free(intake);
		kernel_down(&kernel);
	}
}

static void what_is_not_ours_goes_on(void **state)
{
	struct kernel kernel = { .plan = { .verify = true } };
	uint64_t random = 7, foreign = 0;
	uint8_t octets[ROOM];

	(void)state;
	kernel_up(&kernel, 1, NULL);
	for (uint32_t length = 14; length < 1500; length += 1 + length / 20) {
		support_random_octets(&random, octets, length);
		assert_int_equal(kernel_take(&kernel, octets, length), XDP_PASS);
		foreign++;
		/* A signature that is cut off. */
		for (uint32_t left = 1; left < SIGNATURE_LENGTH && left < length; left += 5) {
			put_signature(octets + length - left, 0, 0, 0);
			assert_int_equal(kernel_take(&kernel, octets, length), XDP_PASS);
			foreign++;
		}
	}
	assert_int_equal(xdp_memory_head(kernel.receive.memory.octets)->foreign, foreign);
	assert_int_equal(xdp_memory_head(kernel.receive.memory.octets)->damaged, 0);
	assert_int_equal(tally(&kernel, 0)->unique, 0);
	kernel_down(&kernel);
}

static void padding_and_an_fcs_may_stand_behind(void **state)
{
	struct kernel kernel = { 0 };
	uint32_t sequence = 0;
	uint8_t octets[ROOM];

	(void)state;
	kernel_up(&kernel, 1, NULL);
	for (uint32_t behind = 0; behind <= SIGNATURE_BEHIND_MAX; behind++)
		for (uint32_t before = 14; before < 200; before += 31) {
			uint32_t length = before + SIGNATURE_LENGTH + behind;

			plain_frame(octets, length, behind, 0, sequence++);
			assert_int_equal(kernel_take(&kernel, octets, length), XDP_DROP);
		}
	assert_int_equal(tally(&kernel, 0)->unique, sequence);
	plain_frame(octets, 200, SIGNATURE_BEHIND_MAX + 1, 0, sequence);
	assert_int_equal(kernel_take(&kernel, octets, 200), XDP_PASS);
	kernel_down(&kernel);
}

/* ---- octets that changed ---- */

static uint64_t corrupted(const struct kernel *kernel)
{
	return tally(kernel, 0)->corrupted +
	       xdp_memory_head(kernel->receive.memory.octets)->damaged +
	       xdp_memory_head(kernel->receive.memory.octets)->foreign;
}

/* Each bit of the payload and what is behind it, one after another. */
static void flip_payload(struct kernel *kernel, uint8_t *octets, uint32_t from, uint32_t length)
{
	for (uint32_t bit = 8 * from; bit<8 * length; bit += length> 200 ? 61 : 1) {
		uint64_t before = corrupted(kernel);

		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
		kernel_take(kernel, octets, length);
		octets[bit / 8] ^= (uint8_t)(1U << bit % 8);
		if (corrupted(kernel) != before + 1)
			fail_msg("bit %u of %u octets: not found", bit, length);
	}
}

/* A frame, whole, then with each of its bits changed. foreseen: see xdp_plan.transport. */
static void check_frame(
	unsigned int kind, unsigned int tags, uint32_t payload, int foreseen, uint64_t *random)
{
	struct kernel kernel = { .plan = { .verify = true } };
	uint8_t octets[ROOM];
	uint32_t length = whole_frame(octets, kind, tags, payload, random);

	if (foreseen >= 0)
		kernel.plan.transport = xdp_transport_length(octets, length) + (uint32_t)foreseen;
	kernel_up(&kernel, 1, NULL);
	kernel_take(&kernel, octets, length);
	assert_int_equal(corrupted(&kernel), 0);
	assert_int_equal(tally(&kernel, 0)->unchecked, 0);
	flip_payload(&kernel, octets, length - SIGNATURE_LENGTH - payload, length);
	/* Its addresses: of Ethernet they are nobody's but a switch's. */
	if (kind != V4_ICMP)
		flip_payload(&kernel, octets, 14 + 4 * tags + (kind < V6_UDP ? 12 : 8),
			14 + 4 * tags + 20);
	kernel_down(&kernel);
}

static const uint32_t payloads[] = { 0, 1, 2, 3, 18, 33, 64, 301, 1400 };

static void a_frame_with_a_checksum_is_checked(void **state)
{
	uint64_t random = 11;

	(void)state;
	for (unsigned int kind = 0; kind < KINDS; kind++)
		for (unsigned int i = 0; i < sizeof(payloads) / sizeof(*payloads); i++)
			check_frame(kind, i % 3, payloads[i], -1, &random);
}

static void a_frame_as_long_as_foreseen_is_checked_or_any_other(void **state)
{
	uint64_t random = 12;

	(void)state;
	for (unsigned int kind = 0; kind < KINDS; kind++)
		for (unsigned int i = 0; i < sizeof(payloads) / sizeof(*payloads); i++)
			check_frame(kind, (i + kind) % 3, payloads[i], i % 3 == 1, &random);
}

static void how_long_a_transport_layer_is_stands_in_the_network_layer(void **state)
{
	uint64_t random = 19;
	uint8_t octets[ROOM];

	(void)state;
	for (unsigned int kind = 0; kind < KINDS; kind++)
		for (unsigned int tags = 0; tags < 3; tags++) {
			uint32_t length = whole_frame(octets, kind, tags, 18, &random);
			uint32_t headers = 14 + 4 * tags + (kind < V6_UDP ? 20 : 40);

			assert_int_equal(
				xdp_transport_length(octets, length + 20), length - headers);
			for (uint32_t cut = 0; cut < 14; cut++)
				assert_int_equal(xdp_transport_length(octets, cut), 0);
		}
	plain_frame(octets, 60, 0, 0, 0);
	assert_int_equal(xdp_transport_length(octets, 60), 0);
}

/* 5555, 3333 and their like divide ffff: what a sum of sums may not forgive. */
static void a_word_of_the_header_that_changed_is_found(void **state)
{
	struct kernel kernel = { .plan = { .verify = true } };
	uint64_t random = 17, found = 0;
	uint8_t octets[ROOM];
	uint32_t length;

	(void)state;
	kernel_up(&kernel, 1, NULL);
	length = whole_frame(octets, V4_UDP, 0, 20, &random);
	/* Both addresses, which are in both sums. */
	for (uint32_t at = 14 + 12; at < 14 + 20; at += 2)
		for (unsigned int divisor = 3; divisor < 0xffff; divisor += 2) {
			uint16_t before = bytes_get_be16(octets + at);

			if (0xffff % divisor)
				continue;
			bytes_put_be16(octets + at, (uint16_t)(before + 0xffff / divisor));
			kernel_take(&kernel, octets, length);
			bytes_put_be16(octets + at, before);
			assert_int_equal(tally(&kernel, 0)->corrupted, ++found);
		}
	assert_true(found > 40);
	kernel_down(&kernel);
}

static void a_frame_without_a_checksum_is_taken_as_it_is(void **state)
{
	struct kernel kernel = { .plan = { .verify = true } };
	uint64_t random = 13;
	uint8_t octets[ROOM];
	uint32_t length;

	(void)state;
	kernel_up(&kernel, 1, NULL);
	take(&kernel, 0);
	length = whole_frame(octets, V4_UDP, 0, 20, &random);
	octets[14 + 20 + 20] ^= 1;
	bytes_put_be16(octets + 14 + 20 + 6, 0);
	kernel_take(&kernel, octets, length);
	assert_int_equal(corrupted(&kernel), 0);
	/* And that is said. */
	assert_int_equal(tally(&kernel, 0)->unchecked, 2);
	kernel_down(&kernel);
}

/* ---- times ---- */

static void read_result(struct kernel *kernel, struct measure_result *ret)
{
	assert_int_equal(measure_result_init(ret, kernel->plan.streams), 0);
	xdp_memory_read(&kernel->plan, kernel->receive.memory.octets, ret);
}

/* Frames that were made so long ago. */
static void take_old(struct kernel *kernel, unsigned int count, int64_t age)
{
	uint8_t octets[64];

	for (unsigned int i = 0; i < count; i++) {
		plain_frame(octets, sizeof(octets), 0, 0, i);
		put_signature(octets + 48, 0, i, clock_wall() - (uint64_t)age);
		assert_int_equal(kernel_take(kernel, octets, sizeof(octets)), XDP_DROP);
	}
}

static void a_latency_falls_in_the_cell_of_a_histogram(void **state)
{
	static const int64_t ages[] = { 10000000, 123456789, 1000000000, 77000000000,
		100000000000000 };
	const int64_t late = 5000000; /* that a run of the program may be */

	(void)state;
	for (unsigned int i = 0; i < sizeof(ages) / sizeof(*ages); i++) {
		struct kernel kernel = { .plan = { .same_clock = true } };
		struct measure_result result;
		struct histogram *latency, expected = { 0 };
		uint64_t median;

		kernel_up(&kernel, 1, NULL);
		take_old(&kernel, 101, ages[i]);
		read_result(&kernel, &result);
		latency = &result.details[0].latency;
		assert_int_equal(latency->count, 101);
		assert_int_equal(result.details[0].gaps.count, 100);
		assert_in_range(latency->min, ages[i] - 100000, ages[i] + late);
		median = histogram_quantile(latency, 0.5);
		assert_true(median >= latency->min && median <= latency->max);
		/* The same numbers in user space make the same cells. */
		histogram_add(&expected, latency->min, 1);
		for (unsigned int j = 0; j < HISTOGRAM_CELLS; j++)
			if (expected.cells[j])
				assert_true(latency->cells[j] > 0);
		assert_true(histogram_mean(latency) >= (double)latency->min);
		assert_true(histogram_mean(latency) <= (double)latency->max);
		assert_true(result.streams[0].first_ns < result.streams[0].last_ns);
		measure_result_fini(&result);
		kernel_down(&kernel);
	}
}

static void clocks_that_disagree_are_told(void **state)
{
	struct kernel kernel = { 0 };
	struct measure_result result;

	(void)state;
	kernel_up(&kernel, 1, NULL);
	take_old(&kernel, 10, -5000000000); /* the sender's is 5 s ahead */
	read_result(&kernel, &result);
	assert_in_range(result.shift_ns, 5000000000, 5002000000);
	assert_int_equal(result.details[0].latency.count, 10);
	assert_true(result.details[0].latency.max < 1000000000);
	measure_result_fini(&result);
	kernel_down(&kernel);
}

static void one_in_so_many_is_sampled_by_its_sequence(void **state)
{
	static const unsigned int samples[] = { 2, 10, 16 };

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		struct kernel kernel = { .plan = { .sample = samples[i], .same_clock = true } };
		struct measure_result result;

		kernel_up(&kernel, 1, NULL);
		take_old(&kernel, 160, 1000000000);
		read_result(&kernel, &result);
		assert_int_equal(result.sample, samples[i]);
		assert_int_equal(result.streams[0].unique, 160);
		assert_int_equal(result.details[0].latency.count, 160 / samples[i]);
		/* From a sample to the frame after it. */
		assert_int_equal(result.details[0].gaps.count, 160 / samples[i]);
		measure_result_fini(&result);
		kernel_down(&kernel);
	}
}

/* ---- size ---- */

static void many_streams_have_smaller_windows(void **state)
{
	static const unsigned int counts[] = { 1, 64, 1000, 65536 };
	unsigned int window = XDP_WINDOW_MAX;

	(void)state;
	for (unsigned int i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct kernel kernel = { 0 };
		uint8_t octets[64];

		kernel_up(&kernel, counts[i], NULL);
		assert_true(kernel.plan.window <= window && kernel.plan.window >= 64);
		assert_true(xdp_plan_size(&kernel.plan) < 128U << 20);
		window = kernel.plan.window;
		plain_frame(octets, sizeof(octets), 0, (uint16_t)(counts[i] - 1), 0);
		assert_int_equal(kernel_take(&kernel, octets, sizeof(octets)), XDP_DROP);
		assert_int_equal(tally(&kernel, counts[i] - 1)->unique, 1);
		assert_int_equal(
			xdp_memory_streams(&kernel.plan, kernel.receive.memory.octets), counts[i]);
		kernel_down(&kernel);
	}
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(it_finds_what_user_space_finds),
		cmocka_unit_test(the_extent_is_that_of_rfc_4737),
		cmocka_unit_test(a_sequence_goes_on_beyond_32_bits),
		cmocka_unit_test(a_wild_sequence_costs_a_count),
		cmocka_unit_test(a_stream_that_there_is_not_costs_a_count),
		cmocka_unit_test(any_octets_come_to_what_user_space_counts),
		cmocka_unit_test(what_is_not_ours_goes_on),
		cmocka_unit_test(padding_and_an_fcs_may_stand_behind),
		cmocka_unit_test(a_frame_with_a_checksum_is_checked),
		cmocka_unit_test(a_frame_as_long_as_foreseen_is_checked_or_any_other),
		cmocka_unit_test(how_long_a_transport_layer_is_stands_in_the_network_layer),
		cmocka_unit_test(a_word_of_the_header_that_changed_is_found),
		cmocka_unit_test(a_frame_without_a_checksum_is_taken_as_it_is),
		cmocka_unit_test(a_latency_falls_in_the_cell_of_a_histogram),
		cmocka_unit_test(clocks_that_disagree_are_told),
		cmocka_unit_test(one_in_so_many_is_sampled_by_its_sequence),
		cmocka_unit_test(many_streams_have_smaller_windows),
	};
	struct bpfsys_memory memory;
	struct err err;

	if (bpfsys_memory_init(&memory, 8, &err)) {
		fprintf(stderr, "skipped: %s\n", err.text);
		support_skip_all(tests, sizeof(tests) / sizeof(*tests));
	} else {
		bpfsys_memory_fini(&memory);
	}
	return cmocka_run_group_tests_name("measure/xdp_program", tests, NULL, NULL);
}
