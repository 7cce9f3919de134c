/* Quotes words for a shell. */
#include "render/report_html.h"
#include "render/utf8.h"

#include "base/buffer.h"

#include <string.h>

static bool is_plain(const char *word)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789_@%+=:,./-";

	return *word && strspn(word, plain) == strlen(word);
}

static bool is_control(unsigned char c)
{
	return c < 0x20 || c == 0x7f;
}

/* Whether it can be shown as it is. */
static bool is_text(const char *word)
{
	const unsigned char *p = (const unsigned char *)word;

	while (*p) {
		size_t length = utf8_length(p);

		if (!length || is_control(*p))
			return false;
		p += length;
	}
	return true;
}

static void put_escaped(const char *word, struct buffer *out)
{
	const unsigned char *p = (const unsigned char *)word;

	buffer_printf(out, "$'");
	while (*p) {
		size_t length = utf8_length(p);

		if (!length || is_control(*p)) {
			buffer_printf(out, "\\x%02x", *p++);
			continue;
		}
		if (*p == '\'' || *p == '\\')
			buffer_printf(out, "\\");
		buffer_put(out, p, length);
		p += length;
	}
	buffer_printf(out, "'");
}

void render_shell_word(const char *word, struct buffer *out)
{
	if (is_plain(word)) {
		buffer_printf(out, "%s", word);
		return;
	}
	if (!is_text(word)) {
		put_escaped(word, out);
		return;
	}
	buffer_printf(out, "'");
	for (; *word; word++)
		if (*word == '\'')
			buffer_printf(out, "'\\''");
		else
			buffer_put(out, word, 1);
	buffer_printf(out, "'");
}
