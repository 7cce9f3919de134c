/* Numbers on the axes of charts and beside them, as people read them. */
#include "render/chart_scale.h"

#include "base/buffer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS_MAX 3

struct prefix {
	double factor;
	const char *name;
};

static const struct prefix times[] = { { 1, "ns" }, { 1e3, "\u00b5s" }, { 1e6, "ms" }, { 1e9, "s" },
	{ 60e9, "min" }, { 3600e9, "h" } };
static const struct prefix counts[] = { { 1, "" }, { 1e3, "k" }, { 1e6, "M" }, { 1e9, "G" },
	{ 1e12, "T" }, { 1e15, "P" }, { 1e18, "E" } };
static const struct prefix shares[] = { { 0.01, "%" } };
static const struct prefix ones[] = { { 1, "" } };

#define SECONDS 4U /* of times: those up to the second */

struct prefixes {
	const struct prefix *rows;
	unsigned int count;
};

static struct prefixes prefixes_of(enum chart_unit unit)
{
	switch (unit) {
	case CHART_NS:
		return (struct prefixes){ times, sizeof(times) / sizeof(times[0]) };
	case CHART_COUNT:
		return (struct prefixes){ counts, sizeof(counts) / sizeof(counts[0]) };
	case CHART_SHARE:
		return (struct prefixes){ shares, 1 };
	default:
		return (struct prefixes){ ones, 1 };
	}
}

/* Decimals that tell numbers apart which are so far from each other. */
static int decimals_of(double step)
{
	int decimals = step > 0 && step < 1 ? (int)ceil(-log10(step) - 1e-9) : 0;

	/* 0.25 of 1 k: a step of two digits. */
	while (decimals < DECIMALS_MAX && step > 0 &&
		fabs(step * pow(10, decimals) - round(step * pow(10, decimals))) > 1e-6)
		decimals++;
	return decimals;
}

/* "1234567.50" with commas. */
static void put_grouped(struct buffer *out, double value, int decimals)
{
	char digits[352]; /* of the largest double */
	int length = snprintf(digits, sizeof(digits), "%.*f", decimals, fabs(value));
	int whole = decimals ? length - decimals - 1 : length;

	if (value < 0)
		buffer_printf(out, "-");
	for (int i = 0; i < length; i++)
		buffer_printf(
			out, "%s%c", i && i < whole && (whole - i) % 3 == 0 ? "," : "", digits[i]);
}

static void put_with(struct buffer *out, double value, int decimals, const struct prefix *prefix)
{
	put_grouped(out, value, decimals);
	buffer_printf(out, "%s%s", *prefix->name ? "\u00a0" : "", prefix->name);
}

/* The largest unit that the highest number fills, and in which the step is no longer than
 * DECIMALS_MAX decimals; of minutes and hours only whole ones. */
static const struct prefix *prefix_of(const struct prefixes *prefixes, double high, double step)
{
	const struct prefix *best = &prefixes->rows[0];

	for (unsigned int i = 1; i < prefixes->count; i++) {
		const struct prefix *row = &prefixes->rows[i];

		if (high < row->factor * (1 - 1e-9) ||
			decimals_of(step / row->factor) > DECIMALS_MAX)
			break;
		if (prefixes->rows == times && i >= SECONDS &&
			fabs(remainder(step, row->factor)) > 1)
			break;
		best = row;
	}
	return best;
}

static void put_quantile(struct buffer *out, double value)
{
	double rest = value > 1 ? 100 / value : 100;

	put_grouped(out, 100 - rest, rest < 9.99 ? decimals_of(rest) : 0);
	buffer_printf(out, "\u00a0%%");
}

void chart_label(const struct chart_scale *scale, double value, double step, char *ret)
{
	const struct prefixes prefixes = prefixes_of(scale->unit);
	struct buffer out = { 0 };
	/* Without a step each number has its own unit: 100 us, 1 ms. */
	const struct prefix *prefix = step > 0 ? prefix_of(&prefixes, scale->high, step)
					       : prefix_of(&prefixes, value, value);

	if (scale->unit == CHART_NAMES)
		buffer_printf(&out, "%s", scale->names[(size_t)value]);
	else if (scale->unit == CHART_QUANTILE)
		put_quantile(&out, value);
	else if (value == 0)
		buffer_printf(&out, scale->unit == CHART_SHARE ? "0\u00a0%%" : "0");
	else
		put_with(&out, value / prefix->factor,
			decimals_of((step > 0 ? step : value) / prefix->factor), prefix);
	snprintf(ret, CHART_LABEL, "%s", buffer_text(&out));
	buffer_fini(&out);
}

/* Decimals for four digits in all, without those that are zeros at the end. */
static int digits_of(double value)
{
	int decimals = 0;

	if (value != 0 && isfinite(value))
		decimals = 3 - (int)floor(log10(fabs(value)));
	decimals = decimals < 0 ? 0 : decimals > 9 ? 9 : decimals;
	while (decimals &&
		fabs(value * pow(10, decimals - 1) - round(value * pow(10, decimals - 1))) < 1e-6)
		decimals--;
	return decimals;
}

void chart_put_value(
	struct buffer *out, enum chart_unit unit, const char *const *names, double value)
{
	const struct prefixes prefixes = prefixes_of(unit);
	const struct prefix *prefix = &prefixes.rows[0];

	if (unit == CHART_NAMES) {
		buffer_printf(out, "%s", names[(size_t)(value + 0.5)]);
		return;
	}
	if (unit == CHART_QUANTILE) {
		put_quantile(out, value);
		return;
	}
	/* Counts are told in full as long as anybody reads them, and times up to the second. */
	for (unsigned int i = 1; i < prefixes.count; i++)
		if (value >= prefixes.rows[i].factor &&
			(unit == CHART_NS ? i < SECONDS : value >= 1e9))
			prefix = &prefixes.rows[i];
	value /= prefix->factor;
	put_with(out, value, digits_of(value), prefix);
}
