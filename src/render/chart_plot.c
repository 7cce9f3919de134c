/* Lays a chart out: scales, ticks and labels, none of which overlap or leave the picture. */
#include "render/chart_plot.h"
#include "render/svg.h"

#include "base/buffer.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define EDGE	    4  /* what is free around the picture */
#define TICK	    6  /* between the plot and its labels */
#define LINE_HEIGHT 15 /* of a row of text */
#define Y_TICK	    42 /* pixels that a tick of the y axis should have */
#define X_TICK	    56

/* ---- scales ---- */

static void widen(double value, double *low, double *high)
{
	if (isnan(value))
		return;
	if (value < *low)
		*low = value;
	if (value > *high)
		*high = value;
}

static void init_scales(struct plot *plot)
{
	const struct chart *chart = plot->chart;
	double x_low = INFINITY, x_high = -INFINITY, y_low = INFINITY, y_high = -INFINITY;

	for (size_t i = 0; i < chart->series_count; i++) {
		const struct chart_series *series = &chart->series[i];
		bool ranges = series->look == CHART_BARS || series->look == CHART_STEPS ||
			      series->look == CHART_LEVELS;

		for (size_t j = 0; j < series->count; j++) {
			const struct chart_point *point = &series->points[j];

			widen(point->x, &x_low, &x_high);
			if (ranges)
				widen(point->end, &x_low, &x_high);
			if (series->look != CHART_MISSES)
				widen(point->y, &y_low, &y_high);
			if (series->look == CHART_SPANS)
				widen(point->end, &y_low, &y_high);
		}
	}
	for (size_t i = 0; i < chart->line_count; i++)
		widen(chart->lines[i].x, &x_low, &x_high);
	chart_scale_init(&plot->x, &chart->x, x_low, x_high, false);
	chart_scale_init(&plot->y, &chart->y, y_low, y_high, true);
}

/* ---- labels ---- */

static double clamp(double value, double low, double high)
{
	return value < low ? low : value > high ? high : value;
}

/* Where a tick's label has its middle: over its tick, or as near as the picture's edge allows. */
static double label_middle(const struct plot *plot, unsigned int tick, double width)
{
	return clamp(chart_place(&plot->x, plot->x_ticks.at[tick]), EDGE + width / 2,
		plot->width - EDGE - width / 2);
}

/* Takes the words of labels that the one before leaves no room for; whether it took any. */
static bool thin_x_labels(struct plot *plot)
{
	double end = -CHART_GAP;
	bool thinned = false;

	for (unsigned int i = 0; i < plot->x_ticks.count; i++) {
		double width = chart_text_width(plot->x_ticks.label[i]);
		double middle = label_middle(plot, i, width);

		if (middle - width / 2 < end + CHART_GAP) {
			plot->x_ticks.label[i][0] = '\0';
			thinned = true;
		} else {
			end = middle + width / 2;
		}
	}
	return thinned;
}

/* Names are cut to what is between them, unless that is nothing. */
static void fit_names(struct plot *plot, const struct chart_axis *axis)
{
	double between = (plot->right - plot->left) / (double)plot->x_ticks.count - CHART_GAP;

	for (unsigned int i = 0; i < plot->x_ticks.count; i++) {
		const char *name = axis->names[(size_t)plot->x_ticks.at[i]];
		struct buffer fitting = { 0 };

		chart_fit(name, between > X_TICK ? between : X_TICK, &fitting);
		snprintf(plot->x_ticks.label[i], CHART_LABEL, "%s", buffer_text(&fitting));
		buffer_fini(&fitting);
	}
}

static void init_x_ticks(struct plot *plot)
{
	unsigned int wanted = (unsigned int)((plot->right - plot->left) / X_TICK);

	if (plot->x.unit == CHART_NAMES) {
		chart_ticks(&plot->x, CHART_TICKS_MAX, &plot->x_ticks);
		fit_names(plot, &plot->chart->x);
		thin_x_labels(plot);
		return;
	}
	for (wanted = wanted > 4 ? wanted : 4; wanted >= 2; wanted--) {
		chart_ticks(&plot->x, wanted, &plot->x_ticks);
		if (!thin_x_labels(plot))
			return;
	}
}

/* ---- lines across ---- */

static int by_x(const void *a, const void *b)
{
	const struct chart_placed *left = a, *right = b;

	return (left->x > right->x) - (left->x < right->x);
}

/*
 * A label stands at the right of its line, and above those of the lines that it reaches over: so no
 * line runs through a label.
 */
static void place_lines(struct plot *plot)
{
	plot->line_rows = 0;
	for (unsigned int i = 0; i < plot->line_count; i++)
		plot->lines[i].x = chart_place(&plot->x, plot->lines[i].at);
	qsort(plot->lines, plot->line_count, sizeof(plot->lines[0]), by_x);
	for (unsigned int i = plot->line_count; i-- > 0;) {
		struct chart_placed *line = &plot->lines[i];

		line->row = 0;
		for (unsigned int j = i + 1; j < plot->line_count; j++)
			if (plot->lines[j].x < line->x + line->width + CHART_GAP + TICK &&
				plot->lines[j].row >= line->row)
				line->row = plot->lines[j].row + 1;
		if (line->row >= plot->line_rows)
			plot->line_rows = line->row + 1;
	}
}

/* By how much labels reach out of the picture at the right. */
static double reach(const struct plot *plot)
{
	double over = 0;

	for (unsigned int i = 0; i < plot->line_count; i++) {
		const struct chart_placed *line = &plot->lines[i];

		if (!line->left)
			over = fmax(
				over, line->x + CHART_GAP / 2.0 + line->width + EDGE - plot->width);
	}
	return over;
}

/* The last label may stand at the left of its line: in its row where nothing else reaches, else
 * above all others, where their lines do not. */
static void flip_last(struct plot *plot)
{
	struct chart_placed *last = &plot->lines[plot->line_count - 1];
	double start = last->x - last->width - CHART_GAP;
	bool apart = true;

	if (start < EDGE)
		return;
	for (unsigned int i = 0; i + 1 < plot->line_count; i++)
		apart &= plot->lines[i].x + plot->lines[i].width + CHART_GAP + TICK <= start;
	last->left = true;
	if (!apart)
		last->row = plot->line_rows++;
}

/* Makes room at the right for labels that reach out there. */
static void init_lines(struct plot *plot)
{
	const struct chart *chart = plot->chart;

	for (size_t i = 0; i < chart->line_count && i < CHART_LINES_MAX; i++)
		plot->lines[plot->line_count++] = (struct chart_placed){ .at = chart->lines[i].x,
			.width = chart_text_width(chart->lines[i].label),
			.label = chart->lines[i].label };
	place_lines(plot);
	if (reach(plot) <= 0)
		return;
	flip_last(plot);
	if (reach(plot) <= 0)
		return;
	plot->lines[plot->line_count - 1].left = false;
	plot->right -= reach(plot);
	plot->x.to = plot->right;
	place_lines(plot);
}

void plot_init(struct plot *plot, const struct chart *chart, double width, double height,
	struct buffer *out)
{
	double label = 0;

	*plot = (struct plot){ .chart = chart, .out = out, .width = width, .height = height };
	init_scales(plot);
	plot->bottom = height - EDGE - 2 * LINE_HEIGHT - TICK;
	plot->right = width - 3 * EDGE;
	chart_scale_round(&plot->y, (unsigned int)(height / Y_TICK));
	chart_ticks(&plot->y, (unsigned int)(height / Y_TICK), &plot->y_ticks);
	for (unsigned int i = 0; i < plot->y_ticks.count; i++)
		label = fmax(label, chart_text_width(plot->y_ticks.label[i]));
	plot->left = EDGE + label + TICK;
	plot->x.from = plot->left;
	plot->x.to = plot->right;
	init_lines(plot);
	plot->top = EDGE + 2 * LINE_HEIGHT + plot->line_rows * LINE_HEIGHT;
	plot->y.from = plot->bottom;
	plot->y.to = plot->top;
	init_x_ticks(plot);
}

/* ---- drawing ---- */

static void put_text(const struct plot *plot, double x, double y, const char *anchor,
	const char *class, const char *words)
{
	buffer_printf(
		plot->out, "<text x=\"%.1f\" y=\"%.1f\"%s class=\"%s\">", x, y, anchor, class);
	svg_escape(words, plot->out);
	buffer_printf(plot->out, "</text>\n");
}

static void put_title(const struct plot *plot, double x, double y, const char *anchor, double width,
	const char *words)
{
	struct buffer fitting = { 0 };

	chart_fit(words, width, &fitting);
	put_text(plot, x, y, anchor, "name", buffer_text(&fitting));
	buffer_fini(&fitting);
}

static void put_grid(const struct plot *plot)
{
	buffer_printf(plot->out, "<path class=\"grid\" d=\"");
	for (unsigned int i = 0; i < plot->y_ticks.count; i++)
		buffer_printf(plot->out, "M%.1f,%.1fH%.1f", plot->left,
			chart_place(&plot->y, plot->y_ticks.at[i]), plot->right);
	buffer_printf(plot->out, "\"/>\n<path class=\"axis\" d=\"M%.1f,%.1fH%.1f", plot->left,
		plot->bottom, plot->right);
	for (unsigned int i = 0; i < plot->x_ticks.count && plot->x.unit != CHART_NAMES; i++)
		buffer_printf(plot->out, "M%.1f,%.1fv4", chart_place(&plot->x, plot->x_ticks.at[i]),
			plot->bottom);
	buffer_printf(plot->out, "\"/>\n");
}

void plot_put_axes(const struct plot *plot)
{
	double below = plot->bottom + TICK + CHART_TEXT;
	double end = plot->top;

	put_grid(plot);
	for (unsigned int i = plot->y_ticks.count; i-- > 0;) {
		double y = chart_place(&plot->y, plot->y_ticks.at[i]);

		/* From the top, so that it is the lower of two close ones that goes. */
		if (i + 1 < plot->y_ticks.count && y < end + LINE_HEIGHT)
			continue;
		put_text(plot, plot->left - TICK, y + 4, " text-anchor=\"end\"", "tick",
			plot->y_ticks.label[i]);
		end = y;
	}
	for (unsigned int i = 0; i < plot->x_ticks.count; i++) {
		const char *label = plot->x_ticks.label[i];

		if (*label)
			put_text(plot, label_middle(plot, i, chart_text_width(label)), below,
				" text-anchor=\"middle\"", "tick", label);
	}
	put_title(plot, EDGE, EDGE + CHART_TEXT, "", plot->width - 2 * EDGE, plot->chart->y.title);
	put_title(plot, (plot->left + plot->right) / 2, below + LINE_HEIGHT + 1,
		" text-anchor=\"middle\"", plot->right - plot->left, plot->chart->x.title);
}

void plot_put_lines(const struct plot *plot)
{
	for (unsigned int i = 0; i < plot->line_count; i++) {
		const struct chart_placed *line = &plot->lines[i];
		double y = plot->top - TICK - line->row * LINE_HEIGHT;

		buffer_printf(plot->out, "<path class=\"mark\" d=\"M%.1f,%.1fV%.1f\"/>\n", line->x,
			y - CHART_TEXT + 2, plot->bottom);
		if (line->left)
			put_text(plot, line->x - CHART_GAP / 2.0, y, " text-anchor=\"end\"",
				"label", line->label);
		else
			put_text(plot, line->x + CHART_GAP / 2.0, y, "", "label", line->label);
	}
}
