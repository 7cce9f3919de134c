/* svg.h: pieces of a frame's picture; for render's own files: svg.c draws the frame of them. */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

#include "render/picture.h"

struct buffer;

/* ---- measures, in pixels at the picture's natural size ---- */

#define SVG_BIT	       24
#define SVG_GRID       (PICTURE_BITS * SVG_BIT)
#define SVG_LEFT       56 /* of the grid; offsets stand there */
#define SVG_ROW	       38 /* height of a row with a name over a value */
#define SVG_ROW_OCTETS 24
#define SVG_ROW_PLAIN  22 /* without text of its own */
#define SVG_NAME_SIZE  "10.5"
#define SVG_NAME_WIDTH 6.4 /* of a character of SVG_NAME_SIZE, in the widest of the usual fonts */

/* ---- paint ---- */

/* Text and attribute values: markup is escaped, and what XML 1.0 has no character for replaced. */
void svg_escape(const char *text, struct buffer *out);

/* The colours: a class, and the light palette's values as attributes, for viewers that read no
 * style. color is one of enum color. */
void svg_block_paint(unsigned int color, struct buffer *out);  /* fill and lines of its cells */
void svg_strong_paint(unsigned int color, struct buffer *out); /* text that names it */

enum svg_ink { SVG_TEXT, SVG_MUTED, SVG_WRONG };

void svg_ink(enum svg_ink ink, struct buffer *out);

/* The sheet under it all, as large as the drawing. */
void svg_page(int width, int height, struct buffer *out);

/* Lines from corner to corner, over a shape that varies. */
void svg_hatch(struct buffer *out);	  /* defines it, once a document */
void svg_hatch_paint(struct buffer *out); /* fills with it */

/* The style element: the dark palette, where that is preferred. */
void svg_style(struct buffer *out);

/* ---- drawing ---- */

struct svg_drawing {
	struct arena *arena;
	struct buffer *out;
	int y; /* where the next thing goes */
};

/* A block's rows, placed. */
struct svg_rows {
	const struct picture_row *rows;
	unsigned int count;
	int *top; /* count + 1 of them: the last is the end */
	int *height;
};

struct svg_text {
	int x, y;
	enum { SVG_START, SVG_MIDDLE, SVG_END } anchor;
	const char *size;
	enum svg_ink ink;
	bool value; /* each character as wide as the next */
	bool bold, italic;
};

void svg_text(const struct svg_text *text, const char *words, struct buffer *out);

/* The cell's shape and what stands in it, and what it says to who points at it. */
void svg_cell(struct svg_drawing *d, const struct block *block, struct cell *cell,
	const struct svg_rows *placed);

#endif
