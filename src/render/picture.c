/* Lays a frame out in blocks, cells and rows of 32 bits. */
#include "render/picture.h"
#include "render/color.h"
#include "render/value.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/bytes.h"

#include <string.h>

/* Octets in a field of the kind BYTES from which on each is shown alone. */
#define OCTETS_ALONE 8

unsigned int color_of_layer(const struct frame_view *view, unsigned int index)
{
	unsigned int headers = 0;
	unsigned int i;

	if (view->layers[index].protocol == &wire_payload)
		return COLOR_PAYLOAD;
	for (i = 0; i < index; i++)
		headers += view->layers[i].protocol != &wire_payload;
	return headers % COLOR_LAYERS;
}

/* ---- cells ---- */

struct layout {
	struct arena *arena;
	const struct frame_view *view;
	struct block *block;
};

/* Hands a buffer's text over to the arena. */
static const char *keep(struct layout *layout, struct buffer *text)
{
	const char *kept = arena_strndup(layout->arena, buffer_text(text), text->length);

	buffer_fini(text);
	return kept;
}

/* The next cell of the block; nothing of it is set but where it stands. */
static struct cell *add_cell(struct layout *layout, const char *name, uint32_t bit, uint32_t width)
{
	struct cell *cell = &layout->block->cells[layout->block->count++];

	*cell = (struct cell){
		.name = name,
		.help = "",
		.bit = bit - layout->block->offset * 8,
		.width = width,
	};
	return cell;
}

static void set_values(struct cell *cell, const char *full, const char *shorter, const char *least)
{
	cell->values[0] = full;
	cell->values[1] = shorter;
	cell->values[2] = least;
}

static void set_octets(struct layout *layout, struct cell *cell)
{
	cell->octets = true;
	cell->zeros = bytes_are_zero(layout->block->octets + cell->bit / 8, cell->width / 8);
	set_values(cell, "", "", "");
}

static const char *number_text(
	struct layout *layout, const struct wire_field *field, uint64_t number)
{
	struct buffer text = { 0 };

	render_number(field, number, &text);
	return keep(layout, &text);
}

static void set_field_values(
	struct layout *layout, struct cell *cell, const struct view_field *field)
{
	struct wire_value value = view_value(layout->view, field);
	struct buffer full = { 0 };
	struct buffer name = { 0 };
	const char *text;

	render_value(layout->view, field, &full);
	text = keep(layout, &full);
	if (!wire_is_number(field->field)) {
		set_values(cell, text, text, text);
		return;
	}
	wire_value_format(field->field, &value, &name);
	set_values(
		cell, text, keep(layout, &name), number_text(layout, field->field, value.number));
}

static bool is_octets(const struct view_field *field)
{
	return field->field->kind == WIRE_BYTES && field->bit % 8 == 0 && field->width % 8 == 0 &&
	       (field->field->text || field->width / 8 > OCTETS_ALONE);
}

static const char *item_wrong(struct layout *layout, const struct view_record *item)
{
	unsigned int i;

	for (i = 0; i < item->count; i++)
		if (item->fields[i].check == VIEW_WRONG)
			return number_text(layout, item->fields[i].field, item->fields[i].expected);
	return NULL;
}

static bool item_varies(const struct view_record *item)
{
	unsigned int i, j;

	for (i = 0; i < item->count; i++) {
		if (item->fields[i].varies)
			return true;
		for (j = 0; j < item->fields[i].count; j++)
			if (item_varies(&item->fields[i].items[j]))
				return true;
	}
	return false;
}

static void add_item(
	struct layout *layout, const struct wire_field *field, const struct view_record *item)
{
	struct buffer text = { 0 };
	const char *value;
	struct cell *cell;

	if (!item->length)
		return;
	cell = add_cell(layout, item->type->name, item->offset * 8, item->length * 8);
	cell->list = field->name;
	render_item(layout->view, field->list, item, &text);
	value = keep(layout, &text);
	set_values(cell, value, value, value);
	cell->help = item->type->help ? item->type->help : "";
	cell->wrong = item_wrong(layout, item);
	cell->varies = item_varies(item);
}

static void add_field(struct layout *layout, const struct view_field *field)
{
	struct cell *cell;
	unsigned int i;

	for (i = 0; i < field->count; i++)
		add_item(layout, field->field, &field->items[i]);
	if (!field->width || field->field->kind == WIRE_LIST)
		return;
	cell = add_cell(layout, field->field->name, field->bit, field->width);
	cell->help = field->field->help ? field->field->help : "";
	cell->placeholder = field->placeholder;
	cell->varies = field->varies;
	if (is_octets(field))
		set_octets(layout, cell);
	else
		set_field_values(layout, cell, field);
	if (field->check == VIEW_WRONG)
		cell->wrong = number_text(layout, field->field, field->expected);
}

/* ---- blocks ---- */

static unsigned int count_cells(const struct view_record *header)
{
	unsigned int count = header->count;
	unsigned int i;

	for (i = 0; i < header->count; i++)
		count += header->fields[i].count;
	return count;
}

static void add_block(struct layout *layout, struct picture *picture, const struct block *block,
	unsigned int cells)
{
	layout->block = &picture->blocks[picture->count++];
	*layout->block = *block;
	layout->block->cells = arena_alloc(layout->arena, cells * sizeof(struct cell));
}

static void add_layer(struct layout *layout, struct picture *picture, unsigned int index)
{
	const struct view_layer *layer = &layout->view->layers[index];
	const struct view_record *header = &layer->header;
	const struct block block = {
		.name = header->type->name,
		.title = layer->protocol == &wire_payload ? "" : layer->protocol->title,
		.octets = layout->view->octets + header->offset,
		.offset = header->offset,
		.length = header->length,
		.color = color_of_layer(layout->view, index),
	};
	unsigned int i;

	if (!header->length)
		return;
	add_block(layout, picture, &block, count_cells(header));
	for (i = 0; i < header->count; i++)
		add_field(layout, &header->fields[i]);
}

static void add_padding(struct layout *layout, struct picture *picture)
{
	const struct frame_view *view = layout->view;
	const struct block block = {
		.name = "padding",
		.title = "",
		.octets = view->octets + view->pad_offset,
		.offset = view->pad_offset,
		.length = view->pad_length,
		.color = COLOR_PADDING,
	};

	if (!view->pad_length)
		return;
	add_block(layout, picture, &block, 1);
	set_octets(layout,
		add_cell(layout, bytes_are_zero(block.octets, block.length) ? "zeros" : "data",
			view->pad_offset * 8, view->pad_length * 8));
}

static const char *fcs_text(struct layout *layout, const uint8_t octets[FCS_LENGTH])
{
	return arena_printf(
		layout->arena, "%02x %02x %02x %02x", octets[0], octets[1], octets[2], octets[3]);
}

static void add_fcs(struct layout *layout, struct picture *picture)
{
	const struct frame_view *view = layout->view;
	const char *value = fcs_text(layout, view->fcs_octets);
	const struct block block = {
		.name = "fcs",
		.title = "Frame check sequence",
		.octets = view->fcs_octets,
		.offset = view->length,
		.length = FCS_LENGTH,
		.color = COLOR_FCS,
	};
	struct cell *cell;

	if (view->fcs == VIEW_FCS_NONE)
		return;
	add_block(layout, picture, &block, 1);
	cell = add_cell(layout, "crc32", view->length * 8, FCS_LENGTH * 8);
	cell->help = "CRC32 of IEEE 802.3, in the order of the wire";
	set_values(cell, value, value, value);
	if (view->fcs == VIEW_FCS_WRONG)
		cell->wrong = fcs_text(layout, view->fcs_expected);
}

void picture_init(struct picture *picture, struct arena *arena, const struct frame_view *view)
{
	struct layout layout = { .arena = arena, .view = view };
	unsigned int i;

	*picture = (struct picture){
		.blocks = arena_alloc(arena, (view->count + 2) * sizeof(*picture->blocks)),
	};
	for (i = 0; i < view->count; i++)
		add_layer(&layout, picture, i);
	add_padding(&layout, picture);
	add_fcs(&layout, picture);
}
