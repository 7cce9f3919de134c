/* bench.h: for cmocka, a link's bench of its own for each test, as its state: the lab's pair made
 * anew, va to send on, vb read. */
#ifndef SUPPORT_BENCH_H
#define SUPPORT_BENCH_H

#include "base/err.h"
#include "link/interface.h"
#include "link/link.h"

#include "frames.h"

struct support_bench {
	struct support_frames frames;
	struct interface interface; /* va */
	struct link *link;	    /* the test's to open; closed after it */
	struct link_stats stats;
	struct err err;
	int reader; /* of vb; -1 where a test has closed it */
};

int support_bench_up(void **state);
int support_bench_down(void **state);

#endif
