/* place.h: what the files that place generators in an image share; nobody else includes it. */
#ifndef FRAME_PLACE_H
#define FRAME_PLACE_H

#include "frame/internal.h"
#include "patch/program.h"

/* Octets whose 16-bit words a sum adds up, from offset on. */
struct region {
	uint32_t offset, end;
	bool cisco_last; /* one octet, added as checksum_cisco_last() has it */
};

/* The octets covered, before and after a field left out, an odd last one, and two addresses. */
#define REGIONS 5

struct placed_sum {
	struct patch_sum sum;
	struct region regions[REGIONS];
	unsigned int region_count;
	uint64_t constant;  /* of the pseudo header: protocol and length */
	bool used;	    /* what it covers varies */
	unsigned int index; /* among those that are used */
};

/*
 * The checksums of the settled spec's view that are not given, in the order of frame_build:
 * innermost first; none of them used yet. That of a pseudo header stands before the one that looks
 * at it. Returns how many; *ret is the arena's.
 */
unsigned int place_sums(struct arena *arena, const struct frame_spec *settled,
	const struct frame_view *view, struct placed_sum **ret);

#endif
