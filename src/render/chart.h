/*
 * chart.h: pictures of measurements. A chart is plain data; it is drawn as a <figure> of HTML with
 * an SVG for wide and one for narrow pages in it, which report_html.h puts into a page, and which
 * needs chart_style once a page.
 */
#ifndef RENDER_CHART_H
#define RENDER_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct buffer;

/* What a number on an axis is. */
enum chart_unit {
	CHART_COUNT,	/* frames, samples: 1 k, 2 M */
	CHART_NS,	/* nanoseconds: told as ns, us, ms, s, min, h */
	CHART_SHARE,	/* 0 to 1: told in per cent */
	CHART_QUANTILE, /* 1 / (1 - p), which spreads what is close to 100 % */
	CHART_OCTETS,
	CHART_NAMES, /* 0, 1, ...: told by the axis's names */
};

struct chart_axis {
	const char *title; /* what is measured; with the unit where the ticks do not say it */
	enum chart_unit unit;
	const char *noun; /* what follows a number elsewhere: "frames/s"; NULL: nothing */
	bool log;	  /* numbers of 0 and below stand at the low end */
	/* Of CHART_NAMES, one a number. */
	const char *const *names;
	size_t name_count;
	double low, high; /* what must be on it besides the points; both 0: nothing */
};

enum chart_look {
	CHART_BARS,   /* from x to end, as high as y */
	CHART_STEPS,  /* the same as an outline */
	CHART_LEVELS, /* a line from x to end at y */
	CHART_SPANS,  /* at x from y to end, with a dot at mid: least, most and mean */
	CHART_LINE,   /* through the points; one whose y is not a number parts it */
	CHART_DOTS,   /* a dot a point; very many become a map of how dense they are */
	CHART_MISSES, /* a mark at the lower edge a point, in the colour of what failed */
};

struct chart_point {
	double x, y, end, mid; /* end and mid: see enum chart_look */
};

struct chart_series {
	const char *name; /* in the legend, with more than one series */
	enum chart_look look;
	const struct chart_point *points; /* x does not fall */
	size_t count;
};

/* A line across, with a word beside it: "p99". */
struct chart_line {
	double x;
	const char *label;
};

struct chart {
	const char *title;
	const char *note; /* a sentence below the title; NULL for none */
	struct chart_axis x, y;
	const struct chart_series *series;
	size_t series_count;
	const struct chart_line *lines;
	size_t line_count;
	bool wide; /* as wide as the page */
};

/* Appends the figure. A chart whose series have no points says so in place of a plot. */
void chart_draw(const struct chart *chart, struct buffer *out);

/* The rules of CSS that figures need, with both palettes as variables of :root. */
void chart_style(struct buffer *out);

/* A number with its unit, to four digits: "20.35 us", "1,234", "0.0012 %", "99.9 %". names: of
 * CHART_NAMES. */
void chart_put_value(
	struct buffer *out, enum chart_unit unit, const char *const *names, double value);

/* Series beyond this share colours with the first ones. */
#define CHART_COLORS 8

#endif
