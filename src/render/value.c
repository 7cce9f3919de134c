/* A field's value as people read it. */
#include "render/value.h"

#include "base/buffer.h"
#include "wire/domain.h"

#include <inttypes.h>
#include <string.h>

/* Octets of a long run that are shown. */
#define OCTETS_SHOWN 16
#define TEXT_SHOWN   48

void render_clean(const char *text, struct buffer *out)
{
	for (; *text; text++)
		buffer_put(out, (unsigned char)*text < 0x20 || *text == 0x7f ? "?" : text, 1);
}

void render_number(const struct wire_field *field, uint64_t number, struct buffer *out)
{
	if (field->hex || field->kind == WIRE_FLAGS)
		buffer_printf(out, "0x%0*" PRIx64, (field->width + 3) / 4, number);
	else
		buffer_printf(out, "%" PRIu64, number);
}

/* ---- octets ---- */

static size_t at_most(size_t length, size_t limit)
{
	return length < limit ? length : limit;
}

/* Printable ASCII, and what ends lines. */
static bool is_text(const struct wire_value *value)
{
	size_t i;

	for (i = 0; i < value->length; i++)
		if ((value->octets[i] < ' ' || value->octets[i] > '~') &&
			!memchr("\n\r\t", value->octets[i], 3))
			return false;
	return value->length > 0;
}

static bool is_fill(const struct wire_value *value)
{
	size_t i;

	for (i = 1; i < value->length; i++)
		if (value->octets[i] != value->octets[0])
			return false;
	return value->length > OCTETS_SHOWN;
}

static void put_octets(const struct wire_value *value, struct buffer *out)
{
	size_t shown = at_most(value->length, OCTETS_SHOWN);
	size_t i;

	if (!value->length) {
		buffer_printf(out, "(empty)");
		return;
	}
	if (is_fill(value)) {
		buffer_printf(out, "%zu octets of %02x", value->length, value->octets[0]);
		return;
	}
	for (i = 0; i < shown; i++)
		buffer_printf(out, "%02x", value->octets[i]);
	if (shown < value->length)
		buffer_printf(out, "... (%zu octets)", value->length);
}

/* As a template may say it, in double quotes. */
static void put_text(const struct wire_value *value, struct buffer *out)
{
	static const char special[] = "\n\r\t\"\\";
	static const char letters[] = "nrt\"\\";
	size_t shown = at_most(value->length, TEXT_SHOWN);
	size_t i;

	buffer_printf(out, "\"");
	for (i = 0; i < shown; i++) {
		const char *found = strchr(special, value->octets[i]);

		if (found)
			buffer_printf(out, "\\%c", letters[found - special]);
		else
			buffer_put(out, &value->octets[i], 1);
	}
	buffer_printf(out, "\"");
	if (shown < value->length)
		buffer_printf(out, "... (%zu octets)", value->length);
}

/* ---- one field ---- */

static void put_number(
	const struct wire_field *field, const struct wire_value *value, struct buffer *out)
{
	bool named = field->kind == WIRE_FLAGS ? value->number != 0
					       : wire_value_name(field, value->number) != NULL;

	if (!named) {
		render_number(field, value->number, out);
		return;
	}
	wire_value_format(field, value, out);
	buffer_printf(out, " (");
	render_number(field, value->number, out);
	buffer_printf(out, ")");
}

static unsigned int said_count(const struct wire_list *list, const struct view_record *item);

/* "none", "a, b", "{left 1, right 2}, {left 5, right 6}", "mss 1460, nop". */
static void put_list(
	const struct frame_view *view, const struct view_field *field, struct buffer *out)
{
	const struct wire_list *list = field->field->list;
	unsigned int i;

	if (!field->count)
		buffer_printf(out, "none");
	for (i = 0; i < field->count; i++) {
		const struct view_record *item = &field->items[i];
		unsigned int said = said_count(list, item);

		buffer_printf(out, "%s", i ? ", " : "");
		if (list->id_width || !said)
			buffer_printf(out, "%s%s", item->type->name, said ? " " : "");
		buffer_printf(out, "%s", said > 1 ? "{" : "");
		render_item(view, list, item, out);
		buffer_printf(out, "%s", said > 1 ? "}" : "");
	}
}

/* A name, and in brackets what its pointers make of it: they count from the layer's start. */
static void put_name(const struct frame_view *view, const struct view_field *field,
	const struct wire_value *value, struct buffer *out)
{
	const struct view_layer *layer = view->layers;
	struct buffer whole = { 0 };
	uint32_t start;

	while (layer + 1 < view->layers + view->count &&
		(layer + 1)->header.offset * 8 <= field->bit)
		layer++;
	start = layer->header.offset;
	wire_value_format(field->field, value, out);
	if (domain_is_compressed(value->octets, value->length) &&
		domain_expand(
			view->octets + start, layer->end - start, field->bit / 8 - start, &whole))
		buffer_printf(out, " (%s)", buffer_text(&whole));
	buffer_fini(&whole);
}

void render_value(const struct frame_view *view, const struct view_field *field, struct buffer *out)
{
	struct wire_value value;

	if (field->field->kind == WIRE_LIST) {
		put_list(view, field, out);
		return;
	}
	value = view_value(view, field);
	if (wire_is_number(field->field))
		put_number(field->field, &value, out);
	else if (field->field->kind == WIRE_NAME)
		put_name(view, field, &value, out);
	else if (wire_is_text(field->field) && is_text(&value) && !is_fill(&value))
		put_text(&value, out);
	else if (field->field->kind != WIRE_BYTES && field->field->kind != WIRE_STRING)
		wire_value_format(field->field, &value, out);
	else
		put_octets(&value, out);
}

/* ---- an item of a list ---- */

static bool goes_without_saying(const struct wire_list *list, const struct view_record *item,
	const struct view_field *field)
{
	int id = wire_item_id(list, item->type);

	if (!field->width)
		return true; /* an empty list, no octets */
	if (id >= 0 && field->field == &item->type->fields[id])
		return item->type != list->other;
	return (field->field->rule == WIRE_LENGTH || field->field->rule == WIRE_COUNT) &&
	       field->check != VIEW_WRONG;
}

static unsigned int said_count(const struct wire_list *list, const struct view_record *item)
{
	unsigned int said = 0;
	unsigned int i;

	for (i = 0; i < item->count; i++)
		said += !goes_without_saying(list, item, &item->fields[i]);
	return said;
}

void render_item(const struct frame_view *view, const struct wire_list *list,
	const struct view_record *item, struct buffer *out)
{
	bool names = said_count(list, item) > 1;
	const char *separator = "";
	unsigned int i;

	for (i = 0; i < item->count; i++) {
		const struct view_field *field = &item->fields[i];

		if (goes_without_saying(list, item, field))
			continue;
		buffer_printf(out, "%s", separator);
		if (names)
			buffer_printf(out, "%s ", field->field->name);
		render_value(view, field, out);
		if (field->check == VIEW_WRONG) {
			buffer_printf(out, " (");
			render_number(field->field, field->expected, out);
			buffer_printf(out, " would be right)");
		}
		separator = ", ";
	}
}
