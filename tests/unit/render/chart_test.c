/* Charts: which numbers stand on their axes and how, and that what is drawn is what was given. */
#include "render/bins.h"
#include "render/chart_kinds.h"
#include "render/chart_plot.h"

#include "base/arena.h"
#include "fresh.h"
#include "../../support/random.h"

#include <math.h>
#include <stdio.h>

/* The labels of an axis from low to high, joined by '|', with plain blanks. */
static const char *labels(
	enum chart_unit unit, bool log, double low, double high, unsigned int wanted)
{
	const struct chart_axis axis = { .unit = unit, .log = log };
	struct chart_scale scale;
	struct chart_ticks ticks;

	chart_scale_init(&scale, &axis, low, high, false);
	chart_ticks(&scale, wanted, &ticks);
	buffer_clear(&out);
	for (unsigned int i = 0; i < ticks.count; i++) {
		buffer_printf(&out, "%s", i ? "|" : "");
		for (const char *p = ticks.label[i]; *p; p++)
			if (!strncmp(p, "\u00a0", 2))
				buffer_printf(&out, "%s", (p++, " "));
			else
				buffer_put(&out, p, 1);
	}
	return buffer_text(&out);
}

static void ticks_are_round_and_share_a_unit(void **state)
{
	(void)state;
	assert_string_equal(labels(CHART_COUNT, false, 0, 103, 5), "0|50|100");
	assert_string_equal(labels(CHART_COUNT, false, 0, 1500000, 4), "0|0.5 M|1.0 M|1.5 M");
	assert_string_equal(labels(CHART_COUNT, false, 0, 3, 10), "0|1|2|3");
	assert_string_equal(labels(CHART_NS, false, 0, 1.3e6, 4), "0|0.5 ms|1.0 ms");
	assert_string_equal(labels(CHART_NS, false, 0, 900, 4), "0|500 ns");
	assert_string_equal(labels(CHART_SHARE, false, 0, 1, 5), "0 %|20 %|40 %|60 %|80 %|100 %");
	assert_string_equal(labels(CHART_SHARE, false, 0, 0.00002, 4),
		"0 %|0.0005 %|0.0010 %|0.0015 %|0.0020 %");
	assert_string_equal(labels(CHART_OCTETS, false, 0, 9000, 3), "0|5,000");
}

static void long_times_are_told_as_a_clock_does(void **state)
{
	(void)state;
	assert_string_equal(labels(CHART_NS, false, 0, 90e9, 4), "0|50 s");
	assert_string_equal(
		labels(CHART_NS, false, 0, 600e9, 5), "0|2 min|4 min|6 min|8 min|10 min");
	assert_string_equal(labels(CHART_NS, false, 0, 4 * 3600e9, 5), "0|1 h|2 h|3 h|4 h");
	assert_string_equal(labels(CHART_NS, false, 0, 48 * 3600e9, 3), "0|24 h|48 h");
}

static void close_numbers_keep_the_digits_that_differ(void **state)
{
	(void)state;
	assert_string_equal(labels(CHART_NS, false, 1000000, 1000010, 3),
		"1,000.000 \u00b5s|1,000.005 \u00b5s|1,000.010 \u00b5s");
	assert_string_equal(
		labels(CHART_NS, false, 350000, 362000, 3), "350 \u00b5s|355 \u00b5s|360 \u00b5s");
}

static void logarithmic_ticks_have_each_its_own_unit(void **state)
{
	(void)state;
	assert_string_equal(labels(CHART_NS, true, 100, 1e6, 5),
		"100 ns|1 \u00b5s|10 \u00b5s|100 \u00b5s|1 ms");
	assert_string_equal(labels(CHART_NS, true, 10000, 150000, 5),
		"10 \u00b5s|20 \u00b5s|50 \u00b5s|100 \u00b5s");
	assert_string_equal(
		labels(CHART_NS, true, 1, 1e18, 4), "1 ns|100 \u00b5s|10 s|1,000,000 s");
	assert_string_equal(labels(CHART_QUANTILE, true, 1, 1e5, 9),
		"0 %|50 %|90 %|99 %|99.9 %|99.99 %|99.999 %");
}

/* Any range of numbers, however odd, has ticks that are on it and in order. */
static void ticks_lie_on_the_axis_in_order(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (unsigned int i = 0; i < 20000; i++) {
		uint64_t a =
			support_random_below(&seed, UINT64_MAX) >> support_random_below(&seed, 64);
		uint64_t b =
			support_random_below(&seed, UINT64_MAX) >> support_random_below(&seed, 64);
		const struct chart_axis axis = { .unit = i % 4,
			.log = i % 4 == CHART_QUANTILE || i % 8 > 3 };
		double divisor = axis.unit == CHART_SHARE ? 0x1p64 : 1;
		struct chart_scale scale;
		struct chart_ticks ticks;

		chart_scale_init(&scale, &axis, (double)(a < b ? a : b) / divisor,
			(double)(a < b ? b : a) / divisor, i & 8);
		if (i & 16)
			chart_scale_round(&scale, 5);
		scale.from = 0;
		scale.to = 1000;
		assert_true(scale.low < scale.high && isfinite(scale.high));
		chart_ticks(&scale, 1 + i % 12, &ticks);
		assert_in_range(ticks.count, 1, CHART_TICKS_MAX);
		for (unsigned int j = 0; j < ticks.count; j++) {
			double hair = (scale.high - scale.low) * 1e-6;

			assert_true(ticks.at[j] >= scale.low - hair &&
				    ticks.at[j] <= scale.high + hair);
			assert_true(!j || ticks.at[j] > ticks.at[j - 1]);
			assert_true(!j || chart_place(&scale, ticks.at[j]) >=
						  chart_place(&scale, ticks.at[j - 1]));
			assert_true(*ticks.label[j] && !strstr(ticks.label[j], "nan") &&
				    !strstr(ticks.label[j], "inf"));
		}
	}
}

static void places_are_even_or_by_ratio(void **state)
{
	struct chart_scale scale = { .low = 100, .high = 200, .from = 50, .to = 150 };

	(void)state;
	assert_true(fabs(chart_place(&scale, 150) - 100) < 1e-9);
	assert_true(fabs(chart_place(&scale, 0) - 50) < 1e-9);
	assert_true(fabs(chart_place(&scale, 999) - 150) < 1e-9);
	scale = (struct chart_scale){ .log = true, .low = 1, .high = 10000, .from = 400, .to = 0 };
	assert_true(fabs(chart_place(&scale, 100) - 200) < 1e-9);
	assert_true(fabs(chart_place(&scale, 0) - 400) < 1e-9);
}

static void values_have_four_digits_and_their_unit(void **state)
{
	static const struct {
		enum chart_unit unit;
		double value;
		const char *text;
	} values[] = { { CHART_NS, 0, "0 ns" }, { CHART_NS, 999, "999 ns" },
		{ CHART_NS, 20350, "20.35 \u00b5s" }, { CHART_NS, 1e9, "1 s" },
		{ CHART_NS, 3600e9, "3,600 s" }, { CHART_COUNT, 1234567, "1,234,567" },
		{ CHART_COUNT, 1.5e12, "1.5 T" }, { CHART_SHARE, 0.5, "50 %" },
		{ CHART_SHARE, 1e-6, "0.0001 %" }, { CHART_QUANTILE, 1000, "99.9 %" } };

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char *blank;

		buffer_clear(&out);
		chart_put_value(&out, values[i].unit, NULL, values[i].value);
		blank = strstr((char *)out.data, "\u00a0");
		if (blank) {
			*blank = ' ';
			memmove(blank + 1, blank + 2, strlen(blank + 2) + 1);
		}
		assert_string_equal(buffer_text(&out), values[i].text);
	}
}

/* ---- ranges of a histogram ---- */

static void bins_hold_every_number_once(void **state)
{
	static const enum bins_kind kinds[] = { BINS_EVEN, BINS_RATIO, BINS_ROUND };
	uint64_t seed = 3;

	(void)state;
	for (unsigned int i = 0; i < 300; i++) {
		struct histogram *histogram = arena_alloc(&arena, sizeof(*histogram));
		enum bins_kind kind = kinds[i % 3];
		unsigned int shift = (unsigned int)support_random_below(&seed, 64);
		double edges[BINS_MAX + 1];
		struct bin bins[BINS_MAX];
		uint64_t sum = 0;
		size_t count;

		for (unsigned int j = 0; j < 200; j++)
			histogram_add(
				histogram, support_random_below(&seed, UINT64_MAX) >> shift, j);
		count = bins_edges(histogram->min, histogram->max, kind, 20 + i % 45, edges);
		assert_in_range(count, 1, BINS_MAX);
		assert_true(edges[0] <= (double)histogram->min &&
			    edges[count] >= (double)histogram->max);
		bins_fill(histogram, edges, count, bins);
		for (size_t j = 0; j < count; j++) {
			assert_true(edges[j] < edges[j + 1]);
			sum += bins[j].count;
		}
		assert_true(sum == histogram->count);
		arena_reset(&arena);
	}
}

static void small_numbers_are_counted_in_their_own_bins(void **state)
{
	struct histogram *histogram = arena_alloc(&arena, sizeof(*histogram));
	double edges[BINS_MAX + 1];
	struct bin bins[BINS_MAX];
	size_t count;

	(void)state;
	histogram_add(histogram, 3, 5);
	histogram_add(histogram, 4, 7);
	histogram_add(histogram, 9, 1);
	count = bins_edges(3, 9, BINS_EVEN, 40, edges);
	bins_fill(histogram, edges, count, bins);
	assert_int_equal(count, 7);
	assert_int_equal(bins[0].count, 5);
	assert_int_equal(bins[1].count, 7);
	assert_int_equal(bins[2].count, 0);
	assert_int_equal(bins[6].count, 1);
}

static void a_wide_spread_wants_ratios(void **state)
{
	(void)state;
	assert_false(bins_want_log(1000, 1100));
	assert_false(bins_want_log(0, 10));
	assert_true(bins_want_log(0, 1000));
	assert_true(bins_want_log(20000, 400000));
}

/* ---- what is drawn ---- */

static size_t count_of(const char *part)
{
	size_t found = 0;

	for (const char *p = buffer_text(&out); (p = strstr(p, part)); p++)
		found++;
	return found;
}

static void a_bar_says_what_it_counts(void **state)
{
	struct histogram *histogram = arena_alloc(&arena, sizeof(*histogram));
	const struct chart_sample sample = { "all", histogram };
	struct chart chart;

	(void)state;
	histogram_add(histogram, 100, 5);
	histogram_add(histogram, 101, 1234);
	histogram_add(histogram, 110, 1);
	chart_distribution(&chart, &arena, "Latency", "latency", &sample, 1, true);
	chart_draw(&chart, &out);
	/* One a width of page. */
	assert_int_equal(count_of("<title>101\u00a0ns to 102\u00a0ns: 1,234 frames</title>"), 2);
	assert_int_equal(count_of("<title>110\u00a0ns to 111\u00a0ns: 1 frame</title>"), 2);
	assert_int_equal(count_of("<rect class=\"fill\""), 6);
	assert_int_equal(count_of(">p50 101\u00a0ns</text>"), 2);
	assert_int_equal(count_of(">max 110\u00a0ns</text>"), 2);
}

static void a_curve_ends_where_the_samples_do(void **state)
{
	struct histogram *histogram = arena_alloc(&arena, sizeof(*histogram));
	const struct chart_sample sample = { "all", histogram };
	const struct chart_series *series;
	struct chart chart;

	(void)state;
	for (uint64_t i = 1; i <= 100; i++)
		histogram_add(histogram, i, 1);
	chart_percentiles(&chart, &arena, "", "", &sample, 1);
	series = &chart.series[0];
	assert_true(fabs(series->points[0].y - 1) < 1e-9);
	assert_true(fabs(series->points[series->count - 1].x - 100) < 1e-9);
	assert_true(fabs(series->points[series->count - 1].y - 99) < 1e-9);
	for (size_t i = 1; i < series->count; i++)
		assert_true(series->points[i].y >= series->points[i - 1].y);
	histogram_add(histogram, 5, 10000000);
	chart_percentiles(&chart, &arena, "", "", &sample, 1);
	assert_true(fabs(chart.series[0].points[chart.series[0].count - 1].x - 1e5) < 1e-6);
}

static void a_line_is_parted_where_there_is_nothing(void **state)
{
	static const double values[] = { 1, 2, NAN, 3, NAN, 4, 5, 6 };
	const struct chart_track track = { "rate", values };
	const struct chart_axis y = { .title = "frames/s" };
	struct chart chart;
	const char *line;
	size_t parts = 0;

	(void)state;
	chart_over_time(&chart, &arena, "Rate", &y, 1000000000, &track, 1, 8);
	chart.wide = false;
	chart_draw(&chart, &out);
	line = strstr(buffer_text(&out), "class=\"line\"");
	assert_non_null(line);
	for (; *line != '>'; line++)
		parts += *line == 'M';
	assert_int_equal(parts, 3);
	/* The one that stands alone is a dot. */
	assert_int_equal(count_of("<circle"), 2);
	assert_int_equal(count_of("<title>2.5\u00a0s: none</title>"), 2);
}

static void many_points_make_no_large_picture(void **state)
{
	size_t count = 300000;
	double *values = arena_alloc(&arena, count * sizeof(*values));
	struct chart charts[2];
	const struct chart_track track = { "rate", values };
	const struct chart_axis y = { .title = "frames/s" };

	(void)state;
	for (size_t i = 0; i < count; i++)
		values[i] = i == 1000 ? 1e6 : i % 3 ? NAN : 1000 + (double)(i % 97);
	chart_over_time(&charts[0], &arena, "Rate", &y, 1000000, &track, 1, count);
	chart_replies(&charts[1], &arena, "Probes", values, count);
	for (size_t i = 0; i < 2; i++) {
		buffer_clear(&out);
		chart_draw(&charts[i], &out);
		assert_true(out.length < 200000);
		assert_int_equal(count_of("nan"), 0);
	}
}

static void text_is_cut_where_there_is_no_room(void **state)
{
	(void)state;
	chart_fit("short", 100, &out);
	assert_string_equal(buffer_text(&out), "short");
	buffer_clear(&out);
	chart_fit("a name that is far too long", 60, &out);
	assert_string_equal(buffer_text(&out), "a name\u2026");
	assert_true(chart_text_width(buffer_text(&out)) <= 60);
	buffer_clear(&out);
	chart_fit("\xff\xff\xff\xff\xff\xff\xff", 40, &out);
	assert_string_equal(buffer_text(&out), "\xff\xff\u2026");
}

static void names_of_series_are_escaped(void **state)
{
	static const double values[] = { 1, 2 };
	const struct chart_track tracks[] = { { "<b>&\"", values }, { "b", values } };
	const struct chart_axis y = { .title = "<i>", .noun = "</title><x>" };
	struct chart chart;

	(void)state;
	chart_over_time(&chart, &arena, "<u>", &y, 1, tracks, 2, 2);
	chart_draw(&chart, &out);
	assert_int_equal(count_of("<b>"), 0);
	assert_int_equal(count_of("<i>"), 0);
	assert_int_equal(count_of("<u>"), 0);
	assert_int_equal(count_of("<x>"), 0);
	assert_int_equal(count_of("aria-label=\"&lt;u&gt;\""), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ticks_are_round_and_share_a_unit),
		TEST(long_times_are_told_as_a_clock_does),
		TEST(close_numbers_keep_the_digits_that_differ),
		TEST(logarithmic_ticks_have_each_its_own_unit),
		TEST(ticks_lie_on_the_axis_in_order),
		TEST(places_are_even_or_by_ratio),
		TEST(values_have_four_digits_and_their_unit),
		TEST(bins_hold_every_number_once),
		TEST(small_numbers_are_counted_in_their_own_bins),
		TEST(a_wide_spread_wants_ratios),
		TEST(a_bar_says_what_it_counts),
		TEST(a_curve_ends_where_the_samples_do),
		TEST(a_line_is_parted_where_there_is_nothing),
		TEST(many_points_make_no_large_picture),
		TEST(text_is_cut_where_there_is_no_room),
		TEST(names_of_series_are_escaped),
	};

	return cmocka_run_group_tests_name("render/chart", tests, NULL, NULL);
}
