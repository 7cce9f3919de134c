/* The protocols' tables as JSON. */
#include "render/json.h"
#include "render/render.h"
#include "render/table.h"

#include "base/buffer.h"

#include <inttypes.h>
#include <string.h>

static struct json *text_or_null(const char *text)
{
	return text ? json_text(text) : json_null();
}

static struct json *names_json(const struct wire_field *field)
{
	struct json *names = json_array();
	struct wire_name name;
	unsigned int i;

	for (i = 0; table_name(field, i, &name); i++) {
		struct json *row = json_object();

		json_set(row, "name", json_text(name.name));
		json_set(row, "value", json_number(name.value));
		json_add(names, row);
	}
	return names;
}

static struct json *when_json(const struct wire_when *when)
{
	struct json *json = json_object();
	struct json *values = json_array();
	unsigned int i;

	for (i = 0; i < when->count; i++)
		json_add(values, json_number(when->values[i]));
	json_set(json, "field", json_text(when->field));
	if (when->mask)
		json_set(json, "mask", json_number(when->mask));
	json_set(json, "is", json_bool(!when->unless));
	json_set(json, "values", values);
	return json;
}

static struct json *fields_json(const struct wire_list *list, const struct wire_record *record);

static struct json *item_json(const struct wire_list *list, const struct wire_record *item)
{
	struct json *json = json_object();
	bool has_id = list->id_width && item != list->other;

	json_set(json, "name", json_text(item->name));
	json_set(json, "help", text_or_null(item->help));
	json_set(json, "id", has_id ? json_number(item->id) : json_null());
	json_set(json, "fields", fields_json(list, item));
	return json;
}

static struct json *items_json(const struct wire_list *list)
{
	struct json *json = json_array();
	const struct wire_record *const *item;

	for (item = list->items; *item; item++)
		json_add(json, item_json(list, *item));
	if (list->other)
		json_add(json, item_json(list, list->other));
	return json;
}

/* What a template would say for what is sent when the field is left out; null: zero. */
static struct json *preset_json(const struct wire_list *list, const struct wire_record *record,
	const struct wire_field *field)
{
	struct buffer text = { 0 };
	struct json *json;

	if (!list || record == list->other ||
		(int)(field - record->fields) != wire_item_id(list, record))
		return text_or_null(field->preset);
	buffer_printf(&text, "%" PRIu64, record->id);
	json = json_text(buffer_text(&text));
	buffer_fini(&text);
	return json;
}

/* list is what the record is an item of, NULL for a header. */
static struct json *field_json(const struct wire_list *list, const struct wire_record *record,
	const struct wire_field *field)
{
	struct json *json = json_object();
	int bit = table_offset(record, (unsigned int)(field - record->fields));

	json_set(json, "name", json_text(field->name));
	json_set(json, "kind", json_text(table_kind(field)));
	json_set(json, "width", field->width ? json_number(field->width) : json_null());
	json_set(json, "offset", bit < 0 ? json_null() : json_number((uint64_t)bit));
	json_set(json, "rule", json_text(table_rule(field)));
	json_set(json, "required", json_bool(field->required));
	json_set(json, "optional", json_bool(field->optional));
	json_set(json, "preset", preset_json(list, record, field));
	json_set(json, "help", text_or_null(field->help));
	json_set(json, "wireshark", text_or_null(field->wireshark));
	json_set(json, "names", names_json(field));
	if (field->when)
		json_set(json, "when", when_json(field->when));
	if (field->list)
		json_set(json, "items", items_json(field->list));
	if (field->list && field->list->item_align)
		json_set(json, "item_align", json_number(field->list->item_align));
	return json;
}

static struct json *fields_json(const struct wire_list *list, const struct wire_record *record)
{
	struct json *json = json_array();
	unsigned int i;

	for (i = 0; i < record->count; i++)
		json_add(json, field_json(list, record, &record->fields[i]));
	return json;
}

struct json *render_field_json(const struct wire_record *record, const struct wire_field *field)
{
	return field_json(NULL, record, field);
}

static struct json *binds_json(const struct wire_bind *bind)
{
	struct json *json = json_array();

	for (; bind && bind->space != WIRE_SPACE_NONE; bind++) {
		struct json *row = json_object();

		json_set(row, "space", json_text(table_space(bind->space)));
		json_set(row, "number",
			bind->number == WIRE_NUMBER_LENGTH ? json_text("length")
							   : json_number(bind->number));
		json_add(json, row);
	}
	return json;
}

struct json *render_protocol_json(const struct wire_protocol *protocol)
{
	struct json *json = json_object();

	json_set(json, "name", json_text(protocol->header.name));
	json_set(json, "title", json_text(protocol->title));
	json_set(json, "rfc", text_or_null(protocol->rfc));
	json_set(json, "help", text_or_null(protocol->header.help));
	json_set(json, "named_by", binds_json(protocol->binds));
	json_set(json, "fields", fields_json(NULL, &protocol->header));
	return json;
}
