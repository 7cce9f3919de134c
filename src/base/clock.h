/* clock.h: time in nanoseconds, as a thing that is passed in, so that a test can make its own. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	/* Nanoseconds that never go back, from an arbitrary start. */
	uint64_t (*now)(void *context);
	/* Returns at deadline (in the time of now), or earlier after a signal. */
	void (*sleep_until)(void *context, uint64_t deadline);
	void *context;
};

/* CLOCK_MONOTONIC. */
extern const struct clock clock_system;

/* Nanoseconds since 1970, CLOCK_REALTIME: for timestamps in files. */
uint64_t clock_wall(void);

/* What CLOCK_REALTIME is ahead of CLOCK_MONOTONIC, right to some ten nanoseconds. */
uint64_t clock_wall_ahead(void);

#endif
