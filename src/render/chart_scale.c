/* Scales of charts: linear and logarithmic, and the round numbers on them. */
#include "render/chart_scale.h"

#include <math.h>

/* Of a linear axis whose points are all equal, to either side. */
#define ALONE_SHARE 0.05

#define MINUTE 60e9

static const double clock_steps[] = { 1 * MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE,
	30 * MINUTE, 60 * MINUTE, 120 * MINUTE, 360 * MINUTE, 720 * MINUTE, 1440 * MINUTE };

static bool is_whole(enum chart_unit unit)
{
	return unit != CHART_SHARE && unit != CHART_QUANTILE;
}

static void init_log(struct chart_scale *scale, double low, double high)
{
	/* 1 ns, one frame, 0.0001 %: nobody asks for less. */
	double least = scale->unit == CHART_SHARE ? 1e-6 : 1;

	scale->low = low > least ? low : least;
	scale->high = high > scale->low ? high : scale->low * 10;
}

static void init_linear(struct chart_scale *scale, double low, double high)
{
	double pad = fabs(low) * ALONE_SHARE;

	if (low >= high) {
		double least = scale->unit == CHART_SHARE ? 0.01 : 1;

		pad = pad > least ? pad : least;
		low = low > pad ? low - pad : 0;
		high += pad;
	}
	scale->low = low;
	scale->high = high;
}

void chart_scale_init(struct chart_scale *scale, const struct chart_axis *axis, double low,
	double high, bool from_zero)
{
	*scale = (struct chart_scale){ .unit = axis->unit, .log = axis->log, .names = axis->names };
	if (axis->unit == CHART_NAMES) {
		scale->low = -0.5;
		scale->high = axis->name_count ? (double)axis->name_count - 0.5 : 0.5;
		return;
	}
	if (low > high)
		low = high = 0;
	if (axis->low < axis->high) {
		low = axis->low < low ? axis->low : low;
		high = axis->high > high ? axis->high : high;
	}
	if (axis->log)
		init_log(scale, low, high);
	else if (from_zero && low >= 0)
		init_linear(scale, 0, high);
	else
		init_linear(scale, low, high);
}

double chart_place(const struct chart_scale *scale, double value)
{
	double share;

	if (!(value > scale->low))
		return scale->from;
	if (value >= scale->high)
		return scale->to;
	share = scale->log ? log(value / scale->low) / log(scale->high / scale->low)
			   : (value - scale->low) / (scale->high - scale->low);
	return scale->from + share * (scale->to - scale->from);
}

/* ---- steps ---- */

/* 1, 2 or 5 times a power of ten, or a step of a clock; at least `least`. */
static double round_step(const struct chart_scale *scale, double least)
{
	double power, step;
	size_t i;

	if (is_whole(scale->unit) && least < 1)
		return 1;
	if (scale->unit == CHART_NS && least > MINUTE / 2)
		for (i = 0; i < sizeof(clock_steps) / sizeof(clock_steps[0]); i++)
			if (clock_steps[i] >= least)
				return clock_steps[i];
	if (scale->unit == CHART_NS && least > MINUTE / 2)
		return 1440 * MINUTE * ceil(least / (1440 * MINUTE));
	power = pow(10, floor(log10(least)));
	step = least / power;
	/* A hair's breadth, for what pow does not do exactly. */
	return power * (step <= 1 + 1e-9 ? 1 : step <= 2 + 1e-9 ? 2 : step <= 5 + 1e-9 ? 5 : 10);
}

static double linear_step(const struct chart_scale *scale, unsigned int wanted)
{
	return round_step(scale, (scale->high - scale->low) / (wanted ? wanted : 1));
}

/* The largest of 1, 2 and 5 times powers of ten that is at most value, or (up) the least that is at
 * least it. */
static double round_number(double value, bool up)
{
	static const double numbers[] = { 1, 2, 5, 10 };
	double power = pow(10, floor(log10(value) + 1e-9));
	size_t i = 0;

	while (i < 3 && power * numbers[i + !up] <= value * (up ? 1 - 1e-9 : 1 + 1e-9))
		i++;
	return power * numbers[i];
}

void chart_scale_round(struct chart_scale *scale, unsigned int wanted)
{
	double step;

	if (scale->unit == CHART_NAMES || scale->unit == CHART_QUANTILE)
		return;
	if (scale->log) {
		scale->low = round_number(scale->low, false);
		scale->high = round_number(scale->high, true);
		return;
	}
	step = linear_step(scale, wanted);
	scale->low = step * floor(scale->low / step + 1e-9);
	scale->high = step * ceil(scale->high / step - 1e-9);
}

/* ---- which numbers ---- */

static bool add(const struct chart_scale *scale, struct chart_ticks *ticks, double at)
{
	double hair = (scale->high - scale->low) * 1e-9;

	if (ticks->count == CHART_TICKS_MAX)
		return false;
	if (at >= scale->low - hair && at <= scale->high + hair)
		ticks->at[ticks->count++] = at;
	return true;
}

static double linear_ticks(
	const struct chart_scale *scale, unsigned int wanted, struct chart_ticks *ret)
{
	double step = linear_step(scale, wanted);
	double first = ceil(scale->low / step - 1e-9);

	for (unsigned int i = 0; step * (first + i) <= scale->high + step * 1e-9; i++)
		if (!add(scale, ret, step * (first + i)))
			break;
	return step;
}

/* Every power of ten, or every so many of them; with room for more also 2 and 5 times each. */
static void log_ticks(const struct chart_scale *scale, unsigned int wanted, struct chart_ticks *ret)
{
	int first = (int)floor(log10(scale->low) + 1e-9);
	int last = (int)floor(log10(scale->high) + 1e-9);
	int decades = last - first + 1;
	int stride = (decades + (int)wanted - 1) / (int)(wanted ? wanted : 1);
	bool finer = decades * 3 <= (int)wanted || decades <= 2;

	stride = stride > 1 ? stride : 1;
	for (int i = first; i <= last; i += stride) {
		double power = pow(10, i);

		add(scale, ret, power);
		if (!finer)
			continue;
		add(scale, ret, 2 * power);
		add(scale, ret, 5 * power);
	}
}

/* 0, 50, 90, 99, 99.9 per cent and so on. */
static void quantile_ticks(const struct chart_scale *scale, struct chart_ticks *ret)
{
	add(scale, ret, 1);
	add(scale, ret, 2);
	for (int nines = 1; pow(10, nines) <= scale->high * (1 + 1e-9); nines++)
		add(scale, ret, pow(10, nines));
}

static void name_ticks(
	const struct chart_scale *scale, unsigned int wanted, struct chart_ticks *ret)
{
	unsigned int count = (unsigned int)(scale->high + 0.5);
	unsigned int stride;

	if (wanted > CHART_TICKS_MAX)
		wanted = CHART_TICKS_MAX;
	stride = (count + wanted - 1) / wanted;
	for (unsigned int i = 0; i < count; i += stride)
		add(scale, ret, i);
}

void chart_ticks(const struct chart_scale *scale, unsigned int wanted, struct chart_ticks *ret)
{
	double step = 0;

	*ret = (struct chart_ticks){ 0 };
	wanted = wanted ? wanted : 1;
	if (scale->unit == CHART_NAMES)
		name_ticks(scale, wanted, ret);
	else if (scale->unit == CHART_QUANTILE)
		quantile_ticks(scale, ret);
	else if (scale->log)
		log_ticks(scale, wanted, ret);
	if (!ret->count)
		step = linear_ticks(scale, wanted, ret);
	if (!ret->count)
		add(scale, ret, scale->low);
	for (unsigned int i = 0; i < ret->count; i++)
		chart_label(scale, ret->at[i], step, ret->label[i]);
}
