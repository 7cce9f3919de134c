/* svg.h: pieces of an SVG document; for render's own files. */
#ifndef RENDER_SVG_H
#define RENDER_SVG_H

struct buffer;

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

/* The style element: the dark palette, where that is preferred. */
void svg_style(struct buffer *out);

#endif
