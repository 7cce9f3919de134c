/* Records: finding their fields. */
#include "wire/wire.h"

#include <string.h>

int wire_field_find(const struct wire_record *record, const char *name)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (!strcmp(record->fields[i].name, name))
			return (int)i;
	return -1;
}

int wire_item_id(const struct wire_list *list, const struct wire_record *type)
{
	unsigned int bit = 0;

	if (!list || !list->id_width || type == &wire_raw_item)
		return -1;
	for (unsigned int i = 0; i < type->count && bit <= list->id_bit; i++) {
		if (bit == list->id_bit && type->fields[i].width == list->id_width)
			return (int)i;
		bit += type->fields[i].width;
	}
	return -1;
}

/* Whether `name: VALUE` may mean this row: not the id, not the length, not bits that are zero. */
static bool may_be_meant(
	const struct wire_record *type, const struct wire_list *list, unsigned int row)
{
	const struct wire_field *field = &type->fields[row];

	if ((int)row == wire_item_id(list, type))
		return false;
	if (field->rule == WIRE_LENGTH || field->rule == WIRE_COUNT)
		return false;
	return strncmp(field->name, "reserved", strlen("reserved")) != 0;
}

int wire_item_meant(const struct wire_list *list, const struct wire_record *type, bool sequence)
{
	int first = -1;

	for (int row = (int)type->count - 1; row >= 0; row--) {
		const struct wire_field *field = &type->fields[row];

		if (!may_be_meant(type, list, (unsigned int)row) ||
			(sequence && field->kind != WIRE_LIST))
			continue;
		if (!strcmp(field->name, type->name))
			return row;
		first = row;
	}
	return first;
}

bool wire_when_holds(const struct wire_when *when, uint64_t value)
{
	if (when->mask)
		value &= when->mask;
	for (unsigned int i = 0; i < when->count; i++)
		if (when->values[i] == value)
			return !when->unless;
	return when->unless;
}

static const struct wire_field raw_fields[] = {
	{ .name = "data", .kind = WIRE_BYTES, .help = "octets as they stand" },
};

const struct wire_record wire_raw_item = {
	.name = "raw",
	.help = "octets that are no item of the list, as they stand",
	WIRE_FIELDS(raw_fields),
};
