/* Frames in turn, each as often as its weight says. */
#include "patch/program.h"

uint32_t patch_frame_longest(const struct patch_frame *frame)
{
	uint32_t length = frame->length;

	for (unsigned int i = 0; frame->varying && i < frame->varying->image_count; i++)
		if (frame->varying->images[i].length > length)
			length = frame->varying->images[i].length;
	return length;
}

uint32_t patch_frame_shortest(const struct patch_frame *frame)
{
	uint32_t length = frame->length;

	for (unsigned int i = 0; frame->varying && i < frame->varying->image_count; i++)
		if (frame->varying->images[i].length < length)
			length = frame->varying->images[i].length;
	return length;
}

void patch_program_init(
	struct patch_program *program, const struct patch_frame *frames, unsigned int count)
{
	*program = (struct patch_program){ .frames = frames, .count = count };
	for (unsigned int i = 0; i < count; i++) {
		uint32_t length = patch_frame_longest(&frames[i]);

		program->pass += frames[i].weight;
		program->varies |= frames[i].varying != NULL;
		if (length > program->length_max)
			program->length_max = length;
	}
}

unsigned int patch_program_place(const struct patch_program *program, uint64_t *place)
{
	unsigned int frame = 0;

	/* A capture that is replayed has many frames, each once. */
	if (program->pass == program->count) {
		frame = (unsigned int)*place;
		*place = 0;
		return frame;
	}
	while (*place >= program->frames[frame].weight)
		*place -= program->frames[frame++].weight;
	return frame;
}

const struct patch_frame *patch_program_turn(
	const struct patch_program *program, uint64_t index, uint64_t *ret_turn)
{
	uint64_t left = index % program->pass;
	const struct patch_frame *frame = &program->frames[patch_program_place(program, &left)];

	*ret_turn = index / program->pass * frame->weight + left;
	return frame;
}

const struct patch_frame *patch_program_frame(const struct patch_program *program, uint64_t index)
{
	uint64_t turn;

	return patch_program_turn(program, index, &turn);
}

uint64_t patch_program_first(const struct patch_program *program, unsigned int frame)
{
	uint64_t index = 0;

	for (unsigned int i = 0; i < frame; i++)
		index += program->frames[i].weight;
	return index;
}

const struct patch_image *patch_varying_image(const struct patch_varying *varying, uint64_t turn)
{
	const struct patch_image *image = varying->images;

	for (unsigned int i = 0; i < varying->choice_count; i++) {
		const struct patch_choice *choice = &varying->choices[i];

		image += choice->stride *
			 patch_generator_at(&varying->generators[choice->generator], turn);
	}
	return image;
}

uint32_t patch_program_length(const struct patch_program *program, uint64_t index)
{
	uint64_t turn;
	const struct patch_frame *frame = patch_program_turn(program, index, &turn);

	if (!frame->varying || !frame->varying->choice_count)
		return frame->length;
	return patch_varying_image(frame->varying, turn)->length;
}
