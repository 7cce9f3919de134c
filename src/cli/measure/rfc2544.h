/* rfc2544.h: what the benchmarks found, and how it is told. */
#ifndef CLI_MEASURE_RFC2544_H
#define CLI_MEASURE_RFC2544_H

#include "cli/measure/measure.h"
#include "measure/rfc2544.h"

#define RFC2544_STEPS 10U

struct rfc2544_trial {
	unsigned int tenths;   /* of the highest rate: of loss */
	double asked, offered; /* frames a second */
	uint64_t sent, received, lost;
	uint64_t seconds_ns;
	uint64_t dropped; /* by the receiver itself */
	struct measure_row latency;
	bool passed;
};

struct rfc2544_row {
	uint32_t size; /* octets, FCS counted */
	double max;    /* frames a second: the medium's, or the sender's */
	double found;  /* frames a second; of back-to-back frames */
	bool limited;  /* by the sender, or by how long the trial is: there may be more */
	unsigned int trials;
	struct rfc2544_trial best; /* the last that passed; of latency the one that was measured */
	struct rfc2544_trial steps[RFC2544_STEPS]; /* of loss: trials of them */
};

struct rfc2544 {
	struct measure_options *options;
	struct measure_run run; /* of the trial */
	uint32_t size;
	const uint32_t *sizes;
	uint32_t own_sizes[64];
	unsigned int count, done; /* sizes, rows */
	struct rfc2544_row *rows;
	bool receiver_dropped;
};

/* The table, or JSON; an exit status. */
int rfc2544_print(const struct rfc2544 *b);

#endif
