/* patch/ebpf.h: what the kernel runs makes the frames that the runner makes. */
#include "../../support/random.h"
#include "../../support/random_frame.h"
#include "../../support/random_vary.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/random.h"
#include "frame/compile.h"
#include "link/bpfsys.h"
#include "patch/ebpf.h"
#include "patch/ebpf_code.h"
#include "patch/runner.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../support/skip.h"

/* Of an ordinary run; EBPF_COUNT says otherwise, for the whole a hundred thousand. */
#define PROGRAMS_DEFAULT 2000
#define RUNS		 6 /* places in the run that a program begins at, */
#define FRAMES		 6 /* and frames in a row at each */

struct trial {
	struct arena arena;
	uint64_t seed, state;
	struct patch_program program;
	struct patch_ebpf ebpf;
	struct bpfsys_memory memory;
	struct patch_runner runner;
	int fd;
	uint64_t octets;  /* of the frames made since the last seek */
	uint64_t begun;	  /* when, by the wall's clock */
	bool shares_time; /* some frames have the time of one before */
	uint8_t *page;	  /* what a run is given, at the length that pages have */
};

static uint64_t below(struct trial *trial, uint64_t bound)
{
	return support_random_below(&trial->state, bound);
}

static void hold(const struct trial *trial, bool holds, const char *what)
{
	struct buffer text = { 0 };

	if (holds)
		return;
	patch_program_describe(&trial->program, &text);
	fputs(buffer_text(&text), stderr);
	buffer_fini(&text);
	fail_msg("%s; again with EBPF_SEED=%" PRIu64 " EBPF_COUNT=1", what, trial->seed);
}

/* ---- one program ---- */

/* What the clock said when the frame at index was made: it is a number of no place in the run. 0:
 * the frame does not hold it. */
static uint64_t clock_of(const struct trial *trial, uint64_t index)
{
	uint64_t turn;
	const struct patch_frame *frame = patch_program_turn(&trial->program, index, &turn);
	const uint8_t *numbers = (const uint8_t *)trial->memory.octets +
				 trial->ebpf.states[frame - trial->program.frames];

	for (unsigned int i = 0; frame->varying && i < frame->varying->generator_count; i++) {
		struct ebpf_number number;

		memcpy(&number, numbers + i * sizeof(number), sizeof(number));
		if (frame->varying->generators[i].source == PATCH_CLOCK)
			return number.value;
	}
	return 0;
}

/* A clock was read while the frame was made, or before, where frames share a time. */
static void check_clock(const struct trial *trial, uint64_t time, uint64_t begun)
{
	const uint64_t inexact = 100000; /* between the two clocks of the system */

	if (!time)
		return;
	hold(trial, time >= trial->begun - inexact, "it is not before the program's own time");
	hold(trial, time <= clock_wall() + inexact, "nor to come");
	hold(trial, trial->shares_time || time >= begun - inexact, "nor of the frame before");
}

static void compare(struct trial *trial, uint64_t index)
{
	uint8_t octets[4096];
	uint32_t length = sizeof(octets), verdict;
	const struct patch_slot *slot = trial->runner.slots;
	uint64_t begun = clock_wall(), time;

	assert_return_code(bpfsys_run_once(trial->fd, trial->page, trial->ebpf.length, octets,
				   &length, &verdict),
		errno);
	hold(trial, verdict == XDP_PASS, "it runs to its end");
	time = clock_of(trial, index);
	check_clock(trial, time, begun);
	patch_runner_make_again(&trial->runner, index, time, trial->runner.slots);
	if (length != slot->length || memcmp(octets, slot->octets, length)) {
		for (uint32_t i = 0; i < length && i < slot->length; i++)
			if (octets[i] != slot->octets[i])
				print_message("octet %u: %02x, by the runner %02x\n", i, octets[i],
					slot->octets[i]);
		print_message("index %" PRIu64 ", %u octets, by the runner %u\n", index, length,
			slot->length);
		hold(trial, false, "the frame is the runner's");
	}
	/* Pages are used again, and whoever had them may have written to them. */
	support_random_octets(&trial->state, trial->page, trial->ebpf.length);
	trial->octets += length;
}

static uint64_t any_index(struct trial *trial)
{
	switch (below(trial, 4)) {
	case 0:
		return support_random(&trial->state);
	case 1:
		return below(trial, 100000);
	default:
		return below(trial, 100);
	}
}

static void run_program(struct trial *trial)
{
	struct err err = { 0 };

	hold(trial, !bpfsys_memory_init(&trial->memory, trial->ebpf.memory.length, &err), err.text);
	memcpy(trial->memory.octets, trial->ebpf.memory.data, trial->ebpf.memory.length);
	patch_ebpf_bind(&trial->ebpf, trial->memory.map, -1);
	hold(trial, !bpfsys_load(&trial->ebpf, &trial->fd, &err), err.text);
	assert_return_code(patch_runner_init(&trial->runner, &trial->program, 1), 0);
	trial->page = arena_copy(&trial->arena, trial->ebpf.octets, trial->ebpf.length);
	for (unsigned int i = 0; i < RUNS; i++) {
		uint64_t index = any_index(trial);

		trial->begun = clock_wall();
		patch_ebpf_seek(&trial->ebpf, trial->memory.octets, index, clock_wall_ahead());
		trial->octets = 0;
		for (unsigned int j = 0; j < FRAMES; j++)
			compare(trial, index + j);
		hold(trial, patch_ebpf_made(trial->memory.octets) == FRAMES, "it counts frames");
		hold(trial, patch_ebpf_octets(&trial->ebpf, trial->memory.octets) == trial->octets,
			"and octets");
	}
	patch_runner_fini(&trial->runner);
	close(trial->fd);
	bpfsys_memory_fini(&trial->memory);
}

/* ---- programs of random frames ---- */

static void vary_size(struct trial *trial, struct frame_spec *spec)
{
	uint64_t low = below(trial, 600);

	if (below(trial, 8))
		return;
	spec->size.mode = below(trial, 2) ? SPEC_SIZE_FRAME : SPEC_SIZE_PAYLOAD;
	spec->size.vary = (struct spec_vary){
		.kind = below(trial, 2) ? VARY_RANDOM : VARY_INC,
		.step = 1 + below(trial, 5),
	};
	spec->size.vary.first.number = low;
	spec->size.vary.last.number = low + below(trial, 40);
}

/* false where the frames cannot vary so. */
static bool of_random_frames(struct trial *trial)
{
	static const enum fcs_way ways[] = { FCS_NIC, FCS_NIC, FCS_REPLACE, FCS_APPEND };
	unsigned int count = below(trial, 3) ? 1 : 1 + (unsigned int)below(trial, 4);
	struct frame_spec *specs = arena_alloc(&trial->arena, count * sizeof(*specs));
	enum fcs_way *chosen = arena_alloc(&trial->arena, count * sizeof(*chosen));
	struct frame_compiled compiled;

	for (unsigned int i = 0; i < count; i++) {
		support_random_frame(&trial->arena, &trial->state,
			below(trial, 4) ? SUPPORT_FRAME_CONSISTENT : SUPPORT_FRAME_WILD, &specs[i]);
		if (below(trial, 8))
			support_random_vary(&trial->arena, &trial->state, 5, &specs[i]);
		vary_size(trial, &specs[i]);
		specs[i].weight = 1 + (unsigned int)below(trial, 3);
		chosen[i] = ways[below(trial, 4)];
	}
	if (frame_compile(&trial->arena, specs, count, chosen, support_random(&trial->state),
		    &compiled, NULL))
		return false;
	trial->program = compiled.program;
	return trial->program.length_max <= 3000;
}

/* ---- programs that no template makes: every width, at every bit ---- */

static void random_generator(struct trial *trial, struct patch_generator *g)
{
	static const enum patch_source sources[] = { PATCH_COUNT, PATCH_RANDOM, PATCH_SHUFFLE,
		PATCH_TABLE };
	uint64_t *table = arena_alloc(&trial->arena, 8 * sizeof(*table));

	*g = (struct patch_generator){ .name = "value",
		.source = sources[below(trial, 4)],
		.width = 64,
		.first = support_random(&trial->state) >> below(trial, 64),
		.step = below(trial, 2) ? 1 : support_random(&trial->state) >> below(trial, 64),
		.count = support_random(&trial->state) >> below(trial, 64),
		.divisor = below(trial, 3) ? 1 : 1 + below(trial, below(trial, 4) ? 4 : 1ULL << 40),
		.key = support_random(&trial->state),
		.table = table };
	for (unsigned int i = 0; i < 8; i++)
		table[i] = support_random(&trial->state) >> below(trial, 64);
	if (below(trial, 2))
		g->count = 1 + below(trial, 20);
	if (g->source == PATCH_TABLE)
		g->count = 1 + below(trial, 8);
	g->root = random_root(g->count);
}

static void random_clock(struct trial *trial, struct patch_generator *g)
{
	*g = (struct patch_generator){ .name = "time",
		.source = PATCH_CLOCK,
		.width = 64,
		.divisor = below(trial, 2) ? 1 : 1 + below(trial, 4) };
	trial->shares_time |= g->divisor > 1;
}

/*
 * An image's octets: room for sums, those that cover others before them; then for writes; then for
 * an FCS. Apart, as they are in any frame: what two of them wrote would hang on which was there
 * before.
 */
#define SUMS_MAX  4U
#define SUM_ROOM  4U
#define WRITES_AT (SUMS_MAX * SUM_ROOM)
#define WRITE_MAX 64U /* bits */

struct random_image {
	struct trial *trial;
	struct patch_touch *touches;
	unsigned int touch_count;
	unsigned int sum_count;
};

/* Sums from `first` on. */
static struct patch_touches random_touches(struct random_image *random, unsigned int first)
{
	struct patch_touches touches = { .first = random->touch_count };

	for (unsigned int i = first; i < random->sum_count; i++) {
		if (below(random->trial, 2))
			continue;
		random->touches[random->touch_count++] =
			(struct patch_touch){ (uint16_t)i, (uint16_t)below(random->trial, 16) };
		touches.count++;
	}
	return touches;
}

static void random_sum(
	struct random_image *random, unsigned int index, uint32_t length, struct patch_sum *ret)
{
	struct trial *trial = random->trial;

	*ret = (struct patch_sum){ .kind = (enum patch_sum_kind)below(trial, 4),
		.offset = SUM_ROOM * (SUMS_MAX - 1 - index),
		.base = (uint16_t)(below(trial, 4) ? support_random(&trial->state)
						   : below(trial, 2) * 0xffff),
		.bad = !below(trial, 4),
		.name = "sum" };
	ret->start = ret->offset;
	ret->end = WRITES_AT + (uint32_t)below(trial, length - WRITES_AT - 3);
	ret->has_pseudo = ret->bad && index && ret->kind != PATCH_SUM_CRC32C &&
			  ret[-1].kind == PATCH_SUM_PSEUDO;
	ret->touches = random_touches(random, index + 1);
}

static void random_image(struct trial *trial, unsigned int generators, struct patch_image *ret)
{
	uint32_t room = WRITE_MAX + (uint32_t)below(trial, 800); /* bits, for writes */
	uint32_t length = WRITES_AT + room / 8 + 4;
	unsigned int write_count = (unsigned int)below(trial, 6);
	unsigned int sum_count = (unsigned int)below(trial, SUMS_MAX + 1);
	struct random_image random = { .trial = trial, .sum_count = sum_count };
	uint8_t *octets = arena_alloc(&trial->arena, length);
	struct patch_write *writes = arena_alloc(&trial->arena, 6 * sizeof(*writes));
	struct patch_sum *sums = arena_alloc(&trial->arena, SUMS_MAX * sizeof(*sums));

	random.touches = arena_alloc(&trial->arena, 64 * sizeof(*random.touches));
	support_random_octets(&trial->state, octets, length);
	for (unsigned int i = 0; i < write_count; i++) {
		unsigned int width = 1 + (unsigned int)below(trial, WRITE_MAX);
		uint32_t bit = (uint32_t)below(trial, room - width + 1);

		writes[i] = (struct patch_write){ .bit = 8 * WRITES_AT + bit,
			.width = (uint16_t)width,
			.shift = (uint16_t)(below(trial, 2) ? 0 : below(trial, 64)),
			.generator = (uint32_t)below(trial, generators),
			.touches = random_touches(&random, 0) };
	}
	for (unsigned int i = 0; i < sum_count; i++)
		random_sum(&random, i, length, &sums[i]);
	*ret = (struct patch_image){ octets, length, writes, write_count, sums, sum_count,
		random.touches };
}

static const struct patch_varying *random_varying(struct trial *trial, bool *ret_fcs)
{
	struct patch_varying *varying = arena_alloc(&trial->arena, sizeof(*varying));
	struct patch_generator *generators = arena_alloc(&trial->arena, 6 * sizeof(*generators));
	struct patch_choice *choices = arena_alloc(&trial->arena, 2 * sizeof(*choices));
	unsigned int count = 2 + (unsigned int)below(trial, 4);
	struct patch_image *images;

	*varying = (struct patch_varying){ .generators = generators,
		.generator_count = count,
		.choices = choices,
		.image_count = 1,
		.fcs = (enum patch_fcs)below(trial, 3) };
	for (unsigned int i = 0; i < count; i++)
		random_generator(trial, &generators[i]);
	if (below(trial, 2))
		random_clock(trial, &generators[count - 1]);
	varying->choice_count = below(trial, 2) ? 0 : (unsigned int)below(trial, 3);
	for (unsigned int i = 0; i < varying->choice_count; i++) {
		struct patch_generator *g = &generators[i];

		random_generator(trial, g);
		g->count = 1 + below(trial, 4);
		g->root = random_root(g->count);
		g->first = 0;
		g->step = 1;
		for (unsigned int j = 0; j < 8; j++)
			((uint64_t *)(uintptr_t)g->table)[j] = below(trial, g->count);
		choices[i] = (struct patch_choice){ i, varying->image_count, "choice" };
		varying->image_count *= (unsigned int)g->count;
	}
	images = arena_alloc(&trial->arena, varying->image_count * sizeof(*images));
	for (unsigned int i = 0; i < varying->image_count; i++)
		random_image(trial, count, &images[i]);
	varying->images = images;
	*ret_fcs = varying->fcs != PATCH_FCS_FIXED;
	return varying;
}

static void of_random_numbers(struct trial *trial)
{
	unsigned int count = below(trial, 3) ? 1 : 1 + (unsigned int)below(trial, 5);
	struct patch_frame *frames = arena_alloc(&trial->arena, count * sizeof(*frames));

	for (unsigned int i = 0; i < count; i++) {
		frames[i] = (struct patch_frame){ .name = "frame",
			.weight = 1 + (unsigned int)below(trial, 3) };
		frames[i].varying = random_varying(trial, &frames[i].own_fcs);
		frames[i].octets = frames[i].varying->images[0].octets;
		frames[i].length = frames[i].varying->images[0].length;
		if (!below(trial, 4))
			frames[i].varying = NULL;
	}
	patch_program_init(&trial->program, frames, count);
}

/* ---- the tests ---- */

static void the_kernel_makes_the_frames_of_the_runner(void **state)
{
	struct trial trial = { .seed = support_asked("EBPF_SEED", 1) };
	uint64_t count = support_asked("EBPF_COUNT", PROGRAMS_DEFAULT);
	uint64_t refused = 0;

	(void)state;
	arena_init(&trial.arena);
	for (uint64_t done = 0; done < count; trial.seed++) {
		struct err err = { 0 };

		arena_reset(&trial.arena);
		trial.state = trial.seed * 0x2545f4914f6cdd1dULL;
		trial.shares_time = false;
		if (trial.seed % 2) {
			of_random_numbers(&trial);
		} else if (!of_random_frames(&trial)) {
			if (count == 1)
				break;
			continue;
		}
		if (patch_ebpf_compile(&trial.ebpf, &trial.program, PATCH_EBPF_PASS, &err)) {
			hold(&trial, err.kind == ERR_SYSTEM && err.text[0], "a reason is given");
			refused++;
		} else {
			run_program(&trial);
			patch_ebpf_fini(&trial.ebpf);
		}
		done++;
	}
	print_message("%" PRIu64 " programs, %" PRIu64 " refused\n", count, refused);
	assert_true(refused * 100 <= count);
	arena_fini(&trial.arena);
}

int main(void)
{
	struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_makes_the_frames_of_the_runner),
	};
	struct bpfsys_memory memory;
	struct err err;

	if (bpfsys_memory_init(&memory, 8, &err)) {
		fprintf(stderr, "skipped: %s\n", err.text);
		support_skip_all(tests, sizeof(tests) / sizeof(*tests));
	} else {
		bpfsys_memory_fini(&memory);
	}
	return cmocka_run_group_tests_name("patch/ebpf_kernel", tests, NULL, NULL);
}
