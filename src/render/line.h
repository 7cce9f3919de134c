/* line.h: the pieces of a frame's one line; for line.c and line_words.c. */
#ifndef RENDER_LINE_H
#define RENDER_LINE_H

#include "render/render.h"

struct line {
	const struct frame_view *view;
	const struct render_style *style;
	struct buffer *out;
};

void line_name(const struct line *line, const struct view_layer *layer);

/* The value as a template writes it: the name of a number that has one. */
void line_value(const struct line *line, const struct view_field *field);

/* The layer's name, and those of its fields that a table names. */
void line_words(const struct line *line, const struct view_layer *layer);

#endif
