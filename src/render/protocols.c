/* The protocols' tables as pages for people. */
#include "render/render.h"
#include "render/table.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define LINE_WIDTH 90

/* ---- the table of all ---- */

static int longest_name(void)
{
	size_t longest = 0;
	unsigned int i;

	for (i = 0; wire_protocols[i]; i++)
		if (strlen(wire_protocols[i]->header.name) > longest)
			longest = strlen(wire_protocols[i]->header.name);
	return (int)longest;
}

void render_protocols(const struct render_style *style, struct buffer *out)
{
	int width = longest_name();
	unsigned int i;

	for (i = 0; wire_protocols[i]; i++) {
		const struct wire_protocol *protocol = wire_protocols[i];

		buffer_printf(out, "%s%-*s%s  %s%s%s%s%s\n", style->layer, width,
			protocol->header.name, style->reset, protocol->title, style->dim,
			protocol->rfc ? ", " : "", protocol->rfc ? protocol->rfc : "",
			style->reset);
	}
}

/* ---- a record's fields ---- */

/* The texts of one field's row. */
struct cells {
	const char *name, *at, *bits, *preset, *help;
};

struct widths {
	int name, at, preset;
};

static const char *keep(struct arena *arena, struct buffer *text)
{
	const char *kept = arena_strndup(arena, buffer_text(text), text->length);

	buffer_fini(text);
	return kept;
}

/* Octets from the header's start, and the bit after a dot where it is not the first. */
static const char *at_text(
	struct arena *arena, const struct wire_record *record, unsigned int index)
{
	int bit = table_offset(record, index);
	bool whole = bit % 8 == 0 && record->fields[index].width % 8 == 0;

	if (bit < 0)
		return "";
	return whole ? arena_printf(arena, "%d", bit / 8)
		     : arena_printf(arena, "%d.%d", bit / 8, bit % 8);
}

static void fill_cells(struct arena *arena, const struct wire_list *list,
	const struct wire_record *record, unsigned int index, struct cells *cells)
{
	const struct wire_field *field = &record->fields[index];
	struct buffer preset = { 0 };

	table_item_default(list, record, index, &preset);
	cells->name = field->name;
	cells->at = at_text(arena, record, index);
	cells->bits = field->width ? arena_printf(arena, "%u", field->width) : "any";
	cells->preset = keep(arena, &preset);
	cells->help = field->help ? field->help : "";
}

static int wider(int width, const char *text)
{
	return (int)strlen(text) > width ? (int)strlen(text) : width;
}

/* "when type is echo-request or echo-reply:", over several lines where it is long. */
static void print_when(const struct wire_record *record, const struct wire_field *field,
	const struct render_style *style, struct buffer *out)
{
	struct buffer text = { 0 };
	size_t column = 0;
	char *word;
	char *rest;

	if (!field->when)
		buffer_printf(&text, "always:");
	else
		buffer_printf(&text, "when ");
	table_when(record, field, &text);
	buffer_printf(&text, field->when ? ":" : "");
	buffer_printf(out, "%s ", style->dim);
	for (word = strtok_r((char *)text.data, " ", &rest); word;
		word = strtok_r(NULL, " ", &rest)) {
		if (column + strlen(word) > LINE_WIDTH) {
			buffer_printf(out, "\n     ");
			column = 0;
		}
		buffer_printf(out, " %s", word);
		column += strlen(word) + 1;
	}
	buffer_printf(out, "%s\n", style->reset);
	buffer_fini(&text);
}

static struct widths fill_rows(struct arena *arena, const struct wire_list *list,
	const struct wire_record *record, struct cells *rows)
{
	struct widths widths = { .name = 5, .at = 4, .preset = 7 }; /* as the heads need */
	unsigned int i;

	for (i = 0; i < record->count; i++) {
		fill_cells(arena, list, record, i, &rows[i]);
		widths.name = wider(widths.name, rows[i].name);
		widths.at = wider(widths.at, rows[i].at);
		widths.preset = wider(widths.preset, rows[i].preset);
	}
	return widths;
}

/* list is what the record is an item of, NULL for a header. */
static void print_fields(const struct wire_list *list, const struct wire_record *record,
	const struct render_style *style, struct buffer *out)
{
	struct widths widths;
	struct arena arena;
	struct cells *rows;
	unsigned int i;

	if (!record->count)
		return;
	arena_init(&arena);
	rows = arena_alloc(&arena, record->count * sizeof(*rows));
	widths = fill_rows(&arena, list, record, rows);
	buffer_printf(out, "%s  %-*s  %*s  bits  default%s\n", style->dim, widths.name, "field",
		widths.at, "at", style->reset);
	for (i = 0; i < record->count; i++) {
		const struct wire_field *field = &record->fields[i];

		if (i ? !table_same_when(field, field - 1) : field->when != NULL)
			print_when(record, field, style, out);
		buffer_printf(out, "  %s%-*s%s  %s%*s  %4s%s  %s%-*s%s  %s\n", style->field,
			widths.name, rows[i].name, style->reset, style->dim, widths.at, rows[i].at,
			rows[i].bits, style->reset, style->value, widths.preset, rows[i].preset,
			style->reset, rows[i].help);
	}
	arena_fini(&arena);
}

/* ---- a list's items ---- */

static void print_item(const struct wire_list *list, const struct wire_record *item,
	const struct render_style *style, struct buffer *out)
{
	int id = wire_item_id(list, item);

	buffer_printf(out, "\n%s%s%s", style->layer, item->name, style->reset);
	if (id >= 0 && item != list->other)
		buffer_printf(out, "%s: %s %" PRIu64 "%s", style->dim, item->fields[id].name,
			item->id, style->reset);
	if (item->help)
		buffer_printf(out, ": %s", item->help);
	buffer_printf(out, "\n");
	print_fields(list, item, style, out);
}

static void print_list(
	const struct wire_field *field, const struct render_style *style, struct buffer *out)
{
	const struct wire_record *const *item;

	buffer_printf(out, "\nItems of %s:\n", field->name);
	for (item = field->list->items; *item; item++)
		print_item(field->list, *item, style, out);
	if (field->list->other)
		print_item(field->list, field->list->other, style, out);
}

/* ---- a page ---- */

/* "Named by ethertype 0x0800, IP protocol 4." Numbers of one space follow each other. */
static void print_binds(const struct wire_protocol *protocol, struct buffer *out)
{
	const struct wire_bind *bind = protocol->binds;
	enum wire_space space = WIRE_SPACE_NONE;

	if (!bind || bind->space == WIRE_SPACE_NONE)
		return;
	buffer_printf(out, "Named by");
	for (; bind->space != WIRE_SPACE_NONE; bind++) {
		buffer_printf(out, "%s", bind == protocol->binds ? "" : ",");
		if (bind->space != space)
			buffer_printf(out, " %s", table_space(bind->space));
		if (bind->number == WIRE_NUMBER_LENGTH)
			buffer_printf(out, " a length, up to %d", WIRE_NUMBER_LENGTH_MAX);
		else
			buffer_printf(out,
				bind->space == WIRE_ETHERTYPE ? " 0x%04" PRIx64 : " %" PRIu64,
				bind->number);
		space = bind->space;
	}
	buffer_printf(out, ".\n");
}

static void print_protocol(
	const struct wire_protocol *protocol, const struct render_style *style, struct buffer *out)
{
	const struct wire_record *header = &protocol->header;
	unsigned int i;

	buffer_printf(out, "%s%s%s: %s%s%s\n", style->layer, header->name, style->reset,
		protocol->title, protocol->rfc ? ", " : "", protocol->rfc ? protocol->rfc : "");
	if (header->help)
		buffer_printf(out, "%s.\n", header->help);
	print_binds(protocol, out);
	buffer_printf(out, "\n");
	print_fields(NULL, header, style, out);
	for (i = 0; i < header->count; i++)
		if (header->fields[i].list)
			print_list(&header->fields[i], style, out);
}

static int compare_names(const void *a, const void *b)
{
	const struct wire_name *x = a;
	const struct wire_name *y = b;

	return (x->value > y->value) - (x->value < y->value);
}

static void print_names(
	const struct wire_field *field, const struct render_style *style, struct buffer *out)
{
	struct buffer rows = { 0 };
	struct wire_name *names;
	struct wire_name name;
	unsigned int count;
	unsigned int i;

	for (count = 0; table_name(field, count, &name); count++)
		buffer_put(&rows, &name, sizeof(name));
	if (!count)
		return;
	names = (struct wire_name *)rows.data;
	qsort(names, count, sizeof(*names), compare_names);
	buffer_printf(out, "\n%s\n",
		field->kind == WIRE_FLAGS ? "Names of bits, joined by '|':" : "Names of values:");
	for (i = 0; i < count; i++) {
		if (field->hex || field->kind == WIRE_FLAGS)
			buffer_printf(
				out, "  0x%0*" PRIx64, (field->width + 3) / 4, names[i].value);
		else
			buffer_printf(out, "  %6" PRIu64, names[i].value);
		buffer_printf(out, "  %s%s%s\n", style->value, names[i].name, style->reset);
	}
	buffer_fini(&rows);
}

static void print_field(const struct wire_protocol *protocol, const struct wire_field *field,
	const struct render_style *style, struct buffer *out)
{
	const struct wire_record *header = &protocol->header;
	struct buffer text = { 0 };
	int bit = table_offset(header, (unsigned int)(field - header->fields));

	buffer_printf(out, "%s%s.%s%s: %s\n\n", style->layer, header->name, field->name,
		style->reset, field->help ? field->help : "");
	buffer_printf(out, "  kind       %s", table_kind(field));
	if (field->width)
		buffer_printf(out, " of %u bit%s", field->width, field->width == 1 ? "" : "s");
	if (bit >= 0)
		buffer_printf(out, ", at bit %d of the header", bit);
	table_default(field, &text);
	buffer_printf(out, "\n  default    %s\n", buffer_text(&text));
	buffer_clear(&text);
	table_automatic(field, &text);
	if (text.length)
		buffer_printf(out, "  automatic  %s\n", buffer_text(&text));
	buffer_clear(&text);
	table_when(header, field, &text);
	if (text.length)
		buffer_printf(out, "  is there   when %s\n", buffer_text(&text));
	if (field->wireshark)
		buffer_printf(out, "  Wireshark  %s\n", field->wireshark);
	buffer_fini(&text);
	print_names(field, style, out);
	if (field->list)
		print_list(field, style, out);
}

void render_protocol(const struct wire_protocol *protocol, const struct wire_field *field,
	const struct render_style *style, struct buffer *out)
{
	if (field)
		print_field(protocol, field, style, out);
	else
		print_protocol(protocol, style, out);
}
