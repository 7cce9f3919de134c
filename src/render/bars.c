/* Bars and sparklines of text. */
#include "render/bars.h"
#include "render/bins.h"

#include "base/buffer.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define ROWS 20

/* What stands beside the bars: the range, the count, the share, and blanks between. */
#define BESIDE 34

#define NUMBER 9 /* characters */

/* An eighth of a character each. */
static const char *const across[] = { "", "\u258f", "\u258e", "\u258d", "\u258c", "\u258b",
	"\u258a", "\u2589", "\u2588" };
static const char *const upward[] = { "\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586",
	"\u2587", "\u2588" };
static const char *const plain[] = { "_", ".", ":", "-", "=", "+", "*", "#" };

#define LEVELS (sizeof(upward) / sizeof(upward[0]))

/* ---- a histogram ---- */

/* How many decimals tell the ranges apart. */
static int decimals_of(double low, double high, double unit)
{
	int decimals = 0;

	while (decimals < 6 && floor(high / unit * pow(10, decimals) + 1e-6) <
				       low / unit * pow(10, decimals) + 0.5)
		decimals++;
	/* A number that is round keeps all it has: 1.5 us. */
	while (decimals < 3 && fabs(remainder(low / unit * pow(10, decimals), 1)) > 1e-6)
		decimals++;
	return decimals;
}

/* "1.5 us", right-aligned. */
static void put_range(const struct bin *bin, struct buffer *out)
{
	static const struct {
		double factor;
		const char *name;
	} units[] = { { 1e9, "s" }, { 1e6, "ms" }, { 1e3, "us" }, { 1, "ns" } };
	char number[64];
	size_t i = 0;

	while (i < 3 && bin->low < units[i].factor)
		i++;
	snprintf(number, sizeof(number), "%.*f", decimals_of(bin->low, bin->high, units[i].factor),
		bin->low / units[i].factor);
	if (strlen(number) > NUMBER)
		snprintf(number, sizeof(number), "%.3g", bin->low / units[i].factor);
	buffer_printf(out, "%*s %-2s ", NUMBER, number, units[i].name);
}

/* What is there is seen, however little. */
static unsigned int put_bar(
	uint64_t count, uint64_t most, unsigned int room, bool utf8, struct buffer *out)
{
	unsigned int parts = utf8 ? 8 : 1;
	double share = (double)count / (double)most;
	unsigned int length = (unsigned int)lround(share * room * parts);
	unsigned int drawn = 0;

	length = count && !length ? 1 : length;
	for (; length >= parts; length -= parts, drawn++)
		buffer_printf(out, "%s", utf8 ? across[8] : "#");
	if (!length)
		return drawn;
	buffer_printf(out, "%s", across[length]);
	return drawn + 1;
}

static void put_number(uint64_t value, struct buffer *out)
{
	if (value < 100000000000)
		buffer_printf(out, "%12llu", (unsigned long long)value);
	else
		buffer_printf(out, "%12.4g", (double)value);
}

void render_histogram(
	const struct histogram *histogram, unsigned int columns, bool utf8, struct buffer *out)
{
	unsigned int room = columns > BESIDE ? columns - BESIDE : 1;
	double edges[BINS_MAX + 1];
	struct bin bins[BINS_MAX];
	uint64_t most = 0, sum = 0;
	size_t count;

	if (!histogram->count)
		return;
	count = bins_edges(histogram->min, histogram->max,
		bins_want_log(histogram->min, histogram->max) ? BINS_ROUND : BINS_EVEN, ROWS,
		edges);
	bins_fill(histogram, edges, count, bins);
	for (size_t i = 0; i < count; i++)
		most = bins[i].count > most ? bins[i].count : most;
	for (size_t i = 0; i < count; i++) {
		unsigned int drawn;

		if (!bins[i].count && !bins[i + 1].count) {
			while (!bins[i + 1].count)
				i++;
			buffer_printf(out, "%12s\n", "...");
			continue;
		}
		sum += bins[i].count;
		put_range(&bins[i], out);
		drawn = put_bar(bins[i].count, most, room, utf8, out);
		buffer_printf(out, "%*s", (int)(room - drawn), "");
		put_number(bins[i].count, out);
		buffer_printf(out, " %6.2f %%\n",
			floor(10000 * (double)sum / (double)histogram->count) / 100);
	}
}

/* ---- a sparkline ---- */

void render_sparkline(const double *values, size_t count, bool utf8, struct buffer *out)
{
	const size_t levels = LEVELS;
	double most = 0;

	for (size_t i = 0; i < count; i++)
		most = fmax(most, values[i]);
	for (size_t i = 0; i < count; i++) {
		double share = most > 0 ? values[i] / most : 0;
		size_t level = share > 0 ? (size_t)ceil(share * (double)levels) - 1 : 0;

		if (isnan(values[i]))
			buffer_printf(out, " ");
		else
			buffer_printf(out, "%s", (utf8 ? upward : plain)[level]);
	}
}
