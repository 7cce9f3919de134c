/* What the rows of a record come to in a frame: whether they are there, and what they are when left
 * out. */
#include "frame/internal.h"

#include "base/arena.h"

#include <string.h>

bool field_present(
	const struct wire_field *field, const struct view_record *record, const uint8_t *octets)
{
	const struct wire_when *when = field->when;
	const struct view_field *by;
	struct wire_value value;

	if (!when)
		return true;
	by = view_field_find(record, when->field);
	if (!by)
		return when->unless;
	wire_value_get(by->field, octets, by->bit, by->width, &value);
	return wire_when_holds(when, value.number);
}

const struct wire_record *list_item(const struct wire_list *list, uint64_t id)
{
	for (const struct wire_record *const *item = list->items; *item; item++)
		if ((*item)->id == id)
			return *item;
	return NULL;
}

int64_t length_encode(const struct wire_length *length, uint64_t octets)
{
	return (int64_t)((octets + length->unit - 1) / length->unit) + length->bias;
}

int64_t length_decode(const struct wire_length *length, uint64_t number)
{
	return ((int64_t)number - length->bias) * length->unit;
}

const struct view_field *record_length_field(const struct view_record *record)
{
	for (unsigned int i = 0; i < record->count; i++) {
		const struct wire_field *field = record->fields[i].field;

		if (field->rule == WIRE_LENGTH && field->length.span == WIRE_SPAN_RECORD)
			return &record->fields[i];
	}
	return NULL;
}

uint64_t field_max(const struct wire_field *field)
{
	return field->width >= 64 ? UINT64_MAX : (1ULL << field->width) - 1;
}

/* The row that carries the id of a list's item. */
static bool is_item_id(const struct wire_field *field, const struct automatic_of *of)
{
	return of->list && of->list->id_width && field == of->type->fields &&
	       field->width == of->list->id_width;
}

static void zero_value(struct arena *arena, const struct wire_field *field, struct wire_value *ret)
{
	size_t length = wire_is_number(field) ? 0 : field->width / 8;

	*ret = (struct wire_value){ .octets = length ? arena_alloc(arena, length) : NULL,
		.length = length };
}

enum automatic field_automatic(struct arena *arena, const struct wire_field *field,
	const struct automatic_of *of, struct wire_value *ret)
{
	uint64_t number;

	if (is_item_id(field, of)) {
		if (of->type == of->list->other)
			return AUTOMATIC_REQUIRED;
		*ret = (struct wire_value){ .number = of->type->id };
		return AUTOMATIC_OK;
	}
	if (field->rule == WIRE_NEXT && of->next) {
		if (wire_protocol_number(of->next, field->space, &number)) {
			*ret = (struct wire_value){ .number = number };
			return AUTOMATIC_OK;
		}
		if (of->next != &wire_payload)
			return AUTOMATIC_UNNAMED;
	}
	/* A number for what follows cannot be zero by default: 0 means something (hop-by-hop
	 * options, a length of 0) or nothing at all. */
	if (field->required || (field->rule == WIRE_NEXT && !field->preset))
		return AUTOMATIC_REQUIRED;
	if (!field->preset)
		zero_value(arena, field, ret);
	else if (field->preset[0] == '$' ||
		 wire_value_parse(arena, field, field->preset, ret, NULL))
		return AUTOMATIC_UNRESOLVED;
	return AUTOMATIC_OK;
}
