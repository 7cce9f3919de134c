/* page.h: the pages of --report of the command measure; nothing happens where none is wanted. */
#ifndef CLI_MEASURE_PAGE_H
#define CLI_MEASURE_PAGE_H

#include "cli/measure/rfc2544.h"

struct page;

int measure_page(const struct measure_run *run, struct err *err);
int measure_page_merged(struct page *page, const struct measure_options *options,
	const struct measure_figures *figures, struct err *err);
int rfc2544_page(const struct rfc2544 *b, struct err *err);

/* Puts the charts of what was sent, came and was lost over time; none of a run that was over at
 * once. */
void measure_page_course(struct page *page, const struct measure_run *run);

#endif
