/*
 * stream.h: follows the sequence of one stream: what is new, a copy, late. Pure, and of bounded
 * memory: copies are told exactly as long as they are not further behind than the window.
 */
#ifndef MEASURE_STREAM_H
#define MEASURE_STREAM_H

#include <stdbool.h>
#include <stdint.h>

/* Frames that were looked back over for RFC 4737 5. */
#define TRACKER_RECENT 4U

/* Sequences that have not come yet, though a later one has. */
struct tracker_hole {
	uint64_t first, last;
	uint64_t at; /* which frame of those that came overtook them */
};

struct tracker {
	uint64_t *seen;		    /* window bits: bit N % window is sequence N */
	uint64_t window;	    /* a power of two, at least 64 */
	struct tracker_hole *holes; /* a ring, in order */
	unsigned int hole_room;	    /* a power of two */
	uint64_t hole_end, hole_count;
	uint64_t next;	  /* the highest sequence that came, and one */
	uint64_t arrived; /* frames, copies not counted */
	uint64_t recent[TRACKER_RECENT];
	uint64_t suspect; /* a sequence so far ahead that it is not believed at once */
	bool started, suspected;
};

enum tracker_verdict {
	TRACKER_NEW,	   /* the next one, or one after it */
	TRACKER_REORDERED, /* came first of its sequence, but after a higher one */
	TRACKER_COPY,	   /* came before */
	TRACKER_STALE,	   /* so far behind that it may be a copy */
	TRACKER_WRONG,	   /* no sequence that can be: damaged */
};

struct tracker_arrival {
	uint64_t sequence;   /* with the bits above 32 */
	uint64_t extent;     /* REORDERED: see measure_stream; 0: not known any more */
	unsigned int behind; /* REORDERED: how many of the last ones, in a row, are later ones; at
				most TRACKER_RECENT */
};

/* Octets of memory for a tracker, which tracker_init takes zeroed. */
uint64_t tracker_size(uint64_t window, unsigned int holes);
void tracker_init(struct tracker *tracker, void *memory, uint64_t window, unsigned int holes);

/* limit: sequences from it on were not sent; UINT64_MAX: not known. */
enum tracker_verdict tracker_take(
	struct tracker *tracker, uint32_t sequence, uint64_t limit, struct tracker_arrival *ret);

#endif
