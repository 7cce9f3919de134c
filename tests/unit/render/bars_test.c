/* Histograms and sparklines of text. */
#include "render/bars.h"
#include "base/histogram.h"

#include "frames.h"

#include <math.h>
#include <stdio.h>

static struct buffer out;
static struct histogram *histogram;

static int setup(void **state)
{
	(void)state;
	buffer_clear(&out);
	histogram = test_calloc(1, sizeof(*histogram));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buffer_fini(&out);
	test_free(histogram);
	return 0;
}

static void a_row_has_its_count_and_the_share_so_far(void **state)
{
	(void)state;
	histogram_add(histogram, 1000, 10);
	histogram_add(histogram, 1001, 5);
	histogram_add(histogram, 1002, 5);
	render_histogram(histogram, 50, false, &out);
	assert_string_equal(
		buffer_text(&out), "     1.00 us ################          20 100.00 %\n");
}

static void bars_are_of_eighths_or_of_ascii(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 4; i++)
		histogram_add(histogram, 10 + i, i == 3 ? 4096 : 1 + i * 512);
	render_histogram(histogram, 50, true, &out);
	assert_string_equal(buffer_text(&out),
		"       10 ns \u258f                          1   0.01 %\n"
		"       11 ns \u2588\u2588                       513   9.12 %\n"
		"       12 ns \u2588\u2588\u2588\u2588                    1025  27.31 %\n"
		"       13 ns "
		"\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588\u2588"
		"\u2588\u2588\u2588\u2588        4096 100.00 %\n");
	buffer_clear(&out);
	render_histogram(histogram, 50, false, &out);
	assert_string_equal(buffer_text(&out),
		"       10 ns #                          1   0.01 %\n"
		"       11 ns ##                       513   9.12 %\n"
		"       12 ns ####                    1025  27.31 %\n"
		"       13 ns ################        4096 100.00 %\n");
}

static void empty_ranges_are_one_line(void **state)
{
	(void)state;
	histogram_add(histogram, 1000, 7);
	histogram_add(histogram, 900000000, 1);
	render_histogram(histogram, 60, false, &out);
	assert_string_equal(buffer_text(&out),
		"        1 us ##########################           7  87.50 %\n"
		"         ...\n"
		"      500 ms ####                                 1 100.00 %\n");
}

static void nothing_counted_is_nothing_told(void **state)
{
	(void)state;
	render_histogram(histogram, 80, true, &out);
	assert_string_equal(buffer_text(&out), "");
}

static unsigned int width_of(const char *line)
{
	unsigned int width = 0;

	for (; *line != '\n'; line++)
		width += ((unsigned char)*line & 0xc0) != 0x80;
	return width;
}

static void no_line_is_wider_than_asked(void **state)
{
	static const uint64_t ends[] = { 0, 1, 1000000000000, UINT64_MAX };

	(void)state;
	for (unsigned int columns = 40; columns < 140; columns += 33) {
		for (unsigned int i = 0; i < 4; i++) {
			histogram_add(histogram, ends[i], 1000000000000);
			buffer_clear(&out);
			render_histogram(histogram, columns, i & 1, &out);
			assert_true(out.length);
			for (const char *line = buffer_text(&out); *line;
				line = strchr(line, '\n') + 1)
				if (width_of(line) > columns)
					fail_msg("%u: %s", width_of(line), line);
		}
	}
}

static void a_sparkline_goes_from_nothing_to_the_largest(void **state)
{
	static const double values[] = { 0, 1, 4, NAN, 8 };
	static const double zeros[] = { 0, 0 };

	(void)state;
	render_sparkline(values, 5, true, &out);
	assert_string_equal(buffer_text(&out), "\u2581\u2581\u2584 \u2588");
	buffer_clear(&out);
	render_sparkline(values, 5, false, &out);
	assert_string_equal(buffer_text(&out), "__- #");
	buffer_clear(&out);
	render_sparkline(zeros, 2, false, &out);
	assert_string_equal(buffer_text(&out), "__");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_row_has_its_count_and_the_share_so_far),
		TEST(bars_are_of_eighths_or_of_ascii),
		TEST(empty_ranges_are_one_line),
		TEST(nothing_counted_is_nothing_told),
		TEST(no_line_is_wider_than_asked),
		TEST(a_sparkline_goes_from_nothing_to_the_largest),
	};

	return cmocka_run_group_tests_name("render/bars", tests, NULL, NULL);
}
