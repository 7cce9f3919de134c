/* frames.h: frames and programs for tests of links; every frame's octets differ. */
#ifndef SUPPORT_FRAMES_H
#define SUPPORT_FRAMES_H

#include "patch/program.h"

#define SUPPORT_FRAMES_MAX    256
#define SUPPORT_FRAME_SIZE    2048
#define SUPPORT_FRAME_TYPE_HI 0x88 /* EtherType 0x88b5: for local experiments, IEEE 802 */
#define SUPPORT_FRAME_TYPE_LO 0xb5

struct support_frames {
	struct patch_program program;
	unsigned int count;
	struct patch_frame frames[SUPPORT_FRAMES_MAX];
	uint8_t octets[SUPPORT_FRAMES_MAX][SUPPORT_FRAME_SIZE];
};

/* A frame from va to a station that is not vb, so that no protocol stack takes it. At least 14
 * octets are a header; fewer are the start of one. */
struct patch_frame *support_frames_add(struct support_frames *frames, uint32_t length);

/* Once all are added. (Here, so that tests that have nothing to do with programs link without.) */
static inline const struct patch_program *support_frames_program(struct support_frames *frames)
{
	patch_program_init(&frames->program, frames->frames, frames->count);
	return &frames->program;
}

/* The program of count frames of length octets. */
static inline const struct patch_program *support_frames_fill(
	struct support_frames *frames, unsigned int count, uint32_t length)
{
	for (unsigned int i = 0; i < count; i++)
		support_frames_add(frames, length);
	return support_frames_program(frames);
}

#endif
