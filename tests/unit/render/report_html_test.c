/*
 * render_report_html: what stands in the page. That it is HTML, looks well and has no text over
 * other text, tests/cli/report_test.sh shows in a browser, of the pages that this program writes
 * into the directory that $REPORT_PAGES names.
 */
#include "render/report_html.h"

#include "base/arena.h"
#include "fresh.h"
#include "../../support/random.h"

#include <math.h>
#include <stdio.h>

static uint64_t seed;

static int seeded(void **state)
{
	seed = 1;
	return setup(state);
}

static double uniform(void)
{
	return ((double)support_random_below(&seed, 1U << 30) + 0.5) / (double)(1U << 30);
}

/* A latency: a body around 20 us, and a tail of one in a hundred. */
static struct histogram *latency(uint64_t samples, double body, double tail)
{
	struct histogram *histogram = arena_alloc(&arena, sizeof(*histogram));

	for (uint64_t i = 0; i < samples; i++) {
		double z = sqrt(-2 * log(uniform())) * cos(2 * M_PI * uniform());
		double ns = body * exp(0.12 * z);

		if (uniform() < 0.01)
			ns += -log(uniform()) * tail;
		histogram_add(histogram, (uint64_t)ns, 1);
	}
	return histogram;
}

static struct histogram *constant(uint64_t value, uint64_t times)
{
	struct histogram *histogram = arena_alloc(&arena, sizeof(*histogram));

	histogram_add(histogram, value, times);
	return histogram;
}

/* ---- the parts of a page ---- */

#define CHARTS_MAX 12

struct page {
	struct report report;
	struct chart charts[CHARTS_MAX];
	struct frame_view view;
	struct render_named frame;
};

static struct chart *next_chart(struct page *page)
{
	page->report.charts = page->charts;
	return &page->charts[page->report.chart_count++];
}

static char *command[] = { "pktsmith", "measure", "udp.yaml", "--tx", "veth0", "--rx", "veth1",
	"-s", "payload.data=\"it's <b>\"", NULL };

static struct page *page_new(const char *title)
{
	static const struct report_figure environment[] = {
		{ .name = "date", .value = "2026-11-23 03:20 UTC" },
		{ .name = "kernel", .value = "Linux 6.1.0 x86_64" },
		{ .name = "interface", .value = "veth0 (veth), 02:00:00:00:00:01" }
	};
	struct page *page = arena_alloc(&arena, sizeof(*page));

	frames_udp(&arena, &page->view);
	page->frame = (struct render_named){ title, &page->view };
	page->report = (struct report){ .kind = "pktsmith measure",
		.title = title,
		.verdict = REPORT_GOOD,
		.verdict_text = "All 1,000,000 frames arrived, once, in order and intact.",
		.frames = &page->frame,
		.frame_count = 1,
		.command = command,
		.environment = environment,
		.environment_count = 3 };
	return page;
}

static void put_durations(
	struct page *page, const struct histogram *first, const struct histogram *second)
{
	const struct chart_sample samples[] = { { "stream 0", first }, { "stream 1", second } };
	size_t count = second ? 2 : 1;

	chart_distribution(next_chart(page), &arena, "Latency", "latency", samples, count, true);
	chart_percentiles(
		next_chart(page), &arena, "Latency by percentile", "latency", samples, count);
}

static void put_time(
	struct page *page, size_t count, double level, double noise, double loss, bool holes)
{
	double *sent = arena_alloc(&arena, (count + 1) * sizeof(*sent));
	double *received = arena_alloc(&arena, (count + 1) * sizeof(*received));
	double *lost = arena_alloc(&arena, (count + 1) * sizeof(*lost));
	const struct chart_track rates[] = { { "sent", sent }, { "received", received } };
	const struct chart_track losses[] = { { "lost", lost } };
	const struct chart_axis rate = { .title = "frames/s", .noun = "frames/s" };
	const struct chart_axis share = { .title = "frames lost", .unit = CHART_SHARE };

	for (size_t i = 0; i < count; i++) {
		sent[i] = level * (1 + noise * (uniform() - 0.5));
		lost[i] = loss < 1 ? loss * uniform() : loss;
		received[i] = holes && i % 7 == 3 ? NAN : sent[i] * (1 - lost[i]);
	}
	chart_over_time(
		next_chart(page), &arena, "Rate over time", &rate, 100000000, rates, 2, count);
	chart_over_time(
		next_chart(page), &arena, "Loss over time", &share, 100000000, losses, 1, count);
}

static const char *const sizes[] = { "64", "128", "256", "512", "1024", "1280", "1518" };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static void put_rfc2544(struct page *page)
{
	static const double most[] = { 1488095, 844595, 452899, 234962, 119732, 96154, 81274 };
	static struct chart_loss points[SIZES][10];
	static struct chart_losses losses[SIZES];
	const struct chart_axis x = { .title = "frame size in octets",
		.unit = CHART_NAMES,
		.names = sizes,
		.name_count = SIZES };
	const struct chart_axis rate = { .title = "frames/s", .noun = "frames/s" };
	const struct chart_axis time = { .title = "latency", .unit = CHART_NS };
	struct chart_span spans[SIZES];
	double got[SIZES];

	for (size_t i = 0; i < SIZES; i++) {
		got[i] = most[i] * (i < 3 ? 0.4 + 0.2 * (double)i : 1);
		spans[i] = (struct chart_span){ 9000, 20000 + 3000 * (double)i,
			40000 + 90000 * uniform() };
		for (size_t j = 0; j < 10; j++) {
			double over = (double)(j + 1) / 10 - got[i] / most[i];

			points[i][j] =
				(struct chart_loss){ (double)(j + 1) / 10, over > 0 ? over : 0 };
		}
		losses[i] = (struct chart_losses){ sizes[i], points[i], 10 };
	}
	chart_by_name(next_chart(page), &arena, "Throughput", &x, &rate, "measured", got,
		"the maximum", most);
	chart_loss_by_rate(next_chart(page), &arena, "Loss by rate", losses, SIZES);
	chart_spans(next_chart(page), &arena, "Latency by frame size", &x, &time, spans);
	chart_by_name(next_chart(page), &arena, "Back-to-back frames", &x,
		&(struct chart_axis){ .title = "frames", .noun = "frames" }, "frames", got, NULL,
		NULL);
}

static void put_replies(struct page *page, size_t count, double missing)
{
	double *rtt = arena_alloc(&arena, (count + 1) * sizeof(*rtt));

	for (size_t i = 0; i < count; i++)
		rtt[i] = uniform() < missing ? NAN : 300000 - log(uniform()) * 40000;
	chart_replies(next_chart(page), &arena, "Round trips by probe", rtt, count);
}

/* ---- pages ---- */

static struct page *full_page(void)
{
	static const struct report_figure figures[] = {
		{ "sent", "1,000,000", "frames", true },
		{ "received", "999,000", "frames", true },
		{ "lost", "1,000", "0.1 %", true },
		{ "latency p50", "20.1 \u00b5s", "p99 78.2 \u00b5s", true },
		{ "duplicated", "0", NULL, false },
		{ "reordered", "12", "by at most 3 frames", false },
		{ "mean latency", "20.94 \u00b5s", NULL, false },
		{ "backend", "packet", "the fastest here: packet 1.20 Mframes/s", false },
	};
	struct page *page = page_new("udp");

	page->report.verdict = REPORT_BAD;
	page->report.verdict_text = "1,000 of 1,000,000 frames were lost.";
	page->report.figures = figures;
	page->report.figure_count = sizeof(figures) / sizeof(figures[0]);
	put_durations(page, latency(100000, 20000, 100000), latency(100000, 30000, 20000));
	put_time(page, 120, 98000, 0.1, 0.02, false);
	{
		const struct chart_sample gaps[] = { { "achieved", latency(20000, 10000, 900) },
			{ "asked", constant(10000, 20000) } };

		chart_distribution(
			next_chart(page), &arena, "Gaps between frames", "gap", gaps, 2, false);
	}
	put_durations(page, latency(1000, 350000, 3000), NULL);
	return page;
}

static struct page *rfc_page(void)
{
	static const char *const heads[] = { "size", "rate", "of the most", "trials" };
	static const char *const cells[] = { "64", "595,238", "40.0 %", "9", "128", "506,757",
		"60.0 %", "8", "1518", "81,274", "100.0 %", "1" };
	static const struct report_table table = { "Throughput", "RFC 2544, 26.1: trials of 60 s",
		heads, 4, cells, 3, 0xf };
	struct page *page = page_new("rfc2544");

	page->report.tables = &table;
	page->report.table_count = 1;
	put_rfc2544(page);
	return page;
}

static struct page *path_page(void)
{
	static const struct chart_hop hops[] = { { 1, "192.0.2.1", 350000, "time exceeded" },
		{ 2, "198.51.100.7", 1250000, "time exceeded" }, { 3, NULL, 0, "" },
		{ 4, "2001:db8:1234:5678:9abc:def0:1234:5678", 15234567, "port unreachable" } };
	struct page *page = page_new("traceroute");

	page->report.hops = hops;
	page->report.hop_count = 4;
	put_replies(page, 254, 0.1);
	return page;
}

static struct page *sweep_page(void)
{
	struct page *page = page_new("sweep");

	put_replies(page, 65536, 0.03);
	put_time(page, 5000, 1.2e6, 0.4, 0.01, true);
	return page;
}

static struct page *flat_page(const char *title, uint64_t value, uint64_t times)
{
	struct page *page = page_new(title);
	struct histogram *histogram = constant(value, times);

	put_durations(page, histogram, NULL);
	put_time(page, times ? 1 : 0, (double)value, 0, 0, false);
	put_replies(page, times ? 1 : 0, 0);
	return page;
}

static struct page *large_page(void)
{
	struct page *page = flat_page("large", UINT64_MAX, 1000000000000);
	struct histogram *histogram = constant(1, 1000000000000);

	histogram_add(histogram, UINT64_MAX, 1);
	put_durations(page, histogram, NULL);
	put_time(page, 40, 1e15, 1, 0.000001, false);
	return page;
}

static struct page *lost_page(void)
{
	struct page *page = page_new("lost");

	put_durations(page, constant(0, 0), NULL);
	put_time(page, 60, 1000, 0.5, 1, false);
	put_replies(page, 300, 1);
	return page;
}

#define HOSTILE                                                                          \
	"<script>alert(1)</script>\" onload='x' &amp; ]]> \x01 \xff \u202e \u6f22\u5b57" \
	"-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static struct page *hostile_page(void)
{
	static const char *const names[] = { HOSTILE, HOSTILE };
	static char *words[] = { "pktsmith", HOSTILE, NULL };
	static const struct report_figure figures[] = { { HOSTILE, HOSTILE, HOSTILE, true },
		{ HOSTILE, HOSTILE, HOSTILE, false } };
	static const struct report_table table = { HOSTILE, HOSTILE, names, 2, names, 1, 0 };
	static const struct chart_hop hop = { 1, HOSTILE, 5, HOSTILE };
	static const double values[] = { 1, 2 };
	const struct chart_axis axis = {
		.title = HOSTILE, .unit = CHART_NAMES, .names = names, .name_count = 2
	};
	const struct histogram *histogram = latency(500, 20000, 1000);
	const struct chart_sample samples[] = { { HOSTILE, histogram }, { HOSTILE, histogram } };
	struct page *page = page_new(HOSTILE);

	page->report.verdict_text = page->report.about = page->report.kind = HOSTILE;
	page->report.figures = page->report.environment = figures;
	page->report.figure_count = page->report.environment_count = 2;
	page->report.tables = &table;
	page->report.table_count = 1;
	page->report.hops = &hop;
	page->report.hop_count = 1;
	page->report.command = words;
	chart_distribution(next_chart(page), &arena, HOSTILE, HOSTILE, samples, 2, true);
	chart_by_name(next_chart(page), &arena, HOSTILE, &axis,
		&(struct chart_axis){ .title = HOSTILE }, HOSTILE, values, HOSTILE, values);
	return page;
}

static const char *html_of(const struct page *page)
{
	buffer_clear(&out);
	render_report_html(&page->report, &out);
	return buffer_text(&out);
}

/* ---- tests ---- */

static void has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in:\n%.3000s", part, text);
}

static void has_not(const char *text, const char *part)
{
	if (strstr(text, part))
		fail_msg("%s in:\n%.200s", part, strstr(text, part));
}

static void a_page_says_all_that_it_was_given(void **state)
{
	const char *html = html_of(full_page());

	(void)state;
	has(html, "<h1>udp</h1>");
	has(html, "<p class=\"verdict bad\">\u2717 1,000 of 1,000,000 frames were lost.</p>");
	has(html, "<div><dt>lost</dt><dd>1,000<small>0.1 %</small></dd></div>");
	has(html, "<td class=\"number\">12</td><td>by at most 3 frames</td>");
	has(html, "aria-label=\"Latency by percentile\"");
	has(html, "data-field=\"udp.dport\"");
	has(html, "<th scope=\"row\">kernel</th><td>Linux 6.1.0 x86_64</td>");
}

static void a_page_holds_no_script_and_asks_for_nothing(void **state)
{
	const char *html = html_of(full_page());

	(void)state;
	has(html, "default-src 'none'");
	has_not(html, "<script");
	has_not(html, "<?xml");
	has_not(html, "src=");
	has_not(html, "href=");
	has_not(html, "@import");
}

static void hostile_text_is_text(void **state)
{
	const char *html = html_of(hostile_page());

	(void)state;
	has(html, "<h1>&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload='x' &amp;amp; ]]&gt; "
		  "\ufffd "
		  "\ufffd ");
	has_not(html, "<script");
	has_not(html, "\x01");
	has_not(html, "\xff");
	has_not(html, "\" onload");
}

static void the_command_reads_back_as_it_was_given(void **state)
{
	static const struct {
		const char *word, *quoted;
	} words[] = { { "veth0", "veth0" }, { "", "''" }, { "a b", "'a b'" }, { "$x", "'$x'" },
		{ "it's", "'it'\\''s'" }, { "a\nb\\'", "$'a\\x0ab\\\\\\''" },
		{ "\xff", "$'\\xff'" }, { "m\u00fc", "'m\u00fc'" }, { "-e", "-e" } };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		buffer_clear(&out);
		render_shell_word(words[i].word, &out);
		assert_string_equal(buffer_text(&out), words[i].quoted);
	}
	has(html_of(full_page()), "<pre><span>pktsmith</span> <span>measure</span> ");
	has(html_of(full_page()),
		" <span>'payload.data=&quot;it'\\''s &lt;b&gt;&quot;'</span></pre>");
}

static void without_numbers_there_is_a_word_in_place_of_a_plot(void **state)
{
	const char *html = html_of(flat_page("none", 0, 0));

	(void)state;
	has(html, "There is nothing to draw.");
	has_not(html, "class=\"plot");
	has_not(html, "nan");
	has_not(html, "inf\"");
}

static void frames_beyond_the_first_are_counted(void **state)
{
	struct page *page = page_new("many");
	struct render_named frames[6];

	(void)state;
	for (size_t i = 0; i < 6; i++)
		frames[i] = page->frame;
	page->report.frames = frames;
	page->report.frame_count = 6;
	has(html_of(page), "The first 4 of 6 frames.");
}

/* ---- for the browser ---- */

static void write_page(const char *directory, const char *name, const struct page *page)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.html", directory, name);
	html_of(page);
	file = fopen(path, "w");
	if (!file || fwrite(out.data, 1, out.length, file) != out.length || fclose(file))
		fail_msg("cannot write %s", path);
}

static void pages_are_written(void **state)
{
	const char *directory = getenv("REPORT_PAGES");

	(void)state;
	if (!directory)
		return;
	write_page(directory, "full", full_page());
	write_page(directory, "rfc2544", rfc_page());
	write_page(directory, "path", path_page());
	write_page(directory, "sweep", sweep_page());
	write_page(directory, "none", flat_page("none", 0, 0));
	write_page(directory, "one", flat_page("one", 20123, 1));
	write_page(directory, "equal", flat_page("equal", 1000000, 5000));
	write_page(directory, "zero", flat_page("zero", 0, 7));
	write_page(directory, "large", large_page());
	write_page(directory, "lost", lost_page());
	write_page(directory, "hostile", hostile_page());
}

#define SEEDED(name) cmocka_unit_test_setup_teardown(name, seeded, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SEEDED(a_page_says_all_that_it_was_given),
		SEEDED(a_page_holds_no_script_and_asks_for_nothing),
		SEEDED(hostile_text_is_text),
		SEEDED(the_command_reads_back_as_it_was_given),
		SEEDED(without_numbers_there_is_a_word_in_place_of_a_plot),
		SEEDED(frames_beyond_the_first_are_counted),
		SEEDED(pages_are_written),
	};

	return cmocka_run_group_tests_name("render/report_html", tests, NULL, NULL);
}
