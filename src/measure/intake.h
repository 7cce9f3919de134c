/* intake.h: takes in frames one by one, and counts what they tell. Pure: octets and times in. */
#ifndef MEASURE_INTAKE_H
#define MEASURE_INTAKE_H

#include "measure/engine.h"

struct measure_intake;

/* -ENOMEM. What config points to is borrowed. */
int measure_intake_new(struct measure_intake **ret, const struct measure_engine_config *config);
void measure_intake_free(struct measure_intake *intake); /* NULL is harmless */

/* A frame that came at time_ns, CLOCK_REALTIME, of which all octets are here. */
void measure_intake_take(
	struct measure_intake *intake, const uint8_t *octets, uint32_t length, uint64_t time_ns);

/* `dropped` is the caller's to set. */
void measure_intake_totals(const struct measure_intake *intake, struct measure_totals *ret);
void measure_intake_latencies(const struct measure_intake *intake, struct histogram *ret);
void measure_intake_results(const struct measure_intake *intake, struct measure_result *ret);

#endif
