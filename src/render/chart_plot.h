/* chart_plot.h: a chart laid out for one width, and its parts; for render's own files. */
#ifndef RENDER_CHART_PLOT_H
#define RENDER_CHART_PLOT_H

#include "render/chart_scale.h"

#define CHART_TEXT	11 /* size of all text in a plot, in pixels */
#define CHART_GAP	8  /* at least so much is between two labels of a row */
#define CHART_LINES_MAX 8

/* Where the label of a line stands: row 0 is next to the plot. */
struct chart_placed {
	double at; /* the number */
	double x;  /* of the line, in pixels */
	double width;
	unsigned int row;
	bool left; /* of the line, not right */
	const char *label;
};

struct plot {
	const struct chart *chart;
	struct buffer *out;
	double width, height;		 /* of the picture */
	double left, right, top, bottom; /* of the plot in it */
	struct chart_scale x, y;
	struct chart_ticks x_ticks, y_ticks;
	struct chart_placed lines[CHART_LINES_MAX]; /* from left to right */
	unsigned int line_count, line_rows;
};

/* An estimate that no usual font exceeds, in pixels at CHART_TEXT. */
double chart_text_width(const char *text);

/* The text, or as much of it as fits in a width, and an ellipsis. */
void chart_fit(const char *text, double width, struct buffer *out);

void plot_init(struct plot *plot, const struct chart *chart, double width, double height,
	struct buffer *out);

/* Grid, ticks, their labels and the axes' titles; what stands below the series, and above. */
void plot_put_axes(const struct plot *plot);
void plot_put_lines(const struct plot *plot);

/* A series' marks, with what they say to who points at them. */
void plot_put_series(const struct plot *plot, size_t index);

/* Their parts: by look. */
void plot_put_hint(const struct plot *plot, const struct chart_series *series,
	const struct chart_point *point);
void plot_put_line(const struct plot *plot, const struct chart_series *series, size_t index);
void plot_put_dots(const struct plot *plot, const struct chart_series *series);
void plot_put_misses(const struct plot *plot, const struct chart_series *series);

/* Columns over the plot that say what the lines are at their x. */
void plot_put_readings(const struct plot *plot);

/* The dash of a series' line: " stroke-dasharray=..." or "". */
const char *plot_dash(size_t index);

#endif
