/* Two frames side by side for people: what left, and beside each field what arrived. */
#include "render/render.h"
#include "render/value.h"

#include "base/buffer.h"

#include <string.h>

#define NAME_WIDTH  16
#define VALUE_WIDTH 36 /* longer values are cut: the differences are told apart in full */

struct comparison {
	const struct frame_view *left;
	const struct frame_view *arrived;
	const struct render_style *style;
	struct buffer *out;
};

/* At most VALUE_WIDTH octets of text: clean one-octet characters, by render_value. */
static void put_value(struct buffer *out, const struct buffer *text)
{
	int length = VALUE_WIDTH - 3;

	if (text->length <= VALUE_WIDTH) {
		buffer_printf(out, "%-*s", VALUE_WIDTH, buffer_text(text));
		return;
	}
	/* What is cut within its own "..." keeps one of them. */
	while (text->data[length - 1] == '.')
		length--;
	buffer_printf(out, "%.*s...%*s", length, buffer_text(text), VALUE_WIDTH - 3 - length, "");
}

static void put_row(const struct comparison *c, unsigned int indent, const char *name,
	const struct buffer *left, const char *color, const char *arrived)
{
	buffer_printf(c->out, "  %*s%-*s  ", (int)indent, "", NAME_WIDTH - (int)indent, name);
	put_value(c->out, left);
	buffer_printf(c->out, "  %s%s%s\n", color, arrived, c->style->reset);
}

static void put_heading(
	const struct comparison *c, const char *name, const char *title, const char *remark)
{
	buffer_printf(c->out, "%s%s%s", c->style->layer, name, c->style->reset);
	buffer_printf(c->out, "%*s%s%s%s", NAME_WIDTH + 4 - (int)strlen(name), "", c->style->dim,
		title, c->style->reset);
	if (*remark)
		buffer_printf(c->out, "%*s%s%s%s",
			title[0] ? VALUE_WIDTH + 2 - (int)strlen(title) : VALUE_WIDTH + 2, "",
			c->style->bad, remark, c->style->reset);
	buffer_printf(c->out, "\n");
}

static bool same_octets(
	const struct comparison *c, const struct view_field *a, const struct view_field *b)
{
	struct wire_value left = view_value(c->left, a);
	struct wire_value arrived = view_value(c->arrived, b);

	return wire_value_equal(a->field, &left, &arrived);
}

/* The items of a list in one line: "mss 1460, nop"; of any other field its value. */
static void value_text(
	const struct frame_view *view, const struct view_field *field, struct buffer *out)
{
	if (field->field->kind != WIRE_LIST) {
		render_value(view, field, out);
		return;
	}
	for (unsigned int i = 0; i < field->count; i++) {
		const struct view_record *item = &field->items[i];
		size_t begin;

		buffer_printf(out, "%s%s ", i ? ", " : "", item->type->name);
		begin = out->length;
		render_item(view, field->field->list, item, out);
		if (out->length == begin)
			out->data[--out->length] = '\0';
	}
	if (!field->count)
		buffer_printf(out, "none");
}

/* arrived is NULL where the field's layer did not arrive. */
static void compare_field(
	const struct comparison *c, const struct view_field *left, const struct view_field *arrived)
{
	struct buffer text = { 0 };
	struct buffer other = { 0 };

	value_text(c->left, left, &text);
	if (!arrived) {
		put_row(c, 2, left->field->name, &text, c->style->bad, "did not arrive");
	} else if (same_octets(c, left, arrived)) {
		put_row(c, 2, left->field->name, &text, c->style->good, "the same");
	} else {
		value_text(c->arrived, arrived, &other);
		put_row(c, 2, left->field->name, &text, c->style->bad, buffer_text(&other));
	}
	buffer_fini(&text);
	buffer_fini(&other);
}

/* How many layers of its protocol stand before layers[index], itself counted. */
static unsigned int layer_nth(const struct frame_view *view, unsigned int index)
{
	unsigned int nth = 0;

	for (unsigned int i = 0; i <= index; i++)
		nth += view->layers[i].protocol == view->layers[index].protocol;
	return nth;
}

static void compare_layer(const struct comparison *c, unsigned int index)
{
	const struct view_layer *left = &c->left->layers[index];
	const struct view_layer *arrived =
		view_layer_find(c->arrived, left->protocol, layer_nth(c->left, index));
	const struct view_record *header = &left->header;

	put_heading(c, header->type->name,
		left->protocol == &wire_payload ? "" : left->protocol->title,
		arrived ? "" : "did not arrive");
	for (unsigned int i = 0; i < header->count; i++) {
		const struct view_field *field = &header->fields[i];

		compare_field(c, field,
			arrived ? view_field_find(&arrived->header, field->field->name) : NULL);
	}
}

/* A layer that arrived and did not leave: a tag that was put in, a trailer read as payload. */
static void put_added(const struct comparison *c, unsigned int index)
{
	const struct view_layer *arrived = &c->arrived->layers[index];
	const struct buffer none = { 0 };

	if (view_layer_find(c->left, arrived->protocol, layer_nth(c->arrived, index)))
		return;
	put_heading(c, arrived->header.type->name, "", "was not sent");
	for (unsigned int i = 0; i < arrived->header.count; i++) {
		const struct view_field *field = &arrived->header.fields[i];
		struct buffer text = { 0 };

		value_text(c->arrived, field, &text);
		put_row(c, 2, field->field->name, &none, c->style->bad, buffer_text(&text));
		buffer_fini(&text);
	}
}

static void put_octet_count(struct buffer *out, uint32_t count)
{
	if (count)
		buffer_printf(out, "%u octet%s", count, count == 1 ? "" : "s");
	else
		buffer_printf(out, "none");
}

static void compare_padding(const struct comparison *c)
{
	uint32_t left = c->left->pad_length;
	uint32_t arrived = c->arrived->pad_length;
	bool same = left == arrived && !memcmp(c->left->octets + c->left->pad_offset,
					       c->arrived->octets + c->arrived->pad_offset, left);
	struct buffer text = { 0 };
	struct buffer other = { 0 };

	if (!left && !arrived)
		return;
	put_octet_count(&text, left);
	put_octet_count(&other, arrived);
	put_heading(c, "padding", "", "");
	put_row(c, 2, "length", &text, same ? c->style->good : c->style->bad,
		same		  ? "the same"
		: left == arrived ? "other octets"
				  : buffer_text(&other));
	buffer_fini(&text);
	buffer_fini(&other);
}

static void put_fcs(struct buffer *out, const struct frame_view *view)
{
	const uint8_t *fcs = view->fcs_octets;

	if (view->fcs == VIEW_FCS_NONE)
		buffer_printf(out, "none");
	else
		buffer_printf(out, "%02x %02x %02x %02x%s", fcs[0], fcs[1], fcs[2], fcs[3],
			view->fcs == VIEW_FCS_WRONG ? ", wrong" : "");
}

/* What was asked for, and what could be seen: a receiving device takes the FCS off. */
static void compare_fcs(const struct comparison *c)
{
	bool seen = c->arrived->fcs != VIEW_FCS_NONE;
	bool same = seen && !memcmp(c->left->fcs_octets, c->arrived->fcs_octets, FCS_LENGTH);
	struct buffer text = { 0 };
	struct buffer other = { 0 };

	put_fcs(&text, c->left);
	put_fcs(&other, c->arrived);
	put_heading(c, "fcs", "Frame check sequence", "");
	if (!seen)
		put_row(c, 2, "crc32", &text, c->style->dim, "none to be seen");
	else
		put_row(c, 2, "crc32", &text, same ? c->style->good : c->style->bad,
			same ? "the same" : buffer_text(&other));
	buffer_fini(&text);
	buffer_fini(&other);
}

void render_compare(const struct frame_view *left, const struct frame_view *arrived,
	const struct render_style *style, struct buffer *out)
{
	const struct comparison c = { left, arrived, style, out };

	buffer_printf(out, "%s%*s%-*s  %s%s\n", style->dim, NAME_WIDTH + 4, "", VALUE_WIDTH, "left",
		"arrived", style->reset);
	for (unsigned int i = 0; i < left->count; i++)
		compare_layer(&c, i);
	for (unsigned int i = 0; i < arrived->count; i++)
		put_added(&c, i);
	compare_padding(&c);
	compare_fcs(&c);
}
