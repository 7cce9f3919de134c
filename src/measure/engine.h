/* engine.h: who receives in a measurement: libpcap, or a program in the kernel. */
#ifndef MEASURE_ENGINE_H
#define MEASURE_ENGINE_H

#include "measure/result.h"
#include "wire/signature.h"

struct err;
struct measure_check;
struct measure_engine;

struct measure_engine_config {
	const char *interface;
	/* Frames of streams from this one on are not ours: `damaged`. At least 1. */
	unsigned int streams;
	/* How many frames the sender sends of each stream, where that is known: higher sequences
	 * are `damaged`. NULL: not known. Borrowed until close. */
	const uint64_t *sent;
	/* What tells whether frames came as they were sent; NULL: not looked at. Borrowed until
	 * close. */
	struct measure_check *check;
	unsigned int sample;	 /* the latency of one frame in so many; at least 1 */
	unsigned int buffer_kib; /* of the capture's ring; 0: the engine's own choice */
	bool promiscuous;
	bool native; /* xdp: in the driver, or not at all */
	/* The sender reads the same clock: latencies are what they are. Else one that the clock
	 * belies is told by way of measure_result.shift_ns. */
	bool same_clock;
};

/* Where clocks disagree, the first frame's latency counts as this. */
#define MEASURE_SHIFT_NS 1000000
/* Latencies up to this may be, between clocks that were set by the same time. */
#define MEASURE_BELIEVED_NS 1000000000

/* Of all streams, so far. */
struct measure_totals {
	uint64_t received, unique, duplicates, reordered, corrupted, damaged;
	uint64_t dropped;    /* see measure_result */
	uint64_t due;	     /* sequences that came, or that a later one has overtaken */
	uint64_t latency_ns; /* of a frame that came lately, as measure_result has it; 0: of none */
	int64_t shift_ns;    /* see measure_result */
};

/* An engine: const rows of functions. One thread at a time calls them, but for close maybe the one
 * that receives. */
struct measure_engine_ops {
	const char *name; /* "pcap", "xdp" */
	/* Receives from here on: what is sent after it returns is seen. */
	int (*open)(struct measure_engine **ret, const struct measure_engine_config *config,
		struct err *err);
	/* Takes in what has come, for timeout_ms at most; returns earlier where there was much. The
	 * interface went down or away: a negative errno with *err. */
	int (*poll)(struct measure_engine *engine, int timeout_ms, struct err *err);
	/* Cheap: called about every 10 ms, between polls. */
	int (*totals)(struct measure_engine *engine, struct measure_totals *ret, struct err *err);
	/* The latencies of all streams, so far. Called about every 100 ms, between polls. */
	void (*latencies)(struct measure_engine *engine, struct histogram *ret);
	/* All that came, after the last poll. ret was made by measure_result_init for at least
	 * config->streams. */
	int (*results)(struct measure_engine *engine, struct measure_result *ret, struct err *err);
	void (*close)(struct measure_engine *engine); /* frees it; NULL is harmless */
};

/* Every engine's own struct begins with this. */
struct measure_engine {
	const struct measure_engine_ops *ops;
};

extern const struct measure_engine_ops measure_engine_pcap;
extern const struct measure_engine_ops measure_engine_xdp;

#endif
