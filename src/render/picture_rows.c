/* Which rows of a block are drawn, where a cell stands in them, and what fits in it. */
#include "render/picture.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <string.h>

/* Rows of one cell that are drawn before the rest is folded; of zeros, which all look alike. */
#define ROWS_SHOWN	 8
#define ROWS_SHOWN_ZEROS 2

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The rows that the cell alone fills: from *first to before *end. */
static void full_rows(const struct cell *cell, uint32_t *first, uint32_t *end)
{
	*first = (cell->bit + PICTURE_BITS - 1) / PICTURE_BITS;
	*end = (cell->bit + cell->width) / PICTURE_BITS;
}

/* The cell that alone fills the row and is folded there; NULL where none is. */
static const struct cell *folded_at(const struct block *block, uint32_t row, uint32_t shown)
{
	unsigned int i;

	for (i = 0; i < block->count; i++) {
		const struct cell *cell = &block->cells[i];
		uint32_t limit = !cell->octets ? ROWS_SHOWN
				 : cell->zeros ? min_u32(shown, ROWS_SHOWN_ZEROS)
					       : shown;
		uint32_t first, end;

		full_rows(cell, &first, &end);
		/* One row more is no longer than the row that stands for it. */
		if (row == first + limit && end > row + 1)
			return cell;
	}
	return NULL;
}

struct picture_row *picture_rows(
	const struct block *block, struct arena *arena, uint32_t shown, unsigned int *ret_count)
{
	uint32_t bits = block->length * 8;
	uint32_t count = (bits + PICTURE_BITS - 1) / PICTURE_BITS;
	struct picture_row *rows = arena_alloc(arena, count * sizeof(*rows));
	uint32_t row = 0;

	*ret_count = 0;
	while (row < count) {
		const struct cell *folded = folded_at(block, row, shown);
		struct picture_row *next = &rows[(*ret_count)++];
		uint32_t first, end;

		next->bit = row * PICTURE_BITS;
		next->width = min_u32(PICTURE_BITS, bits - next->bit);
		row++;
		if (!folded)
			continue;
		full_rows(folded, &first, &end);
		/* What is left of the cell in a row of its own is folded too. */
		if (folded->bit + folded->width == bits && bits % PICTURE_BITS)
			end++;
		next->folded = (min_u32(end * PICTURE_BITS, bits) - next->bit) / 8;
		next->width = PICTURE_BITS;
		row = end;
	}
	return rows;
}

struct segment picture_segment(const struct cell *cell, const struct picture_row *row)
{
	uint32_t width = row->folded ? row->folded * 8 : row->width;
	uint32_t start = cell->bit > row->bit ? cell->bit : row->bit;
	uint32_t end = min_u32(cell->bit + cell->width, row->bit + width);

	if (start >= end)
		return (struct segment){ 0 };
	if (row->folded)
		return (struct segment){ .width = PICTURE_BITS };
	return (struct segment){ .column = start - row->bit, .width = end - start };
}

/* The label stands in the widest segment; over all of them where they are rows filled alone. */
struct extent picture_extent(
	const struct cell *cell, const struct picture_row *rows, unsigned int count)
{
	struct extent extent = { 0 };
	bool seen = false;
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct segment segment = picture_segment(cell, &rows[i]);

		if (!segment.width)
			continue;
		if (!seen)
			extent.first = i;
		extent.last = i;
		seen = true;
		if (segment.width > extent.label.width) {
			extent.label = segment;
			extent.label_first = i;
			extent.label_last = i;
		} else if (segment.width == PICTURE_BITS && !rows[i].folded &&
			   extent.label.width == PICTURE_BITS && extent.label_last + 1 == i) {
			extent.label_last = i;
		}
	}
	return extent;
}

/* ---- words ---- */

/* Characters of the next line of the text: all of it, or up to a blank, or as many as fit. */
static size_t line_length(const char *text, size_t limit)
{
	size_t length = strlen(text);
	size_t end;

	if (length <= limit)
		return length;
	for (end = limit; end > 0 && text[end] != ' '; end--)
		;
	return end ? end : limit;
}

/* Breaks the text into at most max lines; returns what is left over. */
static const char *break_lines(struct arena *arena, const char *text, size_t limit,
	unsigned int max, const char **lines, unsigned int *count)
{
	for (*count = 0; *text && *count < max; (*count)++) {
		size_t length = line_length(text, limit);

		lines[*count] = arena_strndup(arena, text, length);
		text += length;
		text += strspn(text, " ");
	}
	return text;
}

unsigned int picture_value(const struct cell *cell, struct arena *arena, size_t limit,
	unsigned int max, const char *more, const char **ret)
{
	unsigned int count = 0;
	const char *text;
	const char *left;
	unsigned int i;

	for (i = 0; i + 1 < PICTURE_VALUES && strlen(cell->values[i]) > limit; i++)
		;
	text = cell->values[i];
	left = break_lines(arena, text, limit, max, ret, &count);
	if (*left && count) {
		const char *last = ret[count - 1];
		size_t room = limit > strlen(more) ? limit - strlen(more) : 0;

		ret[count - 1] = arena_printf(arena, "%.*s%s", (int)room, last, more);
	}
	return count;
}

const char *picture_name(struct cell *cell, struct arena *arena, size_t limit)
{
	if (strlen(cell->name) <= limit)
		return cell->name;
	cell->cut = arena_strndup(arena, cell->name, limit);
	return cell->cut;
}

/* The rows of notes in making. */
struct notes {
	struct arena *arena;
	size_t limit;
	const char **lines;
	unsigned int count;
	struct buffer line;
};

static void end_line(struct notes *notes)
{
	if (notes->line.length)
		notes->lines[notes->count++] =
			arena_strndup(notes->arena, buffer_text(&notes->line), notes->line.length);
	buffer_clear(&notes->line);
}

static void add_note(struct notes *notes, const char *note)
{
	if (notes->line.length && notes->line.length + 2 + strlen(note) > notes->limit) {
		buffer_printf(&notes->line, ",");
		end_line(notes);
	}
	buffer_printf(&notes->line, "%s%s", notes->line.length ? ", " : "", note);
}

const char *const *picture_notes(const struct block *block, struct arena *arena, size_t limit)
{
	struct notes notes = {
		.arena = arena,
		.limit = limit,
		.lines = arena_alloc(arena, (3 * block->count + 1) * sizeof(*notes.lines)),
	};
	unsigned int i;

	for (i = 0; i < block->count; i++) {
		const struct cell *cell = &block->cells[i];

		if (cell->cut)
			add_note(&notes, arena_printf(arena, "%s: %s", cell->cut, cell->name));
		if (cell->note)
			add_note(&notes, cell->note);
		if (cell->wrong)
			add_note(&notes, arena_printf(arena, "%s is wrong: %s would be right",
						 cell->name, cell->wrong));
	}
	end_line(&notes);
	buffer_fini(&notes.line);
	return notes.lines;
}

const char *picture_octets(struct arena *arena, uint32_t octets)
{
	const char *plural = octets == 1 ? "" : "s";

	if (octets < 1000)
		return arena_printf(arena, "%u octet%s", octets, plural);
	return arena_printf(arena, "%u,%03u octets", octets / 1000, octets % 1000);
}
