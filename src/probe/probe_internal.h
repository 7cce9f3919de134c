/* probe_internal.h: a run of probes, and how they are sent: what the files of src/probe that run
 * them share. */
#ifndef PROBE_PROBE_INTERNAL_H
#define PROBE_PROBE_INTERNAL_H

#include "probe/outstanding.h"
#include "probe/parts.h"
#include "probe/probe.h"
#include "probe/whole.h"

struct probing {
	const struct probe_config *config;
	uint64_t timeout_ns;
	struct probe_report *report;
	struct outstanding outstanding;
	struct probe_part *parts; /* of the program's frames; NULL: each is a probe */
	struct whole *whole;
	struct pace pace;
	uint64_t start, now; /* by the clock */
	uint64_t horizon;    /* what arrived before it has been looked at */
	uint64_t progress_at;
	bool ends; /* nothing is sent any more, or waited for */
};

/* ---- sending.c ---- */

/* The datagram has begun: its rest is neither held up nor left out. */
bool probing_goes_on(const struct probing *p, uint64_t index);

bool probing_all_sent(const struct probing *p);

/* 1: some were sent. */
int probing_send_due(struct probing *p, struct err *err);

/* The very same frame, with all of its datagram. Where it is refused, it is as if it were lost. */
int probing_send_again(
	struct probing *p, struct probe_record *record, uint64_t number, struct err *err);

#endif
