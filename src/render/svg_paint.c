/*
 * The colours and the text of an SVG document. The light palette stands in the elements'
 * attributes, the dark one in a style sheet, which goes before attributes: so a viewer that reads
 * no style sheets, or no media queries, has dark text on a light page.
 */
#include "render/color.h"
#include "render/svg.h"
#include "render/utf8.h"

#include "base/buffer.h"

#include <string.h>

struct paint {
	const char *fill, *line, *strong;
};

/* clang-format off */
static const struct paint light[COLOR_COUNT] = {
	[0]             = { "#dde8fa", "#5a83c2", "#1f4e9c" },
	[1]             = { "#dcf0e0", "#559563", "#1d6634" },
	[2]             = { "#faeecd", "#a8842c", "#735200" },
	[3]             = { "#ebe1f9", "#8565bd", "#583494" },
	[4]             = { "#d6f0f0", "#43908f", "#0e5d61" },
	[COLOR_PAYLOAD] = { "#f1f2f4", "#858e98", "#434b54" },
	[COLOR_PADDING] = { "#fafafb", "#a9b0b8", "#5d656e" },
	[COLOR_FCS]     = { "#e3e7ed", "#74808f", "#3d4753" },
};

static const struct paint dark[COLOR_COUNT] = {
	[0]             = { "#1d2e4a", "#5f8bd0", "#9cc1ff" },
	[1]             = { "#1b3826", "#559e69", "#90d6a4" },
	[2]             = { "#3f3312", "#b08d3b", "#ecc977" },
	[3]             = { "#31254a", "#8f73c9", "#c9b1f7" },
	[4]             = { "#13393b", "#469a9e", "#84d6d9" },
	[COLOR_PAYLOAD] = { "#23272d", "#6f7986", "#c3cad2" },
	[COLOR_PADDING] = { "#1a1d22", "#565f6a", "#9fa8b2" },
	[COLOR_FCS]     = { "#2a303a", "#7c8797", "#bcc6d3" },
};

static const struct ink {
	const char *class, *light, *dark;
} inks[] = {
	[SVG_TEXT]  = { "t", "#1b2026", "#e8ebef" },
	[SVG_MUTED] = { "m", "#545d67", "#a9b2bc" },
	[SVG_WRONG] = { "w", "#ab1f17", "#ff9288" },
};
/* clang-format on */

static const char page_light[] = "#ffffff";
static const char page_dark[] = "#15181d";

void svg_block_paint(unsigned int color, struct buffer *out)
{
	buffer_printf(out, " class=\"c%u\" fill=\"%s\" stroke=\"%s\"", color, light[color].fill,
		light[color].line);
}

void svg_strong_paint(unsigned int color, struct buffer *out)
{
	buffer_printf(
		out, " class=\"s%u\" fill=\"%s\" stroke=\"none\"", color, light[color].strong);
}

void svg_ink(enum svg_ink ink, struct buffer *out)
{
	buffer_printf(
		out, " class=\"%s\" fill=\"%s\" stroke=\"none\"", inks[ink].class, inks[ink].light);
}

void svg_hatch(struct buffer *out)
{
	buffer_printf(out,
		"<defs><pattern id=\"varies\" width=\"7\" height=\"7\" "
		"patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">"
		"<path class=\"h\" fill=\"none\" stroke=\"%s\" stroke-opacity=\"0.16\" "
		"stroke-width=\"2\" d=\"M0,0V7\"/></pattern></defs>\n",
		inks[SVG_TEXT].light);
}

void svg_hatch_paint(struct buffer *out)
{
	buffer_printf(out, " fill=\"url(#varies)\" stroke=\"none\"");
}

void svg_page(int width, int height, struct buffer *out)
{
	buffer_printf(out, "<rect class=\"page\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", width,
		height, page_light);
}

void svg_style(struct buffer *out)
{
	unsigned int i;

	buffer_printf(out,
		"<style>\n@media screen and (prefers-color-scheme: dark) {\n"
		".page { fill: %s }\n.h { stroke: %s }\n",
		page_dark, inks[SVG_TEXT].dark);
	for (i = 0; i < sizeof(inks) / sizeof(inks[0]); i++)
		buffer_printf(out, ".%s { fill: %s }\n", inks[i].class, inks[i].dark);
	for (i = 0; i < COLOR_COUNT; i++)
		buffer_printf(out, ".c%u { fill: %s; stroke: %s } .s%u { fill: %s }\n", i,
			dark[i].fill, dark[i].line, i, dark[i].strong);
	buffer_printf(out, "}\n</style>\n");
}

/* ---- text ---- */

/* XML 1.0, 2.2: of the control characters only those that end lines, and neither U+FFFE nor U+FFFF.
 */
static bool is_xml(const unsigned char *p, size_t length)
{
	if (length == 1)
		return *p >= 0x20 || memchr("\t\n\r", *p, 3);
	return length > 0 && !(length == 3 && p[0] == 0xef && p[1] == 0xbf && p[2] >= 0xbe);
}

static const char *entity_of(unsigned char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	default:
		return NULL;
	}
}

void svg_escape(const char *text, struct buffer *out)
{
	const unsigned char *p = (const unsigned char *)text;

	while (*p) {
		size_t length = utf8_length(p);
		const char *entity = entity_of(*p);

		if (!is_xml(p, length))
			buffer_printf(out, "%s", UTF8_REPLACEMENT);
		else if (entity)
			buffer_printf(out, "%s", entity);
		else
			buffer_put(out, p, length);
		p += length ? length : 1;
	}
}

static void begin_text(const struct svg_text *text, struct buffer *out)
{
	static const char *const anchors[] = { "", " text-anchor=\"middle\"",
		" text-anchor=\"end\"" };

	buffer_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"%s\"%s%s%s%s", text->x, text->y,
		text->size, anchors[text->anchor],
		text->value ? " font-family=\"monospace\" xml:space=\"preserve\"" : "",
		text->bold ? " font-weight=\"bold\"" : "",
		text->italic ? " font-style=\"italic\"" : "");
	svg_ink(text->ink, out);
	buffer_printf(out, ">");
}

void svg_text(const struct svg_text *text, const char *words, struct buffer *out)
{
	begin_text(text, out);
	svg_escape(words, out);
	buffer_printf(out, "</text>\n");
}
