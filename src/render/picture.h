/*
 * picture.h: a frame as rows of 32 bits, before it is drawn: a block a layer, in it a cell a field
 * or item of a list. For render's own files: svg.c and rfc.c draw it.
 */
#ifndef RENDER_PICTURE_H
#define RENDER_PICTURE_H

#include "frame/view.h"

struct arena;

#define PICTURE_BITS 32 /* in a row */

/* From a value's full text to its shortest: "udp (17)", "udp", "17"; where it has fewer, the last
 * stands again. */
#define PICTURE_VALUES 3

struct cell {
	const char *list; /* of an item: the list's name; else NULL */
	const char *name;
	const char *values[PICTURE_VALUES];
	const char *help;
	uint32_t bit;	   /* from the block's start */
	uint32_t width;	   /* bits, at least 1 */
	bool octets;	   /* whole octets that are shown one by one, not as a value */
	bool zeros;	   /* octets, all zero */
	bool placeholder;  /* see struct view_field */
	bool varies;	   /* the same, or something in an item does */
	const char *wrong; /* "0x66cb" would be right; NULL where nothing is wrong */
	const char *note;  /* for who draws: what else picture_notes says of it; NULL: nothing */
	const char *cut; /* for who draws: what fitted of the name, NULL: all; picture_notes spells
			    it out */
};

struct block {
	const char *name;
	const char *title; /* "" where the name says it all */
	const uint8_t *octets;
	uint32_t offset; /* octets from the frame's start */
	uint32_t length; /* octets */
	unsigned int color;
	struct cell *cells; /* one after the other without gaps */
	unsigned int count;
};

struct picture {
	struct block *blocks; /* layers, padding, FCS; those that have octets */
	unsigned int count;
};

/* All of it is the arena's, and points into the view's octets. */
void picture_init(struct picture *picture, struct arena *arena, const struct frame_view *view);

/* A row that is drawn. */
struct picture_row {
	uint32_t bit;	 /* of its first bit, from the block's start */
	uint32_t width;	 /* bits: PICTURE_BITS, less in the last row */
	uint32_t folded; /* octets that this row stands for, all of one cell; 0: none */
};

/* The block's rows, top to bottom; of a long cell only the first are drawn (of one of octets as
 * many as `shown`), and one stands for the rest. The arena's. */
struct picture_row *picture_rows(
	const struct block *block, struct arena *arena, uint32_t shown, unsigned int *ret_count);

/* The part of a cell that is in a row. */
struct segment {
	uint32_t column; /* bits from the row's start */
	uint32_t width;	 /* bits; 0: none of it */
};

struct segment picture_segment(const struct cell *cell, const struct picture_row *row);

/* What is drawn of a cell: its rows, which are rows[first] to rows[last], and where its name and
 * value stand: in the middle of rows label_first to label_last, in label. */
struct extent {
	unsigned int first, last;
	unsigned int label_first, label_last;
	struct segment label;
};

struct extent picture_extent(
	const struct cell *cell, const struct picture_row *rows, unsigned int count);

/*
 * The first of the cell's values that fits in a line of `limit` characters, else the last, broken
 * at blanks, and in the middle of what has none, into at most `max` lines; `more` ends it where
 * that is not all. ret[max]; returns how many lines there are, 0 where the cell shows no value.
 */
unsigned int picture_value(const struct cell *cell, struct arena *arena, size_t limit,
	unsigned int max, const char *more, const char **ret);

/* The name, of which at most limit characters fit; sets cut. The arena's, where it is cut. */
const char *picture_name(struct cell *cell, struct arena *arena, size_t limit);

/*
 * What stands under a block, in lines of about `limit` characters: names that were cut, values that
 * are wrong. "sol: solicited, checksum is wrong: 0x66cb would be right". NULL ends them. The
 * arena's.
 */
const char *const *picture_notes(const struct block *block, struct arena *arena, size_t limit);

/* "1,388 octets" */
const char *picture_octets(struct arena *arena, uint32_t octets);

#endif
