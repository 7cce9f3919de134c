/* Frames and programs for tests of links. */
#include "frames.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t header[14] = { 0x02, 0, 0, 0, 0, 0xee, 0x02, 0, 0, 0, 0, 0x0a,
	SUPPORT_FRAME_TYPE_HI, SUPPORT_FRAME_TYPE_LO };

struct patch_frame *support_frames_add(struct support_frames *frames, uint32_t length)
{
	unsigned int n = frames->count;

	if (n == SUPPORT_FRAMES_MAX || length > SUPPORT_FRAME_SIZE)
		abort();
	for (uint32_t i = 0; i < length; i++)
		frames->octets[n][i] =
			i < sizeof(header) ? header[i] : (uint8_t)(n * 31 + i * 7 + (i >> 8));
	frames->frames[n] = (struct patch_frame){
		.name = "test", .octets = frames->octets[n], .length = length, .weight = 1
	};
	return &frames->frames[frames->count++];
}
