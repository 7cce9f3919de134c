/* Time in nanoseconds. */
#include "base/clock.h"

#include <time.h>

#define SECOND 1000000000U
#define LOOKS  32U

static uint64_t read_clock(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (uint64_t)ts.tv_sec * SECOND + (uint64_t)ts.tv_nsec;
}

static uint64_t system_now(void *context)
{
	(void)context;
	return read_clock(CLOCK_MONOTONIC);
}

static void system_sleep_until(void *context, uint64_t deadline)
{
	struct timespec ts = { .tv_sec = (time_t)(deadline / SECOND),
		.tv_nsec = (long)(deadline % SECOND) };

	(void)context;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

const struct clock clock_system = { .now = system_now, .sleep_until = system_sleep_until };

uint64_t clock_wall(void)
{
	return read_clock(CLOCK_REALTIME);
}

/* Between two looks at the one clock lies one at the other; the closer they are, the better is what
 * lies in the middle. */
uint64_t clock_wall_ahead(void)
{
	uint64_t closest = UINT64_MAX, ahead = 0;

	for (unsigned int i = 0; i < LOOKS; i++) {
		uint64_t before = read_clock(CLOCK_MONOTONIC);
		uint64_t wall = read_clock(CLOCK_REALTIME);
		uint64_t apart = read_clock(CLOCK_MONOTONIC) - before;

		if (apart >= closest)
			continue;
		closest = apart;
		ahead = wall - before - apart / 2;
	}
	return ahead;
}
