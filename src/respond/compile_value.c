/* What a pattern says of one field, as compares at a fixed place. */
#include "respond/compile.h"

#include "base/bytes.h"

bool respond_word_of(struct compiler *c, const struct view_field *row, struct respond_word *ret)
{
	return respond_word_make(row->bit, row->width, c->program->need, ret) ||
	       respond_cannot(c, "%s is wider than 64 bits", row->field->name);
}

struct respond_check *respond_check_add(struct compiler *c, const struct respond_word *word,
	uint64_t low, uint64_t high, enum respond_verdict verdict)
{
	struct respond_check *check = ROW_ADD(c, check, checks);

	*check = (struct respond_check){
		.word = *word, .low = low, .high = high, .verdict = verdict
	};
	return check;
}

static bool check_number(
	struct compiler *c, const struct view_field *row, uint64_t low, uint64_t high)
{
	struct respond_word word;

	if (!respond_word_of(c, row, &word))
		return false;
	respond_check_add(c, &word, low, high, RESPOND_OTHER);
	return true;
}

/* Octets as they are, in eights. */
static void check_octets(struct compiler *c, uint32_t bit, const uint8_t *octets, uint32_t width)
{
	for (uint32_t at = 0; at < width; at += 64) {
		uint32_t part = width - at < 64 ? width - at : 64;
		uint64_t value = bytes_get_bits(octets, at, part);
		struct respond_word word;

		if (respond_word_make(bit + at, part, c->program->need, &word))
			respond_check_add(c, &word, value, value, RESPOND_OTHER);
	}
}

/* Octets from first to last: up to 64 bits, or a prefix. */
static bool check_range(struct compiler *c, const struct view_field *row,
	const struct wire_value *first, const struct wire_value *last)
{
	uint32_t same = 0;

	if (wire_is_number(row->field))
		return check_number(c, row, first->number, last->number);
	if (row->width <= 64)
		return check_number(c, row, bytes_get_bits(first->octets, 0, row->width),
			bytes_get_bits(last->octets, 0, row->width));
	while (same < row->width &&
		bytes_get_bits(first->octets, same, 1) == bytes_get_bits(last->octets, same, 1))
		same++;
	for (uint32_t bit = same; bit < row->width; bit++)
		if (bytes_get_bits(first->octets, bit, 1) || !bytes_get_bits(last->octets, bit, 1))
			return respond_cannot(
				c, "%s is in a range that is no prefix", row->field->name);
	check_octets(c, row->bit, first->octets, same);
	return true;
}

static bool check_want(
	struct compiler *c, const struct view_field *row, const struct spec_want *want)
{
	struct respond_word word;

	if (want->kind == SPEC_WANT_ANY)
		return true;
	if (want->kind == SPEC_WANT_ONE_OF && want->count == 1 && !want->except)
		return check_range(c, row, &want->ranges[0].first, &want->ranges[0].last);
	if (want->kind != SPEC_WANT_BITS)
		return respond_cannot(c, "%s is one of several", row->field->name);
	if (!respond_word_of(c, row, &word))
		return false;
	word.mask = (want->set | want->clear) << word.shift >> word.shift;
	respond_check_add(c, &word, want->set, want->set, RESPOND_OTHER);
	return true;
}

/* The value of a name that another field of the request has. */
static bool check_same(
	struct compiler *c, const struct view_field *row, const struct spec_capture *capture)
{
	const struct respond_source *source = &c->sources[capture->index];
	uint32_t need = c->program->need;

	if (source->kind != SOURCE_BITS)
		return respond_cannot(c, "%s is held against a payload", row->field->name);
	if (wire_is_number(row->field)) {
		struct respond_same same = { .plus = capture->plus };

		if (!respond_word_make(source->bit, source->width, need, &same.first) ||
			!respond_word_of(c, row, &same.second))
			return false;
		*ROW_ADD(c, same, sames) = same;
		return true;
	}
	if (source->width != row->width)
		return respond_cannot(c, "%s differs in length", row->field->name);
	for (uint32_t at = 0; at < row->width; at += 64) {
		uint32_t part = row->width - at < 64 ? row->width - at : 64;
		struct respond_same same = { 0 };

		if (!respond_word_make(source->bit + at, part, need, &same.first) ||
			!respond_word_make(row->bit + at, part, need, &same.second))
			return respond_cannot(c, "%s is unaligned", row->field->name);
		*ROW_ADD(c, same, sames) = same;
	}
	return true;
}

static bool check_taken(
	struct compiler *c, const struct view_field *row, const struct spec_capture *capture)
{
	if (capture->table)
		return respond_cannot(c, "%s is looked up in a table", row->field->name);
	if (capture->ranged && !check_range(c, row, &capture->first_value, &capture->last_value))
		return false;
	if (!capture->name)
		return true;
	if (!capture->first)
		return check_same(c, row, capture);
	c->sources[capture->index] = (struct respond_source){ SOURCE_BITS, row->bit, row->width };
	return true;
}

static bool check_given(
	struct compiler *c, const struct view_field *row, const struct wire_value *value)
{
	if (wire_is_number(row->field))
		return check_number(c, row, value->number, value->number);
	if (value->length * 8 != row->width)
		return respond_cannot(c, "%s has a length of its own", row->field->name);
	check_octets(c, row->bit, value->octets, row->width);
	return true;
}

bool respond_compile_value(
	struct compiler *c, const struct view_field *row, const struct spec_value *value)
{
	if (value->state == SPEC_TAKEN)
		return check_taken(c, row, value->capture);
	if (value->want)
		return check_want(c, row, value->want);
	return check_given(c, row, &value->value);
}
