/* A frame as a picture for a data sheet: rows of 32 bits, a block a layer. */
#include "render/svg.h"
#include "render/chart_plot.h"
#include "render/render.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <string.h>

#define TITLE_SIZE   21.0 /* of its bold letters, as wide as plain ones of that size */
#define RIGHT	     24
#define WIDTH	     (SVG_LEFT + SVG_GRID + RIGHT)
#define CAPTION	     26
#define NOTE	     16
#define NOTE_LENGTH  110 /* characters */
#define LEGEND	     20
#define BETWEEN	     6 /* blocks */
#define FRAMES_APART 36
#define OCTETS_SHOWN 6 /* rows of a long run */

/* ---- a block ---- */

static int row_height(const struct cell *cell, const struct extent *extent, unsigned int row)
{
	if (cell->octets)
		return SVG_ROW_OCTETS;
	if (extent->label_first == row && extent->label_last == row)
		return SVG_ROW;
	return SVG_ROW_PLAIN;
}

static void place_rows(struct svg_drawing *d, const struct block *block, struct svg_rows *placed)
{
	unsigned int i, row;

	placed->rows = picture_rows(block, d->arena, OCTETS_SHOWN, &placed->count);
	placed->top = arena_alloc(d->arena, (placed->count + 1) * sizeof(*placed->top));
	placed->height = arena_alloc(d->arena, placed->count * sizeof(*placed->height));
	for (i = 0; i < block->count; i++) {
		const struct extent extent =
			picture_extent(&block->cells[i], placed->rows, placed->count);

		for (row = extent.first; row <= extent.last; row++) {
			int height = placed->rows[row].folded
					     ? SVG_ROW_PLAIN
					     : row_height(&block->cells[i], &extent, row);

			if (height > placed->height[row])
				placed->height[row] = height;
		}
	}
	for (row = 0; row < placed->count; row++) {
		placed->top[row] = d->y;
		d->y += placed->height[row];
	}
	placed->top[placed->count] = d->y;
}

/* The octets from the frame's start, at the rows' left. */
static void put_offsets(
	struct svg_drawing *d, const struct block *block, const struct svg_rows *placed)
{
	unsigned int i;

	for (i = 0; i < placed->count; i++) {
		const struct svg_text text = {
			.x = SVG_LEFT - 8,
			.y = (placed->top[i] + placed->top[i + 1]) / 2 + 4,
			.anchor = SVG_END,
			.size = SVG_NAME_SIZE,
			.ink = SVG_MUTED,
		};

		if (!placed->rows[i].folded)
			svg_text(&text,
				arena_printf(
					d->arena, "%u", block->offset + placed->rows[i].bit / 8),
				d->out);
	}
}

/* Name and title at the left, length at the right. */
static void put_caption(struct svg_drawing *d, const struct block *block)
{
	const struct svg_text length = {
		.x = SVG_LEFT + SVG_GRID,
		.y = d->y + CAPTION - 8,
		.anchor = SVG_END,
		.size = "11",
		.ink = SVG_MUTED,
	};

	buffer_printf(d->out, "<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\"",
		SVG_LEFT, length.y);
	svg_strong_paint(block->color, d->out);
	buffer_printf(d->out, ">");
	svg_escape(block->name, d->out);
	buffer_printf(d->out, "<tspan dx=\"9\" font-size=\"11\" font-weight=\"normal\"");
	svg_ink(SVG_MUTED, d->out);
	buffer_printf(d->out, ">");
	svg_escape(block->title, d->out);
	buffer_printf(d->out, "</tspan></text>\n");
	svg_text(&length, picture_octets(d->arena, block->length), d->out);
	d->y += CAPTION;
}

static void put_notes(struct svg_drawing *d, const struct block *block)
{
	const char *const *notes = picture_notes(block, d->arena, NOTE_LENGTH);

	for (; *notes; notes++) {
		const struct svg_text text = {
			.x = SVG_LEFT, .y = d->y + NOTE - 3, .size = SVG_NAME_SIZE, .ink = SVG_MUTED
		};

		svg_text(&text, *notes, d->out);
		d->y += NOTE;
	}
}

static void put_block(struct svg_drawing *d, const struct block *block)
{
	struct svg_rows placed = { 0 };
	unsigned int i;

	buffer_printf(d->out, "<g shape-rendering=\"crispEdges\"");
	svg_block_paint(block->color, d->out);
	buffer_printf(d->out, ">\n");
	put_caption(d, block);
	place_rows(d, block, &placed);
	put_offsets(d, block, &placed);
	for (i = 0; i < block->count; i++)
		svg_cell(d, block, &block->cells[i], &placed);
	put_notes(d, block);
	buffer_printf(d->out, "</g>\n");
	d->y += BETWEEN;
}

/* ---- a frame ---- */

/* The name, cut to the width of the grid. */
static const char *title_of(struct svg_drawing *d, const struct render_named *frame)
{
	struct buffer fitting = { 0 };
	const char *title;

	chart_fit(
		frame->name ? frame->name : "frame", SVG_GRID * CHART_TEXT / TITLE_SIZE, &fitting);
	title = arena_strndup(d->arena, buffer_text(&fitting), fitting.length);
	buffer_fini(&fitting);
	return title;
}

static void put_title(struct svg_drawing *d, const struct render_named *frame)
{
	const char *fcs = frame->view->fcs == VIEW_FCS_NONE ? "" : " and 4 of FCS";
	struct svg_text text = { .x = SVG_LEFT, .y = d->y + 20, .size = "19", .bold = true };

	svg_text(&text, title_of(d, frame), d->out);
	text = (struct svg_text){ .x = SVG_LEFT, .y = d->y + 40, .size = "12", .ink = SVG_MUTED };
	svg_text(&text,
		arena_printf(d->arena, "%s%s", picture_octets(d->arena, frame->view->length), fcs),
		d->out);
	d->y += 52;
}

/* A swatch and a name a layer, in lines as wide as the grid. */
static void put_legend(struct svg_drawing *d, const struct picture *picture)
{
	int x = SVG_LEFT;
	unsigned int i;

	for (i = 0; i < picture->count; i++) {
		const struct block *block = &picture->blocks[i];
		int width = 40 + (int)((double)strlen(block->name) * SVG_NAME_WIDTH);
		struct svg_text text = { .y = d->y + 10, .size = SVG_NAME_SIZE };

		if (x + width > SVG_LEFT + SVG_GRID) {
			x = SVG_LEFT;
			d->y += LEGEND;
			text.y = d->y + 10;
		}
		text.x = x + 18;
		buffer_printf(
			d->out, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"", x, d->y);
		svg_block_paint(block->color, d->out);
		buffer_printf(d->out, "/>\n");
		svg_text(&text, block->name, d->out);
		x += width;
	}
	d->y += LEGEND + 8;
}

static void put_ruler(struct svg_drawing *d)
{
	int bit;

	for (bit = 0; bit < PICTURE_BITS; bit++) {
		const struct svg_text text = {
			.x = SVG_LEFT + bit * SVG_BIT + SVG_BIT / 2,
			.y = d->y + 10,
			.anchor = SVG_MIDDLE,
			.size = "9.5",
			.ink = SVG_MUTED,
		};

		svg_text(&text, arena_printf(d->arena, "%d", bit), d->out);
	}
	d->y += 12;
}

static void put_remark(struct svg_drawing *d, enum svg_ink ink, const char *words)
{
	const struct svg_text text = { .x = SVG_LEFT, .y = d->y + 12, .size = "11", .ink = ink };

	svg_text(&text, words, d->out);
	d->y += NOTE + 2;
}

/* What the cells' looks mean, where any looks so. */
static void put_remarks(struct svg_drawing *d, const struct picture *picture)
{
	bool placeholder = false;
	bool varies = false;
	unsigned int i, j;

	for (i = 0; i < picture->count; i++) {
		for (j = 0; j < picture->blocks[i].count; j++) {
			placeholder |= picture->blocks[i].cells[j].placeholder;
			varies |= picture->blocks[i].cells[j].varies;
		}
	}
	if (varies)
		put_remark(d, SVG_MUTED, "Hatched fields vary from frame to frame.");
	if (placeholder)
		put_remark(d, SVG_MUTED, "Slanted values stand for what an interface knows.");
}

static void put_frame(struct svg_drawing *d, const struct render_named *frame)
{
	struct picture picture;
	unsigned int i;

	picture_init(&picture, d->arena, frame->view);
	put_title(d, frame);
	put_legend(d, &picture);
	put_ruler(d);
	for (i = 0; i < picture.count; i++)
		put_block(d, &picture.blocks[i]);
	if (frame->view->fault)
		put_remark(d, SVG_WRONG,
			arena_printf(d->arena, "not read further: %s", frame->view->fault));
	put_remarks(d, &picture);
}

void render_svg_element(const struct render_named *frames, size_t count, struct buffer *out)
{
	struct arena arena;
	struct buffer body = { 0 };
	struct svg_drawing d = { .arena = &arena, .out = &body, .y = 20 };
	size_t i;

	arena_init(&arena);
	for (i = 0; i < count; i++) {
		d.y += i ? FRAMES_APART : 0;
		put_frame(&d, &frames[i]);
	}
	d.y += 16;
	buffer_printf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\">\n<title>",
		WIDTH, d.y, WIDTH, d.y);
	svg_escape(count && frames[0].name ? frames[0].name : "frame", out);
	buffer_printf(out, "</title>\n");
	svg_style(out);
	svg_hatch(out);
	svg_page(WIDTH, d.y, out);
	buffer_put(out, body.data, body.length);
	buffer_printf(out, "</svg>\n");
	buffer_fini(&body);
	arena_fini(&arena);
}

void render_svg(const struct render_named *frames, size_t count, struct buffer *out)
{
	buffer_printf(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	render_svg_element(frames, count, out);
}
