/* Writes fields and lists, as a template or an expression says them. */
#include "template/writer.h"

#include "base/buffer.h"
#include "template/quote.h"

#include <string.h>

/* clang-format off */
const struct notation notation_yaml = {
	.equals = ": ",
	.form_open = "{%s: ", .form_close = "}",
	.sequence_open = "{%s: [", .sequence_close = "]",
	.item_open = "{%s: {", .item_close = "}}",
	.fields_open = "{", .fields_close = "}",
	.put_word = quote_put_word,
};

const struct notation notation_expression = {
	.equals = "=",
	.form_open = "%s(", .form_close = ")",
	.sequence_open = "%s(", .sequence_close = "",
	.item_open = "%s(", .item_close = ")",
	.fields_open = "(", .fields_close = ")",
	.put_word = quote_put_expression_word,
};
/* clang-format on */

bool write_has_row(const struct spec_record *record, const struct rows_of *of, unsigned int row)
{
	return spec_value_of(record, row)->state != SPEC_AUTO && rows_present(record, of, row);
}

unsigned int write_row_count(const struct spec_record *record, const struct rows_of *of)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < record->type->count; i++)
		count += write_has_row(record, of, i);
	return count;
}

static void put_list(
	const struct writer *w, const struct wire_list *list, const struct spec_value *value);

static void put_value(
	const struct writer *w, const struct wire_field *field, const struct spec_value *value)
{
	if (value->state == SPEC_BAD)
		buffer_printf(w->out, "bad");
	else if (value->state == SPEC_VARIES)
		write_varying(w, field, value);
	else if (field->kind == WIRE_LIST)
		put_list(w, field->list, value);
	else
		write_one(w, field, &value->value);
}

void write_fields(const struct writer *w, const struct spec_record *record,
	const struct rows_of *of, const char *between)
{
	const char *separator = "";

	for (unsigned int i = 0; i < record->type->count; i++) {
		const struct wire_field *field = &record->type->fields[i];

		if (!write_has_row(record, of, i))
			continue;
		buffer_printf(w->out, "%s%s%s", separator, field->name, w->notation->equals);
		put_value(w, field, spec_value_of(record, i));
		separator = between;
	}
}

/* The only row written, where `name: VALUE` says it; -1 else. */
static int short_row(const struct spec_record *item, const struct rows_of *of)
{
	const struct spec_value *value;
	unsigned int row = 0;
	int meant;

	if (write_row_count(item, of) != 1)
		return -1;
	while (!write_has_row(item, of, row))
		row++;
	meant = rows_meant(item->type, of->list, item->type->fields[row].kind == WIRE_LIST);
	if (meant < 0 || strcmp(item->type->fields[meant].name, item->type->fields[row].name) != 0)
		return -1;
	/* {value: ..., bits: ...} would be the item's fields, where it has one of that name. */
	value = spec_value_of(item, row);
	if (value->state == SPEC_VARIES &&
		wire_field_find(item->type, write_first_key(&item->type->fields[row], value)) >= 0)
		return -1;
	return (int)row;
}

/* `nop`, `mss: 1460`, `{timestamps: {val: 1, ecr: 2}}`; without names `10.0.0.1`, `{left: 1, right:
 * 2}`. */
static void put_item(
	const struct writer *w, const struct wire_list *list, const struct spec_record *item)
{
	const struct rows_of of = { .list = list };
	bool named = list->id_width || item->type == &wire_raw_item;
	const char *name = named ? item->type->name : NULL;
	int row = short_row(item, &of);

	if (list->id_width && !write_row_count(item, &of)) {
		buffer_printf(w->out, "%s", name);
	} else if (row >= 0) {
		buffer_printf(w->out, "%s%s", name ? name : "", name ? w->notation->equals : "");
		put_value(w, &item->type->fields[row], spec_value_of(item, (unsigned int)row));
	} else {
		if (name)
			write_open(w->out, w->notation->item_open, name);
		else
			buffer_printf(w->out, "%s", w->notation->fields_open);
		write_fields(w, item, &of, ", ");
		buffer_printf(
			w->out, "%s", name ? w->notation->item_close : w->notation->fields_close);
	}
}

static void put_list(
	const struct writer *w, const struct wire_list *list, const struct spec_value *value)
{
	buffer_printf(w->out, "[");
	for (unsigned int i = 0; i < value->count; i++) {
		buffer_printf(w->out, "%s", i ? ", " : "");
		put_item(w, list, &value->items[i]);
	}
	buffer_printf(w->out, "]");
}
