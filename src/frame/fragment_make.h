/* fragment_make.h: a datagram that is split, for fragment.c, which finds out where, and
 * fragment_make.c, which makes the frame of one fragment. */
#ifndef FRAME_FRAGMENT_MAKE_H
#define FRAME_FRAGMENT_MAKE_H

#include "frame/fragment.h"
#include "frame/view.h"

#define FRAGMENT_UNIT 8 /* octets: offsets count in them */

/* A datagram, and what its fragments are made of. */
struct split {
	struct arena *arena;
	const struct frame_spec *spec;
	const struct fragmentation *how;
	bool varies;
	struct frame_view view; /* of the whole frame, of its first values */
	unsigned int last;	/* index of the last layer that every fragment has */
	bool v4;
	uint32_t start, end; /* of the octets that are split, in the frame */
	uint32_t headers;    /* octets of IP's in front of them, in each packet */
	uint64_t flags;	     /* IPv4: as built */
};

/* The number in the field of a layer of the whole frame; 0 where it has none of that name. */
uint64_t fragment_number(const struct split *split, unsigned int layer, const char *name);

/* The frame of the fragment of length octets that begins offset octets after the first. */
void fragment_make(
	const struct split *split, uint32_t offset, uint32_t length, struct frame_spec *ret);

#endif
