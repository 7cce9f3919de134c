/* frame_compile: a patched frame is the frame that is built of the same values, whatever they are.
 */
#include "../../support/random.h"
#include "../../support/random_frame.h"
#include "../../support/random_vary.h"

#include "base/arena.h"
#include "frame/build.h"
#include "frame/compile.h"
#include "frame/internal.h"
#include "frame/plan.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define PATCHES_DEFAULT 1000000
#define PATCHES_A_SPEC	100

#define FILL_SLOTS 70 /* more than are made at once */

struct trial {
	struct arena arena;   /* of the spec and its program */
	struct arena scratch; /* of one frame */
	uint64_t seed;
	uint64_t state;
	struct frame_spec spec;
	struct frame_compiled compiled;
	struct patch_runner runner;
	const struct view_field **rows; /* of what varies, where there is one shape */
	uint32_t payload;		/* octets of the last layer's header, then too */
};

/* For whoever has to find out why. */
static void tell_spec(const struct trial *trial)
{
	const struct vary_plan *plan = trial->compiled.frames[0].plan;

	for (unsigned int i = 0; i < trial->spec.count; i++)
		print_message("/%s", trial->spec.layers[i].protocol->header.name);
	for (unsigned int i = 0; i < plan->fields.count; i++) {
		const struct spec_vary *vary = plan->fields.fields[i].value->vary;

		print_message(" %s (kind %d", plan->fields.fields[i].name, (int)vary->kind);
		if (vary->part)
			print_message(", bits %u..%u", vary->low, vary->high);
		print_message(plan->parts[i].chosen ? ", chosen)" : ")");
	}
	print_message("\n");
}

static void hold(const struct trial *trial, bool holds, const char *what)
{
	if (holds)
		return;
	tell_spec(trial);
	fail_msg("%s; again with PROPERTY_SEED=%" PRIu64 " PROPERTY_COUNT=1", what, trial->seed);
}

/* The values that the octets hold where something varies. */
static void read_values(struct trial *trial, uint64_t index, const struct patch_slot *slot,
	struct wire_value *values)
{
	unsigned int count = trial->compiled.frames[0].plan->fields.count;
	const struct patch_varying *varying = trial->compiled.program.frames[0].varying;
	struct frame_view view;
	struct err err;

	/* Where all frames are of one shape, the rows of the first stand for all. */
	if (!trial->rows || (varying && varying->image_count > 1)) {
		hold(trial,
			!frame_compiled_view(
				&trial->scratch, &trial->compiled, index, slot, &view, &err),
			"a frame that was made has a view");
		trial->rows =
			arena_alloc(&trial->arena, (count + 1) * sizeof(const struct view_field *));
		vary_locate(&trial->spec, &view, trial->rows);
		trial->payload = view.layers[view.count - 1].header.length;
		/* A copy, as the scratch is used again. */
		for (unsigned int i = 0; i < count; i++)
			trial->rows[i] =
				arena_copy(&trial->arena, trial->rows[i], sizeof(*trial->rows[i]));
	}
	for (unsigned int i = 0; i < count; i++)
		wire_value_get(trial->rows[i]->field, slot->octets, trial->rows[i]->bit,
			trial->rows[i]->width, &values[i]);
}

/* What the field has to be at its turn, where that needs no random number. */
static void check_value(const struct trial *trial, const struct vary_field *field,
	const struct wire_value *value, uint64_t turn)
{
	const struct spec_vary *vary = field->value->vary;
	uint64_t got = vary_word(field->field, value, 0);
	uint64_t first, last, want;

	if (vary->part && vary->low)
		return;
	if (vary->part && vary->high < 63)
		got &= (1ULL << (vary->high + 1)) - 1;
	if (vary->kind == VARY_SAME_AS || vary->cycle)
		return;
	if (vary->kind == VARY_LIST) {
		const struct wire_value *given = &vary->values[turn % vary->count];

		want = vary->part ? given->number : vary_word(field->field, given, 0);
		hold(trial, got == want, "a list's values come in turn");
		return;
	}
	first = vary->part ? vary->first.number : vary_word(field->field, &vary->first, 0);
	last = vary->part ? vary->last.number : vary_word(field->field, &vary->last, 0);
	if (vary->kind == VARY_INC) {
		uint64_t count = (last - first) / vary->step + 1;

		want = first + (count ? turn % count : turn) * vary->step;
		hold(trial, got == want, "a count goes up by its step, and begins again");
	} else if (vary->kind == VARY_DEC) {
		uint64_t count = (first - last) / vary->step + 1;

		want = first - (count ? turn % count : turn) * vary->step;
		hold(trial, got == want, "a count goes down by its step, and begins again");
	} else {
		hold(trial, got >= first && got <= last, "a random number is in its range");
	}
}

static void check_values(const struct trial *trial, const struct vary_plan *plan,
	const struct wire_value *values, uint64_t turn)
{
	for (unsigned int i = 0; i < plan->fields.count; i++)
		check_value(trial, &plan->fields.fields[i], &values[i], turn);
}

static void tell_difference(const struct patch_slot *slot, const struct frame_view *rebuilt)
{
	for (uint32_t i = 0; i < rebuilt->length; i++)
		if (slot->octets[i] != rebuilt->octets[i])
			print_message("octet %u: %02x, built %02x\n", i, slot->octets[i],
				rebuilt->octets[i]);
}

static void check_patch(struct trial *trial, uint64_t index, unsigned int slot_index)
{
	const struct vary_plan *plan = trial->compiled.frames[0].plan;
	struct patch_slot *slot = &trial->runner.slots[slot_index];
	struct frame_view rebuilt;
	struct wire_value *values;
	struct frame_spec settled;
	struct err err;

	arena_reset(&trial->scratch);
	patch_runner_make(&trial->runner, index, slot);
	values = arena_alloc(&trial->scratch, (plan->fields.count + 1) * sizeof(*values));
	read_values(trial, index, slot, values);
	check_values(trial, plan, values, index);
	vary_settle(&trial->scratch, &trial->spec, values,
		trial->spec.size.mode == SPEC_SIZE_OWN ? VARY_SIZE_OWN : trial->payload, &settled);
	hold(trial, !frame_build_settled(&trial->scratch, &settled, &rebuilt, &err),
		"a frame of these values can be built");
	hold(trial, slot->length == rebuilt.length, "it is as long as it is built");
	tell_difference(slot, &rebuilt);
	hold(trial, !memcmp(slot->octets, rebuilt.octets, rebuilt.length),
		"the patched frame is the frame that is built of the same values");
}

/* An index that was not asked for, for the most part near the last. */
static uint64_t any_index(struct trial *trial, uint64_t last)
{
	switch (support_random_below(&trial->state, 8)) {
	case 0:
		return support_random(&trial->state);
	case 1:
		return support_random_below(&trial->state, 1000);
	default:
		return last + 1;
	}
}

/* One frame in eight is of sizes that vary, too. */
static void vary_size(struct trial *trial)
{
	static const enum vary_kind kinds[] = { VARY_INC, VARY_DEC, VARY_RANDOM, VARY_SHUFFLE,
		VARY_LIST };
	struct wire_value *values = arena_alloc(&trial->arena, 5 * sizeof(*values));
	struct spec_size *size = &trial->spec.size;
	uint64_t low = support_random_below(&trial->state, 600);
	uint64_t high = low + support_random_below(&trial->state, 40);

	if (support_random_below(&trial->state, 8))
		return;
	for (unsigned int i = 0; i < 5; i++)
		values[i].number = low + support_random_below(&trial->state, 3) * 100;
	size->mode = support_random_below(&trial->state, 2) ? SPEC_SIZE_FRAME : SPEC_SIZE_PAYLOAD;
	size->vary = (struct spec_vary){
		.kind = kinds[support_random_below(&trial->state, 5)],
		.step = 1 + support_random_below(&trial->state, 5),
		.values = values,
		.count = 1 + (unsigned int)support_random_below(&trial->state, 5),
	};
	size->vary.first.number = size->vary.kind == VARY_DEC ? high : low;
	size->vary.last.number = size->vary.kind == VARY_DEC ? low : high;
}

/* Many at once, over and over into the same slots, as one by one. */
static void check_fill(struct trial *trial, uint64_t index)
{
	struct patch_slot *one = &trial->runner.slots[0];
	struct patch_runner many;

	assert_return_code(patch_runner_init(&many, &trial->compiled.program, FILL_SLOTS), 0);
	for (unsigned int round = 0; round < 3; round++) {
		unsigned int count =
			1 + (unsigned int)support_random_below(&trial->state, FILL_SLOTS);

		patch_runner_fill(&many, index, many.slots, count);
		for (unsigned int i = 0; i < count; i++) {
			const struct patch_slot *slot = &many.slots[i];

			patch_runner_make(&trial->runner, index + i, one);
			hold(trial,
				slot->frame == one->frame && slot->length == one->length &&
					!memcmp(slot->octets, one->octets, one->length),
				"many at once are the frames one by one");
		}
		index = any_index(trial, index + count - 1);
	}
	patch_runner_fini(&many);
}

/* *ret_patches grows by how many frames were made. */
static void try_spec(struct trial *trial, enum support_frame_style style, uint64_t *ret_patches)
{
	struct err err = { 0 };
	uint64_t index = 0;

	support_random_frame(&trial->arena, &trial->state, style, &trial->spec);
	support_random_vary(&trial->arena, &trial->state, 5, &trial->spec);
	vary_size(trial);
	if (frame_compile(&trial->arena, &trial->spec, 1, NULL, support_random(&trial->state),
		    &trial->compiled, &err)) {
		hold(trial, err.kind == ERR_INPUT && err.text[0], "what cannot vary is said");
		return;
	}
	trial->rows = NULL;
	assert_return_code(patch_runner_init(&trial->runner, &trial->compiled.program, 4), 0);
	for (unsigned int i = 0; i < PATCHES_A_SPEC; i++) {
		check_patch(trial, index, (unsigned int)support_random_below(&trial->state, 4));
		index = any_index(trial, index);
		++*ret_patches;
	}
	check_fill(trial, index);
	patch_runner_fini(&trial->runner);
}

static void a_patched_frame_is_the_frame_that_is_built_of_the_same_values(void **state)
{
	struct trial trial = { .seed = support_asked("PROPERTY_SEED", 1) };
	uint64_t count = support_asked("PROPERTY_COUNT", PATCHES_DEFAULT);
	uint64_t refused = 0, specs = 0;

	(void)state;
	arena_init(&trial.arena);
	arena_init(&trial.scratch);
	for (uint64_t patches = 0; patches < count; trial.seed++) {
		uint64_t before = patches;

		arena_reset(&trial.arena);
		trial.state = trial.seed * 0x2545f4914f6cdd1dULL;
		try_spec(&trial, trial.seed % 4 ? SUPPORT_FRAME_CONSISTENT : SUPPORT_FRAME_WILD,
			&patches);
		specs++;
		refused += patches == before;
		if (count == 1)
			break;
	}
	/* Refusals are the exception, or the rest says little. */
	print_message("%" PRIu64 " specs, %" PRIu64 " refused\n", specs, refused);
	assert_true(count == 1 || refused * 2 < specs);
	arena_fini(&trial.scratch);
	arena_fini(&trial.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_patched_frame_is_the_frame_that_is_built_of_the_same_values),
	};

	return cmocka_run_group_tests_name("frame/compile-property", tests, NULL, NULL);
}
