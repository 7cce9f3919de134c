/* bars.h: numbers as bars of text. Without utf8 all is ASCII. */
#ifndef RENDER_BARS_H
#define RENDER_BARS_H

#include <stdbool.h>
#include <stddef.h>

struct buffer;
struct histogram;

/*
 * A histogram of nanoseconds, a row a range: where it begins, a bar, how many lie in it, and what
 * share of all lies in it or below. No line is wider than `columns` characters (40 or more); long
 * runs of empty ranges are one line. Nothing where nothing was counted.
 */
void render_histogram(
	const struct histogram *histogram, unsigned int columns, bool utf8, struct buffer *out);

/* A character a number, from 0 to the largest of them; a blank for NAN. */
void render_sparkline(const double *values, size_t count, bool utf8, struct buffer *out);

#endif
