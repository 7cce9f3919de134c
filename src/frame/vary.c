/* Finds what varies in a spec, and puts values in its place. */
#include "frame/vary.h"

#include "base/arena.h"
#include "base/bytes.h"
#include "frame/internal.h"
#include "frame/plan.h"

#include <errno.h>
#include <string.h>

/* ---- words ---- */

uint64_t vary_word(
	const struct wire_field *field, const struct wire_value *value, unsigned int word)
{
	size_t end, length;

	if (wire_is_number(field))
		return word ? 0 : value->number;
	if ((size_t)word * 8 >= value->length)
		return 0;
	end = value->length - (size_t)word * 8;
	length = end < 8 ? end : 8;
	return bytes_get_bits(value->octets + end - length, 0, (unsigned int)length * 8);
}

struct wire_value vary_value(
	struct arena *arena, const struct wire_field *field, size_t width, const uint64_t *words)
{
	size_t end = width / 8;
	uint8_t *octets;

	if (wire_is_number(field))
		return (struct wire_value){ .number = words[0] };
	octets = arena_alloc(arena, end);
	for (unsigned int i = 0; end; i++) {
		size_t length = end < 8 ? end : 8;

		end -= length;
		bytes_put_bits(octets + end, 0, (unsigned int)length * 8, words[i]);
	}
	return (struct wire_value){ .octets = octets, .length = width / 8 };
}

void vary_set_bits(uint64_t *words, unsigned int low, unsigned int high, uint64_t number)
{
	for (unsigned int bit = low; bit <= high; bit++) {
		uint64_t mask = 1ULL << bit % 64;

		if (number >> (bit - low) & 1)
			words[bit / 64] |= mask;
		else
			words[bit / 64] &= ~mask;
	}
}

/* ---- finding ---- */

struct finder {
	struct arena *arena;
	const struct frame_spec *spec;
	struct vary_fields *found;
	unsigned int layer;
};

static unsigned int count_record(const struct spec_record *record)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];

		count += value->state == SPEC_VARIES;
		for (unsigned int j = 0; j < value->count; j++)
			count += count_record(&value->items[j]);
	}
	return count;
}

static void find_in(struct finder *f, const struct spec_record *record,
	const struct wire_list *list, const char *path)
{
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];
		const struct wire_field *field = &record->type->fields[i];
		const char *name;

		if (value->state != SPEC_VARIES && !value->count)
			continue;
		name = arena_printf(f->arena, "%s.%s", path, field->name);
		if (value->state == SPEC_VARIES)
			f->found->fields[f->found->count++] = (struct vary_field){
				.value = value,
				.field = field,
				.record = record,
				.list = list,
				.layer = f->layer,
				.row = i,
				.name = name,
			};
		for (unsigned int j = 0; j < value->count; j++)
			find_in(f, &value->items[j], field->list,
				arena_printf(f->arena, "%s[%u]", name, j + 1));
	}
}

/* "vlan", "vlan[2]". */
static const char *layer_name(
	struct arena *arena, const struct frame_spec *spec, unsigned int index)
{
	const struct wire_protocol *protocol = spec->layers[index].protocol;
	unsigned int nth = 1;

	for (unsigned int i = 0; i < index; i++)
		nth += spec->layers[i].protocol == protocol;
	return nth == 1 ? protocol->header.name
			: arena_printf(arena, "%s[%u]", protocol->header.name, nth);
}

static void find_all(struct arena *arena, const struct frame_spec *spec, struct vary_fields *ret)
{
	struct finder finder = { .arena = arena, .spec = spec, .found = ret };
	unsigned int count = 0;

	for (unsigned int i = 0; i < spec->count; i++)
		count += count_record(&spec->layers[i].header);
	*ret = (struct vary_fields){ arena_alloc(arena, count * sizeof(*ret->fields)), 0 };
	for (unsigned int i = 0; count && i < spec->count; i++) {
		finder.layer = i;
		find_in(&finder, &spec->layers[i].header, NULL, layer_name(arena, spec, i));
	}
}

/* ---- ranges ---- */

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

static int check_field(const struct vary_field *field, struct err *err)
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
	return check_field(&met, err);
}

int vary_collect(struct arena *arena, const struct frame_spec *spec, struct vary_fields *ret,
	struct err *err)
{
	struct vary_fields found;

	find_all(arena, spec, &found);
	for (unsigned int i = 0; i < found.count; i++) {
		int status = check_field(&found.fields[i], err);

		if (status)
			return status;
	}
	*ret = found;
	return 0;
}

/* ---- places ---- */

/* Lists of a view begin with the spec's items; what fills them up comes after. */
static const struct view_field **locate_in(const struct spec_record *record,
	const struct view_record *view, const struct view_field **ret)
{
	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct spec_value *value = &record->values[i];
		const struct view_field *row = NULL;

		if (value->state != SPEC_VARIES && !value->count)
			continue;
		if (view)
			row = view_field_find(view, record->type->fields[i].name);
		if (value->state == SPEC_VARIES)
			*ret++ = row;
		for (unsigned int j = 0; j < value->count; j++)
			ret = locate_in(&value->items[j],
				row && j < row->count ? &row->items[j] : NULL, ret);
	}
	return ret;
}

void vary_locate(
	const struct frame_spec *spec, const struct frame_view *view, const struct view_field **ret)
{
	for (unsigned int i = 0; i < spec->count; i++)
		ret = locate_in(&spec->layers[i].header, &view->layers[i].header, ret);
}

/* ---- settling ---- */

static const struct wire_value *settle_record(
	struct arena *arena, struct spec_record *record, const struct wire_value *values)
{
	struct spec_value *copy;

	if (!count_record(record))
		return values;
	copy = arena_copy(arena, record->values, record->type->count * sizeof(*copy));
	record->values = copy;
	for (unsigned int i = 0; i < record->type->count; i++) {
		struct spec_value *value = &copy[i];

		if (value->state == SPEC_VARIES) {
			value->state = SPEC_GIVEN;
			value->vary = NULL;
			value->value = *values++;
		}
		if (!value->count)
			continue;
		value->items =
			arena_copy(arena, value->items, value->count * sizeof(*value->items));
		for (unsigned int j = 0; j < value->count; j++)
			values = settle_record(arena, &value->items[j], values);
	}
	return values;
}

/* The payload's octets, repeated or cut to size. */
static struct wire_value stretch(struct arena *arena, const struct wire_value *value, uint32_t size)
{
	uint8_t *octets = arena_alloc(arena, size);

	for (uint32_t i = 0; value->length && i < size; i++)
		octets[i] = value->octets[i % value->length];
	return (struct wire_value){ .octets = octets, .length = size };
}

static void settle_size(struct arena *arena, uint32_t size, struct frame_spec *spec)
{
	struct spec_layer *last;
	struct spec_value *data;

	if (!spec->count || spec->layers[spec->count - 1].protocol != &wire_payload)
		spec_layer_add(spec, arena, &wire_payload);
	last = &spec->layers[spec->count - 1];
	data = arena_copy(arena, last->header.values,
		wire_payload.header.count * sizeof(*last->header.values));
	last->header.values = data;
	data->state = SPEC_GIVEN;
	data->value = stretch(arena, &data->value, size);
}

void vary_settle(struct arena *arena, const struct frame_spec *spec,
	const struct wire_value *values, uint32_t size, struct frame_spec *ret)
{
	*ret = *spec;
	ret->size = (struct spec_size){ .mode = SPEC_SIZE_OWN };
	ret->layers = arena_copy(arena, spec->layers, spec->count * sizeof(*spec->layers));
	for (unsigned int i = 0; i < spec->count; i++)
		values = settle_record(arena, &ret->layers[i].header, values);
	if (size != VARY_SIZE_OWN)
		settle_size(arena, size, ret);
}
