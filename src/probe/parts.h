/* parts.h: which frames of a program are fragments of one datagram: it is one probe. */
#ifndef PROBE_PARTS_H
#define PROBE_PARTS_H

#include "patch/program.h"

/* Of a frame of the program. Its datagram's other frames stand right before and behind it. */
struct probe_part {
	unsigned int before, after;
	int probe; /* to the frame that answers quote, and are looked for: the first fragment. 0: it
		      is this one */
};

/* Of each frame; NULL where none is a fragment, or -ENOMEM. The caller frees them. */
int probe_parts_find(const struct patch_program *program, struct probe_part **ret);

/* Of the frame at index of the run; parts may be NULL. */
struct probe_part probe_part_at(
	const struct probe_part *parts, const struct patch_program *program, uint64_t index);

#endif
