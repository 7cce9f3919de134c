/* Whether the fields of a frame can have the values that they are to vary over. */
#include "frame/plan.h"

#include <errno.h>
#include <string.h>

int vary_refuse(const struct vary_field *field, struct err *err)
{
	const struct position *at = &field->value->vary->at;

	return err_locate(err, at->file ? at : &field->value->at, field->name);
}

static int check_value(const struct vary_field *field, size_t width, const struct wire_value *value,
	struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	unsigned int bits = vary->part ? vary->high - vary->low + 1 : (unsigned int)width;

	if (vary_is_whole(field->field))
		return 0;
	if (!vary->part && !wire_is_number(field->field)) {
		if (value->length == width / 8)
			return 0;
		err_input(
			err, NULL, "%zu octets where this field has %zu", value->length, width / 8);
		return vary_refuse(field, err);
	}
	if (bits >= 64 || !(value->number >> bits))
		return 0;
	err_input(err, NULL, "%llu does not fit in %u bits (at most %llu)",
		(unsigned long long)value->number, bits, (1ULL << bits) - 1);
	return vary_refuse(field, err);
}

/* Words above the lowest: equal ends, or random ones over all that they hold. */
static int check_high_words(const struct vary_field *field, size_t width, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	unsigned int count = vary_word_count(width);
	bool below_full = true; /* all words below run from zeros to ones */

	for (unsigned int i = 0; i < count; i++) {
		uint64_t first = vary_word(field->field, &vary->first, i);
		uint64_t last = vary_word(field->field, &vary->last, i);
		uint64_t ones = width - i * 64 < 64 ? (1ULL << (width - i * 64)) - 1 : UINT64_MAX;

		if (i && first != last && (vary->kind != VARY_RANDOM || !below_full)) {
			err_input(err, NULL,
				"a range over more than 64 bits: only random ones can have it, and "
				"those from a prefix's first to its last");
			return vary_refuse(field, err);
		}
		below_full = below_full && first == 0 && last == ones;
	}
	return 0;
}

static int compare(const struct vary_field *field, size_t width)
{
	const struct spec_vary *vary = field->value->vary;

	if (vary->part || wire_is_number(field->field))
		return vary->first.number < vary->last.number
			       ? -1
			       : vary->first.number > vary->last.number;
	return memcmp(vary->first.octets, vary->last.octets, width / 8);
}

static int check_range(const struct vary_field *field, size_t width, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	int order;
	int status = check_value(field, width, &vary->first, err);

	if (!status)
		status = check_value(field, width, &vary->last, err);
	if (status)
		return status;
	order = compare(field, width);
	if (vary->kind == VARY_DEC ? order < 0 : order > 0) {
		err_input(err, NULL, "the range runs backwards");
		return vary_refuse(field, err);
	}
	if ((vary->kind == VARY_INC || vary->kind == VARY_DEC) && !vary->step) {
		err_input(err, NULL, "a step of 0 goes nowhere (at least 1)");
		return vary_refuse(field, err);
	}
	return vary->part ? 0 : check_high_words(field, width, err);
}

static int check_list(const struct vary_field *field, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;

	if (!vary->count) {
		err_input(err, NULL, "the list is empty");
		return vary_refuse(field, err);
	}
	for (unsigned int i = 0; i < vary->count; i++) {
		int status = check_value(field, wire_value_width(field->field, &vary->values[i]),
			&vary->values[i], err);

		if (status)
			return status;
	}
	return 0;
}

static int check_part(const struct vary_field *field, size_t width, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;

	if (vary->low <= vary->high && vary->high < width && vary->high - vary->low < 64)
		return 0;
	err_input(err, NULL, "bits %u..%u are not in this field: at most 64 of bits 0 to %zu",
		vary->low, vary->high, width - 1);
	return vary_refuse(field, err);
}

int vary_check(const struct vary_field *field, struct err *err)
{
	const struct spec_vary *vary = field->value->vary;
	size_t width;
	int status;

	if (field->field->kind == WIRE_LIST) {
		err_input(err, NULL, "a list cannot vary; its items can");
		return vary_refuse(field, err);
	}
	if (vary_is_whole(field->field) && (vary->kind != VARY_LIST || vary->part)) {
		err_input(err, NULL, "text varies by a list: {list: [a, b]}");
		return vary_refuse(field, err);
	}
	width = wire_value_width(field->field, vary->part ? &field->value->value : &vary->first);
	status = vary->part ? check_part(field, width, err) : 0;
	if (status || vary->kind == VARY_SAME_AS)
		return status;
	return vary->kind == VARY_LIST ? check_list(field, err) : check_range(field, width, err);
}

/* Whether what is given for the field is what the row has: of several rows of one name only one
 * speaks. */
static bool speaks_for(const struct vary_field *field, const struct view_field *row)
{
	const struct spec_record *record = field->record;

	return spec_value_of(record, (unsigned int)(row->field - record->type->fields)) ==
	       field->value;
}

int vary_meet(const struct vary_field *field, const struct view_field *row, struct err *err)
{
	struct vary_field met = *field;

	if (!row || !speaks_for(field, row)) {
		err_input(err, NULL, "is not there in some of the frames");
		return vary_refuse(field, err);
	}
	if (row->field == field->field)
		return 0;
	met.field = row->field;
	return vary_check(&met, err);
}
