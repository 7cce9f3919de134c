/* Time in nanoseconds. */
#include "base/clock.h"

#include <time.h>

#define SECOND 1000000000U

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
