/* Writes a frame spec as an expression. */
#include "template/template.h"

#include "base/buffer.h"
#include "template/writer.h"

/* frame(pad=none, fcs=bad)/ */
static void put_frame(const struct writer *w)
{
	const char *before = "frame(";

	for (const struct write_part *part = write_parts; part->key; part++) {
		if (!part->is_there(w->frame))
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

	if (!written_count(header, &of)) {
		buffer_printf(w->out, "%s", header->type->name);
	} else if (layer->protocol == &wire_payload) {
		put_payload(w, &header->values[0], payload_size(w->frame, &header->values[0]));
	} else {
		buffer_printf(w->out, "%s(", header->type->name);
		put_fields(w, header, &of, ", ");
		buffer_printf(w->out, ")");
	}
}

void expression_write(const struct frame_spec *frame, struct buffer *out)
{
	const struct writer w = { out, &notation_expression, frame };

	put_frame(&w);
	for (unsigned int i = 0; i < frame->count; i++) {
		buffer_printf(out, "%s", i ? "/" : "");
		put_layer(&w, i);
	}
}
