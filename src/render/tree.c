/*
 * A frame as a table for people: a line a field, in four columns: where it stands, its name, its
 * value, and what is to be said of it. All rows are gathered first, so that the columns align over
 * the whole frame.
 */
#include "render/render.h"
#include "render/table.h"
#include "render/value.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

/* A value longer than this does not push the remarks of all other rows to the right. */
#define VALUE_WIDTH_MAX 44
#define VALUE_WIDTH_MIN 18

enum tone { TONE_DIM, TONE_GOOD, TONE_BAD };

struct row {
	bool heading;
	const char *offset;
	const char *octets;
	const char *name;
	const char *value;
	const char *remark;
	enum tone tone;
	unsigned int indent;
	unsigned int color; /* of the layer */
};

struct tree {
	struct arena arena;
	const struct frame_view *view;
	unsigned int color; /* of the layer in hand */
	struct row *rows;
	unsigned int count;
	unsigned int capacity;
};

static struct row *add_row(struct tree *tree)
{
	if (tree->count == tree->capacity) {
		unsigned int capacity = tree->capacity ? 2 * tree->capacity : 64;
		struct row *rows = arena_alloc(&tree->arena, capacity * sizeof(*rows));

		if (tree->count)
			memcpy(rows, tree->rows, tree->count * sizeof(*rows));
		tree->rows = rows;
		tree->capacity = capacity;
	}
	tree->rows[tree->count] = (struct row){
		.offset = "", .octets = "", .value = "", .remark = "", .color = tree->color
	};
	return &tree->rows[tree->count++];
}

/* Hands a buffer's text over to the tree's arena. */
static const char *keep(struct tree *tree, struct buffer *text)
{
	const char *kept = arena_strndup(&tree->arena, buffer_text(text), text->length);

	buffer_fini(text);
	return kept;
}

/* ---- rows ---- */

/* The layer's name, and what it is: "Ethernet II, 14 octets at 0". */
static void add_heading(
	struct tree *tree, const char *name, const char *title, uint32_t offset, uint32_t length)
{
	struct row *row = add_row(tree);

	row->heading = true;
	row->name = name;
	row->value = arena_printf(&tree->arena, "%s%s%u octet%s at %u", title, *title ? ", " : "",
		length, length == 1 ? "" : "s", offset);
}

static const char *octets_text(struct tree *tree, uint32_t bit, uint32_t width)
{
	struct buffer text = { 0 };

	render_bits(tree->view, bit, width, &text);
	return keep(tree, &text);
}

/* Octets from the frame's start; a field that begins within one has its bit after a dot. */
static const char *field_offset(struct tree *tree, const struct view_field *field)
{
	if (field->bit % 8 == 0 && field->width % 8 == 0)
		return arena_printf(&tree->arena, "%u  ", field->bit / 8);
	return arena_printf(&tree->arena, "%u.%u", field->bit / 8, field->bit % 8);
}

static const char *check_text(struct tree *tree, const struct view_field *field)
{
	struct buffer text = { 0 };

	switch (field->check) {
	case VIEW_RIGHT:
		if (field->automatic)
			return "automatic";
		/* That a length is right goes without saying. */
		return field->field->rule == WIRE_CHECKSUM ? "right" : "";
	case VIEW_WRONG:
		buffer_printf(&text, "wrong: ");
		render_number(field->field, field->expected, &text);
		buffer_printf(&text, " would be right");
		return keep(tree, &text);
	case VIEW_OFFLOADED:
		return "checksum offloaded: the device was to finish it";
	case VIEW_ABSENT:
		return "none";
	case VIEW_UNCHECKED:
		break;
	}
	return field->automatic && table_is_automatic(field->field) ? "automatic" : "";
}

static void add_remark(struct tree *tree, struct row *row, const char *text)
{
	row->remark = *row->remark ? arena_printf(&tree->arena, "%s, %s", row->remark, text) : text;
}

static void set_remark(struct tree *tree, const struct view_field *field, struct row *row)
{
	row->remark = check_text(tree, field);
	if (field->check == VIEW_WRONG)
		row->tone = TONE_BAD;
	else if (field->check == VIEW_RIGHT && field->field->rule == WIRE_CHECKSUM)
		row->tone = TONE_GOOD;
	if (field->placeholder)
		add_remark(tree, row, "placeholder");
	if (field->changed)
		add_remark(tree, row, "changed");
	else if (field->varies)
		add_remark(tree, row, "varies");
}

static void add_item(
	struct tree *tree, const struct wire_list *list, const struct view_record *item)
{
	struct row *row = add_row(tree);
	struct buffer text = { 0 };

	render_item(tree->view, list, item, &text);
	row->offset = arena_printf(&tree->arena, "%u  ", item->offset);
	row->octets = octets_text(tree, item->offset * 8, item->length * 8);
	row->indent = 1;
	row->name = item->type->name;
	row->value = keep(tree, &text);
}

static void add_list(struct tree *tree, const struct view_field *field)
{
	struct row *row = add_row(tree);
	unsigned int i;

	row->offset = field_offset(tree, field);
	row->name = field->field->name;
	row->value =
		field->count ? arena_printf(&tree->arena, "%u octets", field->width / 8) : "none";
	set_remark(tree, field, row);
	for (i = 0; i < field->count; i++)
		add_item(tree, field->field->list, &field->items[i]);
}

static void add_field(struct tree *tree, const struct view_field *field)
{
	struct buffer text = { 0 };
	struct row *row;

	if (field->field->kind == WIRE_LIST) {
		add_list(tree, field);
		return;
	}
	row = add_row(tree);
	render_value(tree->view, field, &text);
	row->offset = field_offset(tree, field);
	row->octets = octets_text(tree, field->bit, field->width);
	row->name = field->field->name;
	row->value = keep(tree, &text);
	set_remark(tree, field, row);
}

static void add_layer(struct tree *tree, unsigned int index)
{
	const struct view_layer *layer = &tree->view->layers[index];
	const struct view_record *header = &layer->header;
	bool is_payload = layer->protocol == &wire_payload;
	unsigned int i;

	tree->color = color_of_layer(tree->view, index);
	add_heading(tree, header->type->name, is_payload ? "" : layer->protocol->title,
		header->offset, header->length);
	for (i = 0; i < header->count; i++)
		add_field(tree, &header->fields[i]);
}

static void add_padding(struct tree *tree)
{
	const struct frame_view *view = tree->view;
	const uint8_t *octets = view->octets + view->pad_offset;
	struct buffer text = { 0 };
	unsigned int i;
	struct row *row;

	if (!view->pad_length)
		return;
	tree->color = COLOR_PADDING;
	if (bytes_are_zero(octets, view->pad_length)) {
		add_heading(tree, "padding", "zeros", view->pad_offset, view->pad_length);
		return;
	}
	add_heading(tree, "padding", "or a trailer", view->pad_offset, view->pad_length);
	for (i = 0; i < view->pad_length && i < 16; i++)
		buffer_printf(&text, "%02x", octets[i]);
	if (i < view->pad_length)
		buffer_printf(&text, "...");
	row = add_row(tree);
	row->offset = arena_printf(&tree->arena, "%u  ", view->pad_offset);
	row->octets = octets_text(tree, view->pad_offset * 8, view->pad_length * 8);
	row->name = "data";
	row->value = keep(tree, &text);
}

static const char *fcs_text(struct tree *tree, const uint8_t octets[FCS_LENGTH])
{
	return arena_printf(
		&tree->arena, "%02x %02x %02x %02x", octets[0], octets[1], octets[2], octets[3]);
}

static void add_fcs(struct tree *tree)
{
	const struct frame_view *view = tree->view;
	const char *expected = fcs_text(tree, view->fcs_expected);
	bool wrong = view->fcs == VIEW_FCS_WRONG;
	struct row *row;

	tree->color = COLOR_FCS;
	if (view->fcs == VIEW_FCS_NONE) {
		row = add_row(tree);
		row->heading = true;
		row->name = "fcs";
		row->value = arena_printf(&tree->arena, "none here; %s would be right", expected);
		return;
	}
	add_heading(tree, "fcs", "Frame check sequence", view->length, FCS_LENGTH);
	row = add_row(tree);
	row->offset = arena_printf(&tree->arena, "%u  ", view->length);
	row->name = "crc32";
	row->value = fcs_text(tree, view->fcs_octets);
	row->octets = row->value;
	row->tone = wrong ? TONE_BAD : TONE_GOOD;
	if (wrong)
		row->remark = arena_printf(&tree->arena, "wrong: %s would be right", expected);
	else
		row->remark = view->fcs_automatic ? "automatic" : "right";
}

/* ---- printing ---- */

struct widths {
	int offset, octets, name, value; /* octets: 0 where the style has none */
};

/* The wider of the two; a text over the limit is left to stand out. */
static int width_of(const char *text, int limit, int widest)
{
	size_t length = strlen(text);

	return length > (size_t)widest && length <= (size_t)limit ? (int)length : widest;
}

static struct widths measure(const struct tree *tree, const struct render_style *style)
{
	struct widths widths = { .offset = 4, .value = VALUE_WIDTH_MIN };
	unsigned int i;

	for (i = 0; i < tree->count; i++) {
		const struct row *row = &tree->rows[i];
		int name = (int)strlen(row->name) + 2 * (int)row->indent;

		widths.offset = width_of(row->offset, 16, widths.offset);
		if (style->octets)
			widths.octets = width_of(row->octets, RENDER_BITS_WIDTH, widths.octets);
		widths.name = name > widths.name ? name : widths.name;
		if (!row->heading)
			widths.value = width_of(row->value, VALUE_WIDTH_MAX, widths.value);
	}
	return widths;
}

static void put_blanks(int count, struct buffer *out)
{
	buffer_printf(out, "%*s", count > 0 ? count : 0, "");
}

/* Characters that the octets take, with what parts them from the name. */
static int octets_room(const struct widths *widths)
{
	return widths->octets ? widths->octets + 2 : 0;
}

/* The heading's text stands over the values. */
static void print_heading(const struct row *row, const struct widths *widths,
	const struct render_style *style, struct buffer *out)
{
	buffer_printf(
		out, "%s%s%s%s", style->strong, style->layers[row->color], row->name, style->reset);
	put_blanks(octets_room(widths) + widths->offset + widths->name + 6 - (int)strlen(row->name),
		out);
	buffer_printf(out, "%s%s%s\n", style->dim, row->value, style->reset);
}

static void print_field(const struct row *row, const struct widths *widths,
	const struct render_style *style, struct buffer *out)
{
	const char *const tones[] = {
		[TONE_DIM] = style->dim, [TONE_GOOD] = style->good, [TONE_BAD] = style->bad
	};
	int indent = 2 * (int)row->indent;

	buffer_printf(out, "  %s%*s%s  ", style->dim, widths->offset, row->offset, style->reset);
	if (widths->octets)
		buffer_printf(out, "%s%-*s%s  ", style->layers[row->color], widths->octets,
			row->octets, style->reset);
	put_blanks(indent, out);
	buffer_printf(out, "%s%s%s", style->field, row->name, style->reset);
	if (*row->value || *row->remark) {
		put_blanks(widths->name - indent - (int)strlen(row->name) + 2, out);
		buffer_printf(out, "%s%s%s", style->strong, row->value, style->reset);
	}
	if (*row->remark) {
		int value = (int)strlen(row->value);

		put_blanks((value < widths->value ? widths->value - value : 0) + 2, out);
		buffer_printf(out, "%s%s%s", tones[row->tone], row->remark, style->reset);
	}
	buffer_printf(out, "\n");
}

static void print_title(const char *name, const struct frame_view *view,
	const struct render_style *style, struct buffer *out)
{
	if (name) {
		buffer_printf(out, "%s", style->strong);
		render_clean(name, out);
		buffer_printf(out, "%s: ", style->reset);
	}
	buffer_printf(out, "%u octet%s%s\n\n", view->length, view->length == 1 ? "" : "s",
		view->fcs == VIEW_FCS_NONE ? "" : " and 4 of FCS");
}

void render_tree(const char *name, const struct frame_view *view, const struct render_style *style,
	struct buffer *out)
{
	struct tree tree = { .view = view };
	struct widths widths;
	unsigned int i;

	arena_init(&tree.arena);
	for (i = 0; i < view->count; i++)
		add_layer(&tree, i);
	add_padding(&tree);
	add_fcs(&tree);
	widths = measure(&tree, style);
	print_title(name, view, style, out);
	for (i = 0; i < tree.count; i++) {
		if (tree.rows[i].heading)
			print_heading(&tree.rows[i], &widths, style, out);
		else
			print_field(&tree.rows[i], &widths, style, out);
	}
	if (view->fault)
		buffer_printf(
			out, "%snot read further: %s%s\n", style->bad, view->fault, style->reset);
	buffer_printf(out, "\n");
	render_hexdump_layers(view, style, out);
	arena_fini(&tree.arena);
}
