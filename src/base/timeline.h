/* timeline.h: how much there was of something in each stretch of a run's time, in bounded memory:
 * when it is full, stretches are joined two by two. */
#ifndef BASE_TIMELINE_H
#define BASE_TIMELINE_H

#include <stddef.h>
#include <stdint.h>

#define TIMELINE_POINTS	     512U
#define TIMELINE_INTERVAL_NS 100000000U /* of a stretch, at first */

/* Caller's storage; zeroed memory is an empty one. */
struct timeline {
	uint64_t interval_ns; /* 0 while empty */
	uint64_t end_ns;      /* what is known ends here */
	size_t count;	      /* points; the last one may be of a part of an interval */
	double points[TIMELINE_POINTS];
};

/* So much more up to a time since the run began: it is spread evenly since the time that was told
 * before. Nothing happens where that is no later. */
void timeline_take(struct timeline *timeline, uint64_t until_ns, double amount);

/* How much there was between two times since the run began. */
double timeline_sum(const struct timeline *timeline, uint64_t from_ns, uint64_t to_ns);

/* Point i as an amount a second. */
double timeline_rate(const struct timeline *timeline, size_t i);

#endif
