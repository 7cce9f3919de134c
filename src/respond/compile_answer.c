/* An answer as octets, and what of the request is put into them. */
#include "respond/compile.h"

#include "base/arena.h"
#include "frame/build.h"

#include <string.h>

/* ---- names ---- */

static bool put_word(struct compiler *c, const struct view_field *row, struct respond_word *ret)
{
	return respond_word_make(row->bit, row->width, c->program->length, ret) ||
	       respond_cannot(c, "%s is wider than 64 bits", row->field->name);
}

static bool put_number(struct compiler *c, const struct view_field *row,
	const struct spec_capture *capture, const struct respond_source *source)
{
	struct respond_number number = { .plus = capture->plus };

	if (!respond_word_make(source->bit, source->width, c->program->need, &number.from))
		return respond_cannot(c, "$%s is wider than 64 bits", capture->name);
	if (!put_word(c, row, &number.to))
		return false;
	*ROW_ADD(c, number, numbers) = number;
	return true;
}

static bool put_copy(struct compiler *c, const struct view_field *row,
	const struct spec_capture *capture, const struct respond_source *source)
{
	if (source->width != row->width || (source->bit | row->bit | row->width) % 8)
		return respond_cannot(
			c, "$%s has not the octets of %s", capture->name, row->field->name);
	*ROW_ADD(c, copy, copies) = (struct respond_copy){ (uint16_t)(source->bit / 8),
		(uint16_t)(row->bit / 8), (uint16_t)(row->width / 8) };
	return true;
}

/* The pieces of what the names stand for, as pattern_fill takes them. */
static bool put_hash(struct compiler *c, const struct view_field *row, const struct spec_hash *hash)
{
	struct respond_word *pieces =
		arena_alloc(c->arena, (2 * hash->count + 1) * sizeof(*pieces));
	struct respond_hash made = { .key = hash->key, .pieces = pieces };

	for (unsigned int i = 0; i < hash->count; i++) {
		const struct respond_source *source = &c->sources[hash->rows[i].index];

		if (source->kind != SOURCE_BITS || source->width > 128)
			return respond_cannot(c, "the payload is hashed");
		for (uint32_t at = 0; at < source->width; at += 64) {
			uint32_t part = source->width - at < 64 ? source->width - at : 64;

			if (!respond_word_make(source->bit + at, part, c->program->need,
				    &pieces[made.count++]))
				return respond_cannot(c, "what is hashed is unaligned");
		}
	}
	if (!put_word(c, row, &made.to))
		return false;
	*ROW_ADD(c, hash, hashes) = made;
	return true;
}

static bool put_taken(struct compiler *c, const struct wire_record *type,
	const struct view_field *row, const struct spec_capture *capture)
{
	const struct respond_source *source = &c->sources[capture->index];
	const struct wire_field *field = row->field;

	if (respond_decides(type, field->name) || field->rule == WIRE_LENGTH ||
		field->rule == WIRE_COUNT || !field->width)
		return respond_cannot(
			c, "%s.%s decides how the answer looks", type->name, field->name);
	if (capture->table)
		return respond_cannot(c, "%s.%s is looked up in a table", type->name, field->name);
	if (capture->hash)
		return put_hash(c, row, capture->hash);
	if (source->kind != SOURCE_BITS)
		return respond_cannot(c, "$%s stands for a payload", capture->name);
	/* Whole octets are copied as they are, be they a number or not. */
	if (!capture->plus && source->width == row->width &&
		!((source->bit | row->bit | row->width) % 8))
		return put_copy(c, row, capture, source);
	return wire_is_number(field) ? put_number(c, row, capture, source)
				     : put_copy(c, row, capture, source);
}

/* ---- what is computed ---- */

static bool put_length(struct compiler *c, const struct wire_record *type,
	const struct frame_view *view, const struct view_field *row)
{
	const struct wire_length *length = &row->field->length;
	struct respond_length made = { .base = view_value(view, row).number };

	if (!c->program->echo || !wire_spans_payload(length))
		return true;
	if (length->unit != 1)
		return respond_cannot(c, "%s.%s", type->name, row->field->name);
	if (!put_word(c, row, &made.word))
		return false;
	*ROW_ADD(c, length, lengths) = made;
	return true;
}

static bool put_sum(struct compiler *c, const struct frame_view *view, unsigned int index,
	const struct view_field *row)
{
	struct respond_program *program = c->program;
	struct respond_sum sum;

	if (!respond_sum_make(c, view, index, row, &sum))
		return false;
	sum.open &= program->echo;
	program->sums =
		respond_row_add(c->arena, program->sums, &program->answer_sum_count, sizeof(sum));
	((struct respond_sum *)program->sums)[program->answer_sum_count - 1] = sum;
	return true;
}

/* ---- records ---- */

static bool put_record(struct compiler *c, const struct frame_view *view, unsigned int index,
	const struct spec_record *spec, const struct view_record *record);

static bool put_row(struct compiler *c, const struct frame_view *view, unsigned int index,
	const struct spec_record *spec, const struct view_field *row)
{
	const struct spec_value *value =
		spec_value_of(spec, (unsigned int)(row->field - spec->type->fields));

	if (value->state == SPEC_BAD)
		return respond_cannot(
			c, "%s.%s is to be wrong", spec->type->name, row->field->name);
	if (value->state == SPEC_TAKEN)
		return put_taken(c, spec->type, row, value->capture);
	for (unsigned int i = 0; i < value->count && i < row->count; i++)
		if (!put_record(c, view, index, &value->items[i], &row->items[i]))
			return false;
	if (value->state != SPEC_AUTO)
		return true;
	if (row->field->rule == WIRE_CHECKSUM)
		return put_sum(c, view, index, row);
	return row->field->rule != WIRE_LENGTH || put_length(c, spec->type, view, row);
}

static bool put_record(struct compiler *c, const struct frame_view *view, unsigned int index,
	const struct spec_record *spec, const struct view_record *record)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (!put_row(c, view, index, spec, &record->fields[i]))
			return false;
	return true;
}

/* Whether the answer's payload is the request's; false where it is something else that cannot be.
 */
static bool put_payload(struct compiler *c, const struct spec_value *payload, bool *ret_echo)
{
	*ret_echo = false;
	if (!payload || payload->state != SPEC_TAKEN)
		return true;
	if (payload->capture->table || payload->capture->hash ||
		c->sources[payload->capture->index].kind != SOURCE_PAYLOAD)
		return respond_cannot(c, "the payload is made of what is no payload");
	*ret_echo = true;
	return true;
}

bool respond_compile_answer(struct compiler *c)
{
	struct respond_program *program = c->program;
	const struct frame_spec *answer = c->rule->answer;
	struct frame_spec stripped, filled;
	const struct spec_value *payload;
	struct frame_view view;

	respond_strip(answer, &stripped, &payload);
	if (!put_payload(c, payload, &program->echo))
		return false;
	if (!program->echo)
		stripped = *answer;
	if (answer->pad.mode != SPEC_PAD_AUTO && answer->pad.mode != SPEC_PAD_NONE)
		return respond_cannot(c, "the answer has a padding of its own");
	if (pattern_fill(c->arena, &stripped, c->values, &filled, NULL) ||
		frame_build(c->arena, &filled, &view, NULL) || view.count != stripped.count)
		return respond_cannot(c, "no example of the answer can be built");
	if (stripped.size.mode != SPEC_SIZE_OWN)
		return respond_cannot(c, "the answer has a size of its own");
	program->image = view.octets;
	program->length = view.pad_offset;
	program->pad = answer->pad.mode == SPEC_PAD_AUTO;
	for (unsigned int i = view.count; i-- > 0;) {
		const struct spec_layer *layer = &stripped.layers[i];

		if (layer->protocol != view.layers[i].protocol)
			return respond_cannot(
				c, "an example of the answer reads as something else");
		if (!put_record(c, &view, i, &layer->header, &view.layers[i].header))
			return false;
	}
	return true;
}
