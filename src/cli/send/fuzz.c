/* Makes the mutated frames of a run, as many as are handed to the link at once, ahead of them. */
#include "cli/send/send.h"

#include <stdlib.h>
#include <string.h>

/* Of one frame of the run, until another takes its place. */
struct place {
	struct arena arena;
	const struct mutation *mutations;
	unsigned int count;
};

struct send_fuzz {
	const struct send_plan *plan;
	const struct mutate_config *config;
	struct patch_runner runner; /* of the frames as they were meant */
	struct patch_program program;
	struct patch_frame frames[SEND_CHUNK];
	struct place places[SEND_CHUNK];
	uint64_t made;	  /* frames of the run */
	uint64_t counted; /* of those, told to be over */
	struct send_mutations mutations;
};

int send_fuzz_open(struct send_fuzz **ret, const struct send_options *options,
	const struct send_plan *plan, struct err *err)
{
	struct send_fuzz *fuzz = calloc(1, sizeof(*fuzz));

	if (!fuzz || patch_runner_init(&fuzz->runner, &plan->program, 1)) {
		free(fuzz);
		return err_system(err, ENOMEM, "cannot make the frames");
	}
	fuzz->plan = plan;
	fuzz->config = &options->fuzz.config;
	for (unsigned int i = 0; i < SEND_CHUNK; i++) {
		arena_init(&fuzz->places[i].arena);
		fuzz->frames[i] = plan->frames[0];
		fuzz->frames[i].varying = NULL;
		fuzz->frames[i].weight = 1;
	}
	patch_program_init(&fuzz->program, fuzz->frames, SEND_CHUNK);
	*ret = fuzz;
	return 0;
}

void send_fuzz_close(struct send_fuzz *fuzz)
{
	if (!fuzz)
		return;
	for (unsigned int i = 0; i < SEND_CHUNK; i++)
		arena_fini(&fuzz->places[i].arena);
	patch_runner_fini(&fuzz->runner);
	free(fuzz);
}

const struct patch_program *send_fuzz_program(const struct send_fuzz *fuzz)
{
	return &fuzz->program;
}

static int make(struct send_fuzz *fuzz, uint64_t index, struct err *err)
{
	const struct frame_compiled *compiled = &fuzz->plan->compiled;
	struct place *place = &fuzz->places[index % SEND_CHUNK];
	struct patch_slot *slot = &fuzz->runner.slots[0];
	struct frame_view base;
	struct mutated mutated;
	struct patch_frame frame;
	size_t number;
	bool with_fcs;
	uint8_t *octets;
	int rc;

	arena_reset(&place->arena);
	patch_runner_make(&fuzz->runner, index, slot);
	number = (size_t)(slot->frame - fuzz->plan->frames);
	rc = frame_compiled_view(&place->arena, compiled, index, slot, &base, err);
	if (rc < 0)
		return rc;
	frame_mutate(&place->arena, fuzz->config, &base, &compiled->frames[number].spec->fcs, index,
		&mutated);
	place->mutations = mutated.mutations;
	place->count = mutated.count;
	with_fcs = fuzz->plan->ways[number] != FCS_NIC;
	octets = arena_alloc(&place->arena, mutated.view.length + FCS_LENGTH);
	memcpy(octets, mutated.view.octets, mutated.view.length);
	memcpy(octets + mutated.view.length, mutated.view.fcs_octets, FCS_LENGTH);
	frame = *slot->frame;
	frame.varying = NULL;
	frame.weight = 1;
	frame.octets = octets;
	frame.length = mutated.view.length + (with_fcs ? FCS_LENGTH : 0);
	fuzz->frames[index % SEND_CHUNK] = frame;
	return 0;
}

const struct send_mutations *send_fuzz_count(struct send_fuzz *fuzz, uint64_t over)
{
	for (; fuzz->counted < over; fuzz->counted++) {
		const struct place *place = &fuzz->places[fuzz->counted % SEND_CHUNK];

		fuzz->mutations.frames += place->count > 0;
		for (unsigned int i = 0; i < place->count; i++)
			fuzz->mutations.kinds[place->mutations[i].kind]++;
	}
	return &fuzz->mutations;
}

int send_fuzz_prepare(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err)
{
	struct send_fuzz *fuzz = context;
	int rc = 0;

	(void)ret_gap_ns;
	/* Those before it have left their places. */
	send_fuzz_count(fuzz, first);
	while (rc == 0 && fuzz->made < first + count) {
		rc = make(fuzz, fuzz->made, err);
		fuzz->made += rc == 0;
	}
	return rc < 0 ? rc : (int)count;
}
