/* course.h: what a measurement was over time: of one run, or of the reports of a sender and a
 * receiver. */
#ifndef CLI_MEASURE_COURSE_H
#define CLI_MEASURE_COURSE_H

#include "cli/measure/measure.h"

struct measure_stretch {
	double sent; /* a frame that left between two looks is spread over them */
	uint64_t received, unique, duplicates, reordered, corrupted;
	uint64_t due; /* came, or was overtaken by a later one */
	struct series_latency latency;
};

/* All of it is an arena's. */
struct measure_course {
	uint64_t start_ns; /* CLOCK_REALTIME */
	uint64_t interval_ns;
	size_t count; /* 0: nothing is known */
	struct measure_stretch *stretches;
	bool sender;   /* what was sent is known, */
	bool receiver; /* and what came */
};

/* Of a run that is over. */
void measure_course_make(
	struct arena *arena, const struct measure_run *run, struct measure_course *ret);

/* "rates", and what they are. Latencies of figures that are relative are above the least. */
void measure_course_set(struct json *json, const struct measure_course *course,
	const struct measure_figures *figures);

/* Of the reports of a sender and of a receiver, whose figures these are, as its report has them;
 * what an older version left out is left out. */
void measure_course_read(struct arena *arena, const struct json *sent, const struct json *received,
	const struct measure_figures *figures, struct measure_course *ret);

#endif
