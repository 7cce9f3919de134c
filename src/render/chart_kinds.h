/* chart_kinds.h: the charts of measurements: each is made of plain numbers. All that they hold is
 * the arena's; titles and names are borrowed. */
#ifndef RENDER_CHART_KINDS_H
#define RENDER_CHART_KINDS_H

#include "base/histogram.h"
#include "render/chart.h"

/* Samples in nanoseconds. */
struct chart_sample {
	const char *name;
	const struct histogram *histogram;
};

/* How often each duration was seen. The first sample is filled, the others are outlines; with marks
 * the first one's p50, p99 and max are lines across. `what` titles the axis: "latency". */
void chart_distribution(struct chart *ret, struct arena *arena, const char *title, const char *what,
	const struct chart_sample *samples, size_t count, bool marks);

/* The duration that so many per cent did not exceed; 99.999 % at the right, or as far as the number
 * of samples tells. */
void chart_percentiles(struct chart *ret, struct arena *arena, const char *title, const char *what,
	const struct chart_sample *samples, size_t count);

/* One number an interval; NAN where there is none. */
struct chart_track {
	const char *name;
	const double *values;
};

/* count values a track, interval_ns apart. y says what they are. */
void chart_over_time(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_axis *y, uint64_t interval_ns, const struct chart_track *tracks,
	size_t track_count, size_t count);

/* A bar a name, and where most is not NULL a line at the most that is possible: the limit. */
void chart_by_name(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_axis *x, const struct chart_axis *y, const char *what,
	const double *values, const char *limit, const double *most);

/* Least, mean and most a name, in nanoseconds; a mean of NAN leaves the name empty. */
struct chart_span {
	double min, mean, max;
};

void chart_spans(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_axis *x, const struct chart_axis *y, const struct chart_span *spans);

/* The loss (0 to 1) at a rate that was offered, as a share of the most (0 to 1): RFC 2544, 26.3. */
struct chart_loss {
	double rate, loss;
};

struct chart_losses {
	const char *name;		 /* the frames' size */
	const struct chart_loss *points; /* by rate */
	size_t count;
};

void chart_loss_by_rate(struct chart *ret, struct arena *arena, const char *title,
	const struct chart_losses *losses, size_t count);

/* The answers to probes, in the order of the probes; NAN where none came, below 0 where one came
 * whose time is not known. */
void chart_replies(struct chart *ret, struct arena *arena, const char *title, const double *rtt_ns,
	size_t count);

/* A hop of a path. */
struct chart_hop {
	unsigned int hop;
	const char *from; /* who answered; NULL: nobody */
	double rtt_ns;	  /* where somebody did; below 0: not known */
	const char *what; /* what the answer was, or "" */
};

/* Appends a figure: a row a hop, with its time as a bar. */
void chart_hops_draw(
	const char *title, const struct chart_hop *hops, size_t count, struct buffer *out);

#endif
