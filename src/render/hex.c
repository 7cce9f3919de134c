/* Octets as hex: a line, a dump, a C array. */
#include "render/render.h"

#include "base/buffer.h"

#include <ctype.h>
#include <string.h>

#define ROW 16

void render_hex(const uint8_t *octets, size_t length, struct buffer *out)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < length; i++) {
		char pair[2] = { digits[octets[i] >> 4], digits[octets[i] & 15] };

		buffer_put(out, pair, sizeof(pair));
	}
	buffer_put(out, "\n", 1);
}

static void dump_row(const uint8_t *octets, size_t length, size_t offset,
	const struct render_style *style, struct buffer *out)
{
	char text[ROW + 1];
	size_t i;

	buffer_printf(out, "%s%08zx%s ", style->dim, offset, style->reset);
	for (i = 0; i < ROW; i++) {
		if (i < length)
			buffer_printf(out, "%s%02x", i == ROW / 2 ? "  " : " ", octets[i]);
		else
			buffer_printf(out, "%s  ", i == ROW / 2 ? "  " : " ");
	}
	for (i = 0; i < length; i++)
		text[i] = octets[i] >= ' ' && octets[i] <= '~' ? (char)octets[i] : '.';
	text[length] = '\0';
	buffer_printf(out, "  %s|%s|%s\n", style->dim, text, style->reset);
}

void render_hexdump(
	const uint8_t *octets, size_t length, const struct render_style *style, struct buffer *out)
{
	size_t offset;

	for (offset = 0; offset < length; offset += ROW)
		dump_row(octets + offset, length - offset < ROW ? length - offset : ROW, offset,
			style, out);
}

/* ---- C ---- */

static const char *const c_keywords[] = { "auto", "break", "case", "char", "const", "continue",
	"default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline",
	"int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static",
	"struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", NULL };

/* Letters, digits and underscores; not a digit first, nor a word of the language. */
static void put_identifier(const char *name, struct buffer *out)
{
	const char *const *keyword;
	const char *p;

	if (!*name || isdigit((unsigned char)*name))
		buffer_printf(out, "frame_");
	for (p = name; *p; p++)
		buffer_printf(out, "%c",
			(unsigned char)*p < 0x80 && isalnum((unsigned char)*p) ? *p : '_');
	for (keyword = c_keywords; *keyword; keyword++)
		if (!strcmp(*keyword, name))
			buffer_printf(out, "_frame");
}

static void put_c_run(const char *what, const uint8_t *octets, size_t length, struct buffer *out)
{
	size_t i;

	if (!length)
		return;
	buffer_printf(out, "\t/* %s */", what);
	for (i = 0; i < length; i++)
		buffer_printf(out, "%s0x%02x,", i % 12 ? " " : "\n\t", octets[i]);
	buffer_printf(out, "\n");
}

void render_c(const char *name, const struct frame_view *view, bool with_fcs, struct buffer *out)
{
	bool fcs = with_fcs && view->fcs != VIEW_FCS_NONE;
	unsigned int i;

	buffer_printf(out, "static const unsigned char ");
	put_identifier(name ? name : "frame", out);
	buffer_printf(out, "[%u] = {\n", view->length + (fcs ? FCS_LENGTH : 0));
	for (i = 0; i < view->count; i++) {
		const struct view_record *header = &view->layers[i].header;

		put_c_run(header->type->name, view->octets + header->offset, header->length, out);
	}
	put_c_run("padding", view->octets + view->pad_offset, view->pad_length, out);
	if (fcs)
		put_c_run("fcs", view->fcs_octets, FCS_LENGTH, out);
	buffer_printf(out, "};\n");
}
