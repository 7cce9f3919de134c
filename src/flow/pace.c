/* Works out when frames are due. */
#include "flow/pace.h"

#include "base/random.h"

#include <math.h>

/* What is due later than in 73 years is not due. */
#define NEVER_NS 0x1p61

#define SECOND_NS 1e9

/* 802.3: preamble and start delimiter 8, FCS 4, gap 12. */
#define WIRE_EXTRA 24U
#define FCS_OCTETS 4U

/* Rates count a frame's octets without FCS, whoever appends it. */
static uint32_t bits_of(const struct pace *pace, uint32_t length, bool own_fcs)
{
	uint32_t octets = length - (own_fcs ? FCS_OCTETS : 0);

	return 8 * (octets + (pace->unit == TEXT_RATE_WIRE_BITS ? WIRE_EXTRA : 0));
}

static uint32_t weight_of_next(const struct pace *pace)
{
	if (pace->alike)
		return pace->alike;
	return bits_of(pace, patch_program_length(pace->program, pace->index),
		patch_program_frame(pace->program, pace->index)->own_fcs);
}

/* What every frame weighs; 0 where they differ, or may. */
static uint32_t weight_of_all(const struct pace *pace, bool made_later)
{
	const struct patch_frame *frames = pace->program->frames;
	uint32_t weight;

	if (pace->unit == TEXT_RATE_FRAMES || pace->unit == TEXT_RATE_MAX)
		return 1;
	if (made_later)
		return 0;
	weight = bits_of(pace, frames[0].length, frames[0].own_fcs);
	for (unsigned int i = 0; i < pace->program->count; i++) {
		const struct patch_varying *varying = frames[i].varying;

		if ((varying && varying->choice_count) ||
			bits_of(pace, frames[i].length, frames[i].own_fcs) != weight)
			return 0;
	}
	return weight;
}

static bool has_gaps(const struct patch_program *program)
{
	for (unsigned int i = 0; i < program->count; i++)
		if (program->frames[i].gap_ns)
			return true;
	return false;
}

void pace_init(struct pace *pace, const struct pace_config *config,
	const struct patch_program *program, bool made_later)
{
	const struct text_ramp *rate = &config->rate;

	*pace = (struct pace){ .config = config, .program = program };
	if (config->interval_ns) {
		pace->unit = TEXT_RATE_FRAMES;
		pace->speed = SECOND_NS / (double)config->interval_ns;
	} else {
		pace->unit = rate->from.unit;
		pace->speed = rate->from.value;
		pace->last = rate->to.value;
		pace->ramp = (double)rate->ns / SECOND_NS;
		pace->ramped = (pace->speed + pace->last) / 2 * pace->ramp;
	}
	pace->gaps = has_gaps(program);
	pace->scheduled = pace->unit != TEXT_RATE_MAX || made_later || pace->gaps;
	pace->alike = weight_of_all(pace, made_later);
	pace->key = random_key(config->seed, "gap");
}

/*
 * The time by which so much has left. Within the ramp the rate is v + a t, so that v t + a t^2 / 2
 * has left by t: solved for t in the form that loses no digits where a is small.
 */
static double ns_at(const struct pace *pace, double weight)
{
	double v = pace->speed, square;

	if (!pace->ramp)
		return weight * SECOND_NS / v;
	if (weight >= pace->ramped)
		return pace->ramp * SECOND_NS + (weight - pace->ramped) * SECOND_NS / pace->last;
	square = v * v + 2 * (pace->last - v) / pace->ramp * weight;
	return 2 * SECOND_NS * weight / (v + sqrt(square > 0 ? square : 0));
}

uint64_t pace_due(const struct pace *pace)
{
	double ns;

	if (pace->unit == TEXT_RATE_MAX)
		return pace->gaps_ns;
	/* To the nearest: a quotient just below a whole number is one. */
	ns = ns_at(pace, pace->weight) + 0.5;
	return pace->gaps_ns + (uint64_t)(ns < NEVER_NS ? ns : NEVER_NS);
}

/* Of the exponential distribution with mean 1; at most 36.7, as 53 bits are drawn. */
static double exponential(uint64_t key, uint64_t index)
{
	double uniform = (double)(random_at(key, index) >> 11) / 0x1p53;

	return -log1p(-uniform);
}

void pace_advance(struct pace *pace)
{
	const struct pace_config *config = pace->config;
	double weight = weight_of_next(pace);

	if (!pace->scheduled) {
		pace->index++;
		return;
	}
	pace->gaps_ns += patch_program_frame(pace->program, pace->index)->gap_ns;
	switch (config->gap) {
	case PACE_POISSON:
		pace->weight += weight * exponential(pace->key, pace->index);
		break;
	case PACE_BURST:
		pace->held += weight;
		if ((pace->index + 1) % config->burst)
			break;
		pace->weight += pace->held;
		pace->held = 0;
		break;
	default:
		pace->weight += weight;
		break;
	}
	pace->index++;
}

void pace_skip_to(struct pace *pace, uint64_t index)
{
	bool even = pace->alike && pace->config->gap == PACE_CBR && !pace->gaps;

	if (!pace->scheduled || even) {
		pace->weight += (double)pace->alike * (double)(index - pace->index);
		pace->index = index;
		return;
	}
	while (pace->index < index)
		pace_advance(pace);
}
