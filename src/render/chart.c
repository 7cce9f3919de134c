/* Draws a chart as a figure: its title, a legend, and a picture for each width of page. */
#include "render/chart_plot.h"
#include "render/svg.h"

#include "base/buffer.h"

struct size {
	const char *class;
	double width, height;
};

/* Text is as large in each; the style shows the one that suits the page. */
static const struct size sizes[] = {
	{ "small", 340, 240 },
	{ "medium", 540, 280 },
	{ "large", 1104, 280 },
};

static const char *shape_of(enum chart_look look)
{
	switch (look) {
	case CHART_BARS:
		return "<rect class=\"fill\" x=\"1\" y=\"1\" width=\"20\" height=\"10\"";
	case CHART_LEVELS:
		return "<path class=\"level\" d=\"M1,6H21\"";
	case CHART_SPANS:
	case CHART_DOTS:
		return "<circle class=\"fill\" cx=\"11\" cy=\"6\" r=\"4\"";
	case CHART_MISSES:
		return "<path class=\"miss\" d=\"M11,1v10\"";
	default:
		return "<path class=\"line\" d=\"M1,6H21\"";
	}
}

static void put_legend(const struct chart *chart, struct buffer *out)
{
	if (chart->series_count < 2)
		return;
	buffer_printf(out, "<ul class=\"legend\">\n");
	for (size_t i = 0; i < chart->series_count; i++) {
		const struct chart_series *series = &chart->series[i];

		buffer_printf(out,
			"<li class=\"k%zu\"><svg width=\"22\" height=\"12\" "
			"aria-hidden=\"true\">%s%s/>"
			"</svg>",
			i % CHART_COLORS, shape_of(series->look),
			series->look == CHART_LINE ? plot_dash(i) : "");
		svg_escape(series->name, out);
		buffer_printf(out, "</li>\n");
	}
	buffer_printf(out, "</ul>\n");
}

static void put_picture(const struct chart *chart, const struct size *size, struct buffer *out)
{
	struct plot plot;

	plot_init(&plot, chart, size->width, size->height, out);
	buffer_printf(out,
		"<svg class=\"plot %s\" viewBox=\"0 0 %.0f %.0f\" role=\"img\" aria-label=\"",
		size->class, size->width, size->height);
	svg_escape(chart->title, out);
	if (chart->note) {
		buffer_printf(out, ". ");
		svg_escape(chart->note, out);
	}
	buffer_printf(out, "\">\n");
	plot_put_axes(&plot);
	for (size_t i = 0; i < chart->series_count; i++)
		plot_put_series(&plot, i);
	plot_put_lines(&plot);
	plot_put_readings(&plot);
	buffer_printf(out, "</svg>\n");
}

static bool is_empty(const struct chart *chart)
{
	for (size_t i = 0; i < chart->series_count; i++)
		if (chart->series[i].count)
			return false;
	return true;
}

void chart_draw(const struct chart *chart, struct buffer *out)
{
	buffer_printf(out, "<figure class=\"chart%s\">\n<figcaption><strong>",
		chart->wide ? " wide" : "");
	svg_escape(chart->title, out);
	buffer_printf(out, "</strong>");
	if (chart->note) {
		buffer_printf(out, "<span>");
		svg_escape(chart->note, out);
		buffer_printf(out, "</span>");
	}
	buffer_printf(out, "</figcaption>\n");
	if (is_empty(chart)) {
		buffer_printf(out, "<p class=\"none\">There is nothing to draw.</p>\n");
	} else {
		put_legend(chart, out);
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]) - !chart->wide; i++)
			put_picture(chart, &sizes[i], out);
	}
	buffer_printf(out, "</figure>\n");
}
