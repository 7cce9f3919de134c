/* A frame as JSON. */
#include "render/json.h"
#include "render/render.h"

#include "base/buffer.h"

#include <string.h>

static struct json *hex_json(const uint8_t *octets, size_t length)
{
	struct buffer text = { 0 };
	struct json *json;

	render_hex(octets, length, &text);
	text.data[text.length - 1] = '\0'; /* the line's end */
	json = json_text(buffer_text(&text));
	buffer_fini(&text);
	return json;
}

static struct json *value_json(const struct frame_view *view, const struct view_field *field);

/* Names may stand twice under exclusive conditions, so that a record never has two of one name. */
static void put_fields(
	const struct frame_view *view, const struct view_record *record, struct json *object)
{
	unsigned int i;

	for (i = 0; i < record->count; i++)
		json_set(object, record->fields[i].field->name,
			value_json(view, &record->fields[i]));
}

static struct json *list_json(const struct frame_view *view, const struct view_field *field)
{
	struct json *list = json_array();
	unsigned int i;

	for (i = 0; i < field->count; i++) {
		struct json *item = json_object();

		json_set(item, "item", json_text(field->items[i].type->name));
		put_fields(view, &field->items[i], item);
		json_add(list, item);
	}
	return list;
}

static struct json *value_json(const struct frame_view *view, const struct view_field *field)
{
	struct buffer text = { 0 };
	struct wire_value value;
	struct json *json;

	if (field->field->kind == WIRE_LIST)
		return list_json(view, field);
	value = view_value(view, field);
	if (wire_is_number(field->field))
		return json_number(value.number);
	if (field->field->kind == WIRE_BYTES)
		return hex_json(value.octets, value.length);
	wire_value_format(field->field, &value, &text);
	json = json_text(buffer_text(&text));
	buffer_fini(&text);
	return json;
}

/* ---- layers ---- */

static struct json *wrong_json(const struct view_record *header)
{
	struct json *json = NULL;
	unsigned int i;

	for (i = 0; i < header->count; i++) {
		const struct view_field *field = &header->fields[i];

		if (field->check != VIEW_WRONG)
			continue;
		if (!json)
			json = json_object();
		json_set(json, field->field->name, json_number(field->expected));
	}
	return json;
}

static struct json *placeholders_json(const struct view_record *header)
{
	struct json *json = NULL;
	unsigned int i;

	for (i = 0; i < header->count; i++) {
		if (!header->fields[i].placeholder)
			continue;
		if (!json)
			json = json_array();
		json_add(json, json_text(header->fields[i].field->name));
	}
	return json;
}

typedef bool is_marked(const struct view_field *field);

static bool varies(const struct view_field *field)
{
	return field->varies;
}

static bool changed(const struct view_field *field)
{
	return field->changed;
}

/* The names of the marked fields, those of items as "options[1].value"; before stands in front of
 * each. *json is made with the first. */
static void add_marked(
	const struct view_record *record, is_marked *marked, const char *before, struct json **json)
{
	struct buffer name = { 0 };

	for (unsigned int i = 0; i < record->count; i++) {
		const struct view_field *field = &record->fields[i];

		if (marked(field)) {
			buffer_clear(&name);
			buffer_printf(&name, "%s%s", before, field->field->name);
			if (!*json)
				*json = json_array();
			json_add(*json, json_text(buffer_text(&name)));
		}
		for (unsigned int j = 0; j < field->count; j++) {
			buffer_clear(&name);
			buffer_printf(&name, "%s%s[%u].", before, field->field->name, j + 1);
			add_marked(&field->items[j], marked, buffer_text(&name), json);
		}
	}
	buffer_fini(&name);
}

static struct json *marked_json(const struct view_record *header, is_marked *marked)
{
	struct json *json = NULL;

	add_marked(header, marked, "", &json);
	return json;
}

static void set_if_any(struct json *object, const char *key, struct json *value)
{
	if (value)
		json_set(object, key, value);
}

static struct json *layer_json(const struct frame_view *view, const struct view_layer *layer)
{
	const struct view_record *header = &layer->header;
	struct json *json = json_object();
	struct json *fields = json_object();

	put_fields(view, header, fields);
	json_set(json, "protocol", json_text(header->type->name));
	json_set(json, "offset", json_number(header->offset));
	json_set(json, "length", json_number(header->length));
	json_set(json, "fields", fields);
	set_if_any(json, "wrong", wrong_json(header));
	set_if_any(json, "placeholders", placeholders_json(header));
	set_if_any(json, "varies", marked_json(header, varies));
	set_if_any(json, "changed", marked_json(header, changed));
	return json;
}

/* ---- the frame ---- */

static struct json *fcs_json(const struct frame_view *view)
{
	static const char *const states[] = {
		[VIEW_FCS_NONE] = "none",
		[VIEW_FCS_RIGHT] = "right",
		[VIEW_FCS_WRONG] = "wrong",
	};
	struct json *json = json_object();

	json_set(json, "state", json_text(states[view->fcs]));
	json_set(json, "octets",
		view->fcs == VIEW_FCS_NONE ? json_null() : hex_json(view->fcs_octets, FCS_LENGTH));
	json_set(json, "expected", hex_json(view->fcs_expected, FCS_LENGTH));
	return json;
}

static struct json *padding_json(const struct frame_view *view)
{
	struct json *json;

	if (!view->pad_length)
		return NULL;
	json = json_object();
	json_set(json, "offset", json_number(view->pad_offset));
	json_set(json, "length", json_number(view->pad_length));
	json_set(json, "hex", hex_json(view->octets + view->pad_offset, view->pad_length));
	return json;
}

struct json *render_frame_json(const char *name, const struct frame_view *view)
{
	struct json *json = json_object();
	struct json *layers = json_array();
	unsigned int i;

	for (i = 0; i < view->count; i++)
		json_add(layers, layer_json(view, &view->layers[i]));
	json_set(json, "name", name ? json_text(name) : json_null());
	json_set(json, "length", json_number(view->length));
	json_set(json, "hex", hex_json(view->octets, view->length));
	json_set(json, "fcs", fcs_json(view));
	json_set(json, "layers", layers);
	set_if_any(json, "padding", padding_json(view));
	set_if_any(json, "fault", view->fault ? json_text(view->fault) : NULL);
	return json;
}
