/*
 * The style of charts. The colours of series differ for every kind of colour vision (they also
 * differ in lightness, and lines in their dashes), and stand out from the page by 3 to 1 at least,
 * text by 4.5 to 1 (WCAG 2.1, AA).
 */
#include "render/chart.h"

#include "base/buffer.h"

struct palette {
	const char *page, *panel, *text, *muted, *rule, *good, *bad, *miss;
	const char *series[CHART_COLORS];
};

static const struct palette light = {
	.page = "#f6f7f9",
	.panel = "#ffffff",
	.text = "#1b2026",
	.muted = "#545d67",
	.rule = "#dfe3e8",
	.good = "#12683a",
	.bad = "#a81f17",
	.miss = "#d0342a",
	.series = { "#1f6fc4", "#d0590f", "#00806a", "#9a4297", "#8f6b00", "#455266", "#b4284e",
		"#3c8a1e" },
};

static const struct palette dark = {
	.page = "#101318",
	.panel = "#181c22",
	.text = "#e8ebef",
	.muted = "#a9b2bc",
	.rule = "#323942",
	.good = "#6fd49b",
	.bad = "#ff9288",
	.miss = "#ff7468",
	.series = { "#62aef5", "#ff9a5c", "#3ecfb0", "#dd96da", "#e3c04a", "#aab6c6", "#ff85a3",
		"#95d86a" },
};

static void put_palette(const struct palette *palette, struct buffer *out)
{
	buffer_printf(out,
		":root { --page: %s; --panel: %s; --text: %s; --muted: %s; --rule: %s;\n"
		"--good: %s; --bad: %s; --miss: %s;\n",
		palette->page, palette->panel, palette->text, palette->muted, palette->rule,
		palette->good, palette->bad, palette->miss);
	for (unsigned int i = 0; i < CHART_COLORS; i++)
		buffer_printf(out, "--s%u: %s;%s", i, palette->series[i],
			i + 1 < CHART_COLORS ? " " : " }\n");
}

void chart_style(struct buffer *out)
{
	put_palette(&light, out);
	buffer_printf(out, "@media screen and (prefers-color-scheme: dark) {\n");
	put_palette(&dark, out);
	buffer_printf(out, "}\n");
	for (unsigned int i = 0; i < CHART_COLORS; i++)
		buffer_printf(out, ".k%u { --c: var(--s%u) }\n", i, i);
	buffer_printf(out,
		".chart { margin: 0 }\n"
		".chart figcaption strong { display: block; font-size: 1rem; font-weight: 600 }\n"
		".chart figcaption span { color: var(--muted); font-size: .8125rem }\n"
		".chart .none { color: var(--muted); margin: 2rem 0; text-align: center }\n"
		".legend { display: flex; flex-wrap: wrap; gap: .125rem 1rem; list-style: none;\n"
		"  margin: .5rem 0 0; padding: 0; font-size: .8125rem }\n"
		".legend svg { margin-right: .375rem; vertical-align: -1px }\n"
		".plot { display: none; width: 100%%; height: auto; margin-top: .5rem;\n"
		"  font: 11px system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif;\n"
		"  font-variant-numeric: tabular-nums }\n"
		".plot.medium, .wide .plot.large { display: block }\n"
		".wide .plot.medium { display: none }\n"
		"@media (max-width: 68rem) {\n"
		".wide .plot.large { display: none }\n"
		".wide .plot.medium { display: block } }\n"
		"@media (max-width: 34rem) {\n"
		".plot.medium, .wide .plot.medium { display: none }\n"
		".plot.small { display: block } }\n"
		".plot .tick, .plot .name { fill: var(--muted) }\n"
		".plot .label { fill: var(--text) }\n"
		".grid, .axis, .mark { fill: none; stroke: var(--rule); stroke-width: 1 }\n"
		".axis { stroke: var(--muted) }\n"
		".mark { stroke: var(--text); stroke-dasharray: 3 3; opacity: .7 }\n"
		".fill { fill: var(--c) }\n"
		".line, .level, .span { fill: none; stroke: var(--c); stroke-width: 2;\n"
		"  stroke-linejoin: round }\n"
		".level { stroke-width: 3 } .span { stroke-linecap: round }\n"
		".miss { fill: none; stroke: var(--miss); stroke-width: 1.5 }\n"
		".missed { fill: var(--miss) } .band { fill: var(--c); opacity: .3 }\n"
		".read { fill: transparent } .read:hover { fill: var(--muted); opacity: .15 }\n"
		".fill:hover { stroke: var(--text); stroke-width: 1 }\n"
		".d0 { opacity: .3 } .d1 { opacity: .45 } .d2 { opacity: .6 } .d3 { opacity: .8 "
		"}\n");
}
