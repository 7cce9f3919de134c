/* graft.h: what varies in a datagram, in one of its fragments. For compile.c. */
#ifndef FRAME_GRAFT_H
#define FRAME_GRAFT_H

#include "base/err.h"
#include "patch/program.h"

struct arena;

/* The datagram, and which part of it the fragment has. */
struct graft_from {
	const struct patch_varying *varying; /* of one image */
	uint32_t start, length;		     /* octets of it that the fragment has */
	uint32_t to;			     /* where they stand in the fragment */
	const struct position *at;	     /* for messages */
};

/*
 * Adds to the fragment's varying and image (of its own headers) what writes and checksums of the
 * datagram do to its octets; *ret_written says whether some of these are written. All that is added
 * is the arena's. -EINVAL with *err where a checksum cannot be kept right from within one fragment;
 * varying and image are as they were then.
 */
int frame_graft(struct arena *arena, const struct graft_from *from, struct patch_varying *varying,
	struct patch_image *image, bool *ret_written, struct err *err);

#endif
