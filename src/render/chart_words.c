/* How much room words take, and words that fit in it. */
#include "render/chart_plot.h"
#include "render/utf8.h"

#include "base/buffer.h"

#include <string.h>

static const char ellipsis[] = "\u2026";

/* Of a character, in its size. DejaVu Sans and Verdana are the widest of the usual fonts; a
 * character of other scripts is a square. */
static double width_of(const char *p)
{
	if ((unsigned char)*p >= 0x80)
		return 1;
	if (strchr("il.,:;'|!j ()[]", *p))
		return 0.45;
	if (strchr("mwMW%@", *p))
		return 1;
	return *p >= 'A' && *p <= 'Z' ? 0.75 : 0.66;
}

/* Octets that are no UTF-8 are drawn one by one. */
static size_t step(const char *p)
{
	size_t length = utf8_length((const unsigned char *)p);

	return length ? length : 1;
}

double chart_text_width(const char *text)
{
	double width = 0;

	for (; *text; text += step(text))
		width += width_of(text) * CHART_TEXT;
	return width;
}

void chart_fit(const char *text, double width, struct buffer *out)
{
	double room = width - CHART_TEXT;

	if (chart_text_width(text) <= width) {
		buffer_printf(out, "%s", text);
		return;
	}
	for (; *text; text += step(text)) {
		room -= width_of(text) * CHART_TEXT;
		if (room < 0)
			break;
		buffer_put(out, text, step(text));
	}
	buffer_put(out, ellipsis, strlen(ellipsis));
}
