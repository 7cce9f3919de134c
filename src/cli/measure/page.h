/* page.h: the pages of --report of the command measure; nothing happens where none is wanted. */
#ifndef CLI_MEASURE_PAGE_H
#define CLI_MEASURE_PAGE_H

#include "cli/measure/course.h"
#include "cli/measure/rfc2544.h"

struct page;

/* What a page tells of frames that came. */
struct measure_findings {
	const struct measure_figures *figures;
	const struct measure_course *course;
	const struct histogram *sent_gaps; /* may be empty */
};

int measure_page(const struct measure_run *run, struct err *err);

/* Of two reports; where the frames arrived stands in the receiver's. */
int measure_page_merged(struct page *page, const struct measure_options *options,
	const struct measure_findings *findings, const struct json *received, struct err *err);
int rfc2544_page(const struct rfc2544 *b, struct err *err);

/* Puts where frames arrived, and by which engine; why may be NULL. */
void measure_page_received(
	struct page *page, const char *interface, const char *engine, const char *why);

/* Puts the charts of what was sent, came, was lost, and how long it took, over time; none of a run
 * that was over at once. */
void measure_page_course(struct page *page, const struct measure_course *course,
	const struct measure_figures *figures);

#endif
