/* A frame as RFCs draw headers: rows of 32 bits in ASCII, a figure a layer. */
#include "render/picture.h"
#include "render/render.h"
#include "render/value.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

#define COLUMNS (2 * PICTURE_BITS + 1)
#define MARK	"*"

/* Rows of a run of octets before it is folded: with its octets, and without. */
#define SHOWN_VALUES 6
#define SHOWN_NAMES  2

/*
 * A figure in making: lines of characters. Between two rows, and above and below all of them,
 * stands a line of +-+; a row itself has one line, or two where a value stands below a name.
 */
struct figure {
	struct arena *arena;
	struct block *block;
	bool values;
	bool marked; /* some cell is */
	const struct picture_row *rows;
	unsigned int count;
	unsigned int *line; /* of the +-+ above each row; count + 1 of them */
	char (*text)[COLUMNS + 1];
};

/* ---- lines ---- */

/* The cell that this bit of the row belongs to; NULL past the last, and outside the rows. */
static const struct cell *cell_at(const struct figure *figure, int row, int bit)
{
	unsigned int i;

	if (row < 0 || row >= (int)figure->count || bit < 0 || bit >= PICTURE_BITS)
		return NULL;
	for (i = 0; i < figure->block->count; i++) {
		const struct cell *cell = &figure->block->cells[i];
		struct segment segment = picture_segment(cell, &figure->rows[row]);

		if (bit >= (int)segment.column && bit < (int)(segment.column + segment.width))
			return cell;
	}
	return NULL;
}

/* The line above the row: +-+ between cells, open within one. */
static void draw_border(struct figure *figure, int row)
{
	char *text = figure->text[figure->line[row]];
	bool before = false;
	int bit;

	for (bit = 0; bit <= PICTURE_BITS; bit++) {
		const struct cell *above = cell_at(figure, row - 1, bit);
		const struct cell *below = cell_at(figure, row, bit);
		bool border = above != below;
		bool edge = !bit || (!above && !below &&
					    (cell_at(figure, row - 1, bit - 1) ||
						    cell_at(figure, row, bit - 1)));

		if (border || before || edge)
			text[2 * bit] = '+';
		if (border)
			text[2 * bit + 1] = '-';
		before = border;
	}
}

/* The sides of the row's cells; slanted where the row stands for more. */
static void draw_sides(struct figure *figure, int row)
{
	char side = figure->rows[row].folded ? '/' : '|';
	unsigned int line;
	int bit;

	for (line = figure->line[row] + 1; line < figure->line[row + 1]; line++)
		for (bit = 0; bit <= PICTURE_BITS; bit++)
			if (cell_at(figure, row, bit - 1) != cell_at(figure, row, bit))
				figure->text[line][2 * bit] = side;
}

/* Words in the middle of the segment, in this line; what does not fit is cut. */
static void draw_words(
	struct figure *figure, unsigned int line, struct segment segment, const char *words)
{
	size_t room = 2 * segment.width - 1;
	size_t length = strlen(words);

	if (length > room)
		length = room;
	memcpy(figure->text[line] + 2 * segment.column + 1 + (room - length) / 2, words, length);
}

/* ---- cells ---- */

/* A star stands before the name of what varies; where there is no room for it, a note says so. */
static const char *name_of(struct figure *figure, struct cell *cell, size_t room)
{
	if (cell->varies && room <= strlen(MARK))
		cell->note = arena_printf(figure->arena, "%s varies", cell->name);
	if (!cell->varies || cell->note)
		return picture_name(cell, figure->arena, room);
	figure->marked = true;
	return arena_printf(
		figure->arena, MARK "%s", picture_name(cell, figure->arena, room - strlen(MARK)));
}

static void draw_label(struct figure *figure, struct cell *cell, const struct extent *extent)
{
	size_t room = 2 * extent->label.width - 1;
	unsigned int first = figure->line[extent->label_first] + 1;
	unsigned int end = figure->line[extent->label_last + 1];
	unsigned int max = figure->values ? end - first - 1 : 0;
	const char **values = arena_alloc(figure->arena, (max + 1) * sizeof(*values));
	unsigned int count = picture_value(cell, figure->arena, room, max, "...", values);
	unsigned int line = first + (end - first - 1 - count) / 2;
	unsigned int i;

	draw_words(figure, line, extent->label, name_of(figure, cell, room));
	for (i = 0; i < count; i++)
		draw_words(figure, line + 1 + i, extent->label, values[i]);
}

/* The octets of a row in the last of its lines, each in the middle of its eight bits. */
static void draw_octets(struct figure *figure, const struct cell *cell, unsigned int row)
{
	const struct picture_row *r = &figure->rows[row];
	struct segment segment = picture_segment(cell, r);
	unsigned int line = figure->line[row + 1] - 1;
	uint32_t bit;

	for (bit = segment.column; bit < segment.column + segment.width; bit += 8) {
		uint8_t octet = figure->block->octets[(r->bit + bit) / 8];
		struct segment column = { .column = bit, .width = 8 };
		char words[8];

		if (octet > ' ' && octet <= '~')
			snprintf(words, sizeof(words), "%02x '%c'", octet, octet);
		else
			snprintf(words, sizeof(words), "%02x", octet);
		draw_words(figure, line, column, words);
	}
}

static void draw_cell(struct figure *figure, struct cell *cell)
{
	struct extent extent = picture_extent(cell, figure->rows, figure->count);
	unsigned int row;

	if (cell->octets && figure->values)
		extent.label_last = extent.label_first;
	draw_label(figure, cell, &extent);
	for (row = extent.first; row <= extent.last; row++) {
		struct segment segment = picture_segment(cell, &figure->rows[row]);

		if (figure->rows[row].folded)
			draw_words(figure, figure->line[row] + 1, segment,
				arena_printf(figure->arena, "%s more",
					picture_octets(figure->arena, figure->rows[row].folded)));
		else if (cell->octets && figure->values)
			draw_octets(figure, cell, row);
	}
}

/* ---- a figure ---- */

/* Whether a name with a value below it stands in this row alone. */
static bool has_label(const struct figure *figure, unsigned int row)
{
	unsigned int i;

	for (i = 0; i < figure->block->count; i++) {
		const struct cell *cell = &figure->block->cells[i];
		struct extent extent = picture_extent(cell, figure->rows, figure->count);

		if (cell->octets ? extent.label_first == row
				 : extent.label_first == row && extent.label_last == row &&
					   *cell->values[0])
			return true;
	}
	return false;
}

static void place_lines(struct figure *figure)
{
	unsigned int line = 0;
	unsigned int row;

	figure->line = arena_alloc(figure->arena, (figure->count + 1) * sizeof(*figure->line));
	for (row = 0; row < figure->count; row++) {
		figure->line[row] = line;
		line += figure->values && has_label(figure, row) ? 3 : 2;
	}
	figure->line[row] = line;
	figure->text = arena_alloc(figure->arena, (line + 1) * sizeof(*figure->text));
	for (row = 0; row <= line; row++)
		memset(figure->text[row], ' ', COLUMNS);
}

static void put_line(char text[COLUMNS + 1], struct buffer *out)
{
	size_t length = COLUMNS;

	while (length && text[length - 1] == ' ')
		length--;
	buffer_printf(out, "%.*s\n", (int)length, text);
}

static void put_caption(const struct figure *figure, struct buffer *out)
{
	const struct block *block = figure->block;

	buffer_printf(out, "%s: %s%s%s at %u\n\n", block->name, block->title,
		*block->title ? ", " : "", picture_octets(figure->arena, block->length),
		block->offset);
	buffer_printf(out, " 0                   1                   2                   3\n"
			   " 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1\n");
}

/* Of wrong values only where values stand. */
static void put_notes(struct figure *figure, struct buffer *out)
{
	const char *const *notes;
	unsigned int i;

	for (i = 0; i < figure->block->count && !figure->values; i++)
		figure->block->cells[i].wrong = NULL;
	for (notes = picture_notes(figure->block, figure->arena, COLUMNS); *notes; notes++)
		buffer_printf(out, " %s\n", *notes);
	if (figure->marked)
		buffer_printf(out, " " MARK ": varies from frame to frame\n");
}

static void put_block(struct figure *figure, struct buffer *out)
{
	int row;
	unsigned int i;

	figure->rows = picture_rows(figure->block, figure->arena,
		figure->values ? SHOWN_VALUES : SHOWN_NAMES, &figure->count);
	place_lines(figure);
	for (row = 0; row <= (int)figure->count; row++) {
		draw_border(figure, row);
		if (row < (int)figure->count)
			draw_sides(figure, row);
	}
	for (i = 0; i < figure->block->count; i++)
		draw_cell(figure, &figure->block->cells[i]);
	put_caption(figure, out);
	for (i = 0; i <= figure->line[figure->count]; i++)
		put_line(figure->text[i], out);
	put_notes(figure, out);
}

void render_rfc(const char *name, const struct frame_view *view, bool values, struct buffer *out)
{
	struct picture picture;
	struct arena arena;
	unsigned int i;

	arena_init(&arena);
	picture_init(&picture, &arena, view);
	if (name) {
		render_clean(name, out);
		buffer_printf(out, ": ");
	}
	buffer_printf(out, "%s%s\n", picture_octets(&arena, view->length),
		view->fcs == VIEW_FCS_NONE ? "" : " and 4 of FCS");
	for (i = 0; i < picture.count; i++) {
		struct figure figure = {
			.arena = &arena, .block = &picture.blocks[i], .values = values
		};

		buffer_printf(out, "\n");
		put_block(&figure, out);
	}
	if (view->fault)
		buffer_printf(out, "\nnot read further: %s\n", view->fault);
	arena_fini(&arena);
}
