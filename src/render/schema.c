/* The JSON Schema (draft-07) of templates, from the protocols' tables: for editors. */
#include "render/render.h"
#include "render/schema.h"
#include "render/table.h"

#include <limits.h>
#include <string.h>

/* ---- fields ---- */

static struct json *list_value(
	struct schema *schema, const char *path, const struct wire_field *field);

/* The names of a field's values, and the words that stand for no value. */
static struct json *words(const struct wire_field *field)
{
	struct json *array = json_array();
	struct json *json = json_object();
	struct wire_name name;

	for (unsigned int i = 0; table_name(field, i, &name); i++)
		json_add(array, json_text(name.name));
	/* A plain null is YAML's own null; LLC has a SAP of that name. */
	for (unsigned int i = 0; table_name(field, i, &name); i++)
		if (!strcmp(name.name, "null"))
			json_add(array, json_null());
	json_add(array, json_text("auto"));
	if (field->rule == WIRE_CHECKSUM)
		json_add(array, json_text("bad"));
	if (field->kind == WIRE_MAC) {
		json_add(array, json_text("$if.mac"));
		json_add(array, json_text("$hop.mac"));
	}
	if (field->kind == WIRE_IPV4)
		json_add(array, json_text("$if.ipv4"));
	if (field->kind == WIRE_IPV6)
		json_add(array, json_text("$if.ipv6"));
	json_set(json, "enum", array);
	return json;
}

/* [...] of what the field's value may be. */
static struct json *alternatives(
	struct schema *schema, const char *path, const struct wire_field *field)
{
	struct json *any;
	struct json *octets;

	if (field->kind == WIRE_LIST)
		return schema_array(list_value(schema, path, field),
			schema_of("enum", json_text("auto"), NULL), NULL);
	any = schema_array(
		words(field), schema_scalar(schema, field), schema_varying(schema, field), NULL);
	octets = schema_octets(schema, field);
	if (octets)
		json_add(any, octets);
	return any;
}

/* What an editor shows: what it is, when it is there, and what it is when left out. */
static const char *field_help(
	struct schema *schema, const struct wire_record *record, const struct wire_field *field)
{
	struct buffer text = { 0 };
	const char *kept;

	buffer_printf(&text, "%s", field->help ? field->help : field->name);
	table_when(record, field, &text);
	if (field->when) {
		buffer_clear(&text);
		buffer_printf(&text, "%s; only when ", field->help ? field->help : field->name);
		table_when(record, field, &text);
	}
	buffer_printf(&text, ".\nDefault: ");
	table_default(field, &text);
	if (table_is_automatic(field)) {
		buffer_printf(&text, ": ");
		table_automatic(field, &text);
	}
	buffer_printf(&text, ".");
	kept = arena_strndup(&schema->arena, buffer_text(&text), text.length);
	buffer_fini(&text);
	return kept;
}

static const char *field_title(
	struct schema *schema, const char *path, const struct wire_field *field)
{
	if (!field->width)
		return arena_printf(&schema->arena, "%s (%s)", path, table_kind(field));
	return arena_printf(&schema->arena, "%s (%s, %u bit%s)", path, table_kind(field),
		field->width, field->width == 1 ? "" : "s");
}

static struct json *field_schema(struct schema *schema, const char *where,
	const struct wire_record *record, unsigned int index)
{
	const struct wire_field *field = &record->fields[index];
	const char *path = arena_printf(&schema->arena, "%s.%s", where, field->name);
	struct json *json = json_object();

	json_set(json, "title", json_text(field_title(schema, path, field)));
	json_set(json, "description", json_text(field_help(schema, record, field)));
	json_set(json, "anyOf", alternatives(schema, path, field));
	return json;
}

static bool has_namesake(const struct wire_record *record, unsigned int row)
{
	for (unsigned int i = row + 1; i < record->count; i++)
		if (!strcmp(record->fields[i].name, record->fields[row].name))
			return true;
	return false;
}

/* Rows of one name are there under exclusive conditions: a value of any of them will do. */
static struct json *rows_schema(struct schema *schema, const char *where,
	const struct wire_record *record, unsigned int first)
{
	struct json *any;
	struct json *json;

	if (!has_namesake(record, first))
		return field_schema(schema, where, record, first);
	any = json_array();
	for (unsigned int i = first; i < record->count; i++)
		if (!strcmp(record->fields[i].name, record->fields[first].name))
			json_add(any, field_schema(schema, where, record, i));
	json = json_object();
	json_set(json, "anyOf", any);
	return json;
}

static bool is_required(const struct wire_field *field)
{
	return field->required && !field->when;
}

static bool has_required(const struct wire_record *record)
{
	for (unsigned int i = 0; i < record->count; i++)
		if (is_required(&record->fields[i]))
			return true;
	return false;
}

static struct json *required_fields(const struct wire_record *record)
{
	struct json *array = json_array();

	for (unsigned int i = 0; i < record->count; i++)
		if (is_required(&record->fields[i]))
			json_add(array, json_text(record->fields[i].name));
	return array;
}

/* An object of the record's fields. */
static struct json *record_schema(
	struct schema *schema, const char *where, const struct wire_record *record)
{
	struct json *properties = json_object();
	struct json *json = schema_object(properties);

	for (unsigned int i = 0; i < record->count; i++)
		if (wire_field_find(record, record->fields[i].name) == (int)i)
			json_set(properties, record->fields[i].name,
				rows_schema(schema, where, record, i));
	if (has_required(record))
		json_set(json, "required", required_fields(record));
	return json;
}

/* ---- lists ---- */

/* Adds what the row means where a value stands for its record. */
static void add_row(struct schema *schema, const char *path, const struct wire_record *record,
	int row, struct json *any)
{
	struct json *json;

	if (row < 0)
		return;
	json = json_object();
	json_set(json, "anyOf",
		alternatives(schema,
			arena_printf(&schema->arena, "%s.%s", path, record->fields[row].name),
			&record->fields[row]));
	json_add(any, json);
}

/* What stands for an item: its value, a list that it has, or its fields by name. */
static struct json *item_value(struct schema *schema, const char *path,
	const struct wire_list *list, const struct wire_record *item)
{
	int row = wire_item_meant(list, item, false);
	int sequence = wire_item_meant(list, item, true);
	struct json *any = json_array();
	struct json *json = json_object();

	if (item->help)
		json_set(json, "description", json_text(item->help));
	add_row(schema, path, item, row, any);
	if (sequence != row)
		add_row(schema, path, item, sequence, any);
	json_add(any, record_schema(schema, path, item));
	json_set(json, "anyOf", any);
	return json;
}

/* Puts a kind of item to the names and to the objects of one member. */
static void add_item(struct schema *schema, const char *path, const struct wire_list *list,
	const struct wire_record *item, struct json *names, struct json *properties)
{
	json_add(names, json_text(item->name));
	json_set(properties, item->name,
		item_value(schema, arena_printf(&schema->arena, "%s.%s", path, item->name), list,
			item));
}

/* [NAME, {NAME: VALUE}, ...] */
static struct json *named_items(
	struct schema *schema, const char *path, const struct wire_list *list)
{
	struct json *properties = json_object();
	struct json *names = json_array();
	struct json *bare = json_object();

	for (const struct wire_record *const *item = list->items; *item; item++)
		add_item(schema, path, list, *item, names, properties);
	if (list->other)
		add_item(schema, path, list, list->other, names, properties);
	add_item(schema, path, list, &wire_raw_item, names, properties);
	json_set(bare, "enum", names);
	return schema_of("anyOf", bare, schema_one_member(properties), NULL);
}

/* [VALUE, {FIELD: VALUE}, {raw: OCTETS}, ...] */
static struct json *plain_items(
	struct schema *schema, const char *path, const struct wire_list *list)
{
	struct json *properties = json_object();

	json_set(properties, wire_raw_item.name, item_value(schema, path, list, &wire_raw_item));
	return schema_of("anyOf", item_value(schema, path, list, list->items[0]),
		schema_one_member(properties), NULL);
}

/* The path, with a number behind it where another list has it: of rows of one name. */
static const char *list_name(struct schema *schema, const char *path)
{
	const char *name = path;

	for (unsigned int i = 2; !schema_is_new(schema, name); i++)
		name = arena_printf(&schema->arena, "%s-%u", path, i);
	return name;
}

/* A list has one definition, wherever it stands. */
static struct json *list_value(
	struct schema *schema, const char *path, const struct wire_field *field)
{
	const struct schema_list *lists = (const struct schema_list *)schema->lists.data;
	size_t count = schema->lists.length / sizeof(*lists);
	struct schema_list list = { .list = field->list };
	struct json *json;

	for (size_t i = 0; i < count; i++)
		if (lists[i].list == field->list)
			return schema_ref(schema, lists[i].name);
	list.name = list_name(schema, path);
	buffer_put(&schema->lists, &list, sizeof(list));
	json = json_object();
	json_set(json, "type", json_text("array"));
	json_set(json, "items",
		field->list->id_width ? named_items(schema, path, field->list)
				      : plain_items(schema, path, field->list));
	schema_define(schema, list.name, json);
	return schema_ref(schema, list.name);
}

/* ---- layers ---- */

static void define_protocol(struct schema *schema, const struct wire_protocol *protocol)
{
	const struct wire_record *header = &protocol->header;
	struct json *fields = record_schema(schema, header->name, header);
	struct json *json = fields;

	if (header->count && header->fields[0].text) {
		json = json_object();
		json_set(json, "anyOf", alternatives(schema, header->name, &header->fields[0]));
		json = schema_of("anyOf", json, fields, NULL);
	}
	json_set(json, "title", json_text(protocol->title));
	json_set(json, "description",
		json_text(arena_printf(&schema->arena, "%s%s%s%s%s.", protocol->title,
			protocol->rfc ? ", " : "", protocol->rfc ? protocol->rfc : "",
			header->help ? ". " : "", header->help ? header->help : "")));
	schema_define(schema, arena_printf(&schema->arena, "layer.%s", header->name), json);
}

static struct json *layers(struct schema *schema)
{
	struct json *properties = json_object();
	struct json *names = json_array();

	for (const struct wire_protocol *const *p = wire_protocols; *p; p++) {
		const struct wire_record *header = &(*p)->header;

		define_protocol(schema, *p);
		json_set(properties, header->name,
			schema_ref(schema, arena_printf(&schema->arena, "layer.%s", header->name)));
		if (!has_required(header))
			json_add(names, json_text(header->name));
	}
	json_set(properties, "include",
		schema_line("the layers of another template: a path beside this one, or the name "
			    "of an installed one; vars of the same name are this one's"));
	return schema_layer_list(properties, names, "the frame's layers, from the outermost on");
}

/* What a template and one of its frames both have. */
static struct json *common_properties(struct schema *schema, const char *name)
{
	struct json *properties = json_object();

	json_set(properties, "name", schema_line(name));
	json_set(properties, "layers", schema_ref(schema, "layers"));
	json_set(properties, "fcs", schema_fcs(schema));
	json_set(properties, "pad", schema_pad(schema));
	json_set(properties, "frame-size", schema_frame_size(schema));
	json_set(properties, "fragment", schema_fragment(schema));
	return properties;
}

static struct json *frames(struct schema *schema)
{
	struct json *properties = common_properties(schema, "the frame's name");
	struct json *frame = schema_object(properties);
	struct json *json = json_object();

	json_set(properties, "weight",
		schema_described(
			schema_positive(schema, UINT_MAX), "how often it is sent in each turn"));
	json_set(properties, "gap", schema_gap(schema));
	json_set(frame, "required", schema_words("layers", NULL));
	json_set(json, "type", json_text("array"));
	json_set(json, "minItems", json_number(1));
	json_set(json, "items", frame);
	return schema_described(json, "frames that are sent in turn, instead of layers");
}

static struct json *top(struct schema *schema)
{
	struct json *properties = common_properties(schema, "the template's name");
	struct json *json = schema_object(properties);

	json_set(json, "$schema", json_text("http://json-schema.org/draft-07/schema#"));
	json_set(json, "title", json_text("pktsmith template"));
	json_set(properties, "about", schema_line("what it is for, one line"));
	json_set(properties, "vars", schema_vars());
	json_set(properties, "frames", frames(schema));
	json_set(json, "oneOf",
		schema_array(schema_of("required", json_text("layers"), NULL),
			schema_of("required", json_text("frames"), NULL),
			schema_of("required", json_text("request"), json_text("answer"), NULL),
			schema_rules_alone(), NULL));
	schema_put_responder(schema, properties);
	return json;
}

struct json *render_schema(void)
{
	struct schema schema = { .definitions = json_object() };
	struct json *json;

	arena_init(&schema.arena);
	schema_define(&schema, "layers", layers(&schema));
	json = top(&schema);
	json_set(json, "definitions", schema.definitions);
	buffer_fini(&schema.names);
	buffer_fini(&schema.lists);
	arena_fini(&schema.arena);
	return json;
}
