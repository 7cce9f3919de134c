/* Frames in turn, each as often as its weight says. */
#include "patch/program.h"

void patch_program_init(
	struct patch_program *program, const struct patch_frame *frames, unsigned int count)
{
	*program = (struct patch_program){ .frames = frames, .count = count };
	for (unsigned int i = 0; i < count; i++) {
		program->pass += frames[i].weight;
		if (frames[i].length > program->length_max)
			program->length_max = frames[i].length;
	}
}

const struct patch_frame *patch_program_frame(const struct patch_program *program, uint64_t index)
{
	const struct patch_frame *frame = program->frames;
	uint64_t left = index % program->pass;

	while (left >= frame->weight)
		left -= frame++->weight;
	return frame;
}
