/* encoder.h: what the files of encoding share: an encoder, and where in the spec it is. */
#ifndef FRAME_ENCODER_H
#define FRAME_ENCODER_H

#include "frame/internal.h"

struct encoder {
	struct arena *arena;
	struct buffer *octets;
	const struct frame_spec *spec;
	struct err *err;
};

/* "tcp.options[2].value" for messages: the field's name after the path to it. */
struct path {
	const struct path *outer; /* NULL: the layer */
	const char *name;
	unsigned int index; /* of an item, from 1; 0: a field */
};

/* Where in the spec the encoder is: a record and the way to it. */
struct site {
	const struct spec_record *spec;
	const struct wire_list *list;	      /* the record is an item of it; NULL: a header */
	const struct wire_protocol *protocol; /* of a header: the layer, and the one that follows */
	const struct wire_protocol *next;
	struct view_record *record;
	struct path path;
};

/* Puts "FILE:LINE:COLUMN: LAYER.FIELD: " before the text of e->err. The nearest place that is known
 * stands for one that was left out. Returns -EINVAL. */
int encoder_fail(const struct encoder *e, const struct site *site, const char *field,
	const struct position *at);

/* The octets or number that the row begins with: as given, else by its rule. Lengths and checksums
 * that are automatic begin as zero. */
int encoder_value(struct encoder *e, const struct site *site, const struct wire_field *field,
	const struct spec_value *given, struct wire_value *ret);

/* Writes the automatic lengths and counts of a record that is laid out (encode_count.c). */
int encoder_counts(struct encoder *e, const struct site *site);

/* Writes the automatic lengths in header index of what follows it, once the last layer is laid out.
 */
int encoder_payload_lengths(struct encoder *e, const struct spec_layer *spec,
	const struct frame_view *view, unsigned int index);

#endif
