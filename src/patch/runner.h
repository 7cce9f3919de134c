/* runner.h: makes the frames of a program, in any order, cheapest in a row. */
#ifndef PATCH_RUNNER_H
#define PATCH_RUNNER_H

#include "patch/program.h"

/*
 * Memory in which a frame is made. A frame that does not vary is handed out where it stands; of one
 * that does, only what varies is written when the slot holds its image already.
 */
struct patch_slot {
	const struct patch_frame *frame; /* which it is, */
	const uint8_t *octets; /* and as it is to be sent; valid until the next in this slot */
	uint32_t length;
	uint8_t *buffer;		 /* of length_max octets; NULL where nothing varies */
	const struct patch_image *holds; /* in the buffer; NULL: none yet */
};

/* A frame's place in the run, and its generators. */
struct patch_state {
	uint64_t turn;
	bool started;
	struct patch_cursor *cursors;
};

/* Caller's storage. Borrows the program, which must live and stay as it is until _fini. One thread
 * at a time; each thread has its own. */
struct patch_runner {
	const struct patch_program *program;
	struct patch_slot *slots;
	unsigned int slot_count;
	/* The frame at `next`: its number, its place in its weight, and the pass. */
	uint64_t next, pass;
	unsigned int frame, place;
	struct patch_state *states; /* one a frame */
	uint64_t *sums;		    /* room for the sums of any image */
	uint64_t *columns;	    /* see columns.h; NULL where frames are made one by one */
	uint64_t time;		    /* what the clock says in patch_runner_make_again; else 0 */
};

/* -ENOMEM on failure. Allocates nothing later. */
int patch_runner_init(
	struct patch_runner *runner, const struct patch_program *program, unsigned int slots);
void patch_runner_fini(struct patch_runner *runner);

/* For a program that does not vary and whose frames were changed since: nothing is known of it. */
void patch_runner_restart(struct patch_runner *runner);

/* Makes the frame at index of the run in the slot: one of runner->slots, or any other with a buffer
 * of length_max octets. */
void patch_runner_make(struct patch_runner *runner, uint64_t index, struct patch_slot *slot);

/* The same as it was when the clock (PATCH_CLOCK) said `time`, not 0. */
void patch_runner_make_again(
	struct patch_runner *runner, uint64_t index, uint64_t time, struct patch_slot *slot);

/* The same for count slots in a row: frames index to index + count - 1. Cheapest for many. */
void patch_runner_fill(
	struct patch_runner *runner, uint64_t index, struct patch_slot *slots, unsigned int count);

#endif
