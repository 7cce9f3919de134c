/* page.h: --report FILE: a page of HTML that says what a command did, written whole or not at all.
 */
#ifndef CLI_PAGE_H
#define CLI_PAGE_H

#include "cli/convert/convert.h"
#include "cli/transmit/transmit.h"
#include "render/report_html.h"

#define PAGE_CHARTS	 12U
#define PAGE_FIGURES	 40U
#define PAGE_TABLES	 8U
#define PAGE_ENVIRONMENT 10U

/* Caller's storage. */
struct page {
	struct newfile file;
	bool open;
	char *const *words; /* of the command line */
	struct arena arena; /* of all that the page holds */
	struct report report;
	struct report_figure environment[PAGE_ENVIRONMENT];
	struct report_figure figures[PAGE_FIGURES];
	struct chart charts[PAGE_CHARTS];
	struct report_table tables[PAGE_TABLES];
};

/* Before the options are read, which changes the order of argv. */
void page_init(struct page *page, int argc, char **argv);
void page_fini(struct page *page); /* what was not written is not there */

/* A usage error where --report does not go with what else wants standard output: NULL for an option
 * that was not said. */
void page_check(struct argp_state *state, const char *path, const char *write, bool json);

/* Begins the file, "-" for standard output, and asks what system this is. Before privileges are
 * dropped. path NULL: nothing is wanted, and nothing happens here or in page_write. */
int page_open(struct page *page, const char *path, const char *kind, struct err *err);

/* Capabilities that page_write needs: a mask for cli_drop_privileges. */
uint64_t page_privileges(const struct page *page);

/* Whether standard output is the page's, so that no other report may go there. */
bool page_takes_stdout(const struct page *page);

/* ---- what stands in it; what is beyond its room is left out ---- */

/* A line of the environment: "sent on", and the interface's name, driver, MTU and MAC. */
void page_put_interface(struct page *page, const char *what, const struct interface *interface);
void page_put_environment(struct page *page, const char *name, const char *value);

/* A figure; main ones stand at the top. note may be NULL; name is borrowed. */
void page_put_figure(
	struct page *page, bool main, const char *name, const char *value, const char *note);

struct chart *page_chart(struct page *page);	    /* never NULL: the last one is used again */
struct report_table *page_table(struct page *page); /* the same */

/* The text that a buffer holds, as the page's own; fini's the buffer. */
const char *page_keep(struct page *page, struct buffer *text);

/* "12 of 200", "1,234": numbers as people read them, the page's own. */
const char *page_count(struct page *page, uint64_t count);
const char *page_time(struct page *page, double ns);
const char *page_scaled(struct page *page, double value, const char *unit); /* "4.80 Mbit/s" */
const char *page_share(struct page *page, uint64_t part, uint64_t all); /* NULL where all is 0 */

/* The figures of what left, the tiles first; the charts of its rates; and those of gaps, with their
 * figures: samples that are not empty. */
void page_put_sent(
	struct page *page, const struct transmit *transmit, const struct transmit_outcome *outcome);
void page_put_rates(struct page *page, const struct transmit_outcome *outcome);
void page_put_gaps(struct page *page, const struct chart_sample *samples, size_t count);

/* Frames of the program, as they look at first. */
void page_put_frames(struct page *page, const struct patch_program *program);

/* Writes it. */
int page_write(struct page *page, struct err *err);

#endif
