/* Draws a path as rows: a hop each, who answered there, and how long that took. */
#include "render/chart_kinds.h"
#include "render/chart_scale.h"
#include "render/svg.h"

#include "base/buffer.h"

#define BAR 200.0 /* units of width */

static void put_hop(const struct chart_hop *hop, double longest, struct buffer *out)
{
	buffer_printf(out, "<tr><th scope=\"row\">%u</th><td>", hop->hop);
	svg_escape(hop->from ? hop->from : "no answer", out);
	if (hop->what && *hop->what) {
		buffer_printf(out, "<small>");
		svg_escape(hop->what, out);
		buffer_printf(out, "</small>");
	}
	buffer_printf(out, "</td><td class=\"number\">");
	if (hop->from && hop->rtt_ns >= 0)
		chart_put_value(out, CHART_NS, NULL, hop->rtt_ns);
	buffer_printf(out, "</td><td class=\"bar\">");
	if (hop->from && hop->rtt_ns >= 0 && longest > 0)
		buffer_printf(out,
			"<svg class=\"k0\" viewBox=\"0 0 200 10\" preserveAspectRatio=\"none\" "
			"aria-hidden=\"true\"><rect class=\"fill\" width=\"%.1f\" "
			"height=\"10\"/></svg>",
			BAR * hop->rtt_ns / longest);
	buffer_printf(out, "</td></tr>\n");
}

void chart_hops_draw(
	const char *title, const struct chart_hop *hops, size_t count, struct buffer *out)
{
	double longest = 0;

	for (size_t i = 0; i < count; i++)
		if (hops[i].from && hops[i].rtt_ns > longest)
			longest = hops[i].rtt_ns;
	buffer_printf(out, "<figure class=\"chart wide\">\n<figcaption><strong>");
	svg_escape(title, out);
	buffer_printf(out, "</strong></figcaption>\n<table class=\"hops\">\n<thead><tr>"
			   "<th scope=\"col\">hop</th><th scope=\"col\">answered by</th>"
			   "<th scope=\"col\" class=\"number\">round trip</th>"
			   "<th scope=\"col\" class=\"bar\"></th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count; i++)
		put_hop(&hops[i], longest, out);
	buffer_printf(out, "</tbody></table>\n</figure>\n");
}
