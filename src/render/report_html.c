/* Writes a report as a page of HTML. */
#include "render/report_html.h"
#include "render/svg.h"

#include "base/buffer.h"

static const char style[] =
	"* { box-sizing: border-box }\n"
	"body { margin: 0; background: var(--page); color: var(--text);\n"
	"  font: 1rem/1.5 system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif;\n"
	"  overflow-wrap: anywhere }\n"
	"main { max-width: 74rem; margin: 0 auto; padding: 1.5rem 1rem 3rem }\n"
	"h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 }\n"
	"h2 { font-size: 1.125rem; margin: 2.25rem 0 .75rem }\n"
	".kind { margin: 0 0 .25rem; color: var(--muted); font-size: .875rem }\n"
	".about { margin: .25rem 0 0; color: var(--muted) }\n"
	".verdict { margin: 1.25rem 0 0; padding: .625rem .875rem; background: var(--panel);\n"
	"  border: 1px solid var(--rule); border-left: .25rem solid var(--muted);\n"
	"  border-radius: .375rem; font-weight: 600 }\n"
	".verdict.good { color: var(--good); border-left-color: var(--good) }\n"
	".verdict.bad { color: var(--bad); border-left-color: var(--bad) }\n"
	".panel { background: var(--panel); border: 1px solid var(--rule);\n"
	"  border-radius: .5rem; padding: 1rem }\n"
	".tiles { display: grid; gap: .75rem; margin: .75rem 0 0;\n"
	"  grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)) }\n"
	".tiles div { background: var(--panel); border: 1px solid var(--rule);\n"
	"  border-radius: .5rem; padding: .75rem .875rem }\n"
	".tiles dt { color: var(--muted); font-size: .8125rem }\n"
	".tiles dd { margin: 0; font-size: 1.375rem; line-height: 1.3; font-weight: 600;\n"
	"  font-variant-numeric: tabular-nums }\n"
	".tiles dd small { display: block; font-size: .8125rem; font-weight: 400;\n"
	"  color: var(--muted) }\n"
	".charts { display: grid; gap: .75rem; grid-template-columns: 1fr 1fr }\n"
	".charts .chart { background: var(--panel); border: 1px solid var(--rule);\n"
	"  border-radius: .5rem; padding: 1rem; min-width: 0; break-inside: avoid }\n"
	".charts .wide { grid-column: 1 / -1 }\n"
	"@media (max-width: 60rem) { .charts { grid-template-columns: 1fr } }\n"
	".scroll { overflow-x: auto }\n"
	".scroll .page { fill: none }\n"
	".scroll:focus-visible { outline: 2px solid var(--s0) }\n"
	"table { border-collapse: collapse; width: 100%; font-size: .875rem;\n"
	"  font-variant-numeric: tabular-nums }\n"
	"th, td { padding: .3125rem .75rem .3125rem 0; text-align: left; vertical-align: top;\n"
	"  border-bottom: 1px solid var(--rule) }\n"
	"tr:last-child > * { border-bottom: 0 }\n"
	"th { font-weight: 600; overflow-wrap: break-word } thead th { color: var(--muted) }\n"
	".number { text-align: right; white-space: nowrap; overflow-wrap: normal }\n"
	".number:last-child, td:last-child { padding-right: 0 }\n"
	"td small { display: block; color: var(--muted) }\n"
	"caption { text-align: left; color: var(--muted); padding-bottom: .5rem }\n"
	".figures th, .environment th { font-weight: 400; color: var(--muted); width: 14rem }\n"
	".figures .number { width: 12rem; padding-right: 1.5rem; white-space: normal;\n"
	"  overflow-wrap: anywhere }\n"
	".figures td:last-child { color: var(--muted) }\n"
	".hops .bar { width: 45%; padding-left: .75rem }\n"
	".hops .bar svg { display: block; width: 100%; height: .75rem; margin-top: .3125rem }\n"
	"pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere;\n"
	"  font: .875rem/1.5 ui-monospace, \"DejaVu Sans Mono\", Menlo, Consolas, monospace }\n"
	"pre span { display: inline-block; max-width: 100% }\n"
	".note { color: var(--muted); font-size: .875rem; margin: .5rem 0 0 }\n"
	"@media (max-width: 40rem) {\n"
	".figures, .figures tbody, .figures tr, .figures td, .figures th,\n"
	".environment, .environment tbody, .environment tr, .environment td, .environment th\n"
	"  { display: block; width: auto; border: 0; padding: 0; text-align: left }\n"
	".figures tr, .environment tr { padding: .375rem 0; border-bottom: 1px solid var(--rule) "
	"}\n"
	".figures .number { width: auto }\n"
	".hops .bar { display: none } }\n"
	"@media print {\n"
	"body { background: none } main { max-width: none; padding: 0 }\n"
	".panel, .charts .chart, .tiles div { break-inside: avoid }\n"
	".scroll { overflow: visible } .scroll > svg { width: 100%; height: auto } }\n";

/* ---- text ---- */

static void put_element(
	struct buffer *out, const char *name, const char *attributes, const char *text)
{
	buffer_printf(out, "<%s%s>", name, attributes);
	svg_escape(text, out);
	buffer_printf(out, "</%s>", name);
}

static void put_head(const struct report *report, struct buffer *out)
{
	buffer_printf(out,
		"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
		"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
	svg_escape(report->title, out);
	buffer_printf(out, " \u2013 ");
	svg_escape(report->kind, out);
	buffer_printf(out, "</title>\n<style>\n");
	chart_style(out);
	buffer_printf(out, "%s</style>\n</head>\n<body>\n<main>\n", style);
}

static void put_verdict(const struct report *report, struct buffer *out)
{
	static const char *const classes[] = { "verdict", "verdict good", "verdict bad" };
	static const char *const signs[] = { "", "\u2713 ", "\u2717 " };

	if (!report->verdict_text)
		return;
	buffer_printf(out, "<p class=\"%s\">%s", classes[report->verdict], signs[report->verdict]);
	svg_escape(report->verdict_text, out);
	buffer_printf(out, "</p>\n");
}

static void put_heading(const struct report *report, struct buffer *out)
{
	buffer_printf(out, "<header>\n");
	put_element(out, "p", " class=\"kind\"", report->kind);
	put_element(out, "h1", "", report->title);
	if (report->about)
		put_element(out, "p", " class=\"about\"", report->about);
	put_verdict(report, out);
	buffer_printf(out, "</header>\n");
}

/* ---- figures ---- */

static size_t main_figures(const struct report *report)
{
	size_t count = 0;

	for (size_t i = 0; i < report->figure_count; i++)
		count += report->figures[i].main ? 1 : 0;
	return count;
}

static void put_tiles(const struct report *report, struct buffer *out)
{
	if (!main_figures(report))
		return;
	buffer_printf(out, "<dl class=\"tiles\">\n");
	for (size_t i = 0; i < report->figure_count; i++) {
		const struct report_figure *figure = &report->figures[i];

		if (!figure->main)
			continue;
		buffer_printf(out, "<div>");
		put_element(out, "dt", "", figure->name);
		buffer_printf(out, "<dd>");
		svg_escape(figure->value, out);
		if (figure->note)
			put_element(out, "small", "", figure->note);
		buffer_printf(out, "</dd></div>\n");
	}
	buffer_printf(out, "</dl>\n");
}

static void put_figures(const struct report *report, struct buffer *out)
{
	if (main_figures(report) == report->figure_count)
		return;
	buffer_printf(out, "<h2>Figures</h2>\n<div class=\"panel\">\n<table class=\"figures\">\n"
			   "<tbody>\n");
	for (size_t i = 0; i < report->figure_count; i++) {
		const struct report_figure *figure = &report->figures[i];

		if (figure->main)
			continue;
		buffer_printf(out, "<tr>");
		put_element(out, "th", " scope=\"row\"", figure->name);
		put_element(out, "td", " class=\"number\"", figure->value);
		put_element(out, "td", "", figure->note ? figure->note : "");
		buffer_printf(out, "</tr>\n");
	}
	buffer_printf(out, "</tbody></table>\n</div>\n");
}

/* ---- tables ---- */

static const char *cell_class(const struct report_table *table, size_t column)
{
	return table->numbers >> column & 1 ? " class=\"number\"" : "";
}

static void begin_scroll(const char *label, struct buffer *out)
{
	buffer_printf(
		out, "<div class=\"panel scroll\" tabindex=\"0\" role=\"region\" aria-label=\"");
	svg_escape(label, out);
	buffer_printf(out, "\">\n");
}

static void put_table(const struct report_table *table, struct buffer *out)
{
	put_element(out, "h2", "", table->title);
	buffer_printf(out, "\n");
	begin_scroll(table->title, out);
	buffer_printf(out, "<table>\n");
	if (table->note)
		put_element(out, "caption", "", table->note);
	buffer_printf(out, "<thead><tr>");
	for (size_t i = 0; i < table->columns; i++) {
		buffer_printf(out, "<th scope=\"col\"%s>", cell_class(table, i));
		svg_escape(table->heads[i], out);
		buffer_printf(out, "</th>");
	}
	buffer_printf(out, "</tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < table->rows * table->columns; i++) {
		size_t column = i % table->columns;

		buffer_printf(out, "%s", column ? "" : "<tr>");
		put_element(out, "td", cell_class(table, column),
			table->cells[i] ? table->cells[i] : "");
		buffer_printf(out, "%s", column + 1 == table->columns ? "</tr>\n" : "");
	}
	buffer_printf(out, "</tbody></table>\n</div>\n");
}

/* ---- the rest ---- */

static void put_charts(const struct report *report, struct buffer *out)
{
	if (!report->chart_count && !report->hops)
		return;
	buffer_printf(out, "<h2>Charts</h2>\n<div class=\"charts\">\n");
	for (size_t i = 0; i < report->chart_count; i++)
		chart_draw(&report->charts[i], out);
	if (report->hops)
		chart_hops_draw("Path", report->hops, report->hop_count, out);
	buffer_printf(out, "</div>\n");
}

static void put_frames(const struct report *report, struct buffer *out)
{
	size_t drawn = report->frame_count;

	if (drawn > REPORT_FRAMES_MAX)
		drawn = REPORT_FRAMES_MAX;
	if (!drawn)
		return;
	buffer_printf(out, "<h2>%s</h2>\n", drawn == 1 ? "Frame" : "Frames");
	begin_scroll("frames", out);
	render_svg_element(report->frames, drawn, out);
	buffer_printf(out, "</div>\n");
	if (drawn < report->frame_count)
		buffer_printf(out, "<p class=\"note\">The first %zu of %zu frames.</p>\n", drawn,
			report->frame_count);
}

static void put_command(const struct report *report, struct buffer *out)
{
	struct buffer word = { 0 };

	if (!report->command)
		return;
	buffer_printf(out, "<h2>To repeat it</h2>\n<div class=\"panel\"><pre>");
	for (size_t i = 0; report->command[i]; i++) {
		buffer_clear(&word);
		render_shell_word(report->command[i], &word);
		buffer_printf(out, "%s", i ? " " : "");
		/* A line breaks between words, not after a hyphen. */
		put_element(out, "span", "", buffer_text(&word));
	}
	buffer_printf(out, "</pre></div>\n");
	buffer_fini(&word);
}

static void put_environment(const struct report *report, struct buffer *out)
{
	if (!report->environment_count)
		return;
	buffer_printf(out, "<h2>Where and when</h2>\n<div class=\"panel\">\n"
			   "<table class=\"environment\">\n<tbody>\n");
	for (size_t i = 0; i < report->environment_count; i++) {
		buffer_printf(out, "<tr>");
		put_element(out, "th", " scope=\"row\"", report->environment[i].name);
		put_element(out, "td", "", report->environment[i].value);
		buffer_printf(out, "</tr>\n");
	}
	buffer_printf(out, "</tbody></table>\n</div>\n");
}

void render_report_html(const struct report *report, struct buffer *out)
{
	put_head(report, out);
	put_heading(report, out);
	put_tiles(report, out);
	put_charts(report, out);
	for (size_t i = 0; i < report->table_count; i++)
		put_table(&report->tables[i], out);
	put_figures(report, out);
	put_frames(report, out);
	put_command(report, out);
	put_environment(report, out);
	buffer_printf(out, "</main>\n</body>\n</html>\n");
}
