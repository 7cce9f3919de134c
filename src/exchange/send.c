/* Makes the frames of a step. */
#include "exchange/send.h"

#include "base/arena.h"
#include "base/err.h"
#include "exchange/run.h"
#include "frame/compile.h"
#include "patch/runner.h"

#include <errno.h>

/* An FCS that the script gives, or wants wrong, replaces the device's. */
static enum fcs_way way_of(const struct frame_spec *spec)
{
	return spec->fcs.mode == SPEC_FCS_GIVEN || spec->fcs.mode == SPEC_FCS_BAD ? FCS_REPLACE
										  : FCS_NIC;
}

static int program_make(struct arena *arena, const struct exchange_sending *sending,
	struct frame_compiled *ret, struct err *err)
{
	const struct script_step *step = sending->step;
	struct frame_spec *specs = arena_alloc(arena, step->frame_count * sizeof(*specs));
	enum fcs_way *ways = arena_alloc(arena, step->frame_count * sizeof(*ways));
	int r = 0;

	for (unsigned int i = 0; i < step->frame_count && !r; i++) {
		r = pattern_fill(arena, &step->frames[i], sending->values, &specs[i], err);
		ways[i] = way_of(&step->frames[i]);
	}
	return r ? r
		 : frame_compile(arena, specs, step->frame_count, ways, sending->seed, ret, err);
}

int exchange_send(struct arena *arena, const struct exchange_sending *sending, struct err *err)
{
	struct frame_compiled compiled;
	struct patch_runner runner;
	int r = program_make(arena, sending, &compiled, err);
	uint64_t pass;

	if (r)
		return r;
	if (patch_runner_init(&runner, &compiled.program, 1))
		return err_system(err, ENOMEM, "cannot hold a frame");
	pass = compiled.program.pass;
	for (uint64_t i = 0; i < pass && !r; i++) {
		struct patch_slot *slot = &runner.slots[0];

		patch_runner_make(&runner, sending->turn * pass + i, slot);
		r = sending->send(sending->context, sending->step, slot->octets, slot->length,
			slot->frame->own_fcs, err);
	}
	patch_runner_fini(&runner);
	return r;
}

static int built(void *context, const struct script_step *step, const uint8_t *octets,
	uint32_t length, bool own_fcs, struct err *err)
{
	(void)context, (void)step, (void)octets, (void)length, (void)own_fcs, (void)err;
	return 0;
}

static int steps_check(
	const struct script_step *steps, unsigned int count, uint64_t seed, struct err *err)
{
	int r = 0;

	for (unsigned int i = 0; i < count && !r; i++) {
		const struct exchange_sending sending = {
			.step = &steps[i], .seed = seed, .send = built
		};
		struct arena arena;

		if (steps[i].kind == SCRIPT_REPEAT)
			r = steps_check(steps[i].steps, steps[i].step_count, seed, err);
		if (steps[i].kind != SCRIPT_SEND)
			continue;
		arena_init(&arena);
		r = exchange_send(&arena, &sending, err);
		arena_fini(&arena);
	}
	return r;
}

int exchange_check(const struct script *script, uint64_t seed, struct err *err)
{
	return steps_check(script->steps, script->step_count, seed, err);
}
