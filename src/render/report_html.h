/*
 * report_html.h: what came of a run as one page of HTML that needs nothing else: no scripts, no
 * other files. Light or dark as its reader prefers, and light on paper. All text is escaped here.
 */
#ifndef RENDER_REPORT_HTML_H
#define RENDER_REPORT_HTML_H

#include "render/chart_kinds.h"
#include "render/render.h"

struct report_figure {
	const char *name, *value;
	const char *note; /* NULL for none */
	bool main;	  /* large, at the top */
};

struct report_table {
	const char *title;
	const char *note; /* NULL for none */
	const char *const *heads;
	size_t columns;
	const char *const *cells; /* rows * columns of them, row after row; NULL: empty */
	size_t rows;
	uint32_t numbers; /* a bit a column: its cells are numbers, and stand at the right */
};

enum report_verdict { REPORT_NONE, REPORT_GOOD, REPORT_BAD };

struct report {
	const char *kind;  /* the command: "pktsmith replay" */
	const char *title; /* what was sent: a template's or a file's name */
	const char *about; /* NULL for none */
	enum report_verdict verdict;
	const char *verdict_text;
	const struct report_figure *figures;
	size_t figure_count;
	const struct chart *charts;
	size_t chart_count;
	const struct chart_hop *hops; /* of a path; NULL: none was measured */
	size_t hop_count;
	const struct report_table *tables;
	size_t table_count;
	const struct render_named *frames; /* drawn up to REPORT_FRAMES_MAX */
	size_t frame_count;
	char *const *command; /* the words of the command line; a NULL ends them */
	const struct report_figure *environment; /* name and value */
	size_t environment_count;
};

#define REPORT_FRAMES_MAX 4

void render_report_html(const struct report *report, struct buffer *out);

/* A word as a shell reads it back: as it is, or quoted. Unprintable octets go as bash's $'\\x07'.
 */
void render_shell_word(const char *word, struct buffer *out);

#endif
