/*
 * writer.h: what the files that write templates and expressions share: the two notations say the
 * same things in the same order, with other marks between them.
 */
#ifndef TEMPLATE_WRITER_H
#define TEMPLATE_WRITER_H

#include "template/value_reader.h"

struct buffer;

struct notation {
	const char *equals;			    /* between a name and its value */
	const char *form_open, *form_close;	    /* a value made of others, by its name: inc */
	const char *sequence_open, *sequence_close; /* one whose first part is a list: list */
	const char *item_open, *item_close;	    /* an item with fields by name */
	const char *fields_open, *fields_close;	    /* fields of an item without a name */
	void (*put_word)(struct buffer *out, const char *word);
};

extern const struct notation notation_yaml, notation_expression;

struct writer {
	struct buffer *out;
	const struct notation *notation;
	const struct frame_spec *frame;	 /* that is written */
	const struct fragmentation *how; /* it is split; NULL: it is not */
};

/* Of a fragment of a datagram that varies, all of that is written, and how it is split. */
static inline struct writer writer_of(
	struct buffer *out, const struct notation *notation, const struct frame_spec *frame)
{
	const struct spec_fragment *fragment = frame->fragment;

	return (struct writer){ out, notation, fragment ? fragment->whole : frame,
		fragment ? fragment->how : NULL };
}

/* Whether the row has to be written. */
bool write_has_row(const struct spec_record *record, const struct rows_of *of, unsigned int row);
unsigned int write_row_count(const struct spec_record *record, const struct rows_of *of);

/* The record's written fields, with text between them. */
void write_fields(const struct writer *w, const struct spec_record *record,
	const struct rows_of *of, const char *between);

/* ---- write_octets.c ---- */

/* The beginning of a form, with its name; ", KEY: ". */
void write_open(struct buffer *out, const char *open, const char *name);
void write_key(const struct writer *w, const char *key);

/* Whether octet i is first + i * step throughout. */
bool write_is_run(const struct wire_value *value, uint8_t first, uint8_t step);

void write_hex(struct buffer *out, const uint8_t *octets, size_t length);
void write_hex_form(const struct writer *w, const uint8_t *octets, size_t length);

/* Octets that are text as text, else as hex; runs of them by their form. */
void write_octets(const struct writer *w, const struct wire_value *value);
void write_own(const struct writer *w, const struct wire_value *value);

/* Whether a payload of these octets is said in hex. */
bool write_is_hex(const struct wire_value *value);

/* A value that does not vary. */
void write_one(
	const struct writer *w, const struct wire_field *field, const struct wire_value *value);

/* ---- write_varying.c ---- */

void write_varying(
	const struct writer *w, const struct wire_field *field, const struct spec_value *value);

/* The key that such a value's mapping begins with. */
const char *write_first_key(const struct wire_field *field, const struct spec_value *value);

/* A payload on one line. size is NULL where it is the payload's own. */
void write_payload(
	const struct writer *w, const struct spec_value *value, const struct spec_vary *size);

/* A size that may vary. */
void write_size(const struct writer *w, const struct spec_vary *size);

/* What a frame has beside its layers, in this order: those that are not as left out. */
struct write_part {
	const char *key;
	bool (*is_there)(const struct writer *w);
	void (*put)(const struct writer *w);
};

extern const struct write_part write_parts[]; /* ends with a NULL key */

/* The size of this payload where it is the last layer's, NULL where it is its own. */
static inline const struct spec_vary *payload_size(
	const struct frame_spec *frame, const struct spec_value *payload)
{
	bool last = payload == &frame->layers[frame->count - 1].header.values[0];

	return last && frame->size.mode == SPEC_SIZE_PAYLOAD ? &frame->size.vary : NULL;
}

/* Whether the layer is one of text: `"hello"` stands for it. */
static inline bool is_text_layer(const struct spec_layer *layer)
{
	const struct wire_record *type = layer->header.type;

	return type->count == 1 && type->fields[0].text;
}

#endif
