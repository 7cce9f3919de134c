/* What stands for the numbers of a chart, and what is told of them to who points there. */
#include "render/chart_plot.h"
#include "render/svg.h"

#include "base/buffer.h"

#include <math.h>
#include <string.h>

/* The lowest and narrowest that a bar of something is drawn, in pixels: one outlier among millions
 * is seen. */
#define BAR_LEAST 1.5

#define READINGS_MAX 100

/* ---- what is told ---- */

static void put_value(struct buffer *out, const struct chart_axis *axis, double value)
{
	struct buffer text = { 0 };

	chart_put_value(&text, axis->unit, axis->names, value);
	if (axis->noun) {
		buffer_printf(&text, " %s", axis->noun);
		/* "1 frame", but "1 frames/s". */
		if (value == 1 && !strchr(axis->noun, '/') && text.data[text.length - 1] == 's')
			text.data[--text.length] = '\0';
	}
	svg_escape(buffer_text(&text), out);
	buffer_fini(&text);
}

static void put_name(const struct plot *plot, const struct chart_series *series)
{
	if (plot->chart->series_count < 2)
		return;
	svg_escape(series->name, plot->out);
	buffer_printf(plot->out, ": ");
}

void plot_put_hint(
	const struct plot *plot, const struct chart_series *series, const struct chart_point *point)
{
	const struct chart *chart = plot->chart;

	buffer_printf(plot->out, "<title>");
	put_name(plot, series);
	put_value(plot->out, &chart->x, point->x);
	if ((series->look == CHART_BARS || series->look == CHART_STEPS) &&
		chart->x.unit != CHART_NAMES) {
		buffer_printf(plot->out, " to ");
		put_value(plot->out, &chart->x, point->end);
	}
	buffer_printf(plot->out, ": ");
	put_value(plot->out, &chart->y, point->y);
	if (series->look == CHART_SPANS) {
		buffer_printf(plot->out, " to ");
		put_value(plot->out, &chart->y, point->end);
		buffer_printf(plot->out, ", mean ");
		put_value(plot->out, &chart->y, point->mid);
	}
	buffer_printf(plot->out, "</title>");
}

/* ---- bars and outlines ---- */

static double height_of(const struct plot *plot, double y)
{
	double height = plot->bottom - chart_place(&plot->y, y);

	return y > 0 && height < BAR_LEAST ? BAR_LEAST : height;
}

static void put_bars(const struct plot *plot, const struct chart_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];
		double from = chart_place(&plot->x, point->x);
		double width = chart_place(&plot->x, point->end) - from;
		double height = height_of(plot, point->y);

		if (!(height > 0))
			continue;
		width = width > 4 ? width - 1 : width > BAR_LEAST ? width : BAR_LEAST;
		buffer_printf(plot->out,
			"<rect class=\"fill\" x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" "
			"height=\"%.2f\">",
			from, plot->bottom - height, width, height);
		plot_put_hint(plot, series, point);
		buffer_printf(plot->out, "</rect>\n");
	}
}

static void put_steps(const struct plot *plot, const struct chart_series *series)
{
	double end = NAN;

	buffer_printf(plot->out, "<path class=\"line\" d=\"");
	for (size_t i = 0; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];
		double from = chart_place(&plot->x, point->x);
		double top = plot->bottom - height_of(plot, point->y);

		if (!isnan(end) && from > end + 0.01)
			buffer_printf(plot->out, "V%.2f", plot->bottom);
		if (isnan(end) || from > end + 0.01)
			buffer_printf(plot->out, "M%.2f,%.2f", from, plot->bottom);
		end = chart_place(&plot->x, point->end);
		buffer_printf(plot->out, "V%.2fH%.2f", top, end);
	}
	buffer_printf(plot->out, "V%.2f\"/>\n", plot->bottom);
}

static void put_levels(const struct plot *plot, const struct chart_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];

		buffer_printf(plot->out, "<path class=\"level\" d=\"M%.2f,%.2fH%.2f\">",
			chart_place(&plot->x, point->x), chart_place(&plot->y, point->y),
			chart_place(&plot->x, point->end));
		plot_put_hint(plot, series, point);
		buffer_printf(plot->out, "</path>\n");
	}
}

static void put_spans(const struct plot *plot, const struct chart_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];
		double x = chart_place(&plot->x, point->x);

		buffer_printf(plot->out,
			"<g><path class=\"span\" d=\"M%.2f,%.2fV%.2f\"/>"
			"<circle class=\"fill\" cx=\"%.2f\" cy=\"%.2f\" r=\"4.5\"/>",
			x, chart_place(&plot->y, point->y), chart_place(&plot->y, point->end), x,
			chart_place(&plot->y, point->mid));
		plot_put_hint(plot, series, point);
		buffer_printf(plot->out, "</g>\n");
	}
}

void plot_put_series(const struct plot *plot, size_t index)
{
	const struct chart_series *series = &plot->chart->series[index];

	buffer_printf(plot->out, "<g class=\"k%zu\">\n", index % CHART_COLORS);
	switch (series->look) {
	case CHART_BARS:
		put_bars(plot, series);
		break;
	case CHART_STEPS:
		put_steps(plot, series);
		break;
	case CHART_LEVELS:
		put_levels(plot, series);
		break;
	case CHART_SPANS:
		put_spans(plot, series);
		break;
	case CHART_LINE:
		plot_put_line(plot, series, index);
		break;
	case CHART_DOTS:
		plot_put_dots(plot, series);
		break;
	case CHART_MISSES:
		plot_put_misses(plot, series);
		break;
	}
	buffer_printf(plot->out, "</g>\n");
}

/* ---- readings ---- */

/* Of the points of a line the one nearest to x. */
static const struct chart_point *nearest(
	const struct plot *plot, const struct chart_series *series, double x)
{
	size_t low = 0, high = series->count;

	while (low + 1 < high) {
		size_t middle = (low + high) / 2;

		if (chart_place(&plot->x, series->points[middle].x) <= x)
			low = middle;
		else
			high = middle;
	}
	if (low + 1 < series->count && chart_place(&plot->x, series->points[low + 1].x) - x <
					       x - chart_place(&plot->x, series->points[low].x))
		low++;
	return &series->points[low];
}

static void put_reading(const struct plot *plot, double from, double width)
{
	const struct chart *chart = plot->chart;
	bool first = true;

	buffer_printf(plot->out,
		"<rect class=\"read\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\"><title>",
		from, plot->top, width, plot->bottom - plot->top);
	for (size_t i = 0; i < chart->series_count; i++) {
		const struct chart_series *series = &chart->series[i];
		const struct chart_point *point;

		if (series->look != CHART_LINE || !series->count)
			continue;
		point = nearest(plot, series, from + width / 2);
		if (first)
			put_value(plot->out, &chart->x, point->x);
		buffer_printf(plot->out, first ? ": " : "; ");
		put_name(plot, series);
		if (isnan(point->y))
			buffer_printf(plot->out, "none");
		else
			put_value(plot->out, &chart->y, point->y);
		first = false;
	}
	buffer_printf(plot->out, "</title></rect>\n");
}

void plot_put_readings(const struct plot *plot)
{
	size_t most = 0;

	for (size_t i = 0; i < plot->chart->series_count; i++)
		if (plot->chart->series[i].look == CHART_LINE &&
			plot->chart->series[i].count > most)
			most = plot->chart->series[i].count;
	if (most > READINGS_MAX)
		most = READINGS_MAX;
	for (size_t i = 0; i < most; i++) {
		double width = (plot->right - plot->left) / (double)most;

		put_reading(plot, plot->left + (double)i * width, width);
	}
}
