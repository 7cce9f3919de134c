/* Lines of charts. Where there are more points than pixels, a line is the mean of each column of
 * them, over a band from the least to the most: a peak of one point stays. */
#include "render/chart_plot.h"

#include "base/buffer.h"

#include <math.h>

#define COLUMN 2 /* pixels */

const char *plot_dash(size_t index)
{
	static const char *const dashes[] = { "", " stroke-dasharray=\"7 4\"",
		" stroke-dasharray=\"2 3\"", " stroke-dasharray=\"9 3 2 3\"" };

	return dashes[index % (sizeof(dashes) / sizeof(dashes[0]))];
}

/* A point, or a column of them. */
struct column {
	double x, low, mean, high;
};

/* A line as it is drawn: run by run. */
struct drawn {
	const struct plot *plot;
	struct buffer line, band, back, dots;
	size_t run; /* points since the line began or was parted */
};

/* The points of one column of pixels; a mean that is not a number: there is none. Returns the index
 * after them. */
static size_t gather(
	const struct plot *plot, const struct chart_series *series, size_t from, struct column *ret)
{
	double x = floor(chart_place(&plot->x, series->points[from].x) / COLUMN), sum = 0;
	size_t count = 0, i;

	*ret = (struct column){ .low = INFINITY, .high = -INFINITY };
	for (i = from; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];

		if (floor(chart_place(&plot->x, point->x) / COLUMN) != x)
			break;
		if (isnan(point->y))
			continue;
		ret->low = fmin(ret->low, point->y);
		ret->high = fmax(ret->high, point->y);
		sum += point->y;
		count++;
	}
	ret->x = (x + 0.5) * COLUMN;
	ret->mean = count ? sum / (double)count : NAN;
	return i;
}

/* The band's lower edge, which is written backwards. */
static void put_back(struct drawn *drawn, double x, double y)
{
	struct buffer rest = drawn->back;

	drawn->back = (struct buffer){ 0 };
	buffer_printf(&drawn->back, "L%.1f,%.1f%s", x, y, buffer_text(&rest));
	buffer_fini(&rest);
}

static void put_column(struct drawn *drawn, const struct column *column, bool dense)
{
	const struct chart_scale *y = &drawn->plot->y;

	buffer_printf(&drawn->line, "%c%.2f,%.2f", drawn->run ? 'L' : 'M', column->x,
		chart_place(y, column->mean));
	if (dense) {
		buffer_printf(&drawn->band, "%c%.1f,%.1f", drawn->run ? 'L' : 'M', column->x,
			chart_place(y, column->high));
		put_back(drawn, column->x, chart_place(y, column->low));
	}
	drawn->run++;
}

/* A run of one point is a dot. */
static void end_run(struct drawn *drawn, const struct column *last)
{
	if (drawn->run == 1)
		buffer_printf(&drawn->dots,
			"<circle class=\"fill\" cx=\"%.2f\" cy=\"%.2f\" r=\"2.6\"/>\n", last->x,
			chart_place(&drawn->plot->y, last->mean));
	if (drawn->back.length)
		buffer_printf(&drawn->band, "%sZ", buffer_text(&drawn->back));
	buffer_clear(&drawn->back);
	drawn->run = 0;
}

void plot_put_line(const struct plot *plot, const struct chart_series *series, size_t index)
{
	struct drawn drawn = { .plot = plot };
	bool dense = (double)series->count * COLUMN > plot->right - plot->left;
	struct column column = { 0 };

	for (size_t i = 0; i < series->count;) {
		const struct chart_point *point = &series->points[i];
		struct column next = { .x = chart_place(&plot->x, point->x), .mean = point->y };

		i = dense ? gather(plot, series, i, &next) : i + 1;
		if (isnan(next.mean)) {
			end_run(&drawn, &column);
			continue;
		}
		column = next;
		put_column(&drawn, &column, dense);
	}
	end_run(&drawn, &column);
	if (drawn.band.length)
		buffer_printf(
			plot->out, "<path class=\"band\" d=\"%s\"/>\n", buffer_text(&drawn.band));
	if (drawn.line.length)
		buffer_printf(plot->out, "<path class=\"line\"%s d=\"%s\"/>\n%s", plot_dash(index),
			buffer_text(&drawn.line), buffer_text(&drawn.dots));
	buffer_fini(&drawn.line);
	buffer_fini(&drawn.band);
	buffer_fini(&drawn.back);
	buffer_fini(&drawn.dots);
}
