/* run_internal.h: what the files that play a script share; nobody else includes it. */
#ifndef EXCHANGE_RUN_INTERNAL_H
#define EXCHANGE_RUN_INTERNAL_H

#include "base/arena.h"
#include "exchange/run.h"

struct run {
	struct arena *arena; /* of what the result keeps */
	struct arena scratch;
	const struct script *script;
	const struct exchange_world *world;
	struct exchange_result *out;
	struct exchange_event *events;
	unsigned int count, room;
	uint64_t octets;
	unsigned int next[SCRIPT_PORTS_MAX]; /* the first event of each port that waits */
	uint64_t *turns;		     /* how often each step sent, by its number */
	uint64_t start;
	uint64_t seed;
	unsigned int turn;
};

/* Since the script began. */
uint64_t run_now(const struct run *run);

/* When ns are over since then; at most some 146 years later, so that no sum passes 2^64. */
uint64_t run_after(uint64_t then, uint64_t ns);
bool run_stopped(const struct run *run);

/* Into the scratch arena, whose last frame is gone then. */
void run_dissect(struct run *run, const struct exchange_event *event, struct frame_view *ret);

/* The next frame that arrives until the deadline: 1, and 0 where none does. */
int run_receive(struct run *run, uint64_t deadline, struct err *err);

/* Notes that the step failed; returns 0. */
int run_fail(struct run *run, const struct script_step *step, enum exchange_verdict verdict,
	uint64_t begun);

/* ---- expect.c ---- */

int run_expect(struct run *run, const struct script_step *step, struct err *err);
int run_expect_none(struct run *run, const struct script_step *step, struct err *err);

/* The next frame that waits on the port from *index on, and came before the deadline. */
bool run_waits(const struct run *run, unsigned int port, uint64_t deadline, unsigned int *index);

/* Whether every host sends such frames by itself. */
bool run_is_background(struct run *run, unsigned int index);

#endif
