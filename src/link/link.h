/* link.h: moves whole Ethernet frames; knows no protocol. */
#ifndef LINK_LINK_H
#define LINK_LINK_H

#include "patch/runner.h"

struct err;
struct interface;
struct link;

#define LINK_ERRORS_MAX 8

/*
 * Counters that do not lie. A frame is sent only when the kernel took it, or when all of it was
 * written to the file: one that waits in a buffer is neither yet. queued = sent + failed once the
 * link is drained; before, some may be on their way.
 */
struct link_stats {
	uint64_t queued;
	uint64_t sent;
	uint64_t failed;
	uint64_t bytes; /* octets of the frames sent, an FCS of ours counted */
	struct {
		int error; /* errno; 0 closes the list */
		uint64_t count;
	} errors[LINK_ERRORS_MAX]; /* why frames failed; the last row takes what finds no room */
};

/* A backend: const rows of functions. A wrapper's struct link holds an inner one. */
struct link_ops {
	const char *name; /* as reports say it: "packet", "file", "memory", "record" */
	int (*run)(struct link *link, struct patch_runner *runner, uint64_t first, uint64_t count,
		struct err *err);
	void (*stats)(const struct link *link, struct link_stats *ret);
	int (*drain)(struct link *link, struct err *err); /* see link_drain; NULL: none waits */
	/* See link_chunk; NULL: few at once are as cheap. */
	uint64_t (*chunk)(const struct link *link, uint64_t ns);
	uint64_t (*spread)(const struct link *link);	  /* see link_spread; NULL: all of it */
	int (*close)(struct link *link, struct err *err); /* frees link, also on failure */
};

/* Slots that a backend has at hand: frames that it may have ready at once. */
#define LINK_SLOTS 64

/* Every backend's own struct begins with this. A wrapper may have its inner link tell it of each
 * frame that was sent, in order; took is NULL where nobody listens. */
struct link {
	const struct link_ops *ops;
	void (*took)(void *context, const struct patch_slot *slot);
	void *took_context;
	struct patch_runner runner; /* of the program that ran last, see link_run */
	bool stuck;		    /* a drain was in vain: close does not wait again */
};

/*
 * Hands frames first to first + count - 1 of the program to the link, in order. 0: all were queued,
 * though some may have been refused (see stats): a frame over the MTU does not stop the next.
 * Negative errno with *err: the link cannot go on (interface down or gone, no carrier, disk full).
 * The frame that met the error is counted as failed with its errno; those after it were not handed
 * over and are not counted as queued.
 *
 * What making the frames takes is kept from one run of a program to the next: a program that varies
 * must live and stay as it is until the link is closed, or has run another one.
 */
int link_run(struct link *link, const struct patch_program *program, uint64_t first, uint64_t count,
	struct err *err);
/*
 * How many frames the link wants in one link_run, where that matters to it: each run has a cost of
 * its own. At most what it thinks to be done with in ns. 0: any number will do.
 */
uint64_t link_chunk(const struct link *link, uint64_t ns);

/* In how much of the ns that the last link_run took its frames left: a link may work before the
 * first and after the last of them. */
uint64_t link_spread(const struct link *link, uint64_t ns);

void link_stats(const struct link *link, struct link_stats *ret);
const char *link_name(const struct link *link);

/*
 * Waits until all that was queued is out or counted as failed: queued = sent + failed then, and
 * what another link sends next comes after it. A device that holds it back for too long is
 * -ETIMEDOUT, and close then says no more of it.
 */
int link_drain(struct link *link, struct err *err);

/* Drains, flushes files, frees link. NULL is harmless. */
int link_close(struct link *link, struct err *err);

/* For backends: count frames refused with an errno; count frames sent and tell who listens. */
void link_stats_fail(struct link_stats *stats, int error, uint64_t count);
void link_took(struct link *link, struct link_stats *stats, const struct patch_slot *slots,
	unsigned int count);

/*
 * A pcap file, nanosecond time (the wall clock's at the writing, never going back). "-" is standard
 * output. with_fcs marks the link type as Ethernet with 4 FCS octets: every frame must then have
 * own_fcs, one that has not is refused with EINVAL, as nothing here computes an FCS. Without
 * with_fcs the FCS of a frame that has its own is left out. What a run wrote is flushed at its end.
 */
int link_file_open(struct link **ret, const char *path, bool with_fcs, struct err *err);

/* Keeps copies of the frames in memory, for tests. */
int link_memory_open(struct link **ret);
size_t link_memory_count(const struct link *link);
const uint8_t *link_memory_frame(const struct link *link, size_t index, size_t *length);

/*
 * Runs inner, and writes each frame that it sent to a pcap file, exactly those, with the time at
 * which inner said so (for a batch of sendmmsg, its end); with_fcs as in link_file_open, a frame
 * without an FCS of its own ends the run with -EINVAL. The counters are inner's: a frame that left
 * stays sent when the record of it fails, and the run then ends within a batch. Written through a
 * buffer of 1 MiB, flushed at close. Owns inner from here on; on failure it stays the caller's.
 */
int link_record_open(
	struct link **ret, struct link *inner, const char *path, bool with_fcs, struct err *err);

#endif
