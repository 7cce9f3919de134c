/* Dots of charts: one by one, or where they are very many as a map of how dense they are. */
#include "render/chart_plot.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <math.h>

/* More than that become a map, in squares of so many pixels. */
#define DOTS_MAX  400
#define SQUARE	  3
#define DENSITIES 5

#define DOT  2.6
#define MISS 9 /* height of a mark of something missed */

static void put_few_dots(const struct plot *plot, const struct chart_series *series)
{
	for (size_t i = 0; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];

		buffer_printf(plot->out,
			"<circle class=\"fill\" cx=\"%.2f\" cy=\"%.2f\" r=\"%.1f\">",
			chart_place(&plot->x, point->x), chart_place(&plot->y, point->y), DOT);
		plot_put_hint(plot, series, point);
		buffer_printf(plot->out, "</circle>\n");
	}
}

/* How dark a square of so many of at most `most` dots is, 0 to DENSITIES - 1. */
static unsigned int density_of(uint32_t dots, uint32_t most)
{
	double share = most > 1 ? log(dots) / log(most) : 1;

	return (unsigned int)(share * (DENSITIES - 1) + 0.5);
}

static void put_square(const struct plot *plot, size_t column, size_t row)
{
	buffer_printf(plot->out, "M%.1f,%.1fh%dv%dh-%dz", plot->left + (double)column * SQUARE,
		plot->top + (double)row * SQUARE, SQUARE, SQUARE, SQUARE);
}

static void put_densities(const struct plot *plot, const uint32_t *squares, size_t columns,
	size_t rows, uint32_t most)
{
	for (unsigned int level = 0; level < DENSITIES; level++) {
		buffer_printf(plot->out, "<path class=\"fill d%u\" d=\"M0,0", level);
		for (size_t i = 0; i < columns * rows; i++)
			if (squares[i] && density_of(squares[i], most) == level)
				put_square(plot, i % columns, i / columns);
		buffer_printf(plot->out, "\"/>\n");
	}
}

static void put_many_dots(const struct plot *plot, const struct chart_series *series)
{
	size_t columns = (size_t)((plot->right - plot->left) / SQUARE) + 1;
	size_t rows = (size_t)((plot->bottom - plot->top) / SQUARE) + 1;
	struct arena arena;
	uint32_t *squares;
	uint32_t most = 0;

	arena_init(&arena);
	squares = arena_alloc(&arena, columns * rows * sizeof(*squares));
	for (size_t i = 0; i < series->count; i++) {
		const struct chart_point *point = &series->points[i];
		double x = chart_place(&plot->x, point->x) - plot->left;
		double y = chart_place(&plot->y, point->y) - plot->top;
		uint32_t *square = &squares[(size_t)(y / SQUARE) * columns + (size_t)(x / SQUARE)];

		if (isnan(point->y))
			continue;
		most = ++*square > most ? *square : most;
	}
	put_densities(plot, squares, columns, rows, most);
	arena_fini(&arena);
}

void plot_put_dots(const struct plot *plot, const struct chart_series *series)
{
	(series->count > DOTS_MAX ? put_many_dots : put_few_dots)(plot, series);
}

/* ---- what was missed ---- */

static void put_few_misses(const struct plot *plot, const struct chart_series *series)
{
	buffer_printf(plot->out, "<path class=\"miss\" d=\"");
	for (size_t i = 0; i < series->count; i++)
		buffer_printf(plot->out, "M%.1f,%.1fv-%d",
			chart_place(&plot->x, series->points[i].x), plot->bottom - 1, MISS);
	buffer_printf(plot->out, "\"/>\n");
}

static void put_many_misses(const struct plot *plot, const struct chart_series *series)
{
	size_t columns = (size_t)((plot->right - plot->left) / SQUARE) + 1;
	struct arena arena;
	uint32_t *missed;
	uint32_t most = 0;

	arena_init(&arena);
	missed = arena_alloc(&arena, columns * sizeof(*missed));
	for (size_t i = 0; i < series->count; i++) {
		double x = chart_place(&plot->x, series->points[i].x) - plot->left;
		uint32_t *column = &missed[(size_t)(x / SQUARE)];

		most = ++*column > most ? *column : most;
	}
	for (unsigned int level = 0; level < DENSITIES; level++) {
		buffer_printf(plot->out, "<path class=\"missed d%u\" d=\"M0,0", level);
		for (size_t i = 0; i < columns; i++)
			if (missed[i] && density_of(missed[i], most) == level)
				buffer_printf(plot->out, "M%.1f,%.1fh%dv-%dh-%dz",
					plot->left + (double)i * SQUARE, plot->bottom - 1, SQUARE,
					MISS, SQUARE);
		buffer_printf(plot->out, "\"/>\n");
	}
	arena_fini(&arena);
}

void plot_put_misses(const struct plot *plot, const struct chart_series *series)
{
	(series->count > DOTS_MAX ? put_many_misses : put_few_misses)(plot, series);
}
