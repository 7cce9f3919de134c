/* diff.h: what differs between the frame that was sent and the one that arrived, field by field. */
#ifndef FRAME_DIFF_H
#define FRAME_DIFF_H

#include "frame/view.h"

struct arena;

enum diff_kind {
	DIFF_FIELD,		/* same layer, another value */
	DIFF_MISSING,		/* a layer that was sent and did not arrive: a tag stripped */
	DIFF_ADDED,		/* a layer that was not sent: a tag put in */
	DIFF_PADDED,		/* octets appended after the last layer */
	DIFF_CUT,		/* octets missing at the end */
	DIFF_FCS_STRIPPED,	/* the FCS that was sent is not in what arrived */
	DIFF_CHECKSUM_FINISHED, /* a checksum that a device completed, or left unfinished */
};

struct diff {
	enum diff_kind kind;
	bool explained; /* what a link may do to any frame: padding to 60 octets, taking the FCS off
			 */
	const char *text; /* "ipv4.ttl: sent 64, arrived 63": one line, the arena's */
};

/* *ret holds *ret_count differences, the arena's; none when the frames are equal. */
void frame_diff(struct arena *arena, const struct frame_view *sent,
	const struct frame_view *arrived, struct diff **ret, unsigned int *ret_count);

#endif
