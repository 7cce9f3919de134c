/* Which rows of a record are there: what the conditions of its rows say. */
#include "template/value_reader.h"

#include "base/arena.h"
#include "base/buffer.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Of a value that varies, the first says which rows there are. */
static uint64_t first_number(const struct spec_value *value)
{
	const struct spec_vary *vary = value->vary;
	uint64_t first = vary->kind == VARY_LIST ? vary->values[0].number : vary->first.number;
	uint64_t mask;

	if (vary->kind == VARY_SAME_AS)
		return value->value.number;
	if (!vary->part)
		return first;
	mask = (UINT64_MAX >> (63 - (vary->high - vary->low))) << vary->low;
	return (value->value.number & ~mask) | first << vary->low;
}

/* A row of a number: the value given, or the one it will get. */
static uint64_t row_number(
	const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	const struct wire_field *field = &record->type->fields[row];
	struct wire_value value = { 0 };
	struct arena scratch;

	if (record->values[row].state == SPEC_GIVEN)
		return record->values[row].value.number;
	if (record->values[row].state == SPEC_VARIES)
		return first_number(&record->values[row]);
	if ((int)row == wire_item_id(of->list, record->type))
		return record->type->id;
	if (field->rule == WIRE_NEXT && of->next &&
		wire_protocol_number(of->next, field->space, &value.number))
		return value.number;
	if (!field->preset)
		return 0;
	arena_init(&scratch);
	wire_value_parse(&scratch, field, field->preset, &value, NULL);
	arena_fini(&scratch);
	return value.number;
}

/* The row before this one that its condition looks at; -1 where that one is not there. */
static int row_looked_at(
	const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	const struct wire_field *fields = record->type->fields;

	for (unsigned int i = 0; i < row; i++)
		if (!strcmp(fields[i].name, fields[row].when->field) && rows_present(record, of, i))
			return (int)i;
	return -1;
}

/* Whether a row may hold more than one value in what is waited for. */
static bool is_open(const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	const struct spec_value *value = &record->values[row];

	if (!of->pattern || (value->state == SPEC_GIVEN && !value->want))
		return false;
	return (int)row != wire_item_id(of->list, record->type);
}

bool rows_present(const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	const struct wire_when *when = record->type->fields[row].when;
	int other;

	if (!when)
		return true;
	other = row_looked_at(record, of, row);
	if (other < 0)
		return when->unless;
	if (is_open(record, of, (unsigned int)other))
		return true;
	return wire_when_holds(when, row_number(record, of, (unsigned int)other));
}

int rows_meant(const struct wire_record *type, const struct wire_list *list, bool sequence)
{
	return wire_item_meant(list, type, sequence);
}

static void number_put(const struct wire_field *field, uint64_t number, struct buffer *out)
{
	wire_value_format(field, &(struct wire_value){ .number = number }, out);
}

/* "type is 3 or 11", "control & 0x3 is not 0x3" */
static void condition_put(
	const struct wire_record *type, const struct wire_when *when, struct buffer *out)
{
	const struct wire_field *field = &type->fields[wire_field_find(type, when->field)];

	buffer_printf(out, "%s", when->field);
	if (when->mask)
		buffer_printf(out, " & 0x%" PRIx64, when->mask);
	buffer_printf(out, " is %s", when->unless ? "not " : "");
	for (unsigned int i = 0; i < when->count; i++) {
		buffer_printf(out, "%s", i ? " or " : "");
		if (when->mask)
			buffer_printf(out, "0x%" PRIx64, when->values[i]);
		else
			number_put(field, when->values[i], out);
	}
}

int rows_absent_error(const struct spec_record *record, const struct rows_of *of, unsigned int row,
	const struct position *at, struct err *err)
{
	const struct wire_record *type = record->type;
	const char *name = type->fields[row].name;
	int other = row_looked_at(record, of, row);
	const char *between = "";
	struct buffer text = { 0 };

	buffer_printf(&text, "%s has a field \"%s\" only where ", type->name, name);
	for (unsigned int i = row; i < type->count; i++) {
		if (strcmp(type->fields[i].name, name) != 0)
			continue;
		buffer_printf(&text, "%s", between);
		condition_put(type, type->fields[i].when, &text);
		between = ", or ";
	}
	if (other >= 0) {
		buffer_printf(&text, "; here it is ");
		number_put(
			&type->fields[other], row_number(record, of, (unsigned int)other), &text);
	}
	err_input(err, at, "%s", buffer_text(&text));
	buffer_fini(&text);
	return -EINVAL;
}
