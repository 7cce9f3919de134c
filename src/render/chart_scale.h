/* chart_scale.h: where a number stands on an axis, which numbers are told there, and how; for
 * render's own files. */
#ifndef RENDER_CHART_SCALE_H
#define RENDER_CHART_SCALE_H

#include "render/chart.h"

#define CHART_TICKS_MAX 24
#define CHART_LABEL	40 /* octets of a tick's label, with its '\0' */

struct chart_scale {
	enum chart_unit unit;
	bool log;
	const char *const *names;
	double low, high; /* low < high; both above 0 where log */
	double from, to;  /* where they stand, in pixels */
};

struct chart_ticks {
	unsigned int count;
	double at[CHART_TICKS_MAX];
	char label[CHART_TICKS_MAX][CHART_LABEL];
};

/* The scale of an axis whose points lie from low to high (low above high: there are none). Where
 * from_zero it begins at 0, unless log. */
void chart_scale_init(struct chart_scale *scale, const struct chart_axis *axis, double low,
	double high, bool from_zero);

/* Widens a scale to the round numbers next to its ends, where about so many ticks are wanted. */
void chart_scale_round(struct chart_scale *scale, unsigned int wanted);

/* In pixels; what lies outside stands at the edge. */
double chart_place(const struct chart_scale *scale, double value);

/* About so many round numbers (1, 2 or 5 times a power of ten; minutes and hours), none outside of
 * the scale. At least 1 of them, at most CHART_TICKS_MAX. */
void chart_ticks(const struct chart_scale *scale, unsigned int wanted, struct chart_ticks *ret);

/* The label of a tick: with a step in the unit that suits the whole scale, else (0) in its own.
 * ret[CHART_LABEL]. */
void chart_label(const struct chart_scale *scale, double value, double step, char *ret);

#endif
