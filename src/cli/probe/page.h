/* page.h: the page of --report of the command probe; nothing happens where none is wanted. */
#ifndef CLI_PROBE_PAGE_H
#define CLI_PROBE_PAGE_H

#include "cli/page.h"
#include "cli/probe/probe.h"

/* Probes that a chart has dots of. */
#define PROBE_PAGE_MAX (1U << 20)

/* What is kept for it, as it comes. */
struct probe_page {
	struct page *page;
	enum probe_shape shape;
	double *rtt; /* of each probe, in nanoseconds; NAN where it was not answered, -1 where the
			time is not known */
	size_t count, room;
	const char **cells; /* of the table */
	size_t rows;
	struct chart_hop *hops;
};

void probe_page_answer(
	struct probe_page *p, const struct probe_target *target, const struct probe_answer *answer);
void probe_page_lost(struct probe_page *p, const struct probe_target *target, uint64_t number);

/* stands: the answer is yes. */
int probe_page_write(struct probe_page *p, const struct probe_plan *plan,
	const struct interface *interface, const struct probe_outcome *outcome, bool stands,
	struct err *err);
void probe_page_fini(struct probe_page *p);

#endif
