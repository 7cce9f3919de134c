/*
 * xdp_program.h: an XDP program that takes the frames of a measurement in: it knows them by their
 * signature, follows the sequence of each stream and fills histograms, all in one array map that
 * user space reads where it lies. Made in memory: nothing here asks the system.
 */
#ifndef MEASURE_XDP_PROGRAM_H
#define MEASURE_XDP_PROGRAM_H

#include "base/buffer.h"
#include "base/histogram.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct measure_result;

/* Cells for numbers of so many bits: the signature's time, and what a window counts. */
#define XDP_CELLS(bits)	 (((bits)-HISTOGRAM_EXACT_BITS + 2U) << (HISTOGRAM_EXACT_BITS - 1))
#define XDP_TIME_CELLS	 XDP_CELLS(48U)
#define XDP_EXTENT_CELLS XDP_CELLS(17U)

/* RFC 3550 A.1: what leaps ahead as far is taken for a fault, until another follows it closely. */
#define XDP_LEAP (1U << 20)

/* Sequences behind the highest, of which copies are told: a power of two, the more the fewer the
 * streams. */
#define XDP_WINDOW_MAX (1U << 16)

/* So many streams are looked through in no time. */
#define XDP_FEW 1024U

struct xdp_plan {
	unsigned int streams; /* at least 1 */
	unsigned int details; /* see measure_result */
	unsigned int window;
	unsigned int sample; /* the latency of one sequence in so many */
	bool shared;	     /* several processors may run it at once */
	bool same_clock;     /* see measure_engine_config */
	bool verify;	     /* checksums of IPv4, IPv6, UDP, TCP and ICMP */
	/* Octets of transport layer that most frames have: those are summed without a loop.
	 * 0: not known. */
	uint32_t transport;
	uint64_t clock; /* from CLOCK_MONOTONIC to CLOCK_REALTIME */
};

/* ---- the map's value: the head, a tally a stream, a detail each of the first streams ---- */

struct xdp_head {
	uint64_t foreign, damaged;
	uint64_t shift;	  /* see measure_result */
	uint64_t shifted; /* it is settled */
	uint64_t streams; /* no frame of a stream from this one on has come; of XDP_FEW or less it
			     is not looked at */
};

/* Behind it stand the window, a sequence in 32 bits each, and the log: half as many leaps. */
struct xdp_tally {
	uint64_t next;	 /* sequence; all 64 bits of it */
	uint64_t limit;	 /* no sequence is as high */
	uint64_t unique; /* frames that came first of their sequence */
	uint64_t octets;
	uint64_t duplicates, reordered, stale, corrupted, unchecked, batched;
	uint64_t leaps; /* of the sequence, each over some: in the log */
	uint64_t extent_max;
	uint64_t first_ns, last_ns;
	uint64_t time;	  /* of the last frame's signature */
	uint64_t latency; /* of the last frame */
	uint64_t jitter;  /* 16 times RFC 3550's */
	uint64_t strayed; /* the last sequence that leapt too far, in 32 bits; all ones: none */
	uint64_t ill;	  /* not 0: its frames are sent with wrong checksums */
	uint64_t noted;	  /* when the frame came from which a gap begins; 0: none does */
};

struct xdp_leap {
	uint32_t to;	  /* sequence */
	uint32_t arrival; /* how many of the stream's had come first of theirs before */
};

struct xdp_series {
	uint64_t min, max, sum; /* min: all ones while there is none */
};

struct xdp_detail {
	struct xdp_series latency, gaps, extents;
	uint64_t latency_cells[XDP_TIME_CELLS];
	uint64_t gap_cells[XDP_TIME_CELLS];
	uint64_t extent_cells[XDP_EXTENT_CELLS];
};

/* Fills in the details and the window, for so many streams. */
void xdp_plan_init(struct xdp_plan *plan, unsigned int streams);

size_t xdp_plan_size(const struct xdp_plan *plan); /* of the map's value, in octets */

/* Of a frame, what the plan's transport may be: as its network layer says; 0: it says nothing. */
uint32_t xdp_transport_length(const uint8_t *octets, uint32_t length);

/* The instructions. They load the map's address as patch/ebpf_code.h does: see bpfsys_load_code. */
void xdp_program(const struct xdp_plan *plan, struct buffer *code);

/* Makes the value (zeros) ready for a run. sent: see measure_engine_config. */
void xdp_memory_init(const struct xdp_plan *plan, void *memory, const uint64_t *sent);

/* The stream's checksums are wrong on purpose: its frames count as unchecked. */
void xdp_memory_set_ill(const struct xdp_plan *plan, void *memory, unsigned int stream);

/* Reads it out, while it may be written. */
void xdp_memory_read(const struct xdp_plan *plan, const void *memory, struct measure_result *ret);

/* The latencies of all streams, while they may be written: of their histogram the cells and count
 * alone. */
void xdp_memory_latencies(const struct xdp_plan *plan, const void *memory, struct histogram *ret);

/* For a look meanwhile: streams from this one on have had no frame yet. */
unsigned int xdp_memory_streams(const struct xdp_plan *plan, const void *memory);

const volatile struct xdp_head *xdp_memory_head(const void *memory);
const volatile struct xdp_tally *xdp_memory_tally(
	const struct xdp_plan *plan, const void *memory, unsigned int stream);

#endif
