/* outstanding_place.h: places and the numbers of the probes that have them. Internal to
 * outstanding*.c. */
#ifndef PROBE_OUTSTANDING_PLACE_H
#define PROBE_OUTSTANDING_PLACE_H

#include "probe/outstanding.h"

#define PLACE_NONE UINT32_MAX

/* Of those that a place may have had, the last. */
static inline uint64_t outstanding_number(const struct outstanding *o, uint32_t place)
{
	uint64_t last = o->next - 1;

	return last - ((last - place) & o->mask);
}

/* Reads the frame of a number, made again: valid until the next one is. */
void outstanding_read(struct outstanding *o, uint64_t number, struct answer_frame *ret);

#endif
