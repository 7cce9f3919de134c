/* ranges.h: which sequence numbers past the next one have come: a sorted list of ranges that do not
 * touch. */
#ifndef TCP_RANGES_H
#define TCP_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A peer that leaves more holes than these has the rest of its data dropped, and sends it again. */
enum { RANGES_MAX = 1024 };

struct range {
	uint32_t left, right; /* right is the first one not in it */
};

/* {0} is an empty one. */
struct ranges {
	struct range *at;
	size_t count, capacity;
};

void ranges_fini(struct ranges *ranges);

/* Adds left to right, left before right. False: too many, or no memory; nothing was added. */
bool ranges_add(struct ranges *ranges, uint32_t left, uint32_t right);

/* The range that holds the number, NULL: none. */
const struct range *ranges_find(const struct ranges *ranges, uint32_t number);

/* Takes what begins at or before number away; the number after it all that is present without a
 * hole. */
uint32_t ranges_join(struct ranges *ranges, uint32_t number);

#endif
