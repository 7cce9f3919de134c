/* Writes a frame spec as an expression. */
#include "template/template.h"

#include "base/buffer.h"
#include "template/writer.h"

static bool is_drawn(const struct spec_vary *vary)
{
	return vary->kind == VARY_RANDOM || vary->kind == VARY_SHUFFLE;
}

static bool draws(const struct spec_record *record)
{
	bool found = false;

	for (unsigned int i = 0; i < record->type->count && !found; i++) {
		const struct spec_value *value = &record->values[i];

		found = value->state == SPEC_VARIES && is_drawn(value->vary);
		for (unsigned int j = 0; j < value->count && !found; j++)
			found = draws(&value->items[j]);
	}
	return found;
}

/* Whether the frame's octets hang on its name, as random values do. */
static bool has_name(const struct writer *w)
{
	const struct frame_spec *frame = w->frame;
	bool found = (w->how && w->how->order == FRAGMENT_SHUFFLE) ||
		     (frame->size.mode != SPEC_SIZE_OWN && is_drawn(&frame->size.vary));

	for (unsigned int i = 0; i < frame->count && !found; i++)
		found = draws(&frame->layers[i].header);
	return found && frame->name;
}

/* frame(name=a, pad=none, fcs=bad)/ */
static void put_frame(const struct writer *w)
{
	const char *before = "frame(";

	if (has_name(w)) {
		buffer_printf(w->out, "%sname=", before);
		w->notation->put_word(w->out, w->frame->name);
		before = ", ";
	}
	for (const struct write_part *part = write_parts; part->key; part++) {
		if (!part->is_there(w))
			continue;
		buffer_printf(w->out, "%s%s=", before, part->key);
		part->put(w);
		before = ", ";
	}
	if (before[0] == ',')
		buffer_printf(w->out, ")/");
}

static void put_layer(const struct writer *w, unsigned int index)
{
	const struct spec_layer *layer = &w->frame->layers[index];
	const struct spec_record *header = &layer->header;
	const struct rows_of of = { .next = index + 1 < w->frame->count ? layer[1].protocol
									: NULL };

	if (!write_row_count(header, &of)) {
		buffer_printf(w->out, "%s", header->type->name);
	} else if (layer->protocol == &wire_payload) {
		write_payload(w, &header->values[0], payload_size(w->frame, &header->values[0]));
	} else {
		buffer_printf(w->out, "%s(", header->type->name);
		write_fields(w, header, &of, ", ");
		buffer_printf(w->out, ")");
	}
}

void expression_write(const struct frame_spec *frame, struct buffer *out)
{
	const struct writer w = writer_of(out, &notation_expression, frame);

	put_frame(&w);
	for (unsigned int i = 0; i < w.frame->count; i++) {
		buffer_printf(out, "%s", i ? "/" : "");
		put_layer(&w, i);
	}
}
