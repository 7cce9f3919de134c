/*
 * A frame as a picture for a data sheet: rows of 32 bits, a block a layer. Nothing here knows how
 * wide a viewer's fonts are, so widths of text are taken from the widest of the usual ones
 * (DejaVu).
 */
#include "render/svg.h"
#include "render/color.h"
#include "render/picture.h"
#include "render/render.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In units of the drawing, a pixel at its natural size. */
#define BIT	     24
#define GRID	     (PICTURE_BITS * BIT)
#define LEFT	     56 /* of the grid; offsets stand there */
#define RIGHT	     24
#define WIDTH	     (LEFT + GRID + RIGHT)
#define ROW	     38 /* height of a row with a name over a value */
#define ROW_OCTETS   24
#define ROW_PLAIN    22 /* without text of its own */
#define LINE	     16 /* between the lines of a label */
#define CAPTION	     26
#define NOTE	     16
#define LEGEND	     20
#define BETWEEN	     6 /* blocks */
#define FRAMES_APART 36
#define NAME_WIDTH   6.4 /* of a character, at NAME_SIZE */
#define VALUE_WIDTH  7.6 /* of a character, at VALUE_SIZE */
#define NAME_SIZE    "10.5"
#define VALUE_SIZE   "12.5"
#define OCTETS_SHOWN 6 /* rows of a long run */
#define NOTE_LENGTH  110

struct drawing {
	struct arena *arena;
	struct buffer *out;
	int y; /* where the next thing goes */
};

/* A block's rows, placed. */
struct placed {
	const struct picture_row *rows;
	unsigned int count;
	int *top; /* count + 1 of them: the last is the end */
	int *height;
};

/* ---- pieces ---- */

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct text {
	int x, y;
	enum anchor anchor;
	const char *size;
	enum svg_ink ink;
	bool value, bold, italic;
};

static void begin_text(const struct text *text, struct buffer *out)
{
	static const char *const anchors[] = { "", " text-anchor=\"middle\"",
		" text-anchor=\"end\"" };

	buffer_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"%s\"%s%s%s%s", text->x, text->y,
		text->size, anchors[text->anchor],
		text->value ? " font-family=\"monospace\" xml:space=\"preserve\"" : "",
		text->bold ? " font-weight=\"bold\"" : "",
		text->italic ? " font-style=\"italic\"" : "");
	svg_ink(text->ink, out);
	buffer_printf(out, ">");
}

static void put_text(const struct text *text, const char *words, struct buffer *out)
{
	begin_text(text, out);
	svg_escape(words, out);
	buffer_printf(out, "</text>\n");
}

/* "tcp.seq"; of an item of a list "tcp.options.mss". */
static void put_path(const struct block *block, const struct cell *cell, struct buffer *out)
{
	svg_escape(block->name, out);
	if (cell->list) {
		buffer_printf(out, ".");
		svg_escape(cell->list, out);
	}
	buffer_printf(out, ".");
	svg_escape(cell->name, out);
}

static void put_tooltip(const struct block *block, const struct cell *cell, struct buffer *out)
{
	buffer_printf(out, "<title>");
	put_path(block, cell, out);
	if (*cell->values[0]) {
		buffer_printf(out, ": ");
		svg_escape(cell->values[0], out);
	}
	if (*cell->help) {
		buffer_printf(out, " (");
		svg_escape(cell->help, out);
		buffer_printf(out, ")");
	}
	buffer_printf(out, "</title>\n");
}

static size_t fits(uint32_t bits, double character)
{
	double room = bits * BIT - 4;

	return (size_t)(room / character);
}

/* ---- shapes ---- */

static int left_of(struct segment segment)
{
	return LEFT + (int)segment.column * BIT;
}

static int right_of(struct segment segment)
{
	return LEFT + (int)(segment.column + segment.width) * BIT;
}

/* In two rows, and the second part ends before the first begins: open where they belong together.
 */
static void put_parted(
	struct segment first, struct segment last, const int *top, struct buffer *out)
{
	buffer_printf(out,
		"<path stroke=\"none\" d=\"M%d,%dH%dV%dH%dZ M%d,%dH%dV%dH%dZ\"/>\n"
		"<path fill=\"none\" d=\"M%d,%dH%dV%dH%d M%d,%dH%dV%dH%d\"/>\n",
		left_of(first), top[0], right_of(first), top[1], left_of(first), LEFT, top[1],
		right_of(last), top[2], LEFT, right_of(first), top[0], left_of(first), top[1],
		right_of(first), LEFT, top[1], right_of(last), top[2], LEFT);
}

static void put_outline(const struct cell *cell, const struct placed *placed,
	const struct extent *extent, struct buffer *out)
{
	struct segment first = picture_segment(cell, &placed->rows[extent->first]);
	struct segment last = picture_segment(cell, &placed->rows[extent->last]);
	const int *top = placed->top;

	if (extent->last == extent->first + 1 && right_of(last) <= left_of(first)) {
		put_parted(first, last, top + extent->first, out);
		return;
	}
	if (extent->first == extent->last) {
		buffer_printf(out, "<path d=\"M%d,%dH%dV%dH%dZ\"/>\n", left_of(first),
			top[extent->first], right_of(first), top[extent->last + 1], left_of(first));
		return;
	}
	buffer_printf(out, "<path d=\"M%d,%dH%dV%dH%dV%dH%dV%dH%dZ\"/>\n", left_of(first),
		top[extent->first], LEFT + GRID, top[extent->last], right_of(last),
		top[extent->last + 1], LEFT, top[extent->first + 1], left_of(first));
}

/* ---- what stands in a cell ---- */

/* Name, and the value below it in as many lines as there is room for, in the middle of the label's
 * part of the cell. */
static void put_label(struct drawing *d, struct cell *cell, const struct placed *placed,
	const struct extent *extent)
{
	int top = placed->top[extent->label_first];
	int end = placed->top[extent->label_last + 1];
	unsigned int max = (unsigned int)(end - top - LINE) / LINE;
	const char **lines = arena_alloc(d->arena, (max + 1) * sizeof(*lines));
	unsigned int count = picture_value(
		cell, d->arena, fits(extent->label.width, VALUE_WIDTH), max, "\u2026", lines);
	struct text text = {
		.x = (left_of(extent->label) + right_of(extent->label)) / 2,
		.y = (top + end - (int)count * LINE) / 2 + 4 - (count ? 1 : 0),
		.anchor = ANCHOR_MIDDLE,
		.size = NAME_SIZE,
		.ink = count ? SVG_MUTED : SVG_TEXT,
	};
	unsigned int i;

	put_text(
		&text, picture_name(cell, d->arena, fits(extent->label.width, NAME_WIDTH)), d->out);
	text.size = VALUE_SIZE;
	text.ink = cell->wrong ? SVG_WRONG : SVG_TEXT;
	text.value = true;
	text.bold = cell->wrong;
	text.italic = cell->placeholder;
	for (i = 0; i < count; i++) {
		text.y += LINE;
		put_text(&text, lines[i], d->out);
	}
}

static bool is_printable(uint8_t octet)
{
	return octet >= ' ' && octet <= '~';
}

/* Whether any of the cell's octets that are drawn is a character. */
static bool has_text(const struct block *block, const struct cell *cell,
	const struct placed *placed, const struct extent *extent)
{
	unsigned int i;
	uint32_t bit;

	for (i = extent->first; i <= extent->last; i++) {
		const struct picture_row *row = &placed->rows[i];
		struct segment segment = picture_segment(cell, row);

		for (bit = 0; bit < segment.width && !row->folded; bit += 8)
			if (is_printable(block->octets[(row->bit + segment.column + bit) / 8]))
				return true;
	}
	return false;
}

/* One octet in the middle of its column: hex, and its character beside it where any is one. */
static void put_octet(struct drawing *d, uint8_t octet, uint32_t column, int top, bool with_text)
{
	char hex[3];
	char character[2] = { is_printable(octet) ? (char)octet : '.', '\0' };
	struct text text = {
		.x = LEFT + (int)column * BIT + 4 * BIT,
		.y = top + ROW_OCTETS / 2 + 5,
		.anchor = with_text ? ANCHOR_END : ANCHOR_MIDDLE,
		.size = VALUE_SIZE,
		.value = true,
	};

	snprintf(hex, sizeof(hex), "%02x", octet);
	put_text(&text, hex, d->out);
	if (!with_text)
		return;
	text.anchor = ANCHOR_START;
	text.x += 10;
	text.ink = SVG_MUTED;
	put_text(&text, character, d->out);
}

static void put_octets(struct drawing *d, const struct block *block, struct cell *cell,
	const struct placed *placed, const struct extent *extent)
{
	bool with_text = has_text(block, cell, placed, extent);
	struct segment first = picture_segment(cell, &placed->rows[extent->first]);
	const struct text name = {
		.x = left_of(first) + 6,
		.y = placed->top[extent->first] + ROW_OCTETS / 2 + 4,
		.size = NAME_SIZE,
		.ink = SVG_MUTED,
	};
	unsigned int i;
	uint32_t bit;

	/* The first octet's hex stands in the middle of eight bits. */
	put_text(&name, picture_name(cell, d->arena, fits(3, NAME_WIDTH)), d->out);
	for (i = extent->first; i <= extent->last; i++) {
		const struct picture_row *row = &placed->rows[i];
		struct segment segment = picture_segment(cell, row);

		if (row->folded)
			continue;
		for (bit = segment.column; bit < segment.column + segment.width; bit += 8)
			put_octet(d, block->octets[(row->bit + bit) / 8], bit, placed->top[i],
				with_text);
	}
}

static void put_folds(struct drawing *d, const struct placed *placed, const struct extent *extent)
{
	unsigned int i;

	for (i = extent->first; i <= extent->last; i++) {
		const int top = placed->top[i];
		const struct text text = {
			.x = LEFT + GRID / 2,
			.y = top + ROW_PLAIN / 2 + 4,
			.anchor = ANCHOR_MIDDLE,
			.size = NAME_SIZE,
			.ink = SVG_MUTED,
		};

		if (!placed->rows[i].folded)
			continue;
		buffer_printf(d->out,
			"<path fill=\"none\" stroke-dasharray=\"2 4\" d=\"M%d,%dH%d\"/>\n", LEFT,
			top, LEFT + GRID);
		put_text(&text,
			arena_printf(d->arena, "\u2026 %s more",
				picture_octets(d->arena, placed->rows[i].folded)),
			d->out);
	}
}

static void put_cell(struct drawing *d, const struct block *block, struct cell *cell,
	const struct placed *placed)
{
	const struct extent extent = picture_extent(cell, placed->rows, placed->count);

	buffer_printf(d->out, "<g class=\"cell\" data-field=\"");
	put_path(block, cell, d->out);
	buffer_printf(d->out, "\">\n");
	put_tooltip(block, cell, d->out);
	put_outline(cell, placed, &extent, d->out);
	if (cell->octets)
		put_octets(d, block, cell, placed, &extent);
	else
		put_label(d, cell, placed, &extent);
	put_folds(d, placed, &extent);
	buffer_printf(d->out, "</g>\n");
}

/* ---- a block ---- */

static int row_height(const struct cell *cell, const struct extent *extent, unsigned int row)
{
	if (cell->octets)
		return ROW_OCTETS;
	if (extent->label_first == row && extent->label_last == row)
		return ROW;
	return ROW_PLAIN;
}

static void place_rows(struct drawing *d, const struct block *block, struct placed *placed)
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
					     ? ROW_PLAIN
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
static void put_offsets(struct drawing *d, const struct block *block, const struct placed *placed)
{
	unsigned int i;

	for (i = 0; i < placed->count; i++) {
		const struct text text = {
			.x = LEFT - 8,
			.y = (placed->top[i] + placed->top[i + 1]) / 2 + 4,
			.anchor = ANCHOR_END,
			.size = NAME_SIZE,
			.ink = SVG_MUTED,
		};

		if (!placed->rows[i].folded)
			put_text(&text,
				arena_printf(
					d->arena, "%u", block->offset + placed->rows[i].bit / 8),
				d->out);
	}
}

/* Name and title at the left, length at the right. */
static void put_caption(struct drawing *d, const struct block *block)
{
	const struct text length = {
		.x = LEFT + GRID,
		.y = d->y + CAPTION - 8,
		.anchor = ANCHOR_END,
		.size = "11",
		.ink = SVG_MUTED,
	};

	buffer_printf(d->out, "<text x=\"%d\" y=\"%d\" font-size=\"13\" font-weight=\"bold\"", LEFT,
		length.y);
	svg_strong_paint(block->color, d->out);
	buffer_printf(d->out, ">");
	svg_escape(block->name, d->out);
	buffer_printf(d->out, "<tspan dx=\"9\" font-size=\"11\" font-weight=\"normal\"");
	svg_ink(SVG_MUTED, d->out);
	buffer_printf(d->out, ">");
	svg_escape(block->title, d->out);
	buffer_printf(d->out, "</tspan></text>\n");
	put_text(&length, picture_octets(d->arena, block->length), d->out);
	d->y += CAPTION;
}

static void put_notes(struct drawing *d, const struct block *block)
{
	const char *const *notes = picture_notes(block, d->arena, NOTE_LENGTH);

	for (; *notes; notes++) {
		const struct text text = {
			.x = LEFT, .y = d->y + NOTE - 3, .size = NAME_SIZE, .ink = SVG_MUTED
		};

		put_text(&text, *notes, d->out);
		d->y += NOTE;
	}
}

static void put_block(struct drawing *d, const struct block *block)
{
	struct placed placed = { 0 };
	unsigned int i;

	buffer_printf(d->out, "<g shape-rendering=\"crispEdges\"");
	svg_block_paint(block->color, d->out);
	buffer_printf(d->out, ">\n");
	put_caption(d, block);
	place_rows(d, block, &placed);
	put_offsets(d, block, &placed);
	for (i = 0; i < block->count; i++)
		put_cell(d, block, &block->cells[i], &placed);
	put_notes(d, block);
	buffer_printf(d->out, "</g>\n");
	d->y += BETWEEN;
}

/* ---- a frame ---- */

static void put_title(struct drawing *d, const struct render_named *frame)
{
	const char *fcs = frame->view->fcs == VIEW_FCS_NONE ? "" : " and 4 of FCS";
	struct text text = { .x = LEFT, .y = d->y + 20, .size = "19", .bold = true };

	put_text(&text, frame->name ? frame->name : "frame", d->out);
	text = (struct text){ .x = LEFT, .y = d->y + 40, .size = "12", .ink = SVG_MUTED };
	put_text(&text,
		arena_printf(d->arena, "%s%s", picture_octets(d->arena, frame->view->length), fcs),
		d->out);
	d->y += 52;
}

/* A swatch and a name a layer, in lines as wide as the grid. */
static void put_legend(struct drawing *d, const struct picture *picture)
{
	int x = LEFT;
	unsigned int i;

	for (i = 0; i < picture->count; i++) {
		const struct block *block = &picture->blocks[i];
		int width = 40 + (int)((double)strlen(block->name) * NAME_WIDTH);
		struct text text = { .y = d->y + 10, .size = NAME_SIZE };

		if (x + width > LEFT + GRID) {
			x = LEFT;
			d->y += LEGEND;
			text.y = d->y + 10;
		}
		text.x = x + 18;
		buffer_printf(
			d->out, "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\"", x, d->y);
		svg_block_paint(block->color, d->out);
		buffer_printf(d->out, "/>\n");
		put_text(&text, block->name, d->out);
		x += width;
	}
	d->y += LEGEND + 8;
}

static void put_ruler(struct drawing *d)
{
	int bit;

	for (bit = 0; bit < PICTURE_BITS; bit++) {
		const struct text text = {
			.x = LEFT + bit * BIT + BIT / 2,
			.y = d->y + 10,
			.anchor = ANCHOR_MIDDLE,
			.size = "9.5",
			.ink = SVG_MUTED,
		};

		put_text(&text, arena_printf(d->arena, "%d", bit), d->out);
	}
	d->y += 12;
}

static void put_remark(struct drawing *d, enum svg_ink ink, const char *words)
{
	const struct text text = { .x = LEFT, .y = d->y + 12, .size = "11", .ink = ink };

	put_text(&text, words, d->out);
	d->y += NOTE + 2;
}

static bool has_placeholder(const struct picture *picture)
{
	unsigned int i, j;

	for (i = 0; i < picture->count; i++)
		for (j = 0; j < picture->blocks[i].count; j++)
			if (picture->blocks[i].cells[j].placeholder)
				return true;
	return false;
}

static void put_frame(struct drawing *d, const struct render_named *frame)
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
	if (has_placeholder(&picture))
		put_remark(d, SVG_MUTED, "Slanted values stand for what an interface knows.");
}

void render_svg(const struct render_named *frames, size_t count, struct buffer *out)
{
	struct arena arena;
	struct buffer body = { 0 };
	struct drawing d = { .arena = &arena, .out = &body, .y = 20 };
	size_t i;

	arena_init(&arena);
	for (i = 0; i < count; i++) {
		d.y += i ? FRAMES_APART : 0;
		put_frame(&d, &frames[i]);
	}
	d.y += 16;
	buffer_printf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
		"viewBox=\"0 0 %d %d\" role=\"img\" font-family=\"sans-serif\">\n<title>",
		WIDTH, d.y, WIDTH, d.y);
	svg_escape(count && frames[0].name ? frames[0].name : "frame", out);
	buffer_printf(out, "</title>\n");
	svg_style(out);
	svg_page(WIDTH, d.y, out);
	buffer_put(out, body.data, body.length);
	buffer_printf(out, "</svg>\n");
	buffer_fini(&body);
	arena_fini(&arena);
}
