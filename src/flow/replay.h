/* replay.h: the frames of a capture file as a program that a run sends again, with its times. */
#ifndef FLOW_REPLAY_H
#define FLOW_REPLAY_H

#include "frame/compile.h"
#include "frame/rewrite.h"

#include <signal.h>

struct err;
struct filter;
struct replay;

/* What becomes of frames of which a snap length kept only a part. */
enum replay_cut {
	REPLAY_CUT_REFUSE, /* the file is refused */
	REPLAY_CUT_SEND,   /* what is there is sent */
	REPLAY_CUT_SKIP,   /* left out */
};

struct replay_config {
	const char *path;   /* pcap or pcapng, packed or not; "-" is standard input */
	const char *filter; /* pcap-filter(7): which frames; NULL for all */
	uint64_t limit;	    /* frames of a pass at most; 0: all */
	uint64_t loops;	    /* passes; 0 without end; of standard input 1 */
	double speed;	    /* the times between frames are divided by it; 0: there are none */
	enum fcs_way fcs;   /* NIC: a file's FCS is left out; else its own, where it has none the
			       right one */
	bool in_fcs;	    /* the file's frames end in their FCS, though it does not say so */
	enum replay_cut cut;
	const struct rewrite_rule *rules;
	unsigned int rule_count;
	bool repair;		     /* see frame_rewrite */
	const struct filter *second; /* frames that it takes leave by the second link; NULL: none */
	const volatile sig_atomic_t *stop; /* ends the reading; may be NULL */
};

struct replay_counts {
	uint64_t frames;    /* that were read, of all passes */
	uint64_t cut;	    /* of those the snap length cut, sent or left out */
	uint64_t rewritten; /* of those some field or checksum was changed in */
	uint64_t second;    /* of those for the second link */
	uint64_t span_ns;   /* from the first to the last frame of a pass, by the capture's times */
};

/* Opens the file. Borrows the config and all it points to. */
int replay_open(struct replay **ret, const struct replay_config *config, struct err *err);
void replay_close(struct replay *replay); /* NULL is harmless */

/* Reads a pass into memory; the program is then that pass. An empty file is ERR_INPUT. */
int replay_load(struct replay *replay, struct err *err);

/* Instead of replay_load: a struct send_config's prepare; the program has SEND_CHUNK frames then,
 * made anew as the run goes. */
int replay_prepare(
	void *context, uint64_t first, uint64_t count, uint64_t *ret_gap_ns, struct err *err);

/* Lives as long as replay. */
const struct patch_program *replay_program(const struct replay *replay);
const uint8_t *replay_sides(const struct replay *replay); /* 1: by the second link */
const struct replay_counts *replay_counts(const struct replay *replay);

#endif
