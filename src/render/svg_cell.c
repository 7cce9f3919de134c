/* A cell of a picture: its shape, its name, its value or octets. */
#include "render/svg.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

#define LINE	    16 /* between the lines of a label */
#define VALUE_SIZE  "12.5"
#define VALUE_WIDTH 7.6 /* of a character of VALUE_SIZE */

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
	double room = bits * SVG_BIT - 4;

	return (size_t)(room / character);
}

/* ---- shapes ---- */

static int left_of(struct segment segment)
{
	return SVG_LEFT + (int)segment.column * SVG_BIT;
}

static int right_of(struct segment segment)
{
	return SVG_LEFT + (int)(segment.column + segment.width) * SVG_BIT;
}

/* In two rows, and the second part ends before the first begins: open where they belong together.
 */
static void put_parted(
	struct segment first, struct segment last, const int *top, struct buffer *out)
{
	buffer_printf(out,
		"<path stroke=\"none\" d=\"M%d,%dH%dV%dH%dZ M%d,%dH%dV%dH%dZ\"/>\n"
		"<path fill=\"none\" d=\"M%d,%dH%dV%dH%d M%d,%dH%dV%dH%d\"/>\n",
		left_of(first), top[0], right_of(first), top[1], left_of(first), SVG_LEFT, top[1],
		right_of(last), top[2], SVG_LEFT, right_of(first), top[0], left_of(first), top[1],
		right_of(first), SVG_LEFT, top[1], right_of(last), top[2], SVG_LEFT);
}

static void put_outline(const struct cell *cell, const struct svg_rows *placed,
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
		top[extent->first], SVG_LEFT + SVG_GRID, top[extent->last], right_of(last),
		top[extent->last + 1], SVG_LEFT, top[extent->first + 1], left_of(first));
}

static void put_hatch(const struct cell *cell, const struct svg_rows *placed,
	const struct extent *extent, struct buffer *out)
{
	unsigned int i;

	buffer_printf(out, "<path");
	svg_hatch_paint(out);
	buffer_printf(out, " d=\"");
	for (i = extent->first; i <= extent->last; i++) {
		struct segment segment = picture_segment(cell, &placed->rows[i]);

		buffer_printf(out, "M%d,%dH%dV%dH%dZ", left_of(segment), placed->top[i],
			right_of(segment), placed->top[i + 1], left_of(segment));
	}
	buffer_printf(out, "\"/>\n");
}

/* ---- what stands in a cell ---- */

/* Name, and the value below it in as many lines as there is room for, in the middle of the label's
 * part of the cell. */
static void put_label(struct svg_drawing *d, struct cell *cell, const struct svg_rows *placed,
	const struct extent *extent)
{
	int top = placed->top[extent->label_first];
	int end = placed->top[extent->label_last + 1];
	unsigned int max = (unsigned int)(end - top - LINE) / LINE;
	const char **lines = arena_alloc(d->arena, (max + 1) * sizeof(*lines));
	unsigned int count = picture_value(
		cell, d->arena, fits(extent->label.width, VALUE_WIDTH), max, "\u2026", lines);
	struct svg_text text = {
		.x = (left_of(extent->label) + right_of(extent->label)) / 2,
		.y = (top + end - (int)count * LINE) / 2 + 4 - (count ? 1 : 0),
		.anchor = SVG_MIDDLE,
		.size = SVG_NAME_SIZE,
		.ink = count ? SVG_MUTED : SVG_TEXT,
	};
	unsigned int i;

	svg_text(&text, picture_name(cell, d->arena, fits(extent->label.width, SVG_NAME_WIDTH)),
		d->out);
	text.size = VALUE_SIZE;
	text.ink = cell->wrong ? SVG_WRONG : SVG_TEXT;
	text.value = true;
	text.bold = cell->wrong;
	text.italic = cell->placeholder;
	for (i = 0; i < count; i++) {
		text.y += LINE;
		svg_text(&text, lines[i], d->out);
	}
}

static bool is_printable(uint8_t octet)
{
	return octet >= ' ' && octet <= '~';
}

/* Whether any of the cell's octets that are drawn is a character. */
static bool has_text(const struct block *block, const struct cell *cell,
	const struct svg_rows *placed, const struct extent *extent)
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
static void put_octet(
	struct svg_drawing *d, uint8_t octet, uint32_t column, int top, bool with_text)
{
	char hex[3];
	char character[2] = { is_printable(octet) ? (char)octet : '.', '\0' };
	struct svg_text text = {
		.x = SVG_LEFT + (int)column * SVG_BIT + 4 * SVG_BIT,
		.y = top + SVG_ROW_OCTETS / 2 + 5,
		.anchor = with_text ? SVG_END : SVG_MIDDLE,
		.size = VALUE_SIZE,
		.value = true,
	};

	snprintf(hex, sizeof(hex), "%02x", octet);
	svg_text(&text, hex, d->out);
	if (!with_text)
		return;
	text.anchor = SVG_START;
	text.x += 10;
	text.ink = SVG_MUTED;
	svg_text(&text, character, d->out);
}

static void put_octets(struct svg_drawing *d, const struct block *block, struct cell *cell,
	const struct svg_rows *placed, const struct extent *extent)
{
	bool with_text = has_text(block, cell, placed, extent);
	struct segment first = picture_segment(cell, &placed->rows[extent->first]);
	const struct svg_text name = {
		.x = left_of(first) + 6,
		.y = placed->top[extent->first] + SVG_ROW_OCTETS / 2 + 4,
		.size = SVG_NAME_SIZE,
		.ink = SVG_MUTED,
	};
	unsigned int i;
	uint32_t bit;

	/* The first octet's hex stands in the middle of eight bits. */
	svg_text(&name, picture_name(cell, d->arena, fits(3, SVG_NAME_WIDTH)), d->out);
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

static void put_folds(
	struct svg_drawing *d, const struct svg_rows *placed, const struct extent *extent)
{
	unsigned int i;

	for (i = extent->first; i <= extent->last; i++) {
		const int top = placed->top[i];
		const struct svg_text text = {
			.x = SVG_LEFT + SVG_GRID / 2,
			.y = top + SVG_ROW_PLAIN / 2 + 4,
			.anchor = SVG_MIDDLE,
			.size = SVG_NAME_SIZE,
			.ink = SVG_MUTED,
		};

		if (!placed->rows[i].folded)
			continue;
		buffer_printf(d->out,
			"<path fill=\"none\" stroke-dasharray=\"2 4\" d=\"M%d,%dH%d\"/>\n",
			SVG_LEFT, top, SVG_LEFT + SVG_GRID);
		svg_text(&text,
			arena_printf(d->arena, "\u2026 %s more",
				picture_octets(d->arena, placed->rows[i].folded)),
			d->out);
	}
}

void svg_cell(struct svg_drawing *d, const struct block *block, struct cell *cell,
	const struct svg_rows *placed)
{
	const struct extent extent = picture_extent(cell, placed->rows, placed->count);

	buffer_printf(d->out, "<g class=\"cell\" data-field=\"");
	put_path(block, cell, d->out);
	buffer_printf(d->out, "\">\n");
	put_tooltip(block, cell, d->out);
	put_outline(cell, placed, &extent, d->out);
	if (cell->varies)
		put_hatch(cell, placed, &extent, d->out);
	if (cell->octets)
		put_octets(d, block, cell, placed, &extent);
	else
		put_label(d, cell, placed, &extent);
	put_folds(d, placed, &extent);
	buffer_printf(d->out, "</g>\n");
}
