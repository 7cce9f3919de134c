/* result.h: what a receiver found, by stream: counts, latencies, gaps, reordering. */
#ifndef MEASURE_RESULT_H
#define MEASURE_RESULT_H

#include "base/histogram.h"

#include <stdbool.h>
#include <stdint.h>

/* Streams that have distributions of their own; those from the last of them on share one. */
#define MEASURE_DETAILS_MAX 64U

/* A stream is a frame of the sender's list. A frame is known by its signature alone. */
struct measure_stream {
	uint64_t received;   /* frames with its signature, copies counted */
	uint64_t octets;     /* of these frames, as they were received */
	uint64_t unique;     /* sequences that came */
	uint64_t duplicates; /* frames whose sequence had come before */
	/* RFC 4737 3.3: of those that came first of their sequence, the ones below the next that
	 * was expected (the highest before, and one). */
	uint64_t reordered;
	/* RFC 4737 4.2.1: how many of the stream's frames came since the first that overtook it; of
	 * the reordered one with the most. */
	uint64_t extent_max;
	/* RFC 4737 5: of the reordered, those that came behind three or more later ones in a row:
	 * TCP takes such for lost. */
	uint64_t late_by_three;
	uint64_t stale;	    /* too far behind to be told from copies: in none of the counts above
			       but received */
	uint64_t corrupted; /* octets were not as they were sent */
	uint64_t unchecked; /* nothing in them tells whether they are as they were sent */
	uint64_t rewritten; /* only what a router changes was not: addresses of Ethernet, TTL */
	uint64_t batched;   /* says the same time as the one before: made with it */
	uint64_t highest;   /* sequence, beyond 32 bits too; where unique is not 0 */
	uint64_t first_ns, last_ns; /* when the first and the last came: CLOCK_REALTIME */
	double jitter_ns;	    /* RFC 3550 6.4.1, at the end */
};

/* Distributions, in nanoseconds but for the extents. */
struct measure_detail {
	struct histogram latency; /* see measure_result.shift_ns */
	struct histogram gaps;	  /* from each frame to the next that came, of the same stream */
	struct histogram extents; /* of reordered frames */
};

/* What an engine looks at. What it does not is 0, and told as not known. */
enum measure_looks {
	MEASURE_LATENCY = 1U << 0,
	MEASURE_GAPS = 1U << 1,
	MEASURE_EXTENTS = 1U << 2,
	MEASURE_CORRUPTION = 1U << 3,
	MEASURE_JITTER = 1U << 4,
	MEASURE_BATCHES = 1U << 5,
	MEASURE_LATE = 1U << 6, /* late_by_three */
};

/* Caller's storage; measure_result_init before it is filled. */
struct measure_result {
	unsigned int looks; /* enum measure_looks */
	unsigned int stream_count, detail_count;
	struct measure_stream *streams;
	struct measure_detail *details; /* of stream i: min(i, detail_count - 1) */
	uint64_t damaged;		/* frames with a signature that no frame of ours can have */
	uint64_t foreign;		/* frames without one */
	uint64_t dropped;    /* by the receiver itself, for want of time or room: ours or not is
				not known */
	unsigned int sample; /* the latency of one frame in so many was taken; 1: of all */
	/* What was added to latencies before they went into histograms, so that none is negative:
	 * 0, but where the clocks of sender and receiver are not the same. */
	int64_t shift_ns;
	const char *way; /* xdp: "native" or "generic"; NULL: the engine has one way only */
};

/* All zero, for so many streams. -ENOMEM. */
int measure_result_init(struct measure_result *result, unsigned int streams);
void measure_result_fini(struct measure_result *result);

static inline struct measure_detail *measure_detail_of(
	const struct measure_result *result, unsigned int stream)
{
	unsigned int last = result->detail_count - 1;

	return &result->details[stream < last ? stream : last];
}

/* All streams taken together; extent_max, first_ns and last_ns are the outermost, jitter_ns the
 * largest. */
void measure_result_sum(const struct measure_result *result, struct measure_stream *ret);

/* All distributions taken together: measure_result.details of one. */
void measure_result_detail(const struct measure_result *result, struct measure_detail *ret);

#endif
