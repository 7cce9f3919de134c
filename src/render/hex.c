/* Octets as hex: a line, a dump, a C array. */
#include "render/render.h"
#include "render/value.h"

#include "base/arena.h"
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

/* The octets of a dump, and the colour of each, NULL where all are one. */
struct dump {
	const uint8_t *octets;
	const uint8_t *colors;
	size_t length;
	const struct render_style *style;
};

/* Escapes only where the colour changes, so that few are printed. */
static void dump_color(const struct dump *dump, size_t at, bool first, struct buffer *out)
{
	if (!dump->colors || (!first && dump->colors[at] == dump->colors[at - 1]))
		return;
	buffer_printf(out, "%s%s", dump->style->reset, dump->style->layers[dump->colors[at]]);
}

/* The row that starts with octet `start`. */
static void dump_row(const struct dump *dump, size_t start, struct buffer *out)
{
	const struct render_style *style = dump->style;
	size_t at;

	buffer_printf(out, "%s%08zx%s ", style->dim, start, style->reset);
	for (at = start; at < start + ROW; at++) {
		buffer_printf(out, "%s", at == start + ROW / 2 ? "  " : " ");
		if (at >= dump->length) {
			buffer_printf(out, "  ");
			continue;
		}
		dump_color(dump, at, at == start, out);
		buffer_printf(out, "%02x", dump->octets[at]);
	}
	buffer_printf(out, "%s  %s|", style->reset, dump->colors ? "" : style->dim);
	for (at = start; at < start + ROW && at < dump->length; at++) {
		uint8_t octet = dump->octets[at];

		dump_color(dump, at, at == start, out);
		buffer_printf(out, "%c", octet >= ' ' && octet <= '~' ? octet : '.');
	}
	buffer_printf(out, "%s|%s\n", dump->colors ? style->reset : "", style->reset);
}

static void dump_rows(const struct dump *dump, struct buffer *out)
{
	size_t start;

	for (start = 0; start < dump->length; start += ROW)
		dump_row(dump, start, out);
}

void render_hexdump(
	const uint8_t *octets, size_t length, const struct render_style *style, struct buffer *out)
{
	const struct dump dump = { .octets = octets, .length = length, .style = style };

	dump_rows(&dump, out);
}

void render_hexdump_layers(
	const struct frame_view *view, const struct render_style *style, struct buffer *out)
{
	struct arena arena;
	struct dump dump = { .octets = view->octets, .length = view->length, .style = style };
	uint8_t *colors;
	unsigned int i;

	arena_init(&arena);
	colors = arena_alloc(&arena, view->length);
	memset(colors, COLOR_PADDING, view->length);
	for (i = 0; i < view->count; i++)
		memset(colors + view->layers[i].header.offset, (int)color_of_layer(view, i),
			view->layers[i].header.length);
	dump.colors = colors;
	dump_rows(&dump, out);
	arena_fini(&arena);
}

/* ---- C ---- */

static const char *const c_keywords[] = { "auto", "break", "case", "char", "const", "continue",
	"default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if", "inline",
	"int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static",
	"struct", "switch", "typedef", "union", "unsigned", "void", "volatile", "while", NULL };

/* Letters, digits and underscores; not a digit first, nor a word of the language. */
void render_c_name(const char *name, struct buffer *out)
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
	render_c_name(name ? name : "frame", out);
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
