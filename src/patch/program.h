/*
 * program.h: what a sender runs: the frames of a run in turn. Frame N is a function of N alone, so
 * that any thread or backend can make it without the N-1 before it.
 */
#ifndef PATCH_PROGRAM_H
#define PATCH_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One frame, complete as the link is to take it. */
struct patch_frame {
	const char *name;
	const uint8_t *octets; /* borrowed */
	uint32_t length;       /* octets, an FCS of ours counted */
	bool own_fcs;	     /* the last four octets are the FCS: the device must not append its own
				(SO_NOFCS) */
	unsigned int weight; /* times in a row in each pass; at least 1 */
	uint64_t gap_ns;     /* pause after it */
};

/* Caller's storage; the frames are borrowed. */
struct patch_program {
	const struct patch_frame *frames;
	unsigned int count; /* at least 1 */
	uint64_t pass;	    /* frames in one pass: the sum of the weights */
	uint32_t length_max;
};

void patch_program_init(
	struct patch_program *program, const struct patch_frame *frames, unsigned int count);

/* Frame index of the run, index from 0; passes repeat without end. */
const struct patch_frame *patch_program_frame(const struct patch_program *program, uint64_t index);

#endif
