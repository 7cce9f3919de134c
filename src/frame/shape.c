/* What cannot be written over a frame as it stands, but makes another frame of it. */
#include "frame/internal.h"
#include "frame/plan.h"

#include <string.h>

static bool decides_presence(const struct vary_field *field)
{
	const struct wire_record *type = field->record->type;

	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].when &&
			!strcmp(type->fields[i].when->field, field->field->name))
			return true;
	return false;
}

/* It says how much a checksum covers. */
static bool decides_coverage(const struct vary_field *field)
{
	const struct wire_record *type = field->record->type;

	for (unsigned int i = 0; i < type->count; i++)
		if (type->fields[i].over && !strcmp(type->fields[i].over, field->field->name))
			return true;
	return false;
}

static bool counts_payload(const struct wire_field *field)
{
	return field->rule == WIRE_LENGTH && wire_spans_payload(&field->length);
}

/* A length of zero that was given says where a payload ends, or nothing, by what is named next. */
static bool names_behind_given_length(const struct vary_field *field)
{
	const struct spec_record *record = field->record;

	for (unsigned int i = 0; field->field->rule == WIRE_NEXT && i < record->type->count; i++)
		if (counts_payload(&record->type->fields[i]) &&
			record->values[i].state != SPEC_AUTO)
			return true;
	return false;
}

/* IEEE 802.3: a small type is a length, and ends the payload. */
static bool may_be_length(const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;
	bool found = number_is_length(
		field->field, vary->kind == VARY_DEC ? vary->last.number : vary->first.number);

	if (vary->part || vary->kind == VARY_SAME_AS)
		return number_is_length(field->field, 0);
	for (unsigned int i = 0; vary->kind == VARY_LIST && i < vary->count; i++)
		found |= number_is_length(field->field, vary->values[i].number);
	return found;
}

static bool has_lengths(const struct vary_field *field)
{
	const struct spec_vary *vary = field->value->vary;

	for (unsigned int i = 1; vary->kind == VARY_LIST && !vary->part && i < vary->count; i++)
		if (vary->values[i].length != vary->values[0].length)
			return true;
	return false;
}

/* Whether the frame is another than with octets changed where the field stands: other fields are
 * there, others follow, or a checksum covers something else. */
static bool changes_shape(const struct vary_field *field)
{
	bool is_id =
		field->list && wire_item_id(field->list, field->record->type) == (int)field->row;

	return is_id || vary_is_whole(field->field) || may_be_length(field) ||
	       decides_presence(field) || decides_coverage(field) || counts_payload(field->field) ||
	       names_behind_given_length(field) || field_steers(field->field) || has_lengths(field);
}

/* A source is chosen when it, or one that is the same as it, changes the shape; then all of them
 * are. */
void vary_decide_shapes(struct vary_plan *plan)
{
	for (unsigned int i = 0; i < plan->fields.count; i++) {
		struct vary_part *part = &plan->parts[i];

		if (part->source >= 0 && changes_shape(part->of))
			plan->parts[part->source].chosen = true;
	}
	for (unsigned int i = 0; i < plan->fields.count; i++) {
		struct vary_part *part = &plan->parts[i];

		if (part->source >= 0)
			part->chosen = plan->parts[part->source].chosen;
	}
}
