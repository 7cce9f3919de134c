/* pace.h: when each frame of a run is due: rates, ramps, and how the gaps are spread. */
#ifndef FLOW_PACE_H
#define FLOW_PACE_H

#include "base/text.h"
#include "patch/program.h"

enum pace_gap {
	PACE_CBR,     /* even gaps */
	PACE_POISSON, /* exponentially distributed gaps, drawn by the seed */
	PACE_BURST,   /* so many frames at once, then the time that they take at the rate */
	PACE_GAPS,
};

struct pace_config {
	struct text_ramp rate;
	uint64_t interval_ns; /* between frames, instead of rate; 0 for none */
	enum pace_gap gap;
	uint64_t burst; /* frames, of PACE_BURST; at least 1 */
	uint64_t seed;	/* of PACE_POISSON */
};

/*
 * A frame's place on the schedule: a function of the configuration, the program and the index
 * alone, so that threads agree on it without a word. Rates count what a frame weighs: 1, or its
 * bits; all sums are of weights, and become a time only when asked, so that nothing is rounded
 * twice. A plain value: a copy goes its own way.
 */
struct pace {
	const struct pace_config *config;
	const struct patch_program *program;
	bool scheduled; /* there are due times to wait for: a rate, an interval or frames' gaps */
	bool gaps;	/* some frame has a gap of its own */
	enum text_rate_unit unit;
	double speed;	  /* weight a second, at first, */
	double last;	  /* and after the ramp, */
	double ramp;	  /* which takes so many seconds: 0 for none */
	double ramped;	  /* and so much weight */
	uint64_t key;	  /* of the random gaps */
	uint32_t alike;	  /* what every frame weighs, where it is the same; 0: they differ */
	uint64_t index;	  /* the frame, */
	double weight;	  /* what is due before it, */
	double held;	  /* and what its burst weighed before it, which is due with the next one */
	uint64_t gaps_ns; /* the templates' own gaps before it */
};

/*
 * At frame 0. Frames that are yet to be made (made_later) may have gaps, and are then asked for
 * when the pace has come to them. Borrows both.
 */
void pace_init(struct pace *pace, const struct pace_config *config,
	const struct patch_program *program, bool made_later);

/* When the frame is due, in nanoseconds since the run began; 0 where nothing is scheduled. */
uint64_t pace_due(const struct pace *pace);

void pace_advance(struct pace *pace);		      /* to the next frame */
void pace_skip_to(struct pace *pace, uint64_t index); /* to a later one */

#endif
