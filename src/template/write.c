/* Writes frame specs as a template, the way a person would have. */
#include "template/template.h"

#include "base/buffer.h"
#include "template/quote.h"
#include "template/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LINE_WIDTH  100 /* columns, of a layer's line */
#define RUN_MIN	    16	/* octets that are worth a {fill: .., size: ..} */
#define HEX_LINE    32	/* octets in a line of hex */
#define HEX_ONE_MAX 48	/* octets of hex that stay in the layer's line */

static void hex_put(struct buffer *out, const uint8_t *octets, size_t length)
{
	for (size_t i = 0; i < length; i++)
		buffer_printf(out, "%02x", octets[i]);
}

/* Whether octet i is first + i * step throughout. */
static bool is_run(const struct wire_value *value, uint8_t first, uint8_t step)
{
	if (value->length < RUN_MIN)
		return false;
	for (size_t i = 0; i < value->length; i++)
		if (value->octets[i] != (uint8_t)(first + i * step))
			return false;
	return true;
}

/* A payload's octets. In a long frame hex goes into lines of its own, this many blanks in. */
static void payload_put(struct buffer *out, const struct wire_value *value, unsigned int indent)
{
	if (is_run(value, 0, 1)) {
		buffer_printf(out, " {pattern: inc, size: %zu}", value->length);
	} else if (value->length && is_run(value, value->octets[0], 0)) {
		buffer_printf(out, " {fill: 0x%02x, size: %zu}", value->octets[0], value->length);
	} else if (quote_is_text(value->octets, value->length)) {
		buffer_printf(out, " ");
		quote_put_text(out, value->octets, value->length);
	} else if (value->length <= HEX_ONE_MAX) {
		buffer_printf(out, " {hex: ");
		hex_put(out, value->octets, value->length);
		buffer_printf(out, "}");
	} else {
		buffer_printf(out, "\n%*shex: |", (int)indent + 4, "");
		for (size_t i = 0; i < value->length; i += HEX_LINE) {
			size_t left = value->length - i;

			buffer_printf(out, "\n%*s", (int)indent + 6, "");
			hex_put(out, value->octets + i, left < HEX_LINE ? left : HEX_LINE);
		}
	}
}

/* Whether the row has to be written. */
static bool is_given(const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	return record->values[row].state != SPEC_AUTO && rows_present(record, of, row);
}

static void list_put(
	struct buffer *out, const struct wire_list *list, const struct spec_value *value);

static void value_put(
	struct buffer *out, const struct wire_field *field, const struct spec_value *value)
{
	struct buffer word = { 0 };

	if (value->state == SPEC_BAD) {
		buffer_printf(out, "bad");
	} else if (field->kind == WIRE_LIST) {
		list_put(out, field->list, value);
	} else if (wire_is_text(field) &&
		   quote_is_text(value->value.octets, value->value.length)) {
		quote_put_text(out, value->value.octets, value->value.length);
	} else if (wire_is_text(field)) {
		buffer_printf(out, "{hex: ");
		hex_put(out, value->value.octets, value->value.length);
		buffer_printf(out, "}");
	} else {
		wire_value_format(field, &value->value, &word);
		quote_put_word(out, buffer_text(&word));
	}
	buffer_fini(&word);
}

/* The record's given fields, with text between them. */
static void fields_put(struct buffer *out, const struct spec_record *record,
	const struct rows_of *of, const char *between)
{
	const char *separator = "";

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct wire_field *field = &record->type->fields[i];

		if (!is_given(record, of, i))
			continue;
		buffer_printf(out, "%s%s: ", separator, field->name);
		value_put(out, field, &record->values[i]);
		separator = between;
	}
}

static unsigned int given_count(const struct spec_record *record, const struct rows_of *of)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < record->type->count; i++)
		count += is_given(record, of, i);
	return count;
}

/* The only row given, where `name: VALUE` says it; -1 else. */
static int short_row(const struct spec_record *item, const struct rows_of *of)
{
	unsigned int row = 0;
	int meant;

	if (given_count(item, of) != 1)
		return -1;
	while (!is_given(item, of, row))
		row++;
	meant = rows_meant(item->type, of->list, item->type->fields[row].kind == WIRE_LIST);
	if (meant < 0 || strcmp(item->type->fields[meant].name, item->type->fields[row].name) != 0)
		return -1;
	return (int)row;
}

/* `nop`, `mss: 1460`, `{timestamps: {val: 1, ecr: 2}}`; without names `10.0.0.1`, `{left: 1, right:
 * 2}`. */
static void item_put(
	struct buffer *out, const struct wire_list *list, const struct spec_record *item)
{
	const struct rows_of of = { .list = list };
	bool named = list->id_width || item->type == &wire_raw_item;
	const char *name = named ? item->type->name : NULL;
	int row = short_row(item, &of);

	if (list->id_width && !given_count(item, &of)) {
		buffer_printf(out, "%s", name);
	} else if (row >= 0) {
		buffer_printf(out, "%s%s", name ? name : "", name ? ": " : "");
		value_put(out, &item->type->fields[row], &item->values[row]);
	} else {
		buffer_printf(out, "{%s%s", name ? name : "", name ? ": {" : "");
		fields_put(out, item, &of, ", ");
		buffer_printf(out, name ? "}}" : "}");
	}
}

static void list_put(
	struct buffer *out, const struct wire_list *list, const struct spec_value *value)
{
	buffer_printf(out, "[");
	for (unsigned int i = 0; i < value->count; i++) {
		buffer_printf(out, "%s", i ? ", " : "");
		item_put(out, list, &value->items[i]);
	}
	buffer_printf(out, "]");
}

/* The fields in braces where the line is short, else one a line. */
static void layer_fields_put(struct buffer *out, const struct spec_record *record,
	const struct rows_of *of, unsigned int indent)
{
	struct buffer fields = { 0 };
	char between[32];

	fields_put(&fields, record, of, ", ");
	if (indent + strlen(record->type->name) + fields.length + 6 <= LINE_WIDTH) {
		buffer_printf(out, " {%s}", buffer_text(&fields));
	} else {
		snprintf(between, sizeof(between), "\n%*s", (int)indent + 4, "");
		buffer_printf(out, "%s", between);
		fields_put(out, record, of, between);
	}
	buffer_fini(&fields);
}

static void layer_put(struct buffer *out, const struct spec_layer *layer,
	const struct wire_protocol *next, unsigned int indent)
{
	const struct rows_of of = { .next = next };
	const struct spec_record *header = &layer->header;

	buffer_printf(out, "%*s- %s", (int)indent, "", header->type->name);
	if (given_count(header, &of)) {
		buffer_printf(out, ":");
		if (header->type->count == 1 && header->type->fields[0].text)
			payload_put(out, &header->values[0].value, indent);
		else
			layer_fields_put(out, header, &of, indent);
	}
	buffer_printf(out, "\n");
}

static void fcs_put(struct buffer *out, const struct spec_fcs *fcs, unsigned int indent)
{
	static const char *const names[] = {
		[SPEC_FCS_BAD] = "bad",
		[SPEC_FCS_NONE] = "none",
		[SPEC_FCS_GIVEN] = "0x",
	};

	if (fcs->mode == SPEC_FCS_AUTO)
		return;
	buffer_printf(out, "%*sfcs: %s", (int)indent, "", names[fcs->mode]);
	if (fcs->mode == SPEC_FCS_GIVEN)
		hex_put(out, fcs->octets, FCS_LENGTH);
	buffer_printf(out, "\n");
}

static void pad_put(struct buffer *out, const struct spec_pad *pad, unsigned int indent)
{
	if (pad->mode == SPEC_PAD_AUTO)
		return;
	buffer_printf(out, "%*spad: ", (int)indent, "");
	if (pad->mode == SPEC_PAD_NONE || !pad->length) {
		buffer_printf(out, "none");
	} else if (pad->mode == SPEC_PAD_COUNT) {
		buffer_printf(out, "%zu", pad->length);
	} else {
		buffer_printf(out, "{hex: ");
		hex_put(out, pad->octets, pad->length);
		buffer_printf(out, "}");
	}
	buffer_printf(out, "\n");
}

static void gap_put(struct buffer *out, uint64_t gap_ns, unsigned int indent)
{
	static const struct {
		uint64_t ns;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" }, { 1, "ns" } };
	unsigned int i = 0;

	while (gap_ns % units[i].ns)
		i++;
	buffer_printf(out, "%*sgap: %" PRIu64 "%s\n", (int)indent, "", gap_ns / units[i].ns,
		units[i].name);
}

/* What a frame has beside its name. */
static void frame_put(struct buffer *out, const struct frame_spec *frame, unsigned int indent)
{
	buffer_printf(out, "%*slayers:\n", (int)indent, "");
	for (unsigned int i = 0; i < frame->count; i++)
		layer_put(out, &frame->layers[i],
			i + 1 < frame->count ? frame->layers[i + 1].protocol : NULL, indent + 2);
	pad_put(out, &frame->pad, indent);
	fcs_put(out, &frame->fcs, indent);
	if (frame->weight > 1)
		buffer_printf(out, "%*sweight: %u\n", (int)indent, "", frame->weight);
	if (frame->gap_ns)
		gap_put(out, frame->gap_ns, indent);
}

static void line_put(struct buffer *out, const char *key, const char *line)
{
	if (!line)
		return;
	buffer_printf(out, "%s: ", key);
	quote_put_line(out, line);
	buffer_printf(out, "\n");
}

/* Whether the template is one frame that needs no list. */
static bool is_single(const struct template *template)
{
	const struct frame_spec *frame = template->frames;

	return template->count == 1 && frame->weight <= 1 && !frame->gap_ns &&
	       (!frame->name || !template->name || !strcmp(frame->name, template->name));
}

void template_write(const struct template *template, struct buffer *out)
{
	const char *name = template->name;

	if (!name && is_single(template))
		name = template->frames[0].name;
	line_put(out, "name", name);
	line_put(out, "about", template->about);
	if (is_single(template)) {
		frame_put(out, template->frames, 0);
		return;
	}
	buffer_printf(out, "frames:\n");
	for (unsigned int i = 0; i < template->count; i++) {
		const struct frame_spec *frame = &template->frames[i];

		buffer_printf(out, "  - ");
		if (frame->name)
			line_put(out, "name", frame->name);
		else
			buffer_printf(out, "name: frame-%u\n", i + 1);
		frame_put(out, frame, 4);
	}
}
