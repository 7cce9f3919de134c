/* What the rows of a record come to in a frame: whether they are there, and what they are when left
 * out. */
#include "frame/internal.h"

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

		if (field->rule == WIRE_LENGTH && (field->length.span == WIRE_SPAN_RECORD ||
							  field->length.span == WIRE_SPAN_REST))
			return &record->fields[i];
	}
	return NULL;
}

/* Whether the row counts octets or items of one field of its record. */
static bool counts_a_field(const struct wire_field *field)
{
	return field->rule == WIRE_COUNT ||
	       (field->rule == WIRE_LENGTH && field->length.span == WIRE_SPAN_FIELD);
}

const struct view_field *field_counter(
	const struct view_record *record, const struct wire_field *field)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (counts_a_field(record->fields[i].field) &&
			!strcmp(record->fields[i].field->of, field->name))
			return &record->fields[i];
	return NULL;
}

uint32_t counted_octets(const struct view_record *record, const struct view_field *row)
{
	const struct view_field *other;

	switch (row->field->length.span) {
	case WIRE_SPAN_RECORD:
		return record->length;
	case WIRE_SPAN_REST:
		return record->offset + record->length - (row->bit + row->width) / 8;
	case WIRE_SPAN_FIELD:
		other = view_field_find(record, row->field->of);
		return other ? other->width / 8 : 0;
	case WIRE_SPAN_PAYLOAD:
	case WIRE_SPAN_WHOLE:
	default:
		return 0;
	}
}

bool next_is_length(const struct wire_field *field, const struct wire_protocol *next)
{
	uint64_t number;

	return field->rule == WIRE_NEXT && field->length.unit && next &&
	       wire_protocol_number(next, field->space, &number) && number == WIRE_NUMBER_LENGTH;
}

bool number_is_length(const struct wire_field *field, uint64_t number)
{
	return field->rule == WIRE_NEXT && field->length.unit && number <= WIRE_NUMBER_LENGTH_MAX;
}

const struct wire_protocol *protocol_named(
	const struct wire_field *field, uint64_t number, unsigned int ip)
{
	if (number_is_length(field, number))
		number = WIRE_NUMBER_LENGTH;
	return wire_protocol_over(field->space, number, ip);
}

unsigned int ip_below(const struct frame_view *view, unsigned int index)
{
	unsigned int version = 0;

	for (unsigned int i = index + 1; i-- > 0 && !version;)
		version = wire_ip_version(view->layers[i].protocol);
	return version;
}

const struct spec_value *spec_value_of(const struct spec_record *spec, unsigned int row)
{
	const struct spec_value *value = &spec->values[row];

	if (value->state == SPEC_AUTO && spec->type->fields[row].when)
		value = &spec->values[wire_field_find(spec->type, spec->type->fields[row].name)];
	return value;
}

uint64_t field_max(const struct wire_field *field)
{
	return field->width >= 64 ? UINT64_MAX : (1ULL << field->width) - 1;
}

/* The row that carries the id of a list's item. */
static bool is_item_id(const struct wire_field *field, const struct automatic_of *of)
{
	int id = wire_item_id(of->list, of->type);

	return id >= 0 && field == &of->type->fields[id];
}

/* Whether the layer says what follows without the help of a number. */
static bool needs_no_number(const struct automatic_of *of)
{
	return of->protocol &&
	       (of->protocol->next == of->next || (of->protocol->guess_ip && of->next->ip));
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
	if (next_is_length(field, of->next)) {
		*ret = (struct wire_value){ 0 };
		return AUTOMATIC_OK;
	}
	/* A source port too, as Scapy's: the preset may be a lower one, of another protocol, by
	 * which a reader would take the frame for that one's. */
	if ((field->rule == WIRE_NEXT || wire_is_port(field)) && of->next) {
		if (wire_protocol_number(of->next, field->space, &number) &&
			number != WIRE_NUMBER_LENGTH) {
			*ret = (struct wire_value){ .number = number };
			return AUTOMATIC_OK;
		}
		if (field->rule == WIRE_NEXT && of->next != &wire_payload && !needs_no_number(of))
			return AUTOMATIC_UNNAMED;
	}
	/* A number for what follows cannot be zero by default: 0 means something (hop-by-hop
	 * options, a length of 0) or nothing at all. */
	if (field->required || (field->rule == WIRE_NEXT && !field->preset))
		return AUTOMATIC_REQUIRED;
	if (field->preset && field->preset[0] == '$')
		return AUTOMATIC_UNRESOLVED;
	return wire_value_preset(arena, field, ret) ? AUTOMATIC_UNRESOLVED : AUTOMATIC_OK;
}
