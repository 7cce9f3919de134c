/* Writes frame specs as a template, the way a person would have. */
#include "template/template.h"

#include "base/buffer.h"
#include "template/quote.h"
#include "template/writer.h"

#include <stdio.h>
#include <string.h>

#define LINE_WIDTH  100 /* columns, of a layer's line */
#define HEX_LINE    32	/* octets in a line of hex */
#define HEX_ONE_MAX 48	/* octets of hex that stay in the layer's line */

/* Whether a payload's octets want lines of their own. */
static bool is_block(const struct writer *w, const struct spec_value *value)
{
	return value->state == SPEC_GIVEN && !payload_size(w->frame, value) &&
	       value->value.length > HEX_ONE_MAX && write_is_hex(&value->value);
}

/* A payload's octets, this many blanks in. */
static void payload_put(const struct writer *w, const struct spec_value *value, unsigned int indent)
{
	const struct wire_value *octets = &value->value;

	if (!is_block(w, value)) {
		buffer_printf(w->out, " ");
		write_payload(w, value, payload_size(w->frame, value));
		return;
	}
	buffer_printf(w->out, "\n%*shex: |", (int)indent + 4, "");
	for (size_t i = 0; i < octets->length; i++) {
		if (i % HEX_LINE == 0)
			buffer_printf(w->out, "\n%*s", (int)indent + 6, "");
		buffer_printf(w->out, "%02x", octets->octets[i]);
	}
}

/* The fields in braces where the line is short, else one a line. */
static void layer_fields_put(const struct writer *w, const struct spec_record *record,
	const struct rows_of *of, unsigned int indent)
{
	struct buffer fields = { 0 };
	const struct writer line = { &fields, w->notation, w->frame, w->how };
	char between[32];

	write_fields(&line, record, of, ", ");
	if (indent + strlen(record->type->name) + fields.length + 6 <= LINE_WIDTH) {
		buffer_printf(w->out, " {%s}", buffer_text(&fields));
	} else {
		snprintf(between, sizeof(between), "\n%*s", (int)indent + 4, "");
		buffer_printf(w->out, "%s", between);
		write_fields(w, record, of, between);
	}
	buffer_fini(&fields);
}

static void layer_put(const struct writer *w, unsigned int index, unsigned int indent)
{
	const struct spec_layer *layer = &w->frame->layers[index];
	const struct spec_record *header = &layer->header;
	const struct rows_of of = { .next = index + 1 < w->frame->count ? layer[1].protocol
									: NULL };

	buffer_printf(w->out, "%*s- %s", (int)indent, "", header->type->name);
	if (write_row_count(header, &of)) {
		buffer_printf(w->out, ":");
		if (is_text_layer(layer))
			payload_put(w, &header->values[0], indent);
		else
			layer_fields_put(w, header, &of, indent);
	}
	buffer_printf(w->out, "\n");
}

/* What a frame has beside its name. */
static void frame_put(struct buffer *out, const struct frame_spec *frame, unsigned int indent)
{
	const struct writer w = writer_of(out, &notation_yaml, frame);

	buffer_printf(out, "%*slayers:\n", (int)indent, "");
	for (unsigned int i = 0; i < w.frame->count; i++)
		layer_put(&w, i, indent + 2);
	for (const struct write_part *part = write_parts; part->key; part++) {
		if (!part->is_there(&w))
			continue;
		buffer_printf(out, "%*s%s: ", (int)indent, "", part->key);
		part->put(&w);
		buffer_printf(out, "\n");
	}
}

static void line_put(struct buffer *out, const char *key, const char *line)
{
	if (!line)
		return;
	buffer_printf(out, "%s: ", key);
	quote_put_line(out, line);
	buffer_printf(out, "\n");
}

bool template_is_rest(const struct template *template, unsigned int index)
{
	const struct spec_fragment *fragment = template->frames[index].fragment;
	const struct spec_fragment *before = index ? template->frames[index - 1].fragment : NULL;

	return fragment && before && fragment->whole == before->whole;
}

/* The frame as it is written: a fragment as its datagram. */
static const struct frame_spec *written(const struct frame_spec *frame)
{
	return frame->fragment ? frame->fragment->whole : frame;
}

/* How many frames are written. */
static unsigned int count_written(const struct template *template)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < template->count; i++)
		count += !template_is_rest(template, i);
	return count;
}

/* Whether the template is one frame that needs no list. */
static bool is_single(const struct template *template)
{
	const struct frame_spec *frame = written(template->frames);

	return count_written(template) == 1 && frame->weight <= 1 && !frame->gap_ns &&
	       (!frame->name || !template->name || !strcmp(frame->name, template->name));
}

void template_write(const struct template *template, struct buffer *out)
{
	const char *name = template->name;

	if (!name && is_single(template))
		name = written(template->frames)->name;
	line_put(out, "name", name);
	line_put(out, "about", template->about);
	if (is_single(template)) {
		frame_put(out, template->frames, 0);
		return;
	}
	buffer_printf(out, "frames:\n");
	for (unsigned int i = 0; i < template->count; i++) {
		const struct frame_spec *frame = &template->frames[i];

		if (template_is_rest(template, i))
			continue;
		buffer_printf(out, "  - ");
		if (written(frame)->name)
			line_put(out, "name", written(frame)->name);
		else
			buffer_printf(out, "name: frame-%u\n", i + 1);
		frame_put(out, frame, 4);
	}
}
